package tariff

import "github.com/nexacollect/reconcile/ocpi"

// compiled is a tariff in the form that pricing walks: for each dimension the components in order of elements. It depends only
// on the tariff and the choice for duplicate components, so it can be kept for every CDR with the same tariff.
type compiled struct {
	t *ocpi.Tariff
	traits
	at         leaf // prefix of its leaves: document and tariff index
	candidates [componentKinds][]candidate
	asks       asks
	// what was noted for this CDR
	expiryNoted, taxNoted, rateNoted bool
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

// compile fills c from a tariff, reusing c's slices.
func (c *compiled) compile(t *ocpi.Tariff, version ocpi.Version, at leaf, duplicates choice) {
	c.t, c.at, c.asks = t, at, asks{}
	c.expiryNoted, c.taxNoted, c.rateNoted = false, false, false
	if t.Version != 0 {
		version = t.Version
	}
	c.traits = bundleOf(version).traits
	for i := range c.candidates {
		c.candidates[i] = c.candidates[i][:0]
	}
	for i := range t.Elements {
		c.element(int32(i), &t.Elements[i], duplicates)
	}
}

func (c *compiled) element(i int32, el *ocpi.TariffElement, duplicates choice) {
	for j := range el.PriceComponents {
		k := kindIndex(el.PriceComponents[j].Kind)
		if k < 0 {
			continue
		}
		list := c.candidates[k]
		if n := len(list); n > 0 && list[n-1].element == i {
			list[n-1].duplicate = true
			if duplicates == duplicateLast {
				list[n-1].component = int32(j)
			}
			continue
		}
		c.candidates[k] = append(list, candidate{element: i, component: int32(j)})
	}
	if r := el.Restrictions; r != nil {
		c.asks.clock = c.asks.clock || asksClock(r)
		c.asks.energy = c.asks.energy || r.MinKWh.Present || r.MaxKWh.Present
		c.asks.duration = c.asks.duration || r.MinDuration.Present || r.MaxDuration.Present
	}
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
