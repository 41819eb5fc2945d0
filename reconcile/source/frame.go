package source

import (
	"bytes"
	"fmt"

	"github.com/nexacollect/reconcile/ocpi"
)

// framer cuts one file into records, a step at a time.
type framer struct {
	w      *window
	in     *input
	file   int32
	limits Limits
	out    *Batch // what was found since the last full batch

	records int
	stack   []container // what is open around the current position, outermost first
	started bool
	told    bool   // the flaw of the input has been reported
	plain   []byte // how the last object began that was no response

	indent   int  // white space before the current position on its line, -1 once something else stood there
	top      int  // the same of the last line that began with an outermost value
	fence    int  // objects end before a line that begins with so much white space and a brace; -1 is no fence
	fenceTop bool // the fence is at the indentation of outermost values
}

// container is an array or a response that is being read.
type container struct {
	array  bool
	status *status // of a response
}

// newFramer starts at the beginning of a file.
func newFramer(in *input, file int, opts Options) *framer {
	return &framer{
		w: newWindow(in, opts.buffer), in: in, file: int32(file), limits: opts.Limits, out: newBatch(file), fence: -1, top: -1,
	}
}

// step takes the next record, rejected stretch or piece of framing; false at the end of the file.
func (f *framer) step() bool {
	if !f.started {
		f.started = true
		return f.start()
	}
	c, ok := f.skipSpace()
	switch {
	case !ok:
		f.finish()
		return false
	case f.inArray():
		f.element(c)
	case len(f.stack) > 0:
		f.member(c)
	default:
		f.value(c)
	}
	return true
}

// inArray reports that the innermost container is an array.
func (f *framer) inArray() bool { return len(f.stack) > 0 && f.stack[len(f.stack)-1].array }

// skipSpace goes to the next byte that is neither white space nor a comma, and returns it.
func (f *framer) skipSpace() (byte, bool) {
	for {
		b := f.w.bytes()
		for i, c := range b {
			switch c {
			case '\n':
				f.indent = 0
			case ' ', '\t':
				if f.indent >= 0 {
					f.indent++
				}
			case '\r', ',':
			default:
				f.w.advance(i)
				return c, true
			}
		}
		f.w.advance(len(b))
		if !f.w.more() {
			return 0, false
		}
	}
}

// value takes an outermost value.
func (f *framer) value(c byte) {
	if f.indent >= 0 {
		f.top = f.indent
	}
	switch {
	case c == '[':
		f.open(container{array: true})
	case c == '{' && f.isResponse():
		f.open(container{status: new(status)})
	case c == '{':
		f.object()
	case c == bom[0] && f.mark():
	default:
		place := f.place()
		f.skipLine()
		f.reject(place, CodeSyntax, "found %d bytes that are no JSON object, want an object of { and }", f.since(place))
	}
}

// mark passes a byte order mark, which stands where files were put one behind the other.
func (f *framer) mark() bool {
	f.w.need(len(bom))
	if !bytes.HasPrefix(f.w.bytes(), bom) {
		return false
	}
	f.w.advance(len(bom))
	return true
}

// open enters a container by its first byte.
func (f *framer) open(c container) {
	f.stack = append(f.stack, c)
	f.w.advance(1)
	if !c.array {
		f.indent = -1
	}
}

// element takes an entry of an array, or its end.
func (f *framer) element(c byte) {
	switch {
	case c == ']':
		f.stack = f.stack[:len(f.stack)-1]
		f.skip(1)
	case c == '{' && f.isResponse():
		f.restart()
		f.open(container{status: new(status)})
	case c == '{':
		f.object()
	default:
		f.entry(c)
	}
}

// restart leaves a response that was not closed before the next value began.
func (f *framer) restart() {
	for i, c := range f.stack {
		if c.status != nil {
			f.note(CodeTruncated, ocpi.SeverityError, "another value begins inside a response, want the response closed before; its end may be missing")
			f.stack = f.stack[:i]
			return
		}
	}
}

