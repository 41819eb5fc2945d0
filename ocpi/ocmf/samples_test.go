package ocmf

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sample is a record of another project, with its key and what another program found of the signature.
type sample struct {
	Path      string `json:"path"`
	OCMF      string `json:"ocmf"`
	PublicKey string `json:"publicKey"`
	Verify    string `json:"verify"`
}

func samples(t testing.TB) []sample {
	dir := os.Getenv("RECONCILE_DATA")
	if dir == "" {
		t.Skip("RECONCILE_DATA names no folder with ocmf/ocmf_samples.json")
	}
	raw, err := os.ReadFile(filepath.Join(dir, "ocmf", "ocmf_samples.json"))
	require.NoError(t, err)
	var out []sample
	require.NoError(t, json.Unmarshal(raw, &out))
	return out
}

// file is the name of the file that the record is from.
func (s sample) file() string { return s.Path[strings.LastIndexByte(s.Path, '/')+1:] }

func (s sample) parse(t testing.TB) (*Record, *Key) {
	r, err := Parse(s.OCMF)
	require.NoError(t, err, s.file())
	key, reason := ParseKey(s.PublicKey)
	require.Equal(t, s.PublicKey == "", key == nil, "%s: %s", s.file(), reason)
	return r, key
}

// recorded are the states by the words of the other program.
var recorded = map[string]State{"OK": Valid, "INVALID": Invalid, "no-key": KeyUnknown}

// departures are the records that get another state than the one recorded, by file and pagination, each checked by hand against openssl
// or by computing with the numbers.
var departures = map[string]string{
	"test.xml T120": "the meter writes r and s as integers of 24 bytes each, r without the sign byte and s with a zero that DER leaves out, " +
		"which a reader of strict DER refuses; written in DER openssl verifies them, as it does another record of the same meter that needs neither",
	"OCMF-receipt-with_publickey_and_data.xml T0": "the signature is r and s bare and the key x and y bare; as DER and SubjectPublicKeyInfo " +
		"openssl verifies them",
	"test_ocmf_transaction_two_values.xml T12345": "the other program has no curve secp192k1; openssl has it and verifies the record",
}

// invalid are the records that are invalid as recorded, with why.
var invalid = map[string]struct {
	reason Reason
	why    string
}{
	"log4j_test3.xml T32":                        {SignatureNotEncoded, "SD begins with an attack on a logger, which is no hexadecimal digit"},
	"OCMF-receipt-with_import_and_export.xml T1": {SignatureDiffers, "broken into lines for display after it was signed; none of 2,744 ways to undo that fits"},
	"second_key_fail_ocmf.xml T1041":             {KeyOnOtherCurve, "with the key of another meter on purpose, on secp256r1; the key of T1040 fits"},
	"test_ocmf_ebee_02.xml T28":                  {SignatureDiffers, "the reading was changed on purpose: with 7753 for 7763 it is valid"},
}

func TestSamplesGetTheStateRecorded(t *testing.T) {
	states := map[State]int{}
	explained := map[string]bool{}
	for _, s := range samples(t) {
		r, key := s.parse(t)
		name := s.file() + " " + r.Pagination
		got := Verify(r, key)
		states[got.State]++
		want, known := recorded[s.Verify]
		if known && want == got.State {
			if want == Invalid {
				assert.Equal(t, invalid[name].reason, got.Reason, name)
				explained[name] = true
			}
			continue
		}
		assert.Equal(t, Valid, got.State, name)
		assert.NotEmpty(t, departures[name], "%s is %s, recorded is %s", name, got.State, s.Verify)
		explained[name] = true
	}
	assert.Equal(t, map[State]int{Valid: 28, Invalid: 4, KeyUnknown: 4}, states)
	assert.Len(t, explained, len(departures)+len(invalid), "each reason is of a record that is there")
}

// Two claims of the table above, computed.
func TestWhyTwoSamplesAreInvalid(t *testing.T) {
	byName := map[string]sample{}
	for _, s := range samples(t) {
		r, _ := s.parse(t)
		byName[s.file()+" "+r.Pagination] = s
	}
	changed := byName["test_ocmf_ebee_02.xml T28"]
	changed.OCMF = strings.Replace(changed.OCMF, "7763", "7753", 1)
	assert.Equal(t, Valid, Verify(changed.parse(t)).State)
	other := byName["second_key_fail_ocmf.xml T1041"]
	other.PublicKey = byName["second_key_fail_ocmf.xml T1040"].PublicKey
	assert.Equal(t, Valid, Verify(other.parse(t)).State)
}

