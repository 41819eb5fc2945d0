package reconcile

import (
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// creditChain is CDRs of the group that credit one another or bill one session again, and what that comes to.
type creditChain struct {
	members []*cdrEntry
	made    *Chain
}

// chainCredits ties each credit CDR to the CDR it credits. OCPI 2.2.1 mod_cdrs, Credit CDRs: a credit repeats the whole CDR with its
// total cost negated and names it by credit_reference_id; a CDR is credited once, and as a whole.
func (b *bench) chainCredits() {
	if !slices.ContainsFunc(b.cdrs, func(c *cdrEntry) bool { return c.cdr.IsCredit() || named(c.cdr.CreditReferenceID) }) {
		return
	}
	var orphans []*cdrEntry
	for _, chain := range b.gatherChains() {
		entries := make(map[*ocpi.CDR]*cdrEntry, len(chain.members))
		for _, c := range chain.members {
			c.chain, entries[c.cdr] = chain, c
		}
		for made, i := b.makeChain(chain), 0; i < len(made.CDRs); i++ {
			if m := &made.CDRs[i]; m.cdr.IsCredit() {
				b.bookCredit(entries[m.cdr], m, made, entries)
				if m.Step == StepUnknown {
					orphans = append(orphans, entries[m.cdr])
				}
			}
		}
	}
	if len(orphans) > 0 {
		b.orphans = newFinder(orphans, func(c *cdrEntry) string { return c.cdr.CreditReferenceID })
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

// gatherChains are the CDRs that references tie, and with each credit, and each CDR that is referred to, those of its session.
func (b *bench) gatherChains() []*creditChain {
	at := make(map[*cdrEntry]int32, len(b.cdrs))
	for i, c := range b.cdrs {
		at[c] = int32(i)
	}
	ties := newSets(len(b.cdrs))
	var tied []*cdrEntry
	for _, c := range b.cdrs {
		if c.cdr.IsCredit() {
			tied = append(tied, c)
			for _, sibling := range b.siblings(c) {
				ties.tie(at[c], at[sibling])
			}
		}
		for _, o := range b.referredTo(c) {
			ties.tie(at[c], at[o])
			for _, sibling := range b.siblings(o) {
				ties.tie(at[o], at[sibling])
			}
			tied = append(tied, c)
		}
	}
	chained := map[int32]*creditChain{}
	for _, c := range tied {
		chained[ties.root(at[c])] = nil
	}
	var out []*creditChain
	for i, c := range b.cdrs {
		root := ties.root(int32(i))
		chain, ok := chained[root]
		if !ok {
			continue
		}
		if chain == nil {
			chain = &creditChain{}
			chained[root] = chain
			out = append(out, chain)
		}
		chain.members = append(chain.members, c)
	}
	return out
}

// referredTo are the CDRs that a credit reference may mean: those of the same owner, else those of another.
func (b *bench) referredTo(c *cdrEntry) []*cdrEntry {
	found := b.cdrsByID.find(c.cdr.CreditReferenceID, func(o *cdrEntry) bool { return o != c })
	return prefer(found, func(o *cdrEntry) bool {
		return partly(o.cdr.CountryCode, o.cdr.PartyID, c.cdr.CountryCode, c.cdr.PartyID)
	})
}

// siblings are the CDRs of the same session that are no credits. Each is asked once.
func (b *bench) siblings(c *cdrEntry) []*cdrEntry {
	if c.gathered {
		return nil
	}
	c.gathered = true
	return b.cdrsBySession.find(c.cdr.SessionID, func(o *cdrEntry) bool {
		o.gathered = o.gathered || sameID(o.cdr.CountryCode, c.cdr.CountryCode) && sameID(o.cdr.PartyID, c.cdr.PartyID)
		return o != c && !o.cdr.IsCredit() && partly(o.cdr.CountryCode, o.cdr.PartyID, c.cdr.CountryCode, c.cdr.PartyID)
	})
}

// makeChain says what a chain comes to, once.
func (b *bench) makeChain(chain *creditChain) *Chain {
	if chain.made == nil {
		cdrs := make([]*ocpi.CDR, len(chain.members))
		for i, c := range chain.members {
			cdrs[i] = c.cdr
		}
		chain.made = ChainOf(cdrs, b.terms.Tolerance)
	}
	return chain.made
}

// join puts a CDR that bills a session again into one chain with the CDR that stands before it.
func (c *cdrEntry) join(before *cdrEntry) {
	if c.chain != nil || !sameSessionID(c.cdr, before.cdr) {
		return
	}
	if before.chain == nil {
		before.chain = &creditChain{members: []*cdrEntry{before}}
	}
	before.chain.members, before.chain.made = append(before.chain.members, c), nil
	c.chain = before.chain
}

// bookCredit ties a credit to its original by its step in the chain, or says why it takes nothing.
func (b *bench) bookCredit(c *cdrEntry, m *ChainCDR, made *Chain, entries map[*ocpi.CDR]*cdrEntry) {
	var original *cdrEntry
	if m.of >= 0 {
		original = entries[made.CDRs[m.of].cdr]
	}
	refuse := func(format string, args ...any) {
		c.find("/credit_reference_id", codeCreditChain, ocpi.SeverityError, format, args...)
	}
	switch m.Step {
	case StepCredit, StepCreditPart, StepCreditAgain:
		c.creditOf = original
		original.credits = append(original.credits, c)
	case StepOtherCurrency:
		original.doubtful = append(original.doubtful, c)
		c.find("/currency", codeCreditChain, ocpi.SeverityError, "the credit is in %s, CDR %s in %s: how much it takes back cannot be told",
			orNone(c.cdr.Currency), original.cdr.ID, orNone(original.cdr.Currency))
	case StepNoReference:
		b.doubt(c, b.billsOf(c))
		refuse("the credit does not say which CDR it credits")
	case StepItself:
		b.doubt(c, b.billsOf(c)) // decoding it has said so
	case StepSeveral:
		b.doubt(c, b.referredTo(c))
		refuse("%d CDRs are %s, which the credit refers to", len(b.referredTo(c)), m.Credits)
	case StepUnknown:
		refuse("no CDR is %s, which the credit refers to", m.Credits)
	case StepOtherOwner:
		other := b.referredTo(c)[0].cdr
		refuse("%s, which the credit refers to, is a CDR of %s/%s; the credit is of %s/%s", m.Credits, other.CountryCode, other.PartyID, m.CountryCode, m.PartyID)
	case StepOfCredit:
		refuse("the credit refers to %s, which is a credit itself", m.Credits)
	case StepCircle:
		b.doubt(c, b.billsOf(c))
		refuse("the credit refers to %s, and following references leads back to it", m.Credits)
	}
}

// billsOf are the CDRs that bill the session of a credit.
func (b *bench) billsOf(credit *cdrEntry) []*cdrEntry {
	return b.cdrsBySession.find(credit.cdr.SessionID, func(o *cdrEntry) bool {
		return !o.cdr.IsCredit() && partly(o.cdr.CountryCode, o.cdr.PartyID, credit.cdr.CountryCode, credit.cdr.PartyID)
	})
}

// doubt notes a credit with each CDR that it may mean, and says not that it does.
func (b *bench) doubt(credit *cdrEntry, cdrs []*cdrEntry) {
	for _, c := range cdrs[:min(len(cdrs), maxSiblings)] {
		if len(c.doubtful) < maxEvidence {
			c.doubtful = append(c.doubtful, credit)
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
		c.find("/total_cost", codeCreditChain, ocpi.SeverityError, "the credit's total_cost %s is not −%s: a CDR is credited as a whole", total.Value, original.Value)
	}
	if last := c.creditOf.cdr.LastUpdated; !c.cdr.LastUpdated.IsZero() && c.cdr.LastUpdated.Before(last) {
		c.find("/last_updated", codeCreditChain, ocpi.SeverityWarn, "the credit is older than what it credits")
	}
	c.checkLate()
	c.checkFields()
}

// checkLate reports a credit that came after the CDR that replaced its original: until then both claimed money.
func (c *cdrEntry) checkLate() {
	for _, o := range c.chain.members[:min(len(c.chain.members), maxSiblings)] {
		if o != c.creditOf && o.isLive() && sameSessionID(o.cdr, c.creditOf.cdr) && o.cdr.LastUpdated.After(c.creditOf.cdr.LastUpdated) &&
			c.cdr.LastUpdated.After(o.cdr.LastUpdated) {
			c.find("/last_updated", codeCreditChain, ocpi.SeverityWarn, "the credit is newer than CDR %s, which bills the session again", o.cdr.ID)
			return
		}
	}
}

func sameSessionID(a, b *ocpi.CDR) bool {
	return named(a.SessionID) && sameID(a.SessionID, b.SessionID)
}

// isLive reports a CDR that still claims money: no credit, and not credited.
func (c *cdrEntry) isLive() bool { return !c.cdr.IsCredit() && len(c.credits) == 0 }

// replacement is the CDR that came in place of a credited one: live, of the same session. Of several the first issued counts.
func (b *bench) replacement(c *cdrEntry) *cdrEntry {
	found := b.cdrsBySession.find(c.cdr.SessionID, func(o *cdrEntry) bool {
		return o != c && o.isLive() && partly(o.cdr.CountryCode, o.cdr.PartyID, c.cdr.CountryCode, c.cdr.PartyID)
	})
	if c.chain != nil { // and what says that it is no credit, and names the credited one
		for _, o := range c.chain.members {
			if o != c && o.isLive() && sameID(o.cdr.CreditReferenceID, c.cdr.ID) && !sameSessionID(o.cdr, c.cdr) {
				found = append(found, o)
			}
		}
	}
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

// computed is what was computed for a line: the price of its CDR, with the sign turned where the line gives back a CDR that is no credit.
func (t *trial) computed() Money {
	cost := t.price.cost()
	if t.line.isCredit() && !t.cdr.cdr.IsCredit() {
		return cost.negated()
	}
	return cost
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
		t.rowDoubtfulCredit()
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
		r.message += "; OCPI knows no credit of a part, and " + r.floor.Plain() + " is left of its price " + t.value.Plain()
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
