package reconcile

import (
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
)

// price is one calculation of a CDR's price.
type price struct {
	in      tariff.Input
	res     *tariff.Result
	blocked *ocpi.Finding  // why there is none
	zone    []ocpi.Finding // of finding the time zone
}

// cost is the exact total, both sides.
func (p *price) cost() Money {
	if p.blocked != nil {
		return Money{}
	}
	return Money{p.res.Totals.Cost.BeforeTaxes, p.res.Totals.Cost.AfterTaxes}
}

// price recomputes a CDR as declared, on the tariffs that govern it. It is done once for each CDR.
func (b *bench) price(c *cdrEntry) *price {
	if c.prices == nil {
		c.prices = b.calculate(c, nil)
	}
	return c.prices
}

// priceAll prices the CDRs of the lines, which will be asked for.
func (b *bench) priceAll() {
	for _, l := range b.lines {
		if l.cdr != nil {
			b.price(l.cdr)
		}
	}
}

// calculate prices a CDR; change, which may be nil, alters the usual input.
func (b *bench) calculate(c *cdrEntry, change func(*tariff.Input)) *price {
	if block := ocpi.FirstBlock(c.decoded); block != nil {
		return &price{blocked: block}
	}
	p := b.newPrice()
	p.in = tariff.Input{CDR: c.cdr, Supplied: b.terms.Supplied, Rules: b.terms.Rules(c.cdr.Version)}
	p.in.Zone, p.zone = tariff.ResolveZone(c.cdr, b.terms.ZoneOf, b.terms.TimeZone)
	if b.fillsIn(c) {
		p.in.Supplied = b.terms.Agreed
	}
	if change != nil {
		change(&p.in)
	}
	p.res = tariff.Price(p.in)
	p.blocked = p.res.Blocked
	return p
}

// newPrice is an empty calculation, remembered so that its memory can be given back.
func (b *bench) newPrice() *price {
	p := &b.one.price
	if b.one.priceUsed {
		p = new(price)
	}
	b.one.priceUsed = true
	b.prices = append(b.prices, p)
	return p
}

// fillsIn reports whether the agreed tariffs price the CDR for want of any other: there is nothing in whose place they would stand.
func (b *bench) fillsIn(c *cdrEntry) bool {
	return len(c.cdr.Tariffs) == 0 && len(b.terms.Supplied) == 0 && len(b.terms.Agreed) > 0
}

// agreedPrice is the price on the agreed tariff, nil where the case names none.
func (b *bench) agreedPrice(c *cdrEntry) *price {
	if len(b.terms.Agreed) == 0 {
		return nil
	}
	if declared := b.price(c); b.fillsIn(c) {
		return declared
	}
	if c.agreed == nil {
		c.agreed = b.calculate(c, func(in *tariff.Input) { in.Supplied, in.Source = b.terms.Agreed, tariff.Given })
	}
	return c.agreed
}

// publishedPrice is the price on the published tariffs of the same ids as those that priced the CDR, nil where the CDR was priced on
// supplied tariffs anyway or each of its tariffs is the published one.
func (b *bench) publishedPrice(c *cdrEntry) *price {
	declared := b.price(c)
	if declared.blocked != nil || declared.res.Supplied || len(b.terms.Supplied) == 0 {
		return nil
	}
	if c.published == nil {
		published, differs := b.publishedFor(c, declared.res.Tariffs)
		if !differs {
			return nil
		}
		c.published = b.calculate(c, func(in *tariff.Input) { in.Supplied, in.Source = published, tariff.Given })
	}
	return c.published
}

// publishedFor finds the published counterparts of the tariffs that priced a CDR, where prices differ. All of them must be there for a comparison.
func (b *bench) publishedFor(c *cdrEntry, used []*ocpi.Tariff) (published []*ocpi.Tariff, differs bool) {
	for _, t := range used {
		p := b.publishedVersion(c.cdr, t)
		if p == nil {
			return nil, false
		}
		differs = differs || !b.samePrices(p, t)
	}
	if !differs {
		return nil, false
	}
	for _, t := range used {
		published = append(published, b.publishedVersion(c.cdr, t))
	}
	return published, true
}

// samePrices compares two tariffs; a month has few, which CDRs share.
func (b *bench) samePrices(published, own *ocpi.Tariff) bool {
	pair := tariffPair{published, own}
	same, known := b.compared[pair]
	if !known {
		same = samePrices(published, own)
		b.compared[pair] = same
	}
	return same
}

// tariffPair is a published tariff and one that a CDR embeds.
type tariffPair struct{ published, own *ocpi.Tariff }

