package source

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// maxDocument is the largest electronic invoice, in bytes of XML; it is held in memory. maxInvoiceLines is the limit of its lines.
const (
	maxDocument     = 256 << 20
	maxInvoiceLines = 1 << 20
)

// einvoiceTable reads electronic invoices of EN 16931: UBL 2.1 and CII. A line is a row of the native columns of an invoice; its object
// holds these, and its XML as received. The place of a row is that of its line in the XML.
type einvoiceTable struct {
	*tabular
	rowObjects
	column   func(string) string
	known    map[string]int // what it said
	invoices []*einvoice
	header   []string // nil of what is no invoice
}

// einvoice is one invoice of a document.
type einvoice struct {
	*syntax
	doc   *xmlNode // all but its lines
	place ocpi.Place
	lines []*einvoiceLine
	other int // lines that are only headings or notes
	subs  int // lines inside of lines
	nodes int // elements that are kept

	properties map[string]int // of the lines that are not used, by name
	names      []string       // of these, in order
	sum        exact.Decimal  // of the lines
}

// openEInvoice reads an XML document, or a PDF that holds one, whole. Damage is a finding; an error is the environment's.
func (s *Set) openEInvoice(tab *tabular, f *file) (stepper, error) {
	t := &einvoiceTable{tabular: tab, column: s.opts.Column, known: map[string]int{}}
	t.in.spool, t.native = nil, true
	var err error
	if t.rowObjects, err = s.openObjects(f); err != nil {
		return nil, err
	}
	head := bytes.Clone(tab.w.bytes())
	raw, err := io.ReadAll(io.LimitReader(io.MultiReader(bytes.NewReader(head), tab.in), maxDocument+1))
	switch {
	case err != nil:
		return nil, t.in.environment(err)
	case t.in.flaw != nil: // finish tells
	case len(raw) > maxDocument:
		t.damage(newFlaw(CodeRecordSize, "electronic invoice is above the limit of %d bytes", maxDocument))
	case t.column == nil:
		t.damage(newFlaw(CodeFormat, "found an XML or PDF document where a dispute list is read; want CSV, XLSX or Parquet"))
	default:
		t.damage(t.read(raw))
	}
	return t, nil
}

// read reads a document, or the one inside a PDF.
func (t *einvoiceTable) read(raw []byte) (err error) {
	if bytes.HasPrefix(raw, []byte(pdfMagic)) {
		if raw, err = t.extractInvoice(raw); err != nil {
			return err
		}
	}
	return t.parse(raw)
}

// damage rejects the file.
func (t *einvoiceTable) damage(err error) {
	if err == nil {
		return
	}
	t.told, t.invoices = true, nil
	code := CodeSyntax
	if f := (*flaw)(nil); errors.As(err, &f) {
		code = f.code
	}
	t.reject(ocpi.Place{File: t.in.name, Record: t.records + 1, Line: 1}, code, "%v; the file is not read", err)
}

// names implements stepper.
func (t *einvoiceTable) names() []string { return t.header }

// close implements stepper.
func (t *einvoiceTable) close() error { return nil }

// step implements stepper.
func (t *einvoiceTable) step() bool {
	if err := t.in.meter.ctx.Err(); err != nil {
		t.w.err = err
	}
	if t.w.err != nil {
		return false
	}
	if len(t.invoices) == 0 {
		t.finish()
		return false
	}
	v := t.invoices[0]
	if len(v.lines) == 0 {
		t.invoices = t.invoices[1:]
		return true
	}
	line := v.lines[0]
	v.lines = v.lines[1:]
	line.place.Record = t.records + 1
	t.w.err = t.keepObject(&t.rowObjects, line.place, line.cells[:], line.object())
	return true
}

// reading is a document on its way into invoices.
type reading struct {
	x     *xmlTokens
	raw   []byte
	file  string
	stack []*xmlNode // of the invoice at hand, its root first
	now   *einvoice
	from  int64    // where the line at hand begins
	line  *xmlNode // nil outside of lines
	nodes int      // of the line
	found []*einvoice
	seen  int64 // bytes whose newlines were counted
	lines int
	root  xml.Name
	count int // lines found
}

