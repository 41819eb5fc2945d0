package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

// command runs the program in this process, as main does but for the streams.
func command(t *testing.T, args ...string) (stdout string, status int) {
	t.Helper()
	var out, errs bytes.Buffer
	root := newRootCmd(&app{in: strings.NewReader(""), out: &out, err: &errs})
	root.SetArgs(args)
	status = report(root.ExecuteContext(context.Background()))
	return out.String(), status
}

// TestGoldenVectors prices the worked examples of tariff/testdata/spec through the command line. A line of want is a file, a member
// of computed, and its amounts before and after taxes ("-" is null) or its one number.
func TestGoldenVectors(t *testing.T) {
	files, err := filepath.Glob("../../tariff/testdata/spec/*.txtar")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 23)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			require.NoError(t, err)
			dir := t.TempDir()
			for _, f := range archive.Files {
				require.NoError(t, os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o644))
			}
			for _, f := range archive.Files {
				if f.Name != "want" && f.Name != "want.rules" {
					continue
				}
				for line := range strings.Lines(string(f.Data)) {
					checkVector(t, dir, strings.Fields(line))
				}
			}
		})
	}
}

func checkVector(t *testing.T, dir string, want []string) {
	t.Helper()
	args := []string{"price", filepath.Join(dir, want[0]), "--format", "json", "--quiet"}
	want = want[1:]
	if strings.Contains(want[0], "=") {
		args, want = append(args, "--rule", want[0]), want[1:]
	}
	out, status := command(t, args...)
	require.Zero(t, status)
	var priced struct {
		Computed map[string]json.RawMessage
	}
	require.NoError(t, json.Unmarshal([]byte(out), &priced), out)
	got := priced.Computed[want[0]]
	if len(want) == 2 {
		require.Equal(t, output(want[1]), canonical(strings.Trim(string(got), `"`)), out)
		return
	}
	var money struct {
		Before *string `json:"before_taxes"`
		After  *string `json:"after_taxes"`
	}
	require.NoError(t, json.Unmarshal(got, &money), out)
	for i, side := range []*string{money.Before, money.After} {
		text := "-"
		if side != nil {
			text = canonical(*side)
		}
		require.Equal(t, output(want[i+1]), text, "%v\n%s", want, out)
	}
}

// output is a wanted amount as machine output writes it: to 12 decimals at most.
func output(want string) string {
	if want == "-" {
		return want
	}
	return exact.MustParse(want).Output()
}
