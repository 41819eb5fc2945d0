package report

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestLook writes sample pages for looking at, where REPORT_LOOK names a folder.
func TestLook(t *testing.T) {
	dir := os.Getenv("REPORT_LOOK")
	if dir == "" {
		t.Skip("REPORT_LOOK names no folder")
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "hostile.html"), []byte(hostilePage(t)), 0o600))
	for name, n := range map[string]int{"small.html": 300, "large.html": 10000, "capped.html": 30000} {
		s := newSample(t, n)
		f, err := os.Create(filepath.Join(dir, name))
		require.NoError(t, err)
		require.NoError(t, s.page().Write(f, s.summary(), sampleInputs(), sampleFindings()))
		require.NoError(t, f.Close())
	}
}
