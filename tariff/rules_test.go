package tariff

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
)

const (
	beforeTen  = `{"max_duration":1800}`
	halfEnergy = "30 ENERGY 1\n30 ENERGY 1"
)

// choiceCases shows what each choice of each question does: the price under the default and under the choice.
var choiceCases = []struct {
	question, choice string
	d                draft
	byDefault, want  string
}{
	{"element-lookup", "whole-element", draft{periods: "60 ENERGY 10, TIME 1", tariffs: one("ENERGY 0.25\nTIME 1")}, "3.5", "2.5"},
	{"time-volume", "wall-clock", draft{periods: "60 TIME 1\n60 PARKING_TIME 1", tariffs: one("TIME 2")}, "2", "4"},
	{"time-fallback", "period-length", draft{periods: "60 ENERGY 10", tariffs: one("ENERGY 0.25, TIME 2")}, "2.5", "4.5"},
	{"step-scope", "period", draft{periods: "5 TIME 0.0833\n5 TIME 0.0833", tariffs: one("TIME 6/600")}, "1", "2"},
	{"step-scope", "component", draft{periods: "5 TIME 0.0833\n5 TIME 0.0833", tariffs: one(`TIME 6/600 {"max_duration":300}` + "\nTIME 6/600")}, "1", "2"},
	{"step-time-and-parking", "combined", draft{periods: "5 TIME 0.0833\n5 PARKING_TIME 0.0833", tariffs: one("TIME 6/600, PARKING_TIME 6/600")}, "1.5", "1"},
	{"step-parking-in-middle", "last-dimension", draft{periods: "5 PARKING_TIME 0.0833\n4 TIME 0.0667", tariffs: one("TIME 6/600, PARKING_TIME 6/600")}, "1.4", "1.5"},
	{"step-volume", "all", draft{periods: "30 ENERGY 1.2\n30 ENERGY 1.3", tariffs: one(`ENERGY 1/1000 {"min_kwh":1.2}`)}, "2", "1.8"},
	{"step-exact-multiple", "next", draft{periods: "60 ENERGY 2", tariffs: one("ENERGY 1/1000")}, "2", "3"},
	{"step-zero", "one-unit", draft{periods: "60 ENERGY 0.0005", tariffs: one("ENERGY 1/0")}, "0.0005", "0.001"},
	{"step-direction", "down", draft{periods: "60 ENERGY 1.5", tariffs: one("ENERGY 1/1000")}, "2", "1"},
	{"step-several-tariffs", "each-tariff", twoTariffs("ENERGY 1/1000", "ENERGY 1/1000", ""), "3.5", "4"},
	{"step-several-tariffs", "spanning", twoTariffs("ENERGY 1/1000", "ENERGY 1/1000", ""), "3.5", "3"},
	{"step-last-period", "present", draft{periods: "30 ENERGY 1.5\n30 ENERGY 0", tariffs: one("ENERGY 1/1000 " + beforeTen + "\nENERGY 3/2000")}, "2", "3"},
	{"flat-frequency", "each-component", draft{periods: halfEnergy, tariffs: one("FLAT 1 " + beforeTen + "\nFLAT 2")}, "1", "3"},
	{"flat-frequency", "last", draft{periods: halfEnergy, tariffs: one("FLAT 1 " + beforeTen + "\nFLAT 2")}, "1", "2"},
	{"limits-several-tariffs", "each-tariff", twoTariffs("ENERGY 2", "ENERGY 2", `,"max_price":{"excl_vat":1}`), "1", "4"},
	{"limits-reservation-only", "skip", draft{periods: "60 RESERVATION_TIME 1", tariffs: []draftTariff{
		{elements: `TIME 1 {"reservation":"RESERVATION"}`, extra: `,"min_price":{"excl_vat":5}`}}}, "5", "1"},
	{"limits-without-rate", "any-limit", draft{version: "2.3.0", periods: "60 ENERGY 5", tariffs: []draftTariff{
		{elements: "ENERGY 1", extra: `,"tax_included":"YES","max_price":{"before_taxes":3}`}}}, "-/5", "-/3"},
	{"vat-absent", "unknown", draft{periods: "60 ENERGY 5", tariffs: one("ENERGY 1")}, "5", "5/-"},
	{"vat-absent", "cdr-taxes", draft{periods: "60 ENERGY 5", tariffs: one("ENERGY 1")}, "5", "5/-"},
	{"vat-absent", "no-vat", draft{version: "2.3.0", periods: "60 ENERGY 5", tariffs: []draftTariff{
		{elements: "ENERGY 1", extra: `,"tax_included":"NO"`}}}, "5/-", "5"},
	{"mid-period-change", "split", draft{start: "2026-03-02T08:30:00Z", periods: "60 ENERGY 10", tariffs: one(`ENERGY 1 {"end_time":"10:00"}` + "\nENERGY 2")}, "10", "15"},
	{"duration-measure", "dimension", draft{periods: "60 TIME 1\n60 PARKING_TIME 1", tariffs: one(`PARKING_TIME 6 {"min_duration":3600}`)}, "6", "0"},
	{"duration-origin", "first-period", draft{late: 30, periods: "60 ENERGY 1", tariffs: one("ENERGY 1 " + beforeTen + "\nENERGY 2")}, "2", "1"},
	{"duration-origin", "cdr-start", draft{periods: "30 RESERVATION_TIME 0.5\n60 ENERGY 1", tariffs: one("ENERGY 1 " + beforeTen + "\nENERGY 2")}, "1", "2"},
	{"power-unknown", "fails", draft{periods: "60 ENERGY 1", tariffs: one(`ENERGY 1 {"min_power":10}` + "\nENERGY 2")}, "1", "2"},
	{"power-unit", "ampere", draft{version: "2.1.1", periods: "60 ENERGY 1, MIN_CURRENT 32, MAX_CURRENT 32", tariffs: one(`ENERGY 1 {"max_power":20}` + "\nENERGY 2")}, "1/-", "2/-"},
	{"reservation-expired", "used", draft{periods: "60 RESERVATION_TIME 1", tariffs: one(bothReservations)}, "6", "3"},
	{"reservation-expired", "expired", draft{periods: "60 RESERVATION_TIME 1\n60 ENERGY 1", tariffs: one(bothReservations + "\nENERGY 1")}, "4", "7"},
	{"reservation-unrestricted", "yes", draft{periods: "60 RESERVATION_TIME 1\n60 ENERGY 1", tariffs: one("TIME 2\nENERGY 1")}, "1", "3"},
	{"reservation-expired-flat", "both", draft{periods: "60 RESERVATION_TIME 1", tariffs: one(`FLAT 1 {"reservation":"RESERVATION"}` + "\n" + `FLAT 4 {"reservation":"RESERVATION_EXPIRES"}`)}, "1", "5"},
	{"reservation-step", "combined", draft{periods: "5 RESERVATION_TIME 0.0833\n5 TIME 0.0833", tariffs: one(`TIME 6/600 {"reservation":"RESERVATION"}` + "\nTIME 6/600")}, "2", "1"},
	{"weekday-of-window", "window-start", draft{start: "2026-03-07T00:00:00Z", periods: "60 ENERGY 1", tariffs: one(`ENERGY 1 {"day_of_week":["FRIDAY"],"start_time":"22:00","end_time":"06:00"}` + "\nENERGY 2")}, "2", "1"},
	{"weekday-zone", "utc", draft{start: "2026-03-01T23:30:00Z", periods: "60 ENERGY 1", tariffs: one(`ENERGY 1 {"day_of_week":["MONDAY"]}` + "\nENERGY 2")}, "1", "2"},
	{"restriction-zone", "utc", draft{version: "2.1.1", start: "2026-03-02T08:45:00Z", periods: "10 ENERGY 1", tariffs: one(`ENERGY 1 {"end_time":"09:30"}` + "\nENERGY 2")}, "2/-", "1/-"},
	{"end-time-2359", "end-of-day", draft{start: "2026-03-02T22:59:30Z", periods: "10 ENERGY 1", tariffs: one(`ENERGY 1 {"start_time":"00:00","end_time":"23:59"}` + "\nENERGY 2")}, "2", "1"},
	{"date-time-window", "joined", draft{periods: "10 ENERGY 1", tariffs: one(`ENERGY 1 {"start_date":"2026-03-01","start_time":"22:00"}` + "\nENERGY 2")}, "2", "1"},
	{"period-tariff-id", "session-start", draft{periods: "60 ENERGY 1 [T1]", tariffs: []draftTariff{
		{id: "T1", elements: "ENERGY 1", extra: `,"end_date_time":"2026-01-01T00:00:00Z"`}, {id: "T2", elements: "ENERGY 2"}}}, "1", "2"},
	{"period-without-tariff-id", "period-start", changingTariff, "2", "3"},
	{"period-without-tariff-id", "unpriced", changingTariff, "2", "0"},
	{"tariff-window-end", "inclusive", draft{periods: "60 ENERGY 1", tariffs: []draftTariff{
		{id: "T1", elements: "ENERGY 1", extra: `,"end_date_time":"2026-03-02T08:00:00Z"`},
		{id: "T2", elements: "ENERGY 2", extra: `,"start_date_time":"2026-03-02T09:00:00Z"`}}}, "tar-none", "1"},
	{"duplicate-component", "last", draft{periods: "60 ENERGY 1", tariffs: one("ENERGY 1, ENERGY 2")}, "1", "2"},
	{"hour-snap", "literal", draft{periods: "40 TIME 0.6667", tariffs: one("TIME 6/60")}, "4", "4.1"},
	{"tax-included-missing", "yes", draft{version: "2.3.0", periods: "60 ENERGY 12", tariffs: one("ENERGY 1@20")}, "12/14.4", "10/12"},
}

