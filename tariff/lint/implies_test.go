package lint

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// genClock draws restrictions of the clock, which the readings join in several ways.
func genClock(t *rapid.T, label string) []string {
	var out []string
	for _, m := range []struct {
		name   string
		values []string
	}{
		{"start_time", []string{`"06:00"`, `"22:30"`, `"23:59"`}}, {"end_time", []string{`"00:00"`, `"06:00"`, `"08:00"`, `"23:59"`}},
		{"start_date", []string{`"2026-03-28"`, `"2026-03-29"`}}, {"end_date", []string{`"2026-03-29"`, `"2026-03-30"`}},
		{"day_of_week", []string{`["SATURDAY"]`, `["SATURDAY","SUNDAY"]`, `["SUNDAY","MONDAY"]`}},
	} {
		if rapid.Bool().Draw(t, label+m.name) {
			out = append(out, fmt.Sprintf("%q:%s", m.name, rapid.SampledFrom(m.values).Draw(t, label+m.name)))
		}
	}
	return out
}

func object(members []string) string { return "{" + strings.Join(members, ",") + "}" }

// Where one element is said to hold wherever another does, the engine never applies that one and not this, whatever the reading.
func TestPropImplies(t *testing.T) {
	rules := readings("2.2.1")
	implied := 0
	rapid.Check(t, func(r *rapid.T) {
		inner := genClock(r, "a ")
		outer := genClock(r, "b ")
		if rapid.Bool().Draw(r, "part of it") {
			outer = inner[:rapid.IntRange(0, len(inner)).Draw(r, "members")]
		}
		a := decode(r, tariffOf(el(object(inner), "TIME 1", "FLAT 1", "PARKING_TIME 1"), ""))
		b := decode(r, tariffOf(el(object(outer), "TIME 1", "FLAT 1", "PARKING_TIME 1"), ""))
		if !implies(a.Elements[0].Restrictions, b.Elements[0].Restrictions) {
			return
		}
		implied++
		for range 5 {
			c := genSession(r, "2.2.1")
			c.ChargingPeriods = c.ChargingPeriods[:1]
			for name, reading := range rules {
				if cost := priced(r, c, a, reading).Totals.Cost; cost.BeforeTaxes.Value.IsZero() {
					continue
				}
				require.False(r, priced(r, c, b, reading).Totals.Cost.BeforeTaxes.Value.IsZero(), "%s\n%s\n%s\n%s", name, a.Record.Bytes, b.Record.Bytes, c.Record.Bytes)
			}
		}
	})
	t.Logf("%d pairs", implied)
	if !testing.Short() { // which draws few pairs
		require.Greater(t, implied, 5)
	}
}

func TestImplies(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{`{}`, `{}`, true},
		{`{"min_kwh":5}`, `{}`, true},
		{`{}`, `{"min_kwh":5}`, false},
		{`{"min_kwh":5,"max_kwh":8}`, `{"min_kwh":5.0,"max_kwh":9}`, true},
		{`{"max_power":11}`, `{"max_power":10}`, false},
		{`{"reservation":"RESERVATION"}`, `{}`, false},
		{`{"start_time":"08:00","end_time":"10:00"}`, `{"start_time":"07:00","end_time":"10:00"}`, true},
		{`{"start_time":"08:00"}`, `{"start_time":"07:00","end_time":"23:00"}`, false},
		{`{"end_time":"05:00"}`, `{"start_time":"22:00","end_time":"06:00"}`, true},
		{`{"start_date":"2026-03-02"}`, `{"start_date":"2026-03-01"}`, true},
		{`{"day_of_week":["MONDAY"]}`, `{"day_of_week":["MONDAY","SUNDAY"]}`, true},
		// On Tuesday at 05:00 the first holds if the window's own day counts, the second does not.
		{`{"day_of_week":["MONDAY"],"start_time":"22:00","end_time":"06:00"}`, `{"day_of_week":["MONDAY"]}`, false},
		{`{"day_of_week":["MONDAY"],"end_time":"05:00"}`, `{"day_of_week":["MONDAY"],"start_time":"22:00","end_time":"06:00"}`, false},
		{`{"day_of_week":["MONDAY"],"start_time":"22:00","end_time":"06:00"}`, `{"start_time":"22:00","end_time":"06:00"}`, true},
		// On the last day until 10:00 the first holds if dates and times are one span, the second does not.
		{`{"start_date":"2026-03-01","end_date":"2026-03-02","end_time":"10:00"}`, `{"end_date":"2026-03-02"}`, false},
		{`{"start_date":"2026-03-01","end_time":"10:00"}`, `{"start_date":"2026-03-01","end_time":"10:00"}`, true},
		// In the last minute the first holds if an end_time of 23:59 is the end of the day, the second never then.
		{`{"start_time":"23:59","end_time":"23:59"}`, `{"end_time":"23:00"}`, false},
	} {
		a, b := decode(t, tariffOf(el(c.a, "FLAT 1"), "")), decode(t, tariffOf(el(c.b, "FLAT 1"), ""))
		require.Equal(t, c.want, implies(a.Elements[0].Restrictions, b.Elements[0].Restrictions), "%s and %s", c.a, c.b)
	}
}
