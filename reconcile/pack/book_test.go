package pack

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/source"
)

// listedRows are the rows of a sheet of lines.xlsx as the engine's own reader gives them, by heading. key is its first heading.
func listedRows(t *testing.T, dir, key string) (header []string, rows []map[string]string) {
	t.Helper()
	table, err := source.OpenTable([]string{filepath.Join(dir, "data", linesXLSXFile)},
		source.Options{Heading: func(names []string) bool { return len(names) > 0 && names[0] == key }})
	require.NoError(t, err)
	defer table.Close()
	for batch, err := range table.Batches(context.Background()) {
		require.NoError(t, err)
		require.Empty(t, batch.Rejected)
		header = batch.Header
		for _, row := range batch.Rows {
			cells := map[string]string{}
			for i, name := range header {
				if i < len(row.Cells) {
					cells[name] = row.Cells[i]
				}
			}
			rows = append(rows, cells)
		}
	}
	return header, rows
}

// bookParts are the parts of lines.xlsx, by name.
func bookParts(t *testing.T, dir string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "data", linesXLSXFile))
	require.NoError(t, err)
	z, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
	require.NoError(t, err)
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		require.NoError(t, err)
		part, err := io.ReadAll(r)
		require.NoError(t, err)
		out[f.Name] = string(part)
	}
	return out
}

// statedCase is a case whose invoice states kWh, times and EVSE: lines 3 and 4 are listed, and line 3 has no CDR.
func statedCase() *caseOfLines {
	c := madeCase(4)
	for i := range c.lines {
		l := c.lines[i].Line
		l.ClaimedKWh, l.EVSEID = number("25.0001234567890123"), "NL*CPO*E9"
		l.Start, l.End = time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC), time.Date(2026, 9, 2, 0, 0, 0, 0, time.UTC)
		l.Record.Bytes = append(l.Record.Bytes, `,"25,0001234567890123",2026-09-01T10:00:00+02:00,2026-09-02,NL*CPO*E9`...)
	}
	lost := &c.lines[2]
	lost.Match, lost.CDRs, lost.Sheets = reconcile.Match{State: "unmatched"}, nil, nil
	lost.Outcome, lost.Proven, lost.Unproven, lost.Computed = reconcile.Unproven, money("0", "0"), lost.Invoiced, reconcile.Money{}
	lost.UnprovenReason, lost.Notes = "missing-cdr", nil
	c.summary = madeSummary(c)
	return c
}

func TestBookListsTheLines(t *testing.T) {
	dir := statedCase().write(t)
	header, rows := listedRows(t, dir, "Invoice")
	require.Len(t, header, len(bookColumns))
	require.Len(t, rows, 2, "what agrees and nobody disputes is not listed")
	for heading, want := range map[string]string{
		"Line": "3", "CDR": "CDR-3", "EVSE": "NL*CPO*E9", "Start (UTC)": "2026-09-01 08:00:00", "End (UTC)": "2026-09-02 00:00:00",
		"Hours": "", "kWh invoiced": "25.000123456789", "kWh of the CDR": "", "Disputed": "yes", "Outcome": "unproven", "Currency": "EUR",
		"Claimed net": "10", "Computed net": "", "Unproven net": "10", "Unproven gross": "12.1", "Reasons": "missing-cdr",
		"Row of lines.ndjson": "3", "Calculation in": "", "Matched": "unmatched",
	} {
		require.Equal(t, want, rows[0][heading], heading)
	}
	for heading, want := range map[string]string{
		"Line": "4", "EVSE": "NL*CPO*E1", "Start (UTC)": "2026-09-01 10:00:00", "End (UTC)": "2026-09-01 11:00:00", "Hours": "1",
		"kWh of the CDR": "25", "kWh of its periods": "25", "kWh of the session": "25", "Disputed": "no", "Outcome": "partial",
		"Claimed net": "11", "Computed net": "10", "Proven net": "10", "Conceded net": "1", "Conceded gross": "1.21",
		"What was found": "line-exceeds-cdr: 11 EUR, the CDR supports 10 EUR", "Match rule": "cdr-id", "Calculation in": "sheets-0001.ndjson", "from byte": "0",
	} {
		require.Equal(t, want, rows[1][heading], heading)
	}
	v, err := Verify(context.Background(), dir)
	require.NoError(t, err)
	require.True(t, v.OK, v.Text())
}

