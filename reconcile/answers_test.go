package reconcile

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

func TestGuardedTextsComeBack(t *testing.T) {
	for text, want := range map[string]string{
		"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@A": "'@A", "\tx": "'\tx", "＝A1": "'＝A1", "'=1": "''=1", "''=1": "'''=1",
		"'quoted'": "'quoted'", "a=b": "a=b", "": "", "'": "'",
	} {
		assert.Equal(t, want, GuardFormula(text))
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("'=+-@\t＝a1\""))).Draw(t, "text")
		guarded := GuardFormula(text)
		require.Equal(t, text, UnguardFormula(guarded))
		require.False(t, runsAsFormula(guarded))
	})
}

func TestDisputeCodesMeanWhatTheySay(t *testing.T) {
	for i, code := range DisputeCodes() {
		assert.Equal(t, Quantity(1<<i), Disputes(code), code)
	}
}

func TestCheckTellsRowsApart(t *testing.T) {
	row := ResponseRow{
		Case: "C", Round: 1, Pack: "p", InvoiceID: "I", Line: "1", CDRID: "X", Currency: "EUR", Claimed: Known(exact.MustParse("5.00")),
		Owed: Known(exact.MustParse("4.50")), Reasons: "r",
	}
	same := row
	same.Claimed, same.Owed, same.Reasons = Known(exact.MustParse("5")), Known(exact.MustParse("4.5")), "" // as a spreadsheet writes them
	assert.Equal(t, row.Check(), same.Check())
	seen := map[string]bool{row.Check(): true}
	for _, change := range []func(*ResponseRow){
		func(r *ResponseRow) { r.Case = "D" }, func(r *ResponseRow) { r.Round = 2 }, func(r *ResponseRow) { r.Pack = "q" },
		func(r *ResponseRow) { r.InvoiceID = "J" }, func(r *ResponseRow) { r.Line = "2" }, func(r *ResponseRow) { r.CDRID = "Y" },
		func(r *ResponseRow) { r.Currency = "CHF" }, func(r *ResponseRow) { r.Claimed = Known(exact.MustParse("5.01")) },
		func(r *ResponseRow) { r.Owed = ocpi.Number{} },
	} {
		other := row
		change(&other)
		assert.False(t, seen[other.Check()], "%+v", other)
		seen[other.Check()] = true
	}
}

func TestAnswerHeadings(t *testing.T) {
	_, findings, err := NewAnswerReader([]string{"LINE", " Invoice ID ", "Answer", "mine"}, nil, 1)
	require.NoError(t, err)
	require.Len(t, findings, 1)
	assert.Contains(t, findings[0].Message, `"mine"`)
	_, _, err = NewAnswerReader([]string{"invoice_id", "answer"}, nil, 1)
	require.ErrorContains(t, err, "want columns invoice_id, line and answer")
	_, _, err = NewAnswerReader([]string{"invoice_id", "line", "answer", "Antwort", "response"}, nil, 1)
	require.NoError(t, err, "the native name goes before synonyms")
	_, _, err = NewAnswerReader([]string{"invoice_id", "line", "answer", "Answer"}, nil, 1)
	require.ErrorContains(t, err, "both hold answer")
}

func drawAnswer(t *rapid.T, i int, lines []*Line, kinds ...AnswerKind) *Answer {
	l := rapid.SampledFrom(lines).Draw(t, "answered")
	a := &Answer{
		Record: ocpi.Record{Place: ocpi.Place{File: "r.csv", Record: i + 1, Line: i + 2}}, Round: rapid.IntRange(1, 3).Draw(t, "round"),
		Kind: rapid.SampledFrom(kinds).Draw(t, "answer"),
		Sheet: ResponseRow{InvoiceID: l.InvoiceID, Line: l.Line, CDRID: l.CDRID, Currency: l.Currency, Claimed: l.Claimed.BeforeTaxes,
			Owed: Known(exact.MustParse(someAmounts.Draw(t, "owed")))},
	}
	if a.Kind == Dispute {
		a.Code = someReasons.Draw(t, "code")
		if rapid.Bool().Draw(t, "values") {
			a.TheirValue = Known(exact.MustParse(someAmounts.Draw(t, "value")))
		}
	}
	return a
}

