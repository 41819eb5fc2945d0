package generate

// contradictions are sessions, periods and totals that do not say the same.
func contradictions() []defect {
	return []defect{
		{name: "session-kwh-lower", rate: 1500, needs: byEnergy, cdrs: 1, only221: true, make: func(g *group) { energyContradicted(g, false) }},
		{name: "session-kwh-lower", rate: 1000, needs: byEnergy, cdrs: 1, only221: true, make: func(g *group) { g.dispute(energyContradicted(g, false), ofEnergy) }},
		{name: "session-kwh-higher", rate: 700, needs: byEnergy, cdrs: 1, only221: true, make: func(g *group) { energyContradicted(g, true) }},
		{name: "session-kwh-higher", rate: 300, needs: byEnergy, cdrs: 1, only221: true, make: func(g *group) { g.dispute(energyContradicted(g, true), ofEnergy) }},
		{name: "session-time-shorter", rate: 800, needs: byTime, cdrs: 1, only221: true, make: func(g *group) { timeContradicted(g, -1) }},
		{name: "session-time-shorter", rate: 500, needs: byTime, cdrs: 1, only221: true, make: func(g *group) { g.dispute(timeContradicted(g, -1), ofTime) }},
		{name: "session-time-longer", rate: 500, needs: byTime, cdrs: 1, only221: true, make: func(g *group) { timeContradicted(g, 1) }},
		{name: "cdr-total-above", rate: 1200, needs: plainPrice, cdrs: 1, make: func(g *group) { totalContradicted(g, true) }},
		{name: "cdr-total-above", rate: 800, needs: plainPrice, cdrs: 1, make: func(g *group) { g.dispute(totalContradicted(g, true), ofAmount) }},
		{name: "cdr-total-below", rate: 800, needs: plainPrice, cdrs: 1, pricey: true, make: func(g *group) { totalContradicted(g, false) }},
		{name: "period-sum", rate: 500, needs: byEnergy, cdrs: 1, only221: true, make: sumContradicted},
		{name: "period-spans-boundary", rate: 500, needs: acrossDay, cdrs: 1, only221: true, make: spanNoted},
		{name: "period-spans-boundary", rate: 500, needs: acrossDay, cdrs: 1, only221: true, make: spanDisputed},
		{name: "open-question", rate: 300, needs: openQuestion, cdrs: 1, only221: true, make: readingDisputed},
		{name: "tariff-not-published", rate: 700, needs: flatEnergy, cdrs: 1, only221: true, reprice: true, make: func(g *group) { unpublished(g) }},
		{name: "tariff-not-published", rate: 300, needs: flatEnergy, cdrs: 1, only221: true, reprice: true, make: func(g *group) {
			l := unpublished(g)
			g.dispute(l, ofTariff)
			l.note(agreementMissing)
		}},
	}
}

// energyContradicted makes session and CDR report different kWh.
func energyContradicted(g *group, up bool) *line {
	v := &g.main
	c, s, l := g.plain(v)
	delta := v.whole / wattHour * energy(g.random.between(4, 30)) / 100 * wattHour
	if !up {
		delta = -delta
	}
	s.whole += delta
	for i := range s.periods {
		share := max(delta, -s.periods[i].energy)
		s.periods[i].energy += share
		if delta -= share; delta == 0 {
			break
		}
	}
	other := v.withEnergy(s.whole - v.whole).total
	s.net, s.gross = other.net.cents(), other.gross.cents()
	l.settle(min(c.net, s.net), max(c.net, s.net))
	l.supportedBy(energyMismatch)
	return l
}

// supportedBy names the reason of what is unproven, or notes it where it moved nothing.
func (l *line) supportedBy(code string) {
	if l.unproven != 0 {
		l.because("", code)
	} else {
		l.note(code)
	}
}

// timeContradicted makes the session end earlier or later than the CDR, by several minutes.
func timeContradicted(g *group, sign int64) *line {
	v := &g.main
	c, s, l := g.plain(v)
	last := &s.periods[len(s.periods)-1]
	delta := g.random.between(3, 10) * 180
	if sign < 0 {
		delta = -min(delta, (v.end-v.start)/360*180)
	}
	s.end += delta
	for len(s.periods) > 1 && last.start >= s.end {
		s.periods[len(s.periods)-2].energy += last.energy
		s.periods = s.periods[:len(s.periods)-1]
		last = &s.periods[len(s.periods)-1]
	}
	last.seconds = s.end - last.start
	s.updated = max(s.updated, s.end+60)
	other := v.withSeconds(delta).total
	s.net, s.gross = other.net.cents(), other.gross.cents()
	l.settle(min(c.net, s.net), max(c.net, s.net))
	l.supportedBy(durationMismatch)
	return l
}

// totalContradicted makes the CDR claim another total than its periods cost, and the invoice repeat it.
func totalContradicted(g *group, above bool) *line {
	v := &g.main
	c, s := g.addCDR(v), g.addSession(v)
	by := cents(g.random.between(60, 700))
	if !above {
		by = -cents(g.random.between(25, 99))
	}
	c.overstate(by)
	s.net, s.gross = c.net, c.gross
	l := g.addLine(c)
	l.settle(v.net(), v.net())
	if above {
		l.because(totalMismatch, "")
	} else {
		l.note(totalMismatch)
		l.note(underbilled)
	}
	return l
}

// sumContradicted makes total_energy differ from the periods, with which the session agrees.
func sumContradicted(g *group) {
	c, _, l := g.plain(&g.main)
	c.whole += energy(g.random.between(1, 9)) * kiloWatt
	l.whole = c.whole
	l.note(periodSum)
}

