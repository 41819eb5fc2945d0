package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/reconcile/pack"
)

// side is a month run as one side has it: changed are its files before the run.
func side(t *testing.T, change map[string]func(text string) string) string {
	t.Helper()
	dir := t.TempDir()
	_, status := command(t, "generate", "--records", "400", "--seed", "3", "--out", filepath.Join(dir, "month"))
	require.Equal(t, exitDone, status)
	for name, f := range change {
		file := filepath.Join(dir, "month", name)
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		changed := f(string(text))
		require.False(t, string(text) == changed, "%s is as it was", name)
		require.NoError(t, os.WriteFile(file, []byte(changed), 0o600))
	}
	out := filepath.Join(dir, "pack")
	_, status = command(t, "run", filepath.Join(dir, "month", "case.yaml"), "--out", out, "--quiet")
	require.Contains(t, []int{exitDone, exitUnusable}, status)
	return out
}

// pointsOf counts the points of a comparison.
func pointsOf(c *pack.Comparison) map[pack.PointKind]int {
	out := map[pack.PointKind]int{}
	for _, l := range c.Lines {
		out[l.Point.Kind]++
	}
	return out
}

// replaced replaces the first n matches of a pattern.
func replaced(pattern, by string, n int) func(string) string {
	return func(text string) string {
		return regexp.MustCompile(pattern).ReplaceAllStringFunc(text, func(s string) string {
			if n--; n < 0 {
				return s
			}
			return regexp.MustCompile(pattern).ReplaceAllString(s, by)
		})
	}
}

// undisputed keeps the head of the dispute list alone.
func undisputed(text string) string { return text[:strings.Index(text, "\n")+1] }

// without drops each n-th line of a file, the first kept.
func without(n int) func(string) string {
	return func(text string) string {
		var out []string
		for i, line := range strings.SplitAfter(text, "\n") {
			if i%n != n-1 {
				out = append(out, line)
			}
		}
		return strings.Join(out, "")
	}
}

func TestCompareFindsWhereTheyPart(t *testing.T) {
	ours := side(t, nil)
	type files = map[string]func(string) string
	for name, c := range map[string]struct {
		change files
		want   pack.PointKind
	}{
		"cdrs lost":         {files{"cdrs.ndjson": without(5)}, pack.PointMissingRecord},
		"records differ":    {files{"cdrs.ndjson": replaced(`("volume":\s*)(\d)`, "${1}9${2}", 1000)}, pack.PointRecord},
		"lines lost":        {files{"invoice.csv": without(4)}, pack.PointMissingLine},
		"amounts differ":    {files{"invoice.csv": replaced(`,([\d.]+,[\d.]+,[\d.]+,EUR)`, ",1${1}", 20)}, pack.PointLine},
		"nothing disputed":  {files{"disputes.csv": undisputed}, pack.PointDispute},
		"another reading":   {files{"case.yaml": replaced(`step-time-and-parking: parking-only`, "step-time-and-parking: combined\n    step-direction: down", 1)}, pack.PointReading},
		"sessions differ":   {files{"sessions.ndjson": replaced(`("kwh":\s*)(\d)`, "${1}9${2}", 1000)}, pack.PointSession},
		"another tolerance": {files{"case.yaml": replaced(`amount: 0.005`, "amount: 50", 1)}, pack.PointJudgement},
	} {
		t.Run(name, func(t *testing.T) {
			theirs := side(t, c.change)
			got, err := pack.Compare(context.Background(), ours, theirs)
			require.NoError(t, err)
			assert.Positive(t, pointsOf(got)[c.want], "%v", pointsOf(got))
			checkComparison(t, got)

			mirrored, err := pack.Compare(context.Background(), theirs, ours)
			require.NoError(t, err)
			assert.Equal(t, pointsOf(got), pointsOf(mirrored))
			for i := range got.Totals {
				assert.Equal(t, got.Totals[i].Both, mirrored.Totals[i].Both)
				assert.Equal(t, got.Totals[i].ProvenA, mirrored.Totals[i].ProvenB)
			}
		})
	}
}

// checkComparison: what both prove is no more than either proves of lines that are owed, and lines add up.
func checkComparison(t *testing.T, c *pack.Comparison) {
	t.Helper()
	apart := 0
	for _, total := range c.Totals {
		apart += total.Lines - total.Agreed
		assert.False(t, total.ProvenA.Sub(total.Both).Abs().Less(total.Both.Sub(total.ProvenA)), total.Currency)
	}
	assert.Len(t, c.Lines, apart)
	n := 0
	for _, p := range c.Points {
		n += p.Lines
	}
	assert.Equal(t, apart, n)
}

func TestComparePrints(t *testing.T) {
	ours := side(t, nil)
	text, status := command(t, "compare", ours, ours)
	assert.Equal(t, exitDone, status)
	assert.Contains(t, text, "Both packs say the same of every line.")

	theirs := side(t, map[string]func(string) string{"cdrs.ndjson": without(5)})
	page := filepath.Join(t.TempDir(), "compare.html")
	text, status = command(t, "compare", ours, theirs, "--html", page)
	assert.Equal(t, exitDone, status)
	assert.Regexp(t, `Payable today, by both: [\d.]+ EUR net`, text)
	assert.Regexp(t, `one side has no CDR, at CDR: A \S+, B nothing`, text)
	html, err := os.ReadFile(page)
	require.NoError(t, err)
	assert.Contains(t, string(html), "Payable today, by both")
	assert.NotContains(t, string(html), "<script")

	_, status = command(t, "compare", ours, theirs, "--html", page)
	assert.Equal(t, exitUsage, status, "a page that stands there is not replaced")

	file := filepath.Join(theirs, "data", "lines.ndjson")
	raw, err := os.ReadFile(file)
	require.NoError(t, err)
	raw[len(raw)/2]++
	require.NoError(t, os.WriteFile(file, raw, 0o600))
	_, status = command(t, "compare", ours, theirs)
	assert.Equal(t, exitUsage, status, "a pack that is not whole is not compared")
}
