package pack

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/reconcile/replay"
)

// requireQuick checks that the quick parser takes what is written, and reads what encoding/json reads.
func requireQuick[T any](t require.TestingT, raw string, parse func(*T, []byte) bool) {
	var quick, slow T
	require.True(t, parse(&quick, []byte(raw)), raw)
	require.NoError(t, json.Unmarshal([]byte(raw), &slow))
	nothing := strings.NewReplacer("[]", "null") // a list that is empty or not there
	require.Equal(t, nothing.Replace(jsonText(slow)), nothing.Replace(jsonText(quick)))
}

func TestQuickParsersReadPacks(t *testing.T) {
	seen := map[string]int{}
	for name, text := range contents(t, madeCase(12).write(t)) {
		for line := range strings.Lines(text) {
			raw := strings.TrimSuffix(line, "\n")
			switch {
			case name == "data/index.ndjson":
				requireQuick(t, raw, (*indexDoc).parse)
			case strings.HasPrefix(name, "data/sheets-"):
				requireQuick(t, raw, (*sheetDoc).parse)
			case name == "data/findings.ndjson":
				requireQuick(t, raw, (*findingDoc).parse)
			default:
				continue
			}
			seen[name]++
		}
	}
	require.Len(t, seen, 3, "%v", seen)
}

func TestQuickParsersOfAnything(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "a\"b\\c\n", `,"sheet":`, "null", "é\u2028"}))
	location := rapid.Custom(func(t *rapid.T) locationDoc {
		return locationDoc{text.Draw(t, "shard"), rapid.Int64().Draw(t, "offset"), rapid.Int64().Draw(t, "length")}
	})
	records := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) recordDoc {
		n := rapid.Int().Draw(t, "n")
		return recordDoc{location.Draw(t, "at"), text.Draw(t, "encoding"), text.Draw(t, "sha256"), sourceDoc{text.Draw(t, "file"), n, -n, int64(n), 7}}
	}), 0, 3)
	rapid.Check(t, func(t *rapid.T) {
		d := indexDoc{Row: rapid.Int().Draw(t, "row"), InvoiceID: text.Draw(t, "invoice"), Conceded: text.Draw(t, "conceded"), Verdict: location.Draw(t, "verdict")}
		for _, list := range d.records() {
			*list = records.Draw(t, "records")
		}
		for range rapid.IntRange(0, 2).Draw(t, "sheets") {
			d.Sheets = append(d.Sheets, sheetRef{text.Draw(t, "name"), location.Draw(t, "sheet")})
		}
		if rapid.Bool().Draw(t, "states") {
			d.Stated = &statedDoc{KWh: "1.5", Start: text.Draw(t, "start"), EVSE: text.Draw(t, "evse")}
		}
		raw := strings.TrimSuffix(string(d.append(nil)), "\n")
		requireQuick(t, raw, (*indexDoc).parse)
		cut := rapid.IntRange(0, len(raw)-1).Draw(t, "cut")
		require.False(t, new(indexDoc).parse([]byte(raw[:cut])))
		require.False(t, new(indexDoc).parse([]byte(raw+" ")))

		s := sheetDoc{InvoiceID: text.Draw(t, "of"), Line: text.Draw(t, "line"), Name: text.Draw(t, "called"), CDR: "00", Sheet: json.RawMessage(`{"x":[1]}`)}
		if rapid.Bool().Draw(t, "has input") {
			s.Input = &replay.Input{Version: "2.2.1", Rules: map[string]string{text.Draw(t, "question"): text.Draw(t, "choice")}, TimeZone: text.Draw(t, "zone")}
		}
		requireQuick(t, string(s.append(nil)), (*sheetDoc).parse)
	})
}
