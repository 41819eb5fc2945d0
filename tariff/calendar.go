package tariff

import (
	"slices"
	"sort"

	"github.com/nexacollect/reconcile/ocpi"
)

// calendar tells of the elements of a dynamic tariff, an hour or a day each in the order of time, which are past: of hundreds a handful is
// left to look at. It is empty where elements are few or not so simple.
type calendar struct {
	ends  []civil // of each candidate its end_date, never before the one before
	timed bool    // all have times too; else none has
}

// fewElements are walked as fast as they are searched. Tests change it.
var fewElements = 16

// make fills the calendar. All dimensions must have the same elements, and those nothing but dates and times, so that each element that is
// past fails for its end_date and for no other reason.
func (c *calendar) make(t *ocpi.Tariff, candidates *[componentKinds][]candidate) {
	var list []candidate
	for _, of := range candidates {
		switch {
		case len(of) == 0:
		case list == nil:
			list = of
		case !slices.EqualFunc(list, of, func(a, b candidate) bool { return a.element == b.element }):
			return
		}
	}
	if len(list) <= fewElements {
		return
	}
	ends := make([]civil, len(list))
	for i, k := range list {
		r := t.Elements[k.element].Restrictions
		if !onlyDates(r) {
			return
		}
		timed := r.StartTime.Present || r.EndTime.Present
		ends[i] = civilDate(r.EndDate)
		if i > 0 && (timed != c.timed || ends[i] < ends[i-1]) || ends[i] < civilDate(r.StartDate) {
			return
		}
		c.timed = timed
	}
	c.ends = ends
}

// onlyDates reports restrictions that have both dates and nothing else but times.
func onlyDates(r *ocpi.Restrictions) bool {
	if r == nil || !r.StartDate.Present || !r.EndDate.Present {
		return false
	}
	rest := *r
	rest.StartDate, rest.EndDate, rest.StartTime, rest.EndTime = ocpi.Date{}, ocpi.Date{}, ocpi.TimeOfDay{}, ocpi.TimeOfDay{}
	return rest == ocpi.Restrictions{}
}

// pastDays leaves out the candidates whose end_date is past at a period's start, and notes that they fail, once for all dimensions.
func (e *engine) pastDays(c *compiled, p *period, list []candidate) []candidate {
	ends := c.calendar.ends
	if ends == nil || len(list) == 0 {
		return list
	}
	day := e.clockOf(c, p).day
	if c.calendar.timed && e.ask(questionDateWindow) == windowJoined {
		day-- // a window may reach into the day of its end
	}
	n := sort.Search(len(ends), func(i int) bool { return ends[i] > day })
	if n > 0 && !e.pastNoted {
		e.pastNoted = true
		e.noteFailed(c, p, list[0].element, limitEndDate, 0, 0)
		e.noteFailed(c, p, list[n-1].element, limitEndDate, 0, 0)
	}
	return list[n:]
}
