package rounding

import (
	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
)

// Money is an amount as sent.
type Money struct{ BeforeTaxes, AfterTaxes ocpi.Number }

// Observation is a claimed amount beside the exact one that it should be.
type Observation struct {
	Claimed  Money
	Computed Computed
}

// Computed is an exact cost with the parts that it was made of.
type Computed struct {
	Total tariff.Amount // its rate is the one that all costs share
	Parts tariff.Amounts
}

// Compute takes a price apart. A blocked result gives an observation that compares on no basis.
func Compute(res *tariff.Result) Computed {
	if res.Blocked != nil {
		return Computed{}
	}
	c := Computed{Total: totalOf(res), Parts: res.Amounts()}
	for i, m := range c.Parts.Members {
		if i > 0 && (!m.Rate.Present || !m.Rate.Value.Equal(c.Total.Rate.Value)) {
			c.Total.Rate = ocpi.Number{}
			break
		}
		c.Total.Rate = m.Rate
	}
	return c
}

// totalOf is the total of a price, its rate not looked for.
func totalOf(res *tariff.Result) tariff.Amount {
	cost := res.Totals.Cost
	return tariff.Amount{BeforeTaxes: cost.BeforeTaxes, AfterTaxes: cost.AfterTaxes, Period: -1}
}

// on is one side of an amount.
func (b Basis) on(a *tariff.Amount) ocpi.Number {
	if b == AfterTaxes {
		return a.AfterTaxes
	}
	return a.BeforeTaxes
}

// of is one side of an amount as sent.
func (b Basis) of(m Money) ocpi.Number {
	if b == AfterTaxes {
		return m.AfterTaxes
	}
	return m.BeforeTaxes
}

// Compares reports whether both amounts are known on the basis.
func (o *Observation) Compares(b Basis) bool {
	return b.of(o.Claimed).Present && b.on(&o.Computed.Total).Present
}

// partsOf are the amounts that a scheme rounds, nil where that is the total: of a session, where nothing was priced, and where the limits
// of several tariffs leave no parts.
func (c *Computed) partsOf(per Per) []tariff.Amount {
	var list []tariff.Amount
	switch per {
	case PerDimension:
		list = c.Parts.Members
	case PerComponent:
		list = c.Parts.Components
	case PerPeriod:
		list = c.Parts.Periods
	}
	if c.Parts.Whole || len(list) == 0 {
		return nil
	}
	return list
}

// limits are the price limits that hold the sum of the parts.
func (c *Computed) limits(b Basis) (least, most ocpi.Number) {
	switch {
	case c.Parts.Whole:
		return least, most
	case b == AfterTaxes:
		return c.Parts.Least.AfterTaxes, c.Parts.Most.AfterTaxes
	}
	return c.Parts.Least.BeforeTaxes, c.Parts.Most.BeforeTaxes
}

// within holds a sum between the price limits.
func (c *Computed) within(v exact.Decimal, b Basis) exact.Decimal {
	least, most := c.limits(b)
	if least.Present {
		v = exact.Max(v, least.Value)
	}
	if most.Present {
		v = exact.Min(v, most.Value)
	}
	return v
}

// Of is what the scheme makes of a price. The net of TaxOnNet is what the scheme itself makes of it, and where the tax of a part cannot be
// known the amounts after taxes are rounded as they are. ok is false where there is no amount on the basis.
func (s Scheme) Of(res *tariff.Result, b Basis) (v exact.Decimal, ok bool) {
	var c Computed
	switch {
	case res.Blocked != nil:
		return v, false
	case s.whole(b):
		c.Total = totalOf(res)
	default:
		c = Compute(res)
	}
	v, ok = s.Apply(&c, BeforeTaxes, ocpi.Number{})
	if b == BeforeTaxes {
		return v, ok
	}
	if v, ok = s.Apply(&c, b, ocpi.Number{Value: v, Present: ok}); !ok {
		s.Tax = TaxExact
		v, ok = s.Apply(&c, b, ocpi.Number{})
	}
	return v, ok
}

// whole reports a scheme that looks at the total alone.
func (s Scheme) whole(b Basis) bool {
	return (s.Tax == TaxExact || b == BeforeTaxes) && (s.Per == PerNone || s.Per == PerSession || s.Per == PerLine)
}

// Apply is the amount that the scheme makes of a computed cost, price limits included: the rounded parts are summed, held between the
// limits, and a limit that holds is rounded like a part. ok is false where an amount that it needs is not known; net is the amount
// before taxes as stated, which only TaxOnNet needs. How the tax is made says nothing of amounts before taxes.
func (s Scheme) Apply(c *Computed, b Basis, net ocpi.Number) (v exact.Decimal, ok bool) {
	total := b.on(&c.Total)
	if !total.Present || s.Per == PerNone {
		return total.Value, total.Present
	}
	if b == BeforeTaxes {
		s.Tax = TaxExact
	}
	if s.Tax == TaxOnNet {
		v, ok = taxed(net, &c.Total, s.step())
	} else {
		parts := c.partsOf(s.Per)
		if parts == nil {
			parts = []tariff.Amount{c.Total}
		}
		v, ok = s.sum(parts, b)
	}
	if !ok {
		return v, false
	}
	v = s.step().round(c.within(v, b))
	if s.Line.Mode != 0 {
		v = s.Line.round(v)
	}
	return v, true
}

func (s Scheme) sum(parts []tariff.Amount, b Basis) (sum exact.Decimal, ok bool) {
	for i := range parts {
		n := b.on(&parts[i])
		v := s.step().round(n.Value)
		if s.Tax == TaxOnParts {
			net := parts[i].BeforeTaxes
			net.Value = s.step().round(net.Value)
			if v, ok = taxed(net, &parts[i], s.step()); !ok {
				return sum, false
			}
		} else if !n.Present {
			return sum, false
		}
		sum = sum.Add(v)
	}
	return sum, true
}

func (s Step) round(v exact.Decimal) exact.Decimal { return v.Round(s.Decimals, s.Mode) }

// taxed is a net amount with the tax of a part, rounded once: at the part's rate, or where it bears several in proportion to its exact
// amounts.
func taxed(net ocpi.Number, part *tariff.Amount, step Step) (v exact.Decimal, ok bool) {
	switch {
	case !net.Present || !part.BeforeTaxes.Present || !part.AfterTaxes.Present:
		return v, false
	case part.Rate.Present:
		return step.round(net.Value.Mul(part.Rate.Value.Add(exact.FromInt(100))).Shift(-2)), true
	case part.BeforeTaxes.Value.IsZero():
		return step.round(part.AfterTaxes.Value), true
	}
	return net.Value.Mul(part.AfterTaxes.Value).DivRound(part.BeforeTaxes.Value, step.Decimals, step.Mode), true
}
