package pack

import (
	"slices"

	"github.com/nexacollect/reconcile/reconcile"
)

// lineFormFiles are the files that a pack has for each form of its lines.
var lineFormFiles = map[reconcile.LineForm]string{
	reconcile.LinesCSV: linesCSVFile, reconcile.LinesXLSX: linesXLSXFile, reconcile.LinesParquet: linesParquetFile,
}

// openForms begins the other forms of the lines.
func (w *Writer) openForms(forms []reconcile.LineForm) {
	if slices.Contains(forms, reconcile.LinesCSV) {
		w.csv = w.open(linesCSVFile)
		w.write(w.csv, []byte(linesCSVHeader))
	}
	if slices.Contains(forms, reconcile.LinesXLSX) {
		w.keep(w.book.begin(w.open(linesXLSXFile)))
	}
	if slices.Contains(forms, reconcile.LinesParquet) {
		if w.parquet = w.open(linesParquetFile); w.parquet != nil {
			w.table.begin(w.parquet)
		}
	}
}

// addForms writes a line in the forms whose rows all lines have; the workbook takes disclosed lines alone.
func (w *Writer) addForms(e *Entry) {
	if w.csv != nil {
		w.write(w.csv, e.csv)
	}
	if w.parquet != nil {
		row := newLineRow(e.doc, e.json[:len(e.json)-1])
		w.keep(w.table.add(&row))
	}
}

// lineForms sees which forms of the lines case.json names: their files must be there, and no others.
func (p *payloadCheck) lineForms() {
	var err error
	p.forms, err = reconcile.LinesWrittenAs(p.caseText)
	p.parse.faultErr(caseFile, err)
	for form, name := range lineFormFiles {
		switch wanted, there := slices.Contains(p.forms, form), p.pack.has(payloadFolder+name); {
		case wanted && !there:
			p.complete.fault("%s%s is missing", payloadFolder, name)
			p.forms = slices.DeleteFunc(p.forms, func(f reconcile.LineForm) bool { return f == form })
		case there && !wanted:
			p.complete.fault("%s%s: %s names no such form of the lines", payloadFolder, name, caseFile)
		}
	}
	if slices.Contains(p.forms, reconcile.LinesXLSX) {
		p.book = newBookCheck(p)
	}
	if slices.Contains(p.forms, reconcile.LinesParquet) {
		p.table.begin()
	}
}
