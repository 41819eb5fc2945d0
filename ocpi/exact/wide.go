package exact

import (
	"encoding/binary"
	"math"
	"math/big"

	"github.com/shopspring/decimal"
)

// FromShopspring converts.
func FromShopspring(d decimal.Decimal) Decimal {
	return fromParts(d.Coefficient(), int64(d.Exponent()))
}

// Shopspring converts; for reports and ledgers, where speed does not matter.
func (a Decimal) Shopspring() decimal.Decimal {
	if a.wide != nil {
		return *a.wide
	}
	return decimal.NewFromBigInt(a.signed(), -a.scale)
}

// parts returns v and exponent of a = v × 10^exponent. The caller may change v.
func (a Decimal) parts() (v *big.Int, exponent int64) {
	if a.wide != nil {
		return a.wide.Coefficient(), int64(a.wide.Exponent())
	}
	return a.signed(), -int64(a.scale)
}

// signed is the coefficient of a number in words, with its sign.
func (a Decimal) signed() *big.Int {
	v := a.coef.big()
	if a.neg {
		v.Neg(v)
	}
	return v
}

// fromParts returns v × 10^exponent, in words where it fits.
func fromParts(v *big.Int, exponent int64) Decimal {
	if v.BitLen() <= 128 {
		a := Decimal{coef: wordsOf(v), neg: v.Sign() < 0}
		if exponent <= 0 {
			a.scale = scale32(-exponent)
			return a
		}
		if c, ok := a.coef.mulPow10(exponent); ok {
			a.coef = c
			return a
		}
	}
	// A positive exponent stays one: a great power of ten is not written out before somebody asks for its digits.
	if exponent < -math.MaxInt32 || exponent > math.MaxInt32 {
		panic("exact: exponent overflows")
	}
	d := decimal.NewFromBigInt(v, int32(exponent))
	return Decimal{wide: &d}
}

// wordsOf is |v|, which must be below 2^128.
func wordsOf(v *big.Int) u128 {
	var buf [16]byte
	v.FillBytes(buf[:])
	return u128{hi: binary.BigEndian.Uint64(buf[:8]), lo: binary.BigEndian.Uint64(buf[8:])}
}

func (x u128) big() *big.Int {
	var buf [16]byte
	binary.BigEndian.PutUint64(buf[:8], x.hi)
	binary.BigEndian.PutUint64(buf[8:], x.lo)
	return new(big.Int).SetBytes(buf[:])
}

// bigPow10 is 10^n.
func bigPow10(n int64) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(n), nil) }
