package generate

import "slices"

// chained are CDRs whose credits are not as they should be, or whose credits the invoice does not follow.
func chained() []defect {
	return slices.Concat(repeatedBadly(), refused(), inPart(), moreThanOnce(), misbooked())
}

// repeatedBadly are credits that take their original back all the same.
func repeatedBadly() []defect {
	pair := func(name string, spoil func(c, credit *cdr)) defect {
		return defect{name: name, rate: 1500, cdrs: 2, only221: true, make: func(g *group) {
			c, _, _ := g.plain(&g.main)
			credit := g.credit(c)
			spoil(c, credit)
			l := g.addLine(credit)
			l.settle(l.net, l.net)
		}}
	}
	return []defect{
		pair("credit-negated", func(_, credit *cdr) { credit.negate() }),
		pair("credit-before-original", func(c, credit *cdr) { credit.updated = c.updated - 60 }),
		pair("credit-of-other-fields", func(_, credit *cdr) { credit.end += 60 }),
	}
}

// refused are credits that may mean a CDR and do not say so.
func refused() []defect {
	doubtful := func(name string, cdrs int, spoil func(g *group, credit *cdr)) defect {
		return defect{name: name, rate: 1500, needs: plainPrice, cdrs: cdrs, only221: true, make: func(g *group) {
			c, _, l := g.plain(&g.main)
			spoil(g, g.credit(c))
			l.settle(0, l.net)
			l.because("", creditChain)
		}}
	}
	return []defect{
		doubtful("credit-without-reference", 2, func(_ *group, credit *cdr) { credit.credits, credit.isCredit = "", true }),
		doubtful("credit-of-itself", 2, func(_ *group, credit *cdr) { credit.credits = credit.id }),
		doubtful("credit-in-other-currency", 2, func(_ *group, credit *cdr) { credit.currency = otherCurrency(credit.visit.currency) }),
		doubtful("credit-in-circle", 3, func(g *group, credit *cdr) {
			other := g.credit(credit)
			other.id, other.net, other.gross = credit.credits+"-D", credit.net, credit.gross
			credit.credits, other.credits = other.id, credit.id
		}),
	}
}

// inPart are credits of a part, of nothing that is there, and of a credit.
func inPart() []defect {
	return []defect{
		{name: "credit-in-part", rate: 1500, needs: plainPrice, cdrs: 2, only221: true, make: func(g *group) { creditedInPart(g) }},
		{name: "credit-in-part-re-billed", rate: 1500, needs: flatEnergy, cdrs: 3, only221: true, reprice: true, make: func(g *group) {
			c, l := creditedInPart(g)
			d := replacement(g, c)
			l.settle(min(l.proven, d.net), max(l.proven, d.net))
			l.because(creditChain, creditChain)
		}},
		{name: "credit-orphan", rate: 1500, cdrs: 1, only221: true, make: func(g *group) {
			l := g.addLine(orphan(g))
			l.settle(l.net, l.net)
		}},
		{name: "credit-orphan-invoiced", rate: 1500, cdrs: 1, only221: true, make: func(g *group) {
			c := orphan(g)
			l := g.lineOf(c.visit, -c.net, c.cost.total)
			l.cdrID = c.credits
			l.settle(0, 0)
			l.because(creditNotApplied, "")
			l.note(missingCDR)
		}},
		{name: "credit-of-credit", rate: 1500, needs: plainPrice, cdrs: 3, only221: true, make: func(g *group) {
			c, _, l := g.plain(&g.main)
			g.credit(g.credit(c)).id = c.id + "-D"
			l.settle(0, 0)
			l.because(creditNotApplied, "")
		}},
	}
}

// moreThanOnce are CDRs that were credited or billed more than once.
func moreThanOnce() []defect {
	return []defect{
		{name: "credited-twice", rate: 1500, cdrs: 3, only221: true, make: func(g *group) { again(g) }},
		{name: "credited-twice", rate: 1500, cdrs: 3, only221: true, make: func(g *group) {
			l := g.addLine(again(g))
			l.settle(l.net, l.net)
			l.note(overCredited)
		}},
		{name: "credited-after-re-bill", rate: 1500, needs: flatEnergy, cdrs: 3, only221: true, reprice: true, make: func(g *group) {
			c, _, _ := g.plain(&g.main)
			d, credit := replacement(g, c), g.credit(c)
			credit.updated = d.updated + 60
			for _, billed := range []*cdr{credit, d} {
				l := g.addLine(billed)
				l.settle(l.net, l.net)
			}
		}},
		{name: "re-billed-without-credit", rate: 1500, needs: flatEnergy, cdrs: 2, only221: true, reprice: true, make: func(g *group) {
			c, _, _ := g.plain(&g.main)
			l := g.addLine(replacement(g, c))
			l.settle(0, 0)
			l.because(duplicateContent, "")
		}},
	}
}

// misbooked are invoices that do not follow the credits.
func misbooked() []defect {
	return []defect{
		{name: "credit-line-too-low", rate: 1500, needs: plainPrice, cdrs: 2, only221: true, make: func(g *group) {
			c, _, l := g.plain(&g.main)
			back := g.addLine(g.credit(c))
			back.charge(-c.net/2, c.cost.total)
			back.settle(back.net, back.net)
			l.settle(-back.net, -back.net)
			l.because(creditNotApplied, "")
		}},
		{name: "credit-line-too-high", rate: 1500, needs: plainPrice, cdrs: 2, only221: true, make: func(g *group) {
			c, _, _ := g.plain(&g.main)
			back := g.addLine(g.credit(c))
			back.charge(-c.net-cents(g.random.between(50, 900)), c.cost.total)
			back.settle(back.net, back.net)
			back.note(overCredited)
		}},
		{name: "credit-line-without-cdr", rate: 1500, cdrs: 1, only221: true, make: func(g *group) {
			c, _, _ := g.plain(&g.main)
			back := g.addLine(c)
			back.charge(-c.net, c.cost.total)
			back.settle(back.net, back.net)
			back.note(creditWithoutCDR)
		}},
	}
}

// negate turns the sign of all that the CDR measures and of the costs beside its total.
func (c *cdr) negate() {
	c.negated = true
	c.whole = -c.whole
	for i := range c.periods {
		c.periods[i].energy, c.periods[i].seconds = -c.periods[i].energy, -c.periods[i].seconds
	}
	for i := range c.cost.part {
		c.cost.part[i] = money{-c.cost.part[i].net, -c.cost.part[i].gross}
	}
}

// creditedInPart takes a third of a CDR back, which OCPI does not know; the credit is not invoiced.
func creditedInPart(g *group) (*cdr, *line) {
	c, _, l := g.plain(&g.main)
	credit := g.credit(c)
	part := c.net / 3
	credit.net, credit.gross = -part, -part-c.cost.total.tax(part)
	l.settle(c.net-part, c.net-part)
	l.because(creditChain, "")
	return c, l
}

// orphan is a credit whose original is not in the month.
func orphan(g *group) *cdr {
	c := g.addCDR(&g.main)
	g.addSession(&g.main)
	c.credits, c.id, c.net, c.gross = c.id, c.id+"-C", -c.net, -c.gross
	return c
}

// again invoices a CDR and its credit, and credits it once more; that credit is returned.
func again(g *group) *cdr {
	second := g.credit(creditLine(g))
	second.id = second.credits + "-D"
	return second
}
