package job

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/commitment"
	"github.com/nexacollect/reconcile/reconcile/seal"
	"github.com/nexacollect/reconcile/reconcile/source"
	"github.com/nexacollect/reconcile/reconcile/spill"
)

// CommitOptions say what to commit to and where the commitment goes.
type CommitOptions struct {
	Options
	Case   *reconcile.Case
	Dir    string // folder from which the case's relative patterns start; "" is the working folder
	Out    string // the commitment, a folder that is not there yet
	After  string // the commitment that this one follows; "": it begins a log
	Origin string // names the log; "": that of After, else the creditor's
	Secret *commitment.Secret
	Signer *seal.Signer // nil: nobody signs
}

// Committed is the result of Commit.
type Committed struct {
	Origin     string          `json:"origin"`
	Tree       int             `json:"tree"` // its number in the log, 1-based
	Records    map[string]int  `json:"records"`
	Rejected   int             `json:"rejected"` // records that could not be read, and so were not committed to
	Size       int             `json:"size"`
	Root       string          `json:"root"`
	Sums       commitment.Sums `json:"sums"`
	KeyID      string          `json:"key_id,omitempty"` // who signed
	Checkpoint string          `json:"checkpoint"`       // the file
	Request    string          `json:"request"`          // the file for a time stamp authority
}

// Commit reads the inputs of a case once and writes a commitment to their records: CDRs, sessions, tariffs, locations and invoice lines. What
// the other side sends, and what is decided, comes later and is not in it. Nothing is left at Out where it fails.
func Commit(ctx context.Context, o CommitOptions) (_ *Committed, err error) {
	log, err := o.log()
	if err != nil {
		return nil, err
	}
	o.Case = early(o.Case)
	in, err := openInputs(o.Case, o.Dir, o.Options)
	if err != nil {
		return nil, err
	}
	defer func() {
		if cerr := in.close(); err == nil {
			err = cerr
		}
	}()
	c := &committing{in: in, o: o, seen: map[commitment.Key]commitment.Digest{}}
	if err := c.readAll(ctx); err != nil {
		return nil, err
	}
	c.seen = nil
	tree, err := commitment.NewTree(o.Secret, c.leaves)
	if err != nil {
		return nil, fmt.Errorf("commit: %w", err)
	}
	f, err := newFolder(tree, log, o.Signer)
	if err != nil {
		return nil, err
	}
	if err := f.write(o.Out, tree); err != nil {
		return nil, fmt.Errorf("write the commitment: %w", err)
	}
	return c.result(tree, f), nil
}

// early is a case with only the inputs that are committed to: files that come later need not be there.
func early(c *reconcile.Case) *reconcile.Case {
	out := *c
	out.Theirs = reconcile.TheirInputs{}
	i := &out.Inputs
	i.Tokens, i.Disputes, i.Responses, i.Decisions, i.InvoiceReconciliation = nil, nil, nil, nil, nil
	return &out
}

// log is the log that the commitment extends.
func (o *CommitOptions) log() (*commitment.Log, error) {
	if o.After == "" {
		origin := o.Origin
		if origin == "" {
			origin = strings.TrimSuffix("reconcile/"+o.Case.Creditor.CountryCode+"-"+o.Case.Creditor.PartyID, "/-")
		}
		return &commitment.Log{Origin: origin}, commitment.CheckOrigin(origin)
	}
	before, err := openFolder(o.After)
	if err != nil {
		return nil, err
	}
	if o.Origin != "" && o.Origin != before.log.Origin {
		return nil, fmt.Errorf("%s is of the log %q: a log keeps its origin", o.After, before.log.Origin)
	}
	return before.log, nil
}

// committing gathers leaves.
type committing struct {
	in       *inputs
	o        CommitOptions
	leaves   []commitment.Leaf
	seen     map[commitment.Key]commitment.Digest // of the kinds that two inputs may name
	rejected int
}

func (c *committing) readAll(ctx context.Context) error {
	if err := c.records(ctx, c.in.cdrs, commitment.KindCDR); err != nil {
		return err
	}
	if err := c.records(ctx, c.in.sessions, commitment.KindSession); err != nil {
		return err
	}
	for _, f := range []struct {
		kind, name string
		want       ocpi.Kind
		files      []string
	}{
		{"tariffs", commitment.KindTariff, ocpi.KindTariff, c.in.tariffFiles}, {"agreed tariffs", commitment.KindTariff, ocpi.KindTariff, c.in.agreedFile},
		{"locations", commitment.KindLocation, ocpi.KindLocation, c.in.locationFiles},
	} {
		findings, err := c.in.readAll(ctx, f.kind, f.want, f.files, func(rec ocpi.Record) []ocpi.Finding {
			c.once(leafOf(f.name, rec))
			return nil
		})
		if err != nil {
			return err
		}
		c.reject(findings)
	}
	return c.lines(ctx)
}

// reject counts what blocks.
func (c *committing) reject(findings []ocpi.Finding) {
	for _, f := range findings {
		if f.Severity == ocpi.SeverityBlock {
			c.rejected++
		}
	}
}

