package rounding

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
)

func TestSchemeInWordsAndJSON(t *testing.T) {
	for _, c := range []struct {
		scheme     Scheme
		text, json string
	}{
		{Scheme{Per: PerNone}, "no rounding", `{"per":"none"}`},
		{Scheme{Per: PerSession, Decimals: 2, Mode: exact.HalfUp}, "half-up to 2 decimals per session", `{"decimals":2,"mode":"half-up","per":"session"}`},
		{Scheme{Per: PerSession, Decimals: 2, Mode: exact.Down, Tax: TaxOnNet}, "tax on the net as stated, down to 2 decimals", `{"decimals":2,"mode":"down","per":"session","tax":"on-net"}`},
		{Scheme{Per: PerPeriod, Decimals: 0, Mode: exact.HalfEven, Tax: TaxOnParts}, "half-even to 0 decimals per period, before and after tax", `{"decimals":0,"mode":"half-even","per":"period","tax":"on-parts"}`},
		{Scheme{Per: PerComponent, Decimals: 4, Mode: exact.Up, Line: Step{2, exact.HalfUp}}, "up to 4 decimals per component, then the line half-up to 2 decimals", `{"decimals":4,"mode":"up","per":"component","line":{"decimals":2,"mode":"half-up"}}`},
	} {
		require.Equal(t, c.text, c.scheme.String())
		require.JSONEq(t, c.json, document(t, c.scheme))
	}
}

// What is written is read again, and nothing else is.
func TestSchemeFromJSON(t *testing.T) {
	for _, b := range []Basis{BeforeTaxes, AfterTaxes} {
		for minor := range int32(5) {
			for _, scheme := range NewSpace(b, minor, true).Schemes() {
				var again Scheme
				require.NoError(t, json.Unmarshal([]byte(document(t, scheme)), &again), "%s", document(t, scheme))
				require.Equal(t, scheme, again)
			}
		}
	}
	for text, want := range map[string]string{
		`{"per":"invoice"}`:                                                                  "no decimals",
		`{"per":"none","mode":"up"}`:                                                         "per none rounds nothing",
		`{"per":"none","decimals":2}`:                                                        "per none rounds nothing",
		`{"decimals":2,"mode":"up","per":"invoice"}`:                                         `per "invoice" is not known`,
		`{"decimals":2,"mode":"up","per":"session","tax":"later"}`:                           `tax "later" is not known`,
		`{"decimals":2,"mode":"nearest","per":"session"}`:                                    "no mode that is known",
		`{"decimals":10,"mode":"up","per":"session"}`:                                        "10 decimals, want from 0 to 9",
		`{"decimals":2,"mode":"up","per":"session","line":{"decimals":-1,"mode":"up"}}`:      "-1 decimals",
		`{"decimals":2,"mode":"up","per":"session","line":{"decimals":0,"mode":"sideways"}}`: `mode "sideways" of line`,
		`{"decimals":2,"mode":"up","per":"session","round":"up"}`:                            `unknown field "round"`,
		`{"decimals":"2","mode":"up","per":"session"}`:                                       "cannot unmarshal",
	} {
		require.ErrorContains(t, json.Unmarshal([]byte(text), new(Scheme)), want, text)
	}
}

// Every space fits a Set and holds no scheme twice; each kind of scheme stands where the order of simplicity says.
func TestSpaces(t *testing.T) {
	for _, b := range []Basis{BeforeTaxes, AfterTaxes} {
		for minor := range int32(5) {
			for _, lines := range []bool{false, true} {
				s := NewSpace(b, minor, lines)
				require.LessOrEqual(t, len(s.schemes), 64*setWords)
				for i, scheme := range s.Schemes() {
					require.Equal(t, i, s.Index(scheme), scheme)
				}
			}
		}
	}
	require.Len(t, NewSpace(BeforeTaxes, 2, false).schemes, 49)
	require.Len(t, NewSpace(AfterTaxes, 2, false).schemes, 109)
	require.Len(t, NewSpace(BeforeTaxes, 2, true).schemes, 177)
	require.Len(t, NewSpace(AfterTaxes, 0, true).schemes, 337)
	require.Equal(t, []string{
		"no rounding", "half-up to 3 decimals per session", "half-up to 2 decimals per session", "half-up to 4 decimals per session", "half-even to 3 decimals per session",
	}, texts(NewSpace(BeforeTaxes, 3, false).schemes[:5]))
	require.Equal(t, -1, NewSpace(BeforeTaxes, 2, false).Index(Scheme{Per: PerSession, Decimals: 2, Mode: exact.HalfUp, Tax: TaxOnNet}))
}

