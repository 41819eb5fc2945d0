package ocmf

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
)

// cdrWith decodes a CDR of 12.25 kWh from 10:00 to 10:30 Berlin time with the signed data.
func cdrWith(t *testing.T, data map[string]any) *ocpi.CDR {
	raw, err := json.MarshalIndent(map[string]any{
		"country_code": "DE", "party_id": "ABC", "id": "1", "start_date_time": "2026-03-01T09:00:00Z", "end_date_time": "2026-03-01T09:30:00Z",
		"currency": "EUR", "total_energy": 12.25, "total_time": 0.5, "signed_data": data,
	}, "", " ")
	require.NoError(t, err)
	c, _ := ocpi.NewDecoder(ocpi.Options{Version: ocpi.V221}).CDR(ocpi.Record{Place: ocpi.Place{File: "cdrs.json", Record: 1, Line: 10}, Bytes: raw})
	require.NotNil(t, c)
	return c
}

func signedData(method, key string, values ...map[string]any) map[string]any {
	return map[string]any{"encoding_method": method, "public_key": key, "signed_values": values}
}

func plain(nature, plain, signed string) map[string]any {
	return map[string]any{"nature": nature, "plain_data": plain, "signed_data": signed}
}

func TestReadSignedData(t *testing.T) {
	s := newSigner("secp256k1", 3)
	begin, end := s.record(payloadOf("1", at(0, "B", "10.5"))), s.record(payloadOf("1", at(30, "E", "22.75")))
	c := cdrWith(t, signedData("OCMF", s.key(),
		plain("Start", "", base64.StdEncoding.EncodeToString([]byte(begin))),
		plain("Start", "", hex.EncodeToString([]byte(begin))),
		plain("End", end, end),
		plain("End", end, "c2ln"),
		plain("End", begin, end),
	))
	got := Read(c.SignedData, nil)
	sources := []Source{SourceBase64, SourceHex, SourceText, SourcePlain, SourceText}
	for i, v := range got.Values {
		assert.Equal(t, Result{State: Valid, Form: FormDER}, v.Result, i)
		assert.Equal(t, sources[i], v.Source)
		member := "signed_data"
		if v.Source == SourcePlain {
			member = "plain_data"
		}
		assert.Equal(t, fmt.Sprintf("/signed_data/signed_values/%d/%s", i, member), v.Pointer)
		_, _, ok := ocpi.Lookup(c.Record.Bytes, v.Pointer)
		assert.True(t, ok)
		assert.Equal(t, i == 4, v.PlainDiffers, i)
	}
	assert.Equal(t, NotRefused, got.Refusal)
	assert.Equal(t, "12.25", got.Energy.KWh.String())
	assert.Same(t, got.Values[0].Record, got.Energy.BeginRecord)
	assert.Same(t, got.Values[2].Record, got.Energy.EndRecord)
	assert.Equal(t, MethodOCMF, got.Method)
	assert.Nil(t, Read(nil, nil))
}

// sees lists what Check finds, with the place.
func sees(s *Signed, c *ocpi.CDR) []string {
	var out []string
	for _, f := range Check(s, c) {
		out = append(out, fmt.Sprintf("%s %s %s: %s", f.Severity, f.Code, f.Pointer, f.Message))
	}
	return out
}

func TestOnlyValidRecordsTellEnergy(t *testing.T) {
	s, other := newSigner("secp256r1", 4), newSigner("secp256r1", 5)
	begin, end := s.record(payloadOf("1", at(0, "B", "10.5"))), s.record(payloadOf("1", at(30, "E", "22.75")))
	forged := strings.Replace(end, "22.75", "99.75", 1)
	const value = "/signed_data/signed_values/"
	for name, c := range map[string]struct {
		data map[string]any
		want []string
	}{
		"valid": {signedData("OCMF", s.key(), plain("Start", "", begin), plain("End", "", end)), nil},
		"forged": {signedData("OCMF", s.key(), plain("Start", "", begin), plain("End", "", forged)), []string{
			"error sig-invalid " + value + "1/signed_data: the signature does not fit the text and the public key",
			"warn sig-energy-unusable /signed_data: the signed readings tell no energy: no reading of the same register is of the end of the transaction",
		}},
		"no key": {signedData("OCMF", "", plain("End", "", end)), []string{"info sig-key-unknown " + value + "0/signed_data: no public key is given"}},
		"no key that can be read": {signedData("OCMF", "secret", plain("End", "", end)), []string{
			"info sig-key-unknown " + value + "0/signed_data: the public key cannot be read",
		}},
		"key of another": {signedData("OCMF", other.key(), plain("End", "", end)), []string{
			"error sig-invalid " + value + "0/signed_data: the signature does not fit the text and the public key",
		}},
		"no record": {signedData("OCMF", s.key(), plain("End", "30 kWh", "c2lnbmVk")), []string{
			"error sig-invalid " + value + "0/signed_data: the text is no OCMF record",
		}},
		"broken record": {signedData("OCMF", s.key(), plain("End", "", "OCMF|{}")), []string{
			"error sig-invalid " + value + "0/signed_data: the text is no OCMF record: offset 7: wanted a signature section behind the payload",
		}},
		"Alfen": {signedData("Alfen Eichrecht", s.key(), plain("End", "", "AP;0;3;")), []string{
			"info sig-method-unsupported " + value + "0/signed_data: this encoding method is not verified here",
		}},
		"unknown method": {signedData("mine", s.key(), plain("End", "", "x")), []string{
			"info sig-method-unsupported " + value + "0/signed_data: the encoding method is not known",
		}},
		"OCMF under another name": {signedData("mine", s.key(), plain("", "", begin), plain("", "", end)), nil},
		"plain differs": {signedData("OCMF", s.key(), plain("", "", begin), plain("", forged, end)), []string{
			"warn sig-plain-mismatch " + value + "1/signed_data: plain_data shows another record than the one that is signed",
		}},
	} {
		cdr := cdrWith(t, c.data)
		got := Read(cdr.SignedData, nil)
		assert.Equal(t, c.want, sees(got, cdr), name)
		if got.Refusal == NotRefused {
			assert.Equal(t, "12.25", got.Energy.KWh.String(), name)
		} else {
			assert.Zero(t, got.Energy.KWh.Sign(), name)
		}
	}
	assert.Nil(t, Check(nil, cdrWith(t, nil)))
}

