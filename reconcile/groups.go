package reconcile

import (
	"iter"
	"slices"
)

// Groups are lists of records that may bear on each other, each in order. A month has millions of them: all lie in one array, so that they cost a
// few bytes each and the garbage collector nothing.
type Groups struct {
	members []int32
	ends    []int32 // of each group, in members
}

// Len is the number of groups.
func (g Groups) Len() int { return len(g.ends) }

// At is the nth group.
func (g Groups) At(n int) []int32 {
	from := int32(0)
	if n > 0 {
		from = g.ends[n-1]
	}
	return g.members[from:g.ends[n]:g.ends[n]]
}

// All yields the groups in order.
func (g Groups) All() iter.Seq2[int, []int32] {
	return func(yield func(int, []int32) bool) {
		for n := range g.ends {
			if !yield(n, g.At(n)) {
				return
			}
		}
	}
}

// groups lists the sets.
func (s sets) groups() Groups {
	return s.gather(func(int32) int { return 1 }, func(to []int32, i int32) { to[0] = i })
}

// join makes one group of those that are in one set.
func (g Groups) join(s sets) Groups {
	out := s.gather(func(n int32) int { return len(g.At(int(n))) }, func(to []int32, n int32) { copy(to, g.At(int(n))) })
	for _, members := range out.All() {
		if !slices.IsSorted(members) {
			slices.Sort(members)
		}
	}
	return out
}

// gather makes a group of each set, in the order of their roots: of each thing in it, so many records as size says, which put puts there.
func (s sets) gather(size func(int32) int, put func(to []int32, i int32)) Groups {
	at := make([]int32, len(s)) // of a root: the size of its group, then where the next record of it goes
	for i := range int32(len(s)) {
		at[s.root(i)] += int32(size(i))
	}
	var out Groups
	end := int32(0)
	for i := range int32(len(s)) {
		if s[i] == i {
			at[i], end = end, end+at[i]
			out.ends = append(out.ends, end)
		}
	}
	out.members = make([]int32, end)
	for i := range int32(len(s)) {
		root := s.root(i)
		put(out.members[at[root]:], i)
		at[root] += int32(size(i))
	}
	return out
}
