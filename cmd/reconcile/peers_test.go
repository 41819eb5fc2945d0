package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// peers runs a small month through the script of 'make bench-peers', with modules of our own before those that are installed.
func peers(t *testing.T, modules map[string]string) (out string, status int) {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3 on this machine")
	}
	dir := t.TempDir()
	_, status = command(t, "generate", "--profile", "single", "--records", "600", "--seed", "2", "--out", filepath.Join(dir, "month"))
	require.Zero(t, status)
	for name, text := range modules {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	cmd := exec.Command(python, "../../testdata/peers/side_by_side.py", "--binary", "reconcile", "--go", "no-go",
		"--month", filepath.Join(dir, "month"), "--cache", filepath.Join(dir, "cache"), "--rounds", "1")
	cmd.Env = append(os.Environ(), "PYTHONPATH="+dir, "PYTHONDONTWRITEBYTECODE=1")
	text, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		require.NoError(t, err)
	}
	return string(text), cmd.ProcessState.ExitCode()
}

// Peers find what run finds, where they are installed; where they are not, they are named.
func TestPeersDoTheSameWork(t *testing.T) {
	out, status := peers(t, nil)
	require.Zero(t, status, out)
	require.Contains(t, out, "answers: all agree")
	for _, peer := range []string{"DuckDB", "Polars"} {
		require.Regexp(t, peer+`( is not installed| [0-9.]+, sessions too: agrees)`, out)
	}
	require.NotContains(t, out, "differs")
}

// A query that finds something else is not a measure of the same work.
func TestPeerThatDiffers(t *testing.T) {
	out, status := peers(t, map[string]string{"duckdb.py": `
__version__ = "0"

class connect:
    def execute(self, text):
        return self

    def fetchone(self):
        return (1, 2, 3, 4, 5)
`})
	require.Equal(t, 1, status, out)
	require.Contains(t, out, "DuckDB 0: differs: {'lines': 1, 'claimed': 2")
	require.Contains(t, out, "answers: NOT the same work")
}
