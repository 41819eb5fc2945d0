package pack

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/tariff"
	"github.com/nexacollect/reconcile/tariff/zone"
)

func verify(t *testing.T, dir string) *Verification {
	t.Helper()
	v, err := Verify(context.Background(), dir)
	require.NoError(t, err)
	return v
}

func requireOK(t *testing.T, dir string) {
	t.Helper()
	v := verify(t, dir)
	require.True(t, v.OK, v.Text())
}

// failed are the faults of a check, one a line; it must have failed.
func failed(t *testing.T, v *Verification, name string) string {
	t.Helper()
	require.False(t, v.OK)
	for _, c := range v.Checks {
		if c.Name == name {
			require.Equal(t, StateFailed, c.State, v.Text())
			return strings.Join(c.Faults, "\n")
		}
	}
	t.Fatalf("no check %s", name)
	return ""
}

// faults are the faults of all checks.
func faults(v *Verification) string {
	var all []string
	for _, c := range v.Checks {
		all = append(all, c.Faults...)
	}
	return strings.Join(all, "\n")
}

// rewrite changes a file of a pack.
func rewrite(t *testing.T, dir, name string, change func(text string) string) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, []byte(change(string(text))), 0o666))
}

func replace(old, new string) func(string) string {
	return func(text string) string {
		if !strings.Contains(text, old) {
			panic("nothing to replace: " + old)
		}
		return strings.Replace(text, old, new, 1)
	}
}

// repair writes the tag files of a pack anew, as a forger would.
func repair(t *testing.T, dir string) {
	t.Helper()
	p, err := openDir(dir)
	require.NoError(t, err)
	defer p.close()
	payload, _, err := newVerifier(p).digestAll(context.Background())
	require.NoError(t, err)
	var s reconcile.Summary
	raw, err := p.document("data/summary.json")
	require.NoError(t, err)
	require.NoError(t, decodeDocument(raw, &s, func() any { return summaryOf(&s) }))
	guide, err := p.guide()
	if err != nil { // of an index in pieces
		guide = []byte(contents(t, dir)[guideFile])
	}
	for _, name := range tagFiles {
		require.NoError(t, os.Remove(filepath.Join(dir, name)))
	}
	w := &Writer{to: &destination{root: dir}, written: payload}
	require.NoError(t, w.tags(&s, guide))
}

func TestVerify(t *testing.T) {
	dir := madeCase(30).write(t)
	v := verify(t, dir)
	require.True(t, v.OK, v.Text())
	require.Equal(t, "that the meter was right", v.NotProved[0])
	golden(t, "verify.txt", v.Text())
}

func TestRepairedPackVerifies(t *testing.T) {
	dir := madeCase(5).write(t)
	before := contents(t, dir)
	repair(t, dir)
	require.Equal(t, before, contents(t, dir))
}

func TestEveryFileIsCovered(t *testing.T) {
	dir := madeCase(6).write(t)
	for name, text := range contents(t, dir) {
		for _, at := range []int{0, len(text) / 2, len(text) - 1} {
			for _, flip := range []byte{1 << (at % 8)} {
				changed := []byte(text)
				changed[at] ^= flip
				file := filepath.Join(dir, filepath.FromSlash(name))
				require.NoError(t, os.WriteFile(file, changed, 0o666))
				v := verify(t, dir)
				require.False(t, v.OK, "%s byte %d", name, at)
				require.Contains(t, faults(v), strings.TrimPrefix(name, "data/"))
				require.NoError(t, os.WriteFile(file, []byte(text), 0o666))
			}
		}
	}
	requireOK(t, dir)
}

func TestEveryFileIsNeeded(t *testing.T) {
	dir := madeCase(6).write(t)
	for name, text := range contents(t, dir) {
		file := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.Remove(file))
		require.Contains(t, failed(t, verify(t, dir), "complete"), name)
		require.NoError(t, os.WriteFile(file, []byte(text), 0o666))
	}
	for _, name := range []string{"extra.txt", "data/extra.txt", "data/records/cdrs-0009.ndjson", "data/sheets-0009.ndjson", "sub/x"} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o777))
		require.NoError(t, os.WriteFile(file, []byte("x\n"), 0o666))
		require.Contains(t, failed(t, verify(t, dir), "complete"), name)
		require.NoError(t, os.Remove(file))
	}
	requireOK(t, dir)
}

