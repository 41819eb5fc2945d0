package reconcile

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// Shares sum to the amount, none is more than a unit from its proportion, equal weights differ by no more than a unit, the earlier having it, and
// of an amount that is part of the weights no share is more than its weight.
func TestShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		places := rapid.Int32Range(0, 4).Draw(t, "places")
		var weights []exact.Decimal
		for _, w := range rapid.SliceOfN(rapid.Int64Range(0, 500), 1, 9).Draw(t, "weights") {
			weights = append(weights, exact.New(w, places))
		}
		whole := sum(weights)
		units, _, _ := whole.Units(places)
		amount := exact.New(rapid.Int64Range(0, units).Draw(t, "amount"), places)
		shares := Share(amount, weights, places)
		require.True(t, sum(shares).Equal(amount))
		unit := exact.New(1, places)
		for i, s := range shares {
			require.False(t, s.Sign() < 0 || weights[i].Less(s), "share %s of weight %s", s, weights[i])
			if whole.Sign() > 0 {
				require.True(t, s.Mul(whole).Sub(amount.Mul(weights[i])).Abs().Less(unit.Mul(whole)))
			}
			for j := range i {
				if apart := shares[j].Sub(s); weights[i].Equal(weights[j]) {
					require.True(t, apart.IsZero() || apart.Equal(unit))
				}
			}
		}
	})
}

func TestShareOfNothing(t *testing.T) {
	require.Empty(t, Share(exact.FromInt(1), nil, 2))
	require.Equal(t, "0.5", Share(exact.New(5, 1), make([]exact.Decimal, 2), 2)[0].Plain())
	thirds := Share(exact.New(10001, 4), []exact.Decimal{exact.FromInt(1), exact.FromInt(1), exact.FromInt(1)}, 2)
	require.Equal(t, "0.34 0.3301 0.33", fmt.Sprint(thirds[0].Plain(), " ", thirds[1].Plain(), " ", thirds[2].Plain()))
}

// wholeOfCents is a group of one CDR that costs so many cents, and lines over it of so many cents.
func wholeOfCents(cost int64, claims []int64) *Group {
	text := fmt.Sprintf(`{"country_code":"NL","party_id":"CPO","id":"C1","start_date_time":"2026-09-01T10:00:00Z","end_date_time":"2026-09-01T11:00:00Z","session_id":"S1",`+
		`"cdr_token":{"uid":"U","type":"RFID","contract_id":"C"},"auth_method":"WHITELIST","cdr_location":{"id":"L","address":"a","city":"c","country":"NLD",`+
		`"coordinates":{"latitude":"52","longitude":"4"},"evse_uid":"E","evse_id":"NL*CPO*E","connector_id":"1","connector_standard":"IEC_62196_T2",`+
		`"connector_format":"SOCKET","connector_power_type":"DC"},"currency":"EUR","tariffs":[{"country_code":"NL","party_id":"CPO","id":"T1","currency":"EUR",`+
		`"elements":[{"price_components":[{"type":"FLAT","price":%[1]s,"step_size":1}]}],"last_updated":"2026-08-01T00:00:00Z"}],`+
		`"charging_periods":[{"start_date_time":"2026-09-01T10:00:00Z","dimensions":[{"type":"ENERGY","volume":1},{"type":"TIME","volume":1}]}],`+
		`"total_cost":{"excl_vat":%[1]s},"total_energy":1,"total_time":1,"last_updated":"2026-09-01T12:00:00Z"}`, exact.New(cost, 2).Plain())
	c, findings := ocpi.NewDecoder(ocpi.Options{}).CDR(ocpi.Record{Bytes: []byte(text)})
	g := &Group{CDRs: []CDRInput{{c, findings}}}
	for i, cents := range claims {
		g.Lines = append(g.Lines, &Line{
			InvoiceID: "I", Line: fmt.Sprint(i + 1), CDRID: "C1", Currency: "EUR", Claimed: Money{BeforeTaxes: Known(exact.New(cents, 2))},
			Record: ocpi.Record{Place: ocpi.Place{File: "i.csv", Record: i + 1}},
		})
	}
	return g
}

// fittingSums are the different sets of claims that come to the cost, by trying all of them.
func fittingSums(cost int64, claims []int64) map[string]int {
	out := map[string]int{}
	for set := 1; set < 1<<len(claims); set++ {
		var some []int64
		var total int64
		for i, c := range claims {
			if set>>i&1 == 1 {
				some, total = append(some, c), total+c
			}
		}
		if total == cost {
			slices.Sort(some)
			out[fmt.Sprint(some)] = len(some)
		}
	}
	return out
}

