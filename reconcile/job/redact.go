package job

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/commitment"
	"github.com/nexacollect/reconcile/reconcile/redact"
	"github.com/nexacollect/reconcile/reconcile/source"
)

// RedactOptions say of which case to make redacted copies, and where they go.
type RedactOptions struct {
	Options
	Case     *reconcile.Case
	Dir      string // see RunOptions
	Level    redact.Level
	Secret   *redact.Secret
	Out      string // an existing folder
	Openings string // a file that is not given away; "" writes none

	// Originals, where it is not nil, is filled: the SHA-256 of each record, by what its copy commits to.
	Originals map[string]commitment.Digest
}

// RedactCounts is the result of Redact.
type RedactCounts struct {
	Level   string `json:"level"`
	Records int    `json:"records"`  // redacted, rows of tables included
	LeftOut int    `json:"left_out"` // stretches of tables that are no row
}

// Redact writes redacted copies of all inputs of a case, and returns the case whose inputs they are, named relative to the folder. The names of files
// say only what is in them. Of a record that cannot be read a copy without members stands in its place.
func Redact(ctx context.Context, o RedactOptions) (_ *reconcile.Case, _ *RedactCounts, err error) {
	c := o.Case.Redacted(o.Level.String())
	r := &redaction{o: o, by: redact.New(o.Level, o.Secret), in: &inputs{}, counts: RedactCounts{Level: o.Level.String()}}
	if o.Openings != "" {
		f, err := os.OpenFile(o.Openings, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
		if err != nil {
			return nil, nil, fmt.Errorf("write the openings: %w", err)
		}
		r.openings = bufio.NewWriter(f)
		defer func() { err = errors.Join(err, r.openings.Flush(), f.Close()) }()
	}
	if r.in.invoiceFiles, err = expand("invoices", c.Inputs.Invoices, o.Dir, source.ExpandTables); err != nil {
		return nil, nil, err
	}
	if r.in.disputeFiles, err = expand("disputes", c.Inputs.Disputes, o.Dir, source.ExpandTables); err != nil {
		return nil, nil, err
	}
	for _, part := range []func(context.Context, *reconcile.Case) error{r.allRecords, r.allTables} {
		if err := part(ctx, c); err != nil {
			return nil, nil, err
		}
	}
	return c, &r.counts, nil
}

// redaction is the work of Redact.
type redaction struct {
	o        RedactOptions
	by       *redact.Redactor
	in       *inputs // what tables of records are held against
	openings *bufio.Writer
	counts   RedactCounts
	noting   sync.Mutex // guards o.Originals
}

// allRecords redacts the records of every kind.
func (r *redaction) allRecords(ctx context.Context, c *reconcile.Case) error {
	for _, in := range []struct {
		name  string
		files *[]string
		kind  ocpi.Kind
	}{
		{"cdrs", &c.Inputs.CDRs, ocpi.KindCDR}, {"sessions", &c.Inputs.Sessions, ocpi.KindSession}, {"theirs", &c.Theirs.CDRs, ocpi.KindCDR},
		{"their_sessions", &c.Theirs.Sessions, ocpi.KindSession},
		{"tariffs", &c.Inputs.Tariffs, ocpi.KindTariff}, {"agreed", &c.Agreement.Tariffs, ocpi.KindTariff},
		{"locations", &c.Inputs.Locations, ocpi.KindLocation}, {"tokens", &c.Inputs.Tokens, ocpi.KindToken},
		{"invoice_reconciliation", &c.Inputs.InvoiceReconciliation, ocpi.KindInvoiceReconciliation},
		{kindDecisions, &c.Inputs.Decisions, ocpi.KindUnknown},
	} {
		how := source.Options{TempDir: r.o.TempDir}
		if in.kind == ocpi.KindCDR || in.kind == ocpi.KindSession {
			how.Builder = r.in.again(r.o.Case, in.kind).Builder
		}
		err := r.files(in.name, in.files, ".ndjson", source.Expand, func(file string, w *bufio.Writer) error {
			return r.records(ctx, file, in.kind, how, w)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// files writes the copy of each file of a kind, and names the copies in their stead. The order is that of the patterns.
func (r *redaction) files(
	name string, patterns *[]string, ending string, find func([]string) ([]string, error), each func(file string, w *bufio.Writer) error,
) error {
	var copies []string
	seen := map[string]bool{}
	for _, pattern := range *patterns {
		files, err := expand(name, []string{pattern}, r.o.Dir, find)
		if err != nil {
			return err
		}
		for _, file := range files {
			if seen[file] {
				continue
			}
			seen[file] = true
			to := fmt.Sprintf("%s-%d%s", name, len(copies)+1, ending)
			if err := writeCopy(filepath.Join(r.o.Out, to), func(w *bufio.Writer) error { return each(file, w) }); err != nil {
				return fmt.Errorf("redact %s: %w", name, err)
			}
			copies = append(copies, to)
		}
	}
	*patterns = copies
	return nil
}

// writeCopy makes a file.
func writeCopy(name string, fill func(w *bufio.Writer) error) (err error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := bufio.NewWriterSize(f, 1<<16)
	if err := fill(w); err != nil {
		return err
	}
	return w.Flush()
}

func (r *redaction) records(ctx context.Context, file string, kind ocpi.Kind, how source.Options, w *bufio.Writer) error {
	set, err := source.Open([]string{file}, how)
	if err != nil {
		return err
	}
	defer func() { _ = set.Close() }() // only read from
	m := newMeter(r.o.Progress, "redacting")
	m.now.TotalBytes = set.TotalBytes()
	read := func(_ int, b *source.Batch) (*redactedBatch, error) {
		out := &redactedBatch{Batch: b}
		for _, rec := range b.Records {
			out.add(r, kind, rec.Bytes)
		}
		for range b.Rejected { // no record can be told, so that there is none to redact: what is no record either stands in its place
			out.text = append(out.text, unreadable...)
		}
		return out, nil
	}
	err = ordered(ctx, set.Batches(ctx), r.o.workers(), read, func(b *redactedBatch) error {
		defer b.Release()
		r.counts.Records += len(b.Records) + len(b.Rejected)
		m.add(len(b.Records)+len(b.Rejected), set.ReadBytes())
		if _, err := w.Write(b.text); err != nil {
			return err
		}
		return r.keep(b.openings)
	})
	m.end()
	return err
}

// unreadable is a line that is rejected as it is read.
const unreadable = "{\"withheld\n"

// redactedBatch is a batch on its way.
type redactedBatch struct {
	*source.Batch
	text, openings []byte
}

func (b *redactedBatch) add(r *redaction, kind ocpi.Kind, original []byte) {
	if kind == ocpi.KindUnknown {
		b.text = append(append(b.text, r.by.Decision(original)...), '\n')
		return
	}
	b.text = append(append(b.text, r.by.Record(kind, original)...), '\n')
	b.openings = append(b.openings, r.opening(original)...)
}

// opening is a line of the openings.
type opening struct {
	Commitment string `json:"commitment"`
	Opening    string `json:"opening"` // base64, see redact.Secret.Seal
}

func (r *redaction) opening(original []byte) []byte {
	if r.openings == nil {
		return nil
	}
	commits := r.o.Secret.Commit(original)
	r.note(commits, original)
	line, _ := json.Marshal(opening{commits, base64.StdEncoding.EncodeToString(r.o.Secret.Seal(original))}) // two texts always can be
	return append(line, '\n')
}

// note keeps which record a commitment is to, where that is asked for.
func (r *redaction) note(commits string, original []byte) {
	if r.o.Originals == nil {
		return
	}
	sum := sha256.Sum256(original)
	r.noting.Lock()
	defer r.noting.Unlock()
	r.o.Originals[commits] = sum
}

func (r *redaction) keep(openings []byte) error {
	if r.openings == nil {
		return nil
	}
	_, err := r.openings.Write(openings)
	return err
}

// allTables redacts invoices, dispute lists and response sheets.
func (r *redaction) allTables(ctx context.Context, c *reconcile.Case) error {
	for _, t := range []struct {
		name, columns string
		files         *[]string
		heading       func(names []string, columns reconcile.Columns) error
	}{
		{"invoices", "invoice", &c.Inputs.Invoices, func(names []string, columns reconcile.Columns) error {
			_, _, err := reconcile.NewLineReader(names, columns)
			return err
		}},
		{"disputes", "disputes", &c.Inputs.Disputes, func(names []string, columns reconcile.Columns) error {
			_, _, err := reconcile.NewClaimReader(names, columns)
			return err
		}},
		{kindResponses, kindResponses, &c.Inputs.Responses, func(names []string, columns reconcile.Columns) error {
			_, _, err := reconcile.NewAnswerReader(names, columns, 1)
			return err
		}},
	} {
		err := r.files(t.name, t.files, ".csv", source.ExpandTables, func(file string, w *bufio.Writer) error {
			return r.table(ctx, file, t.columns, t.heading, w)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *redaction) table(
	ctx context.Context, file, columns string, heading func([]string, reconcile.Columns) error, w *bufio.Writer,
) error {
	how := source.Options{TempDir: r.o.TempDir, Heading: func(names []string) bool { return heading(names, r.o.Case.Columns[columns]) == nil }}
	if columns == "invoice" {
		how.Column = func(name string) string { return reconcile.InvoiceColumn(name, r.o.Case.Columns[columns]) }
	}
	src, err := source.OpenTable([]string{file}, how)
	if err != nil {
		return err
	}
	defer func() { _ = src.Close() }() // only read from
	out := csv.NewWriter(w)
	var native []string
	for rows, err := range src.Batches(ctx) {
		if err != nil {
			return err
		}
		if native == nil && rows.Header != nil {
			mapping := r.o.Case.Columns[columns]
			if rows.Native {
				mapping = nil
			}
			if native, err = nativeColumns(columns, rows.Header, mapping, heading); err != nil {
				return err
			}
			if err := out.Write(redact.Heading(native)); err != nil {
				return err
			}
		}
		r.counts.LeftOut += len(rows.Rejected)
		if err := r.rows(native, rows.Rows, out); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// nativeColumns are those of a heading that can be read.
func nativeColumns(table string, header []string, mapping reconcile.Columns, heading func([]string, reconcile.Columns) error) ([]string, error) {
	if err := heading(header, mapping); err != nil {
		return nil, err
	}
	return reconcile.NativeColumns(table, header, mapping)
}

func (r *redaction) rows(native []string, rows []source.Row, out *csv.Writer) error {
	for _, row := range rows {
		if reconcile.BlankRow(row.Cells) {
			continue // white space, which the commitment would make a row
		}
		r.counts.Records++
		if err := out.Write(r.by.Row(native, row.Cells, row.Record.Bytes)); err != nil {
			return err
		}
		if err := r.keep(r.opening(row.Record.Bytes)); err != nil {
			return err
		}
	}
	return nil
}

// WriteRedacted is Redact for a case file: the copies and case.yaml go into a new folder, the openings into a file outside of it. Nothing is
// left at either place where it fails.
func WriteRedacted(ctx context.Context, o RedactOptions, caseText []byte) (counts *RedactCounts, err error) {
	out, err := filepath.Abs(o.Out)
	if err != nil {
		return nil, fmt.Errorf("folder %s: %w", o.Out, err)
	}
	if err := outside(o.Openings, out, false); err != nil {
		return nil, err
	}
	if _, err := os.Lstat(out); err == nil {
		return nil, fmt.Errorf("%s is there already\nchoose another name", filepath.ToSlash(o.Out))
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o777); err != nil {
		return nil, fmt.Errorf("folder %s: %w", o.Out, err)
	}
	if o.Out, err = os.MkdirTemp(filepath.Dir(out), ".reconcile-*"); err != nil {
		return nil, fmt.Errorf("folder for the copies: %w", err)
	}
	defer func() {
		if err != nil {
			_, _ = os.RemoveAll(o.Out), os.Remove(o.Openings) // it failed already
		}
	}()
	c, counts, err := Redact(ctx, o)
	if err != nil {
		return nil, err
	}
	text, err := c.Copy(caseText)
	if err != nil {
		return nil, err
	}
	err = writeCopy(filepath.Join(o.Out, "case.yaml"), func(w *bufio.Writer) error {
		_, err := w.Write(text)
		return err
	})
	if err == nil {
		err = errors.Join(os.Chmod(o.Out, 0o755), os.Rename(o.Out, out))
	}
	return counts, err
}

// outside refuses openings that would be given away with a folder, or, without force, that would take the place of others.
func outside(openings, dir string, force bool) error {
	file, err := filepath.Abs(openings)
	if err != nil {
		return fmt.Errorf("openings %s: %w", openings, err)
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return fmt.Errorf("folder %s: %w", dir, err)
	}
	if file == dir || strings.HasPrefix(file, dir+string(filepath.Separator)) {
		return errors.New("the openings would be given away with what they open: choose a file outside of the folder")
	}
	if _, err := os.Lstat(file); err == nil && !force {
		return fmt.Errorf("%s is there already, and may be needed to open another pack\nchoose another name", filepath.ToSlash(openings))
	}
	return nil
}