// The key that the meter is known to have counts, not the one that came along.
func TestKnownKeyGoesFirst(t *testing.T) {
	s, thief := newSigner("brainpoolP256r1", 6), newSigner("brainpoolP256r1", 7)
	known, _ := ParseKey(s.key())
	record := thief.record(payloadOf("1", at(0, "B", "10.5"), at(30, "E", "22.75")))
	c := cdrWith(t, signedData("OCMF", thief.key(), plain("End", "", record)))
	assert.Equal(t, Valid, Read(c.SignedData, nil).Values[0].Result.State, "the two fit")
	got := Read(c.SignedData, known)
	assert.True(t, got.OtherKey)
	assert.Equal(t, []string{
		"error sig-invalid /signed_data/signed_values/0/signed_data: the signature does not fit the text and the public key",
		"error sig-key-mismatch /signed_data/public_key: not the public key that the meter is known to have",
	}, sees(got, c))
	own := cdrWith(t, signedData("OCMF", "", plain("End", "", s.record(payloadOf("1", at(0, "B", "10.5"), at(30, "E", "22.75"))))))
	assert.Empty(t, sees(Read(own.SignedData, known), own))
}

func TestTimesAreComparedWithTheCDR(t *testing.T) {
	s := newSigner("secp256r1", 8)
	read := func(begin, end string) ([]string, Comparison) {
		c := cdrWith(t, signedData("OCMF", s.key(), plain("", "", s.record(payloadOf("1", begin, end)))))
		got := Read(c.SignedData, nil)
		require.Equal(t, NotRefused, got.Refusal)
		return sees(got, c), Compare(got.Energy, c)
	}
	begin, end := at(0, "B", "10.5"), at(30, "E", "22.70")
	found, compared := read(begin, end)
	assert.Empty(t, found)
	assert.True(t, compared.TimesCompared)
	assert.Equal(t, "0.05", compared.Excess.Value.String())
	found, _ = read(edit(begin, "T10:00:00", "T09:59:00"), edit(end, ":30:00", ":31:00"))
	assert.Empty(t, found, "a minute is nothing")
	found, compared = read(edit(begin, "T10:00:00", "T09:58:00"), edit(end, ":30:00", ":31:01"))
	assert.Equal(t, []string{
		"warn sig-time-mismatch /start_date_time: the begin was read 2m0s before 2026-03-01T09:00:00Z, tolerated are 1m0s",
		"warn sig-time-mismatch /end_date_time: the end was read 1m1s after 2026-03-01T09:30:00Z, tolerated are 1m0s",
	}, found)
	assert.Equal(t, []any{2.0, 61.0}, []any{compared.Early.Minutes(), compared.Late.Seconds()})
	found, compared = read(edit(edit(begin, "T10:00:00", "T00:00:00"), "0 S", "0 U"), end)
	assert.Equal(t, []string{
		"warn sig-time-mismatch /signed_data: the meter calls its clock unsynchronised: its times are not compared with those of the CDR",
	}, found)
	assert.False(t, compared.TimesCompared)
	_, compared = read(begin, edit(end, `"EF":""`, `"EF":"t"`))
	assert.False(t, compared.TimesCompared)
}

func TestPlaceOfAFinding(t *testing.T) {
	c := cdrWith(t, signedData("OCMF", "", plain("End", "", "OCMF|")))
	f := Check(Read(c.SignedData, nil), c)[0]
	text := string(c.Record.Bytes[f.Place.Offset:])
	assert.True(t, strings.HasPrefix(text, `"OCMF|"`), text)
	assert.Equal(t, 10+strings.Count(string(c.Record.Bytes[:f.Place.Offset]), "\n"), f.Place.Line)
	assert.Equal(t, "cdrs.json", f.Place.File)
}

// Verifying takes time; what a hostile CDR holds beyond the limit is not verified, and says so.
func TestValuesAreLimited(t *testing.T) {
	data := &ocpi.SignedData{EncodingMethod: "OCMF", SignedValues: make([]ocpi.SignedValue, maxValues+1)}
	got := Read(data, nil)
	require.Len(t, got.Values, maxValues+1)
	assert.Equal(t, Result{State: Invalid, Reason: RecordUnreadable}, got.Values[maxValues-1].Result)
	assert.Equal(t, Result{State: Unchecked, Reason: TooManyValues}, got.Values[maxValues].Result)
}
