package reconcile

import (
	"cmp"
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
)

// SideRecord is what the comparison of two sides needs of a CDR or a session.
type SideRecord struct {
	Kind                       ocpi.Kind // KindCDR or KindSession
	Record                     ocpi.Record
	Version                    ocpi.Version
	CountryCode, PartyID, ID   string
	SessionID                  string // that a CDR names
	StartDateTime, LastUpdated time.Time
	Status                     string // of a session
	Currency                   string
	Net, KWh                   ocpi.Number // as sent: total_cost before taxes; total_energy of a CDR, kwh of a session
}

// SideOfCDR is a CDR as it is compared.
func SideOfCDR(c *ocpi.CDR) *SideRecord {
	return &SideRecord{
		Kind: ocpi.KindCDR, Record: c.Record, Version: c.Version, CountryCode: c.CountryCode, PartyID: c.PartyID, ID: c.ID, SessionID: c.SessionID,
		StartDateTime: c.StartDateTime, LastUpdated: c.LastUpdated, Currency: c.Currency, Net: c.TotalCost.BeforeTaxes, KWh: c.TotalEnergy,
	}
}

// SideOfSession is a session as it is compared.
func SideOfSession(s *ocpi.Session) *SideRecord {
	return &SideRecord{
		Kind: ocpi.KindSession, Record: s.Record, Version: s.Version, CountryCode: s.CountryCode, PartyID: s.PartyID, ID: s.ID,
		StartDateTime: s.StartDateTime, LastUpdated: s.LastUpdated, Status: s.Status, Currency: s.Currency, Net: s.TotalCost.BeforeTaxes, KWh: s.KWh,
	}
}

// noun is what findings call it.
func (r *SideRecord) noun() string {
	if r.Kind == ocpi.KindSession {
		return "session"
	}
	return "CDR"
}

// asSent is what a record says of energy and cost, and a session of its status.
func (r *SideRecord) asSent() string {
	var said []string
	if r.Kind == ocpi.KindSession {
		said = append(said, cmp.Or(r.Status, "status not stated"))
	}
	kWh, net := "energy not stated", "cost not stated"
	if r.KWh.Present {
		kWh = r.KWh.Value.Output() + " kWh"
	}
	if r.Net.Present {
		net = strings.TrimSpace(r.Net.Value.Output() + " " + r.Currency + " net as sent")
	}
	return strings.Join(append(said, kWh, net), ", ")
}

// sideEntry is a record of one side and the entry that was made of it.
type sideEntry struct {
	*SideRecord
	cdr     *cdrEntry
	session *sessionEntry // nil of a CDR, as cdr is of a session
}

func sidesOfCDRs(entries []*cdrEntry) []*sideEntry {
	out := make([]*sideEntry, len(entries))
	for i, e := range entries {
		out[i] = &sideEntry{SideOfCDR(e.cdr), e, nil}
	}
	return out
}

func sidesOfSessions(entries []*sessionEntry) []*sideEntry {
	out := make([]*sideEntry, len(entries))
	for i, e := range entries {
		out[i] = &sideEntry{SideOfSession(e.session), nil, e}
	}
	return out
}

// compareSideIDs orders records of one kind by owner and id.
func compareSideIDs(a, b *sideEntry) int {
	return compareOwned(a.CountryCode, a.PartyID, a.ID, b.CountryCode, b.PartyID, b.ID)
}

// compareOwned orders what a party owns by owner and id, each a country code, a party id and an id, without regard to case.
func compareOwned(countryA, partyA, idA, countryB, partyB, idB string) int {
	return cmp.Or(
		strings.Compare(foldID(countryA), foldID(countryB)), strings.Compare(foldID(partyA), foldID(partyB)),
		strings.Compare(foldID(idA), foldID(idB)),
	)
}
