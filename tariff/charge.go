package tariff

import (
	"fmt"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// A line is one price component with all that it prices; a portion is what it prices in one period.

type line struct {
	slot     slot
	tariff   int32
	pick     pick
	parking  bool // FLAT of an element that prices parking
	stated   Ref  // kWh or seconds as stated; 0 for FLAT and where periods are rounded each for itself
	volume   Ref  // with what steps add
	portions int
	price    Ref
	step     Ref
	rate     Ref // percent; 0 where none is known or none applies
	net      Ref // amounts; of times multiplied by 3600
	gross    Ref
	noNet    bool
	noGross  bool
}

type portion struct {
	period, line int
	slot         slot
	volume       Ref
}

// lineFor returns the index of the line for a pick.
func (e *engine) lineFor(p *period, sl slot) int {
	k := p.pick[sl]
	for i := range e.lines {
		if l := &e.lines[i]; l.slot == sl && l.tariff == p.tariff && l.pick == k {
			return i
		}
	}
	c := &e.tariffs[p.tariff]
	comp := c.component(k)
	at := c.leafAt(atPrice, k.element, k.component)
	l := line{slot: sl, tariff: p.tariff, pick: k, parking: sl == slotFlat && prices(&c.t.Elements[k.element], ocpi.ParkingTime)}
	if comp.Price.Present {
		l.price = e.s.input(RulePrice, e.currency, at, comp.Price.Value)
	} else {
		e.block(ocpi.SchemaMissingField, e.cdrPointer(at), fmt.Sprintf("the price of the active %s component is missing", slotWords[sl]))
	}
	e.lines = append(e.lines, l)
	return len(e.lines) - 1
}

// prices reports an element that prices a dimension and nothing else but FLAT.
func prices(el *ocpi.TariffElement, d ocpi.Dimension) bool {
	found := false
	for _, c := range el.PriceComponents {
		switch c.Kind {
		case d:
			found = true
		case ocpi.Flat:
		default:
			return false
		}
	}
	return found
}

// cdrPointer is the pointer of a leaf where it lies in the CDR.
func (e *engine) cdrPointer(l leaf) string {
	if l.doc != DocCDR {
		return ""
	}
	return pointerOf(l.at)
}

// charge turns the priced volumes of all periods into lines.
func (e *engine) charge() {
	for i := range e.periods {
		p := &e.periods[i]
		for sl := slotEnergy; sl <= slotReserved; sl++ {
			if !p.pick[sl].ok || !p.stated[sl] {
				continue
			}
			if p.missing[sl] {
				e.block(ocpi.SchemaMissingField, pointerOf(mark{kind: atPeriod, a: int32(p.src.Index)}),
					fmt.Sprintf("the volume of %s is missing and a component prices it", slotWords[sl]))
				return
			}
			n := e.lineFor(p, sl)
			e.portions = append(e.portions, portion{period: i, line: n, slot: sl, volume: p.volume[sl]})
		}
	}
	e.chargeFlats(slotFlat)
	e.chargeFlats(slotReservedFlat)
	e.chargeFlats(slotExpiredFlat)
	for i := range e.portions {
		l := &e.lines[e.portions[i].line]
		if !e.rules.is(questionStepScope, stepPerPeriod) {
			l.volume = e.s.add(RuleVolumeSum, l.volume, e.portions[i].volume)
			l.stated, l.portions = l.volume, l.portions+1
		}
	}
}

// chargeFlats charges FLAT. mod_tariffs says nothing of how often; a flat fee of any session, and every example, mean once, and a
// reservation before it is a matter of its own.
func (e *engine) chargeFlats(sl slot) {
	first, last, distinct := -1, -1, false
	for i := range e.periods {
		if !e.periods[i].pick[sl].ok {
			continue
		}
		if first < 0 {
			first = i
		}
		last = i
		a, b := &e.periods[first], &e.periods[i]
		distinct = distinct || a.tariff != b.tariff || a.pick[sl] != b.pick[sl]
	}
	if first < 0 {
		return
	}
	how := flatOnce
	if distinct {
		how = e.ask(questionFlatFrequency)
	}
	switch how {
	case flatEachComponent:
		for i := range e.periods {
			if e.periods[i].pick[sl].ok {
				e.chargeFlat(i, sl, i == first)
			}
		}
	case flatLast:
		e.chargeFlat(last, sl, false)
	default:
		e.chargeFlat(first, sl, true)
	}
}

// chargeFlat charges the FLAT of one period, unless its component was charged before.
func (e *engine) chargeFlat(i int, sl slot, first bool) {
	n := len(e.lines)
	p := &e.periods[i]
	if e.lineFor(p, sl) < n {
		return
	}
	from := e.tariffs[p.tariff].leafAt(atPrice, p.pick[sl].element, p.pick[sl].component)
	what := mark{kind: noteFlatAgain, a: int32(p.src.Index)}
	if first {
		what.kind = noteFlatFirst
		if sl != slotFlat {
			what.b = 1
		}
	}
	e.s.note(RuleFlat, from, what, e.lines[n].price, 0)
}

// zero is a step of nothing, where a calculation needs an amount and there was none.
func (e *engine) zero() Ref { return e.s.constant(RuleCostSum, e.currency, exact.Decimal{}) }
