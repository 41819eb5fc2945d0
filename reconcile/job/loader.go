package job

import (
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/pack"
	"github.com/nexacollect/reconcile/reconcile/source"
)

// loader reads and decodes the records of groups, and renders what was made of them, on one worker. Of nearly all groups nothing is
// disclosed and nobody looks at the records again: their memory takes the next group.
type loader struct {
	j              *judging
	decoder        *ocpi.Decoder
	survey         *reconcile.Survey
	invoices       *reconcile.InvoiceSums
	sides          sideTallies
	raw            []byte        // the bytes of a batch
	cdrs, sessions []ocpi.Record // those of the groups to come
	theirs         []ocpi.Record // likewise, CDRs of the debtor's copy
	theirSessions  []ocpi.Record // and its sessions
	renderer       pack.Renderer
	cells          []string // of the row at hand

	loaded []loaded           // the groups of a batch
	groups []*reconcile.Group // likewise
}

// loaded is a group whose records are decoded.
type loaded struct {
	group    reconcile.Group
	members  []int32
	ranks    []int32         // of its lines
	cdrs     []*ocpi.CDR     // that were decoded for it
	sessions []*ocpi.Session // likewise
}

// reset takes the memory of another group for this one.
func (g *loaded) reset(members []int32) {
	was := &g.group
	*g = loaded{members: members, ranks: g.ranks[:0], cdrs: g.cdrs[:0], sessions: g.sessions[:0], group: reconcile.Group{
		CDRs: was.CDRs[:0], Sessions: was.Sessions[:0], Lines: was.Lines[:0], Claims: was.Claims[:0], Theirs: was.Theirs[:0],
		Answers: was.Answers[:0], Decisions: was.Decisions[:0], TheirSessions: was.TheirSessions[:0],
	}}
}

// fetch reads the CDRs and sessions of some groups again, in the order of the groups' members.
func (l *loader) fetch(groups [][]int32) error {
	x, in := l.j.x, l.j.in
	var cdrs, sessions, theirs, theirSessions []source.Ref
	for _, members := range groups {
		for _, i := range members {
			switch x.ids.Kind(i) {
			case reconcile.CDRRecord:
				cdrs = append(cdrs, x.ref(i))
			case reconcile.SessionRecord:
				sessions = append(sessions, x.ref(i))
			case reconcile.TheirRecord:
				theirs = append(theirs, x.ref(i))
			case reconcile.TheirSessionRecord:
				theirSessions = append(theirSessions, x.ref(i))
			}
		}
	}
	l.decoder.Release(nil, nil) // what it has read lies in raw
	var err error
	if l.raw, l.cdrs, err = in.cdrs.again(l.raw[:0], cdrs); err != nil {
		return err
	}
	if l.raw, l.sessions, err = in.sessions.again(l.raw, sessions); err != nil {
		return err
	}
	err = l.fetchTheirs(theirs, theirSessions)
	if cap(l.raw) > mostRaw {
		l.raw = nil // the records have it
	}
	return err
}

// mostRaw is the memory beyond which a buffer of raw records is not kept for the next batch.
const mostRaw = 4 << 20

// load decodes the records of the groups that were fetched.
func (l *loader) load(groups [][]int32) []*reconcile.Group {
	l.loaded = slices.Grow(l.loaded[:0], len(groups))[:len(groups)]
	l.groups = l.groups[:0]
	for i, members := range groups {
		g := &l.loaded[i]
		g.reset(members)
		l.loadGroup(g)
		l.groups = append(l.groups, &g.group)
	}
	return l.groups
}

// loadGroup decodes the records of the next group; ranks run parallel to its lines.
func (l *loader) loadGroup(to *loaded) {
	g, x := &to.group, l.j.x
	theirs := 0
	for _, i := range to.members {
		switch x.ids.Kind(i) {
		case reconcile.CDRRecord:
			c, findings := l.decoder.CDR(l.cdrs[0])
			l.cdrs = l.cdrs[1:]
			g.CDRs = append(g.CDRs, reconcile.CDRInput{CDR: c, Findings: findings})
			if c != nil {
				to.cdrs = append(to.cdrs, c)
			}
		case reconcile.SessionRecord:
			g.Sessions = append(g.Sessions, l.session(to, &l.sessions))
		case reconcile.LineRecord:
			at := x.row(i)
			g.Lines = append(g.Lines, x.line(at, &l.cells))
			to.ranks = append(to.ranks, x.ranks[at])
		case reconcile.ClaimRecord:
			g.Claims = append(g.Claims, x.claims.value(x.row(i), &l.cells))
		case reconcile.TheirRecord:
			theirs++
		case reconcile.TheirSessionRecord:
			g.TheirSessions = append(g.TheirSessions, l.session(to, &l.theirSessions))
		case reconcile.AnswerRecord:
			g.Answers = append(g.Answers, x.answers.value(x.row(i), &l.cells))
		case reconcile.DecisionRecord:
			g.Decisions = append(g.Decisions, x.decisions[x.row(i)])
		}
	}
	l.loadTheirs(to, theirs)
	if x.masters != nil {
		x.masters.giveRecords(x, to.members, g)
	}
}

// render encodes the verdicts of a group; lines that got none keep their rank all the same. closed says that nothing but the
// lines themselves is disclosed.
func (l *loader) render(g *loaded, v *reconcile.GroupVerdict, out *judged) (closed bool) {
	lines, ranks := g.group.Lines, g.ranks
	if len(lines) == 1 && len(v.Lines) == 1 { // as nearly always
		e := l.renderer.Render(&v.Lines[0])
		out.entries = append(out.entries, rankedEntry{ranks[0], e})
		return e.Closed()
	}
	closed = true
	entries := make(map[*reconcile.Line]*pack.Entry, len(v.Lines))
	for i := range v.Lines {
		e := l.renderer.Render(&v.Lines[i])
		entries[v.Lines[i].Line] = e
		closed = closed && e.Closed()
	}
	for i, line := range lines {
		out.entries = append(out.entries, rankedEntry{ranks[i], entries[line]})
	}
	return closed
}
