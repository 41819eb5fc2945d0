package reconcile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// rowUnmatched is rows 7 and 8: no CDR supports the line, or several might. A session alone prices no line.
func (t *trial) rowUnmatched() {
	l := t.line.line
	switch {
	case l.Unsettled != "":
		t.rule(ruling{row: 8, code: codeAmbiguousMatch, open: true, message: l.Unsettled})
	case t.line.state == matchAmbiguous:
		var names []string
		for _, c := range t.line.candidates {
			t.look(c)
			names = append(names, strings.Trim(c.cdr.CountryCode+"/"+c.cdr.PartyID+"/"+c.cdr.ID, "/"))
		}
		t.rule(ruling{row: 8, code: codeAmbiguousMatch, open: true,
			message: fmt.Sprintf("%d CDRs fit the line, none of them alone: %s%s", t.line.fitting, strings.Join(names, ", "), beyondEvidence(t.line.fitting))})
	case t.session != nil:
		t.rule(ruling{row: 7, code: codeMissingCDR, open: true,
			message: fmt.Sprintf("session %s is there, but no CDR of it", t.session.session.ID)})
	case l.IsBare():
		t.rule(ruling{row: 7, code: codeUnknownCDR, open: true,
			message: "the line names no session, no list says which CDRs it stands for, and none of what it covers come to its amount"})
	default:
		t.rule(ruling{row: 7, code: codeUnknownCDR, open: true,
			message: fmt.Sprintf("no CDR is %s and none has session %s", orNone(l.CDRID), orNone(l.SessionID))})
	}
}

func orNone(id string) string {
	if id == "" {
		return "(none named)"
	}
	return id
}

// rowCurrency is row 22: nothing is converted.
func (t *trial) rowCurrency() {
	if have, want := t.cdr.cdr.Currency, t.line.line.Currency; have != want && t.price.blocked == nil {
		t.rule(ruling{row: 22, code: codeCurMismatch, open: true, message: fmt.Sprintf("the line is in %s, CDR %s in %s", want, t.cdr.cdr.ID, orNone(have))})
	}
}

// rowUnpriceable is row 15.
func (t *trial) rowUnpriceable() {
	if t.price.blocked != nil {
		t.unpriceable(t.cdr)
	}
}

// rowGrossOnly is the last sentence of rule 5: the price is known only as gross, and the line has none.
func (t *trial) rowGrossOnly() {
	if !t.known && t.price.blocked == nil && t.cdr.cdr.Currency == t.line.line.Currency {
		t.rule(ruling{row: 23, code: codeTaxUnverified, open: true,
			message: "the price of CDR " + t.cdr.cdr.ID + " is known only with taxes, and the line has no gross amount"})
	}
}

// rowSessionID is rows 5 and 6: the line quotes a session id that its CDR does not carry. Where it is another session's, the line may be
// about either.
func (t *trial) rowSessionID() {
	quoted, carried := t.line.line.SessionID, t.cdr.cdr.SessionID
	if !named(quoted) || sameID(quoted, carried) || t.session != nil && sameID(quoted, t.session.session.ID) {
		return
	}
	if t.line.rule == byPlainID && coreID(plainID(quoted)) == coreID(plainID(carried)) {
		return // another form of the same id, as a finding says already
	}
	others, sessionThere := t.b.othersOf(t.line)
	if !named(carried) && t.session == nil && len(others) == 0 {
		return // neither says that the quoted session is not this CDR's
	}
	t.line.state = matchBreak
	if len(others) == 0 && !sessionThere {
		t.note(codeSessionIDMismatch, ocpi.SeverityWarn, "the line quotes session %s, CDR %s has session %s; no other session has that id",
			quoted, t.cdr.cdr.ID, orNone(carried))
		return
	}
	r := ruling{row: 6, code: codeSessionIDConflict, floor: t.value, wide: true,
		message: fmt.Sprintf("the line quotes CDR %s and session %s, which is another's%s", t.cdr.cdr.ID, quoted, beyondEvidence(len(others)))}
	if len(others) == 0 {
		r.floor = exact.Decimal{} // the other session has no CDR that could be priced
	}
	for _, o := range others {
		t.look(o)
		value, ok := t.priceOf(o, "other-session")
		if !ok {
			value = exact.Decimal{}
		}
		r.floor = exact.Min(r.floor, value)
	}
	t.rule(r)
}

// othersOf are the live CDRs, beside the line's own, of the session that the line quotes, and whether that session is there itself.
func (b *bench) othersOf(l *lineEntry) (others []*cdrEntry, sessionThere bool) {
	others = b.cdrsBySession.find(l.line.SessionID, func(c *cdrEntry) bool { return c != l.cdr && c.isLive() && l.owner(c) })
	for _, s := range b.sessionsByID.find(l.line.SessionID, func(s *sessionEntry) bool { return s != l.session }) {
		if !partly(l.line.CountryCode, l.line.PartyID, s.session.CountryCode, s.session.PartyID) {
			continue
		}
		sessionThere = true
		for _, c := range s.cdrs {
			if c != l.cdr && c.isLive() && !slices.Contains(others, c) {
				others = append(others, c)
			}
		}
	}
	return others, sessionThere
}

// rowRivals is row 12: the CDR is there with several bodies, and which of them binds is not known.
func (t *trial) rowRivals() {
	if len(t.cdr.rivals) == 0 {
		return
	}
	r := ruling{row: 12, code: codeDupID, floor: t.value, ceiling: t.value,
		message: fmt.Sprintf("CDR %s is there with %d different bodies%s", t.cdr.cdr.ID, 1+len(t.cdr.rivals), beyondEvidence(len(t.cdr.rivals)))}
	for _, rival := range t.cdr.rivals {
		t.look(rival)
		value, ok := t.priceOf(rival, "other-body")
		if !ok || rival.cdr.IsCredit() {
			value = exact.Decimal{} // a body without a price supports nothing, nor does a credit
		}
		r.floor, r.ceiling = exact.Min(r.floor, value), exact.Max(r.ceiling, value)
	}
	t.rule(r)
}

// rowTwice is row 24.
func (t *trial) rowTwice() {
	if first := t.line.twice; first != nil {
		t.rule(ruling{row: 24, code: codeInvoicedTwice, void: true,
			message: fmt.Sprintf("CDR %s supports invoice %s line %s already", t.cdr.cdr.ID, first.line.InvoiceID, first.line.Line)})
	}
}

// rowTwoCDRs is row 25: another live CDR of the session came first.
func (t *trial) rowTwoCDRs() {
	if t.cdr.dead == "" {
		return
	}
	t.look(t.cdr.deadFor)
	t.rule(ruling{row: 25, code: t.cdr.dead, open: t.cdr.dead == codeTwoCDRs, void: t.cdr.dead == codeDupContent,
		message: fmt.Sprintf("session %s is claimed by CDR %s already", t.cdr.sessionID(), t.cdr.deadFor.cdr.ID)})
}

// rowHomeCharging is row 29: the money of home charging flows the other way and is settled apart.
func (t *trial) rowHomeCharging() {
	if t.cdr.cdr.HomeChargingCompensation == ocpi.True {
		t.rule(ruling{row: 29, code: codeHomeCharging, open: true, message: "CDR " + t.cdr.cdr.ID + " is a home charging compensation"})
	}
}
