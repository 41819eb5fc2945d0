// Package exact holds the decimal numbers of quantities and amounts.
//
// A Decimal is an exact decimal number: coefficient × 10^-scale. Sums, differences and products are exact; nothing is
// ever rounded except by the methods that say so by name (Round, DivRound, CeilMultiple and the notation Output).
// Numbers are read from their source text and never pass through a binary float.
//
// The coefficient is held in two machine words while it is below 2^128, which is every number met in practice; there no
// operation allocates. A larger coefficient is held by a shopspring decimal. Every operation detects that its result
// does not fit and moves to the other form, and every result that fits comes back to words.
package exact

import (
	"math"

	"github.com/shopspring/decimal"
)

// Decimal is an exact decimal number. The zero value is 0. Decimals are values: they are copied freely and compared with
// Cmp or Equal, never with ==.
type Decimal struct {
	wide  *decimal.Decimal // the number, where its coefficient does not fit coef; the other fields are then zero
	coef  u128
	scale int32 // never negative
	neg   bool  // never set on zero
}

// New returns coefficient × 10^-scale; scale may be negative.
func New(coefficient int64, scale int32) Decimal { return FromInt(coefficient).shift(-int64(scale)) }

// FromInt returns n.
func FromInt(n int64) Decimal {
	if n < 0 {
		// The negation of an unsigned word is right for MinInt64 too.
		return Decimal{coef: u128{lo: -uint64(n)}, neg: true}
	}
	return Decimal{coef: u128{lo: uint64(n)}}
}

// InWords reports whether the number is held in machine words, the form that needs no allocation.
func (a Decimal) InWords() bool { return a.wide == nil }

// Add returns a + b, exactly.
func (a Decimal) Add(b Decimal) Decimal {
	if a.wide == nil && b.wide == nil {
		if sum, ok := addWords(a, b); ok {
			return sum
		}
	}
	return FromShopspring(a.Shopspring().Add(b.Shopspring()))
}

// Sub returns a − b, exactly.
func (a Decimal) Sub(b Decimal) Decimal { return a.Add(b.Neg()) }

// Mul returns a × b, exactly.
func (a Decimal) Mul(b Decimal) Decimal {
	if a.wide == nil && b.wide == nil {
		if c, ok := a.coef.mul(b.coef); ok {
			scale := scale32(int64(a.scale) + int64(b.scale))
			return Decimal{coef: c, scale: scale, neg: a.neg != b.neg && !c.isZero()}
		}
	}
	return FromShopspring(a.Shopspring().Mul(b.Shopspring()))
}

// Neg returns −a.
func (a Decimal) Neg() Decimal {
	if a.wide != nil {
		return FromShopspring(a.wide.Neg())
	}
	a.neg = !a.neg && !a.coef.isZero()
	return a
}

// Abs returns |a|.
func (a Decimal) Abs() Decimal {
	if a.Sign() < 0 {
		return a.Neg()
	}
	return a
}

// Shift returns a × 10^n, exactly.
func (a Decimal) Shift(n int32) Decimal { return a.shift(int64(n)) }

func (a Decimal) shift(n int64) Decimal {
	if a.wide == nil {
		scale := int64(a.scale) - n
		if scale >= 0 {
			a.scale = scale32(scale)
			return a
		}
		if c, ok := a.coef.mulPow10(-scale); ok {
			return Decimal{coef: c, neg: a.neg}
		}
	}
	v, exponent := a.parts()
	return fromParts(v, exponent+n)
}

// Cmp compares numerically: −1, 0 or 1. 1.0 and 1.00 are equal.
func (a Decimal) Cmp(b Decimal) int {
	if a.wide == nil && b.wide == nil && a.scale == b.scale && !a.neg && !b.neg { // as mostly
		return a.coef.cmp(b.coef)
	}
	if s, t := a.Sign(), b.Sign(); s != t {
		if s < t {
			return -1
		}
		return 1
	}
	if a.wide != nil || b.wide != nil {
		return a.Shopspring().Cmp(b.Shopspring())
	}
	if a.neg {
		return cmpMagnitude(b, a)
	}
	return cmpMagnitude(a, b)
}

// Equal reports a = b, numerically.
func (a Decimal) Equal(b Decimal) bool { return a.Cmp(b) == 0 }

// Less reports a < b.
func (a Decimal) Less(b Decimal) bool { return a.Cmp(b) < 0 }

// Sign returns −1, 0 or 1.
func (a Decimal) Sign() int {
	switch {
	case a.wide != nil:
		return a.wide.Sign()
	case a.neg:
		return -1
	case a.coef.isZero():
		return 0
	}
	return 1
}

// IsZero reports a = 0.
func (a Decimal) IsZero() bool { return a.Sign() == 0 }

// Scale is the number of decimals the value is held with: for a parsed number, the decimals written. Never negative.
func (a Decimal) Scale() int32 {
	if a.wide != nil {
		return max(0, -a.wide.Exponent())
	}
	return a.scale
}

// Trim returns the same number without trailing zero decimals.
func (a Decimal) Trim() Decimal {
	if a.wide != nil {
		if a.wide.IsInteger() {
			return FromShopspring(a.wide.Truncate(0))
		}
		return FromShopspring(a.wide.Normalize())
	}
	if a.coef.isZero() {
		return Decimal{}
	}
	for a.scale > 0 {
		q, r := quoRem(u128{}, a.coef, pow10[1])
		if !r.isZero() {
			break
		}
		a.coef, a.scale = q, a.scale-1
	}
	return a
}

// Min returns the lesser.
func Min(a, b Decimal) Decimal {
	if b.Less(a) {
		return b
	}
	return a
}

// Max returns the greater.
func Max(a, b Decimal) Decimal {
	if a.Less(b) {
		return b
	}
	return a
}

// addWords adds two numbers in words; it reports false where a coefficient on the way does not fit.
func addWords(a, b Decimal) (Decimal, bool) {
	x, y, fits := align(a, b)
	if !fits {
		return Decimal{}, false
	}
	scale := max(a.scale, b.scale)
	if a.neg == b.neg {
		sum, ok := x.add(y)
		return Decimal{coef: sum, scale: scale, neg: a.neg}, ok
	}
	if x.less(y) {
		return Decimal{coef: y.sub(x), scale: scale, neg: b.neg}, true
	}
	difference := x.sub(y)
	return Decimal{coef: difference, scale: scale, neg: a.neg && !difference.isZero()}, true
}

// align brings two coefficients to the greater scale.
func align(a, b Decimal) (x, y u128, fits bool) {
	x, y, fits = a.coef, b.coef, true
	if a.scale < b.scale {
		x, fits = x.mulPow10(int64(b.scale) - int64(a.scale))
	} else if b.scale < a.scale {
		y, fits = y.mulPow10(int64(a.scale) - int64(b.scale))
	}
	return x, y, fits
}

// cmpMagnitude compares |a| and |b|, both in words.
func cmpMagnitude(a, b Decimal) int {
	x, y, fits := align(a, b)
	if fits {
		return x.cmp(y)
	}
	// The coefficient that grew has left the words, so it exceeds the other, which has not.
	if a.scale < b.scale {
		return 1
	}
	return -1
}

// scale32 is n as a scale. Parsed numbers have at most 64 decimals, so only a bug of ours reaches the limit.
func scale32(n int64) int32 {
	if n < 0 || n > math.MaxInt32 {
		panic("exact: scale overflows")
	}
	return int32(n)
}
