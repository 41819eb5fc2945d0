package tariff

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

const dearLater = "ENERGY 1 " + `{"max_duration":1800}` + "\nENERGY 3"

func number(text string) ocpi.Number {
	if text == "" {
		return ocpi.Number{}
	}
	return ocpi.Number{Value: exact.MustParse(text), Present: true}
}

// TestQuantities replaces declared totals: less is taken from the dearest first, more is added to the dearest.
func TestQuantities(t *testing.T) {
	cheapThenDear := draft{periods: "30 ENERGY 5\n30 ENERGY 5", tariffs: one(dearLater)}
	parked := draft{periods: "60 TIME 1\n60 PARKING_TIME 1", tariffs: one("TIME 2, PARKING_TIME 6")}
	for _, c := range []struct {
		name            string
		d               draft
		energy, seconds string
		length          bool
		want, kwh       string
	}{
		{"the declared total", cheapThenDear, "10", "", false, "20", "10"},
		{"less, from the dearest", cheapThenDear, "8", "", false, "14", "8"},
		{"less than the dearest holds", cheapThenDear, "4", "", false, "4", "4"},
		{"nothing", cheapThenDear, "0", "", false, "0", "0"},
		{"more, to the dearest", cheapThenDear, "12", "", false, "26", "12"},
		{"steps again", draft{periods: "30 ENERGY 5\n30 ENERGY 5", tariffs: one("ENERGY 1/1000 " + `{"max_duration":1800}` + "\nENERGY 3/1000")}, "7.5", "", false, "14", "7.5"},
		{"limits again", draft{periods: "60 ENERGY 10", tariffs: []draftTariff{{elements: "ENERGY 1", extra: `,"min_price":{"excl_vat":5}`}}}, "2", "", false, "5", "2"},
		{"free periods last", draft{periods: "30 ENERGY 5\n30 ENERGY 5", tariffs: one("ENERGY 1 " + `{"min_duration":1800}`)}, "6", "", false, "1", "6"},
		{"the later of two that cost the same", draft{periods: "30 ENERGY 5\n30 ENERGY 5", tariffs: one("ENERGY 1@20 " + `{"max_duration":1800}` + "\nENERGY 1@0")}, "6", "", false, "6/7", "6"},
		{"more where no period has any", draft{periods: "60 TIME 1", tariffs: one("ENERGY 1, TIME 2")}, "6", "", false, "2", "0"},
		{"less time, of parking and charging together", parked, "", "5400", false, "5", "0"},
		{"less time than parking has", parked, "", "1800", false, "1", "0"},
		{"more time", parked, "", "7260", false, "8.1", "0"},
		{"a shorter session", parked, "", "6600", true, "7", "0"},
		{"both", draft{periods: "60 ENERGY 10, TIME 1", tariffs: one("ENERGY 1, TIME 6")}, "9", "3000", false, "14", "9"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := c.d.input(t)
			in.Quantities = &Quantities{EnergyKWh: number(c.energy), TimeSeconds: number(c.seconds), Length: c.length, Doc: DocCase}
			res := mustPrice(t, in)
			require.Equal(t, c.want, outcome(res), strings.Join(res.Sheet.Text(), "\n"))
			require.Equal(t, c.kwh, res.Totals.EnergyKWh.Plain())
		})
	}
}

// The leaves of other evidence are read again from its document.
func TestQuantitiesHaveTheirPlace(t *testing.T) {
	session := []byte(`{"kwh":8,"start_date_time":"2026-03-02T08:00:00Z","end_date_time":"2026-03-02T08:55:00Z"}`)
	in := draft{periods: "60 ENERGY 10, TIME 1", tariffs: one("ENERGY 1, TIME 6")}.input(t)
	in.Quantities = &Quantities{
		EnergyKWh: number("8"), TimeSeconds: number("3300"), Length: true, Doc: DocSession,
		Pointers: [2]string{"/kwh", "/start_date_time"}, TimeUntil: "/end_date_time",
	}
	res := Price(in)
	require.Equal(t, "13.5", outcome(res))
	require.NoError(t, res.Sheet.Verify())
	resolve := func(raw []byte) func(Doc, int) ([]byte, bool) {
		return func(d Doc, _ int) ([]byte, bool) {
			if d == DocSession {
				return raw, raw != nil
			}
			return in.CDR.Record.Bytes, true
		}
	}
	require.NoError(t, res.Sheet.CheckLeaves(resolve(session)))
	require.ErrorContains(t, res.Sheet.CheckLeaves(resolve([]byte(strings.Replace(string(session), "8,", "9,", 1)))), "/kwh is 9")
	require.ErrorContains(t, res.Sheet.CheckLeaves(resolve([]byte(strings.Replace(string(session), "08:55", "08:56", 1)))), "3360")
	require.ErrorContains(t, res.Sheet.CheckLeaves(resolve(nil)), "not at hand")
}
