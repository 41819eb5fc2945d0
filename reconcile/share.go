package reconcile

import (
	"slices"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

// Share divides an amount by weights, none of them below zero, in units of so many decimals: each weight gets the whole units of its share in
// proportion, and those that are left go, one each, to the greatest remainders, of equal ones to the first. What of the amount is less than a unit
// goes to the one that follows. The shares sum to the amount; where all weights are 0 the first has it.
func Share(amount exact.Decimal, weights []exact.Decimal, places int32) []exact.Decimal {
	shares := make([]exact.Decimal, len(weights))
	whole := sum(weights)
	if len(weights) == 0 || whole.IsZero() {
		if len(weights) > 0 {
			shares[0] = amount
		}
		return shares
	}
	left := amount
	order, remainders := make([]int, len(weights)), make([]exact.Decimal, len(weights))
	for i, w := range weights {
		part := amount.Mul(w)
		shares[i] = part.DivRound(whole, places, exact.Down)
		order[i], remainders[i] = i, part.Sub(shares[i].Mul(whole))
		left = left.Sub(shares[i])
	}
	slices.SortStableFunc(order, func(i, j int) int { return remainders[j].Cmp(remainders[i]) })
	for n := 0; left.Sign() > 0; n = (n + 1) % len(order) {
		more := exact.Min(exact.New(1, places), left)
		shares[order[n]] = shares[order[n]].Add(more)
		left = left.Sub(more)
	}
	return shares
}
