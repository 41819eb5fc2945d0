package console

import (
	"io"
	"unicode"
	"unicode/utf8"
)

// Plain returns a writer that takes out of text what could disguise it on a terminal: escape sequences, other control characters and
// characters that change the direction of writing, which hostile records may hold. Line breaks and tabs stay. A character must not be
// split between two writes.
func Plain(w io.Writer) io.Writer { return &plain{w} }

type plain struct{ w io.Writer }

func (p *plain) Write(text []byte) (int, error) {
	if _, err := p.w.Write(visible(text)); err != nil {
		return 0, err
	}
	return len(text), nil
}

// visible replaces what is not fit to be shown; text that has nothing of the kind is returned as it is.
func visible(text []byte) []byte {
	var out []byte
	start := 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if disguises(r) {
			out = append(append(out, text[start:i]...), "\uFFFD"...)
			start = i + size
		}
		i += size
	}
	if start == 0 {
		return text
	}
	return append(out, text[start:]...)
}

func disguises(r rune) bool {
	return r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r))
}
