package hypothesis

import (
	"cmp"
	"fmt"
	"slices"
)

// Population counts what explains the mismatching CDRs of one counterparty. The zero value is empty. What it finds does not depend on the
// order in which CDRs are added.
type Population struct {
	mismatches int
	shares     []Share
}

// Share is how many mismatching CDRs a hypothesis explains.
type Share struct {
	Name                  string
	Direction             Direction
	Text                  string
	Explained, Mismatches int
	doubled               int // of these, CDRs to which another of the best does the same
}

// String is the share in words: "the partner billed wall-clock time, in 412 of 412 mismatching CDRs".
func (s Share) String() string {
	return fmt.Sprintf("%s, in %d of %d mismatching CDRs", s.Text, s.Explained, s.Mismatches)
}

// A population speaks from fewest CDRs on, and nearly all are nearly of a hundred.
const fewest, nearly = 5, 95

// Add counts one mismatching CDR, with what Explain gave for it, nothing included. Only the best hypotheses of a CDR count.
func (p *Population) Add(list []Hypothesis) {
	p.mismatches++
	best := Best(list)
	for _, h := range best {
		s := p.share(&h)
		s.Explained++
		if doubles(&h, best) {
			s.doubled++
		}
	}
}

// Merge adds the counts of another population of the same counterparty.
func (p *Population) Merge(o *Population) {
	p.mismatches += o.mismatches
	for _, s := range o.shares {
		own := p.share(&Hypothesis{Name: s.Name, Direction: s.Direction, Text: s.Text})
		own.Explained, own.doubled = own.Explained+s.Explained, own.doubled+s.doubled
	}
}

func (p *Population) share(h *Hypothesis) *Share {
	for i := range p.shares {
		if s := &p.shares[i]; s.Name == h.Name && s.Direction == h.Direction {
			return s
		}
	}
	p.shares = append(p.shares, Share{Name: h.Name, Direction: h.Direction, Text: h.Text})
	return &p.shares[len(p.shares)-1]
}

// Shares lists the hypotheses, the one that explains most first, of equals by name and
// direction.
func (p *Population) Shares() []Share {
	out := slices.Clone(p.shares)
	for i := range out {
		out[i].Mismatches = p.mismatches
	}
	slices.SortFunc(out, func(a, b Share) int {
		return cmp.Or(cmp.Compare(b.Explained, a.Explained), cmp.Compare(a.doubled, b.doubled), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Direction, b.Direction))
	})
	return out
}

// Leader is the hypothesis that explains the counterparty's mismatches: all or nearly all of them, while no other does; the rule is in
// the package's documentation. It reports false where there is none.
func (p *Population) Leader() (Share, bool) {
	shares := p.Shares()
	if p.mismatches < fewest || len(shares) == 0 {
		return Share{}, false
	}
	enough := func(s Share) bool { return s.Explained*100 >= p.mismatches*nearly }
	first := shares[0]
	if !enough(first) {
		return Share{}, false
	}
	for _, rival := range shares[1:] {
		if rival.doubled == rival.Explained {
			continue // never anything but another name for what another hypothesis does
		}
		if rival.Explained == first.Explained || first.Explained < p.mismatches && enough(rival) {
			return Share{}, false
		}
	}
	return first, true
}

// Settle is the one hypothesis that explains a CDR of the population: the population's leader where it is among the best of the CDR, else
// the single one of the CDR itself.
func (p *Population) Settle(list []Hypothesis) (Hypothesis, bool) {
	if leader, ok := p.Leader(); ok {
		for _, h := range Best(list) {
			if h.Name == leader.Name && h.Direction == leader.Direction {
				return h, true
			}
		}
	}
	return Single(list)
}
