package hypothesis

import (
	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/tariff"
)

// Pricings is how often Explain prices.
func Pricings(in tariff.Input, claim Claim, others ...*ocpi.Tariff) int {
	e := &explainer{in: in, claim: &claim, others: others, left: MaxPricings}
	e.run()
	return MaxPricings - e.left
}