func drawDecision(t *rapid.T, i int, lines []*Line) *Decision {
	l := rapid.SampledFrom(lines).Draw(t, "decided")
	d := &Decision{
		Record: ocpi.Record{Place: ocpi.Place{File: "d.ndjson", Record: i + 1, Line: i + 1}}, ID: fmt.Sprintf("d%d", i), By: "b", Why: "w",
		InvoiceID: l.InvoiceID, Line: l.Line, Kind: rapid.SampledFrom(decisionKinds).Draw(t, "decision"), Round: rapid.IntRange(0, 2).Draw(t, "after"),
	}
	if d.Kind == DecideMatch {
		d.CDRID = someCDRs.Draw(t, "cdr")
	}
	if i > 0 && rapid.Bool().Draw(t, "supersedes") {
		d.Supersedes = fmt.Sprintf("d%d", rapid.IntRange(0, i).Draw(t, "superseded"))
	}
	return d
}

// whole checks what holds of every verdict, whatever was said.
func whole(t *rapid.T, v *GroupVerdict) {
	var tally Tally
	for i := range v.Lines {
		l := &v.Lines[i]
		checkVerdict(t, l)
		tally.Add(l)
		for _, part := range []Money{l.Proven, l.Conceded, l.Unproven} {
			if l.Invoiced.BeforeTaxes.Value.Sign() > 0 {
				require.True(t, Money{BeforeTaxes: part.BeforeTaxes}.IsPartOf(Money{BeforeTaxes: l.Invoiced.BeforeTaxes}), "no more than is claimed, and not less than nothing: %s", said(l))
			}
		}
	}
	require.NoError(t, tally.Conserves())
}

func TestWhatIsSaidConserves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, a := drawGroup(t)
		for i := range rapid.IntRange(0, 4).Draw(t, "answers") {
			g.Answers = append(g.Answers, drawAnswer(t, i, g.Lines, NoAnswer, Accept, Dispute))
		}
		for i := range rapid.IntRange(0, 4).Draw(t, "decisions") {
			g.Decisions = append(g.Decisions, drawDecision(t, i, g.Lines))
		}
		ResolveDecisions(g.Decisions, "")
		v := Judge(g, a)
		whole(t, v)
		for i := range v.Lines {
			l := &v.Lines[i]
			if slices.Contains(l.Reasons(), codeDecisionWithdrawn) {
				require.True(t, l.Proven.BeforeTaxes.Value.IsZero() && l.Unproven.BeforeTaxes.Value.IsZero())
			}
			require.False(t, l.Disputed && slices.ContainsFunc(l.Reasons(), func(c ocpi.Code) bool { return slices.Contains(SettledReasons, c) }))
		}
		shuffled := *g
		shuffled.Answers, shuffled.Decisions = rapid.Permutation(g.Answers).Draw(t, "order"), rapid.Permutation(g.Decisions).Draw(t, "decision order")
		again := Judge(&shuffled, a)
		for i := range v.Lines {
			require.Equal(t, said(&v.Lines[i]), said(&again.Lines[i]))
		}
	})
}

// said is a verdict and its history as text.
func said(v *LineVerdict) string {
	return strings.Join(append(renderHistory(v), renderLine(v)), "\n")
}

