package ocpi

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// skip scans the value at hand, of any kind.
func (s *scanner) skip() {
	if end := skipPlain(s.b, s.p, maxDepth-s.depth); end > 0 {
		s.p = end
		return
	}
	s.skipAny()
}

// skipAny is skip for what skipPlain leaves to it.
func (s *scanner) skipAny() {
	switch c := s.peek(); c {
	case '"':
		s.str()
	case '{':
		for more := s.begin('}'); more; more = s.more('}') {
			s.key()
			s.skipAny()
		}
	case '[':
		for more := s.begin(']'); more; more = s.more(']') {
			s.skipAny()
		}
	case 't':
		s.word("true")
	case 'f':
		s.word("false")
	case 'n':
		s.word("null")
	default:
		if s.p >= len(s.b) {
			s.end()
			return
		}
		s.num()
	}
}

// skipPlain returns the offset behind the value at b[i], or 0 where the value is anything but plain: wrong, deeper than room,
// or with a string that is more than printable ASCII without escapes. It keeps all its state in registers and is several
// times as fast as skipAny, which then has to find out.
func skipPlain(b []byte, i, room int) int {
	var objects uint64 // for each open bracket whether it is an object's, the innermost lowest
	depth := 0
	for i < len(b) {
		switch c := b[i]; {
		case c == '"':
			i = plainString(b, i)
		case c == '{' || c == '[':
			if depth++; depth > room {
				return 0
			}
			objects <<= 1
			i = plainSpace(b, i+1)
			if i < len(b) && b[i] == c+2 { // the closing bracket is two behind the opening one
				depth, objects, i = depth-1, objects>>1, i+1
				break
			}
			if c == '{' {
				objects |= 1
				i = plainKey(b, i)
			}
			if i == 0 {
				return 0
			}
			continue
		default:
			i = plainWord(b, i)
		}
		for { // behind a value
			if depth == 0 || i == 0 {
				return i
			}
			if i = plainSpace(b, i); i >= len(b) {
				return 0
			}
			c := b[i]
			if c == ',' {
				break
			}
			if objects&1 != 0 && c != '}' || objects&1 == 0 && c != ']' {
				return 0
			}
			depth, objects, i = depth-1, objects>>1, i+1
		}
		if i = plainSpace(b, i+1); objects&1 != 0 {
			if i = plainKey(b, i); i == 0 {
				return 0
			}
		}
	}
	return 0
}

func plainSpace(b []byte, i int) int {
	for i < len(b) && b[i] <= ' ' && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t') {
		i++
	}
	return i
}

// plainString returns the offset behind the string at b[i], 0 where it is not plain.
func plainString(b []byte, i int) int {
	for i++; i+8 <= len(b); i += 8 {
		if m := special(binary.LittleEndian.Uint64(b[i:])); m != 0 {
			if i += bits.TrailingZeros64(m) >> 3; i < len(b) && b[i] == '"' {
				return i + 1
			}
			return 0
		}
	}
	for ; i < len(b) && b[i] >= ' ' && b[i] < utf8.RuneSelf && b[i] != '\\'; i++ {
		if b[i] == '"' {
			return i + 1
		}
	}
	return 0
}

// plainKey returns the offset of the value whose name is at b[i].
func plainKey(b []byte, i int) int {
	if i >= len(b) || b[i] != '"' {
		return 0
	}
	if i = plainString(b, i); i == 0 {
		return 0
	}
	if i+1 < len(b) && b[i] == ':' && b[i+1] > ' ' { // no space: the way machines write it
		return i + 1
	}
	if i = plainSpace(b, i); i >= len(b) || b[i] != ':' {
		return 0
	}
	return plainSpace(b, i+1)
}

// plainWord returns the offset behind the number, boolean or null at b[i].
func plainWord(b []byte, i int) int {
	rest := b[i:]
	n := 0
	switch c := rest[0]; {
	case c == 't' && len(rest) >= 4 && string(rest[:4]) == "true", c == 'n' && len(rest) >= 4 && string(rest[:4]) == "null":
		n = 4
	case c == 'f' && len(rest) >= 5 && string(rest[:5]) == "false":
		n = 5
	default:
		n = numberLength(rest)
	}
	if n == 0 {
		return 0
	}
	return i + n
}
