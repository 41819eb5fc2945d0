package lint

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/tariff"
)

// tariffOf writes a tariff of 2.2.1 from its elements and other members, each with a leading comma.
func tariffOf(elements, extra string) string {
	return `{"country_code":"NL","party_id":"CPO","id":"T","currency":"EUR","elements":[` + elements + `]` + extra + `,"last_updated":"2026-01-01T00:00:00Z"}`
}

// el is an element with components "DIMENSION price", and restrictions "" or an object.
func el(restrictions string, components ...string) string {
	var list []string
	for _, c := range components {
		name, price, _ := strings.Cut(c, " ")
		list = append(list, fmt.Sprintf(`{"type":%q,"price":%s,"step_size":1}`, name, price))
	}
	if restrictions != "" {
		restrictions = `,"restrictions":` + restrictions
	}
	return `{"price_components":[` + strings.Join(list, ",") + `]` + restrictions + `}`
}

func els(list ...string) string { return strings.Join(list, ",") }

func decode(t require.TestingT, raw string) *ocpi.Tariff {
	out, findings := ocpi.NewDecoder(ocpi.Options{}).Tariff(ocpi.Record{Place: ocpi.Place{File: "t.json", Record: 1, Line: 1}, Bytes: []byte(raw)})
	require.NotNil(t, out, "%v", findings)
	return out
}

// short lists findings as "code pointer".
func short(findings []Finding) []string {
	out := []string{}
	for _, f := range findings {
		out = append(out, string(f.Code)+" "+f.Pointer)
	}
	return out
}

const fallback = `{"price_components":[{"type":"ENERGY","price":0.3,"step_size":1},{"type":"TIME","price":0,"step_size":1},{"type":"PARKING_TIME","price":0,"step_size":1}]}`

