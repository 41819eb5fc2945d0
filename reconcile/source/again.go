package source

import (
	"cmp"
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
)

// Bounds of what is read in one go, in bytes.
const (
	nearby   = 16 << 10 // what may lie between two records that are read together
	mostRead = 1 << 20
)

// Records reads records again, appending their bytes to dst; what it returns runs parallel to refs. Those that stand near each other in a
// file are read in one go. Safe for concurrent use; needs Options.Refetch.
func (s *Set) Records(dst []byte, refs []Ref) ([]byte, []ocpi.Record, error) {
	order := make([]int, len(refs))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		return cmp.Or(cmp.Compare(refs[i].File, refs[j].File), cmp.Compare(refs[i].Offset, refs[j].Offset))
	})
	out := make([]ocpi.Record, len(refs))
	for len(order) > 0 {
		n, stretch := together(refs, order)
		before := len(dst)
		var err error
		if dst, err = s.Fetch(dst, stretch); err != nil {
			return dst, nil, err
		}
		raw := dst[before:]
		f, err := s.file(stretch)
		if err != nil {
			return dst, nil, err
		}
		for _, i := range order[:n] {
			from, length := refs[i].Offset-stretch.Offset, int64(refs[i].Length)
			out[i] = ocpi.Record{Place: place(f, refs[i]), Bytes: raw[from : from+length : from+length]}
		}
		order = order[n:]
	}
	return dst, out, nil
}

// together is how many of the first refs, in order of place, are read in one go, and the stretch of the file that holds them.
func together(refs []Ref, order []int) (int, Ref) {
	stretch := refs[order[0]]
	for n := 1; n < len(order); n++ {
		next := refs[order[n]]
		end := stretch.Offset + int64(stretch.Length)
		if next.File != stretch.File || next.Offset > end+nearby || next.Offset+int64(next.Length) > stretch.Offset+mostRead {
			return n, stretch
		}
		stretch.Length = int32(max(end, next.Offset+int64(next.Length)) - stretch.Offset)
	}
	return len(order), stretch
}
