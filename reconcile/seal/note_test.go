package seal

import (
	"crypto/ed25519"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
)

// TestNotes holds our signatures against the library's own keys, both ways.
func TestNotes(t *testing.T) {
	s := ed25519Signer(t, "log")
	text, err := note.NewEd25519VerifierKey("example.com/log", s.public.(ed25519.PublicKey))
	require.NoError(t, err)
	theirs, err := note.NewVerifier(text)
	require.NoError(t, err)
	signer, err := s.Note("example.com/log")
	require.NoError(t, err)
	require.Equal(t, theirs.KeyHash(), signer.KeyHash())

	signed, err := note.Sign(&note.Note{Text: "a\nb\n"}, signer)
	require.NoError(t, err)
	for _, v := range []note.Verifier{theirs, signer.NoteKey} {
		n, err := note.Open(signed, note.VerifierList(v))
		require.NoError(t, err)
		require.Equal(t, "a\nb\n", n.Text)
	}
	other, err := s.Note("example.com/other")
	require.NoError(t, err)
	require.NotEqual(t, other.KeyHash(), signer.KeyHash(), "the name is part of the key")

	e := ecdsaSigner(t, big.NewInt(2))
	_, err = e.Note("x")
	require.ErrorContains(t, err, "want ed25519")
	_, err = e.Key.Note("x")
	require.ErrorContains(t, err, "want ed25519")
}