// publishedVersion is the published version of a tariff that was valid when the CDR began: of several the newest that was published
// by then.
func (b *bench) publishedVersion(c *ocpi.CDR, t *ocpi.Tariff) *ocpi.Tariff {
	var best *ocpi.Tariff
	for _, p := range b.terms.published(t.ID) {
		if !sameID(p.ID, t.ID) || !partly(p.CountryCode, p.PartyID, c.CountryCode, c.PartyID) || !validAt(p, c) {
			continue
		}
		if best == nil || comparePublished(p, best, c) > 0 {
			best = p
		}
	}
	return best
}

func validAt(t *ocpi.Tariff, c *ocpi.CDR) bool {
	return !c.StartDateTime.Before(t.StartDateTime) && (t.EndDateTime.IsZero() || c.StartDateTime.Before(t.EndDateTime))
}

// comparePublished puts a version that was published when the CDR began before one that was not yet, then the newer one first.
func comparePublished(a, b *ocpi.Tariff, c *ocpi.CDR) int {
	known := func(t *ocpi.Tariff) bool { return !t.LastUpdated.After(c.StartDateTime) }
	if d := compareFlags(known(a), known(b)); d != 0 {
		return d
	}
	if d := a.LastUpdated.Compare(b.LastUpdated); d != 0 {
		return d
	}
	return comparePlaces(b.Record.Place, a.Record.Place)
}

// dimensionCosts are the costs of the dimensions on one basis, false where one is not known.
func dimensionCosts(res *tariff.Result, basis Basis) ([]exact.Decimal, bool) {
	var out []exact.Decimal
	for _, m := range []tariff.Money{
		res.Totals.FixedCost, res.Totals.EnergyCost, res.Totals.TimeCost, res.Totals.ParkingCost, res.Totals.ReservationCost,
	} {
		n := Money{m.BeforeTaxes, m.AfterTaxes}.on(basis)
		if !n.Present {
			return nil, false
		}
		out = append(out, n.Value)
	}
	return out, true
}

// settled is a price on one basis as the case's rounding scheme makes it; without a scheme it is exact.
func (b *bench) settled(p *price, basis Basis) (exact.Decimal, bool) {
	cost := p.cost().on(basis)
	if !cost.Present || b.terms.Rounding == nil {
		return cost.Value, cost.Present
	}
	return b.terms.Rounding.Of(p.res, basis.rounding())
}

func sum(parts []exact.Decimal) exact.Decimal {
	var out exact.Decimal
	for _, p := range parts {
		out = out.Add(p)
	}
	return out
}

// billedKWh is the energy that a CDR bills: of its periods, else its total.
func billedKWh(c *ocpi.CDR) exact.Decimal { return eitherKWh(periodEnergy(c), c) }

func eitherKWh(periods ocpi.Number, c *ocpi.CDR) exact.Decimal {
	if periods.Present {
		return periods.Value
	}
	return c.TotalEnergy.Value
}

// billedKWh is that of the CDR.
func (c *cdrEntry) billedKWh() exact.Decimal { return eitherKWh(c.periodEnergy(), c.cdr) }

// periodEnergy is that of the CDR.
func (c *cdrEntry) periodEnergy() ocpi.Number {
	if !c.summed {
		c.energy, c.summed = periodEnergy(c.cdr), true
	}
	return c.energy
}

// periodEnergy is Σ ENERGY of the periods, absent where no period measures energy.
func periodEnergy(c *ocpi.CDR) ocpi.Number {
	var out ocpi.Number
	for i := range c.ChargingPeriods {
		for _, d := range c.ChargingPeriods[i].Dimensions {
			if d.Kind == ocpi.Energy && d.Volume.Present {
				out = Known(out.Value.Add(d.Volume.Value))
			}
		}
	}
	return out
}

// amount is the tolerance for money in a currency, beside an amount.
func (t *Tolerance) amount(currency string, beside exact.Decimal) exact.Decimal {
	tolerance := t.Amount.Value
	if !t.Amount.Present {
		tolerance = exact.New(5, MinorUnits(currency)+1)
	}
	if t.Percent.Sign() > 0 {
		tolerance = exact.Max(tolerance, beside.Abs().Mul(t.Percent).Shift(-2))
	}
	return tolerance
}

// tariffsOf are the supplied tariffs that prices used, each once.
func tariffsOf(prices []*price) []*ocpi.Tariff {
	var out []*ocpi.Tariff
	for _, p := range prices {
		if p.res == nil || !p.res.Supplied {
			continue
		}
		for _, t := range p.res.Tariffs {
			if !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
	}
	return out
}
