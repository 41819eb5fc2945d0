package commitment

import (
	"cmp"
	"errors"
	"slices"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

// Sum is what the records of a kind come to in a currency: Debit of those above zero, Credit of those below without their sign.
type Sum struct {
	Kind     string `json:"kind"`
	Currency string `json:"currency"`
	Debit    Amount `json:"debit"`
	Credit   Amount `json:"credit"`
}

// Net is debit less credit.
func (s *Sum) Net() exact.Decimal { return s.Debit.Sub(s.Credit.Decimal) }

// Sums are sorted by kind and currency, one each, none that is nothing.
type Sums []Sum

// SumsOf are those of one record.
func SumsOf(kind, currency string, amount exact.Decimal) Sums {
	switch {
	case currency == "" || amount.IsZero():
		return nil
	case amount.Sign() < 0:
		return Sums{{Kind: kind, Currency: currency, Credit: Amount{amount.Neg()}}}
	}
	return Sums{{Kind: kind, Currency: currency, Debit: Amount{amount}}}
}

func compareSums(a, b Sum) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Currency, b.Currency))
}

// plus is s + other.
func (s Sums) plus(other Sums) Sums {
	out := make(Sums, 0, max(len(s), len(other)))
	for len(s) > 0 && len(other) > 0 {
		a, b := s[0], other[0]
		switch c := compareSums(a, b); {
		case c < 0:
			out, s = append(out, a), s[1:]
		case c > 0:
			out, other = append(out, b), other[1:]
		default:
			a.Debit, a.Credit = Amount{a.Debit.Add(b.Debit.Decimal)}, Amount{a.Credit.Add(b.Credit.Decimal)}
			out, s, other = append(out, a), s[1:], other[1:]
		}
	}
	return append(append(out, s...), other...)
}

// appendText appends the sums as they are hashed.
func (s Sums) appendText(dst []byte) []byte {
	for i := range s {
		dst = append(append(append(append(dst, s[i].Kind...), ' '), s[i].Currency...), ' ')
		dst = append(append(append(append(dst, s[i].Debit.Plain()...), ' '), s[i].Credit.Plain()...), '\n')
	}
	return dst
}

// equal reports the same sums.
func (s Sums) equal(other Sums) bool {
	return slices.EqualFunc(s, other, func(a, b Sum) bool {
		return compareSums(a, b) == 0 && a.Debit.Equal(b.Debit.Decimal) && a.Credit.Equal(b.Credit.Decimal)
	})
}

// check says what of stated sums cannot be.
func (s Sums) check() error {
	zero := exact.Decimal{}
	for i := range s {
		switch x := &s[i]; {
		case x.Debit.Less(zero) || x.Credit.Less(zero):
			return errors.New("a sum is below zero")
		case x.Debit.IsZero() && x.Credit.IsZero():
			return errors.New("a sum of nothing is stated")
		case !IsKind(x.Kind) || !isCurrency(x.Currency):
			return errors.New("a sum is of no kind or currency")
		case i > 0 && compareSums(s[i-1], *x) >= 0:
			return errors.New("the sums are not sorted, or one is there twice")
		}
	}
	return nil
}

// IsKind reports the name of a kind of records.
func IsKind(s string) bool {
	return slices.Contains([]string{KindCDR, KindSession, KindTariff, KindLocation, KindInvoiceLine}, s)
}

// isCurrency reports three capital letters.
func isCurrency(s string) bool {
	return len(s) == 3 && !slices.ContainsFunc([]byte(s), func(c byte) bool { return c < 'A' || c > 'Z' })
}
