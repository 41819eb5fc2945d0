package pdf

import (
	"strings"
	"unicode"
)

// length is hundredths of a point.
type length int

const point length = 100

// plain is a text as it is shown: in one line, without what controls a terminal or turns the direction of writing.
func plain(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, string([]rune(text))) // each byte that is no UTF-8 becomes U+FFFD
	return strings.Join(strings.Fields(text), " ")
}

const ellipsis = "…"

// wrap breaks a text into lines of a width: between words, and within one that is longer than a line. Where it takes more than most lines,
// the last ends with an ellipsis; most 0 is no bound.
func (s style) wrap(f *font, text string, width length, most int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(plain(text)) {
		if joined := strings.TrimPrefix(line+" "+word, " "); f.width(joined, s.size) <= width {
			line = joined
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for line = word; f.width(line, s.size) > width; {
			cut := fitting(f, line, s.size, width)
			lines, line = append(lines, line[:cut]), line[cut:]
		}
		if most > 0 && len(lines) > most {
			break
		}
	}
	lines = append(lines, line)
	if most > 0 && len(lines) > most {
		lines = lines[:most]
		last := lines[most-1]
		cut := fitting(f, last, s.size, width-f.width(ellipsis, s.size))
		lines[most-1] = last[:cut] + ellipsis
	}
	return lines
}

// fitting is how many bytes of a text fit into a width, a character at least.
func fitting(f *font, text string, size, width length) int {
	units := 0
	for i, r := range text {
		units += f.advances[f.glyphs[r]]
		if i > 0 && length(units*int(size)/f.em) > width {
			return i
		}
	}
	return len(text)
}
