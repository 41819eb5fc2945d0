package source

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/nexacollect/reconcile/ocpi"
)

// csvTable reads text with delimiters (RFC 4180; also semicolons and tabs). A quote that is not at the beginning of a cell is
// an ordinary character.
type csvTable struct {
	*tabular
	begun  bool
	delim  byte
	header []string
	spans  []span   // of the current row
	room   []string // for the cells of rows to come
	told   bool     // text of another encoding was reported
}

// span is a cell in a row: its bytes without the quotes around them.
type span struct {
	from, to int
	escaped  bool // it has doubled quotes
}

// names implements stepper.
func (t *csvTable) names() []string { return t.header }

// close implements stepper.
func (t *csvTable) close() error { return nil }

// step implements stepper.
func (t *csvTable) step() bool {
	if !t.begun {
		t.begun = true
		return t.begin()
	}
	if !t.skipNewlines() {
		t.finish()
		return false
	}
	t.row()
	return true
}

// skipNewlines goes to the next line with something on it.
func (t *csvTable) skipNewlines() bool {
	for {
		b := t.w.bytes()
		rest := bytes.TrimLeft(b, "\r\n")
		t.w.advance(len(b) - len(rest))
		if len(rest) > 0 {
			return true
		}
		if !t.w.more() {
			return false
		}
	}
}

// begin reads what stands before the rows; false if there is nothing to read.
func (t *csvTable) begin() bool {
	if bytes.HasPrefix(t.w.bytes(), bom) {
		t.w.advance(len(bom))
	}
	code, what := foreign(t.w.bytes())
	if t.skipNewlines(); code == "" && (bytes.HasPrefix(t.w.bytes(), []byte("{")) || bytes.HasPrefix(t.w.bytes(), []byte("["))) {
		code, what = CodeFormat, "found JSON where a table is read"
	}
	if code == "" && bytes.HasPrefix(t.w.bytes(), []byte("<")) {
		code, what = CodeFormat, "found HTML, as some programs write under the name of a spreadsheet; open it and save it as XLSX"
	}
	switch {
	case t.w.err != nil:
		return false
	case code != "":
		t.reject(t.place(), code, "%s, want CSV as UTF-8 text, plain, gzip or zstd, XLSX, Parquet or an electronic invoice; the file is not read", what)
		return false
	case len(t.w.bytes()) == 0 && t.in.flaw != nil:
		return true
	case len(t.w.bytes()) == 0:
		t.note(CodeEmpty, ocpi.SeverityInfo, "the table is empty, want a header and rows")
		return false
	}
	return t.readHeader()
}

// readHeader finds the delimiter and the names of the columns; false if there is no header.
func (t *csvTable) readHeader() bool {
	t.delim = sniff(t.line())
	if line := t.line(); len(line) == len("sep=,") && bytes.HasPrefix(line, []byte("sep=")) { // as spreadsheets write
		t.delim = line[4]
		t.skip(len(line))
		t.skipNewlines()
	}
	place := t.place()
	n, why := t.cut()
	if len(t.spans) > maxCells {
		why = CodeHeader
	}
	if why != "" {
		t.reject(place, why, "header of the table cannot be read, want at most %d names of columns; the file is not read", maxCells)
		return false
	}
	t.header = make([]string, len(t.spans))
	for i, cell := range t.spans {
		t.header[i] = strings.TrimSpace(t.cell(string(t.w.bytes()[:n]), cell))
	}
	t.checkHeader(t.header)
	t.skip(n)
	return true
}

// line is the rest of the line, as far as it is within the limit.
func (t *csvTable) line() []byte {
	end := t.w.lineEnd(0)
	for end < 0 && len(t.w.bytes()) <= t.limits.RecordBytes && t.w.more() {
		end = t.w.lineEnd(0)
	}
	if end < 0 {
		end = min(len(t.w.bytes()), t.limits.RecordBytes+1)
	}
	return bytes.TrimSuffix(t.w.bytes()[:end], []byte{'\r'})
}

// sniff finds the delimiter of a header: the most frequent outside quotes, and rather one that names do not have in them.
func sniff(line []byte) byte {
	best, most := byte(','), 0
	for _, d := range []byte{'\t', ';', ','} {
		n, quoted := 0, false
		for _, c := range line {
			if c == '"' {
				quoted = !quoted
			} else if c == d && !quoted {
				n++
			}
		}
		if n > most {
			best, most = d, n
		}
	}
	return best
}

// row takes the row that begins here.
func (t *csvTable) row() {
	place := t.place()
	n, why := t.cut()
	row := t.w.bytes()[:n]
	if len(bytes.Trim(row, string(t.delim)+" \t\r")) == 0 && why == "" {
		t.skip(n)
		return
	}
	if why != "" {
		t.rejectLine(place, why)
		return
	}
	for len(t.spans) <= maxCells && len(t.spans) > len(t.header) && t.spans[len(t.spans)-1].from == t.spans[len(t.spans)-1].to {
		t.spans = t.spans[:len(t.spans)-1] // delimiters at the end of a line are harmless
	}
	switch {
	case bytes.IndexByte(row, 0) >= 0:
		t.skip(n)
		t.reject(place, CodeControl, "row has a NUL byte at byte %d, want text", 1+bytes.IndexByte(row, 0))
	case len(t.spans) > maxCells:
		t.skip(n)
		t.reject(place, CodeCells, "row has more than the limit of %d cells, want %d as in the header", maxCells, len(t.header))
	case len(t.spans) != len(t.header):
		t.skip(n)
		t.reject(place, CodeCells, "row has %d cells, want %d as in the header", len(t.spans), len(t.header))
	default:
		t.keep(n)
	}
}

// roomCells is room for cells that is made at a time.
const roomCells = 1024

