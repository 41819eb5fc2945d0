package rounding

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
)

// findings writes what was found of each total: "net 3.02 exact 3.0147 rounding 0.0053: lines half-up".
func findings(found []TotalFinding) []string {
	var out []string
	for i := range found {
		f := &found[i]
		if f.Class == NotCompared {
			out = append(out, fmt.Sprintf("%s %s %s", f.Member, f.Stated, f.Class))
			continue
		}
		text := fmt.Sprintf("%s %s exact %s rounding %s:", f.Member, f.Stated, f.Exact, f.Rounding())
		for _, w := range f.Ways {
			text += fmt.Sprintf(" %s %s", w.Way, ModeName(w.Mode))
		}
		out = append(out, text)
	}
	return out
}

// judged adds up lines and judges totals.
func judged(lines []tariff.Amount, stated Totals, minor int32) []TotalFinding {
	return added(lines, minor).Judge(stated)
}

func added(lines []tariff.Amount, minor int32) *Invoice {
	v := NewInvoice(minor)
	for i := range lines {
		v.Add(&lines[i])
	}
	return v
}

func totals(net, tax, gross string) Totals {
	n := func(text string) ocpi.Number {
		if text == "" {
			return ocpi.Number{}
		}
		return known(d(text))
	}
	return Totals{n(net), n(tax), n(gross)}
}

func TestInvoice(t *testing.T) {
	// Three CDRs: 1.0049 + 1.0049 + 1.0049 = 3.0147, and 19 % of it 0.572793.
	three := []tariff.Amount{amount("1.0049", "19"), amount("1.0049", "19"), amount("1.0049", "19")}
	for _, c := range []struct {
		name   string
		lines  []tariff.Amount
		stated Totals
		want   []string
	}{
		{"each line is rounded, the tax of the category once: EN 16931", three, totals("3.00", "0.57", "3.57"), []string{
			"net 3.00 exact 3.0147 rounding -0.0147: lines half-up",
			"tax 0.57 exact 0.572793 rounding -0.002793: categories half-up lines half-up lines-exact half-up categories-exact half-up total half-up",
			"gross 3.57 exact 3.587493 rounding -0.017493: parts half-up categories half-up lines down",
		}},
		{"the sum is rounded once", three, totals("3.01", "0.57", "3.59"), []string{
			"net 3.01 exact 3.0147 rounding -0.0047: total half-up",
			"tax 0.57 exact 0.572793 rounding -0.002793: categories half-up lines half-up lines-exact half-up categories-exact half-up total half-up",
			"gross 3.59 exact 3.587493 rounding 0.002507: total half-up", // and not 3.58, net and tax
		}},
		{"tax of each line", []tariff.Amount{amount("0.03", "19"), amount("0.03", "19"), amount("0.03", "19")}, totals("0.09", "0.03", ""), []string{
			"net 0.09 exact 0.09 rounding 0: exact  lines half-up total half-up",
			"tax 0.03 exact 0.0171 rounding 0.0129: lines half-up lines-exact half-up",
		}},
		{"tax of the category", []tariff.Amount{amount("0.03", "19"), amount("0.03", "19"), amount("0.03", "19")}, totals("", "0.02", ""), []string{
			"tax 0.02 exact 0.0171 rounding 0.0029: categories half-up categories-exact half-up total half-up",
		}},
		{"tax of two categories", []tariff.Amount{amount("0.03", "19"), amount("0.03", "17")}, totals("", "0.02", ""), []string{
			"tax 0.02 exact 0.0108 rounding 0.0092: categories half-up lines half-up lines-exact half-up categories-exact half-up total up",
		}},
		{"another mode", three, totals("3.03", "", ""), []string{"net 3.03 exact 3.0147 rounding 0.0153: lines up"}},
		{"no rounding explains it", three, totals("3.05", "0.60", "9"), []string{
			"net 3.05 exact 3.0147 rounding 0.0353:", "tax 0.60 exact 0.572793 rounding 0.027207: lines up lines-exact up", "gross 9 exact 3.587493 rounding 5.412507:",
		}},
		{"exact totals", three, totals("3.0147", "0.572793", "3.587493"), []string{
			"net 3.0147 exact 3.0147 rounding 0: exact ", "tax 0.572793 exact 0.572793 rounding 0: exact ", "gross 3.587493 exact 3.587493 rounding 0: exact  parts half-up",
		}},
		{"no tax is known", []tariff.Amount{{BeforeTaxes: known(d("1.005"))}}, totals("1.01", "0.19", "1.2"), []string{
			"net 1.01 exact 1.005 rounding 0.005: lines half-up total half-up", "tax 0.19 not-compared", "gross 1.2 not-compared",
		}},
		{"a line of several rates has no category", []tariff.Amount{{BeforeTaxes: known(d("2")), AfterTaxes: known(d("2.255"))}}, totals("2", "0.26", "2.26"), []string{
			"net 2 exact 2 rounding 0: exact  lines half-up total half-up",
			"tax 0.26 exact 0.255 rounding 0.005: lines half-up lines-exact half-up total half-up",
			"gross 2.26 exact 2.255 rounding 0.005: parts half-up lines half-up total half-up",
		}},
		{"nothing", nil, totals("0", "0", "0"), []string{
			"net 0 exact 0 rounding 0: exact  lines half-up total half-up",
			"tax 0 exact 0 rounding 0: exact  categories half-up lines half-up lines-exact half-up categories-exact half-up total half-up",
			"gross 0 exact 0 rounding 0: exact  parts half-up categories half-up lines half-up total half-up",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, findings(judged(c.lines, c.stated, 2)))
		})
	}
}

