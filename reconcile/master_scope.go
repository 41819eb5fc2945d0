package reconcile

import (
	"fmt"
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/tariff"
)

// Scope is what a master line states that it covers. Absent texts are "", absent times zero. Vehicle and driver are told and not compared:
// no CDR names them.
type Scope struct {
	From, To                            time.Time // of when sessions begin; a To without a time of day includes its day
	ContractID, Token, Location, EVSEID string
	Vehicle, Driver                     string
	CPO, EMSP                           Party // of CDRs and of their tokens: by the line, else the case
}

func scopeOf(l *Line, creditor, debtor Party) Scope {
	var s Scope
	if l.Scope != nil {
		s = *l.Scope
	}
	s.ContractID, s.EVSEID = l.ContractID, l.EVSEID
	if s.From.IsZero() && s.To.IsZero() {
		s.From, s.To = l.Start, l.End
	}
	s.CPO = Party{CountryCode: l.CountryCode, PartyID: l.PartyID}
	if s.CPO.PartyID == "" { // a party of the case may have its id in several countries
		s.CPO = Party{PartyID: creditor.PartyID}
	}
	s.EMSP = Party{PartyID: debtor.PartyID}
	return s
}

// edge is how far from a day that bounds a scope a session may begin or end and still be of it where its time zone is not known: days are
// local, and no time zone is more than fourteen hours from UTC.
const edge = 14 * time.Hour

// span is when a session took place, on the clock of its place as if that were UTC; slack is how far that may be off.
type span struct {
	start, end time.Time
	slack      time.Duration
}

func (a *Agreement) spanOf(c *ocpi.CDR) span {
	zone, _ := tariff.ResolveZone(c, a.ZoneOf, a.TimeZone)
	if zone.Location == nil {
		return span{c.StartDateTime, c.EndDateTime, edge}
	}
	local := func(t time.Time) time.Time {
		_, offset := t.In(zone.Location).Zone()
		return t.Add(time.Duration(offset) * time.Second)
	}
	return span{start: local(c.StartDateTime), end: local(c.EndDateTime)}
}

// period says of a session whether some of it, and whether all of it, lies in the period that a scope states.
func (s *Scope) period(c *ocpi.CDR, a *Agreement) (some, all bool) {
	if c.StartDateTime.IsZero() || c.EndDateTime.IsZero() {
		return true, s.From.IsZero() && s.To.IsZero()
	}
	some, all = true, true
	local, utc := a.spanOf(c), span{start: c.StartDateTime, end: c.EndDateTime}
	if at := s.From; !at.IsZero() {
		when := whenOf(at, local, utc)
		some, all = !when.end.Add(when.slack).Before(at), !when.start.Add(-when.slack).Before(at)
	}
	if at := s.To; !at.IsZero() {
		when := whenOf(at, local, utc)
		if isDay(at) {
			at = at.AddDate(0, 0, 1)
		}
		some, all = some && when.start.Add(-when.slack).Before(at), all && !when.end.Add(when.slack).After(at)
	}
	return some, all
}

// whenOf is by which clock a bound is meant: a day by the local one, an instant by UTC.
func whenOf(bound time.Time, local, utc span) span {
	if isDay(bound) {
		return local
	}
	return utc
}

func isDay(t time.Time) bool { return !t.IsZero() && t.Equal(t.Truncate(24*time.Hour)) }

