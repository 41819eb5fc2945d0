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
	beside exact.Decimal // net: what is proven of the lines of which this is the first reason that moves something
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
	p.addBeside(v)
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

// addBeside adds what is proven of a line to the first of its reasons that moves something.
func (p *Page) addBeside(v *reconcile.LineVerdict) {
	if v.ConcededReason == "" && v.UnprovenReason == "" {
		return
	}
	for _, of := range []struct {
		part  part
		code  ocpi.Code
		moved reconcile.Money
	}{{conceded, v.ConcededReason, v.Conceded}, {unproven, v.UnprovenReason, v.Unproven}} {
		if of.code != "" && !of.moved.BeforeTaxes.Value.IsZero() {
			sum := p.reasons[reasonKey{of.part, of.code, v.Line.Currency}]
			sum.beside = sum.beside.Add(v.Proven.BeforeTaxes.Value)
			return
		}
	}
}
