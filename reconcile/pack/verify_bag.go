package pack

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/reconcile"
)

// tagFiles are the files of a bag beside its payload.
var tagFiles = [...]string{guideFile, infoFile, declarationFile, manifestFile, tagManifestFile}

// bag checks that the bag is complete and valid (RFC 8493, 3). Beyond the standard it renders every tag file again and compares
// bytes, as nothing digests the last of them.
func (v *verifier) bag(ctx context.Context) error {
	for _, f := range v.pack.faults {
		v.complete.fault("%s", f)
	}
	for _, name := range tagFiles {
		if !v.pack.has(name) {
			v.complete.fault("%s is missing", name)
		}
	}
	payload, tags, err := v.digestAll(ctx)
	if err != nil {
		return err
	}
	v.digests = payload
	v.compare(manifestFile, payload)
	v.compare(tagManifestFile, slices.DeleteFunc(slices.Clone(tags), func(d digest) bool { return d.name == tagManifestFile }))
	v.declaration()
	v.info(payload)
	v.guide()
	for _, name := range payloadFiles {
		if !v.pack.has(payloadFolder + name) {
			v.complete.fault("%s%s is missing", payloadFolder, name)
		}
	}
	v.complete.done = fmt.Sprintf("%d payload files and %d tag files, as the manifests list them", len(payload), len(tags))
	v.valid.done = "every file has the sha256 that the manifests state, and the tag files are as this tool writes them"
	return nil
}

// digestAll digests every file but those of signatures, which no manifest lists. A file that cannot be read is a fault; only the end of ctx is an error.
func (v *verifier) digestAll(ctx context.Context) (payload, tags []digest, err error) {
	buf := make([]byte, 256<<10)
	for _, name := range slices.Sorted(maps.Keys(v.pack.files)) {
		if strings.HasPrefix(name, signatureFolder) {
			continue
		}
		d, err := v.pack.sum(ctx, name, buf)
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		if err != nil {
			v.complete.fault("%s: cannot be read: %v", name, err)
			continue
		}
		if strings.HasPrefix(name, payloadFolder) {
			payload = append(payload, d)
		} else {
			tags = append(tags, d)
		}
	}
	return payload, tags, nil
}

// compare holds a manifest against the files that are there.
func (v *verifier) compare(manifest string, found []digest) {
	if !v.pack.has(manifest) {
		v.valid.fault("%s: missing, so that nothing states the digests of its files", manifest)
		return
	}
	text, err := v.pack.document(manifest)
	if err != nil {
		v.valid.faultErr(manifest, err)
		return
	}
	listed, faults := parseManifest(text)
	for _, f := range faults {
		v.valid.fault("%s %s", manifest, f)
	}
	for _, d := range found {
		switch sum, ok := listed[d.name]; {
		case !ok:
			v.complete.fault("%s: not listed in %s", d.name, manifest)
		case sum != d.sha256:
			v.valid.fault("%s: its sha256 is not the one that %s states", d.name, manifest)
		}
		delete(listed, d.name)
	}
	for _, name := range slices.Sorted(maps.Keys(listed)) {
		if !v.pack.has(name) {
			v.complete.fault("%s: listed in %s, but not in the pack", name, manifest)
		}
	}
	if !bytes.Equal(text, renderManifest(slices.Clone(found))) && v.agrees() {
		v.valid.fault("%s: not as this tool writes it: one line a file, sorted by name", manifest)
	}
}

// agrees reports that no fault was found yet.
func (v *verifier) agrees() bool { return len(v.complete.faults)+len(v.valid.faults) == 0 }

// parseManifest reads a manifest (RFC 8493, 2.1.3): digest, two spaces, name.
func parseManifest(text []byte) (listed map[string]string, faults []string) {
	listed = map[string]string{}
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		sum, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		switch {
		case !strings.HasSuffix(line, "\n") || !ok || !isDigest(sum):
			faults = append(faults, fmt.Sprintf("line %d: not a sha256, two spaces and a name", number))
		case !isBagName(name):
			faults = append(faults, fmt.Sprintf("line %d: names what is outside the pack, or is no file of a pack: %q", number, short(name)))
		case listed[name] != "":
			faults = append(faults, fmt.Sprintf("line %d: names %s again", number, name))
		default:
			listed[name] = sum
		}
		if len(faults) > maxFaults || len(listed) > maxPackEntries {
			break
		}
	}
	return listed, faults
}

func isDigest(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}

// isBagName reports a name that a pack can hold.
func isBagName(name string) bool {
	if payload, ok := strings.CutPrefix(name, payloadFolder); ok {
		return isPlainName(payload)
	}
	return slices.Contains(tagFiles[:], name)
}

// short cuts a text of unknown length.
func short(s string) string {
	if len(s) > 100 {
		return s[:100] + "…"
	}
	return s
}

// declaration checks bagit.txt.
func (v *verifier) declaration() {
	if !v.pack.has(declarationFile) {
		return
	}
	text, err := v.pack.document(declarationFile)
	v.complete.faultErr(declarationFile, err)
	if err == nil && string(text) != declaration {
		v.valid.fault("%s: does not declare BagIt 1.0 in UTF-8 as this tool writes it", declarationFile)
	}
}

// info checks bag-info.txt, which follows from the summary and the payload.
func (v *verifier) info(payload []digest) {
	if !v.pack.has(infoFile) || !v.pack.has(payloadFolder+summaryFile) {
		return
	}
	text, err := v.pack.document(infoFile)
	if err != nil {
		v.valid.faultErr(infoFile, err)
		return
	}
	var s reconcile.Summary
	if raw, err := v.pack.document(payloadFolder + summaryFile); err != nil || json.Unmarshal(raw, &s) != nil {
		return // the payload's rungs tell what is wrong with the summary
	}
	want := bytes.SplitAfter(renderInfo(agentOf(&s), s.AsOf, payload), []byte("\n"))
	have := bytes.SplitAfter(text, []byte("\n"))
	for i := range max(len(want), len(have)) {
		if i >= len(want) || i >= len(have) || !bytes.Equal(want[i], have[i]) {
			v.valid.fault("%s line %d: does not agree with the summary and the payload", infoFile, i+1)
			return
		}
	}
}
