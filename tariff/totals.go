package tariff

import (
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
)

// Totals: mod_cdrs, CDR.total_cost and the costs beside it. FLAT belongs to the fixed cost, but for that of reservations and of
// elements that price parking and nothing else.

// totals fills Result.Totals.
func (e *engine) totals() {
	var tallies [len(costMembers)]tally
	for i := range e.lines {
		l := &e.lines[i]
		e.addLine(&tallies[costOf(l)], l)
	}
	t := &e.res.Totals
	t.EnergyKWh = e.s.value(e.signed(e.sumVolume(slotEnergy)))
	e.timeTotals(t)
	for i, m := range [...]*Money{&t.Cost, &t.FixedCost, &t.EnergyCost, &t.TimeCost, &t.ParkingCost, &t.ReservationCost} {
		if i > 0 {
			*m = e.money(&tallies[i])
			e.addTally(&tallies[0], &tallies[i])
		}
	}
	t.Cost = e.limited(&tallies[0])
	if e.cdr.IsCredit() {
		e.s.note(RuleCredit, leaf{doc: DocCDR}, mark{kind: noteCredit}, 0, 0)
		t.Cost = e.negative(t.Cost)
	}
	if e.negated {
		for _, m := range [...]*Money{&t.FixedCost, &t.EnergyCost, &t.TimeCost, &t.ParkingCost, &t.ReservationCost} {
			*m = e.negative(*m)
		}
	}
}

// negative negates an amount. A credit CDR has its total cost negated and nothing else (mod_cdrs, Credit CDRs); one whose volumes
// are negative has all costs negated.
func (e *engine) negative(m Money) Money {
	same := m.BeforeTaxesRef == m.AfterTaxesRef
	if m.BeforeTaxes.Present && m.BeforeTaxesRef != 0 {
		m.BeforeTaxesRef = e.s.neg(m.BeforeTaxesRef)
		m.BeforeTaxes = e.number(m.BeforeTaxesRef)
	}
	switch {
	case !m.AfterTaxes.Present || m.AfterTaxesRef == 0:
	case same:
		m.AfterTaxes, m.AfterTaxesRef = m.BeforeTaxes, m.BeforeTaxesRef
	default:
		m.AfterTaxesRef = e.s.neg(m.AfterTaxesRef)
		m.AfterTaxes = e.number(m.AfterTaxesRef)
	}
	return m
}

// timeTotals fills the totals of time.
func (e *engine) timeTotals(t *Totals) {
	c := e.cdr
	whole := e.s.seconds(RuleSessionLength, c.StartDateTime, c.EndDateTime, mark{kind: atStart}, e.endMark())
	t.TimeHours = e.hoursOf(whole)
	t.ChargingTimeHours = t.TimeHours
	if e.reserved {
		if i := slices.IndexFunc(e.periods, func(p period) bool { return p.charging }); i > 0 {
			p := &e.periods[i]
			t.ChargingTimeHours = e.hoursOf(e.s.seconds(RuleSessionLength, p.start, c.EndDateTime, startMark(p), e.endMark()))
		}
	}
	t.ParkingTimeHours = e.hoursOf(e.signed(e.sumVolume(slotParking)))
}

// signed turns a total back to the sign that the CDR states it with.
func (e *engine) signed(r Ref) Ref {
	if e.negated && r != 0 {
		return e.s.neg(r)
	}
	return r
}

// limited is the total cost within min_price and max_price. mod_tariffs, Tariff: limits of the session's total, before and after
// taxes each for itself. Nothing is said of several tariffs, or of a reservation that led to no session.
func (e *engine) limited(all *tally) Money {
	if !e.anyLimits() {
		return e.money(all)
	}
	if e.reserved && !slices.ContainsFunc(e.periods, func(p period) bool { return p.charging }) &&
		e.ask(questionLimitsReservationOnly) == limitsSkip {
		return e.money(all)
	}
	if len(e.tariffs) > 1 {
		e.finding(CodeTariffLimits, ocpi.SeverityWarn, "/tariffs",
			"several tariffs price the session and limits are stated: which hold for the total is open")
		if e.ask(questionLimitsSeveralTariffs) == limitsEach {
			return e.limitedEach()
		}
	}
	return e.within(&e.tariffs[0], e.money(all), e.untaxed(noTariff))
}

func (e *engine) anyLimits() bool {
	for i := range e.tariffs {
		if t := e.tariffs[i].t; t.MinPrice.Present() || t.MaxPrice.Present() {
			return true
		}
	}
	return false
}

