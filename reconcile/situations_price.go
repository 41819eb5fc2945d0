package reconcile

import (
	"fmt"
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile/rounding"
	"github.com/nexacollect/reconcile/tariff"
)

// rowPrice is rows 2, 3 and 16: the line differs from the recomputed price. Where it repeats the CDR's own total, the CDR is at fault.
func (t *trial) rowPrice() {
	if !t.known || t.near(t.value) {
		return
	}
	t.grounds.message = fmt.Sprintf("the line claims %s, CDR %s is worth %s", t.claimed, t.cdr.cdr.ID, t.value.Plain())
	total := t.on(claimedCost(t.cdr.cdr))
	if !total.Present || !t.near(total.Value) {
		return
	}
	message := fmt.Sprintf("the line repeats total_cost %s of CDR %s; its periods are worth %s", total.Value, t.cdr.cdr.ID, t.value.Plain())
	if t.claimed.Less(t.value) {
		t.note(codeCostTotalMismatch, ocpi.SeverityWarn, "%s", message)
		return
	}
	t.grounds.code, t.grounds.message = codeCostTotalMismatch, message
}

// rowRounding is row 17: one named rounding of the price gives the line's amount exactly. Where the case names no scheme, the excess is
// neither proven nor given away; a scheme that the case names is part of every price already, and another one only explains the line.
func (t *trial) rowRounding() {
	if !t.known || !t.base.Equal(t.value) || t.near(t.value) {
		return
	}
	by := t.explainRounding()
	if by == "" {
		return
	}
	exactly, agreed := t.price.cost().on(t.basis).Value, t.b.terms.Rounding
	message := fmt.Sprintf("the line claims %s, which is the price %s %s", t.claimed, exactly.Plain(), by)
	switch {
	case agreed != nil:
		t.note(codeCostRounding, ocpi.SeverityInfo, "%s; the case agrees on %s", message, agreed)
	case t.claimed.Less(t.value):
		t.note(codeCostRounding, ocpi.SeverityInfo, "%s; the case names no rounding", message)
	default:
		t.rule(ruling{row: 17, code: codeCostRounding, floor: t.value, wide: true, message: message + "; the case names no rounding"})
	}
}

// explainRounding says how the price, or the sum of its dimensions, is rounded to give the line's amount; "" where no rounding does. It
// names the simplest of the schemes that a case file can state, if one of them does it.
func (t *trial) explainRounding() string {
	res, cost := t.price.res, t.price.cost().on(t.basis).Value
	minor := MinorUnits(t.line.line.Currency)
	parts, ok := dimensionCosts(res, t.basis)
	if !ok || !addsUp(parts, cost) {
		parts = nil
	}
	by := explainRounding(t.claimed, cost, parts, minor)
	if by == "" {
		return ""
	}
	o := rounding.Observation{Claimed: rounding.Money(t.line.line.Claimed), Computed: rounding.Compute(res)}
	if scheme, ok := rounding.NewSpace(t.basis.rounding(), minor, false).Explain(&o); ok {
		return "rounded " + scheme.String()
	}
	return "by " + by
}

// midPeriodChange is the open question of which price holds where a component changes inside a period.
const midPeriodChange = "mid-period-change"

// rowBoundary is the first half of row 18: a tariff boundary lies inside a period that was not split there. Nobody knows when in the
// period its energy flowed, so on a disputed line the least and the greatest of all prices bound it, that as declared among them; on any
// other, and where the case fixes what holds there, the price as declared decides.
func (t *trial) rowBoundary() {
	if !t.known || t.governing.res.Boundaries == 0 {
		return
	}
	res := t.governing.res
	r := ruling{row: 18, code: codeBoundary, floor: t.base, ceiling: t.base,
		message: fmt.Sprintf("%d tariff boundaries lie inside periods of CDR %s", res.Boundaries, t.cdr.cdr.ID)}
	var sheets []NamedSheet
	for _, s := range splitsOf(t.governing) {
		value, ok := t.otherwise(s.in, Money{s.cost.BeforeTaxes, s.cost.AfterTaxes})
		if !ok {
			continue
		}
		r.message += fmt.Sprintf("; %s it is worth %s", s.words, value.Plain())
		if value.Less(r.floor) || r.ceiling.Less(value) {
			r.widen(value)
			sheets = append(sheets, NamedSheet{Name: s.name, CDR: t.cdr.cdr, Sheet: s.sheet, Input: s.in})
		}
	}
	if res.Unbounded != "" {
		r.message += "; what other splits cost is not known: " + res.Unbounded
	}
	if len(sheets) == 0 {
		return
	}
	if t.isFixed(midPeriodChange) || !t.line.disputed {
		t.mention(codeBoundary)
		return
	}
	t.sheets = append(t.sheets, sheets...)
	t.rule(r)
}