// parse finds the invoices of a document and their lines.
func (t *einvoiceTable) parse(raw []byte) error {
	limits := t.limits
	limits.RecordBytes = maxDocument
	r := &reading{x: newXMLTokens(bytes.NewReader(raw), limits), raw: raw, file: t.in.name, lines: 1}
	for {
		before := r.x.dec.InputOffset()
		tok, err := r.x.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if err := t.token(r, tok, before); err != nil {
			return err
		}
	}
	if len(r.found) == 0 {
		return newFlaw(CodeFormat, "found XML that begins with %s of namespace %q; want a UBL 2.1 Invoice or CreditNote, or a CII CrossIndustryInvoice (ZUGFeRD 2, "+
			"Factur-X, XRechnung)", clip(r.root.Local), clip(r.root.Space))
	}
	for _, v := range r.found {
		t.complete(v)
	}
	t.invoices, t.header = r.found, einvoiceColumns
	return nil
}

// token takes the next token, which begins at the offset before.
func (t *einvoiceTable) token(r *reading, tok xml.Token, before int64) error {
	switch e := tok.(type) {
	case xml.StartElement:
		if r.root.Local == "" {
			r.root = e.Name
		}
		if r.now == nil {
			r.begin(e, before)
			return nil
		}
		return r.push(e, before)
	case xml.EndElement:
		if r.now != nil {
			return t.pop(r)
		}
	case xml.CharData:
		if n := len(r.stack); n > 0 {
			r.stack[n-1].add(e)
		}
	}
	return nil
}

// begin starts an invoice where the element is the root of one.
func (r *reading) begin(e xml.StartElement, before int64) {
	for _, s := range syntaxes {
		if e.Name.Space == s.rootNamespace && e.Name.Local == s.rootName {
			r.now = &einvoice{syntax: s, doc: &xmlNode{}, place: r.place(before), properties: map[string]int{}}
			r.stack = []*xmlNode{r.now.doc}
		}
	}
}

// push goes into an element of the invoice.
func (r *reading) push(e xml.StartElement, before int64) error {
	n := &xmlNode{name: "?", attrs: slices.Clone(e.Attr)}
	if strings.HasPrefix(e.Name.Space, r.now.ownNamespacesWith) {
		n.name = e.Name.Local
	}
	r.stack = append(r.stack, n)
	switch {
	case r.line == nil && r.isLine():
		if r.count++; r.count > maxInvoiceLines {
			return newFlaw(CodeRecordSize, "invoices have more than the limit of %d lines", maxInvoiceLines)
		}
		r.line, r.from, r.nodes = n, before, 0
		return nil
	case r.line != nil:
		r.nodes++
	default:
		r.now.nodes++
	}
	if r.nodes > maxLineNodes || r.now.nodes > maxNodes {
		return newFlaw(CodeRecordSize, "XML has more than the limit of %d elements in a line, or of %d outside of lines", maxLineNodes, maxNodes)
	}
	parent := r.stack[len(r.stack)-2]
	parent.kids = append(parent.kids, n)
	return nil
}

// isLine reports that the path to the current element is that of lines.
func (r *reading) isLine() bool {
	rest := r.now.line
	for _, n := range r.stack[1:] {
		name, after, _ := strings.Cut(rest, "/")
		if n.name != name {
			return false
		}
		rest = after
	}
	return rest == ""
}

// pop leaves an element of the invoice.
func (t *einvoiceTable) pop(r *reading) error {
	n := r.stack[len(r.stack)-1]
	r.stack = r.stack[:len(r.stack)-1]
	switch {
	case len(r.stack) == 0:
		r.found, r.now = append(r.found, r.now), nil
	case n == r.line:
		r.line = nil
		raw := r.raw[r.from:r.x.dec.InputOffset()]
		t.addLine(r.now, n, raw, r.place(r.from))
	}
	return nil
}

// place is where the bytes from an offset on stand; offsets ascend.
func (r *reading) place(offset int64) ocpi.Place {
	r.lines += bytes.Count(r.raw[r.seen:offset], newline)
	r.seen = offset
	return ocpi.Place{File: r.file, Line: r.lines, Offset: offset}
}

// find reports something about an invoice.
func (t *einvoiceTable) find(v *einvoice, code ocpi.Code, severity ocpi.Severity, format string, args ...any) {
	t.out.Findings = append(t.out.Findings, ocpi.Finding{
		Code: code, Severity: severity, Place: v.place, Message: "invoice " + clip(v.doc.at(v.id)) + ": " + fmt.Sprintf(format, args...),
	})
}