// limitedEach holds each tariff's limits against what it priced.
func (e *engine) limitedEach() Money {
	var sum Money
	for n := range e.tariffs {
		var own tally
		for i := range e.lines {
			if l := &e.lines[i]; int(l.tariff) == n {
				e.addLine(&own, l)
			}
		}
		m := e.within(&e.tariffs[n], e.money(&own), e.untaxed(int32(n)))
		if n == 0 {
			sum = m
			continue
		}
		sum.BeforeTaxes.Present = sum.BeforeTaxes.Present && m.BeforeTaxes.Present
		sum.AfterTaxes.Present = sum.AfterTaxes.Present && m.AfterTaxes.Present
		sum.BeforeTaxesRef = e.s.add(RuleCostSum, sum.BeforeTaxesRef, m.BeforeTaxesRef)
		sum.AfterTaxesRef = e.s.add(RuleCostSum, sum.AfterTaxesRef, m.AfterTaxesRef)
	}
	sum.BeforeTaxes.Value, sum.AfterTaxes.Value = e.s.value(sum.BeforeTaxesRef), e.s.value(sum.AfterTaxesRef)
	return sum
}

// untaxed reports that no line of a tariff (noTariff: of any) bears a tax; one of 0 % is none.
func (e *engine) untaxed(tariff int32) bool {
	for i := range e.lines {
		if l := &e.lines[i]; (tariff == noTariff || l.tariff == tariff) && (l.noNet || l.noGross || l.net != l.gross && e.s.sign(l.rate) != 0) {
			return false
		}
	}
	return true
}

// within holds a total against one tariff's limits.
func (e *engine) within(c *compiled, m Money, untaxed bool) Money {
	m = e.limit(c, m, 0, untaxed)
	return e.limit(c, m, 1, untaxed)
}

// limit applies min_price (side 0) or max_price (side 1).
func (e *engine) limit(c *compiled, m Money, side int32, untaxed bool) Money {
	p := [...]ocpi.Price{c.t.MinPrice, c.t.MaxPrice}[side]
	net, gross := amountKinds(p.Shape)
	hit := false
	if p.BeforeTaxes.Present && m.BeforeTaxes.Present {
		m.BeforeTaxes, m.BeforeTaxesRef, hit = e.clamp(c, m.BeforeTaxesRef, p.BeforeTaxes, side, net, 0)
	}
	switch {
	case !m.AfterTaxes.Present:
	case p.AfterTaxes.Present:
		m.AfterTaxes, m.AfterTaxesRef, _ = e.clamp(c, m.AfterTaxesRef, p.AfterTaxes, side, gross, 1)
	case !p.BeforeTaxes.Present:
	case !m.BeforeTaxes.Present:
		if e.ask(questionLimitsWithoutRate) == limitsAny {
			m.AfterTaxes, m.AfterTaxesRef, _ = e.clamp(c, m.AfterTaxesRef, p.BeforeTaxes, side, net, 1)
		}
	case hit && untaxed:
		m.AfterTaxes, m.AfterTaxesRef = m.BeforeTaxes, m.BeforeTaxesRef
	case hit && m.AfterTaxes.Value.Less(m.BeforeTaxes.Value):
		e.s.note(RulePriceLimitHit, c.leafAt(atLimit, side, net), mark{kind: noteLimitOpen}, m.BeforeTaxesRef, m.AfterTaxesRef)
		m.AfterTaxes, m.AfterTaxesRef = ocpi.Number{}, 0
	}
	return m
}

// amountKinds are the members of a price's amounts before and after taxes, in amountMembers.
func amountKinds(shape ocpi.PriceShape) (net, gross int32) {
	switch shape {
	case ocpi.ShapeExclIncl:
		return 1, 2
	case ocpi.ShapeBeforeTaxes:
		return 3, 4
	default:
		return 0, 0
	}
}

// clamp holds one amount against one bound.
func (e *engine) clamp(c *compiled, ref Ref, bound ocpi.Number, side, member, tax int32) (ocpi.Number, Ref, bool) {
	at := c.leafAt(atLimit, side, member)
	b := e.s.input(RulePriceLimit, e.currency, at, bound.Value)
	if ref == 0 {
		ref = e.zero()
	}
	var out Ref
	if side == 0 {
		out = e.s.greatest(RuleMinPrice, ref, b)
	} else {
		out = e.s.least(RuleMaxPrice, ref, b)
	}
	hit := !e.s.value(out).Equal(e.s.value(ref))
	if hit {
		e.s.note(RulePriceLimitHit, at, mark{kind: noteLimitHit, a: side, b: tax}, ref, b)
	}
	return e.number(out), out, hit
}
