package pack

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
)

const withdrawal = `{"id":"d1","at":"2026-11-02T10:00:00Z","by":"A","line":{"invoice":"INV-1","line":"12"},"decision":"withdraw","why":"no record"}`

// answeredCase is a case in which the debtor accepted line 3 and we withdrew line 12.
func answeredCase() *caseOfLines {
	c := madeCase(12)
	three, twelve := &c.lines[2], &c.lines[11]
	three.Disputed, three.Notes = false, []ocpi.Code{reconcile.ReasonAccepted, "claim-not-supported"}
	three.History = []reconcile.Event{
		{Kind: reconcile.EventDisputed, State: reconcile.EventReplaced, Record: three.Line.Record, Source: reconcile.SourceLine},
		{
			Kind: reconcile.EventAccepted, State: reconcile.EventCounts, Round: 1, Source: reconcile.SourceResponse, Pack: "sha256:0011", Owed: number("10"),
			Record: rec("round-1.csv", 3, `INV-1,3,CDR-3,EUR,10,10,,accept,,,,'=well,small,1,sha256:0011,`), Comment: "=well",
		},
	}
	decision, _ := reconcile.ParseDecision(rec("decisions.ndjson", 1, withdrawal))
	twelve.Disputed, twelve.Notes, twelve.Outcome = false, []ocpi.Code{"claim-not-supported", "line-exceeds-cdr"}, reconcile.Conceded
	twelve.Proven, twelve.Conceded, twelve.ConcededReason = money("0", "0"), money("11", "13.31"), reconcile.DecideWithdraw.Reason()
	twelve.History = []reconcile.Event{decision.Event(reconcile.EventCounts)}
	c.summary = madeSummary(c)
	return c
}

// issue writes a pack with its response sheet.
func (c *caseOfLines) issue(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "out")
	w, err := Create(dir, false)
	require.NoError(t, err)
	defer w.Abort()
	all := Contents{Summary: c.summary, Case: c.caseDoc, Inputs: []Input{{Kind: reconcile.SourceResponse, Name: "round-1.csv", SHA256: "00"}}}
	require.NoError(t, w.Issue(all, 2))
	for i := range c.lines {
		require.NoError(t, w.Add(Render(&c.lines[i])))
	}
	require.NoError(t, w.AddNotInvoiced(&c.notInvoiced[0]))
	require.NoError(t, w.File("report.html", []byte("page")))
	require.NoError(t, w.Commit(all))
	return dir
}

func TestAnsweredPackVerifies(t *testing.T) {
	dir := answeredCase().issue(t)
	v, err := Verify(context.Background(), dir)
	require.NoError(t, err)
	require.True(t, v.OK, v.Text())
	files := contents(t, dir)
	require.NotContains(t, files["data/response.csv"], "INV-1,3,", "what is settled is not asked")
	require.NotContains(t, files["data/response.csv"], "INV-1,12,")
	require.Contains(t, files["data/response.csv"], "INV-1,4,CDR-4,EUR,11,10,")
	require.Equal(t, withdrawal+"\n", files["data/records/decisions-0001.ndjson"])
	text := show(t, dir, "3")
	require.Contains(t, text, "Round 1: we said that 10 is owed, the debtor accepted: =well. (round-1.csv:3)")
	require.Contains(t, show(t, dir, "12"), "2026-11-02T10:00:00Z, decision d1 by A: withdraw: no record. (decisions.ndjson:1)")
}

func TestForgedAnswersAreFound(t *testing.T) {
	for name, forgery := range map[string]struct {
		file, old, new string
		rung, want     string
	}{
		"the sheet":            {"data/response.csv", ",11,10,", ",11,11,", rungLines, "response.csv line 2: does not agree"},
		"a row of the sheet":   {"data/response.csv", "INV-1,4,", "INV-1,5,", rungLines, "response.csv line 2: does not agree"},
		"what counts":          {"data/lines.ndjson", `"accepted","state":"counts"`, `"accepted","state":"voided"`, rungLines, "whether it was accepted"},
		"what we said is owed": {"data/lines.ndjson", `"owed":"10"`, `"owed":"12"`, rungParse, "history 2: the row that it names does not say so"},
		"words":                {"data/lines.ndjson", `"text":"=well"`, `"text":"=hell"`, rungParse, "history 2: the row that it names does not say so"},
		"who decided":          {"data/lines.ndjson", `"by":"A"`, `"by":"B"`, rungParse, "history 1: the decision that it names does not say so"},
		"what was decided":     {"data/lines.ndjson", `"decision":"withdraw"`, `"decision":"whatever"`, rungParse, "does not say so"},
		"the place":            {"data/lines.ndjson", `"file":"round-1.csv"`, `"file":"round-2.csv"`, rungParse, "is not disclosed"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := answeredCase().issue(t)
			rewrite(t, dir, forgery.file, replace(forgery.old, forgery.new))
			repair(t, dir)
			v, err := Verify(context.Background(), dir)
			require.NoError(t, err)
			require.Contains(t, failed(t, v, forgery.rung), forgery.want)
		})
	}
}

