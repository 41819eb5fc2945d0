package tariff

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi"
)

// drawDynamic is a CDR under a tariff of many elements, a stretch of time each: mostly in order, as dynamic tariffs are, at times not.
func drawDynamic(t *rapid.T) string {
	pick := func(name string, of ...string) string { return rapid.SampledFrom(of).Draw(t, name) }
	timed := rapid.Bool().Draw(t, "timed")
	oddities := []string{""}
	if rapid.Bool().Draw(t, "odd ones") {
		oddities = []string{"", "", "", "", "", "", "", "", "", `,"min_kwh":3`, `,"start_date":"2026-03-24"`, `,"day_of_week":["MONDAY"]`}
	}
	kinds := pick("kinds", "ENERGY", "ENERGY TIME", "ENERGY TIME PARKING_TIME")
	var elements []string
	day := time.Date(2026, 3, 20, 0, 0, 0, 0, time.UTC)
	for i := range rapid.IntRange(15, 40).Draw(t, "elements") {
		end := day.AddDate(0, 0, rapid.IntRange(0, 1).Draw(t, "days"))
		if end.Equal(day) && !timed {
			end = day.AddDate(0, 0, 1)
		}
		restrictions := fmt.Sprintf(`"start_date":"%s","end_date":"%s"`, day.Format(time.DateOnly), end.Format(time.DateOnly))
		if timed {
			restrictions += fmt.Sprintf(`,"start_time":"%02d:00","end_time":"%02d:00"`, i*6%24, (i*6+6)%24)
		}
		restrictions += pick("odd", oddities...)
		var components []string
		for _, kind := range strings.Fields(kinds) {
			components = append(components, fmt.Sprintf(`{"type":"%s","price":%d.%d,"step_size":1}`, kind, i%3, i))
		}
		elements = append(elements, fmt.Sprintf(`{"price_components":[%s],"restrictions":{%s}}`, strings.Join(components, ","), restrictions))
		if !timed || i%4 == 3 {
			day = end
		}
	}
	start := time.Date(2026, 3, 19, rapid.IntRange(0, 23).Draw(t, "hour"), 30, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 14).Draw(t, "day"))
	var periods []string
	at := start
	for range rapid.IntRange(1, 4).Draw(t, "periods") {
		periods = append(periods, fmt.Sprintf(`{"start_date_time":"%s","dimensions":[{"type":"ENERGY","volume":2.5},{"type":"%s","volume":1}]}`,
			at.Format(time.RFC3339), pick("time", "TIME", "PARKING_TIME")))
		at = at.Add(time.Duration(rapid.IntRange(1, 30).Draw(t, "length")) * time.Hour)
	}
	return fmt.Sprintf(`{"country_code":"NL","party_id":"CPO","id":"C1","start_date_time":"%s","end_date_time":"%s","currency":"EUR",
"tariffs":[{"id":"T","currency":"EUR","elements":[%s]}],"charging_periods":[%s]}`,
		start.Format(time.RFC3339), at.Format(time.RFC3339), strings.Join(elements, ","), strings.Join(periods, ","))
}

// TestCalendarChangesNothing prices CDRs with and without a calendar and wants the same calculations, step by step.
func TestCalendarChangesNothing(t *testing.T) {
	defer func(was int) { fewElements = was }(fewElements)
	used := 0
	rapid.Check(t, func(t *rapid.T) {
		raw := []byte(drawDynamic(t))
		rules := RulesFor(ocpi.V221)
		if rapid.Bool().Draw(t, "joined") {
			require.NoError(t, rules.Set("date-time-window", "joined"))
		}
		calculate := func(few int) *Result {
			fewElements = few
			c, _ := ocpi.NewDecoder(ocpi.Options{Version: ocpi.V221}).CDR(ocpi.Record{Bytes: raw})
			zone, _ := ResolveZone(c, nil, "Europe/Amsterdam")
			return Price(Input{CDR: c, Zone: zone, Rules: rules})
		}
		with, without := calculate(16), calculate(math.MaxInt)
		require.Equal(t, text(t, without.Sheet), text(t, with.Sheet))
		require.Equal(t, text(t, without.SplitSheet), text(t, with.SplitSheet))
		require.Equal(t, without.Consulted, with.Consulted)
		require.Equal(t, without.Findings, with.Findings)
		var sh shape
		for i := range with.Tariffs {
			for j := range with.Tariffs[i].Elements {
				sh.element(int32(j), &with.Tariffs[i].Elements[j], 0)
			}
			fewElements = 16
			if sh.calendar.make(with.Tariffs[i], &sh.candidates); sh.calendar.ends != nil {
				used++
			}
		}
	})
	if !testing.Short() { // few draws may have none
		require.NotZero(t, used, "no tariff had a calendar")
	}
}

func text(t require.TestingT, s *Sheet) string {
	if s == nil {
		return ""
	}
	b, err := json.Marshal(s)
	require.NoError(t, err)
	return string(b)
}
