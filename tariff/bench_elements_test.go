package tariff

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
)

// BenchmarkPriceElements prices a session of three periods late in a month under tariffs of one price, of ten prices by the time of day, and
// of a price for each hour of the month, as dynamic tariffs have.
func BenchmarkPriceElements(b *testing.B) {
	for _, n := range []int{1, 10, 744} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			in := hourly(b, n)
			b.ReportAllocs()
			for b.Loop() {
				Price(in).Release()
			}
		})
	}
}

// hourly is a session under a tariff of n elements, each with an hour of its own.
func hourly(t testing.TB, n int) Input {
	elements := make([]string, n)
	for i := range elements {
		restrictions := ""
		switch {
		case n == 1:
		case n <= 24:
			restrictions = fmt.Sprintf(`,"restrictions":{"start_time":"%02d:00","end_time":"%02d:00"}`, i+10, (i+11)%24)
		default:
			day := time.Date(2026, 8, 1+i/24, 0, 0, 0, 0, time.UTC)
			restrictions = fmt.Sprintf(`,"restrictions":{"start_date":"%s","end_date":"%s","start_time":"%02d:00","end_time":"%02d:00"}`,
				day.Format(time.DateOnly), day.AddDate(0, 0, 1).Format(time.DateOnly), i%24, (i+1)%24)
		}
		elements[i] = fmt.Sprintf(`{"price_components":[{"type":"ENERGY","price":0.%02d,"vat":21,"step_size":1}]%s}`, 20+i%60, restrictions)
	}
	cdr := fmt.Sprintf(`{"country_code":"NL","party_id":"CPO","id":"C1","start_date_time":"2026-08-27T10:10:00Z","end_date_time":"2026-08-27T13:00:00Z",
"currency":"EUR","tariffs":[{"id":"T","currency":"EUR","elements":[%s]}],"charging_periods":[
{"start_date_time":"2026-08-27T10:10:00Z","dimensions":[{"type":"ENERGY","volume":8.5}]},
{"start_date_time":"2026-08-27T11:00:00Z","dimensions":[{"type":"ENERGY","volume":10.25}]},
{"start_date_time":"2026-08-27T12:00:00Z","dimensions":[{"type":"ENERGY","volume":9.125}]}],"total_cost":{"excl_vat":1},"total_energy":27.875,"total_time":2.8333}`,
		strings.Join(elements, ","))
	c, findings := ocpi.NewDecoder(ocpi.Options{Version: ocpi.V221}).CDR(ocpi.Record{Bytes: []byte(cdr)})
	require.Nil(t, ocpi.FirstBlock(findings))
	zone, _ := ResolveZone(c, nil, "Europe/Amsterdam")
	in := Input{CDR: c, Zone: zone}
	res := Price(in)
	require.Nil(t, res.Blocked)
	require.Zero(t, res.Boundaries)
	require.True(t, res.Totals.Cost.BeforeTaxes.Value.Sign() > 0)
	return in
}
