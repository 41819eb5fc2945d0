package source

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi"
)

// tables is all that a table yields.
type tables struct {
	header            []string
	rows              []Row
	rejected, notes   []ocpi.Finding
	files             []FileInfo
	cells, fail, note string // short forms
}

// readTables reads tables to the end and fetches every row again.
func readTables(t require.TestingT, opts Options, files ...string) tables {
	opts.Refetch = true
	tab, err := OpenTable(files, opts)
	require.NoError(t, err)
	defer func() { require.NoError(t, tab.Close()) }()
	var out tables
	var cells, fail, note []string
	for b, err := range tab.Batches(context.Background()) {
		require.NoError(t, err)
		out.header = b.Header
		out.rows = append(out.rows, b.Rows...)
		out.rejected = append(out.rejected, b.Rejected...)
		out.notes = append(out.notes, b.Findings...)
		for _, r := range b.Rows {
			cells = append(cells, strings.Join(r.Cells, "|"))
			require.Len(t, r.Cells, len(b.Header))
		}
		for _, f := range b.Rejected {
			fail = append(fail, fmt.Sprintf("%d:%d %s", f.Place.Record, f.Place.Line, f.Code))
		}
		for _, f := range b.Findings {
			note = append(note, string(f.Code))
		}
	}
	for _, r := range out.rows {
		_, again, err := tab.set.Records(nil, []Ref{r.Ref})
		require.NoError(t, err)
		require.Equal(t, r.Record, again[0])
	}
	out.files = tab.Files()
	out.cells, out.fail, out.note = strings.Join(cells, "/"), strings.Join(fail, "/"), strings.Join(note, "/")
	return out
}

func TestTables(t *testing.T) {
	tests := []struct{ name, in, header, cells, rejected, notes string }{
		{"comma", "a,b\n1,2\n3,4\n", "a|b", "1|2/3|4", "", ""},
		{"semicolon", "a;b,c\n1;2,5\n", "a|b,c", "1|2,5", "", ""},
		{"tab", "a\tb\n1\t2\n", "a|b", "1|2", "", ""},
		{"one column", "a\n1\n", "a", "1", "", ""},
		{"quoted header", "\"a;x\",\"b;y;z\"\n1,2\n", "a;x|b;y;z", "1|2", "", ""},
		{"spreadsheet's word", "sep=;\na;b\n1;2\n", "a|b", "1|2", "", ""},
		{"mark, CRLF, blank lines, open end", "\xef\xbb\xbf\r\n a ,b\r\n\r\n1,2\r\n,\r\n ,\t\r\n3,4", "a|b", "1|2/3|4", "", ""},
		{"quotes", "a,b\n\"x \"\"y\"\"\",\"1,2\"\n\"\",\"\"\n", "a|b", `x "y"|1,2/|`, "", ""},
		{"newline in quotes", "a,b\r\n\"x\ny\r\nz\",2\r\n3,4\r\n", "a|b", "x\ny\r\nz|2/3|4", "", ""},
		{"quotes at the end", "a,b\n1,\"2\"", "a|b", "1|2", "", ""},
		{"quote inside a cell", "a,b\n5\" pipe,x\"y\"\n", "a|b", "5\" pipe|x\"y\"", "", ""},
		{"delimiters at the end", "a,b\n1,2,,\n", "a|b", "1|2", "", ""},
		{"only a header", "a,b\n", "a|b", "", "", ""},

		{"ragged", "a,b\n1\n1,2,3\n4,5\n", "a|b", "4|5", "1:2 table-cells/2:3 table-cells", ""},
		{"quote not closed", "a,b\n\"1,2\n3,4\n5,6\n", "a|b", "3|4/5|6", "1:2 table-quotes", ""},
		{"quote closed in a cell", "a,b\n\"1\"x,2\n3,4\n", "a|b", "3|4", "1:2 table-quotes", ""},
		{"quote swallows the next line", "a,b\n\"1,2\n\"3\",4\n5,6\n", "a|b", "3|4/5|6", "1:2 table-quotes", ""},
		{"NUL", "a,b\n1,\x00\n3,4\n", "a|b", "3|4", "1:2 table-control-byte", ""},
		{"too large", "a,b\n1," + strings.Repeat("x", 100) + "\n3,4\n", "a|b", "3|4", "1:2 limit-record", ""},
		{"too large in quotes", "a,b\n1,\"" + strings.Repeat("x\n", 100) + "\n3,4\n", "a|b", "3|4", strings.TrimSuffix("1:2 table-quotes/"+ragged(2, 100), "/"), ""},
		{"name twice", "a,b,a,,\n1,2,3,4,5\n", "a|b|a||", "1|2|3|4|5", "", "table-header"},
		{"Windows text", "a,b\nCaf\xe9,\x80 5\n\xe9,1\n", "a|b", "Café|€ 5/é|1", "", "source-encoding"},
		{"empty", "", "", "", "", "source-empty"},
		{"blank", "\n\r\n", "", "", "", "source-empty"},
		{"header with a quote", "\"a,b\n1,2\n", "", "", "1:1 table-quotes", ""},
		{"JSON", "\n[{\"a\":1}]", "", "", "1:2 source-format", ""},
		{"UTF-16", "\xff\xfea\x00", "", "", "1:1 source-encoding", ""},
		{"damaged spreadsheet", "PK\x03\x04....", "", "", "1:1 source-syntax", ""},
		{"gzip", string(packed("a,b\n1,2\n")), "a|b", "1|2", "", ""},
		{"gzip cut", string(packed("a,b\n1,2\n3,"))[:26], "a|b", "1|2", "2:3 source-gzip", ""},
		{"zstd", string(zstdFrame([]byte("a,b\n1,2\n"))), "a|b", "1|2", "", ""},
		{"no Parquet", "PAR1....PAR1", "", "", "1:1 source-syntax", ""},
	}
	for _, tt := range tests {
		for _, size := range []int{1, 7, defaultBuffer} {
			t.Run(fmt.Sprintf("%s, buffer %d", tt.name, size), func(t *testing.T) {
				got := readTables(t, Options{buffer: size, Limits: small, Batch: size}, write(t, "in", []byte(tt.in)))
				require.Equal(t, tt.header, strings.Join(got.header, "|"), "%v %v", got.rejected, got.notes)
				require.Equal(t, tt.cells, got.cells, "%v", got.rejected)
				require.Equal(t, tt.rejected, got.fail, "%v", got.rejected)
				require.Equal(t, tt.notes, got.note, "%v", got.notes)
				require.Equal(t, len(got.rows)+len(got.rejected), got.files[0].Records)
			})
		}
	}
}

