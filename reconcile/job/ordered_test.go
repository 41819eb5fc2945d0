package job

import (
	"context"
	"errors"
	"iter"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func numbers(n int) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		for i := range n {
			if !yield(i, nil) {
				return
			}
		}
	}
}

func TestOrderedKeepsOrderAndLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 300).Draw(t, "n")
		workers := rapid.IntRange(1, 9).Draw(t, "workers")
		var got []int
		err := ordered(context.Background(), numbers(n), workers,
			func(_, in int) (int, error) { return in * 2, nil },
			func(out int) error { got = append(got, out); return nil })
		require.NoError(t, err)
		require.Len(t, got, n)
		for i, v := range got {
			require.Equal(t, 2*i, v)
		}
	})
}

// synctest fails where a goroutine is left behind.
func TestOrderedLeavesNoGoroutineBehind(t *testing.T) {
	boom := errors.New("boom")
	failing := func(at int) func(int, int) (int, error) {
		return func(_, in int) (int, error) {
			if in == at {
				return 0, boom
			}
			return in, nil
		}
	}
	ok := func(int) error { return nil }
	t.Run("f fails", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			require.ErrorIs(t, ordered(context.Background(), numbers(1000), 3, failing(50), ok), boom)
		})
	})
	t.Run("sink fails", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			sink := func(v int) error {
				if v == 70 {
					return boom
				}
				return nil
			}
			require.ErrorIs(t, ordered(context.Background(), numbers(1000), 3, failing(-1), sink), boom)
		})
	})
	t.Run("source fails", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			src := func(yield func(int, error) bool) {
				_ = yield(1, nil) && yield(0, boom)
			}
			require.ErrorIs(t, ordered(context.Background(), src, 3, failing(-1), ok), boom)
		})
	})
	t.Run("cancelled", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			sink := func(v int) error {
				if v == 10 {
					cancel()
				}
				return nil
			}
			require.ErrorIs(t, ordered(ctx, numbers(1000), 3, failing(-1), sink), context.Canceled)
		})
	})
}
