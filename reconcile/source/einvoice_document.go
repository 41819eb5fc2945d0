package source

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// creditTypes are the codes of documents whose amounts are credited (UNTDID 1001, as in EN 16931).
var creditTypes = []string{"81", "83", "261", "296", "308", "381", "396", "420", "458", "532"}

// complete adds to the lines what the document says of all, and reports what of it is in no line.
func (t *einvoiceTable) complete(v *einvoice) {
	id, day, currency := v.doc.at(v.id), v.date(v.doc), v.doc.at(v.currency)
	credit := v.syntax == &ublCreditNote || slices.Contains(creditTypes, v.doc.at(v.typeCode))
	other := map[string]int{}
	for _, l := range v.lines {
		l.set(cellInvoice, id)
		l.set(cellDate, day)
		if !l.set(cellCurrency, currency) && currency != "" {
			other[l.cells[cellCurrency]]++
		}
		net, _ := exact.Parse([]byte(l.cells[cellNet])) // one that cannot be read rejects its line later
		v.sum = v.sum.Add(net)
		if credit {
			for _, cell := range []int{cellNet, cellVAT, cellGross} {
				if amount, err := exact.Parse([]byte(l.cells[cell])); err == nil {
					l.cells[cell] = amount.Neg().String()
				}
			}
		}
	}
	t.tellLines(v, other)
	t.tellCredit(v, credit)
	t.tellCharges(v)
	t.tellTotals(v)
}

// tellLines reports what was made of the lines.
func (t *einvoiceTable) tellLines(v *einvoice, currencies map[string]int) {
	if len(v.lines) == 0 {
		v.place.Record = t.records + 1
		t.reject(v.place, CodeEInvoiceLines, "invoice %s has no lines that could be compared; ask for one with lines (of Factur-X and ZUGFeRD: profile BASIC or above, not MINIMUM or BASIC WL)",
			clip(v.doc.at(v.id)))
	}
	if v.other > 0 {
		t.find(v, CodeEInvoiceLines, ocpi.SeverityInfo, "%d lines are headings or notes (GROUP, INFORMATION), whose amounts are not to be added up; they are left out", v.other)
	}
	if v.subs > 0 {
		t.find(v, CodeEInvoiceLines, ocpi.SeverityWarn, "%d lines stand inside of lines, whose amounts include theirs; only the outer ones are read", v.subs)
	}
	if len(currencies) > 0 {
		t.find(v, CodeEInvoiceTotal, ocpi.SeverityWarn, "the amounts of some lines are in another currency than the %s of the invoice; each is read in its own", v.doc.at(v.currency))
	}
	if taken, n := v.identify(); n > 0 {
		t.find(v, CodeEInvoiceID, ocpi.SeverityInfo, "%d lines name no CDR or session; their %s, which no two share, is read as cdr_id", n, taken)
	}
	if len(v.names) > 0 {
		t.find(v, CodeEInvoiceProperty, ocpi.SeverityInfo, "properties %q of items are not used: they name no column, or one that the line gives itself", clipList(v.names))
	}
}

// clipList is the first of some names.
func clipList(names []string) []string {
	const most = 20
	out := make([]string, 0, most)
	for _, n := range names[:min(len(names), most)] {
		out = append(out, clip(n))
	}
	return out
}

// tellCredit reports a credit note.
func (t *einvoiceTable) tellCredit(v *einvoice, credit bool) {
	var preceding []string
	for _, n := range v.doc.all(v.preceding) {
		preceding = append(preceding, strings.TrimSpace(string(n.text)))
	}
	of := ""
	if len(preceding) > 0 {
		of = " of invoice " + strings.Join(clipList(preceding), ", ")
	}
	switch {
	case credit:
		t.find(v, CodeEInvoiceCredit, ocpi.SeverityInfo, "it is a credit note%s; its amounts are read with the sign turned", of)
	case of != "":
		t.find(v, CodeEInvoiceCredit, ocpi.SeverityInfo, "it refers back to invoice%s; its amounts are read as they are", strings.TrimPrefix(of, " of invoice"))
	}
}

// tellCharges reports amounts of the whole document, which are in no line.
func (t *einvoiceTable) tellCharges(v *einvoice) {
	for _, n := range slices.Concat(v.doc.all(v.allowances), v.doc.all(v.charges)) {
		amount := n.at(v.chargeAmount)
		if amount == "" {
			amount = n.at("AppliedAmount") // of a logistics charge
		}
		value, err := exact.Parse([]byte(decimalOf(amount)))
		if err == nil && value.IsZero() {
			continue
		}
		kind := "a charge"
		if n.at(v.indicator) == "false" || n.at(v.indicator) == "0" {
			kind = "an allowance"
		}
		reason := ""
		if text := n.at(v.chargeReason); text != "" {
			reason = fmt.Sprintf(" (%s)", clip(text))
		}
		t.find(v, CodeEInvoiceCharge, ocpi.SeverityWarn, "%s of %s %s%s is on the invoice as a whole and in no line; it is not compared", kind, v.doc.at(v.currency), clip(amount), reason)
	}
}

// tellTotals reports what the document says in sum, and where that is not what its lines come to.
func (t *einvoiceTable) tellTotals(v *einvoice) {
	var parts []string
	for _, total := range []struct{ name, path string }{
		{"lines", v.lineTotal}, {"without tax", v.taxBasis}, {"tax", v.tax}, {"with tax", v.total}, {"paid before", v.prepaid}, {"rounding", v.rounding}, {"due", v.due},
	} {
		text := v.doc.at(total.path)
		if value, err := exact.Parse([]byte(decimalOf(text))); text != "" && (err != nil || !value.IsZero()) {
			parts = append(parts, total.name+" "+clip(text))
		}
	}
	if len(parts) > 0 {
		t.find(v, CodeEInvoiceTotal, ocpi.SeverityInfo, "it states %s %s; lines are compared, totals are not", v.doc.at(v.currency), strings.Join(parts, ", "))
	}
	stated, err := exact.Parse([]byte(decimalOf(v.doc.at(v.lineTotal))))
	if err == nil && len(v.lines) > 0 && !stated.Equal(v.sum) {
		t.find(v, CodeEInvoiceTotal, ocpi.SeverityWarn, "its lines come to %s, and it states %s for them", v.sum, stated)
	}
}
