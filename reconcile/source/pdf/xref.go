package pdf

import (
	"bytes"
	"cmp"
	"fmt"
	"strconv"
)

// file is a PDF with what is known of where its objects stand.
type file struct {
	raw     []byte
	limits  Limits
	entries map[int]entry
	trailer dict // of the last revision
	packed  map[int]*objectStream
	objects map[int]any // read before
	depth   int         // of references that are being followed
	err     error       // the first damage met on the way

	// What was done so far, against files that have the same bytes read again and again.
	values, searches, parsed, inflated int
}

// Bounds of these, beside that of values. What is parsed is bytes.
const (
	maxSearches = 64
	maxParsed   = 256 << 20
)

// worked takes account of what was parsed from an offset on.
func (f *file) worked(p *parser, from int) error {
	if f.parsed += p.at - from; f.parsed > maxParsed {
		return fmt.Errorf("%w: its objects overlap: more than %d bytes of them", ErrLimit, maxParsed)
	}
	return nil
}

// entry says where an object stands: at an offset, or in a stream of objects at an index.
type entry struct {
	free   bool
	offset int64
	stream int // number of the stream, 0 if none
	index  int
}

const (
	maxObjects   = 1 << 20
	maxRevisions = 1 << 10
	tailBytes    = 2 << 10 // within which the end of the file says where to begin
)

// readXref reads the cross-reference sections from the last revision back (7.5.4, 7.5.8).
func (f *file) readXref() error {
	tail := f.raw[max(0, len(f.raw)-tailBytes):]
	i := bytes.LastIndex(tail, []byte("startxref"))
	if i < 0 {
		return fmt.Errorf("%w: its end is missing", ErrDamaged)
	}
	p := &parser{b: tail, at: i + len("startxref"), file: f}
	start, err := p.object(0)
	next, ok := start.(int64)
	if err != nil || !ok {
		return p.fault("startxref names no place")
	}
	f.objects = map[int]any{}
	seen := map[int64]bool{}
	for todo := []int64{next}; len(todo) > 0; {
		at := todo[0]
		todo = todo[1:]
		if seen[at] {
			continue
		}
		if seen[at] = true; len(seen) > maxRevisions {
			return fmt.Errorf("%w: more than %d revisions", ErrLimit, maxRevisions)
		}
		p := &parser{b: f.raw, at: int(max(at, 0)), file: f}
		trailer, err := f.section(p)
		if err = cmp.Or(err, f.worked(p, int(max(at, 0)))); err != nil {
			return err
		}
		if f.trailer == nil {
			f.trailer = trailer
		}
		for _, key := range []name{"XRefStm", "Prev"} { // a hybrid file names a stream that goes before what is older
			if n, ok := trailer[key].(int64); ok {
				todo = append(todo, n)
			}
		}
	}
	return nil
}

// section reads one section, a table or a stream, and returns its trailer.
func (f *file) section(p *parser) (dict, error) {
	if p.at >= len(f.raw) {
		return nil, fmt.Errorf("%w: a table of objects is said to stand at byte %d, outside of the file", ErrDamaged, p.at)
	}
	if !p.take("xref") {
		return f.streamSection(p)
	}
	for !p.take("trailer") {
		first, count := p.pair()
		if count < 0 {
			return nil, p.fault("a table of objects is damaged")
		}
		for i := range count {
			offset, generation := p.pair()
			p.skip()
			kind := string(p.regular())
			if generation < 0 || kind != "n" && kind != "f" {
				return nil, p.fault("a table of objects is damaged")
			}
			if err := f.enter(first+i, entry{free: kind == "f", offset: offset}); err != nil {
				return nil, err
			}
		}
	}
	v, err := p.object(0)
	trailer, ok := v.(dict)
	if err != nil || !ok {
		return nil, p.fault("the trailer is damaged")
	}
	return trailer, nil
}

// pair reads two integers; −1 where they are none.
func (p *parser) pair() (a, b int64) {
	p.skip()
	a, err := strconv.ParseInt(string(p.regular()), 10, 64)
	if err != nil || a < 0 {
		return 0, -1
	}
	p.skip()
	b, err = strconv.ParseInt(string(p.regular()), 10, 64)
	if err != nil || b < 0 {
		return 0, -1
	}
	return a, b
}

// enter remembers where an object stands, if no later revision said so.
func (f *file) enter(number int64, e entry) error {
	if number < 0 || number >= 1<<31 {
		return nil // no reference can mean it
	}
	if _, known := f.entries[int(number)]; known {
		return nil
	}
	if len(f.entries) >= maxObjects {
		return fmt.Errorf("%w: more than %d objects", ErrLimit, maxObjects)
	}
	f.entries[int(number)] = e
	return nil
}

// streamSection reads a section that is a stream.
func (f *file) streamSection(p *parser) (dict, error) {
	_, v, err := f.indirect(p)
	s, ok := v.(*stream)
	if err != nil || !ok || s.dict["Type"] != name("XRef") {
		return nil, p.fault("a table of objects is missing")
	}
	data, err := s.decode()
	if err != nil {
		return nil, err
	}
	widths, err := xrefWidths(f.array(s.dict["W"]))
	if err != nil {
		return nil, err
	}
	index := f.array(s.dict["Index"])
	if index == nil {
		index = array{int64(0), s.dict["Size"]}
	}
	for i := 0; i+1 < len(index); i += 2 {
		first, ok1 := index[i].(int64)
		count, ok2 := index[i+1].(int64)
		if !ok1 || !ok2 {
			return nil, fmt.Errorf("%w: the numbers of a table of objects are missing", ErrDamaged)
		}
		for n := first; n < first+count && len(data) >= widths[3]; n++ {
			if err := f.enter(n, xrefEntry(data, widths)); err != nil {
				return nil, err
			}
			data = data[widths[3]:]
		}
	}
	return s.dict, nil
}

// xrefWidths are the bytes of the three fields of an entry, and of all.
func xrefWidths(w array) (out [4]int, err error) {
	for i := range min(len(w), 3) {
		n, ok := w[i].(int64)
		if !ok || n < 0 || n > 8 {
			return out, fmt.Errorf("%w: the widths of a table of objects are wrong", ErrDamaged)
		}
		out[i] = int(n)
		out[3] += int(n)
	}
	if len(w) < 3 || out[3] == 0 {
		return out, fmt.Errorf("%w: the widths of a table of objects are missing", ErrDamaged)
	}
	return out, nil
}

// xrefEntry reads an entry of a table that is a stream.
func xrefEntry(data []byte, widths [4]int) entry {
	var fields [3]int64
	for i, at := 0, 0; i < 3; i++ {
		for range widths[i] {
			fields[i] = fields[i]<<8 | int64(data[at])
			at++
		}
	}
	kind := fields[0]
	if widths[0] == 0 {
		kind = 1
	}
	switch kind {
	case 1:
		return entry{offset: fields[1]}
	case 2:
		return entry{stream: int(fields[1] & (1<<31 - 1)), index: int(fields[2] & (1<<31 - 1))}
	}
	return entry{free: true}
}
