package pack

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/xlsx"
)

// responseCheck makes the response sheet again from the lines and holds it against both of its files.
type responseCheck struct {
	p     *payloadCheck
	head  responseHead
	csv   *lineReader // nil once it went apart; told once
	file  packFile
	sheet *responseSheet // likewise
	buf   []byte
}

// newResponseCheck opens the response sheet; nil where the pack has none.
func newResponseCheck(p *payloadCheck, inputs []Input) *responseCheck {
	hasCSV, hasXLSX := p.pack.has(payloadFolder+responseCSVFile), p.pack.has(payloadFolder+responseXLSXFile)
	if !hasCSV && !hasXLSX {
		return nil
	}
	if !hasCSV || !hasXLSX {
		p.parse.fault("of %s and %s one is missing", responseCSVFile, responseXLSXFile)
		return nil
	}
	r := &responseCheck{p: p, head: responseHead{caseName: p.summary.Case, round: 1, pack: p.packID()}}
	for _, in := range inputs {
		if in.Kind == reconcile.SourceResponse {
			r.head.round++
		}
	}
	r.open()
	return r
}

// packID is the name that packID gave the pack.
func (p *payloadCheck) packID() string {
	var all []byte
	for _, name := range []string{caseFile, engineFile, sourcesFile} {
		text, _ := p.pack.document(payloadFolder + name) // one that cannot be read is a fault already
		all = append(all, text...)
	}
	return reconcile.ShortDigest(all)
}

func (r *responseCheck) open() {
	var err error
	if r.csv, err = r.p.pack.lines(responseCSVFile); err != nil {
		r.p.totals.faultErr(responseCSVFile, err)
		return
	}
	r.sameRow(responseHeading(), "its heading")
	if r.file, err = r.p.pack.open(payloadFolder + responseXLSXFile); err != nil {
		r.sameSheet(err, "")
		return
	}
	out, err := xlsx.Compare(r.file, r.p.pack.files[payloadFolder+responseXLSXFile], responseSheets()...)
	if r.sheet = (&responseSheet{out: out}); err != nil {
		r.sameSheet(err, "its beginning")
	}
}

// row holds the row of a line, if it has one, against both files.
func (r *responseCheck) row(d *lineDoc, where string) {
	if r == nil {
		return
	}
	row := d.asked()
	if row == nil {
		return
	}
	r.head.complete(row)
	r.buf = appendResponse(r.buf[:0], row)
	r.sameRow(r.buf, where)
	if r.sheet != nil {
		r.sameSheet(r.sheet.add(row), where)
	}
}

// sameRow reads as many lines as a row has.
func (r *responseCheck) sameRow(row []byte, where string) {
	for rest := row; len(rest) > 0 && r.csv != nil; {
		part, after, _ := bytes.Cut(rest, lineBreak) // a cell may hold a line break
		have, err := r.csv.read()
		if err != nil || !bytes.Equal(part, have) {
			r.p.totals.fault("%s line %d: does not agree with %s", responseCSVFile, r.csv.number, where)
			r.closeCSV()
			return
		}
		rest = after
	}
}

// sameSheet notes once that the workbook is not the one that the lines give. What is buffered may be told some rows late.
func (r *responseCheck) sameSheet(err error, where string) {
	if err != nil {
		r.p.totals.fault("%s: does not agree with %s, at or before %s: %v", responseXLSXFile, linesFile, where, err)
		r.sheet = nil
	}
}

// end checks that nothing more stands in the files.
func (r *responseCheck) end() {
	if r == nil {
		return
	}
	if r.sheet != nil {
		r.sameSheet(r.sheet.finish(&r.head, r.p.summary.AsOf), "its end")
	}
	if r.csv == nil {
		return
	}
	if _, err := r.csv.read(); !errors.Is(err, io.EOF) {
		r.p.totals.fault("%s line %d: more rows than lines are asked", responseCSVFile, r.csv.number)
	}
}

func (r *responseCheck) closeCSV() {
	r.csv.close()
	r.csv = nil
}

func (r *responseCheck) close() {
	if r == nil {
		return
	}
	if r.csv != nil {
		r.closeCSV()
	}
	if r.file != nil {
		r.file.Close()
	}
}

// alike says which files say what lines.ndjson says.
func (p *payloadCheck) alike() string {
	var names []string
	for _, form := range p.forms {
		names = append(names, lineFormFiles[form])
	}
	names = append(names, statementFile, certificationsFile)
	if p.response != nil {
		names = append(names, "the response sheet")
	}
	last := len(names) - 1
	return ", and " + strings.Join(names[:last], ", ") + " and " + names[last] + " say the same"
}
