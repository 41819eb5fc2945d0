package exact

import (
	"math"
	"strings"
	"testing"
	"unsafe"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The edges of the words, as text.
const (
	max64   = "18446744073709551615"
	pow64   = "18446744073709551616"
	pow127  = "170141183460469231731687303715884105728"
	max128  = "340282366920938463463374607431768211455"
	pow128  = "340282366920938463463374607431768211456"
	next128 = "340282366920938463463374607431768211457"
)

var ten38 = "1" + strings.Repeat("0", 38)

func TestSizeAndZeroValue(t *testing.T) {
	assert.LessOrEqual(t, unsafe.Sizeof(Decimal{}), uintptr(40))
	var zero Decimal
	assert.Equal(t, "0", zero.String())
	assert.True(t, zero.IsZero())
	assert.True(t, zero.InWords())
	assert.Equal(t, int32(0), zero.Scale())
	assert.Equal(t, "1.5", zero.Add(MustParse("1.5")).String())
	assert.Equal(t, Decimal{}, zero.Neg())
}

func TestNew(t *testing.T) {
	for _, c := range []struct {
		coefficient int64
		scale       int32
		want        string
	}{
		{0, 0, "0"},
		{0, 2, "0.00"},
		{0, -5, "0"},
		{0, math.MinInt32, "0"},
		{1060, 2, "10.60"},
		{-5, 2, "-0.05"},
		{15, -2, "1500"},
		{math.MinInt64, 0, "-9223372036854775808"},
		{math.MaxInt64, 3, "9223372036854775.807"},
		{1, -38, ten38},
		{-1, -39, "-" + ten38 + "0"},
	} {
		d := New(c.coefficient, c.scale)
		assert.Equal(t, c.want, d.String())
		assert.Equal(t, max(0, c.scale), d.Scale())
	}
	assert.False(t, New(1, -39).InWords())
	assert.Panics(t, func() { New(1, math.MinInt32) })
	assert.Equal(t, "-7", FromInt(-7).String())
}

func TestAddSub(t *testing.T) {
	for _, c := range []struct{ a, b, sum, difference string }{
		{"0", "0", "0", "0"},
		{"0.00", "0", "0.00", "0.00"},
		{"1.5", "1.50", "3.00", "0.00"},
		{"-1.5", "1.50", "0.00", "-3.00"},
		{"1", "-0.001", "0.999", "1.001"},
		{"-2", "-3", "-5", "1"},
		{max64, "1", pow64, "18446744073709551614"},
		{pow127, pow127, pow128, "0"},
		{max128, "1", pow128, "340282366920938463463374607431768211454"},
		{"-" + max128, "-1", "-" + pow128, "-340282366920938463463374607431768211454"},
		{pow128, "-1", max128, next128},
		{pow128, pow128, "680564733841876926926749214863536422912", "0"},
		{"-" + pow128, max128, "-1", "-680564733841876926926749214863536422911"},
		{ten38, "0.1", ten38 + ".1", strings.Repeat("9", 38) + ".9"},
		// The shared scale does not fit words, though the result does.
		{"34028236692093846346337460743176821145.6", "-0.1", "34028236692093846346337460743176821145.5",
			"34028236692093846346337460743176821145.7"},
	} {
		a, b := MustParse(c.a), MustParse(c.b)
		assertNumber(t, c.sum, a.Add(b))
		assertNumber(t, c.sum, b.Add(a))
		assertNumber(t, c.difference, a.Sub(b))
		assertNumber(t, c.difference, b.Sub(a).Neg())
	}
}

func TestMul(t *testing.T) {
	for _, c := range []struct{ a, b, want string }{
		{"0", "-5", "0"},
		{"-0.0", "-5.00", "0.000"},
		{"0.25", "4", "1.00"},
		{"-0.25", "0.4", "-0.100"},
		{"4294967296", "4294967296", pow64},
		{pow64, "9223372036854775808", pow127},
		{pow64, pow64, pow128},
		{max64, max64, "340282366920938463426481119284349108225"},
		{"-" + max128, "1.0", "-340282366920938463463374607431768211455.0"},
		{pow127, "-2", "-" + pow128},
		{ten38, "10", ten38 + "0"},
		{ten38, "1", ten38},
		{pow128, "0", "0"},
		{pow128, "0.00", "0.00"},
		{pow128, "0.5", "170141183460469231731687303715884105728.0"},
	} {
		a, b := MustParse(c.a), MustParse(c.b)
		assertNumber(t, c.want, a.Mul(b))
		assertNumber(t, c.want, b.Mul(a))
	}
	tiny := New(1, math.MaxInt32)
	assert.Panics(t, func() { tiny.Mul(New(1, 1)) })
}

func TestNegAbsSign(t *testing.T) {
	for _, c := range []struct {
		text, neg, abs string
		sign           int
	}{
		{"0", "0", "0", 0},
		{"-0.00", "0.00", "0.00", 0},
		{"1.50", "-1.50", "1.50", 1},
		{"-1.50", "1.50", "1.50", -1},
		{max128, "-" + max128, max128, 1},
		{"-" + pow128, pow128, pow128, -1},
	} {
		d := MustParse(c.text)
		assertNumber(t, c.neg, d.Neg())
		assertNumber(t, c.abs, d.Abs())
		assert.Equal(t, c.sign, d.Sign(), c.text)
		assert.Equal(t, c.sign == 0, d.IsZero(), c.text)
	}
}

func TestShift(t *testing.T) {
	for _, c := range []struct {
		text string
		n    int32
		want string
	}{
		{"1.50", 0, "1.50"},
		{"1.50", 1, "15.0"},
		{"1.50", 2, "150"},
		{"1.50", 4, "15000"},
		{"-1.5", -3, "-0.0015"},
		{"0.00", 5, "0"},
		{"0", -2, "0.00"},
		{"1", 38, ten38},
		{"1", 39, ten38 + "0"},
		{ten38 + "0", -1, ten38 + ".0"},
		{pow128, -2, "3402823669209384634633746074317682114.56"},
		{pow128, 1, pow128 + "0"},
	} {
		assertNumber(t, c.want, MustParse(c.text).Shift(c.n))
	}
	assert.Panics(t, func() { New(1, math.MaxInt32).Shift(-1) })
	assert.Panics(t, func() { New(1, 0).Shift(math.MaxInt32).Shift(1) })
	assert.Equal(t, 1, New(1, 0).Shift(math.MaxInt32).Sign())
}

func TestCmp(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"0", "-0.00", 0},
		{"1.0", "1.00", 0},
		{"1", "1.01", -1},
		{"-1", "-1.01", 1},
		{"-1", "1", -1},
		{"0", "0.0001", -1},
		{"0", "-0.0001", 1},
		{max64, pow64, -1},
		{pow127, max128, -1},
		{max128, pow128, -1},
		{pow128, next128, -1},
		{"-" + max128, "-" + pow128, 1},
		{ten38, "1e-50", 1},
		{"-" + ten38, "-1e-50", -1},
		{ten38, ten38 + ".0", 0},
		{max128, "0.0001", 1},
	} {
		a, b := MustParse(c.a), MustParse(c.b)
		assert.Equal(t, c.want, a.Cmp(b), "%s %s", a, b)
		assert.Equal(t, -c.want, b.Cmp(a), "%s %s", b, a)
		assert.Equal(t, c.want == 0, a.Equal(b))
		assert.Equal(t, c.want < 0, a.Less(b))
		low, high := a, b
		if c.want > 0 {
			low, high = b, a
		}
		assert.True(t, Min(a, b).Equal(low))
		assert.True(t, Max(a, b).Equal(high))
	}
}

