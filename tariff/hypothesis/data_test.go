package hypothesis_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
	"github.com/nexacollect/reconcile/tariff/hypothesis"
)

// TestRecordsOfOthers explains the CDRs of other projects, as sent and with a total that is a euro off: nothing crashes, and what is listed
// gives the claim.
func TestRecordsOfOthers(t *testing.T) {
	dir := os.Getenv("RECONCILE_DATA")
	if dir == "" {
		t.Skip("RECONCILE_DATA names no folder of OCPI objects of other projects")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*", "cdr_*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	d := ocpi.NewDecoder(ocpi.Options{})
	for _, file := range files {
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		cdr, _ := d.CDR(ocpi.Record{Bytes: raw})
		if cdr == nil {
			continue
		}
		in := tariff.Input{CDR: cdr}
		in.Zone, _ = tariff.ResolveZone(cdr, nil, "")
		claim := hypothesis.ClaimOf(cdr, euroCents)
		for _, h := range hypothesis.Explain(in, claim) {
			t.Logf("%s: %s %s", filepath.Base(file), h.Text, h.Total.BeforeTaxes.Value)
		}
		claim.Total.BeforeTaxes.Value = claim.Total.BeforeTaxes.Value.Add(exact.FromInt(1))
		for _, h := range hypothesis.Explain(in, claim) {
			assert.True(t, h.BeforeTaxes || h.AfterTaxes, h.Name)
		}
	}
}
