package source

import (
	"bytes"
)

// object is the scan of one object that begins at the current position.
type object struct {
	scanner
	n       int  // bytes scanned and still in memory
	lines   bool // it goes on behind its first line
	over    bool // it is larger than the limit, and its bytes are dropped as they come
	indent  int  // of its first line, -1 where something stands before it
	stopped stop
}

// stop says why the scan of an object ended.
type stop uint8

const (
	stopWhole stop = iota // closed
	stopLine              // its line ends, and JSON cannot go on in the next
	stopFence             // the next object begins before this one is closed
	stopEnd               // the file ends
)

// object frames or rejects the object that begins here.
func (f *framer) object() {
	if n := f.oneLine(); n > 0 {
		f.record(n)
		return
	}
	place := f.place()
	o := object{indent: f.indent}
	f.scan(&o)
	size := f.since(place) + int64(o.n)
	if o.over {
		f.skip(o.n)
		f.reject(place, CodeRecordSize, "record of %d bytes is above the record limit of %d bytes", size, f.limits.RecordBytes)
		f.passFence(&o)
		return
	}
	switch o.stopped {
	case stopWhole:
		f.whole(&o)
	case stopLine:
		f.skip(o.n)
		f.reject(place, CodeSyntax, "line of %d bytes is no whole object, want it closed on its line", size)
		if n := len(f.stack); n > 0 && !f.inArray() {
			f.stack = f.stack[:n-1]
		}
	case stopFence:
		f.cut(&o, o.n)
	case stopEnd:
		f.unfinished(&o)
	}
}

// oneLine is the length of an object that has its line to itself, 0 where that is not plain to see. This is the fast path: it
// takes braces in strings for braces, so it may miss an object. It finds one where there is none only if braces in several
// strings stand for missing ones; the decoder rejects that.
func (f *framer) oneLine() int {
	if f.indent < 0 {
		return 0
	}
	end := f.w.lineEnd(0)
	for end < 0 && len(f.w.bytes()) <= oneLineBytes {
		if !f.w.more() {
			end = len(f.w.bytes())
			break
		}
		end = f.w.lineEnd(0)
	}
	if end < 0 || end > oneLineBytes {
		return 0 // decided by the bytes of the file alone, never by how they arrived
	}
	line := f.w.bytes()[:end]
	n := len(line)
	for n > 0 && (line[n-1] == ',' || line[n-1] == '\r' || line[n-1] == ' ' || line[n-1] == '\t') {
		n--
	}
	if n > f.limits.RecordBytes || !paired(line[:n], f.limits.Depth) {
		return 0
	}
	return n
}

// oneLineBytes is the longest line for the fast path.
const oneLineBytes = 256 << 10

// paired reports that the braces of b pair up, that only the last one closes the first, that quotes pair up and none is
// escaped, and that there are as many opening as closing brackets, not enough to nest too deep.
func paired(b []byte, limit int) bool {
	lists := bytes.Count(b, []byte{'['})
	if lists != bytes.Count(b, []byte{']'}) || bytes.Count(b, []byte{'"'})%2 != 0 || bytes.IndexByte(b, '\\') >= 0 {
		return false
	}
	depth, opened := 0, 0
	for i := 0; ; {
		j := bytes.IndexByte(b[i:], '}')
		if j < 0 {
			return false
		}
		up := bytes.Count(b[i:i+j], []byte{'{'})
		opened += up
		depth += up - 1
		i += j + 1
		if depth <= 0 {
			return depth == 0 && i == len(b) && opened+lists <= limit
		}
	}
}

// whole takes an object that is closed.
func (f *framer) whole(o *object) {
	place := f.place()
	switch {
	case f.w.bytes()[o.n-1] != '}':
		f.skip(o.n)
		f.reject(place, CodeSyntax, "object of %d bytes is closed by ], want }", o.n)
	case !f.follows(o.n):
		f.skip(o.n)
		f.skipJunk()
		f.reject(place, CodeSyntax, "object of %d bytes is followed by something else, want the next object; %d bytes are left out", o.n, f.since(place))
	case o.deepest > f.limits.Depth:
		f.skip(o.n)
		f.reject(place, CodeDepth, "record of %d bytes is nested %d deep, above the nesting limit of %d", o.n, o.deepest, f.limits.Depth)
	default:
		f.record(o.n)
	}
}

// scan goes to the end of the object, or as far as it can.
func (f *framer) scan(o *object) {
	for {
		switch {
		case o.over:
			f.drop(o)
		case o.n > f.limits.RecordBytes && f.tooLarge(o):
			o.stopped = stopEnd
			return
		}
		b := f.w.bytes()
		end, atLineEnd := len(b), false
		if !o.lines || f.fence >= 0 {
			if i := f.w.lineEnd(o.n); i >= 0 {
				end, atLineEnd = i, true
			}
		}
		if most := f.limits.RecordBytes + 1; end >= most && !o.over {
			end, atLineEnd = most, false
		}
		used, done := o.scanner.scan(b[o.n:end])
		o.n += used
		if done {
			o.stopped = stopWhole
			o.over = o.over || o.n > f.limits.RecordBytes
			return
		}
		if end < len(b) && !atLineEnd {
			continue
		}
		if atLineEnd {
			if why := f.lineEnd(o); why != stopWhole {
				o.stopped = why
				return
			}
			o.lines = true
			o.scanner.scan(newline)
			o.n++
		} else if !f.w.more() {
			o.stopped = stopEnd
			return
		}
	}
}

// tooLarge handles an object above the limit: true if a place is in sight where the next object seems to begin, else its
// bytes are dropped from here on.
func (f *framer) tooLarge(o *object) bool {
	if o.lines && !o.over {
		if at, _, _ := f.resume(o); at >= 0 {
			return true
		}
		if f.fence < 0 {
			f.fence = o.indent
		}
	}
	o.over = true
	f.drop(o)
	return false
}

// drop gives up the bytes scanned so far.
func (f *framer) drop(o *object) {
	f.w.advance(o.n)
	o.n = 0
}

// lineEnd decides at the end of a line inside an object: stopWhole means that the object may go on.
func (f *framer) lineEnd(o *object) stop {
	if !o.lines && (o.over || !f.goesOn(o)) {
		return stopLine
	}
	if f.fence >= 0 && f.anchor(o.n+1, f.fence) {
		return stopFence
	}
	return stopWhole
}
