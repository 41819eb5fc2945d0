package seal

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
)

// A key of a signed note has a name, and a hash of the name, the type and the key (C2SP signed-note, "Signatures").
const noteEd25519 = 1

// errNoNote says which keys sign notes.
var errNoNote = errors.New("a key of type " + ECDSAP256 + " signs no notes (C2SP signed-note): want " + Ed25519)

// NoteKey checks signatures of notes under a name; it is a note.Verifier of golang.org/x/mod/sumdb/note.
type NoteKey struct {
	key  *Key
	name string
	hash uint32
}

// NoteSigner signs notes under a name; it is a note.Signer of golang.org/x/mod/sumdb/note.
type NoteSigner struct {
	*NoteKey
	signer *Signer
}

// Note is the key under a name, for checking notes. Only Ed25519 keys have one.
func (k *Key) Note(name string) (*NoteKey, error) {
	if k.kind != Ed25519 {
		return nil, errNoNote
	}
	public := k.der[len(k.der)-32:] // the raw key ends its SubjectPublicKeyInfo (RFC 8410, 4)
	sum := sha256.Sum256(append(append([]byte(name), '\n', noteEd25519), public...))
	return &NoteKey{key: k, name: name, hash: binary.BigEndian.Uint32(sum[:])}, nil
}

// Note is the key under a name, for signing notes. Only Ed25519 keys have one.
func (s *Signer) Note(name string) (*NoteSigner, error) {
	k, err := s.Key.Note(name)
	if err != nil {
		return nil, err
	}
	return &NoteSigner{NoteKey: k, signer: s}, nil
}

// Name is the name of the key.
func (k *NoteKey) Name() string { return k.name }

// KeyHash begins each signature of the key.
func (k *NoteKey) KeyHash() uint32 { return k.hash }

// Verify reports a signature of the text by the key.
func (k *NoteKey) Verify(text, signature []byte) bool { return k.key.holds(text, signature) }

// Sign signs a text.
func (s *NoteSigner) Sign(text []byte) ([]byte, error) { return s.signer.sign(text) }
