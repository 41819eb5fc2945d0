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
	texts := store[:0]
	for more := s.begin('}'); more; more = s.more('}') {
		start, end, f := s.key()
		name := s.b[start:end]
		if f != 0 {
			name = unescape(nil, name)
		}
		if s.peek() != 'n' { // null is absent
			votes.add(kindsWith(name))
		}
		i := identityMember(name)
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
