package report

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
)

func TestAmount(t *testing.T) {
	for _, c := range []struct{ in, currency, want string }{
		{"0", "EUR", "0.00"},
		{"1234567.5", "EUR", "1 234 567.50"},
		{"-999.999", "EUR", "−999.999"},
		{"-1000", "EUR", "−1 000.00"},
		{"12.3400", "EUR", "12.34"},
		{"12345", "JPY", "12 345"},
		{"12345.5", "JPY", "12 345.5"},
		{"1.2", "KWD", "1.200"},
		{"100000000000000000000.01", "EUR", "100 000 000 000 000 000 000.01"},
	} {
		assert.Equal(t, strings.ReplaceAll(c.want, " ", group), amount(dec(c.in), c.currency))
	}
}

func TestPermille(t *testing.T) {
	values := func(texts ...string) []exact.Decimal {
		var out []exact.Decimal
		for _, s := range texts {
			out = append(out, dec(s))
		}
		return out
	}
	assert.Equal(t, []int{334, 333, 333}, permille(0, values("1", "1", "1")...))
	assert.Equal(t, []int{996, 4, 0}, permille(4, values("1000000", "0.01", "0")...), "what is there can be seen")
	assert.Equal(t, []int{1000, 0}, permille(4, values("5", "-3")...), "what is negative has no length")
	assert.Equal(t, []int{0, 0}, permille(4, values("0", "0")...))
	assert.Equal(t, []int{500, 500}, permille(0, values("99999999999999999999.1", "99999999999999999999.1")...))
}

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		"plain":              "plain",
		"Köln Ω 充電":          "Köln Ω 充電",
		"a\tb\r\nc":          "a b  c",
		"evil\u202etxt":      "evil‹U+202E›txt",
		"zero\u200bwidth":    "zero‹U+200B›width",
		"bell\a":             "bell‹U+0007›",
		"\u2066x\u2069":      "‹U+2066›x‹U+2069›",
		"bad \xff byte":      "bad \ufffd byte",
		"line\u2028separate": "line‹U+2028›separate",
	} {
		assert.Equal(t, want, visible(in))
	}
	long := visible(strings.Repeat("x", maxText+25))
	assert.True(t, strings.HasSuffix(long, "… (25 bytes more)"))
}

func TestTextIsASCIIJSON(t *testing.T) {
	for _, s := range []string{"", "a<b>&'\"\\", "Köln 充電 😀", "\u202e</script>"} {
		out := appendText(nil, s)
		for _, c := range out {
			assert.True(t, c >= 0x20 && c < 0x7f && c != '<' && c != '>' && c != '&')
		}
		var back string
		require.NoError(t, json.Unmarshal(out, &back))
		assert.Equal(t, visible(s), back)
	}
}

func TestTableSharesValues(t *testing.T) {
	var shared table
	first := shared.text(shared.text(nil, "one"), "two")
	second := shared.text(shared.text(nil, "two"), "three")
	assert.Len(t, shared.entries, 3)

	l := linker{table: &shared, of: map[int]int{}}
	assert.Equal(t, "01", string(l.link(nil, second)), "numbered by use")
	assert.Equal(t, []string{`"two"`, `"three"`}, l.used, "what no detail uses is not written")
	assert.Equal(t, "20", string(l.link(nil, first)))
}

func TestLinesInOrder(t *testing.T) {
	ordered := []string{"1", "2", "10", "010", "99", "100", "18446744073709551616", "", "a", "b"}
	for i := range ordered[1:] {
		a, b := ordered[i], ordered[i+1]
		if a == "10" {
			assert.Positive(t, reconcile.CompareLineNumbers(a, b), "equal numbers as text")
			continue
		}
		assert.Negative(t, reconcile.CompareLineNumbers(a, b), "%q before %q", a, b)
		assert.Positive(t, reconcile.CompareLineNumbers(b, a))
	}
}

func TestSentences(t *testing.T) {
	line := func(currency string) *reconcile.Line { return &reconcile.Line{Currency: currency} }
	net := func(s string) reconcile.Money { return reconcile.Money{BeforeTaxes: num(s)} }
	for _, c := range []struct {
		v    reconcile.LineVerdict
		want string
	}{
		{
			reconcile.LineVerdict{Line: line("EUR"), Outcome: reconcile.Proven, Invoiced: net("12.4"), Proven: net("12.4")},
			"Proven in full: the records support the 12.40 EUR invoiced.",
		},
		{
			reconcile.LineVerdict{Line: line("EUR"), Disputed: true, Outcome: reconcile.Proven, Invoiced: net("12.4"), Underbilled: net("0.55")},
			"Proven in full: the records support the 12.40 EUR invoiced, and nothing in them supports the dispute. " +
				"The records support 0.55 EUR more than was invoiced; it is not claimed.",
		},
		{
			reconcile.LineVerdict{Line: line("JPY"), Outcome: reconcile.Conceded, Invoiced: net("1200"), ConcededReason: "x-cdr"},
			"Conceded in full: the 1\u202f200 JPY invoiced is not owed. X CDR.",
		},
		{
			reconcile.LineVerdict{Line: line("EUR"), Outcome: reconcile.Unproven, Invoiced: net("5"), UnprovenReason: "x-y"},
			"Not proved: the 5.00 EUR invoiced is neither proved nor disproved. X y.",
		},
		{
			reconcile.LineVerdict{
				Line: line("EUR"), Outcome: reconcile.Partial, Invoiced: net("5"), Proven: net("3"), Conceded: net("1.5"), Unproven: net("0.5"),
				ConcededReason: "too-much", UnprovenReason: "at-odds",
			},
			"Of 5.00 EUR invoiced, 3.00 EUR is proven. 1.50 EUR is conceded: too much. 0.50 EUR is neither proved nor disproved: at odds.",
		},
	} {
		assert.Equal(t, c.want, strings.ReplaceAll(sentences(&c.v), "\u00a0", " "))
	}
}

