package exact

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var modes = []Mode{HalfUp, HalfEven, Down, Up, Floor, Ceiling}

func TestRoundModes(t *testing.T) {
	for _, c := range []struct {
		text string
		want [6]string // in the order of modes
	}{
		{"2.5", [6]string{"3", "2", "2", "3", "2", "3"}},
		{"3.5", [6]string{"4", "4", "3", "4", "3", "4"}},
		{"-2.5", [6]string{"-3", "-2", "-2", "-3", "-3", "-2"}},
		{"-3.5", [6]string{"-4", "-4", "-3", "-4", "-4", "-3"}},
		{"2.51", [6]string{"3", "3", "2", "3", "2", "3"}},
		{"2.49", [6]string{"2", "2", "2", "3", "2", "3"}},
		{"-2.49", [6]string{"-2", "-2", "-2", "-3", "-3", "-2"}},
		{"-2.51", [6]string{"-3", "-3", "-2", "-3", "-3", "-2"}},
		{"0.5", [6]string{"1", "0", "0", "1", "0", "1"}},
		{"-0.5", [6]string{"-1", "0", "0", "-1", "-1", "0"}},
		{"2.0", [6]string{"2", "2", "2", "2", "2", "2"}},
		{"-0.0", [6]string{"0", "0", "0", "0", "0", "0"}},
		{"1e-50", [6]string{"0", "0", "0", "1", "0", "1"}},
		{"-1e-50", [6]string{"0", "0", "0", "-1", "-1", "0"}},
		{"99.99", [6]string{"100", "100", "99", "100", "99", "100"}},
	} {
		for i, mode := range modes {
			assertNumber(t, c.want[i], MustParse(c.text).Round(0, mode))
			assertNumber(t, c.want[i], MustParse(c.text).DivRound(FromInt(1), 0, mode))
			assertNumber(t, c.want[i], MustParse(c.text).Neg().DivRound(FromInt(-1), 0, mode))
		}
	}
}

func TestRound(t *testing.T) {
	for _, c := range []struct {
		text   string
		places int32
		mode   Mode
		want   string
	}{
		{"10.6", 2, HalfUp, "10.6"},
		{"10.60", 2, HalfUp, "10.60"},
		{"10.605", 2, HalfUp, "10.61"},
		{"10.6000", 2, HalfUp, "10.60"},
		{"0.00", 1, HalfUp, "0.0"},
		{"1250", -2, HalfEven, "1200"},
		{"1350", -2, HalfEven, "1400"},
		{"120.00", -1, HalfUp, "120"},
		{"49", -2, HalfUp, "0"},
		{"50", -2, HalfUp, "100"},
		{"1", -38, Up, ten38},
		{"1", -40, Up, ten38 + "00"},
		{"1", -60, HalfUp, "0"},
		{"-1", -40, Floor, "-" + ten38 + "00"},
		{max128, -38, HalfUp, "300000000000000000000000000000000000000"},
		{max128, -39, HalfUp, "0"},
		{max128, -39, Up, ten38 + "0"},
		{max128 + ".5", 0, HalfUp, pow128},
		{max128 + ".5", 0, Down, max128},
		{max128 + ".4", 0, HalfEven, max128},
		{pow128 + ".5", 0, HalfEven, pow128},
		{next128 + ".5", 0, HalfEven, "340282366920938463463374607431768211458"},
		{pow128, 0, HalfUp, pow128},
		{pow128, 5, HalfUp, pow128},
		{pow128, -39, HalfUp, "0"},
		{pow128, -100, HalfUp, "0"},
		{pow128, -45, Down, "0"},
		{"-18446744073709551615.5", 0, HalfUp, "-" + pow64},
	} {
		assertNumber(t, c.want, MustParse(c.text).Round(c.places, c.mode))
	}
	for _, d := range []Decimal{FromInt(7), MustParse(pow128)} {
		assert.Equal(t, "0", d.Round(math.MinInt32, HalfUp).String())
		assert.Equal(t, d, d.Round(math.MaxInt32, HalfUp))
		assert.Panics(t, func() { d.Round(-1, 0) })
		assert.Panics(t, func() { d.Round(-1, Ceiling+1) })
		assert.Panics(t, func() { d.Round(math.MinInt32, Up) })
	}
}

