package source

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi"
)

// layout is a way of writing objects to a file; pos tells where each object began.
type layout struct {
	name                   string
	before, between, after string
	indent                 bool
}

var layouts = []layout{
	{"lines", "", "\n", "\n", false},
	{"lines, open end", "", "\n", "", false},
	{"CRLF lines", "\xef\xbb\xbf", "\r\n\r\n", "\r\n", false},
	{"concatenated", "", "", "", false},
	{"pretty", "", "\n", "\n", true},
	{"array", "[", ",", "]", false},
	{"array of lines", "[\n", ",\n", "\n]\n", false},
	{"pretty array", " [\r\n", " , ", "]", true},
	{"response", `{"data":[`, ",", `],"status_code":1000,"timestamp":"2026-01-01T00:00:00Z"}`, false},
	{"response, data last", "{\"status_code\" : 1000,\n\"timestamp\":null,\"data\": [\n", ",\n", "\n]}\n", false},
	{"pretty response", "{\n  \"data\": [\n", ",\n", "\n  ],\n  \"status_code\": 1000\n}\n", true},
	{"responses, one a line", `{"data":[`, "],\"status_code\":1000}\n{\"data\":[", "],\"status_code\":1000}\n", false},
	{"responses with one object", `{"data":`, ",\"status_code\":1000}\n{\"data\":", ",\"status_code\":1000}\n", false},
}

// write lays objects out and returns the file and their places.
func (l layout) write(name string, objects []string) ([]byte, []ocpi.Record) {
	var buf bytes.Buffer
	var want []ocpi.Record
	buf.WriteString(l.before)
	for i, o := range objects {
		if i > 0 {
			buf.WriteString(l.between)
		}
		if l.indent {
			var pretty bytes.Buffer
			_ = json.Indent(&pretty, []byte(o), "", "\t")
			o = pretty.String()
		}
		place := ocpi.Place{File: name, Record: i + 1, Line: 1 + bytes.Count(buf.Bytes(), newline), Offset: int64(buf.Len())}
		want = append(want, ocpi.Record{Place: place, Bytes: []byte(o)})
		buf.WriteString(o)
	}
	buf.WriteString(l.after)
	return buf.Bytes(), want
}

// gzipped packs content in some members.
func gzipped(content []byte, members int) []byte {
	var buf bytes.Buffer
	for i := range members {
		z := gzip.NewWriter(&buf)
		z.Write(content[len(content)*i/members : len(content)*(i+1)/members])
		z.Close()
	}
	return buf.Bytes()
}

// zstdFrames packs content in some frames.
func zstdFrames(content []byte, frames int) []byte {
	var out []byte
	for i := range frames {
		out = append(out, zstdFrame(content[len(content)*i/frames:len(content)*(i+1)/frames])...)
	}
	return out
}

var texts = rapid.SampledFrom([]string{"", "x", "}", "{", "[]", "\"", "\\", "\\\"", "é{", "a,b", "\n", "\t", "\u2028", "data", strings.Repeat("long ", 30)})

// value draws JSON of at most the given depth.
func value(t *rapid.T, depth int) any {
	kinds := 4
	if depth > 0 {
		kinds = 6
	}
	switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
	case 0:
		return texts.Draw(t, "text")
	case 1:
		return json.Number(rapid.StringMatching(`-?(0|[1-9][0-9]{0,5})(\.[0-9]{1,4})?`).Draw(t, "number"))
	case 2:
		return rapid.Bool().Draw(t, "bool")
	case 3:
		return nil
	case 4:
		list := make([]any, rapid.IntRange(0, 3).Draw(t, "length"))
		for i := range list {
			list[i] = value(t, depth-1)
		}
		return list
	}
	return members(t, depth-1)
}

// members draws an object.
func members(t *rapid.T, depth int) map[string]any {
	out := map[string]any{}
	for range rapid.IntRange(0, 4).Draw(t, "members") {
		key := "k" + texts.Draw(t, "key")
		out[key] = value(t, depth)
	}
	return out
}

