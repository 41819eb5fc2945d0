package ocpi

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// values draws JSON values of all types, nested up to a depth.
func values(depth int) *rapid.Generator[any] {
	text := rapid.String()
	leaves := []*rapid.Generator[any]{
		rapid.Just[any](nil), rapid.Bool().AsAny(), text.AsAny(),
		rapid.Custom(func(t *rapid.T) any { return json.Number(strconv.Itoa(rapid.Int().Draw(t, "n"))) }),
		rapid.Custom(func(t *rapid.T) any {
			return json.Number(rapid.StringMatching(`-?[1-9][0-9]{0,5}(\.[0-9]{1,4})?`).Draw(t, "n"))
		}),
	}
	if depth == 0 {
		return rapid.OneOf(leaves...)
	}
	return rapid.OneOf(append(leaves,
		rapid.SliceOfN(values(depth-1), 0, 4).AsAny(),
		rapid.MapOfN(text, values(depth-1), 0, 4).AsAny(),
	)...)
}

// marshal writes a value compactly or with white space.
func marshal(t *rapid.T, v any, indent bool) []byte {
	raw, err := json.Marshal(v)
	if indent {
		raw, err = json.MarshalIndent(v, " ", "\t")
	}
	require.NoError(t, err)
	return raw
}

func TestEveryValueIsFoundByItsPointer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := marshal(t, values(3).Draw(t, "value"), rapid.Bool().Draw(t, "indent"))
		var tree any
		dec := json.NewDecoder(bytes.NewReader(raw))
		dec.UseNumber()
		require.NoError(t, dec.Decode(&tree))
		var walk func(v any, pointer string)
		walk = func(v any, pointer string) {
			value, offset, ok := Lookup(raw, pointer)
			require.True(t, ok, "%q in %s", pointer, raw)
			require.Equal(t, string(value), string(raw[offset:offset+len(value)]))
			require.True(t, SameBody(value, marshal(t, v, false)), "%s at %q", value, pointer)
			switch v := v.(type) {
			case []any:
				for i := range v {
					walk(v[i], pointer+"/"+strconv.Itoa(i))
				}
			case map[string]any:
				for name := range v {
					walk(v[name], pointer+"/"+escapePointer(name))
				}
			}
		}
		walk(tree, "")
	})
}

func TestLookupOfWhatIsNotThere(t *testing.T) {
	raw := []byte(`{"a":[1,{"b":2}],"":{"":3},"a~/":4,"a":[5,{"b":6,"b":7}]}`)
	for _, pointer := range []string{"x", "/x", "/a/2", "/a/-1", "/a/01", "/a/+1", "/a/x", "/a/0/b", "/a/1/c", "/a/"} {
		_, _, ok := Lookup(raw, pointer)
		assert.False(t, ok, pointer)
	}
	for pointer, want := range map[string]string{"/a/0": "5", "/a/1/b": "7", "//": "3", "/a~0~1": "4"} {
		value, _, ok := Lookup(raw, pointer)
		assert.True(t, ok, pointer)
		assert.Equal(t, want, string(value), pointer)
	}
	_, _, ok := Lookup([]byte(`{"a":1`), "/a")
	assert.False(t, ok, "broken JSON")
}

func TestSameBody(t *testing.T) {
	same := [][2]string{
		{`{"a":1,"b":[true,null]}`, ` { "b" : [ true , null ] , "a" : 1 } `},
		{`1.0`, `1`}, {`10e-1`, `1`}, {`-0`, `0`}, {`1E2`, `100.00`},
		{`"\u0041"`, `"A"`}, {`"\/"`, `"/"`}, {`"\ud83d\ude00"`, `"😀"`},
		{`{"a":1,"a":2}`, `{"a":2}`}, {`{"\u0061":1}`, `{"a":1}`},
		{`not json`, `not json`}, {bom + `{}`, `{}`},
	}
	for _, c := range same {
		assert.True(t, SameBody([]byte(c[0]), []byte(c[1])), "%s = %s", c[0], c[1])
		assert.True(t, SameBody([]byte(c[1]), []byte(c[0])), "%s = %s", c[1], c[0])
	}
	other := [][2]string{
		{`{"a":1}`, `{"a":"1"}`}, {`{"a":1}`, `{"a":1,"b":null}`}, {`[1,2]`, `[2,1]`}, {`[1]`, `[1,1]`}, {`1.0`, `1.01`},
		{`{}`, `[]`}, {`null`, `false`}, {`""`, `" "`}, {`{"a":1}`, `{"A":1}`}, {`x`, `y`}, {`{`, `{ `}, {``, ` `},
		{`{"a":0.30000000000000004}`, `{"a":0.3}`},
	}
	for _, c := range other {
		assert.False(t, SameBody([]byte(c[0]), []byte(c[1])), "%s ≠ %s", c[0], c[1])
		assert.False(t, SameBody([]byte(c[1]), []byte(c[0])), "%s ≠ %s", c[1], c[0])
	}
}

