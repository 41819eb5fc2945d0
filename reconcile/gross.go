package reconcile

import (
	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// spread writes the parts into the verdict on both bases (rule 5): the other basis follows at the line's own tax, each part rounded
// half away from zero, and the last part takes the remainder. Excess tax is conceded on top, after taxes alone (row 23).
func (t *trial) spread(v *LineVerdict, p parts, excess exact.Decimal) {
	v.Proven, v.Conceded = v.Proven.set(t.basis, p.proven), v.Conceded.set(t.basis, p.conceded)
	v.Unproven, v.Underbilled = v.Unproven.set(t.basis, p.unproven), v.Underbilled.set(t.basis, p.underbilled)
	other := t.basis.other()
	invoiced := v.Invoiced.on(other)
	if !invoiced.Present {
		return
	}
	total := invoiced.Value.Sub(excess)
	places := max(invoiced.Value.Scale(), MinorUnits(t.line.line.Currency))
	follow := func(part exact.Decimal) exact.Decimal {
		if t.claimed.IsZero() {
			return exact.Decimal{}
		}
		return part.Mul(total).DivRound(t.claimed, places, exact.HalfUp)
	}
	proven, unproven, conceded := follow(p.proven), follow(p.unproven), follow(p.conceded)
	switch {
	case !p.conceded.IsZero():
		conceded = total.Sub(proven).Sub(unproven)
	case !p.unproven.IsZero():
		unproven = total.Sub(proven)
	default:
		proven = total
	}
	v.Proven, v.Unproven = v.Proven.set(other, proven), v.Unproven.set(other, unproven)
	v.Conceded, v.Underbilled = v.Conceded.set(other, conceded.Add(excess)), v.Underbilled.set(other, follow(p.underbilled))
}

// excessTax is row 23: how much more tax the line claims than its net bears at the recomputed ratio, where that is more than roundings make.
// Net and gross may each be rounded to the minor unit from exact amounts: half a unit of the gross, half a unit of the net, and what the net's half
// unit bears in tax. Where no rate is known the gross simply follows the net.
func (t *trial) excessTax() exact.Decimal {
	claimed := t.line.line.Claimed
	if !claimed.AfterTaxes.Present || t.basis == AfterTaxes || t.claimed.Sign() <= 0 || !t.known {
		return exact.Decimal{}
	}
	cost := t.price.cost()
	switch {
	case !t.price.knowsRate():
		t.note(codeTaxUnverified, ocpi.SeverityInfo, "no tax rate is known for CDR %s: the line's own tax is taken", t.cdr.cdr.ID)
		return exact.Decimal{}
	case cost.BeforeTaxes.Value.IsZero():
		return exact.Decimal{}
	}
	net, taxes := cost.BeforeTaxes.Value, cost.AfterTaxes.Value.Sub(cost.BeforeTaxes.Value)
	tax := claimed.AfterTaxes.Value.Sub(claimed.BeforeTaxes.Value)
	minor := exact.New(int64(max(1, t.line.stands)), MinorUnits(t.line.line.Currency)) // each line rounds its own net and gross
	// |tax − C × taxes ÷ net| ≤ minor × (½ + ½ + ½ × taxes ÷ net), without dividing.
	if agree(tax.Mul(net), t.claimed.Mul(taxes), minor.Mul(net.Abs().Add(taxes.Abs().Mul(exact.New(5, 1))))) {
		return exact.Decimal{}
	}
	places := max(claimed.AfterTaxes.Value.Scale(), MinorUnits(t.line.line.Currency))
	want := t.claimed.Mul(taxes).DivRound(net, places, exact.HalfUp)
	t.find(codeTaxMismatch, ocpi.SeverityError, "the line claims tax %s, its net bears %s by the rates of tariff and CDR", tax, want)
	if !want.Less(tax) {
		t.notes = append(t.notes, codeTaxMismatch)
		return exact.Decimal{}
	}
	return tax.Sub(want)
}

// knowsRate reports whether tariff or CDR name a tax rate. A tariff of 2.2.1 without one is priced without tax; that no tax is due at all
// is more than it says.
func (p *price) knowsRate() bool {
	cost := p.cost()
	if !cost.AfterTaxes.Present || !cost.BeforeTaxes.Present {
		return false
	}
	if !cost.AfterTaxes.Value.Equal(cost.BeforeTaxes.Value) {
		return true
	}
	for _, t := range p.res.Tariffs {
		for _, e := range t.Elements {
			for _, c := range e.PriceComponents {
				if c.VAT.Present {
					return true
				}
			}
		}
	}
	for _, tax := range p.in.CDR.TotalCost.Taxes {
		if tax.Percentage.Present {
			return true
		}
	}
	return false
}
