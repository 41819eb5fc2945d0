package tariff_test

import (
	"fmt"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/tariff"
)

// A CDR is decoded, its zone found, its price recomputed; the sheet is the calculation.
func ExamplePrice() {
	cdr, _ := ocpi.NewDecoder(ocpi.Options{Version: ocpi.V221}).CDR(ocpi.Record{Bytes: []byte(`{
		"id": "1", "currency": "EUR", "cdr_location": {"country": "NLD"},
		"start_date_time": "2026-09-01T10:00:00Z", "end_date_time": "2026-09-01T11:00:00Z",
		"charging_periods": [{"start_date_time": "2026-09-01T10:00:00Z", "dimensions": [{"type": "ENERGY", "volume": 12.3}]}],
		"tariffs": [{"id": "T", "currency": "EUR", "elements": [
			{"price_components": [{"type": "ENERGY", "price": 0.4, "vat": 21, "step_size": 1}]}]}]}`)})
	zone, _ := tariff.ResolveZone(cdr, nil, "")
	result := tariff.Price(tariff.Input{CDR: cdr, Zone: zone})
	cost := result.Totals.Cost
	fmt.Println(cost.BeforeTaxes.Value, cost.AfterTaxes.Value)
	fmt.Println(result.Sheet.Text()[cost.BeforeTaxesRef-1])
	fmt.Println(result.Sheet.Verify())
	// Output:
	// 4.92 5.9532
	//   9  cost: #2 × #4 = 4.92 EUR
	// <nil>
}
