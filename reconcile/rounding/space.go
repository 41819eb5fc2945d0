package rounding

import (
	"math/bits"
	"slices"
)

// Space is the schemes that a population may follow, the simplest first. It never changes once made.
type Space struct {
	basis   Basis
	minor   int32
	schemes []Scheme
	places  []int32 // decimals, the minor unit first
	finest  int32   // the most of them
	units   []int64 // the last digit of each, in units of the finest
	// Where the schemes of a group begin; −1 where there are none. Within a group they stand by Per, mode and decimals.
	exact, onNet, onParts, lines int
	innerPlaces                  []int // of lines: the indices in places of the decimals that the first rounding may have
}

// pers are what a scheme may round, the simplest first.
var pers = [...]Per{PerSession, PerDimension, PerComponent, PerPeriod}

// decimals are those that are looked for beside the currency's own.
var decimals = [...]int32{2, 3, 4}

// NewSpace returns the schemes for amounts on a basis in a currency whose minor unit has the given decimals; lines says that the
// amounts are those of invoice lines.
func NewSpace(b Basis, minor int32, lines bool) *Space {
	s := &Space{basis: b, minor: minor, schemes: []Scheme{{Per: PerNone}}, places: []int32{minor}, onNet: -1, onParts: -1, lines: -1}
	for _, d := range decimals {
		if d > minor {
			s.innerPlaces = append(s.innerPlaces, len(s.places))
		}
		if d != minor {
			s.places = append(s.places, d)
		}
	}
	s.finest = slices.Max(s.places)
	for _, d := range s.places {
		s.units = append(s.units, unitOf(d, s.finest))
	}
	s.exact = s.group(pers[:], TaxExact)
	if b == AfterTaxes {
		s.onNet = s.group(pers[:1], TaxOnNet)
		s.onParts = s.group(pers[:], TaxOnParts)
	}
	if lines {
		s.lines = len(s.schemes)
		for _, per := range pers {
			for _, mode := range modes {
				for _, place := range s.innerPlaces {
					for _, line := range modes {
						s.schemes = append(s.schemes, Scheme{Per: per, Decimals: s.places[place], Mode: mode, Line: Step{minor, line}})
					}
				}
			}
		}
	}
	return s
}

// group appends schemes of one rounding and returns the index of the first.
func (s *Space) group(pers []Per, tax Tax) int {
	from := len(s.schemes)
	for _, per := range pers {
		for _, mode := range modes {
			for _, d := range s.places {
				s.schemes = append(s.schemes, Scheme{Per: per, Decimals: d, Mode: mode, Tax: tax})
			}
		}
	}
	return from
}

// at is the index of a scheme in a group.
func (s *Space) at(group, per, mode, place int) int {
	return group + (per*modeCount+mode)*len(s.places) + place
}

// atLine is the index of the first of the four schemes of lines with that inner rounding.
func (s *Space) atLine(per, mode, inner int) int {
	return s.lines + ((per*modeCount+mode)*len(s.innerPlaces)+inner)*modeCount
}

// Schemes are the schemes in order of simplicity.
func (s *Space) Schemes() []Scheme { return slices.Clone(s.schemes) }

// Index is the place of a scheme in that order, −1 where it is not among them.
func (s *Space) Index(scheme Scheme) int { return slices.Index(s.schemes, scheme) }

// setWords is enough for the greatest space: lines after taxes in a currency without minor unit have 337 schemes.
const setWords = 6

// Set is a set of schemes of a Space, by their indices. Sets are compared with ==.
type Set [setWords]uint64

func (s *Set) add(i int) { s[i/64] |= 1 << (i % 64) }

// Has reports whether the set holds the scheme of the index.
func (s *Set) Has(i int) bool { return i >= 0 && i < 64*setWords && s[i/64]&(1<<(i%64)) != 0 }

// Empty reports a set that holds none.
func (s *Set) Empty() bool { return *s == Set{} }

// First is the index of the simplest scheme, −1 in an empty set.
func (s *Set) First() int {
	for i, w := range s {
		if w != 0 {
			return 64*i + bits.TrailingZeros64(w)
		}
	}
	return -1
}

// each calls f with every index, in order.
func (s *Set) each(f func(i int)) {
	for n, w := range s {
		for ; w != 0; w &= w - 1 {
			f(64*n + bits.TrailingZeros64(w))
		}
	}
}

// full is the set of all schemes.
func (s *Space) full() Set {
	var all Set
	for i := range s.schemes {
		all.add(i)
	}
	return all
}
