package ocmf

import (
	"encoding/base64"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// opensslNames are the names that openssl has for curves where they differ from those of the standards.
var opensslNames = map[string]string{"secp192r1": "prime192v1", "secp256r1": "prime256v1"}

// What openssl signs on each curve and with each hash is valid here, with its key in each form that it writes; a changed text is not.
func TestSignaturesOfOpenSSL(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("there is no openssl to sign with")
	}
	const payload = `{"FV":"1.3","PG":"T1","RD":[]}`
	for _, c := range curves() {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			run := func(args ...string) error {
				cmd := exec.Command("openssl", args...)
				cmd.Dir = dir
				return cmd.Run()
			}
			read := func(name string) []byte {
				b, err := os.ReadFile(filepath.Join(dir, name))
				require.NoError(t, err)
				return b
			}
			name := c.name
			if other := opensslNames[name]; other != "" {
				name = other
			}
			if run("ecparam", "-name", name, "-genkey", "-noout", "-out", "key") != nil {
				t.Skip("this openssl has no such curve")
			}
			require.NoError(t, run("pkey", "-in", "key", "-pubout", "-outform", "DER", "-out", "der"))
			require.NoError(t, run("pkey", "-in", "key", "-pubout", "-out", "pem"))
			require.NoError(t, run("ec", "-in", "key", "-pubout", "-conv_form", "compressed", "-outform", "DER", "-out", "short"))
			require.NoError(t, os.WriteFile(filepath.Join(dir, "text"), []byte(payload), 0o600))
			for _, hash := range []string{"SHA256", "SHA384", "SHA512"} {
				require.NoError(t, run("dgst", "-"+hash, "-sign", "key", "-out", "signature", "text"))
				signature := hex.EncodeToString(read("signature"))
				record := func(payload string) *Record {
					r, err := Parse("OCMF|" + payload + `|{"SA":"ECDSA-` + c.name + "-" + hash + `","SD":"` + signature + `"}`)
					require.NoError(t, err)
					return r
				}
				for _, text := range []string{
					hex.EncodeToString(read("der")), base64.StdEncoding.EncodeToString(read("der")), string(read("pem")), hex.EncodeToString(read("short")),
				} {
					key, reason := ParseKey(text)
					require.NotNil(t, key, reason)
					assert.Equal(t, c.name, key.Curve())
					assert.Equal(t, Result{State: Valid, Form: FormDER}, Verify(record(payload), key), hash)
					assert.Equal(t, Result{Invalid, SignatureDiffers, FormDER}, Verify(record(payload+" "), key), hash)
				}
			}
		})
	}
}
