package tariff

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// amountLines writes amounts as "member price-pointer period net gross rate".
func amountLines(res *Result, amounts []Amount) []string {
	side := func(n ocpi.Number) string {
		if !n.Present {
			return "-"
		}
		return n.Value.Output()
	}
	var out []string
	for _, a := range amounts {
		pointer := "-"
		if a.Price != 0 {
			pointer = strings.TrimSuffix(strings.TrimPrefix(res.Sheet.Step(a.Price).Pointer(), "/tariffs/0/elements/"), "/price")
		}
		out = append(out, fmt.Sprintf("%s %s %d %s %s %s", strings.TrimPrefix(a.Member, "total_"), pointer, a.Period, side(a.BeforeTaxes), side(a.AfterTaxes), side(a.Rate)))
	}
	return out
}

func TestAmounts(t *testing.T) {
	for _, c := range []struct {
		name                         string
		d                            draft
		members, components, periods []string
	}{
		{
			"energy over two periods, time, a flat fee",
			draft{periods: "30 ENERGY 1.5, TIME 0.5\n20 ENERGY 0.5, TIME 0.3333", tariffs: one("ENERGY 0.25@20, TIME 1, FLAT 2@10")},
			[]string{"fixed_cost - -1 2 2.2 10", "energy_cost - -1 0.5 0.6 20", "time_cost - -1 0.833333333333 0.833333333333 0"},
			[]string{"fixed_cost 0/price_components/2 -1 2 2.2 10", "energy_cost 0/price_components/0 -1 0.5 0.6 20", "time_cost 0/price_components/1 -1 0.833333333333 0.833333333333 0"},
			[]string{
				"fixed_cost 0/price_components/2 0 2 2.2 10", "energy_cost 0/price_components/0 0 0.375 0.45 20", "energy_cost 0/price_components/0 1 0.125 0.15 20",
				"time_cost 0/price_components/1 0 0.5 0.5 0", "time_cost 0/price_components/1 1 0.333333333333 0.333333333333 0",
			},
		},
		{
			"a step that rounds up goes to the last period", draft{periods: "30 ENERGY 1.2\n30 ENERGY 0.3", tariffs: one("ENERGY 1/1000")},
			[]string{"energy_cost - -1 2 2 0"}, []string{"energy_cost 0/price_components/0 -1 2 2 0"},
			[]string{"energy_cost 0/price_components/0 0 1.2 1.2 0", "energy_cost 0/price_components/0 1 0.8 0.8 0"},
		},
		{
			"one dimension twice in a period is one amount", draft{periods: "30 ENERGY 1, ENERGY 2\n30 ENERGY 3, ENERGY 4", tariffs: one("ENERGY 1")},
			[]string{"energy_cost - -1 10 10 0"}, []string{"energy_cost 0/price_components/0 -1 10 10 0"},
			[]string{"energy_cost 0/price_components/0 0 3 3 0", "energy_cost 0/price_components/0 1 7 7 0"},
		},
		{
			"prices that include taxes", draft{version: "2.3.0", periods: "30 ENERGY 1, TIME 0.5", tariffs: []draftTariff{{elements: "ENERGY 1.2@20, TIME 1@0", extra: `,"tax_included":"YES"`}}},
			[]string{"energy_cost - -1 1 1.2 20", "time_cost - -1 0.5 0.5 0"},
			[]string{"energy_cost 0/price_components/0 -1 1 1.2 20", "time_cost 0/price_components/1 -1 0.5 0.5 0"},
			[]string{"energy_cost 0/price_components/0 0 1 1.2 20", "time_cost 0/price_components/1 0 0.5 0.5 0"},
		},
		{
			"a flat fee of parking, no VAT in 2.1.1",
			draft{version: "2.1.1", periods: "30 ENERGY 1\n60 PARKING_TIME 1", tariffs: one(`FLAT 5, PARKING_TIME 3 {"min_duration":1800}` + "\nENERGY 1")},
			[]string{"energy_cost - -1 1 - -", "parking_cost - -1 8 - -"},
			[]string{"energy_cost 1/price_components/0 -1 1 - -", "parking_cost 0/price_components/0 -1 5 - -", "parking_cost 0/price_components/1 -1 3 - -"},
			[]string{"energy_cost 1/price_components/0 0 1 - -", "parking_cost 0/price_components/0 1 5 - -", "parking_cost 0/price_components/1 1 3 - -"},
		},
		{
			"a credit carries the sign of its total", draft{periods: "30 ENERGY 2", tariffs: one("ENERGY 1"), extra: `,"credit":true,"credit_reference_id":"X"`},
			[]string{"energy_cost - -1 -2 -2 0"}, []string{"energy_cost 0/price_components/0 -1 -2 -2 0"}, []string{"energy_cost 0/price_components/0 0 -2 -2 0"},
		},
		{
			"a credit with negative volumes", draft{periods: "30 ENERGY -2", tariffs: one("ENERGY 1"), extra: `,"credit":true,"credit_reference_id":"X"`},
			[]string{"energy_cost - -1 -2 -2 0"}, []string{"energy_cost 0/price_components/0 -1 -2 -2 0"}, []string{"energy_cost 0/price_components/0 0 -2 -2 0"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			res := mustPrice(t, c.d.input(t))
			a := res.Amounts()
			require.Equal(t, c.members, amountLines(res, a.Members), strings.Join(res.Sheet.Text(), "\n"))
			require.Equal(t, c.components, amountLines(res, a.Components))
			require.Equal(t, c.periods, amountLines(res, a.Periods))
			checkAmounts(t, res)
		})
	}
}

