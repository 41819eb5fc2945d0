package exact

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// words draws u128 with words at their edges as often as not, which is where carries and corrections happen.
func words() *rapid.Generator[u128] {
	edge := rapid.SampledFrom([]uint64{0, 1, 2, 1<<32 - 1, 1 << 32, 1<<63 - 1, 1 << 63, 1<<63 + 1, 1<<64 - 2, 1<<64 - 1})
	w := rapid.OneOf(edge, rapid.Uint64())
	return rapid.Custom(func(t *rapid.T) u128 { return u128{w.Draw(t, "hi"), w.Draw(t, "lo")} })
}

// full is hi × 2^128 + lo.
func full(hi, lo u128) *big.Int {
	v := new(big.Int).Lsh(hi.big(), 128)
	return v.Add(v, lo.big())
}

func TestWordsAgainstBig(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := words().Draw(t, "x"), words().Draw(t, "y")
		bx, by := x.big(), y.big()
		require.Equal(t, x, wordsOf(bx))
		require.Equal(t, bx.Cmp(by), x.cmp(y))
		require.Equal(t, bx.Cmp(by) < 0, x.less(y))

		sum, ok := x.add(y)
		want := new(big.Int).Add(bx, by)
		require.Equal(t, want.BitLen() <= 128, ok)
		if ok {
			require.Equal(t, wordsOf(want), sum)
		}
		if !x.less(y) {
			require.Equal(t, wordsOf(new(big.Int).Sub(bx, by)), x.sub(y))
		}
		hi, lo := mulFull(x, y)
		want.Mul(bx, by)
		require.Zero(t, want.Cmp(full(hi, lo)))
		product, ok := x.mul(y)
		require.Equal(t, want.BitLen() <= 128, ok)
		require.Equal(t, lo, product)
	})
}

func TestQuoRemAgainstBig(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := words().Filter(func(d u128) bool { return !d.isZero() }).Draw(t, "d")
		lo := words().Draw(t, "lo")
		hi := wordsOf(new(big.Int).Mod(words().Draw(t, "hi").big(), d.big()))
		if rapid.Bool().Draw(t, "near") {
			hi = d.sub(u128{lo: 1}) // the greatest quotients
		}
		q, r := quoRem(hi, lo, d)
		wantQ, wantR := new(big.Int).QuoRem(full(hi, lo), d.big(), new(big.Int))
		require.Equal(t, wordsOf(wantQ), q)
		require.Equal(t, wordsOf(wantR), r)
	})
}

func TestPow10(t *testing.T) {
	for n, p := range pow10 {
		require.Zero(t, bigPow10(int64(n)).Cmp(p.big()))
	}
	require.Greater(t, bigPow10(maxPow10+1).BitLen(), 128)
}
