package stamp

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/digitorus/timestamp"
	"github.com/stretchr/testify/require"
)

// authority is a time stamp authority made by another library than the one that checks.
type authority struct {
	root, leaf *x509.Certificate
	key        *ecdsa.PrivateKey
}

var stampedAt = time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)

// newAuthority makes a root and a certificate for time stamps, valid from a year before stampedAt on. The library that answers signs at the present time, which must be
// in their time too.
func newAuthority(t *testing.T) *authority {
	make1 := func(name string, serial int64, parent *x509.Certificate, signer *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		require.NoError(t, err)
		template := &x509.Certificate{
			SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name}, NotBefore: stampedAt.AddDate(-1, 0, 0), NotAfter: stampedAt.AddDate(100, 0, 0),
			BasicConstraintsValid: true, IsCA: parent == nil, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		}
		if parent == nil {
			parent, signer = template, key
		} else {
			usage, err := asn1.Marshal([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}})
			require.NoError(t, err)
			template.KeyUsage = x509.KeyUsageDigitalSignature
			template.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true, Value: usage}}
		}
		der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
		require.NoError(t, err)
		c, err := x509.ParseCertificate(der)
		require.NoError(t, err)
		return c, key
	}
	root, rootKey := make1("Test root", 1, nil, nil)
	leaf, key := make1("Test authority", 2, root, rootKey)
	return &authority{root: root, leaf: leaf, key: key}
}

// answer answers a request at a time.
func (a *authority) answer(t *testing.T, request []byte, at time.Time) []byte {
	r, err := timestamp.ParseRequest(request)
	require.NoError(t, err)
	require.Equal(t, crypto.SHA256, r.HashAlgorithm)
	require.True(t, r.Certificates)
	require.Nil(t, r.Nonce)
	response, err := (&timestamp.Timestamp{
		HashAlgorithm: r.HashAlgorithm, HashedMessage: r.HashedMessage, Time: at, Policy: asn1.ObjectIdentifier{1, 2, 3}, SerialNumber: big.NewInt(7),
		Accuracy: time.Second, AddTSACertificate: true,
	}).CreateResponseWithOpts(a.leaf, a.key, crypto.SHA256)
	require.NoError(t, err)
	return response
}

func TestStamp(t *testing.T) {
	data := []byte("example.com/log\n1\n")
	request, err := Request(data)
	require.NoError(t, err)
	again, err := Request(data)
	require.NoError(t, err)
	require.Equal(t, request, again)

	a := newAuthority(t)
	response := a.answer(t, request, stampedAt)
	s, err := Check(t.Context(), response, data, []*x509.Certificate{a.root})
	require.NoError(t, err)
	require.Equal(t, stampedAt, s.Time)
	require.Equal(t, time.Second, s.Accuracy)
	require.Equal(t, "CN=Test authority", s.Authority)
	require.Len(t, s.Anchor, 64)

	_, err = Check(t.Context(), response, []byte("other"), []*x509.Certificate{a.root})
	require.ErrorContains(t, err, "not over these bytes")
	_, err = Check(t.Context(), response, data, []*x509.Certificate{newAuthority(t).root})
	require.ErrorContains(t, err, "certificates lead to")
	_, err = Check(t.Context(), response, data, nil)
	require.ErrorContains(t, err, "certificates lead to")
	_, err = Check(t.Context(), a.answer(t, request, stampedAt.AddDate(-2, 0, 0)), data, []*x509.Certificate{a.root})
	require.ErrorContains(t, err, "certificates lead to", "a certificate that was not valid at the time of the stamp")

	for name, wrong := range map[string][]byte{
		"empty": nil, "text": []byte("hello"), "request": request, "cut": response[:len(response)-1], "longer": append(bytes.Clone(response), 0),
		"large": make([]byte, MaxResponse+1),
	} {
		_, err := Check(t.Context(), wrong, data, []*x509.Certificate{a.root})
		require.Error(t, err, name)
	}
	refused, err := timestamp.CreateErrorResponse(timestamp.Rejection, timestamp.BadRequest)
	require.NoError(t, err)
	_, err = Check(t.Context(), refused, data, []*x509.Certificate{a.root})
	require.ErrorContains(t, err, "grants no time stamp")
}

// TestChangedStamps changes each byte of a response: it is refused, or says the same.
func TestChangedStamps(t *testing.T) {
	data := []byte("x")
	request, err := Request(data)
	require.NoError(t, err)
	a := newAuthority(t)
	response := a.answer(t, request, stampedAt)
	want, err := Check(t.Context(), response, data, []*x509.Certificate{a.root})
	require.NoError(t, err)
	for at := range response {
		changed := bytes.Clone(response)
		changed[at] ^= 1
		if s, err := Check(t.Context(), changed, data, []*x509.Certificate{a.root}); err == nil {
			require.Equal(t, want, s, "byte %d", at)
		}
	}
}

// TestOpenSSL has openssl read our request and check the response.
func TestOpenSSL(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("there is no openssl")
	}
	data := []byte("example.com/log\n1\n")
	request, err := Request(data)
	require.NoError(t, err)
	a := newAuthority(t)
	dir := t.TempDir()
	for name, text := range map[string][]byte{
		"data": data, "tsq": request, "tsr": a.answer(t, request, stampedAt), "ca.pem": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.root.Raw}),
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), text, 0o600))
	}
	for _, args := range [][]string{
		{"ts", "-query", "-in", "tsq", "-text"},
		{"ts", "-verify", "-queryfile", "tsq", "-in", "tsr", "-CAfile", "ca.pem", "-attime", "1790856000"},
		{"ts", "-verify", "-data", "data", "-in", "tsr", "-CAfile", "ca.pem", "-attime", "1790856000"},
	} {
		cmd := exec.Command("openssl", args...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s: %s", args, out)
	}
}

func TestCertificates(t *testing.T) {
	a := newAuthority(t)
	block := func(kind string, der []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}) }
	certs, err := ParseCertificates(append(block("CERTIFICATE", a.leaf.Raw), block("CERTIFICATE", a.root.Raw)...))
	require.NoError(t, err)
	require.Len(t, certs, 2)
	for want, text := range map[string][]byte{
		"no certificate": nil, "want CERTIFICATE": block("PRIVATE KEY", nil), "certificate 1": block("CERTIFICATE", []byte("x")),
	} {
		_, err := ParseCertificates(text)
		require.ErrorContains(t, err, want)
	}
}
