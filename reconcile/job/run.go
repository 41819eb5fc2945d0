package job

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/pack"
	"github.com/nexacollect/reconcile/reconcile/report"
	"github.com/nexacollect/reconcile/reconcile/seal"
	"github.com/nexacollect/reconcile/reconcile/spill"
)

// Options are how work is done; they never change a result.
type Options struct {
	Workers  int            // 0: one for each processor
	Version  ocpi.Version   // declared version of the inputs; 0 detects
	TempDir  string         // for temporary copies; "" is the system's folder
	Memory   int64          // bytes that a run may hold of its inputs, the rest goes to a temporary file; 0: all
	Exceeds  func(by int64) // is told how far beyond Memory the least that a run must hold goes; may be nil
	Progress func(Progress) // may be nil
}

func (o Options) workers() int {
	if o.Workers > 0 {
		return o.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// store is where a run keeps what it has read.
func (o Options) store() *spill.Store {
	if o.Memory == 0 {
		return new(spill.Store)
	}
	return spill.New(o.TempDir, o.Memory)
}

// recordBytes is what a run holds of each record beside its texts.
const recordBytes = 28

// expect says how far so many records go beyond the memory that a run may take; half as much again while they are tied to each other.
func (o Options) expect(records int) {
	if by := int64(records)*recordBytes - o.Memory; o.Memory > 0 && by > 0 && o.Exceeds != nil {
		o.Exceeds(by / 2 * 3)
	}
}

// makeRoom leaves the texts of so many records the memory that the rest of what is held of them does not take.
func (o Options) makeRoom(store *spill.Store, records int) {
	if o.Memory > 0 {
		store.Limit(max(o.Memory-int64(records)*recordBytes, 0))
	}
	o.expect(records)
}

// RunOptions say what to reconcile and where the pack goes.
type RunOptions struct {
	Options
	Case    *reconcile.Case
	Dir     string // folder from which the case's relative patterns start; "" is the working folder
	Out     string // the pack
	Force   bool   // replace a pack that stands there
	Engine  reconcile.Engine
	Signers []*seal.Signer // who sign the pack; may be none
	Proofs  *Proofs        // nil: nothing is proved to be of a commitment
	Resume  Resume
}

// Run reconciles a case and writes its pack. Nothing is left at Out where it fails.
func Run(ctx context.Context, o RunOptions) (_ *reconcile.Summary, err error) {
	store := o.store()
	var in *inputs
	defer func() {
		if full := (*spill.Error)(nil); errors.As(err, &full) {
			err = fmt.Errorf("%w\nabout %d MB are needed there: name another folder in TMPDIR, or let more stay in memory (--memory)", err, in.need(store)>>20+1)
		}
		err = errors.Join(err, store.Close())
	}()
	defer spill.Catch(&err)
	proofs, err := o.Proofs.open()
	if err != nil {
		return nil, err
	}
	in, err = openInputs(o.Case, o.Dir, o.Options)
	if err != nil {
		return nil, err
	}
	defer func() {
		if cerr := in.close(); err == nil && cerr != nil {
			err = cerr
		}
	}()
	out, err := pack.CreateAs(o.Out, o.Force, o.Case.LineForms())
	if err != nil {
		return nil, err
	}
	defer out.Abort()
	if proofs != nil {
		out.Prove(proofs)
	}

	memory, err := remember(out)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, memory.end()) }()
	j, plan, err := prepare(ctx, in, out, store, o)
	if err != nil {
		return nil, err
	}
	j.memory = memory
	s, err := j.complete(ctx, plan, o)
	if err == nil {
		o.Proofs.count(proofs)
	}
	return s, err
}

