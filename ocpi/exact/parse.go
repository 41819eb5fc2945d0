package exact

import (
	"errors"
	"fmt"
	"math/big"
)

// Digits that a number may need on either side of the point in plain notation.
const (
	MaxIntegerDigits  = 64
	MaxFractionDigits = 64
)

// Errors of Parse. ErrSyntax: the text is no JSON number. ErrRange: it needs more digits than the limits allow.
var (
	ErrSyntax = errors.New("not a decimal number")
	ErrRange  = errors.New("number out of range: more than 64 digits before or after the point")
)

// shortDigits is the number of digits that always fit one word.
const shortDigits = 19

// maxExponent bounds the exponent while it is read. It is far beyond the length of any text, so no digits written can
// bring a greater one back into range; and ten times it still fits a word.
const maxExponent = 1 << 56

// Parse reads a JSON number (sign, digits, fraction, exponent) from its text. The scale of the result is the number of
// decimals written (0 where the exponent leaves none); of trailing zeros beyond 64 decimals, which carry nothing, none
// are kept.
func Parse(text []byte) (Decimal, error) {
	if d, ok := parseShort(text); ok {
		return d, nil
	}
	l, ok := scan(text)
	if !ok {
		return Decimal{}, ErrSyntax
	}
	return l.value()
}

// MustParse is Parse for constants and tests; it panics where Parse fails.
func MustParse(text string) Decimal {
	d, err := Parse([]byte(text))
	if err != nil {
		panic(fmt.Sprintf("exact: %q: %v", text, err))
	}
	return d
}

// parseShort reads the usual number: at most 19 digits, no exponent. It leaves all else, errors too, to scan.
func parseShort(text []byte) (Decimal, bool) {
	neg := len(text) > 0 && text[0] == '-'
	if neg {
		text = text[1:]
	}
	if len(text) == 0 || len(text) > shortDigits+1 {
		return Decimal{}, false
	}
	var c uint64
	whole, decimals := len(text), 0
	for i, b := range text {
		switch {
		case isDigit(b):
			c = c*10 + uint64(b-'0')
		case b == '.' && whole == len(text) && i < len(text)-1:
			whole, decimals = i, len(text)-1-i
		default:
			return Decimal{}, false
		}
	}
	if whole == 0 || whole > 1 && text[0] == '0' || whole+decimals > shortDigits {
		return Decimal{}, false
	}
	return Decimal{coef: u128{lo: c}, scale: int32(decimals), neg: neg && c != 0}, true
}

// literal is a number as written: its digits before and after the point, and its exponent.
type literal struct {
	neg             bool
	whole, fraction []byte
	exponent        int64
}

// scan splits a text by the grammar of JSON numbers. It keeps no digits, so that a text of any length costs nothing but
// the reading.
func scan(text []byte) (l literal, ok bool) {
	if len(text) > 0 && text[0] == '-' {
		l.neg, text = true, text[1:]
	}
	l.whole, text = cutDigits(text)
	if len(l.whole) == 0 || len(l.whole) > 1 && l.whole[0] == '0' {
		return l, false
	}
	if len(text) > 0 && text[0] == '.' {
		l.fraction, text = cutDigits(text[1:])
		if len(l.fraction) == 0 {
			return l, false
		}
	}
	l.exponent, ok = scanExponent(text)
	return l, ok
}

// scanExponent reads the exponent that is the rest of a number, if any, bounded by maxExponent.
func scanExponent(text []byte) (n int64, ok bool) {
	if len(text) == 0 {
		return 0, true
	}
	if text[0] != 'e' && text[0] != 'E' {
		return 0, false
	}
	text = text[1:]
	neg := len(text) > 0 && text[0] == '-'
	if neg || len(text) > 0 && text[0] == '+' {
		text = text[1:]
	}
	digits, rest := cutDigits(text)
	if len(digits) == 0 || len(rest) > 0 {
		return 0, false
	}
	for _, b := range digits {
		n = min(n*10+int64(b-'0'), maxExponent)
	}
	if neg {
		n = -n
	}
	return n, true
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

func cutDigits(text []byte) (digits, rest []byte) {
	n := 0
	for n < len(text) && isDigit(text[n]) {
		n++
	}
	return text[:n], text[n:]
}

// value is the number, or ErrRange.
func (l literal) value() (Decimal, error) {
	first, end := l.significant()
	point := int64(len(l.whole)) + l.exponent // where the point stands among the digits, once the exponent is applied
	scale := int64(len(l.whole)+len(l.fraction)) - point
	scale = min(max(scale, 0), MaxFractionDigits)
	if first == end {
		return Decimal{scale: int32(scale)}, nil
	}
	if point-int64(first) > MaxIntegerDigits || int64(end)-point > MaxFractionDigits {
		return Decimal{}, ErrRange
	}
	// The limits bound the digits by 128: those from the first to the last that is not zero, and zeros up to the scale.
	var buf [MaxIntegerDigits + MaxFractionDigits]byte
	digits := buf[:point+scale-int64(first)]
	for i := range digits {
		digits[i] = '0'
		if first+i < end {
			digits[i] = l.digit(first + i)
		}
	}
	if c, ok := wordsOfDigits(digits); ok {
		return Decimal{coef: c, scale: int32(scale), neg: l.neg}, nil
	}
	return l.wide(digits, scale), nil
}

// wide is the number where its digits do not fit words.
func (l literal) wide(digits []byte, scale int64) Decimal {
	v, ok := new(big.Int).SetString(string(digits), 10)
	if !ok {
		panic("exact: digits expected")
	}
	if l.neg {
		v.Neg(v)
	}
	return fromParts(v, -scale)
}

// significant is the span of the digits from the first that is not zero to the last; empty for zero.
func (l literal) significant() (first, end int) {
	end = len(l.whole) + len(l.fraction)
	for first < end && l.digit(first) == '0' {
		first++
	}
	for end > first && l.digit(end-1) == '0' {
		end--
	}
	return first, end
}

// digit is the digit of the given index, counted through the point.
func (l literal) digit(i int) byte {
	if i < len(l.whole) {
		return l.whole[i]
	}
	return l.fraction[i-len(l.whole)]
}

// wordsOfDigits reads digits a word at a time; it reports false where they do not fit.
func wordsOfDigits(digits []byte) (c u128, ok bool) {
	if len(digits) > maxPow10+1 {
		return u128{}, false
	}
	for len(digits) > 0 {
		n := min(len(digits), shortDigits)
		var w uint64
		for _, b := range digits[:n] {
			w = w*10 + uint64(b-'0')
		}
		if c, ok = c.mulPow10(int64(n)); !ok {
			return u128{}, false
		}
		if c, ok = c.add(u128{lo: w}); !ok {
			return u128{}, false
		}
		digits = digits[n:]
	}
	return c, true
}