func TestInvoiceUsual(t *testing.T) {
	three := []tariff.Amount{amount("1.0049", "19"), amount("1.0049", "19"), amount("1.0049", "7")}
	found := judged(three, totals("9", "9", "9"), 2)
	require.Equal(t, "lines 3.00", fmt.Sprint(found[0].Usual.Way, " ", found[0].Usual.Amount))
	require.Equal(t, "categories 0.45", fmt.Sprint(found[1].Usual.Way, " ", found[1].Usual.Amount)) // 0.38 + 0.07
	require.Equal(t, "categories 3.45", fmt.Sprint(found[2].Usual.Way, " ", found[2].Usual.Amount))
	three[0].Rate = ocpi.Number{}
	require.Empty(t, judged(three, totals("", "9", ""), 2)[0].Usual.Way)
	require.Equal(t, "3", judged(three, totals("3", "", ""), 0)[0].Usual.Amount.String())
}

// An invoice of EN 16931 over made CDRs: its totals are not the sum of the CDRs, and each is explained to the cent.
func TestInvoiceOfAMonth(t *testing.T) {
	var lines []tariff.Amount
	var net exact.Decimal
	nets := map[string]exact.Decimal{}
	for i := range madeCosts()[:1000] {
		line := madeCosts()[i].Total
		if !line.Rate.Present {
			continue
		}
		lines = append(lines, line)
		rounded := line.BeforeTaxes.Value.Round(2, exact.HalfUp)
		net = net.Add(rounded)
		nets[line.Rate.Value.Plain()] = nets[line.Rate.Value.Plain()].Add(rounded)
	}
	require.Greater(t, len(lines), 700)
	require.Len(t, nets, 3)
	var tax exact.Decimal
	for rate, sum := range nets {
		tax = tax.Add(sum.Mul(d(rate)).Shift(-2).Round(2, exact.HalfUp))
	}
	found := judged(lines, Totals{known(net), known(tax), known(net.Add(tax))}, 2)
	require.Len(t, found, 3)
	require.Equal(t, Made{WayLines, exact.HalfUp, net}, found[0].Ways[0])
	require.Equal(t, Made{WayCategories, exact.HalfUp, tax}, found[1].Ways[0])
	require.Equal(t, WayParts, found[2].Ways[0].Way)
	require.Equal(t, WayCategories, found[2].Ways[1].Way)
	require.NotContains(t, ways(found[0]), WayTotal)
	require.False(t, found[0].Rounding().IsZero())
}

func ways(f TotalFinding) (out []Way) {
	for _, w := range f.Ways {
		out = append(out, w.Way)
	}
	return out
}

// Whatever way made a total, it is among those found, and all that are found make it.
func TestPropInvoice(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		lines := rapid.SliceOfN(rapid.Custom(genAmount), 1, 6).Draw(r, "lines")
		v := added(lines, rapid.Int32Range(0, 3).Draw(r, "minor"))
		mode := rapid.IntRange(0, modeCount-1).Draw(r, "mode")
		for member, group := range [][]way{netWays, taxWays, grossWays} {
			w := rapid.SampledFrom(group).Draw(r, "way")
			if w.name == WayParts {
				continue
			}
			made, ok := w.make(v, mode, &Totals{})
			if !ok {
				continue
			}
			stated := [...]Totals{{Net: known(made)}, {Tax: known(made)}, {Gross: known(made)}}[member]
			for _, f := range v.Judge(stated) {
				require.Contains(r, ways(f), w.name)
				for _, found := range f.Ways {
					require.True(r, found.Amount.Equal(made))
				}
				require.True(r, f.Exact.Add(f.Rounding()).Equal(made))
			}
		}
	})
}

// Lines may be added in any order and in parts.
func TestPropInvoiceParts(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		lines := rapid.SliceOfN(rapid.Custom(genAmount), 0, 6).Draw(r, "lines")
		stated := Totals{known(genNumber(r, "net")), known(genNumber(r, "tax")), known(genNumber(r, "gross"))}
		whole := added(lines, 2)
		mixed := rapid.Permutation(lines).Draw(r, "mixed")
		cut := rapid.IntRange(0, len(lines)).Draw(r, "cut")
		parts := added(mixed[:cut], 2)
		parts.Merge(added(mixed[cut:], 2))
		require.Equal(r, findings(whole.Judge(stated)), findings(parts.Judge(stated)))
		for _, by := range []Way{WayCategories, WayLines} {
			want, wantOK := whole.Tax(by)
			have, haveOK := parts.Tax(by)
			require.Equal(r, wantOK, haveOK)
			require.True(r, want.Equal(have))
		}
	})
}

// More rates than any country has are not told apart, in whatever order they come.
func TestInvoiceOfTooManyRates(t *testing.T) {
	var lines []tariff.Amount
	for i := range maxRates + 1 {
		lines = append(lines, amount("1.00", exact.New(int64(i), 2).String()))
	}
	_, ok := added(lines[1:], 2).Tax(WayCategories)
	require.True(t, ok)
	_, ok = added(lines, 2).Tax(WayCategories)
	require.False(t, ok)
	parts := added(lines[:200], 2)
	parts.Merge(added(lines[200:], 2))
	_, ok = parts.Tax(WayCategories)
	require.False(t, ok)
	net, ok := parts.Net()
	require.True(t, ok)
	require.Equal(t, "257.00", net.String())
	require.Equal(t, Explained, parts.Judge(totals("", "3.29", ""))[0].Class)
}