// Contradicts names what of a CDR lies outside the scope; "" where nothing does.
func (s *Scope) Contradicts(c *ocpi.CDR, a *Agreement) string {
	switch {
	case !sameParty(s.CPO, c.CountryCode, c.PartyID):
		return fmt.Sprintf("its CPO is %s, not %s", partyName(c.CountryCode, c.PartyID), partyName(s.CPO.CountryCode, s.CPO.PartyID))
	case !sameParty(s.EMSP, c.Token.CountryCode, c.Token.PartyID):
		return fmt.Sprintf("its token is of %s, not %s", partyName(c.Token.CountryCode, c.Token.PartyID), partyName(s.EMSP.CountryCode, s.EMSP.PartyID))
	}
	if some, _ := s.period(c, a); !some {
		return fmt.Sprintf("it took place from %s to %s, not %s to %s", c.StartDateTime.Format(time.RFC3339), c.EndDateTime.Format(time.RFC3339),
			boundName(s.From), boundName(s.To))
	}
	for _, f := range s.fields(c) {
		if f.want != "" && len(f.have) > 0 && !share(f.keys(f.want), f.have) {
			return fmt.Sprintf("%s is %s, not %s", f.name, f.shown, f.want)
		}
	}
	return ""
}

func boundName(t time.Time) string {
	switch {
	case t.IsZero():
		return "any time"
	case isDay(t):
		return t.Format(time.DateOnly)
	}
	return t.Format(time.RFC3339)
}

// scopeField is an id that a scope may state and a CDR may carry.
type scopeField struct {
	name, want, shown string
	have              []string // by keys
	keys              func(ids ...string) []string
}

func (s *Scope) fields(c *ocpi.CDR) []scopeField {
	return []scopeField{
		{"contract_id", s.ContractID, orElse(c.Token.ContractID, c.Token.AuthID), contractKeys(c.Token.ContractID, c.Token.AuthID), contractKeys},
		{"token", s.Token, orElse(c.Token.UID, c.Token.AuthID), plainIDs(c.Token.UID, c.Token.AuthID), plainIDs},
		{"location", s.Location, c.Location.ID, plainIDs(c.Location.ID, c.Location.Name), plainIDs},
		{"evse_id", s.EVSEID, orElse(c.Location.EVSEID, c.Location.EVSEUID), plainIDs(c.Location.EVSEID, c.Location.EVSEUID), plainIDs},
	}
}

func orElse(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// sameParty reports that a party is the one of a CDR, as far as both are named.
func sameParty(p Party, countryCode, partyID string) bool {
	return partly(p.CountryCode, p.PartyID, countryCode, partyID)
}

// IsStated reports a scope that names a contract, token, location or EVSE. Dates and parties alone say nothing of which CDRs belong to a line:
// OCPI 2.3.0 mod_invoice_reconciliation has membership by list.
func (s *Scope) IsStated() bool {
	return s.ContractID != "" || s.Token != "" || s.Location != "" || s.EVSEID != ""
}

// Covers reports that a CDR surely is inside a stated scope.
func (s *Scope) Covers(c *ocpi.CDR, a *Agreement) bool {
	if !s.IsStated() || s.Contradicts(c, a) != "" {
		return false
	}
	for _, f := range s.fields(c) {
		if f.want != "" && len(f.have) == 0 {
			return false
		}
	}
	_, all := s.period(c, a)
	return all
}

// rowForeign is row 32: the CDR of a member contradicts what its master line says that it covers. What the CDR proves, it does not prove of
// this line.
func (t *trial) rowForeign() {
	l := t.line.line
	if !l.IsMember() {
		return
	}
	if why := l.foreign(t.cdr.cdr, t.b.terms); why != "" {
		t.rule(ruling{row: 32, code: codeMemberForeign, open: true,
			message: fmt.Sprintf("CDR %s is no part of line %s: %s", t.cdr.cdr.ID, l.MasterLine, why)})
	}
}

// foreign names why a CDR is no part of the line's master; "" where it may be.
func (l *Line) foreign(c *ocpi.CDR, a *Agreement) string {
	if l.ForeignCurrency != "" {
		return fmt.Sprintf("it is in %s, not %s", l.ForeignCurrency, l.Currency)
	}
	return l.Master.Scope.Contradicts(c, a)
}

func partyName(countryCode, partyID string) string { return strings.Trim(countryCode+"/"+partyID, "/") }
