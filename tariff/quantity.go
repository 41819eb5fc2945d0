package tariff

import (
	"slices"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

// Quantities: a total that other evidence supports stands in for the declared one. What is less is taken from the dearest period
// first, so that the price falls as far as the evidence allows wherever the excess arose; what is more is added to the dearest.

// replaceQuantities changes the volumes of the periods.
func (e *engine) replaceQuantities() {
	q := e.in.Quantities
	if q == nil {
		return
	}
	if q.EnergyKWh.Present {
		target := e.s.input(RuleEvidence, "kWh", leaf{doc: q.Doc}, q.EnergyKWh.Value)
		e.words(target, q.Pointers[0], "")
		e.replace(target, e.sumVolume(slotEnergy), energyFamily)
	}
	if q.TimeSeconds.Present {
		target := e.evidenceTime(q)
		declared := e.s.add(RuleVolumeSum, e.sumVolume(slotTime), e.sumVolume(slotParking))
		if q.Length {
			c := e.cdr
			declared = e.s.seconds(RuleSessionLength, c.StartDateTime, c.EndDateTime, mark{kind: atStart}, e.endMark())
		}
		e.replace(target, declared, timeFamily)
	}
}

// evidenceTime is the leaf of the seconds that the evidence states.
func (e *engine) evidenceTime(q *Quantities) Ref {
	st := Step{Op: OpInput, Rule: RuleEvidence, Unit: "s", Doc: q.Doc, Value: q.TimeSeconds.Value}
	if q.TimeUntil != "" {
		st.Op = OpSeconds
	}
	r := e.s.push(st)
	e.words(r, q.Pointers[1], q.TimeUntil)
	return r
}

// words gives a leaf pointers of documents that this package does not know.
func (e *engine) words(r Ref, pointer, pointer2 string) {
	if pointer != "" || pointer2 != "" {
		e.s.Step(r).src.words = &words{pointer: pointer, pointer2: pointer2}
	}
}

// share is one period's share of a quantity.
type share struct {
	period int
	slot   slot
	price  exact.Decimal
}

// replace brings the volumes of some slots from the declared total to another.
func (e *engine) replace(target, declared Ref, slots []slot) {
	if declared == 0 {
		declared = e.s.constant(RuleVolumeSum, e.s.Step(target).Unit, exact.Decimal{})
	}
	shares := e.dearest(slots)
	kind := int32(0)
	if slots[0] != slotEnergy {
		kind = 1
	}
	switch {
	case e.s.value(target).Equal(e.s.value(declared)):
	case len(shares) == 0:
		e.s.note(RuleQuantity, leaf{}, mark{kind: noteNoRoom, a: kind}, target, declared)
	case e.s.less(target, declared):
		e.takeFrom(shares, e.s.sub(RuleQuantity, declared, target))
	default:
		more := e.s.sub(RuleQuantity, target, declared)
		d := shares[0]
		p := &e.periods[d.period]
		e.s.note(RuleQuantity, leaf{}, mark{kind: noteAddedTo, a: d.slot, b: int32(p.src.Index)}, more, 0)
		p.volume[d.slot] = e.s.add(RuleQuantity, p.volume[d.slot], more)
	}
}

// takeFrom takes a quantity from the dearest first, as far as there is any.
func (e *engine) takeFrom(shares []share, left Ref) {
	for _, d := range shares {
		p := &e.periods[d.period]
		v := p.volume[d.slot]
		if e.s.sign(v) <= 0 {
			continue
		}
		e.s.note(RuleQuantity, leaf{}, mark{kind: noteTakenFrom, a: d.slot, b: int32(p.src.Index)}, left, v)
		take := e.s.least(RuleQuantity, left, v)
		p.volume[d.slot] = e.s.sub(RuleQuantity, v, take)
		left = e.s.sub(RuleQuantity, left, take)
		if e.s.sign(left) == 0 {
			return
		}
	}
	e.s.note(RuleQuantity, leaf{}, mark{kind: noteNoRoom}, left, 0)
}

// dearest lists the periods that state a volume, by the price of their active component, the highest first; of equal prices the
// later first. Where nothing prices them the price is 0.
func (e *engine) dearest(slots []slot) []share {
	var out []share
	for i := range e.periods {
		p := &e.periods[i]
		for _, sl := range slots {
			if p.volume[sl] == 0 {
				continue
			}
			d := share{period: i, slot: sl}
			if k := p.pick[sl]; k.ok {
				d.price = e.tariffs[p.tariff].component(k).Price.Value
			}
			out = append(out, d)
		}
	}
	slices.SortStableFunc(out, func(a, b share) int {
		if c := b.price.Cmp(a.price); c != 0 {
			return c
		}
		return b.period - a.period
	})
	return out
}
