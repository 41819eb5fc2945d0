package source

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A batch that is still in use when its file has been read keeps its bytes to itself, be they in the file's first buffer or in its last.
func TestBuffersAreHeldByTheirBatches(t *testing.T) {
	for name, size := range map[string]int{"small": 64, "usual": defaultBuffer} {
		t.Run(name, func(t *testing.T) {
			file := write(t, "in", []byte(strings.Repeat(`{"id":"0123456789"}`+"\n", 5*size/20)))
			s, err := Open([]string{file}, Options{Batch: 2, buffer: size})
			require.NoError(t, err)
			held := map[*buffer]int32{}
			for b, err := range s.Batches(context.Background()) {
				require.NoError(t, err)
				for _, buf := range b.buffers {
					held[buf]++
				}
			}
			require.Greater(t, len(held), 1)
			for buf, n := range held {
				require.Equal(t, n, buf.refs.Load())
			}
		})
	}
}
