package report

import (
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
)

// part names what a reason is of: one of the two parts that have one, or a line without moving anything of it.
type part uint8

const (
	conceded part = iota
	unproven
	noted
)

// reasonKey and reasonSum split what Summary.Reasons gives in one sum: a reason may concede on one line and leave open on another.
type reasonKey struct {
	part     part
	code     ocpi.Code
	currency string
}

type reasonSum struct {
	lines  int
	amount exact.Decimal // net
}

func (p *Page) tally(v *reconcile.LineVerdict) {
	if p.currency == nil {
		p.currency = map[string]int{}
		p.reasons = map[reasonKey]*reasonSum{}
	}
	if n, seen := p.currency[v.Line.Currency]; seen {
		p.currency[v.Line.Currency] = n + 1
	} else {
		p.currency[strings.Clone(v.Line.Currency)] = 1
	}
	if v.ConcededReason != "" {
		p.addReason(conceded, v.ConcededReason, v.Line.Currency, v.Conceded)
	}
	if v.UnprovenReason != "" {
		p.addReason(unproven, v.UnprovenReason, v.Line.Currency, v.Unproven)
	}
	for _, code := range v.Notes {
		p.addReason(noted, code, v.Line.Currency, reconcile.Money{})
	}
}

func (p *Page) addReason(part part, code ocpi.Code, currency string, m reconcile.Money) {
	sum := p.reasons[reasonKey{part, code, currency}]
	if sum == nil {
		sum = new(reasonSum)
		p.reasons[reasonKey{part, ocpi.Code(strings.Clone(string(code))), strings.Clone(currency)}] = sum
	}
	sum.amount = sum.amount.Add(m.BeforeTaxes.Value)
	if part == noted || !m.BeforeTaxes.Value.IsZero() {
		sum.lines++
	}
}
