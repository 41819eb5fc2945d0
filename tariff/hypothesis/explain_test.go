package hypothesis_test

import (
	"flag"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
	"github.com/nexacollect/reconcile/tariff/hypothesis"
)

const euroCents = 2

// decoded is a CDR as received, and the other versions of its tariff.
func decoded(t require.TestingT, s *session, body []byte) (tariff.Input, []*ocpi.Tariff) {
	v := map[string]ocpi.Version{"2.1.1": ocpi.V211, "2.2.1": ocpi.V221, "2.3.0": ocpi.V230}[s.version]
	d := ocpi.NewDecoder(ocpi.Options{Version: v})
	cdr, _ := d.CDR(ocpi.Record{Bytes: body})
	require.NotNil(t, cdr, "%s", body)
	in := tariff.Input{CDR: cdr}
	in.Zone, _ = tariff.ResolveZone(cdr, nil, s.zone)
	var others []*ocpi.Tariff
	for _, p := range []priceList{s.older, s.newer} {
		o, _ := d.Tariff(ocpi.Record{Bytes: []byte(p.json(s.version, 1))})
		others = append(others, o)
	}
	return in, others
}

func ratio(a, b int64) *big.Rat { return big.NewRat(a, b) }

func explain(t require.TestingT, s *session, body []byte) []hypothesis.Hypothesis {
	in, others := decoded(t, s, body)
	return hypothesis.Explain(in, hypothesis.ClaimOf(in.CDR, euroCents), others...)
}

// defective makes a session with the defect and its explanation; ok is false where the defect changes the price by no more than a cent.
// watch compares the input before and after.
func (f *fault) defective(t require.TestingT, r *rand.Rand, watch bool) (list []hypothesis.Hypothesis, body []byte, ok bool) {
	s := random(r)
	if f.prepare != nil {
		f.prepare(r, s)
	}
	reckoned, m := s.clone(), mistakes{}
	if f.session != nil {
		f.session(reckoned)
	}
	if f.mistakes != nil {
		m = f.mistakes(s)
	}
	b := price(reckoned, m)
	if f.bill != nil {
		b = f.bill(r, b)
	}
	if f.data == nil && f.stated == nil && same(b, price(s, mistakes{})) {
		return nil, nil, false
	}
	d := s.document()
	d.claim = claim{net: rounded(b.total.net, 2, exact.HalfUp)}
	if b.taxed {
		d.claim.gross = rounded(b.total.gross, 2, exact.HalfUp)
	}
	if f.stated != nil {
		if c := f.stated(r, b, claim{d.claim.net, rounded(b.total.gross, 2, exact.HalfUp)}); b.taxed {
			d.claim = c
		} else {
			d.claim.net = c.net
		}
	}
	if f.data != nil {
		f.data(r, d)
	}
	var costs *bill
	if s.costs {
		costs = &b
	}
	body = d.json(costs, 2, exact.HalfUp)
	in, others := decoded(t, s, body)
	if !matters(in) {
		return nil, nil, false
	}
	var before string
	if watch {
		before = snapshot(in, others)
	}
	list = hypothesis.Explain(in, hypothesis.ClaimOf(in.CDR, euroCents), others...)
	if watch {
		require.Equal(t, before, snapshot(in, others), "the input is changed")
	}
	return list, body, true
}

// snapshot is all that Explain is given, in words.
func snapshot(in tariff.Input, others []*ocpi.Tariff) string {
	text := fmt.Sprintf("%+v", *in.CDR)
	for _, list := range [][]*ocpi.Tariff{in.CDR.Tariffs, in.Supplied, others} {
		for _, o := range list {
			text += fmt.Sprintf("%+v", *o)
			for _, el := range o.Elements {
				text += fmt.Sprintf("%+v %+v", el.PriceComponents, el.Restrictions)
			}
		}
	}
	return text
}

// same reports bills of the same total.
func same(a, b bill) bool {
	return a.total.net.Cmp(b.total.net) == 0 && (!a.taxed || a.total.gross.Cmp(b.total.gross) == 0)
}

