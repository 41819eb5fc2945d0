package pack

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/reconcile/seal"
)

// How a pack or a signer stands.
const (
	SignatureNone    = "unsigned"
	SignatureUnknown = "unknown" // the signature holds; nobody said whose key it is
	SignatureTrusted = "trusted" // it holds, and the key is one of those trusted
	SignatureInvalid = "invalid"
)

// Signatures says who signed a pack.
type Signatures struct {
	Status  string      `json:"status"`  // unsigned; invalid where anything is wrong; trusted where a trusted key signed; else unknown
	Signers []Signatory `json:"signers"` // by key id
}

// Signatory is one signature of a pack.
type Signatory struct {
	KeyID  string `json:"key_id"`
	Type   string `json:"type"`   // ed25519, ecdsa-p256; "" where the key is missing or broken
	Status string `json:"status"` // unknown, trusted, invalid
}

// checkSignature climbs the rung of signatures.
func (v *verifier) checkSignature(ctx context.Context, trusted []*seal.Key) error {
	v.signatures = Signatures{Status: SignatureNone, Signers: []Signatory{}}
	files := v.signatureFiles()
	if len(files) == 0 {
		v.signature.skipped = "the pack carries no signature: whoever changes it can write its manifests anew"
		v.notProved = append(v.notProved, "Who made the pack, and that nobody changed it since: it is not signed.")
		if len(trusted) > 0 {
			v.signature.fault("the pack is not signed, by a trusted key or any other")
		}
		return nil
	}
	if err := v.checkEnvelope(ctx, files, trusted); err != nil {
		return err
	}
	v.signatures.Status = v.statusOfSignatures()
	if v.signatures.Status == SignatureInvalid {
		v.notProved = append(v.notProved, "Who made the pack, and that nobody changed it since: its signature is not right.")
		return nil
	}
	v.tellSigners()
	if v.signatures.Status == SignatureUnknown && len(trusted) > 0 {
		v.signature.fault("no trusted key signed the pack: %s", v.signature.skipped)
	}
	return nil
}

func (v *verifier) signatureFiles() (names []string) {
	for _, name := range slices.Sorted(maps.Keys(v.pack.files)) {
		if strings.HasPrefix(name, signatureFolder) {
			names = append(names, name)
		}
	}
	return names
}

// checkEnvelope checks the envelope, its statement and each signature. Only the end of ctx is an error.
func (v *verifier) checkEnvelope(ctx context.Context, files []string, trusted []*seal.Key) error {
	e, err := v.pack.envelope()
	if err == nil && e == nil {
		err = fmt.Errorf("%s is missing", envelopeFile)
	}
	if err == nil && len(e.Signatures) > maxSigners {
		err = fmt.Errorf("%s: more than %d signatures", envelopeFile, maxSigners)
	}
	if err != nil {
		v.signature.fault("%v", err)
		return ctx.Err()
	}
	want, err := v.pack.statement(ctx)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		v.signature.fault("%s: cannot be held against the pack: %v", envelopeFile, err)
	default:
		v.compareStatements(e.Payload, want)
	}
	spare := slices.DeleteFunc(files, func(name string) bool { return name == envelopeFile })
	for _, s := range e.Signatures {
		v.signatures.Signers = append(v.signatures.Signers, v.signatory(e, s, trusted))
		spare = slices.DeleteFunc(spare, func(name string) bool { return name == keyFile(s.KeyID) })
	}
	for _, name := range spare {
		v.signature.fault("%s: belongs to no signature in %s", name, envelopeFile)
	}
	return nil
}

// signatory checks one signature with the key that stands beside it.
func (v *verifier) signatory(e *seal.Envelope, s seal.Signature, trusted []*seal.Key) Signatory {
	out := Signatory{KeyID: s.KeyID, Status: SignatureInvalid}
	if !isDigest(s.KeyID) {
		v.signature.fault("%s: %q is no key id", envelopeFile, short(s.KeyID))
		return out
	}
	k, err := v.signersKey(s.KeyID)
	if err != nil {
		v.signature.fault("%v", err)
		return out
	}
	out.Type = k.Type()
	switch {
	case !e.Verify(s, k):
		v.signature.fault("%s: the signature of key %s does not hold", envelopeFile, s.KeyID)
	case slices.ContainsFunc(trusted, func(t *seal.Key) bool { return t.ID() == s.KeyID }):
		out.Status = SignatureTrusted
	default:
		out.Status = SignatureUnknown
	}
	return out
}

// signersKey reads the key with an id from its file, which holds it in its one form.
func (v *verifier) signersKey(id string) (*seal.Key, error) {
	name := keyFile(id)
	text, err := v.pack.document(name)
	if err != nil {
		return nil, err
	}
	k, err := seal.ParseKey(text)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", name, err)
	case k.ID() != id:
		return nil, fmt.Errorf("%s: holds another key, with id %s", name, k.ID())
	case !bytes.Equal(k.PEM(), text):
		return nil, fmt.Errorf("%s: not as this tool writes it", name)
	}
	return k, nil
}

func (v *verifier) statusOfSignatures() string {
	status := SignatureUnknown
	for _, s := range v.signatures.Signers {
		if s.Status == SignatureTrusted {
			status = SignatureTrusted
		}
	}
	if len(v.signature.faults) > 0 {
		status = SignatureInvalid
	}
	return status
}

// tellSigners says who signed.
func (v *verifier) tellSigners() {
	var known, unknown []string
	for _, s := range v.signatures.Signers {
		text := s.Type + " key " + s.KeyID
		if s.Status == SignatureTrusted {
			known = append(known, text)
		} else {
			unknown = append(unknown, text)
		}
	}
	strangers := strings.Join(unknown, " and ")
	if len(known) == 0 {
		v.signature.skipped = "signed by " + strangers + ": the signature holds, but nothing here says whose key it is (--trust)"
		v.notProved = append(v.notProved, "Who made the pack: whoever holds the key signed it, and nothing in the pack can say whose key it is.")
		return
	}
	v.signature.done = "signed by the trusted " + strings.Join(known, " and the trusted ")
	if strangers != "" {
		v.signature.done += "; also by " + strangers + ", which is not among the trusted"
	}
}
