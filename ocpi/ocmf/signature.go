package ocmf

import (
	"encoding/base64"
	"encoding/hex"
	"math/big"
	"strings"

	"crypto"
	_ "crypto/sha256" // registers SHA-256
	_ "crypto/sha512" // registers SHA-384 and SHA-512
)

// Signature is the signature section as sent (OCMF, Signature Section, table 8). An absent member is "".
type Signature struct {
	Algorithm string // SA; absent: ECDSA-secp256r1-SHA256
	Encoding  string // SE: hex (the default) or base64
	MimeType  string // SM; absent: application/x-der
	Data      string // SD
}

// What the specification takes where a member is absent.
const (
	defaultAlgorithm = "ECDSA-secp256r1-SHA256"
	defaultEncoding  = "hex"
	defaultMimeType  = "application/x-der"
)

// Form is how the two numbers of a signature are written.
type Form uint8

// The forms of a signature. The zero Form is none.
const (
	FormNone       Form = iota
	FormDER             // the ASN.1 structure in DER, which the specification wants
	FormFixedWidth      // the same structure with numbers of the full width, without the sign byte and with leading zeros
	FormRaw             // r and s one after the other, each of the full width
)

var formNames = [...]string{"none", "DER", "DER of fixed width", "raw r and s"}

// String names the form.
func (f Form) String() string { return nameOf(formNames[:], f) }

// algorithm is what SA names.
type algorithm struct {
	curve *curve
	hash  crypto.Hash
}

var hashes = map[string]crypto.Hash{"sha256": crypto.SHA256, "sha384": crypto.SHA384, "sha512": crypto.SHA512}

// algorithm reads SA, "ECDSA-<curve>-<hash>".
func (s Signature) algorithm() (a algorithm, ok bool) {
	name := s.Algorithm
	if name == "" {
		name = defaultAlgorithm
	}
	parts := strings.SplitN(name, "-", 3)
	if len(parts) != 3 || !strings.EqualFold(parts[0], "ECDSA") {
		return a, false
	}
	a.curve = curveNamed(parts[1])
	a.hash = hashes[strings.ToLower(strings.ReplaceAll(parts[2], "-", ""))]
	return a, a.curve != nil && a.hash != 0
}

// decode reads SD by SE. Neither encoding allows for a second way to write the same bytes but the case of hexadecimal digits and
// line breaks in base64.
func (s Signature) decode() (b []byte, reason Reason) {
	encoding := s.Encoding
	if encoding == "" {
		encoding = defaultEncoding
	}
	var err error
	switch strings.ToLower(encoding) {
	case "hex":
		b, err = hex.DecodeString(s.Data)
	case "base64":
		b, err = base64.StdEncoding.Strict().DecodeString(s.Data)
	default:
		return nil, SignatureEncodingUnknown
	}
	if err != nil || len(b) == 0 {
		return nil, SignatureNotEncoded
	}
	return b, NoReason
}

// splitSignature reads r and s from the decoded signature. Every form is read so strictly that no byte of it can change without
// changing r or s: meters are known to write each of the three.
func splitSignature(b []byte, size int) (r, s *big.Int, form Form) {
	if first, second, ok := sequence(b); ok {
		switch {
		case minimal(first) && minimal(second):
			form = FormDER
		case len(first) == size && len(second) == size:
			form = FormFixedWidth
		default:
			return nil, nil, FormNone
		}
		return new(big.Int).SetBytes(first), new(big.Int).SetBytes(second), form
	}
	if len(b) == 2*size {
		return new(big.Int).SetBytes(b[:size]), new(big.Int).SetBytes(b[size:]), FormRaw
	}
	return nil, nil, FormNone
}

// The tags of DER (X.690, section 8).
const (
	tagInteger  = 0x02
	tagSequence = 0x30
)

// sequence returns the contents of the two integers in a sequence that is all of b.
func sequence(b []byte) (first, second []byte, ok bool) {
	body, rest, ok := element(b, tagSequence)
	if !ok || len(rest) > 0 {
		return nil, nil, false
	}
	first, body, ok = element(body, tagInteger)
	if !ok {
		return nil, nil, false
	}
	second, rest, ok = element(body, tagInteger)
	return first, second, ok && len(rest) == 0
}

// element cuts one element with the tag from the front of b. Its length is in the shortest form; no signature needs more than one
// byte behind 0x81.
func element(b []byte, tag byte) (content, rest []byte, ok bool) {
	if len(b) < 2 || b[0] != tag {
		return nil, nil, false
	}
	n, b := int(b[1]), b[2:]
	if n == 0x81 && len(b) > 0 && b[0] >= 0x80 {
		n, b = int(b[0]), b[1:]
	} else if n >= 0x80 {
		return nil, nil, false
	}
	if n > len(b) {
		return nil, nil, false
	}
	return b[:n], b[n:], true
}

// minimal reports whether the content of an integer is one that DER writes for a number that is not negative.
func minimal(b []byte) bool {
	return len(b) > 0 && b[0] < 0x80 && (len(b) == 1 || b[0] != 0 || b[1] >= 0x80)
}
