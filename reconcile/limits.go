package reconcile

import (
	"strconv"
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// Limits are what a CDR must pass to go without a question. They report and never move a cent; a case can set each of them. An absent
// number is not asked about.
type Limits struct {
	MinSeconds, MaxSeconds ocpi.Number // length of a session
	MinKWh, MaxKWh         ocpi.Number
	BatteryKWh             ocpi.Number // the largest plausible battery
	LateDays               ocpi.Number // from the end of a session to its CDR
	MinCost, MaxCost       ocpi.Number // total_cost, in the currency of the CDR
	DriftSeconds           ocpi.Number // how far clocks may be apart
	SignedIn               []string    // countries where signed meter values are required
	Cutoff                 time.Time   // the last day on which CDRs of the period are made; zero: not asked

	Across         bool        // CDRs are compared with each other, whatever ties them
	OverlapSeconds ocpi.Number // how long two CDRs at one EVSE or of one token may overlap
	TravelKmh      ocpi.Number // how fast a token may travel, straight ahead
	RegisterKWh    ocpi.Number // by how much a meter may start below where it ended
}

// DefaultLimits are the limits where a case names none: operators leave sessions below 0.2 kWh out, clearing houses refuse those above
// 1,000 kWh, no car has a battery of 250 kWh, settlement of roaming waits no longer than a month for a CDR, and back offices allow clocks
// five minutes. Nobody drives 200 km/h from one charge to the next.
func DefaultLimits() Limits {
	return Limits{
		MinKWh: Known(exact.New(2, 1)), MaxKWh: Known(exact.FromInt(1000)), BatteryKWh: Known(exact.FromInt(250)), LateDays: Known(exact.FromInt(30)),
		DriftSeconds: Known(exact.FromInt(300)), OverlapSeconds: Known(exact.FromInt(60)), TravelKmh: Known(exact.FromInt(200)),
		RegisterKWh: Known(exact.New(1, 2)),
	}
}

// namedLimit is a limit that is a number, as case files name it.
type namedLimit struct {
	name  string
	value *ocpi.Number
}

func (l *Limits) numbers() []namedLimit {
	return []namedLimit{
		{"min_seconds", &l.MinSeconds}, {"max_seconds", &l.MaxSeconds}, {"min_kwh", &l.MinKWh}, {"max_kwh", &l.MaxKWh},
		{"battery_kwh", &l.BatteryKWh}, {"late_days", &l.LateDays}, {"min_cost", &l.MinCost}, {"max_cost", &l.MaxCost},
		{"drift_seconds", &l.DriftSeconds}, {"overlap_seconds", &l.OverlapSeconds}, {"travel_kmh", &l.TravelKmh}, {"register_kwh", &l.RegisterKWh},
	}
}

// document is the limits as case.json shows them, by name; "none" is none.
func (l Limits) document() map[string]string {
	out := map[string]string{"signed_in": "none", "cutoff": "none", "across": strconv.FormatBool(l.Across)}
	for _, n := range l.numbers() {
		out[n.name] = "none"
		if n.value.Present {
			out[n.name] = n.value.Value.Plain()
		}
	}
	if len(l.SignedIn) > 0 {
		out["signed_in"] = strings.Join(l.SignedIn, ", ")
	}
	if !l.Cutoff.IsZero() {
		out["cutoff"] = l.Cutoff.Format(time.DateOnly)
	}
	return out
}

// Lengths of sessions that are asked about whatever the case says, in seconds.
var (
	aDay  = exact.FromInt(24 * 60 * 60)
	aWeek = exact.FromInt(7 * 24 * 60 * 60)
)

// checkLimits reports a CDR whose length, energy or age is out of the usual.
func (b *bench) checkLimits(c *cdrEntry) {
	if c.cdr.IsCredit() {
		return // it repeats what was found of the CDR that it credits
	}
	b.checkLength(c)
	b.checkEnergy(c)
	b.checkAge(c)
	b.checkFuture(c)
	b.checkCost(c)
	b.checkUnsigned(c)
	b.checkPlace(c)
	b.checkToken(c)
}

func (b *bench) checkLength(c *cdrEntry) {
	length, ok := secondsBetween(c.cdr.StartDateTime, c.cdr.EndDateTime)
	limits := &b.terms.Limits
	switch {
	case !ok:
	case aWeek.Less(length):
		c.find("/end_date_time", codeDurOverWeek, ocpi.SeverityError, "the session lasts %s s, more than 7 days", length.Plain())
	case aDay.Less(length):
		c.find("/end_date_time", codeDurOverDay, ocpi.SeverityWarn, "the session lasts %s s, more than 24 hours", length.Plain())
	}
	switch {
	case !ok:
	case limits.MaxSeconds.Present && limits.MaxSeconds.Value.Less(length):
		c.find("/end_date_time", codeDurTooLong, ocpi.SeverityWarn, "the session lasts %s s, the limit is %s", length.Plain(), limits.MaxSeconds.Value)
	case limits.MinSeconds.Present && length.Less(limits.MinSeconds.Value):
		c.find("/end_date_time", codeDurTooShort, ocpi.SeverityWarn, "the session lasts %s s, the least is %s", length.Plain(), limits.MinSeconds.Value)
	}
}

func (b *bench) checkEnergy(c *cdrEntry) {
	kWh, limits := c.billedKWh(), &b.terms.Limits
	switch {
	case kWh.IsZero():
		b.checkNothing(c)
	case kWh.Sign() < 0:
	case limits.MaxKWh.Present && limits.MaxKWh.Value.Less(kWh):
		c.find("/total_energy", codeAboveMax, ocpi.SeverityError, "the CDR bills %s kWh, the limit is %s", kWh.Plain(), limits.MaxKWh.Value)
	case limits.BatteryKWh.Present && limits.BatteryKWh.Value.Less(kWh):
		c.find("/total_energy", codeExceedsBattery, ocpi.SeverityWarn, "the CDR bills %s kWh, the largest plausible battery holds %s",
			kWh.Plain(), limits.BatteryKWh.Value)
	case limits.MinKWh.Present && kWh.Less(limits.MinKWh.Value):
		c.find("/total_energy", codeBelowMin, ocpi.SeverityWarn, "the CDR bills %s kWh, the least is %s", kWh.Plain(), limits.MinKWh.Value)
	}
}

// checkNothing reports a CDR that delivered nothing and costs something.
func (b *bench) checkNothing(c *cdrEntry) {
	switch cost := c.cdr.TotalEnergyCost; {
	case cost.BeforeTaxes.Value.Sign() > 0 || cost.AfterTaxes.Value.Sign() > 0:
		c.find("/total_energy_cost", codeEnergyZero, ocpi.SeverityError, "the CDR bills energy and delivered none")
	case c.cdr.TotalCost.BeforeTaxes.Value.Sign() > 0 || c.cdr.TotalCost.AfterTaxes.Value.Sign() > 0:
		c.find("/total_energy", codeEnergyZero, ocpi.SeverityWarn, "the CDR delivered no energy and costs %s", shownCost(c.cdr.TotalCost))
	}
}

func shownCost(p ocpi.Price) string {
	if p.BeforeTaxes.Present {
		return p.BeforeTaxes.Value.String()
	}
	return p.AfterTaxes.Value.String()
}

// checkAge compares the end of a session with when its CDR was made: the last_updated of a CDR is its creation (mod_cdrs, CDR object).
func (b *bench) checkAge(c *cdrEntry) {
	made, end := c.cdr.LastUpdated, c.cdr.EndDateTime
	if made.IsZero() || end.IsZero() || end.Year() == unknownYear {
		return
	}
	limit := b.terms.Limits.LateDays
	if late, ok := secondsBetween(end, made); ok && limit.Present && limit.Value.Mul(aDay).Less(late) {
		c.find("/last_updated", codeLateCDR, ocpi.SeverityWarn, "the CDR was made %s after the session ended, the limit is %s days",
			made.Sub(end).Round(time.Hour), limit.Value)
	}
	if cutoff := b.terms.Limits.Cutoff; !cutoff.IsZero() && !made.Before(endOfDay(cutoff)) {
		c.find("/last_updated", codeAfterCutoff, ocpi.SeverityWarn, "the CDR was made %s, after the period was closed on %s",
			made.UTC().Format(time.RFC3339), cutoff.Format(time.DateOnly))
	}
}
