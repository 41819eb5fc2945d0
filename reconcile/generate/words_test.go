package generate_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile/generate"
	"github.com/nexacollect/reconcile/tariff"
)

// priceable are the CDRs of a month and what prices them.
func priceable(t *testing.T, profile string) (out []tariff.Input) {
	t.Helper()
	dir := t.TempDir()
	_, err := generate.Month(t.Context(), generate.Options{Records: 1500, Seed: 6, Out: dir, Profile: profile, Defects: generate.DefectsAll})
	require.NoError(t, err)
	d := ocpi.NewDecoder(ocpi.Options{})
	for _, raw := range lines(t, dir, "cdrs.ndjson") {
		c, findings := d.CDR(ocpi.Record{Bytes: raw})
		if c == nil || ocpi.FirstBlock(findings) != nil {
			continue
		}
		zone, _ := tariff.ResolveZone(c, nil, "")
		out = append(out, tariff.Input{CDR: c, Zone: zone, Rules: tariff.RulesFor(c.Version)})
	}
	return out
}

// No number of a calculation over a usual month leaves the machine words, be it of the most varied tariffs.
func TestCalculationsStayInWords(t *testing.T) {
	for _, profile := range []string{generate.ProfileMonth, generate.ProfileMixed, generate.ProfileSingle} {
		values, wide := 0, 0
		for _, in := range priceable(t, profile) {
			res := tariff.Price(in)
			for _, step := range res.Sheet.Steps() {
				values++
				if !step.Value.InWords() {
					wide++
				}
			}
		}
		t.Logf("%s: %d of %d values spill", profile, wide, values)
		require.Greater(t, values, 10_000)
		require.Zero(t, wide, profile)
	}
}

// Pricing a usual CDR, its sheet included, takes no memory once the first were priced.
func TestPricingAllocatesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector, under which tests are short, makes pools forget")
	}
	all := priceable(t, generate.ProfileSingle)
	next := 0
	allocations := testing.AllocsPerRun(10*len(all), func() {
		res := tariff.Price(all[next%len(all)])
		res.Release()
		next++
	})
	require.Zero(t, allocations)
}
