package exact

import "bytes"

// outputDecimals is the limit of Output.
const outputDecimals = 12

// textSize holds the text of nearly every number, so that String allocates once.
const textSize = 48

// String is plain notation, all decimals held, no exponent: "10.60", "-0.05", "1000".
func (a Decimal) String() string {
	var buf [textSize]byte
	return string(a.Append(buf[:0]))
}

// Append appends String to dst.
func (a Decimal) Append(dst []byte) []byte {
	if a.wide != nil {
		return a.appendWide(dst)
	}
	var buf [maxPow10 + 1]byte
	return appendPlain(dst, a.neg, a.coef.digits(&buf), int(a.scale))
}

func (a Decimal) appendWide(dst []byte) []byte {
	v, exponent := a.parts()
	neg := v.Sign() < 0
	digits := v.Abs(v).Append(nil, 10)
	if exponent > 0 {
		return append(appendPlain(dst, neg, digits, 0), bytes.Repeat([]byte{'0'}, int(exponent))...)
	}
	return appendPlain(dst, neg, digits, int(-exponent))
}

// Plain is String without trailing zero decimals: "10.6".
func (a Decimal) Plain() string {
	var buf [textSize]byte
	return string(a.appendFixed(buf[:0], 0))
}

// Fixed is plain notation with at least the given decimals, and more only where the number needs them: Fixed(2) of 10.6
// is "10.60", of 10.625 and of 10.6250 is "10.625".
func (a Decimal) Fixed(places int32) string {
	var buf [textSize]byte
	return string(a.appendFixed(buf[:0], places))
}

// Output is the notation of machine output: plain, exact where the value terminates within 12 decimals, else rounded
// half-even to 12; no trailing zeros.
func (a Decimal) Output() string { return a.Shown().Plain() }

// Shown is the number that Output writes.
func (a Decimal) Shown() Decimal { return a.Round(outputDecimals, HalfEven) }

// MarshalJSON writes Output as a JSON string.
func (a Decimal) MarshalJSON() ([]byte, error) {
	dst := append(make([]byte, 0, textSize), '"')
	return append(a.Shown().appendFixed(dst, 0), '"'), nil
}

// UnmarshalJSON reads a JSON string or number; the string must hold a JSON number and nothing else. null is an error.
func (a *Decimal) UnmarshalJSON(b []byte) error {
	if n := len(b); n >= 2 && b[0] == '"' && b[n-1] == '"' {
		b = b[1 : n-1]
	}
	d, err := Parse(b)
	if err != nil {
		return err
	}
	*a = d
	return nil
}

// appendFixed appends Fixed to dst.
func (a Decimal) appendFixed(dst []byte, places int32) []byte {
	dst = a.Append(dst)
	decimals := a.Scale()
	for decimals > max(places, 0) && dst[len(dst)-1] == '0' {
		dst, decimals = dst[:len(dst)-1], decimals-1
	}
	if dst[len(dst)-1] == '.' {
		dst = dst[:len(dst)-1]
	}
	if decimals == 0 && places > 0 {
		dst = append(dst, '.')
	}
	for ; decimals < places; decimals++ {
		dst = append(dst, '0')
	}
	return dst
}

// appendPlain sets the point among digits, which have no leading zeros but "0" itself.
func appendPlain(dst []byte, neg bool, digits []byte, scale int) []byte {
	if neg {
		dst = append(dst, '-')
	}
	whole := len(digits) - scale
	if scale == 0 {
		return append(dst, digits...)
	}
	if whole > 0 {
		dst = append(append(dst, digits[:whole]...), '.')
		return append(dst, digits[whole:]...)
	}
	dst = append(dst, '0', '.')
	for ; whole < 0; whole++ {
		dst = append(dst, '0')
	}
	return append(dst, digits...)
}

// digits writes x in decimal at the end of buf.
func (x u128) digits(buf *[maxPow10 + 1]byte) []byte {
	i := len(buf)
	for x.hi != 0 {
		var r u128
		x, r = quoRem(u128{}, x, pow10[shortDigits])
		for range shortDigits {
			i--
			buf[i], r.lo = '0'+byte(r.lo%10), r.lo/10
		}
	}
	for ok := true; ok; ok = x.lo > 0 {
		i--
		buf[i], x.lo = '0'+byte(x.lo%10), x.lo/10
	}
	return buf[i:]
}