// prepare reads everything once: the agreement, the identities, the lines and the disputes.
func prepare(ctx context.Context, in *inputs, out *pack.Writer, store *spill.Store, o RunOptions) (*judging, *plan, error) {
	agreement, findings, err := in.readAgreement(ctx, o.Case, o.Version)
	if err != nil {
		return nil, nil, err
	}
	x, err := readAll(ctx, in, store, o)
	if err != nil {
		return nil, nil, err
	}
	o.makeRoom(store, x.ids.Len())
	x.findings = append(x.findings, findings...)
	x.terms = agreement
	if err := x.findMasters(ctx, in, o); err != nil {
		return nil, nil, err
	}
	x.rank()
	j := &judging{
		x: x, in: in, agreement: agreement, out: out, invoices: o.Case.Invoices, forms: o.Case.LineForms(),
		pending: map[int32]*pack.Entry{}, findings: map[ocpi.Code]int{},
	}
	j.page.Creditor, j.page.Debtor = o.Case.Creditor, o.Case.Debtor
	for _, f := range orderFindings(x.findings) {
		if err := j.finding(f); err != nil {
			return nil, nil, err
		}
	}
	groups, err := x.rejoin(ctx, in, reconcile.Settle(&x.ids, together(o.workers())), &agreement.Matching, o.Options)
	if err != nil {
		return nil, nil, err
	}
	if groups, err = j.addAggregates(ctx, groups, o); err != nil {
		return nil, nil, err
	}
	return j, x.plan(groups), j.issue(o)
}

// readAll reads the identities of all records. Tables are read beside the records: one goroutine parses them, and they would keep the
// others waiting. Their progress is not shown.
func readAll(ctx context.Context, in *inputs, store *spill.Store, o RunOptions) (*index, error) {
	tables, records := newIndex(store), newIndex(store)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		defer spill.Catch(&err)
		silent := o
		silent.Progress = nil
		if err := tables.addInvoices(ctx, in, silent); err != nil {
			return err
		}
		if err := tables.addDisputes(ctx, in, silent); err != nil {
			return err
		}
		return tables.addResponses(ctx, in, silent)
	})
	g.Go(func() error {
		if err := records.addRecords(ctx, in.cdrs, reconcile.CDRRecord, o.Options); err != nil {
			return err
		}
		if err := records.addRecords(ctx, in.sessions, reconcile.SessionRecord, o.Options); err != nil {
			return err
		}
		if err := records.addRecords(ctx, in.theirSessions, reconcile.TheirSessionRecord, o.Options); err != nil {
			return err
		}
		return records.addRecords(ctx, in.theirs, reconcile.TheirRecord, o.Options)
	})
	if err := g.Wait(); err != nil {
		return nil, err
	}
	tables.join(records)
	return tables, nil
}

// finish adds up, checks that nothing was lost, and puts the pack in place.
func (j *judging) finish(o RunOptions) (_ *reconcile.Summary, err error) {
	if err := j.tally.Conserves(); err != nil {
		return nil, fmt.Errorf("totals do not conserve, no pack was written: %w", err)
	}
	masters := j.masters.Results()
	s := j.summary(o)
	s.Masters = reconcile.MasterSummaries(masters)
	for _, f := range o.Case.InvoiceFindings(s.Invoices) {
		if err := j.finding(f); err != nil {
			return nil, err
		}
	}
	inputs := j.in.list()
	page := make([]report.Input, len(inputs))
	for i, in := range inputs {
		page[i] = report.Input(in)
	}
	if j.page.Proofs, err = j.out.Prover(); err != nil {
		return nil, err
	}
	contents := pack.Contents{Summary: s, Masters: masters, Inputs: inputs, Case: o.Case.Document(), Signers: o.Signers}
	var html bytes.Buffer
	var written error
	together(o.workers())(func() { written = j.page.Write(&html, s, page, j.findings) }, func() { err = j.out.Documents(contents) })
	if written != nil {
		return nil, fmt.Errorf("write report.html: %w", written)
	}
	if err != nil {
		return nil, err
	}
	if err := j.out.File("report.html", html.Bytes()); err != nil {
		return nil, err
	}
	return s, j.out.Commit(contents)
}

func (j *judging) summary(o RunOptions) *reconcile.Summary {
	asOf := o.Case.AsOf
	if asOf.IsZero() {
		asOf = j.latest
	}
	s := &reconcile.Summary{
		Case: o.Case.Name, AsOf: dateOf(asOf), Engine: o.Engine, Records: j.x.records,
		Totals: j.tally.Totals(), Outcomes: j.tally.Outcomes(), Reasons: j.tally.Reasons(), Conserves: true,
	}
	s.Rounding, s.Invoices = j.survey(), j.invoiceTotals()
	s.Theirs, s.TheirSessions = j.twoSided()
	s.Disclosure = o.Case.Disclosure
	s.NotProved = reconcile.NotProved(s, j.agreement, j.findings)
	return s
}

func dateOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}
