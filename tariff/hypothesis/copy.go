package hypothesis

import (
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
)

// What a CDR and its tariffs have, and copies of them that may be changed. Periods of a copy are in order of time.

// kindSet is a set of dimensions.
type kindSet uint32

func (s kindSet) has(d ocpi.Dimension) bool { return s&(1<<d) != 0 }

var (
	energyKinds = []ocpi.Dimension{ocpi.Energy}
	timeKinds   = []ocpi.Dimension{ocpi.Time, ocpi.ParkingTime, ocpi.ReservationTime}
	allKinds    = []ocpi.Dimension{ocpi.Energy, ocpi.Time, ocpi.ParkingTime, ocpi.ReservationTime}
)

// componentOf is the price component that prices a dimension.
func componentOf(d ocpi.Dimension) ocpi.Dimension {
	if d == ocpi.ReservationTime {
		return ocpi.Time
	}
	return d
}

// look finds the dimensions that the CDR measures and its tariffs price, and whether a hypothesis can be told by its side.
func (e *explainer) look() {
	var priced, measured kindSet
	e.screens = true
	for _, t := range e.res.Tariffs {
		for _, c := range componentsOf(t) {
			priced |= 1 << c.Kind
			e.screens = e.screens && c.Price.Value.Sign() >= 0
		}
	}
	for _, r := range e.restrictionsOf() {
		e.screens = e.screens && !r.MinKWh.Present && !r.MaxKWh.Present // less energy may be dearer
	}
	for i := range e.in.CDR.ChargingPeriods {
		for _, d := range e.in.CDR.ChargingPeriods[i].Dimensions {
			if !d.Volume.Value.IsZero() {
				measured |= 1 << d.Kind
			}
			e.screens = e.screens && d.Volume.Value.Sign() >= 0
		}
	}
	for _, d := range allKinds {
		if measured.has(d) && priced.has(componentOf(d)) {
			e.kinds |= 1 << d
		}
	}
	if priced.has(ocpi.Flat) {
		e.kinds |= 1 << ocpi.Flat
	}
}

// pricesAny reports whether any of the dimensions is measured and priced.
func (e *explainer) pricesAny(kinds []ocpi.Dimension) bool {
	return slices.ContainsFunc(kinds, e.kinds.has)
}

// componentsOf are the components of a tariff that have a price.
func componentsOf(t *ocpi.Tariff) []*ocpi.PriceComponent {
	var out []*ocpi.PriceComponent
	for i := range t.Elements {
		for j := range t.Elements[i].PriceComponents {
			if c := &t.Elements[i].PriceComponents[j]; c.Kind != ocpi.DimensionUnknown && c.Price.Present {
				out = append(out, c)
			}
		}
	}
	return out
}

// restrictionsOf are the restrictions of the governing tariffs.
func (e *explainer) restrictionsOf() []*ocpi.Restrictions {
	var out []*ocpi.Restrictions
	for _, t := range e.res.Tariffs {
		for i := range t.Elements {
			if r := t.Elements[i].Restrictions; r != nil {
				out = append(out, r)
			}
		}
	}
	return out
}

// copyOfInput is the input with a CDR of its own, periods and volumes included. Tariffs are still the original's.
func (e *explainer) copyOfInput() tariff.Input {
	in := e.in
	c := *e.in.CDR
	c.ChargingPeriods = slices.Clone(c.ChargingPeriods)
	for i := range c.ChargingPeriods {
		c.ChargingPeriods[i].Dimensions = slices.Clone(c.ChargingPeriods[i].Dimensions)
	}
	slices.SortStableFunc(c.ChargingPeriods, func(a, b ocpi.ChargingPeriod) int { return a.StartDateTime.Compare(b.StartDateTime) })
	in.CDR = &c
	return in
}

// series are the volumes of a dimension in order of time, those that are stated.
func series(c *ocpi.CDR, kind ocpi.Dimension) []*ocpi.Number {
	var out []*ocpi.Number
	for i := range c.ChargingPeriods {
		dims := c.ChargingPeriods[i].Dimensions
		for j := range dims {
			if dims[j].Kind == kind && dims[j].Volume.Present {
				out = append(out, &dims[j].Volume)
			}
		}
	}
	return out
}

// sumOf adds volumes up.
func sumOf(volumes []*ocpi.Number) exact.Decimal {
	var sum exact.Decimal
	for _, v := range volumes {
		sum = sum.Add(v.Value)
	}
	return sum
}

// swap puts other tariffs in the place of the governing ones; by gives the one for each, nil to leave it.
func (e *explainer) swap(in *tariff.Input, by func(*ocpi.Tariff) *ocpi.Tariff) {
	in.CDR.Tariffs, in.Supplied = slices.Clone(in.CDR.Tariffs), slices.Clone(in.Supplied)
	for _, t := range e.res.Tariffs {
		other := by(t)
		if other == nil {
			continue
		}
		for _, list := range [...][]*ocpi.Tariff{in.CDR.Tariffs, in.Supplied} {
			for i := range list {
				if list[i] == t {
					list[i] = other
				}
			}
		}
	}
}

// changeTariffs changes copies of the governing tariffs.
func (e *explainer) changeTariffs(in *tariff.Input, change func(*ocpi.Tariff)) {
	e.swap(in, func(t *ocpi.Tariff) *ocpi.Tariff {
		c := *t
		c.Elements = slices.Clone(c.Elements)
		for i := range c.Elements {
			c.Elements[i].PriceComponents = slices.Clone(c.Elements[i].PriceComponents)
			if r := c.Elements[i].Restrictions; r != nil {
				own := *r
				c.Elements[i].Restrictions = &own
			}
		}
		change(&c)
		return &c
	})
}

// changeComponents changes every component of copies of the governing tariffs.
func (e *explainer) changeComponents(change func(*ocpi.PriceComponent)) func(*tariff.Input) {
	return func(in *tariff.Input) {
		e.changeTariffs(in, func(t *ocpi.Tariff) {
			for _, c := range componentsOf(t) {
				change(c)
			}
		})
	}
}

// withoutPrice makes a dimension free in copies of the governing tariffs. TIME and ENERGY get a price of 0, as an element without them can
// be one that prices parking only, whose FLAT is no fixed cost; FLAT and PARKING_TIME are taken out, as free parking would still be rounded
// to its steps in the place of TIME.
func (e *explainer) withoutPrice(kind ocpi.Dimension) func(*tariff.Input) {
	if kind == ocpi.Time || kind == ocpi.Energy {
		return e.changeComponents(func(c *ocpi.PriceComponent) {
			if c.Kind == kind {
				c.Price.Value = exact.Decimal{}
			}
		})
	}
	return func(in *tariff.Input) {
		e.changeTariffs(in, func(t *ocpi.Tariff) {
			for i := range t.Elements {
				el := &t.Elements[i]
				el.PriceComponents = slices.DeleteFunc(el.PriceComponents, func(c ocpi.PriceComponent) bool { return c.Kind == kind })
			}
		})
	}
}
