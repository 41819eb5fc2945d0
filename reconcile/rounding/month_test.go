package rounding

import (
	"bufio"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile/generate"
	"github.com/nexacollect/reconcile/tariff"
)

// The CDRs of a generated month, of three versions and with its known defects, follow one scheme: the totals are rounded half-up to cents.
func TestGeneratedMonth(t *testing.T) {
	dir := t.TempDir()
	_, err := generate.Month(context.Background(), generate.Options{Records: 3000, Seed: 5, Out: dir, Profile: generate.ProfileMixed})
	require.NoError(t, err)
	survey := NewSurvey(false)
	f, err := os.Open(filepath.Join(dir, "cdrs.ndjson"))
	require.NoError(t, err)
	defer f.Close()
	decoder := ocpi.NewDecoder(ocpi.Options{})
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		cdr, findings := decoder.CDR(ocpi.Record{Bytes: append([]byte(nil), lines.Bytes()...)})
		if ocpi.FirstBlock(findings) != nil {
			continue
		}
		zone, _ := tariff.ResolveZone(cdr, nil, "")
		o := Observation{
			Claimed:  Money{BeforeTaxes: cdr.TotalCost.BeforeTaxes, AfterTaxes: cdr.TotalCost.AfterTaxes},
			Computed: Compute(tariff.Price(tariff.Input{CDR: cdr, Zone: zone})),
		}
		survey.Add(cdr.Currency, 2, &o, halfCent)
	}
	require.NoError(t, lines.Err())
	findings := survey.Findings()
	require.NotEmpty(t, findings)
	for _, found := range findings {
		require.True(t, found.Found)
		require.Equal(t, []string{"half-up to 2 decimals per session"}, texts(found.Equivalent))
		require.Greater(t, 100*(found.Counts.Exact+found.Counts.Explained), 98*found.Counts.Observations)
	}
}
