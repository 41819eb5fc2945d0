package describe

import (
	"slices"
	"strings"
)

// Lines is the description as text, one line each, empty lines between its parts.
func (d *Description) Lines() []string {
	w := &writer{d: d, v: d.voice, p: d.voice.p}
	w.head()
	for i := range d.Sections {
		w.section(&d.Sections[i])
	}
	w.notCharged()
	w.taxes()
	w.notes()
	w.limits()
	w.unused()
	w.examples()
	return w.lines
}

// LimitLines are the lines on the least and greatest total.
func (d *Description) LimitLines() []string {
	w := &writer{d: d, v: d.voice, p: d.voice.p}
	w.limits()
	return w.lines
}

// Voice is the voice of the description's language and currency.
func (d *Description) Voice() *Voice { return d.voice }

// Text is Lines as one text.
func (d *Description) Text() string { return strings.Join(d.Lines(), "\n") + "\n" }

type writer struct {
	d     *Description
	v     *Voice
	p     *phrases
	lines []string
}

func (w *writer) add(line string) {
	if line != "" {
		// A sentence may end with an abbreviation, which has its own full stop.
		w.lines = append(w.lines, strings.Replace(line, "..", ".", 1))
	}
}

func (w *writer) gap() {
	if n := len(w.lines); n > 0 && w.lines[n-1] != "" {
		w.lines = append(w.lines, "")
	}
}

func (w *writer) head() {
	d := w.d
	currency := d.Currency
	if currency == "" {
		currency = w.p.NoCurrency
	}
	if d.PartyID != "" {
		w.add(fill(w.p.TitleOwned, "id", d.TariffID, "owner", strings.TrimSpace(d.CountryCode+" "+d.PartyID), "currency", currency))
	} else {
		w.add(fill(w.p.Title, "id", d.TariffID, "currency", currency))
	}
	w.add(w.p.Types[d.Type])
	w.add(w.p.ValidBounds.say(w.v.moment(d.ValidFrom), w.v.moment(d.ValidUntil)))
}

// section says what one subject costs. What an expired reservation costs is said where it differs from a used one.
func (w *writer) section(s *Section) {
	if s.Subject >= Expired && w.d.expiryAsReserved() {
		return
	}
	w.gap()
	heading := w.p.Headings[s.Subject]
	same, common := w.commonStep(s)
	if len(s.Rates) == 1 && len(s.Rates[0].Conditions) == 0 {
		w.add(heading + w.p.Colon + w.rate(s.Subject, s.Rates[0], !same) + ".")
	} else {
		w.add(heading + strings.TrimRight(w.p.Colon, " "))
		w.rates(s, same)
	}
	switch {
	case s.Subject.flat() && len(s.Rates) > 1:
		w.add("  " + w.p.FlatFirst)
	case s.Subject.flat() && len(s.Rates[0].Conditions) > 0:
		w.add("  " + w.p.FlatOnce)
	case same && common != "":
		w.add("  " + fill(w.p.Steps, "step", common))
	case !same:
		w.add("  " + w.p.StepsLast)
	}
}

// rates says each rate on a line of its own, and what holds where none of them does.
func (w *writer) rates(s *Section, sameStep bool) {
	for i, r := range s.Rates {
		when := w.v.Conditions(r.Conditions, s.Subject.reservation())
		switch {
		case i > 0 && when == "":
			when = w.p.Otherwise
		case i > 0:
			when = fill(w.p.OtherwiseIf, "conditions", when)
		}
		w.add("  - " + when + w.p.Colon + w.rate(s.Subject, r, !sameStep))
	}
	if last := s.Rates[len(s.Rates)-1]; len(last.Conditions) > 0 {
		none := w.p.Free
		if s.Subject.flat() {
			none = w.p.Nothing
		}
		w.add("  - " + w.p.Otherwise + w.p.Colon + none)
	}
}

// rate says a rate; its tax where the whole tariff has no one sentence for it, its step where the section has not.
func (w *writer) rate(s Subject, r Rate, withStep bool) string {
	tax := w.v.tax(r, w.d.Taxes)
	if w.taxForAll() != "" {
		tax = ""
	}
	out := w.v.rate(s, r, tax)
	if step := w.v.Step(s, r); withStep && step != "" && !r.Price.IsZero() {
		out += ", " + fill(w.p.StepsOfRate, "step", step)
	}
	return out
}

// commonStep is the step of all rates of a section that cost anything, same false where they have several.
func (w *writer) commonStep(s *Section) (same bool, step string) {
	first := true
	for _, r := range s.Rates {
		own := w.v.Step(s.Subject, r)
		switch {
		case r.Price.IsZero():
		case first:
			first, step = false, own
		case own != step:
			return false, ""
		}
	}
	return true, step
}

func sameRates(a, b []Rate) bool {
	return slices.EqualFunc(a, b, func(x, y Rate) bool { return x.Element == y.Element && x.Component == y.Component })
}

