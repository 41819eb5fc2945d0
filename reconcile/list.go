package reconcile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
)

// Codes of Invoice Reconciliation records; their entries are in ocpi/codes.md.
const (
	codeListAmbiguous  ocpi.Code = "list-ambiguous-id"
	codeListApart      ocpi.Code = "list-apart"
	codeListBeforeCDR  ocpi.Code = "list-before-cdr"
	codeListCredit     ocpi.Code = "list-credit-incomplete"
	codeListDiffers    ocpi.Code = "list-differs"
	codeListDuplicate  ocpi.Code = "list-duplicate-id"
	codeListInvoice    ocpi.Code = "list-invoice-unknown"
	codeListMixed      ocpi.Code = "list-mixed"
	codeListReference  ocpi.Code = "list-reference-mismatch"
	codeListReverse    ocpi.Code = "list-reverse-billing"
	codeListSuperseded ocpi.Code = "list-superseded"
	codeListTruncated  ocpi.Code = "list-truncated-id"
	codeListTwice      ocpi.Code = "list-two-invoices"
	codeListUnknown    ocpi.Code = "list-unknown-cdr"
)

// ListedCDR is what an Invoice Reconciliation record is checked for of a CDR that it lists.
type ListedCDR struct {
	Member
	SessionID         string
	EMSP              Party // of the token
	Credit            bool
	CreditReferenceID string
	InvoiceReference  string
	EndDateTime       time.Time
	Home, Reservation bool
}

// ListedOf is the CDR as lists are checked for it.
func ListedOf(c *ocpi.CDR) ListedCDR {
	return ListedCDR{
		Member: MemberOf(c), SessionID: c.SessionID, EMSP: Party{CountryCode: c.Token.CountryCode, PartyID: c.Token.PartyID}, Credit: c.IsCredit(),
		CreditReferenceID: c.CreditReferenceID, InvoiceReference: c.InvoiceReferenceID, EndDateTime: c.EndDateTime,
		Home: c.HomeChargingCompensation == ocpi.True, Reservation: isReservation(c),
	}
}

// isReservation reports a CDR of a reservation alone.
func isReservation(c *ocpi.CDR) bool {
	reserved := false
	for i := range c.ChargingPeriods {
		for _, d := range c.ChargingPeriods[i].Dimensions {
			if reserved = d.Kind == ocpi.ReservationTime; !reserved {
				return false
			}
		}
	}
	return reserved
}

// List is an Invoice Reconciliation record with the CDRs that its ids may mean, parallel to its ids.
type List struct {
	Record   *ocpi.InvoiceReconciliation
	Found    [][]ListedCDR // of each id: CDRs of other owners too, and of an id that was cut off those that begin with it
	Credited []string      // folded ids of listed CDRs that some CDR credits
}

// Resolve finds of each id the one CDR that it means: ids are unique within an owner, and a list names none, so that where several owners
// have the id it is the counterparty's (creditor, where the case names one, else the owner of the list). An id that no CDR has is cut off
// where it has all 36 characters that a list allows and exactly one longer id begins with it. The result is parallel to the ids: nil where
// there is none or several.
func (l *List) Resolve(creditor Party) ([]*ListedCDR, []ocpi.Finding) {
	out := make([]*ListedCDR, len(l.Found))
	var findings []ocpi.Finding
	counterparty := creditor.PartyID
	if counterparty == "" {
		counterparty = l.Record.PartyID
	}
	for i, found := range l.Found {
		id := l.Record.CDRs[i]
		same := ownersOf(found, func(c *ListedCDR) bool { return sameID(c.CDRID, id) })
		if len(same) > 1 {
			if own := slices.DeleteFunc(slices.Clone(same), func(c *ListedCDR) bool { return !sameID(c.PartyID, counterparty) }); len(own) > 0 {
				same = own
			}
		}
		cut := ownersOf(found, func(c *ListedCDR) bool { return !sameID(c.CDRID, id) })
		switch {
		case len(same) == 1:
			out[i] = same[0]
		case len(same) > 1:
			findings = append(findings, l.find(i, codeListAmbiguous, ocpi.SeverityError, "CDRs of %d owners have the id %s, and the list names none", len(same), id))
		case len(cut) == 1:
			out[i] = cut[0]
			findings = append(findings, l.find(i, codeListTruncated, ocpi.SeverityWarn, "no CDR has the id %s, which is %s cut off", id, cut[0].CDRID))
		default:
			findings = append(findings, l.find(i, codeListUnknown, ocpi.SeverityError, "no CDR is %s, which the list of invoice %s names", id, l.Record.InvoiceID))
		}
	}
	return out, findings
}

// ownersOf keeps of each owner's CDR the first issued.
func ownersOf(found []ListedCDR, keep func(*ListedCDR) bool) []*ListedCDR {
	var out []*ListedCDR
	for i := range found {
		if keep(&found[i]) {
			out = append(out, &found[i])
		}
	}
	slices.SortFunc(out, func(a, b *ListedCDR) int { return CompareMembers(&a.Member, &b.Member) })
	return slices.CompactFunc(out, func(a, b *ListedCDR) bool { return SameMember(&a.Member, &b.Member) })
}

