package pack

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// titles are what the catalogue says of codes.
var titles = regexp.MustCompile(`(?m)^(  [a-z-]+): .*$`)

func show(t *testing.T, dir, line string) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, Show(&b, dir, line))
	return b.String()
}

func TestShow(t *testing.T) {
	dir := madeCase(12).write(t)
	text := show(t, dir, "INV-1:12")
	facts, sheet, found := strings.Cut(text, "\nCalculation: price\n")
	require.True(t, found)
	require.Contains(t, sheet, "= 10 EUR")
	golden(t, "show.txt", titles.ReplaceAllString(facts, "$1"))
	for _, name := range []string{"12", "CDR-12", "S-12"} {
		require.Equal(t, text, show(t, dir, name))
	}
	require.Contains(t, show(t, dir, "INV-1:1"), "not disclosed")
}

func TestShowUnknownLine(t *testing.T) {
	dir := madeCase(12).write(t)
	err := Show(&strings.Builder{}, dir, "INV1:12")
	require.ErrorContains(t, err, `no line "INV1:12"`)
	require.ErrorContains(t, err, "INVOICE:LINE")
	require.ErrorContains(t, err, "near to it: INV-1:12")
	require.Error(t, Show(&strings.Builder{}, filepath.Join(dir, "none"), "1"))
	require.Error(t, Show(&strings.Builder{}, t.TempDir(), "1"))
}

func TestShowAmbiguousLine(t *testing.T) {
	c := madeCase(4)
	c.lines[3].Line.InvoiceID, c.lines[3].Line.Line = "INV-2", "3"
	c.lines[3].Line.CDRID = "CDR-3"
	dir := c.write(t)
	require.ErrorContains(t, Show(&strings.Builder{}, dir, "CDR-3"), "may mean: INV-1:3, INV-2:3")
	require.ErrorContains(t, Show(&strings.Builder{}, dir, "3"), "may mean: INV-1:3, INV-2:3")
	require.Contains(t, show(t, dir, "INV-2:3"), "Invoice INV-2, line 3")
}

func TestShowOfForgedPack(t *testing.T) {
	dir := madeCase(3).write(t)
	rewrite(t, dir, "data/records/cdrs-0001.ndjson", replace(`"volume":25`, `"volume":52`))
	require.Contains(t, show(t, dir, "3"), "DOES NOT VERIFY")
	rewrite(t, dir, "data/lines.ndjson", replace(`"currency":"EUR"`, `"currency":"\u001b[2J"`))
	require.NotContains(t, show(t, dir, "1"), "\x1b")
	require.NoError(t, os.Remove(filepath.Join(dir, "data", "index.ndjson")))
	require.Error(t, Show(&strings.Builder{}, dir, "3"))
}
