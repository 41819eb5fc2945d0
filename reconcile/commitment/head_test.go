package commitment

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// logOf is a log of n trees.
func logOf(t testing.TB, n int) *Log {
	l := &Log{Origin: "example.com/log"}
	for i := range n {
		_, err := l.Add(treeOf(t, leafOf(fmt.Sprint("cdr", i), "1")))
		require.NoError(t, err)
	}
	return l
}

func checkpointOf(t testing.TB, l *Log) *Checkpoint {
	c, err := l.Checkpoint()
	require.NoError(t, err)
	return c
}

func bytesOf(hashes []tlog.Hash) [][]byte {
	var out [][]byte
	for _, h := range hashes {
		out = append(out, h[:])
	}
	return out
}

// TestLogsGrow: each log extends each shorter one and contains each of its heads, as the independent library says too.
func TestLogsGrow(t *testing.T) {
	for n := 1; n <= 9; n++ {
		l := logOf(t, n)
		to := checkpointOf(t, l)
		for m := 1; m <= n; m++ {
			from := checkpointOf(t, logOf(t, m))
			hashes, err := l.Grown(from)
			require.NoError(t, err)
			require.NoError(t, proof.VerifyConsistency(rfc6962.DefaultHasher, uint64(m), uint64(n), bytesOf(hashes), from.Root[:], to.Root[:]))

			hashes, err = l.ProveHead(m)
			require.NoError(t, err)
			require.NoError(t, to.CheckHead(l.Heads[m-1], hashes))
			leaf := rfc6962.DefaultHasher.HashLeaf(l.Heads[m-1].Text())
			require.NoError(t, proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(m-1), uint64(n), leaf, bytesOf(hashes), to.Root[:]))
			if n > 1 {
				require.Error(t, to.CheckHead(l.Heads[m%n], hashes), "of another head")
			}

			signed, err := SignNote(to.Text())
			require.NoError(t, err)
			at, back, note, err := ParseHeadProof(MarshalHeadProof(m, hashes, signed))
			require.NoError(t, err)
			require.Equal(t, m, at)
			require.Equal(t, bytesOf(hashes), bytesOf(back))
			require.Equal(t, signed, note)
		}
	}
}

// TestLogsThatDidNotGrow: a month made anew, taken back, or of another party is found out.
func TestLogsThatDidNotGrow(t *testing.T) {
	was := checkpointOf(t, logOf(t, 2))
	changed := logOf(t, 3)
	changed.Heads[1].Root[0] ^= 1
	_, err := changed.Grown(was)
	require.ErrorContains(t, err, "does not extend")
	_, err = logOf(t, 1).Grown(was)
	require.ErrorContains(t, err, "the earlier log has 2 trees, the later 1")
	other := logOf(t, 3)
	other.Origin = "example.com/other"
	_, err = other.Grown(was)
	require.ErrorContains(t, err, "example.com/other")
}

func TestTextsOfHeads(t *testing.T) {
	l := logOf(t, 3)
	require.Regexp(t, `^example\.com/log/records/1\n1\n[A-Za-z0-9+/]{43}=\nsums [A-Za-z0-9+/]{43}=\n$`, string(l.Heads[0].Text()))
	back, err := ParseLog(l.Text())
	require.NoError(t, err)
	require.Equal(t, l, back)
	c := checkpointOf(t, l)
	again, err := ParseCheckpoint(c.Text())
	require.NoError(t, err)
	require.Equal(t, c, again)

	head := string(l.Heads[0].Text())
	for _, text := range []string{
		"", head + "x\n", head + "\n", strings.Replace(head, "\n1\n", "\n01\n", 1), strings.Replace(head, "\n1\n", "\n0\n", 1), strings.TrimSuffix(head, "\n"),
		strings.Replace(head, "sums ", "sum ", 1), strings.Replace(head, "\n1\n", "\n18446744073709551615\n", 1), head[:strings.Index(head, "sums")],
	} {
		_, err := ParseHead([]byte(text))
		require.Error(t, err, "%q", text)
	}
	for _, text := range []string{"", head, string(c.Text()) + "x\n", strings.Replace(string(c.Text()), "example", "exa mple", 1)} {
		_, err := ParseCheckpoint([]byte(text))
		require.Error(t, err, "%q", text)
	}
	text := string(l.Text())
	for _, wrong := range []string{
		"", text + "\n", strings.Replace(text, "records/2", "records/3", 1), strings.Replace(text, "\n\n", "\n", 1),
		strings.ReplaceAll(text, "example.com/log", ""), strings.ReplaceAll(text, "example", "ex+ample"),
	} {
		_, err := ParseLog([]byte(wrong))
		require.Error(t, err, "%q", wrong)
	}
}