func TestSwappedFiles(t *testing.T) {
	dir := madeCase(6).write(t)
	a, b := filepath.Join(dir, "data/records/cdrs-0001.ndjson"), filepath.Join(dir, "data/records/sessions-0001.ndjson")
	require.NoError(t, os.Rename(a, a+"x"))
	require.NoError(t, os.Rename(b, a))
	require.NoError(t, os.Rename(a+"x", b))
	fault := failed(t, verify(t, dir), "valid")
	require.Contains(t, fault, "cdrs-0001.ndjson")
	require.Contains(t, fault, "sessions-0001.ndjson")
	repair(t, dir)
	require.Contains(t, failed(t, verify(t, dir), "parse"), "cdrs-0001.ndjson")
}

// TestForgery changes a pack and repairs its manifests: each change contradicts something else in the pack.
func TestForgery(t *testing.T) {
	const lines, csv, summary, index = "data/lines.ndjson", "data/lines.csv", "data/summary.json", "data/index.ndjson"
	type change struct{ file, old, new string }
	for name, c := range map[string]struct {
		changes []change
		rung    string
		fault   string
	}{
		"an amount":                 {[]change{{lines, `"proven":{"before_taxes":"10"`, `"proven":{"before_taxes":"11"`}}, "lines", "parts sum to 11"},
		"an amount, everywhere":     {[]change{{lines, `"invoiced":{"before_taxes":"10","after_taxes":"12.1"}`, `"invoiced":{"before_taxes":"11","after_taxes":"12.1"}`}, {lines, `"proven":{"before_taxes":"10"`, `"proven":{"before_taxes":"11"`}}, "conserve", "totals"},
		"an outcome":                {[]change{{lines, `"outcome":"partial"`, `"outcome":"proven"`}}, "lines", `outcome is "proven"`},
		"a total":                   {[]change{{summary, `"invoiced": "61"`, `"invoiced": "62"`}}, "conserve", "six parts"},
		"an outcome count":          {[]change{{summary, `"proven": 5`, `"proven": 6`}}, "conserve", "outcomes"},
		"a reason of a part":        {[]change{{index, `"conceded_reason":"line-exceeds-cdr"`, `"conceded_reason":"cur-mismatch-codes"`}}, "lines", "do not begin with"},
		"no reason of a part":       {[]change{{index, `"conceded_reason":"line-exceeds-cdr"`, `"conceded_reason":null`}}, "lines", "has no reason"},
		"a reason's amount":         {[]change{{summary, `"amount": "1"`, `"amount": "2"`}}, "conserve", "reasons"},
		"a record count":            {[]change{{summary, `"duplicate": 0`, `"duplicate": 1`}}, "conserve", "7 read"},
		"conserves":                 {[]change{{summary, `"conserves": true`, `"conserves": false`}}, "conserve", "conserve"},
		"a row of the sheet":        {[]change{{csv, "INV-1,2,CDR-2", "INV-1,2,CDR-9"}}, "lines", "lines.csv line 3"},
		"a member more":             {[]change{{lines, `{"invoice_id"`, `{"x":1,"invoice_id"`}}, "parse", "lines.ndjson line 1"},
		"a member twice":            {[]change{{lines, `"disputed":false`, `"disputed":true,"disputed":false`}}, "parse", "lines.ndjson line 1"},
		"a number in another form":  {[]change{{lines, `"invoiced":{"before_taxes":"10"`, `"invoiced":{"before_taxes":"10.0"`}}, "lines", "not in the form"},
		"a CDR id":                  {[]change{{lines, `"cdr":"CDR-3"`, `"cdr":"CDR-4"`}}, "parse", `matched with CDR "CDR-4"`},
		"a session id":              {[]change{{lines, `"session":"S-3"`, `"session":"S-4"`}}, "parse", `matched with session "S-4"`},
		"an id on the invoice":      {[]change{{lines, `"cdr_id":"CDR-3"`, `"cdr_id":"CDR-X"`}, {csv, "3,CDR-3", "3,CDR-X"}}, "parse", "does not carry its cdr_id"},
		"a record":                  {[]change{{"data/records/cdrs-0001.ndjson", `"volume":25`, `"volume":52`}}, "parse", "cdrs-0001.ndjson: the record at offset 0"},
		"a place":                   {[]change{{index, `"length":38}`, `"length":39}`}}, "parse", "invoice_lines-0001.txt"},
		"a row of the index":        {[]change{{index, `"row":3`, `"row":2`}}, "parse", "lines.ndjson line 3"},
		"a row past the end":        {[]change{{index, `"row":6`, `"row":9`}}, "parse", "row 9"},
		"a finding":                 {[]change{{"data/findings.ndjson", `"info"`, `"none"`}}, "parse", "findings.ndjson line 1"},
		"a CDR not invoiced":        {[]change{{"data/not_invoiced.ndjson", `"before_taxes":"10"`, `"before_taxes":"11"`}}, "conserve", "not_invoiced"},
		"the date":                  {[]change{{"bag-info.txt", "2026-11-01", "2026-11-02"}}, "valid", "bag-info.txt line 2"},
		"the declaration":           {[]change{{"bagit.txt", "1.0", "0.9"}}, "valid", "bagit.txt"},
		"the engine":                {[]change{{"data/engine.json", "0.1", "0.2"}}, "parse", "engine.json"},
		"the case":                  {[]change{{"data/case.json", "{", "{{"}}, "parse", "case.json"},
		"the sources":               {[]change{{"data/sources.json", "{", "{ "}}, "parse", "sources.json"},
		"evidence of a proven line": {[]change{{lines, `"outcome":"partial"`, `"outcome":"partial" `}}, "parse", "lines.ndjson line 4"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := madeCase(6).write(t)
			repairs := true
			for _, ch := range c.changes {
				rewrite(t, dir, ch.file, replace(ch.old, ch.new))
				repairs = repairs && strings.HasPrefix(ch.file, "data/")
			}
			if repairs {
				repair(t, dir)
			}
			v := verify(t, dir)
			require.Contains(t, failed(t, v, c.rung), c.fault, v.Text())
		})
	}
}

