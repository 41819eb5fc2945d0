package describe

import "github.com/nexacollect/reconcile/ocpi"

// Kind is what a condition looks at.
type Kind uint8

// The kinds, in the order in which they are said. Days, dates and times are local to the charge point; durations count from the
// start of the session, or of the reservation; energy is that of the session so far.
const (
	OnDays      Kind = iota // Days
	OnDates                 // FromDate, UntilDate
	AtTimes                 // FromTime, UntilTime; over midnight where the end is before the start; an end of 00:00 is midnight
	AfterTime               // From, Until in seconds
	AfterEnergy             // From, Until in kWh
	WithPower               // From, Until in kW; holds too where the power is not known
	WithCurrent             // From, Until in A; likewise
	kindCount
)

var kindNames = [kindCount]string{"days", "dates", "times", "duration", "energy", "power", "current"}

// String is the kind's name in JSON.
func (k Kind) String() string { return kindNames[k] }

// Condition is one restriction that must hold. Starts are inclusive, ends exclusive; what is absent bounds nothing.
type Condition struct {
	Kind                Kind
	Days                ocpi.Weekdays
	FromDate, UntilDate ocpi.Date
	FromTime, UntilTime ocpi.TimeOfDay
	From, Until         ocpi.Number
}

const everyDay ocpi.Weekdays = 1<<7 - 1

// conditionsOf are the conditions of an element, those that always hold left out.
func conditionsOf(r *ocpi.Restrictions) []Condition {
	if r == nil {
		return nil
	}
	var out []Condition
	if r.DayOfWeek != 0 && r.DayOfWeek != everyDay {
		out = append(out, Condition{Kind: OnDays, Days: r.DayOfWeek})
	}
	if r.StartDate.Present || r.EndDate.Present {
		out = append(out, Condition{Kind: OnDates, FromDate: r.StartDate, UntilDate: r.EndDate})
	}
	if from, until := starts(r.StartTime), ends(r.EndTime); from || until {
		out = append(out, Condition{Kind: AtTimes, FromTime: present(r.StartTime, from), UntilTime: present(r.EndTime, until)})
	}
	for _, b := range []struct {
		kind        Kind
		from, until ocpi.Number
		positive    bool // the quantity is never below zero
	}{
		{AfterTime, r.MinDuration, r.MaxDuration, true}, {AfterEnergy, r.MinKWh, r.MaxKWh, true},
		{WithPower, r.MinPower, r.MaxPower, false}, {WithCurrent, r.MinCurrent, r.MaxCurrent, false},
	} {
		if b.positive && b.from.Present && b.from.Value.Sign() <= 0 {
			b.from = ocpi.Number{}
		}
		if b.from.Present || b.until.Present {
			out = append(out, Condition{Kind: b.kind, From: b.from, Until: b.until})
		}
	}
	return out
}

// starts reports a start of a window that bounds the day.
func starts(t ocpi.TimeOfDay) bool { return t.Present && t.Minutes > 0 }

// ends reports an end of a window that bounds the day: 00:00 is the end of the day itself.
func ends(t ocpi.TimeOfDay) bool { return t.Present && t.Minutes%minutesPerDay != 0 }

const minutesPerDay = 24 * 60

func present(t ocpi.TimeOfDay, is bool) ocpi.TimeOfDay {
	t.Present = is
	return t
}

// impossible reports restrictions that no session meets: bounds that leave nothing between them.
func impossible(r *ocpi.Restrictions) bool {
	if r == nil {
		return false
	}
	for _, b := range [][2]ocpi.Number{{r.MinKWh, r.MaxKWh}, {r.MinDuration, r.MaxDuration}} {
		least, most := b[0], b[1]
		if most.Present && (most.Value.Sign() <= 0 || least.Present && !least.Value.Less(most.Value)) {
			return true
		}
	}
	if r.StartDate.Present && r.EndDate.Present && !before(r.StartDate, r.EndDate) {
		return true
	}
	return starts(r.StartTime) && ends(r.EndTime) && r.StartTime.Minutes == r.EndTime.Minutes
}

func before(a, b ocpi.Date) bool {
	switch {
	case a.Year != b.Year:
		return a.Year < b.Year
	case a.Month != b.Month:
		return a.Month < b.Month
	}
	return a.Day < b.Day
}
