package reconcile

import (
	"slices"
	"sync"

	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
)

// A disputed line is also priced under the readings that the case's agreement excludes. That moves nothing: it tells what is owed whoever
// is right about the agreement, and what only because of it.

// readingSheet is the name of the calculation under a reading.
func readingSheet(question, choice string) string {
	return sheetReading + ":" + question + "=" + choice
}

// readAs is the governing input under another reading of one question; both names come from the register.
func (t *trial) readAs(question, choice string) tariff.Input {
	in := t.governing.in
	rules := *in.Rules
	_ = rules.Set(question, choice)
	in.Rules = &rules
	return in
}

// isFixed reports whether the case settles a question.
func (t *trial) isFixed(question string) bool {
	_, fixed := t.b.terms.Fixed[question]
	return fixed
}

// answeredChoices are the questions that the spec answers, none with a choice, as tariff.Readings takes what is fixed.
var answeredChoices = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for name := range answered() {
		out[name] = ""
	}
	return out
})

// unasked are the questions whose other readings need not be priced: on a disputed line those that the spec answers alone.
func (t *trial) unasked() map[string]string {
	if t.line.disputed {
		return answeredChoices()
	}
	return t.b.terms.Fixed
}

// asksOpenQuestion reports whether the price consulted a question that is not answered and, on a line that is not disputed, not fixed.
func (t *trial) asksOpenQuestion() bool {
	for _, q := range t.governing.res.Consulted {
		if !isAnswered(q) && (t.line.disputed || !t.isFixed(q)) {
			return true
		}
	}
	return false
}

// exclude takes in the price under a reading that the agreement excludes. One above the price as agreed says nothing: what is owed as agreed
// is owed under it too.
func (t *trial) exclude(question, choice string, value exact.Decimal, sheet *tariff.Sheet, in tariff.Input) {
	if !value.Less(t.base) {
		return
	}
	if !t.excluded.Present || value.Less(t.excluded.Value) {
		t.excluded = Known(value)
	}
	t.sheets = append(t.sheets, NamedSheet{Name: readingSheet(question, choice), CDR: t.cdr.cdr, Sheet: sheet, Input: in})
}

// rowFixedBoundary prices a disputed line with a boundary inside a period under the readings of midPeriodChange that the case excludes.
func (t *trial) rowFixedBoundary() {
	if !t.known || !t.line.disputed || !t.isFixed(midPeriodChange) || t.governing.res.Boundaries == 0 {
		return
	}
	for _, q := range tariff.Questions() {
		if q.Name != midPeriodChange {
			continue
		}
		for _, c := range q.Choices {
			if c.Name == t.governing.in.Rules.Choice(q.Name) {
				continue
			}
			in := t.readAs(q.Name, c.Name)
			p := t.b.calculate(t.cdr, func(to *tariff.Input) { *to = in })
			if value, ok := t.b.settled(p, t.basis); ok {
				t.exclude(q.Name, c.Name, value, p.res.Sheet, in)
			}
		}
	}
}

// byReading finds in what is proven of a disputed line what is owed only as the case settles the questions that the spec leaves open, one at a
// time, and in what is unproven what would be owed by the default readings.
func (t *trial) byReading(v *LineVerdict, p parts) {
	if t.excluded.Present {
		at := t.settle(bounds{floor: t.excluded.Value, ceiling: t.excluded.Value})
		every := exact.Max(exact.Decimal{}, exact.Min(p.proven, at.floor))
		v.OnlyAsAgreed = t.portion(v.Proven, p.proven, p.proven.Sub(every))
	}
	v.OnlyByDefault = t.portion(v.Unproven, p.unproven, exact.Min(p.unproven, t.byDefault(p)))
}

// byDefault is how much more would be proven if only the readings as agreed, else the default ones, counted.
func (t *trial) byDefault(p parts) exact.Decimal {
	ofReading := func(r ruling) bool { return r.row == 18 }
	if !slices.ContainsFunc(t.rulings, ofReading) {
		return exact.Decimal{}
	}
	other := *t
	other.rulings = slices.DeleteFunc(slices.Clone(t.rulings), ofReading)
	proven := t.divide(t.settle(other.combine())).proven
	return exact.Max(exact.Decimal{}, proven.Sub(p.proven))
}

// portion is a share of a part on both bases: the other follows in proportion, rounded half away from zero.
func (t *trial) portion(part Money, whole, share exact.Decimal) Money {
	switch {
	case share.IsZero():
		return Money{}
	case share.Equal(whole):
		return part
	}
	out, other := Money{}.set(t.basis, share), t.basis.other()
	if n := part.on(other); n.Present {
		places := max(n.Value.Scale(), MinorUnits(t.line.line.Currency))
		out = out.set(other, n.Value.Mul(share).DivRound(whole, places, exact.HalfUp))
	}
	return out
}

// SplitByReading reports whether the readings say more than the parts do: something proven is owed only as the case settles them, or something
// unproven by the default ones.
func (v *LineVerdict) SplitByReading() bool {
	return !isNothing(v.OnlyAsAgreed) || !isNothing(v.OnlyByDefault)
}

// ReadingsFit reports that what hangs on a reading is part of what is proven and of what is unproven, and only on a disputed line anything.
func (v *LineVerdict) ReadingsFit() bool {
	return v.OnlyAsAgreed.IsPartOf(v.Proven) && v.OnlyByDefault.IsPartOf(v.Unproven) && (v.Disputed || !v.SplitByReading())
}

func isNothing(m Money) bool {
	return m.BeforeTaxes.Value.IsZero() && m.AfterTaxes.Value.IsZero()
}