// What several lines of one CDR come to is what trying all sets of them says; no more is proven than it costs; and their order in the group
// changes nothing.
func TestLineSetsByBruteForce(t *testing.T) {
	terms := (&Case{Agreement: AgreementTerms{Tolerance: DefaultTolerance(), Limits: DefaultLimits(), Matching: DefaultMatching()}}).Terms()
	outcomes := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		cost := rapid.Int64Range(4, 14).Draw(t, "cost") * 100
		claims := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) int64 { return rapid.Int64Range(1, 9).Draw(t, "euros") * 100 }), 2, 7).Draw(t, "claims")
		fits := fittingSums(cost, claims)
		several, withFirst := 0, false
		for key, n := range fits {
			if n > 1 {
				several++
				withFirst = slices.Contains(strings.Fields(strings.Trim(key, "[]")), fmt.Sprint(claims[0]))
			}
		}
		want := "one set"
		switch {
		case claims[0] == cost || several == 0:
			want = "row 24"
		case len(fits) > 1 || !withFirst:
			want = "ambiguous"
		}
		g := wholeOfCents(cost, claims)
		v := Judge(g, terms)
		var proven exact.Decimal
		sets, open := 0, 0
		for i := range v.Lines {
			checkVerdict(t, &v.Lines[i])
			proven = proven.Add(v.Lines[i].Proven.BeforeTaxes.Value)
			if v.Lines[i].Set != nil {
				sets++
				require.Equal(t, Proven, v.Lines[i].Outcome)
			}
			if v.Lines[i].Match.State == matchAmbiguous {
				open++
			}
		}
		switch want {
		case "row 24":
			require.Zero(t, sets+open)
		case "ambiguous":
			require.Zero(t, sets)
			require.Equal(t, len(claims), open)
		default:
			require.Zero(t, open)
			require.Equal(t, fits[slices.Collect(keysOf(fits))[0]], sets)
			require.True(t, proven.Equal(exact.New(cost, 2)))
		}
		require.False(t, exact.New(cost, 2).Less(proven))
		outcomes[want]++

		turned := wholeOfCents(cost, claims)
		slices.Reverse(turned.Lines)
		again := Judge(turned, terms)
		for i := range v.Lines {
			require.Equal(t, renderLine(&v.Lines[i]), renderLine(&again.Lines[i]))
			require.Equal(t, v.Lines[i].Set, again.Lines[i].Set)
		}
	})
	t.Log(outcomes)
	if !testing.Short() { // which draws few sets
		require.Len(t, outcomes, 3, "%v", outcomes)
	}
}

func keysOf(m map[string]int) func(func(string) bool) {
	return func(yield func(string) bool) {
		for key := range m {
			if !yield(key) {
				return
			}
		}
	}
}

// A CDR that states more than it is worth, in lines of any size: what is conceded of the whole is conceded of the lines, to the cent.
func TestSharesOfASetConserve(t *testing.T) {
	terms := (&Case{Agreement: AgreementTerms{Tolerance: DefaultTolerance(), Limits: DefaultLimits(), Matching: DefaultMatching()}}).Terms()
	rapid.Check(t, func(t *rapid.T) {
		claims := rapid.SliceOfN(rapid.Int64Range(1, 999), 2, 8).Draw(t, "claims")
		var stated int64
		for _, c := range claims {
			stated += c
		}
		worth := rapid.Int64Range(1, stated).Draw(t, "worth")
		g := wholeOfCents(worth, claims)
		g.CDRs[0].CDR.TotalCost.BeforeTaxes = Known(exact.New(stated, 2))
		if fits := fittingSums(worth, claims); worth < stated && len(fits) > 0 || len(fittingSums(stated, claims)) != 1 {
			t.Skip("another set is the CDR")
		}
		v := Judge(g, terms)
		var proven, conceded, computed exact.Decimal
		for i := range v.Lines {
			l := &v.Lines[i]
			checkVerdict(t, l)
			if l.Set == nil {
				t.Skip("a rounding of the price is another set")
			}
			proven, conceded, computed = proven.Add(l.Proven.BeforeTaxes.Value), conceded.Add(l.Conceded.BeforeTaxes.Value), computed.Add(l.Computed.BeforeTaxes.Value)
			require.NoError(t, l.Set.Fits(l, claimsOf(v.Lines), i))
		}
		require.Equal(t, v.Lines[0].Set.Proven.BeforeTaxes.Value.Plain(), proven.Trim().Plain())
		require.Equal(t, v.Lines[0].Set.Conceded.BeforeTaxes.Value.Plain(), conceded.Trim().Plain())
		require.True(t, computed.Equal(exact.New(worth, 2)))
	})
}

func claimsOf(lines []LineVerdict) []Money {
	out := make([]Money, len(lines))
	for i := range lines {
		out[i] = lines[i].Invoiced
	}
	return out
}

// Thousands of sets are not told apart, and nothing is conceded for it.
func TestLineSetsBeyondTheSearch(t *testing.T) {
	var claims []int64
	for n := range int64(40) {
		claims = append(claims, 200+2*n) // never an odd sum
	}
	v := Judge(wholeOfCents(2001, claims), (&Case{Agreement: AgreementTerms{Tolerance: DefaultTolerance(), Matching: DefaultMatching()}}).Terms())
	for i := range v.Lines {
		require.Equal(t, matchAmbiguous, v.Lines[i].Match.State)
		require.True(t, slices.ContainsFunc(v.Lines[i].Findings, func(f ocpi.Finding) bool { return f.Code == codeSearchLimit }))
	}
}