// spanNoted invoices a session with an unsplit period across a boundary of the tariff: undisputed, the price as declared decides.
func spanNoted(g *group) {
	_, _, l := g.plain(&g.main)
	l.note(spansBoundary)
}

// spanDisputed disputes the amount of a session with an unsplit period across a boundary of the tariff. The period is charged
// at the price at its start; split at the boundary, half of its time has the other price, and of its energy nobody knows how much.
func spanDisputed(g *group) {
	v := &g.main
	_, _, l := g.plain(v)
	g.dispute(l, ofAmount)
	last := v.periods[1]
	half := last.seconds / 2
	least, greatest := l.net, l.net
	for _, first := range []energy{0, last.energy} {
		split := []period{v.periods[0], {start: last.start, seconds: half, energy: first},
			{start: last.start + half, seconds: half, energy: last.energy - first}}
		other := v.tariff.priced(v.start, v.evse.country.offset, split).total.net.cents()
		least, greatest = min(least, other), max(greatest, other)
	}
	l.settle(least, greatest)
	l.supportedBy(spansBoundary)
}

// readingDisputed disputes the amount of a session whose idle time was rounded up. The spec does not say whether idle time that
// costs nothing counts into the total that is rounded; the operator left it out.
func readingDisputed(g *group) {
	v := &g.main
	_, _, l := g.plain(v)
	g.dispute(l, ofAmount)
	free, priced := int64(0), int64(0)
	var idle *component
	for i := range v.periods {
		p := &v.periods[i]
		if !p.idle {
			continue
		}
		if a := v.tariff.active(perIdleHour, timeOfDay(p.start, v.evse.country.offset), p.start-v.start); a != nil {
			idle, priced = a, priced+p.seconds
		} else {
			free += p.seconds
		}
	}
	counted := ceilTo(free+priced, idle.step) - free - priced
	left := ceilTo(priced, idle.step) - priced
	other := v.cost.total.plus(perIdleHour.times(idle, counted-left)).net.cents()
	l.settle(min(l.net, other), max(l.net, other))
	l.supportedBy(openReading)
}

// unpublished embeds a tariff under the id of the published one, but dearer.
func unpublished(g *group) *line {
	v := &g.main
	published := v.net()
	v.tariff = v.evse.country.dearer
	v.price()
	_, _, l := g.plain(v)
	l.settle(min(l.net, published), l.net)
	l.supportedBy(differsFromPublic)
	return l
}

// withoutSession are CDRs whose session is missing, unfinished or invalid.
func withoutSession() []defect {
	return []defect{
		{name: "missing-session", rate: 2000, cdrs: 1, only221: true, make: func(g *group) { sessionless(g, "").note(cdrWithoutSession) }},
		{name: "missing-session", rate: 1500, needs: plainPrice, cdrs: 1, only221: true, make: func(g *group) { unsupported(g, "", ofEnergy) }},
		{name: "missing-session", rate: 500, needs: plainPrice, cdrs: 1, only221: true, make: func(g *group) { unsupported(g, "", ofTime) }},
		{name: "missing-session", rate: 300, needs: plainPrice, cdrs: 1, only221: true, make: func(g *group) { unsupported(g, "", ofExistence) }},
		{name: "missing-session", rate: 500, needs: plainPrice, cdrs: 1, only221: true, make: func(g *group) {
			l := sessionless(g, "")
			g.dispute(l, ofTariff)
			l.note(cdrWithoutSession)
			l.note(agreementMissing)
		}},
		{name: "missing-session", rate: 300, needs: plainPrice, cdrs: 1, only221: true, make: func(g *group) {
			l := sessionless(g, "")
			floor := l.net
			l.charge(l.net+cents(g.random.between(50, 300)), g.main.cost.total)
			g.dispute(l, ofEnergy)
			l.settle(0, floor)
			l.because(lineExceedsCDR, cdrWithoutSession)
		}},
		{name: "session-active", rate: 300, needs: plainPrice, cdrs: 1, only221: true, make: func(g *group) { unsupported(g, sessionActive, ofEnergy) }},
		{name: "session-pending", rate: 300, cdrs: 1, only221: true, make: func(g *group) { sessionless(g, sessionPending).note(cdrWithoutSession) }},
		{name: "session-invalid", rate: 500, cdrs: 1, only221: true, make: func(g *group) { invalid(g) }},
		{name: "session-invalid", rate: 300, needs: plainPrice, cdrs: 1, only221: true, make: func(g *group) { g.dispute(invalid(g), ofEnergy) }},
	}
}

// sessionless invoices a CDR whose session is missing, or in a state that is not final.
func sessionless(g *group, status string) *line {
	c := g.addCDR(&g.main)
	if status != "" {
		s := g.addSession(&g.main)
		s.status, s.end = status, 0
		s.net, s.gross = 0, 0
		if status == sessionPending {
			s.whole, s.periods = 0, s.periods[:0]
		}
	}
	l := g.addLine(c)
	l.settle(c.net, c.net)
	return l
}

// unsupported disputes a quantity for which there is no second record.
func unsupported(g *group, status string, q quantity) {
	l := sessionless(g, status)
	g.dispute(l, q)
	l.settle(0, l.net)
	l.because("", cdrWithoutSession)
}

func invalid(g *group) *line {
	_, s, l := g.plain(&g.main)
	s.status = sessionInvalidState
	l.settle(0, l.net)
	l.because("", sessionInvalid)
	return l
}
