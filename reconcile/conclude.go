package reconcile

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// SettledReasons are the reasons of lines about which nothing is left to ask the debtor.
var SettledReasons = []ocpi.Code{codeAcceptedByDebtor, codeDecisionTheirs, codeDecisionDuplicate, codeDecisionWithdrawn}

// Owed is what we say is owed of a line, net: what is proven, and of what is unproven as much as our own calculation comes to. A line that
// was not priced is owed as far as it is proven.
func (v *LineVerdict) Owed() exact.Decimal {
	proven, unproven := v.Proven.BeforeTaxes.Value, v.Unproven.BeforeTaxes.Value
	open := proven.Add(unproven)
	if unproven.Sign() <= 0 {
		return proven
	}
	cost := v.Computed.BeforeTaxes
	if !cost.Present {
		return proven
	}
	computed := cost.Value.Shown().Round(max(open.Trim().Scale(), MinorUnits(v.Line.Currency)), exact.HalfUp)
	return exact.Max(proven, exact.Min(open, computed))
}

// attachDecisions ties the manual decisions to their lines, and gives a line the CDR that one names.
func (b *bench) attachDecisions() {
	for i, d := range b.group.Decisions {
		if d.State == EventRepeated || d.State == EventElsewhere {
			b.out.DecisionFates[i] = Used
			if d.State == EventRepeated {
				b.out.DecisionFates[i] = Duplicate
			}
			continue
		}
		lines := b.linesOf(d.InvoiceID, d.Line)
		if len(lines) != 1 {
			b.out.DecisionFates[i] = Rejected
			b.out.Findings = append(b.out.Findings, newFinding(d.Record.Place, "", codeDecisionUnknown, ocpi.SeverityError,
				"decision %s is about invoice %s line %s, which fits %d lines, want one", d.ID, d.InvoiceID, d.Line, len(lines)))
			continue
		}
		b.out.DecisionFates[i] = Used
		l := lines[0]
		own := *d // its state is of this line from here on
		t := l.talking()
		t.decisions = append(t.decisions, &own)
		slices.SortFunc(t.decisions, func(x, y *Decision) int { return cmp.Compare(x.order, y.order) })
		if own.State == EventCounts {
			t.decision = &own
			if own.Kind == DecideMatch {
				b.choose(l, &own)
			}
		}
	}
}

// choose gives a line the CDR of a decision. Where the line's own ids name one CDR there is nothing to choose.
func (b *bench) choose(l *lineEntry, d *Decision) {
	found := b.cdrsByID.find(d.CDRID, func(c *cdrEntry) bool {
		return l.owner(c) && partly(d.CountryCode, d.PartyID, c.cdr.CountryCode, c.cdr.PartyID)
	})
	switch {
	case l.state != matchAmbiguous && l.state != matchUnmatched:
		l.refuse(d, "the line is matched with CDR %s by %s", l.cdr.cdr.ID, l.rule)
	case len(found) != 1:
		l.refuse(d, "%d CDRs that may support the line have the id %s, want one", len(found), d.CDRID)
	default:
		l.state, l.rule, l.cdr, l.session = matchBreak, byDecision, found[0], found[0].session
		l.candidates, l.fitting = nil, 0
		l.cdr.claimed = true
	}
}

// refuse leaves a decision out of account.
func (l *lineEntry) refuse(d *Decision, format string, args ...any) {
	d.State, l.talk.decision = EventVoid, nil
	l.findings = append(l.findings, newFinding(d.Record.Place, "", codeDecisionNotApplied, ocpi.SeverityError,
		"decision %s (%s) does not fit: "+format, append([]any{d.ID, d.Kind}, args...)...))
}

