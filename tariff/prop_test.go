package tariff

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

// genDraft draws a CDR of up to five periods and a tariff of up to five elements.
func genDraft(restricted bool) *rapid.Generator[draft] {
	return rapid.Custom(func(t *rapid.T) draft {
		d := draft{
			version: rapid.SampledFrom([]string{"2.1.1", "2.2.1", "2.3.0"}).Draw(t, "version"),
			start:   fmt.Sprintf("2026-%02d-%02dT%02d:%02d:00Z", rapid.SampledFrom([]int{3, 7, 10}).Draw(t, "month"), rapid.IntRange(23, 31).Draw(t, "day"), rapid.IntRange(0, 23).Draw(t, "hour"), rapid.IntRange(0, 59).Draw(t, "minute")),
		}
		var periods, elements []string
		for range rapid.IntRange(1, 5).Draw(t, "periods") {
			periods = append(periods, genPeriod(t))
		}
		for range rapid.IntRange(1, 5).Draw(t, "elements") {
			elements = append(elements, genElement(t, restricted))
		}
		d.periods = strings.Join(periods, "\n")
		extra := ""
		if d.version == "2.3.0" {
			extra = rapid.SampledFrom([]string{"", `,"tax_included":"YES"`, `,"tax_included":"NO"`, `,"tax_included":"N/A"`}).Draw(t, "tax")
		}
		if rapid.Bool().Draw(t, "limited") && d.version == "2.2.1" {
			extra = `,"min_price":{"excl_vat":1,"incl_vat":1.2},"max_price":{"excl_vat":20}`
		}
		d.tariffs = []draftTariff{{elements: strings.Join(elements, "\n"), extra: extra}}
		return d
	})
}

func genPeriod(t *rapid.T) string {
	minutes := rapid.IntRange(0, 200).Draw(t, "minutes")
	hours := fmt.Sprintf("%.4f", float64(minutes)/60)
	var dims []string
	if rapid.Bool().Draw(t, "energy") {
		dims = append(dims, fmt.Sprintf("ENERGY %d.%03d", rapid.IntRange(0, 30).Draw(t, "kwh"), rapid.IntRange(0, 999).Draw(t, "wh")))
	}
	switch rapid.IntRange(0, 5).Draw(t, "kind") {
	case 0, 1:
		dims = append(dims, "TIME "+hours)
	case 2, 3:
		dims = append(dims, "PARKING_TIME "+hours)
	case 4:
		dims = append(dims, "RESERVATION_TIME "+hours)
	}
	if rapid.Bool().Draw(t, "power") {
		dims = append(dims, fmt.Sprintf("MAX_POWER %d", rapid.IntRange(0, 20).Draw(t, "kW")))
	}
	if len(dims) == 0 {
		dims = append(dims, "MAX_CURRENT 16")
	}
	return fmt.Sprintf("%d %s", minutes, strings.Join(dims, ", "))
}

func genElement(t *rapid.T, restricted bool) string {
	var components []string
	for range rapid.IntRange(1, 4).Draw(t, "components") {
		kind := rapid.SampledFrom([]string{"ENERGY", "TIME", "PARKING_TIME", "FLAT"}).Draw(t, "component")
		c := fmt.Sprintf("%s %d.%02d/%d", kind, rapid.IntRange(0, 9).Draw(t, "euro"), rapid.IntRange(0, 99).Draw(t, "cent"),
			rapid.SampledFrom([]int{0, 1, 60, 500, 900}).Draw(t, "step"))
		if rapid.Bool().Draw(t, "taxed") {
			c += rapid.SampledFrom([]string{"@19", "@5.2", "@0"}).Draw(t, "vat")
		}
		components = append(components, c)
	}
	line := strings.Join(components, ", ")
	if restricted && rapid.Bool().Draw(t, "restricted") {
		line += " {" + genRestriction(t) + "}"
	}
	return line
}

