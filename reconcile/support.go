package reconcile

import (
	"cmp"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// support gives each CDR its lines in order and finds those that it supports a second time (row 24). A line that gives the money of a
// CDR back, where no credit CDR did, makes room for another.
func (b *bench) support() {
	for _, l := range b.lines {
		if l.cdr != nil {
			if l.cdr.lines == nil {
				l.cdr.lines = l.cdr.only[:0]
			}
			l.cdr.lines = append(l.cdr.lines, l)
		}
	}
	for _, c := range b.cdrs {
		var first *lineEntry
		for _, l := range c.lines {
			switch {
			case l.isCredit() && c.isLive():
				first = nil
			case l.sign() <= 0 || c.cdr.IsCredit():
			case first == nil:
				first = l
			default:
				l.twice = first
			}
		}
		if len(c.lines) > 1 {
			b.seekSet(c)
		}
	}
	for _, set := range b.sets {
		set.sort()
		if len(set.cdrs) > 1 {
			for _, c := range set.cdrs {
				c.lines = append(c.lines, set.lines...)
			}
		}
	}
}

// attachClaims ties each claim to its lines: those of the invoice line, the CDR or the session that it names.
func (b *bench) attachClaims() {
	if len(b.group.Claims) == 0 {
		b.readDisputes()
		return
	}
	order := make([]int, len(b.group.Claims))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return compareClaims(b.group.Claims[i], b.group.Claims[j]) })
	byLine := map[[2]string][]*lineEntry{}
	byCDR, bySession := map[string][]*lineEntry{}, map[string][]*lineEntry{}
	for _, l := range b.lines {
		byLine[[2]string{foldID(l.line.InvoiceID), foldID(l.line.Line)}] = append(byLine[[2]string{foldID(l.line.InvoiceID), foldID(l.line.Line)}], l)
		cdr, session := l.line.CDRID, l.line.SessionID
		addLine(byCDR, cdr, l)
		addLine(bySession, session, l)
		if l.cdr != nil {
			addLine(byCDR, l.cdr.cdr.ID, l)
			addLine(bySession, l.cdr.cdr.SessionID, l)
		}
		for _, c := range l.cdrsTogether() {
			addLine(byCDR, c.cdr.ID, l)
			addLine(bySession, c.cdr.SessionID, l)
		}
		if l.session != nil {
			addLine(bySession, l.session.session.ID, l)
		}
	}
	var run []*Claim // that name the same: claims are in order of what they name
	var runOf []int
	for n, i := range order {
		c := b.group.Claims[i]
		if n > 0 && compareClaimContent(b.group.Claims[order[n-1]], c) == 0 {
			b.out.ClaimFates[i] = Duplicate
		} else {
			run, runOf = append(run, c), append(runOf, i)
		}
		if n+1 < len(order) && sameTarget(c, b.group.Claims[order[n+1]]) {
			continue
		}
		lines := slices.Concat(byCDR[claimKey(c.CDRID)], bySession[claimKey(c.SessionID)])
		if named(c.InvoiceID) && named(c.Line) {
			lines = append(lines, byLine[[2]string{foldID(c.InvoiceID), foldID(c.Line)}]...)
		}
		fate := b.attach(run, lines)
		for _, i := range runOf {
			b.out.ClaimFates[i] = fate
		}
		run, runOf = run[:0], runOf[:0]
	}
	b.readDisputes()
}

// sameTarget reports claims that name the same invoice line, CDR and session, in the same words.
func sameTarget(a, b *Claim) bool {
	return a.InvoiceID == b.InvoiceID && a.Line == b.Line && a.CountryCode == b.CountryCode && a.PartyID == b.PartyID &&
		a.CDRID == b.CDRID && a.SessionID == b.SessionID
}

// claimKey is the key of an id in the maps of attachClaims; blank ids have none.
func claimKey(id string) string {
	if !named(id) {
		return ""
	}
	return foldID(id)
}

func addLine(index map[string][]*lineEntry, id string, l *lineEntry) {
	key := claimKey(id)
	if at := index[key]; key != "" && (len(at) == 0 || at[len(at)-1] != l) {
		index[key] = append(at, l)
	}
}

