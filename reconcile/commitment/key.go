package commitment

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Kinds of records.
const (
	KindCDR         = "cdr"
	KindSession     = "session"
	KindTariff      = "tariff"
	KindLocation    = "location"
	KindInvoiceLine = "invoice_line"
)

// Key says which record a leaf is and where it stands: the country code, party id and id as sent, and its place in the input. Of invoice lines
// the id is the invoice's and the line's with a slash between.
type Key struct {
	CountryCode, PartyID string
	Kind                 string
	ID                   string
	File                 string
	Offset               int64
	Record               int // 1-based; it tells apart the rows of tables that have no offset
}

// Compare orders keys: by country code, party id, kind and id, the case of ASCII letters aside as OCPI's CiString has it, then by file,
// offset and record.
func (k *Key) Compare(other *Key) int {
	return cmp.Or(
		k.CompareID(other), strings.Compare(k.File, other.File), cmp.Compare(k.Offset, other.Offset), cmp.Compare(k.Record, other.Record),
	)
}

// CompareID is Compare without the place: 0 where both name the same object.
func (k *Key) CompareID(other *Key) int {
	return cmp.Or(
		compareFold(k.CountryCode, other.CountryCode), compareFold(k.PartyID, other.PartyID), strings.Compare(k.Kind, other.Kind),
		compareFold(k.ID, other.ID),
	)
}

// compareFold compares bytes, capital ASCII letters taken as small ones.
func compareFold(a, b string) int {
	for i := range min(len(a), len(b)) {
		if c := cmp.Compare(small(a[i]), small(b[i])); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(a), len(b))
}

func small(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// valid is the key with bytes that are no UTF-8 replaced, so that its text says all of it.
func (k Key) valid() Key {
	for _, s := range []*string{&k.CountryCode, &k.PartyID, &k.Kind, &k.ID, &k.File} {
		*s = strings.ToValidUTF8(*s, "\uFFFD")
	}
	return k
}

// Text is the key as it is hashed: ["NL","CPO","cdr","ID","FILE",OFFSET,RECORD], JSON without white space in which only what JSON demands, U+2028
// and U+2029 are escaped.
func (k *Key) Text() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode([7]any{k.CountryCode, k.PartyID, k.Kind, k.ID, k.File, k.Offset, k.Record})
	return bytes.TrimSuffix(b.Bytes(), []byte{'\n'}), err
}

// MarshalJSON implements json.Marshaler.
func (k Key) MarshalJSON() ([]byte, error) { return k.Text() }

// UnmarshalJSON implements json.Unmarshaler; it takes seven elements, the last two whole numbers.
func (k *Key) UnmarshalJSON(text []byte) error {
	var parts []json.RawMessage
	if err := json.Unmarshal(text, &parts); err != nil {
		return err
	}
	if len(parts) != 7 {
		return errors.New("a key has seven elements")
	}
	for i, into := range []any{&k.CountryCode, &k.PartyID, &k.Kind, &k.ID, &k.File, &k.Offset, &k.Record} {
		if err := json.Unmarshal(parts[i], into); err != nil {
			return fmt.Errorf("element %d of a key: %w", i+1, err)
		}
	}
	return nil
}

// String is the key for people.
func (k *Key) String() string {
	return strings.TrimLeft(fmt.Sprintf("%s %s %s %q", k.CountryCode, k.PartyID, k.Kind, k.ID), " ")
}
