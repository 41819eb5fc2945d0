package generate

import "slices"

// inLines are CDRs that are invoiced in several lines, which only together are them.
func inLines() []defect {
	return []defect{
		{name: "lines-of-cdr", rate: 2000, cdrs: 1, pricey: true, make: func(g *group) { g.inParts(g.main.net(), 2) }},
		{name: "lines-of-cdr", rate: 1000, cdrs: 1, pricey: true, make: func(g *group) { g.inParts(g.main.net(), 3) }},
		{name: "lines-of-cdr", rate: 1000, cdrs: 1, pricey: true, only221: true, make: func(g *group) { g.inParts(g.main.net(), 2)[1].cdrID = "" }},
		{name: "lines-above", rate: 1000, needs: flatEnergy, cdrs: 1, pricey: true, only221: true, make: func(g *group) {
			by := cents(g.random.between(50, 300))
			lines := g.inParts(g.main.net()+by, 2)
			g.cdrs[0].overstate(by)
			concede(lines, by, totalMismatch)
		}},
		{name: "lines-no-ids", rate: 1500, cdrs: 1, pricey: true, only221: true, make: func(g *group) {
			for _, l := range g.inParts(g.main.net(), 2) {
				l.cdrID, l.sessionID = "", ""
				l.stand(g.main.evse.id, g.main.contract)
			}
		}},
		{name: "lines-or-whole", rate: 500, cdrs: 1, pricey: true, make: func(g *group) { // the parts, and the whole as well
			g.inParts(g.main.net(), 2)
			g.addLine(g.cdrs[0])
			leaveOpen(g.lines, ambiguousMatch)
		}},
		{name: "sum-lines", rate: 1500, needs: flatEnergy, cdrs: 3, only221: true, second: true, make: func(g *group) { g.together(3, 3).covers("contract").divide(g) }},
		{name: "sum-lines-twice", rate: 500, needs: flatEnergy, cdrs: 3, only221: true, second: true, make: func(g *group) { // by contract and by EVSE
			l := g.together(3, 3).covers("contract")
			l.divide(g)
			for _, o := range slices.Clone(g.lines) {
				again := next(&g.pool.lines, &g.lines)
				notes := again.notes[:0]
				*again = *o
				again.notes, again.contractID, again.evseID = notes, "", l.evse.id
			}
			leaveOpen(g.lines, ambiguousMatch)
		}},
		{name: "sum-lines-lack", rate: 500, needs: flatEnergy, cdrs: 2, only221: true, second: true, make: func(g *group) { // a CDR was never sent
			g.together(3, 3).covers("contract").divide(g)
			g.cdrs = g.cdrs[:2]
			leaveOpen(g.lines, invoicedUnknownCDR)
		}},
	}
}

// inParts invoices so much for the main visit in several lines: energy in the first, and what else there may be in the others.
func (g *group) inParts(amount cents, parts int) []*line {
	c := g.addCDR(&g.main)
	g.addSession(&g.main)
	left := amount
	for k := range parts {
		l := g.addLine(c)
		part := left
		if k > 0 {
			l.whole = 0
		}
		if more := int64(parts - 1 - k); more > 0 {
			part = cents(g.random.between(int64(left)/5, int64(left)/2))
		}
		l.charge(part, c.cost.total)
		l.settle(part, part)
		left -= part
	}
	return g.lines
}

// divide turns a line over several CDRs into two over the same: the energy, and what else there may be.
func (l *line) divide(g *group) {
	o := next(&g.pool.lines, &g.lines)
	notes := o.notes[:0]
	*o = *l
	o.members, o.notes, o.whole = nil, notes, 0
	o.net, o.tax = l.net/4, l.tax/4
	l.members, l.net, l.tax = nil, l.net-o.net, l.tax-o.tax
	l.settle(l.net, l.net)
	o.settle(o.net, o.net)
}

// concede shares what is conceded of lines in proportion to what they claim, whole cents first, the rest by the greatest remainder.
func concede(lines []*line, amount cents, why string) {
	var whole, left cents = 0, amount
	for _, l := range lines {
		whole += l.net
	}
	order := slices.Clone(lines)
	for _, l := range lines {
		l.conceded = amount * l.net / whole
		left -= l.conceded
	}
	slices.SortStableFunc(order, func(a, b *line) int { return int(amount*b.net%whole - amount*a.net%whole) })
	for _, l := range order[:left] {
		l.conceded++
	}
	for _, l := range lines {
		l.settle(l.net-l.conceded, l.net-l.conceded)
		l.because(why, "")
	}
}

// leaveOpen leaves lines unproven.
func leaveOpen(lines []*line, why string) {
	for _, l := range lines {
		l.settle(0, l.net)
		l.because("", why)
	}
}
