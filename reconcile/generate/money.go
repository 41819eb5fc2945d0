package generate

import "math/bits"

// Money and quantities are integers. The units are chosen so that every product that a tariff of this package can make is
// whole: prices have four decimals, energy is counted in mWh (kWh with six decimals), time in seconds, tax in thousandths.
type (
	price4 int64 // 1/10,000 of a currency unit, for a kWh, an hour or a session
	energy int64 // mWh
	net    int64 // 1/90,000,000,000 of a currency unit, before taxes
	gross  int64 // 1/1000 of a net unit, after taxes
	cents  int64
)

const (
	wattHour    energy = 1000
	kiloWatt    energy = 1000 * wattHour // in an hour
	netPerMWh   net    = 9               // 9e10 ÷ (1e6 mWh a kWh × 1e4)
	netPerSec   net    = 2500            // 9e10 ÷ (3600 s an hour × 1e4)
	netPerFlat  net    = 9_000_000       // 9e10 ÷ 1e4
	netPerCent  net    = 900_000_000
	grossOfNet  gross  = 1000
	grossOfCent        = gross(netPerCent) * grossOfNet
)

// money is an exact amount before and after taxes.
type money struct {
	net   net
	gross gross
}

func taxed(n net, perMille int64) money {
	return money{n, gross(n) * (grossOfNet + gross(perMille))}
}

func (m money) plus(o money) money { return money{m.net + o.net, m.gross + o.gross} }

// cents rounds half away from zero, as the invoicing party does.
func (n net) cents() cents { return cents(roundDiv(int64(n), int64(netPerCent))) }

func (g gross) cents() cents { return cents(roundDiv(int64(g), int64(grossOfCent))) }

// four rounds to the four decimals of an OCPI number.
func (n net) four() int64   { return roundDiv(int64(n), int64(netPerCent)/100) }
func (g gross) four() int64 { return roundDiv(int64(g), int64(grossOfCent)/100) }

// tax is the tax on a rounded net amount at the ratio of m, rounded half away from zero.
func (m money) tax(on cents) cents {
	extra := int64(m.gross) - int64(m.net)*int64(grossOfNet)
	if extra == 0 || m.net <= 0 {
		return 0
	}
	sign := cents(1)
	if on < 0 {
		on, sign = -on, -1
	}
	whole := uint64(m.net) * uint64(grossOfNet)
	hi, lo := bits.Mul64(uint64(on), uint64(extra))
	lo, carry := bits.Add64(lo, whole/2, 0)
	q, _ := bits.Div64(hi+carry, lo, whole)
	return sign * cents(q)
}

// roundDiv divides, half away from zero; d is positive.
func roundDiv(n, d int64) int64 {
	if n < 0 {
		return -roundDiv(-n, d)
	}
	return (n + d/2) / d
}

// ceilTo returns the smallest multiple of step that is not below n.
func ceilTo(n, step int64) int64 {
	if step <= 0 {
		return n
	}
	return (n + step - 1) / step * step
}

// appendDecimal writes v × 10^-scale in plain notation without trailing zeros.
func appendDecimal(b []byte, v int64, scale int) []byte {
	if v < 0 {
		b, v = append(b, '-'), -v
	}
	var digits [24]byte
	n := len(digits)
	for i := 0; i <= scale || v > 0; i++ {
		if i == scale && scale > 0 {
			n--
			digits[n] = '.'
		}
		n--
		digits[n] = byte('0' + v%10)
		v /= 10
	}
	out := digits[n:]
	if scale > 0 {
		for out[len(out)-1] == '0' {
			out = out[:len(out)-1]
		}
		if out[len(out)-1] == '.' {
			out = out[:len(out)-1]
		}
	}
	return append(b, out...)
}

// appendCents writes an amount with its two decimals.
func appendCents(b []byte, c cents) []byte {
	if c < 0 {
		b, c = append(b, '-'), -c
	}
	b = appendDecimal(b, int64(c/100), 0)
	return append(b, '.', byte('0'+c/10%10), byte('0'+c%10))
}
