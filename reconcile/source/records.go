package source

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
)

// Builder makes records of the rows of one table.
type Builder interface {
	// Fits reports the names of the columns of a table that it reads.
	Fits(names []string) bool
	// Heading is told of the names of the columns before the first row. A blocking finding says why the table cannot be read; an error
	// ends the reading.
	Heading(names []string) ([]ocpi.Finding, error)
	// Row takes a row, Flush ends the table. Both hand records to emit: where the first row of one stands, the object, and what was found;
	// without an object the record is rejected, and a blocking finding says why.
	Row(row ocpi.Record, cells []string, emit func(place ocpi.Place, object []byte, findings []ocpi.Finding))
	Flush(emit func(place ocpi.Place, object []byte, findings []ocpi.Finding))
	// Lost tells of a row that is none, which is reported already.
	Lost()
}

// framing is how the records of a file are found, a step at a time.
type framing interface {
	step() bool // false at the end, or where the window has an error
	shut() error
}

// shut implements framing.
func (f *framer) shut() error { return nil }

// framing tells whether a file is text with records, or a table or Parquet that records are made of.
func (s *Set) framing(f *framer, i int) (framing, error) {
	if s.opts.Builder == nil {
		return f, nil
	}
	f.w.need(magicBytes)
	head := f.w.bytes()
	switch {
	case f.w.err != nil || len(head) == 0 || head[0] == '{' || head[0] == '[':
		return f, nil
	case bytes.HasPrefix(head, []byte(parquetMagic)):
		return s.parquetFraming(f, i)
	case bytes.HasPrefix(head, []byte(zipMagic)):
		return s.tableFraming(f, i, nil)
	}
	builder := s.opts.Builder(s.files[i].path)
	if code, _ := foreign(head); code != "" || !beginsTable(f.w, builder.Fits) {
		return f, nil
	}
	return s.tableFraming(f, i, nil)
}

// beginsTable reports text that begins as a table does: names with delimiters between them, in a heading that fits or above no line that
// begins as JSON does.
func beginsTable(w *window, fits func([]string) bool) bool {
	for len(w.bytes()) < headBytes && w.more() {
	}
	head := w.bytes()
	head = bytes.TrimLeft(bytes.TrimPrefix(head[:min(len(head), headBytes)], bom), "\r\n")
	line, _, _ := bytes.Cut(head, newline)
	line = bytes.TrimSuffix(line, []byte{'\r'})
	delim := string(sniff(line))
	if len(line) == 0 || line[0] == '{' || line[0] == '[' || line[0] == '<' || !bytes.Contains(line, []byte(delim)) {
		return false
	}
	names := strings.Split(string(line), delim)
	for i := range names {
		names[i] = strings.Trim(names[i], `" `)
	}
	return fits(names) || !beginsValue(head)
}

// sink takes the records that are made of a file, and keeps them for reading again.
type sink struct {
	*framer
	spool  *bufio.Writer // nil where nothing is read again
	offset int64         // of the next record among those made
}

const spoolBuffer = 256 << 10

// newSink begins an empty list of records.
func (s *Set) newSink(f *framer, i int) (*sink, error) {
	k := &sink{framer: f}
	f.in.spool = nil // the records are kept, not the file
	if !s.opts.Refetch {
		return k, nil
	}
	err := s.makeSpool(s.files[i])
	k.spool = bufio.NewWriterSize(s.files[i].handle, spoolBuffer)
	return k, err
}

// place is where the next record would stand: its line that of the row that it begins with.
func (k *sink) place(line int) ocpi.Place {
	return ocpi.Place{File: k.in.name, Record: k.records + 1, Line: max(line, 1), Offset: k.offset}
}

// put takes a record. Its bytes are the sink's from here.
func (k *sink) put(line int, object []byte) {
	place := k.place(line)
	if len(object) > k.limits.RecordBytes {
		k.reject(place, CodeRecordSize, "record of %d bytes, as built from its rows, is above the record limit of %d bytes", len(object), k.limits.RecordBytes)
		return
	}
	k.records++
	k.out.Records = append(k.out.Records, ocpi.Record{Place: place, Bytes: object})
	k.out.Refs = append(k.out.Refs, Ref{
		File: k.file, Length: int32(len(object)), Offset: k.offset, Record: int32(place.Record), Line: int32(place.Line),
	})
	k.out.bytes += len(object)
	k.offset += int64(len(object)) + 1
	if k.spool == nil {
		return
	}
	_, err := k.spool.Write(object)
	k.kept(errors.Join(err, k.spool.WriteByte('\n')))
}

