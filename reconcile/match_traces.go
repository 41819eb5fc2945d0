package reconcile

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
)

// Matching of what no id ties: lines that found no CDR, against CDRs that no line claims. Each pass takes from both sides what it matches,
// all lines of it at once, and none where another assignment is as good.

const (
	maxCandidates = 64 // CDRs that are looked at for a line
	maxTogether   = 96 // lines that are assigned together
)

// tracePass is one way of matching by traces.
type tracePass struct {
	rule string
	code ocpi.Code
	fits func(m *Matching, l *tracedLine, c *tracedCDR) (likeness, bool)
	say  func(m *Matching, l *tracedLine, c *tracedCDR, like likeness) string
}

var tracePasses = [...]tracePass{
	{byMeterRule, codeMatchMeter, fitsMeter, sayMeter},
	{byPlainID, codeMatchIDNoise, fitsPlainID, sayPlainID},
	{byCompositeRule, codeMatchComposite, fitsBy(byComposite), sayTraces},
	{byWindowRule, codeMatchWindow, fitsBy(byWindow), sayTraces},
}

func fitsBy(by kinship) func(*Matching, *tracedLine, *tracedCDR) (likeness, bool) {
	return func(m *Matching, l *tracedLine, c *tracedCDR) (likeness, bool) { return m.kin(&l.facts, &c.facts, by) }
}

// tracedLine is a line that no id ties to a CDR, and what the pass at hand finds for it.
type tracedLine struct {
	*lineEntry
	facts          facts
	metering       metering
	cdrID, otherID string // plain ids of CDR and session
	edges          []traceEdge
	crowded        bool         // more CDRs are near than are looked at
	only           []*tracedCDR // of lines gathered to one: which it may have; nil: any
}

type tracedCDR struct {
	*cdrEntry
	facts          facts
	metering       metering // where a line states one
	cdrID, otherID string
	at             int // among the CDRs
	taken          bool
}

// traceEdge is a pair that fits.
type traceEdge struct {
	cdr  *tracedCDR
	like likeness
}

// matchTraces runs the passes.
func (b *bench) matchTraces() {
	var lines []*tracedLine
	metered := false
	for _, l := range b.lines {
		if l.state == matchUnmatched && !l.line.IsMaster() {
			lines = append(lines, &tracedLine{
				lineEntry: l, facts: factsOfLine(l.line), metering: meteringOfLine(l.line), cdrID: plainID(l.line.CDRID), otherID: plainID(l.line.SessionID),
			})
			metered = metered || lines[len(lines)-1].metering.complete()
		}
	}
	if len(lines) == 0 {
		return
	}
	var cdrs []*tracedCDR
	for _, c := range b.cdrs {
		if !c.claimed {
			cdrs = append(cdrs, &tracedCDR{
				cdrEntry: c, facts: factsOfCDR(c.cdr), cdrID: plainID(c.cdr.ID), otherID: plainID(c.cdr.SessionID),
			})
			if metered {
				cdrs[len(cdrs)-1].metering = meteringOfCDR(c.cdr)
			}
		}
	}
	lines, together := b.gather(lines, cdrs)
	defer func() {
		for i := range together {
			together[i].give()
		}
	}()
	for i := range tracePasses {
		if cdrs = slices.DeleteFunc(cdrs, func(c *tracedCDR) bool { return c.taken }); len(cdrs) == 0 || len(lines) == 0 {
			return
		}
		b.runPass(&tracePasses[i], lines, cdrs)
		lines = slices.DeleteFunc(lines, func(l *tracedLine) bool { return l.state != matchUnmatched })
	}
}

// runPass finds the pairs of a pass and assigns them, those that hang together at a time.
func (b *bench) runPass(pass *tracePass, lines []*tracedLine, cdrs []*tracedCDR) {
	terms := b.terms.matching()
	find := newTraceFinder(cdrs, terms)
	together := newSets(len(lines) + len(cdrs))
	for i, l := range lines {
		l.edges = l.edges[:0]
		var near []*tracedCDR
		near, l.crowded = find.near(l)
		for _, c := range near {
			if like, ok := pass.fits(terms, l, c); ok && l.mayHave(c) && l.owner(c.cdrEntry) && l.isCredit() == c.cdr.IsCredit() {
				l.edges = append(l.edges, traceEdge{c, like})
				together.tie(int32(i), int32(len(lines)+c.at))
			}
		}
	}
	parts := map[int32][]*tracedLine{}
	var roots []int32
	for i, l := range lines {
		if len(l.edges) == 0 {
			continue
		}
		root := together.root(int32(i))
		if parts[root] == nil {
			roots = append(roots, root)
		}
		parts[root] = append(parts[root], l)
	}
	for _, root := range roots {
		b.assignTraces(pass, parts[root])
	}
}

