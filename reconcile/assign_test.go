package reconcile

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// leastOf is the least cost of all ways to give each row a column of its own or none, where one row must not get one column: by all
// sets of columns that the first rows can have taken. Column −1 is being left alone.
func leastOf(costs [][]int64, row, column int) int64 {
	sets := make([]int64, 1<<len(costs[0]))
	for i := range sets {
		sets[i] = impossible
	}
	sets[0] = 0
	for i := range costs {
		next := make([]int64, len(sets))
		for set := range sets {
			next[set] = impossible
			if i != row || column != -1 {
				next[set] = sets[set] + alone
			}
			for j, cost := range costs[i] {
				if set&(1<<j) != 0 && cost != impossible && (i != row || j != column) {
					next[set] = min(next[set], sets[set&^(1<<j)]+cost)
				}
			}
			next[set] = min(next[set], impossible)
		}
		sets = next
	}
	least := int64(impossible)
	for _, cost := range sets {
		least = min(least, cost)
	}
	return least
}

func randomCosts(r *rand.Rand) [][]int64 {
	limit := []int64{1, 2, 4, 30, 1_000_000, maxPairCost}[r.IntN(6)]
	fits := 1 + r.IntN(4)
	columns := 1 + r.IntN(8)
	costs := make([][]int64, 1+r.IntN(8))
	for i := range costs {
		costs[i] = make([]int64, columns)
		for j := range costs[i] {
			costs[i][j] = impossible
			if r.IntN(4) < fits {
				costs[i][j] = r.Int64N(limit)
			}
		}
	}
	return costs
}

// What assign finds costs least of all ways, and its margins are those to the best other way.
func TestAssignEqualsEveryWay(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	many := 10_000
	if testing.Short() {
		many = 500
	}
	equal := 0
	for range many {
		costs := randomCosts(r)
		found := assign(costs)
		used := map[int]bool{}
		var sum int64
		for i, a := range found {
			if a.column < 0 {
				sum += alone
				continue
			}
			require.False(t, used[a.column], "a column is assigned twice")
			used[a.column] = true
			require.Less(t, costs[i][a.column], int64(impossible))
			sum += costs[i][a.column]
		}
		require.Equal(t, leastOf(costs, -1, -1), sum)
		for i, a := range found {
			want := int64(impossible)
			if other := leastOf(costs, i, a.column); other < impossible {
				want = other - sum
			}
			require.Equal(t, want, a.margin, "row %d of %v", i, costs)
			if want == 0 {
				equal++
			}
		}
	}
	require.Positive(t, equal, "some have several optima")
}