// Each change of a byte of the signed text or of the decoded signature of a valid record makes it invalid. Where the curve is slow to
// compute with, every byte of the signature is changed in fewer ways, and every 29th of the text; its hash is over all of them alike.
func TestEveryChangedByteIsNoticed(t *testing.T) {
	for _, s := range samples(t) {
		r, key := s.parse(t)
		if Verify(r, key).State != Valid {
			continue
		}
		a, ok := r.Signature.algorithm()
		require.True(t, ok)
		step, ways := 1, 7
		if a.curve.std == nil || testing.Short() {
			step, ways = 29, 2
		}
		for i := 0; i < len(r.Payload); i += step {
			b := r.Payload[i]
			r.Payload[i] = b ^ 1<<(i%8)
			require.Equal(t, Invalid, Verify(r, key).State, "%s: byte %d of the text", s.file(), i)
			r.Payload[i] = b
		}
		signature, reason := r.Signature.decode()
		require.Equal(t, NoReason, reason)
		for i, b := range signature {
			for _, other := range []byte{b ^ 1, b ^ 0x80, ^b, b + 1, b - 1, 0, 0xff}[:ways] {
				if signature[i] = other; other == b {
					continue
				}
				require.Equal(t, Invalid, a.verify(r.Payload, signature, key).State, "%s: byte %d of the signature", s.file(), i)
			}
			signature[i] = b
		}
		longer := append(signature, 0)
		assert.Equal(t, Invalid, a.verify(r.Payload, longer, key).State, "a byte behind the signature")
		assert.Equal(t, Invalid, a.verify(r.Payload, signature[:len(signature)-1], key).State, "a byte less")
		r.Signature.Data, r.Signature.Encoding = strings.ToLower(hex.EncodeToString(signature)), ""
		assert.Equal(t, Valid, Verify(r, key).State, "the digits' case is no change of the signature")
		r.Signature.Data = strings.ToUpper(r.Signature.Data)
		assert.Equal(t, Valid, Verify(r, key).State)
	}
}

// What the meters of the samples measured, read by hand.
func TestEnergyOfSamples(t *testing.T) {
	want := map[string]string{
		"XML_Format.md T32":                            "0.0001 kWh",
		"test.xml T120":                                "0.268 kWh",
		"test.xml T117":                                "0.266 kWh",
		"Ocmf_Example_OBIS_98.8.0_2.8.0.xml T76":       "1.0 kWh, compensated",
		"VW_OCMF_load.xml T144":                        "1.101 kWh",
		"chargepoint_3.xml T2":                         "1.304 kWh",
		"keba_test.xml T46669":                         "0.00 kWh",
		"OCMF-receipt-with_publickey_and_data.xml T0":  MeterNotGood.String(),
		"20211007-device-with-evt-ocmf-sss-ses.xml T2": MeterNotGood.String(),
		"test_ocmf_transaction_two_values.xml T12345":  ExceptionWhileCharging.String(),
		"nistP384_0Wh.xml T5":                          NoEnd.String(),
		"nistP384_0Wh.xml T6":                          NoBegin.String(),
	}
	for _, s := range samples(t) {
		r, _ := s.parse(t)
		expected, ok := want[s.file()+" "+r.Pagination]
		if !ok {
			continue
		}
		delete(want, s.file()+" "+r.Pagination)
		e, refusal := Between([]*Record{r})
		got := refusal.String()
		if refusal == NotRefused {
			got = e.KWh.String() + " kWh"
			if e.LossCompensated {
				got += ", compensated"
			}
		}
		assert.Equal(t, expected, got, s.file())
	}
	assert.Empty(t, want)
}

// No record of another project needs a member that is not known here but the vendors' own.
func TestUnknownMembersOfSamples(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range samples(t) {
		r, _ := s.parse(t)
		require.NotEmpty(t, r.Readings, s.file())
		for _, m := range r.Unknown {
			seen[m.Pointer[strings.LastIndexByte(m.Pointer, '/')+1:]] = true
		}
		for _, reading := range r.Readings {
			assert.False(t, reading.Time.IsZero(), s.file())
			assert.NotZero(t, reading.TimeStatus, s.file())
			assert.True(t, reading.Value.Present, s.file())
		}
	}
	assert.Equal(t, map[string]bool{"EI": true, "XV": true, "XI": true, "XU": true, "XT": true, "UCPN": true, "PG_foobar": true}, seen)
}
