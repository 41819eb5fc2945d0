package pack

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
)

// twoSidedCase is a small case beside the debtor's copy: line 3, which is disputed, differs, and so does line 1; CDR 2 is missing, CDR 9 extra.
func twoSidedCase() (*caseOfLines, []reconcile.SideBySide) {
	c := madeCase(6)
	theirs := func(n int, old, new string) *ocpi.CDR {
		return decodedFrom(rec("theirs.ndjson", n, strings.Replace(rawCDR(n), old, new, 1)))
	}
	differs := func(n int, old, new string) reconcile.SideBySide {
		s := reconcile.CompareSides(reconcile.SideOfCDR(madeCDR(n)), reconcile.SideOfCDR(theirs(n, old, new)))
		s.OurCost, s.TheirCost = money("10", "12.1"), money("9.7", "11.74")
		return s
	}
	sides := []reconcile.SideBySide{
		{Verdict: reconcile.OnlyTheirs, Theirs: reconcile.SideOfCDR(theirs(9, "", "")), TheirCost: money("10", "12.1")},
		differs(3, `"total_energy":25`, `"total_energy":24`),
		{Verdict: reconcile.OnlyOurs, Ours: reconcile.SideOfCDR(madeCDR(2)), OurCost: money("10", "12.1")},
		differs(1, `"city":"Utrecht",`, ""),
	}
	var tally reconcile.TwoSidedTally
	for i := range sides {
		tally.Add(&sides[i])
		c.findings = append(c.findings, ocpi.Finding{Severity: ocpi.SeverityWarn, Code: map[reconcile.SideVerdict]ocpi.Code{
			reconcile.OnlyTheirs: "theirs-extra", reconcile.OnlyOurs: "theirs-missing", reconcile.SidesDiffer: "theirs-differs",
		}[sides[i].Verdict]})
	}
	for _, n := range []int{4, 5, 6, 7} {
		same := reconcile.CompareSides(reconcile.SideOfCDR(madeCDR(n)), reconcile.SideOfCDR(theirs(n, `"total_energy":25,`, `"total_energy":25.0,`)))
		tally.Add(&same)
	}
	stays := staysOf(c)
	c.summary.Theirs = tally.Result()
	c.summary.Records.Theirs = reconcile.RecordCount{Read: 7, Used: 7}
	return c, append(sides, stays...)
}

// staysOf are the sessions beside the debtor's copy: that of line 3 differs, 2 is missing, 9 is extra, the others are the same.
func staysOf(c *caseOfLines) []reconcile.SideBySide {
	theirs := func(n int, old, new string) *reconcile.SideRecord {
		s, _ := ocpi.NewDecoder(ocpi.Options{}).Session(rec("their_sessions.ndjson", n, strings.Replace(rawSession(n), old, new, 1)))
		return reconcile.SideOfSession(s)
	}
	ours := func(n int) *reconcile.SideRecord { return reconcile.SideOfSession(madeSession(n)) }
	sides := []reconcile.SideBySide{
		reconcile.CompareSides(ours(3), theirs(3, `"kwh":25`, `"kwh":24`)),
		{Verdict: reconcile.OnlyTheirs, Theirs: theirs(9, "", "")},
		{Verdict: reconcile.OnlyOurs, Ours: ours(2)},
	}
	c.findings = append(c.findings, ocpi.Finding{Severity: ocpi.SeverityWarn, Code: "theirs-session-differs"},
		ocpi.Finding{Severity: ocpi.SeverityWarn, Code: "theirs-session-extra"}, ocpi.Finding{Severity: ocpi.SeverityWarn, Code: "theirs-session-missing"})
	var tally reconcile.TwoSidedTally
	for i := range sides {
		tally.Add(&sides[i])
	}
	for _, n := range []int{1, 4} {
		same := reconcile.CompareSides(ours(n), theirs(n, "", ""))
		tally.Add(&same)
	}
	c.summary.TheirSessions = tally.Result()
	c.summary.Records.TheirSessions = reconcile.RecordCount{Read: 4, Used: 4}
	return sides
}

func writeTwoSided(t *testing.T) string {
	t.Helper()
	c, sides := twoSidedCase()
	dir := filepath.Join(t.TempDir(), "out")
	w, err := Create(dir, false)
	require.NoError(t, err)
	defer w.Abort()
	for i := range sides {
		row := RenderTheirs(&sides[i])
		require.NoError(t, w.AddTheirs(&row))
	}
	require.NoError(t, c.fill(w))
	return dir
}

// Rows are sorted by their key, whatever the order in which they came; nothing else is left in the folder.
func TestTheirsAreSorted(t *testing.T) {
	dir := writeTwoSided(t)
	requireOK(t, dir)
	var ids []string
	for row := range strings.Lines(contents(t, dir)["data/theirs.ndjson"]) {
		_, rest, _ := strings.Cut(row, `"cdr_id":"`)
		ids = append(ids, rest[:5])
	}
	require.Equal(t, []string{"CDR-1", "CDR-2", "CDR-3", "CDR-9"}, ids)
	left, err := os.ReadDir(filepath.Dir(dir))
	require.NoError(t, err)
	require.Len(t, left, 1)
}

