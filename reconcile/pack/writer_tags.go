package pack

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

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

// Documents writes the JSON documents of the payload and statement.pdf, unless they are there already. Commit does so too; who calls it before can
// do other work beside it. No line can be added behind it.
func (w *Writer) Documents(c Contents) error {
	if w.documented || w.err != nil {
		return w.err
	}
	w.documented = true
	if err := w.documents(c); err != nil {
		return err
	}
	w.keep(w.account.document(w.texts).Write(w.statement))
	return w.err
}

// documents writes the JSON documents of the payload.
func (w *Writer) documents(c Contents) error {
	for _, d := range []struct {
		name  string
		value any
	}{
		{summaryFile, summaryOf(c.Summary)}, {sourcesFile, sourcesOf(c.Inputs)}, {caseFile, caseOf(c.Case)}, {engineFile, engineOf(c.Summary)},
	} {
		text, err := renderDocument(d.value)
		if err != nil {
			return fmt.Errorf("pack file %s: %w", d.name, err)
		}
		if err := w.File(d.name, text); err != nil {
			return err
		}
		w.texts[d.name] = text
	}
	if len(c.Masters) > 0 {
		return w.File(mastersFile, renderMasters(c.Masters))
	}
	return w.err
}

// renderDocument is a JSON document for people and machines: indented, members of maps sorted.
func renderDocument(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(v)
	return b.Bytes(), err
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
