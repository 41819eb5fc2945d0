package reconcile

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// sideFinder tells the lines of a group, or where there is none the group, how the sides stand.
type sideFinder struct {
	b        *bench
	byRecord map[any]*ocpi.Finding // by CDR or session of ours: what lines that rest on it are told
	findings []*ocpi.Finding       // in the order of the comparison
	strange  []*sideEntry          // that only the debtor's copy has
}

// compare compares the records of one kind, each side in the order of compareSideIDs, and keeps what is to be said of them.
func (f *sideFinder) compare(ours, theirs []*sideEntry) []SideBySide {
	out := make([]SideBySide, 0, len(ours))
	for _, p := range pairSides(ours, theirs) {
		s := f.b.sideBySide(p)
		out = append(out, s)
		f.add(&s, p)
	}
	return out
}

// add keeps what is to be said of one record; the same is not worth a word.
func (f *sideFinder) add(s *SideBySide, p sidePair) {
	if s.Verdict == SidesSame {
		return
	}
	finding := s.finding()
	f.findings = append(f.findings, &finding)
	switch {
	case p.ours == nil:
		f.strange = append(f.strange, p.theirs)
	case p.ours.session != nil:
		f.byRecord[p.ours.session.session] = &finding
	default:
		f.byRecord[p.ours.cdr.cdr] = &finding
		for _, rival := range p.ours.cdr.rivals {
			f.byRecord[rival.cdr] = &finding
		}
	}
}

// tell gives each finding to the lines that rest on its record, and the others to the group.
func (f *sideFinder) tell() {
	told := map[*ocpi.Finding]bool{}
	strange := f.strangers()
	for i := range f.b.out.Lines {
		v := &f.b.out.Lines[i]
		strange.held(v)
		for _, record := range []any{v.Match.CDR, v.Match.Session} {
			if finding := f.byRecord[record]; finding != nil {
				v.Findings = append(v.Findings, *finding)
				told[finding] = true
			}
		}
	}
	for _, finding := range f.findings {
		if !told[finding] {
			f.b.out.Findings = append(f.b.out.Findings, *finding)
		}
	}
}

// strangers finds the CDRs and sessions that only the debtor's copy has.
type strangers struct{ cdrs, cdrsBySession, sessions finder[*sideEntry] }

func (f *sideFinder) strangers() *strangers {
	var cdrs, sessions []*sideEntry
	for _, e := range f.strange {
		if e.session != nil {
			sessions = append(sessions, e)
		} else {
			cdrs = append(cdrs, e)
		}
	}
	byID := func(e *sideEntry) string { return e.ID }
	return &strangers{newFinder(cdrs, byID), newFinder(cdrs, func(e *sideEntry) string { return e.SessionID }), newFinder(sessions, byID)}
}

// held adds to what is said of a line without a CDR, or without a session, that the debtor itself holds one.
func (s *strangers) held(v *LineVerdict) {
	l := v.Line
	ofLine := func(e *sideEntry) bool { return partly(l.CountryCode, l.PartyID, e.CountryCode, e.PartyID) }
	if v.Match.CDR == nil {
		found := s.cdrs.find(l.CDRID, ofLine)
		if len(found) == 0 {
			found = s.cdrsBySession.find(l.SessionID, ofLine)
		}
		saysHeld(v, found, codeUnknownCDR, codeMissingCDR)
	}
	if v.Match.Session == nil {
		found := s.sessions.find(v.Match.SessionID, ofLine)
		if len(found) == 0 {
			found = s.sessions.find(l.SessionID, ofLine)
		}
		saysHeld(v, found, codeUnknownCDR, codeWithoutSession)
	}
}

// saysHeld adds the first of what was found to the findings of some codes.
func saysHeld(v *LineVerdict, found []*sideEntry, codes ...ocpi.Code) {
	if len(found) == 0 {
		return
	}
	e := found[0]
	for i := range v.Findings {
		if f := &v.Findings[i]; slices.Contains(codes, f.Code) {
			f.Message += fmt.Sprintf("; the debtor itself holds %s %s at %s: %s", e.noun(), e.ID, e.Record.Place, e.asSent())
		}
	}
}

