package diff_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/tariff"
	"github.com/nexacollect/reconcile/tariff/anytariff"
	"github.com/nexacollect/reconcile/tariff/diff"
	"github.com/nexacollect/reconcile/tariff/simulate"
)

// tariffOf wraps elements in a tariff of 2.2.1.
func tariffOf(elements, extra string) *ocpi.Tariff {
	return anytariff.Parse(`{"country_code":"NL","party_id":"CPO","id":"T","currency":"EUR","elements":[`+elements+`]`+extra+`}`, "2.2.1")
}

func compare(t *testing.T, a, b string) *diff.Report {
	t.Helper()
	r, err := diff.Tariffs(tariffOf(a, ""), tariffOf(b, ""))
	require.NoError(t, err)
	return r
}

func text(r *diff.Report) string { return strings.Join(r.Lines(), "\n") }

const (
	flatRate = `{"price_components":[{"type":"ENERGY","price":0.25,"vat":21,"step_size":1}]}`
	workday  = `{"price_components":[{"type":"ENERGY","price":0.30,"vat":21,"step_size":1}],"restrictions":{
		"start_time":"08:00","end_time":"17:00","min_kwh":20,"day_of_week":["MONDAY","TUESDAY","WEDNESDAY","THURSDAY","FRIDAY"]}}`
)

func TestNamesTheCellsAndAnExample(t *testing.T) {
	r := compare(t, flatRate, workday+","+flatRate)
	require.Len(t, r.Groups, 1)
	require.NotNil(t, r.Groups[0].Example)
	assert.Equal(t, 7*3*2, r.Cells)
	assert.True(t, r.Complete())
	assert.Contains(t, text(r), `Energy, from Monday to Friday, from 08:00 until before 17:00, after the first 20 kWh
  A: €0.25 per kWh plus 21% VAT, in steps of 1 Wh
  B: €0.30 per kWh plus 21% VAT, in steps of 1 Wh
  example: Mon 2026-01-05 06:10:54 to Mon 2026-01-05 08:59:37, 30.929 kWh at 11 kW: A €9.36 incl. VAT (€7.73 before VAT), B €10.02 incl. VAT (€8.28 before VAT) (+€0.6612)`)
	assert.Contains(t, text(r), "Examined: 42 cells that the bounds of both tariffs make (7 days of the week × 3 times of day × 2 energies).")
}

// The same prices written otherwise are no difference.
func TestNoSessionCostsDifferently(t *testing.T) {
	otherwise := `{"price_components":[{"type":"ENERGY","price":0.250,"vat":21.0,"step_size":1}],"restrictions":{"max_kwh":20}},` + flatRate
	r := compare(t, flatRate, otherwise)
	assert.False(t, r.Differ())
	assert.Contains(t, text(r), "No session costs differently: price, tax and steps agree in every cell, and so do the limits of the total.")
	assert.Contains(t, text(r), "Examined: 2 cells that the bounds of both tariffs make (2 energies).")
}

// Parts that lie together are said together, also over midnight.
func TestCellsThatLieTogether(t *testing.T) {
	night := `{"price_components":[{"type":"PARKING_TIME","price":1,"step_size":1}],"restrictions":{"start_time":"22:00","end_time":"06:00"}}`
	r := compare(t, flatRate, flatRate+","+night)
	assert.Contains(t, text(r), "Parking (plugged in but not charging), from 22:00 until before 06:00 the next day\n  A: nothing\n  B: €1.00 per hour, no VAT")
}

func TestLimitsAndReservations(t *testing.T) {
	r, err := diff.Tariffs(tariffOf(flatRate, ""), tariffOf(flatRate, `,"min_price":{"excl_vat":2}`))
	require.NoError(t, err)
	require.NotNil(t, r.Limits)
	assert.Contains(t, text(r), "The least or greatest total differs: A none, B A session costs at least €2.00 before VAT.")
	used := `{"price_components":[{"type":"TIME","price":3,"step_size":600}],"restrictions":{"reservation":"RESERVATION"}}`
	expired := strings.ReplaceAll(strings.Replace(used, "3", "6", 1), `"RESERVATION"`, `"RESERVATION_EXPIRES"`)
	r = compare(t, flatRate+","+used, flatRate+","+used+","+expired)
	require.Len(t, r.Groups, 1)
	assert.Contains(t, text(r), "Reserved time if you do not come, always\n  A: €3.00 per hour, no VAT, in steps of 10 minutes\n  B: €6.00 per hour, no VAT, in steps of 10 minutes")
}

func TestOtherCurrency(t *testing.T) {
	b := anytariff.Parse(`{"id":"T","currency":"NOK","elements":[`+flatRate+`]}`, "2.2.1")
	r, err := diff.Tariffs(tariffOf(flatRate, ""), b)
	require.NoError(t, err)
	assert.True(t, r.Differ())
	assert.Contains(t, text(r), "amounts of two currencies are not compared")
}