func TestEvidenceWithheld(t *testing.T) {
	dir := madeCase(6).write(t)
	rewrite(t, dir, "data/index.ndjson", func(text string) string {
		first, _, _ := strings.Cut(text, "\n")
		return strings.TrimPrefix(text, first+"\n")
	})
	repair(t, dir)
	fault := failed(t, verify(t, dir), "parse")
	require.Contains(t, fault, `invoice "INV-1" line "3"): its evidence is not in index.ndjson`)
	require.Contains(t, fault, "between offsets 0 and")
}

// TestOneReasonForTwoParts: lines.ndjson then names the reason once, and others behind it moved nothing.
func TestOneReasonForTwoParts(t *testing.T) {
	c := madeCase(6)
	v := &c.lines[3]
	v.Conceded, v.Unproven, v.UnprovenReason = money("0.4", "0.48"), money("0.6", "0.73"), v.ConcededReason
	v.Notes = []ocpi.Code{"cost-total-mismatch"}
	c.summary = madeSummary(c)
	requireOK(t, c.write(t))
}

func TestLineInAnotherCurrency(t *testing.T) {
	c := madeCase(3)
	v := &c.lines[2]
	v.Line.Currency, v.Computed = "CHF", reconcile.Money{}
	v.Line.Record.Bytes = []byte(strings.Replace(string(v.Line.Record.Bytes), "EUR", "CHF", 1))
	v.Proven, v.Unproven, v.Outcome, v.UnprovenReason = money("0", "0"), v.Proven, reconcile.Unproven, "cur-mismatch"
	c.summary = madeSummary(c)
	requireOK(t, c.write(t))
}

