package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// provedPage is the page of a pack that proves its records to be of a commitment.
func provedPage(t *testing.T, flags ...string) string {
	t.Helper()
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	for _, args := range [][]string{
		{"keygen", "--secret", at("settlement")}, {"generate", "--records", "120", "--seed", "6", "--out", at("month")},
		{"commit", at("month/case.yaml"), "--secret", at("settlement.secret"), "--out", at("committed")},
		append([]string{"run", at("month/case.yaml"), "--secret", at("settlement.secret"), "--commitment", at("committed"), "--out", at("pack")}, flags...),
	} {
		out, status := command(t, args...)
		require.Equal(t, exitDone, status, out)
	}
	page, err := os.ReadFile(at("pack/data/report.html"))
	require.NoError(t, err)
	return string(page)
}

// The page proves its records to be of the commitment, asks nobody for it, and names the record whose proof does not hold.
func TestPageChecksProofs(t *testing.T) {
	needsBrowser(t)
	page := provedPage(t)
	proved := regexp.MustCompile(`[1-9]\d* records are proved to be in the commitment of \d+ records whose root is [0-9a-f]{64}\.`)
	ctx := browseText(t, page)
	badge, said := selfCheck(t, ctx, "passed")
	assert.Contains(t, badge, "Self-check passed")
	assert.Regexp(t, proved, said)

	// A browser that denies WebCrypto to a page from disk: the engine takes its place.
	denied := regexp.MustCompile(`(&#39;wasm-unsafe-eval&#39;) &#39;sha256-[^ ]*&#39;`).ReplaceAllString(page, "$1 &#39;unsafe-inline&#39;")
	require.NotEqual(t, page, denied)
	denied = strings.Replace(denied, "<script>", "<script>Object.defineProperty(globalThis.crypto, 'subtle', {value: undefined});\n", 1)
	_, said = selfCheck(t, browseText(t, denied), "passed")
	assert.Regexp(t, proved, said)

	_, said = selfCheck(t, browseText(t, provedPage(t, "--disclose", "minimal")), "passed")
	assert.Regexp(t, `[1-9]\d* records, of which the page has redacted copies, are proved to be in the commitment`, said)
}

func TestPageNamesTheProofThatWasChanged(t *testing.T) {
	needsBrowser(t)
	page := provedPage(t)
	flip := func(member string) func(string) string {
		return func(text string) string {
			at := strings.Index(text, `"`+member+`":"`) + len(member) + 4
			digit := byte('0')
			if text[at] == digit {
				digit = '1'
			}
			return text[:at] + string(digit) + text[at+1:]
		}
	}
	for name, change := range map[string]string{
		"salt": editElement(t, page, "proofs", flip("record_salt")),
		"key":  editElement(t, page, "proofs", func(text string) string { return strings.Replace(text, `\"cdr\",`, `\"CDR\",`, 1) }),
		"path": editElement(t, page, "proofs", func(text string) string {
			return regexp.MustCompile(`"hashes":\["..`).ReplaceAllString(text, `"hashes":["00`)
		}),
		"index": editElement(t, page, "proofs", func(text string) string { return strings.Replace(text, `"index":`, `"index":1`, 1) }),
		"root":  editElement(t, page, "proofs", flip("root")),
		"record": edit(t, page, func(records string) string {
			return strings.Replace(records, `\"last_updated\":\"2026`, `\"last_updated\":\"2027`, 1)
		}),
	} {
		t.Run(name, func(t *testing.T) {
			badge, said := selfCheck(t, browseText(t, change), "failed")
			assert.Contains(t, badge, "Self-check failed")
			assert.Regexp(t, `line \S+ · \d+: the proof of its record does not lead to the root of the commitment`, said)
		})
	}
}
