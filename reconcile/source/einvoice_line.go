package source

import (
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// The native columns of an invoice that the rows of an electronic one have.
const (
	cellInvoice = iota
	cellLine
	cellDate
	cellCountry
	cellParty
	cellCDR
	cellSession
	cellEVSE
	cellContract
	cellStart
	cellEnd
	cellKWh
	cellNet
	cellVAT
	cellGross
	cellRate
	cellCurrency
	cellText
	cellStatus
	cellReason
	cellMasterLine
	cellPeriodFrom
	cellPeriodTo
	cellToken
	cellLocation
	cellVehicle
	cellDriver
	cellSessions
	cellMeterID
	cellMeterStart
	cellMeterStop
	cellCount // keep last
)

var einvoiceColumns = []string{
	"invoice_id", "line", "invoice_date", "country_code", "party_id", "cdr_id", "session_id", "evse_id", "contract_id", "start", "end", "kwh",
	"amount_excl_vat", "vat", "amount_incl_vat", "tax_rate", "currency", "description", "status", "reason",
	"master_line", "period_from", "period_to", "token", "location", "vehicle", "driver",
	"sessions", "meter_id", "meter_start", "meter_stop",
}

// einvoiceLine is a line as a row.
type einvoiceLine struct {
	cells [cellCount]string
	raw   []byte
	place ocpi.Place
	// candidates may identify the charging session where nothing says it does: the buyer's and the seller's number of the item, and the
	// line of the order.
	candidates [3]string
}

// candidateNames name the candidates.
var candidateNames = [3]string{"buyer's item identification", "seller's item identification", "order line reference"}

// kilowattHour is the code of the unit (UN/ECE Recommendation 20).
const kilowattHour = "KWH"

// objectType is the code of a reference to the object that is invoiced (UNTDID 1001).
const objectType = "130"

// addLine takes a line of an invoice, but for what the document says of all.
func (t *einvoiceTable) addLine(v *einvoice, n *xmlNode, raw []byte, place ocpi.Place) {
	switch strings.ToUpper(n.at(v.status)) {
	case "GROUP", "INFORMATION":
		v.other++
		return
	}
	v.subs += len(n.all(v.subLines))
	l := &einvoiceLine{raw: raw, place: place}
	l.set(cellLine, n.at(v.lineID))
	l.set(cellNet, decimalOf(n.at(v.net)))
	l.set(cellVAT, decimalOf(n.at(v.lineTax)))
	l.set(cellRate, decimalOf(n.at(v.rate)))
	l.set(cellCurrency, n.attribute(v.net, "currencyID"))
	l.set(cellText, v.textOf(n))
	if n.attribute(v.quantity, "unitCode") == kilowattHour {
		l.set(cellKWh, decimalOf(n.at(v.quantity)))
	}
	t.properties(v, l, n)
	t.references(v, l, n)
	start, end := v.period(n)
	l.set(cellStart, start)
	l.set(cellEnd, end)
	l.candidates = [3]string{n.at(v.buyersItem), n.at(v.sellersItem), n.at(v.orderLine)}
	v.lines = append(v.lines, l)
}

// set fills a cell that is empty; it reports whether the cell says so now.
func (l *einvoiceLine) set(cell int, text string) bool {
	if l.cells[cell] == "" {
		l.cells[cell] = text
	}
	return l.cells[cell] == text
}

// textOf is what the line says to a reader: each text once.
func (v *einvoice) textOf(n *xmlNode) string {
	var texts []string
	for _, path := range v.texts {
		if text := strings.Join(strings.Fields(n.at(path)), " "); text != "" && !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, "; ")
}

// properties fills cells by the properties of the item whose names are those of columns; a start and an end go before those of the
// billing period, which has only days.
func (t *einvoiceTable) properties(v *einvoice, l *einvoiceLine, n *xmlNode) {
	for _, p := range n.all(v.property) {
		name, value := p.at(v.propertyName), ""
		for _, path := range v.propertyValues {
			if value == "" {
				value = p.at(path)
			}
		}
		cell := t.cellOf(name)
		if value == "" || cell >= 0 && cell != cellInvoice && cell != cellDate && l.set(cell, value) {
			continue
		}
		if v.properties[name]++; v.properties[name] == 1 {
			v.names = append(v.names, name)
		}
	}
}

// cellOf is the cell that a name stands for, −1 if none.
func (t *einvoiceTable) cellOf(name string) int {
	cell, ok := t.known[name]
	if !ok {
		cell = slices.Index(einvoiceColumns, t.column(name))
		if len(t.known) < maxCells {
			t.known[name] = cell
		}
	}
	return cell
}

// references fills cells by the object that the line is about: a CDR, where the scheme of its number names no other column.
func (t *einvoiceTable) references(v *einvoice, l *einvoiceLine, n *xmlNode) {
	for _, ref := range n.all(v.reference) {
		if ref.at(v.refType) != objectType {
			continue
		}
		scheme, isAttribute := strings.CutPrefix(v.refScheme, "@")
		if isAttribute {
			scheme = ref.attribute(v.refID, scheme)
		} else {
			scheme = ref.at(scheme)
		}
		cell := t.cellOf(scheme)
		switch cell {
		case cellSession, cellEVSE, cellContract:
		default:
			cell = cellCDR
		}
		if id := ref.at(v.refID); id != "" && !l.set(cell, id) {
			v.names = append(v.names, "object "+id)
		}
	}
}

// identify takes, where no line names a CDR or a session, what may be meant to: the first kind of number that every line has and
// no two share, for a number that lines share is that of an article.
func (v *einvoice) identify() (taken string, lines int) {
	if slices.ContainsFunc(v.lines, func(l *einvoiceLine) bool { return l.cells[cellCDR] != "" || l.cells[cellSession] != "" }) {
		return "", 0
	}
	for kind, name := range candidateNames {
		seen := map[string]bool{}
		for _, l := range v.lines {
			if id := l.candidates[kind]; id != "" && id != l.cells[cellLine] {
				seen[id] = true
			}
		}
		if len(seen) == 0 || len(seen) != len(v.lines) {
			continue
		}
		for _, l := range v.lines {
			l.cells[cellCDR] = l.candidates[kind]
		}
		return name, len(v.lines)
	}
	return "", 0
}

// object is the row as JSON: its cells, and its XML as received.
func (l *einvoiceLine) object() []byte {
	out := []byte{'{'}
	for i, text := range l.cells {
		if text == "" {
			continue
		}
		bare := false
		switch i {
		case cellKWh, cellNet, cellVAT, cellGross, cellRate:
			_, err := exact.Parse([]byte(text))
			bare = err == nil
		}
		out = appendMember(out, quoteJSON(einvoiceColumns[i]), text, bare)
	}
	return append(appendMember(out, quoteJSON("xml"), string(l.raw), false), '}')
}

// decimalOf is an xsd:decimal as JSON writes numbers.
func decimalOf(text string) string {
	text = strings.TrimSuffix(strings.TrimPrefix(text, "+"), ".")
	if strings.HasPrefix(text, ".") {
		return "0" + text
	}
	if strings.HasPrefix(text, "-.") {
		return "-0" + text[1:]
	}
	return text
}
