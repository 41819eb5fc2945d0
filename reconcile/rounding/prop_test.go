package rounding

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
)

// genNumber draws an amount: of few decimals so that ties are common, with a quotient's tail, great, or negative.
func genNumber(t *rapid.T, label string) exact.Decimal {
	v := exact.New(rapid.Int64Range(-20_000, 90_000).Draw(t, label), rapid.Int32Range(2, 5).Draw(t, label+" scale"))
	switch rapid.IntRange(0, 12).Draw(t, label+" kind") {
	case 0:
		return v.DivRound(exact.FromInt(3), 18, exact.HalfEven)
	case 1:
		return v.Add(exact.New(1, 18))
	case 2:
		return v.Mul(exact.New(1, -12)) // beyond what is counted in words
	case 3:
		return v.Mul(exact.MustParse("100000000000000000000000000000"))
	}
	return v
}

func genAmount(t *rapid.T) tariff.Amount {
	net := genNumber(t, "net")
	a := tariff.Amount{BeforeTaxes: known(net), Period: -1}
	switch rapid.IntRange(0, 7).Draw(t, "taxes") {
	case 0:
		a.AfterTaxes = known(genNumber(t, "gross")) // several rates
	case 1: // not known
	case 2:
		a.BeforeTaxes, a.AfterTaxes = ocpi.Number{}, known(net)
	default:
		rate := d(rapid.SampledFrom([]string{"0", "7", "19", "20", "5.2", "8.1", "-10", "0.00001", "900", "-150"}).Draw(t, "rate"))
		a.Rate, a.AfterTaxes = known(rate), known(net.Mul(rate.Add(d("100"))).Shift(-2))
	}
	return a
}

func genLimit(t *rapid.T, label string) ocpi.Number {
	if rapid.IntRange(0, 3).Draw(t, label+" is there") > 0 {
		return ocpi.Number{}
	}
	return known(exact.New(rapid.Int64Range(-500, 5000).Draw(t, label), rapid.Int32Range(1, 6).Draw(t, label+" scale")))
}

// genComputed draws a cost whose parts need not even make its total.
func genComputed(t *rapid.T) Computed {
	list := func(label string) []tariff.Amount {
		return rapid.SliceOfN(rapid.Custom(genAmount), 0, 4).Draw(t, label)
	}
	return Computed{Total: genAmount(t), Parts: tariff.Amounts{
		Members: list("members"), Components: list("components"), Periods: list("periods"), Whole: rapid.IntRange(0, 9).Draw(t, "whole") == 0,
		Least: tariff.Money{BeforeTaxes: genLimit(t, "least"), AfterTaxes: genLimit(t, "least gross")},
		Most:  tariff.Money{BeforeTaxes: genLimit(t, "most"), AfterTaxes: genLimit(t, "most gross")},
	}}
}

func genSpace(t *rapid.T) *Space {
	return NewSpace(rapid.SampledFrom([]Basis{BeforeTaxes, AfterTaxes}).Draw(t, "basis"), rapid.Int32Range(0, 4).Draw(t, "minor"), rapid.Bool().Draw(t, "lines"))
}

// What is computed at once, in machine words, is what each scheme makes by itself.
func TestPropMatchIsApply(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := genSpace(r)
		o := Observation{Computed: genComputed(r), Claimed: Money{BeforeTaxes: known(genNumber(r, "claimed")), AfterTaxes: known(genNumber(r, "claimed gross"))}}
		if rapid.Bool().Draw(r, "without net") {
			o.Claimed.BeforeTaxes.Present = s.basis == BeforeTaxes
		}
		if v, ok := rapid.SampledFrom(s.schemes).Draw(r, "scheme").Apply(&o.Computed, s.basis, o.Claimed.BeforeTaxes); ok {
			if s.basis == AfterTaxes {
				o.Claimed.AfterTaxes = known(v)
			} else {
				o.Claimed.BeforeTaxes = known(v)
			}
		}
		if !o.Compares(s.basis) {
			require.True(r, ptr(s.Match(&o)).Empty())
			return
		}
		got, want := s.Match(&o), s.matchOneByOne(&o)
		for i, scheme := range s.schemes {
			require.Equal(r, want.Has(i), got.Has(i), "%s", scheme)
		}
		require.Equal(r, want, got)
	})
}

