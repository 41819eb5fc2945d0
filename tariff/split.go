package tariff

import (
	"fmt"
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
)

// Splitting periods at boundaries: energy and time are taken as even within the period, the last part takes what the others leave,
// so that the totals stay exact.

// cutPeriods replaces each period that has cuts by its parts.
func (e *engine) cutPeriods() {
	if e.allocation != nil {
		e.cutAllocation()
		return
	}
	if len(e.cuts) == 0 {
		return
	}
	var out []period
	for i := range e.periods {
		p := &e.periods[i]
		var own []cut
		for _, c := range e.cuts {
			if c.index == p.src.Index {
				own = append(own, c)
			}
		}
		if len(own) == 0 {
			out = append(out, *p)
			continue
		}
		out = append(out, e.partsOf(i, own, slotEnergy)...)
	}
	e.periods = append(e.periods[:0], out...)
}

// partsOf splits the volumes of one period, those of the slots from first on.
func (e *engine) partsOf(i int, cuts []cut, first slot) []period {
	p := e.periods[i]
	length := e.length(i)
	out := make([]period, 0, len(cuts)+1)
	var done [slotFlat]Ref // volume of the parts so far
	next := p
	for n, c := range cuts {
		offset := e.s.offset(c.place, p.start, c.at)
		part := next
		part.end = c.at
		for sl := first; sl < slotFlat; sl++ {
			if p.volume[sl] == 0 {
				continue
			}
			upTo := e.volumeUpTo(&p, sl, c, offset, length)
			part.volume[sl] = upTo
			if done[sl] != 0 {
				part.volume[sl] = e.s.sub(RuleSplit, upTo, done[sl])
			}
			done[sl] = upTo
		}
		out = append(out, part)
		next = p
		next.start, next.offset, next.part = c.at, offset, int32(n+1)
		next.clock, next.elapsed = clock{}, 0
	}
	for sl := first; sl < slotFlat; sl++ {
		if done[sl] != 0 {
			next.volume[sl] = e.s.sub(RuleSplit, p.volume[sl], done[sl])
		}
	}
	return append(out, next)
}

// volumeUpTo is the volume of a period up to a cut.
func (e *engine) volumeUpTo(p *period, sl slot, c cut, offset, length Ref) Ref {
	if sl == slotEnergy && c.energy {
		bound := e.s.input(RuleRestrictionValue, "kWh", c.place, c.limit.Value)
		for i := range e.periods {
			if e.periods[i].src == p.src {
				break
			}
			if v := e.periods[i].volume[slotEnergy]; v != 0 {
				bound = e.s.sub(RuleSplit, bound, v)
			}
		}
		return bound
	}
	unit := e.s.Step(p.volume[sl]).Unit
	return e.s.share(RuleSplit, unit, e.s.mul(RuleSplit, unit+"·s", p.volume[sl], offset), length)
}

// splitPrice prices the CDR split, evenly and so that it costs least and most, and reports the boundaries.
func (e *engine) splitPrice(cuts []cut) {
	other := newEngine(e.in)
	defer other.release()
	other.cuts = slices.Clone(cuts)
	other.run()
	if other.res.Blocked != nil {
		return
	}
	e.res.Boundaries, e.res.Split, e.res.SplitSheet = len(cuts), other.res.Totals.Cost, other.res.Sheet
	e.setEnds(cuts)
	e.finding(CodePeriodSpansBoundary, ocpi.SeverityWarn, pointerOf(mark{kind: atPeriod, a: int32(cuts[0].index)}), e.boundaryMessage(cuts))
}

// boundaryMessage gives the prices of a session with unsplit periods.
func (e *engine) boundaryMessage(cuts []cut) string {
	message := fmt.Sprintf("%s inside an unsplit period, first at %s: the session costs %s %s as declared, %s split there with even energy",
		counted(len(cuts), "tariff boundary lies", "tariff boundaries lie"), stamp(cuts[0].at), e.currency, shown(e.res.Totals.Cost), shown(e.res.Split))
	if e.res.Unbounded == "" {
		message += fmt.Sprintf(", at least %s and at most %s however the energy flowed", shown(e.res.Least), shown(e.res.Greatest))
	} else {
		message += "; what other splits cost is not known: " + e.res.Unbounded
	}
	if !e.tariffs[0].splitDuty {
		message += "; 2.1.1 does not oblige the operator to split, so this cannot be verified"
	}
	return message
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// shown is an amount for messages: before taxes, or after where only that is known.
func shown(m Money) string {
	if m.BeforeTaxes.Present {
		return m.BeforeTaxes.Value.Output()
	}
	return m.AfterTaxes.Value.Output() + " after taxes"
}
