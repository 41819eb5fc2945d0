package reconcile

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/nexacollect/reconcile/ocpi"
)

// RecordReader makes OCPI objects, in the shape of 2.2.1, of the rows of a table of CDRs or sessions: one row a record, or one row a
// charging period with what is the record's repeated, the rows of a record one after the other. Each object ends with source_rows, the
// rows as they stand in the file, so that whoever sees the object sees what it was made of.
//
// A record is not made where a cell cannot be read, a time has no zone, or its rows differ: what is left would be priced as if it were
// all. It implements source.Builder.
type RecordReader struct {
	kind    ocpi.Kind
	columns map[ocpi.Kind]Columns
	zone    *time.Location
	refused string // why no table is read

	m      *recordMap
	header []string
	told   map[toldOf]bool
	gap    bool // a row before this one was lost
	open   *openRecord
}

// toldOf is a finding that is told once of each column.
type toldOf struct {
	code   ocpi.Code
	column int
}

// openRecord is a record whose rows are being read.
type openRecord struct {
	place    ocpi.Place
	key      string
	cells    []string // of its first row
	members  objectText
	periods  [][]byte
	rows     []byte // source_rows
	findings []ocpi.Finding
	amounts  periodAmounts
}

// Emit takes a record: where its first row stands and what it was found to lack. object is nil of a record that could not be made; one of
// the findings, a block, then says why.
type Emit = func(place ocpi.Place, object []byte, findings []ocpi.Finding)

// NewRecordReader reads tables of a kind, by the columns that the case maps for each kind; KindUnknown tells each table by its heading.
// Times without a zone are those of zone; where it is nil they are refused.
func NewRecordReader(kind ocpi.Kind, columns map[ocpi.Kind]Columns, zone *time.Location) *RecordReader {
	return &RecordReader{kind: kind, columns: columns, zone: zone, told: map[toldOf]bool{}}
}

// Refuse makes the reader refuse every table, for a reason.
func (r *RecordReader) Refuse(why string) { r.refused = why }

// Fits reports the heading of a table of the kind.
func (r *RecordReader) Fits(names []string) bool {
	_, err := mapRecords(r.kind, names, r.columns)
	return err == nil || !errors.Is(err, errNotThisKind)
}

// Heading is told of the columns before the first row. A blocking finding says that the table cannot be read; an error is the case file's.
func (r *RecordReader) Heading(names []string) ([]ocpi.Finding, error) {
	m, err := mapRecords(r.kind, names, r.columns)
	if err == nil && r.refused != "" {
		err = errors.New(r.refused)
	}
	if err == nil && len(r.columns[m.kind]) == 0 {
		err = m.invoice()
	}
	if errors.As(err, new(columnsError)) {
		return nil, err
	}
	if err != nil {
		return []ocpi.Finding{{Code: codeTableKind, Severity: ocpi.SeverityBlock, Message: err.Error() + "; the table is not read"}}, nil
	}
	r.m, r.header = m, slices.Clone(names)
	var out []ocpi.Finding
	for _, heading := range m.unused {
		out = append(out, ocpi.Finding{Code: codeColumnUnknown, Severity: ocpi.SeverityInfo, Message: fmt.Sprintf(
			"column %q is not used: it is no native name, no synonym, and no entry of columns maps it", heading)})
	}
	if m.kind == ocpi.KindCDR && !m.periods && !m.has("charging_periods") {
		out = append(out, ocpi.Finding{Code: codeRowOnePeriod, Severity: ocpi.SeverityInfo,
			Message: "the table has no columns of charging periods: each CDR gets one period, from its start, with the energy and the time of its row"})
	}
	return out, nil
}

// Row takes a row.
func (r *RecordReader) Row(rec ocpi.Record, cells []string, emit Emit) {
	key := r.key(cells)
	if r.open != nil && r.open.key == key && r.m.periods && !r.restarts(cells) {
		r.again(rec, cells)
	} else {
		r.Flush(emit)
		r.begin(rec, cells, key)
	}
	r.open.addRow(rec)
	if !r.m.periods {
		r.Flush(emit)
	}
}

// Lost tells of a row that could not be cut into cells: where rows are periods, the records beside it may lack one.
func (r *RecordReader) Lost() {
	if r.m == nil || !r.m.periods {
		return
	}
	r.gap = true
	if r.open != nil {
		r.open.lost()
	}
}

func (o *openRecord) lost() {
	o.fail(o.place, codeRowUnreadable, "a row beside the record's could not be read and may be one of its charging periods; the record is not used")
}

