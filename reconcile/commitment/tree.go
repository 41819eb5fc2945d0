package commitment

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// merkle is a tree of RFC 6962 in memory: at each level the hashes of the subtrees that are full.
type merkle [][]tlog.Hash

func newMerkle(leaves []tlog.Hash) merkle {
	t := merkle{leaves}
	for below := leaves; len(below) > 1; {
		level := make([]tlog.Hash, len(below)/2)
		for i := range level {
			level[i] = tlog.NodeHash(below[2*i], below[2*i+1])
		}
		t, below = append(t, level), level
	}
	return t
}

func (t merkle) size() int64 { return int64(len(t[0])) }

// ReadHashes implements tlog.HashReader.
func (t merkle) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		level, n := tlog.SplitStoredHashIndex(index)
		if level >= len(t) || n >= int64(len(t[level])) {
			return nil, fmt.Errorf("no hash %d at level %d", n, level)
		}
		out[i] = t[level][n]
	}
	return out, nil
}

func (t merkle) root() (tlog.Hash, error) { return tlog.TreeHash(t.size(), t) }

// Tree is the leaves of a commitment, sorted, and the hashes over them.
type Tree struct {
	leaves   []Leaf
	secret   *Secret
	hashes   merkle
	top      sumNode // of the tree of sums
	byDigest []int32 // indexes of leaves, by digest and then index
}

// NewTree sorts leaves, which it takes over, and hashes them. No two may have one key.
func NewTree(secret *Secret, leaves []Leaf) (*Tree, error) {
	if len(leaves) == 0 {
		return nil, errors.New("there are no records to commit to")
	}
	t := &Tree{leaves: leaves, secret: secret, byDigest: make([]int32, len(leaves))}
	for i := range leaves {
		leaves[i].Key = leaves[i].Key.valid()
	}
	slices.SortFunc(leaves, func(a, b Leaf) int { return a.Key.Compare(&b.Key) })
	hashes := make([]tlog.Hash, len(leaves))
	for i := range leaves {
		l := &leaves[i]
		if i > 0 && l.Key.Compare(&leaves[i-1].Key) == 0 {
			return nil, fmt.Errorf("two records have the key %s, file %s, offset %d", &l.Key, l.Key.File, l.Key.Offset)
		}
		o, err := l.open(secret)
		if err != nil {
			return nil, err
		}
		if hashes[i], err = o.leafHash(); err != nil {
			return nil, err
		}
		t.byDigest[i] = int32(i)
	}
	t.hashes = newMerkle(hashes)
	t.top = t.sumNode(0, t.hashes.size())
	slices.SortFunc(t.byDigest, func(i, j int32) int {
		return cmp.Or(bytes.Compare(leaves[i].SHA256[:], leaves[j].SHA256[:]), cmp.Compare(i, j))
	})
	return t, nil
}

// Size is the number of leaves.
func (t *Tree) Size() int { return len(t.leaves) }

// Leaves are the leaves in order. They belong to the tree.
func (t *Tree) Leaves() []Leaf { return t.leaves }

// Find is the index of the leaf of a record: of those with its bytes the one of the kind and at the place, else the first of the kind, else the
// first; −1 where the tree has none.
func (t *Tree) Find(kind string, sha256 Digest, file string, offset int64) int {
	found := -1
	at, _ := slices.BinarySearchFunc(t.byDigest, sha256, func(i int32, d Digest) int { return bytes.Compare(t.leaves[i].SHA256[:], d[:]) })
	for _, i := range t.byDigest[at:] {
		l := &t.leaves[i]
		if l.SHA256 != sha256 {
			break
		}
		if l.Key.Kind == kind && l.Key.File == file && l.Key.Offset == offset {
			return int(i)
		}
		if found < 0 || l.Key.Kind == kind && t.leaves[found].Key.Kind != kind {
			found = int(i)
		}
	}
	return found
}

// Inclusion proves a leaf: its opening, its index and the hashes on its way to the root.
type Inclusion struct {
	Index   int64
	Opening *Opening
	Hashes  []tlog.Hash
}

// Prove opens a leaf and proves it.
func (t *Tree) Prove(index int) (*Inclusion, error) {
	if index < 0 || index >= len(t.leaves) {
		return nil, fmt.Errorf("no leaf %d in a tree of %d", index, len(t.leaves))
	}
	o, err := t.leaves[index].open(t.secret)
	if err != nil {
		return nil, err
	}
	hashes, err := tlog.ProveRecord(t.hashes.size(), int64(index), t.hashes)
	return &Inclusion{Index: int64(index), Opening: o, Hashes: hashes}, err
}

// Check recomputes the root of a tree from the leaf and gives the leaf's hash.
func (p *Inclusion) Check(h *Head) (tlog.Hash, error) {
	if p.Opening == nil || !p.Opening.whole() {
		return tlog.Hash{}, errors.New("the opening does not say what it must")
	}
	leaf, err := p.Opening.leafHash()
	if err != nil {
		return leaf, err
	}
	if err := tlog.CheckRecord(p.Hashes, h.Size, h.Root, p.Index, leaf); err != nil {
		return leaf, fmt.Errorf("the leaf %d is not included under the root: %w", p.Index, err)
	}
	return leaf, nil
}
