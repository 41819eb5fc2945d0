package tariff

import (
	"fmt"
	"math"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
)

// Times, dates and weekdays of restrictions are local to the location (mod_tariffs, TariffRestrictions). An instant is converted,
// then compared: in the hour that autumn repeats a window holds twice, the hour that spring leaves out never comes.

// clock is the local time of a period's start.
type clock struct {
	known   bool
	secs    int32 // since midnight
	day     civil
	weekday time.Weekday
	utcDay  time.Weekday
}

// civil is a day as a number that compares.
type civil int32

func civilOf(year int, month time.Month, day int) civil {
	return civil(year*10000 + int(month)*100 + day)
}

func civilDate(d ocpi.Date) civil { return civilOf(d.Year, d.Month, d.Day) }

const (
	minutesPerDay  = 24 * 60
	lastMinute     = 23*60 + 59
	daysPerWeek    = 7
	secondsPerMins = 60
)

// clockOf reads the clock at a period's start, and blocks where the zone is not known.
func (e *engine) clockOf(c *compiled, p *period) *clock {
	if p.clock.known {
		return &p.clock
	}
	loc := e.in.Zone.Location
	if c.oldText && e.ask(questionRestrictionZone) == zoneUTC {
		loc = time.UTC
	}
	if loc == nil {
		e.block(CodeZoneUnknown, pointerOf(mark{kind: atLocation}),
			"the tariff depends on the local time and no time zone of the location is known")
		loc = time.UTC
	}
	if !e.zoneNoted {
		e.zoneNoted = true
		e.noteZone(loc)
	}
	e.span.hold(p.start, loc)
	p.clock = e.span.clock(p.start)
	if !e.foldNoted && e.span.repeats(p.start.Unix()) {
		e.foldNoted = true
		e.finding(CodeZoneFold, ocpi.SeverityInfo, pointerOf(startMark(p)),
			fmt.Sprintf("local time %s comes twice that night; the instant is converted and compared", p.start.In(loc).Format("2006-01-02 15:04:05")))
	}
	return &p.clock
}

// span is a stretch of time in which a zone keeps its offset, and the offsets around it: to look a zone up costs more than the rest of
// reading a clock, and a month has few spans.
type span struct {
	loc                    *time.Location
	from, until            int64 // Unix seconds; until is exclusive
	offset, previous, next int64 // seconds east of UTC
}

// hold makes the span that of an instant.
func (z *span) hold(at time.Time, loc *time.Location) {
	unix := at.Unix()
	if z.loc == loc && z.from <= unix && unix < z.until {
		return
	}
	t := at.In(loc)
	start, end := t.ZoneBounds()
	offset := offsetOf(t)
	*z = span{loc: loc, from: math.MinInt64, until: math.MaxInt64, offset: offset, previous: offset, next: offset}
	if !start.IsZero() {
		z.from, z.previous = start.Unix(), offsetOf(start.Add(-time.Second))
	}
	if !end.IsZero() {
		z.until, z.next = end.Unix(), offsetOf(end)
	}
}

func offsetOf(t time.Time) int64 {
	_, offset := t.Zone()
	return int64(offset)
}

// repeats reports an instant of the span whose local time the change of clocks in autumn makes come twice.
func (z *span) repeats(unix int64) bool {
	return z.next < z.offset && z.until-unix <= z.offset-z.next || z.previous > z.offset && unix-z.from < z.previous-z.offset
}

// clock reads the local time of an instant of the span.
func (z *span) clock(at time.Time) clock {
	local := time.Unix(at.Unix()+z.offset, 0).UTC() // a clock that shows local time
	h, m, s := local.Clock()
	return clock{
		known: true, secs: int32(h*3600 + m*60 + s), day: civilOf(local.Date()), weekday: local.Weekday(), utcDay: at.UTC().Weekday(),
	}
}