func genRestriction(t *rapid.T) string {
	clock := func(label string) string {
		return fmt.Sprintf(`"%02d:%02d"`, rapid.IntRange(0, 23).Draw(t, label), rapid.SampledFrom([]int{0, 30, 59}).Draw(t, label))
	}
	n := func(label string, most int) int { return rapid.IntRange(0, most).Draw(t, label) }
	switch rapid.IntRange(0, 7).Draw(t, "restriction") {
	case 0:
		return fmt.Sprintf(`"min_kwh":%d`, n("min_kwh", 20))
	case 1:
		return fmt.Sprintf(`"max_kwh":%d`, n("max_kwh", 20))
	case 2:
		return fmt.Sprintf(`"min_duration":%d`, n("min_duration", 20000))
	case 3:
		return fmt.Sprintf(`"max_duration":%d`, n("max_duration", 20000))
	case 4:
		return `"start_time":` + clock("from") + `,"end_time":` + clock("to")
	case 5:
		return `"day_of_week":["` + rapid.SampledFrom([]string{"MONDAY", "SATURDAY", "SUNDAY"}).Draw(t, "weekday") + `"]`
	case 6:
		return `"reservation":"` + rapid.SampledFrom([]string{"RESERVATION", "RESERVATION_EXPIRES"}).Draw(t, "reservation") + `"`
	default:
		return fmt.Sprintf(`"min_power":%d`, n("min_power", 20))
	}
}

// Every sheet replays, and is true to its documents, in any form; so are the sheets of the prices as split, of which the even one lies
// between the ends.
func TestPropSheetsAreTrue(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		in := genDraft(true).Draw(r, "cdr").input(r)
		res := mustPrice(r, in)
		for _, sheet := range []*Sheet{res.SplitSheet, res.LeastSheet, res.GreatestSheet} {
			if sheet != nil {
				require.NoError(t, sheet.Verify())
				require.NoError(t, sheet.CheckLeaves(resolver(in, res)))
			}
		}
		if res.LeastSheet != nil {
			liesBetween(r, res, res.Split, string(in.CDR.Record.Bytes))
		}
		in.Quantities = &Quantities{EnergyKWh: number("7.5"), TimeSeconds: number("3000")}
		mustPrice(r, in)
	})
}

// Pricing the same CDR twice gives the same bytes, whatever was priced between.
func TestPropPricingIsPure(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		a, b := genDraft(true).Draw(r, "a").input(r), genDraft(true).Draw(r, "b").input(r)
		first := Price(a)
		Price(b)
		second := Price(a)
		require.Equal(t, first.Sheet.Text(), second.Sheet.Text())
		require.Equal(t, first.Findings, second.Findings)
		require.Equal(t, first.Consulted, second.Consulted)
	})
}

// Elements after one without restrictions that has every dimension are never reached.
func TestPropLaterElementsNeverMatter(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := genDraft(true).Draw(r, "cdr")
		d.tariffs[0].elements += "\nENERGY 0.3, TIME 2, PARKING_TIME 3, FLAT 1"
		before := outcome(Price(d.input(r)))
		d.tariffs[0].elements += "\n" + strings.ReplaceAll(genElement(r, false), "/", "00/")
		require.Equal(t, before, outcome(Price(d.input(r))))
	})
}

// Where no restriction changes and nothing is rounded to steps, splitting a period keeps the cost.
func TestPropSplittingKeepsTheCost(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		rows := rapid.SliceOfN(rapid.Map(rapid.IntRange(1, 50), func(n int) int { return n * 6 }), 1, 4).Draw(r, "minutes")
		tariff := one("ENERGY 0.37/0@19, TIME 1.9/0@5.2\nPARKING_TIME 3/0")
		var whole, split []string
		for i, m := range rows {
			kind := []string{"TIME", "PARKING_TIME"}[i%2]
			kwh := exact.FromInt(int64(m)).Mul(exact.MustParse("0.037"))
			part := rapid.IntRange(1, m/6).Draw(r, "part") * 6
			share := exact.FromInt(int64(part)).Mul(exact.MustParse("0.037"))
			whole = append(whole, fmt.Sprintf("%d ENERGY %s, %s %s", m, kwh, kind, tenths(m)))
			split = append(split, fmt.Sprintf("%d ENERGY %s, %s %s", part, share, kind, tenths(part)))
			if part < m {
				split = append(split, fmt.Sprintf("%d ENERGY %s, %s %s", m-part, kwh.Sub(share), kind, tenths(m-part)))
			}
		}
		a := Price(draft{periods: strings.Join(whole, "\n"), tariffs: tariff}.input(r))
		b := Price(draft{periods: strings.Join(split, "\n"), tariffs: tariff}.input(r))
		require.True(t, sameMoney(a.Totals.Cost, b.Totals.Cost), "%s and %s", outcome(a), outcome(b))
	})
}

