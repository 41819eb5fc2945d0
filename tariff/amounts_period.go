package tariff

import "github.com/nexacollect/reconcile/ocpi/exact"

// The volume of a component is a sum: charge adds what each period has, in their order, and the steps what they round up. Here it is
// taken apart again.

// volumePart is what one period adds to the volume of a component.
type volumePart struct {
	period int
	volume exact.Decimal
	split  bool // of a period that was split: its parts are priced each for itself
}

// price is the step of the price that made a component's amount.
func (w *amountWalk) price(p *priced) Ref {
	if st := w.s.Step(p.ref); st.Op == OpMul {
		return st.Args[1]
	}
	return p.ref
}

// periods appends the amounts of a component in each period.
func (w *amountWalk) periods(out []Amount, p *priced) []Amount {
	st := w.s.Step(p.ref)
	if st.Op != OpMul {
		a := w.amount(p, st.Value)
		a.Period = w.flatPeriod(p.ref)
		return append(out, a)
	}
	var buffer [8]volumePart
	for _, part := range w.parts(buffer[:0], st.Args[0]) {
		a := w.amount(p, w.op(OpMul, part.volume, w.s.value(st.Args[1]), 0))
		a.Period = part.period
		out = append(out, a)
	}
	return out
}

// flatPeriod is the period for which a FLAT was charged, which its note says.
func (w *amountWalk) flatPeriod(price Ref) int {
	for i := range w.s.steps {
		if st := &w.s.steps[i]; st.Op == OpNote && st.Rule == RuleFlat && st.Args[0] == price {
			return int(st.src.aux.a)
		}
	}
	return -1
}

// parts takes a volume apart. A sum grows to the left, so what stands on the right of an addition is one addend; the dimensions of one
// period that lists one twice are joined again, and a surplus goes to the period that bears it.
func (w *amountWalk) parts(out []volumePart, r Ref) []volumePart {
	st := w.s.Step(r)
	if r != 0 && st.Op == OpAdd && st.Rule == RuleVolumeSum {
		return w.join(w.parts(out, st.Args[0]), st.Args[1])
	}
	return w.join(out, r)
}

func (w *amountWalk) join(out []volumePart, r Ref) []volumePart {
	if r == 0 {
		return out
	}
	st := w.s.Step(r)
	if st.Rule == RuleStepSurplus && len(out) > 0 {
		p := &out[w.bearer(out, r)]
		p.volume = w.op(OpAdd, p.volume, st.Value, 0)
		return out
	}
	period, split := w.periodOf(r)
	if n := len(out); n > 0 && period >= 0 && !split && !out[n-1].split && out[n-1].period == period {
		out[n-1].volume = w.op(OpAdd, out[n-1].volume, st.Value, 0)
		return out
	}
	return append(out, volumePart{period, st.Value, split})
}

// bearer is the part that a surplus is added to: that of the period which the note before it names, else the last.
func (w *amountWalk) bearer(out []volumePart, surplus Ref) int {
	if surplus < 2 {
		return len(out) - 1
	}
	note := w.s.Step(surplus - 1)
	for i := len(out) - 1; i >= 0 && note.Op == OpNote && note.Rule == RuleStepRounding; i-- {
		if out[i].period == int(note.src.aux.b) {
			return i
		}
	}
	return len(out) - 1
}

// periodOf is the period that a volume was read from; −1 where a split at a bound of energy does not tell.
func (w *amountWalk) periodOf(r Ref) (period int, split bool) {
	for r != 0 {
		st := w.s.Step(r)
		split = split || st.Rule == RuleSplit
		switch st.src.at.kind {
		case atVolume, atPeriodStart:
			return int(st.src.at.a), split
		}
		r = st.Args[0]
	}
	return -1, true
}