const bothReservations = `TIME 6 {"reservation":"RESERVATION_EXPIRES"}` + "\n" + `TIME 3 {"reservation":"RESERVATION"}`

// changingTariff has one tariff before nine o'clock and one after, and periods that name none.
var changingTariff = draft{periods: "60 ENERGY 1\n60 ENERGY 1", tariffs: []draftTariff{
	{id: "T1", elements: "ENERGY 1", extra: `,"end_date_time":"2026-03-02T09:00:00Z"`},
	{id: "T2", elements: "ENERGY 2", extra: `,"start_date_time":"2026-03-02T09:00:00Z"`}}}

func twoTariffs(a, b, extra string) draft {
	return draft{periods: "60 ENERGY 1.5 [T1]\n60 ENERGY 1.5 [T2]", tariffs: []draftTariff{{id: "T1", elements: a, extra: extra}, {id: "T2", elements: b}}}
}

func TestEveryChoiceChangesAPrice(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range choiceCases {
		t.Run(c.question+" "+c.choice, func(t *testing.T) {
			in := c.d.input(t)
			in.Rules = RulesFor(in.CDR.Version)
			byDefault := mustPrice(t, in)
			require.Equal(t, c.byDefault, outcome(byDefault), strings.Join(byDefault.Sheet.Text(), "\n"))
			require.Contains(t, append(byDefault.Consulted, "mid-period-change"), c.question)
			require.NoError(t, in.Rules.Set(c.question, c.choice))
			res := mustPrice(t, in)
			require.Equal(t, c.want, outcome(res), strings.Join(res.Sheet.Text(), "\n"))
		})
		seen[c.question+" "+c.choice] = true
		seen[c.question] = true
	}
	for _, q := range Questions() {
		missing := 0
		for _, c := range q.Choices {
			if !seen[q.Name+" "+c.Name] {
				missing++
			}
		}
		require.LessOrEqual(t, missing, 1, "%s: every choice but the default needs a case", q.Name)
	}
}

