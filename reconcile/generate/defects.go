package generate

// defect is one way in which records or claims go wrong, and how often: so many in a million records. make works it into the
// group and states the truth.
type defect struct {
	name    string
	rate    int64
	needs   need
	cdrs    int  // how many CDRs it writes
	only221 bool // it needs members that OCPI 2.1.1 does not have
	second  bool // it needs a second visit
	alters  bool // it changes what was measured, not only what is said of it
	pricey  bool // it needs a price of some size
	taxes   bool // it needs a tax on the line
	reprice bool // it needs a second tariff: another price, or one that an unknown id might mean
	make    func(g *group)
}

// defects lists every variant of every defect. The table in the package documentation explains each name.
func defects() []defect {
	all := wronglyDisputed()
	for _, more := range [][]defect{wronglyInvoiced(), contradictions(), withoutSession(), repeated(), credited(), outOfBounds()} {
		all = append(all, more...)
	}
	return all
}

// clean makes a record without defect. Invoices quote ids in several ways.
func clean(g *group) {
	_, _, l := g.plain(&g.main)
	if g.main.version == v211 {
		return // only the pair of ids ties a CDR of 2.1.1 to its session
	}
	switch how := g.random.below(100); {
	case how < 3:
		l.sessionID = ""
	case how < 5:
		l.cdrID = ""
	case how < 6:
		l.cdrID, l.sessionID = upper(l.cdrID), upper(l.sessionID)
	}
}

func upper(id string) string {
	b := []byte(id)
	for i, c := range b {
		if c >= 'a' && c <= 'z' {
			b[i] = c - 'a' + 'A'
		}
	}
	return string(b)
}

// wronglyDisputed are lines that the records support in full.
func wronglyDisputed() []defect {
	refuted := func(q quantity) func(*group) {
		return func(g *group) {
			_, _, l := g.plain(&g.main)
			g.dispute(l, q)
			l.note(claimNotSupported)
		}
	}
	return []defect{
		{name: "disputed-kwh", rate: 7000, needs: plainPrice, cdrs: 1, make: refuted(ofEnergy)},
		{name: "disputed-time", rate: 7000, needs: plainPrice, cdrs: 1, make: refuted(ofTime)},
		{name: "disputed-session", rate: 4000, needs: plainPrice, cdrs: 1, only221: true, make: refuted(ofSession)},
		{name: "disputed-session", rate: 3000, needs: plainPrice, cdrs: 1, only221: true, make: func(g *group) {
			l := misquoteSession(g)
			g.dispute(l, ofSession)
		}},
		{name: "disputed-tariff", rate: 7000, needs: plainPrice, cdrs: 1, make: func(g *group) {
			_, _, l := g.plain(&g.main)
			g.dispute(l, ofTariff)
			l.note(agreementMissing)
		}},
		{name: "disputed-amount", rate: 7000, needs: plainPrice, cdrs: 1, make: refuted(ofAmount)},
	}
}

// misquoteSession invoices a visit under a session id that nobody has.
func misquoteSession(g *group) *line {
	_, _, l := g.plain(&g.main)
	l.sessionID = g.random.uuid()
	l.note(sessionIDMismatch)
	return l
}

// wronglyInvoiced are lines that say something else than their CDR.
func wronglyInvoiced() []defect {
	return []defect{
		{name: "overbilled", rate: 3000, needs: plainPrice, cdrs: 1, make: func(g *group) { overbill(g) }},
		{name: "overbilled", rate: 3000, needs: plainPrice, cdrs: 1, make: func(g *group) { g.dispute(overbill(g), ofAmount) }},
		{name: "underbilled", rate: 2000, cdrs: 1, pricey: true, needs: plainPrice, make: func(g *group) {
			c, _, l := g.plain(&g.main)
			l.charge(c.net-cents(g.random.between(25, 99)), c.cost.total)
			l.settle(c.net, c.net)
			l.note(underbilled)
		}},
		{name: "rounded-up", rate: 500, needs: flatEnergy, cdrs: 1, alters: true, make: roundUp},
		{name: "session-id-mismatch", rate: 2000, cdrs: 1, only221: true, make: func(g *group) { misquoteSession(g) }},
		{name: "session-id-conflict", rate: 500, needs: byEnergy, cdrs: 2, only221: true, second: true, make: func(g *group) { conflict(g, false) }},
		{name: "session-id-conflict", rate: 500, needs: byEnergy, cdrs: 2, only221: true, second: true, make: func(g *group) { conflict(g, true) }},
		{name: "invoiced-unknown", rate: 1500, make: func(g *group) { unknown(g) }},
		{name: "invoiced-unknown", rate: 500, make: func(g *group) { g.dispute(unknown(g), ofExistence) }},
		{name: "invoiced-unknown", rate: 700, make: func(g *group) {
			l := unknown(g)
			g.addSession(&g.main)
			l.because("", missingCDR)
		}},
		{name: "not-invoiced", rate: 44000, cdrs: 1, make: func(g *group) {
			g.addCDR(&g.main)
			g.addSession(&g.main)
		}},
		{name: "session-without-cdr", rate: 500, make: func(g *group) { g.addSession(&g.main) }},
		{name: "wrong-currency", rate: 200, cdrs: 1, make: func(g *group) {
			_, _, l := g.plain(&g.main)
			l.currency = otherCurrency(l.currency)
			l.settle(0, l.net)
			l.because("", currencyMismatch)
		}},
		{name: "wrong-tax", rate: 500, cdrs: 1, only221: true, taxes: true, needs: plainPrice, make: func(g *group) {
			_, _, l := g.plain(&g.main)
			l.tax += cents(g.random.between(25, 300))
			l.note(taxMismatch)
		}},
		{name: "ambiguous", rate: 200, cdrs: 2, only221: true, second: true, make: ambiguous},
	}
}

