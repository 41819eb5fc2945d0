package describe

import (
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
	"github.com/nexacollect/reconcile/tariff/simulate"
)

// Example is a session and what it costs. Its times are local ones: the session is priced where local time is UTC.
type Example struct {
	Start            time.Time // of charging
	Charging, Parked time.Duration
	Reserved         time.Duration // before Start
	EnergyKWh        exact.Decimal
	Cost             tariff.Money
	dated            bool
}

// visit is an example to be: days after the first Monday, at an hour.
type visit struct {
	day, hour                  int
	kwh                        int64
	charging, parked, reserved time.Duration
}

// The examples that tell tariffs apart: a quick charge; a slow one with parking; a reservation; a night at the weekend; much energy.
var (
	quick     = visit{hour: 10, kwh: 30, charging: time.Hour}
	slow      = visit{hour: 10, kwh: 22, charging: 2 * time.Hour, parked: 4 * time.Hour}
	booked    = visit{hour: 10, kwh: 30, charging: time.Hour, reserved: 20 * time.Minute}
	overnight = visit{day: 5, hour: 21, kwh: 40, charging: 4 * time.Hour, parked: 8 * time.Hour}
	large     = visit{hour: 10, kwh: 80, charging: 2 * time.Hour}
)

// examples prices two or three sessions that show what the tariff looks at.
func examples(t *ocpi.Tariff, d *Description) []Example {
	visits := []visit{quick, large}
	if len(d.section(Parking).Rates) > 0 || len(d.section(ChargingTime).Rates) > 0 {
		visits[1] = slow
	}
	switch {
	case d.reservations():
		visits = append(visits, booked)
	case d.looksAt(OnDays) || d.looksAt(AtTimes):
		visits = append(visits, overnight)
	}
	var out []Example
	for _, v := range visits {
		if e, ok := v.price(t, firstMonday(t)); ok {
			e.dated = d.looksAt(OnDates)
			out = append(out, e)
		}
	}
	return out
}

// looksAt reports a condition of a kind on any rate.
func (d *Description) looksAt(k Kind) bool {
	for _, s := range d.Sections {
		for _, r := range s.Rates {
			for _, c := range r.Conditions {
				if c.Kind == k {
					return true
				}
			}
		}
	}
	return false
}

// firstMonday is the day from which examples count: a Monday on which the tariff, and the last of its dated elements, is in force.
func firstMonday(t *ocpi.Tariff) time.Time {
	from := t.LastUpdated
	if from.IsZero() {
		from = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	later := func(at time.Time) {
		if at.After(from) {
			from = at
		}
	}
	later(t.StartDateTime)
	for i := range t.Elements {
		if r := t.Elements[i].Restrictions; r != nil && r.StartDate.Present {
			later(time.Date(r.StartDate.Year, r.StartDate.Month, r.StartDate.Day, 0, 0, 0, 0, time.UTC))
		}
	}
	if end := t.EndDateTime; !end.IsZero() && end.Before(from.AddDate(0, 0, 2*daysOfWeek)) {
		from = end.AddDate(0, 0, -2*daysOfWeek)
	}
	day := from.UTC().Truncate(24 * time.Hour)
	for day.Before(from) || day.Weekday() != time.Monday {
		day = day.AddDate(0, 0, 1)
	}
	if last, ends := lastDay(t); ends && day.After(last) {
		day = last.AddDate(0, 0, -(int(last.Weekday())+daysOfWeek-1)%daysOfWeek)
	}
	return day
}

// lastDay is the last day on which any element is in force; ends is false where some element has no end.
func lastDay(t *ocpi.Tariff) (last time.Time, ends bool) {
	for i := range t.Elements {
		r := t.Elements[i].Restrictions
		if r == nil || !r.EndDate.Present {
			return last, false
		}
		if day := time.Date(r.EndDate.Year, r.EndDate.Month, r.EndDate.Day-1, 0, 0, 0, 0, time.UTC); day.After(last) {
			last = day
		}
	}
	return last, len(t.Elements) > 0
}

// price prices a visit; ok is false where the tariff rules it out, as by its validity.
func (v visit) price(t *ocpi.Tariff, monday time.Time) (Example, bool) {
	e := Example{
		Start: monday.AddDate(0, 0, v.day).Add(time.Duration(v.hour) * time.Hour), Charging: v.charging, Parked: v.parked, Reserved: v.reserved,
		EnergyKWh: exact.FromInt(v.kwh),
	}
	in := simulate.Input{
		Start: e.Start, End: e.Start.Add(v.charging + v.parked), EnergyKWh: e.EnergyKWh, Zone: "UTC",
		MaxPowerKW: exact.FromInt(v.kwh*int64(time.Hour)).DivRound(exact.FromInt(int64(v.charging)), 4, exact.HalfUp),
	}
	if v.reserved > 0 {
		in.ReservedFrom = e.Start.Add(-v.reserved)
	}
	out, err := simulate.Price(t, in)
	if err != nil {
		return e, false
	}
	e.Cost = out.Result.Totals.Cost
	return e, true
}

func (w *writer) examples() {
	if len(w.d.Examples) > 0 {
		w.gap()
	}
	for i := range w.d.Examples {
		e := &w.d.Examples[i]
		w.add(fill(w.p.Example, "session", w.v.session(e), "cost", w.v.Cost(e.Cost)))
	}
}

func (v *Voice) session(e *Example) string {
	year, month, day := e.Start.Date()
	when := v.p.ExampleDay
	if e.dated {
		when = v.p.ExampleDate
	}
	when = fill(when, "day", v.p.Days[e.Start.Weekday()], "date", v.date(year, month, day), "time", e.Start.Format("15:04"))
	out := fill(v.p.Charged, "energy", v.number(e.EnergyKWh), "length", v.Length(e.Charging), "when", when)
	if e.Parked > 0 {
		out += fill(v.p.ThenParked, "length", v.Length(e.Parked))
	}
	if e.Reserved > 0 {
		out += fill(v.p.AfterReservation, "length", v.Length(e.Reserved))
	}
	return out
}

// Cost says a cost as it is charged, rounded to the currency's minor unit, with and without taxes as far as they are known.
func (v *Voice) Cost(m tariff.Money) string {
	net, gross := m.BeforeTaxes, m.AfterTaxes
	switch {
	case net.Present && gross.Present && net.Value.Equal(gross.Value):
		return v.Charged(net.Value)
	case net.Present && gross.Present:
		return fill(v.p.Both, "net", v.Charged(net.Value), "gross", v.Charged(gross.Value))
	case net.Present:
		return fill(v.p.Net, "net", v.Charged(net.Value))
	case gross.Present:
		return fill(v.p.Gross, "gross", v.Charged(gross.Value))
	}
	return ""
}
