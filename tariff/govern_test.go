package tariff

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
)

const (
	ended    = `,"end_date_time":"2026-01-01T00:00:00Z"`
	notYet   = `,"start_date_time":"2026-06-01T00:00:00Z"`
	inDollar = `,"currency":"USD"`
)

func tariffAt(id, price, extra string) draftTariff {
	return draftTariff{id: id, elements: "ENERGY " + price, extra: extra}
}

func TestWhichTariffGoverns(t *testing.T) {
	for _, c := range []struct {
		name, periods string
		embedded      []draftTariff
		given         []draftTariff
		source        Source
		want, finding string
	}{
		{"an id selects", "60 ENERGY 1 [T2]", list(tariffAt("T1", "1", ""), tariffAt("T2", "2", "")), nil, FromCDR, "2", ""},
		{"an id selects whatever its case", "60 ENERGY 1 [t2]", list(tariffAt("T1", "1", ""), tariffAt("T2", "2", "")), nil, FromCDR, "2", ""},
		{"an id selects whatever the window", "60 ENERGY 1 [T2]", list(tariffAt("T1", "1", ""), tariffAt("T2", "2", ended)), nil, FromCDR, "2", "tar-expired"},
		{"a tariff that is not yet valid", "60 ENERGY 1 [T2]", list(tariffAt("T2", "2", notYet)), nil, FromCDR, "2", "tar-expired"},
		{"no id, one tariff", "60 ENERGY 1", list(tariffAt("T1", "1", "")), nil, FromCDR, "1", ""},
		{"no id, one tariff out of its window", "60 ENERGY 1", list(tariffAt("T1", "1", ended)), nil, FromCDR, "1", "tar-expired"},
		{"no id, one of two valid", "60 ENERGY 1", list(tariffAt("T1", "1", ended), tariffAt("T2", "2", "")), nil, FromCDR, "2", ""},
		{"no id, none of two valid", "60 ENERGY 1", list(tariffAt("T1", "1", ended), tariffAt("T2", "2", notYet)), nil, FromCDR, "tar-none", ""},
		{"no id, both valid", "60 ENERGY 1", list(tariffAt("T1", "1", ""), tariffAt("T2", "2", "")), nil, FromCDR, "tar-ambiguous", ""},
		{"no id, one tariff embedded twice", "60 ENERGY 1", list(tariffAt("T1", "1", ""), tariffAt("T1", "1", "")), nil, FromCDR, "1", ""},
		{"two versions of one id", "60 ENERGY 1 [T1]", list(tariffAt("T1", "1", `,"last_updated":"2026-01-01T00:00:00Z"`), tariffAt("T1", "2", `,"last_updated":"2026-02-01T00:00:00Z"`)), nil, FromCDR, "2", ""},
		{"a version of after the session", "60 ENERGY 1 [T1]", list(tariffAt("T1", "1", `,"last_updated":"2026-01-01T00:00:00Z"`), tariffAt("T1", "2", `,"last_updated":"2026-04-01T00:00:00Z"`)), nil, FromCDR, "1", ""},
		{"two versions that cannot be told apart", "60 ENERGY 1 [T1]", list(tariffAt("T1", "1", ""), tariffAt("T1", "2", "")), nil, FromCDR, "tar-ambiguous", ""},
		{"an unknown id, one tariff", "60 ENERGY 1 [T9]", list(tariffAt("T1", "1", "")), nil, FromCDR, "1", "tar-id-unknown"},
		{"an unknown id, two tariffs", "60 ENERGY 1 [T9]", list(tariffAt("T1", "1", ""), tariffAt("T2", "2", "")), nil, FromCDR, "tar-none", ""},
		{"some periods with id, several tariffs", "60 ENERGY 1 [T2]\n60 ENERGY 5", list(tariffAt("T1", "1", ""), tariffAt("T2", "2", "")), nil, FromCDR, "2", "tar-not-relevant"},
		{"some periods with id, one tariff", "60 ENERGY 1 [T1]\n60 ENERGY 5", list(tariffAt("T1", "1", "")), nil, FromCDR, "6", ""},
		{"no tariff at all", "60 ENERGY 1", nil, nil, FromCDR, "tar-none", ""},
		{"supplied where none is embedded", "60 ENERGY 1", nil, list(tariffAt("T3", "3", "")), FromCDR, "3", ""},
		{"supplied and selected by id", "60 ENERGY 1 [T3]", nil, list(tariffAt("T2", "2", ""), tariffAt("T3", "3", "")), FromCDR, "3", ""},
		{"embedded before supplied", "60 ENERGY 1", list(tariffAt("T1", "1", "")), list(tariffAt("T3", "3", "")), FromCDR, "1", ""},
		{"a single given tariff prices every period", "60 ENERGY 1 [T1]\n60 ENERGY 1", list(tariffAt("T1", "1", "")), list(tariffAt("T3", "3", "")), Given, "6", ""},
		{"several given tariffs follow the rules", "60 ENERGY 1 [T1]", nil, list(tariffAt("T1", "4", ""), tariffAt("T3", "3", "")), Given, "4", ""},
		{"given and none there", "60 ENERGY 1", list(tariffAt("T1", "1", "")), nil, Given, "tar-none", ""},
		{"another currency", "60 ENERGY 1", list(tariffAt("T1", "1", inDollar)), nil, FromCDR, "cur-mismatch", ""},
		{"another currency in a tariff that prices nothing", "60 ENERGY 1 [T1]", list(tariffAt("T1", "1", ""), tariffAt("T2", "1", inDollar)), nil, FromCDR, "1", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := draft{periods: c.periods, tariffs: c.embedded}.input(t)
			in.Source = c.source
			for _, d := range c.given {
				raw := []byte(d.json("2.2.1"))
				tariff, _ := ocpi.NewDecoder(ocpi.Options{Version: ocpi.V221}).Tariff(ocpi.Record{Bytes: raw})
				in.Supplied = append(in.Supplied, tariff)
			}
			res := Price(in)
			checkSheet(t, in, res)
			require.Equal(t, c.want, outcome(res), strings.Join(res.Sheet.Text(), "\n"))
			if c.finding != "" {
				require.True(t, hasCode(res.Findings, ocpi.Code(c.finding)), "%v", res.Findings)
			} else if res.Blocked == nil {
				require.Empty(t, res.Findings)
			}
			require.Equal(t, c.source == Given || len(c.embedded) == 0, res.Supplied)
		})
	}
}