func TestAmountsOfPriceLimits(t *testing.T) {
	limits := `,"min_price":{"excl_vat":3,"incl_vat":3.6},"max_price":{"excl_vat":8}`
	res := mustPrice(t, draft{periods: "30 ENERGY 2", tariffs: []draftTariff{{elements: "ENERGY 1", extra: limits}}}.input(t))
	a := res.Amounts()
	require.False(t, a.Whole)
	require.Equal(t, "3 3.6 8 false", fmt.Sprint(a.Least.BeforeTaxes.Value, a.Least.AfterTaxes.Value, a.Most.BeforeTaxes.Value, a.Most.AfterTaxes.Present))
	checkAmounts(t, res)

	credit := draft{periods: "30 ENERGY 2", tariffs: []draftTariff{{elements: "ENERGY 1", extra: limits}}, extra: `,"credit":true,"credit_reference_id":"X"`}
	res = mustPrice(t, credit.input(t))
	a = res.Amounts()
	require.Equal(t, "-8 -3", fmt.Sprint(a.Least.BeforeTaxes.Value, a.Most.BeforeTaxes.Value))
	checkAmounts(t, res)

	in := draft{periods: "30 ENERGY 2 [T1]\n30 ENERGY 20 [T2]", tariffs: []draftTariff{
		{elements: "ENERGY 1", extra: `,"min_price":{"excl_vat":3}`}, {id: "T2", elements: "ENERGY 1", extra: `,"max_price":{"excl_vat":8}`},
	}}.input(t)
	in.Rules = RulesFor(in.CDR.Version)
	require.NoError(t, in.Rules.Set("limits-several-tariffs", "each-tariff"))
	res = mustPrice(t, in)
	require.Equal(t, "11", outcome(res))
	require.True(t, res.Amounts().Whole)

	require.Empty(t, Price(draft{periods: "30 ENERGY 2"}.input(t)).Amounts())
}

// checkAmounts holds amounts to the totals: each list sums to the total cost, and to each cost, on each side.
func checkAmounts(t tester, res *Result) {
	t.Helper()
	if res.Blocked != nil {
		return
	}
	a := res.Amounts()
	for _, list := range [][]Amount{a.Members, a.Components, a.Periods} {
		net, gross := sumAmounts(list, func(a Amount) ocpi.Number { return a.BeforeTaxes }), sumAmounts(list, func(a Amount) ocpi.Number { return a.AfterTaxes })
		if !a.Whole {
			closeTo(t, res.Totals.Cost.BeforeTaxes, within(net, a.Least.BeforeTaxes, a.Most.BeforeTaxes))
			closeTo(t, res.Totals.Cost.AfterTaxes, within(gross, a.Least.AfterTaxes, a.Most.AfterTaxes))
		}
	}
	for _, m := range a.Members {
		for _, list := range [][]Amount{a.Components, a.Periods} {
			own := list[:0:0]
			for _, x := range list {
				if x.Member == m.Member {
					own = append(own, x)
				}
			}
			require.NotEmpty(t, own)
			closeTo(t, m.BeforeTaxes, sumAmounts(own, func(a Amount) ocpi.Number { return a.BeforeTaxes }))
			closeTo(t, m.AfterTaxes, sumAmounts(own, func(a Amount) ocpi.Number { return a.AfterTaxes }))
		}
		if m.Rate.Present {
			closeTo(t, m.AfterTaxes, ocpi.Number{Value: m.BeforeTaxes.Value.Mul(m.Rate.Value.Shift(-2).Add(exact.FromInt(1))), Present: m.BeforeTaxes.Present})
		}
	}
}

