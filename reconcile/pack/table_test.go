package pack

import (
	"bytes"
	"context"
	"encoding/csv"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/convert"
)

// tabular is a case whose pack has lines.csv and lines.parquet.
func tabular(n int) *caseOfLines {
	c := madeCase(n)
	c.forms = []reconcile.LineForm{reconcile.LinesCSV, reconcile.LinesParquet}
	c.caseDoc = map[string]any{"name": "small", "lines_as": c.forms, "tolerance": map[string]string{"kwh": "0.001", "amount": "0.005"}}
	return c
}

// plain is a DECIMAL(38,12) as shortest text.
func plain(d *convert.Decimal) string {
	if d == nil {
		return ""
	}
	n := new(big.Int).SetBytes(d[:])
	if d[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), 128))
	}
	text := new(big.Rat).SetFrac(n, new(big.Int).Exp(big.NewInt(10), big.NewInt(12), nil)).FloatString(12)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}

// The columns hold what lines.csv holds, and the last one the objects of lines.ndjson.
func TestTableSaysWhatTheLinesSay(t *testing.T) {
	dir := tabular(7).write(t)
	v, err := Verify(context.Background(), dir)
	require.NoError(t, err)
	require.True(t, v.OK, v.Text())
	rows, err := parquet.ReadFile[lineRow](filepath.Join(dir, "data", linesParquetFile))
	require.NoError(t, err)
	objects, err := os.ReadFile(filepath.Join(dir, "data", linesFile))
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(dir, "data", linesCSVFile))
	require.NoError(t, err)
	cells, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 7)
	for i, object := range bytes.Split(bytes.TrimSuffix(objects, []byte("\n")), []byte("\n")) {
		r := &rows[i]
		require.Equal(t, string(object), string(r.JSON))
		want := map[string]string{}
		for k, name := range cells[0] {
			want[name] = cells[i+1][k]
		}
		require.Equal(t, want["invoice_id"]+want["line"]+want["match_rule"]+want["match_cdr"], r.InvoiceID+r.Line+r.MatchRule+r.MatchCDR)
		require.Equal(t, want["invoiced_before_taxes"]+" "+want["invoiced_after_taxes"], plain(r.InvoicedNet)+" "+plain(r.InvoicedGross))
		require.Equal(t, want["computed_before_taxes"]+" "+want["computed_after_taxes"], plain(r.ComputedNet)+" "+plain(r.ComputedGross))
		require.Equal(t, want["proven_before_taxes"]+" "+want["proven_after_taxes"], plain(r.ProvenNet)+" "+plain(r.ProvenGross))
		require.Equal(t, want["unproven_before_taxes"]+" "+want["conceded_before_taxes"], plain(r.UnprovenNet)+" "+plain(r.ConcededNet))
		require.Equal(t, want["reasons"], strings.Join(r.Reasons, " "))
		require.Equal(t, want["findings"], strings.Join(r.Findings, " "))
	}
}

// Rows that lines.ndjson does not have are found, whatever the manifests say.
func TestForgedTableIsFound(t *testing.T) {
	dir := tabular(3).write(t)
	forged, err := os.ReadFile(filepath.Join(tabular(4).write(t), "data", linesParquetFile))
	require.NoError(t, err)
	rewrite(t, dir, "data/lines.parquet", func(string) string { return string(forged) })
	repair(t, dir)
	v, err := Verify(context.Background(), dir)
	require.NoError(t, err)
	require.False(t, v.OK)
	require.Contains(t, v.Text(), "lines.parquet: does not agree with lines.ndjson")
}
