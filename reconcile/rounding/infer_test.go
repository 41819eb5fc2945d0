package rounding

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

var halfCent = exact.New(5, 3)

// twenty are the schemes that the made population is claimed under: net, gross and lines.
var twenty = []struct {
	basis  Basis
	lines  bool
	scheme Scheme
}{
	{BeforeTaxes, false, Scheme{Per: PerNone}},
	{BeforeTaxes, false, Scheme{Per: PerSession, Decimals: 2, Mode: exact.HalfUp}},
	{BeforeTaxes, false, Scheme{Per: PerSession, Decimals: 2, Mode: exact.HalfEven}},
	{BeforeTaxes, false, Scheme{Per: PerSession, Decimals: 4, Mode: exact.HalfEven}},
	{BeforeTaxes, false, Scheme{Per: PerSession, Decimals: 2, Mode: exact.Down}},
	{BeforeTaxes, false, Scheme{Per: PerSession, Decimals: 3, Mode: exact.Up}},
	{BeforeTaxes, false, Scheme{Per: PerDimension, Decimals: 2, Mode: exact.HalfUp}},
	{BeforeTaxes, false, Scheme{Per: PerDimension, Decimals: 4, Mode: exact.Down}},
	{BeforeTaxes, false, Scheme{Per: PerComponent, Decimals: 2, Mode: exact.HalfUp}},
	{BeforeTaxes, false, Scheme{Per: PerComponent, Decimals: 2, Mode: exact.Up}},
	{BeforeTaxes, false, Scheme{Per: PerPeriod, Decimals: 2, Mode: exact.HalfUp}},
	{BeforeTaxes, false, Scheme{Per: PerPeriod, Decimals: 2, Mode: exact.HalfEven}},
	{BeforeTaxes, false, Scheme{Per: PerPeriod, Decimals: 4, Mode: exact.HalfUp}},
	{AfterTaxes, false, Scheme{Per: PerSession, Decimals: 2, Mode: exact.HalfUp}},
	{AfterTaxes, false, Scheme{Per: PerComponent, Decimals: 2, Mode: exact.HalfEven}},
	{AfterTaxes, false, Scheme{Per: PerSession, Decimals: 2, Mode: exact.HalfUp, Tax: TaxOnNet}},
	{AfterTaxes, false, Scheme{Per: PerComponent, Decimals: 2, Mode: exact.HalfUp, Tax: TaxOnParts}},
	{BeforeTaxes, true, Scheme{Per: PerSession, Decimals: 2, Mode: exact.HalfUp}},
	{BeforeTaxes, true, Scheme{Per: PerPeriod, Decimals: 4, Mode: exact.HalfEven, Line: Step{2, exact.HalfUp}}},
	{AfterTaxes, true, Scheme{Per: PerComponent, Decimals: 3, Mode: exact.Up, Line: Step{2, exact.HalfUp}}},
}

// Under each scheme inference names it, or one that makes every claimed amount as well; also where one value in a hundred is wrong.
func TestInferNamesTheScheme(t *testing.T) {
	for _, c := range twenty {
		for _, outliers := range []int{0, 100} {
			t.Run(fmt.Sprintf("%s %s lines=%t outliers=%d", c.basis, c.scheme, c.lines, outliers), func(t *testing.T) {
				s := NewSpace(c.basis, 2, c.lines)
				checkInference(t, s, c.scheme, madeCosts(), outliers)
			})
		}
	}
}

// Every scheme of every space is found again on a smaller population.
func TestInferNamesEveryScheme(t *testing.T) {
	for _, s := range []*Space{NewSpace(BeforeTaxes, 2, true), NewSpace(AfterTaxes, 2, true), NewSpace(BeforeTaxes, 0, true), NewSpace(AfterTaxes, 3, false)} {
		for _, scheme := range s.schemes {
			checkInference(t, s, scheme, madeCosts()[:150], 0)
		}
	}
}

// checkInference claims a population under a scheme, disturbs every n-th value so that there are about the given number, and infers.
func checkInference(t *testing.T, s *Space, scheme Scheme, from []Computed, outliers int) {
	t.Helper()
	r := rand.New(rand.NewPCG(7, 7))
	tally := NewTally(s)
	var good []Observation
	for i := range from {
		o := claim(t, &from[i], s, scheme)
		if outliers > 0 && r.IntN(len(from)) < outliers {
			disturb(&o, s.basis, r)
		} else {
			good = append(good, o)
		}
		tally.Add(&o, halfCent)
	}
	got := tally.Infer()
	require.True(t, got.Found, "%s: %+v", scheme, got)
	require.Contains(t, got.Equivalent, scheme, "%s: pinned %s, %d explain, rivals %v", scheme, got.Scheme, got.Counts.Explainable, got.Rivals)
	require.Equal(t, got.Scheme, got.Equivalent[0])
	require.LessOrEqual(t, s.Index(got.Scheme), s.Index(scheme))
	for i := range good {
		v, ok := got.Scheme.Apply(&good[i].Computed, s.basis, good[i].Claimed.BeforeTaxes)
		require.True(t, ok && v.Equal(s.basis.of(good[i].Claimed).Value), "%s is not %s", got.Scheme, scheme)
	}
	n := got.Counts
	require.Equal(t, n.Observations, n.Exact+n.Explained+n.Within+n.Mismatched)
	require.GreaterOrEqual(t, n.Exact+n.Explained, len(good))
	if outliers == 0 {
		require.Empty(t, got.Rivals)
		require.Equal(t, len(good), n.Exact+n.Explained)
	}
}

