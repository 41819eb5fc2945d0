package tariff_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Faults of this package that the oracle found.

// mod_cdrs, step_size: the last relevant component decides, and a period without volume has none, under another tariff no less.
func TestTrailingPeriodWithoutVolumeTakesNoStep(t *testing.T) {
	res := bill{
		tariffs: `{"id":"T1","currency":"EUR","elements":[{"price_components":[{"type":"ENERGY","price":0.9695,"step_size":500}]}]},
			{"id":"T2","currency":"EUR","elements":[{"price_components":[{"type":"ENERGY","price":0.607,"step_size":1}]}]}`,
		periods: `{"start_date_time":"2026-03-02T10:00:00Z","tariff_id":"T1","dimensions":[{"type":"ENERGY","volume":0.0911}]},
			{"start_date_time":"2026-03-02T10:50:00Z","tariff_id":"T2","dimensions":[{"type":"ENERGY","volume":0}]}`,
	}.price(t)
	costs(t, res, "0.48475", "0.48475")
	require.Contains(t, res.Consulted, "step-last-period")
}

// mod_tariffs, Tariff.max_price: at a VAT of 0 % a limit before taxes is one after taxes.
func TestLimitBeforeTaxesAtZeroPercent(t *testing.T) {
	const limit = `"max_price":{"excl_vat":20},`
	for _, vat := range []string{``, `,"vat":0`} {
		res := bill{
			tariffs: `{"id":"T1","currency":"EUR",` + limit + `"elements":[{"price_components":[{"type":"ENERGY","price":0.5,"step_size":1` + vat + `}]}]}`,
			periods: `{"start_date_time":"2026-03-02T10:00:00Z","dimensions":[{"type":"ENERGY","volume":60}]}`,
		}.price(t)
		costs(t, res, "20", "20")
	}
}

// mod_cdrs, ChargingPeriod: a flat fee that begins inside a period is one boundary, and what changes afterwards is none of its own.
func TestFlatThatBeginsInsideAPeriodIsOneBoundary(t *testing.T) {
	res := bill{
		elements: `{"price_components":[{"type":"FLAT","price":3,"step_size":1}],"restrictions":{"start_time":"11:10"}},
			{"price_components":[{"type":"ENERGY","price":0.5,"step_size":1}],"restrictions":{"min_duration":1800}}`,
		periods: hourOfTime,
	}.price(t)
	costs(t, res, "0", "0")
	require.Equal(t, 1, res.Boundaries)
	require.Equal(t, "3", res.Split.BeforeTaxes.Value.Plain())
}

// The fee of a reservation may begin inside a period too, and is not hidden by another that is charged later.
func TestFlatOfAReservationThatBeginsInsideAPeriod(t *testing.T) {
	res := bill{
		elements: `{"price_components":[{"type":"FLAT","price":3,"step_size":1}],
				"restrictions":{"min_duration":600,"max_duration":900,"reservation":"RESERVATION"}},
			{"price_components":[{"type":"FLAT","price":2,"step_size":1}],"restrictions":{"min_duration":900,"reservation":"RESERVATION"}}`,
		periods: `{"start_date_time":"2026-03-02T10:00:00Z","dimensions":[{"type":"RESERVATION_TIME","volume":0.5}]},
			{"start_date_time":"2026-03-02T10:30:00Z","dimensions":[{"type":"RESERVATION_TIME","volume":0.5}]}`,
	}.price(t)
	costs(t, res, "2", "2")
	require.Equal(t, 1, res.Boundaries)
	require.Equal(t, "3", res.Split.BeforeTaxes.Value.Plain())
}