func TestDivRound(t *testing.T) {
	for _, c := range []struct {
		a, b   string
		places int32
		mode   Mode
		want   string
	}{
		{"1", "3", 4, HalfUp, "0.3333"},
		{"2", "3", 4, HalfUp, "0.6667"},
		{"-2", "3", 4, HalfUp, "-0.6667"},
		{"2", "-3", 4, Down, "-0.6666"},
		{"-2", "-3", 4, Floor, "0.6666"},
		{"1", "8", 2, HalfUp, "0.13"},
		{"1", "8", 2, HalfEven, "0.12"},
		{"-1", "8", 2, Ceiling, "-0.12"},
		{"0.00", "7", 2, Up, "0.00"},
		{"0.00", "7", -2, Up, "0"},
		{"0", "-7", 3, Up, "0.000"},
		{"6", "3", 0, HalfUp, "2"},
		{"6.00", "3.0", 2, HalfUp, "2.00"},
		{"12345", "1", -2, HalfEven, "12300"},
		{"1", "1000", 0, HalfUp, "0"},
		{"1", "1000", 0, Up, "1"},
		{"1125", "3600", 18, HalfEven, "0.312500000000000000"},
		{"1000", "3600", 18, HalfEven, "0.277777777777777778"},
		{"121", "1.21", 12, HalfEven, "100.000000000000"},
		{"1", "3", 38, Down, "0.33333333333333333333333333333333333333"},
		{"1", "3", 40, Down, "0.3333333333333333333333333333333333333333"},
		// One rounding only: 0.4450…01 would become 0.45 by way of 0.445.
		{"0.44499999999999999999", "1", 2, HalfUp, "0.44"},
		{max128, "1", 0, Down, max128},
		{max128, "2", 0, HalfUp, pow127},
		{max128, "2", 0, Down, "170141183460469231731687303715884105727"},
		{max128, max128, 0, HalfUp, "1"},
		{max128, pow127, 0, Down, "1"},
		{max128, pow64, 0, Down, max64},
		{max128, pow64, 0, Up, pow64},
		{max128, "0.1", 0, Up, max128 + "0"},
		{max128, pow64, 20, Down, "18446744073709551615.99999999999999999994"},
		// The quotient is 2^128 − 2/7, so that only the rounding leaves the words.
		{"238197656844656924424362225202237748019", "0.7", 0, Up, pow128},
		{"238197656844656924424362225202237748019", "0.7", 0, Down, max128},
		{max128 + "0", "10", 0, Down, max128},
		{pow128, "1", 0, HalfUp, pow128},
		{pow128, "2", 0, HalfUp, pow127},
		{"1", pow128, 0, Ceiling, "1"},
		{"-1", pow128, 0, HalfUp, "0"},
		{pow128, "-" + pow128, 1, HalfUp, "-1.0"},
		{ten38, "1e-38", 0, HalfUp, ten38 + ten38[1:]},
		{"1e-38", ten38, 0, Up, "1"},
	} {
		assertNumber(t, c.want, MustParse(c.a).DivRound(MustParse(c.b), c.places, c.mode))
	}
	assert.Panics(t, func() { FromInt(1).DivRound(Decimal{}, 2, HalfUp) })
	assert.Panics(t, func() { FromInt(1).DivRound(MustParse("0.00"), 2, HalfUp) })
	assert.Panics(t, func() { MustParse(pow128).DivRound(Decimal{}, 2, HalfUp) })
	assert.Panics(t, func() { FromInt(1).DivRound(FromInt(3), 2, 0) })
}

func TestCeilMultiple(t *testing.T) {
	for _, c := range []struct{ a, step, want string }{
		{"0", "60", "0"},
		{"1", "60", "60"},
		{"60", "60", "60"},
		{"60.001", "60", "120"},
		{"0.0001", "0.001", "0.001"},
		{"1.2345", "0.5", "1.5"},
		{"-1", "60", "0"},
		{"-60", "60", "-60"},
		{"-61", "60", "-60"},
		{"-0.7", "0.5", "-0.5"},
		{"7", "0.10", "7.00"},
		{max128, "1", max128},
		{max128, "2", pow128},
		{pow128, "3", "340282366920938463463374607431768211458"},
		{"1e-60", ten38 + "0", ten38 + "0"},
	} {
		got := MustParse(c.a).CeilMultiple(MustParse(c.step))
		assertNumber(t, c.want, got)
	}
	assert.Panics(t, func() { FromInt(1).CeilMultiple(Decimal{}) })
	assert.Panics(t, func() { FromInt(1).CeilMultiple(FromInt(-1)) })
}

