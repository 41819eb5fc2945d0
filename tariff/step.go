package tariff

import (
	"slices"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

// step_size: mod_cdrs, the step_size block before the CDR table; mod_tariffs, PriceComponent.step_size. Rounded up is the session's
// total, once for ENERGY and once for TIME and PARKING_TIME together, with the step of the last relevant component, the surplus at
// the price of the last priced period. Nothing is rounded on a change of element, from TIME to PARKING_TIME or to another tariff.
// Where both times are used only the parking total is rounded. 2.1.1 has the definition of the member and none of these rules.

var (
	energyFamily   = []slot{slotEnergy}
	timeFamily     = []slot{slotTime, slotParking}
	reservedFamily = []slot{slotReserved}
	allTimesFamily = []slot{slotReserved, slotTime, slotParking}
	parkingOnly    = []slot{slotParking}
)

// applySteps rounds all families of volumes.
func (e *engine) applySteps() {
	e.stepFamily(energyFamily)
	reserved, times := e.count(reservedFamily), e.count(timeFamily)
	if reserved > 0 && times > 0 && e.ask(questionReservationStep) == reservationStepCombined {
		e.stepFamily(allTimesFamily)
		return
	}
	e.stepFamily(reservedFamily)
	e.stepFamily(timeFamily)
}

func (e *engine) count(slots []slot) int {
	n := 0
	for i := range e.portions {
		if slices.Contains(slots, e.portions[i].slot) {
			n++
		}
	}
	return n
}

// stepFamily rounds the volumes that share one rounding.
func (e *engine) stepFamily(slots []slot) {
	n := e.count(slots)
	if n == 0 {
		return
	}
	scope := e.rules.choice[questionStepScope]
	if n > 1 {
		e.asked.add(questionStepScope)
	}
	switch scope {
	case stepPerPeriod:
		e.stepPortions(slots)
	case stepPerComponent:
		e.stepLines(slots)
	default:
		e.stepRuns(slots)
	}
}

// stepPortions rounds the volume of each period on its own.
func (e *engine) stepPortions(slots []slot) {
	for i := range e.portions {
		o := &e.portions[i]
		if !slices.Contains(slots, o.slot) {
			continue
		}
		l := &e.lines[o.line]
		l.volume = e.s.add(RuleVolumeSum, l.volume, o.volume)
		if surplus := e.surplus(o.volume, i); surplus != 0 {
			l.volume = e.s.add(RuleVolumeSum, l.volume, surplus)
		}
	}
}

// stepLines rounds the total of each component on its own.
func (e *engine) stepLines(slots []slot) {
	for n := range e.lines {
		l := &e.lines[n]
		if !slices.Contains(slots, l.slot) {
			continue
		}
		last := 0
		for i := range e.portions {
			if e.portions[i].line == n {
				last = i
			}
		}
		if surplus := e.surplus(l.volume, last); surplus != 0 {
			l.volume = e.s.add(RuleVolumeSum, l.volume, surplus)
		}
	}
}

// stepRuns rounds session totals; where the tariff changes within the session, that of the last run of periods under one tariff.
func (e *engine) stepRuns(slots []slot) {
	group := e.group[:0]
	for i := range e.portions {
		if slices.Contains(slots, e.portions[i].slot) {
			group = append(group, i)
		}
	}
	e.group = group
	runs := e.runs(group)
	if len(runs) > 1 {
		switch e.ask(questionStepSeveralTariffs) {
		case tariffsEach:
			for _, run := range runs {
				e.stepGroup(slots, run, false)
			}
			return
		case tariffsSpanning:
		default:
			e.stepGroup(slots, runs[len(runs)-1], false)
			return
		}
	}
	e.stepGroup(slots, group, true)
}

// runs cuts a group where the tariff changes. What cannot be the last relevant portion makes no run.
func (e *engine) runs(group []int) [][]int {
	if len(e.tariffs) < 2 {
		return nil
	}
	group = slices.DeleteFunc(slices.Clone(group), func(i int) bool { return !e.relevant(i) })
	var out [][]int
	from := 0
	for i := 1; i <= len(group); i++ {
		if i == len(group) || e.lines[e.portions[group[i]].line].tariff != e.lines[e.portions[group[from]].line].tariff {
			out = append(out, group[from:i])
			from = i
		}
	}
	return out
}

// stepGroup rounds the total of a group once. whole says that the group is all there is of its slots.
func (e *engine) stepGroup(slots []slot, group []int, whole bool) {
	if slices.Contains(slots, slotTime) {
		slots, group = e.timesToRound(slots, group)
	}
	last := e.lastOf(group)
	if last < 0 {
		return
	}
	surplus := e.surplus(e.stepTotal(slots, group, whole), last)
	if surplus != 0 {
		l := &e.lines[e.portions[last].line]
		l.volume = e.s.add(RuleVolumeSum, l.volume, surplus)
	}
}

// timesToRound decides which of TIME and PARKING_TIME is rounded where both are priced.
func (e *engine) timesToRound(slots []slot, group []int) ([]slot, []int) {
	times, parking := e.times[:0], e.parking[:0]
	for _, i := range group {
		if e.portions[i].slot != slotParking {
			times = append(times, i)
		} else if e.relevant(i) {
			parking = append(parking, i)
		}
	}
	e.times, e.parking = times, parking
	charging := slots[:len(slots)-1]
	if len(parking) == 0 {
		return charging, times
	}
	if len(times) == 0 {
		return parkingOnly, parking
	}
	if e.ask(questionStepTimeParking) == stepCombined {
		return slots, group
	}
	if last := e.lastOf(group); last >= 0 && e.portions[last].slot != slotParking && e.ask(questionStepParkingInMiddle) == middleLast {
		return charging, times
	}
	e.s.note(RuleStepRounding, leaf{}, mark{kind: noteStepParkingOnly}, 0, 0)
	return parkingOnly, parking
}

// relevant reports whether a portion can be the last one: by default one with volume, be it as little as one likes.
func (e *engine) relevant(i int) bool {
	return e.s.sign(e.portions[i].volume) != 0 || e.hasTrace(&e.portions[i]) || e.ask(questionStepLastPeriod) == lastPresent
}

// hasTrace reports a portion whose volume is as little as one likes.
func (e *engine) hasTrace(o *portion) bool {
	p := &e.periods[o.period]
	return o.slot == slotEnergy && p.little || o.slot != slotEnergy && p.brief
}

// lastOf is the last relevant portion of a group, −1 where there is none.
func (e *engine) lastOf(group []int) int {
	for n := len(group) - 1; n >= 0; n-- {
		if e.relevant(group[n]) {
			return group[n]
		}
	}
	return -1
}

// stepTotal is the total that is rounded: what the group prices, or under the other reading all volume of its slots.
func (e *engine) stepTotal(slots []slot, group []int, whole bool) Ref {
	var total Ref
	if e.unpricedVolume(slots) && e.ask(questionStepVolume) == stepAllVolume {
		for _, sl := range slots {
			total = e.s.add(RuleVolumeSum, total, e.sumVolume(sl))
		}
		return total
	}
	if whole {
		for i := range e.lines {
			if slices.Contains(slots, e.lines[i].slot) {
				total = e.s.add(RuleVolumeSum, total, e.lines[i].volume)
			}
		}
		return total
	}
	for _, i := range group {
		total = e.s.add(RuleVolumeSum, total, e.portions[i].volume)
	}
	return total
}

// unpricedVolume reports volume of the slots that no component prices.
func (e *engine) unpricedVolume(slots []slot) bool {
	for i := range e.periods {
		for _, sl := range slots {
			if p := &e.periods[i]; !p.pick[sl].ok && e.s.sign(p.volume[sl]) != 0 {
				return true
			}
		}
	}
	return false
}

// surplus is what rounding a total to the steps of a portion's component adds, 0 where nothing.
func (e *engine) surplus(total Ref, portion int) Ref {
	o := &e.portions[portion]
	step := e.stepOf(o)
	sign := e.s.sign(total)
	switch {
	case step == 0 || sign == 0:
		return 0
	case sign < 0:
		e.s.note(RuleStepRounding, leaf{}, mark{kind: noteStepNegative, a: o.slot}, total, 0)
		return 0
	}
	billed := e.s.ceilStep(RuleStepUp, total, step)
	if e.s.value(billed).Equal(e.s.value(total)) {
		if e.ask(questionStepExactMultiple) == multipleKept {
			return 0
		}
		billed = e.s.add(RuleStepUp, billed, step)
	} else if e.ask(questionStepDirection) == stepDown {
		billed = e.s.sub(RuleStepUp, billed, step)
	}
	p := &e.periods[o.period]
	from := e.tariffs[p.tariff].leafAt(atStep, e.lines[o.line].pick.element, e.lines[o.line].pick.component)
	e.s.note(RuleStepRounding, from, mark{kind: noteStepRounded, a: o.slot, b: int32(p.src.Index)}, total, billed)
	return e.s.sub(RuleStepSurplus, billed, total)
}

// stepOf is the step of a portion's component in the unit of its volume, 0 where it rounds nothing.
func (e *engine) stepOf(o *portion) Ref {
	l := &e.lines[o.line]
	if l.step != 0 {
		return l.step
	}
	c := &e.tariffs[l.tariff]
	size := c.component(l.pick).StepSize
	at := c.leafAt(atStep, l.pick.element, l.pick.component)
	unit := "s"
	if l.slot == slotEnergy {
		unit = "Wh"
	}
	switch {
	case size.Value.Sign() > 0:
		l.step = e.s.input(RuleStepSize, unit, at, size.Value)
	case e.ask(questionStepZero) == stepZeroOne:
		l.step = e.s.constant(RuleStepSize, unit, exact.FromInt(1))
	default:
		return 0
	}
	if l.slot == slotEnergy {
		if e.whRef == 0 {
			e.whRef = e.s.constant(RuleUnits, "kWh/Wh", kwhPerWh)
		}
		l.step = e.s.mul(RuleWhToKWh, "kWh", l.step, e.whRef)
	}
	return l.step
}
