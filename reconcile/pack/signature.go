package pack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/seal"
)

// The folder of signatures stands outside the manifests, which are the same with and without it. It holds one envelope, and the public
// key of each signer in a file that is named for its key id.
const (
	signatureFolder = "sig/"
	envelopeFile    = signatureFolder + "statement.dsse.json"
	keyEnding       = ".pem"
)

// maxSigners bounds the signatures of a pack.
const maxSigners = 64

// predicateType names what our statements say of a pack.
const predicateType = "https://github.com/nexacollect/reconcile/reconciliation/v1"

// predicate is what a statement says of a pack: from which inputs, under which case and by which engine it was made.
type predicate struct {
	Case   caseRef          `json:"case"`
	Inputs []Input          `json:"inputs"`
	Engine reconcile.Engine `json:"engine"`
}

// caseRef names a case.
type caseRef struct {
	Name   string `json:"name"`
	AsOf   string `json:"as_of"`
	SHA256 string `json:"sha256"` // of case.json
}

func keyFile(id string) string { return signatureFolder + id + keyEnding }

// isSignatureFile reports a name that a signature has.
func isSignatureFile(name string) bool {
	id, isKey := strings.CutSuffix(strings.TrimPrefix(name, signatureFolder), keyEnding)
	return name == envelopeFile || isKey && isDigest(id) && name == keyFile(id)
}

// statement is what a signature of the pack signs: the digests of its tag files, and what its documents say of inputs, case and engine.
func (p *openPack) statement(ctx context.Context) ([]byte, error) {
	var summary reconcile.Summary
	var sources sourcesDoc
	for _, d := range []struct {
		name string
		into any
	}{{summaryFile, &summary}, {sourcesFile, &sources}} {
		raw, err := p.document(payloadFolder + d.name)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(raw, d.into); err != nil {
			return nil, fmt.Errorf("%s: %w", d.name, err)
		}
	}
	buf := make([]byte, 32<<10)
	terms, err := p.sum(ctx, payloadFolder+caseFile, buf)
	if err != nil {
		return nil, err
	}
	var subjects []seal.Subject
	for _, name := range slices.Sorted(slices.Values(tagFiles[:])) {
		d, err := p.sum(ctx, name, buf)
		if err != nil {
			return nil, err
		}
		subjects = append(subjects, seal.Subject{Name: name, Digest: seal.Digest{SHA256: d.sha256}})
	}
	return seal.NewStatement(subjects, predicateType, predicate{
		Case: caseRef{Name: summary.Case, AsOf: summary.AsOf, SHA256: terms.sha256}, Inputs: orEmpty(sources.Inputs), Engine: summary.Engine,
	}).Payload()
}

// ErrNotSound says that nothing is done with a pack since it does not verify.
var ErrNotSound = errors.New("the pack does not verify")

// Signed says of a signer of Sign whether its signature is new.
type Signed struct {
	KeyID string `json:"key_id"`
	Type  string `json:"type"`
	Added bool   `json:"added"` // false: the key had signed the pack before
}

// Sign adds signatures to a pack, a folder. It verifies the pack first; one that is not sound is ErrNotSound. A key that has signed
// already is passed over.
func Sign(ctx context.Context, dir string, signers ...*seal.Signer) ([]Signed, error) {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return nil, fmt.Errorf("sign %s: an archive is not signed: unpack it and sign the folder", dir)
	}
	v, err := Verify(ctx, dir)
	if err != nil {
		return nil, err
	}
	if !v.OK {
		return nil, fmt.Errorf("sign %s: %w", dir, ErrNotSound)
	}
	return signDir(ctx, dir, signers)
}

// signDir adds signatures to the bag in a folder.
func signDir(ctx context.Context, dir string, signers []*seal.Signer) ([]Signed, error) {
	p, err := openDir(dir)
	if err != nil {
		return nil, err
	}
	defer p.close()
	out, err := p.sign(ctx, signers)
	if err != nil {
		return nil, fmt.Errorf("sign %s: %w", dir, err)
	}
	return out, nil
}

// sign adds signatures. The envelope is put in place last, so that a signer's key is there when its signature is.
func (p *openPack) sign(ctx context.Context, signers []*seal.Signer) ([]Signed, error) {
	e, err := p.envelope()
	if err != nil {
		return nil, err
	}
	payload, err := p.statement(ctx)
	if err != nil {
		return nil, err
	}
	if e == nil {
		e = &seal.Envelope{Payload: payload}
	}
	if !bytes.Equal(e.Payload, payload) {
		return nil, fmt.Errorf("%s states something else than the pack: remove the folder %s and sign anew", envelopeFile, signatureFolder)
	}
	var out []Signed
	files := map[string][]byte{}
	for _, s := range signers {
		added, err := e.Sign(s)
		if err != nil {
			return nil, err
		}
		if added {
			files[keyFile(s.ID())] = s.Key.PEM()
		}
		out = append(out, Signed{KeyID: s.ID(), Type: s.Type(), Added: added})
	}
	if len(files) == 0 {
		return out, nil
	}
	text, err := e.Marshal()
	switch {
	case err != nil:
		return nil, err
	case len(e.Signatures) > maxSigners:
		return nil, fmt.Errorf("more than %d signatures", maxSigners)
	case len(text) > maxDocumentBytes:
		return nil, fmt.Errorf("the statement is larger than %d MiB", maxDocumentBytes>>20)
	}
	return out, p.putSignatures(files, text)
}

// envelope reads the pack's envelope; nil where it has none.
func (p *openPack) envelope() (*seal.Envelope, error) {
	if !p.has(envelopeFile) {
		return nil, nil
	}
	text, err := p.document(envelopeFile)
	if err != nil {
		return nil, err
	}
	e, err := seal.ParseEnvelope(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", envelopeFile, err)
	}
	return e, nil
}

// putSignatures writes keys, then the envelope.
func (p *openPack) putSignatures(keys map[string][]byte, envelope []byte) error {
	if err := p.root.MkdirAll(path.Clean(signatureFolder), 0o777); err != nil {
		return err
	}
	for _, name := range sortedKeys(keys) {
		if err := p.put(name, keys[name]); err != nil {
			return err
		}
	}
	return p.put(envelopeFile, envelope)
}

// put writes a file whole, or leaves what stood there.
func (p *openPack) put(name string, text []byte) (err error) {
	growing := path.Join(path.Dir(name), partialPrefix+path.Base(name)+partialSuffix)
	f, err := p.root.OpenFile(growing, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
	if err != nil {
		return err
	}
	if _, err = f.Write(text); err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = p.root.Rename(growing, name)
	}
	if err != nil {
		err = errors.Join(err, p.root.Remove(growing))
	}
	return err
}
