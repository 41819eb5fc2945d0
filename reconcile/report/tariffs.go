package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
)

// appendTariffs refers to the tariffs of a line: those supplied or agreed that priced it, then those inside its CDR.
func appendTariffs(dst []byte, v *reconcile.LineVerdict, t *table) []byte {
	dst = append(dst, '[')
	n := 0
	add := func(list []*ocpi.Tariff, origin string) {
		for _, tf := range list {
			if tf == nil || n == maxTariffs {
				continue
			}
			dst = comma(dst, n)
			at := len(dst)
			dst = appendTariff(dst, tf, origin)
			dst = t.ref(dst, at)
			n++
		}
	}
	for _, tf := range v.Tariffs {
		add([]*ocpi.Tariff{tf}, "supplied beside the CDRs, "+placeText(placeOf(tf)))
	}
	if c := v.Match.CDR; c != nil {
		add(c.Tariffs, "inside the CDR")
	}
	return append(dst, ']')
}

func placeOf(t *ocpi.Tariff) ocpi.Place { return t.Record.Place }

// appendTariff writes {"name", "origin", "head": […], "elements": [[price, condition], …]}.
func appendTariff(dst []byte, t *ocpi.Tariff, origin string) []byte {
	name := t.ID
	if p := party(t.CountryCode, t.PartyID); p != "" {
		name = p + " " + name
	}
	dst = appendText(append(dst, `{"name":`...), name)
	dst = appendQuoted(append(dst, `,"origin":`...), strings.TrimSuffix(origin, ", "))
	dst = append(dst, `,"head":[`...)
	for i, s := range tariffHead(t) {
		dst = appendText(comma(dst, i), s)
	}
	dst = append(dst, `],"elements":[`...)
	n := 0
	for _, e := range t.Elements {
		condition := conditions(e.Restrictions)
		for _, c := range e.PriceComponents {
			if n == maxElements {
				continue
			}
			dst = appendText(append(comma(dst, n), '['), componentText(c, t.Currency))
			dst = append(appendText(append(dst, ','), condition), ']')
			n++
		}
	}
	return append(dst, ']', '}')
}

func tariffHead(t *ocpi.Tariff) []string {
	out := []string{t.Currency}
	switch t.TaxIncluded {
	case ocpi.TaxYes:
		out = append(out, "prices include tax")
	case ocpi.TaxNo:
		out = append(out, "prices without tax")
	case ocpi.TaxNA:
		out = append(out, "no tax applies")
	case ocpi.TaxNotStated:
	}
	if !t.StartDateTime.IsZero() {
		out = append(out, "valid from "+clock(t.StartDateTime)+" UTC")
	}
	if !t.EndDateTime.IsZero() {
		out = append(out, "valid until "+clock(t.EndDateTime)+" UTC")
	}
	for _, limit := range []struct {
		name  string
		price ocpi.Price
	}{{"at least ", t.MinPrice}, {"at most ", t.MaxPrice}} {
		switch {
		case limit.price.BeforeTaxes.Present:
			out = append(out, limit.name+money(limit.price.BeforeTaxes, t.Currency)+" net a session")
		case limit.price.AfterTaxes.Present:
			out = append(out, limit.name+money(limit.price.AfterTaxes, t.Currency)+" gross a session")
		}
	}
	if len(t.AltText) > 0 {
		out = append(out, "“"+t.AltText[0].Text+"”")
	}
	return out
}

func componentText(c ocpi.PriceComponent, currency string) string {
	per := " per " + c.Type
	name := c.Type
	step := ""
	switch c.Kind {
	case ocpi.Energy:
		name, per, step = "Energy", " per kWh", "Wh"
	case ocpi.Flat:
		name, per = "Flat", " per session"
	case ocpi.Time:
		name, per, step = "Time", " per hour", "s"
	case ocpi.ParkingTime:
		name, per, step = "Parking", " per hour", "s"
	default:
	}
	out := name + " " + money(c.Price, currency) + per
	if c.VAT.Present {
		out += ", VAT " + digits(c.VAT.Value.String(), 0) + " %"
	}
	if step != "" && c.StepSize.Present && c.StepSize.Value.Sign() > 0 {
		out += ", in steps of " + digits(c.StepSize.Value.String(), 0) + " " + step
	}
	return out
}

// conditions says when an element applies.
func conditions(r *ocpi.Restrictions) string {
	if r == nil {
		return "always"
	}
	var out []string
	between := func(from, to, unit string) {
		switch {
		case from != "" && to != "":
			out = append(out, from+" to "+to+unit)
		case from != "":
			out = append(out, "from "+from+unit)
		case to != "":
			out = append(out, "below "+to+unit)
		}
	}
	number := func(n ocpi.Number) string { return plainNumber(n, 0) }
	between(timeOfDay(r.StartTime), timeOfDay(r.EndTime), " local time")
	between(day(r.StartDate), day(r.EndDate), "")
	between(number(r.MinKWh), number(r.MaxKWh), " kWh")
	between(number(r.MinPower), number(r.MaxPower), " kW")
	between(number(r.MinCurrent), number(r.MaxCurrent), " A")
	between(number(r.MinDuration), number(r.MaxDuration), " s after the start")
	if r.DayOfWeek != 0 {
		out = append(out, "on "+weekdays(r.DayOfWeek))
	}
	switch r.Reservation {
	case ocpi.Reservation:
		out = append(out, "for a reservation")
	case ocpi.ReservationExpires:
		out = append(out, "for a reservation that expires")
	case ocpi.NoReservation:
	}
	if len(out) == 0 {
		return "always"
	}
	return strings.Join(out, "; ")
}

func timeOfDay(t ocpi.TimeOfDay) string {
	if !t.Present {
		return ""
	}
	return two(t.Minutes/60) + ":" + two(t.Minutes%60)
}

func day(d ocpi.Date) string {
	if !d.Present {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

func weekdays(w ocpi.Weekdays) string {
	var out []string
	for i := range 7 {
		d := time.Weekday((i + 1) % 7) // Monday first
		if w.Has(d) {
			out = append(out, d.String()[:3])
		}
	}
	return strings.Join(out, ", ")
}
