package reconcile

import (
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// findingsOf are all findings about a CDR: of decoding and pricing it, and of how it fits the other records. Its comparison with its
// session is made once.
func (b *bench) findingsOf(c *cdrEntry) []ocpi.Finding {
	if !c.reported {
		c.reported = true
		b.compareSession(c)
		b.checkCDR(c)
	}
	out := slices.Concat(c.decoded, c.findings)
	if p := c.prices; p != nil {
		out = append(out, p.zone...)
		if p.res != nil {
			out = append(out, p.res.Findings...)
		}
	}
	if b.terms.V2G {
		allowExport(out)
	}
	return out
}

// allowExport makes negative energy a matter to look at where the agreement knows cars that feed back: elsewhere it is an error.
func allowExport(findings []ocpi.Finding) {
	for i := range findings {
		if f := &findings[i]; f.Code == ocpi.EnergyNegative {
			f.Severity = min(f.Severity, ocpi.SeverityWarn)
		}
	}
}

// checkCDR makes the checks of a CDR alone that need its price or the agreement.
func (b *bench) checkCDR(c *cdrEntry) {
	b.checkSigned(c)
	for _, t := range c.cdr.Tariffs {
		if !partly(t.CountryCode, t.PartyID, c.cdr.CountryCode, c.cdr.PartyID) {
			c.find("/tariffs", codeTariffOwner, ocpi.SeverityWarn, "tariff %s belongs to %s/%s, the CDR to %s/%s",
				t.ID, t.CountryCode, t.PartyID, c.cdr.CountryCode, c.cdr.PartyID)
		}
	}
	if b.fillsIn(c) {
		c.find("", codeAgreedFillsIn, ocpi.SeverityInfo, "the CDR carries no tariff and none was published: the agreed one prices it")
	}
	b.checkTotalCost(c)
	b.checkLimits(c)
}

// checkTotalCost compares the total cost that a CDR claims with its price.
func (b *bench) checkTotalCost(c *cdrEntry) {
	p := c.prices
	if p == nil || p.blocked != nil || c.cdr.IsCredit() {
		return
	}
	claimed, computed := c.cdr.TotalCost.BeforeTaxes, p.cost().BeforeTaxes
	if tolerance := b.terms.Tolerance.amount(c.cdr.Currency, claimed.Value); claimed.Present && computed.Present && !agree(claimed.Value, computed.Value, tolerance) {
		c.find("/total_cost", codeCostTotalMismatch, ocpi.SeverityError, "total_cost is %s, the periods are worth %s; tolerated are %s",
			claimed.Value, computed.Value.Plain(), tolerance.Plain())
	}
}

// compareSession compares a CDR with its session in what no row of the table of situations decides. OCPI 2.2.1 mod_sessions and mod_cdrs
// carry the same facts in both objects.
func (b *bench) compareSession(c *cdrEntry) {
	if c.session == nil {
		return
	}
	cdr, s := c.cdr, c.session.session
	if named(cdr.SessionID) && !sameID(cdr.SessionID, s.ID) {
		c.find("/session_id", codeSessionIDMismatch, ocpi.SeverityWarn, "session_id is %s, its authorization reference is that of session %s", cdr.SessionID, s.ID)
	}
	if cdr.Currency != "" && s.Currency != "" && cdr.Currency != s.Currency {
		c.find("/currency", codeCurMismatch, ocpi.SeverityWarn, "currency is %s, that of session %s is %s", cdr.Currency, s.ID, s.Currency)
	}
	b.compareIdentities(c, s)
	if c.cdr.IsCredit() {
		return // it repeats the measures of the CDR that it credits, and its total is of the other sign
	}
	b.compareMeasures(c, s)
	ours, theirs := cdr.TotalCost.BeforeTaxes, s.TotalCost.BeforeTaxes
	if tolerance := b.terms.Tolerance.amount(cdr.Currency, theirs.Value); ours.Present && theirs.Present && s.Status == statusCompleted &&
		!agree(ours.Value, theirs.Value, tolerance) {
		c.find("/total_cost", codeCostSession, ocpi.SeverityWarn, "total_cost is %s, that of session %s is %s; tolerated are %s",
			ours.Value, s.ID, theirs.Value, tolerance.Plain())
	}
}

// compareIdentities compares who charged where.
func (b *bench) compareIdentities(c *cdrEntry, s *ocpi.Session) {
	differ := func(a, b string) bool { return named(a) && named(b) && !sameID(a, b) }
	ours, theirs := &c.cdr.Token, &s.Token
	if differ(ours.UID, theirs.UID) || differ(ours.ContractID, theirs.ContractID) || differ(ours.AuthID, theirs.AuthID) {
		c.find("/cdr_token", codeTokenSession, ocpi.SeverityError, "the token is not that of session %s", s.ID)
	}
	here, there := &c.cdr.Location, &s.Location
	if differ(here.ID, there.ID) || differ(here.EVSEUID, there.EVSEUID) || differ(here.ConnectorID, there.ConnectorID) {
		c.find("/cdr_location", codeEVSESession, ocpi.SeverityError, "location %s, EVSE %s, connector %s; session %s has %s, %s, %s",
			here.ID, here.EVSEUID, here.ConnectorID, s.ID, there.ID, there.EVSEUID, there.ConnectorID)
	}
	if differ(c.cdr.AuthorizationReference, s.AuthorizationReference) {
		c.find("/authorization_reference", codeAuthReference, ocpi.SeverityWarn, "authorization_reference is %s, that of session %s is %s",
			c.cdr.AuthorizationReference, s.ID, s.AuthorizationReference)
	}
}

// compareMeasures reports kWh and times that differ, whether or not a price depends on them.
func (b *bench) compareMeasures(c *cdrEntry, s *ocpi.Session) {
	if s.Status != statusCompleted || c.splits {
		return
	}
	// Where the session agrees with the periods and not with the total, the CDR contradicts itself (row 10) and not the session.
	periods := c.periodEnergy()
	if s.KWh.Present && c.cdr.TotalEnergy.Present && !agree(s.KWh.Value, c.cdr.TotalEnergy.Value, b.terms.Tolerance.KWh) &&
		!(periods.Present && agree(s.KWh.Value, periods.Value, b.terms.Tolerance.KWh)) {
		c.find("/total_energy", codeEnergySession, ocpi.SeverityError, "total_energy is %s kWh, session %s has %s; tolerated are %s",
			c.cdr.TotalEnergy.Value, s.ID, s.KWh.Value, b.terms.Tolerance.KWh)
	}
	cdr, okCDR := secondsBetween(c.cdr.StartDateTime, c.cdr.EndDateTime)
	session, okSession := secondsBetween(s.StartDateTime, s.EndDateTime)
	if okCDR && okSession && !agree(cdr, session, b.terms.Tolerance.Seconds) {
		c.find("/end_date_time", codeDurationSession, ocpi.SeverityError, "the CDR lasts %s s, session %s %s s; tolerated are %s s",
			cdr.Plain(), s.ID, session.Plain(), b.terms.Tolerance.Seconds)
	}
	if apart := c.cdr.StartDateTime.Sub(s.StartDateTime).Abs(); okCDR && okSession && b.terms.Limits.drifted(apart) {
		c.find("/start_date_time", codeClockDrift, ocpi.SeverityWarn, "the CDR starts %s apart from session %s, tolerated are %s s",
			apart, s.ID, b.terms.Limits.DriftSeconds.Value)
	}
}

// compareKWh reports a line that states other kWh than its CDR bills; only its amount is judged.
func (t *trial) compareKWh() {
	claimed := t.line.line.ClaimedKWh
	if !claimed.Present || t.cdr == nil {
		return
	}
	billed := t.cdr.billedKWh()
	shown := exact.New(5, claimed.Value.Scale()+1) // invoices show kWh with fewer decimals
	if tolerance := exact.Max(shown, t.b.terms.Tolerance.KWh); !agree(claimed.Value, billed, tolerance) {
		t.find(codeLineKWh, ocpi.SeverityWarn, "the line states %s kWh, CDR %s bills %s; tolerated are %s", claimed.Value, t.cdr.cdr.ID, billed.Plain(), tolerance)
	}
}
