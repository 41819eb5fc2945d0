package seal

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
)

// Types of keys.
const (
	Ed25519   = "ed25519"    // RFC 8032
	ECDSAP256 = "ecdsa-p256" // on P-256, of a SHA-256, as ASN.1; deterministic by RFC 6979
)

// Types of PEM blocks (RFC 7468, 10 and 13).
const (
	privateBlock = "PRIVATE KEY"
	publicBlock  = "PUBLIC KEY"
)

// Key is a public key.
type Key struct {
	public crypto.PublicKey // ed25519.PublicKey or *ecdsa.PublicKey
	der    []byte           // SubjectPublicKeyInfo
	kind   string
}

// Signer is a private key.
type Signer struct {
	Key
	private crypto.Signer
}

// ID is the key id: 64 hexadecimal digits.
func (k *Key) ID() string {
	sum := sha256.Sum256(k.der)
	return hex.EncodeToString(sum[:])
}

// Type is Ed25519 or ECDSAP256.
func (k *Key) Type() string { return k.kind }

// PEM is the key as SubjectPublicKeyInfo (RFC 5280, 4.1.2.7) in PEM. A key has one such form.
func (k *Key) PEM() []byte { return pem.EncodeToMemory(&pem.Block{Type: publicBlock, Bytes: k.der}) }

// PEM is the private key as PKCS #8 (RFC 5958) in PEM.
func (s *Signer) PEM() ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(s.private)
	if err != nil {
		return nil, fmt.Errorf("write the private key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: privateBlock, Bytes: der}), nil
}

// Generate makes a key of a type.
func Generate(kind string) (*Signer, error) {
	var private crypto.Signer
	var err error
	switch kind {
	case Ed25519:
		_, private, err = ed25519.GenerateKey(rand.Reader)
	case ECDSAP256:
		private, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	default:
		return nil, fmt.Errorf("no keys of type %q: want %s or %s", kind, Ed25519, ECDSAP256)
	}
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	return newSigner(private)
}

// ParseSigner reads a private key, PKCS #8 in PEM. No error tells anything of the key.
func ParseSigner(text []byte) (*Signer, error) {
	der, err := block(text, privateBlock)
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, errors.New("no private key in PKCS #8")
	}
	private, ok := parsed.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("a private key of another kind: want %s or %s", Ed25519, ECDSAP256)
	}
	return newSigner(private)
}

func newSigner(private crypto.Signer) (*Signer, error) {
	k, err := newKey(private.Public())
	if err != nil {
		return nil, err
	}
	return &Signer{Key: *k, private: private}, nil
}

// ParseKey reads a public key, SubjectPublicKeyInfo in PEM.
func ParseKey(text []byte) (*Key, error) {
	der, err := block(text, publicBlock)
	if err != nil {
		return nil, err
	}
	public, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, errors.New("no public key in SubjectPublicKeyInfo")
	}
	return newKey(public)
}

// newKey writes the key anew, so that it has one form and one id, however it came.
func newKey(public crypto.PublicKey) (*Key, error) {
	k := &Key{public: public}
	switch p := public.(type) {
	case ed25519.PublicKey:
		k.kind = Ed25519
	case *ecdsa.PublicKey:
		if p.Curve != elliptic.P256() {
			return nil, fmt.Errorf("an ECDSA key on %s: want P-256", p.Curve.Params().Name)
		}
		k.kind = ECDSAP256
	default:
		return nil, fmt.Errorf("a key of another kind: want %s or %s", Ed25519, ECDSAP256)
	}
	var err error
	k.der, err = x509.MarshalPKIXPublicKey(public)
	return k, err
}

// block reads the one PEM block of a text.
func block(text []byte, want string) ([]byte, error) {
	b, rest := pem.Decode(text)
	switch {
	case b == nil:
		return nil, fmt.Errorf("no PEM block %q", want)
	case b.Type != want:
		return nil, fmt.Errorf("a PEM block %q: want %q%s", b.Type, want, hint(b.Type, want))
	case len(bytes.TrimSpace(rest)) > 0:
		return nil, errors.New("more than one PEM block, or text behind it")
	}
	return b.Bytes, nil
}

// hint says how to make of a block what is wanted.
func hint(have, want string) string {
	switch {
	case want == publicBlock && (have == privateBlock || have == "EC PRIVATE KEY"):
		return "\nthis is a private key: keep it to yourself; 'openssl pkey -in FILE -pubout' gives its public one"
	case want == privateBlock && have == "EC PRIVATE KEY":
		return "\n'openssl pkcs8 -topk8 -nocrypt -in FILE' gives the key in that form"
	case want == privateBlock && have == "ENCRYPTED PRIVATE KEY":
		return "\n'openssl pkcs8 -in FILE' asks for the passphrase and gives the key in that form"
	}
	return ""
}

// sign signs a message.
func (s *Signer) sign(message []byte) ([]byte, error) {
	if s.kind == Ed25519 {
		return s.private.Sign(nil, message, crypto.Hash(0))
	}
	sum := sha256.Sum256(message)
	return s.private.Sign(nil, sum[:], crypto.SHA256) // without a source of chance it follows RFC 6979
}

// holds reports a signature of the message by the key.
func (k *Key) holds(message, signature []byte) bool {
	switch p := k.public.(type) {
	case ed25519.PublicKey:
		return ed25519.Verify(p, message, signature)
	case *ecdsa.PublicKey:
		sum := sha256.Sum256(message)
		return ecdsa.VerifyASN1(p, sum[:], signature)
	}
	return false
}
