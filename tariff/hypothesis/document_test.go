package hypothesis_test

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

// The records of a session: JSON of its version. Volumes stand in a form that defects can be put into.

type volume struct {
	kind  string
	value *big.Rat // kWh or hours
}

type period struct {
	start  time.Time
	dims   []volume
	tariff string
}

type document struct {
	s          *session
	start, end time.Time
	updated    time.Time
	periods    []period
	tariffs    []priceList
	total      *big.Rat // total_energy in kWh, nil for none
	vatDivisor int64    // rates are stated divided by it
	credit     bool
	claim      claim
}

// claim are the decimals of a bill; "" where a side is not claimed.
type claim struct{ net, gross string }

func (s *session) document() *document {
	d := &document{s: s, start: s.start, end: s.end(), updated: s.updated, tariffs: s.tariffs, vatDivisor: 1, credit: s.credit}
	at := s.start
	for _, p := range s.parts {
		out := period{start: at}
		if len(s.tariffs) > 1 {
			out.tariff = s.tariffs[p.tariff].id
		}
		for _, kind := range p.states {
			v := map[string]*big.Rat{
				"ENERGY": big.NewRat(p.wh, 1000), "TIME": big.NewRat(p.charging, 3600), "PARKING_TIME": big.NewRat(p.parking, 3600),
			}[kind]
			out.dims = append(out.dims, volume{kind, v})
		}
		if p.kw > 0 {
			out.dims = append(out.dims, volume{"MIN_POWER", big.NewRat(p.kw, 1)}, volume{"MAX_POWER", big.NewRat(p.kw, 1)})
		}
		d.periods = append(d.periods, out)
		at = at.Add(time.Duration(p.secs) * time.Second)
	}
	if s.total >= 0 {
		d.total = big.NewRat(s.total, 1000)
	}
	return d
}

// each calls f with every volume of a kind, in order.
func (d *document) each(kind string, f func(*big.Rat)) {
	for _, p := range d.periods {
		for _, v := range p.dims {
			if v.kind == kind {
				f(v.value)
			}
		}
	}
}

// plain writes a number with at most the given decimals, without trailing zeros.
func plain(v *big.Rat, places int) string {
	t := v.FloatString(places)
	if strings.Contains(t, ".") {
		t = strings.TrimRight(strings.TrimRight(t, "0"), ".")
	}
	return t
}

// rounded rounds by a mode of this repository's decimals, from enough digits.
func rounded(v *big.Rat, places int32, mode exact.Mode) string {
	return exact.MustParse(v.FloatString(30)).Round(places, mode).Plain()
}

