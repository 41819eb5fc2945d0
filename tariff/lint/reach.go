package lint

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// Which components are ever reached: for each dimension the first element that has a component of it and whose restrictions hold
// prices it (mod_tariffs, Tariff and TariffElement). What no element prices costs nothing.

// prices reports whether an element has a component of a dimension.
func (l *linter) prices(i int, kind ocpi.Dimension) bool {
	return slices.ContainsFunc(l.t.Elements[i].PriceComponents, func(c ocpi.PriceComponent) bool { return c.Kind == kind })
}

// covering are the elements before the end-th that can price a dimension in the context of a kind of reservation.
func (l *linter) covering(end int, kind ocpi.Dimension, reservation ocpi.ReservationKind) []int {
	var out []int
	for i := range end {
		e := &l.elements[i]
		if e.r.Reservation == reservation && !e.doubtful && !e.never && l.prices(i, kind) {
			out = append(out, i)
		}
	}
	return out
}

// shadow says by which elements a component is hidden: one that alone holds wherever it would, or several together.
type shadow struct {
	by    []int
	alone bool
}

// reach reports elements and components that nothing ever reaches.
func (l *linter) reach() {
	for i := range l.elements {
		if !l.elements[i].never && l.budget > 0 {
			l.reachElement(i)
		}
	}
}

func (l *linter) reachElement(i int) {
	hidden := map[int]shadow{}
	reached, alone := 0, true
	var by []int
	for j, c := range l.t.Elements[i].PriceComponents {
		if l.idle(i, j) {
			continue
		}
		s, ok := l.shadowed(i, c.Kind)
		if !ok {
			reached++
			continue
		}
		hidden[j] = s
		alone = alone && s.alone
		by = append(by, s.by...)
	}
	switch {
	case len(hidden) == 0:
	case reached == 0:
		slices.Sort(by)
		f := l.unreachable(i, -1, l.elements[i].node, "the element", shadow{slices.Compact(by), alone})
		if alone {
			f.Edit = l.dropElement(i)
		}
	default:
		for j := range l.t.Elements[i].PriceComponents {
			if s, ok := hidden[j]; ok {
				l.hiddenComponent(i, j, s)
			}
		}
	}
}

// idle reports a component that prices nothing for another reason.
func (l *linter) idle(i, j int) bool {
	list := l.t.Elements[i].PriceComponents
	kind := list[j].Kind
	switch {
	case kind == ocpi.DimensionUnknown:
		return true
	case l.elements[i].r.Reservation != ocpi.NoReservation && kind != ocpi.Flat && kind != ocpi.Time:
		return true
	}
	return slices.ContainsFunc(list[:j], func(c ocpi.PriceComponent) bool { return c.Kind == kind })
}

// hiddenComponent reports one component of an element that prices something else. Beside a FLAT nothing is taken out: to which cost a
// FLAT belongs depends on what its element prices (mod_cdrs, CDR.total_fixed_cost and total_parking_cost).
func (l *linter) hiddenComponent(i, j int, s shadow) {
	n := l.elements[i].components[j]
	kind := l.t.Elements[i].PriceComponents[j].Kind
	f := l.unreachable(i, j, n, fmt.Sprintf("%s of this element", kind), s)
	if s.alone && !l.elements[i].doubtful && (kind == ocpi.Flat || !l.prices(i, ocpi.Flat)) {
		f.Edit = keeping(l.drop(true, n))
	}
}

func (l *linter) unreachable(i, j int, n node, what string, s shadow) *Finding {
	f := l.add(CodeUnreachable, ocpi.SeverityWarn, n, "put it before what hides it, or drop it",
		"%s is never reached: %s, which %s before it, %s wherever it would", what, l.named(s.by), comes(s.by), holds(s.by, s.alone))
	f.claim = claim{kind: claimUnreachable, element: i, component: j}
	if !s.alone {
		rs := []*ocpi.Restrictions{&l.elements[i].r}
		for _, k := range s.by {
			rs = append(rs, &l.elements[k].r)
		}
		f.Questions = questionsOf(rs)
	}
	return f
}