// Beyond the limit the first cells are examined, and the report says so.
func TestLimitOfCells(t *testing.T) {
	var elements []string
	for i := range 30 {
		n := string(rune('0'+i/10)) + string(rune('0'+i%10))
		elements = append(elements, `{"price_components":[{"type":"ENERGY","price":0.25,"vat":21,"step_size":1}],"restrictions":{
			"min_kwh":1`+n+`,"max_power":2`+n+`,"min_duration":3`+n+`,"day_of_week":["MONDAY"]}}`)
	}
	r := compare(t, flatRate, strings.Join(elements, ",")+","+flatRate)
	assert.False(t, r.Complete())
	assert.Equal(t, diff.MaxCells, r.Examined)
	assert.Contains(t, text(r), "No difference was found in the cells that were examined.")
	assert.Contains(t, text(r), "the first 20000 of 208537 cells")
}

func TestJSON(t *testing.T) {
	out, err := json.Marshal(compare(t, flatRate, workday+","+flatRate))
	require.NoError(t, err)
	assert.Contains(t, string(out), `"differences":[{"subject":"energy","where":["from Monday to Friday, from 08:00 until before 17:00, after the first 20 kWh"]`)
	assert.Contains(t, string(out), `"delta":"0.66119845"`)
}

// price prices a session under a tariff, as if it were valid.
func price(t require.TestingT, tr *ocpi.Tariff, in simulate.Input) tariff.Money {
	in.AnyDate = true
	out, err := simulate.Price(tr, in)
	require.NoError(t, err)
	return out.Result.Totals.Cost
}

// changed is a tariff with one of its numbers changed.
func changed(t *rapid.T, tr *ocpi.Tariff) *ocpi.Tariff {
	text := string(tr.Record.Bytes)
	numbers := regexp.MustCompile(`":\d+(\.\d+)?`).FindAllStringIndex(text, -1)
	at := numbers[rapid.IntRange(0, len(numbers)-1).Draw(t, "which")]
	return anytariff.Parse(text[:at[0]]+`":`+rapid.SampledFrom([]string{"0", "1", "7", "60", "999999"}).Draw(t, "number")+text[at[1]:], tr.Version.String())
}

// pair is a tariff, the same with one of its numbers changed, and a session.
type pair struct {
	a, b *ocpi.Tariff
	in   simulate.Input
}

func pairs() *rapid.Generator[pair] {
	return rapid.Custom(func(r *rapid.T) pair {
		a := anytariff.Tariff().Draw(r, "a")
		return pair{a, changed(r, a), anytariff.Visit(a.Version).Draw(r, "visit")}
	})
}

// Where the report says that no session costs differently, none does; and each of its examples does.
func TestPropTheReportIsTrue(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		p := pairs().Draw(r, "pair")
		report, err := diff.Tariffs(p.a, p.b)
		require.NoError(r, err)
		if x, y := price(r, p.a, p.in), price(r, p.b, p.in); report.Complete() && !same(x, y) {
			require.True(r, report.Differ() || len(report.Unshown) > 0 || report.LimitsDiffer, "%s\n%s\n%s\n%s",
				p.a.Record.Bytes, p.b.Record.Bytes, diff.Session(p.in), text(report))
		}
		for i := range report.Groups {
			e := report.Groups[i].Example
			e.Session.Zone = "UTC"
			x, y := price(r, p.a, e.Session), price(r, p.b, e.Session)
			require.True(r, same(x, e.A) && same(y, e.B) && !same(x, y), "%s", text(report))
		}
	})
}

// Of the pairs that a drawn session tells apart, nearly all are told apart by an example of the report. The pairs are always the
// same, since what is asked of a share must not hang on chance.
func TestDifferencesAreShown(t *testing.T) {
	shown, apart := 0, 0
	for seed := range 120 {
		p := pairs().Example(seed)
		report, err := diff.Tariffs(p.a, p.b)
		require.NoError(t, err)
		if same(price(t, p.a, p.in), price(t, p.b, p.in)) {
			continue
		}
		apart++
		if report.Differ() {
			shown++
		}
	}
	t.Logf("%d of %d", shown, apart)
	require.Greater(t, apart, 15)
	require.Greater(t, 10*shown, 9*apart)
}

// same reports amounts that are equal on every side of taxes that both know.
func same(a, b tariff.Money) bool {
	equal := func(x, y ocpi.Number) bool { return !x.Present || !y.Present || x.Value.Equal(y.Value) }
	return equal(a.BeforeTaxes, b.BeforeTaxes) && equal(a.AfterTaxes, b.AfterTaxes)
}
