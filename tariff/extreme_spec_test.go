package tariff

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// lateHour is an hour of 10 kWh, 22:00 local in its middle.
const lateHour = "60 ENERGY 10, TIME 1"

// TestLeastAndGreatest prices sessions whose ends are worked out by hand.
func TestLeastAndGreatest(t *testing.T) {
	for _, c := range []struct {
		name                             string
		periods                          string
		elements                         string
		extra                            string
		declared, split, least, greatest string
	}{
		{"a clock: all energy before it, or all after", "60 ENERGY 10", `ENERGY 1 {"end_time":"22:00"}` + "\nENERGY 3", "", "10", "20", "10", "30"},
		{"a clock and time, of which each half hour has its own", "60 ENERGY 10, TIME 1", `TIME 2 {"end_time":"22:00"}` + "\nTIME 6", "", "2", "4", "4", "4"},
		{"a duration, dearer first", "60 ENERGY 10", `ENERGY 3 {"max_duration":1800}` + "\nENERGY 1", "", "30", "20", "10", "30"},
		{"an energy: each side has its own", "60 ENERGY 10", `ENERGY 1 {"max_kwh":4}` + "\nENERGY 2", "", "10", "16", "16", "16"},
		{"an energy and time: met at the end, or at once", lateHour, `TIME 2 {"max_kwh":4}` + "\nTIME 6", "", "2", "4.4", "2", "6"},
		{"an energy that the period ends on", "60 ENERGY 4, TIME 1", `TIME 2 {"max_kwh":2}` + "\n" + `TIME 3 {"max_kwh":4}` + "\nTIME 6", "", "2", "2.5", "2", "6"},
		// 4 kWh at 1 are certain. Least: half an hour below 4 kWh (1), 6 kWh just before 22:00 (12), half an hour at 6 (3). Greatest:
		// 4 kWh at once, so half an hour at 4 (2), 6 kWh after 22:00 (18), half an hour at 6 (3).
		{"a clock and an energy", lateHour, `ENERGY 1, TIME 2 {"max_kwh":4}` + "\n" + `ENERGY 2, TIME 4 {"end_time":"22:00"}` + "\nENERGY 3, TIME 6", "", "12", "25.2", "20", "27"},
		{"a flat fee that an early start avoids", "60 ENERGY 6", "ENERGY 1\n" + `FLAT 3 {"start_time":"22:00","max_kwh":4}`, "", "6", "9", "6", "9"},
		{"a flat fee that comes with the energy", "60 ENERGY 6", "ENERGY 1\n" + `FLAT 3 {"min_kwh":4}`, "", "6", "9", "9", "9"},
		{"steps: the surplus at the price of the last", "60 ENERGY 9.5", `ENERGY 1/1000 {"end_time":"22:00"}` + "\nENERGY 3/1000", "", "10", "20.5", "10", "30"},
		{"steps: a trace after the boundary asks for a longer one", "60 ENERGY 9", `ENERGY 3/1 {"end_time":"22:00"}` + "\nENERGY 3/2000", "", "27", "30", "27", "30"},
		// Least: all at 3, 10 kWh billed. Greatest: all at 4 but a trace, at whose price the kWh that its step lacks is billed.
		{"steps: a trace of energy that is approached", "60 ENERGY 9", `ENERGY 4/1 {"end_time":"22:00"}` + "\nENERGY 3/2000", "", "36", "34.5", "30", "39"},
		{"free at night", "60 ENERGY 10", `ENERGY 1/1000 {"end_time":"22:00"}`, "", "10", "5", "0", "10"},
		{"a limit", "60 ENERGY 10", `ENERGY 1 {"end_time":"22:00"}` + "\nENERGY 3", `,"max_price":{"excl_vat":25},"min_price":{"excl_vat":12}`, "12", "20", "12", "25"},
		{"two periods, each with its own", "60 ENERGY 10\n1380 PARKING_TIME 0\n60 ENERGY 10", `ENERGY 1 {"end_time":"22:00"}` + "\nENERGY 3", "", "20", "40", "20", "60"},
		{"taxes: least before taxes, then after", "60 ENERGY 10", `ENERGY 1@20 {"end_time":"22:00"}` + "\nENERGY 1@10", "", "10/12", "10/11.5", "10/11", "10/12"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := draft{start: "2026-03-02T20:30:00Z", periods: c.periods, tariffs: []draftTariff{{elements: c.elements, extra: c.extra}}}
			in := d.input(t)
			res := mustPrice(t, in)
			require.Equal(t, c.declared, outcome(res))
			require.Empty(t, res.Unbounded)
			require.Positive(t, res.Boundaries)
			for _, end := range []struct {
				extreme Extreme
				cost    Money
				sheet   *Sheet
				want    string
			}{{Least, res.Least, res.LeastSheet, c.least}, {Greatest, res.Greatest, res.GreatestSheet, c.greatest}} {
				in.Extreme = end.extreme
				other := mustPrice(t, in)
				require.Equal(t, end.want, outcome(other), strings.Join(end.sheet.Text(), "\n"))
				require.True(t, sameMoney(end.cost, other.Totals.Cost))
				require.Equal(t, end.sheet.Text(), other.Sheet.Text())
				require.True(t, other.Totals.EnergyKWh.Equal(res.Totals.EnergyKWh))
				require.NoError(t, end.sheet.CheckLeaves(resolver(in, res)))
			}
			in.Extreme, in.Split = NoExtreme, true
			require.Equal(t, c.split, outcome(mustPrice(t, in)))
		})
	}
}