func TestScanIdentity(t *testing.T) {
	for file, raw := range archive(t, "session.txtar") {
		c, _ := NewDecoder(Options{}).CDR(Record{Bytes: raw})
		got, ok := ScanIdentity(raw)
		assert.True(t, ok, file)
		assert.Equal(t, Identity{c.CountryCode, c.PartyID, c.ID, c.SessionID, c.AuthorizationReference, c.CreditReferenceID}, got)
	}
	got, ok := ScanIdentity([]byte(`{"session_id":"S","credit_reference_id":"C","\u0069d":"\u0041","nested":{"id":"no"},"authorization_reference":null}`))
	assert.True(t, ok)
	assert.Equal(t, Identity{ID: "A", SessionID: "S", CreditReferenceID: "C"}, got)
	for _, text := range []string{``, `[]`, `{}`, `{"id":null}`, `{"id":""}`, `{"id":"1"`, `{"id":"1"} x`, `{"id":{}}`} {
		_, ok := ScanIdentity([]byte(text))
		assert.False(t, ok, text)
	}
}

func TestDetectKind(t *testing.T) {
	cases := map[string]Kind{
		`{"id":"1","elements":[]}`:                       KindTariff,
		`{"id":"1","kwh":1}`:                             KindSession,
		`{"id":"1","total_energy":1}`:                    KindCDR,
		`{"\u0065lements":[]}`:                           KindTariff,
		`{"id":"1"}`:                                     KindUnknown,
		`{"elements":null}`:                              KindUnknown,
		`{"uid":"1","evse_id":"x","status":"AVAILABLE"}`: KindUnknown,
		`{"uid":"1","issuer":"x","valid":true}`:          KindToken,
		`{"id":"1","address":"x","city":"y","evses":[]}`: KindLocation,
		`[]`:             KindUnknown,
		``:               KindUnknown,
		`{"elements":[]`: KindUnknown,
		`{"start_date_time":"x","end_date_time":"y","kwh":1}`:      KindSession,
		`{"start_date_time":"x","currency":"EUR","elements":[{}]}`: KindTariff,
	}
	for text, want := range cases {
		assert.Equal(t, want, DetectKind([]byte(text)), text)
	}
	for _, v := range []string{"2.1.1", "2.2.1", "2.3.0"} {
		assert.Equal(t, KindCDR, DetectKind(archive(t, "session.txtar")[v+".json"]), v)
		assert.Equal(t, KindSession, DetectKind(archive(t, "running.txtar")[v+".json"]), v)
	}
}

func TestVersionOfMixedRecords(t *testing.T) {
	d := NewDecoder(Options{})
	cases := []struct {
		text string
		want Version
		told bool
	}{
		{`{"cdr_token":{},"cdr_location":{},"end_date_time":"x","location":{"evses":[{"connectors":[{"voltage":1,"amperage":1,"tariff_id":"1"}]}]}}`, V221, true},
		{`{"auth_id":"x","stop_date_time":"x","location":{},"total_cost":1,"charging_periods":[{"tariff_id":"1"},{"tariff_id":"1"},{"tariff_id":"1"},{"tariff_id":"1"},{"tariff_id":"1"}]}`, V211, true},
		{`{"auth_id":"x","stop_date_time":"x","tariffs":[{"country_code":"NL","party_id":"ABC","type":"REGULAR","min_price":{"excl_vat":1}}]}`, V211, true},
		{`{"cdr_token":{},"total_cost":{"before_taxes":1}}`, V230, true},
		{`{"cdr_token":{},"tariffs":[{"tax_included":"NO"}]}`, V230, true},
		{`{"cdr_token":{},"session_id":"1","total_cost":4}`, V221, true},
		{`{"cdr_token":{},"session_id":"1"}`, V221, true},
		{`{"id":"1","currency":"EUR"}`, V221, false},
	}
	for _, c := range cases {
		cdr, findings := d.CDR(Record{Bytes: []byte(c.text)})
		assert.Equal(t, c.want, cdr.Version, c.text)
		unknown := false
		for _, f := range findings {
			unknown = unknown || f.Code == VersionUnknown
		}
		assert.Equal(t, c.told, !unknown, c.text)
	}
	tariff, findings := d.Tariff(Record{Bytes: []byte(`{"id":"1","currency":"EUR","elements":[{"price_components":[{"type":"FLAT","price":1,"step_size":1}]}],"last_updated":"2020-01-01T00:00:00Z"}`)})
	assert.Equal(t, V211, tariff.Version, "only 2.1.1 asks no more of a tariff")
	assert.Empty(t, findings)
}

