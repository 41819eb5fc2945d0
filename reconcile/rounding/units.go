package rounding

import (
	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// Rounding in machine words. Amounts are counted in units of the finest decimals that a space looks for, so that one division serves all
// its schemes. What is too great, or needs more digits, is left to Scheme.Apply.

// Bounds of what is counted: below them no sum of a CDR's parts and no product with a rate leaves a word.
const (
	maxUnits    = 100_000_000_000 // ten million with four decimals
	ratePlaces  = 4
	wholeFactor = 1_000_000  // 100 % with those decimals
	maxFactor   = 10_000_000 // 900 % tax
)

// counted is an amount in units, truncated toward zero, and what that leaves.
type counted struct {
	units int64 // of the magnitude
	rest  exact.Rest
	neg   bool
}

// count counts an amount; ok is false where it is not known or too great.
func count(n ocpi.Number, places int32) (c counted, ok bool) {
	c.units, c.rest, ok = n.Value.Units(places)
	c.neg = n.Value.Sign() < 0
	return c, ok && n.Present && c.units < maxUnits
}

// whole is the amount as a signed number of units; ok is false where it leaves a rest.
func (c counted) whole() (n int64, ok bool) { return c.signed(c.units), c.rest == exact.NoRest }

func (c counted) signed(units int64) int64 {
	if c.neg {
		return -units
	}
	return units
}

// wholeUnits is a signed number of units as an amount.
func wholeUnits(n int64) counted {
	if n < 0 {
		return counted{units: -n, neg: true}
	}
	return counted{units: n}
}

// round rounds to multiples of a unit by every mode.
func (c counted) round(unit int64) (out [modeCount]int64) {
	q, r := c.units/unit, c.units%unit
	rest := restOf(r, unit, c.rest)
	for i, mode := range modes {
		n := q
		if mode.Away(c.neg, q%2 == 1, rest) {
			n++
		}
		out[i] = c.signed(n * unit)
	}
	return out
}

// restOf is what r of a unit leaves, with a rest below r's last digit.
func restOf(r, unit int64, below exact.Rest) exact.Rest {
	switch {
	case unit == 1:
		return below
	case 2*r > unit || 2*r == unit && below != exact.NoRest:
		return exact.AboveHalf
	case 2*r == unit:
		return exact.Half
	case r > 0 || below != exact.NoRest:
		return exact.BelowHalf
	}
	return exact.NoRest
}

// factorOf is 1 + rate ÷ 100 in millionths; ok is false where the rate needs more digits or is out of the ordinary.
func factorOf(rate ocpi.Number) (factor int64, ok bool) {
	c, ok := count(rate, ratePlaces)
	n, whole := c.whole()
	factor = wholeFactor + n
	return factor, ok && whole && factor >= 0 && factor < maxFactor
}

// taxedBy is a whole number of units with its tax, rounded to multiples of a unit by one mode.
func taxedBy(n, factor, unit int64, mode exact.Mode) int64 {
	c := wholeUnits(n)
	by := unit * wholeFactor
	q, r := c.units*factor/by, c.units*factor%by
	if mode.Away(c.neg, q%2 == 1, restOf(r, by, exact.NoRest)) {
		q++
	}
	return c.signed(q * unit)
}
