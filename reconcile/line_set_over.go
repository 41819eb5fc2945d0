package reconcile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// Together is what lines stand for that only together come to what CDRs cost: all lines of one invoice over one scope, and all CDRs of it that no
// other line claims. Lines of it share it.
type Together struct {
	CDRs  []Member
	Found string // how they were found

}

// matchSet gives a line the CDRs that it stands for with others.
func (b *bench) matchSet(l *lineEntry) {
	l.state, l.rule = matchTolerance, byLinesOverCDRs
	l.find(codeMatchAggregate, ocpi.SeverityWarn, "%s", l.line.Together.Found)
	set := b.sets[l.line.Together]
	if set == nil {
		set = &lineSet{cdrs: b.cdrsOf(l.line.Together.CDRs), says: "what the CDRs of what they cover state as total_cost"}
		if b.sets == nil {
			b.sets = map[*Together]*lineSet{}
		}
		b.sets[l.line.Together] = set
	}
	set.lines, l.set = append(set.lines, l), set
	if len(set.cdrs) == 1 {
		l.cdr = set.cdrs[0]
		b.matchSession(l)
	}
}

// cdrsOf are the entries of CDRs; they are claimed from now on.
func (b *bench) cdrsOf(members []Member) []*cdrEntry {
	var out []*cdrEntry
	for i := range members {
		m := &members[i]
		for _, c := range b.cdrsByID.find(m.CDRID, func(c *cdrEntry) bool {
			return sameID(c.cdr.CountryCode, m.CountryCode) && sameID(c.cdr.PartyID, m.PartyID)
		}) {
			c.claimed = true
			out = append(out, c)
		}
	}
	return out
}

// cdrsTogether are the CDRs that a line stands for only with others, where they are several.
func (l *lineEntry) cdrsTogether() []*cdrEntry {
	if l.set == nil || len(l.set.cdrs) < 2 {
		return nil
	}
	return l.set.cdrs
}

// decideOver judges what lines claim together for several CDRs: each CDR by what it states as its cost, as a line of its own would be. What is
// proven of them is proven of the set. The rest is unproven, and nothing is conceded: which line it belongs to is not known.
func (b *bench) decideOver(l *lineEntry) LineVerdict {
	claimed := claimedTogether(l.set.lines)
	v := LineVerdict{
		Disputed: l.disputed, Quantity: l.quantity, Claims: l.claims, Admitted: l.admitted, Outcome: Proven,
		Match: Match{State: l.state, Rule: l.rule}, Computed: Money{BeforeTaxes: Known(exact.Decimal{}), AfterTaxes: Known(exact.Decimal{})},
	}
	var proven exact.Decimal
	var differ []string
	for _, c := range l.set.cdrs {
		one := b.decide(l.of(c))
		proven = proven.Add(one.Proven.BeforeTaxes.Value)
		if one.Outcome != Proven || !isZero(one.Underbilled) {
			differ = append(differ, fmt.Sprintf("CDR %s (%s)", c.cdr.ID, one.because()))
		}
		v.addOne(&one)
	}
	excess, says := b.excessTaxOver(l, claimed)
	if says != nil {
		v.Notes, v.Findings = append(v.Notes, says.Code), append(v.Findings, *says)
	}
	if len(differ) == 0 {
		proven = claimed.BeforeTaxes.Value // each CDR is, and they are exactly what the lines claim
	}
	v.divideOver(claimed, exact.Min(proven, claimed.BeforeTaxes.Value), excess, l.line.Currency)
	switch {
	case len(differ) == 0 && !excess.IsZero():
		v.UnprovenReason = codeTaxMismatch
	case len(differ) > 0:
		v.Match.State = matchBreak
		v.UnprovenReason = codeLinesOverCDRs
		v.Findings = append(v.Findings, newFinding(l.line.Record.Place, "", codeLinesOverCDRs, ocpi.SeverityError,
			"of the %d CDRs that the lines stand for not all are worth what they state: %s", len(l.set.cdrs), strings.Join(evidence(differ), ", ")+beyondEvidence(len(differ))))
	}
	return v
}

// of is a line that claims what a CDR states as its cost, in the words of this one.
func (l *lineEntry) of(c *cdrEntry) *lineEntry {
	one, line := *l, *l.line
	line.Claimed, line.ClaimedVAT, line.TaxRate, line.ClaimedKWh = Money{}, ocpi.Number{}, ocpi.Number{}, ocpi.Number{}
	line.CDRID, line.SessionID = c.cdr.ID, c.cdr.SessionID
	for _, basis := range []Basis{BeforeTaxes, AfterTaxes} {
		if cost := claimedCost(c.cdr).on(basis); cost.Present {
			line.Claimed = line.Claimed.set(basis, cost.Value.Round(MinorUnits(c.cdr.Currency), exact.HalfUp))
		}
	}
	one.line, one.cdr, one.session, one.set = &line, c, c.session, nil
	one.findings, one.talk, one.repeated = nil, nil, false
	return &one
}

