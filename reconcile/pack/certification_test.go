package pack

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/reconcile"
)

// A value of the case can neither begin a block of the text nor end one.
func TestCertificationsOfHostileTexts(t *testing.T) {
	plain := &certification{Case: "small", NotProved: []string{"that it is true"}}
	hostile := &certification{
		Case: oneLine("small\n\n#> Template 5: forged\n\n[files]"), Tool: oneLine("\n\n! I sign"), NotProved: []string{oneLine("- that\n\n1. it {{.Case}}")},
	}
	want, err := plain.blocks()
	require.NoError(t, err)
	have, err := hostile.blocks()
	require.NoError(t, err)
	require.Len(t, have, len(want))
	for i := range want {
		mark, _, _ := strings.Cut(want[i], " ")
		require.True(t, strings.HasPrefix(have[i], mark), have[i])
		require.Equal(t, strings.Count(want[i], "\n"), strings.Count(have[i], "\n"))
	}
}

// Each template says that it is one, has its own blanks for who signs, and begins a page.
func TestEachCertificationIsATemplate(t *testing.T) {
	blocks, err := (&certification{Case: "small"}).blocks()
	require.NoError(t, err)
	require.Contains(t, blocks[0], "templates, unsigned")
	require.Contains(t, blocks[0], "no legal advice")
	require.Contains(t, blocks[0], "Have counsel check")
	var rules []string
	forms := 0
	for i, block := range blocks {
		require.NotContains(t, block, "<no value>")
		if strings.HasPrefix(block, "#> Template") {
			require.Contains(t, blocks[i+1], "not signed. Case: small.")
			rules = append(rules, blocks[i+1])
		}
		if strings.HasPrefix(block, "! ") {
			forms++
		}
	}
	require.Len(t, rules, 4)
	require.Equal(t, 4, forms)
	for i, rule := range []string{"902(11)", "902(13)", "902(14)", "No 910/2014"} {
		require.Contains(t, rules[i], rule)
	}
	form := signatureForm("I declare.")
	require.True(t, form.Form)
	for _, row := range form.Rows[1:] {
		require.Empty(t, row.Cells[1])
	}
}

func TestKindTexts(t *testing.T) {
	own, notOwn := kindTexts([]Input{
		{Kind: "cdrs", Records: 1200}, {Kind: "cdrs", Records: 34}, {Kind: "theirs", Records: 5}, {Kind: "invoices", Records: 1}, {Kind: "disputes", Records: 2},
	})
	require.Equal(t, "cdrs (2 files, 1,234 records), invoices (1 file, 1 record)", own)
	require.Equal(t, "I do not speak of the files of these kinds, which others made, or which were made to settle the claim: theirs, disputes.", notOwn)
	_, notOwn = kindTexts(nil)
	require.Equal(t, "No file was read but these.", notOwn)
}

func TestTimeSpan(t *testing.T) {
	var s timeSpan
	s.add(time.Time{})
	require.Empty(t, s.text())
	at := time.Date(2026, 9, 1, 10, 0, 0, 0, time.UTC)
	for _, hours := range []time.Duration{2, 0, 1} {
		s.add(at.Add(hours * time.Hour))
	}
	require.Contains(t, s.text(), "between 2026-09-01 10:00:00 and 2026-09-01 12:00:00 (UTC)")
}

func TestCertificationsAreBounded(t *testing.T) {
	var sources sourcesDoc
	var payload []digest
	for i := range 1234 {
		sources.Inputs = append(sources.Inputs, Input{Kind: "cdrs", Name: fmt.Sprint(i)})
		payload = append(payload, digest{name: fmt.Sprintf("data/records/cdrs-%04d.ndjson", i)})
	}
	payload = append(payload, digest{name: "data/" + certificationsFile}, digest{name: "data/proofs/head"})
	files := certifiedFiles(payload)
	require.Len(t, files, 1234, "neither itself, nor what takes a secret")
	require.Len(t, inputTable(sources.Inputs).Rows, maxCertified)
	require.Len(t, fileTable(files).Rows, maxCertified)
	require.Equal(t, "Here. These are the first 500 of 1,234; sources.json has all.", annexText("Here.", 1234, sourcesFile))
	require.Equal(t, "Here.", annexText("Here.", 500, sourcesFile))
}

func TestRecordTable(t *testing.T) {
	r := reconcile.Records{CDRs: reconcile.RecordCount{Read: 1200, Used: 1190, Duplicate: 8, Rejected: 2}}
	rows := recordTable(&r).Rows
	require.Len(t, rows, 4)
	require.Equal(t, []string{"CDRs", "1,200", "1,190", "8", "2"}, rows[0].Cells)
	r.Theirs.Read = 1
	require.Equal(t, "CDRs of the debtor's copy", recordTable(&r).Rows[4].Cells[0])
}

// Facts of another case, or of this one changed, are found; so is a file that annex C does not know.
func TestForgedCertificationsAreFound(t *testing.T) {
	c := statedCase()
	dir := c.write(t)
	name := filepath.Join(dir, "data", certificationsFile)
	other, err := os.ReadFile(filepath.Join(madeCase(4).write(t), "data", certificationsFile))
	require.NoError(t, err)
	forge := func() string {
		repair(t, dir)
		v, err := Verify(context.Background(), dir)
		require.NoError(t, err)
		require.False(t, v.OK)
		return v.Text()
	}
	own, err := os.ReadFile(name)
	require.NoError(t, err)
	for _, text := range []string{string(other), "no PDF", ""} {
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
		require.Contains(t, forge(), "certifications.pdf: does not agree with the documents and the other files")
	}
	require.NoError(t, os.WriteFile(name, own, 0o600))
	sources := filepath.Join(dir, "data", sourcesFile)
	text, err := os.ReadFile(sources)
	require.NoError(t, err)
	doc := sourcesDoc{}
	require.NoError(t, json.Unmarshal(text, &doc))
	doc.Inputs[0].Records++
	text, err = renderDocument(doc)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(sources, text, 0o600))
	require.Contains(t, forge(), "certifications.pdf: does not agree with the documents and the other files")
}

// What people read is there, where a tool that others made is at hand to read it.
func TestCertificationsRead(t *testing.T) {
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext is not at hand")
	}
	dir := statedCase().write(t)
	out, err := exec.Command(tool, "-layout", filepath.Join(dir, "data", certificationsFile), "-").Output()
	require.NoError(t, err)
	text := strings.Join(strings.Fields(string(out)), " ")
	digests, err := os.ReadFile(filepath.Join(dir, manifestFile))
	require.NoError(t, err)
	for line := range strings.Lines(string(digests)) {
		sum, file, _ := strings.Cut(strings.TrimSpace(line), "  ")
		require.Equal(t, file != payloadFolder+certificationsFile && file != pageFile, strings.Contains(text, sum), file)
	}
	var sources sourcesDoc
	raw, err := os.ReadFile(filepath.Join(dir, "data", sourcesFile))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(raw, &sources))
	require.NotEmpty(t, sources.Inputs)
	for _, in := range sources.Inputs {
		require.Contains(t, text, in.SHA256)
	}
	for _, want := range []string{
		"Certification templates These are templates, unsigned.", "4 invoice lines: 2 proven, 1 proven in part, 0 conceded, 1 unproven",
		"under penalty of perjury", "Signature", "began between 2026-09-01 08:00:00 and 2026-09-01 10:00:00 (UTC)",
	} {
		require.Contains(t, text, want)
	}
}
