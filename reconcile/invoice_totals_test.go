package reconcile

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile/rounding"
)

func maybe(t *rapid.T, label string, draw func() exact.Decimal) ocpi.Number {
	if rapid.IntRange(0, 3).Draw(t, label+" is there") == 0 {
		return ocpi.Number{}
	}
	return Known(draw())
}

// drawVerdict is a line as far as adding up invoices looks at it.
func drawVerdict(t *rapid.T) LineVerdict {
	amount := func(label string, scale int32) exact.Decimal {
		return exact.New(rapid.Int64Range(-2_000, 9_000).Draw(t, label), rapid.Int32Range(1, scale).Draw(t, label+" scale"))
	}
	net := amount("net", 4)
	v := LineVerdict{Line: &Line{
		InvoiceID: rapid.SampledFrom([]string{"A", "a", "B", "C"}).Draw(t, "invoice"), Currency: rapid.SampledFrom([]string{"EUR", "EUR", "EUR", "JPY"}).Draw(t, "currency"),
		TaxRate: maybe(t, "rate", func() exact.Decimal { return exact.FromInt(rapid.Int64Range(0, 21).Draw(t, "rate")) }),
	}}
	v.Invoiced = Money{BeforeTaxes: Known(net), AfterTaxes: maybe(t, "gross", func() exact.Decimal { return net.Add(amount("tax", 4)) })}
	v.Computed.BeforeTaxes = maybe(t, "computed", func() exact.Decimal { return amount("price", 4).DivRound(exact.FromInt(3), 18, exact.HalfEven) })
	return v
}

func drawStated(t *rapid.T) []StatedInvoice {
	total := func(label string) ocpi.Number {
		return maybe(t, label, func() exact.Decimal { return exact.New(rapid.Int64Range(-9_000, 9_000).Draw(t, label), 2) })
	}
	return []StatedInvoice{
		{InvoiceID: "a", Currency: "EUR", Totals: rounding.Totals{Net: total("net"), Tax: total("tax"), Gross: total("gross")}},
		{InvoiceID: "B", Currency: "JPY", Totals: rounding.Totals{Net: total("net"), Gross: total("gross")}},
		{InvoiceID: "D", Currency: "EUR", Totals: rounding.Totals{Net: total("net")}},
	}
}

// TestInvoiceSums: what is said of invoices does not depend on who added which line when, each line of them counts once, and the steps lead from
// the prices to the totals that are stated.
func TestInvoiceSums(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines, stated := rapid.SliceOfN(rapid.Custom(drawVerdict), 0, 8).Draw(t, "lines"), drawStated(t)
		sums := func(lines []LineVerdict) *InvoiceSums {
			s := NewInvoiceSums(stated)
			for i := range lines {
				s.Add(&lines[i])
			}
			return s
		}
		whole := sums(lines).Totals()
		mixed, cut := rapid.Permutation(lines).Draw(t, "mixed"), rapid.IntRange(0, len(lines)).Draw(t, "cut")
		parts := sums(mixed[:cut])
		parts.Merge(sums(mixed[cut:]))
		require.Equal(t, marshalled(t, whole), marshalled(t, parts.Totals()))

		count := 0
		for i := range lines {
			if lines[i].Line.InvoiceID != "C" {
				count++
			}
		}
		require.Equal(t, []string{"B", "D", "a"}, []string{whole[0].InvoiceID, whole[1].InvoiceID, whole[2].InvoiceID})
		for i := range whole {
			count -= whole[i].Lines + whole[i].Other
			requireSteps(t, &whole[i], lines)
		}
		require.Zero(t, count)
	})
}

func jsonOf(t require.TestingT, v any) []byte {
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return text
}

func marshalled(t require.TestingT, v any) string { return string(jsonOf(t, v)) }

// requireSteps checks that steps begin with the prices, add up, and come to each stated total.
func requireSteps(t require.TestingT, i *InvoiceTotals, lines []LineVerdict) {
	if len(i.Steps) == 0 {
		require.Zero(t, i.Lines)
		return
	}
	var prices, sum exact.Decimal
	for n := range lines {
		if v := &lines[n]; sameID(v.Line.InvoiceID, i.InvoiceID) && v.Line.Currency == i.Currency {
			prices = prices.Add(v.Computed.BeforeTaxes.Value.Shown())
		}
	}
	require.True(t, prices.Equal(i.Steps[0].Amount))
	at := map[string]exact.Decimal{}
	for _, s := range i.Steps {
		sum = sum.Add(s.Amount)
		require.True(t, sum.Equal(s.Sum), s.Step)
		at[s.Step] = s.Sum
	}
	for _, total := range i.Totals {
		require.Equal(t, total.Verdict == rounding.NotCompared, total.Lines == nil)
		switch total.Member {
		case "net":
			require.True(t, at[StepNetDifference].Equal(total.Stated))
		case "gross":
			if last := i.Steps[len(i.Steps)-1]; last.Step == StepGrossDiffers {
				require.True(t, last.Sum.Equal(total.Stated))
			}
		}
	}
}