// finding is what there is to say of a record that is not the same on both sides.
func (s *SideBySide) finding() ocpi.Finding {
	r := s.Either()
	differs, missing, extra := codeTheirsDiffers, codeTheirsMissing, codeTheirsExtra
	if r.Kind == ocpi.KindSession {
		differs, missing, extra = codeTheirsSessionDiffers, codeTheirsSessionMissing, codeTheirsSessionExtra
	}
	switch s.Verdict {
	case OnlyOurs:
		return newFinding(r.Record.Place, "", missing, ocpi.SeverityWarn, "the debtor's copy has no %s %s (%s)", r.noun(), r.ID, r.asSent())
	case OnlyTheirs:
		return newFinding(r.Record.Place, "", extra, ocpi.SeverityWarn, "only the debtor's copy has %s %s (%s)", r.noun(), r.ID, r.asSent())
	}
	pointer, severity, end := "", ocpi.SeverityInfo, s.costs
	if s.DifferenceCount == 1 {
		pointer = s.Differences[0].Pointer
	}
	if s.bears() {
		severity = ocpi.SeverityWarn
	}
	if r.Kind == ocpi.KindSession {
		end = s.ages
	}
	return newFinding(s.Theirs.Record.Place, pointer, differs, severity, "the debtor's copy of %s %s differs: %s; %s",
		r.noun(), s.Theirs.ID, s.members(), end())
}

// maxNamed is how many differences a message names.
const maxNamed = 3

// members names the first differences, those that can change a price or a quantity before the others.
func (s *SideBySide) members() string {
	var names []string
	for _, idle := range []bool{false, true} {
		for i := range s.Differences {
			if d := &s.Differences[i]; len(names) < maxNamed && (d.BearsOn == BearsOnNothing) == idle {
				names = append(names, fmt.Sprintf("%s ours %s, theirs %s", orWhole(d.Pointer), briefValue(d.A), briefValue(d.B)))
			}
		}
	}
	if more := s.DifferenceCount - len(names); more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	return strings.Join(names, "; ")
}

func orWhole(pointer string) string {
	if pointer == "" {
		return "the record"
	}
	return pointer
}

// longestValue is how many bytes of a JSON value a message shows.
const longestValue = 60

func briefValue(raw []byte) string {
	switch {
	case raw == nil:
		return "none"
	case len(raw) > longestValue:
		return strings.ToValidUTF8(string(raw[:longestValue]), "") + "…"
	}
	return string(raw)
}

// ages says which state of a session is the later one: a session changes while it goes on (mod_sessions, Session object).
func (s *SideBySide) ages() string {
	ours, theirs := s.Ours.LastUpdated, s.Theirs.LastUpdated
	if ours.IsZero() || theirs.IsZero() {
		return "which state is the later one is not known"
	}
	at := func(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
	switch theirs.Compare(ours) {
	case -1:
		return fmt.Sprintf("theirs is an older state, last updated %s, ours %s", at(theirs), at(ours))
	case 1:
		return fmt.Sprintf("theirs is a newer state, last updated %s, ours %s", at(theirs), at(ours))
	}
	return "both were last updated " + at(ours)
}

// costs says what the two versions cost by the same agreement.
func (s *SideBySide) costs() string {
	currency := s.Ours.Currency
	ours, theirs, basis := s.OurCost.BeforeTaxes, s.TheirCost.BeforeTaxes, "net"
	if !ours.Present || !theirs.Present {
		ours, theirs, basis = s.OurCost.AfterTaxes, s.TheirCost.AfterTaxes, "with taxes"
	}
	switch {
	case !ours.Present || !theirs.Present:
		return "what they cost by the same agreement is not known of both"
	case currency != s.Theirs.Currency:
		return fmt.Sprintf("ours costs %s %s, theirs %s %s", ours.Value, currency, theirs.Value, s.Theirs.Currency)
	}
	minor := MinorUnits(currency)
	amount := func(d exact.Decimal) string { return d.Fixed(minor) }
	switch difference := theirs.Value.Sub(ours.Value); difference.Sign() {
	case 1:
		return fmt.Sprintf("by the same agreement theirs costs %s %s %s, ours %s: %s more", amount(theirs.Value), currency, basis, amount(ours.Value), amount(difference))
	case -1:
		return fmt.Sprintf("by the same agreement theirs costs %s %s %s, ours %s: %s less", amount(theirs.Value), currency, basis, amount(ours.Value), amount(difference.Neg()))
	}
	return fmt.Sprintf("by the same agreement both cost %s %s %s", amount(ours.Value), currency, basis)
}
