package pack

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
)

// partDoc is a line's part in a master line: of a member the number of its master, of the master what its row states and how many members
// carry it.
type partDoc struct {
	MasterLine string    `json:"master_line"` // null of the master itself
	By         string    `json:"by"`          // how the members are known; null where no invoice has the master
	Members    int       `json:"members"`     // of the master
	Stated     moneyText `json:"stated"`      // likewise
}

// newPartDoc is nil of a line that is neither.
func newPartDoc(l *reconcile.Line) *partDoc {
	switch {
	case l.MasterLine == "" && l.Master == nil:
		return nil
	case l.Master == nil: // of a master line that no invoice has
		return &partDoc{MasterLine: l.MasterLine}
	case l.IsMember():
		return &partDoc{MasterLine: l.MasterLine, By: l.Master.By}
	}
	return &partDoc{By: l.Master.By, Members: l.Master.Members, Stated: newMoneyText(l.Master.Stated)}
}

func (d *partDoc) append(dst []byte) []byte {
	if d == nil {
		return dst
	}
	dst = appendMember(dst, `,"part":{"master_line":`, d.MasterLine)
	dst = appendMember(dst, `,"by":`, d.By)
	dst = strconv.AppendInt(append(dst, `,"members":`...), int64(d.Members), 10)
	return append(appendMoney(dst, `,"stated":`, d.Stated), '}')
}

// parse reads what append wrote; nil where there is none.
func (r *reading) part() *partDoc {
	d := &partDoc{}
	if !r.has(`,"part":{"master_line":`) {
		return nil
	}
	r.text("", &d.MasterLine)
	r.text(`,"by":`, &d.By)
	d.Members = int(r.number(`,"members":`))
	r.money(`,"stated":{`, &d.Stated)
	r.literal("}")
	return d
}

// give puts the part into a line, as far as adding up needs it.
func (d *partDoc) give(l *reconcile.Line) (err error) {
	if d == nil {
		return nil
	}
	if l.MasterLine = d.MasterLine; d.By == "" {
		return nil
	}
	l.Master = &reconcile.MasterLine{InvoiceID: l.InvoiceID, Line: d.MasterLine, Currency: l.Currency, By: d.By, Members: d.Members}
	if l.IsMaster() {
		l.Master.Line = l.Line
	}
	l.Master.Stated, err = moneyOf(d.Stated)
	return err
}

// missingOfPart names what a master line or a member states and its row does not carry; "" where it carries everything. A member that no row
// claims stands on its CDR: which invoice and line it belongs to is told by what lists it.
func (l *disclosedLine) missingOfPart(cells []string, d *recordDoc) string {
	doc, numbers := *l.doc, numbersOf(cells)
	part := doc.Part
	if part.MasterLine == "" {
		doc.Part, doc.Invoiced = nil, part.Stated
		return doc.missing(cells, d)
	}
	doc.Line = reconcile.OwnNumber(doc.Line, part.MasterLine)
	if part.By != "" && part.By != reconcile.MembersByAnnex {
		doc.InvoiceID = ""
	}
	doc.Part = nil
	if l.carriesNothing() {
		doc.Currency, doc.Invoiced, doc.TaxRate = "", moneyText{}, ""
		return doc.missingIDs(cells, d)
	}
	if net, err := numberOf(doc.Invoiced.BeforeTaxes); err != nil || !holds(numbers, net) && !followsTax(numbers, l.doc.Invoiced, net.Value) {
		return "amounts"
	}
	return doc.missingIDs(cells, d)
}

// carriesNothing reports a member whose CDR is not known or in another currency.
func (l *disclosedLine) carriesNothing() bool {
	net, err := numberOf(l.doc.Invoiced.BeforeTaxes)
	return err == nil && net.Value.IsZero()
}

// followsTax reports a net that follows from the gross of a row, which carries the tax or its rate.
func followsTax(numbers []exact.Decimal, money moneyText, net exact.Decimal) bool {
	gross, err := numberOf(money.AfterTaxes)
	return err == nil && holds(numbers, gross) && slices.ContainsFunc(numbers, func(n exact.Decimal) bool {
		return n.Equal(gross.Value.Sub(net)) || followsFromRate(net, gross.Value, n)
	})
}

// currencyIn reports a currency among the cells; "" is in any.
func currencyIn(cells []string, currency string) bool {
	return currency == "" || slices.ContainsFunc(cells, func(c string) bool { return strings.EqualFold(c, currency) })
}

// giveNotes puts what the line says about itself into the verdict, as far as naming members needs it.
func (d *lineDoc) giveNotes(v *reconcile.LineVerdict) {
	v.Notes, v.Match.CDRID = d.Reasons, d.Match.CDR
	for i := range d.Findings {
		v.Findings = append(v.Findings, ocpi.Finding{Code: ocpi.Code(d.Findings[i].Code), Message: d.Findings[i].Message})
	}
}

// renderMasters is master_lines.ndjson: an object for each master line.
func renderMasters(results []reconcile.MasterResult) []byte {
	var out []byte
	for i := range results {
		out = append(append(out, jsonBytes(&results[i])...), '\n')
	}
	return out
}

// masterLines holds what master_lines.ndjson and the summary say of the master lines against what their lines say.
func (p *payloadCheck) masterLines() {
	results := p.masters.Results()
	want := renderMasters(results)
	if !p.pack.has(payloadFolder + mastersFile) {
		if len(results) > 0 {
			p.conserve.fault("%s is missing: %s has master lines", mastersFile, linesFile)
		}
	} else if have, err := p.pack.document(payloadFolder + mastersFile); err != nil || !bytes.Equal(have, want) {
		p.conserve.fault("%s: does not say of the master lines what %s and %s say", mastersFile, linesFile, notInvoicedFile)
	}
	for i := range results {
		if r := &results[i]; !r.Parts.Sum().Equal(r.Stated) {
			p.conserve.fault("%s: invoice %q line %q: its members and what they do not carry sum to %s, but it states %s", mastersFile,
				r.InvoiceID, r.Line, r.Parts.Sum().Output(), r.Stated.Output())
		}
	}
	compareLists(p, "master_lines", p.summary.Masters, reconcile.MasterSummaries(results), func(a, b reconcile.MasterSummary) bool { return sameJSON(a, b) })
}
