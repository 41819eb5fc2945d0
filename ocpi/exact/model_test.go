package exact

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// coefficients draws over the words, their edges and what lies beyond.
func coefficients() *rapid.Generator[*big.Int] {
	return rapid.Custom(func(t *rapid.T) *big.Int {
		v := new(big.Int)
		switch rapid.IntRange(0, 4).Draw(t, "kind") {
		case 0:
			v.SetInt64(rapid.Int64Range(0, 100_000).Draw(t, "small"))
		case 1:
			v.SetUint64(rapid.Uint64().Draw(t, "word"))
		case 2: // around a power of two
			edge := rapid.SampledFrom([]uint{32, 63, 64, 65, 96, 127, 128, 129, 192, 256}).Draw(t, "bits")
			v.Lsh(big.NewInt(1), edge)
			v.Add(v, big.NewInt(rapid.Int64Range(-3, 3).Draw(t, "off")))
		case 3: // around a power of ten, or half of one
			v = bigPow10(rapid.Int64Range(0, 45).Draw(t, "power"))
			v.Mul(v, big.NewInt(rapid.SampledFrom([]int64{1, 2, 3, 5, 15, 25}).Draw(t, "times")))
			v.Add(v, big.NewInt(rapid.Int64Range(-1, 1).Draw(t, "off")))
		case 4:
			v.SetBytes(rapid.SliceOfN(rapid.Byte(), 0, 24).Draw(t, "bytes"))
		}
		if rapid.Bool().Draw(t, "negative") {
			v.Neg(v)
		}
		return v
	})
}

// decimals draws numbers of scale 0 to 45, and a few with a positive exponent.
func decimals() *rapid.Generator[Decimal] {
	return rapid.Custom(func(t *rapid.T) Decimal {
		v := coefficients().Draw(t, "coefficient")
		scale := rapid.OneOf(rapid.Int32Range(0, 4), rapid.Int32Range(-45, 45)).Draw(t, "scale")
		return FromShopspring(decimal.NewFromBigInt(v, -scale))
	})
}

// requireModel checks a result against shopspring's: the number, the scale and the form.
func requireModel(t *rapid.T, want decimal.Decimal, got Decimal) {
	t.Helper()
	require.True(t, want.Equal(got.Shopspring()), "want %s, got %s", want, got)
	require.Equal(t, max(0, -want.Exponent()), got.Scale())
	requireForm(t, got)
}

// requireForm checks that a number has the one form it may have.
func requireForm(t require.TestingT, d Decimal) {
	if h, ok := t.(interface{ Helper() }); ok {
		h.Helper()
	}
	v, exponent := d.parts()
	if exponent > 0 {
		v.Mul(v, bigPow10(exponent))
	}
	require.Equal(t, v.BitLen() <= 128, d.InWords(), "form of %s", d)
	if d.wide != nil {
		require.Equal(t, Decimal{wide: d.wide}, d)
	} else {
		require.False(t, d.neg && d.coef.isZero(), "negative zero")
		require.GreaterOrEqual(t, d.scale, int32(0))
	}
}

func TestModel(t *testing.T) {
	for name, check := range map[string]func(t *rapid.T, a, b Decimal){
		"Add": func(t *rapid.T, a, b Decimal) { requireModel(t, a.Shopspring().Add(b.Shopspring()), a.Add(b)) },
		"Sub": func(t *rapid.T, a, b Decimal) { requireModel(t, a.Shopspring().Sub(b.Shopspring()), a.Sub(b)) },
		"Mul": func(t *rapid.T, a, b Decimal) { requireModel(t, a.Shopspring().Mul(b.Shopspring()), a.Mul(b)) },
		"Neg": func(t *rapid.T, a, b Decimal) { requireModel(t, a.Shopspring().Neg(), a.Neg()) },
		"Abs": func(t *rapid.T, a, b Decimal) { requireModel(t, a.Shopspring().Abs(), a.Abs()) },
		"Undo": func(t *rapid.T, a, b Decimal) {
			require.True(t, a.Add(b).Sub(b).Equal(a))
			requireForm(t, a.Add(b).Sub(b).Trim())
		},
		"Cmp": func(t *rapid.T, a, b Decimal) {
			want := a.Shopspring().Cmp(b.Shopspring())
			require.Equal(t, want, a.Cmp(b))
			require.Equal(t, want == 0, a.Equal(b))
			require.Equal(t, want < 0, a.Less(b))
			require.True(t, Min(a, b).Shopspring().Equal(decimal.Min(a.Shopspring(), b.Shopspring())))
			require.True(t, Max(a, b).Shopspring().Equal(decimal.Max(a.Shopspring(), b.Shopspring())))
			require.Zero(t, a.Cmp(a.Add(b).Sub(b)))
		},
		"Sign": func(t *rapid.T, a, b Decimal) {
			require.Equal(t, a.Shopspring().Sign(), a.Sign())
			require.Equal(t, a.Shopspring().IsZero(), a.IsZero())
		},
		"Trim": func(t *rapid.T, a, b Decimal) {
			requireModel(t, a.Shopspring().Normalize(), a.Trim())
			require.Equal(t, a.Trim(), a.Trim().Trim())
		},
		"String": func(t *rapid.T, a, b Decimal) {
			require.Equal(t, a.Shopspring().StringFixed(a.Scale()), a.String())
			require.Equal(t, a.String(), string(a.Append(nil)))
			require.Equal(t, a.Shopspring().String(), a.Plain())
			require.Equal(t, a.Trim().String(), a.Plain())
			require.Equal(t, a.Shopspring().RoundBank(12).String(), a.Output())
		},
	} {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			check(t, decimals().Draw(t, "a"), decimals().Draw(t, "b"))
		}))
	}
}

func TestModelPlaces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := decimals().Draw(t, "a")
		n := rapid.Int32Range(-60, 60).Draw(t, "n")
		requireModel(t, a.Shopspring().Shift(n), a.Shift(n))
		fixed := a.Fixed(n)
		decimals := max(0, n, a.Trim().Scale())
		require.Equal(t, a.Shopspring().StringFixed(decimals), fixed)
		c := rapid.Int64().Draw(t, "coefficient")
		requireModel(t, decimal.New(c, -n), New(c, n))
		requireModel(t, decimal.NewFromInt(c), FromInt(c))
	})
}

func TestModelParse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`-?(0|[1-9][0-9]{0,40})(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?`).Draw(t, "text")
		want, err := decimal.NewFromString(text)
		require.NoError(t, err)
		n := want.Normalize()
		digits := len(strings.TrimLeft(n.Coefficient().String(), "-")) + int(n.Exponent())
		got, err := Parse([]byte(text))
		if !n.IsZero() && (digits > MaxIntegerDigits || -n.Exponent() > MaxFractionDigits) {
			require.Equal(t, ErrRange, err)
			return
		}
		require.NoError(t, err)
		require.True(t, want.Equal(got.Shopspring()))
		require.Equal(t, min(max(0, -want.Exponent()), MaxFractionDigits), got.Scale())
		requireForm(t, got)
	})
}

func TestModelJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := decimals().Draw(t, "a").Round(12, Down)
		text, err := json.Marshal(a)
		require.NoError(t, err)
		var quoted, bare Decimal
		err = json.Unmarshal(text, &quoted)
		if a.Abs().Cmp(New(1, -MaxIntegerDigits)) >= 0 {
			require.ErrorIs(t, err, ErrRange)
			return
		}
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(text[1:len(text)-1], &bare))
		require.True(t, a.Equal(quoted))
		require.Equal(t, a.Trim().Scale(), quoted.Scale())
		require.Equal(t, quoted, bare)
	})
}
