package seal

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// ed25519Signer is a key made of a name.
func ed25519Signer(t testing.TB, name string) *Signer {
	seed := sha256.Sum256([]byte(name))
	s, err := newSigner(ed25519.NewKeyFromSeed(seed[:]))
	require.NoError(t, err)
	return s
}

// ecdsaSigner is the key with a private number.
func ecdsaSigner(t testing.TB, d *big.Int) *Signer {
	private, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), d.FillBytes(make([]byte, 32)))
	require.NoError(t, err)
	s, err := newSigner(private)
	require.NoError(t, err)
	return s
}

func number(t testing.TB, text string, base int) *big.Int {
	n, ok := new(big.Int).SetString(text, base)
	require.True(t, ok)
	return n
}

// TestVectorOfDSSE signs the example of DSSE's protocol.md. There a signature is r and s as such; ours is their ASN.1.
func TestVectorOfDSSE(t *testing.T) {
	message := signedBytes("http://example.com/HelloWorld", []byte("hello world"))
	require.Equal(t, "DSSEv1 29 http://example.com/HelloWorld 11 hello world", string(message))

	s := ecdsaSigner(t, number(t, "97358161215184420915383655311931858321456579547487070936769975997791359926199", 10))
	x, _ := s.public.(*ecdsa.PublicKey).ECDH()
	require.Equal(t, number(t, "46950820868899156662930047687818585632848591499744589407958293238635476079160", 10).Bytes(), x.Bytes()[1:33])
	sig, err := s.sign(message)
	require.NoError(t, err)
	require.Equal(t, "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA==",
		base64.StdEncoding.EncodeToString(rawSignature(t, sig)))
	require.True(t, s.holds(message, sig))
}

func rawSignature(t *testing.T, sig []byte) []byte {
	var rs struct{ R, S *big.Int }
	rest, err := asn1.Unmarshal(sig, &rs)
	require.NoError(t, err)
	require.Empty(t, rest)
	return append(rs.R.FillBytes(make([]byte, 32)), rs.S.FillBytes(make([]byte, 32))...)
}

// TestVectorOfRFC6979 is that of its A.2.5: P-256, SHA-256, message "sample".
func TestVectorOfRFC6979(t *testing.T) {
	s := ecdsaSigner(t, number(t, "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721", 16))
	sig, err := s.sign([]byte("sample"))
	require.NoError(t, err)
	require.Equal(t, "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"+
		"f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8", hex.EncodeToString(rawSignature(t, sig)))
}

// TestVectorOfRFC8032 is that of its 7.1, test 2.
func TestVectorOfRFC8032(t *testing.T) {
	seed, err := hex.DecodeString("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
	require.NoError(t, err)
	s, err := newSigner(ed25519.NewKeyFromSeed(seed))
	require.NoError(t, err)
	sig, err := s.sign([]byte{0x72})
	require.NoError(t, err)
	require.Equal(t, "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"+
		"085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00", hex.EncodeToString(sig))
}

func TestKeysThroughPEM(t *testing.T) {
	for _, kind := range []string{Ed25519, ECDSAP256} {
		made, err := Generate(kind)
		require.NoError(t, err)
		require.Equal(t, kind, made.Type())
		text, err := made.PEM()
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(string(text), "-----BEGIN PRIVATE KEY-----\n"))
		again, err := ParseSigner(text)
		require.NoError(t, err)
		require.Equal(t, made.ID(), again.ID())

		public, err := ParseKey(made.Key.PEM())
		require.NoError(t, err)
		require.Equal(t, made.ID(), public.ID())
		require.Equal(t, made.Key.PEM(), public.PEM())
		require.Len(t, public.ID(), 64)

		sig, err := again.sign([]byte("x"))
		require.NoError(t, err)
		twice, err := made.sign([]byte("x"))
		require.NoError(t, err)
		require.Equal(t, sig, twice, "deterministic")
		require.True(t, public.holds([]byte("x"), sig))
		require.False(t, public.holds([]byte("y"), sig))

		other, err := Generate(kind)
		require.NoError(t, err)
		require.NotEqual(t, made.ID(), other.ID())
	}
	_, err := Generate("rsa")
	require.ErrorContains(t, err, `"rsa"`)
}

