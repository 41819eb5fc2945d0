package reconcile

import (
	"slices"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/ocpi/ocmf"
)

// Confirm says of two CDRs what their marks suspect; false where the records do not bear it out. The finding has the severity that the case
// gives its code.
func (a *Agreement) Confirm(p Pair, first, second *ocpi.CDR) (ocpi.Finding, bool) {
	var f ocpi.Finding
	switch p.code {
	case codeDupContent:
		f = a.confirmContent(first, second)
	case codeOverlapEVSE:
		f = a.Limits.overlapAtEVSE(first, second)
	case codeOverlapToken:
		f = a.confirmToken(first, second)
	case codeTravel:
		f = a.confirmTravel(first, second)
	case codeMeterContinuity:
		f = a.confirmMeter(first, second)
	}
	if severity, ok := a.Policy[f.Code]; ok {
		f.Severity = severity
	}
	return f, f.Code != ""
}

// confirmContent stands at the CDR that was issued later.
func (a *Agreement) confirmContent(first, second *ocpi.CDR) ocpi.Finding {
	if !slices.Equal(evseKey(first), evseKey(second)) || !slices.Equal(tokenKey(first), tokenKey(second)) {
		return ocpi.Finding{}
	}
	if compareIssue(first, second) > 0 {
		first, second = second, first
	}
	return newFinding(second.Record.Place, "", codeDupContent, ocpi.SeverityError,
		"CDR %s (%s) has the same EVSE, token and start, and the same kWh (%s and %s, tolerated are %s)",
		first.ID, first.Record.Place, billedKWh(first).Plain(), billedKWh(second).Plain(), a.Tolerance.KWh)
}

// overlapAtEVSE is the finding that two CDRs overlap at one EVSE, none where they do not by more than is tolerated.
func (l *Limits) overlapAtEVSE(first, second *ocpi.CDR) ocpi.Finding {
	common, limit := overlapOf(first, second), l.OverlapSeconds
	if !slices.Equal(evseKey(first), evseKey(second)) || evseKey(first) == nil || !limit.Present || !limit.Value.Less(seconds(common)) {
		return ocpi.Finding{}
	}
	severity, where := ocpi.SeverityError, "on the same connector"
	if one, other := first.Location.ConnectorID, second.Location.ConnectorID; named(one) && named(other) && !sameID(one, other) {
		severity, where = ocpi.SeverityWarn, "at the same EVSE, on another connector"
	}
	return newFinding(second.Record.Place, "/start_date_time", codeOverlapEVSE, severity,
		"the CDR overlaps CDR %s (%s) %s for %s, tolerated are %s s", first.ID, first.Record.Place, where, common, limit.Value)
}

// overlapOf is how long two CDRs have in common, negative where there is time between them.
func overlapOf(first, second *ocpi.CDR) time.Duration {
	start, end := first.StartDateTime, first.EndDateTime
	if second.StartDateTime.After(start) {
		start = second.StartDateTime
	}
	if second.EndDateTime.Before(end) {
		end = second.EndDateTime
	}
	return end.Sub(start)
}

func (a *Agreement) confirmToken(first, second *ocpi.CDR) ocpi.Finding {
	if !slices.Equal(tokenKey(first), tokenKey(second)) || slices.Equal(evseKey(first), evseKey(second)) {
		return ocpi.Finding{}
	}
	return newFinding(second.Record.Place, "/cdr_token", codeOverlapToken, ocpi.SeverityWarn,
		"token %s charges at %s by CDR %s (%s) as well, for %s of the same time, tolerated are %s s",
		tokenName(&second.Token), evseName(first), first.ID, first.Record.Place, overlapOf(first, second), a.Limits.OverlapSeconds.Value)
}

func evseName(c *ocpi.CDR) string {
	if named(c.Location.EVSEID) {
		return c.Location.EVSEID
	}
	return c.Location.EVSEUID
}

func (a *Agreement) confirmTravel(first, second *ocpi.CDR) ocpi.Finding {
	from, ok := spotOf(&first.Location)
	to, also := spotOf(&second.Location)
	if !ok || !also || !slices.Equal(tokenKey(first), tokenKey(second)) {
		return ocpi.Finding{}
	}
	return newFinding(second.Record.Place, "/cdr_token", codeTravel, ocpi.SeverityWarn,
		"token %s left %s by CDR %s (%s) %s before, at least %s km away; tolerated are %s km/h",
		tokenName(&second.Token), evseName(first), first.ID, first.Record.Place, -overlapOf(first, second), exact.New(metresApart(from, to), 3),
		a.Limits.TravelKmh.Value)
}

func (a *Agreement) confirmMeter(first, second *ocpi.CDR) ocpi.Finding {
	before, after := ocmf.CourseOf(first.SignedData), ocmf.CourseOf(second.SignedData)
	if before == nil || after == nil || !slices.Equal(meterKey(first, before), meterKey(second, after)) {
		return ocpi.Finding{}
	}
	end, begin := &before.Energy.End, &after.Energy.Begin
	return newFinding(second.Record.Place, "/signed_data", codeMeterContinuity, ocpi.SeverityWarn,
		"%s starts at %s %s, and CDR %s (%s) before it ended at %s %s; tolerated are %s kWh",
		after.Meter, begin.Value.Value, begin.Unit, first.ID, first.Record.Place, end.Value.Value, end.Unit, a.Limits.RegisterKWh.Value)
}
