package rounding_test

import (
	"fmt"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile/rounding"
	"github.com/nexacollect/reconcile/tariff"
)

// A partner's CDRs are priced; what it claims says how it rounds. 0.449 kWh and three minutes cost 0.1354 + 0.0351: rounded once that is
// 0.17, rounded each for itself 0.18. 0.4 kWh and three minutes do not tell the two apart.
func ExampleTally() {
	tally := rounding.NewTally(rounding.NewSpace(rounding.BeforeTaxes, 2, false))
	for i := range 12 {
		kwh := []string{"0.449", "0.400"}[i%2]
		cdr, _ := ocpi.NewDecoder(ocpi.Options{Version: ocpi.V221}).CDR(ocpi.Record{Bytes: fmt.Appendf(nil, `{"id": "1", "currency": "EUR",
			"cdr_location": {"country": "NLD"}, "start_date_time": "2026-09-01T10:00:00Z", "end_date_time": "2026-09-01T10:03:00Z",
			"charging_periods": [{"start_date_time": "2026-09-01T10:00:00Z", "dimensions": [{"type": "ENERGY", "volume": %s}, {"type": "TIME", "volume": 0.05}]}],
			"tariffs": [{"id": "T", "currency": "EUR", "elements": [{"price_components": [
				{"type": "ENERGY", "price": 0.3016, "step_size": 1}, {"type": "TIME", "price": 0.702, "step_size": 1}]}]}]}`, kwh)})
		zone, _ := tariff.ResolveZone(cdr, nil, "")
		computed := rounding.Compute(tariff.Price(tariff.Input{CDR: cdr, Zone: zone}))
		claimed := ocpi.Number{Value: exact.MustParse([]string{"0.17", "0.16"}[i%2]), Present: true}
		tally.Add(&rounding.Observation{Claimed: rounding.Money{BeforeTaxes: claimed}, Computed: computed}, exact.Decimal{})
	}
	found := tally.Infer()
	fmt.Println(found.Decided(), "-", found.Scheme)
	fmt.Println("equivalent on this data:", len(found.Equivalent), "- told apart by", found.Discriminating, "of", found.Counts.Observations)
	// Output:
	// true - half-up to 2 decimals per session
	// equivalent on this data: 2 - told apart by 6 of 12
}