// tenths writes minutes, a multiple of six, as hours.
func tenths(minutes int) string { return exact.New(int64(minutes/6), 1).String() }

// Ten times the prices are ten times the cost.
func TestPropScaleByTen(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := genDraft(true).Draw(r, "cdr")
		d.version, d.tariffs[0].extra = "2.2.1", ""
		a := Price(d.input(r))
		in := d.input(r)
		for i := range in.CDR.Tariffs[0].Elements {
			for j := range in.CDR.Tariffs[0].Elements[i].PriceComponents {
				c := &in.CDR.Tariffs[0].Elements[i].PriceComponents[j]
				c.Price.Value = c.Price.Value.Shift(1)
			}
		}
		b := Price(in)
		x, y := a.Totals.Cost.AfterTaxes.Value.Shift(1), b.Totals.Cost.AfterTaxes.Value
		require.True(t, x.Sub(y).Abs().Less(exact.New(1, 15)), "%s and %s", x, y)
	})
}

// How many zeros a number was sent with changes no amount, not even in the last decimal of a division.
func TestPropZerosAtTheEndSayNothing(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := genDraft(true).Draw(r, "cdr")
		a, in := Price(d.input(r)), d.input(r)
		zeros := exact.New(0, rapid.Int32Range(1, 20).Draw(r, "zeros"))
		long := func(v exact.Decimal) exact.Decimal { return v.Add(zeros) }
		for i := range in.CDR.Tariffs[0].Elements {
			for j := range in.CDR.Tariffs[0].Elements[i].PriceComponents {
				c := &in.CDR.Tariffs[0].Elements[i].PriceComponents[j]
				c.Price.Value, c.VAT.Value = long(c.Price.Value), long(c.VAT.Value)
			}
		}
		b := Price(in)
		require.Equal(r, a.Totals.Cost.BeforeTaxes.Value.Trim().String(), b.Totals.Cost.BeforeTaxes.Value.Trim().String())
		require.Equal(r, a.Totals.Cost.AfterTaxes.Value.Trim().String(), b.Totals.Cost.AfterTaxes.Value.Trim().String())
	})
}

// A question that was not consulted changes nothing.
func TestPropOnlyConsultedQuestionsMatter(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		in := genDraft(true).Draw(r, "cdr").input(r)
		res := Price(in)
		if res.Blocked != nil {
			return
		}
		for q := range questionCount {
			if res.consulted.has(q) || q == questionMidPeriodChange {
				continue
			}
			for c := range choice(len(register[q].choices)) {
				other := in
				other.Rules = res.Rules.with(q, c)
				require.Equal(t, outcome(res), outcome(Price(other)), "%s %s\n%s", register[q].name, register[q].choices[c].Name, in.CDR.Record.Bytes)
			}
		}
	})
}

// A quantity that is less never costs more, steps apart: a step that is not reached any more may give way to a longer one.
func TestPropLessNeverCostsMore(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := genDraft(true).Draw(r, "cdr")
		d.tariffs[0].extra = ""
		d.tariffs[0].elements = regexp.MustCompile(`/\d+`).ReplaceAllString(d.tariffs[0].elements, "/0")
		in := d.input(r)
		res := Price(in)
		if res.Blocked != nil || res.Totals.EnergyKWh.Sign() <= 0 {
			return
		}
		less := res.Totals.EnergyKWh.Mul(exact.New(int64(rapid.IntRange(0, 9).Draw(r, "tenths")), 1))
		in.Quantities = &Quantities{EnergyKWh: number(less.String())}
		other := Price(in)
		require.False(t, res.Totals.EnergyCost.BeforeTaxes.Value.Less(other.Totals.EnergyCost.BeforeTaxes.Value),
			"%s against %s\n%s", res.Totals.EnergyKWh, less, in.CDR.Record.Bytes)
	})
}
