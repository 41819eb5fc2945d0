package pdf

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"strings"
)

// file numbers objects and writes them: streams as they come, others gathered in streams of objects (7.5.7).
type file struct {
	out     sink
	entries []entry // by number
	waiting []object
	sum     hash.Hash // of all streams
}

// entry is where an object stands (7.5.8.3).
type entry struct {
	kind  byte // 1 for itself, 2 in a stream of objects
	place int  // offset in the file, or number of the stream
	index int  // in the stream
}

type object struct {
	number int
	text   string
}

// perStream is how many objects are gathered in one.
const perStream = 250

func newFile(out sink) *file {
	f := &file{out: out, entries: make([]entry, 1), sum: sha256.New()}
	out.literal([]byte("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n"))
	return f
}

// reserve takes the next number.
func (f *file) reserve() int {
	f.entries = append(f.entries, entry{})
	return len(f.entries) - 1
}

// object writes an object that is no stream.
func (f *file) object(n int, format string, args ...any) {
	f.waiting = append(f.waiting, object{n, fmt.Sprintf(format, args...)})
	if len(f.waiting) == perStream {
		f.gather()
	}
}

// gather writes the objects that wait.
func (f *file) gather() {
	if len(f.waiting) == 0 {
		return
	}
	n := f.reserve()
	var head, body strings.Builder
	for i, o := range f.waiting {
		f.entries[o.number] = entry{2, n, i}
		fmt.Fprintf(&head, "%d %d ", o.number, body.Len())
		body.WriteString(o.text + "\n")
	}
	dict := fmt.Sprintf("/Type/ObjStm/N %d/First %d", len(f.waiting), head.Len())
	f.stream(n, dict, []byte(head.String()+body.String()))
	f.waiting = f.waiting[:0]
}

// stream writes a stream with members of its dictionary beside those of its compression.
func (f *file) stream(n int, members string, body []byte) {
	f.entries[n] = entry{1, f.out.offset(), 0}
	f.sum.Write(body)
	f.out.stream(fmt.Sprintf("%d 0 obj\n<<%s", n, members), body)
}

// close writes where all objects stand (7.5.8) and ends the file. Its id follows from all that it holds.
func (f *file) close(root, info int) error {
	f.gather()
	id := hex.EncodeToString(f.sum.Sum(nil)[:16])
	n, start := f.reserve(), f.out.offset()
	f.entries[n] = entry{1, start, 0}
	table := []byte{0, 0, 0, 0, 0, 0xFF, 0xFF}
	for _, e := range f.entries[1:] {
		table = append(table, e.kind)
		table = binary.BigEndian.AppendUint32(table, uint32(e.place))
		table = binary.BigEndian.AppendUint16(table, uint16(e.index))
	}
	f.out.stream(fmt.Sprintf("%d 0 obj\n<</Type/XRef/Size %d/W[1 4 2]/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]", n, len(f.entries), root, info, id, id), table)
	f.out.literal(fmt.Appendf(nil, "startxref\n%d\n%%%%EOF\n", start))
	return f.out.end()
}