// entry rejects an entry of an array that is no object. A name, a colon and a value, left over from an object that was cut
// before, go together.
func (f *framer) entry(c byte) {
	place, what := f.place(), nameOf(c)
	deepest, whole := f.skipValue(nil)
	for whole {
		if c, ok := f.skipBlank(); !ok || c != ':' {
			break
		}
		f.skip(1)
		if _, ok := f.skipBlank(); ok {
			_, whole = f.skipValue(nil)
		}
	}
	switch {
	case deepest > f.limits.Depth:
		f.reject(place, CodeDepth, "array entry of %d bytes is nested %d deep, above the nesting limit of %d", f.since(place), deepest, f.limits.Depth)
	case !whole && f.w.end:
		f.rejectRest(place, "array entry")
	default:
		f.reject(place, CodeSyntax, "array entry of %d bytes is %s, want an object of { and }", f.since(place), what)
	}
}

// nameOf says what kind of value a byte begins.
func nameOf(c byte) string {
	switch {
	case c == '"':
		return "a string"
	case c == '[':
		return "an array"
	case c == '-' || c >= '0' && c <= '9':
		return "a number"
	case c == 't' || c == 'f' || c == 'n':
		return "a literal"
	}
	return "no JSON value"
}

// finish reports what is still open at the end of the file.
func (f *framer) finish() {
	switch {
	case f.in.flaw != nil && !f.told:
		f.rejectRest(f.place(), "")
	case len(f.stack) > 0 && !f.told:
		f.note(CodeTruncated, ocpi.SeverityError, "the file ends inside %s, want it closed; records may be missing", f.stack[len(f.stack)-1])
	}
}

// String names the container.
func (c container) String() string {
	if c.array {
		return "an array"
	}
	return "a response"
}

// place is where the next record would stand.
func (f *framer) place() ocpi.Place {
	return ocpi.Place{File: f.in.name, Record: f.records + 1, Line: f.w.line, Offset: f.w.offset}
}

// since is how many bytes were read from the place on.
func (f *framer) since(place ocpi.Place) int64 { return f.w.offset - place.Offset }

// record takes the next n bytes as a record.
func (f *framer) record(n int) {
	place := f.place()
	f.records++
	f.out.hold(f.w.buf)
	f.out.Records = append(f.out.Records, ocpi.Record{Place: place, Bytes: f.w.bytes()[:n:n]})
	f.out.Refs = append(f.out.Refs, Ref{File: f.file, Length: int32(n), Offset: place.Offset, Record: int32(place.Record), Line: int32(place.Line)})
	f.out.bytes += n
	f.skip(n)
}

// skip passes n bytes of a line.
func (f *framer) skip(n int) {
	f.w.advance(n)
	f.indent = -1
}

// reject counts the bytes since place as one record that cannot be used.
func (f *framer) reject(place ocpi.Place, code ocpi.Code, format string, args ...any) {
	f.records++
	f.out.Rejected = append(f.out.Rejected, ocpi.Finding{
		Code: code, Severity: ocpi.SeverityBlock, Place: place, Message: fmt.Sprintf(format, args...),
	})
}

// rejectRest counts the bytes since place, up to the early end of the file, as one record that cannot be used.
func (f *framer) rejectRest(place ocpi.Place, what string) {
	f.told = true
	if flaw := f.in.flaw; flaw != nil {
		f.reject(place, flaw.code, "%s", flaw.message)
		return
	}
	f.reject(place, CodeTruncated, "the file ends inside %s that began %d bytes before, want it whole", article(what), f.since(place))
}

// article puts a or an before a noun.
func article(noun string) string {
	if noun != "" && (noun[0] == 'a' || noun[0] == 'o') {
		return "an " + noun
	}
	return "a " + noun
}

// note reports something about the file that loses no record.
func (f *framer) note(code ocpi.Code, severity ocpi.Severity, format string, args ...any) {
	f.out.Findings = append(f.out.Findings, ocpi.Finding{
		Code: code, Severity: severity, Place: f.place(), Message: fmt.Sprintf(format, args...),
	})
}
