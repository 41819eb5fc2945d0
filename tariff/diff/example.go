package diff

import (
	"slices"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
	"github.com/nexacollect/reconcile/tariff/describe"
	"github.com/nexacollect/reconcile/tariff/simulate"
)

// Example is a session and what it costs under both tariffs, its times local where local time is UTC.
type Example struct {
	Session simulate.Input
	A, B    tariff.Money
}

// Delta is what the session costs more under B, after taxes where both are known; ok is false where the two know no amount of one kind.
func (e *Example) Delta() (more exact.Decimal, ok bool) {
	switch a, b := e.A, e.B; {
	case a.AfterTaxes.Present && b.AfterTaxes.Present:
		return b.AfterTaxes.Value.Sub(a.AfterTaxes.Value), true
	case a.BeforeTaxes.Present && b.BeforeTaxes.Present:
		return b.BeforeTaxes.Value.Sub(a.BeforeTaxes.Value), true
	}
	return exact.Decimal{}, false
}

// differs reports amounts that are not the same, on either side of taxes.
func (e *Example) differs() bool {
	apart := func(a, b ocpi.Number) bool { return a.Present && b.Present && !a.Value.Equal(b.Value) }
	return apart(e.A.BeforeTaxes, e.B.BeforeTaxes) || apart(e.A.AfterTaxes, e.B.AfterTaxes)
}

// stays are how long an example stays in its cell, where it can: odd lengths, so that steps show.
var stays = []time.Duration{59*time.Minute + 37*time.Second, 4*time.Minute + 7*time.Second, 3*time.Hour + 13*time.Second, 11 * time.Second}

// mostTries bounds how many cells of a group are tried for an example.
const mostTries = 64

// showGroups finds an example for each group; groups without one are set apart.
func (c *comparison) showGroups() {
	slices.SortStableFunc(c.groups, func(a, b Group) int { return int(a.Subject) - int(b.Subject) })
	for _, g := range c.groups {
		for _, b := range c.grid.boxes(g.cells) {
			g.Where = append(g.Where, c.grid.conditions(b))
		}
		g.Example = c.show(&g)
		g.cells = nil
		if g.Example == nil {
			c.report.Unshown = append(c.report.Unshown, g)
		} else {
			c.report.Groups = append(c.report.Groups, g)
		}
	}
}

func (c *comparison) show(g *Group) *Example {
	for i, at := range g.cells {
		if i == mostTries {
			break
		}
		for _, stay := range stays {
			if in, ok := c.grid.session(at, g.Subject, stay); ok {
				if e := c.price(in); e != nil {
					return e
				}
			}
		}
	}
	return nil
}

// price prices a session under both tariffs; nil where it cannot be had or costs the same.
func (c *comparison) price(in simulate.Input) *Example {
	e := &Example{Session: in}
	in.Zone, in.AnyDate = "UTC", true
	for _, side := range []struct {
		t    *ocpi.Tariff
		cost *tariff.Money
	}{{c.a.t, &e.A}, {c.b.t, &e.B}} {
		out, err := simulate.Price(side.t, in)
		if err != nil {
			return nil
		}
		*side.cost = out.Result.Totals.Cost
	}
	if !e.differs() {
		return nil
	}
	return e
}

// showLimits looks for a session whose total meets a limit: a small one, and ever larger ones.
func (c *comparison) showLimits() *Example {
	start := someMonday.Add(10 * time.Hour)
	for _, kwh := range []string{"0.05", "1", "5", "20", "60", "150", "400"} {
		in := simulate.Input{Start: start, End: start.Add(24 * time.Hour), EnergyKWh: exact.MustParse(kwh), MaxPowerKW: exact.FromInt(22)}
		if e := c.price(in); e != nil {
			return e
		}
	}
	return nil
}

var secondsPerHour = exact.FromInt(3600)

// session is a session that comes into a cell and stays there for a while. ok is false where none at one power does.
func (g *grid) session(at cell, s describe.Subject, stay time.Duration) (simulate.Input, bool) {
	st := g.state(at)
	_, durationEnd := piece(g.durations, at[axisDuration])
	stay = min(stay, g.slotEnd(at).Sub(st.at))
	if durationEnd.Present {
		stay = min(stay, simulate.Duration(durationEnd.Value.Sub(st.duration)))
	}
	if st.context != inSession {
		return g.reservation(st, stay), true
	}
	power := st.power
	if s == describe.Parking {
		power = usualPower
	}
	lead, power, ok := g.lead(at, st, power)
	if !ok {
		return simulate.Input{}, false
	}
	in := simulate.Input{Start: st.at.Add(-lead), End: st.at.Add(stay), EnergyKWh: st.energy, MaxPowerKW: power}
	in.ChargeFrom = st.at.Add(-charging(st.energy, power))
	if len(g.currents) > 0 {
		in.MaxCurrentA = ocpi.Number{Value: st.current, Present: true}
	}
	if s != describe.Parking {
		in.EnergyKWh = st.energy.Add(g.delivered(at, st, power, stay))
	}
	if s == describe.Parking && st.energy.IsZero() {
		in.ChargeFrom = in.Start
	}
	return in, true
}

// reservation is a session of an hour after a reservation, or one that expired.
func (g *grid) reservation(st state, stay time.Duration) simulate.Input {
	until := st.at.Add(stay)
	in := simulate.Input{ReservedFrom: st.at.Add(-simulate.Duration(st.duration)), Start: until, End: until}
	if st.context == reserved {
		in.End, in.EnergyKWh, in.MaxPowerKW = until.Add(time.Hour), usualPower, usualPower
	}
	return in
}

// charging is how long an energy takes, in whole seconds.
func charging(energy, power exact.Decimal) time.Duration {
	return simulate.Duration(energy.Mul(secondsPerHour).DivRound(power, 0, exact.Ceiling))
}

// lead is how long before the moment the session began: its duration, or the time that the energy takes. Where that is more than the
// cell's durations allow and no bound holds the power, the power is raised.
func (g *grid) lead(at cell, st state, power exact.Decimal) (time.Duration, exact.Decimal, bool) {
	if power.Sign() <= 0 {
		return 0, power, false
	}
	need, has := charging(st.energy, power), simulate.Duration(st.duration)
	_, end := piece(g.durations, at[axisDuration])
	if need <= has || !end.Present || need < simulate.Duration(end.Value) {
		return max(need, has), power, true
	}
	if at[axisPower] < len(g.powers) {
		return 0, power, false
	}
	middle := st.duration.Add(end.Value).Mul(exact.New(5, 1))
	power = st.energy.Mul(secondsPerHour).DivRound(middle, 0, exact.Ceiling)
	return max(charging(st.energy, power), has), power, true
}

// delivered is the energy of a stay, without reaching the next bound.
func (g *grid) delivered(at cell, st state, power exact.Decimal, stay time.Duration) exact.Decimal {
	more := power.Mul(exact.New(int64(stay/time.Second), 0)).DivRound(secondsPerHour, 3, exact.Down)
	if _, end := piece(g.energies, at[axisEnergy]); end.Present {
		more = exact.Min(more, end.Value.Sub(st.energy))
	}
	return more
}