// conclude lets what was accepted and decided change the verdict that the evidence gives. Nothing here raises a line above what it claims,
// and acceptance raises none above what we computed.
func (l *lineEntry) conclude(v *LineVerdict) {
	known := len(l.findings)
	c := conclusion{line: l, v: v}
	if a := l.talk.accepted; a != nil {
		c.accept(a)
	}
	if d := l.talk.decision; d != nil {
		c.decide(d)
	}
	v.Findings = append(v.Findings, l.findings[known:]...)
	v.History = l.history()
	if c.settled {
		v.Disputed = false
		v.OnlyAsAgreed, v.OnlyByDefault = Money{}, Money{}
	}
	c.reasons()
}

// conclusion is a verdict while answers and decisions change it.
type conclusion struct {
	line     *lineEntry
	v        *LineVerdict
	settled  bool
	conceded ocpi.Code // why what was given up by a decision is conceded
}

func (c *conclusion) note(place ocpi.Place, code ocpi.Code, severity ocpi.Severity, format string, args ...any) {
	c.v.Notes = append(c.v.Notes, code)
	c.line.findings = append(c.line.findings, newFinding(place, "", code, severity, format, args...))
}

// accept proves what the debtor accepted by his own word, no more than we say is owed now. The line is settled where nothing of it is left
// unproven.
func (c *conclusion) accept(a *Answer) {
	owed, accepted := c.v.Owed(), a.Sheet.Owed.Value
	c.prove(exact.Min(owed, accepted))
	if left := c.v.Unproven.BeforeTaxes.Value; !left.IsZero() {
		c.note(a.Record.Place, codeAcceptedLess, ocpi.SeverityWarn, "the debtor accepted in round %d that %s is owed; %s more of the line stays unproven",
			a.Round, accepted, left)
		return
	}
	c.note(a.Record.Place, codeAcceptedByDebtor, ocpi.SeverityInfo, "the debtor accepted in round %d that %s is owed", a.Round, accepted)
	c.settled = true
	c.line.settle()
}

// prove moves money from the unproven part, until so much is proven net. The gross moves in proportion.
func (c *conclusion) prove(net exact.Decimal) {
	v := c.v
	room := net.Sub(v.Proven.BeforeTaxes.Value)
	open := v.Unproven.BeforeTaxes.Value
	if room.Sign() <= 0 || open.Sign() <= 0 {
		return
	}
	c.move(&v.Unproven, &v.Proven, exact.Min(room, open))
}

// move moves net money from one part to another, and of the gross as much in proportion; all of it where all of the net moves.
func (c *conclusion) move(from, to *Money, net exact.Decimal) {
	gross := from.AfterTaxes.Value
	if !net.Equal(from.BeforeTaxes.Value) {
		places := max(c.v.Invoiced.AfterTaxes.Value.Scale(), MinorUnits(c.v.Line.Currency))
		gross = gross.Mul(net).DivRound(from.BeforeTaxes.Value, places, exact.HalfUp)
	}
	shift := func(m *Money, basis Basis, by exact.Decimal) {
		if m.on(basis).Present {
			*m = m.set(basis, m.on(basis).Value.Add(by))
		}
	}
	shift(from, BeforeTaxes, net.Neg())
	shift(to, BeforeTaxes, net)
	shift(from, AfterTaxes, gross.Neg())
	shift(to, AfterTaxes, gross)
}

// decide applies the decision that counts. What we give back ourselves is not ours to decide on again.
func (c *conclusion) decide(d *Decision) {
	claimed := c.v.Invoiced.BeforeTaxes.Value
	if d.Kind != DecideUphold && d.Kind != DecideMatch && claimed.Sign() <= 0 {
		c.line.refuse(d, "the line claims %s", claimed)
		return
	}
	said := func(format string, args ...any) {
		text := fmt.Sprintf("decision %s by %s ", d.ID, d.By) + fmt.Sprintf(format, args...) + ": " + d.Why
		c.note(d.Record.Place, d.Kind.Reason(), ocpi.SeverityInfo, "%s", text)
	}
	switch d.Kind {
	case DecideUphold:
		said("upholds what we say")
	case DecideMatch:
		said("says that the line means CDR %s", d.CDRID)
	case DecideWithdraw:
		said("withdraws the claim")
		c.concede(exact.Decimal{}, d.Kind.Reason())
	case DecideDuplicate:
		said("says that the line repeats %s", d.Of)
		c.concede(exact.Decimal{}, d.Kind.Reason())
	case DecideAcceptTheirs:
		if c.admits(d) {
			said("accepts the debtor's %s", c.v.Admitted.Value)
			c.concede(c.v.Admitted.Value, d.Kind.Reason())
		}
	}
}