func TestKeysThatAreNone(t *testing.T) {
	inPEM := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	require.NoError(t, err)
	private384, err := x509.MarshalPKCS8PrivateKey(p384)
	require.NoError(t, err)
	public384, err := x509.MarshalPKIXPublicKey(p384.Public())
	require.NoError(t, err)
	weak, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	publicRSA, err := x509.MarshalPKIXPublicKey(weak.Public())
	require.NoError(t, err)
	good := ed25519Signer(t, "good")
	private, err := good.PEM()
	require.NoError(t, err)

	for text, want := range map[string]string{
		"": "no PEM block", "hello": "no PEM block",
		inPEM("EC PRIVATE KEY", nil):                      "openssl pkcs8 -topk8",
		inPEM("ENCRYPTED PRIVATE KEY", nil):               "passphrase",
		inPEM(privateBlock, []byte("x")):                  "no private key",
		inPEM(privateBlock, private384):                   "P-384",
		string(good.Key.PEM()):                            `want "PRIVATE KEY"`,
		string(private) + string(private):                 "more than one",
		strings.Replace(string(private), "MC4", "MC5", 1): "no private key",
	} {
		_, err := ParseSigner([]byte(text))
		require.ErrorContains(t, err, want)
	}
	for text, want := range map[string]string{
		"": "no PEM block", string(private): "keep it to yourself",
		inPEM(publicBlock, []byte("x")): "no public key",
		inPEM(publicBlock, public384):   "P-384",
		inPEM(publicBlock, publicRSA):   "another kind",
		string(good.Key.PEM()) + "x":    "more than one",
	} {
		_, err := ParseKey([]byte(text))
		require.ErrorContains(t, err, want)
	}
}

// signed is an envelope of two signers.
func signed(t testing.TB, payload string) (*Envelope, []*Signer) {
	signers := []*Signer{ed25519Signer(t, "one"), ecdsaSigner(t, big.NewInt(2))}
	e := &Envelope{Payload: []byte(payload)}
	for _, s := range signers {
		done, err := e.Sign(s)
		require.NoError(t, err)
		require.True(t, done)
	}
	return e, signers
}

func TestEnvelope(t *testing.T) {
	e, signers := signed(t, `{"a":1}`)
	text, err := e.Marshal()
	require.NoError(t, err)
	require.Equal(t, 1, bytes.Count(text, []byte("\n")))
	back, err := ParseEnvelope(text)
	require.NoError(t, err)
	require.Equal(t, e, back)
	require.Less(t, e.Signatures[0].KeyID, e.Signatures[1].KeyID)
	for _, s := range signers {
		valid := 0
		for _, sig := range back.Signatures {
			if back.Verify(sig, &s.Key) {
				valid++
			}
		}
		require.Equal(t, 1, valid)
		done, err := back.Sign(s)
		require.NoError(t, err)
		require.False(t, done, "signed already")
	}
	other := &Envelope{Payload: []byte(`{"a":1}`)}
	for _, s := range []*Signer{signers[1], signers[0]} {
		_, err := other.Sign(s)
		require.NoError(t, err)
	}
	require.Equal(t, e, other, "the order of signing leaves no trace")
}

// TestEveryByteOfTheEnvelope changes each byte in several ways: nothing of it parses with all its signatures valid.
func TestEveryByteOfTheEnvelope(t *testing.T) {
	e, signers := signed(t, `{"_type":"x","subject":[]}`)
	text, err := e.Marshal()
	require.NoError(t, err)
	keys := map[string]*Key{}
	for _, s := range signers {
		keys[s.ID()] = &s.Key
	}
	for at := range text {
		for _, flip := range []byte{1, 2, 4, 16, 32, 128} {
			changed := bytes.Clone(text)
			changed[at] ^= flip
			require.False(t, allValid(changed, keys), "byte %d: %s", at, changed)
		}
		require.False(t, allValid(append(bytes.Clone(text[:at]), text[at+1:]...), keys), "byte %d taken out", at)
		require.False(t, allValid(append(append(bytes.Clone(text[:at]), ' '), text[at:]...), keys), "a space before byte %d", at)
	}
	require.True(t, allValid(text, keys))
}

