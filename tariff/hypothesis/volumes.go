package hypothesis

import (
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
)

// Volumes in another unit, running totals, meter readings and idle time: mod_cdrs, CdrDimension.

// No session has more: a mean power over the session above the first, or energy above the second, is watt-hours.
const mostKW, mostKWh = 400, 1000

// units are energy and times in another unit. A volume that no session can have is a defect of the CDR.
func (e *explainer) units() []trial {
	var out []trial
	if e.kinds.has(ocpi.Energy) {
		out = append(out, e.unit("wh-as-kwh", "kwh-as-wh", energyKinds, 1000, e.isWattHours())...)
	}
	if e.pricesAny(timeKinds) {
		hours := e.statedHours()
		most := e.sessionHours().Mul(exact.New(15, 1))
		out = append(out, e.unit("minutes-as-hours", "hours-as-minutes", timeKinds, 60, most.Less(hours))...)
		out = append(out, e.unit("seconds-as-hours", "hours-as-seconds", timeKinds, 3600, most.Less(hours))...)
	}
	return out
}

// unit tries a factor both ways: up is the calculation's defect; down is a repair of the CDR where its volumes are impossible, else the
// opposite defect of the calculation.
func (e *explainer) unit(larger, smaller string, kinds []ocpi.Dimension, factor int64, impossible bool) []trial {
	f := exact.FromInt(factor)
	times := scaled(kinds, func(v exact.Decimal) exact.Decimal { return v.Mul(f) })
	// Cut, not rounded: a sixtieth that comes out above a whole number of seconds would be billed as one more.
	part := scaled(kinds, func(v exact.Decimal) exact.Decimal { return v.DivRound(f, v.Scale()+12, exact.Down) })
	if impossible {
		return []trial{{name: larger, direction: Data, way: down, alter: part}}
	}
	return []trial{{name: larger, direction: Calculation, way: up, alter: times}, {name: smaller, direction: Calculation, way: down, alter: part}}
}

func scaled(kinds []ocpi.Dimension, change func(exact.Decimal) exact.Decimal) func(*tariff.Input) {
	return func(in *tariff.Input) {
		for _, kind := range kinds {
			for _, v := range series(in.CDR, kind) {
				v.Value = change(v.Value)
			}
		}
	}
}

// isWattHours reports energy that can only be watt-hours: a thousand times the CDR's own total, or more than a session can have.
func (e *explainer) isWattHours() bool {
	sum := sumOf(series(e.in.CDR, ocpi.Energy))
	total := e.in.CDR.TotalEnergy
	if total.Present && !total.Value.IsZero() && sum.Equal(total.Value.Shift(3)) {
		return true
	}
	return exact.FromInt(mostKWh).Less(sum) || e.sessionHours().Mul(exact.FromInt(mostKW)).Less(sum)
}

// sessionHours is the length of the session.
func (e *explainer) sessionHours() exact.Decimal {
	c := e.in.CDR
	return exact.FromInt(c.EndDateTime.Sub(c.StartDateTime).Milliseconds()).DivRound(exact.FromInt(3_600_000), 6, exact.HalfUp)
}

// statedHours is the sum of all times of the periods.
func (e *explainer) statedHours() exact.Decimal {
	var sum exact.Decimal
	for _, kind := range timeKinds {
		sum = sum.Add(sumOf(series(e.in.CDR, kind)))
	}
	return sum
}

// running are running totals, of the energy, of the times or of both, and meter readings.
func (e *explainer) running() []trial {
	var out []trial
	for _, kinds := range e.scopes() {
		names := make([]string, len(kinds))
		for i, kind := range kinds {
			names[i] = kind.String()
		}
		of := []Parameter{{"dimensions", strings.Join(names, ",")}}
		if rising(e.ordered(), kinds) {
			out = append(out, trial{name: "cumulative-volumes", direction: Data, parameters: of, way: down, alter: each(kinds, differences)})
		}
		out = append(out, trial{name: "cumulative-volumes", direction: Calculation, parameters: of, way: up, alter: each(kinds, totals)})
	}
	return append(out, e.readingsOfMeters()...)
}

// scopes are the groups of dimensions that are stated in several periods: energy and times together, and each alone.
func (e *explainer) scopes() [][]ocpi.Dimension {
	several := func(kinds []ocpi.Dimension) []ocpi.Dimension {
		var out []ocpi.Dimension
		for _, kind := range kinds {
			if e.kinds.has(kind) && len(series(e.in.CDR, kind)) > 1 {
				out = append(out, kind)
			}
		}
		return out
	}
	energy, times := several(energyKinds), several(timeKinds)
	switch {
	case len(energy) > 0 && len(times) > 0:
		return [][]ocpi.Dimension{several(allKinds), energy, times}
	case len(energy) > 0:
		return [][]ocpi.Dimension{energy}
	case len(times) > 0:
		return [][]ocpi.Dimension{times}
	}
	return nil
}

