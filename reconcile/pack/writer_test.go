package pack

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
)

var update = flag.Bool("update", false, "rewrite golden files")

// golden compares text with a file of testdata.
func golden(t *testing.T, name, have string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o777))
		require.NoError(t, os.WriteFile(file, []byte(have), 0o666))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), have)
}

func TestLayout(t *testing.T) {
	files := contents(t, madeCase(4).write(t))
	require.Equal(t, []string{
		"VERIFY.md", "bag-info.txt", "bagit.txt", "data/case.json", "data/certifications.pdf", "data/engine.json", "data/findings.ndjson", "data/index.ndjson",
		"data/lines.csv", "data/lines.ndjson", "data/lines.xlsx", "data/not_invoiced.ndjson", "data/records/cdrs-0001.ndjson", "data/records/invoice_lines-0001.txt",
		"data/records/sessions-0001.ndjson", "data/report.html", "data/sheets-0001.ndjson", "data/sources.json", "data/statement.pdf",
		"data/summary.json", "manifest-sha256.txt", "tagmanifest-sha256.txt",
	}, slices.Sorted(maps.Keys(files)))
	var b strings.Builder
	for _, name := range []string{
		"bagit.txt", "data/case.json", "data/findings.ndjson", "data/lines.csv", "data/lines.ndjson", "data/not_invoiced.ndjson",
		"data/records/cdrs-0001.ndjson", "data/records/invoice_lines-0001.txt", "data/records/sessions-0001.ndjson", "data/sources.json",
		"data/summary.json",
	} {
		fmt.Fprintf(&b, "== %s\n%s", name, files[name])
	}
	golden(t, "layout.txt", b.String())
}

func TestNDJSONIsJSON(t *testing.T) {
	for name, text := range contents(t, madeCase(8).write(t)) {
		if !strings.HasSuffix(name, ".ndjson") {
			continue
		}
		for line := range strings.Lines(text) {
			require.True(t, json.Valid([]byte(line)), "%s: %s", name, line)
		}
	}
}

func TestSameCaseSameBytes(t *testing.T) {
	a, b := madeCase(30), madeCase(30)
	a.files = map[string]string{"report.html": "r", "x.txt": "x"}
	b.files = map[string]string{"x.txt": "x", "report.html": "r"}
	require.Equal(t, contents(t, a.write(t)), contents(t, b.write(t)))
}

func TestAmountsAndAbsence(t *testing.T) {
	v := madeVerdict(4, madeCDR(4), madeSession(4))
	v.Match = reconcile.Match{State: "unmatched"}
	v.CDRs, v.Sessions, v.Computed = nil, nil, reconcile.Money{}
	v.Admitted = number("0.50")
	line := string(Render(&v).json)
	require.Contains(t, line, `"match":{"state":"unmatched","rule":null,"cdr":null,"session":null}`)
	require.Contains(t, line, `"computed":{"before_taxes":null,"after_taxes":null}`)
	require.Contains(t, line, `"admitted":"0.5"`)
}

func TestRecordsAreDisclosedOnce(t *testing.T) {
	c := madeCase(4)
	cdr, session := c.lines[2].Match.CDR, c.lines[2].Match.Session
	again := madeVerdict(3, cdr, session)
	again.Line.Line = "5"
	again.Line.Record = rec("invoice.csv", 5, "INV-1,5,CDR-3,S-3,10,12.1,EUR,disputed")
	c.lines = append(c.lines, again)
	c.summary = madeSummary(c)
	files := contents(t, c.write(t))
	require.Equal(t, 2, strings.Count(files["data/records/cdrs-0001.ndjson"], "\n"))
	require.Equal(t, 3, strings.Count(files["data/records/invoice_lines-0001.txt"], "\n"))
	require.Equal(t, 3, strings.Count(files["data/index.ndjson"], "\n"))
}

func TestOnlyWhatIsNeededIsDisclosed(t *testing.T) {
	proven := func() reconcile.LineVerdict { return madeVerdict(1, madeCDR(1), madeSession(1)) }
	for name, change := range map[string]func(v *reconcile.LineVerdict){
		"disputed":     func(v *reconcile.LineVerdict) { v.Disputed = true },
		"not proven":   func(v *reconcile.LineVerdict) { v.Outcome = reconcile.Unproven },
		"underbilled":  func(v *reconcile.LineVerdict) { v.Notes = []ocpi.Code{"underbilled"} },
		"session id":   func(v *reconcile.LineVerdict) { v.Notes = []ocpi.Code{"session-id-mismatch"} },
		"contradicted": func(v *reconcile.LineVerdict) { v.Findings = []ocpi.Finding{{Severity: ocpi.SeverityError}} },
	} {
		v := proven()
		change(&v)
		require.False(t, Render(&v).closed, name)
	}
	v := proven()
	v.Notes, v.Findings = []ocpi.Code{"cdr-without-session"}, []ocpi.Finding{{Severity: ocpi.SeverityWarn}}
	e := Render(&v)
	require.True(t, e.closed)
	require.Empty(t, e.records)
}

