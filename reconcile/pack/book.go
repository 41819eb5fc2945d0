package pack

import (
	"errors"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/xlsx"
)

// lines.xlsx is the disputed and differing lines for people with a spreadsheet: a sheet of the claim, and a row for each line whose evidence
// is disclosed. It is written as lines come; the sheet of the claim is written last and shown first.

// listedLine is a row of lines.xlsx: what the line says, what its records say, and where it stands in the pack.
type listedLine struct {
	doc    lineDoc
	facts  facts
	stated *statedDoc
	row    int       // of lines.ndjson
	sheet  *sheetRef // its calculation; nil where there is none
}

// listed gathers what lines.xlsx shows of a line. The verifier decodes the same records: a CDR that nothing prices as its own members tell its
// version, others as the version that the sheet names.
func (r *Renderer) listed(d *lineDoc, v *reconcile.LineVerdict) *listedLine {
	cdr, session := v.Match.CDR, v.Match.Session
	if d.Match.CDR == "" {
		cdr = nil
	}
	if d.Match.Session == "" {
		session = nil
	}
	if cdr != nil && !isPriced(v, cdr) {
		if r.decoder == nil {
			r.decoder = ocpi.NewDecoder(ocpi.Options{})
		}
		cdr, _ = r.decoder.CDR(cdr.Record)
	}
	stated := newStated(v.Line)
	return &listedLine{doc: *d, facts: factsOf(stated, cdr, session), stated: stated}
}

// isPriced reports a CDR of which the line holds a calculation that can be made again.
func isPriced(v *reconcile.LineVerdict, c *ocpi.CDR) bool {
	for i := range v.Sheets {
		if s := &v.Sheets[i]; s.Sheet != nil && s.CDR != nil && s.CDR.Record.Place == c.Record.Place && s.Input.CDR != nil {
			return true
		}
	}
	return false
}

// place says where the line stands.
func (l *listedLine) place(entry *indexDoc) {
	l.row = entry.Row
	for i := range entry.Sheets {
		if entry.Sheets[i].Name == priceSheet {
			l.sheet = &entry.Sheets[i]
			return
		}
	}
}

// bookColumn is a column of the lines in lines.xlsx.
type bookColumn struct {
	heading string
	width   int
	cell    func(l *listedLine) xlsx.Cell
}

// frozenColumns name the line; they stay in view.
const frozenColumns = 2

var bookColumns = [...]bookColumn{
	{"Invoice", 20, func(l *listedLine) xlsx.Cell { return xlsx.Running(l.doc.InvoiceID) }},
	{"Line", 8, func(l *listedLine) xlsx.Cell { return xlsx.Running(l.doc.Line) }},
	{"CDR", 38, func(l *listedLine) xlsx.Cell { return xlsx.Running(first(l.doc.CDRID, l.doc.Match.CDR)) }},
	{"Session", 38, func(l *listedLine) xlsx.Cell { return xlsx.Running(first(l.doc.SessionID, l.doc.Match.Session)) }},
	{"EVSE", 22, func(l *listedLine) xlsx.Cell { return xlsx.Running(l.facts.evse) }},
	{"Start (UTC)", 19, func(l *listedLine) xlsx.Cell { return xlsx.Time(l.facts.start) }},
	{"End (UTC)", 19, func(l *listedLine) xlsx.Cell { return xlsx.Time(l.facts.end) }},
	{"Hours", 10, func(l *listedLine) xlsx.Cell { return quantityCell(l.facts.hours) }},
	{"kWh invoiced", 14, func(l *listedLine) xlsx.Cell { return quantityCell(l.facts.stated) }},
	{"kWh of the CDR", 16, func(l *listedLine) xlsx.Cell { return quantityCell(l.facts.total) }},
	{"kWh of its periods", 19, func(l *listedLine) xlsx.Cell { return quantityCell(l.facts.periods) }},
	{"kWh of the session", 19, func(l *listedLine) xlsx.Cell { return quantityCell(l.facts.measured) }},
	{"Disputed", 10, func(l *listedLine) xlsx.Cell { return xlsx.Running(yesOrNo(l.doc.Disputed)) }},
	{"Outcome", 11, func(l *listedLine) xlsx.Cell { return xlsx.Running(l.doc.Outcome) }},
	{"Currency", 10, func(l *listedLine) xlsx.Cell { return xlsx.Running(l.doc.Currency) }},
	{"Claimed net", 13, func(l *listedLine) xlsx.Cell { return amountCell(l.doc.Invoiced.BeforeTaxes) }},
	{"Computed net", 14, func(l *listedLine) xlsx.Cell { return amountCell(l.doc.Computed.BeforeTaxes) }},
	{"Proven net", 12, func(l *listedLine) xlsx.Cell { return amountCell(l.doc.Proven.BeforeTaxes) }},
	{"Conceded net", 14, func(l *listedLine) xlsx.Cell { return amountCell(l.doc.Conceded.BeforeTaxes) }},
	{"Unproven net", 14, func(l *listedLine) xlsx.Cell { return amountCell(l.doc.Unproven.BeforeTaxes) }},
	{"Underbilled net", 16, func(l *listedLine) xlsx.Cell { return amountCell(l.doc.Underbilled.BeforeTaxes) }},
	{"Admitted net", 14, func(l *listedLine) xlsx.Cell { return amountCell(l.doc.Admitted) }},
	{"Claimed gross", 15, func(l *listedLine) xlsx.Cell { return amountCell(l.doc.Invoiced.AfterTaxes) }},
	{"Computed gross", 16, func(l *listedLine) xlsx.Cell { return amountCell(l.doc.Computed.AfterTaxes) }},
	{"Proven gross", 14, func(l *listedLine) xlsx.Cell { return amountCell(l.doc.Proven.AfterTaxes) }},
	{"Conceded gross", 16, func(l *listedLine) xlsx.Cell { return amountCell(l.doc.Conceded.AfterTaxes) }},
	{"Unproven gross", 16, func(l *listedLine) xlsx.Cell { return amountCell(l.doc.Unproven.AfterTaxes) }},
	{"Reasons", 34, func(l *listedLine) xlsx.Cell { return xlsx.Running(l.doc.codes()) }},
	{"Matched", 12, func(l *listedLine) xlsx.Cell { return xlsx.Running(l.doc.Match.State) }},
	{"Match rule", 22, func(l *listedLine) xlsx.Cell { return xlsx.Running(l.doc.Match.Rule) }},
	{"Row of lines.ndjson", 20, func(l *listedLine) xlsx.Cell { return xlsx.Count(l.row) }},
	{"Calculation in", 22, func(l *listedLine) xlsx.Cell {
		return l.sheetCell(func(r *sheetRef) xlsx.Cell { return xlsx.Running(r.Shard) })
	}},
	{"from byte", 12, func(l *listedLine) xlsx.Cell {
		return l.sheetCell(func(r *sheetRef) xlsx.Cell { return xlsx.Count(int(r.Offset)) })
	}},
	{"What was found", 100, func(l *listedLine) xlsx.Cell { return xlsx.Running(l.doc.messages()) }},
}

