package ocpi

import (
	"fmt"
	"strings"
)

// checkCDRIDs looks at the form of the identifiers of a CDR. Their forms are recommended at most, so that nothing here is
// worse than a warning.
func checkCDRIDs(d *Decoder, c *CDR, v *visit) {
	limit := normalIDLength
	if c.IsCredit() {
		limit = creditIDLength
	}
	if n := len(c.ID); n > limit {
		d.noteAt(SchemaLength, SeverityWarn, fmt.Sprintf("%d characters, at most %d are allowed in the id of this CDR", n, limit), "/id")
	}
	checkCountryCode(d, c.CountryCode, "/country_code")
	checkCountryCode(d, c.Token.CountryCode, "/cdr_token/country_code")
	checkCountry(d, c.Location.Country, "/cdr_location/country", "/location/country")
	checkContract(d, c.Token.ContractID, "/cdr_token/contract_id")
	checkEVSE(d, c.Location.EVSEID, c.CountryCode, c.PartyID, "/cdr_location/evse_id", "/location/evses/0/evse_id")
	if v.energy.count+v.charging.count > 0 && (c.Location.EVSEUID == unavailableWord || c.Location.ConnectorID == unavailableWord) {
		d.noteAt(IDUnavailable, SeverityWarn, "#NA in a CDR with charging, wanted the EVSE and connector that were used; only a reservation may leave them open",
			"/cdr_location/evse_uid")
	}
}

// checkCountryCode wants ISO 3166-1 alpha-2.
func checkCountryCode(d *Decoder, code string, pointers ...string) {
	if code != "" && !countryForm(code, 2) {
		d.noteAt(IDCountry, SeverityWarn, fmt.Sprintf("%q, wanted a country code of two letters", brief([]byte(code))), pointers...)
	}
}

// checkCountry wants ISO 3166-1 alpha-3.
func checkCountry(d *Decoder, code string, pointers ...string) {
	if code != "" && !countryForm(code, 3) {
		d.noteAt(IDCountry, SeverityWarn, fmt.Sprintf("%q, wanted a country code of three letters", brief([]byte(code))), pointers...)
	}
}

// checkEVSE wants an EVSE id of the form CC*OOO*E…, in which the stars may be missing, or the older DIN form +49*…; the
// operator in it is usually the party of the record.
func checkEVSE(d *Decoder, id, country, party string, pointers ...string) {
	if id == "" || id == unavailableWord || id[0] == '+' {
		return
	}
	var buf [idBytes]byte
	plain := plainID(buf[:0], id, false)
	if !evseForm(id, plain) {
		d.noteAt(IDEVSE, SeverityWarn, fmt.Sprintf("%q, wanted an EVSE id such as NL*ABC*E123", brief([]byte(id))), pointers...)
		return
	}
	if len(country) == 2 && len(party) == 3 && !(foldedEqual(string(plain[:2]), country) && foldedEqual(string(plain[2:5]), party)) {
		d.noteAt(IDEVSE, SeverityInfo, fmt.Sprintf("%q names another operator than the party %s %s of the record", brief([]byte(id)), country, party), pointers...)
	}
}

// idBytes is room for an identifier without its separators.
const idBytes = 48

// evseForm looks at an EVSE id as sent and without stars: country, three characters of operator, E and the rest. Stars may
// stand between these and inside the rest.
func evseForm(id string, plain []byte) bool {
	if len(plain) < 7 || len(plain) > 6+evseIDAlnumLimit || !letters(plain[:2]) || !alnum(plain) || plain[5]|0x20 != 'e' {
		return false
	}
	at := 0
	for _, part := range []int{2, 3} { // the stars before the E
		if at += part; len(id) > at && id[at] == '*' {
			at++
		}
	}
	return len(id) > at+1 && id[at] == plain[5] && id[at+1] != '*'
}

// checkContract looks at the form of a contract id: CC-PPP-C…, eight characters and perhaps a check digit, in which the
// hyphens may be missing, or the older DIN form with stars.
func checkContract(d *Decoder, id string, pointers ...string) {
	if id == "" {
		return
	}
	var buf [idBytes]byte
	plain := plainID(buf[:0], id, true)
	if !contractForm(plain) {
		d.noteAt(IDContract, SeverityInfo, fmt.Sprintf("%q, wanted a contract id such as NL-ABC-C12345678-U", brief([]byte(id))), pointers...)
		return
	}
	if len(plain) != emaidDigits+1 {
		return // the check digit is optional; that of the older form is another
	}
	if sent, want := plain[emaidDigits]&^0x20, checkDigit(plain); sent != want && plain[emaidDigits] != want {
		d.noteAt(IDContract, SeverityWarn, fmt.Sprintf("%q ends with the check digit %c, wanted %c: a character of it is likely wrong",
			brief([]byte(id)), plain[emaidDigits], want), pointers...)
	}
}

func contractForm(plain []byte) bool {
	if len(plain) < 5 || !letters(plain[:2]) || !alnum(plain) {
		return false
	}
	switch rest := plain[5:]; len(rest) {
	case 9, 10: // ISO 15118
		return rest[0]|0x20 == 'c'
	case 6, 7: // DIN 91286
		return digitCount(rest[:6]) == 6
	}
	return false
}

// plainID appends an identifier without its stars and, if wanted, without its hyphens.
func plainID(dst []byte, id string, hyphens bool) []byte {
	for i := range len(id) {
		if c := id[i]; c != '*' && (c != '-' || !hyphens) {
			dst = append(dst, c)
		}
	}
	return dst
}

func letters(s []byte) bool {
	for _, c := range s {
		if c |= 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}

func alnum(s []byte) bool {
	for _, c := range s {
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			return false
		}
	}
	return true
}

// foldedEqual compares identifiers, whose case does not count (types, CiString).
func foldedEqual(a, b string) bool { return strings.EqualFold(a, b) }

// countryForm reports a code of n letters.
func countryForm(code string, n int) bool {
	if len(code) != n {
		return false
	}
	for i := range n {
		if c := code[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}