// json is the CDR; costs are claimed as rounded when b is given.
func (d *document) json(b *bill, places int32, mode exact.Mode) []byte {
	s := d.s
	var periods, tariffs, members []string
	for _, p := range d.periods {
		var dims []string
		for _, v := range p.dims {
			dims = append(dims, fmt.Sprintf(`{"type":%q,"volume":%s}`, v.kind, plain(v.value, 6)))
		}
		id := ""
		if p.tariff != "" && s.version != "2.1.1" {
			id = fmt.Sprintf(`,"tariff_id":%q`, p.tariff)
		}
		periods = append(periods, fmt.Sprintf(`{"start_date_time":%q,"dimensions":[%s]%s}`, stamp(p.start), strings.Join(dims, ","), id))
	}
	for _, t := range d.tariffs {
		tariffs = append(tariffs, t.json(s.version, d.vatDivisor))
	}
	end, place := "end_date_time", `"country_code":"DE","party_id":"CPO","cdr_location":{"id":"L"}`
	if s.version == "2.1.1" {
		end, place = "stop_date_time", `"auth_id":"A","location":{"id":"L"}`
	}
	if d.total != nil {
		members = append(members, `"total_energy":`+plain(d.total, 4))
	}
	if d.credit {
		members = append(members, `"credit":true`, `"credit_reference_id":"C0"`)
	}
	if d.claim.net != "" {
		members = append(members, `"total_cost":`+s.price(d.claim.net, d.claim.gross))
	}
	if b != nil && s.version != "2.1.1" {
		for name, c := range map[string]cost{"fixed": b.fixed, "energy": b.energy, "time": b.time, "parking": b.parking} {
			members = append(members, fmt.Sprintf(`"total_%s_cost":%s`, name, s.price(rounded(c.net, places, mode), rounded(c.gross, places, mode))))
		}
		slices.Sort(members)
	}
	return fmt.Appendf(nil, `{"id":"C","start_date_time":%q,%q:%q,"last_updated":%q,%s,"currency":"EUR","tariffs":[%s],"charging_periods":[%s],%s}`,
		stamp(d.start), end, stamp(d.end), stamp(d.updated), place, strings.Join(tariffs, ","), strings.Join(periods, ","), strings.Join(members, ","))
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// price writes a price in the shape of the version.
func (s *session) price(net, gross string) string {
	switch {
	case s.version == "2.1.1":
		return net
	case s.version == "2.3.0" && gross != "":
		tax := exact.MustParse(gross).Sub(exact.MustParse(net))
		return fmt.Sprintf(`{"before_taxes":%s,"taxes":[{"name":"VAT","amount":%s}]}`, net, tax.Plain())
	case s.version == "2.3.0":
		return fmt.Sprintf(`{"before_taxes":%s}`, net)
	case gross == "":
		return fmt.Sprintf(`{"excl_vat":%s}`, net)
	}
	return fmt.Sprintf(`{"excl_vat":%s,"incl_vat":%s}`, net, gross)
}

var dayNames = []string{"SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"}

func (p *priceList) json(version string, vatDivisor int64) string {
	var elements []string
	for _, el := range p.elements {
		var components, limits []string
		for _, c := range el.components {
			vat := ""
			if c.vat >= 0 {
				vat = `,"vat":` + plain(big.NewRat(c.vat, 10*vatDivisor), 4)
			}
			components = append(components, fmt.Sprintf(`{"type":%q,"price":%s,"step_size":%d%s}`, c.kind, plain(big.NewRat(c.price, 10000), 4), c.step, vat))
		}
		if el.from >= 0 {
			limits = append(limits, fmt.Sprintf(`"start_time":"%02d:00","end_time":"%02d:00"`, el.from/60, el.to/60))
		}
		if el.maxWh > 0 {
			limits = append(limits, `"max_kwh":`+plain(big.NewRat(el.maxWh, 1000), 3))
		}
		if el.maxSecs > 0 {
			limits = append(limits, `"max_duration":`+strconv.FormatInt(el.maxSecs, 10))
		}
		if !el.until.IsZero() {
			limits = append(limits, `"end_date":"`+el.until.Format(time.DateOnly)+`"`)
		}
		if el.maxKW > 0 {
			limits = append(limits, `"max_power":`+strconv.FormatInt(el.maxKW, 10))
		}
		if len(el.days) > 0 {
			var days []string
			for _, day := range el.days {
				days = append(days, strconv.Quote(dayNames[day]))
			}
			limits = append(limits, `"day_of_week":[`+strings.Join(days, ",")+`]`)
		}
		text := `"price_components":[` + strings.Join(components, ",") + `]`
		if len(limits) > 0 {
			text += `,"restrictions":{` + strings.Join(limits, ",") + `}`
		}
		elements = append(elements, "{"+text+"}")
	}
	more := ""
	if version != "2.1.1" {
		more = `,"country_code":"DE","party_id":"CPO"`
	}
	if version == "2.3.0" {
		more += `,"tax_included":"` + map[bool]string{true: "YES", false: "NO"}[p.taxesInside] + `"`
	}
	if p.max > 0 {
		net, gross := "excl_vat", "incl_vat"
		if version == "2.3.0" {
			net, gross = "before_taxes", "after_taxes"
		}
		for _, l := range []struct {
			name  string
			cents int64
		}{{"min_price", p.min}, {"max_price", p.max}} {
			more += fmt.Sprintf(`,%q:{%q:%s,%q:%s}`, l.name, net, plain(big.NewRat(l.cents, 100), 2), gross, plain(big.NewRat(l.cents*6, 500), 3))
		}
	}
	return fmt.Sprintf(`{"id":%q,"currency":"EUR","last_updated":%q,"elements":[%s]%s}`, p.id, stamp(p.updated), strings.Join(elements, ","), more)
}
