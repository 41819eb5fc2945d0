package exact

import "math/big"

// Mode is a rounding mode. The zero Mode is not valid.
type Mode uint8

// The rounding modes.
const (
	_        Mode = iota
	HalfUp        // to nearest, ties away from zero
	HalfEven      // to nearest, ties to the even digit
	Down          // toward zero
	Up            // away from zero
	Floor         // toward negative infinity
	Ceiling       // toward positive infinity
)

// tail is what a quotient leaves behind its last digit, against half of that digit.
type tail uint8

const (
	nothing tail = iota
	belowHalf
	half
	aboveHalf
)

// tailOf compares a remainder with half the divisor; c compares the remainder with what it lacks of the divisor.
func tailOf(none bool, c int) tail {
	switch {
	case none:
		return nothing
	case c < 0:
		return belowHalf
	case c == 0:
		return half
	}
	return aboveHalf
}

// away reports whether a magnitude with the given tail is rounded away from zero.
func (m Mode) away(neg, odd bool, t tail) bool {
	switch m {
	case HalfUp:
		return t >= half
	case HalfEven:
		return t == aboveHalf || t == half && odd
	case Down:
		return false
	case Up:
		return t != nothing
	case Floor:
		return neg && t != nothing
	case Ceiling:
		return !neg && t != nothing
	}
	panic("exact: invalid rounding mode")
}

// Round rounds to the given number of decimals by mode. The result has exactly that scale where a has more decimals,
// else it is a unchanged. Negative places round to tens, hundreds and so on; the result then has scale 0.
func (a Decimal) Round(places int32, mode Mode) Decimal {
	if a.wide != nil {
		return a.roundWide(places, mode)
	}
	drop := int64(a.scale) - int64(places)
	if drop <= 0 {
		return a
	}
	if drop > maxPow10 {
		// A coefficient in words is below half of 10^39.
		return a.rounded(u128{}, tailOf(a.coef.isZero(), -1), places, mode)
	}
	d := pow10[drop]
	q, r := quoRem(u128{}, a.coef, d)
	return a.rounded(q, tailOf(r.isZero(), r.cmp(d.sub(r))), places, mode)
}

// rounded is the number of the sign of a with the magnitude q × 10^-places, rounded for its tail.
func (a Decimal) rounded(q u128, t tail, places int32, mode Mode) Decimal {
	if mode.away(a.neg, q.isOdd(), t) {
		q, _ = q.add(u128{lo: 1}) // fits: q is at most a tenth of a coefficient
	}
	return Decimal{coef: q, neg: a.neg && !q.isZero()}.shift(-int64(places))
}

func (a Decimal) roundWide(places int32, mode Mode) Decimal {
	v, exponent := a.parts()
	drop := -int64(places) - exponent
	if drop <= 0 {
		return a
	}
	// Beyond its own length a number leaves 0 and less than half. A digit takes more than 3 bits.
	drop = min(drop, int64(v.BitLen()/3+2))
	return fromParts(quotient(v, bigPow10(drop), mode), -int64(places))
}

// DivRound returns a ÷ b rounded once, from the exact quotient, to the given number of decimals by mode. It panics where
// b is zero: the callers test first.
func (a Decimal) DivRound(b Decimal, places int32, mode Mode) Decimal {
	if b.IsZero() {
		panic("exact: division by zero")
	}
	if a.wide == nil && b.wide == nil {
		if q, ok := divWords(a, b, places, mode); ok {
			return q
		}
	}
	x, xe := a.parts()
	y, ye := b.parts()
	if e := xe - ye + int64(places); e >= 0 {
		x.Mul(x, bigPow10(e))
	} else {
		y.Mul(y, bigPow10(-e))
	}
	return fromParts(quotient(x, y, mode), -int64(places))
}

// divWords divides two numbers in words; it reports false where something on the way does not fit.
func divWords(a, b Decimal, places int32, mode Mode) (Decimal, bool) {
	var hi u128
	lo, d := a.coef, b.coef
	// The quotient in units of the last place is lo × 10^e ÷ d.
	if e := int64(b.scale) - int64(a.scale) + int64(places); e < 0 {
		var fits bool
		if d, fits = d.mulPow10(-e); !fits {
			return Decimal{}, false
		}
	} else if !lo.isZero() {
		if e > maxPow10 {
			return Decimal{}, false
		}
		hi, lo = mulFull(lo, pow10[e])
	}
	if !hi.less(d) {
		return Decimal{}, false
	}
	q, r := quoRem(hi, lo, d)
	neg := a.neg != b.neg
	if mode.away(neg, q.isOdd(), tailOf(r.isZero(), r.cmp(d.sub(r)))) {
		var fits bool
		if q, fits = q.add(u128{lo: 1}); !fits {
			return Decimal{}, false
		}
	}
	return Decimal{coef: q, neg: neg && !q.isZero()}.shift(-int64(places)), true
}

// quotient is x ÷ y rounded to an integer.
func quotient(x, y *big.Int, mode Mode) *big.Int {
	neg := x.Sign()*y.Sign() < 0
	d := new(big.Int).Abs(y)
	q, r := new(big.Int).QuoRem(new(big.Int).Abs(x), d, new(big.Int))
	if mode.away(neg, q.Bit(0) == 1, tailOf(r.Sign() == 0, r.Cmp(d.Sub(d, r)))) {
		q.Add(q, big.NewInt(1))
	}
	if neg {
		q.Neg(q)
	}
	return q
}

// CeilMultiple returns the smallest multiple of step that is not below a, with the scale of step. It panics where step is
// not positive: the callers test first.
func (a Decimal) CeilMultiple(step Decimal) Decimal {
	if step.Sign() <= 0 {
		panic("exact: step is not positive")
	}
	return a.DivRound(step, 0, Ceiling).Mul(step)
}
