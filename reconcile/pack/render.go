package pack

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
)

// Entry is the rendering of one verdict, made by Render on any goroutine and written by Writer.Add in output order.
type Entry struct {
	Verdict *reconcile.LineVerdict // Add does not need it: a caller that holds many entries may drop it

	invoiceID, line    string
	conceded, unproven string // reasons of the parts

	json    []byte   // its object in lines.ndjson
	csv     []byte   // its row in lines.csv
	doc     *lineDoc // likewise in lines.parquet; nil where there is none
	records []record
	sheets  []renderedSheet
	asked   *reconcile.ResponseRow // its row of the response sheet, but for what all rows share; nil where it has none
	listed  *listedLine            // its row of lines.xlsx, but for where things stand; nil where it has none
	closed  bool                   // nothing is disclosed
	net     exact.Decimal          // invoiced before taxes, of a closed one
	unit    string                 // its currency
	err     error
}

// Render encodes a verdict. It is a pure function.
func Render(v *reconcile.LineVerdict) *Entry { return new(Renderer).Render(v) }

// Renderer renders verdicts of one goroutine, many into one piece of memory. The zero value is ready for packs with lines in the usual forms.
type Renderer struct {
	noCSV, parquet bool // unlike the usual forms

	entries []Entry       // to come
	text    []byte        // its free end takes the next rendering
	decoder *ocpi.Decoder // of CDRs that nothing prices
}

// NewRenderer renders for packs with lines in the forms.
func NewRenderer(lines []reconcile.LineForm) Renderer {
	return Renderer{noCSV: !slices.Contains(lines, reconcile.LinesCSV), parquet: slices.Contains(lines, reconcile.LinesParquet)}
}

// How much a Renderer asks for at a time.
const (
	entriesAtOnce = 32
	textAtOnce    = 64 << 10
	usualText     = 2 << 10 // of one entry
)

// Closed reports that nothing but the line itself is disclosed.
func (e *Entry) Closed() bool { return e.closed }

// Render encodes a verdict. The entry points into none of the records.
func (r *Renderer) Render(v *reconcile.LineVerdict) *Entry {
	if len(r.entries) == 0 {
		r.entries = make([]Entry, entriesAtOnce)
	}
	e := &r.entries[0]
	r.entries = r.entries[1:]
	*e = Entry{
		Verdict: v, invoiceID: v.Line.InvoiceID, line: v.Line.Line, conceded: string(v.ConcededReason), unproven: string(v.UnprovenReason),
	}
	if cap(r.text) < usualText {
		r.text = make([]byte, 0, textAtOnce)
	}
	doc := newLineDoc(v)
	text := doc.append(r.text)
	e.json = text[:len(text):len(text)]
	r.text = r.addForms(e, &doc, text[len(text):])
	if e.closed = !doc.disclosed(); e.closed {
		e.net, e.unit = v.Invoiced.BeforeTaxes.Value.Shown(), doc.Currency
	} else {
		e.disclose(v)
		e.asked = doc.asked()
		e.listed = r.listed(&doc, v)
	}
	return e
}

// addForms renders the other forms of the line behind text, and returns what is free behind them.
func (r *Renderer) addForms(e *Entry, doc *lineDoc, text []byte) []byte {
	if !r.noCSV {
		text = doc.appendCSV(text)
		e.csv = text[:len(text):len(text)]
	}
	if r.parquet {
		own := *doc
		e.doc = &own
	}
	return text[len(text):]
}

// Line is a line's object of lines.ndjson, with its line break.
func (e *Entry) Line() []byte { return e.json }

// Again makes the entry of a line of which nothing but the line itself is disclosed from what Line gave. Its verdict holds what the line says,
// the reasons as notes: they moved nothing.
func (r *Renderer) Again(text []byte) (*Entry, error) {
	var doc lineDoc
	if !doc.parse(bytes.TrimSuffix(text, lineBreak)) || doc.disclosed() {
		return nil, fmt.Errorf("line %.200q: %w", text, errForm)
	}
	v, err := doc.verdict(nil)
	if err != nil {
		return nil, fmt.Errorf("line %.200q: %w", text, err)
	}
	v.Notes = doc.Reasons
	e := &Entry{
		Verdict: v, invoiceID: doc.InvoiceID, line: doc.Line, json: text,
		closed: true, net: v.Invoiced.BeforeTaxes.Value, unit: doc.Currency,
	}
	r.addForms(e, &doc, nil)
	return e, nil
}

// disclose renders the evidence of a line.
func (e *Entry) disclose(v *reconcile.LineVerdict) {
	e.add(kindInvoiceLine, v.Line.Record)
	for _, c := range v.Claims {
		e.add(kindClaim, c.Record)
	}
	if v.Match.CDR != nil {
		e.add(kindCDR, v.Match.CDR.Record)
	}
	for _, c := range v.CDRs {
		e.add(kindCDR, c.Record)
	}
	if v.Match.Session != nil {
		e.add(kindSession, v.Match.Session.Record)
	}
	for _, s := range v.Sessions {
		e.add(kindSession, s.Record)
	}
	for _, t := range v.Tariffs {
		e.add(kindTariff, t.Record)
	}
	for i := range v.Sheets {
		e.addSheet(v, &v.Sheets[i])
	}
	for i := range v.History {
		switch event := &v.History[i]; event.Source {
		case reconcile.SourceResponse:
			e.add(kindResponse, event.Record)
		case reconcile.SourceDecision:
			e.add(kindDecision, event.Record)
		}
	}
}

func (e *Entry) add(kind recordKind, rec ocpi.Record) string {
	var digest string
	e.records, digest = addRecord(e.records, kind, rec)
	return digest
}

// disclosed tells whether the pack holds the evidence of a line: one that is disputed, is not wholly proven, was billed too low, or
// differs from its records, or that was answered or decided. The other lines stand in lines.ndjson alone, so that no more is told of drivers than the claim needs.
func (d *lineDoc) disclosed() bool {
	if len(d.History) > 0 || d.Set != nil || d.Part != nil && d.Part.MasterLine == "" || d.Disputed || d.Outcome != string(reconcile.Proven) ||
		d.Match.State == "with-break" || d.Match.State == "tolerance" {
		return true
	}
	for _, code := range d.Reasons {
		if slices.Contains(reconcile.FactReasons, code) {
			return true
		}
	}
	for i := range d.Findings {
		if s := d.Findings[i].Severity; s == "error" || s == "block" {
			return true
		}
	}
	return false
}
