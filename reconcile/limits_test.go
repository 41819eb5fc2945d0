package reconcile

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
)

// limitCDR is a CDR of the given times and energy.
func limitCDR(start, end, updated, kWh, rest string) string {
	return `{"country_code":"NL","party_id":"CPO","id":"C","start_date_time":"` + start + `","end_date_time":"` + end + `","session_id":"S",
"cdr_token":{"country_code":"DE","party_id":"EMP","uid":"U","type":"RFID","contract_id":"DE-EMP-C1"},"auth_method":"WHITELIST",
"cdr_location":{"id":"L","address":"a","city":"c","country":"NLD","coordinates":{"latitude":"52.1","longitude":"4.1"},"evse_uid":"u","evse_id":"NL*CPO*E1",
"connector_id":"1","connector_standard":"IEC_62196_T2","connector_format":"CABLE","connector_power_type":"AC_3_PHASE"},"currency":"EUR",
"tariffs":[{"country_code":"NL","party_id":"CPO","id":"T","currency":"EUR","elements":[{"price_components":[{"type":"FLAT","price":1,"step_size":1}]}],"last_updated":"2026-01-01T00:00:00Z"}],
"charging_periods":[{"start_date_time":"` + start + `","dimensions":[{"type":"ENERGY","volume":` + kWh + `}]}],"total_cost":{"excl_vat":1},"total_energy":` + kWh + `,
"total_time":1` + rest + `,"last_updated":"` + updated + `"}`
}

func TestLimits(t *testing.T) {
	const at = "2026-09-01T10:00:00Z"
	for _, c := range []struct {
		name, end, updated, kWh, rest, limits string
		want                                  ocpi.Code
	}{
		{"usual", "2026-09-01T11:00:00Z", "2026-09-01T11:05:00Z", "20", "", "", ""},
		{"a day is not too long", "2026-09-02T10:00:00Z", "2026-09-02T11:05:00Z", "20", "", "", ""},
		{"more than a day", "2026-09-02T10:00:01Z", "2026-09-02T11:05:00Z", "20", "", "", "dur-over-24h"},
		{"more than a week", "2026-09-08T10:00:01Z", "2026-09-08T11:05:00Z", "20", "", "", "dur-over-7d"},
		{"shorter than agreed", "2026-09-01T10:01:59Z", "2026-09-01T11:05:00Z", "1", "", "{min_seconds: 120}", "dur-too-short"},
		{"as short as agreed", "2026-09-01T10:02:00Z", "2026-09-01T11:05:00Z", "1", "", "{min_seconds: 120}", ""},
		{"longer than agreed", "2026-09-01T11:00:01Z", "2026-09-01T11:05:00Z", "1", "", "{max_seconds: 3600}", "dur-too-long"},
		{"little", "2026-09-01T11:00:00Z", "2026-09-01T11:05:00Z", "0.199", "", "", "en-below-min"},
		{"little, and agreed", "2026-09-01T11:00:00Z", "2026-09-01T11:05:00Z", "0.199", "", "{min_kwh: none}", ""},
		{"enough", "2026-09-01T11:00:00Z", "2026-09-01T11:05:00Z", "0.2", "", "", ""},
		{"more than a battery", "2026-09-01T20:00:00Z", "2026-09-01T20:05:00Z", "250.001", "", "", "en-exceeds-battery"},
		{"more than anything", "2026-09-01T23:00:00Z", "2026-09-01T23:05:00Z", "1000.1", "", "", "en-above-max"},
		{"a bus", "2026-09-01T20:00:00Z", "2026-09-01T20:05:00Z", "300", "", "{battery_kwh: 400}", ""},
		{"a fee for nothing", "2026-09-01T11:00:00Z", "2026-09-01T11:05:00Z", "0", "", "", "en-zero"},
		{"energy for nothing", "2026-09-01T11:00:00Z", "2026-09-01T11:05:00Z", "0", `,"total_energy_cost":{"excl_vat":1}`, "", "en-zero"},
		{"late", "2026-09-01T11:00:00Z", "2026-10-01T11:00:01Z", "20", "", "", "late-cdr"},
		{"in time", "2026-09-01T11:00:00Z", "2026-10-01T11:00:00Z", "20", "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := map[string]string{
				"cdrs.ndjson": strings.ReplaceAll(limitCDR(at, c.end, c.updated, c.kWh, c.rest), "\n", ""),
				"invoice.csv": "invoice_id,line,cdr_id,amount_excl_vat,currency\nI,1,C,1.00,EUR\n",
			}
			if c.limits != "" {
				files["case.yaml"] = "agreement: {limits: " + c.limits + "}\n"
			}
			v := readWorld(t, files).judge()[0].Lines[0]
			assert.Equal(t, "1.00", v.Proven.BeforeTaxes.Value.String(), "limits move nothing")
			var got []ocpi.Code
			for _, f := range v.Findings {
				if strings.HasPrefix(string(f.Code), "dur-") || strings.HasPrefix(string(f.Code), "en-") && f.Code != "en-exceeds-connector" || f.Code == "late-cdr" {
					got = append(got, f.Code)
				}
			}
			if c.want == "" {
				require.Empty(t, got)
				return
			}
			require.Equal(t, []ocpi.Code{c.want}, got)
		})
	}
}