// ragged is what lines without a delimiter give, from the second row on.
func ragged(row, lines int) string {
	var b strings.Builder
	for i := range lines - 1 {
		fmt.Fprintf(&b, "%d:%d table-cells/", row+i, row+i+1)
	}
	return b.String()
}

func TestTablesReadWhatIsWritten(t *testing.T) {
	dir := t.TempDir()
	cell := rapid.SampledFrom([]string{"", "x", "1.50", "a,b", "a;b", "a\tb", `say "hi"`, "two\nlines", " é ", `"`, "\r\n", "''"})
	rapid.Check(t, func(t *rapid.T) {
		delim := rapid.SampledFrom([]rune{',', ';', '\t'}).Draw(t, "delimiter")
		width := rapid.IntRange(2, 4).Draw(t, "columns")
		want := rapid.SliceOfN(rapid.SliceOfN(cell, width, width), 0, 6).Draw(t, "rows")
		var buf bytes.Buffer
		w := csv.NewWriter(&buf)
		w.Comma, w.UseCRLF = delim, rapid.Bool().Draw(t, "CRLF")
		require.NoError(t, w.Write([]string{"c0", "c1", "c2", "c3"}[:width]))
		for i := range want {
			want[i][0] = "r" + want[i][0]
			require.NoError(t, w.Write(want[i]))
			for j := range want[i] {
				if w.UseCRLF { // the writer turns lone newlines in cells into CRLF, and drops lone CRs
					want[i][j] = strings.ReplaceAll(strings.ReplaceAll(want[i][j], "\r", ""), "\n", "\r\n")
				}
			}
		}
		w.Flush()
		content, disk := buf.Bytes(), buf.Bytes()
		if rapid.Bool().Draw(t, "gzip") {
			disk = gzipped(content, 1)
		}
		path := filepath.Join(dir, "in.csv")
		require.NoError(t, os.WriteFile(path, disk, 0o600))
		got := readTables(t, Options{
			TempDir: dir, buffer: rapid.IntRange(1, 200).Draw(t, "buffer"), Batch: rapid.IntRange(1, 4).Draw(t, "batch"),
		}, path)
		require.Empty(t, got.rejected)
		require.Empty(t, got.notes)
		require.Len(t, got.rows, len(want))
		for i, r := range got.rows {
			require.Equal(t, want[i], r.Cells)
			require.Equal(t, i+1, r.Record.Place.Record)
			require.Equal(t, string(r.Record.Bytes), string(content[r.Record.Place.Offset:][:len(r.Record.Bytes)]))
			require.Equal(t, 1+bytes.Count(content[:r.Record.Place.Offset], newline), r.Record.Place.Line)
		}
	})
}

func FuzzTable(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "a;b\r\n\"x\"\"y\";2\r\n\"3\n\";4", "a\tb\n\"1\t2\n3\t4\n", "sep=;\na;b\n\x00;\xe9\n"} {
		f.Add([]byte(s), uint8(3))
	}
	f.Fuzz(func(t *testing.T, content []byte, size uint8) {
		read := func(size int) (records []ocpi.Record, cells [][]string, rejected []ocpi.Finding, info FileInfo) {
			tab, err := OpenTable([]string{"-"}, Options{Limits: Limits{RecordBytes: 200}, Stdin: bytes.NewReader(content), buffer: size})
			require.NoError(t, err)
			for b, err := range tab.Batches(context.Background()) {
				require.NoError(t, err)
				for _, r := range b.Rows {
					records, cells = append(records, r.Record), append(cells, r.Cells)
					require.Len(t, r.Cells, len(b.Header))
				}
				rejected = append(rejected, b.Rejected...)
			}
			return records, cells, rejected, tab.Files()[0]
		}
		records, cells, rejected, info := read(1 + int(size))
		if !Compressed(content) {
			checkPlaces(t, content, records, rejected, info)
		}
		records2, cells2, rejected2, _ := read(1 << 16)
		require.Equal(t, records2, records)
		require.Equal(t, cells2, cells)
		require.Equal(t, rejected2, rejected)
	})
}
