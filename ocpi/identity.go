package ocpi

// Identity is what grouping needs of a CDR or a session, as sent (not case-folded).
type Identity struct {
	CountryCode, PartyID, ID string
	SessionID                string // CDR only
	AuthorizationReference   string
	CreditReferenceID        string // CDR only
}

// ScanIdentity reads the identity of a CDR or session by a scan that skips all else. ok is false where the bytes are no JSON
// object or carry no id.
func ScanIdentity(raw []byte) (id Identity, ok bool) {
	id, _, ok = ScanRecord(raw)
	return id, ok
}

// ScanRecord is ScanIdentity and DetectKind in one scan: the kind does not depend on ok. The texts of an identity share one
// piece of memory; clone those that outlive the rest.
func ScanRecord(raw []byte) (id Identity, kind Kind, ok bool) {
	return (*IdentityScanner)(nil).Scan(raw)
}

// IdentityScanner scans many records: machines write the members of an object in one order, so that it mostly knows the next name before it
// reads it. The zero value is ready. It is not safe for concurrent use.
type IdentityScanner struct {
	names  []scannedName // the first stands before the first member
	byName map[string]int
}

// scannedName is the name of a member and what it means.
type scannedName struct {
	quoted string // in quotes, with the colon
	kinds  kindSet
	member int // of the identity; -1 for none
	next   int // the name that followed last, 0 before any did
}

// What hostile records can make an IdentityScanner remember is bounded.
const (
	mostNames   = 128
	longestName = 64
)

// name reads the name at hand: the kinds that have it, which member of an identity it is (-1 for none), and its number. before is that of the
// name before.
func (m *IdentityScanner) name(s *scanner, before int) (kinds kindSet, member, number int) {
	if n := m.likely(s, before); n > 0 {
		return m.names[n].kinds, m.names[n].member, n
	}
	start, end, f := s.key()
	name := s.b[start:end]
	if f != 0 {
		name = unescape(nil, name)
		return kindsWith(name), identityMember(name), 0
	}
	kinds, member = kindsWith(name), identityMember(name)
	return kinds, member, m.remember(before, name, kinds, member)
}

// likely moves behind the name that last followed the one before, if it is there again with a value right behind it; 0 if not.
func (m *IdentityScanner) likely(s *scanner, before int) int {
	if m == nil || len(m.names) == 0 || m.names[before].next == 0 {
		return 0
	}
	next := m.names[before].next
	quoted := m.names[next].quoted
	to := s.p + len(quoted)
	if to >= len(s.b) || string(s.b[s.p:to]) != quoted || s.b[to] <= ' ' {
		return 0
	}
	s.p = to
	return next
}

// remember takes in the name that followed another one. It returns its number, 0 where it has none.
func (m *IdentityScanner) remember(before int, name []byte, kinds kindSet, member int) int {
	if m == nil || len(name) > longestName {
		return 0
	}
	if m.byName == nil {
		m.byName, m.names = map[string]int{}, make([]scannedName, 1, mostNames)
	}
	at, known := m.byName[string(name)]
	if !known {
		if len(m.names) == mostNames {
			return 0
		}
		at = len(m.names)
		m.names = append(m.names, scannedName{quoted: `"` + string(name) + `":`, kinds: kinds, member: member})
		m.byName[string(name)] = at
	}
	m.names[before].next = at
	return at
}

// Scan is ScanRecord.
func (m *IdentityScanner) Scan(raw []byte) (id Identity, kind Kind, ok bool) {
	s := scanner{b: withoutBOM(raw)}
	s.space()
	if s.peek() != '{' {
		return Identity{}, KindUnknown, false
	}
	var (
		store [identityLength]byte // on the stack: the texts become strings by one conversion
		spans [identityMembers]span
		votes ballot
	)
	texts, at := store[:0], 0
	for more := s.begin('}'); more; more = s.more('}') {
		kinds, i, number := m.name(&s, at)
		if at = number; s.peek() != 'n' { // null is absent
			votes.add(kinds)
		}
		if i < 0 {
			s.skip()
			continue
		}
		spans[i].start = len(texts)
		texts = s.appendScalar(texts)
		spans[i].end = len(texts)
	}
	if s.fault == "" {
		kind = votes.kind()
	}
	s.close()
	if s.fault != "" {
		return Identity{}, kind, false
	}
	id = identityOf(string(texts), &spans)
	return id, kind, id.ID != ""
}

const (
	identityMembers = 6
	identityLength  = 256 // of all its texts, usually; longer ones cost an allocation more
)

// identityOf cuts the texts of an identity, which lie as identityMember numbers them.
func identityOf(texts string, spans *[identityMembers]span) Identity {
	cut := func(i int) string { return texts[spans[i].start:spans[i].end] }
	return Identity{
		CountryCode: cut(0), PartyID: cut(1), ID: cut(2), SessionID: cut(3), AuthorizationReference: cut(4), CreditReferenceID: cut(5),
	}
}

// identityMember numbers the members of an identity; −1 for others.
func identityMember(name []byte) int {
	switch string(name) {
	case "country_code":
		return 0
	case "party_id":
		return 1
	case "id":
		return 2
	case "session_id":
		return 3
	case "authorization_reference":
		return 4
	case "credit_reference_id":
		return 5
	}
	return -1
}

// appendScalar appends a string, or a number or boolean as written; of other values and null nothing.
func (s *scanner) appendScalar(dst []byte) []byte {
	from := s.p
	switch s.peek() {
	case '"':
		start, end, f := s.str()
		if f&(hasEscape|hasBroken) != 0 {
			return unescape(dst, s.b[start:end])
		}
		return append(dst, s.b[start:end]...)
	case '{', '[', 'n':
		s.skip()
		return dst
	}
	s.skip()
	return append(dst, s.b[from:s.p]...)
}
