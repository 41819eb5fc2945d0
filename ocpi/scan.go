package ocpi

import "unicode/utf8"

// maxDepth is how deep objects and arrays may nest in a record.
const maxDepth = 64

// scanner walks JSON text by offset. It accepts what RFC 8259 accepts, and two things more that senders get wrong and a
// reader can survive: control characters and broken UTF-8 inside strings, both told to the caller by flags. The first
// syntax error stops it: fault says what, faultAt where, and the position is at the end so that every loop ends too.
type scanner struct {
	b       []byte
	p       int
	depth   int
	odd     flags // flags of all strings scanned so far
	oddAt   int   // where the first string with a control character or broken UTF-8 stands
	fault   string
	faultAt int
	tooDeep bool
}

// flags tell what a string holds besides plain ASCII.
type flags uint8

const (
	hasEscape  flags = 1 << iota
	hasHigh          // bytes beyond ASCII
	hasControl       // raw control characters, which JSON forbids
	hasBroken        // bytes that are no UTF-8
)

func (s *scanner) fail(at int, fault string) {
	if s.fault == "" {
		s.fault, s.faultAt = fault, min(at, len(s.b))
	}
	s.p = len(s.b)
}

// peek is the byte at hand, 0 at the end.
func (s *scanner) peek() byte {
	if s.p < len(s.b) {
		return s.b[s.p]
	}
	return 0
}

func (s *scanner) space() {
	for s.p < len(s.b) {
		switch s.b[s.p] {
		case ' ', '\t', '\n', '\r':
			s.p++
		default:
			return
		}
	}
}

// begin enters an object or array whose opening byte is at hand; it reports whether there is a first item.
func (s *scanner) begin(end byte) bool {
	if s.depth == maxDepth {
		s.tooDeep = true
		s.fail(s.p, "nested too deep")
		return false
	}
	s.depth++
	s.p++
	s.space()
	if s.peek() == end {
		s.p++
		s.depth--
		return false
	}
	return s.p < len(s.b) || s.end()
}

// end fails for lack of input.
func (s *scanner) end() bool {
	s.fail(len(s.b), "ends inside the record")
	return false
}

// more moves behind the comma to the next item, or out of the object or array.
func (s *scanner) more(end byte) bool {
	s.space()
	switch c := s.peek(); {
	case c == ',':
		s.p++
		s.space()
		return s.p < len(s.b) || s.end()
	case c == end && s.p < len(s.b):
		s.p++
		s.depth--
		return false
	case s.p >= len(s.b):
		return s.end()
	}
	s.fail(s.p, "a comma or the closing bracket is missing")
	return false
}

// key reads a member's name as written, without the quotes, and moves to its value. start and end are its offsets.
func (s *scanner) key() (start, end int, f flags) {
	if s.peek() != '"' {
		s.fail(s.p, "a member's name in quotes is missing")
		return s.p, s.p, 0
	}
	start, end, f = s.str()
	if b, p := s.b, s.p; p+1 < len(b) && b[p] == ':' && b[p+1] > ' ' { // no space: the way machines write it
		s.p = p + 1
		return start, end, f
	}
	s.space()
	if s.peek() != ':' {
		s.fail(s.p, "a colon is missing behind a member's name")
		return start, end, f
	}
	s.p++
	s.space()
	return start, end, f
}

const (
	lsb = 0x0101010101010101
	msb = 0x8080808080808080
)

// special marks in a word of eight bytes the lowest one that ends or complicates a string: a quote, a backslash, a control
// character or a byte beyond ASCII. Higher marks may be false. Exchanging bit 1 brings the quote (0x22) to 0x20, next to the
// control characters, and nothing else there; the marks that borrows make falsely below a byte beyond ASCII are its own.
func special(w uint64) uint64 {
	return (((w ^ lsb*2) - lsb*0x21) | ((w ^ lsb*'\\') - lsb) | w) & msb
}