// because names what moved a verdict.
func (v *LineVerdict) because() string {
	var codes []string
	for _, code := range v.Reasons() {
		codes = append(codes, string(code))
	}
	return strings.Join(codes, ", ")
}

// addOne adds the evidence of one CDR.
func (v *LineVerdict) addOne(one *LineVerdict) {
	for _, basis := range []Basis{BeforeTaxes, AfterTaxes} {
		if cost := one.Computed.on(basis); cost.Present && v.Computed.on(basis).Present {
			v.Computed = v.Computed.set(basis, v.Computed.on(basis).Value.Add(cost.Value.Shown()))
		} else if basis == AfterTaxes {
			v.Computed.AfterTaxes = ocpi.Number{}
		} else {
			v.Computed.BeforeTaxes = ocpi.Number{}
		}
	}
	v.Notes = append(v.Notes, one.Reasons()...)
	v.Findings = append(v.Findings, one.Findings...)
	v.Sheets = append(v.Sheets, one.Sheets...)
	v.CDRs, v.Sessions = append(v.CDRs, one.CDRs...), append(v.Sessions, one.Sessions...)
	for _, t := range one.Tariffs {
		if !slices.Contains(v.Tariffs, t) {
			v.Tariffs = append(v.Tariffs, t)
		}
	}
}

// excessTaxOver is row 23 of a set: how much more tax its lines claim than their net bears by the rates of the CDRs, where that is more than a minor
// unit for each line and CDR. Where a CDR has no rate the lines' own tax is taken.
func (b *bench) excessTaxOver(l *lineEntry, claimed Money) (excess exact.Decimal, says *ocpi.Finding) {
	if !claimed.AfterTaxes.Present {
		return excess, nil
	}
	var net, taxes exact.Decimal
	for _, c := range l.set.cdrs {
		p := b.price(c)
		if p.blocked != nil || !p.knowsRate() {
			f := newFinding(l.line.Record.Place, "", codeTaxUnverified, ocpi.SeverityInfo, "no tax rate is known for CDR %s: the lines' own tax is taken", c.cdr.ID)
			return excess, &f
		}
		cost := p.cost()
		net, taxes = net.Add(cost.BeforeTaxes.Value), taxes.Add(cost.AfterTaxes.Value.Sub(cost.BeforeTaxes.Value))
	}
	minor := MinorUnits(l.line.Currency)
	if net.Sign() <= 0 {
		return excess, nil
	}
	have := claimed.AfterTaxes.Value.Sub(claimed.BeforeTaxes.Value)
	want := claimed.BeforeTaxes.Value.Mul(taxes).DivRound(net, max(claimed.AfterTaxes.Value.Scale(), minor), exact.HalfUp)
	if agree(have, want, exact.New(int64(len(l.set.lines)+len(l.set.cdrs)), minor)) {
		return excess, nil
	}
	f := newFinding(l.line.Record.Place, "", codeTaxMismatch, ocpi.SeverityError, "the lines claim tax %s, their net bears %s by the rates of the CDRs", have, want)
	return exact.Max(exact.Decimal{}, have.Sub(want)), &f
}

// divideOver divides what is claimed into what is proven of it, net, and what is not; the gross follows, but for tax in excess.
func (v *LineVerdict) divideOver(claimed Money, proven, excess exact.Decimal, currency string) {
	net := claimed.BeforeTaxes.Value
	p := parts{proven: proven, unproven: net.Sub(proven)}
	none := exact.Decimal{}
	v.Proven, v.Unproven, v.Conceded = v.Proven.set(BeforeTaxes, p.proven), v.Unproven.set(BeforeTaxes, p.unproven), v.Conceded.set(BeforeTaxes, none)
	v.Underbilled = v.Underbilled.set(BeforeTaxes, none)
	if gross := claimed.AfterTaxes; gross.Present {
		g := p.onto(gross.Value.Sub(excess), net, MinorUnits(currency))
		g.unproven = g.unproven.Add(excess)
		v.Proven, v.Unproven, v.Conceded = v.Proven.set(AfterTaxes, g.proven), v.Unproven.set(AfterTaxes, g.unproven), v.Conceded.set(AfterTaxes, none)
		v.Underbilled = v.Underbilled.set(AfterTaxes, none)
	}
}