// keep takes the next n bytes, with the cells found in them, as a row.
func (t *csvTable) keep(n int) {
	text := string(t.w.bytes()[:n])
	if !t.told && !utf8.ValidString(text) {
		t.told = true
		t.note(CodeEncoding, ocpi.SeverityWarn, "row is not UTF-8 text; such cells are read as Windows-1252")
	}
	if len(t.room) < len(t.spans) {
		t.room = make([]string, max(roomCells, len(t.spans)))
	}
	cells := t.room[:len(t.spans):len(t.spans)]
	t.room = t.room[len(t.spans):]
	for i, s := range t.spans {
		cells[i] = t.cell(text, s)
	}
	t.cells = append(t.cells, cells)
	t.record(n)
}

// cell is the text of a cell.
func (t *csvTable) cell(row string, s span) string {
	text := row[s.from:s.to]
	if s.escaped {
		text = strings.ReplaceAll(text, `""`, `"`)
	}
	if !utf8.ValidString(text) {
		text = fromWindows(text)
	}
	return text
}

// rejectLine rejects the rest of the line at a row that cannot be cut.
func (t *csvTable) rejectLine(place ocpi.Place, why ocpi.Code) {
	t.skipLine()
	switch {
	case t.w.end && t.in.flaw != nil && len(t.w.bytes()) == 0:
		t.rejectRest(place, "")
	case why == CodeRecordSize:
		t.reject(place, why, "row of %d bytes is above the record limit of %d bytes", t.since(place), t.limits.RecordBytes)
	default:
		t.reject(place, why, "row opens a quote that is not closed before a delimiter, want quotes in pairs; its first line of %d bytes is left out", t.since(place))
	}
}

// cut finds the end and the cells of the row that begins here, or why there are none.
func (t *csvTable) cut() (n int, why ocpi.Code) {
	line := t.line()
	if len(line) > t.limits.RecordBytes {
		return 0, CodeRecordSize
	}
	if t.w.end && t.in.flaw != nil && t.w.lineEnd(0) < 0 {
		return 0, t.in.flaw.code
	}
	if bytes.IndexByte(line, '"') < 0 {
		t.split(line)
		return len(line), ""
	}
	for {
		b := t.w.bytes()
		b = b[:min(len(b), t.limits.RecordBytes)]
		n, state := t.quoted(b)
		switch {
		case state == cutWhole:
			return n, ""
		case state == cutBroken, len(b) == t.limits.RecordBytes:
			return 0, CodeQuotes
		}
		if size := len(b); t.w.end {
			return t.atEnd(b)
		} else if t.w.need(2*size + 1); t.w.err != nil {
			return 0, CodeQuotes // the error ends the file
		}
	}
}

// atEnd cuts the last row of a file that ends without a newline.
func (t *csvTable) atEnd(b []byte) (int, ocpi.Code) {
	n, state := t.quoted(append(b[:len(b):len(b)], '\n'))
	if state != cutWhole || t.in.flaw != nil {
		return 0, CodeQuotes
	}
	return n, ""
}

// split cuts a line without quotes.
func (t *csvTable) split(line []byte) {
	t.spans = t.spans[:0]
	for from := 0; ; {
		i := bytes.IndexByte(line[from:], t.delim)
		if i < 0 {
			t.add(span{from: from, to: len(line)})
			return
		}
		t.add(span{from: from, to: from + i})
		from += i + 1
	}
}

// add takes a cell; behind the limit they are only to be rejected.
func (t *csvTable) add(s span) {
	if len(t.spans) <= maxCells {
		t.spans = append(t.spans, s)
	}
}

// maxCells is the limit of cells in a row, that of spreadsheets.
const maxCells = 1 << 14

// cutState is the outcome of cutting a row with quotes.
type cutState uint8

const (
	cutWhole  cutState = iota
	cutMore            // its end is not in sight
	cutBroken          // a quote is closed in the middle of a cell
)

// quoted cuts a row that may have quotes. n is its length without the line ending.
func (t *csvTable) quoted(b []byte) (n int, state cutState) {
	t.spans = t.spans[:0]
	for i := 0; ; i++ {
		s := span{from: i}
		if i < len(b) && b[i] == '"' {
			if s, state = closeQuote(b, i+1); state != cutWhole {
				return 0, state
			}
			i = s.to + 1
		} else {
			for i < len(b) && b[i] != t.delim && b[i] != '\n' {
				i++
			}
			s.to = i
		}
		end := i
		if i < len(b) && b[i] == '\r' {
			i++ // before a newline, behind a quote
		}
		switch {
		case i >= len(b):
			return 0, cutMore
		case b[i] == t.delim && i == end:
			t.add(s)
		case b[i] == '\n':
			if s.to > s.from && b[s.to-1] == '\r' && s.to == i {
				s.to--
				end = s.to
			}
			t.add(s)
			return end, cutWhole
		default:
			return 0, cutBroken
		}
	}
}

// closeQuote finds the end of a cell whose text begins at from.
func closeQuote(b []byte, from int) (s span, state cutState) {
	s.from = from
	for i := from; ; {
		j := bytes.IndexByte(b[i:], '"')
		if j < 0 || i+j+1 == len(b) {
			return s, cutMore
		}
		if i += j; b[i+1] != '"' {
			s.to = i
			return s, cutWhole
		}
		s.escaped = true
		i += 2
	}
}

// fromWindows reads Windows-1252, which spreadsheets of western Europe write where they do not write UTF-8.
func fromWindows(text string) string {
	const upper = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ"
	table := []rune(upper)
	out := make([]rune, 0, len(text))
	for _, c := range []byte(text) {
		r := rune(c)
		if c >= 0x80 && c < 0xa0 {
			r = table[c-0x80]
		}
		out = append(out, r)
	}
	return string(out)
}
