package redact

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
)

func secretOf(t require.TestingT, text string) *Secret {
	s, err := NewSecret([]byte(strings.Repeat(text, 32)))
	require.NoError(t, err)
	return s
}

// anyID draws ids as they are sent: short and long, in the usual forms and in none.
var anyID = rapid.OneOf(
	rapid.StringMatching(`[0-9A-F]{8,15}`), rapid.StringMatching(`[0-9]{1,16}`), rapid.StringMatching(`[A-Za-z]{2}[-*]?[A-Z0-9]{3}[-*]?C[0-9A-Z]{8}([-*]?[0-9A-Z])?`),
	rapid.StringMatching(`[A-Za-z]{2}[*]?[A-Z0-9]{3}[*]?[Ee][0-9A-Z][0-9A-Z*]{0,9}`), rapid.StringMatching(`\+49\*[0-9]{3}\*[0-9]{3,6}`),
	rapid.StringMatching(`[A-Za-z0-9 _.*:é-]{0,18}`), rapid.SampledFrom([]string{"", " ", "#NA", "0", "000", "-", "DE-8AA-C12345678-X"}),
)

// respelt draws another spelling of an id, or another id.
func respelt(t *rapid.T, id string) string {
	switch rapid.IntRange(0, 5).Draw(t, "how") {
	case 0:
		return strings.ToLower(id)
	case 1:
		return strings.NewReplacer("-", "", "*", "").Replace(id)
	case 2:
		return "00" + id
	case 3:
		return id[:len(id)/2] + "-" + id[len(id)/2:]
	case 4:
		return " " + id
	}
	return anyID.Draw(t, "other")
}

func TestPseudonymsMatchAsValuesDo(t *testing.T) {
	s := secretOf(t, "k")
	rapid.Check(t, func(t *rapid.T) {
		a := anyID.Draw(t, "a")
		b := respelt(t, a)
		for name, of := range map[string]func(string) string{"token": s.Token, "evse": s.EVSE, "place": s.Place, "meter": s.Meter, "reference": s.Reference} {
			x, y := of(a), of(b)
			require.Equal(t, reconcile.Named(a), reconcile.Named(x), "%s %q %q", name, a, x)
			if plain := reconcile.PlainID(a); plain != "" {
				require.Equal(t, plain == reconcile.PlainID(b), reconcile.PlainID(x) == reconcile.PlainID(y), "%s: %q %q are %q %q", name, a, b, x, y)
			}
			if reconcile.FoldID(a) == reconcile.FoldID(b) {
				require.Equal(t, reconcile.FoldID(x), reconcile.FoldID(y), "%s: %q %q", name, a, b)
			}
			if len(reconcile.PlainID(a)) > 12 {
				require.NotContains(t, reconcile.PlainID(x), reconcile.PlainID(a)[6:], name)
			}
		}
		key := func(id string) string { return reconcile.ContractKey(reconcile.PlainID(id)) }
		if key(a) != "" && key(b) != "" {
			require.Equal(t, key(a) == key(b), key(s.Token(a)) == key(s.Token(b)), "%q %q are %q %q", a, b, s.Token(a), s.Token(b))
		}
	})
}

// What is the same but for separators keeps being told apart where ids are compared with them.
func TestSpellingsStayApart(t *testing.T) {
	s := secretOf(t, "k")
	assert.NotEqual(t, s.Token("04AB12"), s.Token("04-AB-12"))
	assert.NotEqual(t, s.EVSE("NL-00001-1"), s.EVSE("NL000011"))
	assert.NotEqual(t, s.EVSE("NL*CPO*E1*12"), s.EVSE("NL*CPO*E11*2"))
	assert.NotEqual(t, s.Place("007"), s.Place("7"))
}

// olderForm is that of DIN 91286, which uids can have by chance.
var olderForm = regexp.MustCompile(`^[A-Z]{2}[A-Z0-9]{3}[0-9]{6}.?$`)

