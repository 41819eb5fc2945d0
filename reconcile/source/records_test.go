package source

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi"
)

// joiner makes one record of the rows that follow each other with the same first cell.
type joiner struct {
	names []string
	key   string
	place ocpi.Place
	rows  []string
	lost  int
}

func (j *joiner) Fits(names []string) bool { return len(names) > 0 && names[0] == "id" }

func (j *joiner) Heading(names []string) ([]ocpi.Finding, error) {
	if !j.Fits(names) {
		return []ocpi.Finding{{Code: "table-kind", Severity: ocpi.SeverityBlock, Message: "no id"}}, nil
	}
	j.names = names
	return []ocpi.Finding{{Code: "column-unknown", Severity: ocpi.SeverityInfo, Message: "seen"}}, nil
}

func (j *joiner) Row(row ocpi.Record, cells []string, emit func(ocpi.Place, []byte, []ocpi.Finding)) {
	if cells[0] != j.key {
		j.Flush(emit)
		j.key, j.place = cells[0], row.Place
	}
	j.rows = append(j.rows, cells[1])
}

func (j *joiner) Flush(emit func(ocpi.Place, []byte, []ocpi.Finding)) {
	if j.rows == nil {
		return
	}
	if j.key == "bad" {
		emit(j.place, nil, []ocpi.Finding{{Code: "row-unreadable", Severity: ocpi.SeverityBlock, Place: j.place}})
	} else {
		emit(j.place, fmt.Appendf(nil, `{"id":%q,"rows":%q}`, j.key, strings.Join(j.rows, "+")), nil)
	}
	j.rows = nil
}

func (j *joiner) Lost() { j.lost++ }

func joining(opts Options) Options {
	opts.Refetch, opts.Builder = true, func(string) Builder { return new(joiner) }
	return opts
}

// refetched reads a set whose records are made, and every record again.
func refetched(t testing.TB, opts Options, files ...string) outcome {
	t.Helper()
	opts.TempDir = t.TempDir()
	s, err := Open(files, joining(opts))
	require.NoError(t, err)
	var out outcome
	var kept []ocpi.Record
	for b, err := range s.Batches(context.Background()) {
		require.NoError(t, err)
		for i, r := range b.Records {
			out.records = append(out.records, string(r.Bytes))
			r.Bytes = bytes.Clone(r.Bytes)
			kept = append(kept, r)
			out.batch.Refs = append(out.batch.Refs, b.Refs[i])
		}
		for _, f := range b.Rejected {
			out.rejected = append(out.rejected, fmt.Sprintf("%d:%d %s", f.Place.Record, f.Place.Line, f.Code))
		}
		for _, f := range b.Findings {
			out.notes = append(out.notes, string(f.Code))
		}
		b.Release()
	}
	_, again, err := s.Records(nil, out.batch.Refs)
	require.NoError(t, err)
	for i := range kept {
		require.Equal(t, kept[i], again[i])
	}
	out.files = s.Files()
	require.NoError(t, s.Unchanged())
	require.NoError(t, s.Close())
	left, err := os.ReadDir(opts.TempDir)
	require.NoError(t, err)
	require.Empty(t, left)
	return out
}

const exported = "id,v\r\nA,1\nA,2\n\nB,3\nbad,4\nC,5\n"

func TestRecordsOfATable(t *testing.T) {
	want := []string{`{"id":"A","rows":"1+2"}`, `{"id":"B","rows":"3"}`, `{"id":"C","rows":"5"}`}
	for name, disk := range map[string][]byte{"plain": []byte(exported), "gzip": gzipped([]byte(exported), 1), "bom": []byte("\xef\xbb\xbf" + exported)} {
		for _, size := range []int{16, 1 << 20} {
			got := refetched(t, Options{Batch: 2, buffer: size}, write(t, "in", disk))
			require.Equal(t, want, got.records, name)
			require.Equal(t, []string{"3:6 row-unreadable"}, got.rejected)
			require.Equal(t, []string{"column-unknown"}, got.notes)
			sum := sha256.Sum256(disk)
			require.Equal(t, []FileInfo{{Name: got.files[0].Name, SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(disk)), Records: 4}}, got.files, "the file as it is")
			require.Equal(t, []int32{2, 5, 7}, []int32{got.batch.Refs[0].Line, got.batch.Refs[1].Line, got.batch.Refs[2].Line})
		}
	}
}

func TestRecordsFromStandardInput(t *testing.T) {
	got := refetched(t, Options{Stdin: strings.NewReader(exported)}, "-")
	require.Len(t, got.records, 3)
}

func TestRecordsOfAWorkbook(t *testing.T) {
	var rows strings.Builder
	for _, r := range []string{"id v", "A 1", "A 2", "B x"} {
		fmt.Fprintf(&rows, "<row>%s</row>", cellsOf(r))
	}
	book := xlsxFile(t, rows.String())
	got := refetched(t, Options{}, write(t, "in", book))
	require.Equal(t, []string{`{"id":"A","rows":"1+2"}`, `{"id":"B","rows":"x"}`}, got.records)
}

