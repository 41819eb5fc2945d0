package seal

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// PayloadType is the type of what our envelopes hold (in-toto attestation framework, envelope v1).
const PayloadType = "application/vnd.in-toto+json"

// Envelope is a statement with its signatures, which are sorted by key id, one a key.
type Envelope struct {
	Payload    []byte
	Signatures []Signature
}

// Signature is one key's.
type Signature struct {
	KeyID string `json:"keyid"`
	Sig   []byte `json:"sig"`
}

// envelopeDoc is the JSON envelope (DSSE, envelope.md).
type envelopeDoc struct {
	PayloadType string      `json:"payloadType"`
	Payload     []byte      `json:"payload"`
	Signatures  []Signature `json:"signatures"`
}

// signedBytes is what is signed of a payload: its pre-authentication encoding (DSSE, protocol.md).
func signedBytes(payloadType string, payload []byte) []byte {
	head := fmt.Appendf(nil, "DSSEv1 %d %s %d ", len(payloadType), payloadType, len(payload))
	return append(head, payload...)
}

// Sign adds the signature of a key. Where the key has signed already nothing happens, and done is false.
func (e *Envelope) Sign(s *Signer) (done bool, err error) {
	id := s.ID()
	if slices.ContainsFunc(e.Signatures, func(have Signature) bool { return have.KeyID == id }) {
		return false, nil
	}
	sig, err := s.sign(signedBytes(PayloadType, e.Payload))
	if err != nil {
		return false, fmt.Errorf("sign with key %s: %w", id, err)
	}
	e.Signatures = append(e.Signatures, Signature{KeyID: id, Sig: sig})
	slices.SortFunc(e.Signatures, byKeyID)
	return true, nil
}

func byKeyID(a, b Signature) int { return cmp.Compare(a.KeyID, b.KeyID) }

// Verify reports a signature of the envelope that is the key's.
func (e *Envelope) Verify(s Signature, k *Key) bool {
	return s.KeyID == k.ID() && k.holds(signedBytes(PayloadType, e.Payload), s.Sig)
}

// Marshal is the envelope as JSON on one line, with its line break. An envelope has one such form.
func (e *Envelope) Marshal() ([]byte, error) {
	return line(envelopeDoc{PayloadType: PayloadType, Payload: e.Payload, Signatures: e.Signatures})
}

// ParseEnvelope reads an envelope in the form that Marshal writes. DSSE allows others; whoever wants to know that not a byte was
// changed takes the one.
func ParseEnvelope(text []byte) (*Envelope, error) {
	var d envelopeDoc
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d); err != nil {
		return nil, fmt.Errorf("no DSSE envelope: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("no DSSE envelope: more than one JSON value")
	}
	if d.PayloadType != PayloadType {
		return nil, fmt.Errorf("its payload is of type %q: want %q", d.PayloadType, PayloadType)
	}
	e := &Envelope{Payload: d.Payload, Signatures: d.Signatures}
	if len(e.Signatures) == 0 {
		return nil, errors.New("no signature in it")
	}
	for i, s := range e.Signatures[1:] {
		switch c := byKeyID(e.Signatures[i], s); {
		case c == 0:
			return nil, fmt.Errorf("two signatures of key %s", s.KeyID)
		case c > 0:
			return nil, errors.New("its signatures are not sorted by key id")
		}
	}
	if form, err := e.Marshal(); err != nil || !bytes.Equal(form, text) {
		return nil, errors.New("not in the form that this tool writes")
	}
	return e, nil
}

// line is a JSON value on one line.
func line(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return b.Bytes(), err
}