// The price of each CDR is rounded, then what lines claim otherwise, then what lines without a price claim, then the tax.
func TestInvoiceSteps(t *testing.T) {
	line := func(net, price string) *LineVerdict {
		v := &LineVerdict{Line: &Line{InvoiceID: "INV1", Currency: "EUR", TaxRate: Known(exact.FromInt(19))}}
		v.Invoiced.BeforeTaxes = Known(exact.MustParse(net))
		if price != "" {
			v.Computed.BeforeTaxes = Known(exact.MustParse(price))
		}
		return v
	}
	stated := StatedInvoice{InvoiceID: "INV1", Currency: "EUR"}
	stated.Totals.Net, stated.Totals.Gross = Known(exact.MustParse("15.03")), Known(exact.MustParse("17.90"))
	s := NewInvoiceSums([]StatedInvoice{stated})
	for _, v := range []*LineVerdict{line("1.01", "1.0049"), line("2.00", "2.0049"), line("12.02", "")} {
		s.Add(v)
	}
	totals := s.Totals()
	var steps []string
	for _, step := range totals[0].Steps {
		steps = append(steps, fmt.Sprintf("%s %s = %s", step.Step, step.Amount, step.Sum))
	}
	require.Equal(t, []string{
		"cdrs 3.0098 = 3.0098", "line-rounding -0.0098 = 3", "lines-differ 0.01 = 3.01", "lines-without-price 12.02 = 15.03", "net-difference 0 = 15.03",
		"category-tax 2.86 = 17.89", "gross-difference 0.01 = 17.9",
	}, steps)
	require.Equal(t, rounding.NotCompared, totals[0].Totals[1].Verdict, "no line tells its gross")
	require.Empty(t, Mismatches(totals))
}

func TestStatedInvoicesOfADocument(t *testing.T) {
	c, err := ParseCase("folder/case.yaml", []byte("invoices:\n  \"1\": {totals: {currency: EUR, net: -1.5}}\n  A: {totals: {currency: jpy, tax: 2, gross: 12}}\n"))
	require.NoError(t, err)
	again, err := StatedInvoices(jsonOf(t, c.Document()))
	require.NoError(t, err)
	for i := range c.Invoices {
		require.NotZero(t, c.Invoices[i].Line)
		c.Invoices[i].Line = 0
	}
	require.Equal(t, fmt.Sprint(c.Invoices), fmt.Sprint(again))
	_, err = StatedInvoices([]byte(`{"invoices":{"A":{"totals":{"net":"x"}}}}`))
	require.Error(t, err)
	none, err := StatedInvoices([]byte(`{}`))
	require.NoError(t, err)
	require.Empty(t, none)
}

// A line that stands for many CDRs is one line of its invoice: what it states counts, priced at what its members come to.
func TestInvoiceSumsOfMasterLines(t *testing.T) {
	amount := func(text string) Money { return Money{BeforeTaxes: Known(exact.MustParse(text))} }
	master := &MasterLine{InvoiceID: "I", Line: "1", Currency: "EUR", By: MembersByAnnex, Stated: amount("10.00")}
	lines := []LineVerdict{
		{Line: &Line{InvoiceID: "I", Line: "1", Currency: "EUR", Master: master}, Invoiced: amount("0.006")},
		{Line: &Line{InvoiceID: "I", Line: "1/A", MasterLine: "1", Currency: "EUR", Master: master}, Invoiced: amount("4.997"), Computed: amount("4.997")},
		{Line: &Line{InvoiceID: "I", Line: "1/B", MasterLine: "1", Currency: "EUR", Master: master}, Invoiced: amount("4.997"), Computed: amount("4.999")},
		{Line: &Line{InvoiceID: "I", Line: "2", Currency: "EUR"}, Invoiced: amount("5.00"), Computed: amount("5.001")},
	}
	stated := []StatedInvoice{{InvoiceID: "I", Currency: "EUR", Totals: rounding.Totals{Net: Known(exact.MustParse("15.00"))}}}
	one, other := NewInvoiceSums(stated), NewInvoiceSums(stated)
	for i := range lines {
		[]*InvoiceSums{one, other}[i%2].Add(&lines[i]) // in whichever sums they fall
	}
	one.Merge(other)
	got := one.Totals()[0]
	require.Equal(t, []int{2, 2}, []int{got.Lines, got.Priced})
	require.Equal(t, rounding.Exact, got.Totals[0].Verdict)
	var steps []string
	for _, s := range got.Steps {
		steps = append(steps, fmt.Sprintf("%s %s = %s", s.Step, s.Amount, s.Sum))
	}
	require.Equal(t, []string{"cdrs 14.997 = 14.997", "line-rounding 0.003 = 15", "lines-differ 0 = 15", "lines-without-price 0 = 15",
		"net-difference 0 = 15"}, steps)
}
