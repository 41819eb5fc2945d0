package tariff

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const evening = "TIME 2 " + `{"end_time":"22:00"}` + "\nTIME 6"

// TestBoundariesInsidePeriods prices unsplit periods as declared and split at the boundaries inside them.
func TestBoundariesInsidePeriods(t *testing.T) {
	for _, c := range []struct {
		name            string
		d               draft
		boundaries      int
		declared, split string
	}{
		{"a time of day", draft{start: "2026-03-02T20:30:00Z", periods: "45 TIME 0.75", tariffs: one(evening)}, 1, "1.5", "2.5"},
		{"a time of day where the operator split", draft{start: "2026-03-02T20:30:00Z", periods: "30 TIME 0.5\n15 TIME 0.25", tariffs: one(evening)}, 0, "2.5", ""},
		{"a time of day at the start", draft{start: "2026-03-02T21:00:00Z", periods: "45 TIME 0.75", tariffs: one(evening)}, 0, "4.5", ""},
		{"two nights", draft{start: "2026-03-02T11:00:00Z", periods: "2880 TIME 48", tariffs: one(`TIME 1 {"start_time":"22:00","end_time":"06:00"}` + "\nTIME 2")}, 4, "96", "80"},
		{"midnight by weekday", draft{start: "2026-03-02T22:00:00Z", periods: "120 TIME 2", tariffs: one(`TIME 1 {"day_of_week":["MONDAY"]}` + "\nTIME 3")}, 1, "2", "4"},
		{"midnight by date", draft{start: "2026-03-02T22:00:00Z", periods: "120 ENERGY 8", tariffs: one(`ENERGY 1 {"end_date":"2026-03-03"}` + "\nENERGY 3")}, 1, "8", "16"},
		{"a duration", draft{periods: "90 TIME 1.5", tariffs: one(`TIME 2 {"max_duration":3600}` + "\nTIME 4")}, 1, "3", "4"},
		{"a duration in the second period", draft{periods: "30 TIME 0.5\n60 TIME 1", tariffs: one(`TIME 2 {"max_duration":3600}` + "\nTIME 4")}, 1, "3", "4"},
		{"an energy", draft{periods: "60 ENERGY 10", tariffs: one(`ENERGY 1 {"max_kwh":4}` + "\nENERGY 2")}, 1, "10", "16"},
		{"an energy in the second period", draft{periods: "60 ENERGY 3\n60 ENERGY 3", tariffs: one(`ENERGY 1 {"max_kwh":4}` + "\nENERGY 2")}, 1, "6", "8"},
		{"an energy that parking depends on", draft{periods: "60 ENERGY 9, PARKING_TIME 1", tariffs: one(`ENERGY 1, PARKING_TIME 9 {"max_kwh":3}` + "\nENERGY 1")}, 1, "18", "12"},
		{"a grace period of parking", draft{periods: "60 ENERGY 1\n60 PARKING_TIME 1", tariffs: one("ENERGY 1\n" + `PARKING_TIME 4 {"min_duration":5400}`)}, 1, "1", "3"},
		{"no volume in the dimension that changes", draft{periods: "60 ENERGY 1, TIME 0", tariffs: one("ENERGY 1\n" + `TIME 4 {"min_duration":1800}`)}, 0, "1", ""},
		{"another element at the same price", draft{periods: "60 ENERGY 1", tariffs: one(`ENERGY 1 {"max_duration":1800}` + "\nENERGY 1")}, 0, "1", ""},
		{"a flat fee that becomes active", draft{start: "2026-03-02T20:30:00Z", periods: "60 ENERGY 1", tariffs: one("ENERGY 1\n" + `FLAT 3 {"start_time":"22:00"}`)}, 1, "1", "4"},
		{"a flat fee that was charged before", draft{start: "2026-03-02T20:30:00Z", periods: "60 ENERGY 1", tariffs: one("ENERGY 1\n" + `FLAT 3 {"start_time":"22:00"}` + "\nFLAT 1")}, 0, "2", ""},
		{"the hour that spring leaves out", draft{start: "2026-03-29T00:30:00Z", periods: "60 TIME 1", tariffs: one(`TIME 2 {"end_time":"02:30"}` + "\nTIME 6")}, 1, "2", "4"},
		{"the hour that autumn repeats", draft{start: "2026-10-24T23:30:00Z", periods: "180 TIME 3", tariffs: one(`TIME 2 {"end_time":"02:30"}` + "\nTIME 6")}, 3, "6", "12"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := c.d.input(t)
			res := mustPrice(t, in)
			require.Equal(t, c.declared, outcome(res), strings.Join(res.Sheet.Text(), "\n"))
			require.Equal(t, c.boundaries, res.Boundaries)
			require.Equal(t, c.boundaries > 0, hasCode(res.Findings, CodePeriodSpansBoundary))
			in.Split = true
			other := mustPrice(t, in)
			if c.boundaries == 0 {
				require.Equal(t, c.declared, outcome(other))
				return
			}
			require.Equal(t, c.split, outcome(other), strings.Join(other.Sheet.Text(), "\n"))
			require.True(t, sameMoney(res.Split, other.Totals.Cost))
			require.NoError(t, res.SplitSheet.Verify())
			require.NoError(t, res.SplitSheet.CheckLeaves(resolver(in, res)))
			require.True(t, other.Totals.EnergyKWh.Equal(res.Totals.EnergyKWh))
		})
	}
}

func TestBoundaryMessage(t *testing.T) {
	d := draft{start: "2026-03-02T20:30:00Z", periods: "45 TIME 0.75", tariffs: one(evening)}
	res := Price(d.input(t))
	require.Equal(t, "1 tariff boundary lies inside an unsplit period, first at 2026-03-02T21:00:00Z: the session costs EUR 1.5 as declared, 2.5 split there with even energy, at least 2.5 and at most 2.5 however the energy flowed",
		res.Findings[0].Message)
	d.version = "2.1.1"
	res = Price(d.input(t))
	require.Contains(t, res.Findings[0].Message, "cannot be verified")
}

// A third of 10 kWh has no end in decimals: what the parts leave belongs to the last, so nothing is lost.
func TestSplitConservesVolume(t *testing.T) {
	d := draft{periods: "90 ENERGY 10, TIME 1.5", tariffs: one(`ENERGY 1, TIME 1 {"max_duration":1800}` + "\n" + `ENERGY 1, TIME 2 {"max_duration":3600}` + "\nENERGY 1, TIME 3")}
	in := d.input(t)
	in.Split = true
	res := mustPrice(t, in)
	require.Equal(t, "13", outcome(res), strings.Join(res.Sheet.Text(), "\n"))
	require.Equal(t, "10", res.Totals.EnergyKWh.Plain())
}

// A session of years by a nonsense date costs no more than any other.
func TestNonsenseTimesAreBounded(t *testing.T) {
	raw := strings.Replace(string(draft{periods: "60 TIME 1", tariffs: one(evening)}.json()), "T09:00:00Z", "T09:00:00Z", 1)
	raw = strings.ReplaceAll(raw, monday, "1970-01-01T00:00:00Z")
	in := specInputLoose(t, []byte(raw))
	res := Price(in)
	require.Nil(t, res.Blocked)
	require.NoError(t, res.Sheet.Verify())
}
