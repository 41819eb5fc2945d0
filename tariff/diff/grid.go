package diff

import (
	"slices"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff/describe"
)

// The axes of the grid, the first changes slowest.
const (
	axisContext = iota
	axisDates
	axisDays
	axisTimes
	axisDuration
	axisEnergy
	axisPower
	axisCurrent
	axisCount
)

var axisNames = [axisCount]string{"contexts", "dates", "days of the week", "times of day", "durations", "energies", "powers", "currents"}

// The contexts: charging or parked; reserved before a session; reserved and expired.
const (
	inSession = iota
	reserved
	expired
)

// grid is the cells that the bounds of two tariffs make.
type grid struct {
	contexts  int
	dates     []ocpi.Date // bounds between dates
	days      int         // 7 where some restriction looks at weekdays, else 1
	minutes   []int       // starts of the slots of the day, the first 0
	durations []exact.Decimal
	energies  []exact.Decimal
	powers    []exact.Decimal
	currents  []exact.Decimal
}

// cell is a place on every axis.
type cell [axisCount]int

const daysOfWeek = 7

func newGrid(tariffs ...*ocpi.Tariff) *grid {
	g := &grid{contexts: 1, days: 1, minutes: []int{0}}
	for _, t := range tariffs {
		for i := range t.Elements {
			if r := t.Elements[i].Restrictions; r != nil {
				g.addRestrictions(r)
			}
		}
	}
	slices.SortFunc(g.dates, func(a, b ocpi.Date) int { return startOf(a).Compare(startOf(b)) })
	g.dates = slices.Compact(g.dates)
	slices.Sort(g.minutes)
	g.minutes = slices.Compact(g.minutes)
	for _, list := range []*[]exact.Decimal{&g.durations, &g.energies, &g.powers, &g.currents} {
		slices.SortFunc(*list, exact.Decimal.Cmp)
		*list = slices.CompactFunc(*list, exact.Decimal.Equal)
	}
	return g
}

func (g *grid) addRestrictions(r *ocpi.Restrictions) {
	if r.Reservation != ocpi.NoReservation {
		g.contexts = expired + 1
	}
	for _, d := range []ocpi.Date{r.StartDate, r.EndDate} {
		if d.Present {
			g.dates = append(g.dates, d)
		}
	}
	if r.DayOfWeek != 0 {
		g.days = daysOfWeek
	}
	for _, t := range []ocpi.TimeOfDay{r.StartTime, r.EndTime} {
		if t.Present {
			g.minutes = append(g.minutes, t.Minutes%(24*60))
		}
	}
	addBounds(&g.durations, r.MinDuration, r.MaxDuration)
	addBounds(&g.energies, r.MinKWh, r.MaxKWh)
	addBounds(&g.powers, r.MinPower, r.MaxPower)
	addBounds(&g.currents, r.MinCurrent, r.MaxCurrent)
}

// addBounds adds the bounds above zero: no quantity is below it.
func addBounds(list *[]exact.Decimal, bounds ...ocpi.Number) {
	for _, n := range bounds {
		if n.Present && n.Value.Sign() > 0 {
			*list = append(*list, n.Value)
		}
	}
}

func startOf(d ocpi.Date) time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

func (g *grid) pieces() [axisCount]int {
	return [axisCount]int{
		g.contexts, len(g.dates) + 1, g.days, len(g.minutes), len(g.durations) + 1, len(g.energies) + 1, len(g.powers) + 1, len(g.currents) + 1,
	}
}

// mostCells is where counting ends, far beyond what is examined.
const mostCells = 1 << 40

func (g *grid) cells() int {
	n := 1
	for _, p := range g.pieces() {
		n = min(n*p, mostCells)
	}
	return n
}

// axes are those with more than one piece.
func (g *grid) axes() []Axis {
	var out []Axis
	for i, p := range g.pieces() {
		if p > 1 {
			out = append(out, Axis{axisNames[i], p})
		}
	}
	return out
}