// expiryAsReserved reports that an expired reservation costs what a used one does.
func (d *Description) expiryAsReserved() bool {
	return sameRates(d.section(Reserved).Rates, d.section(Expired).Rates) && sameRates(d.section(ReservedFlat).Rates, d.section(ExpiredFlat).Rates)
}

// reservations reports that a reservation that is used costs anything.
func (d *Description) reservations() bool {
	return len(d.section(Reserved).Rates)+len(d.section(ReservedFlat).Rates) > 0
}

func (w *writer) notCharged() {
	var list []string
	for _, s := range []Subject{Energy, ChargingTime, Parking} {
		if len(w.d.section(s).Rates) == 0 {
			list = append(list, w.p.Names[s])
		}
	}
	if len(list) > 0 {
		w.gap()
		w.add(fill(w.p.NotCharged, "list", w.p.list(list)))
	}
}

// taxForAll is the sentence on taxes where no rate states any: what each would say by itself.
func (w *writer) taxForAll() string {
	for _, s := range w.d.Sections {
		if slices.ContainsFunc(s.Rates, func(r Rate) bool { return r.VAT.Present }) {
			return ""
		}
	}
	switch w.d.Taxes {
	case TaxesAdded:
		return w.p.NoVATAll
	case TaxesAddedUnstated:
		return w.p.PlusTaxesAll
	case TaxesIncluded:
		return w.p.Included
	}
	return ""
}

func (w *writer) taxes() {
	w.gap()
	switch w.d.Taxes {
	case TaxesUnknown:
		w.add(w.p.BeforeVATAll)
	case TaxesNone:
		w.add(w.p.NoTaxAll)
	case TaxesReadAsAdded:
		w.add(w.p.ReadAsAdded)
	default:
		w.add(w.taxForAll())
	}
}

// notes are sentences that hold for several sections.
func (w *writer) notes() {
	has := map[Kind]bool{}
	for _, s := range w.d.Sections {
		for _, r := range s.Rates {
			for _, c := range r.Conditions {
				has[c.Kind] = true
			}
		}
	}
	if has[OnDays] || has[OnDates] || has[AtTimes] {
		w.add(w.p.LocalTime)
	}
	if has[WithPower] || has[WithCurrent] {
		w.add(w.p.PowerUnknown)
	}
	if w.steps(ChargingTime) && len(w.d.section(Parking).Rates) > 0 {
		w.add(w.p.ParkingOnly)
	}
	if w.d.reservations() && w.d.expiryAsReserved() {
		w.add(w.p.AnyReservation)
	}
}

func (w *writer) steps(s Subject) bool {
	return slices.ContainsFunc(w.d.section(s).Rates, func(r Rate) bool { return w.v.Step(s, r) != "" })
}

func (w *writer) limits() {
	w.gap()
	w.limit(w.p.Least, w.d.Min)
	w.limit(w.p.Most, w.d.Max)
}

func (w *writer) limit(phrase string, l Limit) {
	var amount string
	switch net, gross := l.BeforeTaxes, l.AfterTaxes; {
	case net.Present && gross.Present:
		amount = fill(w.p.LimitBoth, "net", w.v.Amount(net.Value), "gross", w.v.Amount(gross.Value))
	case net.Present:
		amount = fill(w.p.Net, "net", w.v.Amount(net.Value))
	case gross.Present:
		amount = fill(w.p.Gross, "gross", w.v.Amount(gross.Value))
	default:
		return
	}
	w.add(fill(phrase, "amount", amount))
	if w.d.Taxes == TaxesIncluded && l.BeforeTaxes.Present && w.d.someWithoutVAT() {
		w.add(w.p.LimitNotHeld)
	}
}

// someWithoutVAT reports a rate that states no VAT.
func (d *Description) someWithoutVAT() bool {
	for _, s := range d.Sections {
		if slices.ContainsFunc(s.Rates, func(r Rate) bool { return !r.VAT.Present }) {
			return true
		}
	}
	return false
}

func (w *writer) unused() {
	if len(w.d.Unused) == 0 {
		return
	}
	w.gap()
	w.add(w.p.UnusedHeading)
	for _, u := range w.d.Unused {
		w.add("  - " + fill(w.p.UnusedRate, "rate", w.unusedRate(u), "reason", w.p.Reasons[u.Reason]))
	}
}

func (w *writer) unusedRate(u Unused) string {
	heading, price := w.p.Headings[u.Subject], w.v.Amount(u.Rate.Price)
	if u.Reason == UnknownKind {
		heading = u.Type
	} else if !u.Rate.Price.IsZero() {
		price = w.v.Rate(u.Subject, u.Rate, w.d.Taxes)
	}
	if when := w.v.Conditions(u.Rate.Conditions, u.Subject.reservation()); when != "" {
		heading += ", " + when
	}
	if step := w.v.Step(u.Subject, u.Rate); step != "" && u.Reason != UnknownKind {
		price += ", " + fill(w.p.StepsOfRate, "step", step)
	}
	return heading + w.p.Colon + price
}