func TestTrim(t *testing.T) {
	for text, want := range map[string]string{
		"0.000": "0", "10.60": "10.6", "-1.500": "-1.5", "1000": "1000", "1000.0": "1000", "0.05": "0.05",
		max128 + ".000": max128, "-" + pow128 + ".50": "-" + pow128 + ".5",
		pow128 + "0.0": pow128 + "0", ten38 + "0.00": ten38 + "0",
	} {
		assertNumber(t, want, MustParse(text).Trim())
	}
	assert.False(t, MustParse(max128+".0").InWords())
	assert.True(t, MustParse(max128+".0").Trim().InWords())
}

func TestShopspring(t *testing.T) {
	for _, text := range []string{"0", "1.50", "-0.001", max128, pow128, "-" + next128} {
		d := MustParse(text)
		assert.Equal(t, -d.Scale(), d.Shopspring().Exponent())
		assert.Equal(t, d, FromShopspring(d.Shopspring()))
	}
	assertNumber(t, "1500", FromShopspring(decimal.New(15, 2)))
	assertNumber(t, "0", FromShopspring(decimal.New(0, 99)))
	assertNumber(t, "0", FromShopspring(decimal.Decimal{}))
	assert.Equal(t, int32(0), FromShopspring(decimal.New(1, 100)).Scale())
	assert.Panics(t, func() { FromShopspring(decimal.New(1, math.MinInt32)) })
}

func TestInWords(t *testing.T) {
	assert.True(t, MustParse(max128).InWords())
	assert.True(t, MustParse("-"+max128).InWords())
	assert.False(t, MustParse(pow128).InWords())
	assert.True(t, MustParse(pow128).Sub(FromInt(1)).InWords())
	assert.True(t, MustParse(pow128).Mul(MustParse(pow128)).DivRound(MustParse(pow128), 0, Down).Sub(FromInt(1)).InWords())
}

// assertNumber checks a number, the scale it is held with and its form.
func assertNumber(t require.TestingT, want string, got Decimal) {
	if h, ok := t.(interface{ Helper() }); ok {
		h.Helper()
	}
	require.Equal(t, want, got.String())
	requireForm(t, got)
}
