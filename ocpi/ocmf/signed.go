package ocmf

import (
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
)

// Source says in which member of a signed value the record stood, and how. The zero Source is nowhere.
type Source uint8

// The sources, in the order looked at.
const (
	SourceNone   Source = iota
	SourceText          // signed_data, as text
	SourceBase64        // signed_data, in base64, which OCPI wants
	SourceHex           // signed_data, in hexadecimal digits
	SourcePlain         // plain_data, as text
)

var sourceNames = [...]string{"none", "signed_data as text", "signed_data in base64", "signed_data in hexadecimal digits", "plain_data"}

// String names the source.
func (s Source) String() string { return nameOf(sourceNames[:], s) }

// Value is one signed value of a CDR.
type Value struct {
	Pointer      string // RFC 6901 pointer in the CDR, to the member that holds the record
	Nature       string // Start, End, Intermediate, as sent
	Source       Source
	Record       *Record // nil where there is none or it cannot be read
	Error        error   // why it cannot be read
	Result       Result
	PlainDiffers bool // plain_data holds a record too, and another payload than is signed
}

// Signed is the signed data of a CDR, read and verified.
type Signed struct {
	Method    Method
	Key       *Key   // that was verified with
	KeyReason Reason // why there is none
	OtherKey  bool   // the key sent is another one than the key known for the meter
	Values    []Value
	Energy    Energy  // by the records with a valid signature, where Refusal is NotRefused
	Refusal   Refusal // why they tell no energy
}

// maxValues is how many signed values of a CDR are verified; each costs a computation, and a charge has a few hundred at most.
const maxValues = 1000

// Read reads the signed data of a CDR and verifies each value (OCPI mod_cdrs, SignedData and SignedValue); nil where there is none.
//
// known is the key that the meter is known to have, nil where none is known: then the key that was sent along is taken. That one proves
// only that whoever sent it signed the values.
func Read(data *ocpi.SignedData, known *Key) *Signed {
	if data == nil {
		return nil
	}
	s := &Signed{Method: MethodOf(data.EncodingMethod), Key: known}
	sent, reason := ParseKey(data.PublicKey)
	switch {
	case known == nil:
		s.Key, s.KeyReason = sent, reason
	case sent != nil:
		s.OtherKey = !sent.Same(known)
	}
	var valid []*Record
	for i, v := range data.SignedValues {
		s.Values = append(s.Values, s.read(i, v))
		if last := &s.Values[i]; last.Result.State == Valid {
			valid = append(valid, last.Record)
		}
	}
	s.Energy, s.Refusal = Between(valid)
	return s
}

// read reads and verifies the i-th signed value. A text that begins as OCMF does is taken for it, whatever encoding_method says.
func (s *Signed) read(i int, v ocpi.SignedValue) Value {
	out := Value{Pointer: "/signed_data/signed_values/" + strconv.Itoa(i), Nature: v.Nature}
	if i >= maxValues {
		out.Result.Reason = TooManyValues
		return out
	}
	text, source := locate(v)
	out.Source = source
	if source == SourcePlain {
		out.Pointer += "/plain_data"
	} else {
		out.Pointer += "/signed_data"
	}
	if source == SourceNone {
		out.Result = s.noRecord()
		return out
	}
	if out.Record, out.Error = Parse(text); out.Error != nil {
		out.Result = Result{State: Invalid, Reason: RecordUnreadable}
		return out
	}
	out.Result = Verify(out.Record, s.Key)
	if out.Result.State == KeyUnknown {
		out.Result.Reason = s.KeyReason
	}
	out.PlainDiffers = differs(v.PlainData, out.Record)
	return out
}

// noRecord is the result for a value that holds no OCMF.
func (s *Signed) noRecord() Result {
	switch s.Method {
	case MethodOCMF:
		return Result{State: Invalid, Reason: RecordUnreadable}
	case MethodUnknown:
		return Result{State: MethodUnsupported, Reason: EncodingMethodUnknown}
	}
	return Result{State: MethodUnsupported, Reason: EncodingMethodNotVerified}
}

// locate finds the text of the record in a signed value.
func locate(v ocpi.SignedValue) (text string, source Source) {
	signed := strings.TrimSpace(v.SignedData)
	if isOCMF(signed) {
		return signed, SourceText
	}
	packed := strings.Join(strings.Fields(signed), "")
	if b, err := hex.DecodeString(packed); err == nil && isOCMF(string(b)) {
		return string(b), SourceHex
	}
	if b, err := decodeBase64(packed); err == nil && isOCMF(string(b)) {
		return string(b), SourceBase64
	}
	if isOCMF(v.PlainData) {
		return v.PlainData, SourcePlain
	}
	return "", SourceNone
}

func isOCMF(text string) bool {
	return strings.HasPrefix(strings.TrimSpace(text), header+string(separator))
}

// differs reports whether plain_data shows the driver a record with another payload than the one that is signed.
func differs(plain string, r *Record) bool {
	if !isOCMF(plain) {
		return false
	}
	_, rest, _ := strings.Cut(strings.TrimSpace(plain), string(separator))
	payload, _, _ := strings.Cut(rest, string(separator))
	return payload != string(r.Payload)
}
