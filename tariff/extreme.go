package tariff

import "github.com/nexacollect/reconcile/ocpi/exact"

// The least and the greatest price over all splits of the energy of the periods that boundaries divide. Each split that may be extreme
// is priced by the engine itself, steps, limits and taxes included, so that what it costs has a sheet like any other price.

// Extreme says which of all splits of the energy prices the periods that tariff boundaries divide.
type Extreme uint8

// The extremes.
const (
	NoExtreme Extreme = iota
	Least             // the split that costs least
	Greatest          // the split that costs most
)

// maxSplits bounds the splits that are priced for one CDR: more boundaries than make so many are nonsense, or their effect is small.
const maxSplits = 512

const tooManySplits = "they are too many"

// allocation is one split: the pieces of each field.
type allocation struct {
	fields []field
	pieces [][]piece
}

// allocations lists the splits that may be extreme. why says what keeps the extremes from being known, "" where nothing does.
func (e *engine) allocations(cuts []cut) (out []allocation, why string) {
	fields, why := e.fields(cuts)
	if why == "" {
		why = e.uncertain(fields)
	}
	if why != "" {
		return nil, why
	}
	out = []allocation{{fields: fields}}
	for i := range fields {
		plans := e.plans(&fields[i], maxSplits/len(out))
		if len(plans) == 0 {
			return nil, tooManySplits
		}
		var longer []allocation
		for _, a := range out {
			for _, plan := range plans {
				longer = append(longer, allocation{fields, append(a.pieces[:i:i], plan)})
			}
		}
		out = longer
	}
	return out, ""
}

// uncertain says why the ends of what a split can do might not be its extremes: where a split changes how much is rounded to steps
// the price rises and falls from step to step, unless one price and one step hold for all of it.
func (e *engine) uncertain(fields []field) string {
	asks := false
	for i := range e.tariffs {
		asks = asks || e.tariffs[i].asks.duration
	}
	switch {
	case !e.rules.is(questionStepScope, stepPerSession):
		return "each period or component is rounded to steps of its own"
	case asks && e.rules.is(questionDurationMeasure, durationDimension):
		return "durations are those of a dimension"
	}
	for i := range fields {
		for sl := slotEnergy; sl <= slotReserved; sl++ {
			f := &fields[i]
			if e.mixed(f, sl) && (!e.onePrice(fields, sl) || f.entangled(sl)) {
				return "how much " + slotWords[sl] + " is free depends on the split, and the rest is rounded to steps"
			}
		}
	}
	return ""
}

// entangled reports a field where a trace of a slot may be needed for the sake of another price, though it fills a step of its own.
func (f *field) entangled(sl slot) bool {
	if sl == slotEnergy {
		return len(f.rows) > 0
	}
	for _, column := range f.cells {
		for row := 1; row < len(column); row++ {
			if flatsChange(&column[row-1], &column[row]) {
				return true
			}
		}
	}
	return false
}

// onePrice reports that all components that can price a slot are alike, and that no other slot is rounded with it.
func (e *engine) onePrice(fields []field, sl slot) bool {
	if len(e.tariffs) > 1 {
		return false
	}
	var found *pick
	alike := func(p *period) bool {
		for other := slotEnergy; other <= slotReserved; other++ {
			k := &p.pick[other]
			switch {
			case !k.ok:
			case other != sl:
				if sl != slotEnergy && other != slotEnergy {
					return false
				}
			case found == nil:
				found = k
			case !sameComponent(&e.tariffs[0], *found, *k):
				return false
			}
		}
		return true
	}
	for i := range e.periods {
		if !alike(&e.periods[i]) {
			return false
		}
	}
	for i := range fields {
		for _, column := range fields[i].cells {
			for row := range column {
				if !alike(&column[row]) {
					return false
				}
			}
		}
	}
	return true
}

// extremes prices all splits that may be extreme and returns the least and the greatest.
func (e *engine) extremes(cuts []cut) (least, greatest *allocation, why string) {
	all, why := e.allocations(cuts)
	if why != "" {
		return nil, nil, why
	}
	costs := make([]Money, len(all))
	for i := range all {
		res := priceAllocation(e.in, &all[i])
		if res.Blocked != nil {
			return nil, nil, res.Blocked.Message
		}
		costs[i] = res.Totals.Cost
		res.Release()
	}
	net, gross, ok := known(append(costs, e.res.Totals.Cost))
	if !ok {
		return nil, nil, "the taxes of some are not known"
	}
	low, high := 0, 0
	for i := range costs {
		fewer := func(than int) bool { return all[i].limits() < all[than].limits() }
		if c := compareMoney(costs[i], costs[low], net, gross); c < 0 || c == 0 && fewer(low) {
			low = i
		}
		if c := compareMoney(costs[i], costs[high], net, gross); c > 0 || c == 0 && fewer(high) {
			high = i
		}
	}
	return &all[low], &all[high], ""
}

// known says which sides of several amounts are known; not ok means that of some one is known and of others not, so that they cannot
// be compared.
func known(costs []Money) (net, gross, ok bool) {
	nets, grosses := 0, 0
	for i := range costs {
		if costs[i].BeforeTaxes.Present {
			nets++
		}
		if costs[i].AfterTaxes.Present {
			grosses++
		}
	}
	net, gross = nets == len(costs), grosses == len(costs)
	return net, gross, net || gross && nets == 0
}