func TestRecordWithLineBreakIsBase64(t *testing.T) {
	c := madeCase(3)
	pretty := strings.ReplaceAll(rawCDR(3), ",", ",\n  ")
	c.lines[2].Match.CDR.Record.Bytes = []byte(pretty)
	c.lines[2].Line.Record.Bytes = []byte("INV-1,3,CDR-3,S-3,10,12.1,EUR,disputed,\"two\r\nlines\"")
	dir := c.write(t)
	files := contents(t, dir)
	require.True(t, strings.HasPrefix(files["data/records/cdrs-0001.ndjson"], `{"base64":"`))
	require.Equal(t, 1, strings.Count(files["data/records/cdrs-0001.ndjson"], "\n"))
	require.Contains(t, files["data/records/invoice_lines-0001.ndjson"], `{"base64":"`)

	p, err := openDir(dir)
	require.NoError(t, err)
	defer p.close()
	entry, err := p.entryOf(3)
	require.NoError(t, err)
	raw, err := p.record(&entry.CDRs[0])
	require.NoError(t, err)
	require.Equal(t, pretty, string(raw))
	requireOK(t, dir)
}

func TestFormulasAreText(t *testing.T) {
	v := madeVerdict(4, madeCDR(4), madeSession(4))
	v.Line.InvoiceID = `=HYPERLINK("http://x","y")`
	v.Line.CDRID, v.Line.SessionID, v.Line.Line = "@SUM(A1)", "+1", "-2;3"
	v.Match.CDR.ID, v.Match.Session.ID = "\tcmd", "a,\"b\"\nc"
	v.Conceded = money("-1.5", "")
	cells, err := csv.NewReader(bytes.NewReader(Render(&v).csv)).Read()
	require.NoError(t, err)
	require.Equal(t, []string{`'=HYPERLINK("http://x","y")`, "'-2;3", "'@SUM(A1)", "'+1", "EUR"}, cells[:5])
	require.Equal(t, []string{"'\tcmd", "a,\"b\"\nc"}, cells[8:10])
	require.Contains(t, cells, "-1.5", "our own number stays one")
	head, err := csv.NewReader(strings.NewReader(linesCSVHeader)).Read()
	require.NoError(t, err)
	require.Len(t, cells, len(head))
}

func TestNamesTellNoFolder(t *testing.T) {
	for file, want := range map[string]string{
		"/home/me/a/cdrs.ndjson": "cdrs.ndjson", `C:\x\cdrs.ndjson`: "cdrs.ndjson", "C:/x/cdrs.ndjson": "cdrs.ndjson", "-": "-", "": "",
		"in/cdrs.ndjson": "in/cdrs.ndjson", "./cdrs.ndjson": "cdrs.ndjson", "../in/cdrs.ndjson": "../in/cdrs.ndjson", `\\host\x\y.csv`: "y.csv",
	} {
		require.Equal(t, want, displayName(file), file)
	}
}

func TestShardsRoll(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	w, err := Create(dir, false)
	require.NoError(t, err)
	w.shardBytes = 3000
	c := madeCase(30)
	for i := range c.lines {
		require.NoError(t, w.Add(Render(&c.lines[i])))
	}
	require.NoError(t, w.Commit(Contents{Summary: c.summary}))
	files := contents(t, dir)
	require.Contains(t, files, "data/records/cdrs-0002.ndjson")
	require.Less(t, len(files["data/records/cdrs-0001.ndjson"]), 3000+2000)
	index := bufio.NewScanner(strings.NewReader(files["data/index.ndjson"]))
	index.Buffer(nil, 1<<20)
	for index.Scan() {
		var d indexDoc
		require.NoError(t, json.Unmarshal(index.Bytes(), &d))
		at := d.CDRs[0].locationDoc
		raw := files["data/"+at.Shard][at.Offset : at.Offset+at.Length]
		require.Contains(t, raw, `"id":"CDR-`+d.Line+`"`)
	}
}

func TestFileNames(t *testing.T) {
	w, err := Create(filepath.Join(t.TempDir(), "out"), false)
	require.NoError(t, err)
	defer w.Abort()
	for _, name := range []string{"", "../x", "/x", "a/../../x", "a//b", "x y", "lines.csv", "records/cdrs-0001.ndjson", ".x", "Ä"} {
		require.Error(t, w.File(name, nil), name)
	}
	require.NoError(t, w.File("letters/demand.txt", []byte("x")))
	require.Error(t, w.File("letters/demand.txt", nil))
}

func TestStringsAsJSON(t *testing.T) {
	for _, s := range []string{"", "plain", "q\"b\\", "\x00\x1f\n\r\t", "é€😀\u2028", "bad\xff\xc3end", "<&>"} {
		var back string
		require.NoError(t, json.Unmarshal(appendString(nil, s), &back))
		require.Equal(t, asWritten(s), back)
	}
}

func BenchmarkRenderAndAdd(b *testing.B) {
	c := madeCase(60)
	w, err := Create(filepath.Join(b.TempDir(), "out"), false)
	require.NoError(b, err)
	defer w.Abort()
	closed, open := &c.lines[0], &c.lines[2]
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		v := closed
		if i%20 == 0 {
			v = open
		}
		if err := w.Add(Render(v)); err != nil {
			b.Fatal(err)
		}
	}
}
