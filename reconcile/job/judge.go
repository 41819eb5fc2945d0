package job

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/pack"
	"github.com/nexacollect/reconcile/reconcile/report"
	"github.com/nexacollect/reconcile/reconcile/source"
)

// Bounds of what a worker judges at a time: enough to make handing over and reading cheap.
const (
	batchGroups  = 64
	batchMembers = 512
)

// judging is the second pass: it reads the records of each group again, judges it and writes the verdicts in order.
type judging struct {
	x         *index
	in        *inputs
	agreement *reconcile.Agreement
	invoices  []reconcile.StatedInvoice
	loaders   []*loader // one for each worker

	// owned by the sink
	tally    reconcile.Tally
	masters  reconcile.MasterSums
	page     report.Page
	out      *pack.Writer
	pending  map[int32]*pack.Entry // lines judged before their turn; nil entries are lines without a verdict
	next     int32                 // rank of the next line to write
	findings map[ocpi.Code]int
	latest   time.Time
	marks    []reconcile.Mark // of all CDRs, where the case has them compared
}

// judged is the outcome of some groups.
type judged struct {
	entries     []rankedEntry
	notInvoiced []reconcile.NotInvoiced
	theirs      []pack.TheirRow
	findings    []ocpi.Finding
	records     reconcile.Records
	latest      time.Time
	groups      int
	marks       []reconcile.Mark
}

type rankedEntry struct {
	rank  int32
	entry *pack.Entry // nil: a line without a verdict
}

func (j *judging) run(ctx context.Context, plan [][]int32, opts Options) error {
	m := newMeter(opts.Progress, "judging")
	m.now.Total = int64(len(plan))
	for range opts.workers() {
		j.loaders = append(j.loaders, &loader{
			j: j, survey: reconcile.NewSurvey(), invoices: reconcile.NewInvoiceSums(j.invoices), decoder: ocpi.NewDecoder(ocpi.Options{Version: opts.Version}),
		})
	}
	err := ordered(ctx, batches(plan), opts.workers(), j.judge, func(out *judged) error {
		m.add(out.groups, 0)
		return j.write(out)
	})
	m.end()
	if err == nil && len(j.pending) > 0 {
		return fmt.Errorf("%d lines were judged but not written: this is a bug", len(j.pending))
	}
	return err
}

// batches cuts the plan into what a worker judges at a time.
func batches(plan [][]int32) iter.Seq2[[][]int32, error] {
	return func(yield func([][]int32, error) bool) {
		for len(plan) > 0 {
			n, members := 1, len(plan[0])
			for n < min(len(plan), batchGroups) && members+len(plan[n]) <= batchMembers {
				members += len(plan[n])
				n++
			}
			if !yield(plan[:n], nil) {
				return
			}
			plan = plan[n:]
		}
	}
}

// surveyedLines is how many lines, from the first in the order of the output, are looked at for how the parties round: so many tell as much
// as a million, and each costs as much as its pricing.
const surveyedLines = 10_000

// survey is what all workers have seen of rounding.
func (j *judging) survey() []reconcile.PartyRounding {
	all := reconcile.NewSurvey()
	for _, l := range j.loaders {
		all.Merge(l.survey)
	}
	return all.Findings()
}

// invoiceTotals is what all workers have seen of the invoices whose totals are stated.
func (j *judging) invoiceTotals() []reconcile.InvoiceTotals {
	all := reconcile.NewInvoiceSums(j.invoices)
	for _, l := range j.loaders {
		all.Merge(l.invoices)
	}
	return all.Totals()
}

// judge runs on a worker.
func (j *judging) judge(worker int, groups [][]int32) (*judged, error) {
	out := &judged{groups: len(groups), entries: make([]rankedEntry, 0, len(groups))}
	l := j.loaders[worker]
	if err := l.fetch(groups); err != nil {
		return nil, err
	}
	for _, members := range groups {
		j.judgeGroup(l, members, out)
	}
	return out, nil
}

