package reconcile

import (
	"fmt"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// sideFinder tells the lines of a group, or where there is none the group, how the sides stand.
type sideFinder struct {
	b        *bench
	byCDR    map[*ocpi.CDR]*ocpi.Finding // of ours: what lines that rest on it are told
	findings []*ocpi.Finding             // in the order of the comparison
	strange  []*cdrEntry                 // that only the debtor's copy has
}

// add keeps what is to be said of one CDR; the same is not worth a word.
func (f *sideFinder) add(s *SideBySide, p sidePair) {
	if s.Verdict == SidesSame {
		return
	}
	finding := s.finding()
	f.findings = append(f.findings, &finding)
	if p.ours == nil {
		f.strange = append(f.strange, p.theirs)
		return
	}
	f.byCDR[p.ours.cdr] = &finding
	for _, rival := range p.ours.rivals {
		f.byCDR[rival.cdr] = &finding
	}
}

// tell gives each finding to the lines that rest on its CDR, and the others to the group.
func (f *sideFinder) tell() {
	told := map[*ocpi.Finding]bool{}
	byID := newFinder(f.strange, func(e *cdrEntry) string { return e.cdr.ID })
	bySession := newFinder(f.strange, func(e *cdrEntry) string { return e.cdr.SessionID })
	for i := range f.b.out.Lines {
		v := &f.b.out.Lines[i]
		if v.Match.CDR == nil {
			held(v, &byID, &bySession)
		} else if finding := f.byCDR[v.Match.CDR]; finding != nil {
			v.Findings = append(v.Findings, *finding)
			told[finding] = true
		}
	}
	for _, finding := range f.findings {
		if !told[finding] {
			f.b.out.Findings = append(f.b.out.Findings, *finding)
		}
	}
}

// held adds to what is said of a line without a CDR that the debtor itself holds one.
func held(v *LineVerdict, byID, bySession *finder[*cdrEntry]) {
	l := v.Line
	ofLine := func(e *cdrEntry) bool { return partly(l.CountryCode, l.PartyID, e.cdr.CountryCode, e.cdr.PartyID) }
	found := byID.find(l.CDRID, ofLine)
	if len(found) == 0 {
		found = bySession.find(l.SessionID, ofLine)
	}
	if len(found) == 0 {
		return
	}
	c := found[0].cdr
	for i := range v.Findings {
		if f := &v.Findings[i]; f.Code == codeUnknownCDR || f.Code == codeMissingCDR {
			f.Message += fmt.Sprintf("; the debtor itself holds CDR %s at %s: %s", c.ID, c.Record.Place, asSent(c))
		}
	}
}

// asSent is what a CDR says of energy and cost.
func asSent(c *ocpi.CDR) string {
	kWh, net := "energy not stated", "cost not stated"
	if c.TotalEnergy.Present {
		kWh = c.TotalEnergy.Value.Output() + " kWh"
	}
	if c.TotalCost.BeforeTaxes.Present {
		net = strings.TrimSpace(c.TotalCost.BeforeTaxes.Value.Output() + " " + c.Currency + " net as sent")
	}
	return kWh + ", " + net
}

// finding is what there is to say of a CDR that is not the same on both sides.
func (s *SideBySide) finding() ocpi.Finding {
	switch s.Verdict {
	case OnlyOurs:
		return newFinding(s.Ours.Record.Place, "", codeTheirsMissing, ocpi.SeverityWarn, "the debtor's copy has no CDR %s (%s)", s.Ours.ID, asSent(s.Ours))
	case OnlyTheirs:
		return newFinding(s.Theirs.Record.Place, "", codeTheirsExtra, ocpi.SeverityWarn, "only the debtor's copy has CDR %s (%s)", s.Theirs.ID, asSent(s.Theirs))
	}
	pointer, severity := "", ocpi.SeverityInfo
	if s.DifferenceCount == 1 {
		pointer = s.Differences[0].Pointer
	}
	if s.bears() {
		severity = ocpi.SeverityWarn
	}
	return newFinding(s.Theirs.Record.Place, pointer, codeTheirsDiffers, severity, "the debtor's copy of CDR %s differs: %s; %s",
		s.Theirs.ID, s.members(), s.costs())
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
