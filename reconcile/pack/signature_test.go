package pack

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/reconcile/seal"
)

// signerOf makes a key of a name; names that begin with "p256" give ECDSA keys.
func signerOf(t testing.TB, name string) *seal.Signer {
	t.Helper()
	seed := sha256.Sum256([]byte(name))
	var private any = ed25519.NewKeyFromSeed(seed[:])
	if strings.HasPrefix(name, "p256") {
		var err error
		private, err = ecdsa.ParseRawPrivateKey(elliptic.P256(), seed[:])
		require.NoError(t, err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	s, err := seal.ParseSigner(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	require.NoError(t, err)
	return s
}

// writeSigned makes a pack of n lines that the named keys sign.
func writeSigned(t *testing.T, n int, names ...string) (dir string, signers []*seal.Signer) {
	t.Helper()
	c := madeCase(n)
	for _, name := range names {
		signers = append(signers, signerOf(t, name))
	}
	c.signers = signers
	return c.write(t), signers
}

func verifyTrusting(t *testing.T, dir string, trusted ...*seal.Signer) *Verification {
	t.Helper()
	var keys []*seal.Key
	for _, s := range trusted {
		keys = append(keys, &s.Key)
	}
	v, err := Verify(context.Background(), dir, keys...)
	require.NoError(t, err)
	return v
}

// signatureCheck is the rung of signatures.
func signatureCheck(t *testing.T, v *Verification) Check {
	t.Helper()
	for _, c := range v.Checks {
		if c.Name == rungSignature {
			return c
		}
	}
	t.Fatal("no rung of signatures")
	return Check{}
}

func TestSignedPack(t *testing.T) {
	dir, signers := writeSigned(t, 6, "creditor", "p256 auditor")
	unsigned := contents(t, madeCase(6).write(t))
	have := contents(t, dir)
	for name, text := range unsigned {
		require.Equal(t, text, have[name], "%s is the same with and without signatures", name)
	}
	require.Len(t, have, len(unsigned)+3)
	again, _ := writeSigned(t, 6, "p256 auditor", "creditor")
	require.Equal(t, have, contents(t, again), "the same keys and case give the same bytes, in whatever order they sign")

	v := verifyTrusting(t, dir)
	require.True(t, v.OK, v.Text())
	require.Equal(t, SignatureUnknown, v.Signature.Status)
	require.Equal(t, StateNotChecked, signatureCheck(t, v).State)
	require.Contains(t, strings.Join(v.NotProved, "\n"), "whose key it is")
	for _, s := range signers {
		require.Contains(t, v.Text(), s.Type()+" key "+s.ID())
	}

	v = verifyTrusting(t, dir, signers[0])
	require.True(t, v.OK, v.Text())
	require.Equal(t, SignatureTrusted, v.Signature.Status)
	require.Equal(t, StateOK, signatureCheck(t, v).State)
	require.Equal(t, []string{"that the meter was right"}, v.NotProved)
	require.ElementsMatch(t, []Signatory{
		{signers[0].ID(), seal.Ed25519, SignatureTrusted}, {signers[1].ID(), seal.ECDSAP256, SignatureUnknown},
	}, v.Signature.Signers)
	require.Contains(t, signatureCheck(t, v).Detail, "not among the trusted")
	require.True(t, verifyTrusting(t, dir, signers[1], signerOf(t, "stranger")).OK, "one of the trusted is enough")
}

func TestUnsignedPack(t *testing.T) {
	dir := madeCase(3).write(t)
	v := verifyTrusting(t, dir)
	require.True(t, v.OK)
	require.Equal(t, Signatures{Status: SignatureNone, Signers: []Signatory{}}, v.Signature)
	require.Contains(t, signatureCheck(t, v).Detail, "carries no signature")
	require.Contains(t, strings.Join(v.NotProved, "\n"), "not signed")

	v = verifyTrusting(t, dir, signerOf(t, "creditor"))
	require.Contains(t, failed(t, v, rungSignature), "not signed", "who asks for a key is not content with none")
	require.Equal(t, SignatureNone, v.Signature.Status)
	signed, _ := writeSigned(t, 3, "stranger")
	v = verifyTrusting(t, signed, signerOf(t, "creditor"))
	require.Contains(t, failed(t, v, rungSignature), "no trusted key signed")
	require.Equal(t, SignatureUnknown, v.Signature.Status)
}

func TestSignLater(t *testing.T) {
	dir, _ := writeSigned(t, 4, "creditor")
	auditor := signerOf(t, "p256 auditor")
	out, err := Sign(context.Background(), dir, signerOf(t, "creditor"), auditor)
	require.NoError(t, err)
	require.Equal(t, []Signed{{signerOf(t, "creditor").ID(), seal.Ed25519, false}, {auditor.ID(), seal.ECDSAP256, true}}, out)
	both, _ := writeSigned(t, 4, "creditor", "p256 auditor")
	require.Equal(t, contents(t, both), contents(t, dir), "when a signer came leaves no trace")
	require.True(t, verifyTrusting(t, dir, auditor).OK)

	plain := madeCase(4).write(t)
	_, err = Sign(context.Background(), plain, auditor)
	require.NoError(t, err)
	require.True(t, verifyTrusting(t, plain, auditor).OK)
}

func TestWhatDoesNotHoldIsNotSigned(t *testing.T) {
	dir := madeCase(4).write(t)
	rewrite(t, dir, "data/summary.json", replace(`"proven": 3`, `"proven": 4`))
	_, err := Sign(context.Background(), dir, signerOf(t, "creditor"))
	require.ErrorIs(t, err, ErrNotSound)
	repair(t, dir)
	_, err = Sign(context.Background(), dir, signerOf(t, "creditor"))
	require.ErrorIs(t, err, ErrNotSound, "totals that do not add up")
	require.NoDirExists(t, filepath.Join(dir, "sig"))
	_, err = Sign(context.Background(), filepath.Join(dir, "none"), signerOf(t, "creditor"))
	require.Error(t, err)
	require.NotErrorIs(t, err, ErrNotSound)
}

// signatureFails verifies a pack with every signer trusted: only the rung of signatures fails.
func signatureFails(t *testing.T, dir string, signers []*seal.Signer) string {
	t.Helper()
	v := verifyTrusting(t, dir, signers...)
	fault := failed(t, v, rungSignature)
	require.Equal(t, SignatureInvalid, v.Signature.Status)
	require.Contains(t, v.NotProved, "Who made the pack, and that nobody changed it since: its signature is not right.")
	for _, c := range v.Checks {
		if c.Name != rungSignature {
			require.NotEqual(t, StateFailed, c.State, "%s: %v", c.Name, c.Faults)
		}
	}
	return fault
}

// TestEveryByteOfASignature changes each byte of each file of the signatures, and looks at the rung alone.
func TestEveryByteOfASignature(t *testing.T) {
	dir, signers := writeSigned(t, 2, "creditor", "p256 auditor")
	keys := []*seal.Key{&signers[0].Key, &signers[1].Key}
	for name, text := range contents(t, dir) {
		if !strings.HasPrefix(name, "sig/") {
			continue
		}
		file := filepath.Join(dir, filepath.FromSlash(name))
		for at := range len(text) {
			changed := []byte(text)
			changed[at] ^= 1 << (at % 7)
			require.NoError(t, os.WriteFile(file, changed, 0o666))
			p, err := openDir(dir)
			require.NoError(t, err)
			v := newVerifier(p)
			require.NoError(t, v.checkSignature(context.Background(), keys))
			p.close()
			require.Equal(t, SignatureInvalid, v.signatures.Status, "%s byte %d", name, at)
			require.NotEmpty(t, v.signature.faults)
			require.Contains(t, strings.Join(v.signature.faults, "\n"), "sig/")
		}
		require.NoError(t, os.WriteFile(file, []byte(text), 0o666))
	}
	require.True(t, verifyTrusting(t, dir, signers...).OK)
}

// forge signs a payload with a key as if it were the pack's.
func forge(t *testing.T, dir string, payload string, signers ...*seal.Signer) {
	t.Helper()
	e := &seal.Envelope{Payload: []byte(payload)}
	for _, s := range signers {
		_, err := e.Sign(s)
		require.NoError(t, err)
		write(t, dir, "sig/"+s.ID()+".pem", string(s.Key.PEM()))
	}
	text, err := e.Marshal()
	require.NoError(t, err)
	write(t, dir, "sig/statement.dsse.json", string(text))
}

func TestForgedSignatures(t *testing.T) {
	dir, signers := writeSigned(t, 3, "creditor")
	creditor, stranger := signers[0], signerOf(t, "stranger")
	p, err := openDir(dir)
	require.NoError(t, err)
	defer p.close()
	e, err := p.envelope()
	require.NoError(t, err)
	payload := string(e.Payload)
	forged := func(old, new string) func(string) {
		return func(dir string) { forge(t, dir, replace(old, new)(payload), creditor) }
	}
	envelope := func(change func(string) string) func(string) {
		return func(dir string) { rewrite(t, dir, "sig/statement.dsse.json", change) }
	}
	other, _ := writeSigned(t, 4, "creditor")
	for name, c := range map[string]struct {
		change func(dir string)
		fault  string
	}{
		"another pack's": {func(dir string) {
			write(t, dir, "sig/statement.dsse.json", contents(t, other)["sig/statement.dsse.json"])
		}, "another manifest-sha256.txt"},
		"a subject's digest":   {forged(`{"sha256":"`, `{"sha256":"00`), "what was signed is another"},
		"a subject less":       {forged(`"name":"bagit.txt"`, `"name":"manifest-sha256.txt"`), "says nothing of bagit.txt"},
		"a subject more":       {forged(`"subject":[`, `"subject":[{"name":"x.txt","digest":{"sha256":"00"}},`), `about "x.txt"`},
		"a subject twice":      {forged(`"subject":[`, `"subject":[{"name":"bagit.txt","digest":{"sha256":"00"}},`), "not as this tool writes it"},
		"another statement":    {forged(`Statement/v1`, `Statement/v2`), "another type than"},
		"another predicate":    {forged(`reconciliation/v1`, `reconciliation/v2`), "another type of predicate"},
		"another case":         {forged(`"name":"small"`, `"name":"large"`), "another case"},
		"other inputs":         {forged(`"records":4`, `"records":5`), "another inputs"},
		"another engine":       {forged(`"version":"0.1"`, `"version":"0.2"`), "another engine"},
		"a member more":        {forged(`"predicate":{`, `"predicate":{"x":1,`), "not as this tool writes it"},
		"no statement":         {func(dir string) { forge(t, dir, "hello", creditor) }, "no in-toto statement"},
		"an empty statement":   {func(dir string) { forge(t, dir, "{}", creditor) }, "says nothing of bagit.txt"},
		"another payload type": {envelope(replace("application/vnd.in-toto+json", "application/json")), `of type "application/json"`},
		"no signatures":        {envelope(func(s string) string { return s[:strings.Index(s, `"signatures":[`)] + `"signatures":[]}` + "\n" }), "no signature in it"},
		"the signature twice": {envelope(func(s string) string {
			at := strings.Index(s, `[{"keyid`)
			one := s[at+1 : len(s)-3]
			return s[:at+1] + one + "," + one + "]}\n"
		}), "two signatures of key"},
		"no key":                {func(dir string) { require.NoError(t, os.Remove(filepath.Join(dir, "sig", creditor.ID()+".pem"))) }, creditor.ID() + ".pem: no such file"},
		"another key":           {func(dir string) { write(t, dir, "sig/"+creditor.ID()+".pem", string(stranger.Key.PEM())) }, "holds another key"},
		"a key in another form": {func(dir string) { write(t, dir, "sig/"+creditor.ID()+".pem", "\n"+string(creditor.Key.PEM())) }, "not as this tool writes it"},
		"a key's id on another's signature": {envelope(func(s string) string {
			return strings.ReplaceAll(s, creditor.ID(), stranger.ID())
		}), stranger.ID() + ".pem"},
		"an id that leads away": {envelope(func(s string) string { return strings.ReplaceAll(s, creditor.ID(), "../../secret") }), "is no key id"},
		"a key more":            {func(dir string) { write(t, dir, "sig/"+stranger.ID()+".pem", string(stranger.Key.PEM())) }, "belongs to no signature"},
		"a file more":           {func(dir string) { write(t, dir, "sig/more/notes.txt", "x") }, "sig/more/notes.txt: belongs to no"},
		"no envelope":           {func(dir string) { require.NoError(t, os.Remove(filepath.Join(dir, "sig", "statement.dsse.json"))) }, "is missing"},
		"a giant": {func(dir string) {
			require.NoError(t, os.Truncate(filepath.Join(dir, "sig", "statement.dsse.json"), maxDocumentBytes+1))
		}, "larger than 16 MiB"},
		"too many signers": {func(dir string) {
			var many []*seal.Signer
			for i := range maxSigners + 1 {
				many = append(many, signerOf(t, string(rune('a'+i))))
			}
			forge(t, dir, payload, many...)
		}, "more than 64"},
	} {
		t.Run(name, func(t *testing.T) {
			dir, _ := writeSigned(t, 3, "creditor")
			c.change(dir)
			require.Contains(t, signatureFails(t, dir, []*seal.Signer{creditor}), c.fault)
			_, err := Sign(context.Background(), dir, stranger)
			require.ErrorIs(t, err, ErrNotSound)
		})
	}
}

// A forger who repairs the manifests cannot repair the signature.
func TestRepairedManifestsAreNotSigned(t *testing.T) {
	dir, signers := writeSigned(t, 6, "creditor")
	rewrite(t, dir, "data/report.html", replace("report", "rep0rt"))
	repair(t, dir)
	require.Contains(t, signatureFails(t, dir, signers), "another manifest-sha256.txt")
}

// A signature does not hide what else is wrong, nor does a pack in pieces make it look right.
func TestBrokenSignedPack(t *testing.T) {
	dir, signers := writeSigned(t, 3, "creditor")
	require.NoError(t, os.Remove(filepath.Join(dir, "data", "sources.json")))
	v := verifyTrusting(t, dir, signers...)
	require.Contains(t, failed(t, v, rungComplete), "sources.json")
	require.Contains(t, failed(t, v, rungSignature), "cannot be held against the pack: data/sources.json")
	require.Equal(t, SignatureInvalid, v.Signature.Status)

	dir, signers = writeSigned(t, 3, "creditor")
	rewrite(t, dir, "tagmanifest-sha256.txt", func(s string) string { return s + strings.Repeat("0", 64) + "  sig/statement.dsse.json\n" })
	require.Contains(t, failed(t, verifyTrusting(t, dir, signers...), rungValid), "no file of a pack")
}

// A run over a signed pack replaces its signatures; a signed pack goes into an empty folder too.
func TestSignedPackIsReplaced(t *testing.T) {
	dir, _ := writeSigned(t, 3, "creditor")
	c := madeCase(4)
	require.NoError(t, c.writeTo(dir, true))
	require.NoDirExists(t, filepath.Join(dir, "sig"))
	ready := t.TempDir()
	c.signers = []*seal.Signer{signerOf(t, "creditor")}
	require.NoError(t, c.writeTo(ready, false))
	require.True(t, verifyTrusting(t, ready, c.signers...).OK)
	write(t, ready, "sig/notes.txt", "mine")
	require.ErrorContains(t, c.writeTo(ready, true), "sig/notes.txt")
}

func TestPrivateKeysStayOut(t *testing.T) {
	dir, signers := writeSigned(t, 3, "creditor", "p256 auditor")
	for _, s := range signers {
		text, err := s.PEM()
		require.NoError(t, err)
		b, _ := pem.Decode(text)
		for name, have := range contents(t, dir) {
			require.False(t, bytes.Contains([]byte(have), b.Bytes[len(b.Bytes)-32:]), name)
			require.NotContains(t, have, "PRIVATE KEY", name)
		}
	}
}
