package ocpi

import (
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

// unescape appends the text that the content of a JSON string stands for. Broken UTF-8 and lone surrogates become U+FFFD,
// so that what is read can always be written again.
func unescape(dst, raw []byte) []byte {
	for i := 0; i < len(raw); {
		c := raw[i]
		switch {
		case c == '\\':
			var n int
			dst, n = appendEscape(dst, raw[i:])
			i += n
		case c < utf8.RuneSelf:
			dst = append(dst, c)
			i++
		default:
			r, n := utf8.DecodeRune(raw[i:])
			dst = utf8.AppendRune(dst, r)
			i += n
		}
	}
	return dst
}

// appendEscape appends what the escape at the start of raw stands for, and returns how long it is.
func appendEscape(dst, raw []byte) ([]byte, int) {
	switch raw[1] {
	case 'b':
		return append(dst, '\b'), 2
	case 'f':
		return append(dst, '\f'), 2
	case 'n':
		return append(dst, '\n'), 2
	case 'r':
		return append(dst, '\r'), 2
	case 't':
		return append(dst, '\t'), 2
	case 'u':
		r, n := hexRune(raw), 6
		if utf16.IsSurrogate(r) {
			low := rune(-1)
			if len(raw) >= 12 && raw[6] == '\\' && raw[7] == 'u' {
				low = hexRune(raw[6:])
			}
			if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
				n = 12
			}
		}
		return utf8.AppendRune(dst, r), n
	}
	return append(dst, raw[1]), 2
}

// hexRune reads the four hexadecimal digits of an escape.
func hexRune(raw []byte) rune {
	var r rune
	for _, c := range raw[2:6] {
		r = r<<4 | hexValue(c)
	}
	return r
}

// internSlots is the size of the table of recent strings, a power of two; longer strings than internLength pass it by.
const (
	internSlots  = 2048
	internLength = 64
)

// interner gives equal bytes the same string, without an allocation as long as they keep coming: a month names few
// currencies, parties, places and connectors. A newer string with the same hash takes the slot, so the table never grows.
type interner struct{ slots []string }

func (t *interner) string(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if len(b) > internLength {
		return string(b)
	}
	if t.slots == nil {
		t.slots = make([]string, internSlots)
	}
	slot := &t.slots[hashBytes(b)&(internSlots-1)]
	if *slot != string(b) {
		*slot = string(b)
	}
	return *slot
}

// hashBytes spreads short texts by their length and both ends, where identifiers differ.
func hashBytes(b []byte) uint32 {
	var head, tail uint64
	switch n := len(b); {
	case n >= 8:
		head, tail = binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[n-8:])
	case n >= 4:
		head, tail = uint64(binary.LittleEndian.Uint32(b)), uint64(binary.LittleEndian.Uint32(b[n-4:]))
	case n > 0:
		head, tail = uint64(b[0])<<8|uint64(b[n/2]), uint64(b[n-1])
	}
	h := (head^uint64(len(b)))*0x9E3779B97F4A7C15 ^ tail*0xC2B2AE3D27D4EB4F
	return uint32(h>>32 ^ h>>17)
}
