package tariff

import (
	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// Restrictions: mod_tariffs, TariffRestrictions. All that are set must hold. Lower bounds are inclusive, upper bounds exclusive.
// 2.1.1 says only "from" and "until"; the same table is applied to it.

// verdict remembers whether an element's restrictions hold in the context at hand.
type verdict uint8

const (
	unseen verdict = iota
	holding
	failing
)

// failedRun is a run of elements that fail for the same reason, waiting to be noted.
type failedRun struct {
	from, to, member, secs int32
	a, b                   Ref
	open                   bool
}

// resetMemo forgets verdicts, for a new period or context.
func (e *engine) resetMemo(c *compiled) {
	e.pastNoted = false
	n := len(c.t.Elements)
	if cap(e.memo) < n {
		e.memo = make([]verdict, n)
		return
	}
	e.memo = e.memo[:n]
	clear(e.memo)
}

// holds reports whether an element's restrictions hold at a period's start; the reservation restriction is the caller's.
func (e *engine) holds(c *compiled, el int32, p *period, sl slot) bool {
	r := c.t.Elements[el].Restrictions
	if r == nil {
		return true
	}
	measured := (r.MinDuration.Present || r.MaxDuration.Present) && (sl == slotTime || sl == slotParking)
	if v := e.memo[el]; v != unseen && !measured {
		return v == holding
	}
	member, a, b := e.failing(c, el, r, p, sl)
	if !measured {
		e.memo[el] = holding
		if member != limitNone {
			e.memo[el] = failing
		}
	}
	if member != limitNone {
		e.noteFailed(c, p, el, member, a, b)
	}
	return member == limitNone
}

// failing returns the first member that does not hold and the steps compared. What needs the local time comes last, so that an
// unknown zone matters only where it decides.
func (e *engine) failing(c *compiled, el int32, r *ocpi.Restrictions, p *period, sl slot) (member int32, a, b Ref) {
	if r.MinKWh.Present || r.MaxKWh.Present {
		if m := outside(e.s.value(p.before), r.MinKWh, r.MaxKWh, limitMinKWh); m != limitNone {
			return m, p.before, e.bound(c, el, m, "kWh", r.MinKWh, r.MaxKWh, limitMinKWh)
		}
	}
	if r.MinDuration.Present || r.MaxDuration.Present {
		at := e.duration(p, sl)
		if m := outside(e.s.value(at), r.MinDuration, r.MaxDuration, limitMinDuration); m != limitNone {
			return m, at, e.bound(c, el, m, "s", r.MinDuration, r.MaxDuration, limitMinDuration)
		}
	}
	if m := e.powerFails(c, el, r, p); m != limitNone {
		return m, 0, 0
	}
	if asksClock(r) {
		return e.clockFails(c, r, p), 0, 0
	}
	return limitNone, 0, 0
}

// outside returns which of two bounds a value violates; least is inclusive, greatest exclusive.
func outside(v exact.Decimal, least, greatest ocpi.Number, minMember int32) int32 {
	switch {
	case least.Present && v.Less(least.Value):
		return minMember
	case greatest.Present && !v.Less(greatest.Value):
		return minMember + 1
	}
	return limitNone
}

// bound is the leaf of the bound that failed.
func (e *engine) bound(c *compiled, el, member int32, unit string, least, greatest ocpi.Number, minMember int32) Ref {
	v := least
	if member != minMember {
		v = greatest
	}
	return e.s.input(RuleRestrictionValue, unit, c.leafAt(atRestriction, el, member), v.Value)
}

// duration is what min_duration and max_duration measure: the time since the session began, or under the other reading the time
// of the dimension so far.
func (e *engine) duration(p *period, sl slot) Ref {
	if sl == slotTime || sl == slotParking {
		if e.ask(questionDurationMeasure) == durationDimension {
			return e.timeBefore(p, sl)
		}
	}
	return e.elapsed(p)
}

// noteFailed collects elements that fail for the same reason; flushFailed writes them.
func (e *engine) noteFailed(c *compiled, p *period, el, member int32, a, b Ref) {
	secs := int32(-1)
	if member >= limitStartTime && p.clock.known {
		secs = p.clock.secs
	}
	if e.failures.open && e.failures.member == member {
		e.failures.to, e.failures.a, e.failures.b = el, 0, 0
		return
	}
	e.flushFailed(c, p)
	e.failures = failedRun{from: el, to: el, member: member, secs: secs, a: a, b: b, open: true}
}

func (e *engine) flushFailed(c *compiled, p *period) {
	if r := e.failures; r.open {
		e.s.note(RuleRestrictionFailed, c.leafAt(atRestriction, r.from, r.member),
			mark{kind: noteFailed, a: int32(p.src.Index), b: r.to, c: r.secs}, r.a, r.b)
		e.failures.open = false
	}
}

// Power and current: the text means the value at the moment, a period gives its least and greatest at best. Where these settle the
// question it is settled; else it is asked.

// powerBound is one of the four restrictions with the dimensions that can settle it.
type powerBound struct {
	limit     ocpi.Number
	member    int32
	low, high ocpi.Dimension
	upper     bool // the value must be below the limit
}

func (e *engine) powerFails(c *compiled, el int32, r *ocpi.Restrictions, p *period) int32 {
	if !r.MinPower.Present && !r.MaxPower.Present && !r.MinCurrent.Present && !r.MaxCurrent.Present {
		return limitNone
	}
	low, high := ocpi.MinPower, ocpi.MaxPower
	if c.oldText && (r.MinPower.Present || r.MaxPower.Present) && e.ask(questionPowerUnit) == powerAmpere {
		low, high = ocpi.MinCurrent, ocpi.MaxCurrent
	}
	for _, b := range [...]powerBound{
		{r.MinPower, limitMinPower, low, high, false},
		{r.MaxPower, limitMaxPower, low, high, true},
		{r.MinCurrent, limitMinCurrent, ocpi.MinCurrent, ocpi.MaxCurrent, false},
		{r.MaxCurrent, limitMaxCurrent, ocpi.MinCurrent, ocpi.MaxCurrent, true},
	} {
		if b.limit.Present && !e.powerHolds(c, el, p, b) {
			return b.member
		}
	}
	return limitNone
}

// powerHolds settles one bound: below means that the value is certainly below the limit, atLeast that it is certainly not.
func (e *engine) powerHolds(c *compiled, el int32, p *period, b powerBound) bool {
	var below, atLeast bool
	for _, d := range p.src.Dimensions {
		if !d.Volume.Present {
			continue
		}
		switch d.Kind {
		case b.high:
			below = below || d.Volume.Value.Less(b.limit.Value)
		case b.low:
			atLeast = atLeast || !d.Volume.Value.Less(b.limit.Value)
		}
	}
	if below != atLeast {
		return below == b.upper
	}
	kind := noteUnknownHolds
	holds := e.ask(questionPowerUnknown) == powerHolds
	if !holds {
		kind = noteUnknownFails
	}
	e.s.note(RulePowerUnknown, c.leafAt(atRestriction, el, b.member), mark{kind: kind, a: int32(p.src.Index)}, 0, 0)
	return holds
}
