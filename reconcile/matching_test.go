package reconcile

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Each threshold of a case decides, to the last second, Wh and cent, and the finding prints it.
func TestMatchingThresholds(t *testing.T) {
	const at = "2026-09-01T10:00:00Z"
	cdr := strings.ReplaceAll(limitCDR(at, "2026-09-01T11:00:00Z", "2026-09-01T11:05:00Z", "20", ""), "\n", "")
	both, evse := "NL*CPO*E1,DE-EMP-C1", "NL*CPO*E1,"
	for _, c := range []struct {
		name, who, start, kWh, amount, terms string
		rule, says                           string // "": unmatched
	}{
		{"composite", both, "2026-09-01T10:10:00Z", "20", "1.00", "", "composite", "starts 10m0s apart (up to 10m0s)"},
		{"past it the window", both, "2026-09-01T10:10:01Z", "20", "1.00", "", "window", "20 kWh (within 0.05 or 1 %) and starts 10m1s apart (up to 15m0s)"},
		{"shorter", both, "2026-09-01T10:00:31Z", "30", "1.00", "{composite_seconds: 30}", "", ""},
		{"as short", both, "2026-09-01T10:00:30Z", "30", "1.00", "{composite_seconds: 30}", "composite", "(up to 30s)"},
		{"wider window", evse, "2026-09-01T10:20:00Z", "20", "1.00", "{window_seconds: 1200}", "window", "starts 20m0s apart (up to 20m0s)"},
		{"past the window", evse, "2026-09-01T10:15:01Z", "20", "1.00", "", "", ""},
		{"kWh by share", evse, at, "20.2", "1.00", "", "window", "(within 0.05 or 1 %)"},
		{"kWh past the share", evse, at, "20.201", "1.00", "", "", ""},
		{"kWh in all", evse, at, "20.5", "1.00", "{kwh: 0.5}", "window", "(within 0.5 or 1 %)"},
		{"no share", evse, at, "20.051", "1.00", "{kwh_percent: 0}", "", ""},
		{"amounts are not asked", evse, at, "20", "9.00", "", "window", "no CDR has the ids"},
		{"amounts are asked", evse, at, "20", "1.06", "{amount: 0.05}", "", ""},
		{"amounts within", both, at, "20", "1.05", "{amount: 0.05}", "composite", "amounts may be 0.05 apart"},
		{"hours", both, "2026-09-01T12:01:00Z", "20", "1.00", "", "composite", "(up to 10m0s)"},
		{"hours past the minute", both, "2026-09-01T12:01:01Z", "20", "1.00", "", "", ""},
		{"no hours", both, "2026-09-01T12:00:00Z", "20", "1.00", "{hours_apart: none}", "", ""},
		{"fewer hours", both, "2026-09-01T12:00:00Z", "20", "1.00", "{hours_apart: 1}", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {

			files := map[string]string{
				"cdrs.ndjson": cdr,
				"invoice.csv": fmt.Sprintf("invoice_id,line,evse_id,contract_id,start,kwh,amount_excl_vat,currency\nI,1,%s,%s,%s,%s,EUR\n", c.who, c.start, c.kWh, c.amount),
			}
			if c.terms != "" {
				files["case.yaml"] = "agreement: {matching: " + c.terms + "}\n"
			}
			for _, v := range readWorld(t, files).judge() {
				for _, l := range v.Lines {
					assert.Equal(t, c.rule, l.Match.Rule)
					assert.Contains(t, findingTexts(v), c.says)
				}
			}
		})
	}
}

// A line that another CDR fits nearly as well is taken where the case says so.
func TestMarginOfTheCase(t *testing.T) {
	near := limitCDR("2026-09-01T10:00:00Z", "2026-09-01T11:00:00Z", "2026-09-01T11:05:00Z", "20", "")
	far := strings.Replace(limitCDR("2026-09-01T10:00:40Z", "2026-09-01T11:00:40Z", "2026-09-01T11:05:40Z", "20", ""), `"id":"C","start`, `"id":"D","start`, 1)
	files := map[string]string{
		"cdrs.ndjson": strings.ReplaceAll(near, "\n", "") + "\n" + strings.ReplaceAll(far, "\n", ""),
		"invoice.csv": "invoice_id,line,evse_id,contract_id,start,kwh,amount_excl_vat,currency\nI,1,NL*CPO*E1,DE-EMP-C1,2026-09-01T10:00:00Z,20,1.00,EUR\n",
	}
	for terms, want := range map[string]string{"60": matchAmbiguous, "41": matchAmbiguous, "40": matchTolerance} {
		files["case.yaml"] = "agreement: {matching: {margin: " + terms + "}}\n"
		l := readWorld(t, files).judge()[0].Lines[0]
		assert.Equal(t, want, l.Match.State, terms)
		assert.Equal(t, int64(40), *l.Match.Margin)
	}
}
