package ocpi

import (
	"fmt"
	"slices"
	"time"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

// visit is the course of a charging session as a CDR or a session tells it.
type visit struct {
	d          *Decoder
	start, end time.Time
	startNames []string
	endNames   []string
	periods    []ChargingPeriod

	energy, parking, charging, reserved total
	sessionOnly                         int // dimensions that only sessions may hold
	firstSessionOnly                    string
}

// total is the sum of one dimension over all periods.
type total struct {
	value exact.Decimal
	count int
}

func (t *total) add(n Number) {
	if n.Present {
		t.value = t.value.Add(n.Value)
	}
	t.count++
}

// slack is by how much rounding may have moved the sum of a dimension.
func (v *visit) slack(kind Dimension) exact.Decimal {
	var slack exact.Decimal
	for i := range v.periods {
		for _, m := range v.periods[i].Dimensions {
			if m.Kind == kind && m.Volume.Present {
				slack = slack.Add(halfUnit(m.Volume.Value))
			}
		}
	}
	return slack
}

// sum adds up the dimensions.
func (v *visit) sum() {
	negative := 0
	first := ""
	for i := range v.periods {
		for j := range v.periods[i].Dimensions {
			m := &v.periods[i].Dimensions[j]
			switch m.Kind {
			case Energy:
				v.energy.add(m.Volume)
				if m.Volume.Present && m.Volume.Value.Sign() < 0 {
					if negative++; negative == 1 {
						first = v.pointer(i, j) + "/volume"
					}
				}
			case Time:
				v.charging.add(m.Volume)
			case ParkingTime:
				v.parking.add(m.Volume)
			case ReservationTime:
				v.reserved.add(m.Volume)
			default:
				if m.Kind.sessionOnly() {
					if v.sessionOnly++; v.sessionOnly == 1 {
						v.firstSessionOnly = v.pointer(i, j) + "/type"
					}
				}
			}
		}
	}
	if negative > 0 {
		v.d.noteAt(EnergyNegative, SeverityWarn, count(negative, "volume of energy is", "volumes of energy are")+" negative; priced with their sign", first)
	}
}

func (v *visit) pointer(period, dimension int) string {
	return fmt.Sprintf("/charging_periods/%d/dimensions/%d", v.periods[period].Index, dimension)
}

func count(n int, one, many string) string {
	if n == 1 {
		return "one " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func (v *visit) checkSessionOnly() {
	if v.sessionOnly > 0 {
		v.d.noteAt(DimensionSessionOnly, SeverityWarn,
			count(v.sessionOnly, "dimension that only a session may hold", "dimensions that only a session may hold")+"; not priced", v.firstSessionOnly)
	}
}

// checkEnds compares start and end. Equal ones are allowed where nothing was delivered.
func (v *visit) checkEnds(energy, hours Number) {
	if !known(v.start) || !known(v.end) {
		return
	}
	switch {
	case v.end.Before(v.start):
		v.d.noteAt(TimeEndBeforeStart, SeverityError, fmt.Sprintf("the end is %s before the start", v.start.Sub(v.end)), v.endNames...)
	case v.end.Equal(v.start) && (positive(energy) || positive(hours)):
		v.d.noteAt(TimeZeroDuration, SeverityError, "start and end are equal, yet energy or time is above zero", v.endNames...)
	}
}

func positive(n Number) bool { return n.Present && n.Value.Sign() > 0 }

// checkPeriods looks at the order of the periods and at what each can hold. Each check tells the first place and the number
// of places.
func (v *visit) checkPeriods() {
	order := v.order()
	var outside, same, long tally
	for k, i := range order {
		p := &v.periods[i]
		if !known(p.StartDateTime) {
			continue
		}
		if known(v.start) && p.StartDateTime.Before(v.start) || known(v.end) && p.StartDateTime.After(v.end) {
			outside.hit(p.Index)
		}
		until := v.end
		if k+1 < len(order) {
			until = v.periods[order[k+1]].StartDateTime
			if until.Equal(p.StartDateTime) {
				same.hit(v.periods[order[k+1]].Index)
			}
		}
		if known(until) && !until.Before(p.StartDateTime) && tooLong(p, until.Sub(p.StartDateTime)) {
			long.hit(p.Index)
		}
	}
	if outside.n > 0 {
		v.note(PeriodOutside, SeverityWarn, outside, "starts", "start", "outside start and end of the record")
	}
	if same.n > 0 {
		v.note(PeriodDuplicateStart, SeverityError, same, "starts", "start", "at the same time as another")
	}
	if long.n > 0 {
		v.note(PeriodTimeExceeds, SeverityError, long, "holds", "hold", "more hours than pass until the next one; tolerated is half a unit of the last decimal")
	}
	if len(order) > 0 && known(v.start) {
		if first := &v.periods[order[0]]; known(first.StartDateTime) && first.StartDateTime.After(v.start) {
			v.d.noteAt(PeriodStartsLate, SeverityWarn, fmt.Sprintf("the first period starts %s after the record", first.StartDateTime.Sub(v.start)),
				periodStart(first.Index))
		}
	}
}

// tally counts periods and keeps the first.
type tally struct{ n, first int }

func (t *tally) hit(index int) {
	if t.n == 0 {
		t.first = index
	}
	t.n++
}

func (v *visit) note(code Code, severity Severity, t tally, one, many, what string) {
	v.d.noteAt(code, severity, count(t.n, "period "+one, "periods "+many)+" "+what, periodStart(t.first))
}

func periodStart(index int) string { return fmt.Sprintf("/charging_periods/%d/start_date_time", index) }

// order is the periods by their start, those with the same start as sent. OCPI does not demand that they are sorted.
func (v *visit) order() []int {
	order := v.d.order[:0]
	sorted := true
	for i := range v.periods {
		order = append(order, i)
		if i > 0 && v.periods[i].StartDateTime.Before(v.periods[i-1].StartDateTime) {
			if sorted {
				v.d.noteAt(PeriodUnordered, SeverityInfo, "the periods are not sorted by their start", periodStart(v.periods[i].Index))
			}
			sorted = false
		}
	}
	v.d.order = order
	if !sorted {
		slices.SortStableFunc(order, func(a, b int) int {
			return v.periods[a].StartDateTime.Compare(v.periods[b].StartDateTime)
		})
	}
	return order
}

// tooLong reports that the hours of a period exceed its length by more than rounding explains.
func tooLong(p *ChargingPeriod, length time.Duration) bool {
	var hours, slack exact.Decimal
	for i := range p.Dimensions {
		if m := &p.Dimensions[i]; m.Volume.Present && m.Kind.hours() {
			hours = hours.Add(m.Volume.Value)
		}
	}
	passed, hour := seconds(length), exact.FromInt(secondsInHour)
	if hours.IsZero() || !passed.Less(hours.Mul(hour)) {
		return false
	}
	for i := range p.Dimensions {
		if m := &p.Dimensions[i]; m.Volume.Present && m.Kind.hours() {
			slack = slack.Add(halfUnit(m.Volume.Value))
		}
	}
	return passed.Less(hours.Sub(slack).Mul(hour))
}

// checkTotals compares the totals of a CDR with its periods and with the clock.
func (v *visit) checkTotals(c *CDR) {
	d := v.d
	if c.TotalEnergy.Present {
		stated := c.TotalEnergy.Value
		if stated.Sign() < 0 && !c.IsCredit() {
			d.noteAt(EnergyNegative, SeverityError, fmt.Sprintf("total_energy is %s, and the CDR is no credit", stated), "/total_energy")
		}
		switch {
		case v.energy.count == 0 && !stated.IsZero():
			d.noteAt(EnergyPeriodSum, SeverityInfo, fmt.Sprintf("total_energy is %s kWh, and no period states energy", stated), "/total_energy")
		case v.energy.count > 0 && v.differs(v.energy.value, stated, Energy):
			d.noteAt(EnergyPeriodSum, SeverityWarn, fmt.Sprintf("total_energy is %s kWh, the periods add up to %s; tolerated is %s",
				stated, v.energy.value, v.tolerance(stated, Energy)), "/total_energy")
		}
	}
	if stated := c.TotalParkingTime; stated.Present && v.differs(v.parking.value, stated.Value, ParkingTime) {
		d.noteAt(PeriodParkingSum, SeverityWarn, fmt.Sprintf("total_parking_time is %s h, the periods add up to %s; tolerated is %s",
			stated.Value, v.parking.value, v.tolerance(stated.Value, ParkingTime)), "/total_parking_time")
	}
	if c.TotalTime.Present && known(v.start) && known(v.end) && !v.end.Before(v.start) {
		v.checkTotalTime(c.TotalTime.Value)
	}
}

func (v *visit) tolerance(stated exact.Decimal, kind Dimension) exact.Decimal {
	return v.slack(kind).Add(halfUnit(stated))
}

// differs reports that a stated total is further from the sum of its dimension than rounding explains.
func (v *visit) differs(sum, stated exact.Decimal, kind Dimension) bool {
	return !sum.Equal(stated) && v.tolerance(stated, kind).Less(sum.Sub(stated).Abs())
}

// checkTotalTime compares total_time with the clock. Where a reservation came first it is not stated whether total_time
// counts it: both are right.
func (v *visit) checkTotalTime(hours exact.Decimal) {
	stated, length := hours.Mul(exact.FromInt(secondsInHour)), seconds(v.end.Sub(v.start))
	slack := halfUnit(hours).Mul(exact.FromInt(secondsInHour))
	off := length.Sub(stated).Abs()
	if !slack.Less(off) {
		return
	}
	if v.reserved.count > 0 {
		reserved := v.reserved.value.Mul(exact.FromInt(secondsInHour))
		both := slack.Add(v.slack(ReservationTime).Mul(exact.FromInt(secondsInHour)))
		if !both.Less(length.Sub(reserved).Sub(stated).Abs()) {
			return
		}
	}
	severity := SeverityWarn
	if !seconds(totalTimeWarn).Less(off) {
		severity = SeverityInfo
	}
	v.d.noteAt(TimeTotalMismatch, severity, fmt.Sprintf("total_time is %s h, start and end are %s s apart: %s s off; tolerated are %s s",
		hours, length.Plain(), off.Plain(), slack.Plain()), "/total_time")
}
