package source

import (
	"encoding/binary"
	"math/bits"
)

// scanner finds the end of a JSON object or array by counting brackets outside strings. It looks at 64 bytes at a time and
// needs no more than its own state between calls, so a value may arrive in pieces of any size.
type scanner struct {
	depth    int
	deepest  int // greatest depth seen
	inString bool
	escaped  bool // the last byte was a backslash that escapes the next
}

const blockBytes = 64

// scan reads on in b and returns how many bytes it took; done once the value that the first byte opened is closed.
func (s *scanner) scan(b []byte) (n int, done bool) {
	for ; n < len(b); n += blockBytes {
		var used int
		rest := b[n:]
		if len(rest) < blockBytes {
			used, done = s.slow(rest)
		} else {
			used, done = s.block((*[blockBytes]byte)(rest))
		}
		if done {
			return n + used, true
		}
	}
	return len(b), false
}

// block takes a full block of ASCII. The bytes inside strings follow from the parity of the quotes before them, as long as
// there is no backslash; a block with one is left to slow.
func (s *scanner) block(p *[blockBytes]byte) (n int, done bool) {
	var noQuotes, marks, all uint64
	for i := 0; i < blockBytes; i += 8 {
		w := binary.LittleEndian.Uint64(p[i:])
		all |= w
		noQuotes = noQuotes>>8 | pack((w^'"'*ones)+low7)
		folded := w & (0xdf * ones) // { and [ become 0x5b, } and ] 0x5d; 0x5c is the backslash, or a bar
		marks = marks>>8 | pack((folded+0x25*ones)&^(folded+0x22*ones))
	}
	inside := prefixXor(^noQuotes)
	if s.inString {
		inside = ^inside
	}
	if all&top != 0 || marks&inside != 0 || s.escaped {
		return s.slow(p[:])
	}
	s.inString = inside>>63 != 0
	depth, deepest := s.depth, s.deepest
	for ; marks != 0; marks &= marks - 1 {
		i := bits.TrailingZeros64(marks)
		c := int(p[i%blockBytes])
		if c&1 == 0 {
			continue // a backslash or bar, which is no JSON
		}
		if depth += c&2 - 1; depth <= 0 {
			s.depth, s.deepest, s.inString = depth, deepest, false
			return i + 1, true
		}
		deepest = max(deepest, depth)
	}
	s.depth, s.deepest = depth, deepest
	return blockBytes, false
}

// slow takes one byte at a time.
func (s *scanner) slow(b []byte) (n int, done bool) {
	for i, c := range b {
		switch {
		case s.escaped:
			s.escaped = false
		case s.inString:
			s.escaped = c == '\\'
			s.inString = c != '"'
		case c == '"':
			s.inString = true
		case c == '{' || c == '[':
			s.depth++
			s.deepest = max(s.deepest, s.depth)
		case c == '}' || c == ']':
			if s.depth--; s.depth <= 0 {
				return i + 1, true
			}
		}
	}
	return len(b), false
}

const (
	ones = 0x0101010101010101
	low7 = 0x7f * ones
	top  = 0x80 * ones
)

// pack gathers the top bits of the eight bytes in the top byte.
func pack(w uint64) uint64 { return (w & top) * 0x0002040810204081 & (0xff << 56) }

// prefixXor sets every bit to the parity of the bits up to and including it.
func prefixXor(x uint64) uint64 {
	x ^= x << 1
	x ^= x << 2
	x ^= x << 4
	x ^= x << 8
	x ^= x << 16
	return x ^ x<<32
}