// cell is the n-th cell; exists is false where no moment lies in it: a weekday that a short span of dates leaves out, or energy, power
// and current of a reservation.
func (g *grid) cell(n int) (at cell, exists bool) {
	p := g.pieces()
	for i := axisCount - 1; i >= 0; i-- {
		at[i] = n % p[i]
		n /= p[i]
	}
	_, exists = g.day(at)
	if at[axisContext] != inSession && at[axisEnergy]+at[axisPower]+at[axisCurrent] > 0 {
		return at, false
	}
	return at, exists
}

// subjects are what can be charged in a cell. A parked vehicle draws nothing: it is in the lowest of powers and currents.
func (g *grid) subjects(at cell) []describe.Subject {
	switch {
	case at[axisContext] == reserved:
		return []describe.Subject{describe.Reserved, describe.ReservedFlat}
	case at[axisContext] == expired:
		return []describe.Subject{describe.Expired, describe.ExpiredFlat}
	case at[axisPower]+at[axisCurrent] > 0:
		return []describe.Subject{describe.Energy, describe.ChargingTime, describe.Flat}
	}
	return []describe.Subject{describe.Energy, describe.ChargingTime, describe.Parking, describe.Flat}
}

// someMonday is where days are taken from when no date matters.
var someMonday = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)

// day is a day in the cell's span of dates, on its weekday (Monday first).
func (g *grid) day(at cell) (time.Time, bool) {
	n := at[axisDates]
	day := someMonday
	switch {
	case len(g.dates) == 0:
	case n == 0:
		day = startOf(g.dates[0]).AddDate(0, 0, -daysOfWeek)
	default:
		day = startOf(g.dates[n-1])
	}
	if g.days == daysOfWeek {
		want := time.Weekday((at[axisDays] + 1) % daysOfWeek)
		day = day.AddDate(0, 0, (int(want)-int(day.Weekday())+daysOfWeek)%daysOfWeek)
	}
	return day, n >= len(g.dates) || day.Before(startOf(g.dates[n]))
}

// moment is the first instant of the cell's slot on its day.
func (g *grid) moment(at cell) time.Time {
	day, _ := g.day(at)
	return day.Add(time.Duration(g.minutes[at[axisTimes]]) * time.Minute)
}

// slotEnd is where the slot ends.
func (g *grid) slotEnd(at cell) time.Time {
	day, _ := g.day(at)
	if next := at[axisTimes] + 1; next < len(g.minutes) {
		return day.Add(time.Duration(g.minutes[next]) * time.Minute)
	}
	return day.AddDate(0, 0, 1)
}

// piece is the n-th stretch between bounds, from inclusive, until exclusive; absent where there is none.
func piece(bounds []exact.Decimal, n int) (from, until ocpi.Number) {
	if n > 0 {
		from = ocpi.Number{Value: bounds[n-1], Present: true}
	}
	if n < len(bounds) {
		until = ocpi.Number{Value: bounds[n], Present: true}
	}
	return from, until
}

// inside is a value of a stretch: its start, or half its end where it starts at nothing, or usual where nothing bounds it.
func inside(bounds []exact.Decimal, n int, usual exact.Decimal) exact.Decimal {
	from, until := piece(bounds, n)
	switch {
	case from.Present:
		return from.Value
	case until.Present:
		return until.Value.Mul(exact.New(5, 1))
	}
	return usual
}

// What a session draws where no bound looks at it: three phases of 16 A.
var (
	usualPower   = exact.FromInt(11)
	usualCurrent = exact.FromInt(48)
)

// state is the least that a session in the cell has met.
func (g *grid) state(at cell) state {
	duration, _ := piece(g.durations, at[axisDuration])
	energy, _ := piece(g.energies, at[axisEnergy])
	return state{
		context: at[axisContext], at: g.moment(at), duration: duration.Value, energy: energy.Value,
		power: inside(g.powers, at[axisPower], usualPower), current: inside(g.currents, at[axisCurrent], usualCurrent),
	}
}
