package hypothesis

import (
	"slices"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/tariff"
)

// Times of the wrong zone: they change what times of day, dates and weekdays of the tariff hold (mod_tariffs, TariffRestrictions), and
// nothing else.

// shifts are all times moved by an offset of the location's zone, that of the session first.
func (e *explainer) shifts() []trial {
	if e.in.Zone.Location == nil || !slices.ContainsFunc(e.restrictionsOf(), asksClock) {
		return nil
	}
	c := e.in.CDR
	taken := Either
	if !c.LastUpdated.IsZero() && c.LastUpdated.Before(c.EndDateTime) {
		taken = Data // no CDR is made before its session ends (mod_cdrs, CDR.last_updated)
	}
	var out []trial
	for _, offset := range offsets(c.StartDateTime, e.in.Zone.Location) {
		of := []Parameter{{"offset", offset.String()}}
		out = append(out,
			trial{name: "local-as-utc", direction: taken, parameters: of, alter: shifted(-offset)},
			trial{name: "offset-twice", direction: Either, parameters: of, alter: shifted(offset)})
	}
	return out
}

func asksClock(r *ocpi.Restrictions) bool {
	return r.StartTime.Present || r.EndTime.Present || r.StartDate.Present || r.EndDate.Present || r.DayOfWeek != 0
}

// offsets are those of a zone at an instant and before and after its neighbouring changes, without 0.
func offsets(at time.Time, zone *time.Location) []time.Duration {
	instants := []time.Time{at}
	start, end := at.In(zone).ZoneBounds()
	if !start.IsZero() {
		instants = append(instants, start.Add(-time.Second))
	}
	if !end.IsZero() {
		instants = append(instants, end)
	}
	var out []time.Duration
	for _, t := range instants {
		_, seconds := t.In(zone).Zone()
		if d := time.Duration(seconds) * time.Second; d != 0 && !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	return out
}

// shifted moves all times of the CDR.
func shifted(by time.Duration) func(*tariff.Input) {
	return func(in *tariff.Input) {
		c := in.CDR
		c.StartDateTime, c.EndDateTime = c.StartDateTime.Add(by), c.EndDateTime.Add(by)
		for i := range c.ChargingPeriods {
			p := &c.ChargingPeriods[i]
			p.StartDateTime = p.StartDateTime.Add(by)
		}
	}
}
