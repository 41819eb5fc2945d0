package pack

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
)

// madeMasters is a case of a master line of 22.00 over two members of 10, and a CDR that is missing from it.
func madeMasters() *caseOfLines {
	c := madeCase(2)
	m := &reconcile.MasterLine{
		InvoiceID: "INV-1", Line: "9", Currency: "EUR", By: reconcile.MembersByAnnex, Stated: money("22", ""), Members: 2,
		Carried: money("20", ""), Rest: money("2", ""),
	}
	for i := range c.lines {
		l := c.lines[i].Line
		l.Master, l.MasterLine, l.Line = m, "9", "9/"+l.Line
	}
	c.lines = append([]reconcile.LineVerdict{{
		Line: &reconcile.Line{
			Record: rec("invoice.csv", 9, "INV-1,9,22,EUR"), InvoiceID: "INV-1", Line: "9", Claimed: money("2", ""), Currency: "EUR", Master: m,
		},
		Match: reconcile.Match{State: "unmatched", Rule: "members"}, Invoiced: money("2", ""), Proven: money("0", ""), Conceded: money("0", ""),
		Unproven: money("2", ""), Underbilled: money("0", ""), Outcome: reconcile.Unproven, UnprovenReason: "master-remainder",
		Findings: []ocpi.Finding{{Code: "master-remainder", Severity: ocpi.SeverityError, Message: "2 are left"}},
	}}, c.lines...)
	c.notInvoiced[0].MissingFrom = m
	var sums reconcile.MasterSums
	for i := range c.lines {
		sums.Add(&c.lines[i])
	}
	sums.AddMissing(&c.notInvoiced[0])
	c.summary = madeSummary(c)
	results := sums.Results()
	c.summary.Masters = reconcile.MasterSummaries(results)
	c.files[mastersFile] = string(renderMasters(results))
	return c
}

func TestVerifyMakesMasterLinesAnew(t *testing.T) {
	v := verify(t, madeMasters().write(t))
	require.True(t, v.OK, v.Text())

	for name, c := range map[string]struct{ file, old, new, rung, fault string }{
		"a CDR more is missing": {
			"data/master_lines.ndjson", `"missing":[`, `"missing":[{"cdr_id":"X","amount":"1"},`, "conserve", "master_lines.ndjson: does not say",
		},
		"a rest":                 {"data/master_lines.ndjson", `"rest":"2"`, `"rest":"0"`, "conserve", "master_lines.ndjson: does not say"},
		"a summary":              {"data/summary.json", `"rest": "2"`, `"rest": "0"`, "conserve", "master_lines: "},
		"another master is lost": {"data/not_invoiced.ndjson", `"line":"9"`, `"line":"8"`, "conserve", "master_lines.ndjson: does not say"},
		"the row states another": {"data/lines.ndjson", `"stated":{"before_taxes":"22"`, `"stated":{"before_taxes":"23"`, "parse", "(invoice \"INV-1\" line \"9\"): the row of the invoice"},
		"a member is no member":  {"data/lines.ndjson", `"master_line":"9","by"`, `"master_line":"8","by"`, "conserve", "does not say"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := madeMasters().write(t)
			rewrite(t, dir, c.file, replace(c.old, c.new))
			repair(t, dir)
			v := verify(t, dir)
			require.Contains(t, failed(t, v, c.rung), c.fault, v.Text())
		})
	}
}

// What a master line states is what its members and their rest sum to: a pack that says otherwise on every page does not verify.
func TestVerifySumsMasterLines(t *testing.T) {
	c := madeMasters()
	m := c.lines[0].Line.Master
	m.Stated = money("23", "")
	c.lines[0].Line.Record = rec("invoice.csv", 9, "INV-1,9,23,EUR")
	var sums reconcile.MasterSums
	for i := range c.lines {
		sums.Add(&c.lines[i])
	}
	sums.AddMissing(&c.notInvoiced[0])
	results := sums.Results()
	c.summary.Masters = reconcile.MasterSummaries(results)
	c.files[mastersFile] = string(renderMasters(results))
	v := verify(t, c.write(t))
	require.Contains(t, failed(t, v, "conserve"), "sum to 22, but it states 23", v.Text())
}
