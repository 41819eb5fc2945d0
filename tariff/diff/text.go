package diff

import (
	"fmt"
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff/describe"
	"github.com/nexacollect/reconcile/tariff/simulate"
)

// What is printed at most; the rest is counted.
const (
	mostGroups = 40
	mostPlaces = 6
)

// rateText says a rate with its tax and steps, "nothing" where there is none.
func rateText(r *Report, s describe.Subject, rate *describe.Rate, d *describe.Description) string {
	if rate == nil {
		return "nothing"
	}
	text := voice(r).Rate(s, *rate, d.Taxes)
	if step := voice(r).Step(s, *rate); step != "" && !rate.Price.IsZero() {
		text += ", in steps of " + step
	}
	return text
}

func stepOf(r *describe.Rate) exact.Decimal { return r.Step.Value }

// voice is English, in the currency of the tariffs.
func voice(r *Report) *describe.Voice { return r.A.Voice() }

// Lines is the report as text, in English.
func (r *Report) Lines() []string {
	out := []string{"A is " + title(r.A), "B is " + title(r.B)}
	if !r.SameCurrency() {
		return append(out, "", fmt.Sprintf("A is in %s and B in %s: amounts of two currencies are not compared.", r.A.Currency, r.B.Currency))
	}
	if r.ValidityDiffers {
		out = append(out, "They are valid at different times; they are compared as if both were valid.")
	}
	for i := range r.Groups {
		if i == mostGroups {
			out = append(out, "", fmt.Sprintf("… and %d more differences.", len(r.Groups)-i))
			break
		}
		out = append(out, "")
		out = append(out, r.group(&r.Groups[i])...)
	}
	return append(append(out, ""), r.conclusion()...)
}

func title(d *describe.Description) string {
	return strings.Join(strings.Fields(fmt.Sprintf("tariff %s %s %s", d.CountryCode, d.PartyID, d.TariffID)), " ")
}

func (r *Report) group(g *Group) []string {
	heading := voice(r).Heading(g.Subject)
	var out []string
	for i, where := range g.Where {
		if i == mostPlaces {
			out = append(out, fmt.Sprintf("  and %d more", len(g.Where)-i))
			break
		}
		when := voice(r).Conditions(where, g.Subject >= describe.Reserved)
		if when == "" {
			when = "always"
		}
		if i == 0 {
			out = append(out, heading+", "+when)
		} else {
			out = append(out, "  and "+when)
		}
	}
	out = append(out, "  A: "+rateText(r, g.Subject, g.A, r.A), "  B: "+rateText(r, g.Subject, g.B, r.B))
	return append(out, r.example(g.Example))
}

func (r *Report) example(e *Example) string {
	text := fmt.Sprintf("  example: %s: A %s, B %s", Session(e.Session), voice(r).Cost(e.A), voice(r).Cost(e.B))
	if delta, ok := e.Delta(); ok {
		sign := "+"
		if delta.Sign() < 0 {
			sign = ""
		}
		text += fmt.Sprintf(" (%s%s)", sign, voice(r).Amount(shown(delta)))
	}
	return text
}

// shown rounds a difference to four decimals: some are less than a cent.
func shown(d exact.Decimal) exact.Decimal { return d.Round(4, exact.HalfUp).Trim() }

const minute = "Mon 2006-01-02 15:04:05"

// Session says a session so that it can be simulated again.
func Session(in simulate.Input) string {
	var parts []string
	if !in.ReservedFrom.IsZero() {
		parts = append(parts, "reserved from "+in.ReservedFrom.Format(minute))
		if in.End.Equal(in.Start) {
			return parts[0] + " until it expired at " + in.End.Format(time.TimeOnly)
		}
	}
	parts = append(parts, in.Start.Format(minute)+" to "+in.End.Format(minute))
	if in.EnergyKWh.IsZero() {
		return strings.Join(append(parts, "only parked"), ", ")
	}
	parts = append(parts, fmt.Sprintf("%s kWh at %s kW", in.EnergyKWh.Plain(), in.MaxPowerKW.Plain()))
	if in.MaxCurrentA.Present {
		parts[len(parts)-1] += " and " + in.MaxCurrentA.Value.Plain() + " A"
	}
	if in.ChargeFrom.After(in.Start) {
		parts = append(parts, "charging from "+in.ChargeFrom.Format(time.TimeOnly))
	}
	return strings.Join(parts, ", ")
}

// conclusion says what was shown, and over which cells.
func (r *Report) conclusion() []string {
	var out []string
	if r.LimitsDiffer {
		out = append(out, fmt.Sprintf("The least or greatest total differs: A %s, B %s.", limits(r.A), limits(r.B)))
	}
	if r.Limits != nil {
		out = append(out, r.example(r.Limits))
	}
	if n := len(r.Unshown); n > 0 {
		out = append(out, fmt.Sprintf("In %s the tariffs are written differently, and no session that was tried costs differently.", counted(n, "more place")))
		for i := range r.Unshown {
			g := &r.Unshown[i]
			out = append(out, fmt.Sprintf("  %s: A %s, B %s", voice(r).Heading(g.Subject), rateText(r, g.Subject, g.A, r.A), rateText(r, g.Subject, g.B, r.B)))
		}
	}
	switch {
	case r.Differ():
		out = append(out, fmt.Sprintf("Sessions cost differently in %s.", counted(len(r.Groups), "group of cells")))
	case !r.Complete():
		out = append(out, "No difference was found in the cells that were examined.")
	case len(r.Unshown) == 0 && !r.LimitsDiffer:
		out = append(out, "No session costs differently: price, tax and steps agree in every cell, and so do the limits of the total.")
	default:
		out = append(out, "No session was found that costs differently.")
	}
	return append(out, r.cells())
}

func (r *Report) cells() string {
	var axes []string
	for _, a := range r.Axes {
		axes = append(axes, fmt.Sprintf("%d %s", a.Pieces, a.Name))
	}
	text := fmt.Sprintf("Examined: %s that the bounds of both tariffs make", counted(r.Cells, "cell"))
	if len(axes) > 0 {
		text += " (" + strings.Join(axes, " × ") + ")"
	}
	if !r.Complete() {
		text = fmt.Sprintf("Examined: the first %d of %d cells that the bounds of both tariffs make (%s); the limit was reached, so that sessions "+
			"in the others may differ", r.Examined, r.Cells, strings.Join(axes, " × "))
	}
	return text + "."
}

func counted(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	if head, tail, ok := strings.Cut(word, " of "); ok {
		return fmt.Sprintf("%d %ss of %s", n, head, tail)
	}
	return fmt.Sprintf("%d %ss", n, word)
}

func limits(d *describe.Description) string {
	text := strings.Join(d.LimitLines(), " ")
	if text == "" {
		return "none"
	}
	return strings.TrimSuffix(text, ".")
}
