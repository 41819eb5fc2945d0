package generate

// repeated are sessions that are recorded or invoiced more than once.
func repeated() []defect {
	return []defect{
		{name: "invoiced-twice", rate: 1200, cdrs: 1, make: func(g *group) { twice(g) }},
		{name: "invoiced-twice", rate: 400, cdrs: 1, only221: true, make: func(g *group) { twice(g).cdrID = "" }},
		{name: "invoiced-twice", rate: 600, needs: plainPrice, cdrs: 1, make: func(g *group) { g.dispute(twice(g), ofDuplicate) }},
		{name: "cdr-sent-twice", rate: 2000, cdrs: 2, make: func(g *group) {
			c, _, _ := g.plain(&g.main)
			d := g.copyCDR(c)
			d.id, d.updated = c.id, c.updated // one record: nothing to note about the line
		}},
		{name: "cdr-two-bodies", rate: 700, needs: flatEnergy, cdrs: 2, only221: true, reprice: true, make: func(g *group) { twoBodies(g, true) }},
		{name: "cdr-two-bodies", rate: 500, needs: flatEnergy, cdrs: 2, only221: true, reprice: true, make: func(g *group) { twoBodies(g, false) }},
		{name: "cdr-two-bodies", rate: 300, needs: flatEnergy, cdrs: 2, only221: true, reprice: true, make: func(g *group) { g.dispute(twoBodies(g, true), ofAmount) }},
		{name: "session-billed-twice", rate: 700, needs: plainPrice, cdrs: 2, only221: true, make: func(g *group) {
			c, _, _ := g.plain(&g.main)
			l := g.addLine(g.copyCDR(c))
			l.settle(0, 0)
			l.because(duplicateContent, "")
		}},
		{name: "two-cdrs-of-session", rate: 500, needs: flatEnergy, cdrs: 2, only221: true, make: overlapping},
	}
}

// twice invoices one CDR on two lines; the later is returned.
func twice(g *group) *line {
	c, _, _ := g.plain(&g.main)
	l := g.addLine(c)
	l.settle(0, 0)
	l.because(invoicedTwice, "")
	return l
}

// twoBodies sends a CDR again under the same id, priced with another tariff; the line follows the dearer or the cheaper.
func twoBodies(g *group, dearer bool) *line {
	v := &g.main
	c, d := g.addCDR(v), (*cdr)(nil)
	g.addSession(v)
	d = g.copyCDR(c)
	d.id = c.id
	d.retariff(v.evse.country.tariffs[kindPlus])
	l := g.addLine(c)
	if dearer {
		l.charge(d.net, d.cost.total)
	}
	l.settle(c.net, d.net)
	l.supportedBy(duplicateID)
	return l
}

// overlapping adds a second CDR of the session for part of its time and energy.
func overlapping(g *group) {
	v := &g.main
	c, _, _ := g.plain(v)
	d := g.copyCDR(c)
	p := &d.periods[0]
	late := min(p.seconds/2, 600)
	p.start, p.seconds = p.start+late, p.seconds-late
	p.energy = p.energy / wattHour * 3 / 4 * wattHour
	d.start, d.whole = p.start, 0
	for i := range d.periods {
		d.whole += d.periods[i].energy
	}
	d.bill(d.tariff.priced(d.start, v.evse.country.offset, d.periods))
	l := g.addLine(d)
	l.settle(0, l.net)
	l.because("", twoCDRsOneSession)
	l.note(energyMismatch) // the session has more kWh than the later CDR
}

// credited are CDRs that were credited later.
func credited() []defect {
	return []defect{
		{name: "credited", rate: 1000, cdrs: 2, only221: true, make: func(g *group) { creditLine(g) }},
		{name: "credited-and-replaced", rate: 700, needs: flatEnergy, cdrs: 3, only221: true, reprice: true, make: func(g *group) {
			c := creditLine(g)
			l := g.addLine(replacement(g, c))
			l.settle(l.net, l.net)
		}},
		{name: "credit-not-applied", rate: 700, needs: plainPrice, cdrs: 2, only221: true, make: func(g *group) { uncredited(g) }},
		{name: "credit-not-applied", rate: 300, needs: plainPrice, cdrs: 2, only221: true, make: func(g *group) { g.dispute(uncredited(g), ofAmount) }},
		{name: "credit-not-applied-replaced", rate: 700, needs: flatEnergy, cdrs: 3, only221: true, reprice: true, make: creditedReplaced},
	}
}

// creditLine invoices a CDR and its credit.
func creditLine(g *group) *cdr {
	c, _, _ := g.plain(&g.main)
	credit := g.credit(c)
	l := g.addLine(credit)
	l.settle(l.net, l.net)
	return c
}

// replacement is the CDR that takes the place of a credited one.
func replacement(g *group, c *cdr) *cdr {
	d := g.copyCDR(c)
	d.retariff(c.visit.evse.country.tariffs[kindPlus])
	return d
}

// uncredited invoices a CDR that was credited, without the credit.
func uncredited(g *group) *line {
	c, _, l := g.plain(&g.main)
	g.credit(c)
	l.settle(0, 0)
	l.because(creditNotApplied, "")
	return l
}

// creditedReplaced invoices the dearer CDR that was credited and replaced by a cheaper one.
func creditedReplaced(g *group) {
	v := &g.main
	cheaper := v.cost
	v.tariff = v.evse.country.tariffs[kindPlus]
	v.price()
	c, s, l := g.plain(v)
	g.credit(c)
	d := g.copyCDR(c)
	d.retariff(v.evse.country.tariffs[kindFlat])
	s.net, s.gross = d.net, d.gross
	l.settle(cheaper.total.net.cents(), cheaper.total.net.cents())
	l.because(creditNotApplied, "")
}

// outOfBounds are records that cannot be priced, cannot be true, or belong elsewhere.
func outOfBounds() []defect {
	return []defect{
		{name: "no-tariff", rate: 300, cdrs: 1, only221: true, reprice: true, make: func(g *group) {
			c, _, l := g.plain(&g.main)
			c.otherTariff = g.main.countryCode + "-UNKNOWN"
			l.settle(0, l.net)
			l.because("", tariffNone)
		}},
		{name: "impossible-kwh", rate: 300, needs: flatEnergy, cdrs: 1, only221: true, alters: true, make: impossible},
		{name: "home-charging", rate: 300, cdrs: 1, only221: true, make: func(g *group) {
			c, _, l := g.plain(&g.main)
			c.homeCharging = true
			l.settle(0, l.net)
			l.because("", homeCharging)
		}},
	}
}

// impossible reports three times the energy that the connector could give, in CDR and session alike.
func impossible(g *group) {
	v := &g.main
	most := v.evse.watts * (v.end - v.start) / 3600
	i := len(v.periods) - 1
	for v.periods[i].idle {
		i--
	}
	v.periods[i].energy += energy(3*most)*wattHour - v.whole
	v.price()
	_, _, l := g.plain(v)
	l.settle(0, l.net)
	l.because("", exceedsConnector)
}