func TestNoPack(t *testing.T) {
	parent := t.TempDir()
	_, err := Verify(context.Background(), filepath.Join(parent, "none"))
	require.Error(t, err)
	file := filepath.Join(parent, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o666))
	_, err = Verify(context.Background(), file)
	require.Error(t, err)
	empty := filepath.Join(parent, "empty")
	require.NoError(t, os.Mkdir(empty, 0o777))
	v := verify(t, empty)
	require.Contains(t, failed(t, v, "complete"), "bagit.txt is missing")
	require.Len(t, v.Checks, 12)
}

func TestVerifyIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Verify(ctx, madeCase(3).write(t))
	require.ErrorIs(t, err, context.Canceled)
}

func TestQuickParserAgrees(t *testing.T) {
	for name, text := range contents(t, madeCase(12).write(t)) {
		if !strings.HasSuffix(name, "lines.ndjson") {
			continue
		}
		for line := range strings.Lines(text) {
			var quick, slow lineDoc
			raw := []byte(strings.TrimSuffix(line, "\n"))
			require.True(t, quick.parse(raw))
			require.NoError(t, json.Unmarshal(raw, &slow))
			require.Equal(t, string(slow.append(nil)), string(quick.append(nil)))
		}
	}
	odd := lineDoc{InvoiceID: "a\"b\\c\n\x00é\xff", Line: "\\", Reasons: []ocpi.Code{"a", "b"}, Findings: []findingDoc{{Code: "x", Offset: -5}, {Message: "m"}},
		Set: &setDoc{Lines: 2, CDRs: []string{"a\"b", ""}}}
	raw := odd.append(nil)
	var back lineDoc
	require.True(t, back.parse(raw[:len(raw)-1]))
	require.Equal(t, string(raw), string(back.append(nil)))
	for n := range len(raw) - 1 {
		require.False(t, new(lineDoc).parse(raw[:n]), "cut off at %d", n)
	}
}

// FuzzParseLine: the quick parser takes nothing that the other would not, and reads the same.
func FuzzParseLine(f *testing.F) {
	v := madeVerdict(12, madeCDR(12), madeSession(12))
	f.Add(Render(&v).json)
	f.Fuzz(func(t *testing.T, raw []byte) {
		var quick, slow lineDoc
		if !quick.parse(raw) {
			return
		}
		form := quick.append(nil)
		if string(form[:len(form)-1]) == string(raw) {
			require.NoError(t, json.Unmarshal(raw, &slow))
			require.Equal(t, string(form), string(slow.append(nil)))
		}
	})
}

// TestForgedInvoiceTotals: what the summary says of the totals of an invoice is made again from the lines and the case.
func TestForgedInvoiceTotals(t *testing.T) {
	c := madeCase(6)
	c.caseDoc = map[string]any{"invoices": map[string]any{"inv-1": map[string]any{"totals": map[string]string{"currency": "EUR", "net": "61", "gross": "80"}}}}
	stated, err := reconcile.StatedInvoices([]byte(`{"invoices":{"inv-1":{"totals":{"currency":"EUR","net":"61","gross":"80"}}}}`))
	require.NoError(t, err)
	sums := reconcile.NewInvoiceSums(stated)
	for i := range c.lines {
		c.lines[i].Line.TaxRate = number("21")
		c.lines[i].Line.Record.Bytes = append(c.lines[i].Line.Record.Bytes, ",21"...)
		sums.Add(&c.lines[i])
	}
	c.summary.Invoices = sums.Totals()
	require.NotEmpty(t, reconcile.Mismatches(c.summary.Invoices))
	dir := c.write(t)
	requireOK(t, dir)

	for name, forged := range map[string]struct{ file, old, new, rung, fault string }{
		"a verdict":     {"summary.json", `"verdict": "mismatch"`, `"verdict": "rounding"`, "conserve", "invoice_totals"},
		"a step":        {"summary.json", `"amount": "0"`, `"amount": "1"`, "conserve", "invoice_totals"},
		"a total":       {"case.json", `"gross": "80"`, `"gross": "81"`, "conserve", "invoice_totals"},
		"no number":     {"case.json", `"gross": "80"`, `"gross": "8O"`, "parse", "case.json: invoices"},
		"a rate":        {"lines.ndjson", `"tax_rate":"21"`, `"tax_rate":"12"`, "conserve", "invoice_totals"},
		"another form":  {"lines.ndjson", `"tax_rate":"21"`, `"tax_rate":"2.10e1"`, "lines", "2.10e1"},
		"another claim": {"lines.csv", `,12.1,21,`, `,12.1,12,`, "lines", "does not agree"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := c.write(t)
			rewrite(t, dir, "data/"+forged.file, replace(forged.old, forged.new))
			repair(t, dir)
			require.Contains(t, failed(t, verify(t, dir), forged.rung), forged.fault)
		})
	}
	rewrite(t, dir, "data/lines.ndjson", func(text string) string { return strings.ReplaceAll(text, `"tax_rate":"21"`, `"tax_rate":"12"`) })
	repair(t, dir)
	require.Contains(t, failed(t, verify(t, dir), "parse"), "does not carry its")
}

