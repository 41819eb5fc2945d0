package source

import (
	"bytes"
	"slices"
)

// follows reports that what stands behind an object of n bytes belongs to the framing.
func (f *framer) follows(n int) bool {
	comma := false
	for i := n; i < n+lookahead; i++ {
		c, ok := f.w.at(i)
		switch {
		case !ok || c == '\n' || c == '{':
			return true
		case c == ' ' || c == '\t' || c == '\r':
		case c == ',':
			comma = true
		case c == ']':
			return f.inArray()
		case len(f.stack) == 0:
			return c == '['
		case f.inArray():
			return comma && !f.name(i)
		default:
			return c == '}' || comma && c == '"'
		}
	}
	return true
}

// lookahead is how far framing looks to tell what a byte belongs to.
const lookahead = 4 << 10

// name reports a string that is followed by a colon at position i.
func (f *framer) name(i int) bool {
	f.w.need(i + lookahead)
	b := f.w.bytes()[i:]
	b = b[:min(len(b), lookahead)]
	end := stringEnd(b)
	rest := bytes.TrimLeft(b[max(end, 0):], " \t\r\n")
	return end > 0 && len(rest) > 0 && rest[0] == ':'
}

// stringEnd is the length of the string that b begins with, -1 if it begins with none or its end is not in b.
func stringEnd(b []byte) int {
	if len(b) == 0 || b[0] != '"' {
		return -1
	}
	for i := 1; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		case '\n':
			return -1
		}
	}
	return -1
}

// skipJunk passes what stands behind a broken object: up to the next entry inside an array, else to the end of the line, where
// a response that is not closed by then is given up.
func (f *framer) skipJunk() {
	if !f.inArray() {
		f.skipLine()
		f.stack = slices.DeleteFunc(f.stack, func(c container) bool { return !c.array })
		return
	}
	for {
		b := f.w.bytes()
		if i := bytes.IndexAny(b, ",]{\n"); i >= 0 {
			f.skip(i)
			return
		}
		f.skip(len(b))
		if !f.w.more() {
			return
		}
	}
}

// skipLine goes to the end of the line.
func (f *framer) skipLine() {
	f.indent = -1
	for {
		if i := f.w.lineEnd(0); i >= 0 {
			f.w.advance(i)
			return
		}
		f.w.advance(len(f.w.bytes()))
		if !f.w.more() {
			return
		}
	}
}

// skipBlank goes to the next byte that is no white space, and returns it.
func (f *framer) skipBlank() (byte, bool) {
	for {
		b := f.w.bytes()
		rest := bytes.TrimLeft(b, " \t\r\n")
		f.skip(len(b) - len(rest))
		if len(rest) > 0 {
			return rest[0], true
		}
		if !f.w.more() {
			return 0, false
		}
	}
}

// skipValue passes any value, keeping its first bytes in head if that is given. It returns how deep it was nested, and whether
// its end was found. Of what is no value it passes what cannot belong to a record.
func (f *framer) skipValue(head *[]byte) (deepest int, whole bool) {
	var s scanner
	first, _ := f.w.at(0)
	quoted := first == '"'
	for start := true; ; start = false {
		b := f.w.bytes()
		n, done := 0, false
		switch {
		case quoted:
			n, done = s.quoted(b, start)
		case first == '{' || first == '[':
			n, done = s.scan(b)
		default:
			n, done = literal(b, start)
		}
		if head != nil {
			*head = append(*head, b[:min(n, cap(*head)-len(*head))]...)
		}
		f.skip(n)
		if done || !f.w.more() {
			return s.deepest, done || first != '{' && first != '[' && !quoted
		}
	}
}

// quoted goes to the end of a string, or of its line.
func (s *scanner) quoted(b []byte, start bool) (n int, done bool) {
	for i, c := range b {
		switch {
		case start && i == 0:
		case c == '\n':
			return i, true
		case s.escaped:
			s.escaped = false
		case c == '\\':
			s.escaped = true
		case c == '"':
			return i + 1, true
		}
	}
	return len(b), false
}

// literal goes to the end of a number or word.
func literal(b []byte, start bool) (n int, done bool) {
	from := 0
	if start && len(b) > 0 {
		from = 1
	}
	if i := bytes.IndexAny(b[from:], ",]}{[\": \t\r\n"); i >= 0 {
		return from + i, true
	}
	return len(b), false
}
