package hypothesis_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/tariff/hypothesis"
)

func list(names ...string) []hypothesis.Hypothesis {
	var out []hypothesis.Hypothesis
	for _, name := range names {
		out = append(out, hypothesis.Hypothesis{Name: name, Direction: calculation, Text: "the partner did " + name})
	}
	return out
}

func population(counts map[string]int, all ...[]hypothesis.Hypothesis) *hypothesis.Population {
	p := new(hypothesis.Population)
	for range counts["none"] {
		p.Add(nil)
	}
	for _, l := range all {
		for range counts[l[0].Name] {
			p.Add(l)
		}
	}
	return p
}

func TestPopulationNamesWhatExplainsNearlyAll(t *testing.T) {
	for _, c := range []struct {
		name   string
		counts map[string]int
		want   string
	}{
		{"all of them, a rival in some", map[string]int{"a": 6, "b": 4}, "the partner did a, in 10 of 10 mismatching CDRs"},
		{"nearly all of them", map[string]int{"a": 95, "none": 5}, "the partner did a, in 95 of 100 mismatching CDRs"},
		{"not enough of them", map[string]int{"a": 94, "none": 6}, ""},
		{"a rival explains as many", map[string]int{"b": 10}, ""},
		{"nearly all, and so does a rival", map[string]int{"a": 1, "b": 98, "none": 1}, ""},
		{"too few to speak of", map[string]int{"a": 4}, ""},
		{"none at all", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			leader, ok := population(c.counts, list("a"), list("b", "a")).Leader()
			require.Equal(t, c.want != "", ok)
			if ok {
				assert.Equal(t, c.want, leader.String())
			}
		})
	}
}

func TestPopulationSettlesWhatOneCDRLeavesOpen(t *testing.T) {
	p := population(map[string]int{"a": 6, "b": 4}, list("a"), list("b", "a"))
	_, single := hypothesis.Single(list("b", "a"))
	assert.False(t, single)
	h, ok := p.Settle(list("b", "a"))
	require.True(t, ok)
	assert.Equal(t, "a", h.Name)
	h, ok = p.Settle(list("c")) // not the population's: its own
	require.True(t, ok)
	assert.Equal(t, "c", h.Name)
}

func TestSingle(t *testing.T) {
	_, ok := hypothesis.Single(nil)
	assert.False(t, ok)
	two := list("a", "b")
	_, ok = hypothesis.Single(two)
	assert.False(t, ok, "several")
	two[1].Breakdown = true
	h, ok := hypothesis.Single(two)
	assert.True(t, ok && h.Name == "b", "the breakdown beats the total")
	two = list("a", "b")
	two[0].SameAs = "b"
	h, ok = hypothesis.Single(two)
	assert.True(t, ok && h.Name == "b", "two names for one thing")
	h, ok = hypothesis.Single(two[:1])
	assert.True(t, ok && h.Name == "a", "the other is not there")
}

// What a population finds depends neither on the order of CDRs nor on how they were divided.
func TestPopulationKnowsNoOrder(t *testing.T) {
	all := [][]hypothesis.Hypothesis{nil, list("a"), list("b"), list("a", "b"), list("c", "a")}
	rapid.Check(t, func(t *rapid.T) {
		added := rapid.SliceOf(rapid.SampledFrom(all)).Draw(t, "CDRs")
		cut := rapid.IntRange(0, len(added)).Draw(t, "cut")
		var one, left, right hypothesis.Population
		for i, l := range added {
			one.Add(l)
			if i < cut {
				right.Add(l)
			} else {
				left.Add(l)
			}
		}
		left.Merge(&right)
		assert.Equal(t, one.Shares(), left.Shares())
	})
}

// TestChanceExplainsLittle claims what nobody reckoned: no defect may be named for it.
func TestChanceExplainsLittle(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	var p hypothesis.Population
	const many = 1000
	single, listed := 0, 0
	for range many {
		s := random(r)
		b := price(s, mistakes{})
		d := s.document()
		cents := 100 + r.Int64N(6000)
		d.claim.net = plain(ratio(cents, 100), 2)
		if b.taxed {
			d.claim.gross = plain(ratio(cents*(105+r.Int64N(20)), 10000), 2)
		}
		found := explain(t, s, d.json(nil, 2, 0))
		p.Add(found)
		if len(found) > 0 {
			listed++
		}
		if _, ok := hypothesis.Single(found); ok {
			single++
		}
	}
	_, ok := p.Leader()
	assert.False(t, ok)
	t.Logf("of %d claims by chance %d have a hypothesis, %d a single one", many, listed, single)
	assert.Less(t, listed*100, many*5)
}

func TestCatalogueIsSorted(t *testing.T) {
	assert.True(t, slices.IsSortedFunc(hypothesis.Catalogue(), func(a, b hypothesis.Entry) int {
		return slices.Compare([]string{a.Name, string(a.Direction)}, []string{b.Name, string(b.Direction)})
	}))
	for _, e := range hypothesis.Catalogue() {
		assert.Regexp(t, `^[a-z]+(-[a-z]+)*$`, e.Name)
		assert.NotEmpty(t, e.Text)
	}
}
