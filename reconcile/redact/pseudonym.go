package redact

import (
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
)

// The kinds of values. Values of one kind are compared with each other by matching, so that they share pseudonyms: a token's uid may stand
// in the contract column of an invoice.
const (
	kindToken     = "token"
	kindEVSE      = "evse"
	kindPlace     = "place"
	kindMeter     = "meter"
	kindPerson    = "person"
	kindReference = "reference"
)

const (
	digits  = "0123456789ABCDEFGHJKMNPQRSTVWXYZ" // without letters that look like digits
	letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

	shortForm = 12 // characters that make a pseudonym: 60 bits
	partyForm = 5  // country and party before a contract or an EVSE
	emaidForm = 14 // a contract id without separators and check digit
	evseForm  = 10 // of an EVSE id, behind its E
)

// text is n characters of a hash.
func text(hash []byte, n int) string {
	out := make([]byte, n)
	for i := range out {
		out[i] = digits[hash[i]%byte(len(digits))]
	}
	return string(out)
}

// Pseudonym is prefix and twelve characters for a value of a kind: equal for values that are the same but for case, separators and leading
// zeros. Of those that differ in separators or zeros the pseudonyms differ in separators, so that who compares these tells them apart too.
// What names nothing (blank, #NA) stays.
func (s *Secret) pseudonym(kind, prefix, value string) string {
	if !reconcile.Named(value) {
		return value
	}
	plain := reconcile.PlainID(value)
	return s.spell(kind, value, prefix+text(mac(s.names, kind, orFold(plain, value)), shortForm), len(prefix))
}

// orFold is what stands for a value: its plain form, and where nothing is left of it, its folded one.
func orFold(plain, value string) string {
	if plain == "" {
		return " " + reconcile.FoldID(value)
	}
	return plain
}

// spell puts separators into a pseudonym, from a place on, where the value has any or begins with zeros: which ones, a hash of the value says.
func (s *Secret) spell(kind, value, name string, from int) string {
	folded := reconcile.FoldID(value)
	if folded == reconcile.PlainID(value) {
		return name
	}
	hash := mac(s.names, kind+" spelling", folded)
	var b strings.Builder
	b.WriteString(name[:from])
	for i := from; i < len(name); i++ {
		if i == from+1 || i > from && hash[i]%2 == 1 { // one at least, and never before the first
			b.WriteByte(separatorOf(value))
		}
		b.WriteByte(name[i])
	}
	return b.String()
}

// separatorOf is the first separator of a value; a hyphen where it has none or it is none that is usual.
func separatorOf(value string) byte {
	value = strings.TrimSpace(value)
	for i := range len(value) {
		if c := value[i]; !isLetter(c) && !isDigit(c) {
			if strings.IndexByte("*.:_/", c) >= 0 {
				return c
			}
			return '-'
		}
	}
	return '-'
}

func isLetter(c byte) bool { return 'A' <= c&^0x20 && c&^0x20 <= 'Z' && c < 0x80 }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }

// Token is the pseudonym of a token's uid, a contract id or what else names who charges. A contract id of the form of ISO 15118 keeps country and party, and a
// check digit that is as right or wrong as its own; ids that are the same but for their check digit stay so.
func (s *Secret) Token(value string) string {
	plain := reconcile.PlainID(value)
	key := reconcile.ContractKey(plain)
	if len(key) != emaidForm || !ascii(plain) {
		return s.pseudonym(kindToken, "T0", value) // of a length that no contract id has
	}
	isContract := isParty(plain) && plain[partyForm] == 'C'
	hash := mac(s.names, kindToken, key)
	core := "T0" + text(hash, shortForm)
	if isContract {
		core = plain[:partyForm+1] + text(hash, emaidForm-partyForm-1)
	}
	name := core
	if len(plain) > emaidForm {
		shift := int(hash[len(hash)-1])
		if isContract {
			shift = place(ocpi.ContractCheckDigit(core)) + len(letters) - place(ocpi.ContractCheckDigit(plain))
		}
		name += string(letters[(place(plain[emaidForm])+shift)%len(letters)])
	}
	if !isContract {
		return s.spell(kindToken, value, name, 2)
	}
	if reconcile.FoldID(value) == plain {
		return name
	}
	sep := string(separatorOf(value))
	spelt := name[:2] + sep + name[2:partyForm] + sep + name[partyForm:emaidForm]
	if len(name) > emaidForm {
		spelt += sep + name[emaidForm:]
	}
	return spelt
}

// place is the place of an upper-case letter or digit among letters.
func place(c byte) int { return max(strings.IndexByte(letters, c), 0) }

func ascii(plain string) bool {
	for i := range len(plain) {
		if plain[i] >= 0x80 {
			return false
		}
	}
	return true
}

// isParty reports a plain id that begins with country and party, and goes on.
func isParty(plain string) bool {
	return len(plain) > partyForm+1 && ascii(plain) && isLetter(plain[0]) && isLetter(plain[1])
}

// EVSE is the pseudonym of an EVSE id or uid. One of the form of ISO 15118 (NL*ABC*E123) keeps country and operator, and its stars.
func (s *Secret) EVSE(value string) string {
	plain := reconcile.PlainID(value)
	switch {
	case strings.HasPrefix(strings.TrimSpace(value), "+"): // the form of DIN 91286 is not looked at further
		return "+" + s.pseudonym(kindEVSE, "V0", value)
	case !isParty(plain) || plain[partyForm] != 'E':
		return s.pseudonym(kindEVSE, "V0", value)
	}
	name := plain[:partyForm+1] + text(mac(s.names, kindEVSE, plain), evseForm)
	if reconcile.FoldID(value) == plain {
		return name
	}
	if own := behindParty(value); strings.ContainsFunc(own, func(r rune) bool { return r < 0x80 && !isLetter(byte(r)) && !isDigit(byte(r)) }) {
		name = s.spell(kindEVSE, value, name, partyForm+1)
	}
	sep := string(separatorOf(value))
	return name[:2] + sep + name[2:partyForm] + sep + name[partyForm:]
}

// behindParty is what stands in an EVSE id behind country, operator and E.
func behindParty(value string) string {
	value = strings.TrimSpace(value)
	for i, seen := 0, 0; i < len(value); i++ {
		if c := value[i]; isLetter(c) || isDigit(c) {
			if seen++; seen > partyForm {
				return value[i+1:]
			}
		}
	}
	return ""
}
