package reconcile

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile/rounding"
)

const fullCase = `case: NL-CPO / DE-EMP September 2026
as_of: 2026-11-01
parties:
  creditor: {country_code: NL, party_id: CPO, name: Laadpaal BV}
  debtor: {country_code: NO, party_id: EMP}
inputs:
  cdrs: [cdrs/*.ndjson]
  invoices: invoice.csv
agreement:
  tariffs: [/home/me/agreed.json]
  time_zone: Europe/Amsterdam
  rounding: {decimals: 2, mode: half-even, per: dimension}
  tolerance: {amount: 0.010, percent: 1.5, kwh: "0.01", seconds: 30}
  rules: {step-scope: period}
  corroboration: none
  v2g: true
columns:
  invoice: {kwh: "Energie (kWh)"}
policy:
  number-out-of-range: warn
`

func TestParseCase(t *testing.T) {
	c, err := ParseCase("case.yaml", []byte(fullCase))
	require.NoError(t, err)
	assert.Equal(t, "NL-CPO / DE-EMP September 2026", c.Name)
	assert.Equal(t, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), c.AsOf)
	assert.Equal(t, Party{"NL", "CPO", "Laadpaal BV"}, c.Creditor)
	assert.Equal(t, "NO", c.Debtor.CountryCode, "a country, not a truth value")
	assert.Equal(t, []string{"invoice.csv"}, c.Inputs.Invoices)
	assert.Equal(t, &rounding.Scheme{Decimals: 2, Mode: exact.HalfEven, Per: rounding.PerDimension}, c.Agreement.Rounding)
	assert.Equal(t, "0.010", c.Agreement.Tolerance.Amount.Value.String(), "read from its text")
	assert.Equal(t, "1.5", c.Agreement.Tolerance.Percent.String())
	assert.Equal(t, map[string]string{"step-scope": "period"}, c.Agreement.Rules)
	assert.Equal(t, Columns{"kwh": "Energie (kWh)"}, c.Columns["invoice"])
	assert.Equal(t, ocpi.SeverityWarn, c.Policy["number-out-of-range"])
	a := c.Terms()
	assert.False(t, a.Corroboration)
	assert.Equal(t, "period", a.Rules(ocpi.V221).Choice("step-scope"))
	assert.True(t, (&Case{}).Terms().Corroboration, "a second record is asked for unless the case says otherwise")
}

func TestParseCaseErrors(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"unknown key", "case: x\nagreement:\n  tolerence: {amount: 1}\n", `case.yaml:3:3: unknown key "tolerence" in agreement (known: tariffs, time_zone, rounding, tolerance, rules, corroboration, limits, matching, meter_keys, v2g)`},
		{"unknown section", "cases: x\n", `case.yaml:1:1: unknown key "cases" in the case file (known: case, as_of, parties, inputs, theirs, agreement, invoices, columns, policy, lines_as, disclosure)`},
		{"negative", "agreement: {tolerance: {kwh: -1}}\n", `case.yaml:1:30: kwh: is negative`},
		{"no number", "agreement: {tolerance: {amount: half}}\n", `amount: "half"`},
		{"mode", "agreement: {rounding: {mode: nearest}}\n", `mode: "nearest" is not known, want one of half-up, half-even, down, up, floor, ceiling`},
		{"per", "agreement: {rounding: {per: invoice}}\n", `per: "invoice" is not known, want none or period or component or dimension or session or line`},
		{"per none", "agreement: {rounding: {per: none, decimals: 0}}\n", `rounding: per none rounds nothing, so that nothing else can be said of it`},
		{"per none with a line", "agreement: {rounding: {per: none, line: {}}}\n", `rounding: per none rounds nothing`},
		{"tax", "agreement: {rounding: {tax: exact}}\n", `tax: "exact" is not known, want on-net or on-parts`},
		{"line", "agreement: {rounding: {line: {decimals: -1}}}\n", `decimals: "-1" is not known, want a whole number from 0 to 9`},
		{"decimals", "agreement: {rounding: {decimals: 2.5}}\n", `decimals: "2.5" is not known`},
		{"question", "agreement: {rules: {rounding: up}}\n", `case.yaml:1:21: rules: unknown question "rounding", known are `},
		{"choice", "agreement: {rules: {step-scope: never}}\n", `rules: question step-scope: unknown choice "never"`},
		{"zone", "agreement: {time_zone: Mars/Base}\n", "time_zone: "},
		{"date", "as_of: tomorrow\n", `as_of: "tomorrow" is no date, want 2026-11-01`},
		{"corroboration", "agreement: {corroboration: maybe}\n", `corroboration: "maybe" is not known, want session or none`},
		{"no totals", "invoices: {A: {}}\n", `case.yaml:1:12: invoices.A states no totals`},
		{"totals without a currency", "invoices: {A: {totals: {net: 1}}}\n", `invoices.A.totals names no currency`},
		{"totals without one", "invoices: {A: {totals: {currency: EUR}}}\n", `invoices.A.totals states no total, want net, tax or gross`},
		{"no currency", "invoices: {A: {totals: {currency: euro}}}\n", `currency: "euro" is none`},
		{"no total", "invoices: {A: {totals: {currency: EUR, net: all}}}\n", `net: "all"`},
		{"a total that cannot be shown", "invoices: {A: {totals: {currency: EUR, net: 1.0000000000001}}}\n", `net: 1.0000000000001 has more than twelve decimals`},
		{"an invoice twice", "invoices: {A: {totals: {currency: EUR, net: 1}}, a: {totals: {currency: EUR, net: 1}}}\n", `invoice "a" is there twice`},
		{"column", "columns: {invoice: {kwhs: E}}\n", `unknown column "kwhs" in columns.invoice (known: invoice_id, `},
		{"meter key", "agreement: {meter_keys: {E1: abc}}\n", `case.yaml:1:30: meter_keys.E1: the public key cannot be read`},
		{"meter without a name", "agreement: {meter_keys: {'*': abc}}\n", `meter_keys: "*" names no meter`},
		{"window", "agreement: {matching: {window_seconds: 90000}}\n", `case.yaml:1:40: window_seconds: "90000", want a whole number from 0 to 86400`},
		{"half a second", "agreement: {matching: {composite_seconds: 0.5}}\n", `composite_seconds: "0.5", want a whole number`},
		{"hours", "agreement: {matching: {hours_apart: 0}}\n", `hours_apart: "0", want a whole number from 1 to 14 or none`},
		{"half an hour and more", "agreement: {matching: {hours_seconds: 1801}}\n", `hours_seconds: "1801", want a whole number from 0 to 1800`},
		{"share", "agreement: {matching: {kwh_percent: 101}}\n", `kwh_percent: "101", want a number from 0 to 100`},
		{"matched amount", "agreement: {matching: {amount: -0.01}}\n", `amount: is negative`},
		{"no margin", "agreement: {matching: {margin: 0}}\n", `margin: "0", want a whole number from 1 to 524288`},
		{"policy code", "policy: {no-such-code: warn}\n", `unknown code "no-such-code" in policy`},
		{"policy severity", "policy: {number-out-of-range: fatal}\n", `"fatal" is no severity, want info, warn, error or block`},
		{"forms of lines", "lines_as: [csv, ods]\n", `lines_as: "ods" is no form of lines, want csv, xlsx, parquet, or none alone`},
		{"list for text", "case: [a]\n", "case is a list, want a text"},
		{"text for mapping", "inputs: cdrs.ndjson\n", "inputs is a single value, want keys with values"},
		{"alias", "case: &a x\n", "an anchor or alias"},
		{"empty", "# nothing\n", "case.yaml: the case file is empty"},
		{"two documents", "case: a\n---\ncase: b\n", "a second document"},
		{"no YAML", "case: [\n", "case.yaml: "},
		{"twice", "case: a\ncase: b\n", "already defined"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := ParseCase("case.yaml", []byte(test.text))
			require.Error(t, err)
			assert.Contains(t, err.Error(), test.want)
		})
	}
}

