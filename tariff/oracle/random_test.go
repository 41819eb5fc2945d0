package oracle_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// object is a JSON object. encoding/json sorts its members, so that a seed always gives the same bytes.
type object = map[string]any

// example is a CDR to be priced.
type example struct {
	version, zone string
	cdr           object
}

// zones change their clocks at unlike hours, by an hour or by half of one, or never; two are not a whole number of hours off UTC.
var zones = []string{
	"Europe/Amsterdam", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Europe/Lisbon", "Asia/Kolkata",
	"America/St_Johns", "Africa/Casablanca",
}

// random makes examples. All it makes follows from its seed and number.
type random struct {
	*rand.Rand
	version string
	zone    *time.Location
	start   time.Time
	starts  []time.Time // of the periods, and the end of the last
	kwh     []string    // energy of the session at those instants
	books   bool        // there is a reservation
}

func randomExample(seed, n uint64) example {
	r := &random{Rand: rand.New(rand.NewPCG(seed, n))}
	r.version = pick(r, "2.1.1", "2.2.1", "2.2.1", "2.3.0", "2.3.0")
	name := pick(r, zones...)
	r.zone, _ = time.LoadLocation(name)
	r.start = r.day()
	return example{r.version, name, r.cdr()}
}

func pick[T any](r *random, of ...T) T { return of[r.IntN(len(of))] }

// oneIn is true once in so many times.
func (r *random) oneIn(n int) bool { return r.IntN(n) == 0 }

// day is an instant of 2026, often within twelve hours of a change of clocks, often on a round minute.
func (r *random) day() time.Time {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(r.IntN(365*24*3600)) * time.Second)
	if _, change := at.In(r.zone).ZoneBounds(); r.oneIn(2) && !change.IsZero() {
		at = change.Add(time.Duration(r.IntN(24*3600)-16*3600) * time.Second).UTC()
	}
	switch r.IntN(4) {
	case 0:
		return at.Truncate(time.Hour)
	case 1:
		return at.Truncate(time.Minute)
	case 2:
		return at.Add(time.Duration(r.IntN(1000)) * time.Millisecond)
	}
	return at
}

func (r *random) cdr() object {
	out := object{
		"id": "C", "currency": "EUR", "start_date_time": stamp(r, r.start), "country_code": "NL", "party_id": "ABC",
		"total_energy": 1, "total_time": 1, "last_updated": "2027-01-01T00:00:00Z",
	}
	names := r.tariffNames()
	out["charging_periods"] = r.periods(names)
	end, last := "end_date_time", r.starts[len(r.starts)-1]
	out["cdr_location"] = object{"id": "L", "country": "NLD", "evse_uid": "E", "connector_id": "1"}
	switch r.version {
	case "2.1.1":
		end = "stop_date_time"
		out["location"], out["auth_id"], out["total_cost"] = object{"id": "L", "country": "NLD"}, "A", 1
		delete(out, "cdr_location")
	case "2.2.1":
		out["total_cost"] = object{"excl_vat": 1}
	case "2.3.0":
		for _, cost := range []string{"total_cost", "total_fixed_cost", "total_energy_cost", "total_time_cost", "total_parking_cost"} {
			if cost == "total_cost" || r.oneIn(4) {
				out[cost] = object{"before_taxes": 1, "taxes": r.taxes()}
			}
		}
	}
	out[end] = stamp(r, last)
	if r.version != "2.1.1" && r.oneIn(8) {
		out["credit"], out["credit_reference_id"] = true, "B"
		if r.oneIn(4) {
			negate(out["charging_periods"].([]object))
		}
	}
	var tariffs []object
	for _, name := range names {
		tariffs = append(tariffs, r.tariff(name, len(names) > 1))
	}
	if tariffs != nil || r.oneIn(2) {
		out["tariffs"] = tariffs
	}
	return out
}

// negate writes every volume with the other sign.
func negate(periods []object) {
	for _, p := range periods {
		for _, d := range p["dimensions"].([]object) {
			text := fmt.Sprint(d["volume"])
			if positive, negative := strings.CutPrefix(text, "-"); negative {
				d["volume"] = json.Number(positive)
			} else {
				d["volume"] = json.Number("-" + text)
			}
		}
	}
}

func (r *random) tariffNames() []string {
	if r.version == "2.1.1" && !r.oneIn(20) {
		return []string{"T1"}
	}
	return []string{"T1", "T2", "T3"}[:pick(r, 1, 1, 1, 1, 1, 2, 2, 2, 3, r.IntN(4))]
}

// stamp writes an instant, now and then with an offset or without the Z.
func stamp(r *random, t time.Time) string {
	switch r.IntN(20) {
	case 0:
		return t.In(r.zone).Format(time.RFC3339Nano)
	case 1:
		return strings.TrimSuffix(t.Format(time.RFC3339Nano), "Z")
	}
	return t.Format(time.RFC3339Nano)
}

// taxes of a total: none, one with its rate, two, or one without.
func (r *random) taxes() []object {
	switch r.IntN(6) {
	case 0, 1:
		return []object{{"name": "VAT", "percentage": r.number(1, 250000, 4), "amount": 0}}
	case 2:
		return []object{{"name": "GST", "percentage": 5, "amount": 0}, {"name": "QST", "percentage": r.raw("9.975"), "amount": 0}}
	case 3:
		return []object{{"name": "VAT", "amount": 0}}
	}
	return nil
}