// Forms that the checks of OCPI look at stay as good or bad as they were.
func TestPseudonymsKeepForms(t *testing.T) {
	s := secretOf(t, "k")
	findings := func(member, id string) (out []string) {
		raw := `{"country_code":"NL","party_id":"CPO","id":"1","cdr_token":{"contract_id":"DE-EMP-C12345678"},"cdr_location":{"evse_id":"NL*CPO*E1"}}`
		was := map[string]string{"contract_id": "DE-EMP-C12345678", "evse_id": "NL*CPO*E1"}[member]
		raw = strings.Replace(raw, was, strings.Trim(string(textNode(id).append(nil)), `"`), 1)
		for _, f := range ocpi.NewDecoder(ocpi.Options{}).Check(ocpi.KindCDR, ocpi.Record{Bytes: []byte(raw)}) {
			if f.Code == ocpi.IDContract || f.Code == ocpi.IDEVSE {
				out = append(out, string(f.Code)+" "+f.Severity.String())
			}
		}
		return out
	}
	contracts := rapid.StringMatching(`[A-Z]{2}(-?)[A-Z0-9]{3}-?C[0-9A-Z]{8}(-?[0-9A-Z])?|[0-9A-F]{8,14}|[A-Z]{2}-[A-Z]{3}-[0-9]{4}`)
	evses := rapid.StringMatching(`(NL|DE|no)\*?(CPO|ABC)\*?E[0-9A-Z]{1,8}(\*[0-9])?|[0-9]{3,12}|NL-CPO-E[0-9]{3}|\+49\*123\*456`)
	rapid.Check(t, func(t *rapid.T) {
		contract, evse := contracts.Draw(t, "contract"), evses.Draw(t, "evse")
		// Of leading zeros nothing is left, and the older form of contract ids has too few characters to tell pseudonyms apart: it is given up.
		if plain := reconcile.PlainID(contract); plain[0] != '0' && !olderForm.MatchString(plain) {
			require.Equal(t, findings("contract_id", contract), findings("contract_id", s.Token(contract)), "%q is %q", contract, s.Token(contract))
		}
		require.Equal(t, findings("evse_id", evse), findings("evse_id", s.EVSE(evse)), "%q is %q", evse, s.EVSE(evse))
		require.LessOrEqual(t, len(s.Token(contract)), 36)
		require.LessOrEqual(t, len(s.EVSE(evse)), 36)
	})
}

func TestPseudonymsNeedTheSecret(t *testing.T) {
	assert.NotEqual(t, secretOf(t, "k").Token("04AB12CD"), secretOf(t, "l").Token("04AB12CD"))
}

func TestReasonsPutTheSameInQuestion(t *testing.T) {
	for q := reconcile.Quantity(1); q <= reconcile.QuantityAll; q++ {
		assert.Equal(t, q, reconcile.Disputes(q.Words()), q.Words())
	}
}

func TestOpenings(t *testing.T) {
	s, other := secretOf(t, "k"), secretOf(t, "l")
	rapid.Check(t, func(t *rapid.T) {
		record := rapid.SliceOf(rapid.Byte()).Draw(t, "record")
		sealed, commitment := s.Seal(record), s.Commit(record)
		require.Equal(t, sealed, s.Seal(record))
		back, err := s.Open(commitment, sealed)
		require.NoError(t, err)
		require.Equal(t, string(record), string(back))
		_, err = other.Open(commitment, sealed)
		require.Error(t, err)
		at := rapid.IntRange(0, len(sealed)-1).Draw(t, "at")
		sealed[at] ^= 1
		_, err = s.Open(commitment, sealed)
		require.Error(t, err)
	})
	_, err := s.Open("", nil)
	require.ErrorContains(t, err, "too short")
}

const nasty = `{"country_code":"NL","party_id":"CPO","id":"C-1","start_date_time":"2026-09-01T07:55:07Z","end_date_time":"2026-09-01T10:41:07Z",
 "cdr_token":{"country_code":"DE","party_id":"EMP","uid":"SECRETUID1","type":"RFID","contract_id":"DE-EMP-CSECRET12","holder":"Jo Secret"},
 "auth_method":"secret@example.org","cdr_location":{"id":"SECRETPLACE","name":"Secret Villa","address":"Secret Street 1","city":"Secretville","country":"NLD",
 "coordinates":{"latitude":"52.99999","longitude":4.99999},"evse_uid":"SECRETEVSE","evse_id":"NL*CPO*ESECRET1","connector_id":"1"},
 "meter_id":"SECRETMETER","currency":"EUR","total_energy":10.50,"total_time":"SECRET","charging_periods":[{"start_date_time":"2026-09-01T07:55:07Z",
 "dimensions":[{"type":"ENERGY","volume":10.50,"note":"secret"}]}],"total_cost":{"excl_vat":1.50,"secret@example.org":1},
 "signed_data":{"encoding_method":"OCMF","signed_values":[{"nature":"END","plain_data":"SECRET","signed_data":"SECRET"}]},
 "remark":"call +31 6 99999999, Jo Secret","credit":"SECRET","x_driver":{"name":"Jo Secret"},"last_updated":["SECRET"]}`

