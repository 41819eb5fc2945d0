package reconcile

import (
	"fmt"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile/rounding"
)

// InvoiceFindings says of each stated total that is not exactly what the lines add up to why, at its place in the case file.
func (c *Case) InvoiceFindings(totals []InvoiceTotals) []ocpi.Finding {
	var out []ocpi.Finding
	for n := range totals {
		i := &totals[n]
		f := invoiceFinder{i: i, place: ocpi.Place{File: c.file, Line: c.lineOf(i.InvoiceID)}}
		for t := range i.Totals {
			f.total(&i.Totals[t])
		}
		f.arithmetic()
		out = append(out, f.out...)
	}
	for i := range out {
		if s, ok := c.Policy[out[i].Code]; ok {
			out[i].Severity = s
		}
	}
	return out
}

// lineOf is the line of the case file where an invoice stands.
func (c *Case) lineOf(invoice string) int {
	for _, i := range c.Invoices {
		if i.InvoiceID == invoice {
			return i.Line
		}
	}
	return 0
}

// invoiceFinder gathers what is found of one invoice.
type invoiceFinder struct {
	i     *InvoiceTotals
	place ocpi.Place
	out   []ocpi.Finding
}

// pointerEscapes are those of RFC 6901.
var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

func (f *invoiceFinder) find(member string, code ocpi.Code, severity ocpi.Severity, format string, args ...any) {
	pointer := "/invoices/" + pointerEscapes.Replace(f.i.InvoiceID) + "/totals"
	if member != "" {
		pointer += "/" + member
	}
	f.out = append(f.out, newFinding(f.place, pointer, code, severity, format, args...))
}

func (f *invoiceFinder) total(t *InvoiceTotal) {
	switch t.Verdict {
	case rounding.Explained:
		w := t.Ways[0]
		f.find(t.Member, codeInvoiceRounding, ocpi.SeverityInfo, "the %s of invoice %s is %s, its lines come to %s: %s, %s", t.Member, f.i.InvoiceID,
			t.Stated, t.Lines, wayTexts[w.Way], w.Mode)
	case rounding.Mismatched:
		f.find(t.Member, codeInvoiceMismatch, ocpi.SeverityError, "%s", f.i.mismatch(t))
	case rounding.NotCompared:
		f.find(t.Member, codeInvoiceNotCompared, ocpi.SeverityWarn, "the %s of invoice %s cannot be compared: %s", t.Member, f.i.InvoiceID, f.i.missing())
	}
}

// wayTexts say what each way rounds.
var wayTexts = map[rounding.Way]string{
	rounding.WayLines: "each line is rounded", rounding.WayCategories: "the tax of each rate is rounded, of rounded lines",
	rounding.WayParts: "it is the stated net and tax", rounding.WayLinesExact: "the tax of each line is rounded",
	rounding.WayCategoriesExact: "the tax of each rate is rounded, of exact lines", rounding.WayTotal: "their sum is rounded once",
}

// mismatch says of a total that no rounding explains by how much it is off.
func (i *InvoiceTotals) mismatch(t *InvoiceTotal) string {
	made, off, verb := t.Lines, t.Difference, "come to"
	if t.Expected != nil {
		made, off, verb = t.Expected, t.Off, "make"
	}
	minor := MinorUnits(i.Currency)
	return fmt.Sprintf("the %s of invoice %s is %s, its lines %s %s: no rounding explains %s %s", t.Member, i.InvoiceID, t.Stated.Fixed(minor), verb,
		made.Fixed(minor), off.Fixed(minor), i.Currency)
}

// missing says why a total is not compared.
func (i *InvoiceTotals) missing() string {
	switch {
	case i.Lines > 0:
		return "an amount of some line is not known"
	case i.Other > 0:
		return fmt.Sprintf("its %d lines are not in %s", i.Other, i.Currency)
	}
	return "it has no lines"
}

// arithmetic reports stated totals that do not fit each other (EN 16931, BR-CO-15), and lines beside them in another currency.
func (f *invoiceFinder) arithmetic() {
	stated := map[string]*InvoiceTotal{}
	for t := range f.i.Totals {
		stated[f.i.Totals[t].Member] = &f.i.Totals[t]
	}
	if net, tax, gross := stated["net"], stated["tax"], stated["gross"]; net != nil && tax != nil && gross != nil &&
		!net.Stated.Add(tax.Stated).Equal(gross.Stated) {
		f.find("", codeInvoiceArithmetic, ocpi.SeverityWarn, "net %s + tax %s is not gross %s", net.Stated, tax.Stated, gross.Stated)
	}
	if f.i.Other > 0 && f.i.Lines > 0 {
		f.find("currency", codeInvoiceNotCompared, ocpi.SeverityWarn, "%d lines of invoice %s are not in %s and count in none of its totals", f.i.Other,
			f.i.InvoiceID, f.i.Currency)
	}
}

// Mismatches says of each total that no rounding explains by how much it is off.
func Mismatches(invoices []InvoiceTotals) []string {
	var out []string
	for n := range invoices {
		for t := range invoices[n].Totals {
			if total := &invoices[n].Totals[t]; total.Verdict == rounding.Mismatched {
				out = append(out, invoices[n].mismatch(total))
			}
		}
	}
	return out
}
