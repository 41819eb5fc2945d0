package reconcile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// SetVerdict is the judgement of lines that are together one CDR, or several, as one of them sees it: a line has its share, in proportion to what
// it claims. Lines of which some are disputed may see it differently.
type SetVerdict struct {
	Lines int      // how many there are
	CDRs  []string // owner and id
	// Claimed is what the lines claim in sum, Computed what their CDRs cost; the others are the parts of what is claimed.
	Claimed, Computed, Proven, Conceded, Unproven Money
}

// decideLine judges one line, by itself or as one of a set.
func (b *bench) decideLine(l *lineEntry) LineVerdict {
	switch {
	case l.set == nil:
		return b.decide(l)
	case len(l.set.cdrs) == 1:
		whole := l.whole()
		return l.shareOf(b.decide(whole))
	}
	return l.shareOf(b.decideOver(l))
}

// whole is a line that claims what all lines of the set do, in the words of this one and disputed as it is.
func (l *lineEntry) whole() *lineEntry {
	whole := *l
	whole.line = combine(l.line, l.set.lines)
	whole.findings, whole.talk, whole.set, whole.repeated, whole.stands = nil, nil, nil, false, len(l.set.lines)
	return &whole
}

// combine is a line that claims what all of some claim.
func combine(like *Line, lines []*lineEntry) *Line {
	out := *like
	out.Claimed, out.ClaimedVAT = claimedTogether(lines), ocpi.Number{}
	var kWh exact.Decimal
	stated, repeated := 0, true
	for _, l := range lines {
		if n := l.line.ClaimedKWh; n.Present {
			repeated = repeated && (stated == 0 || n.Value.Equal(out.ClaimedKWh.Value))
			kWh, out.ClaimedKWh = kWh.Add(n.Value), n
			stated++
		}
		if compareNumbers(out.TaxRate, l.line.TaxRate) != 0 {
			out.TaxRate = ocpi.Number{} // of several rates none is that of the whole
		}
	}
	if !repeated {
		out.ClaimedKWh = Known(kWh)
	}
	return &out
}

// shareOf is the line's share of what was decided of its set.
func (l *lineEntry) shareOf(v LineVerdict) LineVerdict {
	set := l.set
	v.Line, v.Invoiced = l.line, l.line.Claimed
	v.Set = &SetVerdict{
		Lines: len(set.lines), Claimed: claimedTogether(set.lines), Computed: v.Computed, Proven: v.Proven, Conceded: v.Conceded, Unproven: v.Unproven,
	}
	for _, c := range set.cdrs {
		v.Set.CDRs = append(v.Set.CDRs, strings.Trim(c.cdr.CountryCode+"/"+c.cdr.PartyID+"/"+c.cdr.ID, "/"))
	}
	for i := range v.Sheets {
		if v.Sheets[i].Name == sheetPrice {
			v.Sheets[i].Name = sheetTogether
		}
	}
	l.share(&v)
	v.Findings = slices.Concat(l.findings, v.Findings)
	v.Findings = append(v.Findings, newFinding(l.line.Record.Place, "", codeLinesOverCDRs, ocpi.SeverityInfo,
		"lines %s claim %s together, which is %s; they are judged as one, and this line has its share in proportion to what it claims",
		lineNames(set.lines), v.Set.Claimed.BeforeTaxes.Value, set.says))
	if l.repeated {
		v.Notes = append(v.Notes, codeDupInvoiceLine)
		v.Findings = append(v.Findings, newFinding(l.line.Record.Place, "", codeDupInvoiceLine, ocpi.SeverityWarn,
			"invoice %s has line %s more than once, with other content", l.line.InvoiceID, l.line.Line))
	}
	(&conclusion{line: l, v: &v}).reasons()
	return v
}

// share divides each side of the verdict among the lines of the set.
func (l *lineEntry) share(v *LineVerdict) {
	at, claims := slices.Index(l.set.lines, l), make([]Money, len(l.set.lines))
	for i, other := range l.set.lines {
		claims[i] = other.line.Claimed
	}
	v.Proven, v.Conceded, v.Unproven = v.Set.Shares(claims, at, v.Line.Currency)
	v.Computed = v.Set.computedOf(claims, at)
	v.Underbilled = l.portion(v.Underbilled, v.Set.Claimed, v.Invoiced, v.Line.Currency)
	v.OnlyAsAgreed = l.portion(v.OnlyAsAgreed, v.Set.Proven, v.Proven, v.Line.Currency)
	v.OnlyByDefault = l.portion(v.OnlyByDefault, v.Set.Unproven, v.Unproven, v.Line.Currency)
}

// portion is so much of an amount as a part is of the whole, cut off to the minor unit: what it tells is no part of what is conserved.
func (l *lineEntry) portion(amount, whole, part Money, currency string) Money {
	for _, basis := range []Basis{BeforeTaxes, AfterTaxes} {
		n, w := amount.on(basis), whole.on(basis).Value
		switch p := part.on(basis); {
		case !n.Present:
		case !p.Present:
			amount.AfterTaxes = ocpi.Number{}
		case !w.IsZero():
			places := max(p.Value.Scale(), MinorUnits(currency))
			amount = amount.set(basis, n.Value.Mul(p.Value).DivRound(w, places, exact.Down))
		}
	}
	return amount
}

