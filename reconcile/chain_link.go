package reconcile

import (
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
)

// link makes one member of each CDR, finds what each credit credits, and puts the members in order.
func link(cdrs []*ocpi.CDR) *Chain {
	cdrs = slices.Clone(cdrs)
	slices.SortFunc(cdrs, compareCDRs)
	cdrs = slices.CompactFunc(cdrs, sameCDR)
	c := &Chain{CDRs: make([]ChainCDR, len(cdrs))}
	places := make([]int, len(cdrs))
	for i, d := range cdrs {
		c.CDRs[i] = ChainCDR{CountryCode: d.CountryCode, PartyID: d.PartyID, ID: d.ID, Credits: d.CreditReferenceID, cdr: d, of: -1}
		places[i] = i
	}
	byID := newFinder(places, func(i int) string { return c.CDRs[i].ID })
	for i := range c.CDRs {
		if named(c.CDRs[i].Credits) || c.CDRs[i].cdr.IsCredit() {
			c.refer(i, &byID)
		}
	}
	c.refuseCircles()
	c.order()
	return c
}

// refer finds what a credit credits, or why it credits nothing.
func (c *Chain) refer(at int, byID *finder[int]) {
	m := &c.CDRs[at]
	var fits, others []int
	for _, i := range byID.find(m.Credits, func(i int) bool { return i != at }) {
		if o := &c.CDRs[i]; partly(o.CountryCode, o.PartyID, m.CountryCode, m.PartyID) {
			fits = append(fits, i)
		} else {
			others = append(others, i)
		}
	}
	switch {
	case len(fits) == 1:
		m.of = fits[0]
		m.Step = m.against(&c.CDRs[m.of])
	case !named(m.Credits):
		m.Step = StepNoReference
	case len(fits) > 1:
		m.Step = StepSeveral
	case sameID(m.Credits, m.ID):
		m.Step = StepItself
	case len(others) > 0:
		m.Step = StepOtherOwner
	default:
		m.Step = StepUnknown
	}
	if !m.cdr.IsCredit() {
		m.Step = "" // it refers to a CDR and says that it is no credit
	}
}

// against is why a credit of a CDR is refused, "" where it is not.
func (m *ChainCDR) against(o *ChainCDR) ChainStep {
	switch {
	case o.cdr.IsCredit():
		return StepOfCredit
	case m.cdr.Currency != o.cdr.Currency:
		return StepOtherCurrency
	}
	return ""
}

// refuseCircles finds credits whose references lead back to themselves. Each has one reference at most, so each is walked once.
func (c *Chain) refuseCircles() {
	walk := make([]int, len(c.CDRs)) // the walk on which a member was first met, 0 for none
	for start := range c.CDRs {
		at := start
		for at >= 0 && walk[at] == 0 && c.CDRs[at].cdr.IsCredit() {
			walk[at] = start + 1
			at = c.CDRs[at].of
		}
		if at < 0 || walk[at] != start+1 {
			continue
		}
		for c.CDRs[at].Step != StepCircle {
			c.CDRs[at].Step = StepCircle
			at = c.CDRs[at].of
		}
	}
}

// order puts the members in the order in which they were issued, and a credit behind what it credits.
func (c *Chain) order() {
	issued := make([]int, len(c.CDRs))
	for i := range issued {
		issued[i] = i
	}
	slices.SortFunc(issued, func(x, y int) int { return compareIssue(c.CDRs[x].cdr, c.CDRs[y].cdr) })
	waiting := map[int][]int{} // credits that are older than what they credit
	place := make([]int, len(c.CDRs))
	for i := range place {
		place[i] = -1
	}
	out := make([]ChainCDR, 0, len(c.CDRs))
	put := func(i int) {
		place[i] = len(out)
		out = append(out, c.CDRs[i])
	}
	for _, i := range issued {
		if m := &c.CDRs[i]; m.of >= 0 && m.Step == "" && m.cdr.IsCredit() && place[m.of] < 0 {
			waiting[m.of] = append(waiting[m.of], i)
			continue
		}
		put(i)
		for _, w := range waiting[i] {
			put(w)
		}
	}
	for i := range out {
		if out[i].of >= 0 {
			out[i].of = place[out[i].of]
		}
	}
	c.CDRs = out
}
