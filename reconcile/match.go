package reconcile

import (
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
)

// States of a match.
const (
	matchExact     = "exact"      // the line's ids name the records
	matchTolerance = "tolerance"  // found by what line and CDR have in common beside ids
	matchBreak     = "with-break" // found, but line and records differ in an id or in money
	matchAmbiguous = "ambiguous"  // several CDRs fit
	matchUnmatched = "unmatched"
)

// Rules by which records are found, in the order in which they are tried.
const (
	byCDRID         = "cdr-id"
	byMembers       = "members" // of a master line
	byCoverRule     = MembersByCover
	byCDRIDFolded   = "cdr-id-folded"
	bySessionID     = "session-id"
	bySessionFolded = "session-id-folded"
	bySessionAsCDR  = "session-id-as-cdr-id" // partners that use one id for both
	byLine          = "line"                 // the invoice line quotes both ids
	byAuthorization = "authorization-reference"
	byMeterRule     = "meter"     // number and readings of the meter
	byPlainID       = "plain-id"  // ids that differ by case, separators, leading zeros or a prefix
	byCompositeRule = "composite" // EVSE, contract and start
	byWindowRule    = "window"    // EVSE or contract, start and kWh
	byDecision      = "decision"  // a manual one names the CDR
	byLinesOverCDRs = "lines-over-cdrs"
)

// pairSessions finds the session of each CDR: by the session id it carries; without one by its own id, which some partners use for
// both, or by a line that quotes both; and for what is still alone by authorization reference, where that is unique.
func (b *bench) pairSessions() {
	for _, c := range b.cdrs {
		if named(c.cdr.SessionID) {
			b.pair(c, c.cdr.SessionID, bySessionID)
		} else {
			b.pair(c, c.cdr.ID, bySessionAsCDR)
		}
	}
	b.pairByLine()
	b.pairByAuthorization()
}

// pair ties a CDR to the session of the given id, if there is exactly one.
func (b *bench) pair(c *cdrEntry, id, rule string) {
	found := b.sessionsByID.find(id, func(s *sessionEntry) bool {
		return partly(c.cdr.CountryCode, c.cdr.PartyID, s.session.CountryCode, s.session.PartyID)
	})
	if found, _ = b.sessionsByID.exactly(found, id); len(found) == 1 {
		c.setSession(found[0], rule)
	}
}

func (c *cdrEntry) setSession(s *sessionEntry, rule string) {
	c.session, c.pairedBy = s, rule
	if s.cdrs == nil {
		s.cdrs = s.only[:0]
	}
	s.cdrs = append(s.cdrs, c)
}

// pairByLine uses lines that quote a CDR without session id together with a session, as lines over CDRs of 2.1.1 do.
func (b *bench) pairByLine() {
	var lines finder[*lineEntry] // made when the first CDR needs it
	for _, c := range b.cdrs {
		if c.session != nil || named(c.cdr.SessionID) {
			continue
		}
		if lines.id == nil {
			lines = newFinder(b.lines, func(l *lineEntry) string { return l.line.CDRID })
		}
		var id string
		unique := true
		for _, l := range lines.find(c.cdr.ID, func(l *lineEntry) bool { return named(l.line.SessionID) && l.owner(c) }) {
			unique = unique && (id == "" || sameID(id, l.line.SessionID))
			id = l.line.SessionID
		}
		if unique && id != "" {
			b.pair(c, id, byLine)
		}
	}
}

// pairByAuthorization ties what is still alone on both sides and carries a reference that no other such record carries.
func (b *bench) pairByAuthorization() {
	paired := func(s *sessionEntry) bool { return len(s.cdrs) > 0 }
	if !slices.ContainsFunc(b.sessions, func(s *sessionEntry) bool { return !paired(s) }) {
		return
	}
	alone := slices.DeleteFunc(slices.Clone(b.sessions), paired)
	single := slices.DeleteFunc(slices.Clone(b.cdrs), func(c *cdrEntry) bool { return c.session != nil || c.cdr.IsCredit() })
	sessions := newFinder(alone, func(s *sessionEntry) string { return s.session.AuthorizationReference })
	cdrs := newFinder(single, func(c *cdrEntry) string { return c.cdr.AuthorizationReference })
	for _, s := range alone {
		ref := s.session.AuthorizationReference
		found := cdrs.find(ref, func(c *cdrEntry) bool {
			return partly(c.cdr.CountryCode, c.cdr.PartyID, s.session.CountryCode, s.session.PartyID)
		})
		if len(found) == 1 && len(sessions.find(ref, func(*sessionEntry) bool { return true })) == 1 {
			found[0].setSession(s, byAuthorization)
		}
	}
}

// match finds the CDR of a line, pass by pass; the first pass that finds any decides.
func (b *bench) match(l *lineEntry) {
	if l.state = matchUnmatched; b.matchTogether(l) {
		return
	}
	for pass := range passes {
		r := b.try(pass, l)
		if r.count == 0 {
			continue
		}
		l.state, l.rule = matchAmbiguous, r.rule
		if r.count == 1 {
			l.state, l.cdr = matchExact, r.found[0]
			if l.line.IsMember() && l.line.Master.By == MembersByCover {
				l.state, l.rule = matchTolerance, byCoverRule // no row names the CDR
			}
		} else {
			l.candidates, l.fitting = r.found, r.count
		}
		break
	}
	b.matchSession(l)
	if l.cdr != nil && named(l.line.CDRID) && !l.cdr.hasID(l.line.CDRID) {
		l.find(codeCDRIDMismatch, ocpi.SeverityWarn, "no CDR has the id %s that the line quotes; its session %s belongs to CDR %s",
			l.line.CDRID, l.line.SessionID, l.cdr.cdr.ID)
		l.state = matchBreak
	}
}

