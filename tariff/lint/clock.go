package lint

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
)

// Dates, times and days: mod_tariffs, TariffRestrictions.start_date to day_of_week. An end is exclusive, an end_time of 00:00 is the end
// of the day.

const (
	minutesPerDay = 24 * 60
	lastMinute    = minutesPerDay - 1
	everyDay      = 1<<7 - 1
)

// timed and dated report which restrictions an element has.
func timed(r *ocpi.Restrictions) bool { return r.StartTime.Present || r.EndTime.Present }
func dated(r *ocpi.Restrictions) bool { return r.StartDate.Present || r.EndDate.Present }

// dayNumber makes dates compare.
func dayNumber(d ocpi.Date) int {
	return int(time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

func dateText(d ocpi.Date) string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

func timeText(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

// dates looks at start_date and end_date.
func (l *linter) dates(i int) {
	e := &l.elements[i]
	from, to := e.r.StartDate, e.r.EndDate
	if !from.Present || !to.Present || dayNumber(from) < dayNumber(to) {
		return
	}
	a, b := l.restriction(e, "start_date"), l.restriction(e, "end_date")
	const says = "start_date is %s and end_date %s, which is exclusive: the element never prices anything"
	if dayNumber(from) > dayNumber(to) {
		f := l.add(CodeBoundsReversed, ocpi.SeverityWarn, a, "exchange the two dates, or drop the element", says, dateText(from), dateText(to))
		l.never(i, f)
		f.Edit = l.exchange(e.restrictions, a, b)
		return
	}
	f := l.add(CodeRestrictionNever, ocpi.SeverityWarn, a, "write the day after the last as end_date, or drop the element", says, dateText(from), dateText(to))
	l.never(i, f)
	if f.Edit = l.dropElement(i); timed(&e.r) {
		l.joins(f)
	}
}

// joins says that a finding is not so where dates and times are read as one span.
func (l *linter) joins(f *Finding) {
	f.Questions = append(f.Questions, questionDateWindow)
	if f.Edit != nil {
		f.Edit.Keeps = false
	}
}

// times looks at start_time and end_time.
func (l *linter) times(i int) {
	e := &l.elements[i]
	r := &e.r
	from, to := r.StartTime.Minutes, r.EndTime.Minutes%minutesPerDay
	switch {
	case !timed(r):
	case r.StartTime.Present && r.EndTime.Present && from == to && to != 0:
		l.emptyWindow(i, from)
	case (!r.StartTime.Present || from == 0) && (!r.EndTime.Present || to == 0):
		l.wholeDay(i)
	case r.EndTime.Present && to == lastMinute:
		n := l.restriction(e, "end_time")
		f := l.add(CodeEndNearMidnight, ocpi.SeverityWarn, n, "write 00:00, which is the end of the day",
			"end_time is %s and exclusive: the last minute of the day is left out", timeText(to))
		f.Questions = []string{questionEndTime2359}
		if n.there() {
			f.Edit = replace(n, `"00:00"`)
		}
	case r.StartTime.Present && to != 0 && to < from:
		l.wraps(e, from, to)
	}
}

// emptyWindow reports times that are equal.
func (l *linter) emptyWindow(i, at int) {
	e := &l.elements[i]
	f := l.add(CodeRestrictionNever, ocpi.SeverityWarn, l.restriction(e, "start_time"), "leave both out if the whole day is meant, or drop the element",
		"start_time and end_time are both %s: no time of day is between them, the element never prices anything", timeText(at))
	l.never(i, f)
	f.Edit = l.dropElement(i)
	if dated(&e.r) {
		l.joins(f)
	}
	if at == lastMinute {
		f.Questions = append(f.Questions, questionEndTime2359)
		f.Edit = nil
	}
}

// wholeDay reports times between which is all of the day.
func (l *linter) wholeDay(i int) {
	e := &l.elements[i]
	var nodes []node
	var names, says []string
	certain := true
	for _, m := range []struct {
		name string
		at   ocpi.TimeOfDay
	}{{"start_time", e.r.StartTime}, {"end_time", e.r.EndTime}} {
		if m.at.Present {
			n, single := l.doc.member(e.restrictions, m.name)
			nodes, names, certain = append(nodes, n), append(names, m.name), certain && single
			says = append(says, m.name+" is 00:00")
		}
	}
	f := l.add(CodeRestrictionAlways, ocpi.SeverityWarn, l.restriction(e, names[0]), "leave it out",
		"%s: it is the whole day, and restricts nothing", strings.Join(says, " and "))
	f.claim = claim{kind: claimAlways, element: i, members: names}
	f.Edit = keeping(l.drop(certain, nodes...))
}

// wraps reports days beside a window over midnight, whose morning many take to belong to the evening before.
func (l *linter) wraps(e *element, from, to int) {
	days := e.r.DayOfWeek
	if days == 0 || days&everyDay == everyDay {
		return
	}
	f := l.add(CodeWeekdayWindow, ocpi.SeverityInfo, l.restriction(e, "day_of_week"), "put the hours after midnight into an element with the days that they fall on",
		"%s from %s to %s: the hours after midnight count on the days named, not on the mornings after them", dayNames(days), timeText(from), timeText(to))
	f.Questions = []string{questionWeekdayWindow}
}

// dayNames lists days, Monday first.
func dayNames(days ocpi.Weekdays) string {
	var names []string
	for i := range 7 {
		if day := time.Weekday((i + 1) % 7); days.Has(day) {
			names = append(names, strings.ToUpper(day.String()))
		}
	}
	return strings.Join(names, ", ")
}

// days looks at day_of_week.
func (l *linter) days(i int) {
	e := &l.elements[i]
	n, single := l.doc.member(e.restrictions, "day_of_week")
	if !n.there() {
		return
	}
	list := l.doc.list(n)
	switch {
	case len(list) == 0:
		f := l.add(CodeDaysEmpty, ocpi.SeverityWarn, n, "leave it out",
			"day_of_week is an empty list, which restricts nothing; a reader may take it for no day at all")
		f.claim = claim{kind: claimAlways, element: i, members: []string{"day_of_week"}}
		f.Edit = keeping(l.drop(single, n))
	case e.r.DayOfWeek&everyDay == everyDay:
		f := l.add(CodeRestrictionAlways, ocpi.SeverityWarn, n, "leave it out", "day_of_week lists all seven days: it restricts nothing")
		f.claim = claim{kind: claimAlways, element: i, members: []string{"day_of_week"}}
		f.Edit = keeping(l.drop(single, n))
	default:
		l.duplicateDays(n, list)
	}
}

func (l *linter) duplicateDays(n node, list []node) {
	var seen, names []string
	var again []node
	for _, day := range list {
		name := strings.ToUpper(strings.TrimSpace(l.doc.plain(day)))
		if slices.Contains(seen, name) {
			again = append(again, day)
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
			continue
		}
		seen = append(seen, name)
	}
	if len(again) == 0 {
		return
	}
	f := l.add(CodeDaysDuplicate, ocpi.SeverityWarn, n, "list each day once", "%s is listed more than once", strings.Join(names, " and "))
	f.Edit = keeping(l.drop(true, again...))
}

// lastSeconds turns the finding of an end_time of 23:59 with seconds, which cannot be read, into what it is about.
func (l *linter) lastSeconds(f *Finding) bool {
	if !strings.HasSuffix(f.Pointer, "/end_time") {
		return false
	}
	n, _ := l.lookup(f.Pointer)
	if !strings.HasPrefix(l.doc.plain(n), "23:59:") {
		return false
	}
	f.Code, f.Cure = CodeEndNearMidnight, "write 00:00, which is the end of the day"
	f.Message = fmt.Sprintf("end_time is %s: OCPI has no seconds here, and the restriction cannot be read", l.doc.plain(n))
	f.Edit = replace(n, `"00:00"`)
	return true
}

// restrictionsEmpty reports restrictions that hold no member, or only null.
func (l *linter) restrictionsEmpty(e *element) {
	n, single := l.doc.member(e.node, "restrictions")
	if !n.there() || e.doubtful || l.doc.raw[n.start] != '{' && l.doc.raw[n.start] != '[' {
		return
	}
	for _, it := range l.doc.items(e.restrictions) {
		if l.doc.raw[it.Value] != 'n' {
			return
		}
	}
	f := l.add(CodeRestrictionsEmpty, ocpi.SeverityInfo, n, "leave them out", "the restrictions are empty: the element always applies")
	f.Edit = keeping(l.drop(single, n))
}
