package lint

import (
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// Every moment of a session is a point on a few axes, one for each kind of restriction. Between the bounds that a tariff names nothing
// changes, so that one point of each stretch stands for all of it.

// moment is what restrictions look at, under the recommended readings.
type moment struct {
	day                           int // days since 1970
	weekday                       int // time.Weekday
	minute                        int // of the local day
	kwh, duration, power, current exact.Decimal
}

// axis is one of the things that restrictions look at.
type axis struct {
	restricts func(r *ocpi.Restrictions) bool
	holds     func(r *ocpi.Restrictions, m *moment) bool
	// stops lists moments that differ on this axis alone, one for each stretch on which no restriction changes.
	stops func(rs []*ocpi.Restrictions) []func(m *moment)
}

var axes = []axis{
	{dated, dateHolds, dateStops},
	{func(r *ocpi.Restrictions) bool { return r.DayOfWeek != 0 }, weekdayHolds, weekdayStops},
	{timed, func(r *ocpi.Restrictions, m *moment) bool { return inWindow(r, m.minute, false) }, timeStops},
	amountAxis(pairs[0], func(m *moment) *exact.Decimal { return &m.kwh }),
	amountAxis(pairs[1], func(m *moment) *exact.Decimal { return &m.duration }),
	amountAxis(pairs[2], func(m *moment) *exact.Decimal { return &m.power }),
	amountAxis(pairs[3], func(m *moment) *exact.Decimal { return &m.current }),
}

// settledAxes are those on which the engine knows every moment: all but power and current.
var settledAxes = axes[:5]

func dateHolds(r *ocpi.Restrictions, m *moment) bool {
	return (!r.StartDate.Present || m.day >= dayNumber(r.StartDate)) && (!r.EndDate.Present || m.day < dayNumber(r.EndDate))
}

func weekdayHolds(r *ocpi.Restrictions, m *moment) bool { return r.DayOfWeek&(1<<m.weekday) != 0 }

// dateStops are the days on which dates begin or end, and one before all of them.
func dateStops(rs []*ocpi.Restrictions) []func(*moment) {
	var days []int
	for _, r := range rs {
		for _, d := range []ocpi.Date{r.StartDate, r.EndDate} {
			if d.Present {
				days = append(days, dayNumber(d))
			}
		}
	}
	days = append(days, slices.Min(days)-7)
	return stopsAt(days, func(m *moment, day int) { m.day = day })
}

func weekdayStops([]*ocpi.Restrictions) []func(*moment) {
	return stopsAt([]int{1, 2, 3, 4, 5, 6, 0}, func(m *moment, day int) { m.weekday = day })
}

func timeStops(rs []*ocpi.Restrictions) []func(*moment) {
	minutes := []int{0}
	for _, r := range rs {
		for _, t := range []ocpi.TimeOfDay{r.StartTime, r.EndTime} {
			if t.Present {
				minutes = append(minutes, t.Minutes%minutesPerDay)
			}
		}
	}
	slices.Sort(minutes)
	return stopsAt(minutes, func(m *moment, minute int) { m.minute = minute })
}

// stopsAt sets each of some values once.
func stopsAt(values []int, set func(m *moment, v int)) []func(*moment) {
	var out []func(*moment)
	seen := map[int]bool{}
	for _, v := range values {
		if !seen[v] {
			seen[v] = true
			out = append(out, func(m *moment) { set(m, v) })
		}
	}
	return out
}

// amountAxis is the axis of a pair of bounds. Amounts are not below 0.
func amountAxis(p pair, of func(m *moment) *exact.Decimal) axis {
	return axis{
		restricts: func(r *ocpi.Restrictions) bool {
			a, b := p.of(r)
			return a.Present || b.Present
		},
		holds: func(r *ocpi.Restrictions, m *moment) bool {
			a, b := p.of(r)
			return (!a.Present || !of(m).Less(a.Value)) && (!b.Present || of(m).Less(b.Value))
		},
		stops: func(rs []*ocpi.Restrictions) []func(*moment) {
			var out []func(*moment)
			for _, v := range amountStops(p, rs) {
				out = append(out, func(m *moment) { *of(m) = v })
			}
			return out
		},
	}
}

// amountStops are 0 and the bounds above it; of what is measured while charging, half the least bound instead of 0.
func amountStops(p pair, rs []*ocpi.Restrictions) []exact.Decimal {
	var bounds []exact.Decimal
	for _, r := range rs {
		a, b := p.of(r)
		for _, n := range []ocpi.Number{a, b} {
			if n.Present && n.Value.Sign() > 0 {
				bounds = append(bounds, n.Value)
			}
		}
	}
	slices.SortFunc(bounds, exact.Decimal.Cmp)
	bounds = slices.CompactFunc(bounds, exact.Decimal.Equal)
	var lowest exact.Decimal
	if !p.settled && len(bounds) > 0 {
		lowest = bounds[0].Mul(exact.New(5, 1))
	}
	return append([]exact.Decimal{lowest}, bounds...)
}

// searchBudget is how many restrictions are tried in the searches of one tariff, so that a hostile one does not take for ever. What is
// not found by then is not reported.
const searchBudget = 5_000_000

// search looks for a moment at which the target holds and none of the covers does. done is false where the budget ran out.
type search struct {
	target *ocpi.Restrictions
	budget *int
	accept func(m *moment, covers []*ocpi.Restrictions) bool // the last word on a moment; nil accepts
	all    []*ocpi.Restrictions
}

// find returns such a moment, if there is one.
func (s *search) find(covers []*ocpi.Restrictions) (m moment, found, done bool) {
	s.all = covers
	found = s.from(0, covers, &m)
	return m, found, *s.budget > 0
}

// from tries the axes from one on; covers are those that hold on the axes before it.
func (s *search) from(n int, covers []*ocpi.Restrictions, m *moment) bool {
	if len(covers) == 0 && s.settle(n, m) {
		return s.accept == nil || s.accept(m, s.all)
	}
	if n == len(axes) || *s.budget <= 0 || s.covered(n, covers) {
		return false
	}
	ax := &axes[n]
	relevant := covers
	if ax.restricts(s.target) {
		relevant = append(slices.Clone(covers), s.target)
	}
	var restricting []*ocpi.Restrictions
	for _, r := range relevant {
		if ax.restricts(r) {
			restricting = append(restricting, r)
		}
	}
	*s.budget -= len(relevant)
	if len(restricting) == 0 {
		return s.from(n+1, covers, m)
	}
	for _, set := range ax.stops(restricting) {
		next := *m
		set(&next)
		if ax.restricts(s.target) && !ax.holds(s.target, &next) {
			continue
		}
		left := make([]*ocpi.Restrictions, 0, len(covers))
		for _, r := range covers {
			if !ax.restricts(r) || ax.holds(r, &next) {
				left = append(left, r)
			}
		}
		*s.budget -= len(covers)
		if s.from(n+1, left, &next) {
			*m = next
			return true
		}
	}
	return false
}

// covered reports that a cover has no restriction on the axes from n on, so that it holds whatever they are.
func (s *search) covered(n int, covers []*ocpi.Restrictions) bool {
	*s.budget -= len(covers)
	return slices.ContainsFunc(covers, func(r *ocpi.Restrictions) bool {
		return !slices.ContainsFunc(axes[n:], func(ax axis) bool { return ax.restricts(r) })
	})
}

// settle chooses values on the axes from n on at which the target holds.
func (s *search) settle(n int, m *moment) bool {
	for i := n; i < len(axes); i++ {
		ax := &axes[i]
		if !ax.restricts(s.target) {
			continue
		}
		stops := ax.stops([]*ocpi.Restrictions{s.target})
		at := slices.IndexFunc(stops, func(set func(*moment)) bool { set(m); return ax.holds(s.target, m) })
		if at < 0 {
			return false
		}
	}
	return true
}

// holdsAt reports whether restrictions hold at a moment, as far as some axes tell.
func holdsAt(r *ocpi.Restrictions, m *moment, on []axis) bool {
	for i := range on {
		if on[i].restricts(r) && !on[i].holds(r, m) {
			return false
		}
	}
	return true
}
