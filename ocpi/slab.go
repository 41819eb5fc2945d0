package ocpi

// slab hands out pieces of one kind from larger ones: a month decodes millions of records of the same few sizes, and most of what each
// costs in memory is the asking for it. A larger piece lives as long as any part of it is in use.
type slab[T any] struct {
	free []T
	back []*T // given back
}

// give takes a T back that nobody uses any more.
func (s *slab[T]) give(p *T) {
	var zero T
	*p = zero
	s.back = append(s.back, p)
}

// one returns a zero T: one that was given back, or one by itself, so that none keeps others, and all that they hold, in memory.
func (s *slab[T]) one() *T {
	if last := len(s.back) - 1; last >= 0 {
		p := s.back[last]
		s.back = s.back[:last]
		return p
	}
	return new(T)
}

// copyOf returns a copy of some T, with no room behind it; n is how many are made at a time.
func (s *slab[T]) copyOf(list []T, n int) []T {
	if len(list) > len(s.free) {
		s.free = make([]T, max(n, len(list)))
	}
	out := s.free[:len(list):len(list)]
	s.free = s.free[len(list):]
	copy(out, list)
	return out
}

// How many are made at a time.
const (
	slabPeriods    = 64
	slabDimensions = 128
)