// Flush hands on the record whose rows are read.
func (r *RecordReader) Flush(emit Emit) {
	o := r.open
	if o == nil {
		return
	}
	r.open = nil
	if ocpi.FirstBlock(o.findings) != nil {
		emit(o.place, nil, o.findings)
		return
	}
	emit(o.place, r.object(o), o.findings)
}

// key tells which rows are of one record.
func (r *RecordReader) key(cells []string) string {
	var parts []string
	for i := range recordColumns {
		switch c := &recordColumns[i]; {
		case r.m.at[i] < 0 || c.period:
		case c.path == "id" || c.path == "country_code" || c.path == "party_id":
			parts = append(parts, r.cell(cells, i))
		}
	}
	return strings.Join(parts, "\x00")
}

// restarts reports a row that begins where the first row of the open record does: the record stands there again.
func (r *RecordReader) restarts(cells []string) bool {
	for i := range recordColumns {
		if c := &recordColumns[i]; c.period && c.path == "start_date_time" && r.m.at[i] >= 0 {
			return r.cell(cells, i) == r.cell(r.open.cells, i)
		}
	}
	return false
}

// cell is the text of a column of a row; OCPI's #NA is as good as blank.
func (r *RecordReader) cell(cells []string, i int) string {
	at := r.m.at[i]
	if at < 0 || at >= len(cells) {
		return ""
	}
	if s := strings.TrimSpace(cells[at]); named(s) {
		return s
	}
	return ""
}

// begin starts a record with its first row.
func (r *RecordReader) begin(rec ocpi.Record, cells []string, key string) {
	o := &openRecord{place: rec.Place, key: key, cells: slices.Clone(cells)}
	r.open = o
	if r.gap {
		r.gap = false
		o.lost()
	}
	row := r.newRow(o, rec, cells)
	for i := range recordColumns {
		c := &recordColumns[i]
		if !c.period && c.of(r.m.kind) && r.m.at[i] >= 0 {
			if value := row.value(i); value != nil {
				o.members.set(c.path, value)
			}
		}
		if c.path == "charging_periods" {
			o.members.mark() // periods made of rows stand where those of a cell would
		}
	}
	row.period()
}

// again takes one more row of the record: what is the record's must be as in the first row.
func (r *RecordReader) again(rec ocpi.Record, cells []string) {
	o := r.open
	r.gap = false
	for i := range recordColumns {
		if c := &recordColumns[i]; r.m.at[i] >= 0 && !c.period {
			if was, is := r.cell(o.cells, i), r.cell(cells, i); was != is {
				o.fail(rec.Place, codeRowDiffers, "column %q: found %q, want %q as in the record's first row, line %d; the record is not used",
					r.header[r.m.at[i]], clipText(is), clipText(was), o.place.Line)
				return
			}
		}
	}
	r.newRow(o, rec, cells).period()
}

func (o *openRecord) fail(place ocpi.Place, code ocpi.Code, format string, args ...any) {
	o.find(place, code, ocpi.SeverityBlock, format, args...)
}

func (o *openRecord) find(place ocpi.Place, code ocpi.Code, severity ocpi.Severity, format string, args ...any) {
	const most = 16 // of one record: a hostile one could have any number of rows
	if len(o.findings) < most {
		o.findings = append(o.findings, ocpi.Finding{Code: code, Severity: severity, Place: place, Message: fmt.Sprintf(format, args...)})
	}
}

// addRow keeps a row as it stands in the file: its text or, where it is not UTF-8, its bytes. Where it stands is not said here, so that
// the same row twice is the same record twice.
func (o *openRecord) addRow(rec ocpi.Record) {
	sep := byte(',')
	if o.rows == nil {
		sep = '['
	}
	o.rows = append(o.rows, sep)
	if utf8.Valid(rec.Bytes) {
		o.rows = append(o.rows, quoteJSON(string(rec.Bytes))...)
		return
	}
	o.rows = append(base64.StdEncoding.AppendEncode(append(o.rows, `{"base64":"`...), rec.Bytes), `"}`...)
}

// object is the record as JSON.
func (r *RecordReader) object(o *openRecord) []byte {
	if len(o.periods) == 0 && r.m.kind == ocpi.KindCDR && !o.members.has("charging_periods") {
		o.periods = append(o.periods, r.onePeriod(o))
	}
	if len(o.periods) > 0 {
		o.members.insert("charging_periods", slices.Concat([]byte{'['}, bytes.Join(o.periods, []byte{','}), []byte{']'}))
	}
	o.members.set("source_rows", append(o.rows, ']'))
	return o.members.text()
}
