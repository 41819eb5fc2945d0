package source

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"

	"github.com/nexacollect/reconcile/ocpi"
)

const (
	parquetMagic   = "PAR1"
	parquetRows    = 64       // rows read at once
	parquetFooter  = 16 << 20 // largest footer
	parquetTrailer = 8        // length of the footer, and the magic again
)

// parquetTable reads the flat columns of a Parquet file. Its rows are given as JSON objects, one a line, and places are in that
// text.
type parquetTable struct {
	*tabular
	rowObjects
	random  *random
	header  []string
	columns []*column // by leaf, nil for those left out
	groups  []parquet.RowGroup
	rows    parquet.Rows
	buf     []parquet.Row
}

// openParquet reads the header of a Parquet file. Damage is a finding; an error is the environment's.
func (s *Set) openParquet(tab *tabular, f *file) (stepper, error) {
	p := &parquetTable{tabular: tab, buf: make([]parquet.Row, parquetRows)}
	var err error
	if p.random, err = tab.openRandom(s.opts.TempDir); err != nil {
		return nil, errors.Join(err, p.close())
	}
	if p.rowObjects, err = s.openObjects(f); err != nil {
		return nil, errors.Join(err, p.close())
	}
	if p.in.flaw == nil {
		p.damage(guard(func() error { return p.open(p.random.size) }))
	}
	return p, nil
}

// damage rejects the rest of the file for an error of the data, and remembers one of the environment.
func (p *parquetTable) damage(err error) {
	p.w.err = p.random.reader.err
	if err == nil || p.w.err != nil {
		return
	}
	p.told, p.groups, p.rows = true, nil, nil
	p.reject(p.place(), damageCode(err), "Parquet file is damaged: %v; want a whole file, the rest of it is not read", err)
}

// place is where the next row would stand.
func (p *parquetTable) place() ocpi.Place {
	return ocpi.Place{File: p.in.name, Record: p.records + 1, Line: p.records + 1, Offset: p.offset}
}

// open reads the footer.
func (p *parquetTable) open(size int64) error {
	file, err := openParquetFile(p.random.reader, size)
	if err != nil {
		return err
	}
	if err := checkPages(file, p.random.reader, size, everyLeaf); err != nil {
		return err
	}
	p.groups = file.RowGroups()
	p.columns = make([]*column, countLeaves(file.Root()))
	for _, c := range file.Root().Columns() {
		p.addColumn(c)
	}
	p.checkHeader(p.header)
	return nil
}

// everyLeaf wants all columns.
func everyLeaf(int) bool { return true }

// openParquetFile reads the footer of a Parquet file; checkPages must come before its pages are read.
func openParquetFile(r io.ReaderAt, size int64) (*parquet.File, error) {
	tail := make([]byte, parquetTrailer)
	if _, err := r.ReadAt(tail, size-parquetTrailer); err != nil {
		return nil, fmt.Errorf("read its last bytes: %w", err)
	}
	if n := int64(binary.LittleEndian.Uint32(tail)); n > min(size-parquetTrailer, parquetFooter) {
		return nil, fmt.Errorf("its footer claims %d bytes, above the limit of %d or the size of the file", n, parquetFooter)
	}
	return parquet.OpenFile(r, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
}

// countLeaves is the number of columns that hold values.
func countLeaves(c *parquet.Column) int {
	if c.Leaf() {
		return 1
	}
	n := 0
	for _, child := range c.Columns() {
		n += countLeaves(child)
	}
	return n
}

// addColumn takes a column, or leaves it out with a finding.
func (p *parquetTable) addColumn(c *parquet.Column) {
	if !c.Leaf() || c.Repeated() {
		p.note(CodeColumn, ocpi.SeverityWarn, "column %q is nested or repeated, want one value a row; it is left out", c.Name())
		return
	}
	col := newColumn(c, len(p.header))
	if col.text == nil {
		p.note(CodeColumn, ocpi.SeverityWarn, "column %q is of type %s, want text, a number or a time; it is left out", c.Name(), c.Type())
		return
	}
	if col.float {
		p.note(CodeFloat, ocpi.SeverityInfo, "column %q holds binary floating point numbers, want decimals; each is read as the shortest decimal that means the same", c.Name())
	}
	p.header = append(p.header, c.Name())
	p.columns[c.Index()] = col
}

// names implements stepper.
func (p *parquetTable) names() []string { return p.header }

// close implements stepper.
func (p *parquetTable) close() error {
	var errs []error
	if p.rows != nil {
		errs = append(errs, guard(p.rows.Close))
	}
	return errors.Join(append(errs, p.random.close())...)
}

// step implements stepper.
func (p *parquetTable) step() bool {
	if err := p.in.meter.ctx.Err(); err != nil {
		p.w.err = err
	}
	if p.w.err != nil {
		return false
	}
	if p.rows == nil && len(p.groups) == 0 {
		p.finish()
		return false
	}
	p.damage(guard(p.some))
	return true
}

// some reads some rows.
func (p *parquetTable) some() error {
	if p.rows == nil {
		p.rows, p.groups = p.groups[0].Rows(), p.groups[1:]
	}
	n, err := p.rows.ReadRows(p.buf)
	for _, row := range p.buf[:n] {
		if err := p.keep(row); err != nil {
			return err
		}
	}
	if errors.Is(err, io.EOF) {
		err, p.rows = p.rows.Close(), nil
	} else if err == nil && n == 0 {
		err = io.ErrNoProgress
	}
	return err
}

// keep takes a row.
func (p *parquetTable) keep(row parquet.Row) error {
	cells := make([]string, len(p.header))
	object := []byte{'{'}
	for _, v := range row {
		if v.Column() < 0 || v.Column() >= len(p.columns) || p.columns[v.Column()] == nil {
			continue
		}
		col := p.columns[v.Column()]
		text, err := col.cell(v)
		if err != nil {
			return err
		}
		if cells[col.at] = text; p.ready != nil { // it is read for records
			cells[col.at] = col.short(text)
		}
		if object = col.member(object, text, v.IsNull()); len(object) > p.limits.RecordBytes {
			break // keepObject rejects it
		}
	}
	return p.random.remember(p.keepObject(&p.rowObjects, p.place(), cells, append(object, '}')))
}
