package commitment

import (
	"errors"
	"fmt"
	"math/bits"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// SumStep is a step of a sum proof: a leaf that is disclosed (From+1 = To, no hash), or the leaves From to To−1, which are not, as one node.
type SumStep struct {
	From int64   `json:"from"`
	To   int64   `json:"to"`
	Hash *Digest `json:"hash,omitempty"`
	Sums Sums    `json:"sums,omitempty"`
}

// sumNode is a node of a tree of sums.
type sumNode struct {
	hash Digest
	sums Sums
}

func sumLeaf(leaf tlog.Hash, sums Sums) sumNode {
	return sumNode{hash(sumLeafPrefix, leaf[:], sums.appendText(nil)), sums}
}

func sumParent(left, right sumNode) sumNode {
	text := append(left.sums.appendText(nil), 0)
	return sumNode{hash(sumNodePrefix, left.hash[:], right.hash[:], right.sums.appendText(text)), left.sums.plus(right.sums)}
}

// root binds the topmost node to its sums as a node binds those of its sides.
func (n *sumNode) root() Digest { return hash(sumRootPrefix, n.hash[:], n.sums.appendText(nil)) }

// splitAt is where RFC 6962, 2.1, parts the leaves from lo to hi−1: behind the greatest power of two below their number.
func splitAt(lo, hi int64) int64 { return lo + 1<<(bits.Len64(uint64(hi-lo-1))-1) }

// sumNode computes the node over leaves from lo to hi−1.
func (t *Tree) sumNode(lo, hi int64) sumNode {
	if hi-lo == 1 {
		return sumLeaf(t.hashes[0][lo], t.leaves[lo].Sums())
	}
	mid := splitAt(lo, hi)
	return sumParent(t.sumNode(lo, mid), t.sumNode(mid, hi))
}

// Sums gives the root of the tree of sums and what all leaves come to.
func (t *Tree) Sums() (root Digest, total Sums) { return t.top.root(), t.top.sums }

// ProveSums hands on the steps of the proof that the leaves beside the disclosed ones, whose indexes come sorted, add up to the rest. A step
// over a single leaf tells the amount of that one, though not what it is.
func (t *Tree) ProveSums(disclosed []int, step func(SumStep) error) error {
	return t.proveSums(0, t.hashes.size(), disclosed, step)
}

func (t *Tree) proveSums(lo, hi int64, disclosed []int, step func(SumStep) error) error {
	if len(disclosed) == 0 {
		n := t.sumNode(lo, hi)
		return step(SumStep{From: lo, To: hi, Hash: &n.hash, Sums: n.sums})
	}
	if hi-lo == 1 {
		return step(SumStep{From: lo, To: hi, Sums: t.leaves[lo].Sums()})
	}
	mid := splitAt(lo, hi)
	cut, _ := slices.BinarySearch(disclosed, int(mid))
	if err := t.proveSums(lo, mid, disclosed[:cut], step); err != nil {
		return err
	}
	return t.proveSums(mid, hi, disclosed[cut:], step)
}

// SumsChecked is what a sum proof shows.
type SumsChecked struct {
	Total, Disclosed Sums
	Hidden           int64 // leaves that are not disclosed
}

// CheckSums recomputes the root of the tree of sums from the steps of a proof. next gives them in order, nil after the last; leaf is given a
// disclosed leaf and what the proof says that it adds; it gives the leaf's hash, whose inclusion was checked, and what its record says.
func CheckSums(h *Head, next func() (*SumStep, error), leaf func(index int64, stated Sums) (tlog.Hash, Sums, error)) (*SumsChecked, error) {
	if h.Size < 1 {
		return nil, errors.New("the tree has no leaves")
	}
	c := &sumCheck{next: next, leaf: leaf}
	if err := c.step(); err != nil {
		return nil, err
	}
	root, err := c.node(0, h.Size)
	if err != nil {
		return nil, err
	}
	if c.at != nil {
		return nil, errors.New("there are more steps than the tree has leaves")
	}
	if root.root() != h.Sums {
		return nil, errors.New("the steps do not give the root of the tree of sums")
	}
	c.out.Total = root.sums
	return &c.out, nil
}

type sumCheck struct {
	next func() (*SumStep, error)
	leaf func(index int64, stated Sums) (tlog.Hash, Sums, error)
	at   *SumStep
	out  SumsChecked
}

func (c *sumCheck) step() (err error) {
	if c.at, err = c.next(); err != nil || c.at == nil {
		return err
	}
	return c.at.Sums.check()
}

func (c *sumCheck) node(lo, hi int64) (sumNode, error) {
	s := c.at
	switch {
	case s == nil || s.From != lo || s.To > hi || s.To <= lo:
		return sumNode{}, fmt.Errorf("no step for the leaves from %d to %d", lo, hi-1)
	case s.To == hi && s.Hash != nil:
		c.out.Hidden += hi - lo
		return sumNode{*s.Hash, s.Sums}, c.step()
	case s.To == hi && hi-lo == 1:
		return c.disclosed(s)
	case hi-lo == 1:
		return sumNode{}, fmt.Errorf("no step for the leaf %d", lo)
	}
	mid := splitAt(lo, hi)
	left, err := c.node(lo, mid)
	if err != nil {
		return sumNode{}, err
	}
	right, err := c.node(mid, hi)
	if err != nil {
		return sumNode{}, err
	}
	return sumParent(left, right), nil
}

func (c *sumCheck) disclosed(s *SumStep) (sumNode, error) {
	h, sums, err := c.leaf(s.From, s.Sums)
	if err != nil {
		return sumNode{}, err
	}
	if !sums.equal(s.Sums) {
		return sumNode{}, fmt.Errorf("the leaf %d is said to add %q, but its record has %q", s.From, s.Sums.appendText(nil), sums.appendText(nil))
	}
	c.out.Disclosed = c.out.Disclosed.plus(s.Sums)
	return sumLeaf(h, s.Sums), c.step()
}
