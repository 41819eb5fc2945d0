package lint

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
)

func fix(t require.TestingT, raw string, o Options) *Fixed {
	out := Fix(ocpi.Record{Place: ocpi.Place{File: "t.json", Record: 1, Line: 1}, Bytes: []byte(raw)}, o)
	require.NotNil(t, out.Tariff)
	return out
}

func TestFix(t *testing.T) {
	energy := el("", "ENERGY 1")
	for _, c := range []struct {
		name                string
		elements, extra     string
		kept, keptExtra     string // after edits that keep the meaning; "" is as before
		changed, changExtra string // with changes allowed; "" is as kept
	}{
		{"whole day", els(el(`{ "start_time":"00:00", "end_time":"24:00", "min_kwh":5 }`, "FLAT 1"), energy), "", els(el(`{ "min_kwh":5 }`, "FLAT 1"), energy), "", "", ""},
		{"whole day alone leaves no restrictions", els(el(`{"start_time":"00:00"}`, "FLAT 1"), energy), "", els(el("", "FLAT 1"), energy), "", "", ""},
		{"all days in the middle", els(el(`{"min_kwh":5, "day_of_week":["MONDAY","TUESDAY","WEDNESDAY","THURSDAY","FRIDAY","SATURDAY","SUNDAY"] , "max_kwh":9}`, "FLAT 1"), energy), "",
			els(el(`{"min_kwh":5 , "max_kwh":9}`, "FLAT 1"), energy), "", "", ""},
		{"days twice", els(el(`{"day_of_week":["MONDAY", "SUNDAY", "MONDAY" , "MONDAY"]}`, "FLAT 1"), energy), "", els(el(`{"day_of_week":["MONDAY", "SUNDAY"]}`, "FLAT 1"), energy), "", "", ""},
		{"unreachable elements", els(energy, el(`{"min_kwh":5}`, "ENERGY 2"), el("", "TIME 1"), el("", "ENERGY 3", "TIME 2")), "", els(energy, el("", "TIME 1")), "", "", ""},
		{"never", els(el(`{"max_duration":0}`, "ENERGY 2"), energy), "", energy, "", "", ""},
		{"zero bounds", els(el(`{"min_kwh":0,"min_duration":0,"min_power":0}`, "FLAT 1"), energy), "", els(el(`{"min_power":0}`, "FLAT 1"), energy), "", els(el("", "FLAT 1"), energy), ""},
		{"zero limits", energy, `,"min_price":{"excl_vat":0}`, energy, ",", energy, ","},
		{"24:00", els(el(`{"start_time":"20:00","end_time":"24:00"}`, "FLAT 1"), energy), "", els(el(`{"start_time":"20:00","end_time":"00:00"}`, "FLAT 1"), energy), "", "", ""},
		{"23:59", els(el(`{"start_time":"20:00","end_time":"23:59"}`, "FLAT 1"), energy), "", "", "", els(el(`{"start_time":"20:00","end_time":"00:00"}`, "FLAT 1"), energy), ""},
		{"23:59:59", els(el(`{"start_time":"20:00","end_time":"23:59:59"}`, "FLAT 1"), energy), "", "", "", els(el(`{"start_time":"20:00","end_time":"00:00"}`, "FLAT 1"), energy), ""},
		{"until 23:59 of the whole day", els(el(`{"start_time":"00:00","end_time":"23:59"}`, "FLAT 1"), energy), "", "", "", els(el("", "FLAT 1"), energy), ""},
		{"misspelt", els(el(`{ "maxKwh" : 5 }`, "ENERGY 2"), energy), "", "", "", els(el(`{ "max_kwh" : 5 }`, "ENERGY 2"), energy), ""},
		{"misspelt beside the right name", els(el(`{"maxKwh":5,"max_kwh":5}`, "ENERGY 2"), energy), "", "", "", "", ""},
		{"misspelt what cannot be read", els(el(`{"maxKwh":"five"}`, "ENERGY 2"), energy), "", "", "", "", ""},
		{"VAT", `{"price_components":[{"type":"ENERGY","price":1,"step_size":1,"vat":0.055}]}`, "", "", "", `{"price_components":[{"type":"ENERGY","price":1,"step_size":1,"vat":5.5}]}`, ""},
		{"bounds reversed", els(el(`{"min_kwh":20, "max_kwh":10.0}`, "ENERGY 2"), energy), "", "", "", els(el(`{"min_kwh":10.0, "max_kwh":20}`, "ENERGY 2"), energy), ""},
		{"dates reversed", els(el(`{"start_date":"2026-12-01","end_date":"2026-11-01"}`, "ENERGY 2"), energy), "", "", "", els(el(`{"start_date":"2026-11-01","end_date":"2026-12-01"}`, "ENERGY 2"), energy), ""},
		{"limits reversed", energy, `,"min_price":{"excl_vat":9},"max_price":{"excl_vat":5}`, "", "", energy, `,"min_price":{"excl_vat":5},"max_price":{"excl_vat":9}`},
		{"doubled alike", el("", "ENERGY 1", "ENERGY 1.0", "FLAT 2"), "", el("", "ENERGY 1", "FLAT 2"), "", "", ""},
		{"doubled and different", el("", "ENERGY 1", "ENERGY 2"), "", "", "", energy, ""},
		{"a hidden component", els(energy, el(`{"min_kwh":5}`, "TIME 1", "ENERGY 2")), "", els(energy, el(`{"min_kwh":5}`, "TIME 1")), "", "", ""},
		{"a hidden component beside a FLAT", els(energy, el(`{"min_kwh":5}`, "FLAT 1", "ENERGY 2")), "", "", "", "", ""},
		{"energy of a reservation", els(energy, el(`{"reservation":"RESERVATION"}`, "ENERGY 2", "TIME 1")), "", els(energy, el(`{"reservation":"RESERVATION"}`, "TIME 1")), "", "", ""},
		{"the last element stays", el(`{"max_duration":0}`, "ENERGY 2"), "", "", "", "", ""},
		{"members twice stay", els(el(`{"min_duration":0,"min_duration":0,"max_kwh":9}`, "FLAT 1"), energy), "", "", "", "", ""},
		{"an element in doubt hides nothing", els(el(`{"members_only":true}`, "ENERGY 1"), energy), "", "", "", "", ""},
		{"what another reading applies stays", els(el(`{"start_date":"2026-03-01","end_date":"2026-03-01","start_time":"08:00"}`, "ENERGY 2"), energy), "", "", "", energy, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			or := func(a, b string) string {
				if a == "" {
					return b
				}
				return strings.TrimSuffix(a, ",")
			}
			raw := tariffOf(c.elements, c.extra)
			kept := tariffOf(or(c.kept, c.elements), or(c.keptExtra, c.extra))
			assert.Equal(t, kept, string(fix(t, raw, Options{}).After))
			want := tariffOf(or(c.changed, or(c.kept, c.elements)), or(c.changExtra, or(c.keptExtra, c.extra)))
			assert.Equal(t, want, string(fix(t, raw, Options{AllowChanges: true}).After))
		})
	}
}

