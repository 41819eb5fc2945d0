package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
)

// maxChartRows is how many reasons a chart tells apart.
const maxChartRows = 12

// chartRow is a reason in the chart of a currency: what it moved, and what is proven of the same lines.
type chartRow struct {
	Title, Code                string
	Bar                        []segment
	Label                      string
	Proven, Conceded, Unproven string
	Total                      bool
	parts                      reconcile.Parts
}

// chart draws the reasons that moved an amount to one scale, those that left the most open or conceded first; nil where there are none.
func (p *Page) chart(currency string) []chartRow {
	rows := p.chartRows(currency)
	if len(rows) == 0 {
		return nil
	}
	slices.SortFunc(rows, func(a, b chartRow) int {
		return cmp.Or(moved(b.parts).Cmp(moved(a.parts)), strings.Compare(a.Code, b.Code))
	})
	all := chartRow{Title: "Together", Total: true}
	for i := range rows {
		all.parts = sum(all.parts, rows[i].parts)
	}
	if len(rows) > maxChartRows {
		rest := chartRow{Title: count(len(rows)-maxChartRows+1) + " more reasons"}
		for _, r := range rows[maxChartRows-1:] {
			rest.parts = sum(rest.parts, r.parts)
		}
		rows = append(rows[:maxChartRows-1:maxChartRows-1], rest)
	}
	var largest exact.Decimal
	for i := range rows {
		largest = exact.Max(largest, length(rows[i].parts))
	}
	for i := range rows {
		rows[i].draw(largest, currency)
	}
	all.say(currency)
	return append(rows, all)
}

// chartRows are the reasons that moved an amount, in no order.
func (p *Page) chartRows(currency string) (rows []chartRow) {
	parts := map[ocpi.Code]reconcile.Parts{}
	for key, s := range p.reasons {
		if key.currency != currency || key.part == noted || s.lines == 0 {
			continue
		}
		add := reconcile.Parts{Proven: s.beside}
		if key.part == conceded {
			add.Conceded = s.amount
		} else {
			add.Unproven = s.amount
		}
		parts[key.code] = sum(parts[key.code], add)
	}
	for code, p := range parts {
		rows = append(rows, chartRow{Title: title(code), Code: visible(string(code)), parts: p})
	}
	return rows
}

// moved is what is conceded or open, whatever its sign.
func moved(p reconcile.Parts) exact.Decimal { return p.Conceded.Abs().Add(p.Unproven.Abs()) }

// length is how much of the parts a bar shows: amounts below zero have no length.
func length(p reconcile.Parts) exact.Decimal {
	var zero exact.Decimal
	return exact.Max(p.Proven, zero).Add(exact.Max(p.Conceded, zero)).Add(exact.Max(p.Unproven, zero))
}

// draw makes the bar of a row; one of the largest length takes all the room.
func (r *chartRow) draw(largest exact.Decimal, currency string) {
	r.say(currency)
	at := 0
	widths := permille(4, r.parts.Proven, r.parts.Conceded, r.parts.Unproven, largest.Sub(length(r.parts)))
	for i, s := range []segment{{Class: "proven", Title: r.Proven}, {Class: "conceded", Title: r.Conceded}, {Class: "unproven", Title: r.Unproven}} {
		if widths[i] > 0 {
			s.From, s.Width, s.Title = percent(at), percent(widths[i]), s.Class+" "+s.Title+" "+visible(currency)
			r.Bar = append(r.Bar, s)
		}
		at += widths[i]
	}
}

// say writes the amounts of a row, and those that are not zero as a sentence.
func (r *chartRow) say(currency string) {
	var parts []string
	for _, part := range []struct {
		name  string
		value exact.Decimal
		into  *string
	}{{"proven", r.parts.Proven, &r.Proven}, {"conceded", r.parts.Conceded, &r.Conceded}, {"unproven", r.parts.Unproven, &r.Unproven}} {
		if *part.into = absent; !part.value.IsZero() {
			*part.into = amount(part.value, currency)
			parts = append(parts, part.name+" "+*part.into)
		}
	}
	r.Label = r.Title + ": " + strings.Join(parts, ", ") + " " + visible(currency)
}

// energyNames name who says how many kWh.
var energyNames = map[reconcile.EnergySource]string{
	reconcile.EnergyInvoiced: "Invoice line", reconcile.EnergyAdmitted: "Debtor’s record", reconcile.EnergyTotal: "CDR, total",
	reconcile.EnergyPeriods: "CDR, periods", reconcile.EnergySession: "Session", reconcile.EnergySigned: "Signed meter",
}

// appendEnergies writes what each record says of the kWh beside the one that the price stands on: [name of that one, its width,
// [[name, kWh, width, what it differs by], …]], widths in thousandths of the largest; null where there is nothing to compare.
func appendEnergies(dst []byte, v *reconcile.LineVerdict, t *table) []byte {
	all := v.Energies()
	base := slices.IndexFunc(all, func(e reconcile.Energy) bool { return e.Source == reconcile.EnergyPeriods })
	if base < 0 {
		base = slices.IndexFunc(all, func(e reconcile.Energy) bool { return e.Source == reconcile.EnergyTotal })
	}
	if base < 0 || len(all) < 2 {
		return append(dst, "null"...)
	}
	var largest exact.Decimal
	for _, e := range all {
		largest = exact.Max(largest, e.KWh)
	}
	width := func(e reconcile.Energy) string {
		return itoa(permille(0, e.KWh, largest.Sub(exact.Max(e.KWh, exact.Decimal{})))[0])
	}
	dst = t.text(append(dst, '['), energyNames[all[base].Source])
	dst = append(append(append(dst, ','), width(all[base])...), `,[`...)
	for i, e := range all {
		dst = t.text(append(comma(dst, i), '['), energyNames[e.Source])
		dst = appendNumber(append(dst, ','), reconcile.Known(e.KWh))
		dst = append(append(append(dst, ','), width(e)...), ',')
		apart := ocpi.Number{Value: e.KWh.Sub(all[base].KWh)}
		apart.Present = !apart.Value.IsZero()
		dst = append(appendNumber(dst, apart), ']')
	}
	return append(dst, `]]`...)
}
