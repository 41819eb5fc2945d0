package source

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"github.com/nexacollect/reconcile/ocpi"
)

// node is a column of a nested Parquet file and how its values become JSON.
type node struct {
	name       []byte // as JSON
	list       *node  // of a list, its elements
	members    []*node
	leaf       *column // of a value; nil of a group
	json       bool    // the value is JSON already
	children   int     // columns inside, those that are left out too
	index      int     // of a leaf, or of the first leaf below that is read
	last       int     // of the last leaf below
	definition int     // level from which the value is there
	repetition int     // of a repeated column: the level at which it repeats
	repeated   bool
}

var (
	errTooLarge = errors.New("above the record limit")
	errLevels   = errors.New("its columns have not as many values as their levels say")
)

// tree is the columns of a file.
type tree struct {
	*node
	leaves []int // that are read
	f      *framer
	next   int // leaf
}

// newTree reads the columns of a file. What cannot be read is left out with a finding.
func newTree(root *parquet.Column, f *framer) (*tree, error) {
	t := &tree{f: f}
	n, err := t.make(root, 0)
	if n == nil {
		n = &node{}
	}
	t.node, n.last = n, countLeaves(root)-1
	return t, err
}

// make makes the node of a column; nil if it is left out.
func (t *tree) make(c *parquet.Column, depth int) (*node, error) {
	if depth > t.f.limits.Depth {
		return nil, fmt.Errorf("its columns are nested deeper than the limit of %d", t.f.limits.Depth)
	}
	n := &node{
		name: quoteJSON(c.Name()), index: t.next, last: t.next, definition: c.MaxDefinitionLevel(), repetition: c.MaxRepetitionLevel(),
		repeated: c.Repeated(), children: len(c.Columns()),
	}
	if c.Leaf() {
		t.next++
		return t.value(n, c), nil
	}
	read := len(t.leaves)
	for _, child := range c.Columns() {
		m, err := t.make(child, depth+1)
		if err != nil {
			return nil, err
		}
		if m != nil {
			n.members = append(n.members, m)
		}
	}
	n.last = t.next - 1
	if l, ok := logical(c.Type()).(*format.MapType); ok && l != nil {
		t.f.note(CodeColumn, ocpi.SeverityWarn, "column %q is a map, want members, lists and values; it is left out", c.Name())
		t.leaves = t.leaves[:read]
		return nil, nil
	}
	if len(n.members) == 0 {
		return nil, nil
	}
	n.index = n.members[0].index
	if _, ok := logical(c.Type()).(*format.ListType); ok && n.children == 1 && n.members[0].repeated && !n.repeated {
		n.list, n.members = n.members[0], nil
	}
	return n, nil
}

// element is what stands in a list for each repetition: the repeated column or, where that is a group of one column, this, but for two
// old names (Parquet, LogicalTypes, Lists, backward-compatibility rules).
func (n *node) element(list []byte) *node {
	if n.leaf != nil || n.children != 1 || len(n.members) != 1 || string(n.name) == `"array"` || string(n.name) == string(list[:len(list)-1])+`_tuple"` {
		return n
	}
	return n.members[0]
}

// value makes the node of a leaf.
func (t *tree) value(n *node, c *parquet.Column) *node {
	col := newColumn(c, n.index)
	if col.text == nil {
		t.f.note(CodeColumn, ocpi.SeverityWarn, "column %q is of type %s, want text, a number or a time; it is left out", c.Name(), c.Type())
		return nil
	}
	switch l := logical(c.Type()).(type) {
	case *format.JsonType:
		n.json = true
	case *format.TimestampType:
		if !l.IsAdjustedToUTC {
			t.f.note(CodeLocalTime, ocpi.SeverityWarn, "column %q holds times without a zone, want UTC; they are read as OCPI reads such: as UTC", c.Name())
		}
	}
	if col.float {
		t.f.note(CodeFloat, ocpi.SeverityInfo, "column %q holds binary floating point numbers, want decimals; each is read as the shortest decimal that means the same", c.Name())
	}
	n.leaf = col
	t.leaves = append(t.leaves, n.index)
	return n
}

