package ocpi

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// readAll reads a record as every kind and by every function that takes bytes of a user.
func readAll(d *Decoder, rec Record) []Finding {
	var all []Finding
	for k := KindUnknown; k <= KindInvoiceReconciliation; k++ {
		all = append(all, d.Check(k, rec)...)
	}
	DetectKind(rec.Bytes)
	ScanIdentity(rec.Bytes)
	SameBody(rec.Bytes, append(rec.Bytes[:len(rec.Bytes):len(rec.Bytes)], ' '))
	return all
}

func assertInside(t *testing.T, rec Record, findings []Finding) {
	t.Helper()
	lines := bytes.Count(rec.Bytes, []byte("\n"))
	for _, f := range findings {
		at := f.Place.Offset - rec.Place.Offset
		if at < 0 || at > int64(len(rec.Bytes)) || f.Place.Line < rec.Place.Line || f.Place.Line > rec.Place.Line+lines {
			t.Fatalf("place outside the record of %d bytes: %+v", len(rec.Bytes), f)
		}
		if want := rec.Place.Line + bytes.Count(rec.Bytes[:at], []byte("\n")); f.Place.Line != want {
			t.Fatalf("line %d at an offset of line %d: %+v", f.Place.Line, want, f)
		}
		if f.Code == "" || f.Severity == 0 || f.Message == "" {
			t.Fatalf("incomplete: %+v", f)
		}
	}
}

func TestEveryPrefixIsRefused(t *testing.T) {
	for _, name := range []string{"session.txtar", "running.txtar"} {
		for file, raw := range archive(t, name) {
			raw = bytes.TrimSpace(raw)
			d := NewDecoder(Options{})
			for n := range raw {
				rec := Record{Place: home, Bytes: raw[:n:n]}
				c, findings := d.CDR(rec)
				require.Nil(t, c, "%s[:%d]", file, n)
				require.NotNil(t, FirstBlock(findings), "%s[:%d]", file, n)
				assertInside(t, rec, findings)
			}
		}
	}
}

func TestEveryByteChangedIsRead(t *testing.T) {
	raw := bytes.TrimSpace(archive(t, "session.txtar")["2.2.1.json"])
	d := NewDecoder(Options{})
	for _, c := range []byte{0, '"', '{'} {
		for n := range raw {
			changed := bytes.Clone(raw)
			changed[n] = c
			rec := Record{Place: home, Bytes: changed}
			_, findings := d.CDR(rec)
			assertInside(t, rec, findings)
		}
	}
}

func TestHostileRecords(t *testing.T) {
	const mega = 1 << 20
	cases := []struct {
		name string
		text string
		code Code
	}{
		{"ten million brackets", strings.Repeat("[", 10*mega), JSONInvalid},
		{"ten million brackets inside", `{"x":` + strings.Repeat("[", 10*mega), JSONDepth},
		{"five million objects inside", strings.Repeat(`{"a":`, mega), JSONDepth},
		{"a number of four million digits", `{"total_energy":` + strings.Repeat("7", 4*mega) + `}`, NumberOutOfRange},
		{"a number as string of four million digits", `{"total_energy":"` + strings.Repeat("7", 4*mega) + `"}`, NumberOutOfRange},
		{"a great exponent", `{"total_energy":1e999999999999999999999}`, NumberOutOfRange},
		{"a small exponent", `{"total_energy":1e-999999999999999999999}`, NumberOutOfRange},
		{"a quarter of a million duplicates", `{` + strings.Repeat(`"id":1,`, mega/4) + `"id":1}`, SchemaDuplicateField},
		{"unknown members", `{` + strings.Repeat(`"x":1,`, mega/4) + `"id":1}`, SchemaUnknownField},
		{"different unknown members", `{` + distinctMembers(50_000) + `"id":1}`, SchemaUnknownField},
		{"many empty periods", `{"charging_periods":[` + strings.Repeat(`{},`, mega/8) + `{}]}`, SchemaMissingField},
		{"many tariffs", `{"tariffs":[` + strings.Repeat(`{},`, mega/8) + `{}]}`, SchemaMissingField},
		{"a name of four million letters", `{"` + strings.Repeat("r", 4*mega) + `":1}`, SchemaUnknownField},
		{"an escape of four million letters", `{"remark":"` + strings.Repeat(`\u00e9`, mega) + `"}`, SchemaLength},
		{"nothing", "", JSONInvalid},
		{"spaces", " \n\t ", JSONInvalid},
		{"a byte order mark alone", bom, JSONInvalid},
		{"null", "null", JSONInvalid},
		{"two objects", "{}{}", JSONInvalid},
		{"a comma too many", `{"id":1,}`, JSONInvalid},
		{"a comma missing", `{"id":1 "x":2}`, JSONInvalid},
		{"a colon missing", `{"id" 1}`, JSONInvalid},
		{"a name without quotes", `{id:1}`, JSONInvalid},
		{"a half surrogate", `{"id":"\ud800\u0041"}`, SchemaCharacters},
		{"a bad escape", `{"id":"\x"}`, JSONInvalid},
		{"a leading zero", `{"total_energy":01}`, JSONInvalid},
		{"not a number", `{"total_energy":NaN}`, JSONInvalid},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			rec := Record{Place: home, Bytes: []byte(c.text)}
			_, findings := NewDecoder(Options{}).CDR(rec)
			codes := map[Code]bool{}
			for _, f := range findings {
				codes[f.Code] = true
			}
			assert.True(t, codes[c.code], "%s in %v", c.code, codes)
			assertInside(t, rec, findings)
		})
	}
}

