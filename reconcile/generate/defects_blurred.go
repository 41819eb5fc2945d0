package generate

import "strings"

// Sets of defects.
const (
	DefectsUsual = "usual" // The default.
	// Also lines whose ids are blurred, lost or another system's, that go by their meter, stand for several CDRs or only together are some, and credits
	// of every kind.
	DefectsAll = "all"
)

// blurred are lines that the records support in full, and whose CDR no id as quoted names.
func blurred() []defect {
	return []defect{
		{name: "id-form", rate: 5000, cdrs: 1, only221: true, make: func(g *group) {
			l := faceless(g)
			l.cdrID = upper(strings.ReplaceAll(l.means, "-", ""))
		}},
		{name: "id-form", rate: 4000, cdrs: 1, only221: true, make: func(g *group) { faceless(g).sessionID = "000" + g.main.sessionID }},
		{name: "id-form", rate: 4000, cdrs: 1, only221: true, make: func(g *group) {
			l := faceless(g)
			l.cdrID = "CDR/" + l.means
		}},
		{name: "no-ids", rate: 6000, cdrs: 1, make: func(g *group) { faceless(g).stand(strings.ReplaceAll(g.main.evse.id, "*", ""), g.main.contract) }},
		{name: "no-ids", rate: 3000, cdrs: 1, make: func(g *group) {
			l := faceless(g)
			l.stand(g.main.evse.id, "")
			l.start += g.random.below(60)
		}},
		{name: "no-ids", rate: 3000, cdrs: 1, make: func(g *group) { faceless(g).stand("", strings.ReplaceAll(g.main.contract, "-", "")) }},
		{name: "foreign-ids", rate: 6000, cdrs: 1, make: func(g *group) {
			l := faceless(g)
			l.cdrID = g.random.uuid()
			l.stand(g.main.evse.id, g.main.contract)
			l.start += g.random.between(-240, 240)
		}},
		{name: "hours-apart", rate: 4000, cdrs: 1, make: func(g *group) {
			l := faceless(g)
			l.stand(g.main.evse.id, g.main.contract)
			l.start += 3600 * g.random.between(1, 2)
		}},
	}
}

// faceless invoices a visit in full under no id. A CDR of 2.1.1 is tied to its session by nothing else.
func faceless(g *group) *line {
	_, _, l := g.plain(&g.main)
	l.cdrID, l.sessionID = "", ""
	if g.main.version == v211 {
		l.note(cdrWithoutSession)
	}
	return l
}

// stand says where the line's session was and whose.
func (l *line) stand(evse, contract string) { l.evseID, l.contractID = evse, contract }