// matchTogether matches lines that stand for several CDRs, and reports whether the line is one.
func (b *bench) matchTogether(l *lineEntry) bool {
	switch {
	case l.line.IsMaster():
		if l.rule = byMembers; l.line.Master.Found != "" {
			l.find(codeMatchAggregate, ocpi.SeverityWarn, "%s", l.line.Master.Found)
		}
	case l.line.Together != nil:
		b.matchSet(l)
	case l.line.Unsettled != "":
		l.state, l.rule = matchAmbiguous, byCoverRule
		if l.line.GivenUp {
			l.find(codeSearchLimit, ocpi.SeverityWarn, "%s", l.line.Unsettled)
		}
	default:
		return false
	}
	return true
}

func (c *cdrEntry) hasID(id string) bool { return sameID(c.cdr.ID, id) }

// owner reports whether a line may be about a CDR: their parties do not differ.
func (l *lineEntry) owner(c *cdrEntry) bool {
	return partly(l.line.CountryCode, l.line.PartyID, c.cdr.CountryCode, c.cdr.PartyID)
}

// matchCDRID finds CDRs by id: the party that the line names before CDRs without party, the same spelling before another.
func (b *bench) matchCDRID(l *lineEntry) ([]*cdrEntry, string) {
	found := b.cdrsByID.find(l.line.CDRID, l.owner)
	if len(found) > 1 && named(l.line.PartyID) {
		found = prefer(found, func(c *cdrEntry) bool { return named(c.cdr.PartyID) })
	}
	exact := func(c *cdrEntry) bool {
		return c.cdr.ID == l.line.CDRID || slices.ContainsFunc(c.rivals, func(r *cdrEntry) bool { return r.cdr.ID == l.line.CDRID })
	}
	if found = prefer(found, exact); len(found) > 0 && exact(found[0]) {
		return found, byCDRID
	}
	return found, byCDRIDFolded
}

// prefer keeps the entries that fit, or all where none does.
func prefer(found []*cdrEntry, fits func(*cdrEntry) bool) []*cdrEntry {
	if len(found) == 0 || !slices.ContainsFunc(found, fits) {
		return found
	}
	return slices.DeleteFunc(found, func(c *cdrEntry) bool { return !fits(c) })
}

// matchSessionID finds CDRs by the session id that they carry. A line that gives money back means the credit, any other one the CDR
// that still claims money; of CDRs with the same content the first issued.
func (b *bench) matchSessionID(l *lineEntry) ([]*cdrEntry, string) {
	back := l.isCredit()
	found := b.cdrsBySession.find(l.line.SessionID, func(c *cdrEntry) bool { return l.owner(c) && (back || !c.cdr.IsCredit()) })
	found, exact := b.cdrsBySession.exactly(found, l.line.SessionID)
	if back {
		found = prefer(found, func(c *cdrEntry) bool { return c.cdr.IsCredit() })
	} else {
		found = b.withoutTwins(prefer(found, (*cdrEntry).isLive))
	}
	if exact {
		return found, bySessionID
	}
	return found, bySessionFolded
}

// withoutTwins leaves out CDRs that repeat the content of one issued before.
func (b *bench) withoutTwins(found []*cdrEntry) []*cdrEntry {
	if len(found) < 2 {
		return found
	}
	slices.SortFunc(found, func(x, y *cdrEntry) int { return compareIssue(x.cdr, y.cdr) })
	different, _ := b.apart(found)
	return different
}

// matchSessionAsCDR finds CDRs without session id whose own id the line gives as session id.
func (b *bench) matchSessionAsCDR(l *lineEntry) ([]*cdrEntry, string) {
	found := b.cdrsByID.find(l.line.SessionID, func(c *cdrEntry) bool { return !named(c.cdr.SessionID) && l.owner(c) })
	return found, bySessionAsCDR
}

// matchSessionRecord finds the CDR that was paired with the session which the line names.
func (b *bench) matchSessionRecord(l *lineEntry) ([]*cdrEntry, string) {
	s := b.sessionNamed(l)
	if s == nil {
		return nil, ""
	}
	var found []*cdrEntry
	for _, c := range s.cdrs {
		if l.owner(c) && !c.cdr.IsCredit() {
			found = append(found, c)
		}
	}
	if len(found) > 0 {
		return found, found[0].pairedBy
	}
	return nil, ""
}

// sessionNamed is the session whose id the line quotes, nil where there is none or several.
func (b *bench) sessionNamed(l *lineEntry) *sessionEntry {
	found := b.sessionsByID.find(l.line.SessionID, func(s *sessionEntry) bool {
		return partly(l.line.CountryCode, l.line.PartyID, s.session.CountryCode, s.session.PartyID)
	})
	if found, _ = b.sessionsByID.exactly(found, l.line.SessionID); len(found) == 1 {
		return found[0]
	}
	return nil
}

// matchSession sets the session that a line is judged by: its CDR's, or where no CDR was found the one that it names.
func (b *bench) matchSession(l *lineEntry) {
	switch {
	case l.cdr != nil:
		l.session = l.cdr.session
	case named(l.line.SessionID):
		l.session = b.sessionNamed(l)
	}
}
