package source

import (
	"encoding/xml"
	"errors"
	"io"
	"strconv"
)

// sheetRows reads the rows of a worksheet one after the other.
type sheetRows struct {
	x    *xmlTokens
	part io.ReadCloser
	last int // number of the last row
}

// sheetRow is a row with its number in the sheet.
type sheetRow struct {
	number int
	cells  []sheetCell // in ascending order of column
}

// sheetCell is a cell as the file has it (ECMA-376, Part 1, 18.3.1.4).
type sheetCell struct {
	column  int    // 0 is A
	kind    string // of the value: "" and n are numbers, s a shared string, str, inlineStr, b, e, d
	style   int    // its format
	value   string // text of v, or of is
	valued  bool   // it has a v or an is
	formula bool
}

// maxSheetRows is the limit of rows of a sheet, that of spreadsheets.
const maxSheetRows = 1 << 20

// openSheet goes to the beginning of a sheet.
func (w *workbook) openSheet(s sheet) (*sheetRows, error) {
	part, err := w.open(s.part)
	if err != nil {
		return nil, err
	}
	return &sheetRows{x: newXMLTokens(part, w.limits), part: part}, nil
}

// next is the next row that has cells, nil at the end.
func (s *sheetRows) next() (*sheetRow, error) {
	for {
		s.x.mark()
		tok, err := s.x.next()
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		e, ok := tok.(xml.StartElement)
		if !ok || e.Name.Local != "row" {
			continue
		}
		row, err := s.row(e)
		if err != nil || len(row.cells) > 0 {
			return row, err
		}
	}
}

// row reads a row to its end.
func (s *sheetRows) row(e xml.StartElement) (*sheetRow, error) {
	row := &sheetRow{number: s.last + 1}
	if r := attribute(e, "r"); r != "" {
		n, err := strconv.Atoi(r)
		if err != nil || n <= s.last || n > maxSheetRows {
			return nil, newFlaw(CodeSyntax, "row %q does not follow row %d, want rows numbered in ascending order up to %d", r, s.last, maxSheetRows)
		}
		row.number = n
	}
	s.last = row.number
	for {
		tok, err := s.x.next()
		if err != nil {
			return nil, err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if t.Name.Local != "c" {
				continue
			}
			cell, err := s.cell(t, row)
			if err != nil {
				return nil, err
			}
			row.cells = append(row.cells, cell)
		case xml.EndElement:
			if t.Name.Local == "row" {
				return row, nil
			}
		}
	}
}

// cell reads a cell to its end.
func (s *sheetRows) cell(e xml.StartElement, row *sheetRow) (sheetCell, error) {
	c := sheetCell{kind: attribute(e, "t")}
	if n := len(row.cells); n > 0 {
		c.column = row.cells[n-1].column + 1
	}
	if r := attribute(e, "r"); r != "" {
		at := columnIndex(r)
		if at < c.column {
			return c, newFlaw(CodeSyntax, "cell %q of row %d does not follow the cell before, want cells in ascending order", r, row.number)
		}
		c.column = at
	}
	if c.column >= maxCells {
		return c, newFlaw(CodeCells, "row %d has more than the limit of %d cells", row.number, maxCells)
	}
	c.style, _ = strconv.Atoi(attribute(e, "s")) // 0 is the format of cells that name none
	return c, s.content(&c)
}

// content reads what is inside a cell, up to its end.
func (s *sheetRows) content(c *sheetCell) error {
	var value []byte // in pieces, where comments stand between
	for inValue := false; ; {
		tok, err := s.x.next()
		if err != nil {
			return err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			inValue = t.Name.Local == "v"
			switch t.Name.Local {
			case "v":
				c.valued = true
			case "f":
				c.formula = true
			case "is":
				if c.value, err = richText(s.x); err != nil {
					return err
				}
				c.valued = true
			}
		case xml.EndElement:
			if inValue = false; t.Name.Local == "c" {
				c.value += string(value)
				return nil
			}
		case xml.CharData:
			if inValue {
				value = append(value, t...)
			}
		}
	}
}

// columnIndex is the column of a reference as B7, 0 for A; −1 where it is none.
func columnIndex(ref string) int {
	n := 0
	for i := 0; i < len(ref) && n <= maxCells; i++ {
		c := ref[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			break
		}
		n = 26*n + int(c-'A') + 1
	}
	return n - 1
}

// columnLetters is the reverse of columnIndex.
func columnLetters(at int) string {
	name := ""
	for at++; at > 0; at = (at - 1) / 26 {
		name = string(rune('A'+(at-1)%26)) + name
	}
	return name
}
