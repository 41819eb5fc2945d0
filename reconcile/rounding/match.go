package rounding

import (
	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
)

// Match is the set of schemes that make the claimed amount of the computed one: those of which Apply gives it. The set is empty where an
// amount is not known on the basis of the space.
func (s *Space) Match(o *Observation) Set {
	if !o.Compares(s.basis) {
		return Set{}
	}
	m := matcher{Space: s, computed: &o.Computed, net: o.Claimed.BeforeTaxes}
	if s.basis.of(o.Claimed).Value.Equal(s.basis.on(&o.Computed.Total).Value) {
		m.set.add(unrounded)
	}
	claimed, ok := count(s.basis.of(o.Claimed), s.finest)
	if !ok {
		return s.matchOneByOne(o)
	}
	if m.claimed, ok = claimed.whole(); !ok {
		return m.set // it has more decimals than any scheme leaves
	}
	if !m.limits() || !m.matchAll() {
		return s.matchOneByOne(o)
	}
	return m.set
}

// matchOneByOne is Match by its definition.
func (s *Space) matchOneByOne(o *Observation) (set Set) {
	claimed := s.basis.of(o.Claimed).Value
	for i, scheme := range s.schemes {
		if v, ok := scheme.Apply(&o.Computed, s.basis, o.Claimed.BeforeTaxes); ok && v.Equal(claimed) {
			set.add(i)
		}
	}
	return set
}

// matcher holds one observation against all schemes at once: amounts are counted in units of the space, and what schemes share is
// computed once.
type matcher struct {
	*Space
	set         Set
	computed    *Computed
	net         ocpi.Number // before taxes, as stated
	claimed     int64
	least, most int64 // price limits
	hasLeast    bool
	hasMost     bool
	sums, taxed sums
	noTax       bool // an amount of a part is not known, so that its tax is not
}

// sums are amounts by place and mode.
type sums [maxPlaces][modeCount]int64

// maxPlaces is the most decimals that a space looks for.
const maxPlaces = len(decimals) + 1

// limits counts the price limits; false where that cannot be done.
func (m *matcher) limits() bool {
	least, most := m.computed.limits(m.basis)
	counted := func(n ocpi.Number, to *int64, has *bool) bool {
		if !n.Present {
			return true
		}
		c, ok := count(n, m.finest)
		v, whole := c.whole()
		*to, *has = v, true
		return ok && whole
	}
	return counted(least, &m.least, &m.hasLeast) && counted(most, &m.most, &m.hasMost)
}

// matchAll tries the schemes of all groups; false where an amount cannot be counted.
func (m *matcher) matchAll() bool {
	for per := range pers {
		m.sums, m.taxed, m.noTax = sums{}, sums{}, false
		one := [1]tariff.Amount{}
		parts := m.computed.partsOf(pers[per])
		if parts == nil {
			one[0] = m.computed.Total
			parts = one[:]
		}
		for i := range parts {
			if !m.addPart(&parts[i]) {
				return false
			}
		}
		m.compare(per)
	}
	return m.onNet < 0 || m.compareOnNet()
}

// addPart adds a part to the sums, rounded in every way.
func (m *matcher) addPart(part *tariff.Amount) bool {
	exactly, ok := count(m.basis.on(part), m.finest)
	if !ok {
		return false
	}
	for place, unit := range m.units {
		for mode, v := range exactly.round(unit) {
			m.sums[place][mode] += v
		}
	}
	if m.onParts < 0 || m.noTax {
		return true
	}
	if !part.BeforeTaxes.Present || !part.AfterTaxes.Present {
		m.noTax = true
		return true
	}
	net, ok := count(part.BeforeTaxes, m.finest)
	factor, known := factorOf(part.Rate)
	switch {
	case !ok:
		return false
	case !part.Rate.Present:
		return m.addProportional(part)
	case !known:
		return false
	}
	for place, unit := range m.units {
		for mode, v := range net.round(unit) {
			m.taxed[place][mode] += taxedBy(v, factor, unit, modes[mode])
		}
	}
	return true
}

// addProportional is the tax on a rounded part that bears several rates.
func (m *matcher) addProportional(part *tariff.Amount) bool {
	for place, places := range m.places {
		for mode := range modes {
			step := Step{places, modes[mode]}
			net := ocpi.Number{Value: step.round(part.BeforeTaxes.Value), Present: true}
			n, ok := m.proportional(net, part, step)
			if !ok {
				return false
			}
			m.taxed[place][mode] += n
		}
	}
	return true
}

func (m *matcher) proportional(net ocpi.Number, part *tariff.Amount, step Step) (n int64, ok bool) {
	v, ok := taxed(net, part, step)
	c, fits := count(ocpi.Number{Value: v, Present: true}, m.finest)
	return c.signed(c.units), ok && fits
}

// compare holds the sums of one kind of part against the claimed amount.
func (m *matcher) compare(per int) {
	for place, unit := range m.units {
		for mode := range modes {
			if m.settled(m.sums[place][mode], unit, mode) == m.claimed {
				m.set.add(m.at(m.exact, per, mode, place))
			}
			if m.onParts >= 0 && !m.noTax && m.settled(m.taxed[place][mode], unit, mode) == m.claimed {
				m.set.add(m.at(m.onParts, per, mode, place))
			}
		}
	}
	if m.lines < 0 {
		return
	}
	for inner, place := range m.innerPlaces {
		for mode := range modes {
			sum := m.settled(m.sums[place][mode], m.units[place], mode)
			for line, v := range wholeUnits(sum).round(m.units[0]) {
				if v == m.claimed {
					m.set.add(m.atLine(per, mode, inner) + line)
				}
			}
		}
	}
}

// settled is a sum within the price limits; a limit that holds is rounded like a part.
func (m *matcher) settled(sum, unit int64, mode int) int64 {
	held := sum
	if m.hasLeast && held < m.least {
		held = m.least
	}
	if m.hasMost && held > m.most {
		held = m.most
	}
	if held == sum {
		return sum
	}
	return wholeUnits(held).round(unit)[mode]
}

// compareOnNet tries the tax on the net as stated.
func (m *matcher) compareOnNet() bool {
	if !m.net.Present || !m.computed.Total.BeforeTaxes.Present {
		return true
	}
	total := &m.computed.Total
	net, ok := count(m.net, m.finest)
	n, whole := net.whole()
	factor, known := factorOf(total.Rate)
	byFactor := ok && whole && known && total.Rate.Present
	for place, unit := range m.units {
		for mode := range modes {
			v := int64(0)
			if byFactor {
				v = taxedBy(n, factor, unit, modes[mode])
			} else if v, ok = m.proportional(m.net, total, Step{m.places[place], modes[mode]}); !ok {
				return false
			}
			if m.settled(v, unit, mode) == m.claimed {
				m.set.add(m.at(m.onNet, 0, mode, place))
			}
		}
	}
	return true
}

// unitOf is the decimals as units of the finest.
func unitOf(places, finest int32) int64 {
	n, _, _ := exact.New(1, places).Units(finest)
	return n
}
