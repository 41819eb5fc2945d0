package job

import (
	"bytes"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/pack"
	"github.com/nexacollect/reconcile/reconcile/source"
)

// fetchTheirs reads records of the debtor's copy again.
func (l *loader) fetchTheirs(cdrs, sessions []source.Ref) (err error) {
	in := l.j.in
	if l.raw, l.theirs, err = in.theirs.again(l.raw, cdrs); err != nil {
		return err
	}
	l.raw, l.theirSessions, err = in.theirSessions.again(l.raw, sessions)
	return err
}

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

// session decodes the next of some sessions for a group.
func (l *loader) session(to *loaded, from *[]ocpi.Record) reconcile.SessionInput {
	s, findings := l.decoder.Session((*from)[0])
	*from = (*from)[1:]
	if s != nil {
		to.sessions = append(to.sessions, s)
	}
	return reconcile.SessionInput{Session: s, Findings: findings}
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

// sideTallies are what a worker has seen of the two sides.
type sideTallies struct{ cdrs, sessions reconcile.TwoSidedTally }

// compare adds up how the sides stand in a group, and renders what is not the same.
func (l *loader) compare(v *reconcile.GroupVerdict, out *judged) {
	out.compare(v.Theirs, &l.sides.cdrs)
	out.compare(v.TheirSessions, &l.sides.sessions)
}

func (o *judged) compare(sides []reconcile.SideBySide, sum *reconcile.TwoSidedTally) {
	for i := range sides {
		s := &sides[i]
		sum.Add(s)
		if s.Verdict != reconcile.SidesSame {
			o.theirs = append(o.theirs, pack.RenderTheirs(s))
		}
	}
}

// twoSided is what all workers have seen of the two sides, of CDRs and of sessions, nil where the debtor's copy of them was not given.
func (j *judging) twoSided() (cdrs, sessions *reconcile.TwoSided) {
	var all sideTallies
	for _, l := range j.loaders {
		all.cdrs.Merge(&l.sides.cdrs)
		all.sessions.Merge(&l.sides.sessions)
	}
	if j.agreement.TheirsGiven {
		cdrs = all.cdrs.Result()
	}
	if j.agreement.TheirSessionsGiven {
		sessions = all.sessions.Result()
	}
	return cdrs, sessions
}
