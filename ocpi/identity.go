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
	s := scanner{b: withoutBOM(raw)}
	s.space()
	if s.peek() != '{' {
		return Identity{}, false
	}
	for more := s.begin('}'); more; more = s.more('}') {
		start, end, f := s.key()
		name := s.b[start:end]
		if f != 0 {
			name = unescape(nil, name)
		}
		if dst := id.member(name); dst != nil {
			*dst = s.scalar()
			continue
		}
		s.skip()
	}
	s.close()
	if s.fault != "" {
		return Identity{}, false
	}
	return id, id.ID != ""
}

// member returns where the member of that name belongs, nil for others.
func (id *Identity) member(name []byte) *string {
	switch string(name) {
	case "country_code":
		return &id.CountryCode
	case "party_id":
		return &id.PartyID
	case "id":
		return &id.ID
	case "session_id":
		return &id.SessionID
	case "authorization_reference":
		return &id.AuthorizationReference
	case "credit_reference_id":
		return &id.CreditReferenceID
	}
	return nil
}

// scalar reads a string, or a number or boolean as written; other values and null are "".
func (s *scanner) scalar() string {
	from := s.p
	switch s.peek() {
	case '"':
		start, end, f := s.str()
		if f&(hasEscape|hasBroken) != 0 {
			return string(unescape(nil, s.b[start:end]))
		}
		return string(s.b[start:end])
	case '{', '[', 'n':
		s.skip()
		return ""
	}
	s.skip()
	return string(s.b[from:s.p])
}
