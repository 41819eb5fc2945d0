package ocpi

import (
	"math"
	"math/bits"
)

// meta is what the tables know of one member of an OCPI object. These tables are the one place that knows which version
// has which member and which versions demand it.
type meta struct {
	name   string
	in     Version  // versions that have it; 0 is all
	req    Version  // versions in which it is mandatory
	sev    Severity // of the finding that it is missing where mandatory, or cannot be read; 0 is warn
	max    int      // longest text in characters, 0 is any
	max211 int      // the same in 2.1.1, where it differs
	ci     bool     // a CiString: printable ASCII, case does not count
	price  bool     // misspelling it changes the price
	as     string   // the member that says the same in another version
	both   bool     // where both are there, both are read

	quoted string // the name as JSON has it before a value: in quotes, with the colon
	fills  uint64 // bits of this member and of those that say the same
	weight lanes
	limit  [versionCount]int
}

// versionCount is the number of versions.
const versionCount = 3

// index is the position of a single version, oldest first.
func (v Version) index() int { return bits.TrailingZeros8(uint8(v)) % versionCount }

// member is a member of object T and how it is read; a nil read means that settlement has no use for it.
type member[T any] struct {
	meta
	read func(d *Decoder, dst *T)
}

// table is the members of one object.
type table[T any] struct {
	members  []member[T]
	required [versionCount]uint64
	slots    [tableSlots]uint8
	words    *vocabulary
	number   int // among all tables
}

// vocabulary is the names of one object, and those of its relatives for which a sender may have taken them.
type vocabulary struct {
	object string // as messages call it
	metas  []*meta
	kin    []*vocabulary
	strict bool // what is unknown here changes the price
	open   bool // nothing is known here
}

// Members, of no version, that redacted copies of records have. With the first they commit to their originals; since it tells more than what a
// record says, SameBody and Differences do not look at it. The second tells apart what was withheld of them.
const (
	OriginalMember = "x_original"
	WithheldMember = "x_withheld"
)

const (
	tableSlots   = 128
	tableMembers = 64 // bits in a set
	mostTables   = 32
)

// tables is how many tables there are.
var tables int

// newTable prepares the members for reading.
func newTable[T any](object string, members []member[T], kin ...*vocabulary) *table[T] {
	if len(members) > tableMembers {
		panic("ocpi: too many members of " + object)
	}
	t := &table[T]{members: members, words: &vocabulary{object: object, kin: kin}, number: tables}
	if tables++; tables > mostTables {
		panic("ocpi: too many tables")
	}
	for i := range members {
		m := &members[i].meta
		if m.in == 0 {
			m.in = AnyVersion
		}
		if m.sev == 0 {
			m.sev = SeverityWarn
		}
		m.weight = weigh(m.in)
		for v := range m.limit {
			if m.limit[v] = m.max; m.max == 0 {
				m.limit[v] = math.MaxInt
			}
		}
		if m.max211 != 0 {
			m.limit[V211.index()] = m.max211
		}
		m.quoted = `"` + m.name + `":`
		m.fills |= 1 << i
		for j := range members {
			if m.as != "" && members[j].name == m.as {
				m.fills |= 1 << j
				members[j].fills |= 1 << i
			}
		}
		for v := range t.required {
			if m.req&(1<<v) != 0 {
				t.required[v] |= 1 << i
			}
		}
		t.place(m.name, i)
		t.words.metas = append(t.words.metas, m)
	}
	return t
}

// strict marks an object in which an unknown member changes the price.
func strict[T any](t *table[T]) *table[T] {
	t.words.strict = true
	return t
}

// open marks an object of which no member is known.
func open[T any](t *table[T]) *table[T] {
	t.words.open = true
	return t
}

func (t *table[T]) place(name string, i int) {
	slot := hashName([]byte(name))
	for t.slots[slot%tableSlots] != 0 {
		slot++
	}
	t.slots[slot%tableSlots] = uint8(i + 1)
}

// find returns the position of the member of that name, -1 where the object has none.
func (t *table[T]) find(name []byte) int {
	for slot := hashName(name); ; slot++ {
		i := int(t.slots[slot%tableSlots]) - 1
		if i < 0 || t.members[i].name == string(name) {
			return i
		}
	}
}

// successors are the members of each object that last followed each of its members, by their numbers plus one; the first of an object follows 0.
// Machines write the members of an object in one order.
type successors [mostTables][tableMembers + 1]uint8

// next reads the name at hand, unescaped, puts it on the path and finds it: its position, -1 where the object has none. before is the position of the member
// before, -1 for none.
func (t *table[T]) next(d *Decoder, before int) (i int, name []byte) {
	follows := &d.follows[t.number][before+1]
	if likely := int(*follows) - 1; likely >= 0 {
		quoted := t.members[likely].quoted
		if from, to := d.p, d.p+len(quoted); to < len(d.b) && string(d.b[from:to]) == quoted && d.b[to] > ' ' {
			d.path[len(d.path)-1] = frame{span{from + 1, to - 2}, -1}
			d.p = to
			return likely, d.b[from+1 : to-2]
		}
	}
	name = d.member()
	if i = t.find(name); i >= 0 {
		*follows = uint8(i + 1)
	}
	return i, name
}

// hashName spreads the names of members; it need only be quick.
func hashName(name []byte) uint32 {
	n := len(name)
	if n == 0 {
		return 0
	}
	h := uint32(n)*0x9E3779B1 + uint32(name[0])*0x85EBCA6B + uint32(name[n-1])*0xC2B2AE35 + uint32(name[n/2])*0x27D4EB2F
	return h>>15 ^ h>>24
}