// Readings returns a reading for each case above.
func TestReadings(t *testing.T) {
	for _, c := range choiceCases {
		if c.question == "mid-period-change" || strings.HasPrefix(c.byDefault, "tar-") {
			continue
		}
		t.Run(c.question+" "+c.choice, func(t *testing.T) {
			in := c.d.input(t)
			res := Price(in)
			var found *Reading
			readings := Readings(in, res, nil)
			for i := range readings {
				if readings[i].Question == c.question && readings[i].Choice == c.choice {
					found = &readings[i]
				}
			}
			require.NotNil(t, found, "%v", readings)
			require.Equal(t, c.want, outcome(&Result{Totals: Totals{Cost: found.Cost}}))
			require.NoError(t, found.Sheet.Verify())
			fixed := map[string]string{c.question: RulesFor(in.CDR.Version).Choice(c.question)}
			for _, r := range Readings(in, res, fixed) {
				require.NotEqual(t, c.question, r.Question)
			}
		})
	}
}

func TestQuestionsAreWellFormed(t *testing.T) {
	last := ""
	for _, q := range Questions() {
		require.Less(t, last, q.Name)
		last = q.Name
		require.Regexp(t, `^[a-z0-9]+(-[a-z0-9]+)*$`, q.Name)
		require.NotEmpty(t, q.Title)
		require.NotEmpty(t, q.Clause)
		require.NotEmpty(t, q.Debate)
		require.GreaterOrEqual(t, len(q.Choices), 2)
		for _, c := range q.Choices {
			require.Regexp(t, `^[a-z0-9]+(-[a-z0-9]+)*$`, c.Name)
			require.NotEmpty(t, c.Text)
		}
	}
	require.Len(t, Questions(), int(questionCount))
}

func TestRulesSet(t *testing.T) {
	r := RulesFor(ocpi.V221)
	require.NoError(t, r.Set("step-scope", "period"))
	require.Equal(t, "period", r.Map()["step-scope"])
	require.Equal(t, "session", RulesFor(ocpi.V221).Choice("step-scope"))
	require.ErrorContains(t, r.Set("step-size", "period"), "step-scope")
	require.ErrorContains(t, r.Set("step-scope", "day"), "component")
	require.Len(t, r.Map(), len(Questions()))
	require.Equal(t, "no-vat", RulesFor(ocpi.V221).Choice("vat-absent"))
	require.Equal(t, "cdr-taxes", RulesFor(ocpi.V230).Choice("vat-absent"))
	require.Equal(t, "unknown", RulesFor(ocpi.V211).Choice("vat-absent"))
	require.Equal(t, RulesFor(ocpi.V221), RulesFor(0))
}