func (l *List) find(i int, code ocpi.Code, severity ocpi.Severity, format string, args ...any) ocpi.Finding {
	pointer := ""
	if i >= 0 {
		pointer = fmt.Sprintf("/cdrs/%d", i)
	}
	return newFinding(l.Record.Record.Place, pointer, code, severity, format, args...)
}

// Check is what a list says about itself and the CDRs that Resolve found.
func (l *List) Check(cdrs []*ListedCDR) []ocpi.Finding {
	findings := l.repeats(cdrs)
	var home, reservations int
	listed := map[string]bool{}
	for _, c := range cdrs {
		if c != nil {
			listed[foldID(c.CDRID)] = true
		}
	}
	for i, c := range cdrs {
		if c == nil {
			continue
		}
		findings = append(findings, l.checkCDR(i, c, listed)...)
		if c.Home {
			home++
		} else if c.Reservation {
			reservations++
		}
	}
	if home+reservations > 0 {
		findings = append(findings, l.find(-1, codeListApart, ocpi.SeverityInfo, "the list has %d CDRs of home charging and %d of reservations alone", home, reservations))
	}
	return append(findings, l.parties(cdrs)...)
}

// repeats are ids that are listed twice; the CDR is a member once.
func (l *List) repeats(cdrs []*ListedCDR) []ocpi.Finding {
	var findings []ocpi.Finding
	first := map[string]int{}
	for i, id := range l.Record.CDRs {
		at, again := first[foldID(id)]
		if !again {
			first[foldID(id)] = i
			continue
		}
		amount := "an amount that is not known"
		if c := cdrs[i]; c != nil {
			amount = c.Cost.BeforeTaxes.Value.Fixed(MinorUnits(c.Currency))
		}
		findings = append(findings, l.find(i, codeListDuplicate, ocpi.SeverityWarn, "CDR %s of %s is listed at /cdrs/%d already; it counts once", id, amount, at))
	}
	return findings
}

// checkCDR checks one listed CDR.
func (l *List) checkCDR(i int, c *ListedCDR, listed map[string]bool) (findings []ocpi.Finding) {
	r := l.Record
	add := func(code ocpi.Code, severity ocpi.Severity, format string, args ...any) {
		findings = append(findings, l.find(i, code, severity, format, args...))
	}
	if !r.LastUpdated.IsZero() && c.EndDateTime.After(r.LastUpdated) {
		add(codeListBeforeCDR, ocpi.SeverityError, "the list is of %s, CDR %s ended at %s", r.LastUpdated.Format(time.RFC3339), c.CDRID, c.EndDateTime.Format(time.RFC3339))
	}
	if ref := c.InvoiceReference; named(ref) && !sameID(ref, r.InvoiceID) {
		if len(ref) >= maxReference && len(r.InvoiceID) > len(ref) && sameID(ref, r.InvoiceID[:len(ref)]) {
			add(codeListReference, ocpi.SeverityInfo, "CDR %s names the invoice by its first %d characters, %s", c.CDRID, len(ref), ref)
		} else {
			add(codeListReference, ocpi.SeverityWarn, "CDR %s names invoice %s, the list is of %s", c.CDRID, ref, r.InvoiceID)
		}
	}
	switch {
	case c.Credit && named(c.CreditReferenceID) && !listed[foldID(c.CreditReferenceID)]:
		add(codeListCredit, ocpi.SeverityWarn, "credit %s is listed and CDR %s, which it credits, is not", c.CDRID, c.CreditReferenceID)
	case !c.Credit && slices.Contains(l.Credited, foldID(c.CDRID)):
		add(codeListCredit, ocpi.SeverityWarn, "CDR %s is listed and its credit is not", c.CDRID)
	}
	return findings
}

// maxReference is the length of CDR.invoice_reference_id, which is shorter than an invoice's id may be.
const maxReference = 39

// parties says whether the CDRs have one CPO, one eMSP and one currency, and who bills whom.
func (l *List) parties(cdrs []*ListedCDR) []ocpi.Finding {
	var findings []ocpi.Finding
	for _, side := range []struct {
		name string
		of   func(c *ListedCDR) string
	}{
		{"CPO", func(c *ListedCDR) string { return partyName(c.CountryCode, c.PartyID) }},
		{"eMSP", func(c *ListedCDR) string { return partyName(c.EMSP.CountryCode, c.EMSP.PartyID) }},
		{"currency", func(c *ListedCDR) string { return c.Currency }},
	} {
		counts := map[string]int{}
		for _, c := range cdrs {
			if c != nil && side.of(c) != "" {
				counts[strings.ToUpper(side.of(c))]++
			}
		}
		if len(counts) > 1 {
			findings = append(findings, l.find(-1, codeListMixed, ocpi.SeverityError, "the CDRs of the list have not one %s: %s", side.name, countsText(counts)))
		}
	}
	foreign := slices.IndexFunc(cdrs, func(c *ListedCDR) bool {
		return c != nil && !partly(c.CountryCode, c.PartyID, l.Record.CountryCode, l.Record.PartyID)
	})
	if foreign >= 0 {
		findings = append(findings, l.find(-1, codeListReverse, ocpi.SeverityInfo, "the list is of %s, which does not own CDR %s: who is billed issues the invoice",
			partyName(l.Record.CountryCode, l.Record.PartyID), cdrs[foreign].CDRID))
	}
	return findings
}

