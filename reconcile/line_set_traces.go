package reconcile

import (
	"slices"
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

// gathered is lines of one invoice that say the same of where, whose and when, as those of energy and parking of one session do, and what they are
// to the passes: one line that claims what they claim.
type gathered struct {
	whole *tracedLine
	lines []*lineEntry
}

// gather makes one line of those that say the same of their session and of which all together cost exactly what a CDR does that a pass may give them.
// Lines of which one alone costs what such a CDR does stay apart: a smaller match goes before a greater.
func (b *bench) gather(lines []*tracedLine, cdrs []*tracedCDR) (rest []*tracedLine, all []gathered) {
	if len(lines) < 2 {
		return lines, nil
	}
	together, most := map[string][]*tracedLine{}, 0
	for _, l := range lines {
		if key := l.sessionKey(); key != "" {
			together[key] = append(together[key], l)
			most = max(most, len(together[key]))
		}
	}
	if most < 2 {
		return lines, nil
	}
	find := newTraceFinder(cdrs, b.terms.matching())
	for _, l := range lines {
		some := together[l.sessionKey()]
		if len(some) < 2 || len(some) > maxSetLines {
			rest = append(rest, l)
			continue
		}
		if some[0] != l {
			continue // with the first of them
		}
		g, only := b.asOne(some, find)
		if len(only) == 0 {
			rest = append(rest, some...)
			continue
		}
		g.whole.only = only
		rest, all = append(rest, g.whole), append(all, g)
	}
	return rest, all
}

// sessionKey is what a line says of its session; "" where that is not enough, or it claims nothing.
func (l *tracedLine) sessionKey() string {
	if l.line.sign() <= 0 || l.line.Together != nil || l.line.IsBare() || l.line.IsMember() {
		return ""
	}
	return strings.Join([]string{
		l.line.InvoiceID, l.line.CountryCode, l.line.PartyID, l.line.Currency, l.cdrID, l.otherID, l.facts.start.UTC().Format(time.RFC3339Nano),
		strings.Join(l.facts.evses, "\x01"), strings.Join(l.facts.contracts, "\x01"),
		plainID(l.line.MeterID), numberCell(l.line.MeterStart), numberCell(l.line.MeterStop),
	}, "\x00")
}

// asOne makes one line of several, and finds the CDRs that cost what they claim and that a pass may give them; none where one of them alone costs
// what a CDR does.
func (b *bench) asOne(some []*tracedLine, find *traceFinder) (gathered, []*tracedCDR) {
	g := gathered{lines: make([]*lineEntry, len(some))}
	for i, l := range some {
		g.lines[i] = l.lineEntry
	}
	whole, first := *some[0], *some[0].lineEntry
	first.line, first.findings = combine(first.line, g.lines), nil
	whole.lineEntry, whole.facts = &first, factsOfLine(first.line)
	g.whole = &whole
	near, crowded := find.near(&whole)
	if crowded {
		return g, nil
	}
	var only []*tracedCDR
	for _, c := range near {
		for n := range tracePasses {
			if alone := slices.ContainsFunc(some, func(l *tracedLine) bool { return l.costs(c, g.lines[:0]) && b.mayBe(n, l, c) }); alone {
				return g, nil
			}
			if whole.costs(c, g.lines) && b.mayBe(n, &whole, c) && !slices.Contains(only, c) {
				only = append(only, c)
			}
		}
	}
	return g, only
}

// costs reports that a line claims to the minor unit what a CDR states as its cost, and the kWh of its lines are those of the CDR.
func (l *tracedLine) costs(c *tracedCDR, lines []*lineEntry) bool {
	cost := c.cdr.TotalCost.BeforeTaxes
	return cost.Present && c.cdr.Currency == l.line.Currency && kWhFit(lines, c.billedKWh()) &&
		l.line.Claimed.BeforeTaxes.Value.Equal(cost.Value.Round(MinorUnits(c.cdr.Currency), exact.HalfUp))
}

// mayBe reports that a pass may give a line a CDR.
func (b *bench) mayBe(pass int, l *tracedLine, c *tracedCDR) bool {
	_, ok := tracePasses[pass].fits(b.terms.matching(), l, c)
	return ok && l.owner(c.cdrEntry) && !c.cdr.IsCredit()
}

// give gives the lines what was found for all of them.
func (g *gathered) give() {
	w := g.whole.lineEntry
	set := &lineSet{lines: g.lines, cdrs: []*cdrEntry{w.cdr}, says: "what the CDR states as total_cost"}
	for _, l := range g.lines {
		l.state, l.rule, l.cdr, l.session, l.candidates, l.fitting, l.margin = w.state, w.rule, w.cdr, w.session, w.candidates, w.fitting, w.margin
		for _, f := range w.findings {
			f.Place = l.line.Record.Place
			l.findings = append(l.findings, f)
		}
		if w.cdr != nil {
			l.set = set
		}
	}
}
