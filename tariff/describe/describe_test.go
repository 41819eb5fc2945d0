package describe_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff/anytariff"
	"github.com/nexacollect/reconcile/tariff/describe"
)

// marks are the decimal marks of the languages.
var marks = map[string]string{"en": ".", "de": ",", "fr": ",", "nl": ",", "es": ","}

// mustSay lists the texts of every number that a tariff holds and that means anything: a free rate bears no tax and no steps, a flat
// fee has no steps, a lower bound of nothing and an end of 00:00 restrict nothing.
func mustSay(t *ocpi.Tariff, lang string) []string {
	var out []string
	plain := func(d exact.Decimal) string { return strings.Replace(d.Plain(), ".", marks[lang], 1) }
	money := func(d exact.Decimal) string {
		return strings.Replace(d.Fixed(ocpi.MinorUnits(t.Currency)), ".", marks[lang], 1)
	}
	for _, el := range t.Elements {
		for _, c := range el.PriceComponents {
			if c.Price.Value.IsZero() {
				continue
			}
			out = append(out, money(c.Price.Value))
			if c.VAT.Present {
				out = append(out, plain(c.VAT.Value))
			}
			switch step := c.StepSize.Value; {
			case c.Kind == ocpi.Flat || step.Sign() <= 0:
			case c.Kind == ocpi.Energy && step.Less(exact.FromInt(1000)):
				out = append(out, plain(step)+" Wh")
			case c.Kind == ocpi.Energy:
				out = append(out, plain(step.Shift(-3))+" kWh")
			default:
				out = append(out, inUnits(step)...)
			}
		}
		if el.Restrictions != nil {
			out = append(out, mustSayOf(el.Restrictions, plain)...)
		}
	}
	for _, l := range []ocpi.Price{t.MinPrice, t.MaxPrice} {
		for _, n := range []ocpi.Number{l.BeforeTaxes, l.AfterTaxes} {
			if n.Present {
				out = append(out, money(n.Value))
			}
		}
	}
	return out
}

func mustSayOf(r *ocpi.Restrictions, plain func(exact.Decimal) string) []string {
	var out []string
	for _, at := range []ocpi.TimeOfDay{r.StartTime, r.EndTime} {
		if at.Present && at.Minutes != 0 {
			out = append(out, fmt.Sprintf("%02d:%02d", at.Minutes/60, at.Minutes%60))
		}
	}
	for _, d := range []ocpi.Date{r.StartDate, r.EndDate} {
		if d.Present {
			out = append(out, fmt.Sprint(d.Day), fmt.Sprint(d.Year))
		}
	}
	for _, n := range []struct {
		n    ocpi.Number
		unit string
	}{{r.MinKWh, ""}, {r.MaxKWh, ""}, {r.MinPower, " kW"}, {r.MaxPower, " kW"}, {r.MinCurrent, " A"}, {r.MaxCurrent, " A"}} {
		if n.n.Present && (n.n.Value.Sign() > 0 || n.unit != "") {
			out = append(out, plain(n.n.Value)+n.unit)
		}
	}
	if r.MinDuration.Present && r.MinDuration.Value.Sign() > 0 {
		out = append(out, inUnits(r.MinDuration.Value)...)
	}
	if r.MaxDuration.Present {
		out = append(out, inUnits(r.MaxDuration.Value)...)
	}
	return out
}

// inUnits are the numbers of hours, minutes and seconds that make up a duration.
func inUnits(seconds exact.Decimal) []string {
	var n int
	if _, err := fmt.Sscan(seconds.Plain(), &n); err != nil {
		panic(err)
	}
	var out []string
	for _, part := range []int{n / 3600, n / 60 % 60, n % 60} {
		if part > 0 {
			out = append(out, fmt.Sprintf("%d ", part))
		}
	}
	return out
}

// Every number of the tariff stands in the text, in the spelling of the language.
func TestPropEveryNumberIsSaid(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		tr := anytariff.Tariff().Draw(r, "tariff")
		for _, lang := range describe.Languages {
			d, err := describe.Describe(tr, lang)
			require.NoError(r, err)
			d.Examples = nil
			text := d.Text()
			for _, want := range mustSay(tr, lang) {
				require.Contains(r, text, want, "%s", tr.Record.Bytes)
			}
			require.NotContains(r, text, "{")
			require.NotContains(r, text, "..")
			require.NotContains(r, text, "  :")
		}
	})
}

