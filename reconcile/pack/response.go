package pack

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/xlsx"
)

// Files of the response sheet, below data/. The debtor fills a copy of either.
const (
	responseCSVFile  = "response.csv"
	responseXLSXFile = "response.xlsx"
)

// responseWriter writes the response sheet while lines come.
type responseWriter struct {
	head  responseHead
	csv   *payloadFile
	file  *payloadFile
	sheet *responseSheet
	buf   []byte
}

// responseHead is what all rows of a response sheet share.
type responseHead struct {
	caseName string
	round    int
	pack     string
}

// Issue begins the response sheet of the pack. Contents are those of Commit but for the summary, of which only case and engine are needed:
// the sheet names the pack by what it was made from, and so before it is done. round is one more than the sheets that were read.
func (w *Writer) Issue(c Contents, round int) error {
	id, err := packID(c)
	if err != nil {
		w.keep(err)
		return err
	}
	r := &responseWriter{head: responseHead{caseName: c.Summary.Case, round: round, pack: id}}
	r.csv, r.file = w.open(responseCSVFile), w.open(responseXLSXFile)
	w.response = r
	if w.err != nil {
		return w.err
	}
	w.write(r.csv, responseHeading())
	out, err := xlsx.NewWriter(r.file, responseSheets()...)
	w.keep(err)
	r.sheet = &responseSheet{out: out}
	return w.err
}

// packID names a pack by what it is made of.
func packID(c Contents) (string, error) {
	all, err := Origin(c)
	if err != nil {
		return "", err
	}
	return reconcile.ShortDigest(all), nil
}

// Origin is case.json, engine.json and sources.json, from which everything else of a pack follows. Contents are as for Issue.
func Origin(c Contents) ([]byte, error) {
	var all []byte
	for _, doc := range []any{caseOf(c.Case), engineOf(c.Summary), sourcesOf(c.Inputs)} {
		text, err := renderDocument(doc)
		if err != nil {
			return nil, fmt.Errorf("name the pack: %w", err)
		}
		all = append(all, text...)
	}
	return all, nil
}

// asked is the row of a line in the response sheet, nil where nothing is left to ask: what the line was accepted or decided to be.
func (d *lineDoc) asked() *reconcile.ResponseRow {
	if slices.ContainsFunc(d.Reasons, func(code ocpi.Code) bool { return slices.Contains(reconcile.SettledReasons, code) }) {
		return nil
	}
	v := &reconcile.LineVerdict{Line: &reconcile.Line{Currency: d.Currency}}
	for _, m := range []struct {
		text string
		into *ocpi.Number
	}{
		{d.Invoiced.BeforeTaxes, &v.Invoiced.BeforeTaxes}, {d.Proven.BeforeTaxes, &v.Proven.BeforeTaxes},
		{d.Unproven.BeforeTaxes, &v.Unproven.BeforeTaxes}, {d.Computed.BeforeTaxes, &v.Computed.BeforeTaxes},
	} {
		*m.into, _ = numberOf(m.text) // what cannot be read is found elsewhere
	}
	cdr := d.CDRID
	if cdr == "" {
		cdr = d.Match.CDR
	}
	return &reconcile.ResponseRow{
		InvoiceID: d.InvoiceID, Line: d.Line, CDRID: cdr, Currency: d.Currency, Claimed: v.Invoiced.BeforeTaxes,
		Owed: reconcile.Known(v.Owed()), Reasons: d.reasonText(),
	}
}

// maxReasonText is how many bytes of reasons a row shows.
const maxReasonText = 1000

// reasonText is the reasons of a line with what was found.
func (d *lineDoc) reasonText() string {
	var out []string
	for _, code := range d.Reasons {
		text := string(code)
		if i := slices.IndexFunc(d.Findings, func(f findingDoc) bool { return f.Code == text }); i >= 0 {
			text += ": " + d.Findings[i].Message
		}
		out = append(out, text)
	}
	all := strings.Join(out, "; ")
	if len(all) > maxReasonText {
		all = strings.ToValidUTF8(all[:maxReasonText], "") + " …"
	}
	return all
}

// add writes a row; nil is none.
func (r *responseWriter) add(row *reconcile.ResponseRow) error {
	if r == nil || row == nil {
		return nil
	}
	r.head.complete(row)
	r.buf = appendResponse(r.buf[:0], row)
	if _, err := r.csv.Write(r.buf); err != nil {
		return err
	}
	return r.sheet.add(row)
}

// complete adds what all rows share.
func (h *responseHead) complete(row *reconcile.ResponseRow) {
	row.Case, row.Round, row.Pack = h.caseName, h.round, h.pack
}

// finish ends the workbook. The files are closed with the others.
func (r *responseWriter) finish(c Contents) error {
	if r == nil {
		return nil
	}
	switch id, err := packID(c); {
	case err != nil:
		return err
	case id != r.head.pack:
		return errors.New("the response sheet names another pack: inputs or case changed while it was written")
	}
	return r.sheet.finish(&r.head, c.Summary.AsOf)
}

func (r *responseWriter) csvFile() *payloadFile {
	if r == nil {
		return nil
	}
	return r.csv
}

func (r *responseWriter) xlsxFile() *payloadFile {
	if r == nil {
		return nil
	}
	return r.file
}

