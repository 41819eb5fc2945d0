package tariff

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
)

// A reservation that an element prices which is not the first hangs on how elements are looked up, as anything else does.
func TestReservationConsultsTheLookup(t *testing.T) {
	raw := []byte(`{"country_code":"NL","party_id":"CPO","id":"C","start_date_time":"2026-10-27T21:59:00Z","end_date_time":"2026-10-27T22:02:00Z","currency":"EUR",
"tariffs":[{"id":"T","currency":"EUR","elements":[
{"price_components":[{"type":"PARKING_TIME","price":9,"step_size":60}],"restrictions":{"reservation":"RESERVATION"}},
{"price_components":[{"type":"TIME","price":0.24,"step_size":1}],"restrictions":{"reservation":"RESERVATION"}}]}],
"charging_periods":[{"start_date_time":"2026-10-27T21:59:00Z","dimensions":[{"type":"RESERVATION_TIME","volume":0.05}]}]}`)
	cdr, _ := ocpi.NewDecoder(ocpi.Options{Version: ocpi.V221}).CDR(ocpi.Record{Bytes: raw})
	in := Input{CDR: cdr}
	res := Price(in)
	require.Nil(t, res.Blocked)
	require.Equal(t, "0.012", res.Totals.Cost.BeforeTaxes.Value.Output())
	require.True(t, res.consulted.has(questionElementLookup))
	readings := Readings(in, res, nil)
	require.NotEmpty(t, readings)
	require.Equal(t, "element-lookup", readings[0].Question)
	require.Equal(t, "0", readings[0].Cost.BeforeTaxes.Value.Output(), "the first element applies, and has no TIME")
}
