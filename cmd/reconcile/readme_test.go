package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const readme = "../../README.md"

// transcripts are the blocks of README.md that this test holds true; -update writes them anew.
var transcripts = map[string][]string{
	"demo": {
		"reconcile demo --out demo",
		"reconcile verify demo",
	},
	"real": {
		"reconcile generate --from-sessions $SESSIONS --zone America/Los_Angeles --out real/month",
		"reconcile run real/month/case.yaml --out real/pack",
		"reconcile verify real/pack",
	},
}

func TestReadme(t *testing.T) {
	readmePath, err := filepath.Abs(readme)
	require.NoError(t, err)
	for name, commands := range transcripts {
		t.Run(name, func(t *testing.T) {
			sessions := filepath.Join(os.Getenv("RECONCILE_DATA"), "sessions", "acn_california_ev_sessions.csv.gz")
			if name == "real" && os.Getenv("RECONCILE_DATA") == "" {
				t.Skip("RECONCILE_DATA is not set: the measured sessions are not at hand")
			}
			t.Chdir(t.TempDir())
			checkBlock(t, readmePath, name, transcript(t, commands, sessions))
		})
	}
}

// transcript is what a terminal shows of some commands: standard output only.
func transcript(t *testing.T, commands []string, sessions string) string {
	var b strings.Builder
	for _, c := range commands {
		args := strings.Fields(strings.ReplaceAll(c, "$SESSIONS", sessions))[1:]
		out, status := command(t, append(args, "--quiet")...)
		require.Zero(t, status, "%s: %s", c, out)
		b.WriteString("$ " + c + "\n" + out + "\n")
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// checkBlock compares the fenced block after <!-- transcript: name --> with text.
func checkBlock(t *testing.T, path, name, text string) {
	t.Helper()
	have, err := os.ReadFile(path)
	require.NoError(t, err)
	block := regexp.MustCompile("(?s)(<!-- transcript: " + name + " -->\n```console\n)(.*?)(```\n)")
	found := block.FindSubmatchIndex(have)
	require.NotNil(t, found, "README.md has no transcript %s", name)
	if *update {
		out := string(have[:found[4]]) + text + string(have[found[5]:])
		require.NoError(t, os.WriteFile(path, []byte(out), 0o644))
		return
	}
	require.Equal(t, text, string(have[found[4]:found[5]]), "README.md: run 'make golden'")
}
