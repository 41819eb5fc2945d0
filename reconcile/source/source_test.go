package source

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// write puts content into a temporary file.
func write(t testing.TB, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, content, 0o600))
	return path
}

// outcome is all that a set yields.
type outcome struct {
	records, rejected, notes []string
	batch                    Batch
	files                    []FileInfo
}

// readAll reads files to the end and checks what must always hold.
func readAll(t testing.TB, opts Options, files ...string) outcome {
	t.Helper()
	s, err := Open(files, opts)
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	var out outcome
	for b, err := range s.Batches(context.Background()) {
		require.NoError(t, err)
		require.Len(t, b.Refs, len(b.Records))
		for _, r := range b.Records {
			out.records = append(out.records, string(r.Bytes))
			r.Bytes = bytes.Clone(r.Bytes)
			out.batch.Records = append(out.batch.Records, r)
		}
		for _, f := range b.Rejected {
			out.rejected = append(out.rejected, fmt.Sprintf("%d:%d %s", f.Place.Record, f.Place.Line, f.Code))
		}
		for _, f := range b.Findings {
			out.notes = append(out.notes, string(f.Code))
		}
		out.batch.Refs = append(out.batch.Refs, b.Refs...)
		out.batch.Rejected = append(out.batch.Rejected, b.Rejected...)
		out.batch.Findings = append(out.batch.Findings, b.Findings...)
		b.Release()
	}
	out.files = s.Files()
	return out
}
