package ocpi

import (
	"bytes"
	"slices"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

// SameBody reports whether two records hold the same JSON value: white space, member order and the notation of numbers do
// not count. Of members with the same name the last counts. What is no JSON is the same only byte by byte.
func SameBody(a, b []byte) bool {
	if bytes.Equal(a, b) {
		return true
	}
	a, b = withoutBOM(a), withoutBOM(b)
	for _, raw := range [][]byte{a, b} {
		if s := (&scanner{b: raw}); !s.document() {
			return false
		}
	}
	return sameValue(bytes.TrimSpace(a), bytes.TrimSpace(b))
}

// sameValue compares two valid values. Their nesting is bounded by the scan before.
func sameValue(a, b []byte) bool {
	if len(a) == 0 || len(b) == 0 {
		return len(a) == len(b)
	}
	switch {
	case a[0] == '{' && b[0] == '{':
		return sameObject(a, b)
	case a[0] == '[' && b[0] == '[':
		return sameArray(a, b)
	case a[0] == '"' && b[0] == '"':
		return bytes.Equal(unescape(nil, a[1:len(a)-1]), unescape(nil, b[1:len(b)-1]))
	case isNumber(a[0]) && isNumber(b[0]):
		return bytes.Equal(a, b) || sameNumber(a, b)
	}
	return bytes.Equal(a, b)
}

func isNumber(c byte) bool { return c == '-' || '0' <= c && c <= '9' }

func sameNumber(a, b []byte) bool {
	if len(a) > maxNumberText || len(b) > maxNumberText {
		return false
	}
	x, errX := exact.Parse(a)
	y, errY := exact.Parse(b)
	return errX == nil && errY == nil && x.Equal(y)
}

// property is a member of any object.
type property struct{ name, value []byte }

// properties lists the members of an object by name, without its commitment to an original.
func properties(raw []byte) []property {
	var all []property
	s := scanner{b: raw}
	for more := s.begin('}'); more; more = s.more('}') {
		start, end, f := s.key()
		name := raw[start:end]
		if f != 0 {
			name = unescape(nil, name)
		}
		from := s.p
		s.skip()
		if string(name) != OriginalMember {
			all = append(all, property{name, raw[from:s.p]})
		}
	}
	slices.SortStableFunc(all, func(a, b property) int { return bytes.Compare(a.name, b.name) })
	kept := all[:0]
	for i, p := range all {
		if i+1 == len(all) || !bytes.Equal(p.name, all[i+1].name) {
			kept = append(kept, p)
		}
	}
	return kept
}

func sameObject(a, b []byte) bool {
	return slices.EqualFunc(properties(a), properties(b), func(p, q property) bool {
		return bytes.Equal(p.name, q.name) && sameValue(p.value, q.value)
	})
}

func sameArray(a, b []byte) bool {
	s, t := scanner{b: a}, scanner{b: b}
	m, n := s.begin(']'), t.begin(']')
	for m && n {
		i, j := s.p, t.p
		s.skip()
		t.skip()
		if !sameValue(a[i:s.p], b[j:t.p]) {
			return false
		}
		m, n = s.more(']'), t.more(']')
	}
	return m == n
}
