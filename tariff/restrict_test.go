package tariff

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
)

// Each case prices 1 kWh in the last period at 1 where the restriction holds and at 2 where it does not.
var restrictionCases = []struct {
	name, restriction, start, before, last string
	holds                                  bool
}{
	{"a time before start_time", `{"start_time":"10:00","end_time":"12:00"}`, "08:59:59", "", "", false},
	{"start_time itself", `{"start_time":"10:00","end_time":"12:00"}`, "09:00:00", "", "", true},
	{"a time before end_time", `{"start_time":"10:00","end_time":"12:00"}`, "10:59:59", "", "", true},
	{"end_time itself", `{"start_time":"10:00","end_time":"12:00"}`, "11:00:00", "", "", false},
	{"a window that wraps, in the evening", `{"start_time":"22:00","end_time":"06:00"}`, "21:00:00", "", "", true},
	{"a window that wraps, at night", `{"start_time":"22:00","end_time":"06:00"}`, "04:59:59", "", "", true},
	{"a window that wraps, at its end", `{"start_time":"22:00","end_time":"06:00"}`, "05:00:00", "", "", false},
	{"a window that wraps, before it", `{"start_time":"22:00","end_time":"06:00"}`, "20:59:59", "", "", false},
	{"only start_time, before", `{"start_time":"10:00"}`, "08:59:59", "", "", false},
	{"only start_time, late in the day", `{"start_time":"10:00"}`, "22:59:59", "", "", true},
	{"only end_time, at midnight", `{"end_time":"10:00"}`, "23:00:00", "", "", true},
	{"only end_time, after", `{"end_time":"10:00"}`, "09:00:00", "", "", false},
	{"an end_time of 00:00 is no bound", `{"end_time":"00:00"}`, "09:00:00", "", "", true},
	{"from a time to 00:00, before", `{"start_time":"10:00","end_time":"00:00"}`, "08:00:00", "", "", false},
	{"from a time to 00:00, after", `{"start_time":"10:00","end_time":"00:00"}`, "22:59:59", "", "", true},
	{"an end_time of 24:00", `{"start_time":"10:00","end_time":"24:00"}`, "22:59:59", "", "", true},
	{"00:00 to 00:00 is the whole day", `{"start_time":"00:00","end_time":"00:00"}`, "09:00:00", "", "", true},
	{"any other equal times never hold", `{"start_time":"10:00","end_time":"10:00"}`, "09:00:00", "", "", false},
	{"start_date itself", `{"start_date":"2026-03-02"}`, "09:00:00", "", "", true},
	{"the local day before start_date", `{"start_date":"2026-03-03"}`, "22:59:59", "", "", false},
	{"start_date in local time, still the day before in UTC", `{"start_date":"2026-03-03"}`, "23:00:00", "", "", true},
	{"end_date itself", `{"end_date":"2026-03-02"}`, "09:00:00", "", "", false},
	{"the day before end_date", `{"end_date":"2026-03-03"}`, "09:00:00", "", "", true},
	{"a weekday", `{"day_of_week":["MONDAY"]}`, "09:00:00", "", "", true},
	{"another weekday", `{"day_of_week":["TUESDAY","SUNDAY"]}`, "09:00:00", "", "", false},
	{"no weekdays restrict nothing", `{"day_of_week":[]}`, "09:00:00", "", "", true},
	{"nothing restricts nothing", `{}`, "09:00:00", "", "", true},
	{"two restrictions of which one fails", `{"day_of_week":["MONDAY"],"min_kwh":1}`, "09:00:00", "", "", false},
	{"below min_kwh", `{"min_kwh":5}`, "09:00:00", "30 ENERGY 4.999", "", false},
	{"min_kwh itself", `{"min_kwh":5}`, "09:00:00", "30 ENERGY 5", "", true},
	{"below max_kwh", `{"max_kwh":5}`, "09:00:00", "30 ENERGY 4.999", "", true},
	{"max_kwh itself", `{"max_kwh":5}`, "09:00:00", "30 ENERGY 2\n30 ENERGY 3", "", false},
	{"below min_duration", `{"min_duration":1800}`, "09:00:00", "29 ENERGY 1", "", false},
	{"min_duration itself", `{"min_duration":1800}`, "09:00:00", "30 PARKING_TIME 0.5", "", true},
	{"below max_duration", `{"max_duration":1800}`, "09:00:00", "29 ENERGY 1", "", true},
	{"max_duration itself", `{"max_duration":1800}`, "09:00:00", "30 ENERGY 1", "", false},
	{"power below min_power", `{"min_power":32}`, "09:00:00", "", ", MAX_POWER 31.9", false},
	{"power of min_power", `{"min_power":32}`, "09:00:00", "", ", MIN_POWER 32, MAX_POWER 40", true},
	{"power below max_power", `{"max_power":32}`, "09:00:00", "", ", MAX_POWER 31.9", true},
	{"power of max_power", `{"max_power":32}`, "09:00:00", "", ", MIN_POWER 32", false},
	{"current below min_current", `{"min_current":32}`, "09:00:00", "", ", MAX_CURRENT 31.9", false},
	{"current of min_current", `{"min_current":32}`, "09:00:00", "", ", MIN_CURRENT 32", true},
	{"current below max_current", `{"max_current":32}`, "09:00:00", "", ", MAX_CURRENT 31.9", true},
	{"current of max_current", `{"max_current":32}`, "09:00:00", "", ", MIN_CURRENT 32", false},
	{"power unknown holds for min_power", `{"min_power":32}`, "09:00:00", "", "", true},
	{"power unknown holds for max_power", `{"max_power":0}`, "09:00:00", "", "", true},
	{"power on both sides of min_power holds", `{"min_power":32}`, "09:00:00", "", ", MIN_POWER 1, MAX_POWER 40", true},
	{"power on both sides of max_power holds", `{"max_power":32}`, "09:00:00", "", ", MIN_POWER 1, MAX_POWER 40", true},
	{"an element for reservations prices no charging", `{"reservation":"RESERVATION"}`, "09:00:00", "", "", false},
}

