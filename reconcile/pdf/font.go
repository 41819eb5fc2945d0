package pdf

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"
)

// font is a face as one document uses it.
type font struct {
	*face
	resource string // its name on pages
	used     map[uint16]rune
}

func (f *font) width(text string, size length) length {
	units := 0
	for _, r := range text {
		units += f.advances[f.glyphs[r]]
	}
	return length(units * int(size) / f.em)
}

const digits = "0123456789ABCDEF"

// appendText appends the operators that show a text. What the face lacks is shown as its first glyph, a box, and named beside it (14.9.4).
func (f *font) appendText(out []byte, text string) []byte {
	lacking, open := false, false
	for i, r := range text {
		g, known := f.glyphs[r]
		if open && known == lacking {
			out, open = f.endRun(out, lacking), false
		}
		if !open {
			if lacking = !known; lacking {
				out = fmt.Appendf(out, "/Span<</ActualText %s>>BDC ", textString(missingRun(text[i:], f)))
			}
			out, open = append(out, '<'), true
		}
		if _, seen := f.used[g]; !seen {
			f.used[g] = r
		}
		out = append(out, digits[g>>12], digits[g>>8&15], digits[g>>4&15], digits[g&15])
	}
	if open {
		out = f.endRun(out, lacking)
	}
	return out
}

// missingRun is the beginning of the text that the face lacks.
func missingRun(text string, f *font) string {
	for i, r := range text {
		if _, known := f.glyphs[r]; known {
			return text[:i]
		}
	}
	return text
}

func (f *font) endRun(out []byte, lacking bool) []byte {
	out = append(out, "> Tj\n"...)
	if lacking {
		out = append(out, "EMC\n"...)
	}
	return out
}

// write writes the font as number n: its glyphs are numbered as in the face (9.7.4).
func (f *font) write(out *file, n int) {
	glyphs := make([]uint16, 0, len(f.used))
	for g := range f.used {
		glyphs = append(glyphs, g)
	}
	slices.Sort(glyphs)
	name := subsetTag(glyphs) + "+" + f.name
	descendant, descriptor, program, unicode := out.reserve(), out.reserve(), out.reserve(), out.reserve()
	out.object(n, "<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>", name, descendant, unicode)
	out.object(descendant, "<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"+
		"/FontDescriptor %d 0 R/CIDToGIDMap/Identity/DW 0/W[%s]>>", name, descriptor, f.widths(glyphs))
	const symbolic = 4 // its glyphs are told by number
	out.object(descriptor, "<</Type/FontDescriptor/FontName/%s/Flags %d/FontBBox[%d %d %d %d]/ItalicAngle 0/Ascent %d/Descent %d/CapHeight %d/StemV 80"+
		"/FontFile2 %d 0 R>>", name, symbolic, f.perMille(f.box[0]), f.perMille(f.box[1]), f.perMille(f.box[2]), f.perMille(f.box[3]),
		f.perMille(f.heights.up), f.perMille(f.heights.down), f.perMille(f.box[3]), program)
	text := f.subset(glyphs)
	out.stream(program, fmt.Sprintf("/Length1 %d", len(text)), text)
	out.stream(unicode, "", f.toUnicode(glyphs))
}

// subsetTag is six letters that tell subsets apart (9.6.4).
func subsetTag(glyphs []uint16) string {
	sum := sha256.Sum256([]byte(fmt.Sprint(glyphs)))
	tag := make([]byte, 6)
	for i := range tag {
		tag[i] = 'A' + sum[i]%26
	}
	return string(tag)
}

func (f *font) widths(glyphs []uint16) string {
	var b strings.Builder
	for _, g := range glyphs {
		fmt.Fprintf(&b, "%d[%d]", g, f.perMille(f.advances[g]))
	}
	return b.String()
}

// perBlock is how many characters a block of a ToUnicode map may tell.
const perBlock = 100

// toUnicode tells which character each glyph stands for (9.10.3).
func (f *font) toUnicode(glyphs []uint16) []byte {
	var b strings.Builder
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry(Adobe)/Ordering(UCS)/Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n")
	for block := range slices.Chunk(glyphs, perBlock) {
		fmt.Fprintf(&b, "%d beginbfchar\n", len(block))
		for _, g := range block {
			r := f.used[g]
			if g == 0 {
				r = '\uFFFD'
			}
			fmt.Fprintf(&b, "<%04X><%s>\n", g, hexText(string(r)))
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return []byte(b.String())
}

// hexText is a text in UTF-16BE.
func hexText(text string) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(text)) {
		fmt.Fprintf(&b, "%04X", unit)
	}
	return b.String()
}

// textString is a text outside of pages (7.9.2.2).
func textString(text string) string { return "<FEFF" + hexText(text) + ">" }