// admits reports whether the debtor admits what a decision accepts, and no more than the line claims.
func (c *conclusion) admits(d *Decision) bool {
	admitted, claimed := c.v.Admitted, c.v.Invoiced.BeforeTaxes.Value
	switch {
	case !admitted.Present:
		c.line.refuse(d, "the debtor admits no amount")
	case d.Amount.Present && !d.Amount.Value.Equal(admitted.Value):
		c.line.refuse(d, "it accepts %s, the debtor admits %s", d.Amount.Value, admitted.Value)
	case admitted.Value.Sign() < 0 || claimed.Less(admitted.Value):
		c.line.refuse(d, "the debtor admits %s, the line claims %s", admitted.Value, claimed)
	default:
		return true
	}
	return false
}

// concede leaves so much proven, net, and concedes the rest.
func (c *conclusion) concede(net exact.Decimal, why ocpi.Code) {
	v := c.v
	none := func() Money {
		m := Money{}
		if v.Invoiced.BeforeTaxes.Present {
			m = m.set(BeforeTaxes, exact.Decimal{})
		}
		if v.Invoiced.AfterTaxes.Present {
			m = m.set(AfterTaxes, exact.Decimal{})
		}
		return m
	}
	v.Proven, v.Conceded, v.Unproven = none(), v.Invoiced, none()
	c.move(&v.Conceded, &v.Proven, net)
	c.settled, c.conceded = true, why
}

// reasons gives each part the reason that it now has; reasons of parts that are no more become notes.
func (c *conclusion) reasons() {
	v := c.v
	if c.conceded != "" {
		v.Notes = append(v.Notes, v.ConcededReason)
		v.ConcededReason = c.conceded
	}
	for _, part := range []struct {
		money Money
		code  *ocpi.Code
	}{{v.Conceded, &v.ConcededReason}, {v.Unproven, &v.UnprovenReason}} {
		if isNothing(part.money) {
			v.Notes = append(v.Notes, *part.code)
			*part.code = ""
		}
	}
	slices.Sort(v.Notes)
	v.Notes = slices.DeleteFunc(slices.Compact(v.Notes), func(code ocpi.Code) bool {
		return code == "" || code == v.ConcededReason || code == v.UnprovenReason
	})
	v.Outcome = outcomeOf(parts{proven: v.Proven.BeforeTaxes.Value, conceded: v.Conceded.BeforeTaxes.Value, unproven: v.Unproven.BeforeTaxes.Value})
	if v.Outcome != Proven && (v.Match.State == matchExact || v.Match.State == matchTolerance) {
		v.Match.State = matchBreak
	}
}

// Reasons that acceptance gives to a line.
const (
	ReasonAccepted     = codeAcceptedByDebtor
	ReasonAcceptedLess = codeAcceptedLess
)

var decisionReasons = map[DecisionKind]ocpi.Code{
	DecideWithdraw: codeDecisionWithdrawn, DecideAcceptTheirs: codeDecisionTheirs, DecideUphold: codeDecisionUpheld,
	DecideMatch: codeDecisionMatched, DecideDuplicate: codeDecisionDuplicate,
}

// Reason is the reason that a decision gives to its line.
func (k DecisionKind) Reason() ocpi.Code { return decisionReasons[k] }

// DecisionReasons are the reasons that decisions give.
func DecisionReasons() []ocpi.Code {
	out := make([]ocpi.Code, len(decisionKinds))
	for i, k := range decisionKinds {
		out[i] = k.Reason()
	}
	return out
}
