package job

import (
	"context"
	"fmt"
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/pack"
	"github.com/nexacollect/reconcile/reconcile/source"
)

// Kinds of inputs that follow a run.
const (
	kindResponses = "responses"
	kindDecisions = "decisions"
)

// openRounds finds the response sheets and decisions. Their order is that of the case file, as it says which round came first; only the
// files of one pattern are in order of name.
func (in *inputs) openRounds(c *reconcile.Case, dir string) error {
	for _, f := range []struct {
		kind     string
		patterns []string
		files    *[]string
		find     func([]string) ([]string, error)
	}{
		{kindResponses, c.Inputs.Responses, &in.responseFiles, source.ExpandTables},
		{kindDecisions, c.Inputs.Decisions, &in.decisionFiles, source.Expand},
	} {
		for _, pattern := range f.patterns {
			files, err := expand(f.kind, []string{pattern}, dir, f.find)
			if err != nil {
				return err
			}
			for _, file := range files {
				if !slices.Contains(*f.files, file) {
					*f.files = append(*f.files, file)
				}
			}
		}
		in.names[f.kind] = names{}
		in.names[f.kind].add(dir, *f.files)
	}
	return nil
}

// addResponses reads the response sheets that came back and the decisions.
func (x *index) addResponses(ctx context.Context, in *inputs, o RunOptions) error {
	if len(in.responseFiles) > 0 {
		if err := x.addAnswers(ctx, in, o); err != nil {
			return err
		}
	}
	if len(in.decisionFiles) > 0 {
		return x.addDecisions(ctx, in, o.Case.Name)
	}
	return nil
}

func (x *index) addAnswers(ctx context.Context, in *inputs, o RunOptions) error {
	var reader *reconcile.AnswerReader
	round := 1
	return x.addTable(ctx, in, o, table{
		kind: kindResponses, columns: kindResponses, files: in.responseFiles, count: &x.records.Responses,
		begin: func(file int) { round = file + 1 },
		header: func(names []string, columns reconcile.Columns) (findings []ocpi.Finding, err error) {
			reader, findings, err = reconcile.NewAnswerReader(names, columns, round)
			return findings, err
		},
		row: func(rec ocpi.Record, cells []string) ([]ocpi.Finding, bool) {
			if reconcile.BlankRow(cells) {
				return nil, true // white space, as of tables it is everywhere
			}
			answer, findings := reader.Read(rec, cells)
			if answer != nil {
				x.addAnswer(answer, rec, cells, reader.Read)
			}
			return findings, answer != nil
		},
	})
}

// addAnswer adds a row of a response sheet.
func (x *index) addAnswer(a *reconcile.Answer, rec ocpi.Record, cells []string, read readRow[reconcile.Answer]) {
	x.addRow(&reconcile.Identity{
		Kind: reconcile.AnswerRecord, CDRID: a.Sheet.CDRID, InvoiceID: a.Sheet.InvoiceID, Line: a.Sheet.Line,
	}, x.answers.len())
	x.answers.add(rec, cells, read)
}

// addDecisions reads the manual decisions and settles which of them count.
func (x *index) addDecisions(ctx context.Context, in *inputs, caseName string) error {
	set, err := source.Open(in.decisionFiles, source.Options{})
	if err != nil {
		return fmt.Errorf("open %s: %w", kindDecisions, err)
	}
	defer func() { _ = set.Close() }() // only read from
	s := &records{kind: kindDecisions, set: set, names: in.names[kindDecisions]}
	for b, err := range set.Batches(ctx) {
		if err != nil {
			return fmt.Errorf("read %s: %w", kindDecisions, err)
		}
		x.findings = append(x.findings, s.said(b)...)
		for range b.Rejected {
			x.records.Decisions.Count(reconcile.Rejected)
		}
		for _, rec := range b.Records {
			rec.Place.File, rec.Bytes = s.names.of(rec.Place.File), slices.Clone(rec.Bytes)
			x.addDecision(rec, caseName)
		}
		b.Release()
	}
	x.closeBatch()
	x.findings = append(x.findings, reconcile.ResolveDecisions(x.decisions, caseName)...)
	in.read = append(in.read, listFiles(kindDecisions, s.names, set.Files())...)
	return nil
}

func (x *index) addDecision(rec ocpi.Record, caseName string) {
	d, f := reconcile.ParseDecision(rec)
	if f != nil {
		x.findings = append(x.findings, *f)
		x.records.Decisions.Count(reconcile.Rejected)
		return
	}
	id := d.Identity(caseName)
	x.addRow(&id, len(x.decisions))
	x.decisions = append(x.decisions, d)
}

// issue begins the response sheet of this run.
func (j *judging) issue(o RunOptions) error {
	return j.out.Issue(j.origin(o), len(j.in.responseFiles)+1)
}

// origin is what is known of the pack once all inputs are read.
func (j *judging) origin(o RunOptions) pack.Contents {
	return pack.Contents{Summary: &reconcile.Summary{Case: o.Case.Name, Engine: o.Engine}, Inputs: j.in.list(), Case: o.Case.Document()}
}