func (l *tracedLine) mayHave(c *tracedCDR) bool { return l.only == nil || slices.Contains(l.only, c) }

// assignTraces gives the lines of one part their CDRs.
func (b *bench) assignTraces(pass *tracePass, lines []*tracedLine) {
	if crowd := slices.ContainsFunc(lines, func(l *tracedLine) bool { return l.crowded }); crowd || len(lines) > maxTogether {
		for _, l := range lines {
			l.find(codeSearchLimit, ocpi.SeverityWarn, "%d lines, and the CDRs near them, may fit each other by %s; more than %d lines, or %d CDRs near one, are not told apart",
				len(lines), pass.rule, maxTogether, maxCandidates)
			l.ambiguous(pass)
		}
		return
	}
	column := map[*tracedCDR]int{}
	var cdrs []*tracedCDR
	for _, l := range lines {
		for _, e := range l.edges {
			if _, known := column[e.cdr]; !known {
				column[e.cdr] = len(cdrs)
				cdrs = append(cdrs, e.cdr)
			}
		}
	}
	if len(cdrs) == 1 && alike(lines) {
		for _, l := range lines {
			b.take(pass, l, cdrs[0], alone)
		}
		return
	}
	costs := make([][]int64, len(lines))
	for i, l := range lines {
		costs[i] = slices.Repeat([]int64{impossible}, len(cdrs))
		for _, e := range l.edges {
			costs[i][column[e.cdr]] = e.like.cost
		}
	}
	for i, a := range assign(costs) {
		switch l := lines[i]; {
		case a.margin < b.terms.matching().Margin:
			l.margin = marginOf(a.margin)
			l.ambiguous(pass)
		case a.column >= 0:
			b.take(pass, l, cdrs[a.column], a.margin)
		}
	}
}

// marginOf is a margin as it is told: nil where the only other way is to leave a line alone.
func marginOf(margin int64) *int64 {
	if margin >= alone/2 {
		return nil
	}
	return &margin
}

// MarginFits reports a margin that a match can have: matches by ids have none, it is clear where a CDR was taken, and is not where the line
// is ambiguous. clearMargin is from where on it is clear.
func (m *Match) MarginFits(clearMargin int64) bool {
	if m.Margin == nil {
		return true
	}
	byTraces := slices.ContainsFunc(tracePasses[:], func(p tracePass) bool { return p.rule == m.Rule })
	return byTraces && *m.Margin >= 0 && (m.State == matchAmbiguous) == (*m.Margin < clearMargin)
}

// alike reports lines that say the same of their session: of one CDR they invoice it again (row 24).
func alike(lines []*tracedLine) bool {
	for _, l := range lines[1:] {
		a, b := &lines[0].facts, &l.facts
		same := a.start.Equal(b.start) && a.currency == b.currency && compareNumbers(a.kWh, b.kWh) == 0 && compareNumbers(a.amount, b.amount) == 0
		if !same || !slices.Equal(a.evses, b.evses) || !slices.Equal(a.contracts, b.contracts) {
			return false
		}
	}
	return true
}

// ambiguous leaves a line with several CDRs, none of which another line may have.
func (l *tracedLine) ambiguous(pass *tracePass) {
	l.state, l.rule = matchAmbiguous, pass.rule
	for _, e := range l.edges {
		e.cdr.claimed, e.cdr.taken = true, true
		l.candidates = append(l.candidates, e.cdr.cdrEntry)
	}
	l.fitting = len(l.candidates)
	l.candidates = evidence(l.candidates)
}

// take gives a line its CDR.
func (b *bench) take(pass *tracePass, l *tracedLine, c *tracedCDR, margin int64) {
	l.state, l.rule, l.cdr = matchTolerance, pass.rule, c.cdrEntry
	c.claimed, c.taken = true, true
	b.matchSession(l.lineEntry)
	at := slices.IndexFunc(l.edges, func(e traceEdge) bool { return e.cdr == c })
	terms := b.terms.matching()
	text := pass.say(terms, l, c, l.edges[at].like)
	if l.margin = marginOf(margin); l.margin != nil {
		text += fmt.Sprintf("; any other match is at least %d worse (%d are wanted)", margin, terms.Margin)
	}
	l.find(pass.code, ocpi.SeverityWarn, "%s", text)
	if hours := l.edges[at].like.hours; hours != 0 {
		l.find(codeMatchHoursApart, ocpi.SeverityWarn, "the line starts at %s, CDR %s at %s: %+d h, local time sent as UTC or the other way round (up to %d h, within %s of them)",
			stampOf(l.facts.start), c.cdr.ID, stampOf(c.facts.start), hours, terms.HoursApart, terms.HoursSlip)
	}
}

