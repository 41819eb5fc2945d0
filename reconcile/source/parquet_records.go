package source

import (
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"

	"github.com/nexacollect/reconcile/ocpi"
)

// RecordColumn is the column in which convert keeps each record as it was received. Of a file that has it nothing else is read.
const RecordColumn = "ocpi_record"

// parquetRecords reads Parquet whose columns are members of the objects: rows become objects as they stand.
type parquetRecords struct {
	*sink
	random *random
	groups []parquet.RowGroup
	rows   parquet.Rows
	buf    []parquet.Row
	tree   *tree // nil: whole is read
	line   int

	whole int           // the leaf that holds whole records
	pages parquet.Pages // of it
	texts []parquet.Value
}

// parquetFraming tells whether the columns of a Parquet file are members of the objects, or those of a table.
func (s *Set) parquetFraming(f *framer, i int) (framing, error) {
	k, err := s.newSink(f, i)
	if err != nil {
		return nil, err
	}
	p := &parquetRecords{sink: k, buf: make([]parquet.Row, parquetRows), whole: -1}
	if p.random, err = (&tabular{framer: f}).openRandom(s.opts.TempDir); err != nil {
		return nil, errors.Join(err, p.shut())
	}
	nested := false
	if f.in.flaw == nil {
		p.damage(guard(func() (err error) {
			nested, err = p.open()
			return err
		}))
	}
	if nested || f.told || f.w.err != nil {
		return p, nil
	}
	return s.tableFraming(f, i, p.random)
}

// damage rejects the rest of the file for an error of the data, and remembers one of the environment.
func (p *parquetRecords) damage(err error) {
	if p.w.err == nil {
		p.w.err = p.random.reader.err
	}
	if err == nil || p.w.err != nil {
		return
	}
	p.told, p.groups = true, nil
	p.stop()
	p.reject(p.place(p.line+1), damageCode(err), "Parquet file is damaged: %v; want a whole file, the rest of it is not read", err)
}

// damageCode is the code of what is wrong with a file.
func damageCode(err error) ocpi.Code {
	if f := (*flaw)(nil); errors.As(err, &f) {
		return f.code
	}
	return CodeSyntax
}

// open reads the footer; false if the columns are those of a flat table.
func (p *parquetRecords) open() (bool, error) {
	file, err := openParquetFile(p.random.reader, p.random.size)
	if err != nil {
		return false, err
	}
	nested, wanted := false, everyLeaf
	for _, c := range file.Root().Columns() {
		nested = nested || !c.Leaf() || c.Repeated()
		if c.Leaf() && !c.Repeated() && c.Name() == RecordColumn {
			p.whole, p.texts = c.Index(), make([]parquet.Value, parquetRows)
			wanted = func(leaf int) bool { return leaf == p.whole }
		}
	}
	if !nested && p.whole < 0 {
		return false, nil
	}
	if err := checkPages(file, p.random.reader, p.random.size, wanted); err != nil {
		return true, err
	}
	if p.whole < 0 {
		if p.tree, err = newTree(file.Root(), p.framer); err != nil {
			return true, err
		}
	}
	p.groups = file.RowGroups()
	return true, nil
}

// stop ends the row group that is being read.
func (p *parquetRecords) stop() {
	if p.rows != nil {
		_ = guard(p.rows.Close) // only read from
	}
	if p.pages != nil {
		_ = guard(p.pages.Close)
	}
	p.rows, p.pages = nil, nil
}

// shut implements framing.
func (p *parquetRecords) shut() error {
	p.stop()
	return p.random.close()
}

// step implements framing.
func (p *parquetRecords) step() bool {
	if err := p.in.meter.ctx.Err(); err != nil && p.w.err == nil {
		p.w.err = err
	}
	switch {
	case p.w.err != nil:
		return false
	case p.rows == nil && p.pages == nil && len(p.groups) == 0:
		p.finish()
		if p.records == 0 {
			p.note(CodeEmpty, ocpi.SeverityInfo, "the file is empty, want at least one record")
		}
		p.flush()
		return false
	case p.whole >= 0:
		p.damage(guard(p.someTexts))
	default:
		p.damage(guard(p.someRows))
	}
	return true
}

// someTexts reads some records as they were received.
func (p *parquetRecords) someTexts() error {
	if p.pages == nil {
		p.pages, p.groups = p.groups[0].ColumnChunks()[p.whole].Pages(), p.groups[1:]
	}
	page, err := p.pages.ReadPage()
	if errors.Is(err, io.EOF) {
		p.stop()
		return nil
	}
	if err != nil {
		return err
	}
	defer parquet.Release(page)
	values := page.Values()
	for {
		n, err := values.ReadValues(p.texts)
		for _, v := range p.texts[:n] {
			p.line++
			p.text(v)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil && n == 0 {
			err = io.ErrNoProgress
		}
		if err != nil {
			return err
		}
	}
}

// text takes a record as it was received.
func (p *parquetRecords) text(v parquet.Value) {
	switch {
	case v.IsNull() || v.Kind() != parquet.ByteArray || len(v.ByteArray()) == 0:
		p.reject(p.place(p.line), CodeSyntax, "column %q is empty in this row, want the record as it was received", RecordColumn)
	case len(v.ByteArray()) > p.limits.RecordBytes:
		p.reject(p.place(p.line), CodeRecordSize, "record of %d bytes is above the record limit of %d bytes", len(v.ByteArray()), p.limits.RecordBytes)
	default:
		p.put(p.line, append([]byte(nil), v.ByteArray()...))
	}
}

// someRows reads some rows and makes objects of them.
func (p *parquetRecords) someRows() error {
	if p.rows == nil {
		p.rows, p.groups = p.groups[0].Rows(), p.groups[1:]
	}
	n, err := p.rows.ReadRows(p.buf)
	for _, row := range p.buf[:n] {
		p.line++
		object, ferr := p.tree.object(row, p.limits.RecordBytes)
		if errors.Is(ferr, errTooLarge) {
			p.reject(p.place(p.line), CodeRecordSize, "record is above the record limit of %d bytes", p.limits.RecordBytes)
			continue
		}
		if ferr != nil {
			return fmt.Errorf("row %d: %w", p.line, ferr)
		}
		p.put(p.line, object)
	}
	if errors.Is(err, io.EOF) {
		p.stop()
		return nil
	}
	if err == nil && n == 0 {
		err = io.ErrNoProgress
	}
	return err
}