func distinctMembers(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(`"m`)
		for v := i; v > 0; v /= 26 {
			b.WriteByte(byte('a' + v%26))
		}
		b.WriteString(`":1,`)
	}
	return b.String()
}

func TestNestingLimit(t *testing.T) {
	nested := func(n int) Record {
		return Record{Bytes: []byte(`{"x":` + strings.Repeat("[", n-1) + strings.Repeat("]", n-1) + `}`)}
	}
	c, _ := NewDecoder(Options{}).CDR(nested(maxDepth))
	assert.NotNil(t, c)
	c, findings := NewDecoder(Options{}).CDR(nested(maxDepth + 1))
	assert.Nil(t, c)
	require.Len(t, findings, 1)
	assert.Equal(t, JSONDepth, findings[0].Code)
	assert.Equal(t, int64(5+maxDepth-1), findings[0].Place.Offset)
}

func TestByteOrderMark(t *testing.T) {
	raw := archive(t, "session.txtar")["2.2.1.json"]
	plain, _ := NewDecoder(Options{}).CDR(Record{Place: home, Bytes: raw})
	marked := append([]byte(bom), raw...)
	c, findings := NewDecoder(Options{}).CDR(Record{Place: home, Bytes: marked})
	require.Len(t, findings, 1)
	assert.Equal(t, JSONEncoding, findings[0].Code)
	assert.Equal(t, SeverityInfo, findings[0].Severity)
	assert.Equal(t, plain.TariffPlace(0).Offset+3, c.TariffPlace(0).Offset)
	assert.Equal(t, KindCDR, DetectKind(marked))
	id, ok := ScanIdentity(marked)
	assert.True(t, ok)
	assert.Equal(t, "CDR-1", id.ID)
	_, at, ok := Lookup(marked, "/party_id")
	assert.True(t, ok)
	assert.Equal(t, `"BEC"`, string(marked[at:at+5]))
}

func TestLineEndsOfWindows(t *testing.T) {
	unix := archive(t, "session.txtar")["2.2.1.json"]
	dos := bytes.ReplaceAll(unix, []byte("\n"), []byte("\r\n"))
	want, _ := NewDecoder(Options{}).CDR(Record{Place: home, Bytes: unix})
	got, findings := NewDecoder(Options{}).CDR(Record{Place: home, Bytes: dos})
	assert.Empty(t, findings)
	assert.Equal(t, want.TariffPlace(0).Line, got.TariffPlace(0).Line)
	got.Record, got.TariffOffsets, got.Tariffs[0].Record = want.Record, want.TariffOffsets, want.Tariffs[0].Record
	assert.Empty(t, cmp.Diff(want, got, sameNumbers))
}

func TestFindingsOfARememberedTariffStandInTheirCDR(t *testing.T) {
	raw := string(archive(t, "session.txtar")["2.2.1.json"])
	raw = strings.Replace(raw, `"price": 0.20`, `"price": "0.20"`, 1)
	d := NewDecoder(Options{})
	for i, prefix := range []string{"", "\n\n", "  "} {
		text := prefix + raw
		place := Place{File: "f", Record: i + 1, Line: 10 * i, Offset: int64(1000 * i)}
		place.Line++
		_, findings := d.CDR(Record{Place: place, Bytes: []byte(text)})
		require.Len(t, findings, 1)
		offset := strings.Index(text, `"0.20"`)
		assert.Equal(t, "/tariffs/0/elements/0/price_components/0/price", findings[0].Pointer)
		assert.Equal(t, Place{File: "f", Record: i + 1, Line: place.Line + strings.Count(text[:offset], "\n"), Offset: place.Offset + int64(offset)}, findings[0].Place)
	}
}

func TestTariffCacheIsBounded(t *testing.T) {
	d := NewDecoder(Options{})
	for i := range 2*maxTariffs + 10 {
		text := `{"tariffs":[{"id":"` + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + strings.Repeat("y", i/182) + `"}]}`
		d.CDR(Record{Bytes: []byte(text)})
		require.LessOrEqual(t, d.tariffs.count, maxTariffs)
	}
}

func TestOddTextInATariffIsReportedEachTime(t *testing.T) {
	d := NewDecoder(Options{})
	rec := Record{Bytes: []byte("{\"tariffs\":[{\"id\":\"\xff\"}, \"12\"]}")}
	_, first := d.CDR(rec)
	_, again := d.CDR(rec)
	assert.Equal(t, first, again)
	pointers := map[Code]string{}
	for _, f := range first {
		pointers[f.Code] = f.Pointer
	}
	assert.Equal(t, "/tariffs/0", pointers[JSONEncoding])
	assert.Equal(t, "/tariffs/1", pointers[SchemaWrongType])
}
