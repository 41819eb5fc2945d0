package reconcile

import (
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// fitting are all sets that come to what is wanted, as bits: the slow and obvious way.
func fitting(items []coverItem, want coverWant) (out []uint) {
	for set := uint(1); set < 1<<len(items); set++ {
		var sum coverItem
		for i, it := range items {
			if set>>i&1 == 1 {
				sum.amount += it.amount
				sum.energy += it.energy
			}
		}
		if want.fits(sum, bits.OnesCount(set)) {
			out = append(out, set)
		}
	}
	return out
}

func setOf(chosen []int) (set uint) {
	for _, i := range chosen {
		set |= 1 << i
	}
	return set
}

// someCover draws items and what a set of them comes to, or nearly.
func someCover(t *rapid.T) ([]coverItem, coverWant) {
	items := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) coverItem {
		return coverItem{rapid.Int64Range(0, 40).Draw(t, "amount"), rapid.Int64Range(0, 30).Draw(t, "energy")}
	}), 0, 10).Draw(t, "items")
	want := coverWant{count: -1}
	count := 0
	for _, it := range items {
		if rapid.Bool().Draw(t, "of it") {
			want.amount += it.amount
			want.least += it.energy
			count++
		}
	}
	want.most = want.least + rapid.Int64Range(0, 3).Draw(t, "slack")
	want.energy = rapid.Bool().Draw(t, "energy asked")
	if rapid.Bool().Draw(t, "count asked") {
		want.count = count
	}
	want.amount += rapid.Int64Range(0, 1).Draw(t, "off")
	return items, want
}

// The search finds a set where there is one, says truly whether there is another, and never gives up on few items.
func TestCoverIsThatOfBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items, want := someCover(t)
		chosen, state := findCover(items, want)
		all := fitting(items, want)
		if want.amount == 0 && state == coverNone {
			return // a line over nothing is not searched for
		}
		whole := len(items) > 0 && slices.Contains(all, 1<<len(items)-1)
		switch {
		case len(all) == 0:
			require.Equal(t, coverNone, state)
			require.Nil(t, chosen)
		case whole:
			require.Equal(t, coverFound, state)
			require.Len(t, chosen, len(items))
		case len(all) == 1:
			require.Equal(t, coverFound, state)
			require.Equal(t, all[0], setOf(chosen))
		default:
			require.Equal(t, coverSeveral, state)
			require.Contains(t, all, setOf(chosen))
		}
	})
}

// The order of items decides nothing, also where the search is given up.
func TestCoverDoesNotHangOnOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	states := map[coverState]int{}
	for range 300 {
		items := make([]coverItem, 3+r.IntN(60))
		want := coverWant{count: -1, energy: r.IntN(2) == 0}
		for i := range items {
			items[i] = coverItem{200 + r.Int64N(3000), r.Int64N(60_000)}
			if i == 0 || r.IntN(len(items)) < 3 {
				want.amount += items[i].amount
				want.least += items[i].energy
			}
		}
		want.most = want.least
		chosen, state := findCover(items, want)
		states[state]++
		order := r.Perm(len(items))
		shuffled := make([]coverItem, len(items))
		for i, n := range order {
			shuffled[i] = items[n]
		}
		again, same := findCover(shuffled, want)
		require.Equal(t, state, same)
		if state == coverFound {
			for i := range again {
				again[i] = order[again[i]]
			}
			slices.Sort(again)
			require.Equal(t, chosen, again)
		}
	}
	assert.Positive(t, states[coverFound])
	assert.Positive(t, states[coverSeveral])
	assert.Positive(t, states[coverLimit])
}

func TestCover(t *testing.T) {
	items := []coverItem{{500, 20_000}, {700, 30_000}, {500, 10_000}, {900, 40_000}}
	for _, c := range []struct {
		name   string
		want   coverWant
		chosen []int
		state  coverState
	}{
		{"all", coverWant{amount: 2600, count: -1}, []int{0, 1, 2, 3}, coverFound},
		{"all, counted", coverWant{amount: 2600, count: 4}, []int{0, 1, 2, 3}, coverFound},
		{"all, but fewer", coverWant{amount: 2600, count: 3}, nil, coverNone},
		{"all, but more", coverWant{amount: 2600, count: 5}, nil, coverNone},
		{"one left out", coverWant{amount: 1900, count: -1}, []int{0, 2, 3}, coverFound},
		{"one of two alike", coverWant{amount: 2100, count: -1}, []int{1, 2, 3}, coverSeveral},
		{"told by energy", coverWant{amount: 2100, count: -1, energy: true, least: 80_000, most: 80_000}, []int{1, 2, 3}, coverFound},
		{"told by count", coverWant{amount: 900, count: 1}, []int{3}, coverFound},
		{"more than there is", coverWant{amount: 2601, count: -1}, nil, coverNone},
		{"a cent off", coverWant{amount: 1901, count: -1}, nil, coverNone},
		{"nothing", coverWant{count: -1}, nil, coverNone},
	} {
		chosen, state := findCover(items, c.want)
		assert.Equal(t, c.state, state, c.name)
		if state == coverSeveral {
			assert.Len(t, chosen, len(c.chosen), c.name)
		} else {
			assert.Equal(t, c.chosen, chosen, c.name)
		}
	}
	_, state := findCover(slices.Repeat([]coverItem{{1 << 40, 1}}, 3), coverWant{amount: 1 << 40, count: -1})
	assert.Equal(t, coverLimit, state, "amounts too large for the table")
}

// A line that stands for CDRs of which one is not there finds a set that comes to its amount by chance once in a thousand times at most.
func TestCoverIsNotByChance(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	const draws = 30_000
	taken := map[bool]int{}
	for n := range draws {
		items := make([]coverItem, 2+r.IntN(9))
		want := coverWant{count: -1, energy: r.IntN(2) == 0}
		count := 0
		for i := range items {
			wh := 500 + r.Int64N(60_000)
			items[i] = coverItem{wh * (30 + r.Int64N(30)) / 1000, wh * 1000}
			if r.IntN(3) > 0 {
				want.amount += items[i].amount
				want.least += items[i].energy
				count++
			}
		}
		if lost := n%2 == 0; lost { // the last CDR of the line is not there
			want.amount += 500 + r.Int64N(3000)
			want.least += 20_000_000 + r.Int64N(20_000_000)
			count++
		}
		want.least, want.most = want.least-5000, want.least+5000
		if r.IntN(2) == 0 {
			want.count = count
		}
		chosen, state := findCover(items, want)
		if state != coverFound || len(chosen) == len(items) || want.byChance(items) {
			continue
		}
		taken[n%2 == 0]++
	}
	t.Logf("of lines whose CDRs are there %d were found, of those that lack one %d", taken[false], taken[true])
	assert.Greater(t, taken[false], draws/5)
	assert.LessOrEqual(t, taken[true], draws/2/coverOdds)
}

func TestSetsOfACount(t *testing.T) {
	for _, c := range []struct {
		n, count int
		want     uint64
	}{{5, -1, 32}, {5, 2, 10}, {5, 3, 10}, {5, 5, 1}, {40, 20, 137846528820}, {200, 100, 1 << 62}, {100, -1, 1 << 62}} {
		assert.Equal(t, c.want, (&coverWant{count: c.count}).sets(c.n), "%d of %d", c.count, c.n)
	}
}