// matters reports a claim that differs from the price by more than a cent and that is no rounding of it: nothing is to be said of those.
func matters(in tariff.Input) bool {
	res := tariff.Price(in)
	if res.Blocked != nil {
		return false
	}
	t := &res.Totals
	far := func(claimed ocpi.Number, of func(tariff.Money) ocpi.Number) bool {
		price := of(t.Cost)
		if !claimed.Present || !price.Present || !exact.New(1, 2).Less(claimed.Value.Sub(price.Value).Abs()) {
			return false
		}
		var parts []exact.Decimal
		for _, m := range []tariff.Money{t.FixedCost, t.EnergyCost, t.TimeCost, t.ParkingCost} {
			parts = append(parts, of(m).Value)
		}
		return !sumOfRoundings(claimed.Value, price.Value, parts)
	}
	c := in.CDR.TotalCost
	return far(c.BeforeTaxes, func(m tariff.Money) ocpi.Number { return m.BeforeTaxes }) ||
		far(c.AfterTaxes, func(m tariff.Money) ocpi.Number { return m.AfterTaxes })
}

// sumOfRoundings reports a claim that is the sum of the parts of a price, each rounded. Of roundings of the whole none is a cent away.
func sumOfRoundings(claimed, price exact.Decimal, parts []exact.Decimal) bool {
	for _, mode := range []exact.Mode{exact.HalfUp, exact.HalfEven, exact.Down, exact.Up} {
		var whole, sum exact.Decimal
		for _, p := range parts {
			whole, sum = whole.Add(p), sum.Add(p.Round(2, mode))
		}
		if whole.Round(6, exact.HalfUp).Equal(price.Round(6, exact.HalfUp)) && sum.Equal(claimed) {
			return true
		}
	}
	return false
}

// lines is the size of each population.
func lines() int {
	if testing.Short() {
		return min(25, *linesOf)
	}
	return *linesOf
}

// linesOf is set by 'make soak'.
var linesOf = flag.Int("lines", 100, "CDRs of each population")

// TestDefectsAreNamed puts each defect into a population of CDRs and wants it named in 99 of 100.
func TestDefectsAreNamed(t *testing.T) {
	rows := make([]string, len(faults))
	t.Cleanup(func() {
		t.Logf("%-24s %-12s %6s %6s %7s %6s", "defect", "direction", "lines", "listed", "single", "named")
		for _, row := range rows {
			t.Log(row)
		}
	})
	covered := map[string]bool{}
	for i := range faults {
		f := &faults[i]
		covered[f.name+"/"+string(f.direction)] = true
		t.Run(fmt.Sprintf("%s %s %d", f.name, f.direction, i), func(t *testing.T) {
			t.Parallel()
			rows[i] = f.measure(t, uint64(i))
		})
	}
	for _, e := range hypothesis.Catalogue() {
		assert.True(t, covered[e.Name+"/"+string(e.Direction)], "no population for %s/%s", e.Name, e.Direction)
	}
}

// measure counts in how many lines of a population the defect is listed, named from the line alone, and named from the population.
func (f *fault) measure(t *testing.T, seed uint64) string {
	r := rand.New(rand.NewPCG(7, seed))
	var population hypothesis.Population
	var found [][]hypothesis.Hypothesis
	var bodies [][]byte
	for tries := 0; len(found) < lines(); tries++ {
		require.Less(t, tries, 200*lines())
		if list, body, ok := f.defective(t, r, len(found) < 10); ok {
			found, bodies = append(found, list), append(bodies, body)
			population.Add(list)
		}
	}
	is := func(h hypothesis.Hypothesis, ok bool) bool {
		return ok && h.Name == f.name && h.Direction == f.direction
	}
	listed, single, named := 0, 0, 0
	for n, list := range found {
		if slices.ContainsFunc(list, func(h hypothesis.Hypothesis) bool { return is(h, true) }) {
			listed++
		}
		if is(hypothesis.Single(list)) {
			single++
		}
		if is(population.Settle(list)) {
			named++
		} else {
			t.Logf("not named:%s\n%s", names(list), bodies[n])
		}
	}
	assert.GreaterOrEqual(t, named*100, len(found)*99, "%v", population.Shares())
	return fmt.Sprintf("%-24s %-12s %6d %6d %7d %6d", f.name, f.direction, len(found), listed, single, named)
}

func names(list []hypothesis.Hypothesis) string {
	out := ""
	for _, h := range list {
		out += fmt.Sprintf(" %s/%s(%v)", h.Name, h.Direction, h.Breakdown)
	}
	return out
}

