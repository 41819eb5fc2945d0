package reconcile

import (
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile/rounding"
)

// Money is an amount before and after taxes, in a currency that its holder names. AfterTaxes is absent where no tax is known.
type Money struct {
	BeforeTaxes ocpi.Number
	AfterTaxes  ocpi.Number
}

// on is one side of the money.
func (m Money) on(basis Basis) ocpi.Number {
	if basis == AfterTaxes {
		return m.AfterTaxes
	}
	return m.BeforeTaxes
}

// set returns the money with one side replaced.
func (m Money) set(basis Basis, v exact.Decimal) Money {
	if basis == AfterTaxes {
		m.AfterTaxes = Known(v)
	} else {
		m.BeforeTaxes = Known(v)
	}
	return m
}

// negated is the money with the other sign.
func (m Money) negated() Money { return Money{negated(m.BeforeTaxes), negated(m.AfterTaxes)} }

func negated(n ocpi.Number) ocpi.Number {
	if n.Present {
		n.Value = n.Value.Neg()
	}
	return n
}

// IsPartOf reports money that lies between nothing and all of another, on both sides.
func (m Money) IsPartOf(whole Money) bool {
	within := func(part, whole exact.Decimal) bool {
		if whole.Sign() < 0 {
			part, whole = part.Neg(), whole.Neg()
		}
		return part.Sign() >= 0 && !whole.Less(part)
	}
	return within(m.BeforeTaxes.Value, whole.BeforeTaxes.Value) && within(m.AfterTaxes.Value, whole.AfterTaxes.Value)
}

// other is the other basis.
func (b Basis) other() Basis {
	if b == AfterTaxes {
		return BeforeTaxes
	}
	return AfterTaxes
}

// rounding is the basis by its name in package rounding.
func (b Basis) rounding() rounding.Basis { return rounding.Basis(b) }

// MarshalJSON writes {"before_taxes":"…"|null,"after_taxes":"…"|null}.
func (m Money) MarshalJSON() ([]byte, error) {
	out := append([]byte(`{"before_taxes":`), number(m.BeforeTaxes)...)
	out = append(append(out, `,"after_taxes":`...), number(m.AfterTaxes)...)
	return append(out, '}'), nil
}

func number(n ocpi.Number) []byte {
	if !n.Present {
		return []byte("null")
	}
	return append(append([]byte{'"'}, n.Value.Output()...), '"')
}

// Known wraps a value that is there.
func Known(v exact.Decimal) ocpi.Number { return ocpi.Number{Value: v, Present: true} }

// Grouped is an amount with at least the given decimals and its thousands set apart by commas, the same in every locale.
func Grouped(d exact.Decimal, places int32) string {
	text := d.Fixed(places)
	sign := ""
	if strings.HasPrefix(text, "-") {
		sign, text = "-", text[1:]
	}
	whole, fraction, _ := strings.Cut(text, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction != "" {
		whole += "." + fraction
	}
	return sign + whole
}