// ordered is the CDR with its periods in order of time, not to be changed.
func (e *explainer) ordered() *ocpi.CDR { return e.copyOfInput().CDR }

// rising reports volumes that never fall.
func rising(c *ocpi.CDR, kinds []ocpi.Dimension) bool {
	for _, kind := range kinds {
		volumes := series(c, kind)
		for i := 1; i < len(volumes); i++ {
			if volumes[i].Value.Less(volumes[i-1].Value) {
				return false
			}
		}
	}
	return true
}

// each changes the series of every dimension.
func each(kinds []ocpi.Dimension, change func([]*ocpi.Number)) func(*tariff.Input) {
	return func(in *tariff.Input) {
		for _, kind := range kinds {
			change(series(in.CDR, kind))
		}
	}
}

// differences makes volumes of running totals.
func differences(volumes []*ocpi.Number) {
	for i := len(volumes) - 1; i > 0; i-- {
		volumes[i].Value = volumes[i].Value.Sub(volumes[i-1].Value)
	}
}

// totals makes running totals of volumes.
func totals(volumes []*ocpi.Number) {
	for i := 1; i < len(volumes); i++ {
		volumes[i].Value = volumes[i].Value.Add(volumes[i-1].Value)
	}
}

// readingsOfMeters are registers of the meter at the end or the start of each period, in kWh or Wh. The energy of the period that no
// second reading bounds is what total_energy leaves for it.
func (e *explainer) readingsOfMeters() []trial {
	total := e.in.CDR.TotalEnergy
	volumes := series(e.ordered(), ocpi.Energy)
	if !e.kinds.has(ocpi.Energy) || !total.Present || len(volumes) == 0 {
		return nil
	}
	var out []trial
	for _, unit := range [...]struct {
		name  string
		shift int32
	}{{"kWh", 0}, {"Wh", -3}} {
		first, last := volumes[0].Value.Shift(unit.shift), volumes[len(volumes)-1].Value.Shift(unit.shift)
		rest := total.Value.Sub(last.Sub(first)) // the energy that the readings do not bound
		if !rising(e.ordered(), energyKinds) || rest.Sign() < 0 || !total.Value.Less(first) {
			continue
		}
		for _, at := range [...]string{"end", "start"} {
			out = append(out, trial{
				name: "meter-readings", direction: Data, parameters: []Parameter{{"read_at", at}, {"unit", unit.name}}, way: down,
				alter: each(energyKinds, func(v []*ocpi.Number) { fromMeter(v, rest, unit.shift, at == "end") }),
			})
			if len(volumes) == 1 {
				return out // one period has no difference to place
			}
		}
		break
	}
	return out
}

func fromMeter(volumes []*ocpi.Number, rest exact.Decimal, shift int32, atEnd bool) {
	for _, v := range volumes {
		v.Value = v.Value.Shift(shift)
	}
	n := len(volumes)
	if atEnd {
		differences(volumes)
		volumes[0].Value = rest
		return
	}
	for i := range n - 1 {
		volumes[i].Value = volumes[i+1].Value.Sub(volumes[i].Value)
	}
	volumes[n-1].Value = rest
}

// periods are the energy of one period only, and total_energy in the place of the periods' energy.
func (e *explainer) periods() []trial {
	if !e.kinds.has(ocpi.Energy) {
		return nil
	}
	var out []trial
	if n := len(series(e.in.CDR, ocpi.Energy)); n > 1 {
		only := func(kept int) func([]*ocpi.Number) {
			return func(volumes []*ocpi.Number) {
				for i, v := range volumes {
					if i != kept {
						v.Value = exact.Decimal{}
					}
				}
			}
		}
		out = append(out,
			trial{name: "first-period-energy", direction: Calculation, way: down, alter: each(energyKinds, only(0))},
			trial{name: "last-period-energy", direction: Calculation, way: down, alter: each(energyKinds, only(n-1))})
	}
	if e.totalIsAnother() {
		out = append(out, trial{name: "total-energy-billed", direction: Calculation, alter: func(in *tariff.Input) {
			in.Quantities = &tariff.Quantities{EnergyKWh: in.CDR.TotalEnergy, Doc: tariff.DocCDR, Pointers: [2]string{"/total_energy", ""}}
		}})
	}
	return out
}

// totalIsAnother reports a total_energy that is not the energy of the periods and yet of its size: another unit, running totals and meter
// readings are hypotheses of their own.
func (e *explainer) totalIsAnother() bool {
	total := e.in.CDR.TotalEnergy
	volumes := series(e.ordered(), ocpi.Energy)
	sum, two := sumOf(volumes), exact.FromInt(2)
	switch {
	case !total.Present || total.Value.Equal(sum) || total.Value.Equal(volumes[len(volumes)-1].Value):
		return false
	case sum.Less(total.Value):
		return !sum.Mul(two).Less(total.Value)
	}
	return !total.Value.Mul(two).Less(sum)
}
