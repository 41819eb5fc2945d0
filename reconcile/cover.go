package reconcile

import (
	"cmp"
	"math/bits"
	"slices"
)

// Covering sets: which CDRs together make the amount of a line that stands for several. All in whole numbers, so that a set fits or does not.

// coverItem is a CDR as a part of a sum.
type coverItem struct {
	amount int64 // minor units, not negative
	energy int64 // mWh
}

// coverWant is what a set must come to.
type coverWant struct {
	amount      int64
	count       int   // of items; −1: not asked
	least, most int64 // energy; asked where energy is true
	energy      bool
}

// coverState is what became of a search.
type coverState uint8

const (
	coverNone    coverState = iota // no set fits
	coverFound                     // one set does, and no other
	coverChance                    // one set does, but so many sets are there that some may come to anything
	coverSeveral                   // more than one does
	coverLimit                     // the search was given up before it was known whether another fits
)

// Bounds of a search: how much room its table of sums takes, in bits, and how many branches it follows.
const (
	maxCoverTable = 1 << 26
	maxCoverSteps = 1 << 18
)

// findCover looks for the set of items that comes to what is wanted, and whether there is another. chosen are places in items, in order; of
// several sets it is one that fits, of none nil. The order of items decides nothing: not whether a set is found, nor when the search is given up.
//
// Where all items fit, they are the set: amounts are not negative, so that another set differs from it by items that cost nothing, and the
// whole is what a line over a scope says.
func findCover(items []coverItem, want coverWant) (chosen []int, state coverState) {
	total := sumOf(items)
	if want.fits(total, len(items)) {
		return allOf(len(items)), coverFound
	}
	rest := total.amount - want.amount
	if want.amount <= 0 || rest < 0 {
		return nil, coverNone
	}
	if rest >= want.amount {
		return searchCover(items, want)
	}
	// What is left out is the smaller sum: fewer sets come to it.
	out := coverWant{amount: rest, count: -1, least: total.energy - want.most, most: total.energy - want.least, energy: want.energy}
	if want.count >= 0 {
		if out.count = len(items) - want.count; out.count < 0 {
			return nil, coverNone
		}
	}
	left, state := searchCover(items, out)
	if left == nil {
		return nil, state
	}
	return slices.DeleteFunc(allOf(len(items)), func(i int) bool { return slices.Contains(left, i) }), state
}

// coverOdds is how many times more sums there must be that a line could state than sets that could come to one. Else a set may come to the amount of
// a line that stands for CDRs which are not there.
const coverOdds = 1000

// byChance reports that among the items there are so many sets that one of them may come to what is wanted though another is meant: the sums that
// could be wanted are as many as the items have minor units in all, each with as many energies as they have spans of the least to the most.
func (w *coverWant) byChance(items []coverItem) bool {
	total := sumOf(items)
	sums := uint64(total.amount)
	if w.energy {
		high, low := bits.Mul64(sums, max(1, uint64(total.energy)/uint64(w.most-w.least+1)))
		if sums = low; high > 0 {
			return len(items) > 64
		}
	}
	high, low := bits.Mul64(w.sets(len(items)), coverOdds)
	return high > 0 || low > sums
}

// sets is how many sets of n items there are, of the count that is wanted where one is; no more than 2^62 is told.
func (w *coverWant) sets(n int) uint64 {
	const most = 1 << 62
	if w.count < 0 {
		return 1 << min(n, 62)
	}
	sets := uint64(1)
	for i := range min(w.count, n-w.count) {
		high, low := bits.Mul64(sets, uint64(n-i))
		if high > 0 || low > most {
			return most
		}
		sets = low / uint64(i+1)
	}
	return sets
}

func sumOf(items []coverItem) (total coverItem) {
	for _, it := range items {
		total.amount += it.amount
		total.energy += it.energy
	}
	return total
}

func allOf(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// fits reports a sum of so many items that is what is wanted.
func (w *coverWant) fits(sum coverItem, count int) bool {
	return count > 0 && sum.amount == w.amount && (w.count < 0 || w.count == count) && (!w.energy || w.least <= sum.energy && sum.energy <= w.most)
}

// coverSearch follows the branches of taking and leaving each item. reach tells which amounts the items from one on can make, so that no
// branch is followed that does not lead to the amount; energy and count are looked at on the way.
type coverSearch struct {
	items  []coverItem
	at     []int // of each item: its place as given
	want   coverWant
	reach  [][]uint64
	energy []int64 // of the items from one on
	steps  int
	taken  []int
	found  []int
	count  int // sets that fit, no more than two
}

func searchCover(items []coverItem, want coverWant) ([]int, coverState) {
	s := &coverSearch{want: want}
	for i, it := range items {
		if it.amount <= want.amount {
			s.at = append(s.at, i)
		}
	}
	slices.SortStableFunc(s.at, func(i, j int) int {
		return cmp.Or(cmp.Compare(items[j].amount, items[i].amount), cmp.Compare(items[j].energy, items[i].energy))
	})
	for _, i := range s.at {
		s.items = append(s.items, items[i])
	}
	if int64(len(s.items)+1) > maxCoverTable/(want.amount+64) {
		return nil, coverLimit
	}
	s.tabulate()
	s.follow(0, coverItem{})
	switch {
	case s.count > 1:
		return s.found, coverSeveral
	case s.steps > maxCoverSteps:
		return nil, coverLimit
	case s.count == 1:
		return s.found, coverFound
	}
	return nil, coverNone
}

// tabulate works out, from the last item on, which amounts can be made.
func (s *coverSearch) tabulate() {
	words := s.want.amount/64 + 1
	s.reach = make([][]uint64, len(s.items)+1)
	s.energy = make([]int64, len(s.items)+1)
	last := make([]uint64, words)
	last[0] = 1
	s.reach[len(s.items)] = last
	for i := len(s.items) - 1; i >= 0; i-- {
		row := slices.Clone(s.reach[i+1])
		shift, bit := s.items[i].amount/64, uint(s.items[i].amount%64)
		for w := shift; w < words; w++ {
			row[w] |= s.reach[i+1][w-shift] << bit
			if bit > 0 && w > shift {
				row[w] |= s.reach[i+1][w-shift-1] >> (64 - bit)
			}
		}
		s.reach[i], s.energy[i] = row, s.energy[i+1]+s.items[i].energy
	}
}

// follow looks at the items from i on, with a sum taken so far, until a second set is found.
func (s *coverSearch) follow(i int, sum coverItem) {
	if s.count > 1 || !s.leads(i, sum) {
		return
	}
	if s.steps++; s.steps > maxCoverSteps {
		return
	}
	if i == len(s.items) {
		if s.count++; s.count == 1 {
			for _, n := range s.taken {
				s.found = append(s.found, s.at[n])
			}
			slices.Sort(s.found)
		}
		return
	}
	it := s.items[i]
	s.taken = append(s.taken, i)
	s.follow(i+1, coverItem{sum.amount + it.amount, sum.energy + it.energy})
	s.taken = s.taken[:len(s.taken)-1]
	s.follow(i+1, sum)
}

// leads reports that the items from i on may bring a sum to what is wanted.
func (s *coverSearch) leads(i int, sum coverItem) bool {
	left := s.want.amount - sum.amount
	if left < 0 || s.reach[i][left/64]>>(left%64)&1 == 0 {
		return false
	}
	if n := len(s.taken); s.want.count >= 0 && (n > s.want.count || n+len(s.items)-i < s.want.count) {
		return false
	}
	return !s.want.energy || sum.energy <= s.want.most && sum.energy+s.energy[i] >= s.want.least
}
