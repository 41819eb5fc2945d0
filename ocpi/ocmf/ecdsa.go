package ocmf

import (
	"crypto/ecdsa"
	"math/big"
)

// point is an affine point; without x it is the point at infinity.
type point struct{ x, y *big.Int }

func (q point) infinite() bool { return q.x == nil }

// The first byte of an encoded point (SEC 1, section 2.3.3).
const (
	pointEven         = 2
	pointOdd          = 3
	pointUncompressed = 4
)

// decodePoint reads a point in its uncompressed or compressed form, or as bare x and y. ok is false where the length is not the
// curve's or the point is not on it; the point at infinity has no such form.
func (c *curve) decodePoint(b []byte) (q point, ok bool) {
	size := c.size()
	switch {
	case len(b) == 2*size:
		q = point{new(big.Int).SetBytes(b[:size]), new(big.Int).SetBytes(b[size:])}
	case len(b) == 1+2*size && b[0] == pointUncompressed:
		return c.decodePoint(b[1:])
	case len(b) == 1+size && (b[0] == pointEven || b[0] == pointOdd):
		q.x = new(big.Int).SetBytes(b[1:])
		if q.y = new(big.Int).ModSqrt(c.cubic(q.x), c.p); q.y == nil {
			return point{}, false
		}
		if q.y.Bit(0) != uint(b[0]&1) {
			q.y.Sub(c.p, q.y)
		}
	default:
		return point{}, false
	}
	return q, c.holds(q)
}

// cubic is x³ + ax + b.
func (c *curve) cubic(x *big.Int) *big.Int {
	v := new(big.Int).Mul(x, x)
	v.Add(v, c.a)
	v.Mul(v, x)
	v.Add(v, c.b)
	return v.Mod(v, c.p)
}

// holds reports whether a point is on the curve. Since the cofactor is 1, every such point has the order n.
func (c *curve) holds(q point) bool {
	if q.infinite() || q.x.Cmp(c.p) >= 0 || q.y.Cmp(c.p) >= 0 {
		return false
	}
	square := new(big.Int).Mul(q.y, q.y)
	return square.Mod(square, c.p).Cmp(c.cubic(q.x)) == 0
}

// add returns q + r.
func (c *curve) add(q, r point) point {
	if q.infinite() {
		return r
	}
	if r.infinite() {
		return q
	}
	slope, across := new(big.Int), new(big.Int)
	switch {
	case q.x.Cmp(r.x) != 0:
		slope.Sub(r.y, q.y)
		across.Sub(r.x, q.x)
	case q.y.Cmp(r.y) != 0 || q.y.Sign() == 0: // opposite
		return point{}
	default: // the tangent: (3x² + a) / 2y
		slope.Mul(q.x, q.x)
		slope.Mul(slope, big.NewInt(3))
		slope.Add(slope, c.a)
		across.Lsh(q.y, 1)
	}
	slope.Mul(slope, across.ModInverse(across.Mod(across, c.p), c.p))
	slope.Mod(slope, c.p)
	x := new(big.Int).Mul(slope, slope)
	x.Sub(x, q.x)
	x.Mod(x.Sub(x, r.x), c.p)
	y := new(big.Int).Sub(q.x, x)
	y.Mul(y, slope)
	y.Mod(y.Sub(y, q.y), c.p)
	return point{x, y}
}

// combine returns u·G + v·q, both at once: the sum is doubled for each bit, and G, q or G + q added as the bits of u and v say.
func (c *curve) combine(u, v *big.Int, q point) point {
	g := point{c.gx, c.gy}
	table := [4]point{{}, g, q, c.add(g, q)}
	var sum point
	for i := max(u.BitLen(), v.BitLen()) - 1; i >= 0; i-- {
		sum = c.add(sum, sum)
		sum = c.add(sum, table[u.Bit(i)|v.Bit(i)<<1])
	}
	return sum
}

// verify checks an ECDSA signature over a hash (SEC 1, section 4.1.4). The standard library does it on the curves that it has.
// Else it is done here in numbers of any size; that takes a time that depends on the values, which are all public.
func (c *curve) verify(q point, hash []byte, r, s *big.Int) bool {
	if !c.inRange(r) || !c.inRange(s) || !c.holds(q) {
		return false
	}
	if key := c.standardKey(q); key != nil {
		return ecdsa.Verify(key, hash, r, s)
	}
	return c.verifyGeneric(q, hash, r, s)
}

// inRange reports 1 ≤ v < n.
func (c *curve) inRange(v *big.Int) bool { return v.Sign() > 0 && v.Cmp(c.n) < 0 }

func (c *curve) verifyGeneric(q point, hash []byte, r, s *big.Int) bool {
	inverse := new(big.Int).ModInverse(s, c.n)
	u := new(big.Int).Mul(c.leftmost(hash), inverse)
	v := new(big.Int).Mul(r, inverse)
	sum := c.combine(u.Mod(u, c.n), v.Mod(v, c.n), q)
	return !sum.infinite() && new(big.Int).Mod(sum.x, c.n).Cmp(r) == 0
}

// leftmost is the number of as many leftmost bits of a hash as n has.
func (c *curve) leftmost(hash []byte) *big.Int {
	e := new(big.Int).SetBytes(hash)
	if spare := len(hash)*8 - c.n.BitLen(); spare > 0 {
		e.Rsh(e, uint(spare))
	}
	return e
}
