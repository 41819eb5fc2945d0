package generate

import (
	"fmt"
	"slices"
	"strings"
)

// metered are lines that say of their session nothing but the meter and its readings.
func metered() []defect {
	return []defect{
		{name: "meter", rate: 3000, cdrs: 1, only221: true, make: func(g *group) { g.metered(true).meters(g.main.meter, g.cdrs[0].meter, 6) }},
		{name: "meter", rate: 1500, cdrs: 1, only221: true, make: func(g *group) { // by the number that only the signed record has
			l := g.metered(true)
			l.meters(strings.ReplaceAll(g.cdrs[0].meter.serial, "-", " "), g.cdrs[0].meter, 6)
		}},
		{name: "meter", rate: 1500, cdrs: 1, only221: true, make: func(g *group) { g.metered(false).meters(g.main.meter, g.cdrs[0].meter, 6) }},
		{name: "meter", rate: 1500, cdrs: 2, only221: true, second: true, needs: flatEnergy, make: meteredInTurn},
		{name: "meter-rounded", rate: 2000, cdrs: 1, only221: true, make: func(g *group) { g.metered(true).meters(g.main.meter, g.cdrs[0].meter, 1) }},
		{name: "meter-alike", rate: 700, cdrs: 2, only221: true, needs: flatEnergy, make: meteredAlike},
		{name: "meter-disputed", rate: 1000, cdrs: 1, only221: true, needs: plainPrice, make: func(g *group) { meteredDisputed(g) }},
		{name: "meter-disputed", rate: 500, cdrs: 1, only221: true, needs: plainPrice, make: func(g *group) { // the signed readings alone vouch for it
			l := meteredDisputed(g)
			g.sessions = g.sessions[:0]
			l.note(cdrWithoutSession)
		}},
		{name: "meter-unknown", rate: 500, only221: true, make: func(g *group) { // its CDR was never sent
			l := unknown(g)
			l.cdrID, l.sessionID = "", ""
			l.meters(g.main.meter, g.read(&g.main, true), 6)
		}},
	}
}

// metered is a line without ids whose CDR carries what the meter showed.
func (g *group) metered(signed bool) *line {
	l := faceless(g)
	g.cdrs[0].meter = g.read(&g.main, signed)
	return l
}

// meteredDisputed is a line whose kWh the debtor disputes and the signed readings refute.
func meteredDisputed(g *group) *line {
	l := g.metered(true)
	l.meters(g.main.meter, g.cdrs[0].meter, 6)
	g.dispute(l, ofEnergy)
	l.note(claimNotSupported)
	return l
}

// meteredInTurn invoices two sessions of one meter: the second begins with the reading with which the first ends.
func meteredInTurn(g *group) {
	first := g.metered(true)
	first.meters(g.main.meter, g.cdrs[0].meter, 6)
	g.again(&g.other, false, flatEnergy)
	c, _, second := g.plain(&g.other)
	c.meter = g.cdrs[0].meter.then(&g.other)
	second.cdrID, second.sessionID = "", ""
	second.meters(g.other.meter, c.meter, 6)
}

// meteredAlike invoices one of two sessions that are alike to a meter whose register begins anew with each: which is meant cannot be told.
func meteredAlike(g *group) {
	v := &g.main
	v.evse = g.ownEVSE()
	v.meter = "M" + v.evse.uid
	l := faceless(g)
	anew := &reading{serial: "SN-" + v.evse.uid, stop: v.whole, signed: true}
	twin := &g.other
	periods := append(twin.periods[:0], v.periods...)
	*twin = *v
	twin.periods, twin.sessionID = slices.Clip(periods), g.random.uuid()
	twin.shift(3 * 86400)
	c := g.addCDR(twin)
	g.addSession(twin)
	g.cdrs[0].meter, c.meter = anew, anew
	l.meters(v.meter, anew, 6)
	l.means = ""
	l.settle(0, l.net)
	l.because("", ambiguousMatch)
}

// ownEVSE is an EVSE of the visit's country that no other record of the month uses.
func (g *group) ownEVSE() *evse {
	own := *g.main.evse
	own.uid = fmt.Sprintf("%s-S%07d-1", own.country.code, g.record)
	own.id = fmt.Sprintf("%s*%s*ES%07d*1", own.country.code, own.country.party, g.record)
	return &own
}
