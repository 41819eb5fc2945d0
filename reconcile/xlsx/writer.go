package xlsx

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
)

// Sheet is one sheet of a workbook, without its rows.
type Sheet struct {
	Name    string // at most 31 characters, none of []:*?/\
	Columns []Column
	Front   bool // stands before all others in the workbook, whenever it is written
	Frozen  int  // columns that stay in view beside the heading
}

// Column is a column of a sheet.
type Column struct {
	Heading string // none in any column: the sheet has no heading
	Width   int    // in characters
	Fill    bool   // its heading stands out: the reader of the sheet writes there
	Choices []string
	Free    bool // of Choices: others may be written too
}

// MaxRows is how many rows a sheet holds, its heading among them.
const MaxRows = 1_048_576

// ErrFull says that a sheet takes no more rows.
var ErrFull = errors.New("the sheet is full")

// Writer writes a workbook: the rows of its first sheet, Next, those of the second, and so on. After an error other than ErrFull every
// method returns that error.
type Writer struct {
	parts   parts
	out     *bufio.Writer
	sheets  []Sheet
	at      int     // sheet
	part    int     // of that sheet, from 1: More begins another
	written []Sheet // begun, in the order of their parts
	rows    int     // written of the last
	buf     []byte
	err     error
}

// NewWriter begins a workbook of the sheets, which has at least one.
func NewWriter(w io.Writer, sheets ...Sheet) (*Writer, error) { return begin(newArchive(w), sheets) }

// Compare begins a workbook that is not written but held against another: where they are not the same, part by part, a method returns
// an error that is ErrDiffers. Close compares the last of it.
func Compare(r io.ReaderAt, size int64, sheets ...Sheet) (*Writer, error) {
	c, err := newComparison(r, size)
	if err != nil {
		return nil, err
	}
	return begin(c, sheets)
}

func begin(p parts, sheets []Sheet) (*Writer, error) {
	if len(sheets) == 0 {
		return nil, errors.New("xlsx: a workbook has at least one sheet")
	}
	w := &Writer{parts: p, sheets: sheets, out: bufio.NewWriter(io.Discard)}
	w.open(1)
	return w, w.err
}

// entry ends the part of the archive at hand and begins another.
func (w *Writer) entry(name string) {
	w.flush()
	if w.err != nil {
		return
	}
	out, err := w.parts.next(name)
	if err != nil {
		w.keep(fmt.Errorf("write %s: %w", name, err))
		return
	}
	w.out.Reset(out)
}

func (w *Writer) keep(err error) {
	if err != nil && w.err == nil {
		w.err = err
	}
}

func (w *Writer) write(p []byte) {
	if w.err == nil {
		_, err := w.out.Write(p)
		w.keep(err)
	}
}

func (w *Writer) flush() {
	if w.err == nil {
		w.keep(w.out.Flush())
	}
}

// open begins the sheet at hand, or another part of it, and writes its heading.
func (w *Writer) open(part int) {
	s := w.sheets[w.at]
	if part > 1 {
		s.Name += " (" + strconv.Itoa(part) + ")"
	}
	w.entry(sheetPart(len(w.written)))
	w.write([]byte(s.head(s.Front || len(w.written) == 0 && !slices.ContainsFunc(w.sheets, isFront))))
	w.part, w.rows, w.written = part, 0, append(w.written, s)
	if !s.hasHeading() {
		return
	}
	cells := make([]Cell, len(s.Columns))
	for i, c := range s.Columns {
		cells[i] = Text(c.Heading)
	}
	w.row(cells, func(i int, _ Cell) int {
		if s.Columns[i].Fill {
			return styleFill
		}
		return styleHeading
	})
}

// Row writes a row to the sheet at hand. ErrFull leaves the workbook as it was.
func (w *Writer) Row(cells ...Cell) error {
	if w.err == nil && w.rows == MaxRows {
		return ErrFull
	}
	w.row(cells, func(_ int, c Cell) int { return styleOf[c.kind] })
	return w.err
}

func (w *Writer) row(cells []Cell, style func(i int, c Cell) int) {
	w.rows++
	dst := strconv.AppendInt(append(w.buf[:0], `<row r="`...), int64(w.rows), 10)
	dst = append(dst, `">`...)
	for i, c := range cells {
		if c.kind == empty {
			continue
		}
		dst = appendReference(append(dst, `<c r="`...), i, w.rows)
		dst = strconv.AppendInt(append(dst, `" s="`...), int64(style(i, c)), 10)
		if c.kind.isText() {
			dst = appendEscaped(append(dst, `" t="inlineStr"><is><t xml:space="preserve">`...), c.text)
			dst = append(dst, `</t></is></c>`...)
			continue
		}
		dst = append(append(append(dst, `"><v>`...), c.text...), `</v></c>`...)
	}
	w.buf = append(dst, "</row>"...)
	w.write(w.buf)
}

func isFront(s Sheet) bool { return s.Front }

// Next ends the sheet at hand and begins the next.
func (w *Writer) Next() error {
	w.write([]byte(w.sheets[w.at].tail(w.rows)))
	if w.at++; w.at < len(w.sheets) {
		w.open(1)
	}
	return w.err
}

// More ends the sheet at hand, which may be full, and begins another like it: "Lines" is followed by "Lines (2)".
func (w *Writer) More() error {
	w.write([]byte(w.sheets[w.at].tail(w.rows)))
	w.open(w.part + 1)
	return w.err
}

// Close ends the workbook; sheets that were not reached are empty. It does not close what NewWriter was given.
func (w *Writer) Close() error {
	for w.at < len(w.sheets) && w.err == nil {
		if err := w.Next(); err != nil {
			return err
		}
	}
	for _, part := range frame(w.written) { // last, as only now is it known which sheets there are
		w.entry(part.name)
		w.write([]byte(part.text))
	}
	w.flush()
	if w.err == nil {
		w.keep(w.parts.close())
	}
	return w.err
}

// appendReference appends the name of a cell, as AB12; column is from 0.
func appendReference(dst []byte, column, row int) []byte {
	return strconv.AppendInt(append(dst, columnName(column)...), int64(row), 10)
}

// columnName is A to Z, AA and so on.
func columnName(column int) string {
	name := ""
	for column++; column > 0; column = (column - 1) / 26 {
		name = string(rune('A'+(column-1)%26)) + name
	}
	return name
}