func TestSchemesApartOnlyWhereTheDataTells(t *testing.T) {
	s := NewSpace(BeforeTaxes, 2, false)
	tally := NewTally(s)
	add := func(claimed string, nets ...string) {
		o := Observation{Claimed: Money{BeforeTaxes: known(d(claimed))}, Computed: costing("", nets...)}
		tally.Add(&o, halfCent)
	}
	for range 12 {
		add("3.21", "3.2149") // no tie: half-up and half-even alike, and not up; down alike too
	}
	got := tally.Infer()
	require.True(t, got.Decided())
	require.Equal(t, "half-up to 2 decimals per session", got.Scheme.String())
	require.Contains(t, got.Equivalent, Scheme{Per: PerSession, Decimals: 2, Mode: exact.HalfEven})
	require.Contains(t, got.Equivalent, Scheme{Per: PerPeriod, Decimals: 2, Mode: exact.Down})
	require.NotContains(t, got.Equivalent, Scheme{Per: PerSession, Decimals: 2, Mode: exact.Up})
	require.Equal(t, 12, got.Discriminating)
	require.Equal(t, "-0.0588", got.Counts.Rounding.String())

	add("3.22", "3.215") // a tie, to an even digit; and not down
	got = tally.Infer()
	require.Equal(t, []string{"half-up to 2 decimals per session", "half-even to 2 decimals per session"}, texts(got.Equivalent[:2]))
	require.NotContains(t, got.Equivalent, Scheme{Per: PerSession, Decimals: 2, Mode: exact.Down})
	require.Equal(t, 1, got.Discriminating)

	add("3.23", "3.225") // a tie that half-even rounds the other way
	got = tally.Infer()
	require.Equal(t, []string{
		"half-up to 2 decimals per session", "half-up to 2 decimals per dimension", "half-up to 2 decimals per component", "half-up to 2 decimals per period",
	}, texts(got.Equivalent))
	require.True(t, got.Decided())
	require.Equal(t, 1, got.Discriminating)

	add("9.99", "3.225") // no scheme explains it: now one value is too little to tell half-up from half-even
	got = tally.Infer()
	require.False(t, got.Decided())
	require.Equal(t, Rival{Scheme{Per: PerSession, Decimals: 2, Mode: exact.HalfEven}, 13, 0, 1}, got.Rivals[0])
	require.Equal(t, 1, got.Counts.Mismatched)

	add("3.23", "3.225")
	add("3.23", "3.225")
	require.True(t, ptr(tally.Infer()).Decided())
}

func ptr[T any](v T) *T { return &v }

func texts(schemes []Scheme) []string {
	var out []string
	for _, s := range schemes {
		out = append(out, s.String())
	}
	return out
}

func TestNothingIsPinnedOnTooLittle(t *testing.T) {
	s := NewSpace(BeforeTaxes, 2, false)
	observe := func(tally *Tally, n int, claimed string, nets ...string) {
		for range n {
			tally.Add(&Observation{Claimed: Money{BeforeTaxes: known(d(claimed))}, Computed: costing("", nets...)}, halfCent)
		}
	}
	few := NewTally(s)
	observe(few, MinObservations-1, "1.01", "1.005")
	require.False(t, ptr(few.Infer()).Found)
	observe(few, 1, "1.01", "1.005")
	require.True(t, ptr(few.Infer()).Found)

	// Two ways of rounding in one population: neither is its scheme, however many other values are exact.
	mixed := NewTally(s)
	observe(mixed, 1000, "1", "1")
	observe(mixed, 50, "1.01", "1.001")
	observe(mixed, 50, "1", "1.009")
	got := mixed.Infer()
	require.False(t, got.Found)
	require.Equal(t, Counts{Observations: 1100, Explainable: 1100, Telling: 100, Exact: 1000, Mismatched: 100, Rounding: exact.Decimal{}}, got.Counts)

	// Amounts that are wrong altogether.
	wrong := NewTally(s)
	observe(wrong, 60, "7", "1.005")
	observe(wrong, 40, "1.01", "1.005")
	require.False(t, ptr(wrong.Infer()).Found)

	empty := NewTally(s).Infer()
	require.False(t, empty.Found)
	require.Zero(t, empty.Discriminating)
}

func TestExactAmountsPinNoRounding(t *testing.T) {
	tally := NewTally(NewSpace(BeforeTaxes, 2, false))
	for i := range 20 {
		v := exact.New(int64(100+i), 2).String()
		tally.Add(&Observation{Claimed: Money{BeforeTaxes: known(d(v))}, Computed: costing("", v)}, halfCent)
	}
	got := tally.Infer()
	assert.True(t, got.Decided())
	assert.Equal(t, PerNone, got.Scheme.Per)
	assert.Len(t, got.Equivalent, len(tally.Space().Schemes()))
	assert.Zero(t, got.Discriminating)
	assert.Zero(t, got.Counts.Telling)
}
