package reconcile

import (
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// reportRest reports what no line is about: CDRs that were not invoiced, sessions without a CDR (row 30), and findings of records that
// stand with no line.
func (b *bench) reportRest() {
	b.reportOverlaps()
	for _, c := range b.cdrs {
		if !c.claimed && (c.isLive() || b.leftOver(c)) {
			b.out.NotInvoiced = append(b.out.NotInvoiced, b.notInvoiced(c))
		}
		if !c.reported {
			b.out.Findings = append(b.out.Findings, b.findingsOf(c)...)
		}
	}
	for _, s := range b.sessions {
		if len(s.cdrs) == 0 {
			b.out.Findings = append(b.out.Findings, s.missing())
		}
		if !s.reported {
			b.out.Findings = append(b.out.Findings, s.findings...)
		}
	}
}

// leftOver reports a CDR of which only a part was credited: the rest could still be invoiced.
func (b *bench) leftOver(c *cdrEntry) bool {
	return len(c.credits) > 0 && b.restOf(c).Sign() > 0
}

// restOf is what credits leave of a CDR's price; 0 where they take back all of it.
func (b *bench) restOf(c *cdrEntry) exact.Decimal {
	t := trial{b: b, cdr: c, basis: BeforeTaxes, price: b.price(c)}
	t.value, t.known = b.settled(t.price, BeforeTaxes)
	taken, whole := t.credited()
	if whole || !t.known {
		return exact.Decimal{}
	}
	return exact.Max(exact.Decimal{}, t.value.Sub(taken))
}

// notInvoiced is a CDR that no line claims. Only what could still be invoiced counts as such.
func (b *bench) notInvoiced(c *cdrEntry) NotInvoiced {
	n := NotInvoiced{CDR: c.cdr, Computed: b.price(c).cost(), Currency: c.cdr.Currency, Code: codeCDRNotInvoiced}
	switch {
	case c.cdr.HomeChargingCompensation == ocpi.True:
		n.Code = codeHomeCharging
	case c.dead != "":
		n.Code = c.dead
	case len(c.credits) > 0:
		n.Computed = Money{BeforeTaxes: Known(b.restOf(c))}
	}
	return n
}

// missing is row 30: a session without a CDR. Only one that was completed and delivered something must have one.
func (s *sessionEntry) missing() ocpi.Finding {
	severity := ocpi.SeverityInfo
	if s.session.Status == statusCompleted && s.session.KWh.Value.Sign() > 0 {
		severity = ocpi.SeverityWarn
	}
	return newFinding(s.session.Record.Place, "", codeMissingCDR, severity,
		"session %s (%s, %s kWh) has no CDR", s.session.ID, orNone(s.session.Status), s.session.KWh.Value)
}

// reportOverlaps finds live CDRs of the group that overlap on one EVSE: two cars cannot charge at one connector. Where all CDRs are compared
// with each other, Pairs finds these too.
func (b *bench) reportOverlaps() {
	if len(b.cdrs) < 2 || b.terms.Limits.Across {
		return
	}
	live := slices.DeleteFunc(slices.Clone(b.cdrs), func(c *cdrEntry) bool { return !c.isLive() || c.dead != "" })
	slices.SortFunc(live, func(x, y *cdrEntry) int { return compareIssueByStart(x.cdr, y.cdr) })
	last := map[string]*ocpi.CDR{} // at each EVSE, the one that ends last of those before
	for _, c := range live {
		key := strings.Join(evseKey(c.cdr), "\x00")
		before := last[key]
		if before == nil {
			last[key] = c.cdr
			continue
		}
		if f := b.terms.Limits.overlapAtEVSE(before, c.cdr); f.Code != "" {
			b.out.Findings = append(b.out.Findings, f)
		}
		if c.cdr.EndDateTime.After(before.EndDateTime) {
			last[key] = c.cdr
		}
	}
}

func compareIssueByStart(a, b *ocpi.CDR) int {
	if c := a.StartDateTime.Compare(b.StartDateTime); c != 0 {
		return c
	}
	return compareIssue(a, b)
}
