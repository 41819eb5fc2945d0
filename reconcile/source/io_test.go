package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestExpand(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{
		"in/a.json", "in/b.NDJSON", "in/c.jsonl.gz", "in/d.csv", "in/e.txt", "in/.f.json", "in/sub/g.json.gz", "in/sub/h.parquet",
		"in/.hidden/i.json", "in/j.gz", "empty/k.txt", "x[1].json",
	} {
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o700))
		require.NoError(t, os.WriteFile(name, nil, 0o600))
	}
	require.NoError(t, os.Symlink("in", "link"))
	all := []string{"in/a.json", "in/b.NDJSON", "in/c.jsonl.gz", "in/d.csv", "in/sub/g.json.gz", "in/sub/h.parquet"}
	tests := []struct {
		name     string
		patterns []string
		want     []string
	}{
		{"folder", []string{"in"}, all},
		{"folder with a slash, twice", []string{"in/", "./in"}, all},
		{"file of any name", []string{"in/e.txt", "in/a.json", "./in/a.json"}, []string{"in/a.json", "in/e.txt"}},
		{"glob", []string{"in/*.json"}, []string{"in/a.json"}},
		{"hidden by name", []string{"in/.*.json"}, []string{"in/.f.json"}},
		{"glob of folders", []string{"in/s*"}, []string{"in/sub/g.json.gz", "in/sub/h.parquet"}},
		{"name with brackets", []string{"x[1].json"}, []string{"x[1].json"}},
		{"linked folder", []string{"link"}, []string{"link/a.json", "link/b.NDJSON", "link/c.jsonl.gz", "link/d.csv", "link/sub/g.json.gz", "link/sub/h.parquet"}},
		{"standard input", []string{"-", "in/a.json"}, []string{"-", "in/a.json"}},
		{"nothing", nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Expand(tt.patterns)
			require.NoError(t, err)
			require.Equal(t, tt.want, got)
		})
	}
	for pattern, want := range map[string]string{
		"none.json": "find input none.json: ", "in/*.xml": "find input in/*.xml: no file matches", "empty": "find input empty: the folder holds no input file",
		"in/[": "find input in/[: ",
	} {
		_, err := Expand([]string{"in", pattern})
		assert.ErrorContains(t, err, want)
	}
}

// drain reads a set to its end and returns its refs and its error.
func drain(ctx context.Context, s *Set) (refs []Ref, err error) {
	for b, e := range s.Batches(ctx) {
		if err = e; b != nil {
			refs = append(refs, b.Refs...)
		}
	}
	return refs, err
}

func TestOpenNamesWhatIsMissing(t *testing.T) {
	_, err := Open([]string{"none.json"}, Options{})
	require.ErrorContains(t, err, "none.json")
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = OpenTable([]string{t.TempDir()}, Options{})
	require.ErrorContains(t, err, "it is a folder")
}

func TestFileVanishesBeforeItIsRead(t *testing.T) {
	path := write(t, "in", []byte("{}\n"))
	s, err := Open([]string{path}, Options{})
	require.NoError(t, err)
	require.NoError(t, os.Remove(path))
	_, err = drain(context.Background(), s)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, filepath.ToSlash(path))
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	s, err := Open([]string{write(t, "a", repeat("{\"a\":1}\n", 4<<20)), write(t, "b", []byte("{}"))}, Options{})
	require.NoError(t, err)
	for b, e := range s.Batches(ctx) {
		err = e
		if b != nil {
			cancel()
		}
	}
	require.ErrorIs(t, err, context.Canceled)
	require.Empty(t, s.Files())
	tab, err := OpenTable([]string{write(t, "c", []byte("a,b\n"))}, Options{})
	require.NoError(t, err)
	for _, err = range tab.Batches(ctx) {
	}
	require.ErrorIs(t, err, context.Canceled)
}

func TestConsumerMayStop(t *testing.T) {
	s, err := Open([]string{write(t, "a", repeat("{\"a\":1}\n", 1<<20))}, Options{Batch: 10})
	require.NoError(t, err)
	for b, err := range s.Batches(context.Background()) {
		require.NoError(t, err)
		require.Len(t, b.Records, 10)
		break
	}
	refs, err := drain(context.Background(), s)
	require.NoError(t, err)
	require.Len(t, refs, 1<<20/8)
	require.Equal(t, s.TotalBytes(), s.ReadBytes())
	require.Equal(t, int64(1<<20), s.TotalBytes())
}

func TestBatchesKeepTheirBytes(t *testing.T) {
	var content bytes.Buffer
	for i := range 20000 {
		fmt.Fprintf(&content, sample+"\n", i, i)
	}
	s, err := Open([]string{write(t, "a", content.Bytes())}, Options{})
	require.NoError(t, err)
	var kept []*Batch
	for b, err := range s.Batches(context.Background()) {
		require.NoError(t, err)
		kept = append(kept, b)
		if len(kept) == 8 { // a consumer that is behind, and recycles
			kept[0].Release()
			kept = kept[1:]
		}
		for _, k := range kept {
			first, last := k.Records[0], k.Records[len(k.Records)-1]
			require.Contains(t, string(first.Bytes), fmt.Sprintf(`"id":"CDR-%07d"`, first.Place.Record-1))
			require.Contains(t, string(last.Bytes), fmt.Sprintf(`"id":"CDR-%07d"`, last.Place.Record-1))
		}
	}
}

