package reconcile

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/tariff"
	"github.com/nexacollect/reconcile/tariff/hypothesis"
)

func TestDefectOf(t *testing.T) {
	for _, c := range []struct {
		names []string
		want  ocpi.Code
	}{
		{nil, ""},
		{[]string{"step-ignored"}, codeTariffStep},
		{[]string{"step-scope-period", "step-volume-all"}, codeTariffStep},
		{[]string{"weekday-ignored", "time-window-ignored"}, codeTariffRestriction},
		{[]string{"wall-clock-time"}, codeTariffWallClock},
		{[]string{"min-price-ignored"}, codeTariffLimits},
		{[]string{"min-price-ignored", "step-ignored"}, ""},
		{[]string{"step-ignored", "vat-twice"}, ""},
		{[]string{"vat-twice"}, ""},
	} {
		var found []hypothesis.Hypothesis
		for _, name := range c.names {
			found = append(found, hypothesis.Hypothesis{Name: name, Text: "the partner did " + name})
		}
		code, texts := DefectOf(found)
		assert.Equal(t, c.want, code, c.names)
		assert.Equal(t, code != "", texts != "", c.names)
	}
	// What begins a name of the table begins the name of a defect, or that of a question.
	for _, d := range defectCodes {
		for _, begin := range d.names {
			known := false
			for _, e := range hypothesis.Catalogue() {
				known = known || strings.HasPrefix(e.Name, begin)
			}
			for _, q := range tariff.Questions() {
				known = known || strings.HasPrefix(q.Name+"-", begin)
			}
			assert.True(t, known, begin)
		}
	}
}

// A line that claims what a defect gives says so; one that claims the price says nothing. Nothing moves but by rows 2 and 3.
func TestDefectsOfLines(t *testing.T) {
	const two = `{"start_date_time":"2026-09-01T10:00:00Z","dimensions":[{"type":"ENERGY","volume":10.4},{"type":"TIME","volume":1}]},` +
		`{"start_date_time":"2026-09-01T11:00:00Z","dimensions":[{"type":"PARKING_TIME","volume":1}]}`
	for _, c := range []struct {
		name, tariff, price, claimed string
		want                         ocpi.Code
	}{
		{"step", `"elements":[{"price_components":[{"type":"ENERGY","price":1,"step_size":1000}]}]`, "11.00", "10.40", codeTariffStep},
		{"minimum", `"min_price":{"excl_vat":25},"elements":[{"price_components":[{"type":"ENERGY","price":1,"step_size":1}]}]`, "25.00", "10.40", codeTariffLimits},
		{"wall clock", `"elements":[{"price_components":[{"type":"TIME","price":3,"step_size":1}]}]`, "3.00", "6.00", codeTariffWallClock},
		{"time of day", `"elements":[{"price_components":[{"type":"ENERGY","price":2,"step_size":1}],"restrictions":{"start_time":"18:00","end_time":"22:00"}},` +
			`{"price_components":[{"type":"ENERGY","price":1,"step_size":1}]}]`, "10.40", "20.80", codeTariffRestriction},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, claimed := range []string{c.price, c.claimed} {
				cdr := plainCDR{kWh: "10.4", end: "2026-09-01T12:00:00Z", cost: claimed}.json()
				cdr = strings.Replace(cdr, `"elements":[{"price_components":[{"type":"FLAT","price":1,"step_size":1}]}]`, c.tariff, 1)
				before, rest, _ := strings.Cut(cdr, `"charging_periods":[`)
				_, after, _ := strings.Cut(rest, `]}],"total_cost"`)
				cdr = before + `"charging_periods":[` + two + `],"total_cost"` + after
				w := readWorld(t, map[string]string{"cdrs.ndjson": cdr + "\n", "invoice.csv": "invoice_id,line,cdr_id,amount_excl_vat,currency\nI,1,C," + claimed + ",EUR\n",
					"case.yaml": "agreement: {time_zone: UTC}\n"})
				line := w.judge()[0].Lines[0]
				require.Equal(t, c.price, line.Computed.BeforeTaxes.Value.Fixed(2), "%v", line.Findings)
				for _, code := range []ocpi.Code{codeTariffStep, codeTariffLimits, codeTariffWallClock, codeTariffRestriction} {
					got := codeFindings(line.Findings, code)
					if code == c.want && claimed != c.price {
						require.Len(t, got, 1, "%s: %v", code, line.Findings)
						assert.Contains(t, got[0], "error CDR C is worth ")
						continue
					}
					assert.Empty(t, got, "%s at %s", code, claimed)
				}
			}
		})
	}
}