func otherCurrency(currency string) string {
	if currency == "CHF" {
		return "EUR"
	}
	return "CHF"
}

// overbill asks for more than the CDR supports, by far more than any way of rounding could explain.
func overbill(g *group) *line {
	c, _, l := g.plain(&g.main)
	extra := cents(g.random.between(50, 900))
	if g.random.chance(20) {
		extra = max(extra, c.net) // billed double
	}
	l.charge(c.net+extra, c.cost.total)
	l.settle(c.net, c.net)
	l.because(lineExceedsCDR, "")
	return l
}

// roundUp invoices the price rounded up to the next cent where rounding to the nearest goes down.
func roundUp(g *group) {
	v := &g.main
	// So many Wh less that the price ends just above a whole cent: a tenth of a cent, give or take what a Wh costs.
	for range 2000 {
		over := v.cost.total.net % netPerCent
		if over > netPerCent/10 && over < netPerCent/3 || v.periods[0].energy <= wattHour {
			break
		}
		v.periods[0].energy -= wattHour
		v.price()
	}
	c, _, l := g.plain(v)
	if over := c.cost.total.net % netPerCent; over <= netPerCent/10 || over >= netPerCent/3 {
		g.defect = noDefect
		return
	}
	l.charge(c.net+1, c.cost.total)
	l.settle(c.net, l.net)
	l.because("", rounding)
}

// conflict quotes on one line the session of another visit, which is dearer or cheaper than the line's own.
func conflict(g *group, dearer bool) {
	g.again(&g.other, false, byEnergy)
	first, second := &g.main, &g.other
	if (second.net() > first.net()) != dearer {
		first, second = second, first
	}
	c, _, l := g.plain(first)
	other, _, _ := g.plain(second)
	l.sessionID = second.sessionID
	l.settle(min(c.net, other.net), c.net)
	if l.unproven != 0 {
		l.because("", sessionIDConflict)
	} else {
		l.note(sessionIDConflict)
	}
}

// unknown invoices a visit of which the month holds no CDR.
func unknown(g *group) *line {
	v := &g.main
	l := g.lineOf(v, v.net(), v.cost.total)
	l.cdrID = g.random.uuid()
	l.settle(0, l.net)
	l.because("", invoicedUnknownCDR)
	return l
}

// ambiguous invoices a CDR id that two operators have given, without saying whose.
func ambiguous(g *group) {
	g.again(&g.other, true, anything)
	c, d := g.addCDR(&g.main), g.addCDR(&g.other)
	g.addSession(&g.main)
	g.addSession(&g.other)
	d.id = c.id
	l := g.addLine(c)
	l.means, l.sessionID, l.countryCode, l.partyID = "", "", "", ""
	l.settle(0, l.net)
	l.because("", ambiguousMatch)
}

// suits reports whether the defect can be worked into a visit: it must be of some size, or there would be nothing to dispute.
func (d *defect) suits(v *visit) bool {
	switch {
	case d.only221 && v.version == v211, d.taxes && v.tariff.noTax:
		return false
	case v.net() < 100, d.pricey && v.net() < 300:
		return false
	}
	return v.whole >= 2*kiloWatt && v.end-v.start >= 600
}

// worksOnMeasured reports whether the defect can be worked into a visit that was really measured, under tariffs that do not
// depend on the time of day.
func (d *defect) worksOnMeasured() bool {
	return !d.alters && !d.second && !d.taxes && d.needs != acrossDay && d.needs != openQuestion
}

// worksOnOnePrice reports whether the defect can be worked into a visit where every kWh has the same price and nothing else has one.
func (d *defect) worksOnOnePrice() bool {
	return !d.reprice && d.needs != byTime && d.needs != acrossDay && d.needs != openQuestion
}