// What each scheme makes of one cost: energy 1.005 with 19 % and time 2.115 with 7 %, in two periods.
func TestApply(t *testing.T) {
	c := Computed{
		Total: tariff.Amount{BeforeTaxes: known(d("3.12")), AfterTaxes: known(d("3.459"))},
		Parts: tariff.Amounts{
			Members:    []tariff.Amount{amount("1.005", "19"), amount("2.115", "7")},
			Components: []tariff.Amount{amount("1.005", "19"), amount("2.115", "7")},
			Periods:    []tariff.Amount{amount("0.502", "19"), amount("0.503", "19"), amount("2.115", "7")},
		},
	}
	net := known(d("3.13"))
	for _, x := range []struct {
		basis  Basis
		scheme Scheme
		want   string
	}{
		{BeforeTaxes, Scheme{Per: PerNone}, "3.12"},
		{BeforeTaxes, Scheme{Per: PerSession, Decimals: 1, Mode: exact.HalfUp}, "3.1"},
		{BeforeTaxes, Scheme{Per: PerLine, Decimals: 1, Mode: exact.HalfUp}, "3.1"},
		{BeforeTaxes, Scheme{Per: PerDimension, Decimals: 2, Mode: exact.HalfUp}, "3.13"},
		{BeforeTaxes, Scheme{Per: PerComponent, Decimals: 2, Mode: exact.HalfEven}, "3.12"},
		{BeforeTaxes, Scheme{Per: PerPeriod, Decimals: 2, Mode: exact.Up}, "3.14"},
		{BeforeTaxes, Scheme{Per: PerPeriod, Decimals: 2, Mode: exact.Down}, "3.11"},
		{BeforeTaxes, Scheme{Per: PerPeriod, Decimals: 2, Mode: exact.Up, Line: Step{1, exact.HalfUp}}, "3.1"},
		{AfterTaxes, Scheme{Per: PerSession, Decimals: 2, Mode: exact.HalfUp}, "3.46"},
		{AfterTaxes, Scheme{Per: PerDimension, Decimals: 2, Mode: exact.HalfUp}, "3.46"},                   // 1.19595 + 2.26305
		{AfterTaxes, Scheme{Per: PerDimension, Decimals: 2, Mode: exact.HalfUp, Tax: TaxOnParts}, "3.47"},  // 1.01 × 1.19 = 1.2019, 2.12 × 1.07 = 2.2684
		{AfterTaxes, Scheme{Per: PerSession, Decimals: 2, Mode: exact.HalfUp, Tax: TaxOnNet}, "3.47"},      // 3.13 × 3.459 ÷ 3.12 = 3.4700…
		{AfterTaxes, Scheme{Per: PerSession, Decimals: 3, Mode: exact.Down, Tax: TaxOnNet}, "3.47"},        // 3.47008…
		{AfterTaxes, Scheme{Per: PerComponent, Decimals: 1, Mode: exact.HalfEven, Tax: TaxOnParts}, "3.4"}, // 1.0 × 1.19 → 1.2, 2.1 × 1.07 = 2.247 → 2.2
	} {
		v, ok := x.scheme.Apply(&c, x.basis, net)
		require.True(t, ok)
		require.Equal(t, x.want, v.Trim().String(), "%s %s", x.basis, x.scheme)
	}
	_, ok := Scheme{Per: PerSession, Decimals: 2, Mode: exact.HalfUp, Tax: TaxOnNet}.Apply(&c, AfterTaxes, ocpi.Number{})
	require.False(t, ok)

	c.Parts.Least.BeforeTaxes = known(d("3.125"))
	for mode, want := range map[exact.Mode]string{exact.HalfUp: "3.13", exact.HalfEven: "3.12", exact.Down: "3.12"} {
		v, _ := Scheme{Per: PerPeriod, Decimals: 2, Mode: mode}.Apply(&c, BeforeTaxes, net)
		require.Equal(t, want, v.String(), ModeName(mode))
	}
	c.Parts.Whole = true
	v, _ := Scheme{Per: PerPeriod, Decimals: 2, Mode: exact.Up}.Apply(&c, BeforeTaxes, net)
	require.Equal(t, "3.12", v.String())
}

// A scheme makes of a price what it makes of its parts; the net on which it puts the tax is its own.
func TestOf(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 9))
	for i := range 40 {
		res := priced(madeCDR(r, i))
		c := Compute(res)
		for _, b := range []Basis{BeforeTaxes, AfterTaxes} {
			for _, scheme := range NewSpace(b, 2, true).Schemes() {
				net, ok := scheme.Apply(&c, BeforeTaxes, ocpi.Number{})
				require.True(t, ok)
				want, ok := scheme.Apply(&c, b, known(net))
				require.True(t, ok)
				have, ok := scheme.Of(res, b)
				require.True(t, ok)
				require.True(t, want.Equal(have), "%s %s: %s, want %s", b, scheme, have, want)
			}
		}
	}
}

