package ocmf

import (
	"bytes"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"strings"
)

// Key is the public key of a meter: a point, and the curve where the key says which.
type Key struct {
	curve *curve // nil for a bare point
	point []byte // as encoded
}

// maxKeyText is how long the text of a key may be; OCPI allows 512 characters, PEM a few more.
const maxKeyText = 4096

// ParseKey reads a public key from any of the texts that records carry, white space in it passed over:
//
//   - a SubjectPublicKeyInfo (RFC 5480) in hexadecimal digits, base64 or PEM
//   - a point, uncompressed, compressed or bare x and y, in hexadecimal digits or base64
//   - "oca:base16:asn1:" and a key in hexadecimal digits (Open Charge Alliance, Signed Meter Values in OCPP), or this once more in base64
//
// The second result is the reason where it cannot be read: KeyMissing, KeyUnreadable, or KeyNotSupported for a key of another kind than
// elliptic curves or on a curve that is not known here.
func ParseKey(text string) (*Key, Reason) {
	if len(text) > maxKeyText {
		return nil, KeyUnreadable
	}
	return parseKey(text, true)
}

// parseKey is ParseKey; wrapped allows for text inside base64.
func parseKey(text string, wrapped bool) (*Key, Reason) {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, KeyMissing
	}
	if strings.HasPrefix(text, "-----BEGIN") {
		block, _ := pem.Decode([]byte(text))
		if block == nil {
			return nil, KeyUnreadable
		}
		return decodeKey(block.Bytes)
	}
	text = strings.Join(strings.Fields(text), "")
	if i := strings.LastIndexByte(text, ':'); i >= 0 && strings.HasPrefix(strings.ToLower(text), "oca:") {
		text = text[i+1:]
	}
	if b, err := hex.DecodeString(text); err == nil {
		return decodeKey(b)
	}
	b, err := decodeBase64(text)
	if err != nil {
		return nil, KeyUnreadable
	}
	if wrapped && printable(b) {
		if key, reason := parseKey(string(b), false); reason != KeyUnreadable {
			return key, reason
		}
	}
	return decodeKey(b)
}

// decodeBase64 reads base64 of either alphabet, padded or not.
func decodeBase64(text string) ([]byte, error) {
	text = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(text, "="))
	return base64.RawStdEncoding.DecodeString(text)
}

func printable(b []byte) bool {
	return bytes.IndexFunc(b, func(r rune) bool { return (r < ' ' || r > '~') && r != '\n' && r != '\r' && r != '\t' }) < 0
}

// keyInfo is a SubjectPublicKeyInfo.
type keyInfo struct {
	Algorithm pkix.AlgorithmIdentifier
	Key       asn1.BitString
}

var oidECPublicKey = asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}

// decodeKey reads a key from its bytes.
func decodeKey(b []byte) (*Key, Reason) {
	var info keyInfo
	if rest, err := asn1.Unmarshal(b, &info); err != nil || len(rest) > 0 {
		return barePoint(b)
	}
	var oid asn1.ObjectIdentifier
	if !info.Algorithm.Algorithm.Equal(oidECPublicKey) {
		return nil, KeyNotSupported
	}
	if rest, err := asn1.Unmarshal(info.Algorithm.Parameters.FullBytes, &oid); err != nil || len(rest) > 0 {
		return nil, KeyNotSupported // the curve is spelt out, not named
	}
	c := curveOf(oid)
	if c == nil {
		return nil, KeyNotSupported
	}
	if _, ok := c.decodePoint(info.Key.Bytes); !ok {
		return nil, KeyUnreadable
	}
	return &Key{c, info.Key.Bytes}, NoReason
}

// barePoint takes bytes for a point where they are one on some curve; on which, the record has to say.
func barePoint(b []byte) (*Key, Reason) {
	for _, c := range curves() {
		if _, ok := c.decodePoint(b); ok {
			return &Key{point: b}, NoReason
		}
	}
	return nil, KeyUnreadable
}

// Curve is the name of the key's curve, "" where it is a bare point.
func (k *Key) Curve() string {
	if k.curve == nil {
		return ""
	}
	return k.curve.name
}

// on returns the key's point on a curve; ok is false where the key is of another one.
func (k *Key) on(c *curve) (q point, ok bool) {
	if k.curve != nil && k.curve != c {
		return point{}, false
	}
	return c.decodePoint(k.point)
}

// Same reports whether two keys are the same point on the same curve, however they were written. A bare point is the same as one that
// names its curve where it lies on it.
func (k *Key) Same(other *Key) bool {
	for _, c := range curves() {
		q, ok := k.on(c)
		r, also := other.on(c)
		if ok && also {
			return q.x.Cmp(r.x) == 0 && q.y.Cmp(r.y) == 0
		}
	}
	return false
}
