// Package anytariff draws tariffs for the property tests of the packages that speak of tariffs. Nothing of the product imports it.
package anytariff

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi"
)

// Tariff draws a tariff of up to five elements in any version, with every kind of restriction, decoded from its JSON.
func Tariff() *rapid.Generator[*ocpi.Tariff] {
	return rapid.Custom(func(t *rapid.T) *ocpi.Tariff {
		v := rapid.SampledFrom([]string{"2.1.1", "2.2.1", "2.2.1", "2.3.0"}).Draw(t, "version")
		var elements []string
		for range rapid.IntRange(1, 5).Draw(t, "elements") {
			elements = append(elements, element(t, v))
		}
		text := fmt.Sprintf(`{%s"id":"T1","currency":%q,"elements":[%s]%s,"last_updated":"2026-01-01T00:00:00Z"}`,
			owner(v), rapid.SampledFrom([]string{"EUR", "EUR", "NOK", "JPY"}).Draw(t, "currency"), strings.Join(elements, ","), extra(t, v))
		return Parse(text, v)
	})
}

func owner(v string) string {
	if v == "2.1.1" {
		return ""
	}
	return `"country_code":"NL","party_id":"CPO",`
}

// Parse decodes a tariff that is known to be sound.
func Parse(text, version string) *ocpi.Tariff {
	v, _ := ocpi.ParseVersion(version)
	t, findings := ocpi.NewDecoder(ocpi.Options{Version: v}).Tariff(ocpi.Record{Bytes: []byte(text)})
	if f := ocpi.FirstBlock(findings); t == nil || f != nil {
		panic(fmt.Sprintf("%s\n%s", f, text))
	}
	return t
}

// extra draws the limits of the total and what is said of taxes.
func extra(t *rapid.T, v string) string {
	out := ""
	limits := rapid.IntRange(0, 5).Draw(t, "limits")
	switch v {
	case "2.2.1":
		out = []string{"", "", `,"min_price":{"excl_vat":1,"incl_vat":1.2}`, `,"max_price":{"excl_vat":20}`,
			`,"min_price":{"excl_vat":3},"max_price":{"excl_vat":15,"incl_vat":18}`, ""}[limits]
	case "2.3.0":
		out = rapid.SampledFrom([]string{`,"tax_included":"YES"`, `,"tax_included":"NO"`, `,"tax_included":"N/A"`, ""}).Draw(t, "tax")
		out += []string{"", "", `,"min_price":{"before_taxes":1}`, `,"max_price":{"before_taxes":20,"after_taxes":24}`, "", ""}[limits]
	}
	return out
}

func element(t *rapid.T, v string) string {
	var restrictions []string
	for range rapid.IntRange(0, 3).Draw(t, "restrictions") {
		restrictions = append(restrictions, restriction(t, v))
	}
	reserved := rapid.IntRange(0, 2).Draw(t, "reserved") == 0 && v != "2.1.1"
	kinds := []string{"ENERGY", "TIME", "PARKING_TIME", "FLAT"}
	if reserved {
		kinds = []string{"TIME", "FLAT"}
		restrictions = append(restrictions, `"reservation":"`+rapid.SampledFrom([]string{"RESERVATION", "RESERVATION_EXPIRES"}).Draw(t, "kind")+`"`)
	}
	var components []string
	for range rapid.IntRange(1, 4).Draw(t, "components") {
		components = append(components, component(t, v, rapid.SampledFrom(kinds).Draw(t, "component")))
	}
	return fmt.Sprintf(`{"price_components":[%s],"restrictions":{%s}}`, strings.Join(components, ","), strings.Join(restrictions, ","))
}

func component(t *rapid.T, v, kind string) string {
	vat := ""
	if v != "2.1.1" && rapid.Bool().Draw(t, "taxed") {
		vat = fmt.Sprintf(`,"vat":%s`, rapid.SampledFrom([]string{"19", "5.2", "0", "25"}).Draw(t, "vat"))
	}
	return fmt.Sprintf(`{"type":%q,"price":%d.%0*d,"step_size":%d%s}`, kind, rapid.IntRange(0, 9).Draw(t, "whole"),
		rapid.IntRange(1, 4).Draw(t, "decimals"), rapid.IntRange(0, 9).Draw(t, "part"),
		rapid.SampledFrom([]int{0, 1, 60, 90, 500, 900, 3600}).Draw(t, "step"), vat)
}

// restriction draws one member; a later one of the same name stands in place of it.
func restriction(t *rapid.T, v string) string {
	n := func(label string, most int) int { return rapid.IntRange(0, most).Draw(t, label) }
	clock := func(label string) string {
		return fmt.Sprintf(`"%02d:%02d"`, n(label, 23), rapid.SampledFrom([]int{0, 0, 30, 59}).Draw(t, label))
	}
	day := func(label string) string {
		return fmt.Sprintf(`"2026-03-%02d"`, rapid.IntRange(24, 31).Draw(t, label))
	}
	days := []string{"MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"}
	kinds := []string{
		`"start_time":` + clock("from") + `,"end_time":` + clock("to"), `"start_time":` + clock("from"), `"end_time":` + clock("to"),
		`"start_date":` + day("start"), `"end_date":` + day("end"),
		fmt.Sprintf(`"min_kwh":%d.%d`, n("min_kwh", 30), n("tenth", 9)), fmt.Sprintf(`"max_kwh":%d`, n("max_kwh", 30)),
		fmt.Sprintf(`"min_duration":%d`, n("min_duration", 20_000)), fmt.Sprintf(`"max_duration":%d`, 60*n("max_duration", 300)),
		`"day_of_week":["` + days[n("day", 6)] + `","` + days[n("day", 6)] + `"]`,
		fmt.Sprintf(`"min_power":%d`, n("min_power", 20)), fmt.Sprintf(`"max_power":%d`, n("max_power", 20)),
		fmt.Sprintf(`"min_current":%d`, n("min_current", 60)), fmt.Sprintf(`"max_current":%d`, n("max_current", 60)),
	}
	if v == "2.1.1" {
		kinds = kinds[:10] // a CDR of 2.1.1 does not measure power, and the restriction on current is younger
	}
	return rapid.SampledFrom(kinds).Draw(t, "restriction")
}
