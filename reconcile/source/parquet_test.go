package source

import (
	"bytes"
	"context"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/stretchr/testify/require"
)

// invoiceRow has a column of each kind.
type invoiceRow struct {
	CDR      string           `parquet:"cdr_id"`
	Line     int32            `parquet:"line"`
	Big      uint64           `parquet:"big"`
	KWh      int64            `parquet:"kwh,decimal(3:18)"`
	Amount   [9]byte          `parquet:"amount,decimal(2:20)"`
	Gross    *int32           `parquet:"gross,optional,decimal(2:9)"`
	Day      int32            `parquet:"day,date"`
	Start    time.Time        `parquet:"start,timestamp(millisecond)"`
	End      time.Time        `parquet:"end,timestamp(microsecond:local)"`
	Old      deprecated.Int96 `parquet:"old"`
	Disputed bool             `parquet:"disputed"`
	Rate     float64          `parquet:"rate"`
	UUID     [16]byte         `parquet:"uuid,uuid"`
	Tags     []string         `parquet:"tags,list"`
	Reason   *string          `parquet:"reason,optional"`
}

// parquetFile writes n rows.
func parquetFile(t testing.TB, n int) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := parquet.NewGenericWriter[invoiceRow](&buf, parquet.MaxRowsPerRowGroup(100))
	gross, reason := int32(-5), `say "no" <é>`
	for i := range n {
		row := invoiceRow{
			CDR: "CDR-" + string(rune('A'+i%26)), Line: int32(i), Big: 1<<64 - 1, KWh: 26058, Day: 20700,
			Start: time.Date(2026, 9, 1, 10, 0, 0, 5e8, time.UTC), End: time.Date(2026, 9, 1, 11, 0, 0, 0, time.UTC),
			Old: deprecated.Int96{0, 0, 2440589}, Rate: 0.1, Tags: []string{"x", "y"},
		}
		new(big.Int).Lsh(big.NewInt(1), 65).FillBytes(row.Amount[:])
		if i == 1 {
			row.Gross, row.Reason, row.KWh, row.Disputed = &gross, &reason, -7, true
			for j := range row.Amount {
				row.Amount[j] = 0xff
			}
		}
		_, err := w.Write([]invoiceRow{row})
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return buf.Bytes()
}

func TestParquet(t *testing.T) {
	content := parquetFile(t, 250)
	for name, disk := range map[string][]byte{"in.parquet": content, "in.gz": gzipped(content, 1)} {
		got := readTables(t, Options{Batch: 30, TempDir: t.TempDir()}, write(t, name, disk))
		require.Equal(t, "cdr_id|line|big|kwh|amount|gross|day|start|end|old|disputed|rate|uuid|reason", strings.Join(got.header, "|"))
		require.Len(t, got.rows, 250)
		require.Equal(t, "CDR-A|0|18446744073709551615|26.058|368934881474191032.32||2026-09-04|2026-09-01T10:00:00.5Z|2026-09-01T11:00:00|"+
			"1970-01-02T00:00:00Z|false|0.1|00000000-0000-0000-0000-000000000000|", strings.Join(got.rows[0].Cells, "|"))
		require.Equal(t, "CDR-B|1|18446744073709551615|-0.007|-0.01|-0.05|2026-09-04|2026-09-01T10:00:00.5Z|2026-09-01T11:00:00|"+
			"1970-01-02T00:00:00Z|true|0.1|00000000-0000-0000-0000-000000000000|say \"no\" <é>", strings.Join(got.rows[1].Cells, "|"))
		require.JSONEq(t, `{"cdr_id":"CDR-B","line":1,"big":18446744073709551615,"kwh":-0.007,"amount":-0.01,"gross":-0.05,"day":"2026-09-04",
			"start":"2026-09-01T10:00:00.5Z","end":"2026-09-01T11:00:00","old":"1970-01-02T00:00:00Z","disputed":true,"rate":0.1,
			"uuid":"00000000-0000-0000-0000-000000000000","reason":"say \"no\" <é>"}`, string(got.rows[1].Record.Bytes))
		require.Equal(t, 250, got.rows[249].Record.Place.Record)
		require.Equal(t, "table-float/table-column", got.note)
		require.Empty(t, got.rejected)
		require.Equal(t, int64(len(disk)), got.files[0].Bytes)
	}
}

func TestParquetFromStandardInput(t *testing.T) {
	dir := t.TempDir()
	got := readTables(t, Options{Stdin: bytes.NewReader(parquetFile(t, 3)), TempDir: dir}, "-")
	require.Len(t, got.rows, 3)
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestDamagedParquetIsAFinding(t *testing.T) {
	content := parquetFile(t, 250)
	path := filepath.Join(t.TempDir(), "in")
	for i := 4; i < len(content); i += 1 + len(content)/150 {
		bad := bytes.Clone(content)
		for j := range min(8, len(bad)-i) {
			bad[i+j] ^= 0x55
		}
		for _, disk := range [][]byte{bad, content[:i]} {
			require.NoError(t, os.WriteFile(path, disk, 0o600))
			tab, err := OpenTable([]string{path}, Options{})
			require.NoError(t, err)
			rows, rejected := 0, 0
			for b, err := range tab.Batches(context.Background()) {
				require.NoError(t, err)
				rows, rejected = rows+len(b.Rows), rejected+len(b.Rejected)
			}
			require.LessOrEqual(t, rejected, 1)
			if rejected == 0 {
				require.LessOrEqual(t, rows, 250)
			}
			require.NoError(t, tab.Close())
		}
	}
}

func TestParquetOpenedForRecords(t *testing.T) {
	got := readAll(t, Options{}, write(t, "in", parquetFile(t, 1)))
	require.Equal(t, []string{"1:1 source-format"}, got.rejected)
}