// TestHostileHeads: a log that claims to be long is not counted through.
func TestHostileHeads(t *testing.T) {
	l := logOf(t, 1)
	c := checkpointOf(t, l)
	c.Size = maxSize
	require.Error(t, c.CheckHead(l.Heads[0], nil))
	l.Heads[0].Origin = "example.com/log/records/01"
	require.Error(t, c.CheckHead(l.Heads[0], nil))
}

func TestNotes(t *testing.T) {
	private := ed25519.NewKeyFromSeed(make([]byte, 32))
	text, err := note.NewEd25519VerifierKey("example.com/log", private.Public().(ed25519.PublicKey))
	require.NoError(t, err)
	key, err := note.NewVerifier(text)
	require.NoError(t, err)
	_, other, err := note.GenerateKey(zeros{}, "example.com/log")
	require.NoError(t, err)
	stranger, err := note.NewVerifier(other)
	require.NoError(t, err)

	c := checkpointOf(t, logOf(t, 1)).Text()
	plain, err := SignNote(c)
	require.NoError(t, err)
	require.False(t, IsSigned(plain))
	back, err := SplitNote(plain)
	require.NoError(t, err)
	require.Equal(t, c, back)

	signed, err := SignNote(c, signerOf{key, private})
	require.NoError(t, err)
	require.True(t, IsSigned(signed))
	require.True(t, HoldsNote(signed, key))
	require.Equal(t, stranger.Name() == key.Name() && stranger.KeyHash() == key.KeyHash(), HoldsNote(signed, stranger))
	back, err = SplitNote(signed)
	require.NoError(t, err)
	require.Equal(t, c, back)
	for at := range signed {
		changed := bytes.Clone(signed)
		changed[at] ^= 2
		require.False(t, HoldsNote(changed, key), "byte %d", at)
	}
	for _, wrong := range []string{"", "a", "a\n", "a\n\nb\n", "a\n\n\u2014 x"} {
		_, err := SplitNote([]byte(wrong))
		require.Error(t, err)
	}
}

// signerOf signs with a key of the standard library.
type signerOf struct {
	note.Verifier
	private ed25519.PrivateKey
}

func (s signerOf) Sign(text []byte) ([]byte, error) { return ed25519.Sign(s.private, text), nil }

// zeros is no chance at all.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestProofsThatAreNone(t *testing.T) {
	tree := treeOf(t, leafOf("A", "1"), leafOf("B", "2"))
	p, err := tree.Prove(0)
	require.NoError(t, err)
	signed, err := SignNote(headOf(t, tree).Text())
	require.NoError(t, err)
	good, err := p.Marshal(signed)
	require.NoError(t, err)
	for at := range good { // whatever still parses is the same proof of something else, and does not hold
		changed := bytes.Clone(good)
		changed[at] ^= 1
		p, kept, err := ParseInclusion(changed)
		if err != nil || !bytes.Equal(kept, signed) {
			continue
		}
		_, err = p.Check(headOf(t, tree))
		require.Error(t, err, "byte %d of %s", at, good)
	}
	head := MarshalHeadProof(1, nil, signed)
	_, _, err = ParseInclusion(head)
	require.Error(t, err, "without an opening")
	_, _, _, err = ParseHeadProof(good)
	require.ErrorIs(t, err, ErrForm)
	_, _, _, err = ParseHeadProof(append([]byte("x"), head...))
	require.Error(t, err)
}