func comes(by []int) string {
	if len(by) == 1 {
		return "comes"
	}
	return "come"
}

func holds(by []int, alone bool) string {
	switch {
	case len(by) == 1:
		return "applies"
	case alone:
		return "apply"
	}
	return "apply between them"
}

// named lists elements by their places.
func (l *linter) named(elements []int) string {
	const most = 4
	var out []string
	for n, i := range elements {
		if n == most {
			out = append(out, fmt.Sprintf("%d more", len(elements)-most))
			break
		}
		out = append(out, l.elements[i].node.pointer)
	}
	if n := len(out); n > 1 {
		return strings.Join(out[:n-1], ", ") + " and " + out[n-1]
	}
	return out[0]
}

// shadowed reports that a dimension of an element is always priced by an earlier one.
func (l *linter) shadowed(i int, kind ocpi.Dimension) (shadow, bool) {
	r := &l.elements[i].r
	before := l.covering(i, kind, r.Reservation)
	l.budget -= i
	for _, k := range before {
		l.budget--
		if l.budget > 0 && implies(r, &l.elements[k].r) {
			return shadow{[]int{k}, true}, true
		}
	}
	if len(before) < 2 || onlyUnsettled(r) {
		return shadow{}, false
	}
	var covers []*ocpi.Restrictions
	for _, k := range before {
		covers = append(covers, &l.elements[k].r)
	}
	s := search{target: r, budget: &l.budget}
	_, found, done := s.find(covers)
	return shadow{before, false}, !found && done
}

// onlyUnsettled reports bounds of power or current with nothing between them: such an element applies at no moment of which all is known,
// yet in periods that leave it open.
func onlyUnsettled(r *ocpi.Restrictions) bool {
	return slices.ContainsFunc(pairs, func(p pair) bool {
		a, b := p.of(r)
		return !p.settled && a.Present && b.Present && !a.Value.Less(b.Value)
	})
}

// questionsOf are the open questions that bear on whether restrictions leave a moment between them.
func questionsOf(rs []*ocpi.Restrictions) []string {
	asks := func(question string, of func(r *ocpi.Restrictions) bool) []string {
		if slices.ContainsFunc(rs, of) {
			return []string{question}
		}
		return nil
	}
	return slices.Concat(
		asks(questionDateWindow, func(r *ocpi.Restrictions) bool { return dated(r) && timed(r) }),
		asks(questionEndTime2359, func(r *ocpi.Restrictions) bool { return r.EndTime.Present && r.EndTime.Minutes == lastMinute }),
		asks(questionPowerUnknown, func(r *ocpi.Restrictions) bool { return axes[5].restricts(r) || axes[6].restricts(r) }),
		asks(questionWeekdayWindow, func(r *ocpi.Restrictions) bool { return r.DayOfWeek != 0 && overMidnight(r) }),
	)
}

// gaps reports dimensions that some element prices and that at some moment none does. FLAT is charged once, whenever an element
// that has one applies, so that it has no gaps.
func (l *linter) gaps() {
	for _, kind := range []ocpi.Dimension{ocpi.Energy, ocpi.Time, ocpi.ParkingTime} {
		l.gap(kind)
	}
}

