package exact

import (
	"math"
	"math/bits"
)

// u128 is an unsigned number of two machine words: hi × 2^64 + lo.
type u128 struct{ hi, lo uint64 }

// maxPow10 is the greatest power of ten below 2^128.
const maxPow10 = 38

// pow10 are the powers of ten that fit.
var pow10 = func() (p [maxPow10 + 1]u128) {
	p[0] = u128{lo: 1}
	for i := 1; i < len(p); i++ {
		p[i], _ = p[i-1].mul(u128{lo: 10})
	}
	return p
}()

func (x u128) isZero() bool { return x.hi|x.lo == 0 }

func (x u128) isOdd() bool { return x.lo&1 == 1 }

func (x u128) less(y u128) bool { return x.hi < y.hi || x.hi == y.hi && x.lo < y.lo }

func (x u128) cmp(y u128) int {
	switch {
	case x.less(y):
		return -1
	case x == y:
		return 0
	}
	return 1
}

// add reports false where the sum does not fit.
func (x u128) add(y u128) (u128, bool) {
	lo, carry := bits.Add64(x.lo, y.lo, 0)
	hi, carry := bits.Add64(x.hi, y.hi, carry)
	return u128{hi, lo}, carry == 0
}

// sub is x − y modulo 2^128.
func (x u128) sub(y u128) u128 {
	lo, borrow := bits.Sub64(x.lo, y.lo, 0)
	hi, _ := bits.Sub64(x.hi, y.hi, borrow)
	return u128{hi, lo}
}

// mul reports false where the product does not fit.
func (x u128) mul(y u128) (u128, bool) {
	if x.hi|y.hi == 0 {
		hi, lo := bits.Mul64(x.lo, y.lo)
		return u128{hi, lo}, true
	}
	over, product := mulFull(x, y)
	return product, over.isZero()
}

// mulPow10 is x × 10^n for n ≥ 0; it reports false where that does not fit.
func (x u128) mulPow10(n int64) (u128, bool) {
	if x.isZero() {
		return x, true
	}
	if n > maxPow10 {
		return u128{}, false
	}
	return x.mul(pow10[n])
}

// mulFull is x × y in full: hi × 2^128 + lo.
func mulFull(x, y u128) (hi, lo u128) {
	var carry uint64
	lo.hi, lo.lo = bits.Mul64(x.lo, y.lo)
	hi.hi, hi.lo = bits.Mul64(x.hi, y.hi)
	for _, cross := range [2]u128{word(x.hi, y.lo), word(x.lo, y.hi)} {
		lo.hi, carry = bits.Add64(lo.hi, cross.lo, 0)
		hi.lo, carry = bits.Add64(hi.lo, cross.hi, carry)
		hi.hi += carry
	}
	return hi, lo
}

// word is the product of two words.
func word(x, y uint64) (p u128) {
	p.hi, p.lo = bits.Mul64(x, y)
	return p
}

// quoRem divides hi × 2^128 + lo by d. hi must be below d, so that the quotient fits.
func quoRem(hi, lo, d u128) (q, r u128) {
	if d.hi == 0 {
		q.hi, r.lo = bits.Div64(hi.lo, lo.hi, d.lo)
		q.lo, r.lo = bits.Div64(r.lo, lo.lo, d.lo)
		return q, r
	}
	// Long division in words (Knuth, algorithm D) wants the top bit of the divisor set. Shifting the dividend along
	// loses nothing: it stays below d × 2^128.
	s := uint(bits.LeadingZeros64(d.hi))
	d = d.shl(s)
	hi, lo = u128{hi.hi<<s | hi.lo>>(64-s), hi.lo<<s | lo.hi>>(64-s)}, lo.shl(s)
	q.hi, r = quoWord(hi, lo.hi, d)
	q.lo, r = quoWord(r, lo.lo, d)
	return q, r.shr(s)
}

// quoWord divides x × 2^64 + n by d, for x below d and the top bit of d set: one step of the long division.
func quoWord(x u128, n uint64, d u128) (q uint64, r u128) {
	// The leading words give q, or one or two too much; left is what they leave of the dividend.
	var left, over uint64
	if x.hi == d.hi {
		q = math.MaxUint64
		left, over = bits.Add64(x.lo, d.hi, 0)
	} else {
		q, left = bits.Div64(x.hi, x.lo, d.hi)
	}
	for p := word(q, d.lo); over == 0 && (u128{left, n}).less(p); p = p.sub(u128{lo: d.lo}) {
		q--
		left, over = bits.Add64(left, d.hi, 0)
	}
	// The remainder is below d, so it is right modulo 2^128.
	p := word(q, d.lo)
	p.hi += q * d.hi
	return q, u128{x.lo, n}.sub(p)
}

// shl is x << s for s below 64; the bits shifted out are lost.
func (x u128) shl(s uint) u128 { return u128{x.hi<<s | x.lo>>(64-s), x.lo << s} }

// shr is x >> s for s below 64.
func (x u128) shr(s uint) u128 { return u128{x.hi >> s, x.lo>>s | x.hi<<(64-s)} }
