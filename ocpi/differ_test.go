package ocpi

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestDifferences(t *testing.T) {
	for _, c := range []struct {
		name, a, b string
		want       []string
	}{
		{"notation", `{"a":1.50,"b":"x"}`, `{ "b":"\u0078", "a":1.5e0}`, nil},
		{"null is no member", `{"a":null,"b":1}`, `{"b":1}`, nil},
		{"instants", `{"last_updated":"2026-09-01T12:00:00Z"}`, `{"last_updated":"2026-09-01T14:00:00.0+02:00"}`, nil},
		{"instants of 2.1.1 sessions", `{"start_datetime":"2026-09-01T12:00:00Z"}`, `{"start_datetime":"2026-09-01T14:00:00+02:00"}`, nil},
		{"instants of other names are texts", `{"note":"2026-09-01T12:00:00Z"}`, `{"note":"2026-09-01T12:00:00.0Z"}`, []string{`/note "2026-09-01T12:00:00Z" "2026-09-01T12:00:00.0Z"`}},
		{"instants a second apart", `{"end_date_time":"2026-09-01T12:00:00Z"}`, `{"end_date_time":"2026-09-01T12:00:01Z"}`,
			[]string{`/end_date_time "2026-09-01T12:00:00Z" "2026-09-01T12:00:01Z"`}},
		{"key without case", `{"id":"a","party_id":"cpo","country_code":"nl"}`, `{"id":"A","party_id":"CPO","country_code":"NL"}`, nil},
		{"other ids with case", `{"session_id":"a","t":{"id":"a"}}`, `{"session_id":"A","t":{"id":"A"}}`, []string{`/session_id "a" "A"`, `/t/id "a" "A"`}},
		{"absent", `{"a":1}`, `{"b":[2]}`, []string{"/a 1 -", "/b - [2]"}},
		{"type", `{"a":1}`, `{"a":"1"}`, []string{`/a 1 "1"`}},
		{"list", `{"p":[{"v":1},{"v":2}]}`, `{"p":[{"v":1},{"v":3},{"v":4}]}`, []string{"/p/1/v 2 3", `/p/2 - {"v":4}`}},
		{"escaped", `{"a/b~c":1}`, `{"a/b~c":2}`, []string{"/a~1b~0c 1 2"}},
		{"no JSON", `{"a":1`, `{"a":1}`, []string{` {"a":1 {"a":1}`}},
		{"the same bytes", `{"a":1`, `{"a":1`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, all := Differences([]byte(c.a), []byte(c.b), 10)
			var got []string
			for _, d := range list {
				got = append(got, d.Pointer+" "+orDash(d.A)+" "+orDash(d.B))
			}
			assert.Equal(t, c.want, got)
			assert.Len(t, list, all)
		})
	}
}

func orDash(raw []byte) string {
	if raw == nil {
		return "-"
	}
	return string(raw)
}

func TestDifferencesAreCountedBeyondTheList(t *testing.T) {
	list, all := Differences([]byte(`[1,2,3]`), []byte(`[4,5,6]`), 2)
	assert.Len(t, list, 2)
	assert.Equal(t, 3, all)
}

// Exchanging the records exchanges the values, and what SameBody calls the same never differs.
func TestDifferencesBothWays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.SampledFrom([]string{`1`, `1.0`, `"x"`, `"2026-01-01T00:00:00Z"`, `"2026-01-01T01:00:00+01:00"`, `null`, `[]`, `[1,{"id":2}]`, `{"id":1}`, `{}`})
		name := rapid.SampledFrom([]string{"id", "last_updated", "a", "b"})
		object := func(label string) []byte {
			text := "{"
			for i := range rapid.IntRange(0, 4).Draw(t, label) {
				if i > 0 {
					text += ","
				}
				text += `"` + name.Draw(t, "name") + `":` + value.Draw(t, "value")
			}
			return []byte(text + "}")
		}
		a, b := object("a"), object("b")
		there, n := Differences(a, b, 100)
		back, m := Differences(b, a, 100)
		require.Equal(t, n, m)
		for i := range there {
			require.Equal(t, BodyDifference{there[i].Pointer, there[i].B, there[i].A}, back[i])
		}
		if SameBody(a, b) {
			require.Zero(t, n)
		}
	})
}
