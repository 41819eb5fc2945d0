package job

import (
	"github.com/nexacollect/reconcile/reconcile/commitment"
	"github.com/nexacollect/reconcile/reconcile/pack"
)

// Proofs has a run prove that the records which its pack discloses are of a commitment.
type Proofs struct {
	Dir    string // the commitment
	Secret *commitment.Secret

	// Proved and Missing are filled by Run: how many of the disclosed records that can be committed to the commitment has, and has not.
	Proved, Missing int

	originals map[string]commitment.Digest // see pack.Commitment
}

// open reads the commitment, and its leaves by the secret.
func (d *Proofs) open() (*pack.Commitment, error) {
	if d == nil {
		return nil, nil
	}
	f, err := openFolder(d.Dir)
	if err != nil {
		return nil, err
	}
	tree, err := f.tree(d.Secret)
	if err != nil {
		return nil, err
	}
	number := len(f.log.Heads)
	proof, err := f.log.ProveHead(number)
	if err != nil {
		return nil, err
	}
	return &pack.Commitment{
		Tree: tree, Number: number, HeadNote: f.headNote, HeadProof: proof, Checkpoint: f.note, Key: f.key, Stamp: f.response, Authorities: f.anchor,
		Originals: d.originals,
	}, nil
}

// count keeps what the pack proved.
func (d *Proofs) count(c *pack.Commitment) {
	if d != nil {
		d.Proved, d.Missing = c.Proved, c.Missing
	}
}