// assembly is the reading of one row.
type assembly struct {
	values [][]parquet.Value // of each leaf, those still to come
	out    []byte
	limit  int
}

// object is a row as a JSON object. What is null is left out.
func (t *tree) object(row parquet.Row, limit int) ([]byte, error) {
	a := &assembly{values: make([][]parquet.Value, t.last+1), limit: limit}
	var err error
	row.Range(func(leaf int, values []parquet.Value) bool {
		if leaf < 0 || leaf >= len(a.values) {
			err = fmt.Errorf("it has a value of column %d, of %d", leaf, len(a.values))
			return false
		}
		a.values[leaf] = values
		return true
	})
	if err == nil {
		err = a.group(t.node)
	}
	for _, leaf := range t.leaves {
		if err == nil && len(a.values[leaf]) > 0 {
			err = errLevels
		}
	}
	return a.out, err
}

// head is the next value of the first leaf of a node.
func (a *assembly) head(n *node) (parquet.Value, error) {
	if n.index >= len(a.values) || len(a.values[n.index]) == 0 {
		return parquet.Value{}, errLevels
	}
	return a.values[n.index][0], nil
}

// pass leaves one value of every leaf of a node out: the node is null.
func (a *assembly) pass(n *node) {
	for i := n.index; i <= n.last; i++ {
		if len(a.values[i]) > 0 {
			a.values[i] = a.values[i][1:]
		}
	}
}

// group writes the members of an object.
func (a *assembly) group(n *node) error {
	a.out = append(a.out, '{')
	first := len(a.out)
	for _, m := range n.members {
		before := len(a.out)
		if before > first {
			a.out = append(a.out, ',')
		}
		a.out = append(append(a.out, m.name...), ':')
		there, err := a.any(m)
		if err != nil {
			return err
		}
		if !there {
			a.out = a.out[:before]
		}
	}
	a.out = append(a.out, '}')
	return nil
}

// any writes a value of any kind; false if it is null.
func (a *assembly) any(n *node) (bool, error) {
	head, err := a.head(n)
	if err != nil {
		return false, err
	}
	if len(a.out) > a.limit {
		return false, errTooLarge
	}
	switch {
	case n.list != nil && head.DefinitionLevel() < n.definition, !n.repeated && head.DefinitionLevel() < n.definition:
		a.pass(n)
		return false, nil
	case n.list != nil:
		return true, a.elements(n.list, n.list.element(n.name))
	case n.repeated:
		return true, a.elements(n, n)
	}
	return true, a.one(n)
}

// elements writes a list: repeated is the column that repeats, element what stands in it.
func (a *assembly) elements(repeated, element *node) error {
	a.out = append(a.out, '[')
	for first := true; ; first = false {
		head, err := a.head(repeated)
		if first && err == nil && head.DefinitionLevel() < repeated.definition { // empty
			a.pass(repeated)
			break
		}
		if err != nil || !first && head.RepetitionLevel() != repeated.repetition {
			if first {
				return err
			}
			break
		}
		if !first {
			a.out = append(a.out, ',')
		}
		if element == repeated {
			err = a.one(element)
		} else if there, e := a.any(element); e != nil {
			err = e
		} else if !there {
			a.out = append(a.out, "null"...)
		}
		if err != nil {
			return err
		}
	}
	a.out = append(a.out, ']')
	return nil
}

// one writes a value that is there.
func (a *assembly) one(n *node) error {
	if n.leaf == nil {
		if len(a.out) > a.limit {
			return errTooLarge
		}
		return a.group(n)
	}
	v, err := a.head(n)
	if err != nil {
		return err
	}
	a.values[n.index] = a.values[n.index][1:]
	text, err := n.leaf.cell(v)
	text = n.leaf.short(text)
	switch {
	case err != nil:
		return err
	case n.json && json.Valid([]byte(text)), n.leaf.isBare(text):
		a.out = append(a.out, text...)
	default:
		a.out = append(a.out, quoteJSON(text)...)
	}
	return nil
}
