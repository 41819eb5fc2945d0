package rounding

import (
	"slices"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

// What it takes to pin a scheme.
const (
	MinObservations = 10 // fewer say too little
	MinShare        = 95 // per cent of the observations that tell schemes apart
	MaxRival        = 2  // by so many explained observations a scheme may fall short and still not be ruled out, where some are unexplained
)

// Tally counts observations of one population by the schemes that explain them. Adding in any order, and merging tallies of one space in
// any order, gives the same.
type Tally struct {
	space    *Space
	patterns map[pattern]*entry
}

// pattern is what observations may have in common.
type pattern struct {
	set    Set
	within bool // tolerance
}

type entry struct {
	n     int
	delta exact.Decimal // Σ claimed − computed
}

// NewTally returns an empty tally.
func NewTally(s *Space) *Tally { return &Tally{space: s, patterns: map[pattern]*entry{}} }

// Space is the schemes that the tally tells apart.
func (t *Tally) Space() *Space { return t.space }

// Add counts an observation and returns the schemes that explain it; tolerance is how far a claimed amount may lie from the computed one
// and still agree. One that does not compare on the tally's basis is not counted.
func (t *Tally) Add(o *Observation, tolerance exact.Decimal) Set {
	if !o.Compares(t.space.basis) {
		return Set{}
	}
	set, delta := t.space.Match(o), o.delta(t.space.basis)
	t.enter(pattern{set, !tolerance.Less(delta.Abs())}, 1, delta)
	return set
}

// delta is claimed − computed.
func (o *Observation) delta(b Basis) exact.Decimal {
	return b.of(o.Claimed).Value.Sub(b.on(&o.Computed.Total).Value)
}

func (t *Tally) enter(p pattern, n int, delta exact.Decimal) {
	c := t.patterns[p]
	if c == nil {
		c = new(entry)
		t.patterns[p] = c
	}
	c.n, c.delta = c.n+n, c.delta.Add(delta)
}

// Merge adds the counts of another tally of an equal space, which stays as it is.
func (t *Tally) Merge(o *Tally) {
	for p, c := range o.patterns {
		t.enter(p, c.n, c.delta)
	}
}

// Inference is what a population says of its rounding.
type Inference struct {
	Found  bool   // Scheme is pinned; else too little speaks for any one, and Scheme is only the likeliest
	Scheme Scheme // the simplest of Equivalent
	Counts Counts
	// Equivalent are the schemes that explain the very same observations, the simplest first; the data cannot tell them apart.
	Equivalent []Scheme
	// Rivals explain other observations, but nearly as many: the data does not rule them out. By number explained, then simplicity.
	Rivals []Rival
	// Discriminating is the fewest observations that Scheme explains and another, not equivalent, does not: what the choice rests on.
	Discriminating int
}

// Decided reports a pinned scheme that has no rival.
func (i *Inference) Decided() bool { return i.Found && len(i.Rivals) == 0 }

// Counts are numbers of observations. The four classes sum to Observations; where no scheme is pinned, Explained is 0.
type Counts struct {
	Observations int
	Explainable  int // by any scheme
	Telling      int // of these, not by every one

	Exact, Explained, Within, Mismatched int
	Rounding                             exact.Decimal // Σ claimed − computed of the explained: what the rounding comes to
}

// Rival is a scheme that is not ruled out.
type Rival struct {
	Scheme    Scheme
	Explained int // observations
	Only      int // of these, by it and not by the pinned one
	Missed    int // by the pinned one and not by it
}

// tallied is how the schemes fared.
type tallied struct {
	*Tally
	explained []int // by index of scheme
	out       Inference
	best      int // index of scheme
}

// Infer finds the scheme.
func (t *Tally) Infer() Inference {
	r := tallied{Tally: t, explained: make([]int, len(t.space.schemes))}
	full, telling := t.space.full(), make([]int, len(t.space.schemes))
	for p, c := range t.patterns {
		r.out.Counts.Observations += c.n
		if !p.set.Empty() {
			r.out.Counts.Explainable += c.n
		}
		tells := !p.set.Empty() && p.set != full
		if tells {
			r.out.Counts.Telling += c.n
		}
		p.set.each(func(i int) {
			r.explained[i] += c.n
			if tells {
				telling[i] += c.n
			}
		})
	}
	for i, n := range r.explained {
		if n > r.explained[r.best] {
			r.best = i
		}
	}
	counts := &r.out.Counts
	r.out.Scheme = t.space.schemes[r.best]
	r.out.Found = counts.Observations >= MinObservations && 2*r.explained[r.best] >= counts.Observations &&
		100*telling[r.best] >= MinShare*counts.Telling
	r.compare()
	r.classify()
	return r.out
}

// compare sorts the other schemes into equivalents, rivals and those that are ruled out.
func (r *tallied) compare() {
	missed := r.missed()
	slack := MaxRival
	if r.explained[r.best] == r.out.Counts.Observations {
		slack = 0
	}
	least := -1
	for i, scheme := range r.space.schemes {
		short := r.explained[r.best] - r.explained[i]
		if short == 0 && missed[i] == 0 {
			r.out.Equivalent = append(r.out.Equivalent, scheme)
			continue
		}
		if short <= slack {
			r.out.Rivals = append(r.out.Rivals, Rival{scheme, r.explained[i], missed[i] - short, missed[i]})
		}
		if least < 0 || missed[i] < least {
			least = missed[i]
		}
	}
	slices.SortStableFunc(r.out.Rivals, func(a, b Rival) int { return b.Explained - a.Explained })
	r.out.Discriminating = max(least, 0)
}

// missed counts for each scheme what the best one explains and it does not.
func (r *tallied) missed() []int {
	missed := make([]int, len(r.explained))
	for p, c := range r.patterns {
		if !p.set.Has(r.best) {
			continue
		}
		for i := range missed {
			if !p.set.Has(i) {
				missed[i] += c.n
			}
		}
	}
	return missed
}

func (r *tallied) classify() {
	c := &r.out.Counts
	for p, n := range r.patterns {
		switch classOf(p, r.out.Found, r.best) {
		case Exact:
			c.Exact += n.n
		case Explained:
			c.Explained += n.n
			c.Rounding = c.Rounding.Add(n.delta)
		case Within:
			c.Within += n.n
		default:
			c.Mismatched += n.n
		}
	}
	c.Rounding = c.Rounding.Trim()
}

// Patterns is how many different sets of schemes were met: what a tally holds in memory.
func (t *Tally) Patterns() int { return len(t.patterns) }
