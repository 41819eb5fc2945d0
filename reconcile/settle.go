package reconcile

// RecordKind is the kind of a record that takes part in grouping.
type RecordKind uint8

// The kinds, in the order in which a group lists them.
const (
	_ RecordKind = iota
	CDRRecord
	SessionRecord
	LineRecord
	ClaimRecord
	AnswerRecord
	DecisionRecord
	TheirSessionRecord // a session of the debtor's own copy; in Identities these stand after all others
	TheirRecord        // a CDR of the debtor's own copy; in Identities these stand last
)

// Settle ties records that may bear on each other into groups: by CDR id, then session id (both without regard to case), then
// credit reference, invoice line and, for what is still alone, authorization reference. Each record is in exactly one group. What the debtor's
// own copy holds joins groups and never ties two of them: a CDR by its id, else by session id where no CDR has it; a session by its id. A
// group is a sorted list of indexes into ids; groups are ordered by their first index. The ties are wide (parties are not
// compared): which CDR supports which line is Judge's decision, on the whole group. together calls the functions that it is given,
// one after another or side by side, and returns when all have.
func Settle(ids *Identities, together func(...func())) Groups {
	all, theirs := tieIDs(ids, together)
	tieAuthorizations(ids, all)
	tieTheirs(ids, all, theirs)
	return all.groups()
}

// manyIDs is the number of records from which one thing is tied after the other, so that memory holds one table of keys at a time.
const manyIDs = 4_000_000

func tieIDs(ids *Identities, together func(...func())) (all sets, theirs []sessionLink) {
	if ids.Len() > manyIDs {
		all = newSets(ids.Len())
		tieCDRs(ids, all)
		theirs = tieSessions(ids, all)
		tieInvoiceLines(ids, all)
		return all, theirs
	}
	all, sessions, lines := newSets(ids.Len()), newSets(ids.Len()), newSets(ids.Len())
	together(func() { tieCDRs(ids, all) }, func() { theirs = tieSessions(ids, sessions) }, func() { tieInvoiceLines(ids, lines) })
	for i := range int32(ids.Len()) {
		all.tie(i, sessions[i])
		all.tie(i, lines[i])
	}
	return all, theirs
}

// sets is a union-find over records: of each, one of its set that is not after it. The root of a set is its least index.
type sets []int32

func newSets(n int) sets {
	s := make(sets, n)
	for i := range s {
		s[i] = int32(i)
	}
	return s
}

func (s sets) root(i int32) int32 {
	for s[i] != i {
		s[i] = s[s[i]]
		i = s[i]
	}
	return i
}

func (s sets) tie(a, b int32) {
	if a == b {
		return
	}
	ra, rb := s.root(a), s.root(b)
	switch {
	case ra < rb:
		s[rb] = ra
	case rb < ra:
		s[ra] = rb
	}
}

// tieCDRs ties every record that names a CDR: the CDR itself, lines and claims that quote it, and credits that refer to it.
func tieCDRs(ids *Identities, s sets) {
	// An even reference is the id of record ref/2, an odd one its credit reference.
	key := func(ref int32) string {
		if ref%2 == 0 {
			return ids.text(ref/2, textCDRID)
		}
		return ids.text(ref/2, textCreditReferenceID)
	}
	seen := newKeyTable(ids.Len()/2, func(ref int32) (string, string) { return key(ref), "" })
	for ref := range 2 * int32(ids.Len()) {
		if id := key(ref); named(id) {
			_, first := seen.add(ref, id, "")
			s.tie(first/2, ref/2)
		}
	}
}

// tieSessions ties every record that names a session. Some partners use one id for both, and CDRs of 2.1.1 name no session: the
// id of a CDR without session id stands for one. A session of the debtor's copy joins those. It returns where the sessions are that CDRs of the
// debtor's copy name.
func tieSessions(ids *Identities, s sets) (theirs []sessionLink) {
	key := func(i int32) string {
		session := ids.text(i, textSessionID)
		if !named(session) && ids.Kind(i) == CDRRecord {
			return ids.text(i, textCDRID)
		}
		return session
	}
	seen := newKeyTable(ids.Len()/2, func(i int32) (string, string) { return key(i), "" })
	own := ids.own()
	for i := range own {
		if id := key(i); named(id) {
			_, first := seen.add(i, id, "")
			s.tie(first, i)
		}
	}
	for i := own; i < int32(ids.Len()); i++ {
		if id := key(i); named(id) {
			switch _, first := seen.add(i, id, ""); {
			case ids.Kind(i) == TheirSessionRecord: // before it are ours and its repeats
				s.tie(first, i)
			case first < own:
				theirs = append(theirs, sessionLink{i, first})
			}
		}
	}
	return theirs
}

// sessionLink is a record of the debtor's copy and one of ours of the same session.
type sessionLink struct{ theirs, ours int32 }

// tieTheirs ties CDRs that only the debtor's copy holds to what there is of their session, where none of it is a CDR.
func tieTheirs(ids *Identities, s sets, links []sessionLink) {
	if len(links) == 0 {
		return
	}
	holds, own := s.contents(ids), ids.own()
	for _, l := range links {
		if ours := s.root(l.ours); s.root(l.theirs) >= own && holds[ours]&hasCDR == 0 {
			s.tie(l.theirs, ours)
		}
	}
}

// tieInvoiceLines ties lines and claims of one place on one invoice.
func tieInvoiceLines(ids *Identities, s sets) {
	seen := newKeyTable(ids.Len()/2, ids.InvoiceLine)
	for i := range int32(ids.Len()) {
		if invoice, line := ids.InvoiceLine(i); named(invoice) && named(line) {
			_, first := seen.add(i, invoice, line)
			s.tie(first, i)
		}
	}
}

// What a group holds.
const (
	hasCDR uint8 = 1 << iota
	hasSession
)

// tieAuthorizations ties a group with CDRs and no session to a group with sessions and no CDR, where both carry an authorization
// reference that no other such group carries.
func tieAuthorizations(ids *Identities, s sets) {
	holds := s.contents(ids)
	seen := newKeyTable(0, func(i int32) (string, string) { return ids.text(i, textAuthorizationReference), "" })
	var halves []half
	for i := range int32(ids.Len()) {
		root := s.root(i)
		if holds[root] != hasCDR && holds[root] != hasSession {
			continue // as nearly all
		}
		kind, reference := ids.Kind(i), ids.text(i, textAuthorizationReference)
		if kind != CDRRecord && kind != SessionRecord || !named(reference) {
			continue
		}
		number, _ := seen.add(i, reference, "")
		if number == len(halves) {
			halves = append(halves, half{cdr: -1, session: -1})
		}
		halves[number].add(kind, root)
	}
	for _, h := range halves {
		if h.cdr >= 0 && h.session >= 0 && !h.several {
			s.tie(h.cdr, h.session)
		}
	}
}

// half is what carries one authorization reference: the root of a group with a CDR only, and of one with a session only.
type half struct {
	cdr, session int32
	several      bool
}

func (h *half) add(kind RecordKind, root int32) {
	side := &h.cdr
	if kind == SessionRecord {
		side = &h.session
	}
	h.several = h.several || *side >= 0 && *side != root
	*side = root
}

// contents says of each root what its group holds.
func (s sets) contents(ids *Identities) []uint8 {
	holds := make([]uint8, ids.Len())
	for i := range int32(ids.Len()) {
		switch ids.Kind(i) {
		case CDRRecord:
			holds[s.root(i)] |= hasCDR
		case SessionRecord:
			holds[s.root(i)] |= hasSession
		}
	}
	return holds
}
