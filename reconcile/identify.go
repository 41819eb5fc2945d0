package reconcile

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// identifyCDRs makes one entry of each CDR. OCPI identifies a CDR by owner and id without regard to case (mod_cdrs, CDR object), and a
// CDR never changes: a repeat with the same body is a duplicate, one with another body a rival (row 12).
func (b *bench) identifyCDRs() {
	if b.oneCDR() {
		return
	}
	var all []*cdrEntry
	index := map[*cdrEntry]int{}
	for i := range b.group.CDRs {
		in := &b.group.CDRs[i]
		if in.CDR == nil {
			b.out.CDRFates[i] = Rejected
			b.out.Findings = append(b.out.Findings, in.Findings...)
			continue
		}
		e := &cdrEntry{cdr: in.CDR, decoded: in.Findings}
		b.out.CDRFates[i] = Used
		all = append(all, e)
		if len(b.group.CDRs) > 1 {
			index[e] = i
		}
	}
	slices.SortFunc(all, func(x, y *cdrEntry) int { return compareCDRs(x.cdr, y.cdr) })
	for _, e := range all {
		first := b.lastCDR()
		if first == nil || !sameCDR(first.cdr, e.cdr) {
			b.cdrs = append(b.cdrs, e)
		} else if twin := first.withBody(e.cdr.Record.Bytes); twin != nil {
			b.out.CDRFates[index[e]] = Duplicate
			b.note(e.cdr.Record.Place, codeDupID, "CDR %s repeats the record at %s", e.cdr.ID, twin.cdr.Record.Place)
		} else {
			first.rivals = append(first.rivals, e)
			first.findings = append(first.findings, e.decoded...)
			first.find("", codeDupID, ocpi.SeverityError, "CDR %s is there with another body at %s; a CDR never changes", e.cdr.ID, e.cdr.Record.Place)
		}
	}
	b.findCDRs()
}

// oneCDR is identifyCDRs for the usual group, which has one.
func (b *bench) oneCDR() bool {
	if len(b.group.CDRs) != 1 || b.group.CDRs[0].CDR == nil {
		return false
	}
	in := &b.group.CDRs[0]
	b.one.cdr = cdrEntry{cdr: in.CDR, decoded: in.Findings}
	b.one.cdrs[0] = &b.one.cdr
	b.cdrs, b.out.CDRFates[0] = b.one.cdrs[:], Used
	b.findCDRs()
	return true
}

func (b *bench) findCDRs() {
	b.cdrsByID = newFinder(b.cdrs, func(e *cdrEntry) string { return e.cdr.ID })
	b.cdrsBySession = newFinder(b.cdrs, func(e *cdrEntry) string { return e.cdr.SessionID })
}

func (b *bench) lastCDR() *cdrEntry {
	if len(b.cdrs) == 0 {
		return nil
	}
	return b.cdrs[len(b.cdrs)-1]
}

// note is an info finding about a record.
func (b *bench) note(place ocpi.Place, code ocpi.Code, format string, args ...any) {
	b.out.Findings = append(b.out.Findings, newFinding(place, "", code, ocpi.SeverityInfo, format, args...))
}

// maxVersions is how many versions of one record are searched for a repeat, so that hostile input cannot make it slow. Repeats of a
// version past them count as further versions.
const maxVersions = 32

// withBody finds the version of the CDR that has the given body.
func (c *cdrEntry) withBody(body []byte) *cdrEntry {
	for _, v := range append([]*cdrEntry{c}, c.rivals[:min(len(c.rivals), maxVersions)]...) {
		if ocpi.SameBody(v.cdr.Record.Bytes, body) {
			return v
		}
	}
	return nil
}

func sameCDR(a, b *ocpi.CDR) bool {
	return named(a.ID) && sameID(a.ID, b.ID) && sameID(a.CountryCode, b.CountryCode) && sameID(a.PartyID, b.PartyID)
}

// compareCDRs orders CDRs by owner and id, then by when they came into being; one that bills comes before a credit under its id.
func compareCDRs(a, b *ocpi.CDR) int {
	return cmp.Or(compareOwned(a.CountryCode, a.PartyID, a.ID, b.CountryCode, b.PartyID, b.ID), compareFlags(a.IsCredit(), b.IsCredit()), compareIssue(a, b))
}