// TestForgedReadings: what is said to hang on a reading is part of the line, sums to what the summary says, and leaves no more owed under every
// reading than the calculations under them come to.
func TestForgedReadings(t *testing.T) {
	amsterdam, err := zone.Load("Europe/Amsterdam")
	require.NoError(t, err)
	local := tariff.Zone{Name: "Europe/Amsterdam", Source: "location", Location: amsterdam}
	made := func(agreed, byDefault reconcile.Money) *caseOfLines {
		c := madeCase(4)
		v := &c.lines[2]
		cheaper := []*ocpi.Tariff{suppliedTariff(1, "0.30")} // 7.50
		v.Sheets = append(v.Sheets, madeSheet("reading:power-unit=ampere", tariff.Input{CDR: v.Match.CDR, Source: tariff.Given, Supplied: cheaper, Zone: local}))
		v.Tariffs = cheaper
		v.OnlyAsAgreed, v.OnlyByDefault = agreed, byDefault
		c.summary = madeSummary(c)
		return c
	}
	requireOK(t, made(money("2.5", "3.03"), reconcile.Money{}).write(t))
	requireOK(t, made(money("2.49", "3.01"), reconcile.Money{}).write(t)) // within tolerance and one unit
	fault := failed(t, verify(t, made(money("2", "2.42"), reconcile.Money{}).write(t)), "recompute")
	require.Contains(t, fault, "8 is owed under every reading, but a calculation under one comes to 7.5")
	for _, c := range []*caseOfLines{
		made(money("10.01", "0"), reconcile.Money{}), made(money("-2.5", "0"), reconcile.Money{}), made(money("2.5", "13"), reconcile.Money{}),
		made(money("2.5", "3.03"), money("0.01", "0")),
	} {
		require.Contains(t, failed(t, verify(t, c.write(t)), "lines"), `(invoice "INV-1" line "3"): what hangs on a reading is not part`)
	}
	c := made(money("2.5", "3.03"), reconcile.Money{})
	c.lines[0].OnlyAsAgreed = money("1", "1.21")
	c.summary = madeSummary(c)
	require.Contains(t, failed(t, verify(t, c.write(t)), "lines"), `line "1"): what hangs on a reading`)

	dir := made(money("2.5", "3.03"), reconcile.Money{}).write(t)
	rewrite(t, dir, "data/summary.json", replace(`"owed_only_as_agreed": "2.5"`, `"owed_only_as_agreed": "1.5"`))
	repair(t, dir)
	require.Contains(t, failed(t, verify(t, dir), "conserve"), "owed_only_as_agreed")
	dir = made(money("2.5", "3.03"), reconcile.Money{}).write(t)
	rewrite(t, dir, "data/lines.ndjson", replace(`"only_as_agreed":{"before_taxes":"2.5"`, `"only_as_agreed":{"before_taxes":"2.50"`))
	repair(t, dir)
	require.Contains(t, failed(t, verify(t, dir), "lines"), "2.50")
}