func responseHeading() []byte { return []byte(strings.Join(reconcile.ResponseColumns(), ",") + "\n") }

// appendResponse appends a row of response.csv. The five cells that the debtor fills are empty.
func appendResponse(dst []byte, r *reconcile.ResponseRow) []byte {
	text := func(s string) { dst = append(appendCell(dst, reconcile.GuardFormula(s)), ',') }
	text(r.InvoiceID)
	text(r.Line)
	text(r.CDRID)
	text(r.Currency)
	dst = append(append(dst, numberText(r.Claimed)...), ',')
	dst = append(append(dst, numberText(r.Owed)...), ',')
	text(r.Reasons)
	dst = append(dst, ",,,,,"...)
	text(r.Case)
	dst = append(strconv.AppendInt(dst, int64(r.Round), 10), ',')
	text(r.Pack)
	return append(append(dst, r.Check()...), '\n')
}

// responseSheet is the workbook.
type responseSheet struct {
	out     *xlsx.Writer
	leftOut int // rows beyond what a sheet holds
}

// widths of the columns of the response sheet, in their order.
var responseWidths = [...]int{20, 8, 24, 9, 14, 14, 60, 10, 16, 14, 30, 40, 30, 7, 24, 24}

// responseSheets are the sheets of the workbook: the rows, and how to fill them.
func responseSheets() []xlsx.Sheet {
	rows := xlsx.Sheet{Name: "response"}
	for i, name := range reconcile.ResponseColumns() {
		c := xlsx.Column{Heading: name, Width: responseWidths[i]}
		switch name {
		case "answer":
			c.Fill, c.Choices = true, []string{string(reconcile.Accept), string(reconcile.Dispute)}
		case "dispute_code":
			c.Fill, c.Choices, c.Free = true, reconcile.DisputeCodes(), true
		case "their_value", "their_evidence", "comment":
			c.Fill = true
		}
		rows.Columns = append(rows.Columns, c)
	}
	return []xlsx.Sheet{rows, {Name: "how to fill", Columns: []xlsx.Column{{Width: 18}, {Width: 110}}}}
}

// add writes a row. A sheet has its limit; response.csv has all rows.
func (s *responseSheet) add(r *reconcile.ResponseRow) error {
	blank := xlsx.Cell{}
	err := s.out.Row(
		literal(r.InvoiceID), literal(r.Line), literal(r.CDRID), literal(r.Currency), numberCell(r.Claimed), numberCell(r.Owed), literal(r.Reasons),
		blank, blank, blank, blank, blank, literal(r.Case), xlsx.Count(r.Round), literal(r.Pack), literal(r.Check()),
	)
	if errors.Is(err, xlsx.ErrFull) {
		s.leftOut++
		return nil
	}
	return err
}

// literal is a text in a cell: what looks like a formula is none there. Only what would be taken for guarded when it is read is guarded.
func literal(s string) xlsx.Cell {
	if reconcile.UnguardFormula(s) != s {
		s = reconcile.GuardFormula(s)
	}
	return xlsx.Text(s)
}

func numberCell(n ocpi.Number) xlsx.Cell {
	if !n.Present {
		return xlsx.Cell{}
	}
	return xlsx.Number(n.Value.Shown())
}

// howToFill explains the columns to whoever fills them.
var howToFill = [][2]string{
	{"answer", "accept: you agree that the amount in owed is owed. dispute: you do not. Blank: what was said before stays."},
	{"dispute_code", "What you dispute, from the list or in your own words. It stands in place of what you disputed before."},
	{"their_value", "The amount that you say is owed, net, in the currency of the line."},
	{"their_evidence", "What shows it: the name of a file that you send, the id of a record, a page."},
	{"comment", "Anything else."},
	{"owed", "Net. What we say is owed of claimed_amount: what our records prove, and what else they come to."},
	{"other columns", "Leave them as they are: an acceptance counts only of a row that says what we sent. Rows and columns may be moved; rows may be left out."},
	{"accepted lines", "What is accepted is settled, and is not asked again."},
}

// finish writes the second sheet and ends the workbook.
func (s *responseSheet) finish(h *responseHead, asOf string) error {
	if err := s.out.Next(); err != nil {
		return err
	}
	date, err := time.Parse(time.DateOnly, asOf)
	if err != nil {
		date = time.Time{}
	}
	rows := [][]xlsx.Cell{
		{xlsx.Text("case"), literal(h.caseName)}, {xlsx.Text("as of"), xlsx.Day(date)}, {xlsx.Text("round"), xlsx.Count(h.round)},
		{xlsx.Text("pack"), literal(h.pack)}, {},
	}
	for _, row := range howToFill {
		rows = append(rows, []xlsx.Cell{xlsx.Text(row[0]), xlsx.Text(row[1])})
	}
	if s.leftOut > 0 {
		rows = append(rows, []xlsx.Cell{xlsx.Text("left out"), xlsx.Text(fmt.Sprintf("%d rows, which no sheet holds; response.csv has them.", s.leftOut))})
	}
	for _, row := range rows {
		if err := s.out.Row(row...); err != nil {
			return err
		}
	}
	return s.out.Close()
}