func (j *judging) judgeGroup(l *loader, members []int32, out *judged) {
	g, ranks := l.load(members)
	out.seeDates(g)
	v := reconcile.Judge(g, j.agreement)
	findings := slices.Clone(v.Findings)
	for i := range v.Lines {
		findings = append(findings, v.Lines[i].Findings...)
		l.invoices.Add(&v.Lines[i])
	}
	if len(ranks) > 0 && ranks[0] < surveyedLines {
		l.survey.Add(v)
	}
	l.compare(v, out)
	closed := l.render(v, ranks, out)
	if j.x.masters != nil {
		findings = append(findings, j.x.masters.missing(v)...)
	}
	out.notInvoiced = append(out.notInvoiced, v.NotInvoiced...)
	out.findings = append(out.findings, orderFindings(findings)...)
	out.countFates(v)
	if j.agreement.Limits.Across {
		out.marks = append(out.marks, v.Marks(j.x.cdrsOf(members))...)
	}
	if closed && len(v.NotInvoiced) == 0 {
		v.Release()
		l.release()
	}
}

// loader reads and decodes the records of groups, and renders what was made of them, on one worker. Of nearly all groups nothing is
// disclosed and nobody looks at the records again: their memory takes the next group.
type loader struct {
	j              *judging
	decoder        *ocpi.Decoder
	survey         *reconcile.Survey
	invoices       *reconcile.InvoiceSums
	sides          reconcile.TwoSidedTally
	raw            []byte        // the bytes of a batch
	cdrs, sessions []ocpi.Record // those of the groups to come
	theirs         []ocpi.Record // likewise, of the debtor's copy
	renderer       pack.Renderer
	cells          []string // of the row at hand

	group       reconcile.Group // at hand
	ranks       []int32         // of its lines
	ownCDRs     []*ocpi.CDR     // its CDRs
	ownSessions []*ocpi.Session // its sessions
}

