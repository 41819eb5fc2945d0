package rounding

import (
	"cmp"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

// Survey is the populations of one partner: each currency, before and after taxes. It is not safe for concurrent use; workers have one
// each, and merge them.
type Survey struct {
	lines   bool
	tallies map[population]*Tally
}

type population struct {
	currency string
	basis    Basis
}

// NewSurvey returns an empty survey of CDRs or, with lines, of invoice lines.
func NewSurvey(lines bool) *Survey { return &Survey{lines: lines, tallies: map[population]*Tally{}} }

// Add counts an observation on both bases, as far as it compares. minor is the decimals of the currency's minor unit, the same for each
// observation of a currency; tolerance as for Tally.Add.
func (s *Survey) Add(currency string, minor int32, o *Observation, tolerance exact.Decimal) {
	for _, b := range [...]Basis{BeforeTaxes, AfterTaxes} {
		if o.Compares(b) {
			s.tally(population{currency, b}, func() *Space { return NewSpace(b, minor, s.lines) }).Add(o, tolerance)
		}
	}
}

func (s *Survey) tally(p population, space func() *Space) *Tally {
	t := s.tallies[p]
	if t == nil {
		t = NewTally(space())
		s.tallies[p] = t
	}
	return t
}

// Merge adds the counts of another survey of the same kind.
func (s *Survey) Merge(o *Survey) {
	for p, t := range o.tallies {
		s.tally(p, func() *Space { return t.space }).Merge(t)
	}
}

// Finding is the inference for one currency on one basis.
type Finding struct {
	Currency string
	Basis    Basis
	Inference
}

// Findings infers the scheme of each population, ordered by currency, net before gross.
func (s *Survey) Findings() []Finding {
	out := make([]Finding, 0, len(s.tallies))
	for p, t := range s.tallies {
		out = append(out, Finding{p.currency, p.basis, t.Infer()})
	}
	slices.SortFunc(out, func(a, b Finding) int {
		return cmp.Or(strings.Compare(a.Currency, b.Currency), -strings.Compare(string(a.Basis), string(b.Basis)))
	})
	return out
}
