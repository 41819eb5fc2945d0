package job

import (
	"context"
	"io"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile/console"
	"github.com/nexacollect/reconcile/reconcile/source"
	"github.com/nexacollect/reconcile/tariff/lint"
)

// LintOptions say which tariffs to look at and which findings to print.
type LintOptions struct {
	Options
	Files []string      // patterns
	Show  ocpi.Severity // the mildest that is printed
	JSON  bool
}

// LintTariffs looks at how well tariffs are made, and writes each finding with its cure to w, in the order of the input.
func LintTariffs(ctx context.Context, o LintOptions, w io.Writer) (*CheckCounts, error) {
	s, err := openRecords("tariffs", o.Files, "", o.Options, source.Options{})
	if err != nil {
		return nil, err
	}
	defer func() { _ = s.set.Close() }() // only read from
	counts := &CheckCounts{Findings: map[ocpi.Severity]int{}}
	var decoders []*ocpi.Decoder
	for range o.workers() {
		decoders = append(decoders, ocpi.NewDecoder(ocpi.Options{Version: o.Version}))
	}
	m := newMeter(o.Progress, "linting")
	m.now.TotalBytes = s.set.TotalBytes()
	f := func(worker int, b *source.Batch) (*lintedBatch, error) { return o.batch(decoders[worker], s, b), nil }
	err = ordered(ctx, s.set.Batches(ctx), o.workers(), f, func(out *lintedBatch) error {
		counts.Records += out.records
		for severity, n := range out.findings {
			counts.Findings[severity] += n
		}
		m.add(out.records, s.set.ReadBytes())
		_, err := w.Write(out.text)
		return err
	})
	m.end()
	return counts, err
}

type lintedBatch struct {
	text     []byte
	findings map[ocpi.Severity]int
	records  int
}

func (o *LintOptions) batch(d *ocpi.Decoder, s *records, b *source.Batch) *lintedBatch {
	out := &lintedBatch{records: len(b.Records) + len(b.Rejected), findings: map[ocpi.Severity]int{}}
	for _, f := range s.said(b) {
		o.append(out, nil, plainFinding(f))
	}
	for _, rec := range b.Records {
		rec.Place.File = s.names.of(rec.Place.File)
		if f := otherKind(rec, ocpi.KindTariff); f != nil {
			o.append(out, nil, plainFinding(*f))
			continue
		}
		t, findings := d.Tariff(rec)
		if t == nil {
			for _, f := range findings {
				o.append(out, nil, plainFinding(f))
			}
			continue
		}
		o.append(out, t, lint.Lint(t)...)
	}
	d.Release(nil, nil) // what it remembers points into the batch
	b.Release()
	return out
}

// append counts findings about one tariff and prints those that are to be shown.
func (o *LintOptions) append(out *lintedBatch, t *ocpi.Tariff, findings ...lint.Finding) {
	var shown []lint.Finding
	for _, f := range findings {
		out.findings[f.Severity]++
		if f.Severity >= o.Show {
			shown = append(shown, f)
		}
	}
	out.text = console.AppendLint(out.text, t, shown, o.JSON)
}

// plainFinding is a finding that the linter has nothing to add to.
func plainFinding(f ocpi.Finding) lint.Finding { return lint.Finding{Finding: f} }