func TestRestrictions(t *testing.T) {
	for _, c := range restrictionCases {
		t.Run(c.name, func(t *testing.T) {
			d := draft{
				start: "2026-03-02T" + c.start + "Z", periods: c.before + "\n1 ENERGY 1" + c.last,
				tariffs: one("ENERGY 1 " + c.restriction + "\nENERGY 2"),
			}
			in := d.input(t)
			res := Price(in)
			require.Nil(t, res.Blocked)
			e := newEngine(in)
			defer e.release()
			e.run()
			checkSheet(t, in, res)
			last := e.periods[len(e.periods)-1].pick[slotEnergy]
			require.True(t, last.ok)
			require.Equal(t, c.holds, last.element == 0, strings.Join(res.Sheet.Text(), "\n"))
		})
	}
}

// The night of 25 October 2026 has 02:00 to 03:00 twice in Berlin, that of 29 March leaves it out.
func TestDaylightSaving(t *testing.T) {
	night := "ENERGY 1 " + `{"start_time":"02:00","end_time":"03:00"}` + "\nENERGY 2"
	for _, c := range []struct{ name, start, want string }{
		{"autumn, before", "2026-10-24T23:59:00Z", "2"},
		{"autumn, the first time", "2026-10-25T00:30:00Z", "1"},
		{"autumn, the second time", "2026-10-25T01:30:00Z", "1"},
		{"autumn, after", "2026-10-25T02:00:00Z", "2"},
		{"spring, before", "2026-03-29T00:59:00Z", "2"},
		{"spring, after the hour that never comes", "2026-03-29T01:00:00Z", "2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			res := mustPrice(t, draft{start: c.start, periods: "1 ENERGY 1", tariffs: one(night)}.input(t))
			require.Equal(t, c.want, outcome(res))
			require.Equal(t, strings.Contains(c.name, "time"), hasCode(res.Findings, CodeZoneFold), c.name)
		})
	}
}

// A duration is elapsed time, whatever the clocks do.
func TestDurationsIgnoreClocks(t *testing.T) {
	d := draft{start: "2026-10-25T00:30:00Z", periods: "60 ENERGY 1\n60 ENERGY 1", tariffs: one(`ENERGY 1 {"max_duration":3600}` + "\nENERGY 3")}
	require.Equal(t, "4", outcome(mustPrice(t, d.input(t))))
}

func TestZoneIsNeededOnlyWhereItDecides(t *testing.T) {
	timed := `ENERGY 1 {"max_kwh":5,"start_time":"10:00"}` + "\nENERGY 2"
	t.Run("unknown and asked", func(t *testing.T) {
		res := Price(draft{country: "ESP", periods: "60 ENERGY 1", tariffs: one(timed)}.input(t))
		require.Equal(t, "tz-unknown", outcome(res))
		require.Equal(t, ocpi.SeverityBlock, res.Blocked.Severity)
	})
	t.Run("unknown and not asked", func(t *testing.T) {
		res := mustPrice(t, draft{country: "ESP", periods: "60 ENERGY 1", tariffs: one("ENERGY 2")}.input(t))
		require.Equal(t, "2", outcome(res))
	})
	t.Run("unknown and another restriction decides before", func(t *testing.T) {
		res := mustPrice(t, draft{country: "ESP", periods: "60 ENERGY 1", tariffs: one(`ENERGY 1 {"min_kwh":5,"start_time":"10:00"}` + "\nENERGY 2")}.input(t))
		require.Equal(t, "2", outcome(res))
	})
}

func TestResolveZone(t *testing.T) {
	in := draft{periods: "60 ENERGY 1", tariffs: one("ENERGY 2")}.input(t)
	lookup := func(cc, party, id string) string {
		require.Equal(t, "L", id)
		return "Europe/London"
	}
	c := in.CDR
	zone, findings := ResolveZone(c, nil, "")
	require.Equal(t, "Europe/Berlin country", zone.Name+" "+zone.Source)
	require.Empty(t, findings)
	zone, findings = ResolveZone(c, lookup, "")
	require.Equal(t, "Europe/London location", zone.Name+" "+zone.Source)
	require.Empty(t, findings)
	zone, findings = ResolveZone(c, lookup, "Europe/Paris")
	require.Equal(t, "Europe/Paris flag", zone.Name+" "+zone.Source)
	require.Equal(t, CodeZoneConflict, findings[0].Code)
	c.Location.TimeZone = "Nowhere"
	zone, findings = ResolveZone(c, nil, "")
	require.Equal(t, "Europe/Berlin country", zone.Name+" "+zone.Source)
	require.Equal(t, CodeZoneInvalid, findings[0].Code)
	c.Location.TimeZone = "Europe/Madrid"
	zone, findings = ResolveZone(c, nil, "")
	require.Equal(t, "Europe/Madrid cdr", zone.Name+" "+zone.Source)
	require.Empty(t, findings)
	c.Location.TimeZone, c.Location.Country = "", "USA"
	zone, findings = ResolveZone(c, nil, "")
	require.Equal(t, " none", zone.Name+" "+zone.Source)
	require.Nil(t, zone.Location)
	require.Equal(t, CodeZoneUnknown, findings[0].Code)
}