func allValid(text []byte, keys map[string]*Key) bool {
	e, err := ParseEnvelope(text)
	if err != nil {
		return false
	}
	for _, s := range e.Signatures {
		if k := keys[s.KeyID]; k == nil || !e.Verify(s, k) {
			return false
		}
	}
	return true
}

func TestEnvelopesThatAreNone(t *testing.T) {
	e, _ := signed(t, "{}")
	one, two := e.Signatures[0], e.Signatures[1]
	form := func(d envelopeDoc) string {
		text, err := line(d)
		require.NoError(t, err)
		return string(text)
	}
	usual := form(envelopeDoc{PayloadType, e.Payload, e.Signatures})
	for want, text := range map[string]string{
		"no DSSE envelope":     "",
		"more than one JSON":   usual + "{}",
		"unknown field":        strings.Replace(usual, "{", `{"x":1,`, 1),
		`of type "text/plain"`: form(envelopeDoc{"text/plain", e.Payload, e.Signatures}),
		"no signature in it":   form(envelopeDoc{PayloadType, e.Payload, []Signature{}}),
		"two signatures of":    form(envelopeDoc{PayloadType, e.Payload, []Signature{one, one}}),
		"not sorted":           form(envelopeDoc{PayloadType, e.Payload, []Signature{two, one}}),
		"not in the form":      " " + usual,
		"base64":               strings.Replace(usual, `"payload":"e30="`, `"payload":"e30"`, 1),
	} {
		_, err := ParseEnvelope([]byte(text))
		require.ErrorContains(t, err, want)
	}
	_, err := ParseEnvelope([]byte(strings.Replace(usual, `"payloadType":`, `"payloadType":"x","payloadType":`, 1)))
	require.ErrorContains(t, err, "not in the form", "a member twice")
	_, err = ParseEnvelope([]byte(strings.Replace(usual, `e30=`, `e31=`, 1)))
	require.ErrorContains(t, err, "not in the form", "bits behind the end of the payload")
}

// TestTypeIsSigned: a signature over one type of payload is none over another, nor over the payload alone.
func TestTypeIsSigned(t *testing.T) {
	s := ed25519Signer(t, "one")
	e := &Envelope{Payload: []byte("{}")}
	for _, message := range [][]byte{signedBytes("text/plain", e.Payload), e.Payload, signedBytes(PayloadType+" 2", nil)} {
		sig, err := s.sign(message)
		require.NoError(t, err)
		require.False(t, e.Verify(Signature{KeyID: s.ID(), Sig: sig}, &s.Key))
	}
}

// No two pairs of type and payload are signed as the same bytes.
func TestSignedBytesAreOneToOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a1 /]{0,6}`)
		type pair struct{ kind, payload string }
		a, b := pair{text.Draw(t, "type"), text.Draw(t, "payload")}, pair{text.Draw(t, "other type"), text.Draw(t, "other payload")}
		same := bytes.Equal(signedBytes(a.kind, []byte(a.payload)), signedBytes(b.kind, []byte(b.payload)))
		require.Equal(t, a == b, same)
	})
}

func TestStatement(t *testing.T) {
	text, err := NewStatement([]Subject{{Name: "a<b", Digest: Digest{SHA256: "00"}}}, "https://x/v1", map[string]string{"k": "v&"}).Payload()
	require.NoError(t, err)
	require.Equal(t, `{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"a<b","digest":{"sha256":"00"}}],`+
		`"predicateType":"https://x/v1","predicate":{"k":"v&"}}`, string(text))
}

// FuzzEnvelope: an envelope that is taken is in its one form.
func FuzzEnvelope(f *testing.F) {
	e, _ := signed(f, "{}")
	text, err := e.Marshal()
	require.NoError(f, err)
	f.Add(text)
	f.Fuzz(func(t *testing.T, text []byte) {
		e, err := ParseEnvelope(text)
		if err != nil {
			return
		}
		form, err := e.Marshal()
		require.NoError(t, err)
		require.Equal(t, string(text), string(form))
	})
}
