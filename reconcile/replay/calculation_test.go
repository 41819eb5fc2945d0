package replay_test

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile/replay"
	"github.com/nexacollect/reconcile/tariff"
)

// vectors are the CDRs of the golden vectors that can be priced, by file and member.
func vectors(t *testing.T) map[string]*ocpi.CDR {
	t.Helper()
	files, err := filepath.Glob("../../tariff/testdata/spec/*.txtar")
	require.NoError(t, err)
	out := map[string]*ocpi.CDR{}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		require.NoError(t, err)
		for _, f := range archive.Files {
			if filepath.Ext(f.Name) != ".json" {
				continue
			}
			cdr, findings := ocpi.NewDecoder(ocpi.Options{}).CDR(ocpi.Record{Bytes: f.Data})
			if cdr != nil && ocpi.FirstBlock(findings) == nil && len(cdr.ChargingPeriods) > 0 {
				out[filepath.Base(file)+" "+f.Name] = cdr
			}
		}
	}
	require.Greater(t, len(out), 20)
	return out
}

// sent is a calculation after its way through a page.
func sent(t *testing.T, in *tariff.Input) *replay.Calculation {
	t.Helper()
	text, err := json.Marshal(replay.NewCalculation(in))
	require.NoError(t, err)
	out := &replay.Calculation{}
	require.NoError(t, json.Unmarshal(text, out))
	return out
}

func TestCalculationsAreMadeAgain(t *testing.T) {
	questions, split := 0, 0
	for name, cdr := range vectors(t) {
		rules := tariff.RulesFor(cdr.Version)
		require.NoError(t, rules.Set("step-direction", "down"))
		zone, _ := tariff.ResolveZone(cdr, nil, "Europe/Berlin")
		for _, in := range []tariff.Input{
			{CDR: cdr, Zone: zone},
			{CDR: cdr, Zone: zone, Rules: rules},
			{CDR: cdr, Zone: zone, Split: true},
			{CDR: cdr, Zone: zone, Extreme: tariff.Greatest},
			{CDR: cdr, Zone: zone, Source: tariff.Given, Supplied: cdr.Tariffs},
		} {
			res := tariff.Price(in)
			got, err := sent(t, &in).Price()
			if res.Blocked != nil {
				require.ErrorContains(t, err, res.Blocked.Message, name)
				continue
			}
			require.NoError(t, err, name)
			sheet, err := res.Sheet.MarshalJSON()
			require.NoError(t, err)
			assert.Equal(t, string(sheet), string(got.Sheet), name)
			assert.Equal(t, cdr.Currency, got.Currency)
			if res.Totals.Cost.BeforeTaxes.Present {
				assert.Equal(t, res.Totals.Cost.BeforeTaxes.Value.Output(), got.BeforeTaxes)
			}
			if in.Split {
				split++
			}
			questions += checkReadings(t, in, res)
		}
	}
	assert.Positive(t, questions)
	assert.Positive(t, split)
}

// checkReadings holds the questions of a calculation against tariff.Readings and returns how many there are.
func checkReadings(t *testing.T, in tariff.Input, res *tariff.Result) int {
	t.Helper()
	want := map[[2]string]string{}
	for _, r := range tariff.Readings(in, res, nil) {
		want[[2]string{r.Question, r.Choice}] = r.Cost.BeforeTaxes.Value.Output()
	}
	questions, err := sent(t, &in).Readings()
	require.NoError(t, err)
	for _, q := range questions {
		chosen := 0
		for _, c := range q.Choices {
			if c.Chosen {
				chosen++
			}
			if net, other := want[[2]string{q.Name, c.Name}]; other && c.BeforeTaxes != "" {
				assert.Equal(t, net, c.BeforeTaxes, "%s=%s", q.Name, c.Name)
			}
			delete(want, [2]string{q.Name, c.Name})
		}
		assert.Equal(t, 1, chosen, q.Name)
	}
	assert.Empty(t, want, "readings that no question shows")
	return len(questions)
}

func TestWhatCannotBeMadeAgain(t *testing.T) {
	var cdr *ocpi.CDR
	for _, cdr = range vectors(t) {
		break
	}
	good := func() *replay.Calculation { return replay.NewCalculation(&tariff.Input{CDR: cdr}) }
	for want, change := range map[string]func(c *replay.Calculation){
		"has no input":                  func(c *replay.Calculation) { c.Input = nil },
		`OCPI version "9" is none`:      func(c *replay.Calculation) { c.Input.Version = "9" },
		"the CDR cannot be read":        func(c *replay.Calculation) { c.CDR = c.CDR[:len(c.CDR)/2] },
		"supplied tariff 1 cannot":      func(c *replay.Calculation) { c.Supplied = []string{"["} },
		"wish":                          func(c *replay.Calculation) { c.Input.Rules = map[string]string{"wish": "yes"} },
		`tariff_source "guess" is none`: func(c *replay.Calculation) { c.Input.Source = "guess" },
		`unknown split "thrice"`:        func(c *replay.Calculation) { c.Input.Split = "thrice" },
		"Atlantis":                      func(c *replay.Calculation) { c.Input.TimeZone = "Atlantis/Capital" },
	} {
		c := good()
		change(c)
		_, err := c.Price()
		assert.ErrorContains(t, err, want)
		_, err = c.Readings()
		assert.ErrorContains(t, err, want)
	}
}