// What is laid out by hand stays so: every byte that no edit has a reason to touch.
func TestFixKeepsTheLayout(t *testing.T) {
	before := "\ufeff{\r\n\t\"id\": \"T\", \"currency\":\"EUR\",  \"country_code\": \"NL\",\"party_id\":\"CPO\",\r\n\t\"elements\": [\r\n" +
		"\t\t{ \"restrictions\": { \"min_duration\": 0,\r\n\t\t\t\"max_kwh\": 1e1 } ,\"price_components\":[{\"type\":\"ENERGY\",\"price\":0.50,\"step_size\":1}] },\r\n" +
		"\t\t{ \"price_components\" :[ {\"type\":\"ENERGY\",\"price\":1.0,\"step_size\":1} ] },\r\n\t\t{ \"price_components\" :[ {\"type\":\"ENERGY\",\"price\":2.0,\"step_size\":1} ] }\r\n" +
		"\t],\r\n\t\"last_updated\": \"2026-01-01T00:00:00Z\" }\r\n"
	fixed := fix(t, before, Options{})
	want := strings.Replace(before, "\"min_duration\": 0,\r\n\t\t\t", "", 1)
	want = strings.Replace(want, ",\r\n\t\t{ \"price_components\" :[ {\"type\":\"ENERGY\",\"price\":2.0,\"step_size\":1} ] }", "", 1)
	assert.Equal(t, want, string(fixed.After))
	assert.Equal(t, before, string(fixed.Before))
	require.Len(t, fixed.Made, 2)
	assert.Equal(t, []string{"/elements/0/restrictions/min_duration"}, fixed.Made[0].Pointers)
	assert.Equal(t, CodeUnreachable, fixed.Made[1].Cured.Code)
	assert.Empty(t, short(fixed.Left))
}

