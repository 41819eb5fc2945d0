package commitment

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/transparency-dev/formats/proof"
	"golang.org/x/mod/sumdb/tlog"
)

// ErrForm says that something is well-formed, but not in the one form that this tool writes.
var ErrForm = errors.New("not in the form that this tool writes")

// Marshal is a proof as text (C2SP tlog-proof): the opening, as JSON, is its extra data. signed is the note of the tree's head.
func (p *Inclusion) Marshal(signed []byte) ([]byte, error) {
	extra, err := line(p.Opening)
	if err != nil {
		return nil, err
	}
	return marshalProof(extra, p.Index, p.Hashes, signed), nil
}

// ParseInclusion reads a proof in the form that Marshal writes, and gives the note in it.
func ParseInclusion(text []byte) (*Inclusion, []byte, error) {
	t, err := parseProof(text)
	if err != nil {
		return nil, nil, err
	}
	p := &Inclusion{Index: int64(t.Index), Hashes: hashesOf(t.Hashes), Opening: &Opening{}}
	dec := json.NewDecoder(bytes.NewReader(t.ExtraData))
	dec.DisallowUnknownFields()
	if err := dec.Decode(p.Opening); err != nil {
		return nil, nil, fmt.Errorf("no opening: %w", err)
	}
	if extra, err := line(p.Opening); err != nil || !bytes.Equal(extra, t.ExtraData) {
		return nil, nil, fmt.Errorf("its opening: %w", ErrForm)
	}
	return p, t.Checkpoint, nil
}

// MarshalHeadProof is the proof that the nth head, 1-based, is in a log, as text (C2SP tlog-proof). signed is the note of the log's checkpoint.
func MarshalHeadProof(n int, hashes []tlog.Hash, signed []byte) []byte {
	return marshalProof(nil, int64(n-1), hashes, signed)
}

// ParseHeadProof reads what MarshalHeadProof writes.
func ParseHeadProof(text []byte) (n int, hashes []tlog.Hash, signed []byte, err error) {
	t, err := parseProof(text)
	if err != nil {
		return 0, nil, nil, err
	}
	if t.ExtraData != nil {
		return 0, nil, nil, ErrForm
	}
	return int(t.Index) + 1, hashesOf(t.Hashes), t.Checkpoint, nil
}

func marshalProof(extra []byte, index int64, hashes []tlog.Hash, signed []byte) []byte {
	t := proof.TLogProof{Index: uint64(index), ExtraData: extra, Checkpoint: signed}
	for _, h := range hashes {
		t.Hashes = append(t.Hashes, h)
	}
	return t.Marshal()
}

func parseProof(text []byte) (*proof.TLogProof, error) {
	t := &proof.TLogProof{}
	if err := t.Unmarshal(text); err != nil {
		return nil, err
	}
	if t.Index > maxSize || len(t.Hashes) > 64 || !bytes.Equal(t.Marshal(), text) {
		return nil, fmt.Errorf("tlog proof %w", ErrForm)
	}
	return t, nil
}

func hashesOf(raw [][32]byte) []tlog.Hash {
	out := make([]tlog.Hash, len(raw))
	for i, h := range raw {
		out[i] = h
	}
	return out
}

// line is a value as JSON on one line, without a line break.
func line(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte{'\n'}), err
}
