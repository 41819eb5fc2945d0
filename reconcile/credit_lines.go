package reconcile

import (
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// original is the CDR whose money the line is about: its own, or the one that its credit credits; nil for a credit of none.
func (t *trial) original() *cdrEntry {
	if t.cdr == nil || !t.cdr.cdr.IsCredit() {
		return t.cdr
	}
	return t.cdr.creditOf
}

// checkCredit looks at a line that gives money back: no CDR may say that it is due, or it may give back more than is. It is proven all
// the same (rule 4).
func (t *trial) checkCredit() (tooMuch exact.Decimal) {
	l := t.line.line
	o := t.original()
	switch {
	case t.cdr == nil && !named(l.CDRID) && !named(l.SessionID):
		return tooMuch // a rebate on no session in particular
	case t.cdr == nil && t.line.state == matchAmbiguous:
		return tooMuch
	case t.cdr == nil:
		t.note(codeCreditWithoutCDR, ocpi.SeverityWarn, "the line gives %s back, and no CDR says that it is due", t.claimed.Abs())
		return tooMuch
	case o == nil:
		return tooMuch // a finding of the credit tells
	case len(o.credits) == 0 && len(o.doubtful) == 0:
		t.note(codeCreditWithoutCDR, ocpi.SeverityWarn, "the line gives %s of CDR %s back, and no CDR credits it", t.claimed.Abs(), o.cdr.ID)
	}
	back := t.giveBack(o)
	tooMuch = exact.Min(back.given.Sub(back.due), t.claimed.Abs())
	if !back.known || !t.b.terms.Tolerance.amount(l.Currency, back.due).Less(tooMuch) {
		return exact.Decimal{}
	}
	t.note(codeOverCredited, ocpi.SeverityWarn, "of CDR %s the invoices give back %s up to this line, and %s is due: %s too much",
		o.cdr.ID, back.given.Plain(), back.due.Plain(), tooMuch.Plain())
	return tooMuch
}

// givenBack is what lines give back of a CDR, and what they may.
type givenBack struct {
	given, due exact.Decimal
	known      bool // due is
}

// giveBack adds the line to what is given back of a CDR. Lines are judged in order.
func (t *trial) giveBack(o *cdrEntry) *givenBack {
	if o.back == nil {
		due, known := t.due(o)
		o.back = &givenBack{due: due, known: known}
	}
	if t.line.line.Currency == o.cdr.Currency {
		o.back.given = o.back.given.Add(t.claimed.Abs())
	}
	return o.back
}

// due is how much of a CDR its invoices may give back: what its credits take where that is a part, else all that was asked for it.
func (t *trial) due(o *cdrEntry) (exact.Decimal, bool) {
	value, known := t.b.settled(t.b.price(o), t.basis)
	if o.cdr.Currency != t.line.line.Currency || !known {
		return value, false
	}
	if len(o.credits) > 0 {
		other := trial{b: t.b, line: t.line, cdr: o, basis: t.basis, value: value, known: known}
		if taken, whole := other.credited(); !whole {
			return taken, true
		}
	}
	var asked exact.Decimal
	for _, l := range o.lines {
		if !l.isCredit() && l.line.Currency == o.cdr.Currency {
			asked = asked.Add(t.on(l.line.Claimed).Value)
		}
	}
	return exact.Max(exact.Max(asked, value), t.on(claimedCost(o.cdr)).Value), true
}

// rowDoubtfulCredit is row 26 where a credit may mean the CDR, or takes back what cannot be told: it neither proves nor disproves.
func (t *trial) rowDoubtfulCredit() {
	for _, c := range t.cdr.doubtful {
		if c.isGivenBack() {
			continue
		}
		t.look(c)
		message := "the credit " + c.cdr.ID + " may take back CDR " + t.cdr.cdr.ID + ", and does not say so"
		if have, want := c.cdr.Currency, t.cdr.cdr.Currency; have != want {
			message = "CDR " + t.cdr.cdr.ID + " is in " + want + ", its credit " + c.cdr.ID + " in " + orNone(have) + ": how much is left cannot be told"
		}
		t.rule(ruling{row: 26, code: codeCreditChain, open: true, message: message})
		return
	}
}

// rowOrphanCredit is row 26 of a line without a CDR: a credit repeats the CDR that it takes back, and stands for it.
func (t *trial) rowOrphanCredit() {
	if t.line.state != matchUnmatched || t.b.orphans.id == nil {
		return
	}
	id := t.line.line.CDRID
	for _, c := range t.b.orphans.find(id, func(c *cdrEntry) bool { return t.line.owner(c) && !c.isGivenBack() }) {
		t.look(c)
		t.rule(ruling{row: 26, code: codeCreditNotApplied, void: true, message: "CDR " + id + " is not there, " + c.cdr.ID + " credits it, and the invoices do not give it back"})
		return
	}
}

// isGivenBack reports a credit that is a line.
func (c *cdrEntry) isGivenBack() bool {
	for _, l := range c.lines {
		if l.isCredit() {
			return true
		}
	}
	return false
}

// showChain tells the chain of the line's CDR, with all its CDRs as evidence: what was found about them stands with their own lines. A chain
// of more than is shown of any evidence is not told.
func (t *trial) showChain(v *LineVerdict) {
	if t.cdr == nil || t.cdr.chain == nil {
		return
	}
	chain := t.cdr.chain
	if len(chain.members) > maxEvidence {
		v.Findings = append(v.Findings, newFinding(t.line.line.Record.Place, "", codeCreditChain, ocpi.SeverityInfo,
			"%d CDRs hang together by credits, more than are shown", len(chain.members)))
		return
	}
	for _, c := range chain.members {
		if !slices.Contains(v.CDRs, c.cdr) {
			v.CDRs = append(v.CDRs, c.cdr)
		}
	}
	v.Chain = t.b.makeChain(chain)
}
