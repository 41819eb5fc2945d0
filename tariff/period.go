package tariff

import (
	"slices"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
)

// Charging periods: order, ends and context. mod_cdrs, ChargingPeriod.

// period is a charging period as it is priced: sorted, with its end, or a part of one that was split.
type period struct {
	src        *ocpi.ChargingPeriod
	start, end time.Time
	tariff     int32 // index into engine.tariffs, or noTariff
	why        uint8 // the note that says why that tariff governs
	part       int32 // of a split period, from 0

	reservation, charging bool
	missing               [slotFlat]bool // a dimension of the slot has no volume
	stated                [slotFlat]bool // a dimension of the slot is listed
	volume                [slotFlat]Ref  // kWh or seconds
	pick                  [slotCount]pick

	under         bool // of a part: the energy before it stays as little below a bound as one likes
	little, brief bool // its energy, its time is as little as one likes, but not nothing
	low           Ref  // where under: a bound below, 0 for the energy before the whole period

	offset  Ref // of a part: seconds from the period's start
	before  Ref // energy of the session before it
	elapsed Ref // seconds since the session began; set when asked
	clock   clock
}

const noTariff = -1

// pick is the component that prices a slot in a period.
type pick struct {
	element, component int32
	ok                 bool
}

// arrange sorts the periods and finds their ends. It reports false where the CDR cannot be priced.
func (e *engine) arrange() bool {
	c := e.cdr
	switch {
	case len(c.ChargingPeriods) == 0:
		e.block(ocpi.PeriodEmpty, "/charging_periods", "the CDR has no charging period, wanted at least one")
		return false
	case c.StartDateTime.IsZero():
		e.block(ocpi.SchemaMissingField, "/start_date_time", "the start of the session is missing")
		return false
	case c.EndDateTime.IsZero():
		e.block(ocpi.SchemaMissingField, pointerOf(e.endMark()), "the end of the session is missing")
		return false
	}
	sorted := true
	for i := range c.ChargingPeriods {
		p := &c.ChargingPeriods[i]
		if p.StartDateTime.IsZero() {
			e.block(ocpi.SchemaMissingField, pointerOf(mark{kind: atPeriodStart, a: int32(p.Index)}), "the start of the period is missing")
			return false
		}
		e.periods = append(e.periods, period{src: p, start: p.StartDateTime, tariff: noTariff})
		sorted = sorted && (i == 0 || !p.StartDateTime.Before(c.ChargingPeriods[i-1].StartDateTime))
	}
	if !sorted {
		slices.SortStableFunc(e.periods, func(a, b period) int { return a.start.Compare(b.start) })
		e.s.note(RulePeriodOrder, leaf{doc: DocCDR}, mark{kind: notePeriodOrder}, 0, 0)
	}
	for i := range e.periods {
		e.periods[i].end = c.EndDateTime
		if i+1 < len(e.periods) {
			e.periods[i].end = e.periods[i+1].start
		}
	}
	return true
}

// endMark is the place of the end of the session.
func (e *engine) endMark() mark {
	if bundleOf(e.cdr.Version).stop {
		return mark{kind: atStop}
	}
	return mark{kind: atEnd}
}

// startMark is the place of a period's start.
func startMark(p *period) mark { return mark{kind: atPeriodStart, a: int32(p.src.Index)} }

// length is the step of a whole period's length in seconds.
func (e *engine) length(i int) Ref {
	to := e.endMark()
	if i+1 < len(e.periods) {
		to = startMark(&e.periods[i+1])
	}
	p := &e.periods[i]
	return e.s.seconds(RulePeriodLength, p.start, p.end, startMark(p), to)
}

// contexts tells reserved from charging periods. A reserved period lists RESERVATION_TIME; it charges as well where it has other
// volume.
func (e *engine) contexts() {
	used := false
	for i := range e.periods {
		p := &e.periods[i]
		other := false
		for _, d := range p.src.Dimensions {
			switch d.Kind {
			case ocpi.ReservationTime:
				p.reservation = true
			case ocpi.Energy, ocpi.Time, ocpi.ParkingTime:
				other = other || !d.Volume.Value.IsZero()
			}
		}
		p.charging = other || !p.reservation
		used = used || p.charging
		e.reserved = e.reserved || p.reservation
	}
	if e.reserved {
		e.reservationOutcome(used)
	}
	e.negated = e.cdr.IsCredit() && e.allNegative()
	if e.negated {
		e.s.note(RuleCredit, leaf{doc: DocCDR}, mark{kind: noteCreditNegated}, 0, 0)
	}
}

// allNegative reports that volumes are stated and none is positive.
func (e *engine) allNegative() bool {
	negative := false
	for i := range e.periods {
		for _, d := range e.periods[i].src.Dimensions {
			switch d.Kind {
			case ocpi.Energy, ocpi.Time, ocpi.ParkingTime, ocpi.ReservationTime:
				if d.Volume.Value.Sign() > 0 {
					return false
				}
				negative = negative || d.Volume.Value.Sign() < 0
			}
		}
	}
	return negative
}

// origin is the instant from which durations count in a period's context, and its place.
func (e *engine) origin(p *period) (time.Time, mark) {
	cdrStart := mark{kind: atStart}
	if p.reservation && !p.charging {
		return e.cdr.StartDateTime, cdrStart
	}
	first := &e.periods[0]
	charging := first
	for i := range e.periods {
		if e.periods[i].charging {
			charging = &e.periods[i]
			break
		}
	}
	at, place := e.cdr.StartDateTime, cdrStart
	if e.reserved && charging != first {
		at, place = charging.start, startMark(charging)
	}
	if at.Equal(e.cdr.StartDateTime) && at.Equal(first.start) {
		return at, place
	}
	switch e.ask(questionDurationOrigin) {
	case originCDR:
		at, place = e.cdr.StartDateTime, cdrStart
	case originFirstPeriod:
		at, place = first.start, startMark(first)
	}
	if !e.originNoted {
		e.originNoted = true
		e.s.note(RuleDurationOrigin, leaf{doc: DocCDR, at: place}, mark{kind: noteOrigin}, 0, 0)
	}
	return at, place
}

// elapsed is the step of the seconds between the origin of durations and a period's start.
func (e *engine) elapsed(p *period) Ref {
	if p.elapsed == 0 {
		at, place := e.origin(p)
		p.elapsed = e.s.seconds(RuleElapsed, at, p.src.StartDateTime, place, startMark(p))
		if p.offset != 0 {
			p.elapsed = e.s.add(RuleElapsed, p.elapsed, p.offset)
		}
	}
	return p.elapsed
}
