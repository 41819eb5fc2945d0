package reconcile

import (
	"fmt"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/ocmf"
)

// Meter readings taken at their word. What a valid signature makes of them is said with the signature; here are the readings that nobody
// has verified, because nothing hung on them or because it failed. They move nothing.

// course is what the readings of a CDR tell, nil where it carries none.
func (c *cdrEntry) course() *ocmf.Course {
	if c.readings == nil {
		c.readings = ocmf.CourseOf(c.cdr.SignedData)
	}
	return c.readings
}

// verified reports that valid signatures tell an energy, so that findings about signatures say what there is to say.
func (c *cdrEntry) verified() bool { return c.signed != nil && c.signed.Refusal == ocmf.NotRefused }

// checkMeter compares the readings of a CDR with each other and with the CDR.
func (b *bench) checkMeter(c *cdrEntry) {
	if c.cdr.IsCredit() {
		return // it repeats the readings of the CDR that it credits
	}
	r := c.course()
	switch {
	case r.Refusal == ocmf.ValueFalls:
		c.find("/signed_data", codeMeterNegative, ocpi.SeverityError, "%s", fallText(r, "the meter ends below where it began"))
	case r.Fall != nil:
		c.find("/signed_data", codeMeterFalls, ocpi.SeverityError, "%s", fallText(r, ""))
	}
	b.checkMeterEnergy(c, r)
	b.checkMeterTimes(c, r)
}

func fallText(r *ocmf.Course, otherwise string) string {
	if r.Fall == nil {
		return otherwise
	}
	from, to := &r.Fall.From, &r.Fall.To
	return fmt.Sprintf("register %s falls from %s %s at %s to %s %s at %s", from.Register, from.Value.Value, from.Unit, from.Time.Format(time.RFC3339),
		to.Value.Value, to.Unit, to.Time.Format(time.RFC3339))
}

func (b *bench) checkMeterEnergy(c *cdrEntry, r *ocmf.Course) {
	billed, told := c.billedKWh(), r.Refusal == ocmf.NotRefused
	switch {
	case billed.IsZero() && len(c.cdr.SignedData.SignedValues) > 0 && !(told && r.Energy.KWh.IsZero()):
		c.find("/signed_data", codeSigClaim, ocpi.SeverityError, "the CDR carries signed meter values and bills no energy")
	case told && !c.verified() && !agree(r.Energy.KWh, billed, b.terms.Tolerance.KWh):
		c.find("/signed_data", codeMeterDiff, ocpi.SeverityError,
			"the meter went from %s to %s %s, which is %s kWh, and the CDR bills %s; tolerated are %s; no valid signature vouches for the readings",
			r.Energy.Begin.Value.Value, r.Energy.End.Value.Value, r.Energy.End.Unit, r.Energy.KWh.Plain(), billed.Plain(), b.terms.Tolerance.KWh)
	}
}

func (b *bench) checkMeterTimes(c *cdrEntry, r *ocmf.Course) {
	start, end := c.cdr.StartDateTime, c.cdr.EndDateTime
	if c.verified() || r.First == nil || start.IsZero() || end.IsZero() || start.Year() == unknownYear || end.Year() == unknownYear {
		return
	}
	limits := &b.terms.Limits
	const text = "a reading was taken at %s, %s %s the CDR %s; tolerated are %s s"
	if early := start.Sub(r.First.Time); early > 0 && limits.drifted(early) {
		c.find("/start_date_time", codeMeterOutside, ocpi.SeverityWarn, text, r.First.Time.Format(time.RFC3339), early, "before", "begins", limits.DriftSeconds.Value)
	}
	if late := r.Last.Time.Sub(end); late > 0 && limits.drifted(late) {
		c.find("/end_date_time", codeMeterOutside, ocpi.SeverityWarn, text, r.Last.Time.Format(time.RFC3339), late, "after", "ends", limits.DriftSeconds.Value)
	}
}