func TestBookTellsTheClaim(t *testing.T) {
	c := statedCase()
	c.caseDoc = map[string]any{"case": "small", "parties": map[string]any{
		"creditor": map[string]string{"country_code": "NL", "party_id": "CPO", "name": "=HYPERLINK(1)"}, "debtor": map[string]string{"name": "EMP"},
	}}
	dir := c.write(t)
	summary := bookParts(t, dir)["xl/worksheets/sheet2.xml"]
	caseText, err := os.ReadFile(filepath.Join(dir, "data", caseFile))
	require.NoError(t, err)
	for _, want := range []string{
		">small<", ">=HYPERLINK(1) (NL-CPO)<", ">EMP<", ">reconcile 0.1<", ">" + digestText(caseText) + "<", ">that the meter was right<",
		">line-exceeds-cdr<", ">missing-cdr<", ">INV-1<", "<v>41</v>",
	} {
		require.Contains(t, summary, want)
	}
	for name, part := range bookParts(t, dir) {
		require.NotContains(t, part, "<f>", name)
		require.NotContains(t, part, "<f ", name)
	}
	v, err := Verify(context.Background(), dir)
	require.NoError(t, err)
	require.True(t, v.OK, v.Text())
}

func TestBookOfNoLines(t *testing.T) {
	c := madeCase(2)
	dir := c.write(t)
	_, rows := listedRows(t, dir, "Invoice")
	require.Empty(t, rows)
	v, err := Verify(context.Background(), dir)
	require.NoError(t, err)
	require.True(t, v.OK, v.Text())
}

// A CDR that nothing prices is shown as the verifier reads it, whatever version the run was told.
func TestBookOfCDRWithoutCalculation(t *testing.T) {
	c := madeCase(4)
	four := &c.lines[3]
	four.Sheets = nil
	cdr, _ := ocpi.NewDecoder(ocpi.Options{Version: ocpi.V211}).CDR(four.Match.CDR.Record)
	require.Equal(t, ocpi.V211, cdr.Version)
	four.Match.CDR, four.CDRs = cdr, []*ocpi.CDR{cdr}
	dir := c.write(t)
	_, rows := listedRows(t, dir, "Invoice")
	require.Equal(t, "NL*CPO*E1", rows[1]["EVSE"])
	v, err := Verify(context.Background(), dir)
	require.NoError(t, err)
	for _, check := range v.Checks {
		for _, fault := range check.Faults {
			require.NotContains(t, fault, linesXLSXFile)
		}
	}
}