// Shares are the parts of one of the lines of a set, whose claims are given in order: on each side in proportion to what they claim, to the decimals
// shown, by largest remainder. Tax that alone is conceded follows the taxes. A line with taxes in a set of which not all have any is given them in proportion
// to its own net parts.
func (s *SetVerdict) Shares(claims []Money, at int, currency string) (proven, conceded, unproven Money) {
	minor := MinorUnits(currency)
	net := func(m Money) exact.Decimal { return m.BeforeTaxes.Value }
	gross := func(m Money) exact.Decimal { return m.AfterTaxes.Value }
	tax := func(m Money) exact.Decimal { return gross(m).Sub(net(m)) }
	weigh := func(of func(Money) exact.Decimal) []exact.Decimal {
		out := make([]exact.Decimal, len(claims))
		for i := range claims {
			out[i] = of(claims[i])
		}
		return out
	}
	own := partsOf(s.parts(BeforeTaxes), weigh(net), weigh(net), at, minor)
	proven, conceded, unproven = proven.set(BeforeTaxes, own.proven), conceded.set(BeforeTaxes, own.conceded), unproven.set(BeforeTaxes, own.unproven)
	if !claims[at].AfterTaxes.Present {
		return proven, conceded, unproven
	}
	if s.Claimed.AfterTaxes.Present {
		weights, whole := weigh(gross), s.parts(BeforeTaxes)
		negative := func(v exact.Decimal) bool { return v.Sign() < 0 }
		if taxes := weigh(tax); whole.conceded.IsZero() && whole.unproven.IsZero() && !slices.ContainsFunc(taxes, negative) && sum(taxes).Sign() > 0 {
			weights = taxes
		}
		own = partsOf(s.parts(AfterTaxes), weigh(gross), weights, at, minor)
	} else {
		own = own.onto(gross(claims[at]), net(claims[at]), minor)
	}
	return proven.set(AfterTaxes, own.proven), conceded.set(AfterTaxes, own.conceded), unproven.set(AfterTaxes, own.unproven)
}

func (s *SetVerdict) parts(basis Basis) parts {
	return parts{proven: s.Proven.on(basis).Value, conceded: s.Conceded.on(basis).Value, unproven: s.Unproven.on(basis).Value}
}

// partsOf are the parts of a line: what of the whole is not proven by weight, the rest of its claim is proven.
func partsOf(whole parts, claims, weights []exact.Decimal, at int, minor int32) parts {
	places := max(minor, whole.conceded.Scale(), whole.unproven.Scale())
	for _, c := range claims {
		places = max(places, c.Scale())
	}
	open := Share(whole.conceded.Add(whole.unproven), weights, places)
	conceded := Share(whole.conceded, open, places)
	return parts{proven: claims[at].Sub(open[at]), conceded: conceded[at], unproven: open[at].Sub(conceded[at])}
}

// onto is the parts of an amount as those of another: the last takes the remainder (rule 5).
func (p parts) onto(total, of exact.Decimal, minor int32) parts {
	places := max(total.Scale(), minor)
	follow := func(part exact.Decimal) exact.Decimal { return part.Mul(total).DivRound(of, places, exact.HalfUp) }
	out := parts{proven: follow(p.proven), unproven: follow(p.unproven), conceded: follow(p.conceded)}
	switch {
	case !p.conceded.IsZero():
		out.conceded = total.Sub(out.proven).Sub(out.unproven)
	case !p.unproven.IsZero():
		out.unproven = total.Sub(out.proven)
	default:
		out.proven = total
	}
	return out
}

// pricePlaces are the decimals in which prices are shared: those of OCPI's numbers. What is less goes with the last unit.
const pricePlaces = 4

// computedOf is the share of one of the lines in what the CDRs cost.
func (s *SetVerdict) computedOf(claims []Money, at int) (out Money) {
	for _, basis := range []Basis{BeforeTaxes, AfterTaxes} {
		cost := s.Computed.on(basis)
		weights := make([]exact.Decimal, len(claims))
		for i := range claims {
			weights[i] = claims[i].BeforeTaxes.Value
		}
		if cost.Present && cost.Value.Sign() >= 0 {
			out = out.set(basis, Share(cost.Value.Shown(), weights, pricePlaces)[at])
		}
	}
	return out
}

// Fits reports a line of a set that has its share of what it says of the whole.
func (s *SetVerdict) Fits(v *LineVerdict, claims []Money, at int) error {
	proven, conceded, unproven := s.Shares(claims, at, v.Line.Currency)
	computed := s.computedOf(claims, at)
	for _, part := range []struct {
		name       string
		have, want Money
	}{{"proven", v.Proven, proven}, {"conceded", v.Conceded, conceded}, {"unproven", v.Unproven, unproven}, {"computed", v.Computed, computed}} {
		for _, basis := range []Basis{BeforeTaxes, AfterTaxes} {
			if have, want := part.have.on(basis).Value, part.want.on(basis).Value; !have.Equal(want) {
				return fmt.Errorf("%s is %s of it, its share is %s", have.Output(), part.name, want.Output())
			}
		}
	}
	return nil
}
