package pack

import (
	"encoding/json"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/replay"
	"github.com/nexacollect/reconcile/tariff"
)

// sheetDoc is an object of a shard of sheets: a calculation, and what it takes to make it again.
type sheetDoc struct {
	InvoiceID string          `json:"invoice_id"`
	Line      string          `json:"line"`
	Name      string          `json:"name"`
	CDR       string          `json:"cdr"`   // sha256 of the record priced
	Input     *replay.Input   `json:"input"` // null: the calculation can be replayed and its leaves read again, no more
	Sheet     json.RawMessage `json:"sheet"`
}

// appendHead appends the object up to the number of the set of supplied tariffs, or to where it would stand.
func (d *sheetDoc) appendHead(dst []byte) []byte {
	dst = appendString(append(dst, `{"invoice_id":`...), d.InvoiceID)
	dst = appendString(append(dst, `,"line":`...), d.Line)
	dst = appendString(append(dst, `,"name":`...), d.Name)
	dst = appendMember(dst, `,"cdr":`, d.CDR)
	dst = append(dst, `,"input":`...)
	if d.Input != nil {
		dst = appendInput(dst, d.Input)
	}
	return dst
}

// appendTail appends the rest, without a line break.
func (d *sheetDoc) appendTail(dst []byte) []byte {
	if d.Input != nil {
		dst = append(dst, '}')
	}
	dst = append(append(dst, `,"sheet":`...), d.Sheet...)
	return append(dst, '}')
}

// append appends the object, without a line break.
func (d *sheetDoc) append(dst []byte) []byte {
	dst, set := d.appendHead(dst), 0
	if d.Input != nil {
		set = d.Input.Supplied
	}
	return d.appendTail(appendSet(dst, set))
}

// renderedSheet is a line of a shard of sheets. The writer puts the number of the set of supplied tariffs between head and tail, as
// only it knows which sets the pack holds.
type renderedSheet struct {
	name       string
	head, tail []byte
	supplied   []*ocpi.Tariff
}

// addSheet renders a calculation and discloses the records it was made from.
func (e *Entry) addSheet(v *reconcile.LineVerdict, s *reconcile.NamedSheet) {
	if s.Sheet == nil {
		return
	}
	d := sheetDoc{InvoiceID: e.invoiceID, Line: e.line, Name: s.Name}
	if s.CDR != nil {
		d.CDR = e.add(kindCDR, s.CDR.Record)
	}
	out := renderedSheet{name: s.Name}
	if in := &s.Input; in.CDR != nil {
		d.Input = replay.NewInput(in)
		if q := in.Quantities; q != nil && q.Doc == tariff.DocSession {
			d.Input.Quantities.Session = e.sessionOf(v, q)
		}
		if replay.ConsultsSupplied(in) {
			out.supplied = in.Supplied
		}
	}
	var err error
	if d.Sheet, err = s.Sheet.MarshalJSON(); err != nil {
		e.err = err
		return
	}
	line := d.appendHead(make([]byte, 0, len(d.Sheet)+768))
	cut := len(line)
	line = d.appendTail(line)
	out.head, out.tail = line[:cut:cut], line[cut:]
	e.sheets = append(e.sheets, out)
}

// sessionOf is the digest of the session whose totals stood in: the one where they stand.
func (e *Entry) sessionOf(v *reconcile.LineVerdict, q *tariff.Quantities) string {
	var first *ocpi.Session
	for _, s := range append([]*ocpi.Session{v.Match.Session}, v.Sessions...) {
		switch {
		case s == nil:
			continue
		case holdsEnergy(s.Record.Bytes, q):
			return e.add(kindSession, s.Record)
		case first == nil:
			first = s
		}
	}
	if first == nil {
		return ""
	}
	return e.add(kindSession, first.Record)
}

// holdsEnergy reports a document in which the energy stands where the quantities were read.
func holdsEnergy(raw []byte, q *tariff.Quantities) bool {
	if !q.EnergyKWh.Present || q.Pointers[0] == "" {
		return false
	}
	text, _, ok := ocpi.Lookup(raw, q.Pointers[0])
	if !ok {
		return false
	}
	var n exact.Decimal
	return n.UnmarshalJSON(text) == nil && n.Equal(q.EnergyKWh.Value)
}