// fetch reads the CDRs and sessions of some groups again, in the order of the groups' members.
func (l *loader) fetch(groups [][]int32) error {
	x, in := l.j.x, l.j.in
	var cdrs, sessions, theirs []source.Ref
	for _, members := range groups {
		for _, i := range members {
			switch x.ids.Kind(i) {
			case reconcile.CDRRecord:
				cdrs = append(cdrs, x.refs[i])
			case reconcile.SessionRecord:
				sessions = append(sessions, x.refs[i])
			case reconcile.TheirRecord:
				theirs = append(theirs, x.refs[i])
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
	l.raw, l.theirs, err = in.theirs.again(l.raw, theirs)
	if cap(l.raw) > mostRaw {
		l.raw = nil // the records have it
	}
	return err
}

// mostRaw is the memory beyond which a buffer of raw records is not kept for the next batch.
const mostRaw = 4 << 20

// load decodes the records of the next group; ranks run parallel to its lines.
func (l *loader) load(members []int32) (*reconcile.Group, []int32) {
	g, x := &l.group, l.j.x
	*g = reconcile.Group{
		CDRs: g.CDRs[:0], Sessions: g.Sessions[:0], Lines: g.Lines[:0], Claims: g.Claims[:0], Theirs: g.Theirs[:0],
		Answers: g.Answers[:0], Decisions: g.Decisions[:0],
	}
	l.ranks, l.ownCDRs, l.ownSessions = l.ranks[:0], l.ownCDRs[:0], l.ownSessions[:0]
	theirs := 0
	for _, i := range members {
		switch x.ids.Kind(i) {
		case reconcile.CDRRecord:
			c, findings := l.decoder.CDR(l.cdrs[0])
			l.cdrs = l.cdrs[1:]
			g.CDRs = append(g.CDRs, reconcile.CDRInput{CDR: c, Findings: findings})
			if c != nil {
				l.ownCDRs = append(l.ownCDRs, c)
			}
		case reconcile.SessionRecord:
			s, findings := l.decoder.Session(l.sessions[0])
			l.sessions = l.sessions[1:]
			g.Sessions = append(g.Sessions, reconcile.SessionInput{Session: s, Findings: findings})
			if s != nil {
				l.ownSessions = append(l.ownSessions, s)
			}
		case reconcile.LineRecord:
			at := x.refs[i].Record
			g.Lines = append(g.Lines, x.line(at, &l.cells))
			l.ranks = append(l.ranks, x.ranks[at])
		case reconcile.ClaimRecord:
			g.Claims = append(g.Claims, x.claims.value(x.refs[i].Record, &l.cells))
		case reconcile.TheirRecord:
			theirs++
		case reconcile.AnswerRecord:
			g.Answers = append(g.Answers, x.answers.value(x.refs[i].Record, &l.cells))
		case reconcile.DecisionRecord:
			g.Decisions = append(g.Decisions, x.decisions[x.refs[i].Record])
		}
	}
	l.loadTheirs(theirs)
	if x.masters != nil {
		x.masters.giveRecords(x, members, g)
	}
	return g, l.ranks
}

// release gives back the records of the group at hand.
func (l *loader) release() { l.decoder.Release(l.ownCDRs, l.ownSessions) }

// render encodes the verdicts of the group at hand; lines that got none keep their rank all the same. closed says that nothing but the
// lines themselves is disclosed.
func (l *loader) render(v *reconcile.GroupVerdict, ranks []int32, out *judged) (closed bool) {
	lines := l.group.Lines
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

// seeDates keeps the latest date of the group: the date of the result where none was given.
func (o *judged) seeDates(g *reconcile.Group) {
	see := func(t time.Time) {
		if t.After(o.latest) {
			o.latest = t
		}
	}
	for _, c := range g.CDRs {
		if c.CDR != nil {
			see(c.CDR.EndDateTime)
			see(c.CDR.LastUpdated)
		}
	}
	for _, s := range g.Sessions {
		if s.Session != nil {
			see(s.Session.EndDateTime)
			see(s.Session.LastUpdated)
		}
	}
	for _, l := range g.Lines {
		see(l.InvoiceDate)
		see(l.End)
	}
}

func (o *judged) countFates(v *reconcile.GroupVerdict) {
	count := func(c *reconcile.RecordCount, fates []reconcile.Use) {
		for _, use := range fates {
			c.Count(use)
		}
	}
	count(&o.records.CDRs, v.CDRFates)
	count(&o.records.Sessions, v.SessionFates)
	count(&o.records.InvoiceLines, v.LineFates)
	count(&o.records.Disputes, v.ClaimFates)
	count(&o.records.Theirs, v.TheirFates)
	count(&o.records.Responses, v.AnswerFates)
	count(&o.records.Decisions, v.DecisionFates)
}

// orderFindings sorts the findings of a group and drops repeats: a CDR that supports two lines is reported once.
func orderFindings(findings []ocpi.Finding) []ocpi.Finding {
	slices.SortStableFunc(findings, compareFindings)
	return slices.CompactFunc(findings, func(a, b ocpi.Finding) bool { return a == b })
}

func compareFindings(a, b ocpi.Finding) int {
	return cmp.Or(
		strings.Compare(a.Place.File, b.Place.File), cmp.Compare(a.Place.Record, b.Place.Record),
		cmp.Compare(a.Place.Offset, b.Place.Offset), strings.Compare(a.Pointer, b.Pointer),
		strings.Compare(string(a.Code), string(b.Code)), strings.Compare(a.Message, b.Message),
	)
}

// write is the sink: it alone touches the tally, the page and the pack.
func (j *judging) write(out *judged) error {
	for _, e := range out.entries {
		j.pending[e.rank] = e.entry
	}
	if err := j.flush(); err != nil {
		return err
	}
	for i := range out.notInvoiced {
		j.tally.AddNotInvoiced(&out.notInvoiced[i])
		j.masters.AddMissing(&out.notInvoiced[i])
		if err := j.out.AddNotInvoiced(&out.notInvoiced[i]); err != nil {
			return err
		}
	}
	for i := range out.theirs {
		if err := j.out.AddTheirs(&out.theirs[i]); err != nil {
			return err
		}
	}
	for _, f := range out.findings {
		if err := j.finding(f); err != nil {
			return err
		}
	}
	j.x.records.Add(out.records)
	j.marks = append(j.marks, out.marks...)
	if out.latest.After(j.latest) {
		j.latest = out.latest
	}
	return nil
}

// flush writes the lines whose turn has come.
func (j *judging) flush() error {
	for {
		e, ok := j.pending[j.next]
		if !ok {
			return nil
		}
		delete(j.pending, j.next)
		j.next++
		if e == nil {
			continue
		}
		j.tally.Add(e.Verdict)
		j.masters.Add(e.Verdict)
		j.page.Add(e.Verdict, e)
		if err := j.out.Add(e); err != nil {
			return err
		}
	}
}

func (j *judging) finding(f ocpi.Finding) error {
	j.findings[f.Code]++
	return j.out.AddFinding(f)
}