func TestLint(t *testing.T) {
	for _, c := range []struct {
		name, elements, extra string
		want                  []string
	}{
		{"a plain tariff", fallback, "", nil},
		{"energy by day and night", els(el(`{"start_time":"07:00","end_time":"22:00"}`, "ENERGY 0.4"), el(`{"start_time":"22:00","end_time":"07:00"}`, "ENERGY 0.3")), "", nil},
		{"min_kwh above max_kwh", els(el(`{"min_kwh":20,"max_kwh":10}`, "ENERGY 1"), fallback), "", []string{"tariff-bounds-reversed /elements/0/restrictions/min_kwh"}},
		{"min_kwh equal to max_kwh", els(el(`{"min_kwh":20,"max_kwh":20.0}`, "ENERGY 1"), fallback), "", []string{"tariff-restriction-never /elements/0/restrictions/min_kwh"}},
		{"durations reversed", els(el(`{"max_duration":60,"min_duration":600}`, "ENERGY 1"), fallback), "", []string{"tariff-bounds-reversed /elements/0/restrictions/min_duration"}},
		{"powers reversed", els(el(`{"min_power":50,"max_power":11}`, "ENERGY 1"), fallback), "", []string{"tariff-bounds-reversed /elements/0/restrictions/min_power"}},
		{"currents equal", els(el(`{"min_current":16,"max_current":16}`, "ENERGY 1"), fallback), "", []string{"tariff-restriction-never /elements/0/restrictions/min_current"}},
		{"dates reversed", els(el(`{"start_date":"2026-12-31","end_date":"2026-01-01"}`, "ENERGY 1"), fallback), "", []string{"tariff-bounds-reversed /elements/0/restrictions/start_date"}},
		{"dates equal", els(el(`{"start_date":"2026-12-31","end_date":"2026-12-31"}`, "ENERGY 1"), fallback), "", []string{"tariff-restriction-never /elements/0/restrictions/start_date"}},
		{"times equal", els(el(`{"start_time":"08:00","end_time":"08:00"}`, "ENERGY 1"), fallback), "", []string{"tariff-restriction-never /elements/0/restrictions/start_time"}},
		{"the whole day", els(el(`{"start_time":"00:00","end_time":"00:00"}`, "FLAT 1"), fallback), "", []string{"tariff-restriction-always /elements/0/restrictions/start_time"}},
		{"the whole day as 24:00", els(el(`{"start_time":"00:00","end_time":"24:00"}`, "FLAT 1"), fallback), "", []string{"tariff-restriction-always /elements/0/restrictions/start_time", "schema-format /elements/0/restrictions/end_time"}},
		{"from midnight", els(el(`{"start_time":"00:00"}`, "FLAT 1"), fallback), "", []string{"tariff-restriction-always /elements/0/restrictions/start_time"}},
		{"until midnight", els(el(`{"start_time":"20:00","end_time":"00:00"}`, "FLAT 1"), fallback), "", nil},
		{"until 23:59", els(el(`{"start_time":"20:00","end_time":"23:59"}`, "FLAT 1"), fallback), "", []string{"tariff-end-near-midnight /elements/0/restrictions/end_time"}},
		{"until 23:59:59", els(el(`{"start_time":"20:00","end_time":"23:59:59"}`, "FLAT 1"), fallback), "", []string{"tariff-end-near-midnight /elements/0/restrictions/end_time"}},
		{"all days", els(el(`{"day_of_week":["MONDAY","TUESDAY","WEDNESDAY","THURSDAY","FRIDAY","SATURDAY","SUNDAY"]}`, "FLAT 1"), fallback), "", []string{"tariff-restriction-always /elements/0/restrictions/day_of_week"}},
		{"no day", els(el(`{"day_of_week":[]}`, "FLAT 1"), fallback), "", []string{"tariff-days-empty /elements/0/restrictions/day_of_week"}},
		{"a day twice", els(el(`{"day_of_week":["MONDAY","SUNDAY","MONDAY"]}`, "FLAT 1"), fallback), "", []string{"tariff-days-duplicate /elements/0/restrictions/day_of_week"}},
		{"friday night", els(el(`{"day_of_week":["FRIDAY"],"start_time":"22:00","end_time":"06:00"}`, "FLAT 1"), fallback), "", []string{"tariff-weekday-window /elements/0/restrictions/day_of_week"}},
		{"zero least bounds", els(el(`{"min_kwh":0,"min_duration":0,"min_power":0,"min_current":0}`, "FLAT 1"), fallback), "", []string{
			"tariff-restriction-always /elements/0/restrictions/min_kwh", "tariff-restriction-always /elements/0/restrictions/min_duration",
			"tariff-restriction-always /elements/0/restrictions/min_power", "tariff-restriction-always /elements/0/restrictions/min_current"}},
		{"zero greatest bounds", els(el(`{"max_kwh":0}`, "FLAT 1"), el(`{"max_duration":0}`, "FLAT 1"), el(`{"max_power":0}`, "FLAT 1"), fallback), "", []string{
			"tariff-restriction-zero /elements/0/restrictions/max_kwh", "tariff-restriction-never /elements/1/restrictions/max_duration",
			"tariff-restriction-zero /elements/2/restrictions/max_power"}},
		{"energy fed back priced apart", els(el(`{"max_kwh":0}`, "ENERGY 0.1"), el(`{"min_kwh":0}`, "ENERGY 0.3")), "", []string{"tariff-restriction-zero /elements/0/restrictions/max_kwh"}},
		{"empty restrictions", els(el(`{}`, "FLAT 1"), fallback), "", []string{"tariff-restrictions-empty /elements/0/restrictions"}},
		{"restrictions of nulls", els(el(`{"start_time":null,"min_kwh":null}`, "FLAT 1"), fallback), "", []string{"tariff-restrictions-empty /elements/0/restrictions"}},
		{"after an unconditional element", els(fallback, el(`{"min_kwh":10}`, "ENERGY 1")), "", []string{"tariff-unreachable /elements/1"}},
		{"after an element that implies it", els(el(`{"min_kwh":5}`, "ENERGY 1"), el(`{"min_kwh":10,"start_time":"10:00"}`, "ENERGY 2"), fallback), "", []string{"tariff-unreachable /elements/1"}},
		{"after two elements that are the whole day", els(el(`{"start_time":"07:00","end_time":"22:00"}`, "ENERGY 0.4"), el(`{"start_time":"22:00","end_time":"07:00"}`, "ENERGY 0.3"), el("", "ENERGY 0.5")), "", []string{"tariff-unreachable /elements/2"}},
		{"one component of an element", els(el("", "ENERGY 1"), el(`{"day_of_week":["SUNDAY"]}`, "ENERGY 0.1", "TIME 2"), el("", "TIME 3")), "", []string{"tariff-unreachable /elements/1/price_components/0"}},
		{"a reservation is another matter", els(el("", "TIME 1"), el(`{"reservation":"RESERVATION"}`, "TIME 2")), "", nil},
		{"energy of a reservation", els(el("", "TIME 1"), el(`{"reservation":"RESERVATION"}`, "TIME 2", "ENERGY 1")), "", []string{"tariff-reservation-unused /elements/1/price_components/1"}},
		{"a gap of energy", els(el(`{"start_time":"08:00","end_time":"20:00"}`, "ENERGY 0.4")), "", []string{"tariff-gap /elements/0/price_components/0"}},
		{"a gap of parking", els(el("", "ENERGY 0.4"), el(`{"min_duration":3600}`, "PARKING_TIME 5")), "", []string{"tariff-gap /elements/1/price_components/0"}},
		{"the gap of the last minute", els(el(`{"start_time":"08:00","end_time":"23:59"}`, "ENERGY 0.4"), el(`{"end_time":"08:00"}`, "ENERGY 0.4")), "", []string{"tariff-end-near-midnight /elements/0/restrictions/end_time", "tariff-gap /elements/1/price_components/0"}},
		{"prices by the day end with the last", els(el(`{"start_date":"2026-01-01","end_date":"2026-01-02"}`, "ENERGY 0.4"), el(`{"start_date":"2026-01-02","end_date":"2026-01-03"}`, "ENERGY 0.4")), "", nil},
		{"a day between left out", els(el(`{"start_date":"2026-01-01","end_date":"2026-01-02"}`, "ENERGY 0.4"), el(`{"start_date":"2026-01-03","end_date":"2026-01-04"}`, "ENERGY 0.4")), "", []string{"tariff-gap /elements/1/price_components/0"}},
		{"doubled components", el("", "ENERGY 1", "ENERGY 2", "FLAT 1"), "", []string{"tariff-component-doubled /elements/0/price_components/1"}},
		{"a negative price", el("", "ENERGY -1"), "", []string{"tariff-price-negative /elements/0/price_components/0/price"}},
		{"steps", `{"price_components":[{"type":"ENERGY","price":1,"step_size":0},{"type":"TIME","price":1,"step_size":-1},{"type":"FLAT","price":1,"step_size":0},{"type":"PARKING_TIME","price":1}]}`, "", []string{
			"tariff-step-size /elements/0/price_components/0/step_size", "tariff-step-size /elements/0/price_components/1/step_size",
			"schema-missing-field /elements/0/price_components/3/step_size"}},
		{"VAT as a fraction", `{"price_components":[{"type":"ENERGY","price":1,"step_size":1,"vat":0.21}]}`, "", []string{"tariff-vat-fraction /elements/0/price_components/0/vat"}},
		{"no components", els(`{"price_components":[]}`, fallback), "", []string{"schema-missing-field /elements/0/price_components"}},
		{"a misspelt restriction leaves the element in doubt", els(el(`{"maxKwh":10}`, "ENERGY 1"), fallback), "", []string{"schema-misspelled-field /elements/0/restrictions/maxKwh"}},
		{"misspelt restrictions leave it in doubt", els(`{"price_components":[{"type":"ENERGY","price":1,"step_size":1}],"restriction":{"max_kwh":10}}`, fallback), "", []string{"schema-misspelled-field /elements/0/restriction"}},
		{"limits of nothing", fallback, `,"min_price":{"excl_vat":0,"incl_vat":0},"max_price":{"excl_vat":0}`, []string{"tariff-limit-zero /min_price", "tariff-limit-zero /max_price"}},
		{"limits reversed", fallback, `,"min_price":{"excl_vat":10},"max_price":{"excl_vat":5}`, []string{"tariff-limits-reversed /min_price"}},
		{"validity reversed", fallback, `,"start_date_time":"2027-01-01T00:00:00Z","end_date_time":"2026-01-01T00:00:00Z"`, []string{"tariff-validity-reversed /start_date_time"}},
		{"nulls in lists move nothing", els("null", el(`{"min_kwh":2,"max_kwh":1}`, "ENERGY 1"), fallback), "", []string{"schema-wrong-type /elements/0", "tariff-bounds-reversed /elements/1/restrictions/min_kwh"}},
		{"restrictions in a list", els(el(`[{"min_kwh":2,"max_kwh":1}]`, "ENERGY 1"), fallback), "", []string{"schema-wrong-type /elements/0/restrictions", "tariff-bounds-reversed /elements/0/restrictions/0/min_kwh"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := c.want
			if want == nil {
				want = []string{}
			}
			findings := Lint(decode(t, tariffOf(c.elements, c.extra)))
			assert.ElementsMatch(t, want, short(findings))
			for _, f := range findings {
				assert.NotEmpty(t, f.Cure)
				assert.NotEmpty(t, f.Message)
				_, known := ocpi.LookupCode(f.Code)
				assert.True(t, known, "%s has no entry in codes.md", f.Code)
			}
		})
	}
}

