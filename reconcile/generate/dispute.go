package generate

// quantity is what a dispute puts in question.
type quantity uint8

const (
	ofEnergy quantity = iota
	ofTime
	ofSession
	ofTariff
	ofAmount
	ofDuplicate
	ofExistence
)

// grounds are the debtor's words. Each names one quantity and no other.
var grounds = [...][]string{
	ofEnergy:    {"kWh too high", "wrong kWh", "kWh differ from our records"},
	ofTime:      {"duration too long", "wrong duration", "duration differs from our records"},
	ofSession:   {"session id not ours", "wrong session id", "session id mismatch"},
	ofTariff:    {"tariff not agreed", "wrong tariff"},
	ofAmount:    {"amount too high", "wrong amount"},
	ofDuplicate: {"duplicate", "duplicate of another line"},
	ofExistence: {"existence not shown"},
}

// dispute has the debtor dispute a line, in the status column or in the dispute list.
func (g *group) dispute(l *line, q quantity) {
	r := g.random
	l.disputed = true
	reason := pick(r, grounds[q])
	column := r.chance(40)
	if column {
		l.status, l.reason = statusDisputed, reason
		if !r.chance(10) {
			return
		}
	}
	c := next(&g.pool.claims, &g.claims)
	*c = claim{line: l, countryCode: l.countryCode, partyID: l.partyID, reason: reason}
	switch q {
	case ofEnergy:
		c.kWh = l.whole / wattHour * energy(r.between(60, 95)) / 100 * wattHour
	case ofTime:
		if v := g.visitOf(l); v != nil {
			c.seconds = (v.end - v.start) * r.between(50, 95) / 100
		}
	case ofAmount, ofTariff:
		c.amount = l.net * cents(r.between(40, 95)) / 100
	default: // nothing to put in figures
	}
}

func (g *group) visitOf(l *line) *visit {
	for _, c := range g.cdrs {
		if c.id == l.cdrID {
			return c.visit
		}
	}
	return nil
}

// quote decides how the claims of the group name their lines: a claim that names a CDR or a session holds for all its lines, so
// in groups of several lines it quotes invoice and line.
func (g *group) quote() {
	for _, c := range g.claims {
		l := c.line
		if l == nil || len(g.lines) > 1 {
			continue
		}
		switch how := g.random.below(3); {
		case how == 0 && l.cdrID != "":
			c.line, c.cdrID = nil, l.cdrID
		case how == 1 && len(g.cdrs) == 1 && g.cdrs[0].visit.version != v211 && l.sessionID == g.cdrs[0].sessionID:
			c.line, c.sessionID = nil, l.sessionID
		}
	}
}
