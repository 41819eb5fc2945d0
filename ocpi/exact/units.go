package exact

import "math"

// Rest is what truncating leaves of a number, against half of its last digit.
type Rest uint8

// The rests.
const (
	NoRest    = Rest(nothing)
	BelowHalf = Rest(belowHalf)
	Half      = Rest(half)
	AboveHalf = Rest(aboveHalf)
)

// Away reports whether the mode rounds a number that leaves the rest away from zero; odd says that its last digit is.
func (m Mode) Away(neg, odd bool, r Rest) bool { return m.away(neg, odd, tail(r)) }

// Units is |a| in units of the given decimals, truncated, and what that leaves: for rounding one number in many ways in machine words. ok
// is false where it does not fit.
func (a Decimal) Units(places int32) (n int64, r Rest, ok bool) {
	if a.wide != nil {
		return 0, 0, false
	}
	q, t := a.coef, nothing
	switch drop := int64(a.scale) - int64(places); {
	case drop <= 0:
		if q, ok = q.mulPow10(-drop); !ok {
			return 0, 0, false
		}
	case drop > maxPow10:
		// A coefficient in words is below half of 10^39.
		q, t = u128{}, tailOf(q.isZero(), -1)
	default:
		d := pow10[drop]
		whole, left := quoRem(u128{}, q, d)
		q, t = whole, tailOf(left.isZero(), left.cmp(d.sub(left)))
	}
	return int64(q.lo), Rest(t), q.hi == 0 && q.lo <= math.MaxInt64
}
