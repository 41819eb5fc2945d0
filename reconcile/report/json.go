package report

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/tariff"
)

const hexDigits = "0123456789abcdef"

// appendText appends a value from a record as a JSON string. The bytes are ASCII without <, > and &, so that nothing in them ends
// the script element that holds them.
func appendText(dst []byte, s string) []byte {
	if len(s) <= maxText && unsafeAt(s, 0) == len(s) {
		return append(append(append(dst, '"'), s...), '"')
	}
	return appendQuoted(dst, visible(s))
}

// asIs are the bytes that stand for themselves in appendQuoted.
var asIs = func() (set [256]bool) {
	for c := byte(0x20); c < 0x7f; c++ {
		set[c] = !strings.ContainsRune(`"\<>&'`, rune(c))
	}
	return set
}()

// unsafeAt is the place of the next byte from i on that does not stand for itself.
func unsafeAt(s string, i int) int {
	for i < len(s) && asIs[s[i]] {
		i++
	}
	return i
}

// appendQuoted is appendText for our own words.
func appendQuoted(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for i := 0; ; {
		end := unsafeAt(s, i)
		dst = append(dst, s[i:end]...)
		if end == len(s) {
			break
		}
		i = end
		r, size := utf8.DecodeRuneInString(s[i:])
		dst = appendRune(dst, r)
		i += size
	}
	return append(dst, '"')
}

func appendRune(dst []byte, r rune) []byte {
	if r < 0x10000 {
		return appendUnit(dst, uint16(r))
	}
	r -= 0x10000
	return appendUnit(appendUnit(dst, uint16(0xd800+r>>10)), uint16(0xdc00+r&0x3ff))
}

func appendUnit(dst []byte, u uint16) []byte {
	return append(dst, '\\', 'u', hexDigits[u>>12], hexDigits[u>>8&15], hexDigits[u>>4&15], hexDigits[u&15])
}

// appendNumber appends a decimal as a string, "" where there is none.
func appendNumber(dst []byte, n ocpi.Number) []byte {
	dst = append(dst, '"')
	if n.Present {
		dst = append(dst, n.Value.Output()...)
	}
	return append(dst, '"')
}

// maxShared limits the table; what comes later is written out where it stands.
const maxShared = 1 << 16

// table holds JSON values that many details repeat: pointers, notes, tariffs. A detail refers to an entry by a mark, which link
// replaces by the entry's number among those that the page still uses.
type table struct {
	ids     map[string]int
	entries []string
	rules   map[string]int // entries of rules, by name
}

// Marks around an entry's number in a detail; JSON text holds no such bytes.
const (
	openMark  = 0x01
	closeMark = 0x02
)

// text refers to a string.
func (t *table) text(dst []byte, s string) []byte {
	if s == "" {
		return append(dst, '"', '"')
	}
	at := len(dst)
	dst = appendText(dst, s)
	return t.ref(dst, at)
}

// rule refers to a rule of pricing: [its name in words, what it means].
func (t *table) rule(dst []byte, name string) []byte {
	if name == "" {
		return append(dst, '"', '"')
	}
	at := len(dst)
	if id, ok := t.rules[name]; ok {
		return t.mark(dst, at, id)
	}
	doc, _ := tariff.RuleDoc(name)
	dst = appendText(append(dst, '['), strings.ReplaceAll(name, "-", " "))
	dst = append(appendQuoted(append(dst, ','), doc), ']')
	id, ok := t.intern(dst[at:])
	if !ok {
		return dst
	}
	if t.rules == nil {
		t.rules = map[string]int{}
	}
	t.rules[strings.Clone(name)] = id
	return t.mark(dst, at, id)
}

// ref replaces the value that stands in dst from at on by a reference to it; where the table is full it stays.
func (t *table) ref(dst []byte, at int) []byte {
	if id, ok := t.intern(dst[at:]); ok {
		return t.mark(dst, at, id)
	}
	return dst
}

func (t *table) intern(value []byte) (id int, ok bool) {
	if id, ok = t.ids[string(value)]; ok {
		return id, true
	}
	if len(t.entries) == maxShared {
		return 0, false
	}
	if t.ids == nil {
		t.ids = map[string]int{}
	}
	id = len(t.entries)
	t.entries = append(t.entries, string(value))
	t.ids[t.entries[id]] = id
	return id, true
}

func (t *table) mark(dst []byte, at, id int) []byte {
	dst = append(dst[:at], openMark)
	dst = strconv.AppendInt(dst, int64(id), 10)
	return append(dst, closeMark)
}

// linker numbers the entries in the order of their first use.
type linker struct {
	table *table
	of    map[int]int
	used  []string
}

// link appends a detail with its marks resolved.
func (l *linker) link(dst, detail []byte) []byte {
	for i := 0; i < len(detail); i++ {
		if detail[i] != openMark {
			dst = append(dst, detail[i])
			continue
		}
		id := 0
		for i++; detail[i] != closeMark; i++ {
			id = id*10 + int(detail[i]-'0')
		}
		n, ok := l.of[id]
		if !ok {
			n = len(l.used)
			l.of[id] = n
			l.used = append(l.used, l.table.entries[id])
		}
		dst = strconv.AppendInt(dst, int64(n), 10)
	}
	return dst
}
