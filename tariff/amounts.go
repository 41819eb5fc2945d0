package tariff

import (
	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// Amount is a part of a total cost, exact: a sum or product as it is, a quotient (see PerHour and NetOfGross) made once, to at least 18
// decimals, so that rounding it later gives what rounding the true quotient gives. Sums of quotients are not: take the coarser amount.
type Amount struct {
	Member                  string      // the cost of the CDR that it belongs to: total_energy_cost, …
	Price                   Ref         // the step of its component's price, whose pointer names the component; 0 where several are summed
	Period                  int         // ChargingPeriod.Index; −1 where it is of no one period, or the part of a split period does not tell
	BeforeTaxes, AfterTaxes ocpi.Number // absent as in Money
	Rate                    ocpi.Number // of taxes, percent: 0 where there are none; absent where none is known or several are summed
}

// Amounts is the total cost of a CDR in parts, three times over: the sum of each list, held between Least and Most, is Totals.Cost. They
// carry the sign of the total, which on a credit CDR is not that of its costs.
type Amounts struct {
	Members    []Amount // one for each cost that anything was priced for
	Components []Amount // one for each price component that prices anything
	Periods    []Amount // one for each component in each period; what a step_size adds is in the last, FLAT in the first
	Least      Money    // price limit; its refs are not set
	Most       Money    // likewise
	// Whole says that the lists do not make the total: several tariffs hold their own price limits, each against what it priced.
	Whole bool
}

// Amounts reads from the sheet what each component costs in each period. It computes nothing that the total does not hold; a blocked
// result and one that was released have none.
func (r *Result) Amounts() Amounts {
	var out Amounts
	if r.Blocked != nil || r.Sheet == nil {
		return out
	}
	w := amountWalk{s: r.Sheet}
	cost := &r.Totals.Cost
	w.limits(cost.BeforeTaxesRef, cost.BeforeTaxes.Present, &out, false)
	w.limits(cost.AfterTaxesRef, cost.AfterTaxes.Present, &out, true)
	t := &r.Totals
	for i, m := range [...]*Money{&t.FixedCost, &t.EnergyCost, &t.TimeCost, &t.ParkingCost, &t.ReservationCost} {
		from := len(w.found)
		w.member, w.from = costMembers[i+1], from
		if m.BeforeTaxes.Present {
			w.walk(m.BeforeTaxesRef, priced{}, false)
		}
		if m.AfterTaxes.Present {
			w.walk(m.AfterTaxesRef, priced{}, true)
		}
		if len(w.found) > from {
			out.Members = append(out.Members, w.sum(m, w.found[from:]))
		}
	}
	out.Components, out.Periods = make([]Amount, 0, len(w.found)), make([]Amount, 0, 2*len(w.found))
	for i := range w.found {
		p := &w.found[i]
		out.Components = append(out.Components, w.amount(p, w.s.value(p.ref)))
		out.Periods = w.periods(out.Periods, p)
	}
	return out
}

// priced is the amount of one component, as the engine's taxLine made it, and how the totals take it up.
type priced struct {
	ref        Ref // OpMul of volume and price, or the price of a FLAT
	member     string
	on, off    Ref // tax rate that is added to it, or that it includes
	hours      bool
	net, gross bool // it stands in the total of that side
}

// amountWalk follows totals back to the components.
type amountWalk struct {
	s       *Sheet
	found   []priced
	from    int // the first of this member
	member  string
	negated bool // the total is the negative of what was priced
}

// walk follows a cost to the amounts that it was added up of; via gathers what lies between.
func (w *amountWalk) walk(r Ref, via priced, gross bool) {
	if r == 0 {
		return
	}
	switch st := w.s.Step(r); st.Op {
	case OpAdd:
		w.walk(st.Args[0], via, gross)
		w.walk(st.Args[1], via, gross)
	case OpNeg:
		w.walk(st.Args[0], via, gross)
	case OpPerHour:
		via.hours = true
		w.walk(st.Args[0], via, gross)
	case OpNetOfGross:
		via.off = st.Args[1]
		w.walk(st.Args[0], via, gross)
	case OpPercentOn:
		via.on = st.Args[1]
		w.walk(st.Args[0], via, gross)
	case OpMul, OpInput:
		via.ref = r
		w.add(via, gross)
	default: // a plain zero
	}
}

// add enters what one side tells of a component.
func (w *amountWalk) add(via priced, gross bool) {
	var p *priced
	for i := w.from; i < len(w.found); i++ {
		if w.found[i].ref == via.ref {
			p = &w.found[i]
		}
	}
	if p == nil {
		w.found = append(w.found, priced{ref: via.ref, member: w.member, hours: via.hours})
		p = &w.found[len(w.found)-1]
	}
	if gross {
		p.gross, p.on = true, via.on
	} else {
		p.net, p.off = true, via.off
	}
}

// amount is the money of a component for an undivided amount: all of it, or that of one period.
func (w *amountWalk) amount(p *priced, v exact.Decimal) Amount {
	out := Amount{Member: p.member, Price: w.price(p), Period: -1}
	places := divisionPlaces(scaleOf(v))
	divided := func(v exact.Decimal) exact.Decimal {
		if p.hours {
			v = w.op(OpPerHour, v, exact.Decimal{}, places)
		}
		if w.negated {
			v = w.op(OpNeg, v, exact.Decimal{}, 0)
		}
		return v
	}
	if p.net {
		out.BeforeTaxes = ocpi.Number{Value: divided(v), Present: true}
		if p.off != 0 {
			out.BeforeTaxes.Value = w.op(OpNetOfGross, out.BeforeTaxes.Value, w.s.value(p.off), places)
		}
	}
	switch {
	case !p.gross:
	case p.net && p.on == 0 && p.off == 0:
		out.AfterTaxes = out.BeforeTaxes
	case p.on != 0:
		out.AfterTaxes = ocpi.Number{Value: divided(w.op(OpPercentOn, v, w.s.value(p.on), 0)), Present: true}
	default:
		out.AfterTaxes = ocpi.Number{Value: divided(v), Present: true}
	}
	out.Rate = ocpi.Number{Value: w.s.value(max(p.on, p.off)), Present: p.net && p.gross}
	return out
}

// op is one of the operations of a sheet, on numbers. Rates that would divide by nothing do not come here: see refuted.
func (w *amountWalk) op(op Op, a, b exact.Decimal, places int32) exact.Decimal {
	v, _ := apply(op, a, b, places, exact.HalfEven)
	return v
}

// sum is the amount of a cost, with the rate that all its components share.
func (w *amountWalk) sum(m *Money, parts []priced) Amount {
	out := Amount{Member: parts[0].member, Period: -1, BeforeTaxes: w.signed(m.BeforeTaxes, m.BeforeTaxesRef), AfterTaxes: w.signed(m.AfterTaxes, m.AfterTaxesRef)}
	for i := range parts {
		p := &parts[i]
		rate := w.s.value(max(p.on, p.off))
		if !p.net || !p.gross || i > 0 && !rate.Equal(out.Rate.Value) {
			out.Rate = ocpi.Number{}
			return out
		}
		out.Rate = ocpi.Number{Value: rate, Present: true}
	}
	return out
}

// signed gives a cost the sign that it has in the total.
func (w *amountWalk) signed(n ocpi.Number, r Ref) ocpi.Number {
	if r != 0 && w.negated != (w.s.Step(r).Op == OpNeg) {
		n.Value = w.op(OpNeg, n.Value, exact.Decimal{}, 0)
	}
	return n
}

// limits reads the price limits of one side of the total cost.
func (w *amountWalk) limits(r Ref, present bool, out *Amounts, gross bool) {
	if !present || r == 0 {
		return
	}
	var least, most ocpi.Number
	for {
		st := w.s.Step(r)
		switch {
		case st.Op == OpNeg:
			w.negated = true
		case st.Op == OpMin && st.Rule == RuleMaxPrice:
			most = ocpi.Number{Value: w.s.value(st.Args[1]), Present: true}
		case st.Op == OpMax && st.Rule == RuleMinPrice:
			least = ocpi.Number{Value: w.s.value(st.Args[1]), Present: true}
		default:
			out.Whole = out.Whole || w.limitedWithin(r)
			w.setLimits(out, least, most, gross)
			return
		}
		r = st.Args[0]
	}
}

func (w *amountWalk) setLimits(out *Amounts, least, most ocpi.Number, gross bool) {
	if w.negated {
		least.Value, most.Value = w.op(OpNeg, most.Value, exact.Decimal{}, 0), w.op(OpNeg, least.Value, exact.Decimal{}, 0)
		least.Present, most.Present = most.Present, least.Present
	}
	if gross {
		out.Least.AfterTaxes, out.Most.AfterTaxes = least, most
	} else {
		out.Least.BeforeTaxes, out.Most.BeforeTaxes = least, most
	}
}

// limitedWithin reports a sum of which a part is held by limits.
func (w *amountWalk) limitedWithin(r Ref) bool {
	for r != 0 {
		st := w.s.Step(r)
		switch {
		case st.Op == OpMin || st.Op == OpMax:
			return true
		case st.Op != OpAdd || st.Rule != RuleCostSum:
			return false
		case w.limitedWithin(st.Args[1]):
			return true
		}
		r = st.Args[0]
	}
	return false
}
