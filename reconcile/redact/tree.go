package redact

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// deepest is how far values may be nested, as in records that are read.
const deepest = 64

// node is a JSON value. Members keep their order, and numbers their spelling.
type node struct {
	kind    nodeKind
	text    string // of a text, unescaped; of a number or a word, as written
	names   []string
	content []node // of a list; of an object beside its names
}

type nodeKind uint8

const (
	isWord nodeKind = iota // true, false, null
	isNumber
	isText
	isList
	isObject
)

func (n node) null() bool   { return n.kind == isWord && n.text == "null" }
func (n node) scalar() bool { return n.kind < isList }

func textNode(text string) node { return node{kind: isText, text: text} }

// parse reads one JSON value and nothing behind it.
func parse(raw []byte) (node, error) {
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))))
	dec.UseNumber()
	n, err := parseValue(dec, 0)
	if err != nil {
		return node{}, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return node{}, errors.New("more than one JSON value")
	}
	return n, nil
}

func parseValue(dec *json.Decoder, depth int) (node, error) {
	token, err := dec.Token()
	if err != nil {
		return node{}, err
	}
	switch t := token.(type) {
	case json.Delim:
		if depth >= deepest {
			return node{}, errors.New("nested too deeply")
		}
		return parseContent(dec, t == '{', depth+1)
	case json.Number:
		return node{kind: isNumber, text: t.String()}, nil
	case string:
		return textNode(t), nil
	case bool:
		if t {
			return node{text: "true"}, nil
		}
		return node{text: "false"}, nil
	}
	return node{text: "null"}, nil
}

func parseContent(dec *json.Decoder, object bool, depth int) (node, error) {
	n := node{kind: isList}
	if object {
		n.kind = isObject
	}
	for dec.More() {
		if object {
			name, err := dec.Token()
			if err != nil {
				return node{}, err
			}
			text, _ := name.(string) // nothing else is a name
			n.names = append(n.names, text)
		}
		v, err := parseValue(dec, depth)
		if err != nil {
			return node{}, err
		}
		n.content = append(n.content, v)
	}
	_, err := dec.Token()
	return n, err
}

// sorted is the value with the members of objects in order of their names.
func (n node) sorted() node {
	if n.scalar() {
		return n
	}
	out := node{kind: n.kind, content: make([]node, len(n.content))}
	order := make([]int, len(n.content))
	for i := range order {
		order[i] = i
	}
	if n.kind == isObject {
		slices.SortStableFunc(order, func(a, b int) int { return strings.Compare(n.names[a], n.names[b]) })
	}
	for i, at := range order {
		out.content[i] = n.content[at].sorted()
		if n.kind == isObject {
			out.names = append(out.names, n.names[at])
		}
	}
	return out
}

// append writes a value without white space.
func (n node) append(dst []byte) []byte {
	switch n.kind {
	case isWord, isNumber:
		return append(dst, n.text...)
	case isText:
		return appendText(dst, n.text)
	}
	open, end := byte('['), byte(']')
	if n.kind == isObject {
		open, end = '{', '}'
	}
	dst = append(dst, open)
	for i, v := range n.content {
		if i > 0 {
			dst = append(dst, ',')
		}
		if n.kind == isObject {
			dst = append(appendText(dst, n.names[i]), ':')
		}
		dst = v.append(dst)
	}
	return append(dst, end)
}

func appendText(dst []byte, text string) []byte {
	dst = append(dst, '"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r < ' ' || r == 0x7f:
			const hex = "0123456789abcdef"
			dst = append(dst, '\\', 'u', '0', '0', hex[r>>4], hex[r&15])
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return append(dst, '"')
}
