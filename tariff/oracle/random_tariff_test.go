package oracle_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Random tariffs. They are drawn after the periods, near to what happens in them, so that they matter.

func (r *random) tariff(name string, several bool) object {
	out := object{"id": name, "currency": "EUR", "country_code": "NL", "party_id": "ABC", "last_updated": "2026-01-01T00:00:00Z"}
	if r.oneIn(60) {
		out["currency"] = "SEK"
	}
	var elements []object
	for range 1 + r.IntN(5) {
		elements = append(elements, r.element())
	}
	out["elements"] = elements
	if r.version == "2.1.1" {
		return out
	}
	if several && r.oneIn(2) || r.oneIn(20) {
		out[pick(r, "start_date_time", "end_date_time")] = stamp(r, r.start.Add(time.Duration(r.IntN(5)-2)*time.Hour))
	}
	if r.version == "2.3.0" && !r.oneIn(6) {
		out["tax_included"] = pick(r, "YES", "NO", "N/A")
	}
	for _, limit := range []string{"min_price", "max_price"} {
		if r.oneIn(4) {
			out[limit] = r.limit()
		}
	}
	return out
}

func (r *random) limit() object {
	net, gross := "excl_vat", "incl_vat"
	if r.version == "2.3.0" {
		net, gross = "before_taxes", "after_taxes"
	}
	v := r.IntN(2500)
	out := object{net: r.raw(fixed(v, 2))}
	if r.oneIn(2) {
		out[gross] = r.raw(fixed(v+r.IntN(500), 2))
	}
	return out
}

func (r *random) element() object {
	reserves := r.books && r.oneIn(2) || r.version != "2.1.1" && r.oneIn(12)
	kinds := []string{"ENERGY", "TIME", "PARKING_TIME", "FLAT"}
	if reserves {
		kinds = []string{"TIME", "FLAT"}
	}
	var components []object
	for range 1 + r.IntN(3) {
		components = append(components, r.component(pick(r, kinds...)))
	}
	out := object{"price_components": components}
	restrictions := r.restrictions()
	if reserves {
		restrictions["reservation"] = pick(r, "RESERVATION", "RESERVATION_EXPIRES")
	}
	if len(restrictions) > 0 || r.oneIn(10) {
		out["restrictions"] = restrictions
	}
	return out
}

func (r *random) component(kind string) object {
	step := pick(r, 0, 1, 1, 60, 100, 300, 500, 600, 900, 1000, r.IntN(4000))
	out := object{"type": kind, "price": r.number(0, 60000, 4), "step_size": step}
	if r.oneIn(12) {
		out["price"] = r.raw("0")
	}
	if r.version != "2.1.1" && !r.oneIn(3) {
		out["vat"] = r.raw(pick(r, "21", "19", "5.2", "20.0", "0", "7.7"))
	}
	return out
}

// restrictions are some of those that the version has.
func (r *random) restrictions() object {
	out := object{}
	for range pick(r, 0, 1, 1, 2, 3) {
		switch pick(r, "time", "time", "date", "day", "kwh", "duration", "power", "current", "empty") {
		case "time":
			r.some(out, "start_time", "end_time", func() any { return r.clock() })
			if r.oneIn(15) {
				out["end_time"] = "24:00"
			}
		case "date":
			r.some(out, "start_date", "end_date", func() any { return r.start.In(r.zone).AddDate(0, 0, r.IntN(4)-1).Format(time.DateOnly) })
		case "day":
			var days []string
			for range 1 + r.IntN(4) {
				if day := strings.ToUpper(time.Weekday(r.IntN(7)).String()); !slices.Contains(days, day) {
					days = append(days, day)
				}
			}
			out["day_of_week"] = days
		case "kwh":
			r.some(out, "min_kwh", "max_kwh", func() any { return r.energy() })
		case "duration":
			r.some(out, "min_duration", "max_duration", func() any { return r.duration() })
		case "power":
			r.some(out, "min_power", "max_power", func() any { return r.raw(strconv.Itoa(r.IntN(64))) })
		case "current":
			if r.version != "2.1.1" {
				r.some(out, "min_current", "max_current", func() any { return r.raw(strconv.Itoa(r.IntN(64))) })
			}
		case "empty":
			out["day_of_week"], out["min_kwh"] = []string{}, nil
		}
	}
	return out
}

// some sets one of two members, or both.
func (r *random) some(out object, a, b string, value func() any) {
	switch r.IntN(3) {
	case 0:
		out[a] = value()
	case 1:
		out[b] = value()
	default:
		out[a], out[b] = value(), value()
	}
}

// clock is a time of day: on or next to the minute at which a period starts, at midnight in each writing, or any.
func (r *random) clock() string {
	switch r.IntN(8) {
	case 0:
		return "00:00"
	case 1, 2, 3:
		return pick(r, r.starts...).In(r.zone).Add(time.Duration(r.IntN(3)-1) * time.Minute).Format("15:04")
	case 4:
		return pick(r, "23:59", "00:01", "02:00", "02:30", "03:00", "22:00")
	}
	return fmt.Sprintf("%02d:%02d", r.IntN(24), r.IntN(60))
}

// energy is the session's energy where a period starts, or any.
func (r *random) energy() any {
	if r.oneIn(3) {
		return r.raw(pick(r, r.kwh...))
	}
	return r.number(0, 600000, 4)
}

// duration is that of the session where a period starts, or any.
func (r *random) duration() any {
	if r.oneIn(3) {
		return int(pick(r, r.starts...).Sub(r.start) / time.Second)
	}
	return pick(r, r.IntN(20000), r.IntN(300)*60)
}
