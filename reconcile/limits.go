package reconcile

import (
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// Limits are what a CDR must pass to go without a question. They report and never move a cent; a case can set each of them.
type Limits struct {
	MinSeconds, MaxSeconds ocpi.Number // length of a session; absent: not asked
	MinKWh, MaxKWh         ocpi.Number
	BatteryKWh             ocpi.Number // the largest plausible battery
	LateDays               ocpi.Number // from the end of a session to its CDR
}

// DefaultLimits are the limits where a case names none: operators leave sessions below 0.2 kWh out, clearing houses refuse those above
// 1,000 kWh, no car has a battery of 250 kWh, and settlement of roaming waits no longer than a month for a CDR.
func DefaultLimits() Limits {
	return Limits{
		MinKWh: Known(exact.New(2, 1)), MaxKWh: Known(exact.FromInt(1000)), BatteryKWh: Known(exact.FromInt(250)), LateDays: Known(exact.FromInt(30)),
	}
}

// limitsDocument is Limits as case.json shows them; "none" is none.
type limitsDocument struct {
	MinSeconds string `json:"min_seconds"`
	MaxSeconds string `json:"max_seconds"`
	MinKWh     string `json:"min_kwh"`
	MaxKWh     string `json:"max_kwh"`
	BatteryKWh string `json:"battery_kwh"`
	LateDays   string `json:"late_days"`
}

func (l Limits) document() limitsDocument {
	text := func(n ocpi.Number) string {
		if !n.Present {
			return "none"
		}
		return n.Value.Plain()
	}
	return limitsDocument{text(l.MinSeconds), text(l.MaxSeconds), text(l.MinKWh), text(l.MaxKWh), text(l.BatteryKWh), text(l.LateDays)}
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
	kWh, limits := billedKWh(c.cdr), &b.terms.Limits
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
}