// attach ties claims that name the same to the lines they fit. What the debtor admits stands with the first of them alone, so that it is
// counted once. Lines keep no more than maxEvidence claims, and all that these dispute.
func (b *bench) attach(run []*Claim, lines []*lineEntry) Use {
	lines = slices.DeleteFunc(inOrder(lines), func(l *lineEntry) bool { return !l.sameOwner(run[0]) })
	if len(lines) == 0 {
		for _, c := range run {
			b.out.Findings = append(b.out.Findings, newFinding(c.Record.Place, "", codeDisputeUnknown, ocpi.SeverityWarn,
				"the dispute of %s fits no line", strings.Join(claimNames(c), ", ")))
		}
		return Rejected
	}
	var quantity Quantity
	for _, c := range run {
		quantity |= Disputes(c.Reason)
		if first := lines[0]; c.ClaimedAmount.Present && (c.Currency == "" || c.Currency == first.line.Currency) {
			first.admit(c.ClaimedAmount)
		}
	}
	for _, l := range lines {
		l.claims = append(l.claims, run[:min(len(run), maxEvidence-len(l.claims))]...)
		l.claimCount += len(run)
		l.quantity |= quantity
	}
	return Used
}

// inOrder sorts lines as they claim their CDRs and drops repeats.
func inOrder(lines []*lineEntry) []*lineEntry {
	slices.SortFunc(lines, func(x, y *lineEntry) int { return cmp.Compare(x.at, y.at) })
	return slices.Compact(lines)
}

// sameOwner reports whether a claim can mean the line: their parties do not differ.
func (l *lineEntry) sameOwner(c *Claim) bool {
	country, party := l.line.CountryCode, l.line.PartyID
	if l.cdr != nil {
		country, party = l.cdr.cdr.CountryCode, l.cdr.cdr.PartyID
	}
	return partly(country, party, c.CountryCode, c.PartyID)
}

// admit keeps the least that the debtor admits of the line.
func (l *lineEntry) admit(n ocpi.Number) {
	if !l.admitted.Present || n.Value.Less(l.admitted.Value) {
		l.admitted = n
	}
}

func claimNames(c *Claim) []string {
	var names []string
	for _, n := range []struct{ kind, id string }{{"invoice", c.InvoiceID}, {"line", c.Line}, {"CDR", c.CDRID}, {"session", c.SessionID}} {
		if named(n.id) {
			names = append(names, n.kind+" "+n.id)
		}
	}
	return names
}

// compareClaims orders claims by all that they say, then by place.
func compareClaims(a, b *Claim) int {
	if c := compareClaimContent(a, b); c != 0 {
		return c
	}
	return comparePlaces(a.Record.Place, b.Record.Place)
}

func compareClaimContent(a, b *Claim) int {
	for _, pair := range [...][2]string{
		{a.InvoiceID, b.InvoiceID}, {a.Line, b.Line}, {a.CountryCode, b.CountryCode}, {a.PartyID, b.PartyID}, {a.CDRID, b.CDRID},
		{a.SessionID, b.SessionID}, {a.Reason, b.Reason}, {a.Currency, b.Currency},
	} {
		if c := strings.Compare(pair[0], pair[1]); c != 0 {
			return c
		}
	}
	for _, pair := range [...][2]ocpi.Number{
		{a.ClaimedKWh, b.ClaimedKWh}, {a.ClaimedSeconds, b.ClaimedSeconds}, {a.ClaimedAmount, b.ClaimedAmount},
	} {
		if c := compareNumbers(pair[0], pair[1]); c != 0 {
			return c
		}
	}
	return 0
}

// readDisputes unites status column and dispute list. A line that is disputed without a word is disputed in everything; a word in the
// list does not take that back.
func (b *bench) readDisputes() {
	for _, l := range b.lines {
		if l.disputed {
			l.quantity |= Disputes(l.line.Reason)
		}
		if l.claimCount > 0 {
			l.disputed = true
		}
		if l.claimCount > maxEvidence {
			l.find(codeDuplicate, ocpi.SeverityInfo, "%d claims dispute the line, %d of them are shown", l.claimCount, maxEvidence)
		}
	}
}

// compareCDRsOfSessions finds sessions that several live CDRs claim (row 25). The one that came first stands, an invoiced one before
// one that is not; the others are dead, unless they do not overlap and share the session's energy between them.
func (b *bench) compareCDRsOfSessions() {
	if len(b.cdrs) < 2 {
		return
	}
	seen := map[*cdrEntry]bool{}
	for _, c := range b.cdrs {
		if seen[c] || !c.isLive() {
			continue
		}
		peers := b.peersOf(c)
		for _, p := range peers {
			seen[p] = true
		}
		if len(peers) > 1 {
			b.comparePeers(peers)
		}
	}
}

