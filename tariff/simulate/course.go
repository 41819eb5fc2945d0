package simulate

import (
	"fmt"
	"slices"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// course is what happens in a session: reserved until start, charging between chargeFrom and chargeUntil, else parked.
type course struct {
	t       *ocpi.Tariff
	in      Input
	asks    asks
	version ocpi.Version
	form    *form
	zone    string
	loc     *time.Location

	first, start, end       time.Time
	chargeFrom, chargeUntil time.Time
}

// asks is what the restrictions of a tariff look at, and where.
type asks struct {
	clock, power, current bool
	minutes               [minutesPerDay]bool // times of day at which a restriction can change
	energies, durations   []exact.Decimal     // kWh, s
}

const minutesPerDay = 24 * 60

// Conversions of time.
var (
	secondsPerHour = exact.FromInt(int64(time.Hour / time.Second))
	nanosPerSecond = exact.FromInt(int64(time.Second))
)

// Decimals of what is written: OCPI's numbers have four (types, number), its times at most milliseconds.
const (
	numberPlaces = 4
	timePlaces   = 3
)

func secondsOf(d time.Duration) exact.Decimal { return exact.New(int64(d), 9) }

// longest is what a duration is cut to, so that nonsense cannot overflow.
const longest = 100 * 365 * 24 * time.Hour

// Duration converts seconds; a century stands for all that is more.
func Duration(seconds exact.Decimal) time.Duration {
	most := secondsOf(longest)
	nanos := exact.Min(seconds, most).Mul(nanosPerSecond).Round(0, exact.Down)
	var d time.Duration
	_, err := fmt.Sscan(nanos.Plain(), (*int64)(&d))
	if err != nil {
		return longest
	}
	return d
}

// asksOf collects the boundaries of a tariff. Days and open windows change at midnight.
func asksOf(t *ocpi.Tariff) asks {
	var a asks
	for i := range t.Elements {
		r := t.Elements[i].Restrictions
		if r == nil {
			continue
		}
		a.power = a.power || r.MinPower.Present || r.MaxPower.Present
		a.current = a.current || r.MinCurrent.Present || r.MaxCurrent.Present
		for _, n := range []ocpi.Number{r.MinKWh, r.MaxKWh} {
			if n.Present {
				a.energies = append(a.energies, n.Value)
			}
		}
		for _, n := range []ocpi.Number{r.MinDuration, r.MaxDuration} {
			if n.Present && n.Value.Sign() > 0 {
				a.durations = append(a.durations, n.Value)
			}
		}
		a.addClock(r)
	}
	return a
}

func (a *asks) addClock(r *ocpi.Restrictions) {
	if !r.StartTime.Present && !r.EndTime.Present && !r.StartDate.Present && !r.EndDate.Present && r.DayOfWeek == 0 {
		return
	}
	a.clock = true
	a.minutes[0] = true
	for _, at := range []ocpi.TimeOfDay{r.StartTime, r.EndTime} {
		if at.Present {
			a.minutes[at.Minutes%minutesPerDay] = true
		}
	}
}

// moment is where a period begins. reached, where present, is the energy that the session has there to the last digit.
type moment struct {
	at      time.Time
	reached ocpi.Number
}

// moments are the starts of all periods, in order, each instant once.
func (c *course) moments() ([]moment, error) {
	out := []moment{{at: c.first}, {at: c.start}, {at: c.chargeFrom}, {at: c.chargeUntil}}
	for _, d := range c.asks.durations {
		out = append(out, moment{at: c.start.Add(Duration(d))}, moment{at: c.first.Add(Duration(d))})
	}
	out = append(out, c.clockMoments()...)
	for _, e := range c.asks.energies {
		if e.Sign() > 0 && e.Less(c.in.EnergyKWh) {
			out = append(out, moment{at: c.whenReached(e), reached: ocpi.Number{Value: e, Present: true}})
		}
	}
	out = slices.DeleteFunc(out, func(m moment) bool { return m.at.Before(c.first) || !m.at.Before(c.end) })
	slices.SortStableFunc(out, func(a, b moment) int { return a.at.Compare(b.at) })
	out = mergeMoments(out)
	if len(out) > maxPeriods {
		return nil, fmt.Errorf("the session would have %d periods, at most %d are written", len(out), maxPeriods)
	}
	return out, nil
}

// mergeMoments keeps each instant once, with the greatest energy that is reached there.
func mergeMoments(sorted []moment) []moment {
	var out []moment
	for _, m := range sorted {
		n := len(out)
		if n == 0 || !out[n-1].at.Equal(m.at) {
			out = append(out, m)
			continue
		}
		if last := &out[n-1].reached; m.reached.Present && (!last.Present || last.Value.Less(m.reached.Value)) {
			*last = m.reached
		}
	}
	return out
}

// clockMoments walks the session minute by minute: a minute of the day at which a restriction can change, and a change of the
// clocks, begin a period.
func (c *course) clockMoments() []moment {
	if !c.asks.clock {
		return nil
	}
	var out []moment
	_, before := c.first.In(c.loc).Zone()
	for at := c.first.Truncate(time.Minute).Add(time.Minute); at.Before(c.end); at = at.Add(time.Minute) {
		local := at.In(c.loc)
		_, offset := local.Zone()
		if offset != before || c.asks.minutes[local.Hour()*60+local.Minute()] && local.Second() == 0 {
			out = append(out, moment{at: at})
		}
		before = offset
	}
	return out
}

// whenReached is the first millisecond at which the session has an energy.
func (c *course) whenReached(e exact.Decimal) time.Time {
	seconds := e.Mul(secondsOf(c.chargeUntil.Sub(c.chargeFrom))).DivRound(c.in.EnergyKWh, timePlaces, exact.Ceiling)
	return c.chargeFrom.Add(Duration(seconds))
}

// energyAt is the energy at an instant, evenly delivered and cut to the decimals that are written.
func (c *course) energyAt(at time.Time) exact.Decimal {
	switch {
	case !at.After(c.chargeFrom):
		return exact.Decimal{}
	case !at.Before(c.chargeUntil):
		return c.in.EnergyKWh
	}
	done := c.in.EnergyKWh.Mul(secondsOf(at.Sub(c.chargeFrom)))
	return done.DivRound(secondsOf(c.chargeUntil.Sub(c.chargeFrom)), numberPlaces, exact.Down)
}

// energies is the energy at each moment, never past a bound that is not reached yet and never falling.
func (c *course) energies(list []moment) []exact.Decimal {
	out := make([]exact.Decimal, len(list)+1)
	out[len(list)] = c.in.EnergyKWh
	for i := len(list) - 1; i >= 0; i-- {
		e := c.energyAt(list[i].at)
		if list[i].reached.Present {
			e = exact.Max(e, list[i].reached.Value)
		}
		out[i] = exact.Min(e, out[i+1])
	}
	return out
}

// periods are the charging periods of the CDR (mod_cdrs, ChargingPeriod).
func (c *course) periods() ([]periodJSON, error) {
	list, err := c.moments()
	if err != nil {
		return nil, err
	}
	energies := c.energies(list)
	out := make([]periodJSON, 0, len(list))
	for i, m := range list {
		until := c.end
		if i+1 < len(list) {
			until = list[i+1].at
		}
		p := periodJSON{StartDateTime: stamp(m.at), Dimensions: c.dimensions(m.at, until, energies[i+1].Sub(energies[i]))}
		if c.form.periodTariff {
			p.TariffID = c.t.ID
		}
		out = append(out, p)
	}
	return out, nil
}

// dimensions are what a period measures. Power and current stand in it where the tariff looks at them, the greatest power while
// charging always.
func (c *course) dimensions(from, until time.Time, energy exact.Decimal) []dimensionJSON {
	hours := secondsOf(until.Sub(from)).DivRound(secondsPerHour, numberPlaces, exact.HalfUp)
	if from.Before(c.start) {
		return []dimensionJSON{dimensionOf(ocpi.ReservationTime, hours)}
	}
	charging := !from.Before(c.chargeFrom) && from.Before(c.chargeUntil)
	var power, current exact.Decimal
	out := []dimensionJSON{dimensionOf(ocpi.ParkingTime, hours)}
	if charging {
		power, current = c.in.MaxPowerKW, c.current()
		out = []dimensionJSON{dimensionOf(ocpi.Energy, energy), dimensionOf(ocpi.Time, hours)}
	}
	if c.form.power && (c.asks.power || charging) {
		out = append(out, dimensionOf(ocpi.MaxPower, power))
	}
	if c.form.power && c.asks.power {
		out = append(out, dimensionOf(ocpi.MinPower, power))
	}
	if c.asks.current {
		out = append(out, dimensionOf(ocpi.MaxCurrent, current), dimensionOf(ocpi.MinCurrent, current))
	}
	return out
}

// voltage is that of a phase against neutral in a public low-voltage network.
var voltage = exact.FromInt(230)

func (c *course) current() exact.Decimal {
	if c.in.MaxCurrentA.Present {
		return c.in.MaxCurrentA.Value
	}
	return c.in.MaxPowerKW.Shift(3).DivRound(voltage, numberPlaces, exact.HalfUp)
}
