package tariff

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// TestSpec prices the cases of testdata/spec: the worked examples of the spec and of its issues. A line of want names a CDR, a
// member and its amounts before and after taxes ("-" is unknown); a line of want.rules fixes one question first.
func TestSpec(t *testing.T) {
	files, err := filepath.Glob("testdata/spec/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range append(files, "testdata/usual.txtar") {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			require.NoError(t, err)
			runSpec(t, a)
		})
	}
}

func runSpec(t *testing.T, a *txtar.Archive) {
	sections := map[string][]byte{}
	for _, f := range a.Files {
		sections[f.Name] = f.Data
	}
	for line := range strings.Lines(string(sections["want"])) {
		checkWant(t, sections, strings.Fields(line), nil)
	}
	for line := range strings.Lines(string(sections["want.rules"])) {
		f := strings.Fields(line)
		question, choice, _ := strings.Cut(f[1], "=")
		checkWant(t, sections, append([]string{f[0]}, f[2:]...), func(r *Rules) { require.NoError(t, r.Set(question, choice)) })
	}
	for line := range strings.Lines(string(sections["want.findings"])) {
		f := strings.Fields(line)
		res := Price(specInput(t, sections[f[0]]))
		require.True(t, hasCode(res.Findings, ocpi.Code(f[1])), "%v", res.Findings)
	}
}

func specInput(t testing.TB, raw []byte) Input {
	require.NotEmpty(t, raw)
	c, findings := ocpi.NewDecoder(ocpi.Options{}).CDR(ocpi.Record{Bytes: raw})
	require.Nil(t, ocpi.FirstBlock(findings), "%v", findings)
	zone, _ := ResolveZone(c, nil, "")
	return Input{CDR: c, Zone: zone}
}

func checkWant(t *testing.T, sections map[string][]byte, want []string, set func(*Rules)) {
	t.Helper()
	in := specInput(t, sections[want[0]])
	in.Rules = RulesFor(in.CDR.Version)
	if set != nil {
		set(in.Rules)
	}
	res := Price(in)
	require.Nil(t, res.Blocked)
	checkSheet(t, in, res)
	money, number := member(res, want[1])
	if len(want) == 3 {
		assert.Equal(t, exact.MustParse(want[2]).Plain(), number.Plain(), "%v\n%s", want, strings.Join(res.Sheet.Text(), "\n"))
		return
	}
	assert.Equal(t, want[2:], []string{plainAs(money.BeforeTaxes, want[2]), plainAs(money.AfterTaxes, want[3])}, "%v\n%s", want, strings.Join(res.Sheet.Text(), "\n"))
}

// plainAs writes a number as the wanted text does if they are equal.
func plainAs(n ocpi.Number, want string) string {
	if !n.Present {
		return "-"
	}
	if want != "-" && exact.MustParse(want).Equal(n.Value) {
		return want
	}
	return n.Value.Plain()
}

func member(res *Result, name string) (Money, exact.Decimal) {
	t := &res.Totals
	switch name {
	case "total_cost":
		return t.Cost, exact.Decimal{}
	case "total_fixed_cost":
		return t.FixedCost, exact.Decimal{}
	case "total_energy_cost":
		return t.EnergyCost, exact.Decimal{}
	case "total_time_cost":
		return t.TimeCost, exact.Decimal{}
	case "total_parking_cost":
		return t.ParkingCost, exact.Decimal{}
	case "total_reservation_cost":
		return t.ReservationCost, exact.Decimal{}
	case "total_energy":
		return Money{}, t.EnergyKWh
	case "total_time":
		return Money{}, t.TimeHours
	case "total_parking_time":
		return Money{}, t.ParkingTimeHours
	}
	panic(name)
}

// checkSheet holds a sheet to what every sheet must be: replayable, true to its documents, and the same after JSON.
func checkSheet(t tester, in Input, res *Result) {
	t.Helper()
	require.NoError(t, res.Sheet.Verify())
	require.NoError(t, res.Sheet.CheckLeaves(resolver(in, res)))
	b, err := json.Marshal(res.Sheet)
	require.NoError(t, err)
	var back Sheet
	require.NoError(t, json.Unmarshal(b, &back))
	require.NoError(t, back.Verify())
	require.NoError(t, back.CheckLeaves(resolver(in, res)))
	again, err := json.Marshal(&back)
	require.NoError(t, err)
	require.Equal(t, string(b), string(again))
	require.Equal(t, res.Sheet.Text(), back.Text())
	for i := range res.Sheet.Steps() {
		rule := res.Sheet.Steps()[i].Rule
		_, ok := RuleDoc(rule)
		require.True(t, ok, "step %d: rule %q", i+1, rule)
		require.NotContains(t, res.Sheet.Text()[i], "%!")
	}
}

func resolver(in Input, res *Result) func(Doc, int) ([]byte, bool) {
	return func(d Doc, n int) ([]byte, bool) {
		switch d {
		case DocCDR:
			return in.CDR.Record.Bytes, true
		case DocTariff:
			return res.Tariffs[n].Record.Bytes, true
		}
		return nil, false
	}
}

func hasCode(findings []ocpi.Finding, code ocpi.Code) bool {
	for _, f := range findings {
		if f.Code == code {
			return true
		}
	}
	return false
}

// specInputLoose decodes a CDR whatever the decoder finds in it.
func specInputLoose(t testing.TB, raw []byte) Input {
	c, findings := ocpi.NewDecoder(ocpi.Options{Version: ocpi.V221}).CDR(ocpi.Record{Bytes: raw})
	require.NotNil(t, c, "%v", findings)
	zone, _ := ResolveZone(c, nil, "")
	return Input{CDR: c, Zone: zone}
}
