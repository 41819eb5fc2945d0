package source

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/parquet-go/parquet-go/format"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// nestedRow has a list of structs that hold lists, a struct that may be missing, and columns of each kind that is not text.
type nestedRow struct {
	ID    string     `parquet:"id"`
	Cost  *nestedSum `parquet:"total_cost,optional"`
	Start time.Time  `parquet:"start,timestamp(millisecond)"`
	Local time.Time  `parquet:"local,timestamp(microsecond:local)"`
	KWh   *int64     `parquet:"kwh,optional,decimal(6:18)"`
	Ratio float64    `parquet:"ratio"`
	Tags  []string   `parquet:"tags,list"`
	Old   []int32    `parquet:"old"`
	Odd   map[string]string
	JSON  string         `parquet:"json,json"`
	Parts []nestedPeriod `parquet:"charging_periods,list"`
}

type nestedSum struct {
	Excl int64  `parquet:"excl_vat,decimal(2:18)"`
	Incl *int64 `parquet:"incl_vat,optional,decimal(2:18)"`
}

type nestedPeriod struct {
	Start      string             `parquet:"start_date_time"`
	Skipped    map[string]string  `parquet:"skipped"`
	Dimensions []nestedDimension  `parquet:"dimensions,list"`
	Tariff     *string            `parquet:"tariff_id,optional"`
	Empty      []*nestedDimension `parquet:"empty,list"`
}

type nestedDimension struct {
	Odd    map[string]string `parquet:"odd"` // the first leaf of the element is one that is left out
	Type   string            `parquet:"type"`
	Volume int64             `parquet:"volume,decimal(3:18)"`
}

func nestedFile(t testing.TB, rows []nestedRow, opts ...parquet.WriterOption) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := parquet.NewGenericWriter[nestedRow](&buf, append(opts, parquet.MaxRowsPerRowGroup(3))...)
	_, err := w.Write(rows)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return buf.Bytes()
}

func nestedRows() []nestedRow {
	at := time.Date(2026, 9, 1, 10, 0, 0, 5e8, time.UTC)
	kwh, incl, tariff := int64(-50_000), int64(121), "T"
	full := nestedRow{
		ID: "A", Cost: &nestedSum{Excl: 100, Incl: &incl}, Start: at, Local: at, KWh: &kwh, Ratio: 0.1, Tags: []string{"x", "<y>"}, Old: []int32{1, 2},
		Odd: map[string]string{"k": "v", "l": "w"}, JSON: `{"a":[1.50]}`,
		Parts: []nestedPeriod{
			{Start: "s1", Skipped: map[string]string{"k": "v"}, Dimensions: []nestedDimension{{map[string]string{"a": "b", "c": "d"}, "ENERGY", 1500}, {nil, "TIME", 250}}, Tariff: &tariff},
			{Start: "s2"},
			{Start: "s3", Dimensions: []nestedDimension{{nil, "ENERGY", 0}}},
		},
	}
	return []nestedRow{full, {ID: "B", Start: at, Local: at, JSON: "no JSON"}, full, full}
}

func TestNestedParquet(t *testing.T) {
	const full = `{"id":"A","total_cost":{"excl_vat":1,"incl_vat":1.21},"start":"2026-09-01T10:00:00.5Z","local":"2026-09-01T10:00:00.5","kwh":-0.05,"ratio":0.1,` +
		`"tags":["x","<y>"],"old":[1,2],"json":{"a":[1.50]},"charging_periods":[` +
		`{"start_date_time":"s1","dimensions":[{"type":"ENERGY","volume":1.5},{"type":"TIME","volume":0.25}],"tariff_id":"T","empty":[]},` +
		`{"start_date_time":"s2","dimensions":[],"empty":[]},{"start_date_time":"s3","dimensions":[{"type":"ENERGY","volume":0}],"empty":[]}]}`
	const bare = `{"id":"B","start":"2026-09-01T10:00:00.5Z","local":"2026-09-01T10:00:00.5","ratio":0,"tags":[],"old":[],"json":"no JSON","charging_periods":[]}`
	for _, codec := range []compress.Codec{&parquet.Uncompressed, &parquet.Snappy, &parquet.Gzip, &parquet.Zstd} {
		for _, version := range []int{1, 2} {
			content := nestedFile(t, nestedRows(), parquet.Compression(codec), parquet.DataPageVersion(version))
			for _, disk := range [][]byte{content, gzipped(content, 1)} {
				got := refetched(t, Options{}, write(t, "in", disk))
				require.Equal(t, []string{full, bare, full, full}, got.records)
				require.Empty(t, got.rejected)
				require.Equal(t, "table-local-time table-float table-column table-column table-column table-column", strings.Join(got.notes, " "))
				require.Equal(t, int64(len(disk)), got.files[0].Bytes)
				require.Equal(t, int32(4), got.batch.Refs[3].Line)
			}
		}
	}
}

