package report

import (
	_ "embed"

	"github.com/nexacollect/reconcile/reconcile/pack"
)

//go:embed assets/proofs.js
var proofsJS string

// pageProofs is what the page holds a commitment's proofs in: the head of the tree, and the proof of each record of the page that has one, by its
// SHA-256.
type pageProofs struct {
	Size     int64                        `json:"size"`
	Root     string                       `json:"root"`
	Redacted bool                         `json:"redacted"`
	Of       map[string]*pack.RecordProof `json:"of"`
}

// proofs are those of the records of rows, as JSON; nil where there are none.
func (p *Page) proofs(rows []*row) ([]byte, error) {
	if p.Proofs == nil {
		return nil, nil
	}
	doc := pageProofs{Redacted: p.Proofs.Redacted(), Of: map[string]*pack.RecordProof{}}
	doc.Size, doc.Root = p.Proofs.Head()
	for _, r := range rows {
		for _, sum := range r.sums {
			if doc.Of[sum] != nil {
				continue
			}
			proof, err := p.Proofs.Of(sum)
			if err != nil {
				return nil, err
			}
			if proof != nil {
				doc.Of[sum] = proof
			}
		}
	}
	return appendJSON(nil, doc), nil
}
