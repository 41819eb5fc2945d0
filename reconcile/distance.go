package reconcile

import (
	"math/bits"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// spot is a position on earth in millionths of a degree, a tenth of a metre.
type spot struct{ latitude, longitude int32 }

const (
	degree = 1_000_000     // of a spot
	unit   = 1_000_000_000 // of sines
)

// spotOf reads the coordinates of a location; false where it has none. 0, 0 is nowhere: systems write it for want of a position.
func spotOf(l *ocpi.CDRLocation) (spot, bool) {
	latitude, ok := angle(l.Latitude, 90*degree)
	longitude, also := angle(l.Longitude, 180*degree)
	return spot{latitude, longitude}, ok && also && (latitude != 0 || longitude != 0)
}

func angle(text string, limit int64) (int32, bool) {
	v, err := exact.Parse([]byte(text))
	if err != nil {
		return 0, false
	}
	n, ok := millionths(v)
	return int32(n), ok && -limit <= n && n <= limit
}

// millionths is a number in millionths, what is less cut off; false where it does not fit.
func millionths(v exact.Decimal) (int64, bool) {
	n, _, ok := v.Units(6)
	if v.Sign() < 0 {
		n = -n
	}
	return n, ok
}

// leastRadius is the smallest radius of curvature of the earth in metres: that of a meridian at the equator (WGS 84).
const leastRadius = 6_335_439

// metresApart is how far two spots are apart at least: the chord through a sphere of the least radius. It is never more than the way over the
// ground, and up to 1,000 km it is less by one in a hundred at most. Sines are whole billionths and off by 20 of them at most, which is less
// than a metre.
func metresApart(a, b spot) int64 {
	x1, y1, z1 := a.vector()
	x2, y2, z2 := b.vector()
	dx, dy, dz := x1-x2, y1-y2, z1-z2
	return max(0, root(dx*dx+dy*dy+dz*dz)*leastRadius/unit-1)
}

// vector is the spot on a sphere whose radius is a unit.
func (s spot) vector() (x, y, z int64) {
	level := cosine(int64(s.latitude))
	return level * cosine(int64(s.longitude)) / unit, level * sine(int64(s.longitude)) / unit, sine(int64(s.latitude))
}

func cosine(angle int64) int64 { return sine(90*degree - max(angle, -angle)) }

// sine is the sine of an angle within 180 degrees, by its series: x − x³/3! + x⁵/5! and so on.
func sine(angle int64) int64 {
	switch {
	case angle > 90*degree:
		angle = 180*degree - angle
	case angle < -90*degree:
		angle = -180*degree - angle
	}
	const radians = 17_453_292_520 // of a thousand degrees
	x := angle * radians / unit
	sum, term := x, x
	for n := int64(2); term != 0; n += 2 {
		term = -(term * x / unit) * x / unit / (n * (n + 1))
		sum += term
	}
	return sum
}

// root is the whole part of a square root, by Newton's method from above.
func root(n int64) int64 {
	if n <= 0 {
		return 0
	}
	x := int64(1) << ((bits.Len64(uint64(n)) + 1) / 2)
	for {
		y := (x + n/x) / 2
		if y >= x {
			return x
		}
		x = y
	}
}
