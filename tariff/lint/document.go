package lint

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
)

// document is the text of a tariff, through which findings get their places and edits their bytes.
type document struct {
	raw    []byte
	place  ocpi.Place
	line   int // line feeds before lineAt
	lineAt int
}

// node is a value in a document. The zero node is no value.
type node struct {
	pointer    string
	start, end int
	in         int // where the object or array that holds it starts
	index      int // of its item there
}

func (n node) there() bool { return n.end > n.start }

func newDocument(rec ocpi.Record) *document { return &document{raw: rec.Bytes, place: rec.Place} }

// root is the whole record.
func (d *document) root() node {
	_, at, ok := ocpi.Lookup(d.raw, "")
	if !ok {
		return node{}
	}
	return node{start: at, end: len(d.raw), in: -1}
}

func (d *document) text(n node) []byte { return d.raw[n.start:n.end] }

// items are the members or values of a node, by offsets in the document.
func (d *document) items(n node) []ocpi.Item {
	if !n.there() {
		return nil
	}
	items, _ := ocpi.Items(d.text(n))
	for i := range items {
		items[i].Start += n.start
		items[i].Value += n.start
		items[i].End += n.start
	}
	return items
}

// member is the value of a member as reading takes it: the last of its name that is not null. single says that there is no other of
// that name.
func (d *document) member(n node, name string) (value node, single bool) {
	found := 0
	for i, it := range d.items(n) {
		if it.Name != name {
			continue
		}
		found++
		if d.raw[it.Value] != 'n' {
			value = node{pointer: n.pointer + "/" + name, start: it.Value, end: it.End, in: n.start, index: i}
		}
	}
	return value, found == 1
}

// path follows members by name.
func (d *document) path(n node, names ...string) node {
	for _, name := range names {
		n, _ = d.member(n, name)
	}
	return n
}

// list are the values of a list as the decoder reads it: null is passed over, and one value that is no list is a list of one.
func (d *document) list(n node) []node {
	if !n.there() || d.raw[n.start] == 'n' {
		return nil
	}
	if d.raw[n.start] != '[' {
		return []node{n}
	}
	var out []node
	for i, it := range d.items(n) {
		if d.raw[it.Value] != 'n' {
			out = append(out, node{pointer: n.pointer + "/" + strconv.Itoa(i), start: it.Value, end: it.End, in: n.start, index: i})
		}
	}
	return out
}

// at is the place of a byte in the input.
func (d *document) at(offset int) ocpi.Place {
	if offset >= d.lineAt {
		d.line += bytes.Count(d.raw[d.lineAt:offset], []byte{'\n'})
	} else {
		d.line -= bytes.Count(d.raw[offset:d.lineAt], []byte{'\n'})
	}
	d.lineAt = offset
	p := d.place
	p.Line = max(p.Line, 1) + d.line
	p.Offset += int64(offset)
	return p
}

// plain is the text of a JSON string without its quotes, as far as it needs no unescaping; other values as written.
func (d *document) plain(n node) string { return strings.Trim(string(d.text(n)), `"`) }

// first is the first value of a list, no value where it is empty.
func (d *document) first(n node) node {
	if list := d.list(n); len(list) > 0 {
		return list[0]
	}
	return node{}
}
