package lint

import (
	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// Bounds of numbers: the lower one is inclusive, the upper one exclusive (mod_tariffs, TariffRestrictions).

// pair is the two bounds of one quantity.
type pair struct {
	name, unit string
	of         func(r *ocpi.Restrictions) (least, greatest ocpi.Number)
	// settled says that the engine knows the quantity at every moment. Of power and current a period states the least and the greatest
	// at best, and what they leave open is the question power-unknown.
	settled bool
	// signed says that the quantity, which is settled, is below 0 where more energy is fed back than drawn.
	signed bool
}

var pairs = []pair{
	{"kwh", "kWh", func(r *ocpi.Restrictions) (a, b ocpi.Number) { return r.MinKWh, r.MaxKWh }, true, true},
	{"duration", "s", func(r *ocpi.Restrictions) (a, b ocpi.Number) { return r.MinDuration, r.MaxDuration }, true, false},
	{"power", "kW", func(r *ocpi.Restrictions) (a, b ocpi.Number) { return r.MinPower, r.MaxPower }, false, false},
	{"current", "A", func(r *ocpi.Restrictions) (a, b ocpi.Number) { return r.MinCurrent, r.MaxCurrent }, false, false},
}

const (
	questionPowerUnknown  = "power-unknown"
	questionDateWindow    = "date-time-window"
	questionEndTime2359   = "end-time-2359"
	questionWeekdayWindow = "weekday-of-window"
	questionDuplicate     = "duplicate-component"
	questionStepZero      = "step-zero"
)

// bounds looks at the pairs of bounds of an element.
func (l *linter) bounds(i int) {
	e := &l.elements[i]
	for _, p := range pairs {
		least, greatest := p.of(&e.r)
		if least.Present && greatest.Present && !least.Value.Less(greatest.Value) {
			l.reversed(i, p, least.Value, greatest.Value)
			continue
		}
		if greatest.Present && greatest.Value.Sign() <= 0 {
			l.zeroGreatest(i, p, greatest.Value)
		}
		if least.Present && least.Value.Sign() <= 0 {
			severity := ocpi.SeverityWarn
			if greatest.Present {
				severity = ocpi.SeverityInfo
			}
			l.zeroLeast(i, p, least.Value, severity)
		}
	}
}

// reversed reports bounds with nothing between them.
func (l *linter) reversed(i int, p pair, least, greatest exact.Decimal) {
	e := &l.elements[i]
	a, b := l.restriction(e, "min_"+p.name), l.restriction(e, "max_"+p.name)
	code, cure := CodeRestrictionNever, "give them different values, or drop the element"
	if greatest.Less(least) {
		code, cure = CodeBoundsReversed, "exchange the two values, or drop the element"
	}
	says := "the element never prices anything"
	if !p.settled {
		says = "no value is between them, yet the element applies where a period does not settle it"
	}
	f := l.add(code, ocpi.SeverityWarn, a, cure, "min_%s is %s and max_%s %s, wanted the least below the greatest: %s",
		p.name, least.Plain(), p.name, greatest.Plain(), says)
	if p.settled {
		l.never(i, f)
		if code == CodeRestrictionNever {
			f.Edit = l.dropElement(i)
		}
	} else {
		f.Questions = []string{questionPowerUnknown}
	}
	if code == CodeBoundsReversed {
		f.Edit = l.exchange(e.restrictions, a, b)
	}
}

// zeroGreatest reports an upper bound that no quantity is below.
func (l *linter) zeroGreatest(i int, p pair, greatest exact.Decimal) {
	e := &l.elements[i]
	n := l.restriction(e, "max_"+p.name)
	const cure = "leave it out if there is no upper bound, or drop the element"
	switch {
	case !p.settled:
		f := l.add(CodeRestrictionZero, ocpi.SeverityWarn, n, cure,
			"max_%s is %s %s: the element applies only where a period does not settle the %s, or energy is fed back", p.name, greatest.Plain(), p.unit, p.name)
		f.Questions = []string{questionPowerUnknown}
	case p.signed:
		l.add(CodeRestrictionZero, ocpi.SeverityWarn, n, cure,
			"max_%s is %s: the element applies only once the session has fed back more energy than it drew", p.name, greatest.Plain())
	default:
		f := l.add(CodeRestrictionNever, ocpi.SeverityWarn, n, cure,
			"max_%s is %s %s, which every session has reached when it begins: the element never prices anything", p.name, greatest.Plain(), p.unit)
		l.never(i, f)
		f.Edit = l.dropElement(i)
	}
}

// zeroLeast reports a lower bound that every quantity has reached. Beside an upper bound it is a matter of taste.
func (l *linter) zeroLeast(i int, p pair, least exact.Decimal, severity ocpi.Severity) {
	e := &l.elements[i]
	name := "min_" + p.name
	if p.signed && l.feedsBack {
		return // it tells drawing from feeding back
	}
	n, single := l.doc.member(e.restrictions, name)
	says, proviso := "which every session has reached when it begins: it restricts nothing", ""
	switch {
	case !p.settled:
		says = "which every period reaches that states the " + p.name + ", and what it leaves open holds: it restricts nothing"
	case p.signed:
		says = "it restricts nothing, unless the session has fed back more energy than it drew"
		proviso = "the session has not fed back more energy than it drew"
	}
	f := l.add(CodeRestrictionAlways, severity, l.restriction(e, name), "leave it out", "%s is %s %s, %s", name, least.Plain(), p.unit, says)
	f.claim = claim{kind: claimAlways, element: i, members: []string{name}}
	if f.Edit = l.drop(single, n); f.Edit != nil {
		f.Edit.Keeps, f.Edit.Proviso = p.settled, proviso
	}
	if !p.settled {
		f.Questions = []string{questionPowerUnknown}
	}
}

// pricesFeedingBack reports a tariff that treats energy fed back apart: by a bound below which only that is, or a negative price.
func (l *linter) pricesFeedingBack() bool {
	for i := range l.elements {
		r := &l.elements[i].r
		if r.MaxKWh.Present && r.MaxKWh.Value.Sign() <= 0 || r.MinKWh.Present && r.MinKWh.Value.Sign() < 0 {
			return true
		}
	}
	return l.hasNegativePrice()
}

func (l *linter) hasNegativePrice() bool {
	for i := range l.t.Elements {
		for _, c := range l.t.Elements[i].PriceComponents {
			if c.Price.Present && c.Price.Value.Sign() < 0 {
				return true
			}
		}
	}
	return false
}