func (e *engine) noteZone(loc *time.Location) {
	text := "local time is that of " + loc.String()
	doc := DocCDR
	if e.in.Zone.Location == loc && e.in.Zone.Source != "" {
		text += " (from: " + e.in.Zone.Source + ")"
		if e.in.Zone.Source == zoneFlag {
			doc = DocCase
		}
	}
	e.s.say(RuleZone, doc, text)
}

// clockFails returns the first restriction on dates, weekdays and times that does not hold.
func (e *engine) clockFails(c *compiled, r *ocpi.Restrictions, p *period) int32 {
	k := e.clockOf(c, p)
	dated := r.StartDate.Present || r.EndDate.Present
	timed := r.StartTime.Present || r.EndTime.Present
	if dated && timed && e.ask(questionDateWindow) == windowJoined {
		if m := joinedFails(r, k); m != limitNone {
			return m
		}
		dated, timed = false, false
	}
	if dated {
		if r.StartDate.Present && k.day < civilDate(r.StartDate) {
			return limitStartDate
		}
		if r.EndDate.Present && k.day >= civilDate(r.EndDate) {
			return limitEndDate
		}
	}
	if r.DayOfWeek != 0 && !e.weekdayHolds(r, k) {
		return limitDayOfWeek
	}
	if timed {
		return e.timeFails(r, k)
	}
	return limitNone
}

// joinedFails reads dates and times as one span.
func joinedFails(r *ocpi.Restrictions, k *clock) int32 {
	start, end := bounds(r)
	if r.StartDate.Present && (k.day < civilDate(r.StartDate) || k.day == civilDate(r.StartDate) && k.secs < start) {
		return limitStartDate
	}
	if r.EndDate.Present && (k.day > civilDate(r.EndDate) || k.day == civilDate(r.EndDate) && k.secs >= end) {
		return limitEndDate
	}
	return limitNone
}

// bounds are the times of a window in seconds since midnight; 24:00 is written 00:00 and read as either.
func bounds(r *ocpi.Restrictions) (start, end int32) {
	return int32(r.StartTime.Minutes * secondsPerMins), int32(r.EndTime.Minutes % minutesPerDay * secondsPerMins)
}

// weekdayHolds tests the weekday of the moment, or under the other readings that of the window's start or of UTC.
func (e *engine) weekdayHolds(r *ocpi.Restrictions, k *clock) bool {
	day := k.weekday
	if r.DayOfWeek.Has(k.utcDay) != r.DayOfWeek.Has(k.weekday) && e.ask(questionWeekdayZone) == zoneUTC {
		day = k.utcDay
	}
	start, end := bounds(r)
	if r.StartTime.Present && r.EndTime.Present && end < start && k.secs < end {
		previous := (day + daysPerWeek - 1) % daysPerWeek
		if r.DayOfWeek.Has(day) != r.DayOfWeek.Has(previous) && e.ask(questionWeekdayWindow) == weekdayWindowStart {
			day = previous
		}
	}
	return r.DayOfWeek.Has(day)
}

// timeFails tests the window of the day: half-open, wrapping where it ends before it starts; a bound that is missing, or an end of
// 00:00, is the day's own.
func (e *engine) timeFails(r *ocpi.Restrictions, k *clock) int32 {
	start, end := bounds(r)
	hasStart, hasEnd := r.StartTime.Present, r.EndTime.Present && end != 0
	if hasEnd && end == lastMinute*secondsPerMins && k.secs >= end {
		hasEnd = e.ask(questionEndTime2359) == endStrict
		if !e.minuteNoted {
			e.minuteNoted = true
			e.finding(CodeLastMinute, ocpi.SeverityInfo, "/tariffs", "a period begins in the last minute of the day, which an end_time of 23:59 leaves out")
		}
	}
	switch {
	case hasStart && hasEnd && start == end:
		return limitStartTime
	case hasStart && hasEnd && end < start:
		if k.secs < start && k.secs >= end {
			return limitStartTime
		}
	case hasStart && k.secs < start:
		return limitStartTime
	case hasEnd && k.secs >= end:
		return limitEndTime
	}
	return limitNone
}
