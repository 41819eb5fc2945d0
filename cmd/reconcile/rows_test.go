package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/reconcile"
)

// TestRows runs each case of reconcile/testdata/rows, one for each row of the table of situations, as a user would: reconcile run,
// lines.ndjson, reconcile verify. A line of want is invoice/line, outcome, proven, conceded, unproven, reasons.
func TestRows(t *testing.T) {
	files, err := filepath.Glob("../../reconcile/testdata/rows/*.txtar")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 30)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			require.NoError(t, err)
			dir := t.TempDir()
			have := map[string]string{}
			for _, f := range archive.Files {
				have[f.Name] = string(f.Data)
				require.NoError(t, os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o644))
			}
			require.NoError(t, os.WriteFile(filepath.Join(dir, "run.yaml"), []byte(caseOf(have)), 0o644))
			pack := filepath.Join(dir, "pack")
			_, status := command(t, "run", filepath.Join(dir, "run.yaml"), "--out", pack, "--quiet")
			require.Contains(t, []int{exitDone, exitUnusable}, status)
			require.Equal(t, wantedLines(have["want"]), runLines(t, pack))
			out, status := command(t, "verify", pack)
			require.Equal(t, exitDone, status, out)
		})
	}
}

// caseOf is the case file of a script: its own terms and the inputs that it has.
func caseOf(have map[string]string) string {
	var b strings.Builder
	b.WriteString(have["case.yaml"])
	if b.Len() > 0 && !strings.HasSuffix(b.String(), "\n") {
		b.WriteByte('\n')
	}
	if strings.Contains(have["case.yaml"], "inputs:") {
		return b.String()
	}
	b.WriteString("inputs:\n")
	for _, in := range [][2]string{
		{"cdrs", "cdrs.ndjson"}, {"sessions", "sessions.ndjson"}, {"tariffs", "tariffs.json"}, {"locations", "locations.json"},
		{"invoices", "invoice.csv"}, {"disputes", "disputes.csv"}, {"decisions", "decisions.ndjson"},
	} {
		if _, ok := have[in[1]]; ok {
			b.WriteString("  " + in[0] + ": [" + in[1] + "]\n")
		}
	}
	if _, ok := have["round-1.csv"]; ok {
		b.WriteString("  responses: ['round-*.csv']\n")
	}
	return b.String()
}

// wantedLines keeps the lines of want that are about invoice lines, by name.
func wantedLines(want string) map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(want) {
		fields := strings.Fields(line)
		if len(fields) >= 5 && strings.Contains(fields[0], "/") && !strings.HasPrefix(fields[0], "#") {
			out[fields[0]] = strings.TrimSuffix(strings.Join(fields[1:], " "), " -")
		}
	}
	return out
}

func runLines(t *testing.T, pack string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(pack, "data", "lines.ndjson"))
	require.NoError(t, err)
	out := map[string]string{}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		var l struct {
			InvoiceID                  string `json:"invoice_id"`
			Line, Outcome              string
			Proven, Conceded, Unproven struct {
				Before string `json:"before_taxes"`
			}
			Reasons []string
		}
		require.NoError(t, json.Unmarshal(lines.Bytes(), &l))
		parts := append([]string{l.Outcome, l.Proven.Before, l.Conceded.Before, l.Unproven.Before}, l.Reasons...)
		out[l.InvoiceID+"/"+l.Line] = strings.Join(parts, " ")
	}
	return out
}

// The same session written in the three versions has the same price.
func TestVersionsPriceTheSame(t *testing.T) {
	files, err := filepath.Glob("testdata/versions/*.json")
	require.NoError(t, err)
	require.Len(t, files, 3)
	var first string
	for _, file := range files {
		out, status := command(t, "price", file, "--format", "json", "--quiet")
		require.Zero(t, status, file)
		var priced struct {
			Version  string `json:"ocpi_version"`
			Verdict  string
			Computed struct {
				Cost reconcileMoney `json:"total_cost"`
			}
		}
		require.NoError(t, json.Unmarshal([]byte(out), &priced))
		require.Contains(t, file, priced.Version)
		require.Equal(t, string(reconcile.PriceMatch), priced.Verdict, out)
		if first == "" {
			first = priced.Computed.Cost.Before
		}
		require.Equal(t, first, priced.Computed.Cost.Before, file)
	}
}

type reconcileMoney struct {
	Before string `json:"before_taxes"`
}
