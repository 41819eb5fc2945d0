package hypothesis

import (
	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
)

// Amount is a sum of money before and after taxes; either side may be absent.
type Amount struct{ BeforeTaxes, AfterTaxes ocpi.Number }

// costCount is how many costs a total is broken down into: fixed, energy, time, parking, reservation (mod_cdrs, CDR).
const costCount = 5

// Claim is what a partner says that a session costs.
type Claim struct {
	Total      Amount
	Costs      [costCount]Amount // total_fixed_cost, _energy_, _time_, _parking_, _reservation_cost; absent where not stated
	MinorUnits int32             // decimals of the currency's minor unit: 10.6 euros are 10.60
}

// ClaimOf is the claim of a CDR's own totals.
func ClaimOf(c *ocpi.CDR, minorUnits int32) Claim {
	amount := func(p ocpi.Price) Amount { return Amount{p.BeforeTaxes, p.AfterTaxes} }
	return Claim{
		Total: amount(c.TotalCost),
		Costs: [costCount]Amount{
			amount(c.TotalFixedCost), amount(c.TotalEnergyCost), amount(c.TotalTimeCost), amount(c.TotalParkingCost), amount(c.TotalReservationCost),
		},
		MinorUnits: minorUnits,
	}
}

// outcome is what one calculation gives.
type outcome struct {
	total Amount
	costs [costCount]Amount
}

func outcomeOf(t *tariff.Totals) outcome {
	amount := func(m tariff.Money) Amount { return Amount{m.BeforeTaxes, m.AfterTaxes} }
	return outcome{
		total: amount(t.Cost),
		costs: [costCount]Amount{amount(t.FixedCost), amount(t.EnergyCost), amount(t.TimeCost), amount(t.ParkingCost), amount(t.ReservationCost)},
	}
}

// side picks one side of an amount.
type side func(Amount) ocpi.Number

func beforeTaxes(a Amount) ocpi.Number { return a.BeforeTaxes }
func afterTaxes(a Amount) ocpi.Number  { return a.AfterTaxes }

// parts are the costs on one side whose sum the total is; nil where one of them is not known, or where a limit of the price or a credit
// makes the total another.
func (o *outcome) parts(of side) []exact.Decimal {
	var out []exact.Decimal
	var sum exact.Decimal
	for _, c := range o.costs {
		n := of(c)
		if !n.Present {
			return nil
		}
		out, sum = append(out, n.Value), sum.Add(n.Value)
	}
	// Costs of time are divided each for itself, so that their sum may be a hair beside the total.
	if hair := exact.New(1, mostPlaces+2); hair.Less(sum.Sub(of(o.total).Value).Abs()) {
		return nil
	}
	return out
}

// judgement is how one side of a claim stands to a calculation.
type judgement uint8

const (
	unknown judgement = iota // not claimed, or not computed
	agrees
	differs
)

func (c *Claim) judge(o *outcome, of side) judgement {
	claimed, computed := of(c.Total), of(o.total)
	switch {
	case !claimed.Present || !computed.Present:
		return unknown
	case c.within(claimed.Value, computed.Value) || c.isRounding(claimed.Value, computed.Value, o.parts(of)):
		return agrees
	}
	return differs
}

// reproduced reports which sides of the total a calculation gives; ok where it gives one and misses none.
func (c *Claim) reproduced(o *outcome) (before, after, ok bool) {
	b, a := c.judge(o, beforeTaxes), c.judge(o, afterTaxes)
	before, after = b == agrees, a == agrees
	return before, after, (before || after) && b != differs && a != differs
}

// brokenDown reports whether a calculation gives every cost that the claim states, of which one at least is not zero: senders that fill
// in only the total leave the others zero.
func (c *Claim) brokenDown(o *outcome) bool {
	any := false
	for i, claimed := range c.Costs {
		for _, of := range [...]side{beforeTaxes, afterTaxes} {
			want, got := of(claimed), of(o.costs[i])
			if !want.Present || !got.Present {
				continue
			}
			any = any || !want.Value.IsZero()
			if !c.within(want.Value, got.Value) && !c.isRounding(want.Value, got.Value, nil) {
				return false
			}
		}
	}
	return any
}

// within reports values that differ by no more than half a unit of the claimed one's last decimal. JSON drops trailing zeros, so that
// money has at least the decimals of its minor unit.
func (c *Claim) within(claimed, computed exact.Decimal) bool {
	places := max(claimed.Scale(), c.MinorUnits)
	return !exact.New(5, places+1).Less(claimed.Sub(computed).Abs())
}

// A rounding of money keeps at least two decimals, or those of a minor unit that has fewer, and any coarser one is a defect; OCPI's numbers
// have four decimals.
const fewestPlaces, mostPlaces = 2, 4

func (c *Claim) fewestPlaces() int32 { return min(fewestPlaces, c.MinorUnits) }

var roundingModes = [...]exact.Mode{exact.HalfUp, exact.HalfEven, exact.Down, exact.Up}

// isRounding reports a claimed value that is a rounding of the computed one, or the sum of such roundings of its parts.
func (c *Claim) isRounding(claimed, computed exact.Decimal, parts []exact.Decimal) bool {
	if exact.New(costCount+1, c.fewestPlaces()).Less(claimed.Sub(computed).Abs()) {
		return false // each rounding moves less than a unit
	}
	for places := c.fewestPlaces(); places <= mostPlaces; places++ {
		for _, mode := range roundingModes {
			if computed.Round(places, mode).Equal(claimed) {
				return true
			}
			var sum exact.Decimal
			for _, p := range parts {
				sum = sum.Add(p.Round(places, mode))
			}
			if len(parts) > 0 && sum.Equal(claimed) {
				return true
			}
		}
	}
	return false
}
