package pack

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/reconcile"
)

// madeOtherwise are the files of the payload that a pack made again from the same inputs need not have: they take a secret.
const madeOtherwise = payloadFolder + "proofs/"

// pageFile is report.html, which carries proofs where the pack has any: they take a secret too.
const pageFile = payloadFolder + "report.html"

// again compares the payload with that of a pack that was made again from the inputs.
func (v *verifier) again(ctx context.Context) error {
	if v.options.Again == "" {
		return nil
	}
	made, err := openDir(v.options.Again)
	if err != nil {
		return err
	}
	defer made.close()
	v.rematch.skipped = ""
	if v.otherInputs(made); len(v.rematch.faults) > 0 {
		return nil
	}
	same, err := v.sameFiles(ctx, made)
	if err != nil || len(v.rematch.faults) > 0 {
		return err
	}
	v.report.skipped = ""
	v.rematch.done = fmt.Sprintf("every input has the sha256 that sources.json states, and the run made again gives the same %d payload files, byte for byte", same)
	v.report.done = "report.html, findings.ndjson and all that is summed up are made again as well, from the inputs"
	return nil
}

// otherInputs finds inputs that are not those of the pack.
func (v *verifier) otherInputs(made *openPack) {
	var ours, theirs sourcesDoc
	v.rematch.faultErr(payloadFolder+sourcesFile, errors.Join(v.pack.sources(&ours), made.sources(&theirs)))
	had := map[Input]bool{}
	for _, in := range ours.Inputs {
		had[in] = true
	}
	for _, in := range theirs.Inputs {
		if !had[in] {
			v.rematch.fault("%s: no input of the pack (%s, sha256 %s, %d records), want the very files that sources.json states", in.Name, in.Kind, in.SHA256, in.Records)
		}
		delete(had, in)
	}
	for _, in := range ours.Inputs {
		if had[in] {
			v.rematch.fault("%s: is not there (%s, sha256 %s, %d records)", in.Name, in.Kind, in.SHA256, in.Records)
		}
	}
}

// sources reads sources.json.
func (p *openPack) sources(into *sourcesDoc) error {
	raw, err := p.document(payloadFolder + sourcesFile)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into)
}

// sameFiles compares the files one by one and counts those that are the same.
func (v *verifier) sameFiles(ctx context.Context, made *openPack) (same int, err error) {
	buf := make([]byte, 256<<10)
	seen := map[string]bool{}
	for _, d := range v.digests {
		if seen[d.name] = true; strings.HasPrefix(d.name, madeOtherwise) {
			continue
		}
		if !made.has(d.name) {
			v.rematch.fault("%s: the inputs give no such file", d.name)
			continue
		}
		own, err := made.sum(ctx, d.name, buf)
		if err != nil {
			return 0, err
		}
		if own != d && !(d.name == pageFile && v.samePage(made)) {
			v.rematch.fault("%s: the inputs give another file, %s", d.name, v.parting(made, d.name))
			continue
		}
		same++
	}
	for _, name := range slices.Sorted(maps.Keys(made.files)) {
		if strings.HasPrefix(name, payloadFolder) && !seen[name] {
			v.rematch.fault("%s: the inputs give this file, which the pack lacks", name)
		}
	}
	return same, nil
}

// parting says where a file and the one made again part: the first line that differs, where both have lines.
func (v *verifier) parting(made *openPack, name string) string {
	if ext := path.Ext(name); ext == ".xlsx" || ext == ".pdf" {
		return "which is no text"
	}
	a, errA := v.pack.open(name)
	b, errB := made.open(name)
	if err := errors.Join(errA, errB); err != nil {
		return err.Error()
	}
	defer a.Close()
	defer b.Close()
	return fmt.Sprintf("from line %d on", firstOther(bufio.NewReader(a), bufio.NewReader(b)))
}

// firstOther is the number of the first line in which two texts differ.
func firstOther(a, b *bufio.Reader) int {
	line := 1
	for {
		x, errX := a.ReadSlice('\n')
		y, errY := b.ReadSlice('\n')
		if !bytes.Equal(x, y) || errX == io.EOF || errY == io.EOF {
			return line
		}
		if errX == nil { // else a line longer than the buffer goes on
			line++
		}
	}
}

// LineForms are the forms of the lines that a pack's case.json names.
func LineForms(ctx context.Context, dir string) ([]reconcile.LineForm, error) {
	p, err := openAt(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer p.close()
	text, err := p.document(payloadFolder + caseFile)
	if err != nil {
		return nil, err
	}
	return reconcile.LinesWrittenAs(text)
}

// samePage compares report.html with the one that was made again, but for the proofs in it.
func (v *verifier) samePage(made *openPack) bool {
	if !v.pack.hasProofs() {
		return false
	}
	ours, errA := v.pack.whole(pageFile, maxPageBytes)
	again, errB := made.whole(pageFile, maxPageBytes)
	return errors.Join(errA, errB) == nil && bytes.Equal(withoutProofs(ours), again)
}

// withoutProofs is a page without the element that holds the proofs.
func withoutProofs(page []byte) []byte {
	before, rest, found := bytes.Cut(page, []byte(`<script type="text/plain" id="proofs">`))
	_, after, ended := bytes.Cut(rest, []byte("</script>\n"))
	if !found || !ended {
		return page
	}
	return slices.Concat(before, after)
}
