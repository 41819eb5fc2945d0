package oracle_test

import "math/big"

// amount is what a line costs. 2.1.1 has no taxes. In 2.2.1 a component without vat has none. In 2.3.0 the tariff says whether its
// prices include taxes; the rate is the component's vat, else what the CDR lists, else not known.
func (s *session) amount(l line) money {
	cost := new(big.Rat).Mul(l.volume, l.Price.Rat)
	if l.kind != "ENERGY" && l.kind != "FLAT" {
		cost.Quo(cost, rat(3600)) // a price is for an hour
	}
	if s.version == "2.1.1" {
		return money{cost, nil}
	}
	if l.tariff.TaxIncluded == "N/A" {
		return money{cost, cost}
	}
	factor := s.taxFactor(l)
	switch {
	case l.tariff.TaxIncluded == "YES" && factor == nil:
		return money{nil, cost}
	case l.tariff.TaxIncluded == "YES":
		return money{new(big.Rat).Quo(cost, factor), cost}
	case factor == nil:
		return money{cost, nil}
	}
	return money{cost, new(big.Rat).Mul(cost, factor)}
}

// taxFactor is 1 + rate, nil where the rate is not known.
func (s *session) taxFactor(l line) *big.Rat {
	percent := new(big.Rat)
	switch {
	case l.VAT.given():
		percent = l.VAT.Rat
	case s.version == "2.3.0":
		own := map[string]price{
			"fixed": s.FixedCost, "energy": s.EnergyCost, "time": s.TimeCost, "parking": s.ParkingCost, "reservation": s.ReservationCost,
		}[l.part]
		if percent = listed(own.taxes); percent == nil {
			percent = listed(s.TotalCost.taxes)
		}
	}
	if percent == nil {
		return nil
	}
	factor := new(big.Rat).Quo(percent, rat(100))
	return factor.Add(factor, rat(1))
}

// listed is the sum of the percentages of a list of taxes, nil where one has none or two bear one name.
func listed(taxes []taxAmount) *big.Rat {
	if len(taxes) == 0 {
		return nil
	}
	percent, names := new(big.Rat), map[string]bool{}
	for _, tax := range taxes {
		if !tax.Percentage.given() || names[tax.Name] {
			return nil
		}
		names[tax.Name] = true
		percent.Add(percent, tax.Percentage.Rat)
	}
	return percent
}

// nothing is the cost of what no component prices. Of 2.1.1 nothing is known after taxes.
func (s *session) nothing() money {
	if s.version == "2.1.1" {
		return money{new(big.Rat), nil}
	}
	return money{new(big.Rat), new(big.Rat)}
}

func (m *money) add(other money) {
	m.net, m.gross = sum(m.net, other.net), sum(m.gross, other.gross)
}

// sum of an unknown amount is unknown.
func sum(a, b *big.Rat) *big.Rat {
	if a == nil || b == nil {
		return nil
	}
	return new(big.Rat).Add(a, b)
}

// taxed reports whether a line bears a tax, or one that is not known.
func (s *session) taxed(l line) bool {
	if s.version == "2.1.1" || l.tariff.TaxIncluded == "N/A" {
		return false
	}
	factor := s.taxFactor(l)
	return factor == nil || factor.Cmp(rat(1)) != 0
}

// limit holds a total to the least (sign 1) or greatest (sign -1) price, before and after taxes each by itself (mod_tariffs,
// Tariff.min_price and max_price). Where a limit before taxes alone comes into force, the total after taxes is the same where nothing
// is taxed; and it is not known where it would be the lesser of the two.
func (m *money) limit(p *price, sign int, untaxed bool) {
	if p == nil {
		return
	}
	hit := clamp(&m.net, p.net, sign)
	if p.gross.given() {
		clamp(&m.gross, p.gross, sign)
		return
	}
	switch {
	case !hit || m.gross == nil:
	case untaxed:
		m.gross = m.net
	case m.gross.Cmp(m.net) < 0:
		m.gross = nil
	}
}

// clamp puts a bound in the place of an amount on its wrong side.
func clamp(v **big.Rat, bound number, sign int) bool {
	if *v == nil || !bound.given() || bound.Cmp(*v) != sign {
		return false
	}
	*v = bound.Rat
	return true
}

func (m money) negative() money { return money{negative(m.net), negative(m.gross)} }

func negative(v *big.Rat) *big.Rat {
	if v == nil {
		return nil
	}
	return new(big.Rat).Neg(v)
}
