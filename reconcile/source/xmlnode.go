package source

import (
	"encoding/xml"
	"strings"
)

// xmlNode is an element with what is inside it.
type xmlNode struct {
	name  string // local; of a foreign namespace "?"
	attrs []xml.Attr
	text  []byte
	kids  []*xmlNode
}

// Bounds of what is kept of a document beside its lines, and of a line.
const (
	maxNodes     = 1 << 18
	maxLineNodes = 1 << 14
	maxText      = 64 << 10 // of one element; what is longer, such as an attachment, is cut
)

// add appends character data, up to the bound.
func (n *xmlNode) add(data []byte) {
	if room := maxText - len(n.text); room > 0 {
		n.text = append(n.text, data[:min(len(data), room)]...)
	}
}

// all are the elements at a path below n: names with strokes between them.
func (n *xmlNode) all(path string) []*xmlNode {
	if n == nil {
		return nil
	}
	name, rest, deeper := strings.Cut(path, "/")
	var out []*xmlNode
	for _, k := range n.kids {
		switch {
		case k.name != name:
		case deeper:
			out = append(out, k.all(rest)...)
		default:
			out = append(out, k)
		}
	}
	return out
}

// first is the first element at a path, nil if there is none.
func (n *xmlNode) first(path string) *xmlNode {
	if all := n.all(path); len(all) > 0 {
		return all[0]
	}
	return nil
}

// at is the text of the first element at a path, white space around it taken off.
func (n *xmlNode) at(path string) string {
	k := n.first(path)
	if k == nil {
		return ""
	}
	return strings.TrimSpace(string(k.text))
}

// attribute is the value of an attribute of the first element at a path.
func (n *xmlNode) attribute(path, name string) string {
	if k := n.first(path); k != nil {
		return attribute(xml.StartElement{Attr: k.attrs}, name)
	}
	return ""
}