// drawn is a population claimed under a drawn scheme.
func drawn(r *rapid.T, s *Space) (Scheme, []Observation) {
	scheme := rapid.SampledFrom(s.schemes).Draw(r, "scheme")
	from := rapid.IntRange(0, len(madeCosts())-200).Draw(r, "from")
	var out []Observation
	for i := range rapid.IntRange(MinObservations, 60).Draw(r, "observations") {
		out = append(out, claim(r, &madeCosts()[from+i], s, scheme))
	}
	return scheme, out
}

// The scheme that made the data is among those found, and the pinned one makes every value.
func TestPropTheSchemeIsFound(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := genSpace(r)
		scheme, observations := drawn(r, s)
		tally := NewTally(s)
		for i := range observations {
			tally.Add(&observations[i], halfCent)
		}
		got := tally.Infer()
		require.True(r, got.Decided())
		require.Contains(r, got.Equivalent, scheme)
		for _, equivalent := range got.Equivalent {
			for i := range observations {
				v, ok := equivalent.Apply(&observations[i].Computed, s.basis, observations[i].Claimed.BeforeTaxes)
				require.True(r, ok && v.Equal(s.basis.of(observations[i].Claimed).Value), "%s is not %s", equivalent, scheme)
			}
		}
	})
}

// Any order of observations, shared among any workers, infers the same; and every observation has the one class that is counted.
func TestPropOrderAndClasses(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := genSpace(r)
		_, observations := drawn(r, s)
		random := rand.New(rand.NewPCG(1, rapid.Uint64().Draw(r, "seed")))
		for i := range observations {
			if random.IntN(8) == 0 {
				disturb(&observations[i], s.basis, random)
			}
		}
		tally := NewTally(s)
		for i := range observations {
			tally.Add(&observations[i], halfCent)
		}
		got := tally.Infer()
		random.Shuffle(len(observations), func(i, j int) { observations[i], observations[j] = observations[j], observations[i] })
		workers := []*Tally{NewTally(s), NewTally(s), NewTally(s)}
		for i := range observations {
			workers[random.IntN(3)].Add(&observations[i], halfCent)
		}
		workers[2].Merge(workers[0])
		workers[2].Merge(workers[1])
		again := workers[2].Infer()
		require.Equal(r, document(r, got), document(r, again))

		classes := map[Class]int{}
		for i := range observations {
			class, ok := got.Classify(&observations[i], s.basis, halfCent)
			require.True(r, ok)
			classes[class]++
		}
		n := got.Counts
		require.Equal(r, map[Class]int{Exact: n.Exact, Explained: n.Explained, Within: n.Within, Mismatched: n.Mismatched}, withZeros(classes))
		require.Equal(r, len(observations), n.Observations)
	})
}

func document(t require.TestingT, v any) string {
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return string(b)
}

func withZeros(classes map[Class]int) map[Class]int {
	for _, c := range []Class{Exact, Explained, Within, Mismatched} {
		classes[c] += 0
	}
	return classes
}

// The simplest scheme of one amount makes it, and no simpler one does.
func TestPropExplain(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := genSpace(r)
		scheme, observations := drawn(r, s)
		o := &observations[0]
		got, ok := s.Explain(o)
		require.True(r, ok)
		require.LessOrEqual(r, s.Index(got), s.Index(scheme))
		for _, simpler := range s.schemes[:s.Index(got)] {
			v, ok := simpler.Apply(&o.Computed, s.basis, o.Claimed.BeforeTaxes)
			require.False(r, ok && v.Equal(s.basis.of(o.Claimed).Value), simpler)
		}
	})
}
