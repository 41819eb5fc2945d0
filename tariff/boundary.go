package tariff

import (
	"slices"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
)

// Boundaries inside periods. Since 2.2 the operator must start a new period whenever another component becomes active (mod_cdrs,
// ChargingPeriod), interpolating where the charge point has no sample, so that the components at a period's start are those of the
// whole period. Where it did not, the price as declared and the price as split differ; here the places are found.

// cut is a boundary inside a period.
type cut struct {
	index  int // of the period in the record
	at     time.Time
	place  leaf // the restriction that changes there
	energy bool // the energy of the session reaches the bound there
	limit  ocpi.Number
}

// moment is a candidate for a cut.
type moment = cut

// maxMoments bounds the candidates of one period: nonsense times must not cost more than this.
const maxMoments = 4_000

// boundaries finds the cuts of all periods. It runs on a sheet of its own, so that the price as declared stays as it is.
func (e *engine) boundaries() []cut {
	asks := false
	for i := range e.tariffs {
		a := e.tariffs[i].asks
		asks = asks || a.clock || a.energy || a.duration
	}
	if !asks || e.cdr.StartDateTime.Unix() == 0 || e.cdr.EndDateTime.Unix() == 0 {
		return nil // 1970 stands for a time that is not known (mod_cdrs, CDR)
	}
	var out []cut
	before := e.startProbe()
	e.flatSeen = [slotCount]bool{}
	for i := range e.periods {
		for sl := slotFlat; sl < slotCount; sl++ {
			e.flatSeen[sl] = e.flatSeen[sl] || e.periods[i].pick[sl].ok
		}
		out = append(out, e.cutsOf(i)...)
	}
	e.endProbe(before)
	return out
}

// probed is what looking at other prices must leave as it was.
type probed struct {
	sheet    *Sheet
	findings []ocpi.Finding
	asked    questionSet
}

// startProbe begins to look at how the CDR could be priced, on a sheet that is thrown away.
func (e *engine) startProbe() probed {
	before := probed{e.s, e.res.Findings, e.asked}
	e.s = &e.probe
	e.probe.reset()
	e.probe.steps = append(e.probe.steps, before.sheet.steps...) // earlier steps are referred to
	return before
}

func (e *engine) endProbe(before probed) {
	e.s, e.res.Findings, e.asked = before.sheet, before.findings, before.asked
	e.res.Blocked = nil
}

// cutsOf finds the boundaries of one period at which a component that matters changes.
func (e *engine) cutsOf(i int) []cut {
	p := &e.periods[i]
	if p.tariff == noTariff || !p.end.After(p.start) || p.part > 0 {
		return nil
	}
	e.moments = e.moments[:0]
	c := &e.tariffs[p.tariff]
	for _, el := range c.bounded {
		e.durationMoments(c, el, p)
		e.energyMoments(c, el, p)
	}
	e.clockMoments(c, p)
	slices.SortStableFunc(e.moments, func(a, b moment) int { return a.at.Compare(b.at) })
	var out []cut
	last := *p
	for _, m := range e.moments {
		if !m.at.After(last.start) || !m.at.Before(p.end) {
			continue
		}
		q := e.probeAt(p, m)
		if e.blocked() {
			break
		}
		if e.changes(p, &last, &q) {
			out = append(out, m)
		}
		last = q
	}
	return out
}

// probeAt is the rest of a period from a moment on, with its components.
func (e *engine) probeAt(p *period, m moment) period {
	q := e.laterIn(p, m.at)
	if v := p.volume[slotEnergy]; e.tariffs[p.tariff].asks.energy && v != 0 {
		if m.energy {
			q.before = e.s.constant(RuleEnergyBefore, "kWh", m.limit.Value)
		} else {
			length := e.s.constant(RulePeriodLength, "s", secondsBetween(p.start, p.end))
			q.before = e.s.add(RuleEnergyBefore, p.before, e.s.share(RuleSplit, "kWh", e.s.mul(RuleSplit, "kWh·s", v, q.offset), length))
		}
	}
	e.probeFor(&q)
	return q
}

// laterIn is the rest of a period from an instant on, without components.
func (e *engine) laterIn(p *period, at time.Time) period {
	q := *p
	q.start, q.clock, q.elapsed, q.pick = at, clock{}, 0, [slotCount]pick{}
	q.offset = e.s.constant(RuleSplitOffset, "s", secondsBetween(p.start, at))
	return q
}

// probeFor finds the components of a rest of a period, FLAT among them whether or not one is found already.
func (e *engine) probeFor(q *period) {
	done := e.flatsDone
	e.flatsDone = false
	e.chooseFor(q)
	e.flatsDone = done
}

// changes reports whether a component changes that has volume in the period, or whether a FLAT begins.
func (e *engine) changes(whole, a, b *period) bool {
	c := &e.tariffs[whole.tariff]
	changed := false
	for sl := slotFlat; sl < slotCount; sl++ {
		changed = e.flatBegins(b, sl) || changed
	}
	for sl := slotEnergy; sl <= slotReserved && !changed; sl++ {
		changed = e.s.sign(whole.volume[sl]) != 0 && !sameComponent(c, a.pick[sl], b.pick[sl])
	}
	return changed
}

