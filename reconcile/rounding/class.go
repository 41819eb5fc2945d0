package rounding

import "github.com/nexacollect/reconcile/ocpi/exact"

// Class says how a claimed amount relates to the computed one.
type Class string

// The classes. Each amount has one, the first that fits.
const (
	Exact      Class = "exact"     // they are equal
	Explained  Class = "rounding"  // the pinned scheme makes the one of the other
	Within     Class = "tolerance" // they lie no further apart than the tolerance
	Mismatched Class = "mismatch"
	// NotCompared is for totals of invoices: what they would be compared with is not known.
	NotCompared Class = "not-compared"
)

// unrounded is the index of the scheme that does not round.
const unrounded = 0

func classOf(p pattern, found bool, pinned int) Class {
	switch {
	case p.set.Has(unrounded):
		return Exact
	case found && p.set.Has(pinned):
		return Explained
	case p.within:
		return Within
	}
	return Mismatched
}

// Classify says how an observation relates to the scheme of an inference; tolerance is inclusive. ok is false where it does not compare
// on the basis.
func (i *Inference) Classify(o *Observation, b Basis, tolerance exact.Decimal) (class Class, ok bool) {
	if !o.Compares(b) {
		return "", false
	}
	claimed := b.of(o.Claimed).Value
	if claimed.Equal(b.on(&o.Computed.Total).Value) {
		return Exact, true
	}
	if i.Found {
		if v, ok := i.Scheme.Apply(&o.Computed, b, o.Claimed.BeforeTaxes); ok && v.Equal(claimed) {
			return Explained, true
		}
	}
	if !tolerance.Less(o.delta(b).Abs()) {
		return Within, true
	}
	return Mismatched, true
}

// Explain is the simplest scheme of the space that makes the claimed amount, for an amount of no population; ok is false where none does.
func (s *Space) Explain(o *Observation) (scheme Scheme, ok bool) {
	set := s.Match(o)
	if set.Empty() {
		return Scheme{}, false
	}
	return s.schemes[set.First()], true
}
