package generate

import (
	"math/bits"
	"math/rand/v2"
)

// random is a stream of random numbers that is the same on every machine and with every Go version: only the bare output of
// PCG-DXSM is used, whose algorithm is fixed, and the reduction to a range is our own.
type random struct{ pcg rand.PCG }

// reseed begins the stream of one record. Each record has its own, so that it does not depend on those before it.
func (r *random) reseed(seed, record uint64) {
	r.pcg.Seed(seed^0x9e3779b97f4a7c15, record*0xbf58476d1ce4e5b9+1)
	r.pcg.Uint64()
}

// below returns a number in [0, n); n must be positive.
func (r *random) below(n int64) int64 {
	hi, _ := bits.Mul64(r.pcg.Uint64(), uint64(n))
	return int64(hi)
}

// between returns a number in [least, greatest].
func (r *random) between(least, greatest int64) int64 { return least + r.below(greatest-least+1) }

// chance is true in so many of a hundred cases.
func (r *random) chance(percent int64) bool { return r.below(100) < percent }

// uuid returns a random UUID, version 4.
func (r *random) uuid() string {
	hi, lo := r.pcg.Uint64(), r.pcg.Uint64()
	hi = hi&^uint64(0xf000) | 0x4000
	lo = lo&^(uint64(3)<<62) | uint64(1)<<63
	var b [36]byte
	n := 0
	for i := 60; i >= 0; i -= 4 {
		n = hexDigit(&b, n, hi>>i)
	}
	for i := 60; i >= 0; i -= 4 {
		n = hexDigit(&b, n, lo>>i)
	}
	return string(b[:])
}

func hexDigit(b *[36]byte, n int, v uint64) int {
	if n == 8 || n == 13 || n == 18 || n == 23 {
		b[n] = '-'
		n++
	}
	b[n] = "0123456789abcdef"[v&15]
	return n + 1
}

// text returns n characters out of an alphabet.
func (r *random) text(alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[r.below(int64(len(alphabet)))]
	}
	return string(b)
}

// pick returns one of the choices.
func pick[T any](r *random, choices []T) T { return choices[r.below(int64(len(choices)))] }
