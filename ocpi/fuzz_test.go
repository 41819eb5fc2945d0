package ocpi

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// seeds adds the test records and some small texts to a corpus.
func seeds(f *testing.F) {
	for _, name := range []string{"session.txtar", "running.txtar"} {
		for _, raw := range archive(f, name) {
			f.Add(raw)
		}
	}
	files, err := filepath.Glob(filepath.Join(os.Getenv("RECONCILE_DATA"), "ocpi-ocpi", "*_000*.json"))
	require.NoError(f, err)
	for _, name := range files {
		raw, err := os.ReadFile(name)
		require.NoError(f, err)
		f.Add(raw)
	}
	for _, text := range []string{
		"", "{}", "null", `{"a":"\ud83d\ude00\n"}`, "[1.5e+3,-0,0.1]", `{"id":"1","id":2}`, bom + "{}", "\"\x01\"", "{\"\xff\":1}",
	} {
		f.Add([]byte(text))
	}
}

// FuzzDecode reads any bytes as any kind: no panic, and every finding stands inside the record.
func FuzzDecode(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		rec := Record{Place: home, Bytes: raw}
		d := NewDecoder(Options{})
		first := readAll(d, rec)
		assertInside(t, rec, first)
		again := readAll(d, rec) // with what was remembered
		require.Equal(t, first, again)
		for _, f := range first {
			if value, at, ok := Lookup(raw, f.Pointer); ok {
				require.Equal(t, string(value), string(raw[at:at+len(value)]))
			}
		}
		for _, v := range []Version{V211, V221, V230} {
			c, findings := NewDecoder(Options{Version: v}).CDR(rec)
			assertInside(t, rec, findings)
			if c == nil {
				require.NotNil(t, FirstBlock(findings))
				continue
			}
			for i := range c.Tariffs {
				c.TariffPlace(i)
			}
			id, ok := ScanIdentity(raw)
			require.Equal(t, c.ID != "", ok || len(findings) > 0 && c.ID != "")
			if ok && len(findings) == 0 {
				require.Equal(t, Identity{c.CountryCode, c.PartyID, c.ID, c.SessionID, c.AuthorizationReference, c.CreditReferenceID}, id)
			}
		}
	})
}

// FuzzTokenizer accepts what encoding/json accepts, but for nesting and the control characters that it tolerates on purpose.
func FuzzTokenizer(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !utf8.Valid(raw) {
			return
		}
		s := scanner{b: raw}
		ok := s.document()
		if s.tooDeep {
			return
		}
		if s.odd&hasControl != 0 {
			require.False(t, json.Valid(raw))
			return
		}
		require.Equal(t, json.Valid(raw), ok, "%q: %s at %d", raw, s.fault, s.faultAt)
		if !ok {
			return
		}
		require.True(t, SameBody(raw, append([]byte(" "), raw...)))
		var text string
		if json.Unmarshal(raw, &text) == nil {
			s := scanner{b: raw}
			s.space()
			if s.peek() == '"' {
				start, end, _ := s.str()
				require.Equal(t, text, string(unescape(nil, raw[start:end])))
			}
		}
	})
}