// peersOf are the live CDRs of a CDR's session, itself among them: those paired with it, which in 2.1.1 carry no session id; where no session
// record is there, those that carry the same id.
func (b *bench) peersOf(c *cdrEntry) []*cdrEntry {
	rival := func(o *cdrEntry) bool {
		return o.isLive() && sameID(o.cdr.CountryCode, c.cdr.CountryCode) && sameID(o.cdr.PartyID, c.cdr.PartyID)
	}
	if c.session == nil {
		return b.cdrsBySession.find(c.cdr.SessionID, rival)
	}
	if peers := c.session.cdrs; len(peers) == 1 && rival(peers[0]) { // as nearly always
		return peers[:1:1]
	}
	return slices.DeleteFunc(slices.Clone(c.session.cdrs), func(o *cdrEntry) bool { return !rival(o) })
}

// sessionID is the id of a CDR's session: of the record, else as the CDR carries it.
func (c *cdrEntry) sessionID() string {
	if c.session != nil {
		return c.session.session.ID
	}
	return c.cdr.SessionID
}

func (b *bench) comparePeers(peers []*cdrEntry) {
	slices.SortFunc(peers, func(x, y *cdrEntry) int {
		if c := compareFlags(y.hasDebit(), x.hasDebit()); c != 0 {
			return c
		}
		return compareIssue(x.cdr, y.cdr)
	})
	different, twins := b.apart(peers)
	for _, t := range twins {
		t.twin.supersede(t.of, codeDupContent)
	}
	if b.share(different) {
		for _, p := range different {
			p.splits = true
		}
		return
	}
	for _, p := range different[1:] {
		p.supersede(different[0], codeTwoCDRs)
	}
}

func (c *cdrEntry) supersede(by *cdrEntry, code ocpi.Code) {
	c.dead, c.deadFor = code, by
	c.join(by)
	c.find("", code, ocpi.SeverityError, "session %s has the live CDR %s as well (%s)", c.sessionID(), by.cdr.ID, by.cdr.Record.Place)
}

// twin is a CDR that bills the same as one before it.
type twin struct{ twin, of *cdrEntry }

// apart parts CDRs into those that bill something of their own and those that bill the same as one before them.
func (b *bench) apart(cdrs []*cdrEntry) (different []*cdrEntry, twins []twin) {
	byStart := make(map[int64][]*cdrEntry, len(cdrs))
	for _, c := range cdrs {
		start := c.cdr.StartDateTime.UnixNano()
		if i := slices.IndexFunc(byStart[start], func(o *cdrEntry) bool { return b.sameContent(o, c) }); i >= 0 {
			twins = append(twins, twin{c, byStart[start][i]})
			continue
		}
		byStart[start] = append(byStart[start], c)
		different = append(different, c)
	}
	return different, twins
}

// sameContent reports CDRs that bill the same: EVSE, start and kWh.
func (b *bench) sameContent(x, y *cdrEntry) bool {
	return sameEVSE(&x.cdr.Location, &y.cdr.Location) && x.cdr.StartDateTime.Equal(y.cdr.StartDateTime) &&
		agree(billedKWh(x.cdr), billedKWh(y.cdr), b.terms.Tolerance.KWh)
}

// share reports whether CDRs do not overlap and add up to the energy of their completed session.
func (b *bench) share(peers []*cdrEntry) bool {
	if len(peers) < 2 || peers[0].session == nil || !peers[0].session.isFinal() {
		return false
	}
	byStart := slices.SortedFunc(slices.Values(peers), func(x, y *cdrEntry) int { return x.cdr.StartDateTime.Compare(y.cdr.StartDateTime) })
	var sum exact.Decimal
	for i, p := range byStart {
		if p.session != peers[0].session || i > 0 && p.cdr.StartDateTime.Before(byStart[i-1].cdr.EndDateTime) {
			return false
		}
		sum = sum.Add(billedKWh(p.cdr))
	}
	kwh := peers[0].session.session.KWh
	return kwh.Present && agree(sum, kwh.Value, b.terms.Tolerance.KWh)
}

var plainEVSE = strings.NewReplacer("*", "", "-", "")

// sameEVSE compares EVSEs by uid, else by EVSE id without separators.
func sameEVSE(a, b *ocpi.CDRLocation) bool {
	if named(a.EVSEUID) && named(b.EVSEUID) {
		return sameID(a.EVSEUID, b.EVSEUID)
	}
	return a.EVSEID == b.EVSEID || sameID(plainEVSE.Replace(a.EVSEID), plainEVSE.Replace(b.EVSEID))
}

// isFinal reports a session that can corroborate a CDR: completed, in its newest snapshot.
func (s *sessionEntry) isFinal() bool { return s != nil && s.session.Status == statusCompleted }