// objects draws the compact texts of some objects.
func objects(t *rapid.T) []string {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
		var buf bytes.Buffer
		enc := json.NewEncoder(&buf)
		enc.SetEscapeHTML(false)
		_ = enc.Encode(members(t, 4))
		return strings.TrimSpace(buf.String())
	}), 1, 8).Draw(t, "objects")
}

// pass reads one file twice: in batches and by its refs.
func pass(t require.TestingT, path string, opts Options) (records []ocpi.Record, rejected, notes []ocpi.Finding, info FileInfo) {
	opts.Refetch = true
	s, err := Open([]string{path}, opts)
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	var refs []Ref
	for b, err := range s.Batches(context.Background()) {
		require.NoError(t, err)
		for _, r := range b.Records {
			records = append(records, ocpi.Record{Place: r.Place, Bytes: bytes.Clone(r.Bytes)})
		}
		refs = append(refs, b.Refs...)
		rejected = append(rejected, b.Rejected...)
		notes = append(notes, b.Findings...)
		b.Release()
	}
	_, again, err := s.Records(nil, refs)
	require.NoError(t, err)
	require.Len(t, again, len(records))
	for i := range records {
		require.Equal(t, records[i], again[i])
	}
	for i := range refs { // one by one, from the last to the first
		i = len(refs) - 1 - i
		_, one, err := s.Records([]byte("before"), refs[i:i+1])
		require.NoError(t, err)
		require.Equal(t, records[i], one[0])
	}
	return records, rejected, notes, s.Files()[0]
}

func TestEveryLayoutFramesTheSameRecords(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		l := rapid.SampledFrom(layouts).Draw(t, "layout")
		path := filepath.Join(dir, "in")
		content, want := l.write(filepath.ToSlash(path), objects(t))
		disk := content
		if members := rapid.IntRange(0, 3).Draw(t, "members"); members > 0 {
			disk = rapid.SampledFrom([]func([]byte, int) []byte{gzipped, zstdFrames}).Draw(t, "packing")(content, members)
		}
		require.NoError(t, os.WriteFile(path, disk, 0o600))
		opts := Options{
			TempDir: dir, Batch: rapid.IntRange(1, 5).Draw(t, "batch"),
			buffer: rapid.OneOf(rapid.IntRange(1, 300), rapid.Just(defaultBuffer)).Draw(t, "buffer"),
		}
		records, rejected, notes, info := pass(t, path, opts)
		assert.Empty(t, rejected)
		assert.Empty(t, notes)
		require.Equal(t, want, records)
		for _, r := range records {
			require.Equal(t, string(content[r.Place.Offset:][:len(r.Bytes)]), string(r.Bytes))
		}
		sum := sha256.Sum256(disk)
		require.Equal(t, FileInfo{Name: filepath.ToSlash(path), SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(disk)), Records: len(want)}, info)
	})
	left, err := filepath.Glob(filepath.Join(dir, "*.spool"))
	require.NoError(t, err)
	require.Empty(t, left, "temporary files")
}

func TestEveryPrefixIsCounted(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	list := []string{`{"id":"1","x":{"y":[{"z":1},{}]}}`, `{"id":"}{\"","a":[[1],"]"]}`, `{}`}
	for _, l := range layouts {
		t.Run(l.name, func(t *testing.T) {
			content, want := l.write("in", list)
			path := filepath.Join(t.TempDir(), "in")
			for n := range content {
				require.NoError(t, os.WriteFile(path, content[:n], 0o600))
				records, rejected, notes, info := pass(t, path, Options{buffer: 1 + rng.IntN(64)})
				checkPlaces(t, content[:n], records, rejected, info)
				require.LessOrEqual(t, len(records), len(want))
				require.LessOrEqual(t, len(rejected), 1, "prefix %q: %v", content[:n], rejected)
				if len(notes) == 0 && len(rejected) == 0 && len(records) < len(want) {
					closed := !strings.ContainsAny(l.after, "]}") || strings.Contains(l.between, "}")
					require.True(t, closed, "prefix %q", content[:n])
				}
				for i, r := range records {
					require.Equal(t, string(want[i].Bytes), string(r.Bytes))
				}
			}
		})
	}
}

