package pack

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/pdf"
)

// facts are whose claim it is and what it was made from.
func (c *claim) facts(texts documents) []pdf.Row {
	s, parties := &c.summary, &c.terms.Parties
	return []pdf.Row{
		{Cells: []string{"Case", s.Case}, Strong: true},
		{Cells: []string{"Creditor", parties.Creditor.text()}},
		{Cells: []string{"Debtor", parties.Debtor.text()}},
		{Cells: []string{"As of", s.AsOf}},
		{Cells: []string{"Invoice lines", linesText(&s.Outcomes, ": ")}},
		{Cells: []string{"Made by", engineText(&s.Engine)}},
		{Cells: []string{"SHA-256 of case.json", digestText(texts[caseFile])}},
		{Cells: []string{"SHA-256 of engine.json", digestText(texts[engineFile])}},
	}
}

// linesText is how many lines there are, what they are, and how many of each outcome.
func linesText(o *reconcile.Outcomes, what string) string {
	return fmt.Sprintf("%s%s%s proven, %s proven in part, %s conceded, %s unproven", countText(o.Proven+o.Partial+o.Conceded+o.Unproven), what,
		countText(o.Proven), countText(o.Partial), countText(o.Conceded), countText(o.Unproven))
}

// amounts are what is claimed and what of it is proven, all lines together.
func (c *claim) amounts(d *pdf.Document) {
	d.Heading("What is claimed")
	d.Paragraph("Proven is what the creditor's records support. Conceded is what they show not to be owed. Unproven is what they neither prove nor disprove. " +
		"The three add up to what is claimed.")
	t := &pdf.Table{Columns: amountColumns("Lines", "Basis")}
	for i := range c.summary.Totals {
		total := &c.summary.Totals[i]
		for _, p := range splitsOf(total) {
			row := amountRow(p.what, basisNames[total.Basis], total.Currency, p.parts)
			row.Strong = p.all
			t.Rows = append(t.Rows, row)
		}
	}
	d.Table(t)
}

// amountColumns are the columns of amounts in the parts; what and how head the first two.
func amountColumns(what, how string) []pdf.Column {
	out := []pdf.Column{{Heading: what, Width: 32, Names: true}, {Heading: how, Width: 9, Right: how == "Lines"}, {Heading: "Unit", Width: 9}}
	for _, heading := range partHeadings {
		out = append(out, pdf.Column{Heading: heading, Width: 19, Right: true})
	}
	return out
}

func amountRow(what, how, currency string, p reconcile.Parts) pdf.Row {
	row := pdf.Row{Cells: []string{what, how, currency}}
	for _, v := range []exact.Decimal{p.Sum(), p.Proven, p.Conceded, p.Unproven} {
		row.Cells = append(row.Cells, paperAmount(v, currency))
	}
	return row
}

func paperAmount(v exact.Decimal, currency string) string {
	return reconcile.Grouped(v.Shown(), reconcile.MinorUnits(currency))
}

// reasons are the amounts by reason.
func (c *claim) reasons(d *pdf.Document) {
	if len(c.summary.Reasons) == 0 {
		return
	}
	d.Heading("What is conceded or unproven, by reason")
	d.Paragraph("report.html, beside this file, says what each reason means.")
	t := &pdf.Table{Columns: []pdf.Column{
		{Heading: "Reason", Width: 60, Names: true}, {Heading: "Lines", Width: 12, Right: true}, {Heading: "Unit", Width: 12},
		{Heading: "Net", Width: 26, Right: true}, {Heading: "Gross", Width: 26, Right: true},
	}}
	for _, r := range reasonSums(c.summary.Reasons) {
		t.Rows = append(t.Rows, pdf.Row{Cells: []string{string(r.code), strconv.Itoa(r.lines), r.currency, r.amounts[0], r.amounts[1]}})
	}
	d.Table(t)
}

// reasonSum is what a reason moved in a currency: before and after taxes, "" for nothing.
type reasonSum struct {
	code     ocpi.Code
	currency string
	lines    int
	amounts  [2]string
}

// reasonSums are the reasons in the order in which the summary names them first.
func reasonSums(reasons []reconcile.ReasonTotal) []*reasonSum {
	var out []*reasonSum
	at := map[[2]string]*reasonSum{}
	for i := range reasons {
		r := &reasons[i]
		key := [2]string{string(r.Code), r.Currency}
		sum := at[key]
		if sum == nil {
			sum = &reasonSum{code: r.Code, currency: r.Currency}
			at[key], out = sum, append(out, sum)
		}
		side := 0
		if r.Basis == reconcile.AfterTaxes {
			side = 1
		}
		sum.lines, sum.amounts[side] = max(sum.lines, r.Lines), paperAmount(r.Amount, r.Currency)
	}
	return out
}

// engineText names a program and its build.
func engineText(e *reconcile.Engine) string {
	return strings.TrimSpace(e.Name + " " + e.Version + " " + e.Revision)
}