// Findings name open questions by the names of the register.
func TestQuestionsAreOfTheRegister(t *testing.T) {
	known := tariff.RulesFor(ocpi.V221).Map()
	for _, q := range []string{questionPowerUnknown, questionDateWindow, questionEndTime2359, questionWeekdayWindow, questionDuplicate, questionStepZero} {
		assert.Contains(t, known, q)
	}
}

func TestMessages(t *testing.T) {
	findings := Lint(decode(t, tariffOf(els(el(`{"start_time":"07:00","end_time":"22:00","day_of_week":["MONDAY"]}`, "ENERGY 0.4"), el(`{"min_power":11}`, "ENERGY 1")), "")))
	require.Len(t, findings, 1)
	assert.Equal(t, "t.json:1#/elements/1/price_components/0: ENERGY is priced under restrictions alone, of which on a Monday, at 00:00, at 5.5 kW none holds: it costs nothing then [info tariff-gap]", findings[0].String())
	assert.Equal(t, []string{"power-unknown"}, findings[0].Questions)
}

// A tariff of every hour of a month is linted in good time, and a hostile one ends too.
func TestManyElements(t *testing.T) {
	var list []string
	for day := 1; day < 31; day++ {
		for hour := range 24 {
			list = append(list, el(fmt.Sprintf(`{"start_date":"2026-01-%02d","end_date":"2026-01-%02d","start_time":"%02d:00","end_time":"%02d:00"}`, day, day+1, hour, (hour+1)%24), "ENERGY 0.4"))
		}
	}
	assert.Empty(t, short(Lint(decode(t, tariffOf(els(list...), "")))))
	var hostile []string
	for i := range 20_000 {
		hostile = append(hostile, el(fmt.Sprintf(`{"min_kwh":%d,"max_kwh":%d,"min_power":%d,"min_duration":%d}`, i, i+2, i%97, i%89), "ENERGY 0.4"))
	}
	Lint(decode(t, tariffOf(els(hostile...), "")))
	assert.LessOrEqual(t, len(Lint(decode(t, tariffOf(strings.Repeat(el(`{"min_kwh":2,"max_kwh":1}`, "ENERGY 1")+",", 20_000)+fallback, "")))), maxAlike)
}
