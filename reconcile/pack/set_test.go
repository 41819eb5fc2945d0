package pack

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/tariff"
)

// madeSets is a case whose lines 1 and 2 are together the first CDR.
func madeSets(t *testing.T) *caseOfLines {
	t.Helper()
	c := madeCase(6)
	set := reconcile.SetVerdict{
		Lines: 2, CDRs: []string{"NL/CPO/CDR-1"}, Claimed: money("10.03", "12.14"), Computed: money("10", "12.1"),
		Proven: money("10", "12.1"), Conceded: money("0.03", "0.04"), Unproven: money("0", "0"),
	}
	claims := []reconcile.Money{money("7.02", "8.5"), money("3.01", "3.64")}
	for i, claimed := range claims {
		v := &c.lines[i]
		cdr := madeCDR(1)
		own := set
		v.Set, v.Match.CDR, v.CDRs, v.Invoiced, v.Line.Claimed, v.Outcome = &own, cdr, c.lines[0].CDRs[:1:1], claimed, claimed, reconcile.Partial
		v.CDRs[0] = cdr
		v.Line.CDRID = cdr.ID
		v.Line.Record = rec("invoice.csv", i+1, strings.Join([]string{"INV-1", v.Line.Line, cdr.ID, v.Line.SessionID,
			claimed.BeforeTaxes.Value.Plain(), claimed.AfterTaxes.Value.Plain(), "EUR", "accepted"}, ","))
		v.Proven, v.Conceded, v.Unproven = set.Shares(claims, i, "EUR")
		v.ConcededReason = "line-exceeds-cdr"
		v.Sheets = []reconcile.NamedSheet{madeSheet(togetherSheet, tariff.Input{CDR: cdr})}
	}
	c.lines[0].Computed, c.lines[1].Computed = money("6.999", "8.4688"), money("3.001", "3.6312")
	c.summary = madeSummary(c)
	return c
}

func TestSetsAreAddedUp(t *testing.T) {
	requireOK(t, madeSets(t).write(t))
	for name, c := range map[string]struct {
		forge func(c *caseOfLines)
		rung  string
		fault string
	}{
		"another share": {func(c *caseOfLines) {
			a, b := &c.lines[0], &c.lines[1]
			a.Proven, a.Conceded = money("7.01", "8.47"), money("0.01", "0.03")
			b.Proven, b.Conceded = money("2.99", "3.63"), money("0.02", "0.01")
		}, "lines", "7.01 is proven of it, its share is 7"},
		"more than the CDR": {func(c *caseOfLines) {
			for i := range 2 {
				v := &c.lines[i]
				v.Set.Proven, v.Set.Conceded = v.Set.Claimed, money("0", "0")
				v.Proven, v.Conceded, v.Outcome, v.ConcededReason = v.Invoiced, money("0", "0"), reconcile.Proven, ""
			}
		}, "recompute", "10.03 of its set is proven, but no calculations come to more than 10"},
		"another price": {func(c *caseOfLines) {
			for i := range 2 {
				c.lines[i].Set.Computed = money("10.01", "12.1")
			}
		}, "recompute", "the CDRs of its set cost 10, but it states 10.01 as computed"},
		"a line left out": {func(c *caseOfLines) {
			c.lines[1].Set = nil
			c.lines[1].Sheets[0].Name = priceSheet
			c.lines[1].Computed = money("10", "12.1")
		}, "lines", "the lines of its set are 1 or claim something else"},
		"another sum": {func(c *caseOfLines) {
			for i := range 2 {
				c.lines[i].Set.Claimed = money("10.04", "12.14")
			}
		}, "lines", "is one of 2 lines that claim 10.04 net, 12.14 gross together"},
	} {
		t.Run(name, func(t *testing.T) {
			made := madeSets(t)
			c.forge(made)
			made.summary = madeSummary(made)
			v := verify(t, made.write(t))
			require.Contains(t, failed(t, v, c.rung), c.fault, v.Text())
		})
	}
}