func TestFlatParquetGivesRecords(t *testing.T) {
	type row struct {
		ID string `parquet:"id"`
		V  int64  `parquet:"v,decimal(3:18)"`
	}
	var buf bytes.Buffer
	w := parquet.NewGenericWriter[row](&buf)
	_, err := w.Write([]row{{"A", 1500}, {"A", 0}, {"B", 7}})
	require.NoError(t, err)
	require.NoError(t, w.Close())
	for _, disk := range [][]byte{buf.Bytes(), gzipped(buf.Bytes(), 1)} {
		got := refetched(t, Options{}, write(t, "in", disk))
		require.Equal(t, []string{`{"id":"A","rows":"1.5+0"}`, `{"id":"B","rows":"0.007"}`}, got.records)
	}
}

// wholeRow is what convert writes, as far as reading looks.
type wholeRow struct {
	Kind   string `parquet:"kind"`
	Record string `parquet:"ocpi_record"`
	Bomb   string `parquet:"bomb"`
}

func TestWholeRecordsOfParquet(t *testing.T) {
	var buf bytes.Buffer
	w := parquet.NewGenericWriter[wholeRow](&buf, parquet.MaxRowsPerRowGroup(2))
	_, err := w.Write([]wholeRow{{"cdr", `{"b": 1.50, "a":1e400}`, ""}, {"cdr", "", ""}, {"", "{\n}", ""}, {"", strings.Repeat("x", 200), ""}})
	require.NoError(t, err)
	require.NoError(t, w.Close())
	got := refetched(t, Options{Limits: Limits{RecordBytes: 100}}, write(t, "in", buf.Bytes()))
	require.Equal(t, []string{`{"b": 1.50, "a":1e400}`, "{\n}"}, got.records)
	require.Equal(t, []string{"2:2 source-syntax", "4:4 limit-record"}, got.rejected)
}

func TestDamagedNestedParquetIsAFinding(t *testing.T) {
	content := nestedFile(t, nestedRows())
	path := filepath.Join(t.TempDir(), "in")
	for i := 4; i < len(content); i += 1 + len(content)/200 {
		bad := bytes.Clone(content)
		for j := range min(4, len(bad)-i) {
			bad[i+j] ^= 0x5a
		}
		for _, disk := range [][]byte{bad, content[:i]} {
			require.NoError(t, os.WriteFile(path, disk, 0o600))
			got := readAll(t, joining(Options{TempDir: t.TempDir()}), path)
			require.LessOrEqual(t, len(got.rejected), 4)
			require.LessOrEqual(t, len(got.records), 4)
		}
	}
}

