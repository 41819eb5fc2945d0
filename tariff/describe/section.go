package describe

import (
	"fmt"
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
)

// source is what a section draws its rates from: components of one dimension in elements of some contexts.
type source struct {
	subject   Subject
	dimension ocpi.Dimension
	// kinds are tried in order, each through all elements; together takes them in one walk (the first flat fee of an expired
	// reservation is the first of either kind).
	kinds    []ocpi.ReservationKind
	together bool
}

// sources are the sections in order (mod_tariffs, TariffElement and ReservationRestrictionType).
var sources = []source{
	{Energy, ocpi.Energy, []ocpi.ReservationKind{ocpi.NoReservation}, false},
	{ChargingTime, ocpi.Time, []ocpi.ReservationKind{ocpi.NoReservation}, false},
	{Parking, ocpi.ParkingTime, []ocpi.ReservationKind{ocpi.NoReservation}, false},
	{Flat, ocpi.Flat, []ocpi.ReservationKind{ocpi.NoReservation}, false},
	{Reserved, ocpi.Time, []ocpi.ReservationKind{ocpi.Reservation}, false},
	{ReservedFlat, ocpi.Flat, []ocpi.ReservationKind{ocpi.Reservation}, false},
	{Expired, ocpi.Time, []ocpi.ReservationKind{ocpi.ReservationExpires, ocpi.Reservation}, false},
	{ExpiredFlat, ocpi.Flat, []ocpi.ReservationKind{ocpi.Reservation, ocpi.ReservationExpires}, true},
}

// addSections sorts every price component of a tariff into a section or among the unused.
func (d *Description) addSections(t *ocpi.Tariff) error {
	for i := range t.Elements {
		for j := range t.Elements[i].PriceComponents {
			if !t.Elements[i].PriceComponents[j].Price.Present {
				return fmt.Errorf("price component %d of element %d has no price", j+1, i+1)
			}
		}
		d.addMisplaced(&t.Elements[i], i)
	}
	for _, src := range sources {
		if s := d.sectionOf(t, src); len(s.Rates) > 0 {
			d.Sections = append(d.Sections, s)
		}
	}
	return nil
}

// addMisplaced lists the components of an element that no section takes.
func (d *Description) addMisplaced(el *ocpi.TariffElement, i int) {
	for j := range el.PriceComponents {
		c := &el.PriceComponents[j]
		u := Unused{Rate: rateOf(el, i, j), Reason: NotReservable}
		switch c.Kind {
		case ocpi.Time, ocpi.Flat:
			continue
		case ocpi.Energy:
			u.Subject = Energy
		case ocpi.ParkingTime:
			u.Subject = Parking
		default:
			u.Type, u.Reason = c.Type, UnknownKind
		}
		if u.Reason == UnknownKind || reservationOf(el) != ocpi.NoReservation {
			d.Unused = append(d.Unused, u)
		}
	}
}

func reservationOf(el *ocpi.TariffElement) ocpi.ReservationKind {
	if el.Restrictions == nil {
		return ocpi.NoReservation
	}
	return el.Restrictions.Reservation
}

func (d *Description) sectionOf(t *ocpi.Tariff, src source) Section {
	s := Section{Subject: src.subject}
	if src.together {
		d.collect(&s, t, src.dimension, src.kinds)
		return s
	}
	for _, kind := range src.kinds {
		d.collect(&s, t, src.dimension, []ocpi.ReservationKind{kind})
	}
	return s
}

// collect walks the elements of some contexts for the rates of a dimension.
func (d *Description) collect(s *Section, t *ocpi.Tariff, dimension ocpi.Dimension, kinds []ocpi.ReservationKind) {
	for i := range t.Elements {
		el := &t.Elements[i]
		if !slices.Contains(kinds, reservationOf(el)) {
			continue
		}
		first := true
		for j := range el.PriceComponents {
			if el.PriceComponents[j].Kind == dimension {
				d.addRate(s, rateOf(el, i, j), impossible(el.Restrictions), first)
				first = false
			}
		}
	}
}

// addRate adds a rate to a section, or to the unused.
func (d *Description) addRate(s *Section, r Rate, impossible, first bool) {
	u := Unused{Subject: s.Subject, Rate: r}
	switch n := len(s.Rates); {
	case n > 0 && len(s.Rates[n-1].Conditions) == 0:
		u.Reason = AfterUnconditional
	case impossible:
		u.Reason = Impossible
	case !first:
		u.Reason = Duplicate
	default:
		s.Rates = append(s.Rates, r)
		return
	}
	if !d.listed(u) {
		d.Unused = append(d.Unused, u)
	}
}

// listed reports a component that is used elsewhere, or listed already: rates of reservations stand in two sections.
func (d *Description) listed(u Unused) bool {
	same := func(r Rate) bool { return r.Element == u.Rate.Element && r.Component == u.Rate.Component }
	for _, s := range d.Sections {
		if slices.ContainsFunc(s.Rates, same) {
			return true
		}
	}
	return slices.ContainsFunc(d.Unused, func(o Unused) bool { return same(o.Rate) })
}

func rateOf(el *ocpi.TariffElement, i, j int) Rate {
	c := &el.PriceComponents[j]
	return Rate{Element: i, Component: j, Conditions: conditionsOf(el.Restrictions), Price: c.Price.Value, VAT: c.VAT, Step: c.StepSize}
}
