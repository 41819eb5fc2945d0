package ocpi

import (
	"encoding/binary"
	"math/bits"
)

// memory remembers objects that keep coming in a month (places) by their bytes, so that each is decoded once. Only objects that
// gave no finding are remembered, and only plain ones: nothing but their value and their part in telling the version is to be
// repeated. A newer object with the same hash takes the slot, so that the memory never grows.
type memory[T any] struct{ slots []remembrance[T] }

type remembrance[T any] struct {
	text  string
	vi    int
	score lanes
	value T
}

// Bounds of a memory.
const (
	memorySlots   = 1 << 14
	longestMemory = 2048 // bytes of an object
)

// readRemembered reads the object at hand into dst, as readObject does, unless the same bytes were read before.
func readRemembered[T any](d *Decoder, mem *memory[T], t *table[T], dst *T) {
	at := d.p
	end := 0
	if d.peek() == '{' {
		end = skipPlain(d.b, at, maxDepth-d.depth)
	}
	if end == 0 || end-at > longestMemory {
		readObject(d, t, dst)
		return
	}
	text := d.b[at:end]
	slot := mem.slot(text)
	if slot.text == string(text) && slot.vi == d.vi {
		*dst, d.p = slot.value, end
		d.score += slot.score
		return
	}
	score, told, strangers := d.score, d.told, len(d.strangers)
	readObject(d, t, dst)
	if d.p == end && d.told == told && len(d.strangers) == strangers && d.fault == "" {
		*slot = remembrance[T]{text: string(text), vi: d.vi, score: d.score - score, value: *dst}
	}
}

// latest is the object of its kind that was read last: a session mostly names the very token of its CDR. Its text points into that record.
type latest[T any] struct {
	text  []byte
	vi    int
	score lanes
	value T
}

// readLatest reads the object at hand into dst, as readObject does, unless it is the latest one again. An object's text ends with its own
// bracket, so that text which begins with the whole of another's is that object.
func readLatest[T any](d *Decoder, last *latest[T], t *table[T], dst *T) {
	if n := len(last.text); n > 0 && last.vi == d.vi && len(d.b)-d.p >= n && string(d.b[d.p:d.p+n]) == string(last.text) {
		*dst, d.p = last.value, d.p+n
		d.score += last.score
		return
	}
	at, score, told, strangers := d.p, d.score, d.told, len(d.strangers)
	readObject(d, t, dst)
	last.text = nil
	if d.told == told && len(d.strangers) == strangers && d.odd&(hasControl|hasBroken) == 0 && d.fault == "" {
		*last = latest[T]{text: d.b[at:d.p], vi: d.vi, score: d.score - score, value: *dst}
	}
}

// slot is where an object of these bytes is remembered.
func (m *memory[T]) slot(text []byte) *remembrance[T] {
	if m.slots == nil {
		m.slots = make([]remembrance[T], memorySlots)
	}
	return &m.slots[hashText(text)%memorySlots]
}

// hashText spreads texts by all their bytes; it need only be quick, since a slot is compared with the whole text.
func hashText(b []byte) uint64 {
	const k = 0x9E3779B97F4A7C15
	h := uint64(len(b)) * k
	for ; len(b) >= 8; b = b[8:] {
		h = (bits.RotateLeft64(h, 5) ^ binary.LittleEndian.Uint64(b)) * k
	}
	for _, c := range b {
		h = (bits.RotateLeft64(h, 5) ^ uint64(c)) * k
	}
	return h >> 32
}

// periodMemory is the list of periods that was read last: the CDR of a session and the session itself mostly list the same.
type periodMemory struct {
	text    []byte // none where the list gave a finding, which would have to be repeated
	vi      int
	periods []ChargingPeriod
}

// recall returns the periods if their bytes stand at hand again. A list's text ends with its own bracket, so that text which begins with
// the whole of another list's is that list.
func (m *periodMemory) recall(d *Decoder) bool {
	if n := len(m.text); n == 0 || m.periods == nil || m.vi != d.vi || len(d.b)-d.p < n || string(d.b[d.p:d.p+n]) != string(m.text) {
		return false
	}
	d.p += len(m.text)
	return true
}
