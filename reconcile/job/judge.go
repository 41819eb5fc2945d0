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
	loaders   []*loader // one for each worker

	// owned by the sink
	tally    reconcile.Tally
	page     report.Page
	out      *pack.Writer
	pending  map[int32]*pack.Entry // lines judged before their turn; nil entries are lines without a verdict
	next     int32                 // rank of the next line to write
	findings map[ocpi.Code]int
	latest   time.Time
}

// judged is the outcome of some groups.
type judged struct {
	entries     []rankedEntry
	notInvoiced []reconcile.NotInvoiced
	findings    []ocpi.Finding
	records     reconcile.Records
	latest      time.Time
	groups      int
}

type rankedEntry struct {
	rank  int32
	entry *pack.Entry // nil: a line without a verdict
}

func (j *judging) run(ctx context.Context, plan [][]int32, opts Options) error {
	m := newMeter(opts.Progress, "judging")
	m.now.Total = int64(len(plan))
	for range opts.workers() {
		j.loaders = append(j.loaders, &loader{j: j, decoder: ocpi.NewDecoder(ocpi.Options{Version: opts.Version})})
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

// judge runs on a worker.
func (j *judging) judge(worker int, groups [][]int32) (*judged, error) {
	out := &judged{groups: len(groups), entries: make([]rankedEntry, 0, len(groups))}
	l := j.loaders[worker]
	var err error
	if l.cdrs, l.sessions, err = j.fetch(groups); err != nil {
		return nil, err
	}
	for _, members := range groups {
		j.judgeGroup(l, members, out)
	}
	return out, nil
}

// fetch reads the CDRs and sessions of some groups again, in the order of the groups' members.
func (j *judging) fetch(groups [][]int32) (cdrs, sessions []ocpi.Record, err error) {
	var cdrRefs, sessionRefs []source.Ref
	for _, members := range groups {
		for _, i := range members {
			switch j.x.ids.Kind(i) {
			case reconcile.CDRRecord:
				cdrRefs = append(cdrRefs, j.x.refs[i])
			case reconcile.SessionRecord:
				sessionRefs = append(sessionRefs, j.x.refs[i])
			}
		}
	}
	if cdrs, err = j.in.cdrs.again(cdrRefs); err != nil {
		return nil, nil, err
	}
	sessions, err = j.in.sessions.again(sessionRefs)
	return cdrs, sessions, err
}

func (j *judging) judgeGroup(l *loader, members []int32, out *judged) {
	g, ranks := l.load(members)
	out.seeDates(g)
	v := reconcile.Judge(g, j.agreement)
	findings := slices.Clone(v.Findings)
	for i := range v.Lines {
		findings = append(findings, v.Lines[i].Findings...)
	}
	j.render(l, g, v, ranks, out)
	dropSheets(v)
	out.notInvoiced = append(out.notInvoiced, v.NotInvoiced...)
	out.findings = append(out.findings, orderFindings(findings)...)
	out.countFates(v)
}

// render encodes the verdicts of a group; lines that got none keep their rank all the same.
func (j *judging) render(l *loader, g *reconcile.Group, v *reconcile.GroupVerdict, ranks []int32, out *judged) {
	if len(g.Lines) == 1 && len(v.Lines) == 1 { // as nearly always
		out.entries = append(out.entries, rankedEntry{ranks[0], l.renderer.Render(&v.Lines[0])})
		return
	}
	entries := make(map[*reconcile.Line]*pack.Entry, len(v.Lines))
	for i := range v.Lines {
		entries[v.Lines[i].Line] = l.renderer.Render(&v.Lines[i])
	}
	for i, line := range g.Lines {
		out.entries = append(out.entries, rankedEntry{ranks[i], entries[line]})
	}
}

// dropSheets gives back the calculation of a line that is simply what its records say: nobody is going to look at it, and a month has
// hundreds of thousands. A calculation can serve several lines of a group, so groups of several keep theirs.
func dropSheets(v *reconcile.GroupVerdict) {
	if len(v.Lines) != 1 || v.Lines[0].Differs() {
		return
	}
	line := &v.Lines[0]
	for i, s := range line.Sheets {
		if !slices.ContainsFunc(line.Sheets[:i], func(o reconcile.NamedSheet) bool { return o.Sheet == s.Sheet }) {
			s.Sheet.Release()
		}
	}
	line.Sheets = nil
}

// loader decodes the records of groups, and renders what was made of them, on one worker.
type loader struct {
	j              *judging
	decoder        *ocpi.Decoder
	cdrs, sessions []ocpi.Record // those of the groups to come
	renderer       pack.Renderer
	cells          []string // of the row at hand
}

// load decodes the records of the next group; ranks run parallel to its lines.
func (l *loader) load(members []int32) (*reconcile.Group, []int32) {
	g := &reconcile.Group{}
	var ranks []int32
	x := l.j.x
	for _, i := range members {
		switch x.ids.Kind(i) {
		case reconcile.CDRRecord:
			c, findings := l.decoder.CDR(l.cdrs[0])
			l.cdrs = l.cdrs[1:]
			g.CDRs = append(g.CDRs, reconcile.CDRInput{CDR: c, Findings: findings})
		case reconcile.SessionRecord:
			s, findings := l.decoder.Session(l.sessions[0])
			l.sessions = l.sessions[1:]
			g.Sessions = append(g.Sessions, reconcile.SessionInput{Session: s, Findings: findings})
		case reconcile.LineRecord:
			at := x.refs[i].Record
			g.Lines = append(g.Lines, x.lines.value(at, &l.cells))
			ranks = append(ranks, x.ranks[at])
		case reconcile.ClaimRecord:
			g.Claims = append(g.Claims, x.claims.value(x.refs[i].Record, &l.cells))
		}
	}
	return g, ranks
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
		if err := j.out.AddNotInvoiced(&out.notInvoiced[i]); err != nil {
			return err
		}
	}
	for _, f := range out.findings {
		if err := j.finding(f); err != nil {
			return err
		}
	}
	j.x.records.Add(out.records)
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
		j.page.Add(e.Verdict)
		if err := j.out.Add(e); err != nil {
			return err
		}
	}
}

func (j *judging) finding(f ocpi.Finding) error {
	j.findings[f.Code]++
	return j.out.AddFinding(f)
}
