package pack

import (
	"encoding/hex"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/nexacollect/reconcile/reconcile/commitment"
)

// Prover gives the proofs of disclosed records one by one, for a page that checks them.
type Prover struct {
	tree     *commitment.Tree
	head     *commitment.Head
	leaves   map[commitment.Digest]int
	redacted bool
}

// RecordProof is the proof of one record: that its leaf, which the other members open, is in the tree. Digests are hexadecimal.
type RecordProof struct {
	Index            int64    `json:"index"`
	Key              string   `json:"key"` // its exact text
	KeySalt          string   `json:"key_salt"`
	RecordSalt       string   `json:"record_salt,omitempty"`
	RecordCommitment string   `json:"record_commitment,omitempty"` // where the record is a redacted copy
	Hashes           []string `json:"hashes"`                      // from the leaf to the root
}

// Prover is there once all lines are written; nil where nothing is proved.
func (w *Writer) Prover() (*Prover, error) {
	if w.proofs == nil {
		return nil, nil
	}
	text, err := commitment.SplitNote(w.proofs.c.HeadNote)
	if err != nil {
		return nil, fmt.Errorf("head of the commitment: %w", err)
	}
	head, err := commitment.ParseHead(text)
	if err != nil {
		return nil, fmt.Errorf("head of the commitment: %w", err)
	}
	p := &Prover{tree: w.proofs.c.Tree, head: head, leaves: map[commitment.Digest]int{}, redacted: w.proofs.c.Originals != nil}
	for leaf, sum := range w.proofs.leaves {
		p.leaves[sum] = leaf
	}
	return p, nil
}

// Head is the size of the tree and its root, in hexadecimal.
func (p *Prover) Head() (size int64, root string) {
	return p.head.Size, hex.EncodeToString(p.head.Root[:])
}

// Redacted reports that the records are redacted copies, of whose originals the proofs are.
func (p *Prover) Redacted() bool { return p.redacted }

// Of is the proof of a disclosed record by its SHA-256 in hexadecimal; nil where the commitment does not have it.
func (p *Prover) Of(sha256 string) (*RecordProof, error) {
	var sum commitment.Digest
	if err := sum.UnmarshalText([]byte(sha256)); err != nil {
		return nil, err
	}
	leaf, known := p.leaves[sum]
	if !known {
		return nil, nil
	}
	proof, err := p.tree.Prove(leaf)
	if err != nil {
		return nil, err
	}
	o := proof.Opening
	if p.redacted {
		o = o.KeyAlone()
	}
	key, err := o.Key.Text()
	if err != nil {
		return nil, err
	}
	out := &RecordProof{Index: proof.Index, Key: string(key), KeySalt: o.KeySalt.String(), Hashes: hexHashes(proof.Hashes)}
	if o.RecordSalt != nil {
		out.RecordSalt = o.RecordSalt.String()
	} else {
		out.RecordCommitment = o.RecordCommitment.String()
	}
	return out, nil
}

func hexHashes(hashes []tlog.Hash) []string {
	out := make([]string, len(hashes))
	for i, h := range hashes {
		out[i] = hex.EncodeToString(h[:])
	}
	return out
}