// cellsOf writes words as cells.
func cellsOf(words string) string {
	var out strings.Builder
	for w := range strings.FieldsSeq(words) {
		fmt.Fprintf(&out, `<c t="inlineStr"><is><t>%s</t></is></c>`, w)
	}
	return out.String()
}

func TestTablesAndRecordsSideBySide(t *testing.T) {
	json := write(t, "a", []byte(`{"id":"Z"}`+"\n"))
	csv := write(t, "b", []byte(exported))
	got := refetched(t, Options{}, json, csv, json)
	require.Len(t, got.records, 5)
	require.Equal(t, `{"id":"Z"}`, got.records[0])
	require.Equal(t, `{"id":"Z"}`, got.records[4])
}

func TestWhatIsNoTable(t *testing.T) {
	for name, c := range map[string]struct {
		text     string
		records  int
		rejected string
	}{
		"JSON behind a line of text":    {"id of the export\n{\"id\":\"A\"}\n", 1, "[1:1 source-syntax]"},
		"JSON behind a line of commas":  {"a,b\n{\"id\":\"A\"}\n", 1, "[1:1 source-syntax]"},
		"no delimiter":                  {"hello world\n", 0, "[1:1 source-format]"},
		"another table":                 {"name,v\nA,1\n", 0, "[1:1 table-kind]"},
		"a row too wide":                {"id,v\nA,1\nA,1,2\nA,2\n", 1, "[1:3 table-cells]"},
		"a NUL":                         {"id,v\nA,1\x00\nB,2\n", 1, "[1:2 table-control-byte]"},
		"a quote that stays open":       {"id,v\nA,\"1\nB,2\n", 1, "[1:2 table-quotes]"},
		"a heading and nothing else":    {"id,v\n", 0, "[]"},
		"UTF-16":                        {"\xff\xfei\x00d\x00,\x00", 0, "[1:1 source-encoding]"},
		"HTML that calls itself a book": {"<html><table>,</table>\n", 0, "[1:1 source-format]"},
		"cells that hold JSON":          {"id,v\nA,\"{\"\"x\"\":1}\"\n", 1, "[]"},
		"nothing":                       {"", 0, "[]"},
	} {
		got := refetched(t, Options{}, write(t, "in", []byte(c.text)))
		require.Len(t, got.records, c.records, name)
		require.Equal(t, c.rejected, fmt.Sprint(got.rejected), name)
	}
}

func TestHugeRowsAndHeadings(t *testing.T) {
	limits := Limits{RecordBytes: 1000}
	wide := "id" + strings.Repeat(",c", maxCells+10) + "\nA,1\n"
	got := refetched(t, Options{}, write(t, "in", []byte(wide)))
	require.Equal(t, []string{"1:1 table-header"}, got.rejected)
	long := "id,v\nA," + strings.Repeat("x", 2000) + "\nB,2\n"
	got = refetched(t, Options{Limits: limits}, write(t, "in", []byte(long)))
	require.Equal(t, []string{"1:2 limit-record"}, got.rejected)
	require.Len(t, got.records, 1)
	many := "id,v\n" + strings.Repeat("A,"+strings.Repeat("y", 90)+"\n", 20)
	got = refetched(t, Options{Limits: limits}, write(t, "in", []byte(many)))
	require.Equal(t, []string{"1:2 limit-record"}, got.rejected, "a record of rows that are each within the limit")
}

func TestPropertyTablesLoseNothing(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		text := "id,v\n" + rapid.StringOfN(rapid.SampledFrom([]rune("AB1,\"\n\r\x00;{}é ")), 0, 60, -1).Draw(rt, "rows")
		path := filepath.Join(dir, "in")
		require.NoError(rt, os.WriteFile(path, []byte(text), 0o600))
		count := func(buffer int) (rows, lost int) {
			tab, err := OpenTable([]string{path}, Options{buffer: buffer})
			require.NoError(rt, err)
			for b, err := range tab.Batches(context.Background()) {
				require.NoError(rt, err)
				rows, lost = rows+len(b.Rows), lost+len(b.Rejected)
			}
			require.NoError(rt, tab.Close())
			return rows, lost
		}
		var j *joiner
		s, err := Open([]string{path}, Options{buffer: 16, Builder: func(string) Builder { j = new(joiner); return j }})
		require.NoError(rt, err)
		joined, rejected := 0, 0
		for b, err := range s.Batches(context.Background()) {
			require.NoError(rt, err)
			for _, r := range b.Records {
				joined += 1 + strings.Count(string(r.Bytes), "+")
			}
			rejected += len(b.Rejected)
		}
		rows, lost := count(1 << 20)
		if j != nil && j.names != nil {
			require.Equal(rt, lost, j.lost)
			require.Equal(rt, lost, rejected)
			require.GreaterOrEqual(rt, joined, rows) // a cell may hold a +: never fewer
		}
	})
}
