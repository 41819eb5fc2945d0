package tariff

import (
	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// Volumes: mod_cdrs, CdrDimension. Energy stays in kWh; hours become seconds, so that nothing is divided before the end.

// slotOf is the slot that a dimension's volume belongs to, or slotFlat for those that measure nothing priced.
func slotOf(d ocpi.Dimension) slot {
	switch d {
	case ocpi.Energy:
		return slotEnergy
	case ocpi.Time:
		return slotTime
	case ocpi.ParkingTime:
		return slotParking
	case ocpi.ReservationTime:
		return slotReserved
	default:
		return slotFlat
	}
}

// volumes reads the volumes of all periods. TIME is read only where something needs it.
func (e *engine) volumes() {
	fallback := e.fallbackTime()
	for i := range e.periods {
		p := &e.periods[i]
		e.volume(i, slotEnergy)
		if e.prices(p, slotTime) || e.in.Quantities != nil {
			e.chargingTime(i, fallback)
		}
		e.volume(i, slotParking)
		e.volume(i, slotReserved)
	}
}

// prices reports whether the tariff of a period has any component for a slot.
func (e *engine) prices(p *period, sl slot) bool {
	return p.tariff != noTariff && len(e.tariffs[p.tariff].of(sl)) > 0
}

// chargingTime sets TIME of a period, from its dimension or as the questions say.
func (e *engine) chargingTime(i int, fallback bool) {
	p := &e.periods[i]
	if !p.charging {
		return
	}
	if fallback {
		e.s.note(RuleTimeSource, leaf{doc: DocCDR, at: startMark(p)}, mark{kind: noteFallbackTime, a: int32(p.src.Index)}, 0, 0)
		p.volume[slotTime], p.stated[slotTime] = e.length(i), true
		return
	}
	if e.rules.is(questionTimeVolume, timeWallClock) {
		e.asked.add(questionTimeVolume)
		e.s.note(RuleTimeSource, leaf{doc: DocCDR, at: startMark(p)}, mark{kind: noteWallClock, a: int32(p.src.Index)}, 0, 0)
		p.volume[slotTime], p.stated[slotTime] = e.length(i), true
		return
	}
	e.volume(i, slotTime)
	if p.volume[slotTime] == 0 || !e.s.value(p.volume[slotTime]).Equal(secondsBetween(p.start, p.end)) {
		e.asked.add(questionTimeVolume)
	}
}

// fallbackTime reports that no period states time though a tariff prices it, and that their lengths shall count.
func (e *engine) fallbackTime() bool {
	priced := false
	for i := range e.periods {
		for _, d := range e.periods[i].src.Dimensions {
			if d.Kind == ocpi.Time || d.Kind == ocpi.ParkingTime {
				return false
			}
		}
		priced = priced || e.periods[i].charging && e.prices(&e.periods[i], slotTime)
	}
	return priced && e.ask(questionTimeFallback) == fallbackPeriodLength
}

// volume reads one slot of one period: the sum of its dimensions.
func (e *engine) volume(i int, sl slot) {
	p := &e.periods[i]
	var sum Ref
	var decimals int32
	for j, d := range p.src.Dimensions {
		if slotOf(d.Kind) != sl {
			continue
		}
		p.stated[sl] = true
		if !d.Volume.Present {
			p.missing[sl] = true
			continue
		}
		unit := "kWh"
		if sl != slotEnergy {
			unit = "h"
		}
		at := leaf{doc: DocCDR, at: mark{kind: atVolume, a: int32(p.src.Index), b: int32(j)}}
		v := e.s.input(RuleVolume, unit, at, d.Volume.Value)
		decimals = max(decimals, d.Volume.Value.Scale())
		if e.negated {
			v = e.s.neg(v)
		}
		sum = e.s.add(RuleVolumeSum, sum, v)
	}
	if sum != 0 && sl != slotEnergy {
		sum = e.toSeconds(i, sum, decimals)
	}
	p.volume[sl] = sum
}

// toSeconds converts hours of a period. Hours are sent cut to few decimals, so where they are the period's length to within half
// a unit of their last decimal, the length itself counts. JSON drops trailing zeros and computers write noise: at least two and at
// most four decimals are taken as sent.
func (e *engine) toSeconds(i int, hours Ref, decimals int32) Ref {
	if e.hourRef == 0 {
		e.hourRef = e.s.constant(RuleUnits, "s/h", secondsPerHour)
	}
	stated := e.s.mul(RuleHoursToSeconds, "s", hours, e.hourRef)
	p := &e.periods[i]
	v, length := e.s.value(stated), secondsBetween(p.start, p.end)
	if v.IsZero() || length.Sign() <= 0 || v.Equal(length) || !withinSnap(v, length, min(max(decimals, 2), 4)) {
		return stated
	}
	if e.ask(questionHourSnap) == snapNo {
		return stated
	}
	l := e.length(i)
	e.s.note(RuleHourSnap, leaf{doc: DocCDR, at: startMark(p)}, mark{kind: noteSnapped, a: int32(p.src.Index)}, stated, l)
	return l
}

// energyBefore fills the energy of the session before each period, as far as a tariff asks for it.
func (e *engine) energyBefore() {
	asked := false
	for i := range e.tariffs {
		asked = asked || e.tariffs[i].asks.energy
	}
	if !asked {
		return
	}
	var sum Ref
	for i := range e.periods {
		e.periods[i].before = e.beforePart(i, sum)
		sum = e.s.add(RuleEnergyBefore, sum, e.periods[i].volume[slotEnergy])
	}
}

// beforePart is the energy before a period, or where that is just below the bound where it stands, any in the same row.
func (e *engine) beforePart(i int, sum Ref) Ref {
	switch p := &e.periods[i]; {
	case !p.under:
		return sum
	case p.low != 0:
		return p.low
	default:
		return e.periods[i-int(p.part)].before
	}
}

// sumVolume adds up a slot over all periods.
func (e *engine) sumVolume(sl slot) Ref {
	if sum := e.wholeLine(sl); sum != 0 {
		return sum
	}
	var sum Ref
	for i := range e.periods {
		sum = e.s.add(RuleVolumeSum, sum, e.periods[i].volume[sl])
	}
	return sum
}

// wholeLine is the sum of a slot's volumes where one line has all of them.
func (e *engine) wholeLine(sl slot) Ref {
	for i := range e.lines {
		l := &e.lines[i]
		if l.slot != sl || l.stated == 0 {
			continue
		}
		n := 0
		for j := range e.periods {
			if e.periods[j].volume[sl] != 0 {
				n++
			}
		}
		if n == l.portions {
			return l.stated
		}
		return 0
	}
	return 0
}

// timeBefore is the seconds of a time slot before period i, with the part's own offset where it was split.
func (e *engine) timeBefore(p *period, sl slot) Ref {
	var sum Ref
	for i := range e.periods {
		q := &e.periods[i]
		if q.src == p.src && q.part == p.part {
			break
		}
		sum = e.s.add(RuleTimeBefore, sum, q.volume[sl])
	}
	if sum == 0 {
		sum = e.s.constant(RuleTimeBefore, "s", exact.Decimal{})
	}
	return sum
}
