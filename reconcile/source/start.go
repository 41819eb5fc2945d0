package source

import (
	"bytes"
	"fmt"

	"github.com/nexacollect/reconcile/ocpi"
)

// headBytes is within which a line has to begin with a value.
const headBytes = 64 << 10

// magicBytes is how much of a file is looked at to tell formats that are not text.
const magicBytes = 8

var bom = []byte("\xef\xbb\xbf")

// start looks at the first bytes of the file; false if it holds nothing to frame.
func (f *framer) start() bool {
	f.w.need(magicBytes)
	if bytes.HasPrefix(f.w.bytes(), bom) {
		f.w.advance(len(bom))
	}
	if code, what := foreign(f.w.bytes()); code != "" {
		f.rejectFile(code, what)
		return false
	}
	for !beginsValue(f.w.bytes()) {
		if n := len(f.w.bytes()); n < headBytes && f.w.more() {
			continue
		}
		return f.noValue()
	}
	return true
}

// noValue handles a file that does not begin with a value; false if it holds nothing to frame.
func (f *framer) noValue() bool {
	head := f.w.bytes()
	head = head[:min(len(head), headBytes)]
	switch {
	case f.w.err != nil:
		return false
	case len(bytes.TrimSpace(head)) > 0:
		f.rejectFile(CodeFormat, fmt.Sprintf("no line of the first %d bytes begins with { or [", len(head)))
		return false
	}
	if _, ok := f.skipSpace(); ok || f.in.flaw != nil {
		return true
	}
	f.note(CodeEmpty, ocpi.SeverityInfo, "the file is empty, want at least one record")
	return false
}

// rejectFile gives up on the whole file.
func (f *framer) rejectFile(code ocpi.Code, what string) {
	place := f.place()
	want := "want JSON objects, one a line or in an array, as UTF-8 text, plain, gzip or zstd"
	f.reject(place, code, "%s, %s; the file is not read", what, want)
}

// beginsValue reports that a line begins with an object or an array.
func beginsValue(head []byte) bool {
	for len(head) > 0 {
		line := head
		if i := bytes.IndexByte(head, '\n'); i >= 0 {
			line, head = head[:i], head[i+1:]
		} else {
			head = nil
		}
		line = bytes.TrimLeft(line, " \t\r,")
		if len(line) > 0 && (line[0] == '{' || line[0] == '[') {
			return true
		}
	}
	return false
}

// magics are the first bytes of formats that people hand over by mistake.
var magics = []struct {
	magic string
	code  ocpi.Code
	what  string
}{
	{"\xff\xfe\x00\x00", CodeEncoding, "found UTF-32 text; convert it with iconv -f UTF-32 -t UTF-8"},
	{"\x00\x00\xfe\xff", CodeEncoding, "found UTF-32 text; convert it with iconv -f UTF-32 -t UTF-8"},
	{"\xff\xfe", CodeEncoding, "found UTF-16 text; convert it with iconv -f UTF-16 -t UTF-8"},
	{"\xfe\xff", CodeEncoding, "found UTF-16 text; convert it with iconv -f UTF-16 -t UTF-8"},
	{"\x1f\x8b", CodeFormat, "found gzip inside compressed data; decompress it once"},
	{"\x28\xb5\x2f\xfd", CodeFormat, "found zstd inside compressed data; decompress it once"},
	{"\xfd7zXZ", CodeFormat, "found xz; decompress it with xz -d"},
	{"BZh", CodeFormat, "found bzip2; decompress it with bzip2 -d"},
	{"PK\x03\x04", CodeFormat, "found a ZIP archive or a spreadsheet; unpack it, or save it as CSV"},
	{"\xd0\xcf\x11\xe0", CodeFormat, "found an encrypted spreadsheet, or one of the old format (XLS); save it without a password, as XLSX or CSV"},
	{"PAR1", CodeFormat, "found Parquet where text is read"},
	{"%PDF-", CodeFormat, "found PDF; ask for the data behind it"},
}

// foreign names an encoding or format that is not read here; an empty code is none.
func foreign(head []byte) (ocpi.Code, string) {
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.magic)) {
			return m.code, m.what
		}
	}
	if n := min(len(head), 4); n >= 2 && bytes.Count(head[:n], []byte{0}) == n/2 && (head[0] == 0) != (head[1] == 0) {
		return CodeEncoding, "found UTF-16 text without a mark; convert it with iconv -f UTF-16LE -t UTF-8 (or UTF-16BE)"
	}
	return "", ""
}
