package job

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/reconcile/source"
)

// recordsOf is the bytes of every record of some files.
func recordsOf(t *testing.T, files ...string) []string {
	t.Helper()
	set, err := source.Open(files, once(0))
	require.NoError(t, err)
	var out []string
	for b, err := range set.Batches(context.Background()) {
		require.NoError(t, err)
		for _, r := range b.Records {
			out = append(out, string(r.Bytes))
		}
		b.Release()
	}
	require.NoError(t, set.Close())
	return out
}

// Whatever others have written comes back from Parquet byte by byte, and from NDJSON on one line of its own.
func TestRecordsOfOthersComeBack(t *testing.T) {
	dir := os.Getenv("RECONCILE_DATA")
	if dir == "" {
		t.Skip("RECONCILE_DATA names no folder of OCPI objects of other projects")
	}
	var files []string
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if ext := filepath.Ext(path); err == nil && (ext == ".json" || ext == ".ndjson") {
			files = append(files, path)
		}
		return err
	}))
	temp := t.TempDir()
	parquet, again, lines, back := filepath.Join(temp, "1.parquet"), filepath.Join(temp, "2.parquet"), filepath.Join(temp, "1.ndjson"), filepath.Join(temp, "2.ndjson")
	converted := func(out string, in ...string) int {
		c, err := Convert(context.Background(), ConvertOptions{Files: in, Out: out}, io.Discard)
		require.NoError(t, err)
		return c.Records
	}
	whole := recordsOf(t, files...)
	require.Greater(t, len(whole), 100)
	require.Equal(t, len(whole), converted(parquet, files...))
	require.Equal(t, whole, recordsOf(t, parquet))
	fit := 0 // on a line: examples of documents may be no JSON, and Parquet holds them all the same
	for _, r := range whole {
		if !strings.Contains(r, "\n") || json.Valid([]byte(r)) {
			fit++
		}
	}
	require.Greater(t, fit, 100)
	require.Equal(t, fit, converted(lines, parquet))
	converted(again, lines)
	converted(back, again)
	first, err := os.ReadFile(lines)
	require.NoError(t, err)
	second, err := os.ReadFile(back)
	require.NoError(t, err)
	require.Equal(t, string(first), string(second))
	require.Equal(t, fit, strings.Count(string(first), "\n"))
}

// failing fails as a full disk does.
type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("full") }

func TestNothingIsLeftOfAConversionThatFails(t *testing.T) {
	dir := t.TempDir()
	in := filepath.Join(dir, "in.json")
	require.NoError(t, os.WriteFile(in, []byte("{\"id\":\"1\"}\n{]\n"), 0o600))
	ctx, cancel := context.WithCancel(context.Background())
	_, err := Convert(ctx, ConvertOptions{Files: []string{in}, Out: filepath.Join(dir, "a.parquet")}, failing{})
	require.ErrorContains(t, err, "full")
	cancel()
	_, err = Convert(ctx, ConvertOptions{Files: []string{in}, Out: filepath.Join(dir, "b.parquet")}, io.Discard)
	require.ErrorIs(t, err, context.Canceled)
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 1)
}