func countsText(counts map[string]int) string {
	var names []string
	for name := range counts {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range names {
		names[i] = fmt.Sprintf("%s (%d)", name, counts[name])
	}
	return strings.Join(names, ", ")
}

// LiveLists leaves out records of which there is a newer version: PUT corrects a list, and what it had before stays evidence. Of records
// that live, CDRs on the lists of two invoices are found.
func LiveLists(records []*ocpi.InvoiceReconciliation) (live []*ocpi.InvoiceReconciliation, findings []ocpi.Finding) {
	records = slices.Clone(records)
	slices.SortStableFunc(records, compareRecords)
	for i, r := range records {
		if i+1 < len(records) && sameRecord(r, records[i+1]) {
			if SameLists(r, records[i+1]) {
				continue
			}
			findings = append(findings, newFinding(r.Record.Place, "", codeListSuperseded, ocpi.SeverityWarn,
				"record %s of invoice %s lists %d CDRs and is superseded by the newer one at %s, which lists %d", r.ID, r.InvoiceID, len(r.CDRs),
				records[i+1].Record.Place, len(records[i+1].CDRs)))
			continue
		}
		live = append(live, r)
	}
	return live, append(findings, onTwoInvoices(live)...)
}

// onTwoInvoices are CDRs that two lists of one owner name; credits that follow are CDRs of their own.
func onTwoInvoices(live []*ocpi.InvoiceReconciliation) (findings []ocpi.Finding) {
	first := map[string]*ocpi.InvoiceReconciliation{}
	for _, r := range live {
		for i, id := range r.CDRs {
			key := foldID(r.CountryCode) + "/" + foldID(r.PartyID) + "/" + foldID(id)
			other := first[key]
			if other == nil {
				first[key] = r
			} else if other != r {
				findings = append(findings, (&List{Record: r}).find(i, codeListTwice, ocpi.SeverityError, "CDR %s is on the list of invoice %s too", id, other.InvoiceID))
			}
		}
	}
	return findings
}

// SameLists reports records that name the same invoice and CDRs.
func SameLists(a, b *ocpi.InvoiceReconciliation) bool {
	return sameID(a.InvoiceID, b.InvoiceID) && slices.EqualFunc(a.CDRs, b.CDRs, sameID)
}

func sameRecord(a, b *ocpi.InvoiceReconciliation) bool {
	return named(a.ID) && sameID(a.ID, b.ID) && sameID(a.CountryCode, b.CountryCode) && sameID(a.PartyID, b.PartyID)
}

func compareRecords(a, b *ocpi.InvoiceReconciliation) int {
	return cmp.Or(
		strings.Compare(foldID(a.CountryCode), foldID(b.CountryCode)), strings.Compare(foldID(a.PartyID), foldID(b.PartyID)),
		strings.Compare(foldID(a.ID), foldID(b.ID)), a.LastUpdated.Compare(b.LastUpdated),
		strings.Compare(string(a.Record.Bytes), string(b.Record.Bytes)), comparePlaces(a.Record.Place, b.Record.Place),
	)
}

// NoInvoice is the finding about a list of an invoice that no table has.
func (l *List) NoInvoice() ocpi.Finding {
	return l.find(-1, codeListInvoice, ocpi.SeverityWarn, "no table has invoice %s, of which the record lists %d CDRs", l.Record.InvoiceID, len(l.Record.CDRs))
}

// Differs is the finding about an invoice whose lines name their CDRs, and its list names others; nil where they are the same. named are
// the folded ids of the lines.
func (l *List) Differs(lines map[string]bool) *ocpi.Finding {
	var unlisted, uninvoiced []string
	listed := map[string]bool{}
	for _, id := range l.Record.CDRs {
		if listed[foldID(id)] = true; !lines[foldID(id)] {
			uninvoiced = append(uninvoiced, id)
		}
	}
	for id := range lines {
		if !listed[id] {
			unlisted = append(unlisted, id)
		}
	}
	if len(unlisted)+len(uninvoiced) == 0 {
		return nil
	}
	f := l.find(-1, codeListDiffers, ocpi.SeverityWarn, "of invoice %s, %d CDRs are listed and on no line (%s), %d on a line and not listed (%s)", l.Record.InvoiceID,
		len(uninvoiced), someOf(uninvoiced), len(unlisted), someOf(unlisted))
	return &f
}

// someOf names the first ids, sorted.
func someOf(ids []string) string {
	slices.Sort(ids)
	switch {
	case len(ids) == 0:
		return "none"
	case len(ids) > maxEvidence:
		return strings.Join(ids[:maxEvidence], ", ") + ", …"
	}
	return strings.Join(ids, ", ")
}

// FoldID is an id as grouping compares it: without regard to case.
func FoldID(id string) string { return foldID(id) }
