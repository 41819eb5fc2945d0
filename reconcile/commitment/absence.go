package commitment

import (
	"errors"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// Absence proves that a tree has no leaf of an object: the leaves that would stand beside it stand beside each other. Their keys are opened,
// their records are not. It holds as far as the tree is sorted: who put a leaf where it does not belong is found out when a proof opens it.
type Absence struct {
	Before *Neighbour `json:"before"` // nil: the object would be the first
	After  *Neighbour `json:"after"`  // nil: the last
}

// Neighbour is a leaf of which the key is opened.
type Neighbour struct {
	Index   int64       `json:"index"`
	Opening *Opening    `json:"opening"`
	Hashes  []tlog.Hash `json:"hashes"`
}

// ErrPresent says that there is no proof of absence since the tree has the object.
var ErrPresent = errors.New("the tree has it")

// ProveAbsence proves that the tree has no record of an object, of which the key's place is not looked at.
func (t *Tree) ProveAbsence(of Key) (*Absence, error) {
	of = of.valid()
	at, found := slices.BinarySearchFunc(t.leaves, &of, func(l Leaf, k *Key) int { return l.Key.CompareID(k) })
	if found {
		return nil, fmt.Errorf("%s: %w", &of, ErrPresent)
	}
	var err error
	a := &Absence{}
	if at > 0 {
		if a.Before, err = t.neighbour(at - 1); err != nil {
			return nil, err
		}
	}
	if at < len(t.leaves) {
		a.After, err = t.neighbour(at)
	}
	return a, err
}

func (t *Tree) neighbour(i int) (*Neighbour, error) {
	p, err := t.Prove(i)
	if err != nil {
		return nil, err
	}
	return &Neighbour{Index: p.Index, Opening: p.Opening.KeyAlone(), Hashes: p.Hashes}, nil
}

// Check says what is wrong with the proof that the tree of a head has no record of an object.
func (a *Absence) Check(h *Head, of Key) error {
	of = of.valid()
	first, last := int64(0), h.Size-1 // where After stands without Before, and Before without After
	if a.Before == nil && a.After == nil {
		return errors.New("the proof names no leaf")
	}
	if b := a.Before; b != nil {
		if err := b.check(h); err != nil {
			return err
		}
		if b.Opening.Key.CompareID(&of) >= 0 {
			return fmt.Errorf("the leaf %d, %s, does not stand before %s", b.Index, &b.Opening.Key, &of)
		}
		first = b.Index + 1
	}
	if n := a.After; n != nil {
		if err := n.check(h); err != nil {
			return err
		}
		if n.Opening.Key.CompareID(&of) <= 0 {
			return fmt.Errorf("the leaf %d, %s, does not stand behind %s", n.Index, &n.Opening.Key, &of)
		}
		last = n.Index - 1
	}
	if a.Before == nil && a.After.Index != first || a.After == nil && a.Before.Index != last || a.Before != nil && a.After != nil && first != a.After.Index {
		return errors.New("between the leaves of the proof there is room for others")
	}
	return nil
}

func (n *Neighbour) check(h *Head) error {
	_, err := (&Inclusion{Index: n.Index, Opening: n.Opening, Hashes: n.Hashes}).Check(h)
	return err
}
