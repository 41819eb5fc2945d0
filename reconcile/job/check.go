package job

import (
	"context"
	"fmt"
	"io"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/console"
	"github.com/nexacollect/reconcile/reconcile/source"
)

// CheckOptions say which files to validate and which findings to print.
type CheckOptions struct {
	Options
	Files     []string  // patterns
	Kind      ocpi.Kind // 0 detects each record's
	Tariffs   []string
	Locations []string
	Show      ocpi.Severity // the mildest that is printed
	JSON      bool
}

// CheckCounts is the result of Check.
type CheckCounts struct {
	Records  int
	Findings map[ocpi.Severity]int // all, printed or not
}

// Worst is the highest severity found, 0 for none.
func (c *CheckCounts) Worst() ocpi.Severity {
	var worst ocpi.Severity
	for s := range c.Findings {
		worst = max(worst, s)
	}
	return worst
}

// Check validates the records of any OCPI objects and prices CDRs, and writes each finding to w in the order of the input.
func Check(ctx context.Context, o CheckOptions, w io.Writer) (*CheckCounts, error) {
	p, err := newPricing(ctx, PriceOptions{Options: o.Options, Tariffs: o.Tariffs, Locations: o.Locations})
	if err != nil {
		return nil, err
	}
	s, err := openRecords("files to check", o.Files, "", o.Options, once(tableKind(o.Kind)))
	if err != nil {
		return nil, err
	}
	defer func() { _ = s.set.Close() }() // only read from
	c := &checking{o: o, pricing: p, set: s, counts: &CheckCounts{Findings: map[ocpi.Severity]int{}}, w: w}
	return c.counts, c.all(ctx)
}

type checking struct {
	o       CheckOptions
	pricing *pricing
	set     *records
	counts  *CheckCounts // owned by the sink
	w       io.Writer
}

type checkedBatch struct {
	findings []ocpi.Finding
	records  int
}

func (c *checking) all(ctx context.Context) error {
	m := newMeter(c.o.Progress, "checking")
	m.now.TotalBytes = c.set.set.TotalBytes()
	f := func(worker int, b *source.Batch) (*checkedBatch, error) {
		return c.batch(c.pricing.decoders[worker], b), nil
	}
	err := ordered(ctx, c.set.set.Batches(ctx), c.o.workers(), f, func(out *checkedBatch) error {
		c.counts.Records += out.records
		m.add(out.records, c.set.set.ReadBytes())
		for _, f := range out.findings {
			c.counts.Findings[f.Severity]++
			if f.Severity < c.o.Show {
				continue
			}
			if _, err := c.w.Write(console.AppendFinding(nil, f, c.o.JSON)); err != nil {
				return err
			}
		}
		return nil
	})
	m.end()
	return err
}

func (c *checking) batch(d *ocpi.Decoder, b *source.Batch) *checkedBatch {
	out := &checkedBatch{records: len(b.Records) + len(b.Rejected)}
	out.findings = c.set.said(b)
	for _, rec := range b.Records {
		rec.Place.File = c.set.names.of(rec.Place.File)
		out.findings = append(out.findings, orderFindings(c.record(d, rec))...)
	}
	d.Release(nil, nil) // what it remembers points into the batch
	b.Release()
	return out
}

// record checks one record; a CDR is priced too.
func (c *checking) record(d *ocpi.Decoder, rec ocpi.Record) []ocpi.Finding {
	kind := c.o.Kind
	if kind == ocpi.KindUnknown {
		kind = ocpi.DetectKind(rec.Bytes)
	}
	switch kind {
	case ocpi.KindCDR:
		return checkPrice(c.pricing.price(d, rec))
	case ocpi.KindUnknown:
		return []ocpi.Finding{{
			Code: CodeKindUnknown, Severity: ocpi.SeverityError, Place: rec.Place,
			Message: "the members are those of no OCPI object; want a CDR, session, tariff, location or token (say which with --kind)",
		}}
	default:
		return d.Check(kind, rec)
	}
}

// checkPrice adds to the findings of a CDR where its totals are not what its periods and tariff give.
func checkPrice(r *console.Priced) []ocpi.Finding {
	findings := r.Findings
	if r.Comparison.Verdict != reconcile.PriceMismatch {
		return findings
	}
	for _, d := range r.Comparison.Differences {
		if d.ExplainedBy != "" || d.Within() {
			continue
		}
		findings = append(findings, ocpi.Finding{
			Code: d.Code(), Severity: ocpi.SeverityError, Place: r.Place, Pointer: d.Pointer(r.CDR),
			Message: fmt.Sprintf("%s is %s, the periods and the tariff give %s", d.Member, d.Claimed.Plain(), d.Computed.Output()),
		})
	}
	return findings
}
