package generate

import (
	"fmt"
	"slices"
	"time"
)

// summed are lines that stand for several CDRs and name none: only what they cover and what it comes to.
func summed() []defect {
	sum := func(name string, rate int64, cdrs int, make func(*group)) defect {
		return defect{name: name, rate: rate, needs: flatEnergy, cdrs: cdrs, only221: true, second: true, make: make}
	}
	return []defect{
		sum("sum-contract", 1500, 4, func(g *group) { g.together(4, 4).covers("contract") }),
		sum("sum-evse", 1500, 2, func(g *group) { g.together(2, 2).covers("evse") }),
		sum("sum-location", 1500, 5, func(g *group) { g.together(5, 5).covers("location") }),
		sum("sum-of-some", 1500, 6, func(g *group) { // the last two are not invoiced
			l := g.together(6, 4).covers("contract")
			l.sessions = 4
		}),
		sum("sum-alike", 500, 3, func(g *group) {
			l := g.together(2, 1).covers("contract")
			first := g.cdrs[0]
			twin := *first.visit
			twin.sessionID, twin.periods = g.random.uuid(), slices.Clone(twin.periods)
			twin.shift(3 * 86400)
			g.addCDR(&twin)
			g.addSession(&twin)
			l.until = g.cdrs[2].start
			l.members, l.sessions = nil, 1
			l.settle(0, l.net)
			l.because("", ambiguousMatch)
		}),
		sum("sum-lacks-one", 500, 2, func(g *group) { // a CDR of the line was never sent
			l := g.together(3, 3).covers("contract")
			g.cdrs = g.cdrs[:2]
			l.members = nil
			l.settle(0, l.net)
			l.because("", invoicedUnknownCDR)
		}),
	}
}

// together makes visits of one contract at one EVSE of their own, a day apart, and a line over the first of them.
func (g *group) together(visits, billed int) *line {
	own := g.ownEVSE()
	l := next(&g.pool.lines, &g.lines)
	*l = line{members: l.members[:0], notes: l.notes[:0], sum: true}
	for k := range visits {
		v := &visit{}
		*v = g.main
		v.periods = slices.Clone(v.periods)
		for k > 0 && slices.ContainsFunc(g.cdrs, func(c *cdr) bool { return c.whole == v.whole }) { // which of two alike is meant cannot be told
			g.again(v, false, flatEnergy)
		}
		if k > 0 {
			v.shift(int64(k-1) * 86400)
		}
		v.evse, v.contract, v.token = own, g.main.contract, g.main.token
		c := g.addCDR(v)
		g.addSession(v)
		if k < billed {
			l.include(c)
		}
		l.from, l.until = min(l.from, c.start), max(l.until, c.start)
		if k == 0 {
			l.from = c.start
		}
	}
	v := &g.main
	l.evse, l.contract = own, v.contract
	l.countryCode, l.partyID, l.operator, l.currency = v.countryCode, v.partyID, v.countryCode, v.currency
	l.taxless = v.version == v211 || v.tariff.noTax
	l.proven = l.net
	return l
}

// include adds a CDR to what a line stands for.
func (l *line) include(c *cdr) {
	l.members = append(l.members, c)
	l.net += c.net
	l.tax += c.gross - c.net
	l.whole += c.whole
}

// shift moves a visit in time, by whole days so that its price stays.
func (v *visit) shift(seconds int64) {
	v.start += seconds
	v.end += seconds
	for i := range v.periods {
		v.periods[i].start += seconds
	}
}

// covers has a line say what it covers.
func (l *line) covers(what string) *line {
	switch what {
	case "contract":
		l.contractID = l.contract
	case "evse":
		l.evseID = l.evse.id
	case "location":
		l.evse.locationID = fmt.Sprintf("%s-SUM-%s", l.evse.country.code, l.evse.uid)
		l.location, l.months = l.evse.locationID, true
	}
	return l
}

// period are the days, at the place, from the first to the last session of a line that stands for several, or the whole of their months.
func (l *line) period() (from, to string) {
	if !l.sum {
		return "", ""
	}
	first, last := time.Unix(l.from+l.evse.country.offset, 0).UTC(), time.Unix(l.until+l.evse.country.offset, 0).UTC()
	if l.months {
		first, last = first.AddDate(0, 0, 1-first.Day()), time.Date(last.Year(), last.Month()+1, 0, 0, 0, 0, 0, time.UTC)
	}
	return first.Format(time.DateOnly), last.Format(time.DateOnly)
}
