package job

import (
	"context"
	"fmt"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/source"
)

// table is what invoices and dispute lists have in common on their way into the index.
type table struct {
	kind    string // of the inputs
	columns string // key of the case's columns section
	files   []string
	count   *reconcile.RecordCount
	column  func(name string) string // see source.Options
	// header is told of each new heading, row of each row; row reports whether the row can be used.
	header func(names []string, columns reconcile.Columns) ([]ocpi.Finding, error)
	row    func(rec ocpi.Record, cells []string) ([]ocpi.Finding, bool)
	// begin, where there is one, is told of each file before its heading.
	begin func(file int)
}

// addInvoices reads the lines of all invoices.
func (x *index) addInvoices(ctx context.Context, in *inputs, o RunOptions) error {
	var reader *reconcile.LineReader
	var room reconcile.Line // what is kept of it are texts
	return x.addTable(ctx, in, o, table{
		kind: "invoices", columns: "invoice", files: in.invoiceFiles, count: &x.records.InvoiceLines,
		column: func(name string) string { return reconcile.InvoiceColumn(name, o.Case.Columns["invoice"]) },
		header: func(names []string, columns reconcile.Columns) (findings []ocpi.Finding, err error) {
			reader, findings, err = reconcile.NewLineReader(names, columns)
			return findings, err
		},
		row: func(rec ocpi.Record, cells []string) ([]ocpi.Finding, bool) {
			line, findings := reader.ReadInto(&room, rec, cells)
			if line != nil {
				x.addLine(line, rec, cells, reader.Read)
			}
			return findings, line != nil
		},
	})
}

// addDisputes reads the claims of all dispute lists.
func (x *index) addDisputes(ctx context.Context, in *inputs, o RunOptions) error {
	var reader *reconcile.ClaimReader
	return x.addTable(ctx, in, o, table{
		kind: "disputes", columns: "disputes", files: in.disputeFiles, count: &x.records.Disputes,
		header: func(names []string, columns reconcile.Columns) (findings []ocpi.Finding, err error) {
			reader, findings, err = reconcile.NewClaimReader(names, columns)
			return findings, err
		},
		row: func(rec ocpi.Record, cells []string) ([]ocpi.Finding, bool) {
			claim, findings := reader.Read(rec, cells)
			if claim != nil {
				x.addClaim(claim, rec, cells, reader.Read)
			}
			return findings, claim != nil
		},
	})
}

func (x *index) addTable(ctx context.Context, in *inputs, o RunOptions, t table) error {
	src, err := source.OpenTable(t.files, source.Options{TempDir: o.TempDir, Column: t.column, Heading: func(names []string) bool {
		_, err := t.header(names, o.Case.Columns[t.columns])
		return err == nil
	}})
	if err != nil {
		return fmt.Errorf("open %s: %w", t.kind, err)
	}
	defer func() { _ = src.Close() }() // only read from
	m := newMeter(o.Progress, "reading "+t.kind)
	m.now.TotalBytes = src.TotalBytes()
	file := -1
	for rows, err := range src.Batches(ctx) {
		if err != nil {
			return fmt.Errorf("read %s: %w", t.kind, err)
		}
		name := in.names[t.kind].of(t.files[rows.File])
		if rows.File != file && rows.Header != nil { // without a heading there are no rows, only why
			file = rows.File
			if t.begin != nil {
				t.begin(file)
			}
			columns := o.Case.Columns[t.columns]
			if rows.Native {
				columns = nil
			}
			findings, err := t.header(rows.Header, columns)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			x.found(name, findings)
		}
		x.addRows(name, rows, t)
		in.unread = src.TotalBytes() - src.ReadBytes()
		x.closeBatch()
		m.add(len(rows.Rows)+len(rows.Rejected), src.ReadBytes())
	}
	m.end()
	x.emptyTables(in.names[t.kind], src.Files())
	in.read = append(in.read, listFiles(t.kind, in.names[t.kind], src.Files())...)
	return nil
}

// emptyTables says of a table that it holds no row: an invoice without lines is more likely a broken export than a month without sessions.
func (x *index) emptyTables(shown names, files []source.FileInfo) {
	for _, f := range files {
		if f.Records == 0 {
			x.findings = append(x.findings, ocpi.Finding{
				Code: source.CodeEmpty, Severity: ocpi.SeverityWarn, Place: ocpi.Place{File: shown.of(f.Name), Line: 1},
				Message: "the table has no rows below its heading, want at least one",
			})
		}
	}
}

// addRows takes the rows of one batch; a row that cannot be used is counted as rejected here.
func (x *index) addRows(name string, rows *source.Rows, t table) {
	x.found(name, rows.Findings)
	x.found(name, rows.Rejected)
	for range rows.Rejected {
		t.count.Count(reconcile.Rejected)
	}
	for _, r := range rows.Rows {
		r.Record.Place.File = name
		findings, usable := t.row(r.Record, r.Cells)
		x.found(name, findings)
		if !usable {
			t.count.Count(reconcile.Rejected)
		}
	}
}

// found keeps findings under the name that results show.
func (x *index) found(name string, findings []ocpi.Finding) {
	for _, f := range findings {
		f.Place.File = name
		x.findings = append(x.findings, f)
	}
}