func TestParseCaseShowsAllErrors(t *testing.T) {
	_, err := ParseCase("c.yaml", []byte("a: 1\nb: 2\nas_of: never\n"))
	require.Error(t, err)
	assert.Len(t, strings.Split(err.Error(), "\n"), 3)
	_, err = ParseCase("c.yaml", []byte("a: 1\nb: 1\nc: 1\nd: 1\ne: 1\nf: 1\ng: 1\nh: 1\ni: 1\nj: 1\nk: 1\nl: 1\n"))
	assert.Contains(t, err.Error(), "c.yaml: 2 more errors")
}

func TestCaseDocument(t *testing.T) {
	c, err := ParseCase("case.yaml", []byte(fullCase))
	require.NoError(t, err)
	doc, err := json.Marshal(c.Document())
	require.NoError(t, err)
	again, err := json.Marshal(c.Document())
	require.NoError(t, err)
	assert.Equal(t, string(doc), string(again))
	for _, want := range []string{
		`"tariffs":["agreed.json"]`, `"tolerance":{"amount":"0.01","percent":"1.5","kwh":"0.01","seconds":"30"}`, `"settled":{"step-scope":"period"}`,
		`"rounding":{"decimals":2,"mode":"half-even","per":"dimension"}`, `"corroboration":"none"`, `"2.1.1":{`, `"as_of":"2026-11-01"`,
	} {
		assert.Contains(t, string(doc), want)
	}
	assert.NotContains(t, string(doc), "/home/me")
}

func FuzzParseCase(f *testing.F) {
	f.Add(fullCase)
	f.Add("a: &x [1, *x]\n<<: *x\n? [k]\n: v\n!!tag v")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseCase("case.yaml", []byte(text))
		if (c == nil) == (err == nil) {
			t.Fatalf("case %v, error %v", c, err)
		}
		if c != nil {
			if _, err := json.Marshal(c.Document()); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// A scheme that summary.json shows as inferred can be written into a case file as it stands, and case.json shows the same.
func TestCaseTakesEveryScheme(t *testing.T) {
	for _, basis := range []rounding.Basis{rounding.BeforeTaxes, rounding.AfterTaxes} {
		for minor := range int32(5) {
			for _, scheme := range rounding.NewSpace(basis, minor, true).Schemes() {
				shown := partyRounding("NL/CPO", "lines", &rounding.Finding{Inference: rounding.Inference{Scheme: scheme}})
				c, err := ParseCase("case.yaml", fmt.Appendf(nil, "agreement:\n  rounding: %s\n", shown.Scheme))
				require.NoError(t, err, "%s", shown.Scheme)
				require.Equal(t, scheme, *c.Agreement.Rounding)
				doc, err := json.Marshal(c.Document())
				require.NoError(t, err)
				require.Contains(t, string(doc), `"rounding":`+string(shown.Scheme))
			}
		}
	}
}

func TestCaseRoundingByDefault(t *testing.T) {
	c, err := ParseCase("case.yaml", []byte("agreement: {rounding: {line: {mode: floor}}}\n"))
	require.NoError(t, err)
	assert.Equal(t, rounding.Scheme{Per: rounding.PerSession, Decimals: 2, Mode: exact.HalfUp, Line: rounding.Step{Decimals: 2, Mode: exact.Floor}}, *c.Agreement.Rounding)
}
