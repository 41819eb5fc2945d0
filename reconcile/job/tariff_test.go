package job

import (
	"bytes"
	"compress/gzip"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
)

const redundant = `{"country_code":"NL","party_id":"CPO","id":"A","currency":"EUR","elements":[{"price_components":[{"type":"ENERGY","price":0.4,"step_size":1}]` +
	`,"restrictions":{"min_duration":0}}],"last_updated":"2026-01-01T00:00:00Z"}`

var mended = strings.Replace(redundant, `,"restrictions":{"min_duration":0}`, "", 1)

func fixFile(t *testing.T, o FixOptions) (string, *FixCounts) {
	t.Helper()
	var out bytes.Buffer
	counts, err := FixTariffs(context.Background(), o, &out)
	require.NoError(t, err)
	return out.String(), counts
}

// What stands around the tariffs stays: the response, line ends, what is no tariff.
func TestFixTariffsKeepsTheRest(t *testing.T) {
	file := filepath.Join(t.TempDir(), "tariffs.json")
	text := "\ufeff{\"data\" : [ %,\r\n  " + mended + " , %\r\n] ,\"status_code\":1000,\"timestamp\":\"2026-01-01T00:00:00Z\"}\r\n\r\n"
	require.NoError(t, os.WriteFile(file, []byte(strings.ReplaceAll(text, "%", redundant)), 0o600))
	out, counts := fixFile(t, FixOptions{File: file, Write: true})
	assert.Equal(t, &FixCounts{Tariffs: 3, Changed: 2, Edits: 4}, counts)
	assert.Contains(t, out, "--- tariffs.json:1 (record 1), one value on a line\n")
	assert.NotContains(t, out, "\r")
	written, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, strings.ReplaceAll(text, "%", mended), string(written))
	info, err := os.Stat(file)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	left, err := os.ReadDir(filepath.Dir(file))
	require.NoError(t, err)
	assert.Len(t, left, 1, "no temporary file is left")
}

// A link is followed, not replaced.
func TestFixTariffsFollowsLinks(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "tariffs.json"), filepath.Join(dir, "link.json")
	require.NoError(t, os.WriteFile(file, []byte(redundant), 0o644))
	require.NoError(t, os.Symlink(file, link))
	fixFile(t, FixOptions{File: link, Write: true})
	info, err := os.Lstat(link)
	require.NoError(t, err)
	assert.NotZero(t, info.Mode()&os.ModeSymlink)
	written, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, mended, string(written))
}

func TestFixTariffsRefuses(t *testing.T) {
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, err := w.Write([]byte(redundant))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	_, err = FixTariffs(context.Background(), FixOptions{File: "-", Stdin: &zipped}, new(bytes.Buffer))
	require.ErrorContains(t, err, "unpack it first")
	_, err = FixTariffs(context.Background(), FixOptions{File: "-", Stdin: strings.NewReader("\x28\xb5\x2f\xfd zstd")}, new(bytes.Buffer))
	require.ErrorContains(t, err, "unpack it first")
	_, err = FixTariffs(context.Background(), FixOptions{File: filepath.Join(t.TempDir(), "no.json")}, new(bytes.Buffer))
	require.ErrorContains(t, err, "no.json")
}

// What is no record is listed with its reason, and stays.
func TestFixTariffsListsWhatItCannotUse(t *testing.T) {
	text := redundant + "\n{\"id\": oops\n" + redundant + "\n"
	var out bytes.Buffer
	counts, err := FixTariffs(context.Background(), FixOptions{File: "-", Out: "-", Stdin: strings.NewReader(text)}, &out)
	require.NoError(t, err)
	assert.Equal(t, strings.ReplaceAll(text, redundant, mended), out.String())
	assert.Equal(t, 1, counts.Rejected)
	said, _ := fixFile(t, FixOptions{File: "-", Stdin: strings.NewReader(text)})
	assert.Contains(t, said, "# -:2")
}

// Tariffs of other projects, in whatever files they stand, are linted to the end.
func TestLintTariffsOfOthers(t *testing.T) {
	dir := os.Getenv("RECONCILE_DATA")
	if dir == "" {
		t.Skip("RECONCILE_DATA names no folder of OCPI objects of other projects")
	}
	var first string
	for _, workers := range []int{1, 3} {
		var out bytes.Buffer
		counts, err := LintTariffs(context.Background(), LintOptions{
			Options: Options{Workers: workers}, Files: []string{filepath.Join(dir, "tariffs-popular"), filepath.Join(dir, "*", "tariff_*.json")},
			Show: ocpi.SeverityInfo,
		}, &out)
		require.NoError(t, err)
		assert.Greater(t, counts.Records, 90)
		if first == "" {
			first = out.String()
		}
		assert.Equal(t, first, out.String())
	}
}
