package rounding

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
)

// tariffsOf are the tariffs of the made population, in the version that has them.
var tariffsOf = []struct{ version, text string }{
	{"2.2.1", `{"id":"A","currency":"EUR","elements":[{"price_components":[{"type":"ENERGY","price":0.3519,"vat":19,"step_size":1},{"type":"FLAT","price":0.355,"vat":19,"step_size":1}]}]}`},
	{"2.2.1", `{"id":"B","currency":"EUR","elements":[{"price_components":[{"type":"ENERGY","price":0.29,"vat":21,"step_size":1},{"type":"TIME","price":1.37,"vat":21,"step_size":60},{"type":"PARKING_TIME","price":3.1,"vat":21,"step_size":60}]}]}`},
	{"2.2.1", `{"id":"C","currency":"EUR","elements":[{"price_components":[{"type":"ENERGY","price":0.41,"vat":19,"step_size":1}],"restrictions":{"max_kwh":12}},{"price_components":[{"type":"ENERGY","price":0.337,"vat":19,"step_size":1},{"type":"TIME","price":0.95,"vat":7,"step_size":1}]}]}`},
	{"2.2.1", `{"id":"D","currency":"EUR","min_price":{"excl_vat":4.175,"incl_vat":5.01},"elements":[{"price_components":[{"type":"ENERGY","price":0.2545,"vat":20,"step_size":1},{"type":"TIME","price":0.5,"vat":20,"step_size":1}]}]}`},
	{"2.3.0", `{"id":"E","currency":"EUR","tax_included":"YES","elements":[{"price_components":[{"type":"ENERGY","price":0.4905,"vat":19,"step_size":1},{"type":"PARKING_TIME","price":2,"vat":19,"step_size":1}]}]}`},
}

// madeCDR is the n-th CDR of the made population.
func madeCDR(r *rand.Rand, n int) (version string, raw []byte) {
	t := tariffsOf[n%len(tariffsOf)]
	at := time.Date(2026, 9, 1, r.IntN(24), r.IntN(60), 0, 0, time.UTC)
	start := at
	var periods []string
	for i, last := 0, r.IntN(5); i <= last; i++ {
		minutes := 3 + r.IntN(70)
		kind, kwh := "TIME", fmt.Sprintf("%d.%03d", r.IntN(9), r.IntN(1000))
		if i == last && i > 0 {
			kind, kwh = "PARKING_TIME", "0"
		}
		periods = append(periods, fmt.Sprintf(`{"start_date_time":%q,"dimensions":[{"type":"ENERGY","volume":%s},{"type":%q,"volume":%s}]}`,
			at.Format(time.RFC3339), kwh, kind, exact.FromInt(int64(minutes)).DivRound(exact.FromInt(60), 4, exact.HalfUp)))
		at = at.Add(time.Duration(minutes) * time.Minute)
	}
	return t.version, fmt.Appendf(nil, `{"id":"C%d","currency":"EUR","cdr_location":{"country":"DEU"},"start_date_time":%q,"end_date_time":%q,"tariffs":[%s],"charging_periods":[%s]}`,
		n, start.Format(time.RFC3339), at.Format(time.RFC3339), t.text, strings.Join(periods, ","))
}

// madeCosts prices the made CDRs, once for all tests.
var madeCosts = sync.OnceValue(func() []Computed {
	r := rand.New(rand.NewPCG(2026, 9))
	out := make([]Computed, 10_000)
	for i := range out {
		out[i] = Compute(priced(madeCDR(r, i)))
	}
	return out
})

// priced is the price of a CDR.
func priced(version string, raw []byte) *tariff.Result {
	v, _ := ocpi.ParseVersion(version)
	cdr, _ := ocpi.NewDecoder(ocpi.Options{Version: v}).CDR(ocpi.Record{Bytes: raw})
	zone, _ := tariff.ResolveZone(cdr, nil, "")
	res := tariff.Price(tariff.Input{CDR: cdr, Zone: zone})
	if res.Blocked != nil {
		panic(res.Blocked.Message)
	}
	return res
}

// statedNet is the scheme by which the made population states amounts before taxes beside those after.
var statedNet = Scheme{Per: PerComponent, Decimals: 2, Mode: exact.HalfUp}

// claim is the observation of a computed cost that a scheme makes.
func claim(t require.TestingT, c *Computed, s *Space, scheme Scheme) Observation {
	o := Observation{Computed: *c}
	if s.basis == AfterTaxes {
		net, ok := statedNet.Apply(c, BeforeTaxes, ocpi.Number{})
		require.True(t, ok)
		o.Claimed.BeforeTaxes = known(net)
	}
	v, ok := scheme.Apply(c, s.basis, o.Claimed.BeforeTaxes)
	require.True(t, ok, scheme)
	if s.basis == AfterTaxes {
		o.Claimed.AfterTaxes = known(v)
	} else {
		o.Claimed.BeforeTaxes = known(v)
	}
	return o
}

func known(v exact.Decimal) ocpi.Number { return ocpi.Number{Value: v, Present: true} }

// disturb moves a claimed amount by up to half a euro, a cent most often.
func disturb(o *Observation, b Basis, r *rand.Rand) {
	cents := []int64{1, -1, 1, -1, 2, int64(1 + r.IntN(50)), -int64(1 + r.IntN(50))}[r.IntN(7)]
	n := &o.Claimed.BeforeTaxes
	if b == AfterTaxes {
		n = &o.Claimed.AfterTaxes
	}
	n.Value = n.Value.Add(exact.New(cents, 2))
}

// d, amount and part write what tests need by hand.
func d(text string) exact.Decimal { return exact.MustParse(text) }

func amount(net, rate string) tariff.Amount {
	a := tariff.Amount{BeforeTaxes: known(d(net)), Period: -1}
	if rate != "" {
		a.Rate = known(d(rate))
		a.AfterTaxes = known(d(net).Mul(d(rate).Add(d("100"))).Shift(-2))
	}
	return a
}

// costing is a computed cost of components that are dimensions and periods at once.
func costing(rate string, nets ...string) Computed {
	var c Computed
	var sum exact.Decimal
	for _, n := range nets {
		c.Parts.Members = append(c.Parts.Members, amount(n, rate))
		sum = sum.Add(d(n))
	}
	c.Parts.Components, c.Parts.Periods = c.Parts.Members, c.Parts.Members
	c.Total = amount(sum.String(), rate)
	return c
}

func TestPopulationIsVaried(t *testing.T) {
	most := 0
	limited, mixed := 0, 0
	for i := range madeCosts() {
		c := &madeCosts()[i]
		most = max(most, len(c.Parts.Periods))
		if c.Parts.Least.BeforeTaxes.Present && c.Total.BeforeTaxes.Value.Equal(c.Parts.Least.BeforeTaxes.Value) {
			limited++
		}
		if !c.Total.Rate.Present {
			mixed++
		}
	}
	require.Greater(t, most, 8)
	require.Greater(t, limited, 100)
	require.Greater(t, mixed, 500)
}