func TestForgedSettlementIsFound(t *testing.T) {
	for name, forgery := range map[string]struct {
		change func(c *caseOfLines)
		want   string
	}{
		"disputed as well":  {func(c *caseOfLines) { c.lines[2].Disputed = true }, "is disputed, and settled as well"},
		"without an answer": {func(c *caseOfLines) { c.lines[2].History = nil }, "but it has no history"},
		"proven all the same": {func(c *caseOfLines) {
			c.lines[11].Proven, c.lines[11].Conceded = c.lines[11].Conceded, c.lines[11].Proven
		}, `decision "d1" leaves 0 proven`},
		"two that count":       {func(c *caseOfLines) { c.lines[11].History = append(c.lines[11].History, c.lines[11].History[0]) }, "want one"},
		"no reason of its own": {func(c *caseOfLines) { c.lines[11].ConcededReason = "line-exceeds-cdr" }, "do not agree on decision-withdrawn"},
	} {
		t.Run(name, func(t *testing.T) {
			c := answeredCase()
			forgery.change(c)
			v, err := Verify(context.Background(), c.issue(t))
			require.NoError(t, err)
			require.Contains(t, failed(t, v, rungLines), forgery.want)
		})
	}
}

// A decision that was made for another case settles no line of this one.
func TestDecisionOfAnotherCaseIsFound(t *testing.T) {
	for name, ok := range map[string]bool{madeCase(1).summary.Case: true, "another": false} {
		c := answeredCase()
		text := strings.Replace(withdrawal, `"why"`, `"case":"`+name+`","why"`, 1)
		decision, f := reconcile.ParseDecision(rec("decisions.ndjson", 1, text))
		require.Nil(t, f)
		c.lines[11].History = []reconcile.Event{decision.Event(reconcile.EventCounts)}
		v, err := Verify(context.Background(), c.issue(t))
		require.NoError(t, err)
		require.Equal(t, ok, v.OK, v.Text())
		if !ok {
			require.Contains(t, failed(t, v, rungParse), "made for another case")
		}
	}
}

func TestForgedWorkbookIsFound(t *testing.T) {
	dir := answeredCase().issue(t)
	other := madeCase(12)
	book, err := os.ReadFile(filepath.Join(other.issue(t), "data", responseXLSXFile))
	require.NoError(t, err)
	rewrite(t, dir, "data/"+responseXLSXFile, func(string) string { return string(book) })
	repair(t, dir)
	v, err := Verify(context.Background(), dir)
	require.NoError(t, err)
	require.Contains(t, failed(t, v, rungLines), "response.xlsx: does not agree")

	rewrite(t, dir, "data/"+responseXLSXFile, func(string) string { return "no workbook" })
	repair(t, dir)
	v, err = Verify(context.Background(), dir)
	require.NoError(t, err)
	require.Contains(t, failed(t, v, rungLines), "not a workbook")

	require.NoError(t, os.Remove(filepath.Join(dir, "data", responseXLSXFile)))
	repair(t, dir)
	v, err = Verify(context.Background(), dir)
	require.NoError(t, err)
	require.Contains(t, failed(t, v, rungParse), "one is missing")
}

func TestSheetNamesThePackThatItIsIn(t *testing.T) {
	w, err := Create(filepath.Join(t.TempDir(), "out"), false)
	require.NoError(t, err)
	defer w.Abort()
	c := madeCase(1)
	all := Contents{Summary: c.summary, Case: c.caseDoc}
	require.NoError(t, w.Issue(all, 1))
	all.Inputs = []Input{{Kind: "cdrs", Name: "late.ndjson"}}
	require.ErrorContains(t, w.Commit(all), "names another pack")
}
