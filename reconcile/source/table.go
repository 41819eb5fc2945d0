package source

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
)

// Table is an ordered list of tables: CSV with any of the usual delimiters, plain, gzip or zstd, XLSX, Parquet, and electronic invoices
// as XML or in a PDF, told apart by their first bytes.
type Table struct{ set *Set }

// Row is one row of a table below its header.
type Row struct {
	Record ocpi.Record // Bytes is the row as it stands in the file, without its line ending; of other formats a JSON object
	Ref    Ref         // of other formats: a place among the JSON objects
	Cells  []string    // one for each name of the header, quotes and their escapes taken off
}

// Rows is some consecutive rows of one file. The first Rows of a file comes even if it holds no row, so that its header is seen.
type Rows struct {
	File     int      // index into Files
	Header   []string // names of the columns, white space around them taken off
	Rows     []Row
	Rejected []ocpi.Finding // stretches of the file that are no row, each counted as one
	Findings []ocpi.Finding // what else is to be said of the file; no row is lost by these
	Native   bool           // the header is that of electronic invoices: the native names, not names of the file
}

// OpenTable opens tables for reading one after the other. Rows that are empty but for delimiters are white space.
func OpenTable(files []string, opts Options) (*Table, error) {
	set, err := Open(files, opts)
	if err != nil {
		return nil, err
	}
	return &Table{set}, nil
}

// Files tells of the files read so far; complete after Batches ended.
func (t *Table) Files() []FileInfo { return t.set.Files() }

// TotalBytes is the size on disk of all files; see [Set.TotalBytes].
func (t *Table) TotalBytes() int64 { return t.set.TotalBytes() }

// ReadBytes is how much of TotalBytes has been read; safe to call from another goroutine.
func (t *Table) ReadBytes() int64 { return t.set.ReadBytes() }

// Close releases files and removes temporary ones.
func (t *Table) Close() error { return t.set.Close() }

// Batches yields all rows in order of file and place. An error ends the sequence; it is the environment's, never the data's.
func (t *Table) Batches(ctx context.Context) iter.Seq2[*Rows, error] {
	return func(yield func(*Rows, error) bool) {
		t.set.restart()
		for i := range t.set.files {
			if !t.batchesOf(ctx, i, yield) {
				return
			}
		}
	}
}

// stepper reads a table a step at a time.
type stepper interface {
	step() bool      // the next row, rejected stretch or piece of framing; false at the end
	names() []string // the header
	close() error
}

// batchesOf reads one table; false ends the sequence.
func (t *Table) batchesOf(ctx context.Context, i int, yield func(*Rows, error) bool) bool {
	in, err := t.set.openInput(ctx, t.set.files[i])
	if err != nil {
		yield(nil, err)
		return false
	}
	defer in.close()
	tab := &tabular{framer: newFramer(in, i, t.set.opts)}
	defer func() { tab.w.buf.release() }()
	steps, err := t.open(tab, t.set.files[i])
	if err != nil {
		yield(nil, err)
		return false
	}
	if !tab.read(steps, t.set.opts.Batch, yield) {
		_ = steps.close() // only read from, and nobody asks any more
		return false
	}
	if err := errors.Join(tab.w.err, steps.close()); err != nil {
		yield(nil, in.environment(err))
		return false
	}
	if err := t.set.finish(i, in, tab.records); err != nil {
		yield(nil, err)
		return false
	}
	return true
}

// open tells the format of a table.
func (t *Table) open(tab *tabular, f *file) (stepper, error) {
	tab.w.need(headOfXML)
	switch head := string(tab.w.bytes()); {
	case strings.HasPrefix(head, parquetMagic):
		return t.set.openParquet(tab, f)
	case strings.HasPrefix(head, zipMagic):
		return t.set.openXLSX(tab, f)
	case strings.HasPrefix(head, pdfMagic), beginsXML(tab.w.bytes()):
		return t.set.openEInvoice(tab, f)
	}
	return &csvTable{tabular: tab}, nil
}

// headOfXML is within which XML has to begin.
const headOfXML = 512

// beginsXML reports text that begins as XML does, and not as HTML does.
func beginsXML(head []byte) bool {
	head = bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(head, bom)))
	return len(head) > 1 && head[0] == '<' && (head[1] == '?' || head[1] == '!' || head[1] >= 'a' && head[1] <= 'z') &&
		!bytes.HasPrefix(head, []byte("<html")) && !bytes.HasPrefix(head, []byte("<!doctype html"))
}

// tabular is what all formats of tables share: a framer whose records have cells.
type tabular struct {
	*framer
	cells  [][]string // of the records in out
	native bool       // see Rows
	ready  *random    // the input, where it was made readable at random before
}

// read hands on what the steps find; false if the consumer wants no more.
func (t *tabular) read(steps stepper, batch int, yield func(*Rows, error) bool) bool {
	shown := false
	for more := true; more; {
		more = steps.step()
		if t.w.err != nil {
			return true
		}
		if t.out.full(batch) || !more && (!t.out.empty() || !shown && steps.names() != nil) {
			shown = true
			if !yield(t.rows(steps.names()), nil) {
				return false
			}
		}
	}
	return true
}

// rows takes what was found so far.
func (t *tabular) rows(header []string) *Rows {
	out := &Rows{File: t.out.File, Native: t.native, Header: header, Rejected: t.out.Rejected, Findings: t.out.Findings, Rows: make([]Row, len(t.cells))}
	for i, cells := range t.cells {
		out.Rows[i] = Row{Record: t.out.Records[i], Ref: t.out.Refs[i], Cells: cells}
	}
	t.cells = t.cells[:0]
	*t.out = Batch{File: t.out.File, Records: t.out.Records[:0], Refs: t.out.Refs[:0]} // the rows keep the buffers
	return out
}

// checkHeader reports names that stand for several columns.
func (t *tabular) checkHeader(header []string) {
	seen := map[string]bool{}
	var twice []string
	for _, name := range header {
		if name != "" && seen[name] && !slices.Contains(twice, name) {
			twice = append(twice, name)
		}
		seen[name] = true
	}
	if len(twice) > 0 {
		t.note(CodeHeader, ocpi.SeverityWarn, "header names %q more than once, want every column once", twice)
	}
}
