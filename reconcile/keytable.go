package reconcile

import (
	"hash/maphash"
	"strings"
	"unicode/utf8"
)

// noValue is what OCPI senders write where an id is not available (mod_sessions, mod_cdrs); it names nothing.
const noValue = "#NA"

// named reports whether an id names something: blanks and #NA never tie records.
func named(id string) bool {
	if id != "" && ' ' < id[0] && id[0] < utf8.RuneSelf && id[0] != noValue[0] {
		return true // as nearly all begin: neither a space nor #NA
	}
	id = strings.TrimSpace(id)
	return id != "" && !strings.EqualFold(id, noValue)
}

// sameID compares ids as OCPI compares CiStrings: ASCII letters without regard to case (2.2.1 types, CiString). Spaces around an
// id are not part of it.
func sameID(a, b string) bool {
	if a == b {
		return true
	}
	a, b = strings.TrimSpace(a), strings.TrimSpace(b)
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if foldByte(a[i]) != foldByte(b[i]) {
			return false
		}
	}
	return true
}

func foldByte(c byte) byte {
	if 'a' <= c && c <= 'z' {
		return c - ('a' - 'A')
	}
	return c
}

// foldID is the form in which ids compare equal as sameID compares them.
func foldID(id string) string {
	id = strings.TrimSpace(id)
	for i := range len(id) {
		if foldByte(id[i]) != id[i] {
			folded := []byte(id)
			for j := i; j < len(folded); j++ {
				folded[j] = foldByte(folded[j])
			}
			return string(folded)
		}
	}
	return id
}

// keyTable numbers the keys of records in order of first sight. It holds a dozen bytes for each key and reads the key itself from the
// record that first carried it, where a map would hold folded copies: a month has millions of ids.
type keyTable struct {
	seed  maphash.Seed
	keyOf func(ref int32) (a, b string)
	slots []int32 // index into keys + 1, 0 is free
	keys  []tableKey
}

type tableKey struct {
	hash uint32
	ref  int32 // the first reference to the key
}

const minTableSlots = 16

// newKeyTable is a table with room for n keys; more make it grow.
func newKeyTable(n int, keyOf func(ref int32) (a, b string)) *keyTable {
	slots := minTableSlots
	for slots < 2*n {
		slots *= 2
	}
	return &keyTable{seed: maphash.MakeSeed(), keyOf: keyOf, slots: make([]int32, slots), keys: make([]tableKey, 0, n)}
}

// add returns the number of the key a, b, to which ref refers, and the first reference to it, which is ref itself for a new key.
func (t *keyTable) add(ref int32, a, b string) (number int, first int32) {
	if len(t.keys)*2 >= len(t.slots) {
		t.grow()
	}
	hash := t.hash(a, b)
	for at := hash & uint32(len(t.slots)-1); ; at = (at + 1) & uint32(len(t.slots)-1) {
		i := t.slots[at]
		if i == 0 {
			t.keys = append(t.keys, tableKey{hash, ref})
			t.slots[at] = int32(len(t.keys))
			return len(t.keys) - 1, ref
		}
		if k := t.keys[i-1]; k.hash == hash && t.same(k.ref, a, b) {
			return int(i - 1), k.ref
		}
	}
}

func (t *keyTable) same(ref int32, a, b string) bool {
	ka, kb := t.keyOf(ref)
	return sameID(ka, a) && sameID(kb, b)
}

func (t *keyTable) grow() {
	t.slots = make([]int32, 2*len(t.slots))
	for i, k := range t.keys {
		at := k.hash & uint32(len(t.slots)-1)
		for t.slots[at] != 0 {
			at = (at + 1) & uint32(len(t.slots)-1)
		}
		t.slots[at] = int32(i + 1)
	}
}

// hash depends on a random seed, so that no input can be made to collide; what is found does not depend on it.
func (t *keyTable) hash(a, b string) uint32 {
	var buf [96]byte
	folded := appendFolded(buf[:0], strings.TrimSpace(a))
	folded = append(folded, 0)
	folded = appendFolded(folded, strings.TrimSpace(b))
	return uint32(maphash.Bytes(t.seed, folded))
}

func appendFolded(dst []byte, s string) []byte {
	for i := range len(s) {
		dst = append(dst, foldByte(s[i]))
	}
	return dst
}
