package ocpi

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// pieces of records that senders repeat, with and without defects.
var (
	someTokens = []string{
		`{"country_code":"DE","party_id":"EMP","uid":"A1","type":"RFID","contract_id":"DE-EMP-C1"}`,
		`{"country_code":"DE","party_id":"EMP","uid":"A1","type":"RFID"}`,
		`{"uid":"Ä1","contract_id":null,"stranger":1}`, `"A1"`, `{}`,
	}
	somePlaces = []string{
		`{"id":"L1","address":"Street 1","city":"Town","country":"NLD","coordinates":{"latitude":"52.1","longitude":"4.9"},"evse_uid":"1","evse_id":"NL*CPO*E1","connector_id":"1","connector_standard":"X","connector_format":"CABLE","connector_power_type":"AC_3_PHASE"}`,
		`{"id":"L1","address":"Street 1","city":"Town","country":"NLD","time_zone":"Europe/Amsterdam"}`,
		`{"id":"L1","id":"L2","city":7}`, `[]`,
	}
	somePeriods = []string{
		`[{"start_date_time":"2026-09-01T07:00:00Z","dimensions":[{"type":"ENERGY","volume":1.5},{"type":"TIME","volume":0.5}]}]`,
		`[{"start_date_time":"2026-09-01T07:00:00Z","dimensions":[{"type":"ENERGY","volume":1.5}],"tariff_id":"T"},{"start_date_time":"2026-09-01T07:30:00Z","dimensions":[{"type":"ODD","volume":1}]}]`,
		`[]`, `[null]`, `{"start_date_time":"2026-09-01T07:00:00Z"}`,
	}
)

// drawRecord makes a CDR or session of such pieces, sometimes with a second list of periods.
func drawRecord(t *rapid.T) (Kind, []byte) {
	pick := func(name string, from []string) string { return rapid.SampledFrom(from).Draw(t, name) }
	var b strings.Builder
	fmt.Fprintf(&b, `{"id":"C1","start_date_time":"2026-09-01T07:00:00Z","end_date_time":"2026-09-01T08:00:00Z","cdr_token":%s`, pick("token", someTokens))
	if rapid.Bool().Draw(t, "auth id") {
		b.WriteString(`,"auth_id":"AUTH"`)
	}
	if rapid.Bool().Draw(t, "zone") {
		b.WriteString(`,"time_zone":"Europe/Berlin"`)
	}
	fmt.Fprintf(&b, `,"cdr_location":%s`, pick("place", somePlaces))
	for range rapid.SampledFrom([]int{1, 1, 1, 0, 2}).Draw(t, "lists") {
		fmt.Fprintf(&b, `,"charging_periods":%s`, pick("periods", somePeriods))
	}
	b.WriteString(pick("end", []string{`}`, `,"total_cost":1}`, `,"total_cost":{"before_taxes":1}}`, `,"tariffs":`}))
	return rapid.SampledFrom([]Kind{KindCDR, KindSession}).Draw(t, "kind"), []byte(b.String())
}

func TestMemoryDoesNotShow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shared := NewDecoder(Options{})
		for range rapid.IntRange(1, 12).Draw(t, "records") {
			kind, raw := drawRecord(t)
			fresh := NewDecoder(Options{})
			fresh.guess = shared.guess // so that both read it as often
			rec := Record{Bytes: raw}
			if kind == KindCDR {
				want, wantFindings := fresh.CDR(rec)
				got, gotFindings := shared.CDR(rec)
				require.Equal(t, want, got)
				require.Equal(t, wantFindings, gotFindings)
				continue
			}
			want, wantFindings := fresh.Session(rec)
			got, gotFindings := shared.Session(rec)
			require.Equal(t, want, got)
			require.Equal(t, wantFindings, gotFindings)
		}
	})
}