// splitPrice is what a CDR costs with its periods split in one way.
type splitPrice struct {
	name, words string
	cost        tariff.Money
	sheet       *tariff.Sheet
	in          tariff.Input
}

// splitsOf are the prices of a CDR whose periods boundaries divide, split there: those of the ends only where they are known.
func splitsOf(p *price) []splitPrice {
	res := p.res
	all := []splitPrice{
		{name: sheetSplit, words: "split there with even energy", cost: res.Split, sheet: res.SplitSheet, in: p.in},
		{name: sheetLeast, words: "at the least", cost: res.Least, sheet: res.LeastSheet, in: p.in},
		{name: sheetGreatest, words: "at the most", cost: res.Greatest, sheet: res.GreatestSheet, in: p.in},
	}
	all[0].in.Split, all[1].in.Extreme, all[2].in.Extreme = true, tariff.Least, tariff.Greatest
	return slices.DeleteFunc(all, func(s splitPrice) bool { return s.sheet == nil })
}

// otherwise is the amount of the governing price calculated in another way, as the case's rounding scheme makes it; cost is its exact total.
func (t *trial) otherwise(in tariff.Input, cost Money) (exact.Decimal, bool) {
	if t.b.terms.Rounding == nil {
		n := cost.on(t.basis)
		return n.Value, n.Present
	}
	return t.b.settled(t.b.calculate(t.cdr, func(to *tariff.Input) { *to = in }), t.basis)
}

// rowReadings is the second half of row 18: on a disputed line, a question that the spec leaves open and the case does not fix changes
// the price. Other choices for questions that the spec answers only explain what a partner did; they do not count. On any other line the
// default reading decides; that there are others is a warning where the line is not what the default makes it.
func (t *trial) rowReadings() {
	if !t.known || !t.line.disputed && t.near(t.base) || !t.asksOpenQuestion() {
		return
	}
	r := ruling{row: 18, code: codeReading, floor: t.base, ceiling: t.base}
	for _, reading := range tariff.Readings(t.governing.in, t.governing.res, t.unasked()) {
		if reading.Answered {
			continue
		}
		in := t.readAs(reading.Question, reading.Choice)
		other, ok := t.otherwise(in, Money{reading.Cost.BeforeTaxes, reading.Cost.AfterTaxes})
		if !ok || other.Equal(t.base) {
			continue
		}
		if t.isFixed(reading.Question) {
			t.exclude(reading.Question, reading.Choice, other, reading.Sheet, in)
			continue
		}
		r.widen(other)
		if r.message != "" {
			r.message += "; "
		}
		r.message += fmt.Sprintf("%s read as %s gives %s", reading.Question, reading.Choice, other.Plain())
		if t.line.disputed {
			t.sheets = append(t.sheets, NamedSheet{Name: readingSheet(reading.Question, reading.Choice), CDR: t.cdr.cdr, Sheet: reading.Sheet, Input: in})
		}
	}
	switch {
	case r.message == "":
	case t.line.disputed:
		t.openReadings(r)
	default:
		t.note(codeReading, ocpi.SeverityWarn, "%s", r.message)
	}
}

// openReadings adds the readings of a disputed line. They and a boundary are one row: its ceiling is the greatest of all the prices.
func (t *trial) openReadings(r ruling) {
	for i := range t.rulings {
		if b := &t.rulings[i]; b.row == r.row {
			b.ceiling = exact.Max(b.ceiling, r.ceiling)
			r.ceiling = b.ceiling
		}
	}
	t.rule(r)
}
