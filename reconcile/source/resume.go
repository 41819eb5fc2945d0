package source

import "bytes"

// goesOn reports that JSON may go on behind the end of the object's first line.
func (f *framer) goesOn(o *object) bool {
	if o.inString {
		return false
	}
	next := byte(0)
	for i := o.n; i < o.n+f.limits.RecordBytes; i++ {
		c, ok := f.w.at(i)
		if !ok {
			return true // the file ends
		}
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			next = c
			break
		}
	}
	line := bytes.TrimRight(f.w.bytes()[:o.n], " \t\r")
	startsValue := bytes.IndexByte([]byte(`"{[-0123456789tfn`), next) >= 0
	switch last := line[len(line)-1]; last {
	case '{':
		return next == '"' || next == '}'
	case '[':
		return startsValue || next == ']'
	case ':':
		return startsValue
	case ',':
		return next == '"' || startsValue && innermost(line) == '['
	default:
		return next == ',' || next == '}' || next == ']' || next == ':' && last == '"'
	}
}

// innermost is the bracket that is still open at the end of b.
func innermost(b []byte) byte {
	var open []byte
	inString, escaped := false, false
	for _, c := range b {
		switch {
		case escaped:
			escaped = false
		case inString:
			escaped, inString = c == '\\', c != '"'
		case c == '"':
			inString = true
		case c == '{' || c == '[':
			open = append(open, c)
		case (c == '}' || c == ']') && len(open) > 0:
			open = open[:len(open)-1]
		}
	}
	if len(open) == 0 {
		return 0
	}
	return open[len(open)-1]
}

// anchor reports that the line at position i begins with so much white space and an object.
func (f *framer) anchor(i, indent int) bool {
	last := i + indent + len(", ")
	for n := 0; i <= last; i++ {
		c, ok := f.w.at(i)
		switch {
		case ok && c == '{':
			return n == indent
		case ok && (c == ' ' || c == '\t'):
			n++
		case ok && c == ',':
		default:
			return false
		}
	}
	return false
}

// unfinished takes an object that the file, or the limit, ends before it is closed.
func (f *framer) unfinished(o *object) {
	if at, fence, top := f.resume(o); at >= 0 {
		f.fence, f.fenceTop = fence, top
		f.cut(o, at)
		return
	}
	place := f.place()
	f.skip(o.n)
	if o.deepest > f.limits.Depth && f.in.flaw == nil {
		f.told = true
		f.reject(place, CodeDepth, "record of %d bytes is nested %d deep, above the nesting limit of %d, and is not closed", o.n, o.deepest, f.limits.Depth)
		return
	}
	f.rejectRest(place, "object")
}

// resume looks for the first line, behind the one on which the object begins, on which the next object seems to begin. It
// returns the position of the end of the line before, -1 if there is none.
func (f *framer) resume(o *object) (at, indent int, top bool) {
	indent = o.indent
	if indent < 0 {
		indent, top = f.top, true
	}
	if indent < 0 || !o.lines {
		return -1, -1, false
	}
	for at = 0; ; at++ {
		i := bytes.IndexByte(f.w.bytes()[at:o.n], '\n')
		if i < 0 {
			return -1, -1, false
		}
		if at += i; f.anchor(at+1, indent) {
			return at, indent, top
		}
	}
}

// cut rejects the first n bytes of an object that swallowed the next one.
func (f *framer) cut(o *object, n int) {
	place := f.place()
	f.skip(n)
	f.reject(place, CodeSyntax, "object of %d bytes is not closed before the next one begins, want a closing brace", n)
	f.passFence(o)
}

// passFence leaves all containers where the object was cut at the indentation of outermost values.
func (f *framer) passFence(o *object) {
	if f.fenceTop && o.stopped != stopWhole {
		f.stack = f.stack[:0]
	}
}
