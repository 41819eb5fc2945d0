package ocpi

import (
	"bytes"
	"strconv"
	"strings"
)

// BodyDifference is a place where two records hold different values.
type BodyDifference struct {
	Pointer string // RFC 6901
	A, B    []byte // the JSON values as they stand in the records; nil where a record has none, or null
}

// Differences lists where the JSON values of two records differ: the first most of the places in the order of member names, and how many there
// are in all. As for SameBody, white space, the order of members and the notation of numbers do not count. Beyond it, a null is as good as
// no member, times are compared as instants (members named last_updated, …_date_time or, as in 2.1.1 sessions, …_datetime), and country_code,
// party_id and id of the record without regard to case (types, CiString). Items of lists are compared by their place. Where one of the records is
// no JSON, they differ as a whole, unless their bytes are the same.
func Differences(a, b []byte, most int) (list []BodyDifference, all int) {
	if bytes.Equal(a, b) {
		return nil, 0
	}
	a, b = withoutBOM(a), withoutBOM(b)
	d := differ{most: most}
	for _, raw := range [][]byte{a, b} {
		if s := (&scanner{b: raw}); !s.document() {
			d.found(a, b)
			return d.list, d.all
		}
	}
	d.value(bytes.TrimSpace(a), bytes.TrimSpace(b))
	return d.list, d.all
}

// differ walks two valid values side by side. Their nesting is bounded by the scan before.
type differ struct {
	path []string // escaped
	list []BodyDifference
	all  int
	most int
}

func (d *differ) found(a, b []byte) {
	if d.all++; len(d.list) == d.most {
		return
	}
	var pointer strings.Builder
	for _, p := range d.path {
		pointer.WriteString("/" + p)
	}
	d.list = append(d.list, BodyDifference{pointer.String(), orAbsent(a), orAbsent(b)})
}

// orAbsent is nil for null: OCPI has no other use for it.
func orAbsent(raw []byte) []byte {
	if string(raw) == "null" {
		return nil
	}
	return raw
}

func (d *differ) value(a, b []byte) {
	a, b = orAbsent(a), orAbsent(b)
	switch {
	case len(a) == 0 || len(b) == 0:
		if len(a) != len(b) {
			d.found(a, b)
		}
	case a[0] == '{' && b[0] == '{':
		d.object(a, b)
	case a[0] == '[' && b[0] == '[':
		d.array(a, b)
	case !sameValue(a, b) && !d.same(a, b):
		d.found(a, b)
	}
}

// same compares texts of which more is known than that they are texts.
func (d *differ) same(a, b []byte) bool {
	if a[0] != '"' || b[0] != '"' || len(d.path) == 0 {
		return false
	}
	a, b = unescape(nil, a[1:len(a)-1]), unescape(nil, b[1:len(b)-1])
	switch name := d.path[len(d.path)-1]; {
	case name == "last_updated" || strings.HasSuffix(name, "_date_time") || strings.HasSuffix(name, "_datetime"):
		x, _, okX := parseTime(a)
		y, _, okY := parseTime(b)
		return okX && okY && x.Equal(y)
	case len(d.path) == 1 && (name == "country_code" || name == "party_id" || name == "id"):
		return bytes.EqualFold(bytes.TrimSpace(a), bytes.TrimSpace(b))
	}
	return false
}

func (d *differ) at(name string, a, b []byte) {
	d.path = append(d.path, name)
	d.value(a, b)
	d.path = d.path[:len(d.path)-1]
}

func (d *differ) object(a, b []byte) {
	own, other := properties(a), properties(b)
	for len(own) > 0 || len(other) > 0 {
		var x, y property
		switch c := compareProperties(own, other); {
		case c < 0:
			x, own = own[0], own[1:]
		case c > 0:
			y, other = other[0], other[1:]
		default:
			x, y, own, other = own[0], other[0], own[1:], other[1:]
		}
		name := x.name
		if name == nil {
			name = y.name
		}
		d.at(escapePointer(string(name)), x.value, y.value)
	}
}

// compareProperties says which of two sorted lists has the lesser first name; an empty list has the greatest.
func compareProperties(a, b []property) int {
	switch {
	case len(a) == 0:
		return 1
	case len(b) == 0:
		return -1
	}
	return bytes.Compare(a[0].name, b[0].name)
}

func (d *differ) array(a, b []byte) {
	s, t := scanner{b: a}, scanner{b: b}
	m, n := s.begin(']'), t.begin(']')
	for i := 0; m || n; i++ {
		var x, y []byte
		x, m = s.item(m)
		y, n = t.item(n)
		d.at(strconv.Itoa(i), x, y)
	}
}

// item is the value at hand of a list and whether another follows; nothing after the last.
func (s *scanner) item(more bool) ([]byte, bool) {
	if !more {
		return nil, false
	}
	from := s.p
	s.skip()
	return s.b[from:s.p], s.more(']')
}
