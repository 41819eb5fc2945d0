package job

import (
	"bytes"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/pack"
)

// loadTheirs adds the next n records of the debtor's copy to a group. Nearly all have the bytes of ours and need no decoding.
func (l *loader) loadTheirs(to *loaded, n int) {
	g := &to.group
	for _, rec := range l.theirs[:n] {
		if c := sameBytes(g.CDRs, rec); c != nil {
			g.Theirs = append(g.Theirs, reconcile.CDRInput{CDR: c})
			continue
		}
		c, findings := l.decoder.CDR(rec)
		g.Theirs = append(g.Theirs, reconcile.CDRInput{CDR: c, Findings: findings})
		if c != nil {
			to.cdrs = append(to.cdrs, c)
		}
	}
	l.theirs = l.theirs[n:]
}

// mostAsked is how many CDRs of a group are asked whether they have the bytes of another.
const mostAsked = 8

// sameBytes is the CDR that a record is, where one of ours has its bytes; nil where none has.
func sameBytes(ours []reconcile.CDRInput, rec ocpi.Record) *ocpi.CDR {
	for i := range ours[:min(len(ours), mostAsked)] {
		if c := ours[i].CDR; c != nil && bytes.Equal(c.Record.Bytes, rec.Bytes) {
			other := *c
			other.Record = rec
			return &other
		}
	}
	return nil
}

// compare adds up how the sides stand in a group, and renders what is not the same.
func (l *loader) compare(v *reconcile.GroupVerdict, out *judged) {
	for i := range v.Theirs {
		s := &v.Theirs[i]
		l.sides.Add(s)
		if s.Verdict != reconcile.SidesSame {
			out.theirs = append(out.theirs, pack.RenderTheirs(s))
		}
	}
}

// twoSided is what all workers have seen of the two sides, nil where the debtor's copy was not given.
func (j *judging) twoSided() *reconcile.TwoSided {
	if !j.agreement.TheirsGiven {
		return nil
	}
	var all reconcile.TwoSidedTally
	for _, l := range j.loaders {
		all.Merge(&l.sides)
	}
	return all.Result()
}
