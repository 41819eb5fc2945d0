package exact

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/big"
	"strconv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParse(t *testing.T) {
	nines, zeros := strings.Repeat("9", 64), strings.Repeat("0", 64)
	for _, c := range []struct {
		text, want string
		scale      int32
	}{
		{"0", "0", 0},
		{"-0", "0", 0},
		{"-0.0", "0.0", 1},
		{"2.50", "2.50", 2},
		{"-2.50", "-2.50", 2},
		{"1.5e3", "1500", 0},
		{"1.5E+3", "1500", 0},
		{"1e-3", "0.001", 3},
		{"1.50e1", "15.0", 1},
		{"1.50e00000000000000000000000000001", "15.0", 1},
		{"100e-2", "1.00", 2},
		{"0e999", "0", 0},
		{"0e999999999999999999999999", "0", 0},
		{"0.00e1", "0.0", 1},
		{"0e-999999999999999999999999", "0." + zeros, 64},
		{"9999999999999999999", "9999999999999999999", 0},
		{"0.999999999999999999", "0.999999999999999999", 18},
		{"99999999999999999999", "99999999999999999999", 0},
		{max64, max64, 0},
		{pow64, pow64, 0},
		{"-" + pow127, "-" + pow127, 0},
		{max128, max128, 0},
		{pow128, pow128, 0},
		{ten38, ten38, 0},
		{"999999999999999999999999999999999999999", "999999999999999999999999999999999999999", 0},
		{"1e63", "1" + zeros[:63], 0},
		{"1e-64", "0." + zeros[:63] + "1", 64},
		{nines + "." + nines, nines + "." + nines, 64},
		{"0." + nines + nines + "e64", nines + "." + nines, 64},
		{nines + nines + "e-64", nines + "." + nines, 64},
		// What is not needed does not count: zeros before the number, zeros behind it, an exponent that undoes them.
		{"1." + zeros + zeros, "1." + zeros, 64},
		{"0." + zeros + "1e1", "0." + zeros[:63] + "1", 64},
		{"0." + zeros + "1e64", "0.1", 1},
		{"1" + zeros + "e-64", "1." + zeros, 64},
		{"1" + zeros + zeros + "e-128", "1." + zeros, 64},
	} {
		d, err := Parse([]byte(c.text))
		require.NoError(t, err, c.text)
		assertNumber(t, c.want, d)
		assert.Equal(t, c.scale, d.Scale(), c.text)
	}
}

func TestParseErrors(t *testing.T) {
	for _, text := range []string{
		"", "-", "+1", "--1", "01", "-01", "00", "00.5", ".5", "-.5", "5.", "1.e3", "1..2", "1.2.3", "1e", "1e+", "1e-",
		"1e1.5", "1e1e1", "1ee1", "1e+-1", " 1", "1 ", "1\n", "1 000", "1,5", "0x10", "1_000", "NaN", "Infinity", "inf",
		"null", "١", "\u22121", "1\x00", "e5", "1f", "1.5d", `"1"`, strings.Repeat("9", 100) + "x",
	} {
		_, err := Parse([]byte(text))
		assert.ErrorIs(t, err, ErrSyntax, "%q", text)
	}
	_, err := Parse(nil)
	assert.ErrorIs(t, err, ErrSyntax)
	nines := strings.Repeat("9", 65)
	for _, text := range []string{
		nines, "-" + nines, "0." + nines, "1e64", "-1e64", "1e-65", "10e63", "1e999999999999", "1e-999999999999",
		"1e9223372036854775807", "1e-9223372036854775808", "1e18446744073709551617", "1.5e-64",
		"1e" + strings.Repeat("9", 1000), "0." + strings.Repeat("0", 64) + "1",
	} {
		_, err := Parse([]byte(text))
		assert.ErrorIs(t, err, ErrRange, "%.40q", text)
	}
	assert.Panics(t, func() { MustParse("x") })
}