// rat is the number as a rational.
func rat(d Decimal) *big.Rat {
	v, exponent := d.parts()
	if exponent >= 0 {
		return new(big.Rat).SetInt(v.Mul(v, bigPow10(exponent)))
	}
	return new(big.Rat).SetFrac(v, bigPow10(-exponent))
}

// modelRound rounds a rational by the words of the mode, without remainders: it takes the integers on either side and
// chooses by the distances.
func modelRound(x *big.Rat, mode Mode) *big.Int {
	below := new(big.Int).Div(x.Num(), x.Denom()) // Euclidean: toward negative infinity, the denominator is positive
	if x.IsInt() {
		return below
	}
	above := new(big.Int).Add(below, big.NewInt(1))
	toZero, fromZero := below, above
	if x.Sign() < 0 {
		toZero, fromZero = above, below
	}
	toBelow := new(big.Rat).Sub(x, new(big.Rat).SetInt(below))
	switch near := toBelow.Cmp(big.NewRat(1, 2)); {
	case mode == Down:
		return toZero
	case mode == Up:
		return fromZero
	case mode == Floor, mode <= HalfEven && near < 0:
		return below
	case mode == Ceiling, mode <= HalfEven && near > 0:
		return above
	case mode == HalfEven && toZero.Bit(0) == 0:
		return toZero
	}
	return fromZero
}

// requireRounded checks that got is x rounded to places.
func requireRounded(t *rapid.T, x *big.Rat, places int32, mode Mode, got Decimal) {
	t.Helper()
	unit := rat(New(1, places))
	want := new(big.Rat).SetInt(modelRound(new(big.Rat).Quo(x, unit), mode))
	want.Mul(want, unit)
	require.Zero(t, want.Cmp(rat(got)), "%s to %d by %d: want %s, got %s", x, places, mode, want, got)
	require.Equal(t, max(0, places), got.Scale())
	requireForm(t, got)
}

func TestRoundAgainstRationals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := decimals().Draw(t, "a")
		places := rapid.Int32Range(-60, 60).Draw(t, "places")
		for _, mode := range modes {
			got := a.Round(places, mode)
			if _, exponent := a.parts(); -exponent <= int64(places) {
				require.Equal(t, a, got)
				continue
			}
			requireRounded(t, rat(a), places, mode, got)
		}
	})
}

func TestDivRoundAgainstRationals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := decimals().Draw(t, "a")
		b := decimals().Filter(func(d Decimal) bool { return !d.IsZero() }).Draw(t, "b")
		places := rapid.OneOf(rapid.Int32Range(0, 18), rapid.Int32Range(-60, 60)).Draw(t, "places")
		for _, mode := range modes {
			requireRounded(t, new(big.Rat).Quo(rat(a), rat(b)), places, mode, a.DivRound(b, places, mode))
		}
	})
}

// Ties are rare among drawn quotients, so these are built: (n + ½) × d ÷ d.
func TestTiesAgainstRationals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		odd := coefficients().Draw(t, "n")
		odd.SetBit(odd.Lsh(odd, 1), 0, 1)
		b := decimals().Filter(func(d Decimal) bool { return !d.IsZero() }).Draw(t, "b")
		places := rapid.Int32Range(-3, 12).Draw(t, "places")
		tie := fromParts(odd, 0).Mul(New(5, 1)).Shift(-places)
		for _, mode := range modes {
			requireRounded(t, rat(tie), places, mode, tie.Round(places, mode))
			requireRounded(t, rat(tie), places, mode, tie.Mul(b).DivRound(b, places, mode))
		}
	})
}

func TestCeilMultipleAgainstRationals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := decimals().Draw(t, "a")
		step := decimals().Filter(func(d Decimal) bool { return !d.IsZero() }).Draw(t, "step").Abs()
		got := a.CeilMultiple(step)
		require.True(t, new(big.Rat).Quo(rat(got), rat(step)).IsInt())
		require.False(t, got.Less(a))
		require.True(t, got.Sub(step).Less(a))
		require.Equal(t, step.Scale(), got.Scale())
		requireForm(t, got)
	})
}