func TestDisputeInWords(t *testing.T) {
	v := &reconcile.LineVerdict{
		Line: &reconcile.Line{Currency: "EUR", Disputed: true, Reason: "zu viel"},
		Claims: []*reconcile.Claim{{
			Record: ocpi.Record{Place: ocpi.Place{File: "d.csv", Line: 3}}, Reason: "kWh", ClaimedKWh: num("11.20"), ClaimedAmount: num("4"),
		}},
	}
	assert.Equal(t, []string{
		"Marked as disputed on the invoice: “zu viel”.",
		"Disputed: “kWh”; the debtor's record says 11.2 kWh; the debtor admits 4.00\u00a0EUR net (d.csv:3).",
	}, disputeSentences(v))
	assert.Equal(t, "energy, tariff", quantities(reconcile.QuantityKWh|reconcile.QuantityTariff))
	assert.Equal(t, "everything", quantities(reconcile.QuantityAll))
}

func TestFactsThatDiffer(t *testing.T) {
	at := time.Date(2026, 9, 3, 10, 0, 0, 0, time.UTC)
	l := &reconcile.Line{ClaimedKWh: num("12.50"), SessionID: "s1", Start: at, Currency: "EUR"}
	c := &ocpi.CDR{TotalEnergy: num("12.5"), SessionID: "S1", StartDateTime: at.In(time.FixedZone("", 7200)), Currency: "EUR"}
	s := &ocpi.Session{KWh: num("12.4"), ID: "S2", StartDateTime: at}
	differing := map[string]bool{}
	for _, f := range facts(l, c, s) {
		if f.differs() {
			differing[f.name] = true
		}
	}
	assert.Equal(t, map[string]bool{"Energy, kWh": true, "Session id": true}, differing)
}

func TestTariffInWords(t *testing.T) {
	assert.Equal(t, "always", conditions(nil))
	assert.Equal(t, "18:00 to 06:30 local time; from 20 kWh; below 3600 s after the start; on Mon, Sun", strings.ReplaceAll(conditions(&ocpi.Restrictions{
		StartTime: ocpi.TimeOfDay{Minutes: 18 * 60, Present: true}, EndTime: ocpi.TimeOfDay{Minutes: 390, Present: true},
		MinKWh: num("20"), MaxDuration: num("3600"), DayOfWeek: 1<<time.Monday | 1<<time.Sunday,
	}), group, ""))
	assert.Equal(t, "Time 3.00\u00a0EUR per hour, VAT 21 %, in steps of 60 s",
		componentText(ocpi.PriceComponent{Kind: ocpi.Time, Type: "TIME", Price: num("3"), VAT: num("21"), StepSize: num("60")}, "EUR"))
}

func TestEveryOperationHasItsFormula(t *testing.T) {
	for _, name := range opNames()[1:] {
		switch name {
		case "input", "const", "seconds", "note":
			continue
		}
		assert.Regexp(t, `["\s{]`+name+`"?: "`, detailJS, "detail.js puts %s into words", name)
	}
}

func TestMoreThanOneLimit(t *testing.T) {
	v := newSample(t, 1).verdicts[0]
	v.Disputed = true
	for range maxFindings + 5 {
		v.Findings = append(v.Findings, ocpi.Finding{Code: "x", Message: "again"})
	}
	for range maxOthers + 3 {
		v.CDRs = append(v.CDRs, &ocpi.CDR{ID: "other"})
	}
	var shared table
	var d struct {
		Findings [][]any
		Others   []string
	}
	l := linker{table: &shared, of: map[int]int{}}
	require.NoError(t, json.Unmarshal(l.link(nil, appendDetail(nil, v, &shared)), &d))
	assert.Len(t, d.Findings, maxFindings+1)
	assert.Equal(t, "5 more findings are in lines.ndjson", d.Findings[maxFindings][2])
	assert.Len(t, d.Others, maxOthers+1)
	assert.Equal(t, "and 3 more", d.Others[maxOthers])
}
