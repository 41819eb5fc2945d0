package reconcile

import (
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// TheirInputs are the patterns of the debtor's own copy of records.
type TheirInputs struct{ CDRs, Sessions []string }

// SideVerdict says how a CDR or session stands on the two sides.
type SideVerdict string

// The verdicts on a record that one side or both hold.
const (
	SidesSame   SideVerdict = "same"        // the same content, however it is written
	SidesDiffer SideVerdict = "differs"     // in one member at least
	OnlyOurs    SideVerdict = "only-ours"   // the debtor's copy has no such record
	OnlyTheirs  SideVerdict = "only-theirs" // the debtor's copy alone has it
)

// SideBySide is one CDR or session, by its key, in the creditor's records (ours) and in the debtor's copy (theirs). The key is owner and id without
// regard to case (mod_cdrs, CDR object; mod_sessions, Session object); a record without an owner, as in 2.1.1, goes by its id where no other of that
// id is left on either side. Of several bodies on one side the one counts that counts for judging: the first of a CDR, the newest of a session.
type SideBySide struct {
	Verdict      SideVerdict
	Ours, Theirs *SideRecord // nil where a side has none
	// OurCost and TheirCost are the prices of CDRs by the same agreement, rounded half-up to the minor unit of the CDR's own currency. Absent: not
	// priceable, or the sides are the same and nothing was priced, or of sessions, which are not priced.
	OurCost, TheirCost Money
	Differences        []SideDifference // the first MaxSideDifferences
	DifferenceCount    int
}

// Either is our record, else theirs.
func (s *SideBySide) Either() *SideRecord {
	if s.Ours != nil {
		return s.Ours
	}
	return s.Theirs
}

// MaxSideDifferences is how many differences of a record are told one by one.
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

// compareTheirs holds the debtor's copy against the group's CDRs and sessions. It comes after everything is decided: what the other side holds is
// evidence to look at, and never changes what is owed.
func (b *bench) compareTheirs() {
	if !b.terms.TheirsGiven && !b.terms.TheirSessionsGiven {
		return
	}
	theirs, found := b.identifyTheirs(), sideFinder{b: b, byRecord: map[any]*ocpi.Finding{}}
	if b.terms.TheirsGiven {
		b.out.Theirs = found.compare(sidesOfCDRs(b.cdrs), sidesOfCDRs(theirs.cdrs))
	}
	if b.terms.TheirSessionsGiven {
		b.out.TheirSessions = found.compare(sidesOfSessions(b.sessions), sidesOfSessions(theirs.sessions))
	}
	found.tell()
}

// identifyTheirs makes one entry of each CDR and session of the debtor's copy, just as of ours: repeats are left out, other bodies of a record are
// found.
func (b *bench) identifyTheirs() *bench {
	g := &Group{CDRs: b.group.Theirs, Sessions: b.group.TheirSessions}
	other := newBench(g, b.terms)
	if len(g.CDRs)+len(g.Sessions) == 0 {
		return other
	}
	other.identifyCDRs()
	other.identifySessions()
	b.out.TheirFates, b.out.TheirSessionFates = other.out.CDRFates, other.out.SessionFates
	findings := other.out.Findings
	for _, e := range other.cdrs {
		findings = append(append(findings, e.decoded...), e.findings...)
	}
	for _, e := range other.sessions {
		findings = append(findings, e.findings...)
	}
	if b.terms.V2G {
		findings = slices.Clone(findings)
		allowExport(findings)
	}
	b.out.Findings = append(b.out.Findings, findings...)
	return other
}

// sidePair is the entries of one key; nil where a side has none.
type sidePair struct{ ours, theirs *sideEntry }

// pairSides pairs the entries of two sides, each in the order of compareSideIDs.
func pairSides(ours, theirs []*sideEntry) []sidePair {
	var pairs []sidePair
	var ourRest, theirRest []*sideEntry
	for len(ours) > 0 && len(theirs) > 0 {
		c := compareSideIDs(ours[0], theirs[0])
		if c == 0 && named(ours[0].ID) {
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
func pairByID(pairs []sidePair, ours, theirs []*sideEntry) []sidePair {
	ourOnly, theirOnly := onlyOfID(ours, theirs), onlyOfID(theirs, ours)
	paired := map[*sideEntry]bool{}
	for _, o := range ours {
		p, id := sidePair{ours: o}, foldID(o.ID)
		if t := theirOnly[id]; t != nil && ourOnly[id] != nil && partly(o.CountryCode, o.PartyID, t.CountryCode, t.PartyID) {
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
func onlyOfID(entries, other []*sideEntry) map[string]*sideEntry {
	if len(other) == 0 {
		return nil
	}
	out := make(map[string]*sideEntry, len(entries))
	for _, e := range entries {
		id := foldID(e.ID)
		if _, seen := out[id]; seen || !named(id) {
			out[id] = nil
		} else {
			out[id] = e
		}
	}
	return out
}

func (b *bench) sideBySide(p sidePair) SideBySide {
	var s SideBySide
	switch {
	case p.theirs == nil:
		s = SideBySide{Verdict: OnlyOurs, Ours: p.ours.SideRecord}
	case p.ours == nil:
		s = SideBySide{Verdict: OnlyTheirs, Theirs: p.theirs.SideRecord}
	default:
		s = CompareSides(p.ours.SideRecord, p.theirs.SideRecord)
	}
	if s.Verdict == SidesSame {
		return s
	}
	s.OurCost, s.TheirCost = b.sideCost(p.ours), b.sideCost(p.theirs)
	return s
}

// CompareSides compares two records of one CDR or session, without pricing them.
func CompareSides(ours, theirs *SideRecord) SideBySide {
	s := SideBySide{Verdict: SidesSame, Ours: ours, Theirs: theirs}
	list, all := ocpi.Differences(ours.Record.Bytes, theirs.Record.Bytes, MaxSideDifferences)
	if all > 0 {
		s.Verdict, s.DifferenceCount = SidesDiffer, all
	}
	for _, d := range list {
		s.Differences = append(s.Differences, SideDifference{d, BearingOf(ours.Kind, d.Pointer)})
	}
	return s
}

// sideCost is the price that governs a CDR under the case: on the agreed tariff where the case names one that prices it, else as declared.
func (b *bench) sideCost(e *sideEntry) Money {
	var out Money
	if e == nil || e.cdr == nil {
		return out
	}
	c := e.cdr
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
