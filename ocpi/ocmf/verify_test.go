package ocmf

import (
	"encoding/base64"
	"encoding/hex"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

const onePayload = `{"FV":"1.0","PG":"T1","MS":"1","RD":[{"TM":"2026-03-01T10:00:00,000+0100 S","TX":"B","RV":1.5,"RI":"1-b:1.8.0","RU":"kWh","ST":"G"}]}`

func TestZeroStateIsNotValid(t *testing.T) {
	var zero Result
	assert.Equal(t, Unchecked, zero.State)
	assert.NotEqual(t, Valid, zero.State)
}

// withSection replaces the signature section of a record.
func withSection(t *testing.T, text, section string) *Record {
	r, err := Parse(text[:strings.LastIndexByte(text, '|')+1] + section)
	require.NoError(t, err)
	return r
}

func TestStatesOfASignature(t *testing.T) {
	s := newSigner("secp256r1", 1)
	key, reason := ParseKey(s.key())
	require.NotNil(t, key, reason)
	text := s.record(onePayload)
	first, second := s.numbers(onePayload)
	raw := append(first.FillBytes(make([]byte, 32)), second.FillBytes(make([]byte, 32))...)
	whole, err := Parse(text)
	require.NoError(t, err)
	der := whole.Signature.Data
	b, err := hex.DecodeString(der)
	require.NoError(t, err)
	for section, want := range map[string]Result{
		`{"SD":"` + der + `"}`: {Valid, NoReason, FormDER}, // the default is secp256r1 and SHA-256
		`{"SA":"ECDSA-prime256v1-SHA-256","SE":"hex","SM":"application/x-der","SD":"` + der + `"}`:           {Valid, NoReason, FormDER},
		`{"SE":"base64","SD":"` + base64.StdEncoding.EncodeToString(b) + `"}`:                                {Valid, NoReason, FormDER},
		`{"SD":"` + hex.EncodeToString(raw) + `"}`:                                                           {Valid, NoReason, FormRaw},
		`{"SD":"3044` + "0220" + hex.EncodeToString(raw[:32]) + "0220" + hex.EncodeToString(raw[32:]) + `"}`: fixedOr(raw),
		`{"SD":"` + der + `00"}`: {Invalid, SignatureMalformed, FormNone},
		`{"SD":""}`:              {Invalid, SignatureNotEncoded, FormNone},
		`{}`:                     {Invalid, SignatureNotEncoded, FormNone},
		`{"SD":"xyz"}`:           {Invalid, SignatureNotEncoded, FormNone},
		`{"SD":"` + hex.EncodeToString(raw[1:]) + `"}`:          {Invalid, SignatureMalformed, FormNone},
		`{"SE":"base64","SD":"` + der + `"}`:                    {Invalid, SignatureMalformed, FormNone},
		`{"SE":"base32","SD":"` + der + `"}`:                    {MethodUnsupported, SignatureEncodingUnknown, FormNone},
		`{"SM":"application/cms","SD":"` + der + `"}`:           {MethodUnsupported, SignatureTypeUnknown, FormNone},
		`{"SA":"RSA-2048-SHA256","SD":"` + der + `"}`:           {MethodUnsupported, AlgorithmUnknown, FormNone},
		`{"SA":"ECDSA-secp224k1-SHA256","SD":"` + der + `"}`:    {MethodUnsupported, AlgorithmUnknown, FormNone},
		`{"SA":"ECDSA-secp256r1-MD5","SD":"` + der + `"}`:       {MethodUnsupported, AlgorithmUnknown, FormNone},
		`{"SA":"ECDSA-secp256r1-SHA512","SD":"` + der + `"}`:    {Invalid, SignatureDiffers, FormDER},
		`{"SA":"ECDSA-secp256k1-SHA256","SD":"` + der + `"}`:    {Invalid, KeyOnOtherCurve, FormDER},
		`{"SD":"` + hex.EncodeToString(make([]byte, 64)) + `"}`: {Invalid, SignatureDiffers, FormRaw},
	} {
		assert.Equal(t, want, Verify(withSection(t, text, section), key), section)
	}
	assert.Equal(t, Result{State: KeyUnknown, Reason: KeyMissing}, Verify(whole, nil))
	assert.Equal(t, MethodUnsupported, Verify(withSection(t, text, `{"SA":"RSA"}`), nil).State, "no key would help")
}

// fixedOr is the form of a structure with both numbers of the full width: DER wants a sign byte before a high bit.
func fixedOr(raw []byte) Result {
	if minimal(raw[:32]) && minimal(raw[32:]) {
		return Result{Valid, NoReason, FormDER}
	}
	return Result{Valid, NoReason, FormFixedWidth}
}

// A signature is read in one way at most: what is written from the numbers read is what was read.
func TestSignatureIsReadStrictly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.SampledFrom([]int{24, 32, 48, 66}).Draw(t, "size")
		number := rapid.SliceOfN(rapid.Byte(), 1, size+1)
		b := wrap(tagSequence, wrap(tagInteger, number.Draw(t, "r")), wrap(tagInteger, number.Draw(t, "s")))
		if rapid.Bool().Draw(t, "spoilt") {
			b[rapid.IntRange(0, len(b)-1).Draw(t, "at")] ^= rapid.Byte().Draw(t, "by")
		}
		r, s, form := splitSignature(b, size)
		full := func(n *big.Int) []byte { return n.FillBytes(make([]byte, size)) }
		switch form {
		case FormDER:
			require.Equal(t, wrap(tagSequence, wrap(tagInteger, shortest(r)), wrap(tagInteger, shortest(s))), b)
		case FormFixedWidth:
			require.Equal(t, wrap(tagSequence, wrap(tagInteger, full(r)), wrap(tagInteger, full(s))), b)
		case FormRaw:
			require.Equal(t, append(full(r), full(s)...), b)
		default:
			require.Nil(t, r)
		}
	})
}

