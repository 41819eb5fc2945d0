package ocmf

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// spki is the SubjectPublicKeyInfo of the base point of P-256, written by hand: sequence, algorithm with the curve's name, bits.
const (
	spkiHead = "3059301306072a8648ce3d020106082a8648ce3d030107034200"
	baseX    = "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
	baseY    = "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
	spki     = spkiHead + "04" + baseX + baseY
)

func TestFormsOfAKey(t *testing.T) {
	der, err := hex.DecodeString(spki)
	require.NoError(t, err)
	b64 := base64.StdEncoding.EncodeToString
	forms := map[string]string{
		"hex":                   spki,
		"hex in upper case":     strings.ToUpper(spki),
		"hex in groups":         "3059 3013 " + spki[8:] + "\n",
		"base64":                b64(der),
		"base64 in lines":       b64(der)[:64] + "\r\n" + b64(der)[64:],
		"base64, unpadded":      strings.TrimRight(b64(der), "="),
		"base64 of URLs":        base64.URLEncoding.EncodeToString(der),
		"PEM":                   string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})),
		"base64 of PEM":         b64(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})),
		"base64 of hex":         b64([]byte(spki)),
		"OCA":                   "oca:base16:asn1:" + spki,
		"base64 of OCA":         b64([]byte("oca:base16:asn1:" + spki)),
		"point":                 "04" + baseX + baseY,
		"bare point":            baseX + baseY,
		"compressed point":      "03" + baseX,
		"bare point in base64":  b64(der[27:]),
		"compressed in the key": "3039301306072a8648ce3d020106082a8648ce3d030107032200" + "03" + baseX,
	}
	want, reason := ParseKey(spki)
	require.NotNil(t, want, reason)
	for name, text := range forms {
		key, reason := ParseKey(text)
		if assert.NotNil(t, key, "%s: %s", name, reason) {
			q, ok := key.on(curveNamed("secp256r1"))
			assert.True(t, ok, name)
			assert.Equal(t, hexInt(baseY), q.y, name)
			assert.True(t, key.Same(want), name)
			_, ok = key.on(curveNamed("brainpoolP256r1"))
			assert.Equal(t, name == "compressed point", ok, "%s: a bare x is on half of all curves", name)
		}
	}
	assert.Equal(t, "secp256r1", want.Curve())
	other, _ := ParseKey("02" + baseX)
	assert.Empty(t, other.Curve(), "a bare point names none")
	assert.False(t, other.Same(want))
	k1, _ := ParseKey(newSigner("secp256k1", 1).key())
	assert.False(t, k1.Same(want))
}

func TestKeysThatCannotBeRead(t *testing.T) {
	for text, want := range map[string]Reason{
		"":                                KeyMissing,
		" \n":                             KeyMissing,
		"none":                            KeyUnreadable,
		"30":                              KeyUnreadable,
		"-----BEGIN":                      KeyUnreadable,
		spki + "00":                       KeyUnreadable, // something behind the structure
		spki[:len(spki)-2]:                KeyUnreadable,
		"00":                              KeyUnreadable, // the point at infinity
		spki[:len(spki)-1] + "4":          KeyUnreadable, // not on the curve
		strings.Repeat("0", maxKeyText+1): KeyUnreadable,
		base64.StdEncoding.EncodeToString([]byte(base64.StdEncoding.EncodeToString([]byte(spki)))):                                                                              KeyUnreadable,   // packed twice
		"304e301006072a8648ce3d020106052b81040020033a00" + "04a1455b334df099df30fc28a169a467e9e47075a90f7e650eb6b7a45c7e089fed7fba344282cafbd6f7e319f7c0b0bd59e2ca4bdb556d61a5": KeyNotSupported, // secp224k1
		"300e300906052b0e03021a0500030100":               KeyNotSupported, // of another algorithm
		"3015300f06072a8648ce3d020130040202000103020004": KeyNotSupported, // the curve is spelt out
	} {
		key, reason := ParseKey(text)
		assert.Nil(t, key, text)
		assert.Equal(t, want, reason, text)
	}
}