// flatBegins reports whether a FLAT becomes active for the first time in the session, and is not what is charged as declared.
func (e *engine) flatBegins(p *period, sl slot) bool {
	if !p.pick[sl].ok || e.flatSeen[sl] {
		return false
	}
	e.flatSeen[sl] = true
	for i := range e.lines {
		if l := &e.lines[i]; l.slot == sl {
			return l.tariff != p.tariff || !sameComponent(&e.tariffs[p.tariff], l.pick, p.pick[sl])
		}
	}
	return true
}

// sameComponent reports that two picks price alike.
func sameComponent(c *compiled, a, b pick) bool {
	if a.ok != b.ok {
		return false
	}
	if !a.ok || a == b {
		return true
	}
	x, y := c.component(a), c.component(b)
	return sameNumber(x.Price, y.Price) && sameNumber(x.VAT, y.VAT) && sameNumber(x.StepSize, y.StepSize)
}

func sameNumber(a, b ocpi.Number) bool {
	return a.Present == b.Present && (!a.Present || a.Value.Equal(b.Value))
}

// durationMoments collects the moments at which an element's bounds of duration are reached.
func (e *engine) durationMoments(c *compiled, el int32, p *period) {
	r := c.t.Elements[el].Restrictions
	for i, n := range [...]ocpi.Number{r.MinDuration, r.MaxDuration} {
		if n.Present {
			e.durationMoment(c, el, limitMinDuration+int32(i), n, p)
		}
	}
}

// energyMoments collects the moments at which an element's bounds of energy are reached.
func (e *engine) energyMoments(c *compiled, el int32, p *period) {
	r := c.t.Elements[el].Restrictions
	for i, n := range [...]ocpi.Number{r.MinKWh, r.MaxKWh} {
		if n.Present {
			e.energyMoment(c, el, limitMinKWh+int32(i), n, p)
		}
	}
}

func (e *engine) addMoment(m moment) {
	if len(e.moments) < maxMoments {
		e.moments = append(e.moments, m)
	}
}

// durationMoment is where the session reaches a duration.
func (e *engine) durationMoment(c *compiled, el, member int32, n ocpi.Number, p *period) {
	origin, _ := e.origin(p)
	whole, ok := asDuration(n.Value)
	if !ok {
		return
	}
	e.addMoment(moment{index: p.src.Index, at: origin.Add(whole), place: c.leafAt(atRestriction, el, member)})
}

// energyMoment is where the energy of the session reaches a bound, the energy taken as evenly delivered.
func (e *engine) energyMoment(c *compiled, el, member int32, n ocpi.Number, p *period) {
	v := p.volume[slotEnergy]
	if e.s.sign(v) <= 0 {
		return
	}
	bound := e.s.constant(RuleRestrictionValue, "kWh", n.Value)
	part := bound
	if p.before != 0 {
		part = e.s.sub(RuleSplit, bound, p.before)
	}
	if e.s.sign(part) <= 0 || !e.s.less(part, v) {
		return
	}
	length := e.s.constant(RulePeriodLength, "s", secondsBetween(p.start, p.end))
	at := e.s.share(RuleSplit, "s", e.s.mul(RuleSplit, "kWh·s", length, part), v)
	offset, ok := asDuration(e.s.value(at))
	if !ok {
		return
	}
	e.addMoment(moment{index: p.src.Index, at: p.start.Add(offset), place: c.leafAt(atRestriction, el, member), energy: true, limit: n})
}

// clockMoments are the times of day inside a period, on every stretch of it that has one offset from UTC: the change of that
// offset is a moment too, because local time jumps there.
func (e *engine) clockMoments(c *compiled, p *period) {
	loc := e.in.Zone.Location
	if c.oldText && e.rules.is(questionRestrictionZone, zoneUTC) {
		loc = time.UTC
	}
	if loc == nil || len(c.dayTimes) == 0 {
		return
	}
	for from := p.start; from.Before(p.end) && len(e.moments) < maxMoments; {
		_, offset := from.In(loc).Zone()
		_, until := from.In(loc).ZoneBounds()
		to := p.end
		if !until.IsZero() && until.Before(to) {
			to = until
			e.addMoment(moment{index: p.src.Index, at: until.UTC(), place: c.placeOf(&c.dayTimes[0])})
		}
		e.dayMoments(c, p, from, to, offset)
		from = to
	}
}

// placeOf is where a time of day stands.
func (c *compiled) placeOf(d *dayPlace) leaf { return c.leafAt(atRestriction, d.element, d.member) }

// dayMoments are the moments between two instants with one offset.
func (e *engine) dayMoments(c *compiled, p *period, from, to time.Time, offset int) {
	const day = 24 * 60 * 60
	local := from.Unix() + int64(offset)
	for midnight := local - mod(local, day); midnight-int64(offset) <= to.Unix() && len(e.moments) < maxMoments; midnight += day {
		for i := range c.dayTimes {
			d := &c.dayTimes[i]
			at := time.Unix(midnight-int64(offset)+int64(d.minutes*secondsPerMins), 0).UTC()
			if at.After(from) && at.Before(to) {
				e.addMoment(moment{index: p.src.Index, at: at, place: c.placeOf(d)})
			}
		}
	}
}

func mod(a, b int64) int64 { return (a%b + b) % b }
