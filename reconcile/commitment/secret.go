package commitment

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
)

// Digest is a SHA-256, or 32 bytes of a salt. As text it is 64 small hexadecimal digits.
type Digest [sha256.Size]byte

// MarshalText implements encoding.TextMarshaler.
func (d Digest) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, d[:]), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Digest) UnmarshalText(text []byte) error {
	if len(text) != 2*len(d) || len(bytes.Trim(text, "0123456789abcdef")) > 0 {
		return errors.New("want 64 small hexadecimal digits")
	}
	_, err := hex.Decode(d[:], text)
	return err
}

// String is the digest as text.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// Secret is what the salts of a case are derived from: whoever has it can open every leaf of which the key is known.
type Secret struct{ bytes [32]byte }

// NewSecret asks the system for chance.
func NewSecret() *Secret {
	s := &Secret{}
	_, _ = rand.Read(s.bytes[:]) // never fails
	return s
}

// ParseSecret reads a secret: 64 hexadecimal digits, white space around them aside. No error tells anything of it.
func ParseSecret(text []byte) (*Secret, error) {
	var d Digest
	if err := d.UnmarshalText(bytes.ToLower(bytes.TrimSpace(text))); err != nil {
		return nil, errors.New("no case secret: want 64 hexadecimal digits, as 'reconcile keygen --secret' makes them")
	}
	return &Secret{bytes: d}, nil
}

// Text is the secret as ParseSecret reads it, with a line break.
func (s *Secret) Text() []byte { return append(hex.AppendEncode(nil, s.bytes[:]), '\n') }

// String keeps the secret out of messages.
func (s *Secret) String() string { return "case secret" }

// What is derived from a secret, by the text in front of the key.
const (
	keySaltLabel    = "reconcile key salt v1\n"
	recordSaltLabel = "reconcile record salt v1\n"
)

func (s *Secret) salt(label string, key []byte) (out Digest) {
	h := hmac.New(sha256.New, s.bytes[:])
	h.Write([]byte(label))
	h.Write(key)
	h.Sum(out[:0])
	return out
}
