package report

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
)

const (
	maxText = 400      // characters of one value on the page
	group   = "\u202f" // between thousands: a narrow space that does not break, the same in every country
	absent  = "–"
)

// visible makes a value from a record fit to be shown: characters that could disguise it are replaced by their numbers, and a
// value of unreasonable length is cut, which it says.
func visible(s string) string {
	if len(s) <= maxText && harmless(s) {
		return s
	}
	var b strings.Builder
	n := 0
	for i, r := range s {
		if n == maxText {
			fmt.Fprintf(&b, "… (%d bytes more)", len(s)-i)
			break
		}
		n++
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			b.WriteByte(' ')
		case r == utf8.RuneError || !disguises(r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "‹U+%04X›", r)
		}
	}
	return b.String()
}

// harmless reports a value that visible would leave as it is.
func harmless(s string) bool {
	for i := 0; i < len(s); {
		c := s[i]
		if c >= 0x20 && c < 0x7f {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError || r != '\u202f' && disguises(r) {
			return false
		}
		i += size
	}
	return true
}

// disguises reports controls, format characters (direction overrides, zero widths), separators, private and unassigned code points.
func disguises(r rune) bool {
	return !unicode.IsGraphic(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
}

// amount writes a sum of money without its currency: at least the minor unit's decimals, more only where they are not zero.
func amount(d exact.Decimal, currency string) string { return digits(d.String(), minorUnit(currency)) }

func minorUnit(currency string) int { return int(reconcile.MinorUnits(currency)) }

// rounded is amount for exact prices, which nobody invoiced: to the minor unit.
func rounded(d exact.Decimal, currency string) string {
	return amount(d.Round(reconcile.MinorUnits(currency), exact.HalfUp), currency)
}

// money is amount with the currency.
func money(n ocpi.Number, currency string) string {
	if !n.Present {
		return absent
	}
	return amount(n.Value, currency) + "\u00a0" + visible(currency)
}

// digits writes a plain decimal with thousands apart, a true minus sign, and no fewer than the given decimals.
func digits(plain string, decimals int) string {
	sign, rest := "", plain
	if strings.HasPrefix(rest, "-") {
		sign, rest = "−", rest[1:]
	}
	whole, fraction, _ := strings.Cut(rest, ".")
	fraction = strings.TrimRight(fraction, "0")
	for len(fraction) < decimals {
		fraction += "0"
	}
	if len(whole) > 3 {
		whole = grouped(whole)
	}
	if fraction == "" {
		return sign + whole
	}
	return sign + whole + "." + fraction
}

func grouped(whole string) string {
	var b strings.Builder
	b.Grow(len(whole) + len(whole)/3*len(group))
	for i := range len(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(group)
		}
		b.WriteByte(whole[i])
	}
	return b.String()
}

// count writes a number of things.
func count(n int) string { return digits(itoa(n), 0) }

// clock writes an instant: UTC, to the second.
func clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05")
}

// duration writes the time between two instants.
func duration(from, to time.Time) string {
	if from.IsZero() || to.IsZero() {
		return ""
	}
	d := to.Sub(from).Round(time.Second)
	sign := ""
	if d < 0 {
		sign, d = "−", -d
	}
	seconds := int(d / time.Second)
	return sign + itoa(seconds/3600) + " h " + two(seconds/60%60) + " min " + two(seconds%60) + " s"
}

// two writes a number below 100 with two digits.
func two(n int) string { return string([]byte{byte('0' + n/10), byte('0' + n%10)}) }

// permille splits 1000 over the values in proportion, what is not positive counting as nothing and nothing positive getting less
// than least; the result sums to 1000 where any value is positive.
func permille(least int, values ...exact.Decimal) []int {
	var total exact.Decimal
	for _, v := range values {
		total = total.Add(exact.Max(v, exact.Decimal{}))
	}
	out := make([]int, len(values))
	if total.Sign() == 0 {
		return out
	}
	largest, sum := 0, 0
	for i, v := range values {
		if v.Sign() <= 0 {
			continue
		}
		q, _ := v.Shift(3).Shopspring().QuoRem(total.Shopspring(), 0)
		out[i] = max(least, int(q.IntPart()))
		sum += out[i]
		if values[largest].Less(v) {
			largest = i
		}
	}
	out[largest] += 1000 - sum
	return out
}

// percent writes tenths of a per cent.
func percent(permille int) string { return fmt.Sprintf("%d.%d", permille/10, permille%10) }
