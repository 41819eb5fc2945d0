package lint

import "github.com/nexacollect/reconcile/ocpi"

// implies reports that wherever the restrictions a hold, b hold too, under every reading of the open questions. It may miss cases.
func implies(a, b *ocpi.Restrictions) bool {
	if a.Reservation != b.Reservation {
		return false
	}
	for _, p := range pairs {
		if !within(p, a, b) {
			return false
		}
	}
	return clockImplies(a, b)
}

// within reports that a's bounds of one quantity lie inside b's.
func within(p pair, a, b *ocpi.Restrictions) bool {
	aLeast, aGreatest := p.of(a)
	bLeast, bGreatest := p.of(b)
	if bLeast.Present && (!aLeast.Present || aLeast.Value.Less(bLeast.Value)) {
		return false
	}
	return !bGreatest.Present || aGreatest.Present && !bGreatest.Value.Less(aGreatest.Value)
}

// clockImplies is implies for dates, times and days, which readings join: dates and times to one span, days and times over midnight.
func clockImplies(a, b *ocpi.Restrictions) bool {
	if b.StartTime == a.StartTime && b.EndTime == a.EndTime && b.StartDate == a.StartDate && b.EndDate == a.EndDate {
		return daysImply(a, b)
	}
	if dated(a) && timed(a) && (dated(b) || timed(b)) {
		return false
	}
	if b.StartDate.Present && (!a.StartDate.Present || dayNumber(a.StartDate) < dayNumber(b.StartDate)) {
		return false
	}
	if b.EndDate.Present && (!a.EndDate.Present || dayNumber(b.EndDate) < dayNumber(a.EndDate)) {
		return false
	}
	if (overMidnight(a) || overMidnight(b)) && b.DayOfWeek != 0 {
		return false
	}
	return daysImply(a, b) && windowImplies(a, b, false) && windowImplies(a, b, true)
}

func daysImply(a, b *ocpi.Restrictions) bool {
	return b.DayOfWeek == 0 || a.DayOfWeek != 0 && a.DayOfWeek&^b.DayOfWeek == 0
}

func overMidnight(r *ocpi.Restrictions) bool {
	end := r.EndTime.Minutes % minutesPerDay
	return r.StartTime.Present && r.EndTime.Present && end < r.StartTime.Minutes && end != 0
}

// windowImplies compares times of day minute by minute. endOfDay is the reading in which an end_time of 23:59 is the end of the day.
func windowImplies(a, b *ocpi.Restrictions, endOfDay bool) bool {
	if !timed(b) {
		return true
	}
	for m := range minutesPerDay {
		if inWindow(a, m, endOfDay) && !inWindow(b, m, endOfDay) {
			return false
		}
	}
	return true
}

// inWindow reports whether a time of day is inside the times of r: from the start, until before the end, over midnight where it ends
// before it starts. A bound that is missing, or an end of 00:00, is the day's own.
func inWindow(r *ocpi.Restrictions, minute int, endOfDay bool) bool {
	start, end := r.StartTime.Minutes, r.EndTime.Minutes%minutesPerDay
	hasStart, hasEnd := r.StartTime.Present, r.EndTime.Present && end != 0
	if hasEnd && end == lastMinute && endOfDay && minute >= end {
		hasEnd = false
	}
	if hasStart && hasEnd && end < start {
		return minute >= start || minute < end
	}
	return (!hasStart || minute >= start) && (!hasEnd || minute < end)
}
