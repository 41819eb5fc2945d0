package pack

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
)

// accountOf is the account of a case, as the writer gathers it.
func accountOf(c *caseOfLines) *account {
	a := newAccount()
	for i := range c.lines {
		if e := Render(&c.lines[i]); e.Closed() {
			a.proven(e.invoiceID, e.unit, e.net)
		} else {
			a.add(e.listed)
		}
	}
	return &a
}

func TestAccountListsTheLines(t *testing.T) {
	a := accountOf(statedCase())
	require.Equal(t, "These are all 2 lines that are disputed or differ from their records, in the order of lines.ndjson.", a.which())
	require.Equal(t, [][]string{
		{"INV-1 / 3", "CDR-3", "2026-09-01 08:00:00", "25.000123456789", "EUR", "10.00", "0.00", "0.00", "10.00", "yes", "unproven", "missing-cdr"},
		{"INV-1 / 4", "CDR-4", "2026-09-01 10:00:00", "25", "EUR", "11.00", "10.00", "1.00", "0.00", "no", "partial", "line-exceeds-cdr"},
	}, [][]string{a.rows[0].Cells, a.rows[1].Cells})
	d := lineDoc{Reasons: []ocpi.Code{"a", "b", "c", "d", "e"}}
	require.Equal(t, "a, b, c, and 2 more", d.firstReasons())
	require.Empty(t, d.netText(moneyText{}))
	require.Empty(t, (&facts{}).kWh())
}

// The invoices of the statement add up to the totals of all lines, whether a line's evidence is disclosed or not.
func TestAccountAddsUp(t *testing.T) {
	c := madeCase(24)
	for i := range c.lines {
		c.lines[i].Line.InvoiceID = fmt.Sprint("INV-", i%5)
	}
	a := accountOf(c)
	var claimed exact.Decimal
	var parts reconcile.Parts
	for _, sum := range a.sums.list {
		claimed = claimed.Add(sum.parts.Sum())
		parts.Proven, parts.Conceded = parts.Proven.Add(sum.parts.Proven), parts.Conceded.Add(sum.parts.Conceded)
		parts.Unproven = parts.Unproven.Add(sum.parts.Unproven)
	}
	total := c.summary.Totals[0]
	require.Equal(t, reconcile.BeforeTaxes, total.Basis)
	require.Equal(t, total.Invoiced.Plain(), claimed.Plain())
	all := splitsOf(&total)[2]
	require.True(t, all.all)
	for _, p := range [][2]exact.Decimal{{all.parts.Proven, parts.Proven}, {all.parts.Conceded, parts.Conceded}, {all.parts.Unproven, parts.Unproven}} {
		require.Equal(t, p[0].Plain(), p[1].Plain())
	}
	require.Len(t, a.sums.list, 5)
}

func TestAccountIsBounded(t *testing.T) {
	a := newAccount()
	for i := range maxAccountLines + 7 {
		a.add(&listedLine{doc: lineDoc{InvoiceID: fmt.Sprint(i), Currency: "EUR"}})
	}
	require.Len(t, a.rows, maxAccountLines)
	require.Len(t, a.sums.list, maxAccountInvoices+1)
	require.Equal(t, otherInvoices, a.sums.list[maxAccountInvoices].name())
	require.Contains(t, a.which(), "These are the first 2,000 of 2,007 lines")
	require.Contains(t, a.which(), "stand in lines.ndjson")
}

func TestReasonSums(t *testing.T) {
	five, six := exact.FromInt(5), exact.FromInt(6)
	sums := reasonSums([]reconcile.ReasonTotal{
		{Code: "b", Currency: "EUR", Basis: reconcile.BeforeTaxes, Lines: 2, Amount: five},
		{Code: "b", Currency: "CHF", Basis: reconcile.BeforeTaxes, Lines: 1, Amount: five},
		{Code: "b", Currency: "EUR", Basis: reconcile.AfterTaxes, Lines: 1, Amount: six},
		{Code: "a", Currency: "EUR", Basis: reconcile.AfterTaxes, Lines: 1, Amount: six},
	})
	require.Equal(t, []*reasonSum{
		{"b", "EUR", 2, [2]string{"5.00", "6.00"}}, {"b", "CHF", 1, [2]string{"5.00", ""}}, {"a", "EUR", 1, [2]string{"", "6.00"}},
	}, sums)
}

// Ids that are no UTF-8 come back from JSON otherwise than they were; the statement, and the workbook, are the same.
func TestAccountOfTextThatIsNoUTF8(t *testing.T) {
	c := madeCase(12)
	for i, id := range []string{"A\xff", "A\xfe", "A\xff\xfe", "A\uFFFD"} {
		for j := range 3 {
			l := c.lines[3*i+j].Line
			l.InvoiceID = id
			l.Record.Bytes = []byte(strings.ReplaceAll(string(l.Record.Bytes), "INV-1", id))
		}
	}
	require.Len(t, accountOf(c).sums.list, 2)
	v, err := Verify(context.Background(), c.write(t))
	require.NoError(t, err)
	for _, check := range v.Checks {
		for _, fault := range check.Faults {
			require.NotContains(t, fault, statementFile)
			require.NotContains(t, fault, linesXLSXFile)
		}
	}
}

func TestForgedStatementIsFound(t *testing.T) {
	c := statedCase()
	dir := c.write(t)
	v, err := Verify(context.Background(), dir)
	require.NoError(t, err)
	require.True(t, v.OK, v.Text())
	other := madeCase(4).write(t)
	forged, err := os.ReadFile(filepath.Join(other, "data", statementFile))
	require.NoError(t, err)
	for _, text := range []string{string(forged), "no PDF", ""} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "data", statementFile), []byte(text), 0o600))
		repair(t, dir)
		v, err := Verify(context.Background(), dir)
		require.NoError(t, err)
		require.False(t, v.OK)
		require.Contains(t, v.Text(), "statement.pdf: does not agree with lines.ndjson")
	}
}

// What people read is there, where a tool that others made is at hand to read it.
func TestStatementReads(t *testing.T) {
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext is not at hand")
	}
	c := statedCase()
	c.caseDoc = map[string]any{"case": "small", "parties": map[string]any{
		"creditor": map[string]string{"country_code": "NL", "party_id": "CPO", "name": "Łódź Ωmega Ж"}, "debtor": map[string]string{"name": "EMP"},
	}}
	dir := c.write(t)
	out, err := exec.Command(tool, "-layout", filepath.Join(dir, "data", statementFile), "-").Output()
	require.NoError(t, err)
	text := strings.Join(strings.Fields(string(out)), " ")
	caseText, err := os.ReadFile(filepath.Join(dir, "data", caseFile))
	require.NoError(t, err)
	for _, want := range []string{
		"Statement of account Case small Creditor Łódź Ωmega Ж (NL-CPO) Debtor EMP As of 2026-11-01",
		"Invoice lines 4: 2 proven, 1 proven in part, 0 conceded, 1 unproven", "SHA-256 of case.json " + digestText(caseText),
		"Disputed lines net EUR 10.00 0.00 0.00 10.00", "All lines net EUR 41.00 30.00 1.00 10.00", "INV-1 4 EUR 41.00 30.00 1.00 10.00",
		"missing-cdr 1 EUR 10.00 12.10", "• that the meter was right", "page 1 of 2", "page 2 of 2",
		"INV-1 / 4 CDR-4 2026-09-01 10:00:00 25 EUR 11.00 10.00 1.00 0.00 no partial line-exceeds-cdr",
	} {
		require.Contains(t, text, want)
	}
}
