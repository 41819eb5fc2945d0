package pack

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// invoiceLine checks that the row of the invoice, as received, carries the ids and amounts that the line states. The pack holds no
// heading, so values are looked for in all cells.
func (l *disclosedLine) invoiceLine() {
	if len(l.entry.InvoiceLine) == 0 {
		l.parse.fault("%s: the row of the invoice is not disclosed", l.where)
		return
	}
	d := &l.entry.InvoiceLine[0]
	raw := l.raw[d.SHA256]
	if raw == nil {
		return
	}
	missing, stated := "", "" // stated: of a way to split it in which ids and amounts are there
	for _, cells := range cellsOf(raw) {
		if missing = l.missing(cells, d); missing != "" {
			continue
		}
		if stated = l.entry.Stated.missing(cells); stated == "" {
			return
		}
	}
	missing = first(stated, missing)
	l.parse.fault("%s: the row of the invoice in %s at offset %d does not carry its %s", l.where, d.Shard, d.Offset, missing)
}

// missing names what the line states and the cells do not carry; "" where they carry everything.
func (l *disclosedLine) missing(cells []string, d *recordDoc) string {
	if l.doc.Part != nil {
		return l.missingOfPart(cells, d)
	}
	return l.doc.missing(cells, d)
}

// missingIDs is missing but for the amounts.
func (d *lineDoc) missingIDs(cells []string, row *recordDoc) string {
	switch {
	case d.CDRID != "" && !slices.Contains(cells, d.CDRID):
		return "cdr_id"
	case d.SessionID != "" && !slices.Contains(cells, d.SessionID):
		return "session_id"
	case !slices.Contains(cells, d.InvoiceID) && d.InvoiceID != "" && !namesFile(row.Source.File, d.InvoiceID):
		return "invoice_id"
	case !slices.Contains(cells, d.Line) && d.Line != "" && !numbersRecord(&row.Source, d.Line):
		return "line"
	case !currencyIn(cells, d.Currency):
		return "currency"
	}
	return ""
}

func (d *lineDoc) missing(cells []string, row *recordDoc) string {
	if missing := d.missingIDs(cells, row); missing != "" {
		return missing
	}
	numbers := numbersOf(cells)
	net, err := numberOf(d.Invoiced.BeforeTaxes)
	gross, wrong := numberOf(d.Invoiced.AfterTaxes)
	if err != nil || wrong != nil || !carries(numbers, net, gross) {
		return "amounts"
	}
	if rate, err := numberOf(d.TaxRate); err != nil || rate.Present && !holds(numbers, rate) {
		return "tax_rate"
	}
	return ""
}

// namesFile reports an invoice that is named by its file, as it has no number of its own.
func namesFile(file, invoice string) bool {
	base := path.Base(file)
	stem, _, _ := strings.Cut(base, ".")
	return invoice == file || invoice == base || invoice == stem
}

// numbersRecord reports a line that is numbered by its place, as it has no number of its own.
func numbersRecord(s *sourceDoc, line string) bool {
	return line == strconv.Itoa(s.Record) || line == strconv.Itoa(s.Line)
}

// carries reports that the amounts are in the row: one as it is, the other as it is or as it follows from the tax or the rate.
func carries(numbers []exact.Decimal, net, gross ocpi.Number) bool {
	hasNet, hasGross := holds(numbers, net), holds(numbers, gross)
	switch {
	case hasNet && (hasGross || !gross.Present):
		return true
	case !hasNet && !hasGross:
		return false
	case !net.Present:
		return hasGross
	}
	for _, n := range numbers {
		if n.Equal(gross.Value.Sub(net.Value)) || followsFromRate(net.Value, gross.Value, n) {
			return true
		}
	}
	return false
}

// followsFromRate reports that gross is net and a rate in percent, to the nearest unit of the coarser of the two.
func followsFromRate(net, gross, rate exact.Decimal) bool {
	if rate.Less(exact.FromInt(-99)) || exact.FromInt(1000).Less(rate) {
		return false
	}
	want := net.Mul(exact.FromInt(1).Add(rate.Shift(-2)))
	return !exact.New(2, 2).Less(want.Sub(gross).Abs())
}

// holds reports a number among those of a row; lines.ndjson shows no more than twelve decimals of it.
func holds(numbers []exact.Decimal, n ocpi.Number) bool {
	return n.Present && slices.ContainsFunc(numbers, func(v exact.Decimal) bool { return v.Shown().Equal(n.Value) })
}

func numbersOf(cells []string) (out []exact.Decimal) {
	for _, c := range cells {
		if v, err := exact.Parse([]byte(strings.Replace(c, ",", ".", 1))); err == nil {
			out = append(out, v)
		}
	}
	return out
}

// cellsOf splits the row of an invoice in every way that it may be meant.
func cellsOf(raw []byte) [][]string {
	text := asWritten(string(raw))
	var out [][]string
	switch {
	case strings.HasPrefix(text, "{"), strings.HasPrefix(text, "["):
		out = append(out, jsonCells(raw))
	case strings.HasPrefix(text, "<"):
		out = append(out, trimmed(strings.FieldsFunc(text, func(r rune) bool { return r == '<' || r == '>' || r == '"' })))
	}
	for _, separator := range ",;\t|" {
		if !strings.ContainsRune(text, separator) {
			continue
		}
		r := csv.NewReader(strings.NewReader(text))
		r.Comma, r.LazyQuotes, r.FieldsPerRecord = separator, true, -1
		if cells, err := r.Read(); err == nil {
			out = append(out, trimmed(cells))
		}
	}
	return append(out, []string{strings.TrimSpace(text)})
}

// jsonCells are all values inside a JSON text.
func jsonCells(raw []byte) (out []string) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	for {
		t, err := dec.Token()
		if err != nil {
			return out
		}
		switch v := t.(type) {
		case string:
			out = append(out, strings.TrimSpace(v))
		case json.Number:
			out = append(out, v.String())
		}
	}
}

func trimmed(cells []string) []string {
	for i, c := range cells {
		cells[i] = strings.TrimSpace(c)
	}
	return cells
}