// wrap is a DER element.
func wrap(tag byte, parts ...[]byte) []byte {
	var body []byte
	for _, p := range parts {
		body = append(body, p...)
	}
	if len(body) < 0x80 {
		return append([]byte{tag, byte(len(body))}, body...)
	}
	return append([]byte{tag, 0x81, byte(len(body))}, body...)
}

// shortest is the content of a DER integer.
func shortest(n *big.Int) []byte {
	b := n.Bytes()
	if len(b) == 0 || b[0] >= 0x80 {
		return append([]byte{0}, b...)
	}
	return b
}

func TestNamesOfStates(t *testing.T) {
	assert.Equal(t, "valid", Valid.String())
	assert.Equal(t, "method unsupported", MethodUnsupported.String())
	assert.Empty(t, State(99).String())
	for r := NoReason + 1; r <= TooManyValues; r++ {
		assert.NotEmpty(t, r.String())
	}
	for r := NotRefused + 1; r <= RegistersDisagree; r++ {
		assert.NotEmpty(t, r.String())
	}
	for s := SourceText; s <= SourcePlain; s++ {
		assert.NotEmpty(t, s.String())
	}
	assert.Equal(t, "DER of fixed width", FormFixedWidth.String())
}

func TestMethods(t *testing.T) {
	for name, want := range map[string]Method{
		"OCMF": MethodOCMF, "ocmf 1.0": MethodOCMF, "Alfen Eichrecht": MethodAlfen, "ALFEN": MethodAlfen,
		"EDL40 E-Mobility Extension": MethodEDL40, "EDL_40_P": MethodEDL40, "EDL_40_SIG": MethodEDL40, "SML": MethodEDL40,
		"EDL40 Mennekes": MethodEDL40Mennekes, "EDL_40_MENNEKES": MethodEDL40Mennekes, "Mennekes": MethodEDL40Mennekes,
		"ISA_EDL_40_P": MethodIsaEDL40, "PCDF": MethodPCDF, "": MethodUnknown, "DLMS Message": MethodUnknown,
	} {
		assert.Equal(t, want, MethodOf(name), name)
	}
	assert.Equal(t, "EDL40 Mennekes", MethodEDL40Mennekes.String())
}
