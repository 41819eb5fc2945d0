package commitment

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

func stepsOf(t require.TestingT, tree *Tree, disclosed []int) []SumStep {
	var steps []SumStep
	require.NoError(t, tree.ProveSums(disclosed, func(s SumStep) error { steps = append(steps, s); return nil }))
	return steps
}

// checkSteps checks a proof against the tree whose records are known.
func checkSteps(h *Head, tree *Tree, steps []SumStep) (*SumsChecked, error) {
	next := func() (*SumStep, error) {
		if len(steps) == 0 {
			return nil, nil
		}
		s := steps[0]
		steps = steps[1:]
		return &s, nil
	}
	return CheckSums(h, next, func(i int64, _ Sums) (tlog.Hash, Sums, error) { return tree.hashes[0][i], tree.leaves[i].Sums(), nil })
}

// TestTheRestAddsUp: whatever is disclosed, total = disclosed + rest, and the rest is in no step but as sums.
func TestTheRestAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tree := anyTree(t, 1)
		h := headOf(t, tree)
		var disclosed []int
		var open Sums
		want := Sums{}
		for i := range tree.leaves {
			want = want.plus(tree.leaves[i].Sums())
			if rapid.Bool().Draw(t, "disclosed") {
				disclosed = append(disclosed, i)
				open = open.plus(tree.leaves[i].Sums())
			}
		}
		steps := stepsOf(t, tree, disclosed)
		c, err := checkSteps(h, tree, steps)
		require.NoError(t, err)
		require.True(t, c.Total.equal(want))
		require.True(t, c.Disclosed.equal(open))
		require.Equal(t, int64(len(tree.leaves)-len(disclosed)), c.Hidden)

		i := rapid.IntRange(0, len(steps)-1).Draw(t, "step")
		changed := slices.Clone(steps)
		more := SumsOf(KindCDR, "EUR", exact.FromInt(1))
		changed[i].Sums = changed[i].Sums.plus(more)
		_, err = checkSteps(h, tree, changed)
		require.Error(t, err, "a sum that is not that of the records")
		_, err = checkSteps(h, tree, slices.Delete(slices.Clone(steps), i, i+1))
		require.Error(t, err, "a step left out")
		_, err = checkSteps(h, tree, append(slices.Clone(steps), steps[i]))
		require.Error(t, err, "a step more")
	})
}

// TestSumsCannotBeMoved: what one side of a node is said to have more and the other less is found out, though the node has the same in all.
func TestSumsCannotBeMoved(t *testing.T) {
	tree := treeOf(t, leafOf("a", "1"), leafOf("b", "2"), leafOf("c", "3"), leafOf("d", "4"))
	h := headOf(t, tree)
	steps := stepsOf(t, tree, []int{1, 2})
	require.Len(t, steps, 4)
	_, err := checkSteps(h, tree, steps)
	require.NoError(t, err)
	steps[0].Sums, steps[3].Sums = SumsOf(KindCDR, "EUR", exact.FromInt(2)), SumsOf(KindCDR, "EUR", exact.FromInt(3))
	_, err = checkSteps(h, tree, steps)
	require.ErrorContains(t, err, "root of the tree of sums")
}

// TestCreditsStandApart: a hidden credit takes nothing away from the debits.
func TestCreditsStandApart(t *testing.T) {
	tree := treeOf(t, leafOf("a", "10.50"), leafOf("b", "-0.5"), leafOf("c", "0"))
	_, total := tree.Sums()
	require.Equal(t, "cdr EUR 10.5 0.5\n", string(total.appendText(nil)))
	require.Equal(t, "10", total[0].Net().Plain())
}

func TestSumsThatAreNone(t *testing.T) {
	one, zero := Amount{exact.FromInt(1)}, Amount{}
	for _, s := range []Sums{
		{{KindCDR, "EUR", Amount{exact.FromInt(-1)}, one}}, {{KindCDR, "EUR", zero, zero}}, {{"x", "EUR", one, zero}}, {{KindCDR, "E U", one, zero}},
		{{KindCDR, "EUR", one, zero}, {KindCDR, "EUR", one, zero}}, {{KindCDR, "SEK", one, zero}, {KindCDR, "EUR", one, zero}},
	} {
		require.Error(t, s.check())
	}
	require.NoError(t, Sums{{KindCDR, "EUR", one, zero}, {KindInvoiceLine, "EUR", zero, one}}.check())
	var a Amount
	for _, text := range []string{`1`, `"1.0"`, `"x"`, `"1e1"`} {
		require.Error(t, a.UnmarshalJSON([]byte(text)))
	}
	long := exact.MustParse("0.30000000000000004440892098500626")
	text, err := Amount{long}.MarshalJSON()
	require.NoError(t, err)
	require.NoError(t, a.UnmarshalJSON(text))
	require.True(t, a.Equal(long), "no digit is lost")
}
