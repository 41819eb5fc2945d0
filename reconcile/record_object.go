package reconcile

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// objectText is a JSON object under construction: members by path, those of one object inside it one after the other.
type objectText struct {
	members []textMember
	at      int // where insert puts its member
}

type textMember struct {
	path  string
	value []byte // JSON
}

func (o *objectText) set(path string, value []byte) {
	o.members = append(o.members, textMember{path, value})
}

// mark says that insert puts its member here.
func (o *objectText) mark() { o.at = len(o.members) }

func (o *objectText) insert(path string, value []byte) {
	o.members = slices.Insert(o.members, o.at, textMember{path, value})
}

func (o *objectText) has(path string) bool {
	return slices.ContainsFunc(o.members, func(m textMember) bool { return m.path == path })
}

// text is the object.
func (o *objectText) text() []byte {
	out := []byte{'{'}
	var open []string // the objects that are open
	for _, m := range o.members {
		names := strings.Split(m.path, ".")
		inside, name := names[:len(names)-1], names[len(names)-1]
		same := 0
		for same < len(open) && same < len(inside) && open[same] == inside[same] {
			same++
		}
		for range len(open) - same {
			out = append(out, '}')
		}
		open = open[:same]
		for _, n := range inside[same:] {
			out = append(appendName(out, n), '{')
			open = append(open, n)
		}
		out = append(appendName(out, name), m.value...)
	}
	return append(out, strings.Repeat("}", len(open)+1)...)
}

// appendName begins a member.
func appendName(out []byte, name string) []byte {
	if out[len(out)-1] != '{' {
		out = append(out, ',')
	}
	return append(append(out, quoteJSON(name)...), ':')
}

// quoteJSON is a text as JSON, in which marks of HTML stay as they are.
func quoteJSON(text string) []byte {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(text) // a string always can be
	return bytes.TrimSuffix(out.Bytes(), []byte{'\n'})
}
