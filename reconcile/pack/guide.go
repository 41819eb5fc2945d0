package pack

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"text/template"

	"github.com/nexacollect/reconcile/tariff"
)

// guideFile tells people how to check the pack by hand.
const guideFile = "VERIFY.md"

// maxExamples is in how many entries of the index an example is looked for.
const maxExamples = 100

//go:embed guide.md.tmpl
var guideText string

var guideTemplate = sync.OnceValue(func() *template.Template { return template.Must(template.New(guideFile).Parse(guideText)) })

// example is a calculation of the pack that people can follow. Texts that come from records stand in indented blocks, never in commands.
type example struct {
	Line   []string // what it is a calculation of
	File   string   // where its CDR stands
	Start  int64    // 1-based byte
	Length int64
	SHA256 string
	Steps  []string
}

// guide is VERIFY.md. It follows from the payload alone: the first disclosed calculation of a CDR is its example.
func (p *openPack) guide() ([]byte, error) {
	e, err := p.example()
	if err != nil {
		return nil, err
	}
	proof, err := p.exampleProof(e)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = guideTemplate().Execute(&b, struct {
		Example *example
		Proof   *exampleProof
		CSV     bool
	}{e, proof, p.has(payloadFolder + linesCSVFile)})
	return b.Bytes(), err
}

// example finds the first calculation whose CDR stands in the pack as received; nil where there is none.
func (p *openPack) example() (*example, error) {
	l, err := p.lines(indexFile)
	if err != nil {
		return nil, err
	}
	defer l.close()
	for range maxExamples {
		raw, err := l.read()
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		var entry indexDoc
		if err := json.Unmarshal(raw, &entry); err != nil {
			return nil, fmt.Errorf("%s line %d: %w", indexFile, l.number, err)
		}
		for i := range entry.Sheets {
			if e, err := p.exampleOf(&entry, &entry.Sheets[i]); e != nil || err != nil {
				return e, err
			}
		}
	}
	return nil, nil
}

// exampleOf makes an example of a calculation; nil where its CDR is not at hand as received.
func (p *openPack) exampleOf(entry *indexDoc, ref *sheetRef) (*example, error) {
	raw, err := p.at(ref.locationDoc)
	if err != nil {
		return nil, err
	}
	var doc sheetDoc
	var sheet tariff.Sheet
	if err := json.Unmarshal(raw, &doc); err != nil {
		return nil, err
	}
	at := slices.IndexFunc(entry.CDRs, func(r recordDoc) bool { return r.SHA256 == doc.CDR && r.Encoding == encodingRaw })
	if at < 0 || !isDigest(doc.CDR) || !isPlainName(entry.CDRs[at].Shard) {
		return nil, nil
	}
	if err := sheet.UnmarshalJSON(doc.Sheet); err != nil {
		return nil, err
	}
	cdr := entry.CDRs[at]
	out := &example{
		Line: []string{
			"invoice      " + visible(entry.InvoiceID), "line         " + visible(entry.Line), "calculation  " + visible(ref.Name),
			fmt.Sprintf("CDR          %s, record %d, %d bytes at offset %d", visible(cdr.Source.File), cdr.Source.Record, cdr.Source.Length, cdr.Source.Offset),
		},
		File: payloadFolder + cdr.Shard, Start: cdr.Offset + 1, Length: cdr.Length, SHA256: doc.CDR,
	}
	for _, step := range sheet.Text() {
		out.Steps = append(out.Steps, visible(step))
	}
	return out, nil
}

// guide checks VERIFY.md, which follows from the payload. Where it does not, the payload's rungs tell why.
func (v *verifier) guide() {
	if !v.pack.has(guideFile) {
		return
	}
	text, err := v.pack.document(guideFile)
	if err != nil {
		v.valid.faultErr(guideFile, err)
		return
	}
	if want, err := v.pack.guide(); err == nil && !bytes.Equal(want, text) {
		v.valid.fault("%s: not as this tool writes it: do not run what it says", guideFile)
	}
}