func within(n, least, most ocpi.Number) ocpi.Number {
	if least.Present {
		n.Value = exact.Max(n.Value, least.Value)
	}
	if most.Present {
		n.Value = exact.Min(n.Value, most.Value)
	}
	return n
}

func sumAmounts(list []Amount, side func(Amount) ocpi.Number) ocpi.Number {
	out := ocpi.Number{Present: true}
	for _, a := range list {
		out.Value, out.Present = out.Value.Add(side(a).Value), out.Present && side(a).Present
	}
	return out
}

// closeTo allows for sums of quotients.
func closeTo(t tester, want, got ocpi.Number) {
	t.Helper()
	if want.Present && got.Present {
		require.False(t, exact.New(1, 15).Less(want.Value.Sub(got.Value).Abs()), "want %s, got %s", want.Value, got.Value)
	}
}

// The spec's examples and any other CDR, priced in any way: the amounts are the total.
func TestAmountsAreTheTotal(t *testing.T) {
	files, err := filepath.Glob("testdata/spec/*.txtar")
	require.NoError(t, err)
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		require.NoError(t, err)
		for _, f := range a.Files {
			if filepath.Ext(f.Name) == ".json" {
				checkAmounts(t, mustPrice(t, specInput(t, f.Data)))
			}
		}
	}
}

// So are those of CDRs that others made, as far as they can be priced.
func TestAmountsOfOthersAreTheTotal(t *testing.T) {
	dir := os.Getenv("RECONCILE_DATA")
	if dir == "" {
		t.Skip("RECONCILE_DATA names no folder of OCPI objects of other projects")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.json"))
	require.NoError(t, err)
	priced := 0
	for _, file := range files {
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		c, findings := ocpi.NewDecoder(ocpi.Options{}).CDR(ocpi.Record{Bytes: raw})
		if c == nil || ocpi.FirstBlock(findings) != nil {
			continue
		}
		zone, _ := ResolveZone(c, nil, "")
		res := Price(Input{CDR: c, Zone: zone})
		checkAmounts(t, res)
		if res.Blocked == nil {
			priced++
		}
	}
	require.Positive(t, priced)
}

func TestPropAmountsAreTheTotal(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := genDraft(true).Draw(r, "cdr")
		d.extra = rapid.SampledFrom([]string{"", `,"credit":true,"credit_reference_id":"X"`}).Draw(r, "credit")
		in := d.input(r)
		if q := rapid.SampledFrom([]string{"", "step-scope=period", "step-scope=component", "flat-frequency=each-component", "step-direction=down"}).Draw(r, "rule"); q != "" {
			in.Rules = RulesFor(in.CDR.Version)
			question, choice, _ := strings.Cut(q, "=")
			require.NoError(r, in.Rules.Set(question, choice))
		}
		res := mustPrice(r, in)
		checkAmounts(r, res)
		for i, p := range res.Amounts().Periods {
			require.True(r, p.Period >= 0 && p.Period < len(in.CDR.ChargingPeriods), "%d: %v", i, p)
			for _, o := range res.Amounts().Periods[:i] {
				require.False(r, o.Price == p.Price && o.Period == p.Period, "two amounts of one component in one period\n%s", strings.Join(res.Sheet.Text(), "\n"))
			}
		}
		in.Split = true
		checkAmounts(r, Price(in))
		in.Quantities = &Quantities{EnergyKWh: number("7.5"), TimeSeconds: number("3000")}
		checkAmounts(r, Price(in))
	})
}

// BenchmarkAmounts takes the usual session apart.
func BenchmarkAmounts(b *testing.B) {
	res := Price(usual(b))
	b.ReportAllocs()
	for b.Loop() {
		res.Amounts()
	}
}
