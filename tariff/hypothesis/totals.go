package hypothesis

import (
	"strconv"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// Defects of stating a total that was reckoned rightly. None of them needs another pricing.

// turned changes the total and the costs beside it alike.
func turned(change func(Amount) Amount) func(outcome) outcome {
	return func(o outcome) outcome {
		o.total = change(o.total)
		for i := range o.costs {
			o.costs[i] = change(o.costs[i])
		}
		return o
	}
}

// changed changes both sides of an amount alike.
func changed(change func(exact.Decimal) exact.Decimal) func(Amount) Amount {
	side := func(n ocpi.Number) ocpi.Number {
		if n.Present {
			n.Value = change(n.Value)
		}
		return n
	}
	return func(a Amount) Amount { return Amount{side(a.BeforeTaxes), side(a.AfterTaxes)} }
}

// totals are the sign, the side, the unit and the rounding of a total.
func (e *explainer) totals() []trial {
	sign := Data
	if e.in.CDR.IsCredit() {
		sign = Calculation
	}
	out := []trial{
		{name: "total-zero", direction: Calculation, way: down, turn: turned(changed(func(exact.Decimal) exact.Decimal { return exact.Decimal{} }))},
		{name: "credit-sign", direction: sign, turn: turned(changed(exact.Decimal.Neg))},
	}
	out = append(out, e.sides()...)
	for _, m := range [...]struct {
		name string
		mode exact.Mode
	}{{"down", exact.Down}, {"off", exact.HalfUp}, {"up", exact.Up}} {
		cents := e.claim.MinorUnits
		if cents > 0 {
			out = append(out, trial{name: "total-in-minor-units", direction: Calculation, way: up, turn: turned(changed(func(v exact.Decimal) exact.Decimal {
				return v.Round(cents, m.mode).Shift(cents)
			}))})
		}
		for places := int32(0); places < e.claim.fewestPlaces(); places++ {
			out = append(out, trial{
				name: "total-rounded-" + m.name, direction: Calculation, parameters: []Parameter{{"decimals", strconv.Itoa(int(places))}},
				turn: turned(changed(func(v exact.Decimal) exact.Decimal { return v.Round(places, m.mode) })),
			})
		}
	}
	return out
}

// sides are amounts that stand on the wrong side of taxes.
func (e *explainer) sides() []trial {
	t := e.base.total
	if !t.BeforeTaxes.Present || !t.AfterTaxes.Present || t.BeforeTaxes.Value.Equal(t.AfterTaxes.Value) {
		return nil
	}
	out := []trial{
		{name: "vat-left-out", direction: Calculation, tax: true, turn: turned(func(a Amount) Amount { return Amount{a.BeforeTaxes, a.BeforeTaxes} })},
		{name: "gross-as-net", direction: Calculation, turn: turned(func(a Amount) Amount { return Amount{a.AfterTaxes, a.AfterTaxes} })},
	}
	if e.claim.Total.BeforeTaxes.Present && e.claim.Total.AfterTaxes.Present {
		out = append(out, trial{name: "net-gross-swapped", direction: Calculation, turn: turned(func(a Amount) Amount { return Amount{a.AfterTaxes, a.BeforeTaxes} })})
	}
	if rate, ok := e.onlyRate(); ok && e.claim.Total.BeforeTaxes.Present {
		claimed := e.claim.Total.BeforeTaxes.Value
		out = append(out, trial{name: "gross-of-rounded-net", direction: Calculation, tax: true, turn: func(o outcome) outcome {
			o.total.AfterTaxes.Value = claimed.Add(claimed.Mul(rate).Shift(-2))
			return o
		}})
	}
	return out
}

// onlyRate is the rate of tax where all components of the governing tariffs have the same.
func (e *explainer) onlyRate() (exact.Decimal, bool) {
	var rate ocpi.Number
	for _, t := range e.res.Tariffs {
		for _, c := range componentsOf(t) {
			if !c.VAT.Present || rate.Present && !rate.Value.Equal(c.VAT.Value) {
				return exact.Decimal{}, false
			}
			rate = c.VAT
		}
	}
	return rate.Value, rate.Present
}
