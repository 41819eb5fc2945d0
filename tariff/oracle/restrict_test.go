package oracle_test

import (
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"
)

// moment is an instant of a span: all that a restriction may look at.
type moment struct {
	span    *span
	offset  time.Duration // since the start of the span
	local   time.Time
	kwh     *big.Rat // of the session so far, that of a span taken as even
	elapsed *big.Rat // seconds of the session so far
}

func (p *span) begin() moment { return p.after(0) }

func (p *span) after(offset time.Duration) moment {
	m := moment{span: p, offset: offset, local: p.StartDateTime.Add(offset).In(p.state.zone), kwh: p.kwh}
	m.elapsed = seconds(p.origin, m.local)
	if offset > 0 {
		part := big.NewRat(int64(offset), int64(p.end.Sub(p.StartDateTime.Time)))
		m.kwh = part.Add(part.Mul(part, p.energy), p.kwh)
	}
	return m
}

// active is a component that prices a dimension at a moment.
type active struct {
	*component
	element *element
	index   int // of the element in its tariff
}

// find walks the elements and takes the first with a component of the kind whose restrictions all hold (mod_tariffs, Tariff). An
// element for reservations prices reserved time and nothing else; every other element does not price it.
func (m moment) find(kind, reservation string) *active {
	for i := range m.span.tariff.Elements {
		e := &m.span.tariff.Elements[i]
		r := e.Restrictions
		if r == nil {
			r = new(restrictions)
		}
		if r.Reservation != reservation || !m.holds(r) {
			continue
		}
		for j := range e.PriceComponents {
			if e.PriceComponents[j].Type == kind {
				return &active{&e.PriceComponents[j], e, i}
			}
		}
	}
	return nil
}

func (m moment) holds(r *restrictions) bool {
	return m.inTimes(r.StartTime, r.EndTime) && m.inDates(r.StartDate, r.EndDate) && m.onDay(r.DayOfWeek) &&
		within(m.kwh, r.MinKWh, r.MaxKWh) && within(m.elapsed, r.MinDuration, r.MaxDuration) &&
		m.mayBeWithin("MIN_CURRENT", "MAX_CURRENT", r.MinCurrent, r.MaxCurrent) &&
		m.mayBeWithin("MIN_POWER", "MAX_POWER", r.MinPower, r.MaxPower)
}

// within: the lower bound is inside, the upper outside.
func within(v *big.Rat, from, until number) bool {
	return (!from.given() || v.Cmp(from.Rat) >= 0) && (!until.given() || v.Cmp(until.Rat) < 0)
}

// mayBeWithin tests a value of which the period states the least and the greatest: the restriction fails where the whole range lies
// outside, and holds where that is not known.
func (m moment) mayBeWithin(least, greatest string, from, until number) bool {
	if from.given() && m.span.has(greatest) && m.span.stated(greatest).Cmp(from.Rat) < 0 {
		return false
	}
	return !until.given() || !m.span.has(least) || m.span.stated(least).Cmp(until.Rat) < 0
}

// inTimes tests the wall clock. An end of 00:00 is the end of the day, as is 24:00; a window may run over midnight; a window of no
// length never holds.
func (m moment) inTimes(start, end string) bool {
	now := m.local.Hour()*60 + m.local.Minute()
	from, until := 0, 24*60
	if start != "" {
		from = minutes(start)
	}
	if end != "" && minutes(end) != 0 {
		until = minutes(end)
	}
	if from < until {
		return from <= now && now < until
	}
	return from > until && (now >= from || now < until)
}

func minutes(clock string) int {
	hour, minute, _ := strings.Cut(clock, ":")
	h, err := strconv.Atoi(hour)
	if err != nil {
		panic(clock)
	}
	m, err := strconv.Atoi(minute)
	if err != nil {
		panic(clock)
	}
	return h*60 + m
}

// inDates compares the local date, which in this writing sorts as text; the end is outside.
func (m moment) inDates(start, end string) bool {
	if start == "" && end == "" {
		return true
	}
	today := m.local.Format(time.DateOnly)
	return today >= start && (end == "" || today < end)
}

// onDay takes the weekday of the moment itself, in a window over midnight too. An empty list is no restriction.
func (m moment) onDay(days []string) bool {
	return len(days) == 0 || slices.Contains(days, strings.ToUpper(m.local.Weekday().String()))
}
