package source

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
)

// zipMagic begins a ZIP archive, which an XLSX file is.
const zipMagic = "PK\x03\x04"

// xlsxTable reads one sheet of an XLSX file: the values as the file has them, never as they are shown. Its rows are given as JSON
// objects; the line of a row is its number in the sheet.
type xlsxTable struct {
	*tabular
	rowObjects
	random   *random
	fits     func([]string) bool // tells which sheet is the one
	book     *workbook
	rows     *sheetRows // nil behind the end
	header   []string
	members  [][]byte // names of the columns in the objects, as JSON
	oddities map[oddColumn]*oddCells
}

// oddity is what can be odd about a cell.
type oddity uint8

const (
	oddDigits oddity = iota
	oddFormula
	oddError
	oddString
	oddBeyond
)

// oddColumn is where something is odd, oddCells how often.
type (
	oddColumn struct {
		kind   oddity
		column int
	}
	oddCells struct {
		cells, row   int // row of the first
		first, value string
	}
)

// openXLSX finds the sheet and reads its heading. Damage is a finding; an error is the environment's.
func (s *Set) openXLSX(tab *tabular, f *file) (stepper, error) {
	t := &xlsxTable{tabular: tab, fits: s.opts.Heading, oddities: map[oddColumn]*oddCells{}}
	var err error
	if t.random, err = tab.openRandom(s.opts.TempDir); err != nil {
		return nil, errors.Join(err, t.close())
	}
	if t.rowObjects, err = s.openObjects(f); err != nil {
		return nil, errors.Join(err, t.close())
	}
	if t.in.flaw == nil {
		t.damage(guard(t.open))
	}
	return t, nil
}

// open reads up to the heading.
func (t *xlsxTable) open() (err error) {
	if t.book, err = openWorkbook(t.random.reader, t.random.size, t.limits); err != nil {
		return err
	}
	if t.book.external {
		t.note(CodeValue, ocpi.SeverityInfo, "the workbook takes values of other workbooks; they are read as they were when it was saved")
	}
	if err := t.choose(); err != nil || t.rows == nil {
		return err
	}
	t.members = make([][]byte, len(t.header))
	for i, name := range t.header {
		t.members[i] = quoteJSON(cmp.Or(name, columnLetters(i)))
	}
	t.checkHeader(t.header)
	return nil
}

// choose takes the first sheet whose heading fits, else the first that has a heading. Every other one with rows is named.
func (t *xlsxTable) choose() error {
	best, fits := -1, false
	var others []string
	for i, s := range t.book.sheets {
		rows, header, err := t.heading(s)
		if err != nil {
			return fmt.Errorf("sheet %q: %w", s.name, err)
		}
		usable := header != nil && (t.fits == nil || t.fits(header))
		switch {
		case header == nil:
		case best < 0 || usable && !fits:
			if best >= 0 {
				others = append(others, t.book.sheets[best].name)
				_ = t.rows.part.Close() // only read from
			}
			best, fits, t.rows, t.header = i, usable, rows, header
			continue
		default:
			others = append(others, s.name)
			if usable && t.fits != nil {
				t.note(CodeSheet, ocpi.SeverityWarn, "sheet %q has a heading of the same kind as sheet %q and is not read; save it as a file of its own", s.name, t.book.sheets[best].name)
			}
		}
		_ = rows.part.Close() // only read from
	}
	switch {
	case best < 0:
		t.note(CodeEmpty, ocpi.SeverityInfo, "the workbook has no visible sheet with rows, want a header and rows")
	case len(others) > 0:
		t.note(CodeSheet, ocpi.SeverityInfo, "sheet %q is read; %q are not", t.book.sheets[best].name, others)
	}
	return nil
}

// heading is the first row of a sheet that has text in it; nil of an empty sheet.
func (t *xlsxTable) heading(s sheet) (*sheetRows, []string, error) {
	rows, err := t.book.openSheet(s)
	if err != nil {
		return nil, nil, err
	}
	for {
		row, err := rows.next()
		if err != nil || row == nil {
			return rows, nil, err
		}
		var header []string
		for _, c := range row.cells {
			if text, _ := t.value(c, row.number); strings.TrimSpace(text) != "" {
				header = append(header, make([]string, c.column-len(header))...)
				header = append(header, strings.TrimSpace(text))
			}
		}
		if header != nil {
			clear(t.oddities) // of a heading nothing is odd
			return rows, header, nil
		}
	}
}