// Prices that include taxes, with no rate, are known after taxes only, and so are the ends; with a rate for some of them they cannot be
// compared.
func TestEndsAfterTaxes(t *testing.T) {
	for _, c := range []struct{ elements, least, greatest, reason string }{
		{`ENERGY 1 {"end_time":"22:00"}` + "\nENERGY 3", "-/10", "-/30", ""},
		{`ENERGY 1@0 {"end_time":"22:00"}` + "\nENERGY 3", "", "", "the taxes of some are not known"},
	} {
		d := draft{version: "2.3.0", start: "2026-03-02T20:30:00Z", periods: "60 ENERGY 10", tariffs: []draftTariff{{elements: c.elements, extra: `,"tax_included":"YES"`}}}
		in := d.input(t)
		require.Equal(t, c.reason, mustPrice(t, in).Unbounded)
		if c.reason == "" {
			in.Extreme = Least
			require.Equal(t, c.least, outcome(mustPrice(t, in)))
			in.Extreme = Greatest
			require.Equal(t, c.greatest, outcome(mustPrice(t, in)))
		}
	}
}

// An end that is approached and not reached is the limit, and the sheet says so.
func TestLimitsAreSaid(t *testing.T) {
	res := mustPrice(t, draft{periods: lateHour, tariffs: one(`TIME 2 {"max_kwh":4}` + "\nTIME 6")}.input(t))
	require.Contains(t, strings.Join(res.LeastSheet.Text(), "\n"), "period 1 split, part 2: its energy and its time; its energy takes as little time as one likes")
	res = mustPrice(t, draft{start: "2026-03-02T20:30:00Z", periods: "60 ENERGY 9", tariffs: one(`ENERGY 4/1 {"end_time":"22:00"}` + "\nENERGY 3/2000")}.input(t))
	require.Contains(t, strings.Join(res.GreatestSheet.Text(), "\n"), "part 2: its energy and its time; it has energy, as little as one likes")
}

// What is not known is not guessed: the reason stands in place of the ends.
func TestUnboundedSplits(t *testing.T) {
	var bounds strings.Builder
	for kwh := range 9 {
		fmt.Fprintf(&bounds, "TIME %d {\"max_kwh\":%d}\n", kwh+1, kwh+1)
	}
	for _, c := range []struct{ name, periods, elements, reason string }{
		{"several prices", "90 ENERGY 10", `ENERGY 1 {"end_time":"22:00"}` + "\n" + `ENERGY 2 {"end_time":"22:30"}`, "how much ENERGY is free depends on the split"},
		{"energy back", "60 ENERGY -3", `ENERGY 1 {"end_time":"22:00"}` + "\nENERGY 2", "energy flows back"},
		{"too many", "4320 ENERGY 10, TIME 72", bounds.String() + `TIME 3 {"end_time":"22:00"}` + "\nTIME 9", "too many"},
		{"too many moments", "1440000 ENERGY 10, TIME 24000", `TIME 3 {"end_time":"22:00"}` + "\nTIME 9", "too many"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := draft{start: "2026-03-02T20:30:00Z", periods: c.periods, tariffs: one(c.elements)}.input(t)
			res := mustPrice(t, in)
			require.Positive(t, res.Boundaries)
			require.Contains(t, res.Unbounded, c.reason)
			require.Nil(t, res.LeastSheet)
			require.Nil(t, res.GreatestSheet)
			require.Contains(t, res.Findings[0].Message, "what other splits cost is not known: ")
			in.Extreme = Least
			require.Equal(t, outcome(res), outcome(mustPrice(t, in)))
		})
	}
}
