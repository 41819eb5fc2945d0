package pack

import (
	"context"

	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/seal"
)

// tags writes the files of the bag that are no payload.
func (w *Writer) tags(s *reconcile.Summary, guide []byte) error {
	manifest := renderManifest(w.written)
	var tags []digest
	for _, t := range []struct {
		name string
		text []byte
	}{
		{declarationFile, []byte(declaration)},
		{infoFile, renderInfo(agentOf(s), s.AsOf, w.written)},
		{manifestFile, manifest},
		{guideFile, guide},
	} {
		d, err := w.tag(t.name, t.text)
		if err != nil {
			return err
		}
		tags = append(tags, d)
	}
	_, err := w.tag(tagManifestFile, renderManifest(tags))
	return err
}

// certify writes certifications.pdf, which tells of all other files of the payload.
func (w *Writer) certify() error {
	templates, err := w.account.certifications(w.texts, w.written)
	w.keep(err)
	if f := w.open(certificationsFile); f != nil {
		w.keep(templates.Write(f))
		w.keep(w.finish(f))
		w.names[certificationsFile] = nil
	}
	return w.err
}

// guide makes VERIFY.md of the finished payload.
func (w *Writer) guide() (text []byte, err error) {
	p, err := openDir(w.to.root)
	if err == nil {
		defer p.close()
		text, err = p.guide()
	}
	w.keep(err)
	return text, w.err
}

func (w *Writer) tag(name string, text []byte) (digest, error) {
	f, err := createFile(w.to.root, name)
	if err == nil {
		_, err = f.Write(text)
	}
	if err != nil {
		w.keep(err)
		return digest{}, w.err
	}
	d, err := f.finish()
	w.keep(err)
	return d, w.err
}

// sign signs the finished bag.
func (w *Writer) sign(signers []*seal.Signer) error {
	if len(signers) > 0 && w.err == nil {
		_, w.err = signDir(context.Background(), w.to.root, signers)
	}
	return w.err
}
