package tariff

import "github.com/nexacollect/reconcile/ocpi"

// compiled is a tariff as it prices one CDR.
type compiled struct {
	t *ocpi.Tariff
	traits
	at leaf // prefix of its leaves: document and tariff index
	*shape
	// what was noted for this CDR
	expiryNoted, taxNoted, rateNoted bool
}

// shape is a tariff in the form that pricing walks. It depends only on the tariff and the choice for duplicate components, so that one serves
// every CDR with the same tariff.
type shape struct {
	candidates [componentKinds][]candidate // by dimension, in order of elements
	asks       asks
	bounded    []int32    // elements with bounds of energy or duration
	dayTimes   []dayPlace // times of day at which a restriction can change, each once
	calendar   calendar
}

// shapeKey is what a shape depends on.
type shapeKey struct {
	t          *ocpi.Tariff
	duplicates choice
}

// mostShapes is how many tariffs an engine remembers; a month has few, and where each CDR brings its own, remembering is of no use.
const mostShapes = 64

// shapeOf returns the shape of a tariff, made when it is first met.
func (e *engine) shapeOf(t *ocpi.Tariff) *shape {
	key := shapeKey{t, e.rules.choice[questionDuplicateComponent]}
	if s := e.shapes[key]; s != nil {
		return s
	}
	if e.shapes == nil || len(e.shapes) >= mostShapes {
		e.shapes = make(map[shapeKey]*shape, mostShapes)
	}
	s := &shape{}
	for i := range t.Elements {
		s.element(int32(i), &t.Elements[i], key.duplicates)
	}
	s.calendar.make(t, &s.candidates)
	e.shapes[key] = s
	return s
}

// candidate is one price component.
type candidate struct {
	element, component int32
	duplicate          bool // another component of the element has the same dimension
}

// asks is what a tariff's restrictions look at.
type asks struct{ clock, energy, duration bool }

const componentKinds = 4

// kindIndex numbers the dimensions that components price.
func kindIndex(d ocpi.Dimension) int {
	switch d {
	case ocpi.Energy:
		return 0
	case ocpi.Time:
		return 1
	case ocpi.ParkingTime:
		return 2
	case ocpi.Flat:
		return 3
	default:
		return -1
	}
}

// compile makes c the tariff as it prices one CDR.
func (c *compiled) compile(t *ocpi.Tariff, version ocpi.Version, at leaf, s *shape) {
	if t.Version != 0 {
		version = t.Version
	}
	*c = compiled{t: t, traits: bundleOf(version).traits, at: at, shape: s}
}

func (s *shape) element(i int32, el *ocpi.TariffElement, duplicates choice) {
	for j := range el.PriceComponents {
		k := kindIndex(el.PriceComponents[j].Kind)
		if k < 0 {
			continue
		}
		list := s.candidates[k]
		if n := len(list); n > 0 && list[n-1].element == i {
			list[n-1].duplicate = true
			if duplicates == duplicateLast {
				list[n-1].component = int32(j)
			}
			continue
		}
		s.candidates[k] = append(list, candidate{element: i, component: int32(j)})
	}
	if r := el.Restrictions; r != nil {
		energy, duration := r.MinKWh.Present || r.MaxKWh.Present, r.MinDuration.Present || r.MaxDuration.Present
		s.asks.clock = s.asks.clock || asksClock(r)
		s.asks.energy = s.asks.energy || energy
		s.asks.duration = s.asks.duration || duration
		if energy || duration {
			s.bounded = append(s.bounded, i)
		}
		s.addDayTimes(i, r)
	}
}

// dayPlace is a time of day at which a restriction can change, and the first restriction that has it.
type dayPlace struct {
	minutes         int
	element, member int32
}

// addDayTimes collects the times of day of an element: its window, and midnight for days and open windows.
func (s *shape) addDayTimes(el int32, r *ocpi.Restrictions) {
	if !asksClock(r) {
		return
	}
	if r.StartTime.Present {
		s.addDayTime(r.StartTime.Minutes, el, limitStartTime)
	}
	if r.EndTime.Present {
		s.addDayTime(r.EndTime.Minutes%minutesPerDay, el, limitEndTime)
	}
	switch {
	case r.StartDate.Present:
		s.addDayTime(0, el, limitStartDate)
	case r.EndDate.Present:
		s.addDayTime(0, el, limitEndDate)
	case r.DayOfWeek != 0:
		s.addDayTime(0, el, limitDayOfWeek)
	case !r.EndTime.Present:
		s.addDayTime(0, el, limitStartTime)
	case !r.StartTime.Present:
		s.addDayTime(0, el, limitEndTime)
	}
}

func (s *shape) addDayTime(minutes int, element, member int32) {
	for i := range s.dayTimes {
		if s.dayTimes[i].minutes == minutes {
			return
		}
	}
	s.dayTimes = append(s.dayTimes, dayPlace{minutes, element, member})
}

// asksClock reports restrictions that look at a calendar or a clock.
func asksClock(r *ocpi.Restrictions) bool {
	return r.StartTime.Present || r.EndTime.Present || r.StartDate.Present || r.EndDate.Present || r.DayOfWeek != 0
}

// of returns the candidates for a slot.
func (c *compiled) of(sl slot) []candidate { return c.candidates[kindIndex(dimensionOf[sl])] }

// component returns the price component of a pick.
func (c *compiled) component(p pick) *ocpi.PriceComponent {
	return &c.t.Elements[p.element].PriceComponents[p.component]
}

// leafAt is a leaf inside the tariff.
func (c *compiled) leafAt(kind uint8, b, d int32) leaf {
	l := c.at
	l.at.kind, l.at.b, l.at.c = kind, b, d
	return l
}

// hasReservation reports whether any element belongs to the given kind of reservation.
func (c *compiled) hasReservation(kind ocpi.ReservationKind) bool {
	for i := range c.t.Elements {
		if r := c.t.Elements[i].Restrictions; r != nil && r.Reservation == kind {
			return true
		}
	}
	return false
}
