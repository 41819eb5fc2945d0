package pdf

import (
	"encoding/binary"
	"slices"
)

// subset is a font file with the outlines of the glyphs alone, each under its number. No glyph of the built-in faces is made of others.
func (f *face) subset(glyphs []uint16) []byte {
	keep := map[int]bool{0: true}
	for _, g := range glyphs {
		keep[int(g)] = true
	}
	var glyf, loca []byte
	for g, outline := range f.outlines {
		loca = binary.BigEndian.AppendUint16(loca, uint16(len(glyf)/2))
		if keep[g] {
			glyf = append(glyf, outline...)
		}
	}
	loca = binary.BigEndian.AppendUint16(loca, uint16(len(glyf)/2))
	tables := map[string][]byte{"glyf": glyf, "loca": loca}
	for _, name := range []string{"cvt ", "fpgm", "head", "hhea", "hmtx", "maxp", "prep"} {
		tables[name] = f.tables[name]
	}
	return fontFile(tables)
}

// fontFile puts tables together.
func fontFile(tables map[string][]byte) []byte {
	names := make([]string, 0, len(tables))
	for name := range tables {
		names = append(names, name)
	}
	slices.Sort(names)
	power, log := 1, 0
	for power*2 <= len(names) {
		power, log = power*2, log+1
	}
	out := []byte{0, 1, 0, 0}
	for _, n := range []int{len(names), 16 * power, log, 16 * (len(names) - power)} {
		out = binary.BigEndian.AppendUint16(out, uint16(n))
	}
	var body []byte
	head, start := 0, len(out)+16*len(names)
	for _, name := range names {
		table := slices.Clone(tables[name])
		if name == "head" {
			head = start + len(body)
			clear(table[adjustment : adjustment+4])
		}
		out = append(out, name...)
		for _, n := range []uint32{checksum(table), uint32(start + len(body)), uint32(len(table))} {
			out = binary.BigEndian.AppendUint32(out, n)
		}
		body = append(body, table...)
		body = append(body, make([]byte, -len(body)&3)...)
	}
	out = append(out, body...)
	binary.BigEndian.PutUint32(out[head+adjustment:], 0xB1B0AFBA-checksum(out))
	return out
}

// adjustment is where the table head makes the checksum of the file come out.
const adjustment = 8

func checksum(table []byte) uint32 {
	var sum uint32
	padded := append(slices.Clone(table), make([]byte, -len(table)&3)...)
	for ; len(padded) > 0; padded = padded[4:] {
		sum += binary.BigEndian.Uint32(padded)
	}
	return sum
}
