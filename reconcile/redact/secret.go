package redact

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
)

// Secret is what the pseudonyms, commitments and openings of a case are made with. Who has it can undo them.
type Secret struct {
	names, salts, nonces []byte
	seal                 cipher.AEAD
}

// NewSecret makes the keys of a case from its secret, as text.
func NewSecret(text []byte) (*Secret, error) {
	s := &Secret{}
	var key []byte
	for _, k := range []struct {
		into *[]byte
		use  string
	}{{&s.names, "pseudonyms"}, {&s.salts, "salts"}, {&s.nonces, "nonces"}, {&key, "openings"}} {
		var err error
		if *k.into, err = hkdf.Key(sha256.New, text, nil, "reconcile/redact/v1 "+k.use, sha256.Size); err != nil {
			return nil, fmt.Errorf("derive the key of %s: %w", k.use, err)
		}
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("openings: %w", err)
	}
	s.seal, err = cipher.NewGCM(block)
	return s, err
}

func mac(key []byte, parts ...string) []byte {
	h := hmac.New(sha256.New, key)
	for i, p := range parts {
		if i > 0 {
			h.Write([]byte{0})
		}
		h.Write([]byte(p))
	}
	return h.Sum(nil)
}

// Commit is the commitment to a record, in hexadecimal digits: SHA-256 of a salt of 32 bytes and the bytes of the record. The salt is
// HMAC-SHA-256 of the record with a key of the secret, so that nobody without it can try records of few possible values.
func (s *Secret) Commit(original []byte) string {
	h := sha256.New()
	h.Write(mac(s.salts, string(original)))
	h.Write(original)
	return hex.EncodeToString(h.Sum(nil))
}

// Seal is the opening of a record: a nonce, then the record encrypted with AES-256-GCM under a key of the secret, its commitment being
// authenticated with it. The nonce is derived from the record, so that equal records have equal openings and runs equal bytes.
func (s *Secret) Seal(original []byte) []byte {
	nonce := mac(s.nonces, string(original))[:s.seal.NonceSize()]
	return s.seal.Seal(nonce, nonce, original, []byte(s.Commit(original)))
}

// Open gives back the record of an opening. It is the record of the commitment, or an error.
func (s *Secret) Open(commitment string, sealed []byte) ([]byte, error) {
	size := s.seal.NonceSize()
	if len(sealed) < size {
		return nil, errors.New("the opening is too short")
	}
	original, err := s.seal.Open(nil, sealed[:size], sealed[size:], []byte(commitment))
	if err != nil {
		return nil, errors.New("the opening does not fit the secret and the commitment")
	}
	if s.Commit(original) != commitment {
		return nil, errors.New("the record that the opening holds is not the one committed to")
	}
	return original, nil
}
