package hypothesis

import (
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
)

// pricesComponent reports whether any governing tariff has a component of the dimension.
func (e *explainer) pricesComponent(kind ocpi.Dimension) bool {
	for _, t := range e.res.Tariffs {
		for _, c := range componentsOf(t) {
			if c.Kind == kind && !c.Price.Value.IsZero() {
				return true
			}
		}
	}
	return false
}

// idleTime is time without charging that is billed as TIME, and TIME that is stated for it.
func (e *explainer) idleTime() []trial {
	var out []trial
	timed, parked := e.pricesComponent(ocpi.Time), e.pricesComponent(ocpi.ParkingTime)
	if (timed || parked) && sumOf(series(e.in.CDR, ocpi.ParkingTime)).Sign() > 0 {
		t := trial{name: "parking-as-time", direction: Calculation, alter: parkingAsTime}
		switch {
		case !parked:
			t.sameAs = "wall-clock-time"
		case !timed:
			t.sameAs = "parking-left-out"
		}
		out = append(out, t)
	}
	if timed && e.overfull() {
		out = append(out, trial{name: "wall-clock-time", direction: Data, way: down, alter: withoutParking})
	}
	if timed && e.idles() {
		out = append(out, trial{name: "idle-time-as-time", direction: Data, way: down, alter: withoutIdle})
	}
	return out
}

// parkingAsTime makes TIME of PARKING_TIME.
func parkingAsTime(in *tariff.Input) {
	for i := range in.CDR.ChargingPeriods {
		dims := in.CDR.ChargingPeriods[i].Dimensions
		for j := range dims {
			if dims[j].Kind == ocpi.ParkingTime {
				dims[j].Kind = ocpi.Time
			}
		}
	}
}

// volumeOf is what a period states of a dimension, nil for nothing.
func volumeOf(p *ocpi.ChargingPeriod, kind ocpi.Dimension) *ocpi.Number {
	for i := range p.Dimensions {
		if d := &p.Dimensions[i]; d.Kind == kind && d.Volume.Present {
			return &d.Volume
		}
	}
	return nil
}

// overfull reports a period whose TIME and PARKING_TIME together are more than its length, by more than their decimals hide.
func (e *explainer) overfull() bool {
	c := e.ordered()
	for i := range c.ChargingPeriods {
		p := &c.ChargingPeriods[i]
		end := c.EndDateTime
		if i+1 < len(c.ChargingPeriods) {
			end = c.ChargingPeriods[i+1].StartDateTime
		}
		time, parking := volumeOf(p, ocpi.Time), volumeOf(p, ocpi.ParkingTime)
		if time == nil || parking == nil || parking.Value.IsZero() {
			continue
		}
		if hoursBetween(p.StartDateTime, end).Add(exact.New(2, 2)).Less(time.Value.Add(parking.Value)) {
			return true
		}
	}
	return false
}

func hoursBetween(from, to time.Time) exact.Decimal {
	return exact.FromInt(to.Sub(from).Milliseconds()).DivRound(exact.FromInt(3_600_000), 6, exact.HalfUp)
}

// withoutParking takes a period's PARKING_TIME out of its TIME.
func withoutParking(in *tariff.Input) {
	for i := range in.CDR.ChargingPeriods {
		p := &in.CDR.ChargingPeriods[i]
		if time, parking := volumeOf(p, ocpi.Time), volumeOf(p, ocpi.ParkingTime); time != nil && parking != nil {
			time.Value = exact.Max(exact.Decimal{}, time.Value.Sub(parking.Value))
		}
	}
}

// idle reports a period that states TIME and neither energy nor parking.
func idle(p *ocpi.ChargingPeriod) bool {
	return has(p, ocpi.Time) && !has(p, ocpi.Energy) && !has(p, ocpi.ParkingTime)
}

// has reports a volume other than 0.
func has(p *ocpi.ChargingPeriod, kind ocpi.Dimension) bool {
	v := volumeOf(p, kind)
	return v != nil && !v.Value.IsZero()
}

// idles reports a CDR that measures energy and has idle periods beside.
func (e *explainer) idles() bool {
	any := false
	for i := range e.in.CDR.ChargingPeriods {
		any = any || idle(&e.in.CDR.ChargingPeriods[i])
	}
	return any && sumOf(series(e.in.CDR, ocpi.Energy)).Sign() > 0
}

func withoutIdle(in *tariff.Input) {
	for i := range in.CDR.ChargingPeriods {
		if p := &in.CDR.ChargingPeriods[i]; idle(p) {
			volumeOf(p, ocpi.Time).Value = exact.Decimal{}
		}
	}
}