// flush writes what is held back.
func (k *sink) flush() {
	if k.spool != nil {
		k.kept(k.spool.Flush())
	}
}

func (k *sink) kept(err error) {
	if err != nil && k.w.err == nil {
		k.w.err = fmt.Errorf("keep a copy for reading again: %w; choose another temporary folder", err)
	}
}

// findings reports what a Builder found in a record, or in the heading; the first block of a record that is none is its rejection.
func (k *sink) findings(place ocpi.Place, lost bool, found []ocpi.Finding) {
	for _, f := range found {
		f.Place.File, f.Place.Record = place.File, place.Record
		if f.Place.Line == 0 {
			f.Place = place
		}
		if lost && f.Severity == ocpi.SeverityBlock {
			lost = false
			k.records++
			k.out.Rejected = append(k.out.Rejected, f)
			continue
		}
		k.out.Findings = append(k.out.Findings, f)
	}
}

// tableRecords makes records of the rows of a table.
type tableRecords struct {
	*sink
	table   *tabular
	steps   stepper
	builder Builder
	header  bool // the builder knows the columns
	over    bool
}

// tableFraming reads a table whose rows make records; ready is the input where it was made readable at random before.
func (s *Set) tableFraming(f *framer, i int, ready *random) (framing, error) {
	k, err := s.newSink(f, i)
	if err != nil {
		return nil, err
	}
	builder := s.opts.Builder(s.files[i].path)
	opts := s.opts
	opts.Refetch, opts.Heading, opts.Column = false, builder.Fits, nil // the records are read again, not the rows
	rows := *f
	rows.out = newBatch(i)
	t := &tableRecords{sink: k, table: &tabular{framer: &rows, ready: ready}, builder: builder}
	t.steps, err = (&Table{&Set{opts: opts}}).open(t.table, s.files[i])
	return t, err
}

// shut implements framing.
func (t *tableRecords) shut() error { return t.steps.close() }

// step implements framing.
func (t *tableRecords) step() bool {
	if t.over {
		return false
	}
	more := t.steps.step()
	if t.w.err != nil {
		return false
	}
	rows := t.table.rows(t.steps.names())
	if err := t.take(rows, more); err != nil {
		t.w.err = err
		return false
	}
	if t.over = t.over || !more; t.over {
		t.flush()
	}
	return t.w.err == nil
}

// take makes records of some rows.
func (t *tableRecords) take(rows *Rows, more bool) error {
	t.out.Findings = append(t.out.Findings, rows.Findings...)
	if !t.header && rows.Header != nil {
		t.header = true
		found, err := t.builder.Heading(rows.Header)
		if err != nil {
			return err
		}
		blocked := ocpi.FirstBlock(found) != nil
		t.findings(t.sink.place(1), blocked, found)
		if blocked {
			t.over = true
			return nil
		}
	}
	rejected := rows.Rejected
	for _, r := range rows.Rows {
		for len(rejected) > 0 && rejected[0].Place.Line < r.Record.Place.Line {
			t.lost(rejected[0])
			rejected = rejected[1:]
		}
		t.builder.Row(r.Record, r.Cells, t.emit)
	}
	for _, f := range rejected {
		t.lost(f)
	}
	if !more && t.header {
		t.builder.Flush(t.emit)
	}
	if !more && t.header && t.records == 0 {
		t.note(CodeEmpty, ocpi.SeverityWarn, "the table has no rows below its heading, want at least one")
	}
	return nil
}

// lost takes a stretch that is no row.
func (t *tableRecords) lost(f ocpi.Finding) {
	t.builder.Lost()
	f.Place.Record = t.records + 1
	t.records++
	t.out.Rejected = append(t.out.Rejected, f)
}

// emit takes what the builder made.
func (t *tableRecords) emit(place ocpi.Place, object []byte, found []ocpi.Finding) {
	t.findings(t.sink.place(place.Line), object == nil, found)
	if object != nil {
		t.put(place.Line, object)
	}
}
