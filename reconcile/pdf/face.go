package pdf

import (
	"encoding/binary"
	"sync"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
)

// face is a TrueType font, of those built in, as far as it is needed. Its tables are those of the OpenType specification.
type face struct {
	name     string
	tables   map[string][]byte
	em       int                    // units
	glyphs   map[rune]uint16        // from cmap
	advances []int                  // units, by glyph
	outlines [][]byte               // by glyph
	box      [4]int                 // units: of all glyphs
	heights  struct{ up, down int } // units
}

// The faces, by whether they are bold.
var (
	regularFace = sync.OnceValue(func() *face { return parseFace("GoRegular", goregular.TTF) })
	boldFace    = sync.OnceValue(func() *face { return parseFace("Go-Bold", gobold.TTF) })
)

func u16(b []byte, at int) int { return int(binary.BigEndian.Uint16(b[at:])) }
func s16(b []byte, at int) int { return int(int16(binary.BigEndian.Uint16(b[at:]))) }
func u32(b []byte, at int) int { return int(binary.BigEndian.Uint32(b[at:])) }

// parseFace reads a font of ours: what it holds is known to be sound.
func parseFace(name string, data []byte) *face {
	f := &face{name: name, tables: map[string][]byte{}}
	for i := range u16(data, 4) {
		entry := data[12+16*i:]
		at := u32(entry, 8)
		f.tables[string(entry[:4])] = data[at : at+u32(entry, 12)]
	}
	head, hhea := f.tables["head"], f.tables["hhea"]
	f.em = u16(head, 18)
	for i := range f.box {
		f.box[i] = s16(head, 36+2*i)
	}
	f.heights.up, f.heights.down = s16(hhea, 4), s16(hhea, 6)
	f.parseGlyphs(u16(f.tables["maxp"], 4), u16(hhea, 34))
	f.parseCharacters()
	return f
}

// parseGlyphs reads the widths and where outlines stand. Offsets are short in all faces of ours.
func (f *face) parseGlyphs(count, metrics int) {
	hmtx, loca, glyf := f.tables["hmtx"], f.tables["loca"], f.tables["glyf"]
	f.advances, f.outlines = make([]int, count), make([][]byte, count)
	for g := range count {
		f.advances[g] = u16(hmtx, 4*min(g, metrics-1))
		f.outlines[g] = glyf[2*u16(loca, 2*g) : 2*u16(loca, 2*g+2)]
	}
}

// parseCharacters reads the map of Unicode (cmap, format 4).
func (f *face) parseCharacters() {
	cmap := f.tables["cmap"]
	f.glyphs = map[rune]uint16{}
	if cmap == nil {
		return // a subset, whose glyphs are told by number
	}
	for i := range u16(cmap, 2) {
		entry := cmap[4+8*i:]
		if u16(entry, 0) == 3 && u16(entry, 2) == 1 {
			f.parseSegments(cmap[u32(entry, 4):])
		}
	}
}

func (f *face) parseSegments(t []byte) {
	size := u16(t, 6) // of each list: ends, then a pad, starts, deltas and offsets
	for at := 0; at < size; at += 2 {
		end, start, delta, offset := u16(t, 14+at), u16(t, 16+size+at), u16(t, 16+2*size+at), u16(t, 16+3*size+at)
		for c := start; c <= end && c < 0xFFFF; c++ {
			g := c
			if offset != 0 {
				if g = u16(t, 16+3*size+at+offset+2*(c-start)); g == 0 {
					continue
				}
			}
			if g = (g + delta) & 0xFFFF; g != 0 {
				f.glyphs[rune(c)] = uint16(g)
			}
		}
	}
}

// perMille is a length of the face in thousandths of its em.
func (f *face) perMille(units int) int { return units * 1000 / f.em }
