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
	forms     []reconcile.LineForm // of the lines in the pack
	loaders   []*loader            // one for each worker
	memory    *memory

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

// judged is the outcome of a part.
type judged struct {
	number      int
	kept        []byte // what is remembered of it
	entries     []rankedEntry
	notInvoiced []reconcile.NotInvoiced
	theirs      []pack.TheirRow
	findings    []ocpi.Finding
	records     reconcile.Records
	latest      time.Time
	groups      int
	marks       []reconcile.Mark
	shown       []*reconcile.GroupVerdict // whose calculations the sink looks at
}

type rankedEntry struct {
	rank  int32
	entry *pack.Entry // nil: a line without a verdict
}

func (j *judging) run(ctx context.Context, plan *plan, opts Options) error {
	m := newMeter(opts.Progress, "judging")
	m.now.Total = int64(plan.len())
	for range opts.workers() {
		j.loaders = append(j.loaders, &loader{
			renderer: pack.NewRenderer(j.forms),
			j:        j, survey: reconcile.NewSurvey(), invoices: reconcile.NewInvoiceSums(j.invoices), decoder: ocpi.NewDecoder(ocpi.Options{Version: opts.Version}),
		})
	}
	err := ordered(ctx, batches(plan.len(), plan.group), opts.workers(), j.judge, func(out *judged) error {
		m.add(out.groups, 0)
		return j.write(out)
	})
	m.end()
	if err == nil && len(j.pending) > 0 {
		return fmt.Errorf("%d lines were judged but not written: this is a bug", len(j.pending))
	}
	return err
}

// batch is a part of the groups: what a worker judges at a time.
type batch struct {
	number int
	groups [][]int32
}

// batches cuts n groups into parts, whatever the number of workers.
func batches(n int, group func(int) []int32) iter.Seq2[batch, error] {
	return func(yield func(batch, error) bool) {
		for at, number := 0, 0; at < n; number++ {
			var some [][]int32
			for members := 0; at < n && len(some) < batchGroups; at++ {
				next := group(at)
				if members += len(next); members > batchMembers && len(some) > 0 {
					break
				}
				some = append(some, next)
			}
			if !yield(batch{number, some}, nil) {
				return
			}
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
func (j *judging) judge(worker int, part batch) (out *judged, err error) {
	out = &judged{number: part.number, groups: len(part.groups), entries: make([]rankedEntry, 0, len(part.groups))}
	l := j.loaders[worker]
	before, packed := l.recall(part)
	groups := before.left(part.groups)
	if err := l.fetch(groups); err != nil {
		return nil, err
	}
	verdicts := reconcile.JudgeAll(l.load(groups), j.agreement)
	kept := &keptPart{}
	for at, next := 0, 0; at < len(part.groups); at++ {
		if before != nil && len(before.Groups) > 0 && before.Groups[0].At == at {
			j.take(l, part.groups[at], &before.Groups[0], out)
			before.Groups = before.Groups[1:]
			continue
		}
		j.conclude(l, &l.loaded[next], verdicts[next], at, kept, out)
		next++
	}
	if before != nil {
		out.records.Add(before.Records)
		out.see(before.Latest)
		out.kept = packed
		return out, nil
	}
	out.kept, err = kept.packed()
	return out, err
}

// conclude takes down what became of a group.
func (j *judging) conclude(l *loader, g *loaded, v *reconcile.GroupVerdict, at int, kept *keptPart, out *judged) {
	latest, records := latestOf(&g.group), countFates(v)
	out.see(latest)
	out.records.Add(records)
	findings := slices.Clone(v.Findings)
	for i := range v.Lines {
		findings = append(findings, v.Lines[i].Findings...)
		l.invoices.Add(&v.Lines[i])
	}
	if len(g.ranks) > 0 && g.ranks[0] < surveyedLines {
		l.survey.Add(v)
	}
	l.compare(v, out)
	closed := l.render(g, v, out)
	if j.x.masters != nil {
		findings = append(findings, j.x.masters.missing(v)...)
	}
	out.notInvoiced = append(out.notInvoiced, v.NotInvoiced...)
	findings = orderFindings(findings)
	out.findings = append(out.findings, findings...)
	if j.agreement.Limits.Across {
		out.marks = append(out.marks, v.Marks(j.x.cdrsOf(g.members))...)
	}
	if closed && j.keeps(g, v) {
		kept.add(at, &v.Lines[0], out.entries[len(out.entries)-1].entry, findings)
		kept.Records.Add(records)
		kept.Latest = later(kept.Latest, latest)
	}
	if closed && len(v.NotInvoiced) == 0 {
		v.Release()
		l.decoder.Release(g.cdrs, g.sessions)
	} else {
		out.shown = append(out.shown, v)
	}
}

func (o *judged) see(t time.Time) { o.latest = later(o.latest, t) }

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// latestOf is the latest date of a group: that of all is the date of the result where none was given.
func latestOf(g *reconcile.Group) (latest time.Time) {
	for _, c := range g.CDRs {
		if c.CDR != nil {
			latest = later(later(latest, c.CDR.EndDateTime), c.CDR.LastUpdated)
		}
	}
	for _, s := range g.Sessions {
		if s.Session != nil {
			latest = later(later(latest, s.Session.EndDateTime), s.Session.LastUpdated)
		}
	}
	for _, l := range g.Lines {
		latest = later(later(latest, l.InvoiceDate), l.End)
	}
	return latest
}

// countFates counts what became of the records of a group.
func countFates(v *reconcile.GroupVerdict) (r reconcile.Records) {
	count := func(c *reconcile.RecordCount, fates []reconcile.Use) {
		for _, use := range fates {
			c.Count(use)
		}
	}
	count(&r.CDRs, v.CDRFates)
	count(&r.Sessions, v.SessionFates)
	count(&r.InvoiceLines, v.LineFates)
	count(&r.Disputes, v.ClaimFates)
	count(&r.Theirs, v.TheirFates)
	count(&r.TheirSessions, v.TheirSessionFates)
	count(&r.Responses, v.AnswerFates)
	count(&r.Decisions, v.DecisionFates)
	return r
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
	if len(j.pending) == 0 { // nobody waits for its turn
		for _, v := range out.shown {
			v.Release()
		}
	}
	j.x.records.Add(out.records)
	j.marks = append(j.marks, out.marks...)
	j.latest = later(j.latest, out.latest)
	return j.memory.add(out.number, out.kept)
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
