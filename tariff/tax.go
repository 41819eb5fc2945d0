package tariff

import (
	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// Taxes. 2.1.1 prices are before VAT and name no rate. 2.2.1 prices are before VAT, a component may carry its rate (mod_tariffs,
// PriceComponent.vat; absent: none applies). 2.3.0 says for the whole tariff whether prices include taxes (mod_tariffs,
// TaxIncluded); a rate may stand in the component, else percentages in the CDR's taxes. Amounts of taxes are never taken over.

// price computes the amounts of every line.
func (e *engine) price() {
	for i := range e.lines {
		l := &e.lines[i]
		amount := l.price
		if l.slot < slotFlat {
			unit := e.perHourUnit
			if l.slot == slotEnergy {
				unit = e.currency
			}
			amount = e.s.mul(RuleCost, unit, l.volume, l.price)
		}
		e.taxLine(l, amount)
		e.scales.net = max(e.scales.net, e.s.scale(l.net))
		e.scales.gross = max(e.scales.gross, e.s.scale(l.gross))
	}
}

// taxLine gives a line its amounts before and after taxes.
func (e *engine) taxLine(l *line, amount Ref) {
	c := &e.tariffs[l.tariff]
	included := c.t.TaxIncluded
	if included == ocpi.TaxNotStated && c.taxIncluded {
		included = ocpi.TaxNo
		read := int32(0)
		if e.ask(questionTaxIncludedMissing) == missingYes {
			included, read = ocpi.TaxYes, 1
		}
		e.noteOnce(&c.taxNoted, c.leafAt(atTariff, 0, 0), mark{kind: noteTaxIncludedAbsent, a: read})
	}
	switch included {
	case ocpi.TaxNA:
		e.noteOnce(&c.taxNoted, c.leafAt(atTaxIncluded, 0, 0), mark{kind: noteTaxNotApplicable})
		l.net, l.gross = amount, amount
	case ocpi.TaxYes:
		e.noteOnce(&c.taxNoted, c.leafAt(atTaxIncluded, 0, 0), mark{kind: notePriceIsGross})
		l.gross = amount
		l.rate = e.rate(c, l)
		l.noNet = l.rate == 0 || refuted(e.s.value(l.rate))
		if l.noNet {
			e.noteOnce(&c.rateNoted, c.leafAt(atTariff, 0, 0), mark{kind: noteNetUnknown})
		}
	default:
		e.addTax(c, l, amount)
	}
}

// addTax is for prices before taxes.
func (e *engine) addTax(c *compiled, l *line, amount Ref) {
	l.net, l.gross = amount, amount
	l.rate = e.rate(c, l)
	switch {
	case l.rate != 0:
		l.gross = e.s.percentOn(RuleCostAfterTaxes, amount, l.rate)
	case e.rules.is(questionVATAbsent, vatNone) && (!c.noVAT || e.cdrNoVAT()):
		e.noteOnce(&c.rateNoted, c.leafAt(atTariff, 0, 0), mark{kind: noteNoVAT})
	default:
		l.gross, l.noGross = 0, true
		e.noteOnce(&c.rateNoted, c.leafAt(atTariff, 0, 0), mark{kind: noteTaxUnknown})
	}
}

// cdrNoVAT reports a CDR of a version without VAT. A tariff of such a version beside a CDR of another says nothing of taxes.
func (e *engine) cdrNoVAT() bool { return bundleOf(e.cdr.Version).noVAT }

func (e *engine) noteOnce(noted *bool, from leaf, what mark) {
	if !*noted {
		*noted = true
		e.s.note(RuleTax, from, what, 0, 0)
	}
}

// rate is the tax rate of a line in percent, 0 where none is stated.
func (e *engine) rate(c *compiled, l *line) Ref {
	comp := c.component(l.pick)
	if comp.VAT.Present && !c.noVAT {
		for i := range e.lines {
			if o := &e.lines[i]; o.rate != 0 && o.tariff == l.tariff && o.pick == l.pick {
				return o.rate
			}
		}
		return e.s.input(RuleVAT, "%", c.leafAt(atVAT, l.pick.element, l.pick.component), comp.VAT.Value)
	}
	if c.noVAT && !e.cdrNoVAT() || e.ask(questionVATAbsent) != vatFromCDR {
		return 0
	}
	r := e.rateFrom(costOf(l), e.costClaim(costOf(l)))
	if r == 0 {
		r = e.rateFrom(0, e.cdr.TotalCost)
	}
	if r != 0 {
		e.noteOnce(&c.rateNoted, c.leafAt(atTariff, 0, 0), mark{kind: noteTaxFromCDR})
	}
	return r
}

// costOf is the index of the cost that a line belongs to, in costMembers.
func costOf(l *line) int32 {
	switch {
	case l.slot == slotEnergy:
		return 2
	case l.slot == slotTime:
		return 3
	case l.slot == slotParking || l.parking:
		return 4
	case l.slot == slotFlat:
		return 1
	default:
		return 5
	}
}

// costClaim is the CDR's own cost of that index; only its rates are looked at.
func (e *engine) costClaim(i int32) ocpi.Price {
	c := e.cdr
	return [...]ocpi.Price{c.TotalCost, c.TotalFixedCost, c.TotalEnergyCost, c.TotalTimeCost, c.TotalParkingCost, c.TotalReservationCost}[i]
}

// rateFrom is the rate that a cost's taxes state: the sum of their percentages. Two taxes of one name are alternatives, for parts
// of the cost that cannot be told apart, and give none.
func (e *engine) rateFrom(cost int32, p ocpi.Price) Ref {
	if len(p.Taxes) == 0 {
		return 0
	}
	for i, t := range p.Taxes {
		if !t.Percentage.Present {
			return 0
		}
		for _, o := range p.Taxes[:i] {
			if o.Name == t.Name && !o.Percentage.Value.Equal(t.Percentage.Value) {
				return 0
			}
		}
	}
	var sum Ref
	for i, t := range p.Taxes {
		if repeated(p.Taxes[:i], t.Name) {
			continue
		}
		at := leaf{doc: DocCDR, at: mark{kind: atTax, a: cost, b: int32(i)}}
		sum = e.s.add(RuleTaxRate, sum, e.s.input(RuleTaxRate, "%", at, t.Percentage.Value))
	}
	return sum
}

func repeated(taxes []ocpi.TaxAmount, name string) bool {
	for _, t := range taxes {
		if t.Name == name {
			return true
		}
	}
	return false
}

// tally adds up lines: plain amounts and amounts that PerHour still has to divide, apart.
type tally struct {
	net, netHours     Ref
	gross, grossHours Ref
	noNet, noGross    bool
	any               bool
	included          []rateTally // prices that include taxes, by rate: their net is found by one division each
}

type rateTally struct{ rate, amount, hours Ref }

// addLine adds a line to a tally.
func (e *engine) addLine(t *tally, l *line) {
	o := tally{noNet: l.noNet, noGross: l.noGross, any: true}
	timed := l.slot == slotTime || l.slot == slotParking || l.slot == slotReserved
	included := l.net == 0
	if timed {
		o.netHours, o.grossHours = l.net, l.gross
	} else {
		o.net, o.gross = l.net, l.gross
	}
	if included && !l.noNet {
		r := rateTally{rate: l.rate, amount: l.gross}
		if timed {
			r = rateTally{rate: l.rate, hours: l.gross}
		}
		o.included = []rateTally{r}
	}
	e.addTally(t, &o)
}

// addTally adds one tally to another.
func (e *engine) addTally(t, o *tally) {
	sameAmounts, sameHours := t.net == t.gross && o.net == o.gross, t.netHours == t.grossHours && o.netHours == o.grossHours
	t.net = e.s.add(RuleCostSum, t.net, o.net)
	t.netHours = e.s.add(RuleCostSum, t.netHours, o.netHours)
	if sameAmounts {
		t.gross = t.net
	} else {
		t.gross = e.s.add(RuleCostSum, t.gross, o.gross)
	}
	if sameHours {
		t.grossHours = t.netHours
	} else {
		t.grossHours = e.s.add(RuleCostSum, t.grossHours, o.grossHours)
	}
	t.noNet, t.noGross, t.any = t.noNet || o.noNet, t.noGross || o.noGross, t.any || o.any
	for _, r := range o.included {
		e.addRate(t, r)
	}
}

func (e *engine) addRate(t *tally, r rateTally) {
	for i := range t.included {
		if q := &t.included[i]; e.s.value(q.rate).Equal(e.s.value(r.rate)) {
			q.amount = e.s.add(RuleCostSum, q.amount, r.amount)
			q.hours = e.s.add(RuleCostSum, q.hours, r.hours)
			return
		}
	}
	t.included = append(t.included, r)
}

// money is the amount of a tally.
func (e *engine) money(t *tally) Money {
	var m Money
	if !t.noNet {
		net := e.s.add(RuleCostSum, t.net, e.perHour(t.netHours, e.scales.net))
		for _, r := range t.included {
			gross := e.s.add(RuleCostSum, r.amount, e.perHour(r.hours, e.scales.gross))
			net = e.s.add(RuleCostSum, net, e.s.netOfGross(RuleNetOfGross, gross, r.rate, e.scales.gross))
		}
		m.BeforeTaxes, m.BeforeTaxesRef = e.number(net), net
	}
	switch {
	case t.noGross || !t.any && e.grossNeverKnown():
	case t.gross == t.net && t.grossHours == t.netHours:
		m.AfterTaxes, m.AfterTaxesRef = m.BeforeTaxes, m.BeforeTaxesRef
	default:
		gross := e.s.add(RuleCostSum, t.gross, e.perHour(t.grossHours, e.scales.gross))
		m.AfterTaxes, m.AfterTaxesRef = e.number(gross), gross
	}
	return m
}

// grossNeverKnown reports a CDR whose amounts after taxes are unknown even where they are nothing.
func (e *engine) grossNeverKnown() bool {
	return e.cdrNoVAT() && e.ask(questionVATAbsent) == vatUnknown
}

// perHour divides an amount by 3600, once for each amount.
func (e *engine) perHour(a Ref, scale int32) Ref {
	if a == 0 {
		return 0
	}
	for _, h := range e.hours {
		if h.from == a && e.s.Step(h.to).Places == divisionPlaces(scale) {
			return h.to
		}
	}
	to := e.s.perHour(e.currency, a, scale)
	e.hours = append(e.hours, hourStep{a, to})
	return to
}

func (e *engine) number(r Ref) ocpi.Number { return ocpi.Number{Value: e.s.value(r), Present: true} }

// hoursOf is a total of time in hours.
func (e *engine) hoursOf(seconds Ref) exact.Decimal {
	if seconds == 0 {
		return exact.Decimal{}
	}
	return e.s.value(e.s.divide(OpPerHour, RuleTotalHours, "h", seconds, 0, divisionPlaces(e.s.scale(seconds))))
}