// str scans the string at hand and returns the offsets of its content.
func (s *scanner) str() (start, end int, f flags) {
	if i := plainString(s.b, s.p); i > 0 {
		start, s.p = s.p+1, i
		return start, i - 1, 0
	}
	return s.oddString()
}

// oddString is str for a string that is not plain.
func (s *scanner) oddString() (start, end int, f flags) {
	b := s.b
	start = s.p + 1
	for i := start; i < len(b); {
		switch c := b[i]; {
		case c == '"':
			s.p = i + 1
			return start, i, s.judge(start, i, f)
		case c == '\\':
			n := escapeLength(b[i:])
			if n == 0 {
				s.fail(i, "a string holds an unknown escape")
				return start, start, 0
			}
			f |= hasEscape
			i += n
		case c >= utf8.RuneSelf:
			f |= hasHigh
			i++
		default:
			if c < ' ' {
				f |= hasControl
			}
			i++
		}
	}
	s.fail(len(b), "a string does not end")
	return start, start, 0
}

// judge completes the flags of a string and remembers the first odd one.
func (s *scanner) judge(start, end int, f flags) flags {
	if f&hasHigh != 0 && !utf8.Valid(s.b[start:end]) {
		f |= hasBroken
	}
	if f&(hasControl|hasBroken) != 0 && s.odd&(hasControl|hasBroken) == 0 {
		s.oddAt = start - 1
	}
	s.odd |= f
	return f
}

// escapeLength is the length of the escape at the start of b, 0 where it is none.
func escapeLength(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	switch b[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if len(b) < 6 {
			return 0
		}
		for _, c := range b[2:6] {
			if hexValue(c) < 0 {
				return 0
			}
		}
		return 6
	}
	return 0
}

func hexValue(c byte) rune {
	switch {
	case '0' <= c && c <= '9':
		return rune(c - '0')
	case 'a' <= c && c <= 'f':
		return rune(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return rune(c-'A') + 10
	}
	return -1
}

// numberLength is the length of the JSON number at the start of b, 0 where there is none.
func numberLength(b []byte) int {
	i := 0
	if i < len(b) && b[i] == '-' {
		i++
	}
	from := i
	for i < len(b) && b[i]-'0' <= 9 { // by hand: most numbers are short
		i++
	}
	if i == from || b[from] == '0' && i-from > 1 { // no leading zeros
		return 0
	}
	if i < len(b) && b[i] == '.' {
		from = i + 1
		for i = from; i < len(b) && b[i]-'0' <= 9; {
			i++
		}
		if i == from {
			return 0
		}
	}
	if i < len(b) && (b[i] == 'e' || b[i] == 'E') {
		j := i + 1
		if j < len(b) && (b[j] == '+' || b[j] == '-') {
			j++
		}
		n := digitCount(b[j:])
		if n == 0 {
			return 0
		}
		i = j + n
	}
	return i
}

func digitCount(b []byte) int {
	for i, c := range b {
		if c < '0' || c > '9' {
			return i
		}
	}
	return len(b)
}

// num scans the number at hand and returns its text.
func (s *scanner) num() []byte {
	n := numberLength(s.b[s.p:])
	if n == 0 {
		s.fail(s.p, "a number is malformed")
		return nil
	}
	text := s.b[s.p : s.p+n]
	s.p += n
	return text
}

// word scans true, false or null.
func (s *scanner) word(w string) {
	if len(s.b)-s.p >= len(w) && string(s.b[s.p:s.p+len(w)]) == w {
		s.p += len(w)
		return
	}
	s.fail(s.p, "a value is malformed")
}

// document scans white space, one value and white space, and reports whether that is all there is.
func (s *scanner) document() bool {
	s.space()
	s.skip()
	s.close()
	return s.fault == ""
}

// close scans to the end, where nothing but white space may follow.
func (s *scanner) close() {
	s.space()
	if s.p < len(s.b) {
		s.fail(s.p, "more text follows the record")
	}
}
