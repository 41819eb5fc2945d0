package job

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff/describe"
	"github.com/nexacollect/reconcile/tariff/diff"
	"github.com/nexacollect/reconcile/tariff/simulate"
)

// tariffsOfOthers reads every tariff that RECONCILE_DATA holds and that can be used.
func tariffsOfOthers(t *testing.T) []*ocpi.Tariff {
	t.Helper()
	dir := os.Getenv("RECONCILE_DATA")
	if dir == "" {
		t.Skip("RECONCILE_DATA names no folder of OCPI objects of other projects")
	}
	var out []*ocpi.Tariff
	require.NoError(t, filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if name := filepath.Base(path); err != nil || !strings.HasPrefix(name, "tariff") || filepath.Ext(name) != ".json" {
			return err
		}
		list, _, err := readTariffs(t.Context(), []string{path}, "", Options{})
		out = append(out, list...)
		return err
	}))
	require.GreaterOrEqual(t, len(out), 80)
	return out
}

func TestDescribesTariffsOfOthers(t *testing.T) {
	for _, tr := range tariffsOfOthers(t) {
		for _, lang := range describe.Languages {
			d, err := describe.Describe(tr, lang)
			require.NoError(t, err, "%s", tr.Record.Place)
			text := d.Text()
			assert.NotContains(t, text, "{", "%s", tr.Record.Place)
			assert.Equal(t, tr.Currency == "", len(d.Examples) == 0, "%s", tr.Record.Place)
		}
	}
}

// visitOf is a session under a tariff: an afternoon and a night over the change of clocks, or where the tariff is not valid then, the
// same from its first or last days.
func visitOf(tr *ocpi.Tariff) simulate.Input {
	start := time.Date(2026, 3, 28, 15, 30, 0, 0, time.UTC)
	switch {
	case start.Before(tr.StartDateTime):
		start = tr.StartDateTime.AddDate(0, 0, 1)
	case !tr.EndDateTime.IsZero() && !start.Before(tr.EndDateTime):
		start = tr.EndDateTime.AddDate(0, 0, -1)
	}
	return simulate.Input{
		Start: start, End: start.Add(16 * time.Hour), EnergyKWh: exact.MustParse("47.3"), MaxPowerKW: exact.MustParse("7.4"), Zone: "Europe/Amsterdam",
	}
}

func TestSimulatesTariffsOfOthers(t *testing.T) {
	var lines []byte
	for _, tr := range tariffsOfOthers(t) {
		in := visitOf(tr)
		text, err := simulate.Session(tr, in)
		if errors.Is(err, simulate.ErrNeedsTax) {
			in.TaxPercent = ocpi.Number{Value: exact.FromInt(13), Present: true}
			text, err = simulate.Session(tr, in)
		}
		if tr.Currency == "" {
			require.ErrorIs(t, err, simulate.ErrNoCurrency)
			continue
		}
		require.NoError(t, err, "%s", tr.Record.Place)
		lines = append(append(lines, text...), '\n')
	}
	file := filepath.Join(t.TempDir(), "cdrs.ndjson")
	require.NoError(t, os.WriteFile(file, lines, 0o600))
	var out bytes.Buffer
	_, err := Check(t.Context(), CheckOptions{Files: []string{file}, Kind: ocpi.KindCDR, Show: ocpi.SeverityWarn, JSON: true}, &out)
	require.NoError(t, err)
	for line := range strings.Lines(out.String()) {
		var f struct{ Pointer, Code, Message string }
		require.NoError(t, json.Unmarshal([]byte(line), &f))
		// A tariff stands in the CDR as it was sent, with its own defects.
		assert.True(t, strings.HasPrefix(f.Pointer, "/tariffs/"), "%s", line)
	}
	out.Reset()
	counts, err := Price(t.Context(), PriceOptions{CDRs: []string{file}}, &out)
	require.NoError(t, err)
	assert.Equal(t, counts.CDRs, counts.Verdicts["match"])
	assert.NotContains(t, out.String(), "period-spans-boundary")
}

func TestComparesTariffsOfOthers(t *testing.T) {
	list := tariffsOfOthers(t)
	for i, tr := range list {
		same, err := diff.Tariffs(tr, tr)
		require.NoError(t, err, "%s", tr.Record.Place)
		assert.False(t, same.Differ(), "%s", tr.Record.Place)
		r, err := diff.Tariffs(tr, list[(i+1)%len(list)])
		require.NoError(t, err, "%s", tr.Record.Place)
		assert.NotEmpty(t, r.Lines())
	}
}
