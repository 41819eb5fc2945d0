package commitment

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzProofs: nothing that claims to be a proof, a head or a log crashes, and what is read is written the same.
func FuzzProofs(f *testing.F) {
	tree := treeOf(f, leafOf("A", "1"), leafOf("B", "2"), leafOf("C", "3"))
	h := headOf(f, tree)
	signed, err := SignNote(h.Text())
	require.NoError(f, err)
	for i := range tree.Leaves() {
		p, err := tree.Prove(i)
		require.NoError(f, err)
		text, err := p.Marshal(signed)
		require.NoError(f, err)
		f.Add(text)
	}
	f.Add(h.Text())
	f.Add(signed)
	f.Add(logOf(f, 2).Text())
	f.Fuzz(func(t *testing.T, text []byte) {
		if p, note, err := ParseInclusion(text); err == nil {
			again, err := p.Marshal(note)
			require.NoError(t, err)
			require.Equal(t, text, again)
			_, _ = p.Check(h) // it may hold or not
		}
		if l, err := ParseLog(text); err == nil {
			require.True(t, bytes.Equal(l.Text(), text))
		}
		if c, err := ParseCheckpoint(text); err == nil {
			_ = c.CheckHead(h, nil)
		}
		_, _ = SplitNote(text)
	})
}
