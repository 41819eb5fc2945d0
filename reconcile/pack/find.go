package pack

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// foundLine is a line of lines.ndjson and its number there.
type foundLine struct {
	doc lineDoc
	row int
}

// key is how the line is named on the command line.
func (f *foundLine) key() string { return f.doc.InvoiceID + ":" + f.doc.Line }

// maxNamed is how many lines an error names.
const maxNamed = 8

// find finds the line that a user names. The error says why there is none, or which lines the name may mean.
func (p *openPack) find(name string) (*foundLine, error) {
	var byKey, byNumber, byRecord []foundLine
	needles := needlesOf(name)
	oneInvoice, err := p.scan(func(raw []byte, row int) error {
		if !slices.ContainsFunc(needles, func(n []byte) bool { return bytes.Contains(raw, n) }) {
			return nil
		}
		f := foundLine{row: row}
		if err := json.Unmarshal(raw, &f.doc); err != nil {
			return fmt.Errorf("%s line %d: %w", linesFile, row, err)
		}
		switch d := &f.doc; {
		case f.key() == name:
			byKey = append(byKey, f)
		case d.Line == name:
			byNumber = append(byNumber, f)
		case d.CDRID == name || d.SessionID == name || d.Match.CDR == name || d.Match.Session == name:
			byRecord = append(byRecord, f)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	switch {
	case len(byKey) > 0:
		return only(name, byKey)
	case len(byNumber) > 0 && oneInvoice:
		return only(name, byNumber)
	case len(byRecord) > 0:
		return only(name, byRecord)
	case len(byNumber) > 0:
		return nil, ambiguous(name, byNumber)
	}
	return nil, p.unknown(name)
}

// only returns the one line that was found.
func only(name string, found []foundLine) (*foundLine, error) {
	if len(found) > 1 {
		return nil, ambiguous(name, found)
	}
	return &found[0], nil
}

// ambiguous names the lines that a name may mean.
func ambiguous(name string, found []foundLine) error {
	var keys []string
	for i := range found {
		if len(keys) == maxNamed {
			keys = append(keys, fmt.Sprintf("and %d more", len(found)-maxNamed))
			break
		}
		keys = append(keys, visible(found[i].key()))
	}
	return fmt.Errorf("%q may mean: %s", name, strings.Join(keys, ", "))
}

// needlesOf are the texts of which one stands in every line that name may mean.
func needlesOf(name string) [][]byte {
	out := [][]byte{appendString(nil, name)}
	for i, r := range name {
		if r == ':' {
			out = append(out, appendString([]byte(`"line":`), name[i+1:]))
		}
	}
	return out
}

// scan goes through lines.ndjson. oneInvoice reports that all lines are of one.
func (p *openPack) scan(each func(raw []byte, row int) error) (oneInvoice bool, err error) {
	l, err := p.lines(linesFile)
	if err != nil {
		return false, err
	}
	defer l.close()
	oneInvoice = true
	var first []byte
	for {
		raw, err := l.read()
		if errors.Is(err, io.EOF) {
			return oneInvoice, nil
		}
		if err != nil {
			return false, err
		}
		invoice, _, _ := bytes.Cut(raw, []byte(`,"line":`))
		if first == nil {
			first = bytes.Clone(invoice)
		}
		oneInvoice = oneInvoice && bytes.Equal(first, invoice)
		if err := each(raw, l.number); err != nil {
			return false, err
		}
	}
}

// unknown says how lines are named, and which names come near.
func (p *openPack) unknown(name string) error {
	hint := "name it INVOICE:LINE, by its number where the pack has one invoice, or by the id of its CDR or session"
	near := nearest{name: name}
	_, err := p.scan(func(raw []byte, _ int) error {
		var d lineDoc
		if json.Unmarshal(raw, &d) == nil {
			near.try(d.InvoiceID + ":" + d.Line)
			near.try(d.CDRID)
			near.try(d.SessionID)
		}
		return nil
	})
	if err == nil && len(near.found) > 0 {
		hint += "; near to it: " + visible(strings.Join(near.found, ", "))
	}
	return fmt.Errorf("the pack has no line %q\n%s", name, hint)
}

// nearest keeps the names with the fewest edits to a name.
type nearest struct {
	name  string
	found []string
	edits int
}

func (n *nearest) try(candidate string) {
	limit := utf8.RuneCountInString(n.name)/3 + 1
	if len(n.found) > 0 {
		limit = n.edits
	}
	if candidate == "" || len(candidate) > 100 || len(n.name) > 100 || slices.Contains(n.found, candidate) {
		return
	}
	edits := distance(strings.ToLower(n.name), strings.ToLower(candidate), limit)
	switch {
	case edits > limit:
	case len(n.found) == 0 || edits < n.edits:
		n.found, n.edits = []string{candidate}, edits
	case len(n.found) < 5:
		n.found = append(n.found, candidate)
	}
}

// distance is the number of edits between two texts, limit + 1 where there are more than limit.
func distance(a, b string, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		best := row[0]
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = min(diagonal, row[j], row[j+1]) + 1
			}
			diagonal, row[j+1] = row[j+1], cost
			best = min(best, cost)
		}
		if best > limit {
			return limit + 1
		}
	}
	return row[len(b)]
}
