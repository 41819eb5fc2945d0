package commitment

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxTableLine bounds a line of a table of leaves.
const maxTableLine = 1 << 20

// WriteTable writes the leaves of a tree, one a line: what its owner keeps, and shows to nobody, to make proofs from.
func (t *Tree) WriteTable(w io.Writer) error {
	b := bufio.NewWriterSize(w, 256<<10)
	for i := range t.leaves {
		text, err := line(&t.leaves[i])
		if err != nil {
			return err
		}
		if _, err := b.Write(append(text, '\n')); err != nil {
			return err
		}
	}
	return b.Flush()
}

// ReadTable reads a table of leaves and makes their tree.
func ReadTable(r io.Reader, secret *Secret) (*Tree, error) {
	in := bufio.NewScanner(r)
	in.Buffer(make([]byte, 64<<10), maxTableLine)
	var leaves []Leaf
	known := map[string]string{}
	for in.Scan() {
		var l Leaf
		dec := json.NewDecoder(bytes.NewReader(in.Bytes()))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&l); err != nil {
			return nil, fmt.Errorf("line %d of the table of leaves: %w", len(leaves)+1, err)
		}
		if !IsKind(l.Key.Kind) || l.Currency != "" && !isCurrency(l.Currency) {
			return nil, fmt.Errorf("line %d of the table of leaves: its kind or currency is none", len(leaves)+1)
		}
		for _, s := range []*string{&l.Key.CountryCode, &l.Key.PartyID, &l.Key.Kind, &l.Key.File, &l.Currency} {
			*s = shared(known, *s)
		}
		leaves = append(leaves, l)
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("read the table of leaves: %w", err)
	}
	if len(leaves) == 0 {
		return nil, errors.New("the table of leaves is empty")
	}
	return NewTree(secret, leaves)
}

// shared gives equal texts one place in memory.
func shared(known map[string]string, s string) string {
	if have, ok := known[s]; ok {
		return have
	}
	known[s] = s
	return s
}