// Acceptance moves money from unproven to proven alone, and raises no line above what we computed.
func TestAcceptanceIsBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, a := drawGroup(t)
		before := Judge(g, a)
		for i := range rapid.IntRange(1, 4).Draw(t, "answers") {
			g.Answers = append(g.Answers, drawAnswer(t, i, g.Lines, NoAnswer, Accept))
		}
		after := Judge(g, a)
		whole(t, after)
		for i := range after.Lines {
			was, is := &before.Lines[i], &after.Lines[i]
			require.Equal(t, text(was.Conceded.BeforeTaxes), text(is.Conceded.BeforeTaxes))
			require.False(t, is.Proven.BeforeTaxes.Value.Less(was.Proven.BeforeTaxes.Value), "nothing proven is lost")
			require.False(t, was.Owed().Less(is.Proven.BeforeTaxes.Value), "no more than we say is owed")
			if cost := is.Computed.BeforeTaxes; cost.Present && !was.Proven.BeforeTaxes.Value.Equal(is.Proven.BeforeTaxes.Value) {
				require.False(t, cost.Value.Add(exact.New(1, 2)).Less(is.Proven.BeforeTaxes.Value), "no more than we computed, rounded")
			}
		}
	})
}

// What an issued row says is what comes back: an accepted row settles its line, whatever the line is worth.
func TestIssuedRowsSettle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, a := drawGroup(t)
		for i, l := range g.Lines { // so that each is named by its number alone
			l.Line = fmt.Sprint(i + 1)
		}
		before := Judge(g, a)
		for i := range before.Lines {
			v := &before.Lines[i]
			g.Answers = append(g.Answers, &Answer{Round: 1, Kind: Accept, Record: v.Line.Record, Sheet: ResponseRow{
				InvoiceID: v.Line.InvoiceID, Line: v.Line.Line, CDRID: v.Line.CDRID, Currency: v.Line.Currency,
				Claimed: v.Line.Claimed.BeforeTaxes, Owed: Known(v.Owed()),
			}})
		}
		after := Judge(g, a)
		for i := range after.Lines {
			v := &after.Lines[i]
			settled := slices.Contains(v.Reasons(), codeAcceptedByDebtor)
			require.Equal(t, v.Unproven.BeforeTaxes.Value.IsZero(), settled, "settled where nothing is left unproven")
			require.True(t, v.Owed().Equal(v.Proven.BeforeTaxes.Value), "all that is owed is proven")
		}
	})
}

func FuzzAnswer(f *testing.F) {
	header := strings.Join(ResponseColumns(), "\x00")
	f.Add(header, "I\x001\x00C\x00EUR\x005.00\x004,50\x00r\x00accept\x00kwh\x00'=1\x00e\x00c\x00case\x001\x00p\x00c")
	f.Add("line\x00answer\x00invoice_id", "1\x00bestritten\x00'=I")
	f.Fuzz(func(t *testing.T, head, cells string) {
		r, _, err := NewAnswerReader(strings.Split(head, "\x00"), nil, 1)
		if err != nil {
			return
		}
		a, findings := r.Read(ocpi.Record{}, strings.Split(cells, "\x00"))
		if a == nil {
			require.NotNil(t, ocpi.FirstBlock(findings), "a row that is rejected says why")
			return
		}
		require.Contains(t, []AnswerKind{NoAnswer, Accept, Dispute}, a.Kind)
		require.NotEmpty(t, a.Sheet.InvoiceID+a.Sheet.Line)
	})
}

func FuzzDecision(f *testing.F) {
	f.Add([]byte(`{"id":"a","at":"2026-11-02T10:00:00Z","by":"b","line":{"invoice":"I","line":"1"},"decision":"withdraw","why":"w","supersedes":"z"}`))
	f.Add([]byte(`{"id":"a","at":"2026-11-02T10:00:00Z","by":"b","line":{"invoice":"I","line":"1"},"decision":"accept-theirs","amount":1e3,"why":"w"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, finding := ParseDecision(ocpi.Record{Bytes: raw})
		if d == nil {
			require.NotNil(t, finding)
			return
		}
		require.Contains(t, decisionKinds, d.Kind)
		require.NotEmpty(t, d.Kind.Reason())
		require.Empty(t, ResolveDecisions([]*Decision{d}, "")[min(len(d.Supersedes), 1):])
	})
}
