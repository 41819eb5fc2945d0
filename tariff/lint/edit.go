package lint

import (
	"cmp"
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
)

// Op is what an edit does.
type Op string

// The operations.
const (
	OpRemove   Op = "remove"   // the members or values at Pointers
	OpReplace  Op = "replace"  // the value at Pointers[0] by Value
	OpRename   Op = "rename"   // the member at Pointers[0] to Value
	OpExchange Op = "exchange" // the values at the two Pointers
)

// Edit is a change of a tariff's text that cures a finding.
type Edit struct {
	Op       Op
	Pointers []string
	Value    string // JSON; of OpRename the name
	// Keeps says that every session costs the same before and after, under every reading of the open questions.
	Keeps bool
	// Proviso is what Keeps takes for granted of the session, "" where nothing.
	Proviso string

	splices []splice
	cuts    []cut
}

// splice puts text in the place of some bytes.
type splice struct {
	start, end int
	with       string
}

// cut takes an item out of the object or array that begins at in.
type cut struct {
	in, index  int
	start, end int // of the item, where the object or array is not looked into
}

func keeping(e *Edit) *Edit {
	if e != nil {
		e.Keeps = true
	}
	return e
}

func replace(n node, with string) *Edit {
	return &Edit{Op: OpReplace, Pointers: []string{n.pointer}, Value: with, splices: []splice{{n.start, n.end, with}}}
}

// drop takes out members or values; nil where their places are not certain.
func (l *linter) drop(certain bool, nodes ...node) *Edit {
	e := &Edit{Op: OpRemove}
	for _, n := range nodes {
		if !certain || !n.there() || n.in < 0 {
			return nil
		}
		e.Pointers = append(e.Pointers, n.pointer)
		e.cuts = append(e.cuts, cut{n.in, n.index, n.start, n.end})
	}
	return e
}

// dropElement takes out an element whose holding is certain. It keeps the meaning where the element never prices anything.
func (l *linter) dropElement(i int) *Edit {
	if l.elements[i].doubtful {
		return nil
	}
	return keeping(l.drop(true, l.elements[i].node))
}

// exchange swaps the values of two members of an object; nil where either is there more than once.
func (l *linter) exchange(owner, a, b node) *Edit {
	for _, n := range []node{a, b} {
		if !n.there() || n.in != owner.start {
			return nil
		}
		if _, single := l.doc.member(owner, lastStep(n.pointer)); !single {
			return nil
		}
	}
	return &Edit{
		Op: OpExchange, Pointers: []string{a.pointer, b.pointer},
		splices: []splice{{a.start, a.end, string(l.doc.text(b))}, {b.start, b.end, string(l.doc.text(a))}},
	}
}

// apply makes the edits that do not touch each other, in their order, and returns which it made.
func apply(raw []byte, edits []*Edit) (out []byte, made []*Edit) {
	var taken []splice
	cuts := map[int][]int{} // items by the place of what holds them
	for _, e := range edits {
		own := slices.Clone(e.splices)
		for _, c := range e.cuts {
			own = append(own, splice{start: c.start, end: c.end})
		}
		if slices.ContainsFunc(own, func(s splice) bool { return overlaps(taken, s) }) {
			continue
		}
		taken = append(taken, own...)
		made = append(made, e)
		for _, c := range e.cuts {
			cuts[c.in] = append(cuts[c.in], c.index)
		}
	}
	var splices []splice
	for _, e := range made {
		splices = append(splices, e.splices...)
	}
	for in, indexes := range cuts {
		splices = append(splices, cutting(raw, in, indexes)...)
	}
	return splicing(raw, splices), made
}

func overlaps(taken []splice, s splice) bool {
	return slices.ContainsFunc(taken, func(t splice) bool { return s.start < t.end && t.start < s.end })
}

// cutting takes items out of the object or array at in, each with the comma and the white space that belong to it.
func cutting(raw []byte, in int, indexes []int) []splice {
	items, _ := ocpi.Items(raw[in:])
	gone := make([]bool, len(items))
	for _, i := range indexes {
		gone[i] = true
	}
	first := slices.Index(gone, false) // the first that stays
	if first < 0 {
		last := items[len(items)-1].End
		closing := last + slices.IndexFunc(raw[in+last:], func(b byte) bool { return b == '}' || b == ']' })
		return []splice{{start: in + 1, end: in + closing}}
	}
	var out []splice
	if first > 0 {
		out = append(out, splice{start: in + items[0].Start, end: in + items[first].Start})
	}
	for i := first + 1; i < len(items); i++ {
		if gone[i] {
			out = append(out, splice{start: in + items[i-1].End, end: in + items[i].End})
		}
	}
	return out
}

// splicing makes splices that do not overlap.
func splicing(raw []byte, splices []splice) []byte {
	slices.SortFunc(splices, func(a, b splice) int { return cmp.Compare(a.start, b.start) })
	out := make([]byte, 0, len(raw))
	at := 0
	for _, s := range splices {
		out = append(append(out, raw[at:s.start]...), s.with...)
		at = s.end
	}
	return append(out, raw[at:]...)
}