// A long text costs the reading and nothing else.
func TestParseLong(t *testing.T) {
	const n = 4 << 20
	zeros := bytes.Repeat([]byte{'0'}, n)
	for _, c := range []struct {
		text string
		want error
	}{
		{strings.Repeat("7", n), ErrRange},
		{"0." + strings.Repeat("7", n), ErrRange},
		{"1" + string(zeros), ErrRange},
		{"1e" + strings.Repeat("9", n), ErrRange},
		{"1e-" + strings.Repeat("9", n), ErrRange},
		{"1" + string(zeros) + "e-" + strconv.Itoa(n), nil},
		{"0." + string(zeros) + "1e" + strconv.Itoa(n+1), nil},
		{"1." + string(zeros), nil},
		{"0." + string(zeros), nil},
		{"-0." + string(zeros) + "e-" + strconv.Itoa(n), nil},
		{strings.Repeat("7", n) + "x", ErrSyntax},
	} {
		text := []byte(c.text)
		d, err := Parse(text)
		assert.ErrorIs(t, err, c.want)
		assert.LessOrEqual(t, d.Scale(), int32(MaxFractionDigits))
		// A text that is read may need digits beyond words, for the 64 decimals written; those few are allocated.
		if err != nil {
			assert.Zero(t, testing.AllocsPerRun(1, func() { _, _ = Parse(text) }))
		} else {
			assert.LessOrEqual(t, testing.AllocsPerRun(1, func() { _, _ = Parse(text) }), 20.)
		}
	}
}

// fuzzable bounds the work of the models, not of Parse.
func fuzzable(text string) bool {
	_, exponent, _ := strings.Cut(strings.ToLower(text), "e")
	return len(text) <= 400 && len(exponent) <= 4
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"0", "-0.0", "2.50", "1.5e3", "1e-3", "01", "1.", ".5", "+1", "1e64", "1e-65", "1e999999999999", "0e999",
		max64, pow64, max128, pow128, ten38, "-" + pow127 + ".000", "1e+05", "1E-0", strings.Repeat("9", 64) + ".5",
		"0.00000000000000000000000000000000000000000000000000000000000000001e5", "1 ", "null", `"1"`, "−1",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		before := bytes.Clone(text)
		d, err := Parse(text)
		require.Equal(t, before, text)
		checkGrammar(t, text, err)
		if err != nil {
			require.Equal(t, Decimal{}, d)
		} else {
			again := MustParse(d.String())
			require.Equal(t, d, again)
			require.LessOrEqual(t, d.Scale(), int32(MaxFractionDigits))
			require.Equal(t, d.coef.big().Sign() == 0 && d.wide == nil, d.IsZero())
		}
		if !errors.Is(err, ErrSyntax) && fuzzable(string(text)) {
			checkValue(t, string(text), d, err)
		}
	})
}

// checkGrammar holds Parse against the JSON reader of the standard library, which also takes spaces and other values.
func checkGrammar(t *testing.T, text []byte, err error) {
	number := json.Valid(text) && strings.IndexByte("-0123456789", text[0]) >= 0 && isDigit(text[len(text)-1])
	require.Equal(t, number, err == nil || errors.Is(err, ErrRange), "%q: %v", text, err)
	if !number {
		require.Equal(t, ErrSyntax, err)
	}
}

// checkValue holds Parse against shopspring and rationals.
func checkValue(t *testing.T, text string, d Decimal, err error) {
	want, wantErr := decimal.NewFromString(text)
	require.NoError(t, wantErr)
	n := want.Normalize()
	whole := len(n.Coefficient().Abs(n.Coefficient()).String()) + int(n.Exponent())
	if !n.IsZero() && (whole > MaxIntegerDigits || -n.Exponent() > MaxFractionDigits) {
		require.Equal(t, ErrRange, err, text)
		return
	}
	require.NoError(t, err, text)
	require.True(t, want.Equal(d.Shopspring()), text)
	require.Equal(t, min(max(0, -want.Exponent()), MaxFractionDigits), d.Scale(), text)
	r, ok := new(big.Rat).SetString(text)
	require.True(t, ok)
	require.Zero(t, r.Cmp(rat(d)), text)
}
