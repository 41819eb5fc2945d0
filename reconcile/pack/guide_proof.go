package pack

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// exampleProof is the proof of the example's CDR.
type exampleProof struct {
	File            string // where it stands
	Start           int64  // 1-based byte
	Length          int64
	SHA256          string // of the CDR
	Signed, Stamped bool   // the checkpoint
}

// exampleProof finds the proof of an example's CDR; nil where there is none.
func (p *openPack) exampleProof(e *example) (*exampleProof, error) {
	if e == nil || !p.has(payloadFolder+proofIndex) {
		return nil, nil
	}
	l, err := p.lines(proofIndex)
	if err != nil {
		return nil, err
	}
	defer l.close()
	for {
		raw, err := l.read()
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		if !bytes.Contains(raw, []byte(e.SHA256)) {
			continue
		}
		var ref proofRef
		if err := json.Unmarshal(raw, &ref); err != nil {
			return nil, fmt.Errorf("%s line %d: %w", proofIndex, l.number, err)
		}
		if ref.SHA256.String() != e.SHA256 || ref.Leaf == nil || !isPlainName(ref.Shard) {
			return nil, nil
		}
		return &exampleProof{
			File: payloadFolder + ref.Shard, Start: ref.Offset + 1, Length: ref.Length, SHA256: e.SHA256,
			Signed: p.has(payloadFolder + proofKey), Stamped: p.has(payloadFolder + proofStamp),
		}, nil
	}
}