func (l *linter) gap(kind ocpi.Dimension) {
	elements := l.covering(len(l.elements), kind, ocpi.NoReservation)
	for i := range l.elements {
		if e := &l.elements[i]; e.doubtful && e.r.Reservation == ocpi.NoReservation && l.prices(i, kind) {
			return
		}
	}
	if len(elements) == 0 {
		return
	}
	var covers []*ocpi.Restrictions
	for _, i := range elements {
		covers = append(covers, &l.elements[i].r)
	}
	s := search{target: spanOf(covers), budget: &l.budget, accept: realize}
	m, found, _ := s.find(covers)
	if !found {
		return
	}
	last := elements[len(elements)-1]
	j := slices.IndexFunc(l.t.Elements[last].PriceComponents, func(c ocpi.PriceComponent) bool { return c.Kind == kind })
	byPower := slices.ContainsFunc(covers, func(r *ocpi.Restrictions) bool { return holdsAt(r, &m, settledAxes) })
	severity := ocpi.SeverityInfo
	if kind == ocpi.Energy && !byPower {
		severity = ocpi.SeverityWarn
	}
	f := l.add(CodeGap, severity, l.elements[last].components[j],
		"end with an element that has no restrictions, with a price of 0 if nothing is to be paid",
		"%s is priced under restrictions alone, of which %s none holds: it costs nothing then", kind, m.text(covers))
	f.claim = claim{kind: claimGap, dimension: kind, at: m}
	f.Questions = questionsOf(covers)
}

// spanOf is the span of dates outside of which no element is meant to price anything.
func spanOf(rs []*ocpi.Restrictions) *ocpi.Restrictions {
	span := *rs[0]
	span = ocpi.Restrictions{StartDate: span.StartDate, EndDate: span.EndDate}
	for _, r := range rs[1:] {
		if !r.StartDate.Present || span.StartDate.Present && dayNumber(r.StartDate) < dayNumber(span.StartDate) {
			span.StartDate = r.StartDate
		}
		if !r.EndDate.Present || span.EndDate.Present && dayNumber(r.EndDate) > dayNumber(span.EndDate) {
			span.EndDate = r.EndDate
		}
	}
	return &span
}

// someMonday is where a week begins that stands for any.
var someMonday = dayNumber(ocpi.Date{Year: 2026, Month: time.March, Day: 2})

// realize makes of a point a moment that a session can have: the day has its weekday, and energy takes time.
func realize(m *moment, covers []*ocpi.Restrictions) bool {
	if !slices.ContainsFunc(covers, dated) {
		m.day = someMonday
	}
	if slices.ContainsFunc(covers, func(r *ocpi.Restrictions) bool { return r.DayOfWeek != 0 }) {
		m.day += (m.weekday - weekdayOf(m.day) + 7) % 7
	}
	m.weekday = weekdayOf(m.day)
	if m.kwh.Sign() == 0 || m.duration.Sign() > 0 {
		return uncovered(m, covers)
	}
	for _, seconds := range []int64{3600, 600, 60, 1} {
		if m.duration = exact.FromInt(seconds); uncovered(m, covers) {
			return true
		}
	}
	return false
}

func uncovered(m *moment, covers []*ocpi.Restrictions) bool {
	return !slices.ContainsFunc(covers, func(r *ocpi.Restrictions) bool { return holdsAt(r, m, axes) })
}

// weekdayOf is the weekday of a day since 1970, which began on a Thursday.
func weekdayOf(day int) int { return ((day+int(time.Thursday))%7 + 7) % 7 }

// text names the moment by what the restrictions ask for.
func (m *moment) text(rs []*ocpi.Restrictions) string {
	asked := func(n int) bool { return slices.ContainsFunc(rs, axes[n].restricts) }
	var parts []string
	day := time.Unix(int64(m.day)*24*60*60, 0).UTC()
	switch {
	case asked(0):
		parts = append(parts, "on "+day.Format(time.DateOnly))
	case asked(1):
		parts = append(parts, "on a "+day.Weekday().String())
	}
	if asked(2) {
		parts = append(parts, "at "+timeText(m.minute))
	}
	for n, a := range []struct {
		value exact.Decimal
		form  string
	}{{m.kwh, "at %s kWh"}, {m.duration, "%s s into the session"}, {m.power, "at %s kW"}, {m.current, "at %s A"}} {
		if asked(n + 3) {
			parts = append(parts, fmt.Sprintf(a.form, a.value.Plain()))
		}
	}
	return strings.Join(parts, ", ")
}