// compareIssue orders CDRs by when they came into being: last_updated of a CDR is its creation. What has none comes first.
func compareIssue(a, b *ocpi.CDR) int {
	return cmp.Or(
		a.LastUpdated.Compare(b.LastUpdated), a.StartDateTime.Compare(b.StartDateTime), strings.Compare(a.ID, b.ID),
		bytes.Compare(a.Record.Bytes, b.Record.Bytes), comparePlaces(a.Record.Place, b.Record.Place),
	)
}

func comparePlaces(a, b ocpi.Place) int {
	return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Offset, b.Offset), cmp.Compare(a.Record, b.Record), cmp.Compare(a.Line, b.Line))
}

// identifySessions makes one entry of each session. Sessions change while they run: the newest snapshot counts.
func (b *bench) identifySessions() {
	if b.oneSession() {
		return
	}
	var all []*sessionEntry
	index := map[*sessionEntry]int{}
	for i := range b.group.Sessions {
		in := &b.group.Sessions[i]
		if in.Session == nil {
			b.out.SessionFates[i] = Rejected
			b.out.Findings = append(b.out.Findings, in.Findings...)
			continue
		}
		e := &sessionEntry{session: in.Session, findings: slices.Clip(in.Findings)}
		b.out.SessionFates[i] = Used
		all = append(all, e)
		if len(b.group.Sessions) > 1 {
			index[e] = i
		}
	}
	slices.SortFunc(all, func(x, y *sessionEntry) int { return compareSessions(x.session, y.session) })
	for _, e := range all {
		newest := b.lastSession()
		switch {
		case newest == nil || !sameSession(newest.session, e.session):
			b.sessions = append(b.sessions, e)
		case newest.withBody(e.session.Record.Bytes):
			b.out.SessionFates[index[e]] = Duplicate
			b.note(e.session.Record.Place, codeDuplicate, "session %s repeats another record", e.session.ID)
		default:
			newest.addSnapshot(e)
		}
	}
	b.findSessions()
}

// oneSession is identifySessions for the usual group, which has one.
func (b *bench) oneSession() bool {
	if len(b.group.Sessions) != 1 || b.group.Sessions[0].Session == nil {
		return false
	}
	in := &b.group.Sessions[0]
	b.one.session = sessionEntry{session: in.Session, findings: slices.Clip(in.Findings)}
	b.one.sessions[0] = &b.one.session
	b.sessions, b.out.SessionFates[0] = b.one.sessions[:], Used
	b.findSessions()
	return true
}

func (b *bench) findSessions() {
	b.sessionsByID = newFinder(b.sessions, func(e *sessionEntry) string { return e.session.ID })
}

func (b *bench) lastSession() *sessionEntry {
	if len(b.sessions) == 0 {
		return nil
	}
	return b.sessions[len(b.sessions)-1]
}

// withBody reports whether a snapshot with the body is known.
func (s *sessionEntry) withBody(body []byte) bool {
	last := max(0, len(s.older)-maxVersions) // repeats stand side by side
	for _, one := range slices.Concat([]*ocpi.Session{s.session}, s.also[:min(len(s.also), maxVersions)], s.older[last:]) {
		if ocpi.SameBody(one.Record.Bytes, body) {
			return true
		}
	}
	return false
}

// addSnapshot adds an older snapshot, or one just as new that says otherwise.
func (s *sessionEntry) addSnapshot(o *sessionEntry) {
	place := o.session.Record.Place
	if compareAge(s.session, o.session) == 0 {
		s.also = append(s.also, o.session)
		s.findings = append(s.findings, newFinding(place, "", codeSessionConflict, ocpi.SeverityError,
			"session %s is there with another body and the same last_updated at %s", o.session.ID, s.session.Record.Place))
		return
	}
	s.older = append(s.older, o.session)
	s.findings = append(s.findings, newFinding(place, "", codeSessionSuperseded, ocpi.SeverityInfo,
		"session %s is superseded by the newer record at %s", o.session.ID, s.session.Record.Place))
}

func sameSession(a, b *ocpi.Session) bool {
	return named(a.ID) && sameID(a.ID, b.ID) && sameID(a.CountryCode, b.CountryCode) && sameID(a.PartyID, b.PartyID)
}

// compareSessions orders sessions by owner and id, the newest snapshot first.
func compareSessions(a, b *ocpi.Session) int {
	return cmp.Or(
		compareOwned(a.CountryCode, a.PartyID, a.ID, b.CountryCode, b.PartyID, b.ID), compareAge(b, a),
		bytes.Compare(a.Record.Bytes, b.Record.Bytes), comparePlaces(a.Record.Place, b.Record.Place),
	)
}