func stampOf(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// fitsPlainID compares ids without separators, case and leading zeros. Where the separators may mean something, or a prefix differs too,
// another fact must agree.
func fitsPlainID(m *Matching, l *tracedLine, c *tracedCDR) (likeness, bool) {
	for _, ids := range [...]struct{ quoted, carried, plain, other string }{
		{l.line.CDRID, c.cdr.ID, l.cdrID, c.cdrID}, {l.line.SessionID, c.cdr.SessionID, l.otherID, c.otherID},
	} {
		switch {
		case ids.plain == "" || ids.other == "":
		case ids.plain == ids.other && sameForm(ids.quoted, ids.carried):
			return likeness{}, true
		case coreID(ids.plain) == coreID(ids.other):
			if like, ok := l.vouchedBy(m, c); ok {
				like.cost = 2 * m.Margin // after those whose prefix is the same
				return like, true
			}
		}
	}
	return likeness{}, false
}

// vouchedBy reports a start or kWh that agree.
func (l *tracedLine) vouchedBy(m *Matching, c *tracedCDR) (likeness, bool) {
	if l.facts.start.IsZero() || c.facts.start.IsZero() {
		return likeness{}, m.sameKWh(&l.facts, &c.facts)
	}
	return m.measure(&l.facts, &c.facts, m.Window)
}

func sayPlainID(_ *Matching, l *tracedLine, c *tracedCDR, like likeness) string {
	text := fmt.Sprintf("the line quotes CDR %s, session %s; CDR %s, session %s is it: the ids differ by case, separators, leading zeros or a prefix",
		orNone(l.line.CDRID), orNone(l.line.SessionID), c.cdr.ID, orNone(c.cdr.SessionID))
	if like.within > 0 {
		text += fmt.Sprintf("; it starts %s apart (up to %s)", like.apart.Abs(), like.within)
	}
	return text
}

func sayTraces(m *Matching, l *tracedLine, c *tracedCDR, like likeness) string {
	var same []string
	if share(l.facts.evses, c.facts.evses) {
		same = append(same, "EVSE "+l.line.EVSEID)
	}
	if share(l.facts.contracts, c.facts.contracts) {
		same = append(same, "contract "+l.line.ContractID)
	}
	if m.sameKWh(&l.facts, &c.facts) {
		same = append(same, fmt.Sprintf("%s kWh (within %s or %s %%)", l.line.ClaimedKWh.Value, m.KWh, m.KWhPercent))
	}
	text := fmt.Sprintf("no CDR has the ids that the line quotes; CDR %s has the same %s and starts %s apart (up to %s)",
		c.cdr.ID, strings.Join(same, ", "), like.apart.Abs(), like.within)
	if m.Amount.Present {
		text += fmt.Sprintf("; amounts may be %s apart", m.Amount.Value)
	}
	return text
}

// traceFinder finds the CDRs that may fit a line.
type traceFinder struct {
	matching *Matching
	byID     map[string][]*tracedCDR // by core, or by meter and reading
	byTime   map[string][]*tracedCDR // by EVSE or contract, in order of start
}

func newTraceFinder(cdrs []*tracedCDR, m *Matching) *traceFinder {
	f := &traceFinder{m, map[string][]*tracedCDR{}, map[string][]*tracedCDR{}}
	for i, c := range cdrs {
		c.at = i
		for _, id := range append(traceIDs(c.cdr.ID, c.cdr.SessionID), c.metering.keys(false)...) {
			f.byID[id] = append(f.byID[id], c)
		}
		for _, key := range c.facts.keys() {
			f.byTime[key] = append(f.byTime[key], c)
		}
	}
	for _, list := range f.byTime {
		slices.SortStableFunc(list, func(x, y *tracedCDR) int { return x.facts.start.Compare(y.facts.start) })
	}
	return f
}

// near lists CDRs, each once, and whether there are more than it looks at.
func (f *traceFinder) near(l *tracedLine) (out []*tracedCDR, crowded bool) {
	seen := map[*tracedCDR]bool{}
	add := func(list []*tracedCDR) {
		for _, c := range list {
			if crowded = crowded || len(out) == maxCandidates; crowded {
				return
			}
			if !seen[c] {
				seen[c] = true
				out = append(out, c)
			}
		}
	}
	for _, id := range append(traceIDs(l.line.CDRID, l.line.SessionID), l.metering.keys(true)...) {
		add(f.byID[id])
	}
	if l.facts.start.IsZero() {
		return out, crowded
	}
	for _, key := range l.facts.keys() {
		list := f.byTime[key]
		f.matching.eachNear(l.facts.start, len(list), func(i int) time.Time { return list[i].facts.start }, func(from, to int) { add(list[from:to]) })
	}
	return out, crowded
}