// Where a price is known only with its taxes, no tax can be put on a net: the amount is rounded as it is.
func TestOfGrossAlone(t *testing.T) {
	res := priced("2.3.0", []byte(`{"id":"C","currency":"EUR","cdr_location":{"country":"DEU"},"start_date_time":"2026-09-01T10:00:00Z",
		"end_date_time":"2026-09-01T11:00:00Z","tariffs":[{"id":"E","currency":"EUR","tax_included":"YES","elements":[{"price_components":[
		{"type":"ENERGY","price":0.4905,"step_size":1}]}]}],"charging_periods":[{"start_date_time":"2026-09-01T10:00:00Z","dimensions":[{"type":"ENERGY","volume":1.01}]}]}`))
	for _, tax := range []Tax{TaxExact, TaxOnNet, TaxOnParts} {
		scheme := Scheme{Per: PerSession, Decimals: 2, Mode: exact.Down, Tax: tax}
		v, ok := scheme.Of(res, AfterTaxes)
		require.True(t, ok)
		require.Equal(t, "0.49", v.String()) // of 0.495405
		_, ok = scheme.Of(res, BeforeTaxes)
		require.False(t, ok)
	}
}

func TestClassify(t *testing.T) {
	found := Inference{Found: true, Scheme: Scheme{Per: PerSession, Decimals: 2, Mode: exact.HalfUp}}
	for _, c := range []struct {
		inference Inference
		claimed   string
		tolerance string
		want      Class
	}{
		{found, "1.0049", "0", Exact},
		{found, "1.00", "0", Explained},
		{found, "1.0099", "0.005", Within},
		{found, "1.01", "0.005", Mismatched},
		{found, "1.01", "0.0051", Within},
		{Inference{Scheme: found.Scheme}, "1.00", "0.004", Mismatched},
	} {
		got, ok := c.inference.Classify(&Observation{Claimed: Money{BeforeTaxes: known(d(c.claimed))}, Computed: costing("", "1.0049")}, BeforeTaxes, d(c.tolerance))
		require.True(t, ok)
		require.Equal(t, c.want, got, c)
	}
	_, ok := found.Classify(&Observation{Computed: costing("", "1")}, BeforeTaxes, halfCent)
	require.False(t, ok)
	require.False(t, ptr(Observation{Computed: Compute(&tariff.Result{Blocked: &ocpi.Finding{}})}).Compares(BeforeTaxes))
}

// A survey tells currencies and bases apart, and does not mind who counted what.
func TestSurvey(t *testing.T) {
	a, b := NewSurvey(false), NewSurvey(false)
	for i := range madeCosts()[:100] {
		c := &madeCosts()[i]
		o := claim(t, c, NewSpace(AfterTaxes, 2, false), Scheme{Per: PerSession, Decimals: 2, Mode: exact.HalfUp, Tax: TaxOnNet})
		[]*Survey{a, b}[i%2].Add("EUR", 2, &o, halfCent)
		yen, _ := Scheme{Per: PerSession, Decimals: 0, Mode: exact.Up}.Apply(c, BeforeTaxes, ocpi.Number{})
		b.Add("JPY", 0, &Observation{Claimed: Money{BeforeTaxes: known(yen)}, Computed: *c}, halfCent)
	}
	a.Merge(b)
	var got []string
	for _, f := range a.Findings() {
		require.True(t, f.Decided())
		require.Equal(t, 100, f.Counts.Observations)
		got = append(got, f.Currency+" "+string(f.Basis)+" "+f.Scheme.String())
	}
	require.Equal(t, []string{
		"EUR before_taxes half-up to 2 decimals per component", "EUR after_taxes tax on the net as stated, half-up to 2 decimals", "JPY before_taxes up to 0 decimals per session",
	}, got)
}

// A part whose net is not known has no tax on its net: the other parts alone are no amount.
func TestNoTaxOnUnknownNet(t *testing.T) {
	parts := []tariff.Amount{amount("1.00", "19"), {AfterTaxes: known(d("0.004"))}}
	o := Observation{Claimed: Money{AfterTaxes: known(d("1.19"))}, Computed: Computed{
		Total: tariff.Amount{AfterTaxes: known(d("1.194"))}, Parts: tariff.Amounts{Members: parts, Components: parts, Periods: parts},
	}}
	s := NewSpace(AfterTaxes, 2, false)
	set := s.Match(&o)
	require.True(t, set.Has(s.Index(Scheme{Per: PerPeriod, Decimals: 2, Mode: exact.HalfUp})))
	require.False(t, set.Has(s.Index(Scheme{Per: PerPeriod, Decimals: 2, Mode: exact.HalfUp, Tax: TaxOnParts})))
	require.Equal(t, s.matchOneByOne(&o), set)
}
