package ocmf

// State is what is known of a signature. The zero State says that nothing was verified.
type State uint8

// The states of a signature. Only Valid is evidence.
const (
	Unchecked         State = iota
	Valid                   // the signature is the key's, over exactly these bytes
	Invalid                 // it is not, or it is none
	KeyUnknown              // no key to verify it with
	MethodUnsupported       // a way of signing or of encoding that is not known here
)

var stateNames = [...]string{"unchecked", "valid", "invalid", "key unknown", "method unsupported"}

// String names the state.
func (s State) String() string { return nameOf(stateNames[:], s) }

// Reason says why a signature is in its state.
type Reason uint8

// The reasons. NoReason goes with Valid and Unchecked.
const (
	NoReason Reason = iota
	RecordUnreadable
	KeyMissing
	KeyUnreadable
	KeyNotSupported
	KeyOnOtherCurve
	AlgorithmUnknown
	SignatureEncodingUnknown
	SignatureTypeUnknown
	SignatureNotEncoded
	SignatureMalformed
	SignatureDiffers
	EncodingMethodNotVerified
	EncodingMethodUnknown
	TooManyValues
)

var reasonTexts = [...]string{
	NoReason:                  "",
	RecordUnreadable:          "the text is no OCMF record",
	KeyMissing:                "no public key is given",
	KeyUnreadable:             "the public key cannot be read",
	KeyNotSupported:           "the public key is of a kind or on a curve that is not supported",
	KeyOnOtherCurve:           "the public key is on another curve than the record names",
	AlgorithmUnknown:          "the signature algorithm is not supported",
	SignatureEncodingUnknown:  "the encoding of the signature is not supported",
	SignatureTypeUnknown:      "the type of the signature is not supported",
	SignatureNotEncoded:       "the signature is missing or not in the encoding that the record names",
	SignatureMalformed:        "the signature holds no two numbers",
	SignatureDiffers:          "the signature does not fit the text and the public key",
	EncodingMethodNotVerified: "this encoding method is not verified here",
	EncodingMethodUnknown:     "the encoding method is not known",
	TooManyValues:             "the record holds too many signed values",
}

// String says the reason in a few words, "" for NoReason.
func (r Reason) String() string { return nameOf(reasonTexts[:], r) }

// nameOf is the name of an enumerated value, "" beyond the table.
func nameOf[T ~uint8](names []string, v T) string {
	if int(v) < len(names) {
		return names[v]
	}
	return ""
}

// Result is what verifying a signature found. The zero Result is Unchecked.
type Result struct {
	State  State
	Reason Reason
	Form   Form // how the signature is written, where that could be read
}

// Verify checks the signature of a record with a public key; nil stands for a key that is not known. It never returns Unchecked.
//
// Valid means that the holder of the private key signed exactly these bytes. Whose key it is, this cannot tell: the specification has
// public keys come another way than the records (OCMF, Relation of Serial Numbers, Charge Point and Public Key). A key on another curve
// than SA names cannot have signed, so the state is Invalid, as with any other key that is not the signer's.
func Verify(r *Record, key *Key) Result {
	a, ok := r.Signature.algorithm()
	if !ok {
		return Result{State: MethodUnsupported, Reason: AlgorithmUnknown}
	}
	if m := r.Signature.MimeType; m != "" && m != defaultMimeType {
		return Result{State: MethodUnsupported, Reason: SignatureTypeUnknown}
	}
	encoded, reason := r.Signature.decode()
	if reason == SignatureEncodingUnknown {
		return Result{State: MethodUnsupported, Reason: reason}
	}
	if reason != NoReason {
		return Result{State: Invalid, Reason: reason}
	}
	if key == nil {
		return Result{State: KeyUnknown, Reason: KeyMissing}
	}
	return a.verify(r.Payload, encoded, key)
}

// verify checks a decoded signature.
func (a algorithm) verify(signed, encoded []byte, key *Key) Result {
	first, second, form := splitSignature(encoded, a.curve.scalarSize())
	if form == FormNone {
		return Result{State: Invalid, Reason: SignatureMalformed}
	}
	q, ok := key.on(a.curve)
	if !ok {
		return Result{State: Invalid, Reason: KeyOnOtherCurve, Form: form}
	}
	h := a.hash.New()
	h.Write(signed)
	if !a.curve.verify(q, h.Sum(nil), first, second) {
		return Result{State: Invalid, Reason: SignatureDiffers, Form: form}
	}
	return Result{State: Valid, Form: form}
}