func TestUnknownLanguage(t *testing.T) {
	_, err := describe.Describe(&ocpi.Tariff{}, "it")
	assert.ErrorContains(t, err, `language "it": want one of en, de, fr, nl, es`)
	_, err = describe.Describe(&ocpi.Tariff{ID: "T", Elements: []ocpi.TariffElement{{PriceComponents: make([]ocpi.PriceComponent, 1)}}}, "en")
	assert.ErrorContains(t, err, `tariff "T": price component 1 of element 1 has no price`)
}

// lines describes the elements of a tariff in English and keeps what is said of them.
func lines(t *testing.T, version, elements, extra string) string {
	t.Helper()
	d, err := describe.Describe(anytariff.Parse(`{"id":"T","currency":"EUR","elements":[`+elements+`]`+extra+`}`, version), "en")
	require.NoError(t, err)
	d.Examples = nil
	return d.Text()
}

const perKWh = `{"price_components":[{"type":"ENERGY","price":0.25,"vat":21,"step_size":1000}]}`

func TestTaxes(t *testing.T) {
	for _, c := range []struct{ version, elements, extra, want string }{
		{"2.2.1", perKWh, "", "Energy: €0.25 per kWh plus 21% VAT."},
		{"2.2.1", strings.Replace(perKWh, `"vat":21,`, "", 1), "", "No VAT is added."},
		{"2.1.1", perKWh, "", "Energy: €0.25 per kWh, the 21% VAT that the tariff mentions does not count."},
		{"2.1.1", perKWh, "", "Prices are before VAT; the tariff does not say how much is added."},
		{"2.3.0", perKWh, `,"tax_included":"YES"`, "Energy: €0.25 per kWh including 21% VAT."},
		{"2.3.0", strings.Replace(perKWh, `"vat":21,`, "", 1), `,"tax_included":"YES"`, "Prices include taxes."},
		{"2.3.0", strings.Replace(perKWh, `"vat":21,`, "", 1), `,"tax_included":"NO"`, "Prices are before taxes; the tariff does not state the rate."},
		{"2.3.0", perKWh, `,"tax_included":"N/A"`, "No tax applies."},
		{"2.3.0", perKWh, "", "they are read as prices before taxes."},
	} {
		assert.Contains(t, lines(t, c.version, c.elements, c.extra), c.want)
	}
}

// What can never apply is said to be so, with the reason.
func TestUnused(t *testing.T) {
	text := lines(t, "2.2.1", perKWh+`,
		{"price_components":[{"type":"ENERGY","price":1,"vat":21,"step_size":1}],"restrictions":{"min_kwh":5}},
		{"price_components":[{"type":"TIME","price":2,"vat":21,"step_size":1},{"type":"TIME","price":3,"vat":21,"step_size":1}],"restrictions":{"max_kwh":5}},
		{"price_components":[{"type":"FLAT","price":4,"vat":21,"step_size":1}],"restrictions":{"start_time":"09:00","end_time":"09:00"}},
		{"price_components":[{"type":"PARKING_TIME","price":5,"vat":21,"step_size":1}],"restrictions":{"reservation":"RESERVATION"}},
		{"price_components":[{"type":"SESSION_TIME","price":6,"step_size":1}]}`, "")
	for _, want := range []string{
		"Energy, after the first 5 kWh: €1.00 per kWh plus 21% VAT, in steps of 1 Wh (a rate before it always comes first)",
		"Charging time, for the first 5 kWh: €3.00 per hour plus 21% VAT, in steps of 1 second (another price of the same kind comes first)",
		"Flat fee, from 09:00 until before 09:00: €4.00 per session plus 21% VAT (its conditions can never hold)",
		"Parking (plugged in but not charging): €5.00 per hour plus 21% VAT, in steps of 1 second (a reservation has no such price)",
		"SESSION_TIME: €6.00 (no known kind of price)",
	} {
		assert.Contains(t, text, want)
	}
}

// Weekdays count at the moment: a window over midnight on named days is the start and the end of each of these days.
func TestWindowsOverMidnight(t *testing.T) {
	night := strings.Replace(perKWh, `}]}`, `}],"restrictions":{"start_time":"22:00","end_time":"06:00"}}`, 1)
	assert.Contains(t, lines(t, "2.2.1", night, ""), "- from 22:00 until before 06:00 the next day: ")
	friday := strings.Replace(night, `{"start`, `{"day_of_week":["FRIDAY"],"start`, 1)
	assert.Contains(t, lines(t, "2.2.1", friday, ""), "- on Fridays, before 06:00 and again from 22:00: ")
	evening := strings.Replace(night, `"06:00"`, `"00:00"`, 1)
	assert.Contains(t, lines(t, "2.2.1", evening, ""), "- from 22:00 until midnight: ")
}