func TestNames(t *testing.T) {
	near := map[string]string{
		"dayOfWeek": "day_of_week", "restriction": "", "day-of-week": "day_of_week", "DAY_OF_WEEK": "day_of_week", "days_of_week": "day_of_week",
		"min_kw": "min_kwh", "max_kwhh": "max_kwh", "mni_kwh": "min_kwh", "weather": "", "min_k": "", "": "", "end_tim": "end_time",
	}
	for name, want := range near {
		m := restrictionsTable.words.nearest([]byte(name))
		if want == "" {
			assert.Nil(t, m, name)
		} else if assert.NotNil(t, m, name) {
			assert.Equal(t, want, m.name)
		}
	}
	assert.Nil(t, restrictionsTable.words.nearest([]byte(strings.Repeat("x", 1000))))
}

func TestInternedStringsAreWhatWasAsked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var in interner
		for _, s := range rapid.SliceOf(rapid.StringN(0, 80, -1)).Draw(t, "strings") {
			raw := []byte(s)
			got := in.string(raw)
			for i := range raw {
				raw[i] = '#'
			}
			require.Equal(t, s, got)
		}
	})
}

func TestTablesFindTheirMembers(t *testing.T) {
	for i := range cdrTable.members {
		assert.Equal(t, i, cdrTable.find([]byte(cdrTable.members[i].name)))
	}
	assert.Equal(t, -1, cdrTable.find([]byte("")))
	assert.Equal(t, -1, cdrTable.find([]byte("ID")))
}

// TestScanRecord holds the single scan to its two halves, on whole records, cut ones, and ones with members swapped for others.
func TestScanRecord(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	names := []string{"id", "uid", "elements", "kwh", "address", "city", "country", "issuer", "valid", "total_energy", "session_id", "\\u0069d"}
	values := []string{`1`, `"x"`, `null`, `nul`, `{"id":"no"}`, `["a\u00e9\\n"]`, `"\ud800"`, "\"\xff\"", `true`, `-0.5e3`, `01`, `""`}
	var used IdentityScanner // which expects what the records before had
	check := func(raw []byte) {
		want, wantOK := scanIdentityOnce(raw)
		for _, scan := range []func([]byte) (Identity, Kind, bool){ScanRecord, used.Scan} {
			id, kind, ok := scan(raw)
			require.Equal(t, DetectKind(raw), kind, "%s", raw)
			require.Equal(t, wantOK, ok, "%s", raw)
			require.Equal(t, want, id, "%s", raw)
		}
	}
	for range 5000 {
		var members []string
		for range r.IntN(8) {
			members = append(members, `"`+names[r.IntN(len(names))]+`":`+values[r.IntN(len(values))])
		}
		raw := []byte("{" + strings.Join(members, ", ") + "}" + []string{"", " ", "x"}[r.IntN(3)])
		check(raw)
		check(raw[:r.IntN(len(raw))])
	}
	for _, file := range []string{"session.txtar", "running.txtar"} {
		for _, raw := range archive(t, file) {
			for range 50 {
				check(raw[:r.IntN(len(raw)+1)])
			}
			check(raw)
		}
	}
}

// scanIdentityOnce reads an identity the plain way, one string at a time.
func scanIdentityOnce(raw []byte) (Identity, bool) {
	s := scanner{b: withoutBOM(raw)}
	if !s.document() {
		return Identity{}, false
	}
	text := func(name string) string {
		value, _, ok := Lookup(raw, "/"+name)
		if !ok || value[0] == '{' || value[0] == '[' || value[0] == 'n' {
			return ""
		}
		if value[0] == '"' {
			return string(unescape(nil, value[1:len(value)-1]))
		}
		return string(value)
	}
	id := Identity{
		CountryCode: text("country_code"), PartyID: text("party_id"), ID: text("id"), SessionID: text("session_id"),
		AuthorizationReference: text("authorization_reference"), CreditReferenceID: text("credit_reference_id"),
	}
	return id, id.ID != ""
}