func TestSizeOfZstdIsBoundWithoutDecompressing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		content := bytes.Repeat(rapid.SliceOfN(rapid.Byte(), 1, 100).Draw(t, "content"), rapid.IntRange(1, 5000).Draw(t, "times"))
		var packed bytes.Buffer
		w, err := zstd.NewWriter(&packed, zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(rapid.Bool().Draw(t, "crc")))
		require.NoError(t, err)
		for rest := content; len(rest) > 0; { // in pieces the frame does not say its size
			n := rapid.IntRange(1, len(rest)).Draw(t, "piece")
			_, err = w.Write(rest[:n])
			require.NoError(t, err)
			if rest = rest[n:]; rapid.Bool().Draw(t, "flush") {
				require.NoError(t, w.Flush())
			}
		}
		require.NoError(t, w.Close())
		enc, err := zstd.NewWriter(nil)
		require.NoError(t, err)
		both := enc.EncodeAll(content, packed.Bytes())
		n, err := zstdSize(both)
		require.NoError(t, err)
		require.GreaterOrEqual(t, n, int64(2*len(content)))
		exact, err := zstdSize(enc.EncodeAll(content, nil))
		require.NoError(t, err)
		require.GreaterOrEqual(t, exact, int64(len(content)))
		require.LessOrEqual(t, exact, int64(len(content)+zstdBlockBytes))
	})
}

func FuzzParquetRecords(f *testing.F) {
	f.Add(nestedFile(f, nestedRows()))
	f.Add(nestedFile(f, nestedRows(), parquet.Compression(&parquet.Zstd), parquet.DataPageVersion(1)))
	path := filepath.Join(f.TempDir(), "in")
	f.Fuzz(func(t *testing.T, content []byte) {
		require.NoError(t, os.WriteFile(path, append([]byte(parquetMagic), content[min(4, len(content)):]...), 0o600))
		for _, r := range readAll(t, joining(Options{TempDir: t.TempDir()}), path).records {
			require.Contains(t, r, "{")
		}
	})
}

// zstdBomb is a frame that says no size and holds so many blocks of one byte, repeated.
func zstdBomb(blocks int) []byte {
	out := []byte{0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x60}
	for i := range blocks {
		head := uint32(zstdBlockBytes)<<3 | zstdRLE<<1
		if i == blocks-1 {
			head |= 1
		}
		out = append(out, byte(head), byte(head>>8), byte(head>>16), 'x')
	}
	return out
}

func TestBombsInPages(t *testing.T) {
	n, err := zstdSize(zstdBomb(100_000))
	require.NoError(t, err)
	require.Equal(t, int64(100_000*zstdBlockBytes), n)
	bomb := binary.AppendUvarint(nil, 1<<31)
	n, err = unpackedSize(format.Snappy, bomb)
	require.NoError(t, err)
	require.Equal(t, int64(1<<31), n)
	_, err = unpackedSize(format.Lz4Raw, bomb)
	require.ErrorContains(t, err, "want zstd, snappy, gzip or none")
}

// A page of a file is exchanged for a bomb; only the columns that are read matter.
func TestABombIsNeverDecompressed(t *testing.T) {
	bomb := zstdBomb(10_000)
	var noise strings.Builder // does not compress below the length of the bomb
	for state := uint32(1); noise.Len() < 4*len(bomb); {
		state = state*1664525 + 1013904223
		noise.WriteByte(' ' + byte(state>>24)%95)
	}
	for column, want := range map[int][]string{1: {"1:1 limit-ratio"}, 2: nil} {
		row := wholeRow{Record: "{}", Bomb: "b"}
		*[]*string{nil, &row.Record, &row.Bomb}[column] = noise.String()
		var buf bytes.Buffer
		w := parquet.NewGenericWriter[wholeRow](&buf, parquet.Compression(&parquet.Zstd))
		_, err := w.Write([]wholeRow{row})
		require.NoError(t, err)
		require.NoError(t, w.Close())
		content := buf.Bytes()
		file, err := parquet.OpenFile(bytes.NewReader(content), int64(len(content)))
		require.NoError(t, err)
		chunk := file.Metadata().RowGroups[0].Columns[column].MetaData
		page := content[chunk.DataPageOffset : chunk.DataPageOffset+chunk.TotalCompressedSize]
		at := bytes.Index(page, bomb[:4])
		require.Positive(t, at)
		require.Greater(t, len(page)-at, len(bomb))
		copy(page[at:], bomb)
		got := refetched(t, Options{}, write(t, "in", content))
		require.Equal(t, want, got.rejected)
		require.Len(t, got.records, 1-len(want))
	}
}