// compareAge orders snapshots of one session by last_updated, then by how final their status is.
func compareAge(a, b *ocpi.Session) int {
	return cmp.Or(a.LastUpdated.Compare(b.LastUpdated), cmp.Compare(finality(a.Status), finality(b.Status)))
}

func finality(status string) int {
	switch status {
	case statusInvalid:
		return 2
	case statusCompleted:
		return 1
	}
	return 0
}

// The statuses of a session that judging knows (mod_sessions, SessionStatus).
const (
	statusCompleted = "COMPLETED"
	statusInvalid   = "INVALID"
)

// identifyLines orders the lines and leaves repeats out: the same row of an invoice twice is one record. Rows without a line number
// cannot be told to be the same row; they are judged each.
func (b *bench) identifyLines() {
	if len(b.group.Lines) == 1 { // the usual group
		l := b.group.Lines[0]
		b.one.line = lineEntry{line: l, disputed: l.Disputed}
		b.one.lines[0] = &b.one.line
		b.lines, b.out.LineFates[0] = b.one.lines[:], Used
		return
	}
	order := make([]int, len(b.group.Lines))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return compareLines(b.group.Lines[i], b.group.Lines[j]) })
	b.lines = make([]*lineEntry, 0, len(order))
	var rows map[[2]string]*lineEntry
	if len(order) > 1 {
		rows = make(map[[2]string]*lineEntry, len(order))
	}
	for _, i := range order {
		l := b.group.Lines[i]
		if n := len(b.lines); n > 0 && named(l.Line) && compareContent(b.lines[n-1].line, l) == 0 {
			b.out.LineFates[i] = Duplicate
			b.note(l.Record.Place, codeDuplicate, "invoice %s line %s repeats the row at %s", l.InvoiceID, l.Line, b.lines[n-1].line.Record.Place)
			continue
		}
		b.out.LineFates[i] = Used
		e := &lineEntry{line: l, disputed: l.Disputed, at: len(b.lines)}
		b.lines = append(b.lines, e)
		if rows == nil || !named(l.Line) {
			continue
		}
		if other, ok := rows[[2]string{l.InvoiceID, l.Line}]; ok {
			e.repeated, other.repeated = true, true
			continue
		}
		rows[[2]string{l.InvoiceID, l.Line}] = e
	}
}

// compareLines is the order in which lines claim their CDR: invoice date, invoice, line number (row 24).
func compareLines(a, b *Line) int {
	return cmp.Or(compareContent(a, b), comparePlaces(a.Record.Place, b.Record.Place))
}

// compareContent orders lines by all that they say; 0 is the same row.
func compareContent(a, b *Line) int {
	return cmp.Or(
		a.InvoiceDate.Compare(b.InvoiceDate), strings.Compare(a.InvoiceID, b.InvoiceID), CompareLineNumbers(a.Line, b.Line),
		strings.Compare(a.CountryCode, b.CountryCode), strings.Compare(a.PartyID, b.PartyID),
		strings.Compare(a.CDRID, b.CDRID), strings.Compare(a.SessionID, b.SessionID), strings.Compare(a.Currency, b.Currency),
		compareNumbers(a.Claimed.BeforeTaxes, b.Claimed.BeforeTaxes), compareNumbers(a.Claimed.AfterTaxes, b.Claimed.AfterTaxes),
		compareNumbers(a.ClaimedVAT, b.ClaimedVAT), compareNumbers(a.TaxRate, b.TaxRate), compareNumbers(a.ClaimedKWh, b.ClaimedKWh),
		compareNumbers(a.Sessions, b.Sessions), strings.Compare(a.MeterID, b.MeterID), compareNumbers(a.MeterStart, b.MeterStart), compareNumbers(a.MeterStop, b.MeterStop),
		a.Start.Compare(b.Start), a.End.Compare(b.End),
		strings.Compare(a.EVSEID, b.EVSEID), strings.Compare(a.ContractID, b.ContractID), strings.Compare(a.Description, b.Description),
		compareFlags(a.Disputed, b.Disputed), strings.Compare(a.Reason, b.Reason),
	)
}

func compareNumbers(a, b ocpi.Number) int {
	return cmp.Or(compareFlags(a.Present, b.Present), a.Value.Cmp(b.Value))
}

func compareFlags(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// agree reports whether two numbers are within a tolerance; equal to it is within.
func agree(a, b, tolerance exact.Decimal) bool { return !tolerance.Less(a.Sub(b).Abs()) }