// names implements stepper.
func (t *xlsxTable) names() []string { return t.header }

// close implements stepper.
func (t *xlsxTable) close() error {
	if t.rows != nil {
		_ = t.rows.part.Close() // only read from
	}
	return t.random.close()
}

// damage rejects the rest of the file for an error of the data, and remembers one of the environment.
func (t *xlsxTable) damage(err error) {
	t.w.err = t.random.reader.err
	if err == nil || t.w.err != nil {
		return
	}
	t.told, t.rows = true, nil
	code := CodeSyntax
	if f := (*flaw)(nil); errors.As(err, &f) {
		code = f.code
	}
	t.reject(t.place(0), code, "%v; the rest of the file is not read", err)
}

// place is where a row stands.
func (t *xlsxTable) place(row int) ocpi.Place {
	return ocpi.Place{File: t.in.name, Record: t.records + 1, Line: max(row, 1), Offset: t.offset}
}

// step implements stepper.
func (t *xlsxTable) step() bool {
	if err := t.in.meter.ctx.Err(); err != nil {
		t.w.err = err
	}
	if t.w.err != nil {
		return false
	}
	if t.rows == nil {
		t.tellOddities()
		t.finish()
		return false
	}
	t.damage(guard(t.row))
	return true
}

// row takes the next row. One without text is white space.
func (t *xlsxTable) row() error {
	row, err := t.rows.next()
	if err != nil {
		return err
	}
	if row == nil {
		err := t.rows.part.Close()
		t.rows = nil
		return err
	}
	cells, object := make([]string, len(t.header)), []byte{'{'}
	for _, c := range row.cells {
		text, bare := t.value(c, row.number)
		switch {
		case strings.TrimSpace(text) == "":
		case c.column >= len(cells):
			t.odd(oddBeyond, c, row.number)
		default:
			cells[c.column] = text
			object = appendMember(object, t.members[c.column], text, bare)
		}
	}
	place := t.place(row.number)
	if i := slices.IndexFunc(cells, func(c string) bool { return strings.IndexByte(c, 0) >= 0 }); i >= 0 {
		t.reject(place, CodeControl, "row has a NUL byte in column %s, want text", columnLetters(i))
		return nil
	}
	if len(object) == 1 {
		return nil
	}
	return t.random.remember(t.keepObject(&t.rowObjects, place, cells, append(object, '}')))
}

// oddTexts say what is odd; their arguments are where it is, and the value of the first of these cells.
var oddTexts = [...]struct {
	code     ocpi.Code
	severity ocpi.Severity
	text     string
}{
	oddDigits: {CodeDigits, ocpi.SeverityInfo, "a number with more than the 15 digits that a spreadsheet keeps stands in %[1]s (%[2]q); each is rounded half-up to 15 significant digits"},
	oddFormula: {CodeValue, ocpi.SeverityWarn, "a formula without a value stands in %[1]s; open the file in a spreadsheet and save it, so that values are stored; " +
		"these cells are read as empty"},
	oddError:  {CodeValue, ocpi.SeverityWarn, "an error stands in %[1]s (%[2]q), want a value; these cells are read as empty"},
	oddString: {CodeValue, ocpi.SeverityWarn, "a text that the file does not hold is meant in %[1]s (%[2]q); these cells are read as empty"},
	oddBeyond: {CodeCells, ocpi.SeverityWarn, "text without a heading above it stands in %[1]s (%[2]q); such cells are left out"},
}

// tellOddities says what was odd, in order of place.
func (t *xlsxTable) tellOddities() {
	keys := make([]oddColumn, 0, len(t.oddities))
	for k := range t.oddities {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b oddColumn) int { return cmp.Or(cmp.Compare(a.column, b.column), cmp.Compare(a.kind, b.kind)) })
	for _, k := range keys {
		o, text := t.oddities[k], oddTexts[k.kind]
		t.out.Findings = append(t.out.Findings, ocpi.Finding{
			Code: text.code, Severity: text.severity, Place: ocpi.Place{File: t.in.name, Line: o.row},
			Message: fmt.Sprintf(text.text, o.where(), clip(o.value)),
		})
	}
	clear(t.oddities)
}

// where names the first cell, and how many there are in its column beside it.
func (o *oddCells) where() string {
	if o.cells == 1 {
		return "cell " + o.first
	}
	return fmt.Sprintf("cell %s and %d more of its column", o.first, o.cells-1)
}

// clip shortens a value that is quoted in a message.
func clip(text string) string {
	const most = 40
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}