// number draws a decimal of so many digits after the point, between least and most units of the last of them.
func (r *random) number(least, most, decimals int) any {
	return r.raw(fixed(least+r.IntN(most-least+1), decimals))
}

// raw writes a number as most senders do, or as some do: as a string, or with an exponent.
func (r *random) raw(text string) any {
	switch r.IntN(40) {
	case 0:
		return text
	case 1:
		return json.Number(text + "e0")
	case 2:
		if whole, fraction, ok := strings.Cut(text, "."); ok && whole == "0" && strings.Trim(fraction, "0") != "" {
			return json.Number(strings.TrimLeft(fraction, "0") + "E-" + strconv.Itoa(len(fraction)))
		}
	}
	return json.Number(text)
}

func fixed(units, decimals int) string {
	if decimals == 0 {
		return strconv.Itoa(units)
	}
	sign := ""
	if units < 0 {
		sign, units = "-", -units
	}
	digits := fmt.Sprintf("%0*d", decimals+1, units)
	point := len(digits) - decimals
	return sign + digits[:point] + "." + digits[point:]
}

func (r *random) periods(tariffs []string) []object {
	at, kwh := r.start, 0
	if r.oneIn(10) {
		at = at.Add(time.Duration(r.IntN(600)) * time.Second)
	}
	r.books = r.version != "2.1.1" && r.oneIn(4)
	alone := r.books && r.oneIn(2)
	naming := pick(r, "all", "all", "none", "some")
	var out []object
	for i := range 1 + r.IntN(5) {
		length := r.length()
		r.starts, r.kwh = append(r.starts, at), append(r.kwh, fixed(kwh, 4))
		p := object{"start_date_time": stamp(r, at)}
		var used int
		switch {
		case r.books && (i == 0 || alone):
			p["dimensions"] = []object{r.hours("RESERVATION_TIME", length)}
		default:
			p["dimensions"], used = r.dimensions(length)
		}
		kwh += used
		if r.version != "2.1.1" && len(tariffs) > 0 && (naming == "all" || naming == "some" && r.oneIn(2)) {
			p["tariff_id"] = r.tariffID(tariffs)
		}
		out = append(out, p)
		at = at.Add(length)
	}
	r.starts, r.kwh = append(r.starts, at), append(r.kwh, fixed(kwh, 4))
	if r.oneIn(6) {
		r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	}
	return out
}

// tariffID names a tariff, now and then in another case, now and then one that is not there.
func (r *random) tariffID(tariffs []string) string {
	switch r.IntN(30) {
	case 0:
		return "T9"
	case 1:
		return strings.ToLower(pick(r, tariffs...))
	}
	return pick(r, tariffs...)
}

func (r *random) length() time.Duration {
	switch r.IntN(12) {
	case 0:
		return 0
	case 1:
		return time.Duration(r.IntN(pick(r, 4, 12)*3600)) * time.Second
	case 2, 3:
		return time.Duration(r.IntN(3600_000)) * time.Millisecond
	case 4, 5, 6:
		return time.Duration(r.IntN(3600)) * time.Second
	}
	return time.Duration(r.IntN(120)) * time.Minute
}

// dimensions are those of a period while a vehicle is connected, and its energy in units of 0.1 Wh.
func (r *random) dimensions(length time.Duration) (out []object, energy int) {
	for n := pick(r, 0, 1, 1, 1, 1, 1, 1, 2); n > 0; n-- {
		v := pick(r, r.IntN(400000), r.IntN(40)*10000, r.IntN(2000), 0)
		if r.oneIn(25) {
			v = -v
		}
		energy += v
		out = append(out, object{"type": "ENERGY", "volume": r.raw(fixed(v, 4))})
	}
	switch r.IntN(8) {
	case 0:
	case 1, 2, 3:
		out = append(out, r.hours("TIME", length))
	case 4, 5:
		out = append(out, r.hours("PARKING_TIME", length))
	case 6:
		out = append(out, r.hours("TIME", length/3), r.hours("PARKING_TIME", length-length/3))
	case 7:
		out = append(out, r.hours("TIME", length/2), r.hours("TIME", length-length/2))
	}
	for _, unit := range []string{"CURRENT", "POWER"} {
		low := r.IntN(64)
		if unit == "CURRENT" || r.version != "2.1.1" {
			if r.oneIn(4) {
				out = append(out, object{"type": "MIN_" + unit, "volume": r.raw(strconv.Itoa(low))})
			}
			if r.oneIn(4) {
				out = append(out, object{"type": "MAX_" + unit, "volume": r.raw(strconv.Itoa(low + r.IntN(10)))})
			}
		}
	}
	if r.version == "2.1.1" && r.oneIn(6) || len(out) == 0 {
		flat := object{"type": "FLAT", "volume": 1}
		if r.version != "2.1.1" {
			flat = object{"type": "ENERGY", "volume": 0}
		}
		out = append(out, flat)
	}
	return out, energy
}

// hours states a length with a number of decimals, most with four as OCPI says, or something else altogether.
func (r *random) hours(kind string, length time.Duration) object {
	if r.oneIn(10) {
		return object{"type": kind, "volume": r.number(0, 30000, 4)}
	}
	decimals := pick(r, 4, 4, 4, 4, 4, 3, 5, 6, 2)
	unit := int64(3600 * time.Second)
	scaled := int64(length)
	for range decimals {
		unit /= 10
	}
	return object{"type": kind, "volume": r.raw(fixed(int((scaled+unit/2)/unit), decimals))}
}
