package hypothesis

import (
	"cmp"
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
)

// MaxPricings is how often one CDR is priced at most.
const MaxPricings = 40

// Explain returns the defects that, each for itself, give the claimed total where the price of in does not: the best first, else the
// commonest first. in is what the price was computed from and is not changed; others are further tariffs that are known, such as
// earlier versions of those that govern. Nothing is returned where the claim is the price or a named rounding of it, or where the CDR
// cannot be priced.
func Explain(in tariff.Input, claim Claim, others ...*ocpi.Tariff) []Hypothesis {
	e := &explainer{in: in, claim: &claim, others: others, left: MaxPricings}
	e.run()
	return e.found
}

func (e *explainer) run() {
	e.left--
	e.res = tariff.Price(e.in)
	defer e.res.Release()
	if e.res.Blocked != nil {
		return
	}
	if e.base = outcomeOf(&e.res.Totals); !e.disputes() {
		return
	}
	e.look()
	for _, family := range families {
		for _, t := range family(e) {
			e.try(t)
		}
	}
	slices.SortStableFunc(e.found, func(a, b Hypothesis) int { return cmp.Compare(rank(b), rank(a)) })
}

func rank(h Hypothesis) int {
	if h.Breakdown {
		return 1
	}
	return 0
}

// families are the groups of hypotheses, the commonest first.
var families = [...]func(*explainer) []trial{
	(*explainer).totals, (*explainer).units, (*explainer).shifts, (*explainer).taxes, (*explainer).idleTime, (*explainer).flats,
	(*explainer).limits, (*explainer).versions, (*explainer).steps, (*explainer).running, (*explainer).readings, (*explainer).periods,
	(*explainer).elements, (*explainer).restrictions, (*explainer).otherTariffs, (*explainer).leftOut,
}

// explainer looks for what explains one claim.
type explainer struct {
	in     tariff.Input
	claim  *Claim
	others []*ocpi.Tariff
	res    *tariff.Result
	base   outcome
	found  []Hypothesis
	left   int // pricings

	way      way  // from the price to the claim
	screens  bool // prices and volumes are such that a hypothesis moves the total to one side only
	taxAlone bool // only taxes can be wrong
	netWrong bool // the amount before taxes is known and differs
	kinds    kindSet
}

// way is the side to which a hypothesis moves a total.
type way int8

const (
	anyWay way = 0
	up     way = 1
	down   way = -1
)

// trial is one hypothesis to be tried: alter changes a copy of the input, which is then priced; turn changes what the price gave.
type trial struct {
	name       string
	direction  Direction
	text       string
	parameters []Parameter
	way        way
	tax        bool // leaves the amount before taxes as it is
	sameAs     string
	alter      func(*tariff.Input)
	turn       func(outcome) outcome
}

// disputes reports whether the claim is something else than the price, and finds to which side.
func (e *explainer) disputes() bool {
	before, after := e.claim.judge(&e.base, beforeTaxes), e.claim.judge(&e.base, afterTaxes)
	if before != differs && after != differs {
		return false
	}
	e.taxAlone = e.onlyTaxes()
	e.netWrong = before == differs
	claimed, computed := e.claim.Total.BeforeTaxes, e.base.total.BeforeTaxes
	if before != differs {
		claimed, computed = e.claim.Total.AfterTaxes, e.base.total.AfterTaxes
	}
	e.way = way(claimed.Value.Abs().Cmp(computed.Value.Abs()))
	return true
}

// onlyTaxes reports a claim whose amount before taxes is the price, while the amount after taxes is farther off than a difference hidden
// by the decimals of the one can make in the other. Limits of the price and a second rate could hide more.
func (e *explainer) onlyTaxes() bool {
	claimed, computed := e.claim.Total, e.base.total
	_, one := e.onlyRate()
	if !one || e.limited(beforeTaxes) || e.limited(afterTaxes) || !claimed.BeforeTaxes.Present || !computed.BeforeTaxes.Present {
		return false
	}
	hidden := exact.New(2, e.claim.MinorUnits)
	return e.claim.within(claimed.BeforeTaxes.Value, computed.BeforeTaxes.Value) &&
		hidden.Less(claimed.AfterTaxes.Value.Sub(computed.AfterTaxes.Value).Abs())
}

// worth reports whether a trial can lead to the claim at all.
func (e *explainer) worth(t *trial) bool {
	switch {
	case t.turn != nil:
		return true // costs nothing
	case t.tax && e.netWrong, !t.tax && e.taxAlone:
		return false
	case e.screens && t.way != anyWay && t.way != e.way:
		return false
	}
	return !slices.ContainsFunc(e.found, func(h Hypothesis) bool { return h.Name == t.name && h.Direction == t.direction && h.Breakdown })
}

// try runs a trial and keeps it where it gives the claim. Of one hypothesis with several parameters the best is kept.
func (e *explainer) try(t trial) {
	if !e.worth(&t) {
		return
	}
	o, ok := e.outcome(&t)
	if !ok {
		return
	}
	h := Hypothesis{Name: t.name, Direction: t.direction, Text: t.text, Parameters: t.parameters, Total: o.total, SameAs: t.sameAs}
	if h.BeforeTaxes, h.AfterTaxes, ok = e.claim.reproduced(&o); !ok {
		return
	}
	h.Breakdown = e.claim.brokenDown(&o) || t.turn != nil && e.claim.brokenDown(&e.base)
	if entry, known := entryOf(h.Name, h.Direction); known {
		h.Text = entry.Text
	}
	i := slices.IndexFunc(e.found, func(o Hypothesis) bool { return o.Key() == h.Key() })
	switch {
	case i < 0:
		e.found = append(e.found, h)
	case h.Breakdown && !e.found[i].Breakdown:
		e.found[i] = h
	}
}

// outcome is what a trial gives; false where it cannot be priced or nothing is left to price with.
func (e *explainer) outcome(t *trial) (outcome, bool) {
	if t.turn != nil {
		return t.turn(e.base), true
	}
	if e.left == 0 {
		return outcome{}, false
	}
	e.left--
	in := e.copyOfInput()
	t.alter(&in)
	res := tariff.Price(in)
	defer res.Release()
	if res.Blocked != nil {
		return outcome{}, false
	}
	return outcomeOf(&res.Totals), true
}
