package tariff

import "github.com/nexacollect/reconcile/ocpi"

// Which component prices a dimension: mod_tariffs, Tariff and TariffElement. For each dimension the first element that has a
// component of it and whose restrictions hold.

// choose finds the component of every slot of every period.
func (e *engine) choose() {
	e.energyBefore()
	for i := range e.periods {
		e.chooseFor(&e.periods[i])
		if e.blocked() {
			return
		}
	}
	e.noteChoices()
}

func (e *engine) chooseFor(p *period) {
	if p.tariff == noTariff {
		return
	}
	c := &e.tariffs[p.tariff]
	if p.reservation {
		e.resetMemo(c)
		e.chooseReserved(c, p)
	}
	if p.charging {
		e.chooseCharging(c, p)
	}
	for _, k := range p.pick {
		if k.ok && k.element != 0 { // an element before it may apply and price something else
			e.asked.add(questionElementLookup)
		}
	}
}

// chooseCharging finds the components of a period that is not a reservation alone.
func (e *engine) chooseCharging(c *compiled, p *period) {
	e.resetMemo(c)
	for sl := slotEnergy; sl <= slotParking; sl++ {
		if p.stated[sl] {
			p.pick[sl] = e.find(c, p, sl, ocpi.NoReservation)
		}
	}
	if !e.flatsDone {
		p.pick[slotFlat] = e.find(c, p, slotFlat, ocpi.NoReservation)
		e.flatsDone = p.pick[slotFlat].ok && len(e.tariffs) == 1 && len(c.of(slotFlat)) == 1
	}
}

// find walks the components for a slot. kind is the context: NoReservation is charging.
func (e *engine) find(c *compiled, p *period, sl slot, kind ocpi.ReservationKind) pick {
	if e.rules.is(questionElementLookup, lookupWholeElement) {
		e.asked.add(questionElementLookup)
		return e.findWhole(c, p, sl, kind)
	}
	var out pick
	for _, k := range e.pastDays(c, p, c.of(sl)) {
		if e.belongs(c, p, k.element, kind) && e.holds(c, k.element, p, sl) {
			out = e.picked(k)
			break
		}
	}
	e.flushFailed(c, p)
	return out
}

// findWhole takes the component from the first element that applies, whatever it prices.
func (e *engine) findWhole(c *compiled, p *period, sl slot, kind ocpi.ReservationKind) pick {
	var out pick
	for el := range int32(len(c.t.Elements)) {
		if !e.belongs(c, p, el, kind) || !e.holds(c, el, p, slotFlat) {
			continue
		}
		for _, k := range c.of(sl) {
			if k.element == el {
				out = e.picked(k)
			}
		}
		break
	}
	e.flushFailed(c, p)
	return out
}

func (e *engine) picked(k candidate) pick {
	if k.duplicate {
		e.asked.add(questionDuplicateComponent)
	}
	return pick{element: k.element, component: k.component, ok: true}
}

// belongs reports whether an element is for the context: elements for reservations price nothing else, and others price no
// reservation.
func (e *engine) belongs(c *compiled, p *period, el int32, kind ocpi.ReservationKind) bool {
	own := ocpi.NoReservation
	if r := c.t.Elements[el].Restrictions; r != nil {
		own = r.Reservation
	}
	switch {
	case own == kind:
		return true
	case kind == ocpi.NoReservation:
		if e.memo[el] == unseen {
			e.memo[el] = failing
			e.noteFailed(c, p, el, limitReservation, 0, 0)
		}
		return false
	case own == ocpi.NoReservation:
		return e.ask(questionReservationOther) == otherYes
	}
	return false
}

// noteChoices says which element prices each slot, once for each run of periods with the same answer.
func (e *engine) noteChoices() {
	for sl := range slotCount {
		for i := 0; i < len(e.periods); {
			p := &e.periods[i]
			j := i + 1
			if !e.concerns(p, sl) {
				i = j
				continue
			}
			for j < len(e.periods) && e.periods[j].tariff == p.tariff && e.periods[j].pick[sl] == p.pick[sl] && e.concerns(&e.periods[j], sl) {
				j++
			}
			e.noteChoice(sl, i, j-1)
			i = j
		}
	}
}

// concerns reports whether a slot is to be priced in a period.
func (e *engine) concerns(p *period, sl slot) bool {
	if p.tariff == noTariff {
		return false
	}
	switch sl {
	case slotFlat, slotReservedFlat, slotExpiredFlat:
		return p.pick[sl].ok
	case slotReserved:
		return p.stated[sl]
	}
	return p.stated[sl] && p.charging
}

func (e *engine) noteChoice(sl slot, from, to int) {
	p := &e.periods[from]
	c := &e.tariffs[p.tariff]
	first, last := int32(p.src.Index), int32(e.periods[to].src.Index)
	if !p.pick[sl].ok {
		e.s.note(RuleElementChosen, c.leafAt(atTariff, 0, 0), mark{kind: noteNoElement, a: sl, b: first, c: last}, 0, 0)
		return
	}
	e.s.note(RuleElementChosen, c.leafAt(atElement, p.pick[sl].element, 0), mark{kind: noteElement, a: sl, b: first, c: last}, 0, 0)
}
