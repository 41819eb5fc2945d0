package reconcile

import (
	"cmp"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// TheirInputs are the patterns of the debtor's own copy of records.
type TheirInputs struct{ CDRs []string }

// SideVerdict says how a CDR stands on the two sides.
type SideVerdict string

// The verdicts on a CDR that one side or both hold.
const (
	SidesSame   SideVerdict = "same"        // the same content, however it is written
	SidesDiffer SideVerdict = "differs"     // in one member at least
	OnlyOurs    SideVerdict = "only-ours"   // the debtor's copy has no such CDR
	OnlyTheirs  SideVerdict = "only-theirs" // the debtor's copy alone has it
)

// SideBySide is one CDR, by its key, in the creditor's records (ours) and in the debtor's copy (theirs). The key is owner and id without regard
// to case (mod_cdrs, CDR object); a CDR without an owner, as in 2.1.1, goes by its id where no other CDR of that id is left on either side.
// Of several bodies of a CDR on one side the first counts, as it does for judging.
type SideBySide struct {
	Verdict      SideVerdict
	Ours, Theirs *ocpi.CDR // nil where a side has none
	// OurCost and TheirCost are the prices by the same agreement, rounded half-up to the minor unit of the CDR's own currency. Absent: not priceable,
	// or the sides are the same and nothing was priced.
	OurCost, TheirCost Money
	Differences        []SideDifference // the first MaxSideDifferences
	DifferenceCount    int
}

// MaxSideDifferences is how many differences of a CDR are told one by one.
const MaxSideDifferences = 100

// SideDifference is a member in which the sides differ; A is ours, B theirs.
type SideDifference struct {
	ocpi.BodyDifference
	BearsOn BearsOn
}

// bears reports that some difference can change a price or a quantity. What is not listed may.
func (s *SideBySide) bears() bool {
	return s.DifferenceCount > len(s.Differences) ||
		slices.ContainsFunc(s.Differences, func(d SideDifference) bool { return d.BearsOn != BearsOnNothing })
}

// compareTheirs holds the debtor's copy against the group's CDRs. It comes after everything is decided: what the other side holds is evidence to
// look at, and never changes what is owed.
func (b *bench) compareTheirs() {
	if !b.terms.TheirsGiven {
		return
	}
	ours, theirs := b.cdrs, b.identifyTheirs()
	b.out.Theirs = make([]SideBySide, 0, len(ours))
	found := sideFinder{b: b, byCDR: map[*ocpi.CDR]*ocpi.Finding{}}
	for _, p := range pairSides(ours, theirs) {
		s := b.sideBySide(p)
		b.out.Theirs = append(b.out.Theirs, s)
		found.add(&s, p)
	}
	found.tell()
}

// identifyTheirs makes one entry of each CDR of the debtor's copy, just as of ours: repeats are left out, other bodies of a CDR are found.
func (b *bench) identifyTheirs() []*cdrEntry {
	if len(b.group.Theirs) == 0 {
		return nil
	}
	g := &Group{CDRs: b.group.Theirs}
	other := newBench(g, b.terms)
	other.identifyCDRs()
	b.out.TheirFates = other.out.CDRFates
	findings := other.out.Findings
	for _, e := range other.cdrs {
		findings = append(append(findings, e.decoded...), e.findings...)
	}
	if b.terms.V2G {
		findings = slices.Clone(findings)
		allowExport(findings)
	}
	b.out.Findings = append(b.out.Findings, findings...)
	return other.cdrs
}

// sidePair is the entries of one key; nil where a side has none.
type sidePair struct{ ours, theirs *cdrEntry }

// pairSides pairs the entries of two sides, each in the order of compareCDRs.
func pairSides(ours, theirs []*cdrEntry) []sidePair {
	var pairs []sidePair
	var ourRest, theirRest []*cdrEntry
	for len(ours) > 0 && len(theirs) > 0 {
		c := compareKeys(ours[0].cdr, theirs[0].cdr)
		if c == 0 && sameCDR(ours[0].cdr, theirs[0].cdr) {
			pairs = append(pairs, sidePair{ours[0], theirs[0]})
			ours, theirs = ours[1:], theirs[1:]
			continue
		}
		if c <= 0 {
			ourRest, ours = append(ourRest, ours[0]), ours[1:]
		}
		if c >= 0 {
			theirRest, theirs = append(theirRest, theirs[0]), theirs[1:]
		}
	}
	return pairByID(pairs, append(ourRest, ours...), append(theirRest, theirs...))
}

// pairByID pairs what is left by id alone, where it is the only one of that id on either side and the owners may be the same: a record of
// OCPI 2.1.1 states none.
func pairByID(pairs []sidePair, ours, theirs []*cdrEntry) []sidePair {
	ourOnly, theirOnly := onlyOfID(ours, theirs), onlyOfID(theirs, ours)
	paired := map[*cdrEntry]bool{}
	for _, o := range ours {
		p, id := sidePair{ours: o}, foldID(o.cdr.ID)
		if t := theirOnly[id]; t != nil && ourOnly[id] != nil && partly(o.cdr.CountryCode, o.cdr.PartyID, t.cdr.CountryCode, t.cdr.PartyID) {
			p.theirs, paired[t] = t, true
		}
		pairs = append(pairs, p)
	}
	for _, t := range theirs {
		if !paired[t] {
			pairs = append(pairs, sidePair{theirs: t})
		}
	}
	return pairs
}

// onlyOfID are the entries that alone have their id, by it; none where the other side has none to pair.
func onlyOfID(entries, other []*cdrEntry) map[string]*cdrEntry {
	if len(other) == 0 {
		return nil
	}
	out := make(map[string]*cdrEntry, len(entries))
	for _, e := range entries {
		id := foldID(e.cdr.ID)
		if _, seen := out[id]; seen || !named(id) {
			out[id] = nil
		} else {
			out[id] = e
		}
	}
	return out
}

// compareKeys orders CDRs by owner and id.
func compareKeys(a, b *ocpi.CDR) int {
	return cmp.Or(
		strings.Compare(foldID(a.CountryCode), foldID(b.CountryCode)), strings.Compare(foldID(a.PartyID), foldID(b.PartyID)),
		strings.Compare(foldID(a.ID), foldID(b.ID)),
	)
}

func (b *bench) sideBySide(p sidePair) SideBySide {
	var s SideBySide
	switch {
	case p.theirs == nil:
		s = SideBySide{Verdict: OnlyOurs, Ours: p.ours.cdr}
	case p.ours == nil:
		s = SideBySide{Verdict: OnlyTheirs, Theirs: p.theirs.cdr}
	default:
		s = CompareSides(p.ours.cdr, p.theirs.cdr)
	}
	if s.Verdict == SidesSame {
		return s
	}
	s.OurCost, s.TheirCost = b.sideCost(p.ours), b.sideCost(p.theirs)
	return s
}

// CompareSides compares two records of one CDR, without pricing them.
func CompareSides(ours, theirs *ocpi.CDR) SideBySide {
	s := SideBySide{Verdict: SidesSame, Ours: ours, Theirs: theirs}
	list, all := ocpi.Differences(ours.Record.Bytes, theirs.Record.Bytes, MaxSideDifferences)
	if all > 0 {
		s.Verdict, s.DifferenceCount = SidesDiffer, all
	}
	for _, d := range list {
		s.Differences = append(s.Differences, SideDifference{d, BearingOf(d.Pointer)})
	}
	return s
}

// sideCost is the price that governs a CDR under the case: on the agreed tariff where the case names one that prices it, else as declared.
func (b *bench) sideCost(c *cdrEntry) Money {
	var out Money
	if c == nil {
		return out
	}
	p := b.price(c)
	if agreed := b.agreedPrice(c); agreed != nil && agreed.blocked == nil {
		p = agreed
	}
	for _, basis := range []Basis{BeforeTaxes, AfterTaxes} {
		if v, ok := b.settled(p, basis); ok {
			out = out.set(basis, v.Round(MinorUnits(c.cdr.Currency), exact.HalfUp))
		}
	}
	return out
}
