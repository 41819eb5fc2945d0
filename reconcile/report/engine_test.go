package report

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The engine in the assets is cmd/engine as it stands, to the byte: whoever doubts it can build it. Only the Go that built it can tell.
func TestEngineIsTheProgramsOwn(t *testing.T) {
	if testing.Short() {
		t.Skip("compiling for browsers takes its time")
	}
	zip, err := gzip.NewReader(bytes.NewReader(engineWASM))
	require.NoError(t, err)
	want, err := io.ReadAll(zip)
	require.NoError(t, err)
	if !bytes.Contains(want, []byte(runtime.Version())) {
		t.Skip("the engine was built by another Go than", runtime.Version())
	}
	file := filepath.Join(t.TempDir(), "engine.wasm")
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", file, "../../cmd/engine")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	built, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.True(t, bytes.Equal(want, built), "the engine in reconcile/report/assets is not cmd/engine: run 'make engine'")

	root, err := exec.Command("go", "env", "GOROOT").Output()
	require.NoError(t, err)
	script, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"))
	require.NoError(t, err)
	assert.Equal(t, string(script), wasmExecJS, "run 'make engine'")
}
