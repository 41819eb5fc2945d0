package reconcile

import (
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// chainCredits ties each credit CDR to the CDR it credits. OCPI 2.2.1 mod_cdrs, Credit CDRs: a credit repeats the whole CDR with its
// total cost negated and names it by credit_reference_id; a CDR is credited once, and as a whole.
func (b *bench) chainCredits() {
	for _, c := range b.cdrs {
		if !c.cdr.IsCredit() {
			continue
		}
		originals := b.cdrsByID.find(c.cdr.CreditReferenceID, func(o *cdrEntry) bool {
			return o != c && partly(o.cdr.CountryCode, o.cdr.PartyID, c.cdr.CountryCode, c.cdr.PartyID)
		})
		switch {
		case !named(c.cdr.CreditReferenceID):
			c.find("/credit_reference_id", codeCreditChain, ocpi.SeverityError, "the credit does not say which CDR it credits")
		case len(originals) != 1:
			c.find("/credit_reference_id", codeCreditChain, ocpi.SeverityError, "%d CDRs are %s, which the credit refers to", len(originals), c.cdr.CreditReferenceID)
		case originals[0].cdr.IsCredit():
			c.find("/credit_reference_id", codeCreditChain, ocpi.SeverityError, "the credit refers to %s, which is a credit itself", c.cdr.CreditReferenceID)
		default:
			c.creditOf = originals[0]
			originals[0].credits = append(originals[0].credits, c)
		}
	}
	for _, c := range b.cdrs {
		if len(c.credits) > 1 {
			c.find("", codeCreditChain, ocpi.SeverityError, "CDR %s is credited %d times", c.cdr.ID, len(c.credits))
		}
		for _, credit := range c.credits {
			credit.checkCredit(b.terms)
		}
	}
}

// checkCredit compares a credit with what it credits.
func (c *cdrEntry) checkCredit(a *Agreement) {
	total, original := c.cdr.TotalCost.BeforeTaxes, c.creditOf.cdr.TotalCost.BeforeTaxes
	switch {
	case !total.Present || !original.Present:
	case total.Value.Sign()*original.Value.Sign() > 0:
		c.find("/total_cost", codeCreditChain, ocpi.SeverityWarn, "total_cost %s of the credit has the sign of the original's; it is read as a credit", total.Value)
	case !agree(total.Value.Neg(), original.Value, a.Tolerance.amount(c.cdr.Currency, total.Value)):
		c.find("/total_cost", codeCreditChain, ocpi.SeverityError, "the credit's total_cost %s is not −%s: a part of a CDR cannot be credited", total.Value, original.Value)
	}
	if last := c.creditOf.cdr.LastUpdated; !c.cdr.LastUpdated.IsZero() && c.cdr.LastUpdated.Before(last) {
		c.find("/last_updated", codeCreditChain, ocpi.SeverityWarn, "the credit is older than what it credits")
	}
}

// isLive reports a CDR that still claims money: no credit, and not credited.
func (c *cdrEntry) isLive() bool { return !c.cdr.IsCredit() && len(c.credits) == 0 }

// replacement is the CDR that came in place of a credited one: live, of the same session. Of several the first issued counts.
func (b *bench) replacement(c *cdrEntry) *cdrEntry {
	found := b.cdrsBySession.find(c.cdr.SessionID, func(o *cdrEntry) bool {
		return o != c && o.isLive() && partly(o.cdr.CountryCode, o.cdr.PartyID, c.cdr.CountryCode, c.cdr.PartyID)
	})
	if len(found) == 0 {
		return nil
	}
	return slices.MinFunc(found, func(x, y *cdrEntry) int { return compareIssue(x.cdr, y.cdr) })
}

// credited says how much of a CDR its credits take back, and whether that is all of it.
func (t *trial) credited() (taken exact.Decimal, whole bool) {
	claimed := t.on(claimedCost(t.cdr.cdr))
	for _, credit := range t.cdr.credits {
		total := t.on(claimedCost(credit.cdr))
		if !total.Present {
			return taken, true // a credit without an amount is one of the whole
		}
		taken = taken.Add(total.Value.Abs())
	}
	reached := taken.Add(t.b.terms.Tolerance.amount(t.cdr.cdr.Currency, taken))
	return taken, claimed.Present && !reached.Less(claimed.Value) || t.known && !reached.Less(t.value)
}

// claimedCost is the total cost that a CDR claims.
func claimedCost(c *ocpi.CDR) Money { return Money{c.TotalCost.BeforeTaxes, c.TotalCost.AfterTaxes} }

// applied is how much of the CDR the invoices give back: by lines of its credits, or by negative lines of the CDR itself.
func (t *trial) applied() exact.Decimal {
	var sum exact.Decimal
	for _, from := range append([]*cdrEntry{t.cdr}, t.cdr.credits...) {
		for _, l := range from.lines {
			if l.isCredit() {
				sum = sum.Add(t.on(l.line.Claimed).Value.Abs())
			}
		}
	}
	return sum
}

// rowCredited is rows 26 and 27: the CDR was credited. What the invoices do not give back is no longer owed: the line falls to the
// price of the CDR that replaces its own and supports no line itself, to nothing, or by the part that was credited.
func (t *trial) rowCredited() {
	if t.cdr.cdr.IsCredit() {
		t.rule(ruling{row: 26, code: codeCreditChain, void: true, message: "the line claims money for " + t.cdr.cdr.ID + ", which is a credit"})
		return
	}
	if len(t.cdr.credits) == 0 {
		return
	}
	taken, whole := t.credited()
	applied := t.applied()
	switch {
	case whole && t.known:
		taken = t.value
	case !whole && !t.known:
		return // how much is left of an unknown price cannot be told; row 15 speaks
	}
	if tolerance := t.b.terms.Tolerance.amount(t.line.line.Currency, taken); !tolerance.Less(taken.Sub(applied)) {
		return // row 27: the invoices give it back
	}
	r := ruling{row: 26, code: codeCreditNotApplied, message: "CDR " + t.cdr.cdr.ID + " was credited; of " + taken.Plain() + " the invoices give back " + applied.Plain()}
	if !whole {
		r.code, r.floor = codeCreditChain, t.value.Sub(taken)
	}
	r.ceiling = r.floor
	if next := t.b.replacement(t.cdr); next != nil && !next.hasDebit() && !t.replace(next, &r) {
		return
	}
	r.void = r.floor.IsZero()
	r.floor, r.ceiling = r.floor.Add(applied), r.ceiling.Add(applied)
	if t.known {
		r.floor, r.ceiling = exact.Min(r.floor, t.value), exact.Min(r.ceiling, t.value)
	}
	t.rule(r)
}

// replace values the line by the CDR that came in place of a credited one. Where only a part was credited, both may be meant.
func (t *trial) replace(next *cdrEntry, r *ruling) bool {
	next.claimed = true
	t.look(next)
	value, ok := t.priceOf(next, "replacement")
	if !ok {
		t.unpriceable(next)
		return false
	}
	if r.code == codeCreditNotApplied {
		r.floor, r.ceiling = value, value
		return true
	}
	r.floor, r.ceiling = exact.Min(r.floor, value), exact.Max(r.floor, value)
	return true
}

// hasDebit reports whether a line claims money for the CDR.
func (c *cdrEntry) hasDebit() bool {
	return slices.ContainsFunc(c.lines, func(l *lineEntry) bool { return !l.isCredit() })
}

// signed is a price on the side of the line: a line that gives money back for a CDR is computed as what it gives back.
func (l *lineEntry) signed(cost Money) Money {
	if !l.isCredit() || cost.BeforeTaxes.Value.Sign() <= 0 {
		return cost
	}
	for _, n := range []*ocpi.Number{&cost.BeforeTaxes, &cost.AfterTaxes} {
		n.Value = n.Value.Neg()
	}
	return cost
}
