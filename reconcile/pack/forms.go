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