func list(t ...draftTariff) []draftTariff { return t }

// Tariffs of another operator are not at hand where the CDR's own operator has supplied any.
func TestSuppliedTariffsOfTheOwner(t *testing.T) {
	in := draft{periods: "60 ENERGY 1", extra: `,"country_code":"NL","party_id":"CPO"`}.input(t)
	for _, s := range []string{`,"country_code":"NL","party_id":"XYZ"`, `,"country_code":"nl","party_id":"cpo"`} {
		tariff, _ := ocpi.NewDecoder(ocpi.Options{Version: ocpi.V221}).Tariff(ocpi.Record{Bytes: []byte(tariffAt("T1", "1", s).json("2.2.1"))})
		in.Supplied = append(in.Supplied, tariff)
	}
	res := mustPrice(t, in)
	require.Equal(t, "1", outcome(res))
	require.Equal(t, in.Supplied[1], res.Tariffs[0])
}

// A period's order and end come from the clock, not from the list.
func TestPeriodsAreSorted(t *testing.T) {
	raw := []byte(`{"id":"C","start_date_time":"2026-03-02T08:00:00Z","end_date_time":"2026-03-02T09:00:00Z","currency":"EUR",
		"cdr_location":{"country":"DEU"},"tariffs":[{"id":"T","currency":"EUR","elements":[
		{"price_components":[{"type":"TIME","price":6,"step_size":1}],"restrictions":{"max_duration":1800}},
		{"price_components":[{"type":"TIME","price":12,"step_size":1}]}]}],
		"charging_periods":[{"start_date_time":"2026-03-02T08:30:00Z","dimensions":[{"type":"TIME","volume":0.5}]},
		{"start_date_time":"2026-03-02T08:00:00Z","dimensions":[{"type":"TIME","volume":0.5}]}]}`)
	c, _ := ocpi.NewDecoder(ocpi.Options{Version: ocpi.V221}).CDR(ocpi.Record{Bytes: raw})
	res := mustPrice(t, Input{CDR: c})
	require.Equal(t, "9", outcome(res))
	require.Contains(t, strings.Join(res.Sheet.Text(), "\n"), "sorted")
}

func TestMissingInputBlocks(t *testing.T) {
	for _, c := range []struct {
		name string
		d    draft
		want string
	}{
		{"a component without price", draft{periods: "60 ENERGY 1", tariffs: one("ENERGY null")}, "schema-missing-field"},
		{"a component without price that never applies", draft{periods: "60 ENERGY 1", tariffs: one("ENERGY 1\nENERGY null")}, "1"},
		{"a dimension without volume", draft{periods: "60 ENERGY null", tariffs: one("ENERGY 1")}, "schema-missing-field"},
		{"a dimension without volume that nothing prices", draft{periods: "60 ENERGY 1, TIME null", tariffs: one("ENERGY 1")}, "1"},
		{"no periods", draft{tariffs: one("ENERGY 1")}, "per-empty"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, outcome(mustPrice(t, c.d.input(t))))
		})
	}
}
