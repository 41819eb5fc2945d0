package reconcile

import (
	"slices"
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// Checks of one CDR against what the case says and the other inputs know. None of them moves a cent.

// drifted reports that two times of one moment are further apart than clocks may be.
func (l *Limits) drifted(apart time.Duration) bool {
	return l.DriftSeconds.Present && l.DriftSeconds.Value.Less(seconds(apart))
}

// seconds is a duration as an exact number of seconds.
func seconds(d time.Duration) exact.Decimal { return exact.New(d.Nanoseconds(), 9) }

// endOfDay is the first moment after a day, which a case names without time.
func endOfDay(day time.Time) time.Time { return day.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour) }

// checkFuture reports a session that ends after the day of the case. That it ends after its own CDR was made is found when the CDR is decoded.
func (b *bench) checkFuture(c *cdrEntry) {
	end := c.cdr.EndDateTime
	if b.terms.AsOf.IsZero() || end.IsZero() {
		return
	}
	if ahead := end.Sub(endOfDay(b.terms.AsOf)); ahead > 0 && b.terms.Limits.drifted(ahead) {
		c.find("/end_date_time", codeInFuture, ocpi.SeverityError, "the session ends %s, after the day of the case (%s); tolerated are %s s",
			end.UTC().Format(time.RFC3339), b.terms.AsOf.Format(time.DateOnly), b.terms.Limits.DriftSeconds.Value)
	}
}

// checkCost reports a total that is out of the usual. One below zero is found when the CDR is decoded.
func (b *bench) checkCost(c *cdrEntry) {
	limits, cost := &b.terms.Limits, claimedCost(c.cdr)
	total := cost.on(BeforeTaxes)
	if !total.Present {
		total = cost.on(AfterTaxes)
	}
	switch {
	case !total.Present || total.Value.Sign() < 0:
	case limits.MaxCost.Present && limits.MaxCost.Value.Less(total.Value):
		c.find("/total_cost", codeCostRange, ocpi.SeverityWarn, "the CDR costs %s %s, the limit is %s", total.Value, c.cdr.Currency, limits.MaxCost.Value)
	case limits.MinCost.Present && total.Value.Less(limits.MinCost.Value):
		c.find("/total_cost", codeCostRange, ocpi.SeverityWarn, "the CDR costs %s %s, the least is %s", total.Value, c.cdr.Currency, limits.MinCost.Value)
	}
}

// checkUnsigned reports a CDR without signed meter values in a country where the case requires them.
func (b *bench) checkUnsigned(c *cdrEntry) {
	if len(b.terms.Limits.SignedIn) == 0 || c.cdr.SignedData != nil && len(c.cdr.SignedData.SignedValues) > 0 || c.billedKWh().Sign() <= 0 {
		return
	}
	country := c.cdr.Location.Country
	if slices.ContainsFunc(b.terms.Limits.SignedIn, func(code string) bool { return strings.EqualFold(code, country) }) {
		c.find("", codeSigMissing, ocpi.SeverityWarn, "the CDR carries no signed meter values, which the case requires in %s", country)
	}
}

// checkPlace reports a CDR of a location or an EVSE that none of the locations supplied has.
func (b *bench) checkPlace(c *cdrEntry) {
	at := &c.cdr.Location
	if b.terms.KnowsEVSE == nil || !named(at.ID) {
		return
	}
	location, evse := b.terms.KnowsEVSE(c.cdr.CountryCode, c.cdr.PartyID, at.ID, at.EVSEUID)
	switch {
	case !location:
		c.find("/cdr_location/id", codeUnknownLocation, ocpi.SeverityWarn, "location %s is none of those supplied", at.ID)
	case !evse && named(at.EVSEUID):
		c.find("/cdr_location/evse_uid", codeUnknownLocation, ocpi.SeverityWarn, "location %s as supplied has no EVSE %s", at.ID, at.EVSEUID)
	}
}