// checkPlaces holds what is true of any input.
func checkPlaces(t require.TestingT, plain []byte, records []ocpi.Record, rejected []ocpi.Finding, info FileInfo) {
	require.Equal(t, info.Records, len(records)+len(rejected))
	end, number, next := int64(0), 0, 0
	for _, r := range records {
		for next < len(rejected) && rejected[next].Place.Offset <= r.Place.Offset {
			require.GreaterOrEqual(t, rejected[next].Place.Offset, end)
			number++
			require.Equal(t, number, rejected[next].Place.Record)
			next++
		}
		number++
		require.Equal(t, number, r.Place.Record)
		require.GreaterOrEqual(t, r.Place.Offset, end, "records overlap")
		end = r.Place.Offset + int64(len(r.Bytes))
		require.LessOrEqual(t, end, int64(len(plain)))
		require.Equal(t, string(plain[r.Place.Offset:end]), string(r.Bytes))
		require.Equal(t, 1+bytes.Count(plain[:r.Place.Offset], newline), r.Place.Line)
	}
	for ; next < len(rejected); next++ {
		number++
		require.Equal(t, number, rejected[next].Place.Record)
		require.LessOrEqual(t, rejected[next].Place.Offset, int64(len(plain)))
	}
}

func FuzzFrame(f *testing.F) {
	for _, l := range layouts {
		content, _ := l.write("in", []string{`{"id":"1","x":[{"y":{}}]}`, `{"id":"\"}"}`, "{}"})
		f.Add(content, uint8(3))
		f.Add(content[:len(content)*2/3], uint8(1))
		f.Add(append(content[:len(content)/2:len(content)/2], content[len(content)/3:]...), uint8(9))
	}
	f.Add([]byte("{\"data\"\n{\"data\":{0"), uint8(9))
	f.Add([]byte("{\"a\":1}\nx\n[1,{\"b\":2},\"c\":{}]\n"), uint8(2))
	f.Fuzz(func(t *testing.T, content []byte, size uint8) {
		if Compressed(content) {
			t.Skip("places are in the decompressed file")
		}
		read := func(size int) (records []ocpi.Record, rejected, notes []ocpi.Finding, info FileInfo) {
			s, err := Open([]string{"-"}, Options{
				Limits: Limits{RecordBytes: 200, Depth: 8}, Stdin: bytes.NewReader(content), buffer: size,
			})
			require.NoError(t, err)
			for b, err := range s.Batches(context.Background()) {
				require.NoError(t, err)
				records, rejected, notes = append(records, b.Records...), append(rejected, b.Rejected...), append(notes, b.Findings...)
			}
			return records, rejected, notes, s.Files()[0]
		}
		records, rejected, notes, info := read(1 + int(size))
		checkPlaces(t, content, records, rejected, info)
		records2, rejected2, notes2, _ := read(1 << 16)
		require.Equal(t, records2, records, "reading in small pieces")
		require.Equal(t, rejected2, rejected, "reading in small pieces")
		require.Equal(t, notes2, notes, "reading in small pieces")
		if len(rejected) == 0 && !bytes.Contains(content, []byte("data")) && !bytes.Contains(content, []byte("status_code")) {
			checkNothingLost(t, content, records)
		}
	})
}

// checkNothingLost holds that outside records there is only framing.
func checkNothingLost(t require.TestingT, plain []byte, records []ocpi.Record) {
	rest := bytes.Clone(plain)
	for _, r := range records {
		copy(rest[r.Place.Offset:], bytes.Repeat([]byte{' '}, len(r.Bytes)))
	}
	require.Empty(t, bytes.Trim(rest, " \t\r\n,[]\ufeff"))
}
