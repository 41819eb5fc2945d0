package pack

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/pdf"
)

// statement.pdf is the statement of account, for people who want it on paper: the claim, and the first of the lines whose evidence is disclosed.
// It is made once all lines are there.

const (
	maxAccountLines    = 2000 // that statement.pdf lists
	maxAccountInvoices = 500  // that it tells apart
	maxAccountReasons  = 3    // of a line
)

// account gathers what statement.pdf tells while lines come.
type account struct {
	sums   invoiceSums // of all lines
	rows   []pdf.Row   // of the lines that it lists
	listed int         // lines whose evidence is disclosed
	span   timeSpan    // when their sessions began
}

func newAccount() account { return account{sums: invoiceSums{most: maxAccountInvoices}} }

// proven adds a line whose evidence is not disclosed: such a line is wholly proven. net is before taxes. What an invoice claims is the sum of
// its parts, so that one addition does.
func (a *account) proven(invoice, currency string, net exact.Decimal) {
	sum := a.sums.of(invoice, currency)
	sum.lines++
	sum.parts.Proven = sum.parts.Proven.Add(net)
}

// add adds a line whose evidence is disclosed.
func (a *account) add(l *listedLine) {
	a.sums.add(&l.doc)
	a.span.add(l.facts.start)
	if a.listed++; a.listed > maxAccountLines {
		return
	}
	d, row := &l.doc, pdf.Row{}
	for i := range accountColumns {
		row.Cells = append(row.Cells, accountColumns[i].text(l, d))
	}
	a.rows = append(a.rows, row)
}

// accountColumn is a column of the lines in statement.pdf.
type accountColumn struct {
	pdf.Column
	text func(l *listedLine, d *lineDoc) string
}

var accountColumns = [...]accountColumn{
	{pdf.Column{Heading: "Invoice / line", Width: 88, Names: true}, func(_ *listedLine, d *lineDoc) string { return d.InvoiceID + " / " + d.Line }},
	{pdf.Column{Heading: "CDR", Width: 152}, func(_ *listedLine, d *lineDoc) string { return first(d.CDRID, d.Match.CDR) }},
	{pdf.Column{Heading: "Start (UTC)", Width: 76}, func(l *listedLine, _ *lineDoc) string { return secondText(l.facts.start) }},
	{pdf.Column{Heading: "kWh", Width: 44, Right: true}, func(l *listedLine, _ *lineDoc) string { return l.facts.kWh() }},
	{pdf.Column{Heading: "Unit", Width: 25}, func(_ *listedLine, d *lineDoc) string { return d.Currency }},
	{pdf.Column{Heading: "Claimed", Width: 48, Right: true}, func(_ *listedLine, d *lineDoc) string { return d.netText(d.Invoiced) }},
	{pdf.Column{Heading: "Proven", Width: 48, Right: true}, func(_ *listedLine, d *lineDoc) string { return d.netText(d.Proven) }},
	{pdf.Column{Heading: "Conceded", Width: 48, Right: true}, func(_ *listedLine, d *lineDoc) string { return d.netText(d.Conceded) }},
	{pdf.Column{Heading: "Unproven", Width: 48, Right: true}, func(_ *listedLine, d *lineDoc) string { return d.netText(d.Unproven) }},
	{pdf.Column{Heading: "Disputed", Width: 41}, func(_ *listedLine, d *lineDoc) string { return yesOrNo(d.Disputed) }},
	{pdf.Column{Heading: "Outcome", Width: 42}, func(_ *listedLine, d *lineDoc) string { return d.Outcome }},
	{pdf.Column{Heading: "Reasons", Width: 113}, func(_ *listedLine, d *lineDoc) string { return d.firstReasons() }},
}

// netText is what a line has before taxes, "" where it says nothing or what cannot be read.
func (d *lineDoc) netText(m moneyText) string {
	n, err := numberOf(m.BeforeTaxes)
	if err != nil || !n.Present {
		return ""
	}
	return reconcile.Grouped(n.Value, reconcile.MinorUnits(d.Currency))
}

func (d *lineDoc) firstReasons() string {
	codes := strings.Fields(d.codes())
	if more := len(codes) - maxAccountReasons; more > 0 {
		codes = append(codes[:maxAccountReasons], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(codes, ", ")
}

// kWh is the energy that the CDR states, or the invoice where there is no CDR.
func (f *facts) kWh() string {
	n := f.total
	if !n.Present {
		n = f.stated
	}
	if !n.Present {
		return ""
	}
	return reconcile.Grouped(n.Value.Shown(), 0)
}

func secondText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateTime)
}

// document makes statement.pdf of what was added and of the documents of the pack.
func (a *account) document(texts documents) *pdf.Document {
	var c claim
	_ = json.Unmarshal(texts[summaryFile], &c.summary)
	_ = json.Unmarshal(texts[caseFile], &c.terms) // as for the workbook, what cannot be read tells nothing
	s := &c.summary
	asOf, _ := time.Parse(time.DateOnly, s.AsOf)
	d := pdf.New(pdf.Info{
		Title: "Statement of account: " + s.Case, Footer: "Statement of account · " + s.Case + " · as of " + s.AsOf,
		Producer: s.Engine.Name + " " + s.Engine.Version, Language: "en-GB", Made: asOf,
	})
	d.Title("Statement of account")
	d.Table(&pdf.Table{Columns: []pdf.Column{{Width: 26, Names: true}, {Width: 100}}, Rows: c.facts(texts)})
	d.Paragraph("It follows from the records in the folder that holds it: reconcile verify makes it again from them and compares. It is no invoice, and signed " +
		"only as far as that folder is.")
	c.amounts(d)
	a.invoices(d)
	c.reasons(d)
	d.Heading("What this statement does not prove")
	d.List(s.NotProved)
	a.lines(d)
	return d
}

// lines lists the lines.
func (a *account) lines(d *pdf.Document) {
	if a.listed == 0 {
		d.Heading("Disputed and differing lines")
		d.Paragraph("No line is disputed or differs from its records.")
		return
	}
	d.NewPage(pdf.Landscape)
	d.Heading("Disputed and differing lines")
	d.Paragraph(a.which() + " Amounts are net. Start and kWh are those of the CDR, or of the invoice where no CDR fits. lines.ndjson has all lines; index.ndjson " +
		"says where the records and the calculation of each line listed here stand in the pack.")
	t := &pdf.Table{Rows: a.rows, Small: true}
	for i := range accountColumns {
		t.Columns = append(t.Columns, accountColumns[i].Column)
	}
	d.Table(t)
}

// which says which lines are listed, and where the rest is.
func (a *account) which() string {
	if a.listed > len(a.rows) {
		return fmt.Sprintf("These are the first %s of %s lines that are disputed or differ from their records, in the order of lines.ndjson. All of them "+
			"stand in lines.ndjson, beside this file.", countText(len(a.rows)), countText(a.listed))
	}
	return "These are all " + countText(a.listed) + " lines that are disputed or differ from their records, in the order of lines.ndjson."
}

func countText(n int) string { return reconcile.Grouped(exact.FromInt(int64(n)), 0) }

// invoices is what of each invoice is proven.
func (a *account) invoices(d *pdf.Document) {
	d.Heading("Invoices, net")
	t := &pdf.Table{Columns: amountColumns("Invoice", "Lines")}
	for _, sum := range a.sums.list {
		t.Rows = append(t.Rows, amountRow(sum.name(), strconv.Itoa(sum.lines), sum.key.currency, sum.parts))
	}
	d.Table(t)
}