func TestForgedBookIsFound(t *testing.T) {
	dir := statedCase().write(t)
	honest, err := os.ReadFile(filepath.Join(dir, "data", linesXLSXFile))
	require.NoError(t, err)
	other := madeCase(4).write(t)
	forged, err := os.ReadFile(filepath.Join(other, "data", linesXLSXFile))
	require.NoError(t, err)
	forge := func(name, old, new string, want string) {
		t.Helper()
		rewrite(t, dir, name, replace(old, new))
		repair(t, dir)
		v, err := Verify(context.Background(), dir)
		require.NoError(t, err)
		require.False(t, v.OK)
		require.Contains(t, v.Text(), want)
		rewrite(t, dir, name, replace(new, old))
	}
	forge("data/lines.xlsx", string(honest), string(forged), "lines.xlsx: does not agree with lines.ndjson")
	forge("data/lines.xlsx", string(honest), "no workbook", "not a workbook")
	forge("data/index.ndjson", `"kwh":"25.000123456789"`, `"kwh":"24"`, "does not carry its kwh")
	forge("data/index.ndjson", `"start":"2026-09-01T08:00:00Z"`, `"start":"2026-09-01T09:00:00Z"`, "does not carry its start")
	forge("data/index.ndjson", `"end":"2026-09-02T00:00:00Z"`, `"end":"2026-09-03T00:00:00Z"`, "does not carry its end")
	forge("data/index.ndjson", `"evse_id":"NL*CPO*E9"`, `"evse_id":"NL*CPO*E8"`, "does not carry its evse_id")
	forge("data/index.ndjson", `,"stated":{"kwh":"25.000123456789","start":"2026-09-01T08:00:00Z","end":"2026-09-02T00:00:00Z","evse_id":"NL*CPO*E9"}`, "",
		"lines.xlsx: does not agree")
}

// Every cell is held: whichever character of a sheet changes, the workbook no longer agrees.
func TestEveryCellOfTheBookIsHeld(t *testing.T) {
	dir := statedCase().write(t)
	parts := bookParts(t, dir)
	name := filepath.Join(dir, "data", linesXLSXFile)
	honest, err := os.ReadFile(name)
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		sheet := rapid.SampledFrom([]string{"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/workbook.xml", "xl/styles.xml"}).Draw(t, "part")
		at := rapid.IntRange(0, len(parts[sheet])-1).Draw(t, "at")
		changed := []byte(parts[sheet])
		changed[at] ^= 1
		require.NoError(t, os.WriteFile(name, rezip(t, honest, sheet, changed), 0o600))
		p, err := openAt(context.Background(), dir)
		require.NoError(t, err)
		defer p.close()
		v := newVerifier(p)
		require.NoError(t, v.payload(context.Background()))
		require.Contains(t, fmt.Sprint(v.totals.check().Faults), "lines.xlsx: does not agree")
	})
}

// rezip writes a workbook again with one part changed.
func rezip(t require.TestingT, book []byte, name string, part []byte) []byte {
	from, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	require.NoError(t, err)
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range from.File {
		if f.Name != name {
			require.NoError(t, z.Copy(f))
			continue
		}
		w, err := z.Create(name)
		require.NoError(t, err)
		_, err = w.Write(part)
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return out.Bytes()
}

func TestInvoiceSumsAreBounded(t *testing.T) {
	sums := invoiceSums{most: maxBookInvoices}
	for i := range maxBookInvoices + 3 {
		sums.add(&lineDoc{InvoiceID: fmt.Sprint(i), Currency: "EUR", Invoiced: moneyText{BeforeTaxes: "2"}, Proven: moneyText{BeforeTaxes: "2"}})
	}
	require.Len(t, sums.list, maxBookInvoices+1)
	last := sums.list[maxBookInvoices]
	require.Equal(t, 3, last.lines)
	require.Equal(t, "6", last.invoiced.Plain())
	require.Len(t, sums.rows(), maxBookInvoices+3)
}

func TestStatedFacts(t *testing.T) {
	d := &statedDoc{KWh: "12.5", Start: "2026-09-30T12:05:00Z", EVSE: "E1"}
	require.Equal(t, `,"stated":{"kwh":"12.5","start":"2026-09-30T12:05:00Z","end":null,"evse_id":"E1"}`, string(d.append(nil)))
	require.Empty(t, d.missing([]string{"12,50", "2026-09-30 12:05", "E1"}))
	require.Equal(t, "start", d.missing([]string{"12,50", "2026-09-30 12:06", "E1"}))
	require.Nil(t, newStated(&reconcile.Line{}))
	require.Empty(t, string((*statedDoc)(nil).append(nil)))
	require.True(t, strings.HasPrefix((&statedDoc{KWh: "0x"}).missing(nil), "kwh"))
}
