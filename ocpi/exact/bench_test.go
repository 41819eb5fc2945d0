package exact

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
)

// eight are numbers as a charging record has them: energy, hours, prices and amounts.
var eight = [8][]byte{
	[]byte("23.417"), []byte("0.39"), []byte("1.5125"), []byte("2.50"),
	[]byte("0.000277777778"), []byte("121.00"), []byte("-4.75"), []byte("1e-3"),
}

func sumOfProducts() Decimal {
	var sum Decimal
	for i := 0; i < len(eight); i += 2 {
		a, _ := Parse(eight[i])
		b, _ := Parse(eight[i+1])
		sum = sum.Add(a.Mul(b))
	}
	return sum
}

func sumOfProductsShopspring() decimal.Decimal {
	var sum decimal.Decimal
	for i := 0; i < len(eight); i += 2 {
		a, _ := decimal.NewFromString(string(eight[i]))
		b, _ := decimal.NewFromString(string(eight[i+1]))
		sum = sum.Add(a.Mul(b))
	}
	return sum
}

// BenchmarkEight parses eight decimals, multiplies them in pairs and adds the products.
func BenchmarkEight(b *testing.B) {
	assert.Equal(b, sumOfProductsShopspring().String(), sumOfProducts().Plain())
	b.Run("exact", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			sumOfProducts()
		}
	})
	b.Run("shopspring", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			sumOfProductsShopspring()
		}
	})
}

// BenchmarkDivRound is the price of seconds at a rate by the hour.
func BenchmarkDivRound(b *testing.B) {
	x, hour := MustParse("12345.6789"), FromInt(3600)
	b.ReportAllocs()
	for b.Loop() {
		x.DivRound(hour, 18, HalfEven)
	}
}

// BenchmarkOutput is the notation of one amount.
func BenchmarkOutput(b *testing.B) {
	x := MustParse("12345.678900")
	b.ReportAllocs()
	for b.Loop() {
		_ = x.Output()
	}
}

func TestNoAllocations(t *testing.T) {
	texts := [][]byte{[]byte("-12.50"), []byte("1.5e3"), []byte(max128), []byte("0.1234567890123456789012345"), []byte("x"),
		[]byte("1e999999999999")}
	pairs := [][2]Decimal{
		{MustParse("12.345"), MustParse("0.39")},
		{MustParse("-99999999999999999999.5"), MustParse("3600")},
		{MustParse("0.25"), MustParse("-7.000")},
		{MustParse("123456789012345678901234567890"), MustParse("12345678.9")},
	}
	var buf [64]byte
	allocations := testing.AllocsPerRun(100, func() {
		for _, text := range texts {
			_, _ = Parse(text)
		}
		for _, p := range pairs {
			a, b := p[0], p[1]
			_, _, _, _ = a.Add(b), a.Sub(b), a.Mul(b), a.Cmp(b)
			_, _, _, _ = a.Neg(), a.Abs(), a.Trim(), a.Shift(3)
			_, _, _ = a.Equal(b), a.Less(b), a.Append(buf[:0])
			for _, mode := range modes {
				_, _, _ = a.Round(1, mode), a.Round(-1, mode), a.Round(-50, Down)
				_, _ = a.DivRound(b, 2, mode), a.DivRound(b, 12, mode)
			}
			_ = a.CeilMultiple(b.Abs())
		}
		_, _ = MustParse(max128).Cmp(New(1, 40)), FromInt(-5)
	})
	assert.Zero(t, allocations)
	for _, p := range pairs {
		assert.True(t, p[0].Mul(p[1]).InWords())
		assert.True(t, p[0].DivRound(p[1], 12, HalfEven).InWords())
	}
	assert.LessOrEqual(t, testing.AllocsPerRun(100, func() { _ = pairs[0][0].String() }), 1.)
}