func (l *listedLine) sheetCell(of func(*sheetRef) xlsx.Cell) xlsx.Cell {
	if l.sheet == nil {
		return xlsx.Cell{}
	}
	return of(l.sheet)
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func yesOrNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// codes are the reasons of the line, each once.
func (d *lineDoc) codes() string {
	out := make([]string, len(d.Reasons))
	for i, code := range d.Reasons {
		out[i] = string(code)
	}
	return strings.Join(out, " ")
}

// messages is what was found about the line. A cell holds only so much; findings of lines.ndjson have all.
func (d *lineDoc) messages() string {
	out := make([]string, len(d.Findings))
	for i := range d.Findings {
		out[i] = d.Findings[i].Code + ": " + d.Findings[i].Message
	}
	return strings.Join(out, "; ")
}

// quantityCell is a number of a record with all its digits.
func quantityCell(n ocpi.Number) xlsx.Cell {
	if !n.Present {
		return xlsx.Cell{}
	}
	return xlsx.Number(n.Value)
}

// amountCell is a number of lines.ndjson.
func amountCell(text string) xlsx.Cell {
	n, err := numberOf(text)
	if err != nil {
		return xlsx.Cell{} // found elsewhere
	}
	return quantityCell(n)
}

// bookSheets are the sheets of lines.xlsx: the lines, and before them the claim.
func bookSheets() []xlsx.Sheet {
	lines := xlsx.Sheet{Name: "Lines", Frozen: frozenColumns}
	for i := range bookColumns {
		lines.Columns = append(lines.Columns, xlsx.Column{Heading: bookColumns[i].heading, Width: bookColumns[i].width})
	}
	return []xlsx.Sheet{lines, summarySheet()}
}

// book is the workbook while it is written, or held against the one of a pack.
type book struct {
	out   *xlsx.Writer
	cells [len(bookColumns)]xlsx.Cell
	sums  invoiceSums
	lines int
}

// add writes the row of a line. A sheet that is full is followed by another.
func (b *book) add(l *listedLine) error {
	for i := range bookColumns {
		b.cells[i] = bookColumns[i].cell(l)
	}
	b.lines++
	b.sums.add(&l.doc)
	err := b.out.Row(b.cells[:]...)
	if !errors.Is(err, xlsx.ErrFull) {
		return err
	}
	if err := b.out.More(); err != nil {
		return err
	}
	return b.out.Row(b.cells[:]...)
}

// bookWriter writes lines.xlsx, where it was begun.
type bookWriter struct {
	book
	file *payloadFile
}

// begin begins the workbook; a file that could not be opened is nil and told already.
func (w *bookWriter) begin(file *payloadFile) (err error) {
	if file == nil {
		return nil
	}
	w.file, w.sums.most = file, maxBookInvoices
	w.out, err = xlsx.NewWriter(file, bookSheets()...)
	return err
}

// add writes the row of a line whose entry in the index is entry.
func (w *bookWriter) add(l *listedLine, entry *indexDoc) error {
	if w.file == nil {
		return nil
	}
	l.place(entry)
	return w.book.add(l)
}

// finish writes the sheet of the claim and ends the workbook. The file is closed with the others.
func (w *bookWriter) finish(texts documents) error {
	if w.file == nil {
		return nil
	}
	return w.book.finish(texts)
}
