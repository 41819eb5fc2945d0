package reconcile

import (
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/tariff/hypothesis"
)

// rowWhy says of an amount that is neither the price nor a rounding of it which known defects give it: why the other side got another
// number. It explains and moves nothing.
func (t *trial) rowWhy() {
	if !t.known || t.near(t.value) || t.explainRounding() != "" {
		return
	}
	var published []*ocpi.Tariff
	for _, used := range t.price.res.Tariffs {
		published = append(published, t.b.terms.published(used.ID)...)
	}
	found := hypothesis.Explain(t.price.in, t.defectClaim(), published...)
	if code, texts := DefectOf(found); code != "" {
		t.find(code, ocpi.SeverityError, "CDR %s is worth %s, and the amount claimed is what this gives: %s", t.cdr.cdr.ID, t.value.Plain(), texts)
	}
	if one, ok := hypothesis.Single(found); ok {
		t.find(codePriceExplained, ocpi.SeverityInfo, "%s: that gives the amount claimed (%s, in the %s)", one.Text, one.Name, one.Direction)
		return
	}
	var texts []string
	for _, h := range hypothesis.Best(found) {
		texts = append(texts, h.Text+" ("+h.Name+")")
	}
	if len(texts) > 0 {
		t.find(codePriceExplainedSeveral, ocpi.SeverityInfo, "several known defects give the amount claimed: %s", strings.Join(texts, "; or "))
	}
}

// defectClaim is what a defect must give: the CDR's own total with its breakdown where the line repeats it, else the line's amount.
func (t *trial) defectClaim() hypothesis.Claim {
	c := t.cdr.cdr
	minor := MinorUnits(c.Currency)
	if total := t.on(claimedCost(c)); total.Present && total.Value.Equal(t.claimed) {
		return hypothesis.ClaimOf(c, minor)
	}
	amount := hypothesis.Amount{BeforeTaxes: t.on(t.line.line.Claimed)}
	if t.basis == AfterTaxes {
		amount = hypothesis.Amount{AfterTaxes: t.on(t.line.line.Claimed)}
	}
	return hypothesis.Claim{Total: amount, MinorUnits: minor}
}
