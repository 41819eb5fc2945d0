package reconcile

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// maxCaseErrors is how many errors of a case file are shown at once.
const maxCaseErrors = 10

// caseReader walks the YAML of a case file. It collects errors, each with its place, so that all can be mended at once.
type caseReader struct {
	file string
	errs []error
}

// member is a key that a section of a case file knows.
type member struct {
	name string
	read func(ast.Node)
}

func (r *caseReader) fail(n ast.Node, format string, args ...any) {
	place := r.file
	if t := n.GetToken(); t != nil && t.Position != nil {
		place = fmt.Sprintf("%s:%d:%d", r.file, t.Position.Line, t.Position.Column)
	}
	r.errs = append(r.errs, fmt.Errorf("%s: %s", place, fmt.Sprintf(format, args...)))
}

func (r *caseReader) err() error {
	if len(r.errs) > maxCaseErrors {
		more := fmt.Errorf("%s: %d more errors", r.file, len(r.errs)-maxCaseErrors)
		return errors.Join(append(r.errs[:maxCaseErrors:maxCaseErrors], more)...)
	}
	return errors.Join(r.errs...)
}

// document parses the text and returns its only document's body, nil where it is empty.
func (r *caseReader) document(text []byte) (body ast.Node, err error) {
	defer func() { // the parser is not ours, and the text may be anything
		if p := recover(); p != nil {
			body, err = nil, fmt.Errorf("%s: this is no YAML that can be read: %v", r.file, p)
		}
	}()
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, fmt.Errorf("%s: %s", r.file, strings.TrimSpace(yaml.FormatError(err, false, false)))
	}
	for _, doc := range file.Docs {
		switch {
		case doc.Body == nil:
		case body != nil:
			r.fail(doc.Body, "a second document: a case file holds one")
		default:
			body = doc.Body
		}
	}
	return body, nil
}

// section reads a mapping whose keys are known; others are errors that list the known ones.
func (r *caseReader) section(n ast.Node, name string, members ...member) {
	known := make([]string, len(members))
	for i, m := range members {
		known[i] = m.name
	}
	r.entries(n, name, func(key string, keyNode, value ast.Node) {
		for _, m := range members {
			if m.name == key {
				m.read(value)
				return
			}
		}
		r.fail(keyNode, "unknown key %q in %s (known: %s)", key, name, strings.Join(known, ", "))
	})
}

// entries calls read for each entry of a mapping, in order. null is an empty mapping.
func (r *caseReader) entries(n ast.Node, name string, read func(key string, keyNode, value ast.Node)) {
	var values []*ast.MappingValueNode
	switch m := n.(type) {
	case *ast.MappingNode:
		values = m.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{m}
	case *ast.NullNode:
	default:
		r.fail(n, "%s is %s, want keys with values", name, kindOf(n))
	}
	for _, v := range values {
		if v.Key == nil || v.Value == nil {
			r.fail(v, "%s has an entry without a key or a value", name)
			continue
		}
		if _, ok := v.Key.(*ast.MergeKeyNode); ok {
			r.fail(v.Key, "merge keys are not supported")
			continue
		}
		key, ok := r.scalar(v.Key)
		if !ok {
			r.fail(v.Key, "a key of %s is %s, want a word", name, kindOf(v.Key))
			continue
		}
		read(key, v.Key, v.Value)
	}
}

// scalar is the text of a scalar as written: numbers never pass through a float.
func (r *caseReader) scalar(n ast.Node) (string, bool) {
	switch s := n.(type) {
	case *ast.StringNode:
		return s.Value, true
	case *ast.LiteralNode:
		return s.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	case *ast.NullNode:
		return "", true
	}
	return "", false
}

// text reads a text into a variable.
func (r *caseReader) text(name string, into *string) member {
	return member{name, func(n ast.Node) {
		s, ok := r.scalar(n)
		if !ok {
			r.fail(n, "%s is %s, want a text", name, kindOf(n))
		}
		*into = strings.TrimSpace(s)
	}}
}

// texts reads a list of texts; a single text is a list of one.
func (r *caseReader) texts(name string, into *[]string) member {
	return member{name, func(n ast.Node) {
		list, ok := n.(*ast.SequenceNode)
		if !ok {
			var one string
			if r.text(name, &one).read(n); one != "" {
				*into = []string{one}
			}
			return
		}
		for _, item := range list.Values {
			var one string
			if r.text("an entry of "+name, &one).read(item); one != "" {
				*into = append(*into, one)
			}
		}
	}}
}

// parsed reads a text and hands it to parse, whose error is reported at the value's place.
func (r *caseReader) parsed(name string, parse func(text string) error) member {
	return member{name, func(n ast.Node) {
		var s string
		failed := len(r.errs)
		if r.text(name, &s).read(n); s == "" || len(r.errs) > failed {
			return
		}
		if err := parse(s); err != nil {
			r.fail(n, "%s: %v", name, err)
		}
	}}
}

func kindOf(n ast.Node) string {
	switch n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a mapping"
	case *ast.SequenceNode:
		return "a list"
	case *ast.AnchorNode, *ast.AliasNode:
		return "an anchor or alias, which case files do not use"
	case *ast.TagNode:
		return "a tagged value, which case files do not use"
	case *ast.NullNode:
		return "empty"
	}
	return "a single value"
}

// linesAs reads the forms in which the lines are written.
func (r *caseReader) linesAs(n ast.Node, c *Case) {
	var names []string
	failed := len(r.errs)
	if r.texts("lines_as", &names).read(n); len(r.errs) > failed {
		return
	}
	forms, err := ParseLineForms(names)
	if err != nil {
		r.fail(n, "lines_as: %v", err)
		return
	}
	c.LinesAs = forms
}
