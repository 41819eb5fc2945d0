package pack

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
)

// givenBack is a case whose disputed line 3 gives its CDR back.
func givenBack() *caseOfLines {
	c := madeCase(3)
	v := &c.lines[2]
	v.Invoiced, v.Proven, v.Outcome = money("-10", "-12.1"), money("-10", "-12.1"), reconcile.Proven
	v.Line.Claimed, v.Computed = v.Invoiced, money("-10", "-12.1")
	v.Line.Record = rec("invoice.csv", 3, "INV-1,3,CDR-3,S-3,-10,-12.1,EUR,disputed")
	c.summary = madeSummary(c)
	return c
}

// TestComputedOfACredit: what a line gives back is computed with its own sign, and no other is taken for it.
func TestComputedOfACredit(t *testing.T) {
	c := givenBack()
	requireOK(t, c.write(t))
	c.lines[2].Computed = money("10", "12.1")
	require.Contains(t, failed(t, verify(t, c.write(t)), "recompute"), "states 10 net, 12.1 gross as computed")
	c = madeCase(3)
	c.lines[2].Computed = money("-10", "-12.1")
	require.Contains(t, failed(t, verify(t, c.write(t)), "recompute"), "states -10 net, -12.1 gross as computed")
}

// credited is a case whose disputed line 3 is over a CDR that was credited and billed again.
func credited() *caseOfLines {
	c := madeCase(3)
	v := &c.lines[2]
	credit := strings.NewReplacer(`"id":"CDR-3"`, `"id":"CDR-3-C"`, `"total_cost":{"excl_vat":10.00,"incl_vat":12.10}`, `"total_cost":{"excl_vat":-10.00,"incl_vat":-12.10}`,
		`"last_updated":"2026-09-01T11:05:00Z"`, `"last_updated":"2026-09-01T12:05:00Z","credit":true,"credit_reference_id":"CDR-3"`)
	again := strings.NewReplacer(`"id":"CDR-3"`, `"id":"CDR-3-N"`, `"last_updated":"2026-09-01T11:05:00Z"`, `"last_updated":"2026-09-01T13:05:00Z"`)
	v.CDRs = append(v.CDRs, decodedFrom(rec("cdrs.ndjson", 11, credit.Replace(rawCDR(3)))), decodedFrom(rec("cdrs.ndjson", 12, again.Replace(rawCDR(3)))))
	v.Chain = reconcile.ChainOf(v.CDRs, reconcile.DefaultTolerance())
	return c
}

// TestChain: a chain in a pack is made again from its CDRs, adds up, and says what its steps lead to.
func TestChain(t *testing.T) {
	dir := credited().write(t)
	requireOK(t, dir)
	var shown strings.Builder
	require.NoError(t, Show(&shown, dir, "3"))
	require.Contains(t, shown.String(), "Credit chain: re-billed")
	require.Contains(t, shown.String(), "  CDR-3-C  credit   -25  -1  -10      -12.1\n")
	require.Contains(t, shown.String(), "  net               25   1   10       12.1\n")
	for name, c := range map[string]struct {
		change func(c *reconcile.Chain)
		rung   string
		fault  string
	}{
		"a state":     {func(c *reconcile.Chain) { c.State = reconcile.ChainCredited }, "lines", `its state is "credited", its steps lead to "re-billed"`},
		"a net":       {func(c *reconcile.Chain) { c.Net.KWh = number("50") }, "lines", "its CDRs do not add up to its net"},
		"a step":      {func(c *reconcile.Chain) { c.CDRs[2].Step = "bill-again" }, "recompute", "make the chain re-billed: bill CDR-3, credit CDR-3-C, re-bill CDR-3-N"},
		"no step":     {func(c *reconcile.Chain) { c.CDRs[2].Step = "hop" }, "lines", `step "hop" is none`},
		"a reference": {func(c *reconcile.Chain) { c.CDRs[1].Credits = "CDR-4" }, "recompute", "make the chain"},
		"a CDR":       {func(c *reconcile.Chain) { c.CDRs = c.CDRs[1:]; c.Net, c.State = c.Sum(), c.Fold() }, "lines", `CDR "CDR-3" of the line is not in it`},
		"a credit": {func(c *reconcile.Chain) {
			c.CDRs = append(c.CDRs[:1], c.CDRs[2:]...)
			c.Net, c.State = c.Sum(), c.Fold()
		}, "recompute", "make the chain"},
		"two volumes":  {func(c *reconcile.Chain) { c.CDRs[0].Adds.KWh, c.Net.KWh = number("35"), number("35") }, "recompute", "35 kWh"},
		"the currency": {func(c *reconcile.Chain) { c.Currency = "SEK" }, "recompute", "SEK"},
	} {
		t.Run(name, func(t *testing.T) {
			made := credited()
			c.change(made.lines[2].Chain)
			require.Contains(t, failed(t, verify(t, made.write(t)), c.rung), c.fault)
		})
	}
}

// TestChainLeftOut: a chain cannot be kept from a line whose records tell of it.
func TestChainLeftOut(t *testing.T) {
	made := credited()
	made.lines[2].Chain = nil
	require.Contains(t, failed(t, verify(t, made.write(t)), "recompute"), "CDR-3-C credits its CDR, but it states no chain")
	made.lines[2].Findings = []ocpi.Finding{{Code: "credit-chain", Severity: ocpi.SeverityInfo, Message: "20 CDRs hang together"}}
	requireOK(t, made.write(t))
}

// TestChainIsOptional: most lines have no chain, and the member is not there.
func TestChainIsOptional(t *testing.T) {
	d := newLineDoc(&madeCase(1).lines[0])
	require.NotContains(t, string(d.append(nil)), "chain")
	d.Chain = &chainDoc{State: "re\"billed", CDRs: []chainCDRDoc{{ID: "é\n", Step: "bill"}, {}}}
	var again lineDoc
	require.True(t, again.parse(d.append(nil)[:len(d.append(nil))-1]))
	require.Equal(t, d.Chain, again.Chain)
}
