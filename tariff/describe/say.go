package describe

import (
	"slices"
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
)

// Conditions says when all of some conditions hold, "" where there is none. reservation says that durations are those of a
// reservation.
func (v *Voice) Conditions(list []Condition, reservation bool) string {
	var parts []string
	bound := slices.ContainsFunc(list, func(c Condition) bool { return c.Kind == OnDays || c.Kind == OnDates })
	for _, c := range list {
		switch c.Kind {
		case OnDays:
			parts = append(parts, v.days(c.Days))
		case OnDates:
			parts = append(parts, v.p.DateBounds.say(v.dateOf(c.FromDate), v.dateOf(c.UntilDate)))
		case AtTimes:
			parts = append(parts, v.times(c, bound))
		case AfterTime:
			phrase := v.p.SessionTime
			if reservation {
				phrase = v.p.ReservationTime
			}
			parts = append(parts, phrase.say(v.secondsOf(c.From), v.secondsOf(c.Until)))
		case AfterEnergy:
			parts = append(parts, v.p.EnergyBounds.say(v.numberOf(c.From), v.numberOf(c.Until)))
		case WithPower:
			parts = append(parts, v.p.PowerBounds.say(v.numberOf(c.From), v.numberOf(c.Until)))
		case WithCurrent:
			parts = append(parts, v.p.CurrentBounds.say(v.numberOf(c.From), v.numberOf(c.Until)))
		}
	}
	return strings.Join(parts, ", ")
}

// times says a window of the day. Over midnight it runs into the next day; where days or dates are named too, they are those of the
// moment, so that the window is the beginning and the end of each of these days.
func (v *Voice) times(c Condition, bound bool) string {
	from, until := clock(c.FromTime), clock(c.UntilTime)
	switch {
	case !c.UntilTime.Present:
		return fill(v.p.Midnight, "from", from)
	case !c.FromTime.Present || c.FromTime.Minutes <= c.UntilTime.Minutes:
		return v.p.TimeBounds.say(from, until)
	case bound:
		return fill(v.p.Outside, "from", from, "until", until)
	}
	return fill(v.p.Overnight, "from", from, "until", until)
}

const daysOfWeek = 7

// days says a set of weekdays: three and more in a row as a range, Monday first.
func (v *Voice) days(set ocpi.Weekdays) string {
	var in []time.Weekday
	for i := range daysOfWeek {
		if day := time.Weekday((i + 1) % daysOfWeek); set.Has(day) {
			in = append(in, day)
		}
	}
	if first, n := run(set); n == len(in) && n > 2 {
		return fill(v.p.DayRange, "from", v.p.Days[first], "until", v.p.Days[(int(first)+n-1)%daysOfWeek])
	}
	var words []string
	for _, day := range in {
		words = append(words, v.p.OnDays[day])
	}
	return fill(v.p.OnDayList, "days", v.p.list(words))
}

// run is the first day of a set before which there is none, beginning on Monday, and how many follow one another from it.
func run(set ocpi.Weekdays) (first time.Weekday, n int) {
	for i := range daysOfWeek {
		first = time.Weekday((i + 1) % daysOfWeek)
		if set.Has(first) && !set.Has((first+daysOfWeek-1)%daysOfWeek) {
			break
		}
	}
	for n < daysOfWeek && set.Has(time.Weekday((int(first)+n)%daysOfWeek)) {
		n++
	}
	return first, n
}

// price says the price of a rate per its unit, without taxes.
func (v *Voice) price(s Subject, r Rate) string {
	if r.Price.IsZero() {
		return v.p.Free
	}
	unit := v.p.PerHour
	switch s {
	case Energy:
		unit = v.p.PerKWh
	case Flat:
		unit = v.p.PerSession
	case ReservedFlat, ExpiredFlat:
		unit = v.p.PerReservation
	}
	return fill(unit, "price", v.Amount(r.Price))
}

// Rate says the price of a rate with its tax, nothing of its conditions and steps. A free rate bears no tax.
func (v *Voice) Rate(s Subject, r Rate, t Taxes) string {
	return v.rate(s, r, v.tax(r, t))
}

func (v *Voice) rate(s Subject, r Rate, tax string) string {
	if r.Price.IsZero() || tax == "" {
		return v.price(s, r)
	}
	join := " "
	if strings.HasPrefix(tax, ", ") {
		join = ""
	}
	return v.price(s, r) + join + tax
}

// tax says the tax of a rate, "" where there is nothing to say.
func (v *Voice) tax(r Rate, t Taxes) string {
	percent := ""
	if r.VAT.Present {
		percent = v.percent(r.VAT.Value)
	}
	switch t {
	case TaxesAdded:
		if percent == "" {
			return ", " + v.p.NoVAT
		}
		return fill(v.p.PlusVAT, "percent", percent)
	case TaxesAddedUnstated, TaxesReadAsAdded:
		if percent == "" {
			return v.p.PlusTaxes
		}
		return fill(v.p.PlusVAT, "percent", percent)
	case TaxesIncluded:
		if percent == "" {
			return v.p.IncludingTaxes
		}
		return fill(v.p.IncludingVAT, "percent", percent)
	}
	if percent == "" {
		return ""
	}
	return ", " + fill(v.p.MentionsVAT, "percent", percent)
}

// Step says the step of a rate, "" where nothing is rounded.
func (v *Voice) Step(s Subject, r Rate) string {
	switch {
	case s.flat() || !r.Step.Present || r.Step.Value.Sign() <= 0:
		return ""
	case s == Energy:
		return v.energy(r.Step.Value)
	}
	return v.seconds(r.Step.Value)
}

// Heading is the name of a subject.
func (v *Voice) Heading(s Subject) string { return v.p.Headings[s] }