// An edit is not made where the tariff would be read as another version: the VAT alone tells that this one is of 2.2.1.
func TestFixKeepsTheVersion(t *testing.T) {
	raw := `{"id":"T","currency":"EUR","elements":[{"price_components":[{"type":"ENERGY","price":1,"step_size":1}]},` +
		`{"price_components":[{"type":"ENERGY","price":2,"step_size":1,"vat":21}]}],"last_updated":"2026-01-01T00:00:00Z"}`
	require.Equal(t, ocpi.V221, decode(t, raw).Version)
	fixed := fix(t, raw, Options{})
	assert.Equal(t, raw, string(fixed.After))
	assert.Equal(t, []string{"tariff-unreachable /elements/1"}, short(fixed.Left))
	fixed = fix(t, raw, Options{Version: ocpi.V221})
	assert.NotEqual(t, raw, string(fixed.After))
}

func FuzzFix(f *testing.F) {
	f.Add([]byte(tariffOf(els(el(`{"start_time":"00:00","end_time":"23:59","day_of_week":["MONDAY","MONDAY"]}`, "ENERGY 1"), fallback, fallback), `,"min_price":{"excl_vat":0}`)))
	f.Add([]byte(tariffOf(els(el(`[{"maxKwh":0,"min_kwh":3,"max_kwh":2}]`, "ENERGY 1", "ENERGY -1"), "null"), "")))
	f.Add([]byte(tariffOf(els(el(`{"min_kwh":0,"start_time":"24:00","end_time":"23:59:59","start_date":"2026-03-02","end_date":"2026-03-01"}`, "ENERGY 1", "FLAT 1", "ENERGY 1"),
		el(`{"reservation":"RESERVATION","min_power":5,"max_power":2,"max_duration":0,"minKwh":[null]}`, "PARKING_TIME 1", "TIME 0.2"), el(`{"day_of_week":[null,"SUNDAY","sunday"]}`, "ENERGY 2")),
		`,"max_price":1,"min_price":{"excl_vat":2,"excl_vat":0},"start_date_time":"2026-03-02T00:00:00Z","end_date_time":"2026-03-01T00:00:00Z","elements":null`)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, allow := range []bool{false, true} {
			fixed := Fix(ocpi.Record{Bytes: raw}, Options{AllowChanges: allow})
			if fixed.Tariff == nil {
				return
			}
			again := Fix(ocpi.Record{Bytes: fixed.After}, Options{AllowChanges: allow})
			require.Equal(t, string(fixed.After), string(again.After))
			for _, l := range fixed.Left {
				require.LessOrEqual(t, l.Place.Offset, int64(len(fixed.After)))
			}
			Diff(Pretty(fixed.Before), Pretty(fixed.After))
		}
	})
}