// A pack that is given up leaves nothing, nor do the rows that it holds back.
func TestTheirsAreAborted(t *testing.T) {
	_, sides := twoSidedCase()
	parent := t.TempDir()
	w, err := Create(filepath.Join(parent, "out"), false)
	require.NoError(t, err)
	row := RenderTheirs(&sides[0])
	require.NoError(t, w.AddTheirs(&row))
	w.Abort()
	left, err := os.ReadDir(parent)
	require.NoError(t, err)
	require.Empty(t, left)
}

// TestForgedTheirs changes the comparison and repairs the manifests: each change contradicts something else in the pack.
func TestForgedTheirs(t *testing.T) {
	const rows, summary, findings, stays = "data/theirs.ndjson", "data/summary.json", "data/findings.ndjson", "data/their_sessions.ndjson"
	for name, f := range map[string]struct{ file, old, new, rung, fault string }{
		"our value":       {rows, `"ours":"25","theirs":"24"`, `"ours":"26","theirs":"24"`, rungParse, "our value is not that of the disclosed record"},
		"no difference":   {rows, `"ours":"25","theirs":"24"`, `"ours":"24","theirs":"24"`, rungParse, "is no difference"},
		"what it bears":   {rows, `"bears_on":"quantity"`, `"bears_on":null`, rungParse, "bears on something else"},
		"a gap":           {rows, `"kwh":"-1"`, `"kwh":"-2"`, rungParse, "its difference is not that of its two sides"},
		"a cost":          {rows, `"cost":{"before_taxes":"9.7"`, `"cost":{"before_taxes":"9.8"`, rungParse, "its difference is not that of its two sides"},
		"a verdict":       {rows, `"only-ours"`, `"only-theirs"`, rungParse, "its sides say otherwise"},
		"another verdict": {rows, `"only-ours"`, `"same"`, rungParse, `verdict "same" is none`},
		"a sum":           {rows, `"kwh":"25","cost"`, `"kwh":"26","cost"`, rungParse, "its difference"},
		"the missing": {rows, `"verdict":"only-ours","ours":{"ocpi_version":"2.2.1","start_date_time":"2026-09-01T10:00:00Z","currency":"EUR","net":"10"`,
			`"verdict":"only-ours","ours":{"ocpi_version":"2.2.1","start_date_time":"2026-09-01T10:00:00Z","currency":"EUR","net":"11"`, rungConserve, "completeness of NL CPO 2026-09 EUR"},
		"the order": {rows, `"cdr_id":"CDR-2"`, `"cdr_id":"CDR-8"`, rungParse, "not in the order of the keys"},
		"a count":   {summary, `"differ": 2`, `"differ": 3`, rungConserve, "its counts of the two sides"},
		"the same":  {summary, `"same": 4`, `"same": 5`, rungConserve, "does not cover"},
		"what was read": {summary, `"their_cdrs": {
      "read": 7,
      "used": 7,
      "duplicate": 0,
      "rejected": 0
    }`, `"their_cdrs": {
      "read": 7,
      "used": 6,
      "duplicate": 1,
      "rejected": 0
    }`, rungConserve, "7 records are received, but 6"},
		"a session": {stays, `"ours":"25","theirs":"24"`, `"ours":"26","theirs":"24"`, rungParse, "our value is not that of the disclosed record"},
		"a session's status": {stays, `"session_id":"S-3","verdict":"differs","ours":{"ocpi_version":"2.2.1","start_date_time":"2026-09-01T10:00:00Z","last_updated":"2026-09-01T11:05:00Z","status":"COMPLETED"`,
			`"session_id":"S-3","verdict":"differs","ours":{"ocpi_version":"2.2.1","start_date_time":"2026-09-01T10:00:00Z","last_updated":"2026-09-01T11:05:00Z","status":"INVALID"`, rungParse, "our net, kWh, status or id"},
		"a session that bears": {stays, `"bears_on":"quantity"`, `"bears_on":"price"`, rungParse, "bears on something else"},
		"a session's verdict":  {stays, `"only-ours"`, `"only-theirs"`, rungParse, "its sides say otherwise"},
		"a CDR for a session":  {stays, `"session_id":"S-2"`, `"cdr_id":"S-2"`, rungParse, "not in the form"},
		"a session's finding":  {findings, `"theirs-session-extra"`, `"theirs-session-differs"`, rungConserve, "tells of other numbers of records"},
		"the sessions":         {summary, `"same": 2`, `"same": 3`, rungConserve, "does not cover what their_sessions.ndjson"},
		"a finding":            {findings, `"theirs-extra"`, `"theirs-differs"`, rungConserve, "tells of other numbers of records"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := writeTwoSided(t)
			rewrite(t, dir, f.file, replace(f.old, f.new))
			repair(t, dir)
			require.Contains(t, failed(t, verify(t, dir), f.rung), f.fault)
		})
	}
	for _, name := range []string{theirsFile, theirSessionsFile} {
		dir := writeTwoSided(t)
		require.NoError(t, os.Remove(filepath.Join(dir, "data", name)))
		repair(t, dir)
		require.Contains(t, failed(t, verify(t, dir), rungParse), name+": is there if and only if")
	}
}
