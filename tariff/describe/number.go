package describe

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// signs are the currencies that drivers know by a sign and that no other currency shares.
var signs = map[string]string{"EUR": "€", "GBP": "£"}

// number is a number in full, with the decimal mark of the language.
func (v *Voice) number(d exact.Decimal) string {
	return strings.Replace(d.Plain(), ".", v.p.Decimal, 1)
}

// Amount is an amount of money in full, with at least the decimals of the currency's minor unit.
func (v *Voice) Amount(d exact.Decimal) string {
	digits := strings.Replace(d.Abs().Fixed(ocpi.MinorUnits(v.currency)), ".", v.p.Decimal, 1)
	phrase, sign := v.p.MoneyCode, v.currency
	if s, ok := signs[v.currency]; ok {
		phrase, sign = v.p.MoneySymbol, s
	}
	out := strings.TrimSpace(fill(phrase, "sign", sign, "amount", digits))
	if d.Sign() < 0 {
		return "-" + out
	}
	return out
}

// Charged is an amount as it is charged: rounded half up to the currency's minor unit.
func (v *Voice) Charged(d exact.Decimal) string {
	return v.Amount(d.Round(ocpi.MinorUnits(v.currency), exact.HalfUp))
}

func (v *Voice) percent(d exact.Decimal) string { return fill(v.p.Percent, "number", v.number(d)) }

// Length is a duration in hours, minutes and seconds.
func (v *Voice) Length(d time.Duration) string { return v.seconds(exact.New(int64(d), 9)) }

// seconds is a number of seconds in hours, minutes and seconds; a part of a second stands as it is.
func (v *Voice) seconds(s exact.Decimal) string {
	n, whole := new(big.Int).SetString(s.Plain(), 10)
	if !whole || !n.IsInt64() || n.Sign() < 0 {
		return v.number(s) + " " + v.p.Second.Many
	}
	left := n.Int64()
	var parts []string
	for _, u := range []struct {
		length int64
		word   plural
	}{{3600, v.p.Hour}, {60, v.p.Minute}, {1, v.p.Second}} {
		if left/u.length > 0 {
			parts = append(parts, u.word.say(left/u.length))
		}
		left %= u.length
	}
	if len(parts) == 0 {
		return v.p.Second.say(0)
	}
	return v.p.list(parts)
}

// energy is a step of energy: in Wh, from a thousand on in kWh.
func (v *Voice) energy(wattHours exact.Decimal) string {
	if wattHours.Less(exact.FromInt(1000)) {
		return v.number(wattHours) + " Wh"
	}
	return v.number(wattHours.Shift(-3)) + " kWh"
}

// date is a calendar day in words.
func (v *Voice) date(year int, month time.Month, day int) string {
	text := strconv.Itoa(day)
	if day == 1 {
		text = v.p.FirstDay
	}
	return fill(v.p.Date, "day", text, "month", v.p.Months[month-1], "year", strconv.Itoa(year))
}

// dateOf is an optional day, "" where it is absent.
func (v *Voice) dateOf(d ocpi.Date) string {
	if !d.Present {
		return ""
	}
	return v.date(d.Year, d.Month, d.Day)
}

// moment is an instant in UTC, "" where it is the zero time.
func (v *Voice) moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.UTC()
	layout := "15:04"
	if t.Second() != 0 {
		layout = "15:04:05"
	}
	year, month, day := t.Date()
	return fill(v.p.Moment, "date", v.date(year, month, day), "time", t.Format(layout))
}

// clock is a time of day, "" where it is absent.
func clock(t ocpi.TimeOfDay) string {
	if !t.Present {
		return ""
	}
	return fmt.Sprintf("%02d:%02d", t.Minutes/60, t.Minutes%60)
}

// numberOf is an optional number, "" where it is absent.
func (v *Voice) numberOf(n ocpi.Number) string {
	if !n.Present {
		return ""
	}
	return v.number(n.Value)
}

// secondsOf is an optional duration, "" where it is absent.
func (v *Voice) secondsOf(n ocpi.Number) string {
	if !n.Present {
		return ""
	}
	return v.seconds(n.Value)
}
