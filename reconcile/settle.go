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
)

// Settle ties records that may bear on each other into groups: by CDR id, then session id (both without regard to case), then
// credit reference, invoice line and, for what is still alone, authorization reference. Each record is in exactly one group. A
// group is a sorted list of indexes into ids; groups are ordered by their first index. The ties are wide (parties are not
// compared): which CDR supports which line is Judge's decision, on the whole group.
func Settle(ids *Identities) [][]int32 {
	s := settling{ids: ids, parent: make([]int32, ids.Len())}
	for i := range s.parent {
		s.parent[i] = int32(i)
	}
	s.tieCDRs()
	s.tieSessions()
	s.tieInvoiceLines()
	s.tieAuthorizations()
	return s.groups()
}

// settling is a union-find over records; the root of a set is its least index.
type settling struct {
	ids    *Identities
	parent []int32
}

func (s *settling) root(i int32) int32 {
	for s.parent[i] != i {
		s.parent[i] = s.parent[s.parent[i]]
		i = s.parent[i]
	}
	return i
}

func (s *settling) tie(a, b int32) {
	ra, rb := s.root(a), s.root(b)
	switch {
	case ra < rb:
		s.parent[rb] = ra
	case rb < ra:
		s.parent[ra] = rb
	}
}

// tieCDRs ties every record that names a CDR: the CDR itself, lines and claims that quote it, and credits that refer to it.
func (s *settling) tieCDRs() {
	// An even reference is the id of record ref/2, an odd one its credit reference.
	key := func(ref int32) string {
		if ref%2 == 0 {
			return s.ids.text(ref/2, textCDRID)
		}
		return s.ids.text(ref/2, textCreditReferenceID)
	}
	seen := newKeyTable(s.ids.Len()/2, func(ref int32) (string, string) { return key(ref), "" })
	for ref := range 2 * int32(s.ids.Len()) {
		if named(key(ref)) {
			_, first := seen.add(ref)
			s.tie(first/2, ref/2)
		}
	}
}

// tieSessions ties every record that names a session. Some partners use one id for both, and CDRs of 2.1.1 name no session: the
// id of a CDR without session id stands for one.
func (s *settling) tieSessions() {
	key := func(i int32) string {
		session := s.ids.text(i, textSessionID)
		if !named(session) && s.ids.Kind(i) == CDRRecord {
			return s.ids.text(i, textCDRID)
		}
		return session
	}
	seen := newKeyTable(s.ids.Len()/2, func(i int32) (string, string) { return key(i), "" })
	for i := range int32(s.ids.Len()) {
		if named(key(i)) {
			_, first := seen.add(i)
			s.tie(first, i)
		}
	}
}

// tieInvoiceLines ties lines and claims of one place on one invoice.
func (s *settling) tieInvoiceLines() {
	seen := newKeyTable(s.ids.Len()/2, s.ids.InvoiceLine)
	for i := range int32(s.ids.Len()) {
		if invoice, line := s.ids.InvoiceLine(i); named(invoice) && named(line) {
			_, first := seen.add(i)
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
func (s *settling) tieAuthorizations() {
	holds := s.contents()
	seen := newKeyTable(s.ids.Len()/2, func(i int32) (string, string) { return s.ids.text(i, textAuthorizationReference), "" })
	var halves []half
	for i := range int32(s.ids.Len()) {
		kind := s.ids.Kind(i)
		if kind != CDRRecord && kind != SessionRecord || !named(s.ids.text(i, textAuthorizationReference)) {
			continue
		}
		root := s.root(i)
		if holds[root] == hasCDR|hasSession {
			continue
		}
		number, _ := seen.add(i)
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
func (s *settling) contents() []uint8 {
	holds := make([]uint8, s.ids.Len())
	for i := range int32(s.ids.Len()) {
		switch s.ids.Kind(i) {
		case CDRRecord:
			holds[s.root(i)] |= hasCDR
		case SessionRecord:
			holds[s.root(i)] |= hasSession
		}
	}
	return holds
}

// groups lists the sets. All groups share one array.
func (s *settling) groups() [][]int32 {
	size := make([]int32, s.ids.Len())
	roots := 0
	for i := range int32(s.ids.Len()) {
		r := s.root(i)
		if r == i {
			roots++
		}
		size[r]++
	}
	out := make([][]int32, 0, roots)
	at := make([]int32, s.ids.Len()) // of a root: its group
	members := make([]int32, s.ids.Len())
	for i := range int32(s.ids.Len()) {
		r := s.root(i)
		if r == i {
			at[r] = int32(len(out))
			out = append(out, members[:0:size[r]])
			members = members[size[r]:]
		}
		out[at[r]] = append(out[at[r]], i)
	}
	return out
}
