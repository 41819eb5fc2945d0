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
)

// groupBatch is how many groups a worker judges at a time: enough to make handing over cheap.
const groupBatch = 64

// judging is the second pass: it reads the records of each group again, judges it and writes the verdicts in order.
type judging struct {
	x         *index
	in        *inputs
	agreement *reconcile.Agreement
	decoders  []*ocpi.Decoder // one for each worker

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
		j.decoders = append(j.decoders, ocpi.NewDecoder(ocpi.Options{Version: opts.Version}))
	}
	err := ordered(ctx, batches(plan, groupBatch), opts.workers(), j.judge, func(out *judged) error {
		m.add(out.groups, 0)
		return j.write(out)
	})
	m.end()
	if err == nil && len(j.pending) > 0 {
		return fmt.Errorf("%d lines were judged but not written: this is a bug", len(j.pending))
	}
	return err
}

func batches(plan [][]int32, size int) iter.Seq2[[][]int32, error] {
	return func(yield func([][]int32, error) bool) {
		for b := range slices.Chunk(plan, size) {
			if !yield(b, nil) {
				return
			}
		}
	}
}

// judge runs on a worker.
func (j *judging) judge(worker int, groups [][]int32) (*judged, error) {
	out := &judged{groups: len(groups)}
	for _, members := range groups {
		if err := j.judgeGroup(j.decoders[worker], members, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (j *judging) judgeGroup(d *ocpi.Decoder, members []int32, out *judged) error {
	g, ranks, err := j.load(d, members)
	if err != nil {
		return err
	}
	out.seeDates(g)
	v := reconcile.Judge(g, j.agreement)
	entries := make(map[*reconcile.Line]*pack.Entry, len(v.Lines))
	findings := slices.Clone(v.Findings)
	for i := range v.Lines {
		entries[v.Lines[i].Line] = pack.Render(&v.Lines[i])
		findings = append(findings, v.Lines[i].Findings...)
	}
	for i, l := range g.Lines {
		out.entries = append(out.entries, rankedEntry{ranks[i], entries[l]})
	}
	dropSheets(v)
	out.notInvoiced = append(out.notInvoiced, v.NotInvoiced...)
	out.findings = append(out.findings, orderFindings(findings)...)
	out.countFates(v)
	return nil
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

// load reads and decodes the records of a group; ranks run parallel to its lines.
func (j *judging) load(d *ocpi.Decoder, members []int32) (*reconcile.Group, []int32, error) {
	g := &reconcile.Group{}
	var ranks []int32
	for _, i := range members {
		ref := j.x.refs[i]
		switch j.x.ids.Kind(i) {
		case reconcile.CDRRecord:
			rec, err := j.in.cdrs.record(ref)
			if err != nil {
				return nil, nil, err
			}
			c, findings := d.CDR(rec)
			g.CDRs = append(g.CDRs, reconcile.CDRInput{CDR: c, Findings: findings})
		case reconcile.SessionRecord:
			rec, err := j.in.sessions.record(ref)
			if err != nil {
				return nil, nil, err
			}
			s, findings := d.Session(rec)
			g.Sessions = append(g.Sessions, reconcile.SessionInput{Session: s, Findings: findings})
		case reconcile.LineRecord:
			g.Lines = append(g.Lines, j.x.lines.value(ref.Record))
			ranks = append(ranks, j.x.ranks[ref.Record])
		case reconcile.ClaimRecord:
			g.Claims = append(g.Claims, j.x.claims.value(ref.Record))
		}
	}
	return g, ranks, nil
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