func TestNothingSecretGetsThrough(t *testing.T) {
	for _, level := range []Level{Pseudonymised, Minimal} {
		r := New(level, secretOf(t, "k"))
		out := string(r.Record(ocpi.KindCDR, []byte(nasty)))
		if level == Pseudonymised { // these stay at this level
			for _, stays := range []string{"SECRETEVSE", "NL*CPO*ESECRET1", "SECRETMETER"} {
				require.Contains(t, out, stays)
				out = strings.ReplaceAll(out, stays, "")
			}
		}
		assert.NotContains(t, strings.ToLower(out), "secret")
		assert.NotContains(t, out, "99999")
		assert.NotContains(t, out, "Jo")
		assert.NotContains(t, out, "\n")
		for _, stays := range []string{`"id":"C-1"`, `"start_date_time":"2026-09-01T07:55:07Z"`, `"total_energy":10.50`, `"excl_vat":1.50`, `"country":"NLD"`, `"connector_id":"1"`} {
			assert.Contains(t, out, stays)
		}
		var doc map[string]any
		require.NoError(t, json.Unmarshal([]byte(out), &doc))
		got, commitment, ok := reconcile.OriginalOf([]byte(out))
		require.True(t, ok)
		assert.Equal(t, level.String(), got)
		assert.Equal(t, level.String()+":"+commitment, doc["x_original"])
		assert.Equal(t, r.secret.Commit([]byte(nasty)), commitment)
	}
}

// Records that differ in what is withheld still differ, and those that do not still do not.
func TestDifferencesStay(t *testing.T) {
	r := New(Minimal, secretOf(t, "k"))
	copyOf := func(raw string) []byte { return r.Record(ocpi.KindCDR, []byte(raw)) }
	a := copyOf(nasty)
	assert.True(t, ocpi.SameBody(a, copyOf(strings.Replace(nasty, `"country_code":"NL","party_id":"CPO"`, `"party_id" : "CPO", "country_code":"NL"`, 1))))
	for _, change := range []string{"call +31", "Jo Secret\"}", "52.99999", "SECRETUID1", "Secret Street", `"plain_data":"SECRET`} {
		require.Contains(t, nasty, change)
		assert.False(t, ocpi.SameBody(a, copyOf(strings.Replace(nasty, change, "7"+change, 1))), change)
	}
}

func TestBrokenRecordsLeaveNothing(t *testing.T) {
	r := New(Minimal, secretOf(t, "k"))
	for _, raw := range []string{"", "[]", `"secret"`, `{"id":"secret"`, `{"id":"1"} {"id":"secret"}`, strings.Repeat(`{"location":`, 70)} {
		assert.Equal(t, `{"x_original":"minimal:`+r.secret.Commit([]byte(raw))+`"}`, string(r.Record(ocpi.KindCDR, []byte(raw))))
	}
	assert.Equal(t, "{}", string(r.Decision([]byte("secret"))))
}

func TestRows(t *testing.T) {
	r := New(Minimal, secretOf(t, "k"))
	native := []string{"cdr_id", "", "kwh", "amount_excl_vat", "status", "reason", "description", "contract_id", "driver", "start"}
	cells := []string{"C-1", "secret", "10,5", "secret", "bestritten", "secret kWh, call me", "secret", "DE-EMP-CSECRET12", "Jo Secret", "2026-09-01 08:00", "secret"}
	got := r.Row(native, cells, []byte("row"))
	require.Len(t, got, len(Heading(native)))
	assert.Equal(t, []string{"C-1", "10,5", "withheld", "disputed", "kwh"}, got[:5])
	assert.Equal(t, r.secret.Token("DE-EMP-CSECRET12"), got[6])
	assert.Equal(t, "2026-09-01 08:00", got[8])
	assert.NotContains(t, strings.ToLower(strings.Join(got, "\n")), "secret")
	assert.Equal(t, []string{"1", "dispute", "", "kwh", "", ""}, r.Row([]string{"line", "answer", "their_value", "dispute_code", "comment", "their_evidence"},
		[]string{"1", "disputed", "", "kWh", "secret"}, nil)[:6])
}

// Whatever comes in, a line of JSON goes out.
func FuzzRecord(f *testing.F) {
	f.Add([]byte(nasty))
	f.Add([]byte(`{"uid":"1","valid":true,"whitelist":"ALWAYS","issuer":"x"}`))
	s := secretOf(f, "k")
	f.Fuzz(func(t *testing.T, raw []byte) {
		for kind := ocpi.KindUnknown; kind <= ocpi.KindInvoiceReconciliation; kind++ {
			out := New(Minimal, s).Record(kind, raw)
			require.True(t, json.Valid(out), "%q", out)
			require.NotContains(t, string(out), "\n")
		}
		New(Minimal, s).Decision(raw)
	})
}