func TestReservations(t *testing.T) {
	reserved := `{"price_components":[{"type":"TIME","price":5,"step_size":60}],"restrictions":{"reservation":"RESERVATION"}}`
	assert.Contains(t, lines(t, "2.2.1", reserved, ""), "The reservation is charged whether you come or not.")
	text := lines(t, "2.2.1", reserved+`,{"price_components":[{"type":"FLAT","price":4,"step_size":60}],"restrictions":{"reservation":"RESERVATION_EXPIRES"}}`, "")
	assert.Contains(t, text, "Reserved time: €5.00 per hour.")
	assert.Contains(t, text, "Reserved time if you do not come: €5.00 per hour.")
	assert.Contains(t, text, "Reservation fee if you do not come: €4.00 per reservation.")
	assert.NotContains(t, text, "whether you come")
}

// Words that change with their number, days in a row, the first of a month.
func TestWordsOfTheLanguages(t *testing.T) {
	elements := `{"price_components":[{"type":"TIME","price":1234.5,"vat":5.2,"step_size":3661}],"restrictions":{
		"day_of_week":["SATURDAY","SUNDAY","MONDAY"],"start_date":"2026-03-01","max_duration":7200}}`
	for lang, want := range map[string]string{
		"en": "- from Saturday to Monday, from 1 March 2026 on, until the session has lasted 2 hours: €1234.50 per hour plus 5.2% VAT",
		"de": "- von Samstag bis Montag, ab dem 1. März 2026, bis der Ladevorgang 2 Stunden gedauert hat: 1234,50 € pro Stunde zuzüglich 5,2 % MwSt.",
		"fr": "- du samedi au lundi, à partir du 1er mars 2026, jusqu'à ce que la session ait duré 2 heures : 1234,50 € par heure plus 5,2 % de TVA",
		"nl": "- van zaterdag tot en met maandag, vanaf 1 maart 2026, totdat de sessie 2 uur heeft geduurd: € 1234,50 per uur plus 5,2% btw",
		"es": "- de sábado a lunes, desde el 1 de marzo de 2026, hasta que la sesión haya durado 2 horas: 1234,50 € por hora más 5,2 % de IVA",
	} {
		d, err := describe.Describe(anytariff.Parse(`{"id":"T","currency":"EUR","elements":[`+elements+`]}`, "2.2.1"), lang)
		require.NoError(t, err)
		assert.Contains(t, d.Text(), want)
	}
	v, err := describe.VoiceOf("fr", "NOK")
	require.NoError(t, err)
	assert.Equal(t, "-3,00 NOK", v.Amount(exact.FromInt(-3)))
	assert.Equal(t, "1 heure, 1 minute et 1 seconde", v.Length(3661*time.Second))
}

// Examples lie where the tariff is in force, though all of its elements have ended since.
func TestExamplesLieInForce(t *testing.T) {
	ended := strings.Replace(perKWh, `}]}`, `}],"restrictions":{"start_date":"2025-03-01","end_date":"2025-04-01"}}`, 1)
	d, err := describe.Describe(anytariff.Parse(`{"country_code":"NL","party_id":"CPO","id":"T","currency":"EUR","elements":[`+ended+`],
		"last_updated":"2026-01-01T00:00:00Z"}`, "2.2.1"), "en")
	require.NoError(t, err)
	assert.Contains(t, d.Text(), "Example: 30 kWh in 1 hour on Monday, 31 March 2025, at 10:00: €9.08 incl. VAT (€7.50 before VAT)")
}

// The JSON holds the clauses with the bounds as OCPI writes them, and the text.
func TestJSON(t *testing.T) {
	d, err := describe.Describe(anytariff.Parse(`{"country_code":"NL","party_id":"CPO","id":"T","currency":"EUR","elements":[{"price_components":[
		{"type":"ENERGY","price":0.25,"vat":21,"step_size":1}],"restrictions":{"day_of_week":["MONDAY"],"end_time":"17:00","min_kwh":2.50}}],
		"last_updated":"2026-01-01T00:00:00Z"}`, "2.2.1"), "en")
	require.NoError(t, err)
	text, err := json.Marshal(d)
	require.NoError(t, err)
	assert.Contains(t, string(text), `"sections":[{"subject":"energy","rates":[{"element":0,"price_component":0,"conditions":[`+
		`{"kind":"days","day_of_week":["MONDAY"]},{"kind":"times","until":"17:00"},{"kind":"energy","from":"2.5"}],`+
		`"price":"0.25","vat":"21","step_size":"1","text":"€0.25 per kWh plus 21% VAT"}]}]`)
	assert.Contains(t, string(text), `"kwh":"30","charging_seconds":3600,"parked_seconds":0,"reserved_seconds":0,"total_cost":{"before_taxes":"6.875","after_taxes":"8.31875"}`)
}