// TestCost bounds how often a CDR is priced: once where the claim is the price, at most MaxPricings times elsewhere.
func TestCost(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 1))
	most, sum, full := 0, 0, 0
	const many = 1000
	for range many {
		s := random(r)
		b := price(s, mistakes{})
		d := s.document()
		d.claim = claim{net: rounded(b.total.net, 2, exact.HalfUp)}
		in, others := decoded(t, s, d.json(nil, 2, exact.HalfUp))
		require.Equal(t, 1, hypothesis.Pricings(in, hypothesis.ClaimOf(in.CDR, euroCents), others...))
		wrong := hypothesis.ClaimOf(in.CDR, euroCents)
		wrong.Total.BeforeTaxes.Value = wrong.Total.BeforeTaxes.Value.Mul(exact.New(50+r.Int64N(100), 2)).Add(exact.New(77, 2))
		n := hypothesis.Pricings(in, wrong, others...)
		most, sum = max(most, n), sum+n
		if n == hypothesis.MaxPricings {
			full++
		}
	}
	t.Logf("pricings of a mismatching CDR: %d at most, %d.%d on average; %d of %d reach the limit", most, sum/many, sum*10/many%10, full, many)
	require.LessOrEqual(t, most, hypothesis.MaxPricings)
}

// TestNothingOnCleanData wants no hypothesis where the claim is the price or a named rounding of it.
func TestNothingOnCleanData(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 1))
	modes := []exact.Mode{exact.HalfUp, exact.HalfEven, exact.Down, exact.Up}
	clean := 10_000
	if testing.Short() {
		clean = 1_000
	}
	for n := range clean {
		s := random(r)
		b := price(s, mistakes{})
		d := s.document()
		places, mode := int32(2+n%3), modes[n/3%4]
		of := func(v *big.Rat, parts ...*big.Rat) string {
			switch {
			case n%5 == 0:
				return rounded(v, 12, exact.HalfEven)
			case n%5 == 1 && s.tariffs[0].max == 0 && !s.credit:
				var sum exact.Decimal
				for _, p := range parts {
					sum = sum.Add(exact.MustParse(rounded(p, places, mode)))
				}
				return sum.Plain()
			}
			return rounded(v, places, mode)
		}
		d.claim.net = of(b.total.net, b.fixed.net, b.energy.net, b.time.net, b.parking.net)
		if b.taxed {
			d.claim.gross = of(b.total.gross, b.fixed.gross, b.energy.gross, b.time.gross, b.parking.gross)
		}
		body := d.json(&b, places, mode)
		require.Empty(t, explain(t, s, body), "%s", body)
	}
}

// TestYenHaveNoDecimals wants whole yen to be an ordinary rounding, and whole euros a defect.
func TestYenHaveNoDecimals(t *testing.T) {
	for currency, minor := range map[string]int32{"JPY": 0, "EUR": 2} {
		cdr, _ := ocpi.NewDecoder(ocpi.Options{Version: ocpi.V221}).CDR(ocpi.Record{Bytes: fmt.Appendf(nil, `{"id":"C","currency":%[1]q,
			"start_date_time":"2026-09-01T10:00:00Z","end_date_time":"2026-09-01T11:00:00Z","total_cost":{"excl_vat":12},
			"charging_periods":[{"start_date_time":"2026-09-01T10:00:00Z","dimensions":[{"type":"ENERGY","volume":20}]}],
			"tariffs":[{"id":"T","currency":%[1]q,"elements":[{"price_components":[{"type":"ENERGY","price":0.64,"step_size":1}]}]}]}`, currency)})
		found := hypothesis.Explain(tariff.Input{CDR: cdr}, hypothesis.ClaimOf(cdr, minor))
		if minor == 0 {
			assert.Empty(t, found, currency)
			continue
		}
		h, ok := hypothesis.Single(found)
		require.True(t, ok, "%s:%s", currency, names(found))
		assert.Equal(t, "total-rounded-down", h.Name)
		assert.Equal(t, []hypothesis.Parameter{{Name: "decimals", Value: "0"}}, h.Parameters)
		assert.Equal(t, "the partner cut the total to fewer than two decimals", h.Text)
	}
}