// once adds the leaf of a record that two inputs may name: agreed tariffs are often the published ones.
func (c *committing) once(l commitment.Leaf) {
	if sum, known := c.seen[l.Key]; known && sum == l.SHA256 {
		return
	}
	c.seen[l.Key] = l.SHA256
	c.leaves = append(c.leaves, l)
}

// batchLeaves are the leaves of a batch on their way.
type batchLeaves struct {
	leaves   []commitment.Leaf
	rejected int
}

// records adds the records of one kind, read on workers.
func (c *committing) records(ctx context.Context, s *records, kind string) error {
	m := newMeter(c.o.Progress, "committing to "+s.kind)
	m.now.TotalBytes = s.set.TotalBytes()
	decoders := make([]*ocpi.Decoder, c.o.workers())
	for i := range decoders {
		decoders[i] = ocpi.NewDecoder(ocpi.Options{Version: c.o.Version})
	}
	read := func(worker int, b *source.Batch) (*batchLeaves, error) {
		defer b.Release()
		out := &batchLeaves{leaves: make([]commitment.Leaf, len(b.Records)), rejected: len(b.Rejected)}
		for i, rec := range b.Records {
			rec.Place.File = s.names.of(rec.Place.File)
			out.leaves[i] = leafOf(kind, rec)
			if kind == commitment.KindCDR {
				giveCost(&out.leaves[i], decoders[worker], rec)
			}
		}
		return out, nil
	}
	err := ordered(ctx, s.set.Batches(ctx), c.o.workers(), read, func(out *batchLeaves) error {
		c.leaves = append(c.leaves, out.leaves...)
		c.rejected += out.rejected
		m.add(len(out.leaves)+out.rejected, s.set.ReadBytes())
		return nil
	})
	m.end()
	return err
}

// leafOf is the leaf of a record. One that names nothing has the key of its place.
func leafOf(kind string, rec ocpi.Record) commitment.Leaf {
	id, _ := ocpi.ScanIdentity(rec.Bytes)
	return commitment.Leaf{Key: keyAt(rec.Place, kind, id.CountryCode, id.PartyID, id.ID), SHA256: sha256.Sum256(rec.Bytes)}
}

func keyAt(at ocpi.Place, kind, countryCode, partyID, id string) commitment.Key {
	return commitment.Key{
		CountryCode: countryCode, PartyID: partyID, Kind: kind, ID: id, File: at.File, Offset: at.Offset, Record: at.Record,
	}
}

// giveCost gives the leaf of a CDR what the CDR says it costs.
func giveCost(l *commitment.Leaf, d *ocpi.Decoder, rec ocpi.Record) {
	cdr, _ := d.CDR(rec)
	if cdr == nil {
		return
	}
	l.Give(strings.Clone(cdr.Currency), cdr.TotalCost.BeforeTaxes.Value)
	d.Release([]*ocpi.CDR{cdr}, nil)
}

// lines adds the invoice lines that can be read.
func (c *committing) lines(ctx context.Context) error {
	var reader *reconcile.LineReader
	x := newIndex(new(spill.Store))
	err := x.addTable(ctx, c.in, RunOptions{Options: c.o.Options, Case: c.o.Case}, table{
		kind: "invoices", columns: "invoice", files: c.in.invoiceFiles, count: &x.records.InvoiceLines,
		column: func(name string) string { return reconcile.InvoiceColumn(name, c.o.Case.Columns["invoice"]) },
		header: func(names []string, columns reconcile.Columns) (findings []ocpi.Finding, err error) {
			reader, findings, err = reconcile.NewLineReader(names, columns)
			return findings, err
		},
		row: func(rec ocpi.Record, cells []string) ([]ocpi.Finding, bool) {
			line, findings := reader.Read(rec, cells)
			if line != nil {
				c.leaves = append(c.leaves, leafOfLine(line))
			}
			return findings, line != nil
		},
	})
	c.rejected += x.records.InvoiceLines.Rejected
	return err
}

// leafOfLine is the leaf of an invoice line. Its amount is the net one, as lines.ndjson writes it.
func leafOfLine(l *reconcile.Line) commitment.Leaf {
	leaf := commitment.Leaf{
		Key:    keyAt(l.Record.Place, commitment.KindInvoiceLine, strings.Clone(l.CountryCode), strings.Clone(l.PartyID), l.InvoiceID+"/"+l.Line),
		SHA256: sha256.Sum256(l.Record.Bytes),
	}
	leaf.Give(strings.Clone(l.Currency), l.Claimed.BeforeTaxes.Value.Shown())
	return leaf
}

func (c *committing) result(t *commitment.Tree, f *folder) *Committed {
	_, sums := t.Sums()
	out := &Committed{
		Origin: f.log.Origin, Tree: len(f.log.Heads), Records: map[string]int{}, Rejected: c.rejected, Size: t.Size(), Root: commitment.Digest(f.head.Root).String(),
		Sums: sums, Checkpoint: slashed(c.o.Out, checkpointFile), Request: slashed(c.o.Out, requestFile),
	}
	for _, l := range t.Leaves() {
		out.Records[l.Key.Kind]++
	}
	if c.o.Signer != nil {
		out.KeyID = c.o.Signer.ID()
	}
	return out
}