func TestFetchFromMany(t *testing.T) {
	var files []string
	for i := range maxHandles + 20 {
		content := fmt.Appendf(nil, "{\"n\":%d}\n{\"m\":%d}\n", i, i)
		if i%10 == 0 {
			content = gzipped(content, 1)
		}
		if i%10 == 5 {
			content = zstdFrame(content)
		}
		files = append(files, write(t, "in", content))
	}
	dir := t.TempDir()
	s, err := Open(files, Options{Refetch: true, TempDir: dir})
	require.NoError(t, err)
	refs, err := drain(context.Background(), s)
	require.NoError(t, err)
	require.Len(t, refs, 2*len(files))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i, ref := range refs {
				b, err := s.Fetch([]byte("x"), ref)
				assert.NoError(t, err)
				assert.Equal(t, fmt.Sprintf("x{%q:%d}", "nm"[i%2:i%2+1], i/2), string(b))
			}
		})
	}
	wg.Wait()
	require.NoError(t, s.Close())
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)
	_, err = s.Fetch(nil, refs[0])
	require.ErrorContains(t, err, "closed")
	require.NoError(t, s.Close())
}

func TestFetchNoticesChanges(t *testing.T) {
	content := []byte("{\"a\":1}\n{\"b\":2}\n")
	for name, change := range map[string]func(path string) error{
		"truncated": func(p string) error { return os.Truncate(p, 3) },
		"rewritten": func(p string) error {
			return errors.Join(os.WriteFile(p, bytes.ToUpper(content), 0o600), os.Chtimes(p, time.Time{}, time.Now().Add(time.Hour)))
		},
		"removed": os.Remove,
	} {
		for _, before := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, fetched before %v", name, before), func(t *testing.T) {
				path := write(t, "in", content)
				s, err := Open([]string{path}, Options{Refetch: true})
				require.NoError(t, err)
				refs, err := drain(context.Background(), s)
				require.NoError(t, err)
				if before {
					_, _, err = s.Records(nil, refs[1:2])
					require.NoError(t, err)
				}
				require.NoError(t, change(path))
				_, _, err = s.Records(nil, refs[1:2])
				switch {
				case name == "removed" && before:
					require.NoError(t, err) // the open file is still there
				case name == "rewritten" && before:
					require.NoError(t, err) // between two looks; the last look sees it
					require.ErrorContains(t, s.Unchanged(), "the file changed since it was first read")
				default:
					require.ErrorContains(t, err, filepath.ToSlash(path)+":2 (record 2)")
				}
				require.NoError(t, s.Close())
			})
		}
	}
}

func TestFileChangesWhileItIsRead(t *testing.T) {
	path := write(t, "in", repeat("{\"a\":1}\n", 4<<20))
	s, err := Open([]string{path}, Options{})
	require.NoError(t, err)
	for b, e := range s.Batches(context.Background()) {
		err = e
		if b != nil && b.Records[0].Place.Record == 1 {
			require.NoError(t, os.Truncate(path, 2<<20))
		}
	}
	require.ErrorContains(t, err, "changed while it was read")
}

func TestFetchNeedsRefetch(t *testing.T) {
	s, err := Open([]string{write(t, "in", []byte("{}"))}, Options{})
	require.NoError(t, err)
	refs, err := drain(context.Background(), s)
	require.NoError(t, err)
	_, err = s.Fetch(nil, refs[0])
	require.ErrorContains(t, err, "Options.Refetch")
	_, err = s.Fetch(nil, Ref{File: 7})
	require.ErrorContains(t, err, "there are 1 files")
}

func TestSpoolNeedsAFolder(t *testing.T) {
	none := filepath.Join(t.TempDir(), "none")
	s, err := Open([]string{"-"}, Options{Refetch: true, TempDir: none, Stdin: strings.NewReader("{}")})
	require.NoError(t, err)
	_, err = drain(context.Background(), s)
	require.ErrorContains(t, err, "keep a copy of - for reading again")
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestStandardInputIsReadOnce(t *testing.T) {
	s, err := Open([]string{"-"}, Options{Refetch: true, TempDir: t.TempDir(), Stdin: strings.NewReader("{\"a\":1}\n")})
	require.NoError(t, err)
	refs, err := drain(context.Background(), s)
	require.NoError(t, err)
	_, got, err := s.Records(nil, refs[:1])
	require.NoError(t, err)
	require.Equal(t, `{"a":1}`, string(got[0].Bytes))
	require.Equal(t, "-:1 (record 1)", got[0].Place.String())
	require.Zero(t, s.TotalBytes())
	_, err = drain(context.Background(), s)
	require.ErrorContains(t, err, "only once")
	require.NoError(t, s.Close())
}

// failing gives some bytes and then an error of the environment.
type failing struct{ r *strings.Reader }

// Read implements io.Reader.
func (f failing) Read(p []byte) (int, error) {
	if f.r.Len() == 0 {
		return 0, errors.New("device is gone")
	}
	return f.r.Read(p)
}

func TestReadErrorIsNoFinding(t *testing.T) {
	for _, content := range []string{"", "{\"a\":1}\n{\"b\"", string(packed("{\"a\":1}\n{\"b\""))[:25]} {
		s, err := Open([]string{"-"}, Options{Stdin: failing{strings.NewReader(content)}})
		require.NoError(t, err)
		_, err = drain(context.Background(), s)
		require.ErrorContains(t, err, "read -: device is gone")
		tab, err := OpenTable([]string{"-"}, Options{Stdin: failing{strings.NewReader(content)}})
		require.NoError(t, err)
		for _, err = range tab.Batches(context.Background()) {
		}
		require.ErrorContains(t, err, "read -: device is gone")
	}
}