// limits is how many of its pieces are approached and not reached.
func (a *allocation) limits() int {
	n := 0
	for _, pieces := range a.pieces {
		for i := range pieces {
			if pieces[i].limit() != 0 {
				n++
			}
		}
	}
	return n
}

// compareMoney compares what two splits cost: before taxes, and after taxes where that is equal or not known of all of them. Where tax
// rates differ another split may be extreme after taxes; but amounts before and after taxes that no one split has together are no
// price, so there is one split and one sheet for each end, and lines are judged before taxes.
func compareMoney(a, b Money, net, gross bool) int {
	if net {
		if c := a.BeforeTaxes.Value.Cmp(b.BeforeTaxes.Value); c != 0 {
			return c
		}
	}
	if gross {
		return a.AfterTaxes.Value.Cmp(b.AfterTaxes.Value)
	}
	return 0
}

// priceAllocation prices a CDR under one split.
func priceAllocation(in Input, a *allocation) *Result {
	e := newEngine(in)
	defer e.release()
	e.allocation = a
	e.run()
	return e.res
}

// priceExtreme prices a CDR by the split that is extreme for the volumes as declared; where that is not known, as declared.
func priceExtreme(in Input) *Result {
	declared := in
	declared.Quantities = nil
	d := newEngine(declared)
	defer d.release()
	d.run()
	if d.blocked() {
		return d.res
	}
	cuts := d.boundaries()
	if len(cuts) == 0 {
		return plainly(in)
	}
	least, greatest, why := d.extremes(cuts)
	if why != "" {
		res := plainly(in)
		res.Boundaries, res.Unbounded = len(cuts), why
		return res
	}
	if in.Extreme == Greatest {
		least = greatest
	}
	res := priceAllocation(in, least)
	res.Boundaries = len(cuts)
	return res
}

// plainly prices a CDR as declared and looks for no boundaries.
func plainly(in Input) *Result {
	e := newEngine(in)
	defer e.release()
	e.run()
	return e.res
}

// setEnds sets the least and the greatest price of all splits.
func (e *engine) setEnds(cuts []cut) {
	least, greatest, why := e.extremes(cuts)
	if why != "" {
		e.res.Unbounded = why
		return
	}
	low := priceAllocation(e.in, least)
	e.res.Least, e.res.LeastSheet = low.Totals.Cost, low.Sheet
	high := priceAllocation(e.in, greatest)
	e.res.Greatest, e.res.GreatestSheet = high.Totals.Cost, high.Sheet
}

// cutAllocation replaces each period that has a field by the pieces of its split.
func (e *engine) cutAllocation() {
	var out []period
	from := 0
	for n := range e.allocation.fields {
		f := &e.allocation.fields[n]
		out = append(out, e.periods[from:f.period]...)
		out = append(out, e.piecesOf(f, e.allocation.pieces[n])...)
		from = f.period + 1
	}
	out = append(out, e.periods[from:]...)
	e.periods = append(e.periods[:0], out...)
}

// piecesOf splits one period. Its times are in proportion to the clock, as where it is split evenly.
func (e *engine) piecesOf(f *field, pieces []piece) []period {
	p := e.periods[f.period]
	nodes, columns := e.nodesOf(&p, f), e.partsOf(f.period, f.columns, slotTime)
	out := make([]period, 0, len(pieces))
	for n, x := range pieces {
		part := columns[x.column]
		part.part, part.under, part.little, part.brief = int32(n), x.under, x.little, x.brief
		for sl := range slotFlat {
			switch {
			case p.volume[sl] == 0:
			case sl == slotEnergy:
				part.volume[sl] = e.between(nodes, x.from, x.to)
			case !x.timed:
				part.volume[sl] = e.s.constant(RuleSplit, "s", exact.Decimal{})
			}
		}
		if x.under && x.row > 0 {
			part.low = e.s.input(RuleRestrictionValue, "kWh", f.rows[x.row-1].place, f.rows[x.row-1].limit.Value)
		}
		e.notePiece(&part, x)
		out = append(out, part)
	}
	return out
}

// nodesOf are the energies of a period up to its nodes, none up to the first.
func (e *engine) nodesOf(p *period, f *field) []Ref {
	out := []Ref{0}
	for row := range f.rows {
		if f.hasEnergy(row + 1) {
			out = append(out, e.volumeUpTo(p, slotEnergy, f.rows[row], 0, 0))
		}
	}
	return append(out, p.volume[slotEnergy])
}

// between is the energy between two nodes.
func (e *engine) between(nodes []Ref, from, to int) Ref {
	switch {
	case from == to:
		return e.s.constant(RuleSplit, "kWh", exact.Decimal{})
	case from == 0:
		return nodes[to]
	}
	return e.s.sub(RuleSplit, nodes[to], nodes[from])
}

// notePiece says what part of a period a split makes.
func (e *engine) notePiece(p *period, x piece) {
	what := mark{kind: notePart, a: int32(p.src.Index), b: p.part, c: x.limit()}
	e.s.note(RuleSplit, leaf{doc: DocCDR, at: startMark(p)}, what, p.volume[slotEnergy], p.time())
}

// time is the time of a period, of whichever slot has it.
func (p *period) time() Ref {
	return max(p.volume[slotTime], p.volume[slotParking], p.volume[slotReserved])
}
