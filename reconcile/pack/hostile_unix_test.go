//go:build unix

package pack

import (
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPipesAreNotOpened(t *testing.T) {
	v := hostile(t, func(dir string) { require.NoError(t, syscall.Mkfifo(filepath.Join(dir, "data", "pipe"), 0o666)) })
	require.Contains(t, failed(t, v, "complete"), "data/pipe: neither a file nor a folder")
}
