package ocpi

import (
	"strings"
	"time"
)

// tariffTable is the tariff (mod_tariffs, Tariff object).
var tariffTable = newTable("a tariff", []member[Tariff]{
	{meta{name: "country_code", in: Since221, req: Since221, ci: true}, func(d *Decoder, t *Tariff) { t.CountryCode = d.text() }},
	{meta{name: "party_id", in: Since221, req: Since221, max: 3, ci: true}, func(d *Decoder, t *Tariff) { t.PartyID = d.text() }},
	{meta{name: "id", req: AnyVersion, sev: SeverityError, max: 36, ci: true}, func(d *Decoder, t *Tariff) { t.ID = d.text() }},
	{meta{name: "currency", req: AnyVersion, sev: SeverityBlock, price: true}, func(d *Decoder, t *Tariff) { t.Currency = d.currency() }},
	{meta{name: "type", in: Since221}, func(d *Decoder, t *Tariff) { t.Type = d.enum(tariffTypes) }},
	{meta{name: "tariff_alt_text"}, readAltText},
	{meta{name: "tariff_alt_url", max: 255}, func(d *Decoder, t *Tariff) { t.AltURL = d.text() }},
	{meta{name: "min_price", in: Since221, sev: SeverityBlock, price: true}, func(d *Decoder, t *Tariff) { d.price(&t.MinPrice, limitTable) }},
	{meta{name: "max_price", in: Since221, sev: SeverityBlock, price: true}, func(d *Decoder, t *Tariff) { d.price(&t.MaxPrice, limitTable) }},
	{meta{name: "elements", req: AnyVersion, sev: SeverityError, price: true}, readElements},
	{meta{name: "tax_included", in: V230, req: V230, price: true}, readTaxIncluded},
	{meta{name: "start_date_time", in: Since221, sev: SeverityError, price: true}, func(d *Decoder, t *Tariff) { t.StartDateTime = d.time() }},
	{meta{name: "end_date_time", in: Since221, sev: SeverityError, price: true}, func(d *Decoder, t *Tariff) { t.EndDateTime = d.time() }},
	{meta{name: "energy_mix"}, nil},
	{meta{name: "preauthorize_amount", in: V230}, nil},
	{meta{name: "last_updated", req: AnyVersion}, func(d *Decoder, t *Tariff) { t.LastUpdated = d.time() }},
	{meta{name: OriginalMember}, nil}, {meta{name: WithheldMember}, nil},
}, elementTable.words, componentTable.words, restrictionsTable.words)

var tariffTypes = []string{"AD_HOC_PAYMENT", "PROFILE_CHEAP", "PROFILE_FAST", "PROFILE_GREEN", "REGULAR"}

var elementTable = newTable("a tariff element", []member[TariffElement]{
	{meta{name: "price_components", req: AnyVersion, sev: SeverityError, price: true}, readComponents},
	{meta{name: "restrictions", sev: SeverityBlock, price: true}, readRestrictions},
}, componentTable.words, restrictionsTable.words)

// componentTable is a price component (mod_tariffs, PriceComponent). Tariffs of 2.1.1 know no VAT, but many carry it.
var componentTable = newTable("a price component", []member[PriceComponent]{
	{meta{name: "type", req: AnyVersion, sev: SeverityBlock, price: true}, readComponentType},
	{meta{name: "price", req: AnyVersion, sev: SeverityBlock, price: true}, func(d *Decoder, c *PriceComponent) { c.Price = d.number() }},
	{meta{name: "vat", in: Since221, sev: SeverityError, price: true}, func(d *Decoder, c *PriceComponent) { c.VAT = d.number() }},
	{meta{name: "step_size", req: AnyVersion, sev: SeverityError, price: true}, func(d *Decoder, c *PriceComponent) { c.StepSize = d.whole() }},
}, restrictionsTable.words)

// restrictionsTable says when an element applies (mod_tariffs, TariffRestrictions). A restriction that cannot be read blocks:
// to leave it out would price what it was to exclude.
var restrictionsTable = strict(newTable("tariff restrictions", []member[Restrictions]{
	{meta{name: "start_time", sev: SeverityBlock, price: true}, func(d *Decoder, r *Restrictions) { r.StartTime = d.timeOfDay() }},
	{meta{name: "end_time", sev: SeverityBlock, price: true}, func(d *Decoder, r *Restrictions) { r.EndTime = d.timeOfDay() }},
	{meta{name: "start_date", sev: SeverityBlock, price: true}, func(d *Decoder, r *Restrictions) { r.StartDate = d.date() }},
	{meta{name: "end_date", sev: SeverityBlock, price: true}, func(d *Decoder, r *Restrictions) { r.EndDate = d.date() }},
	{meta{name: "min_kwh", sev: SeverityBlock, price: true}, func(d *Decoder, r *Restrictions) { r.MinKWh = d.number() }},
	{meta{name: "max_kwh", sev: SeverityBlock, price: true}, func(d *Decoder, r *Restrictions) { r.MaxKWh = d.number() }},
	{meta{name: "min_current", in: Since221, sev: SeverityBlock, price: true}, func(d *Decoder, r *Restrictions) { r.MinCurrent = d.number() }},
	{meta{name: "max_current", in: Since221, sev: SeverityBlock, price: true}, func(d *Decoder, r *Restrictions) { r.MaxCurrent = d.number() }},
	{meta{name: "min_power", sev: SeverityBlock, price: true}, func(d *Decoder, r *Restrictions) { r.MinPower = d.number() }},
	{meta{name: "max_power", sev: SeverityBlock, price: true}, func(d *Decoder, r *Restrictions) { r.MaxPower = d.number() }},
	{meta{name: "min_duration", sev: SeverityBlock, price: true}, func(d *Decoder, r *Restrictions) { r.MinDuration = d.whole() }},
	{meta{name: "max_duration", sev: SeverityBlock, price: true}, func(d *Decoder, r *Restrictions) { r.MaxDuration = d.whole() }},
	{meta{name: "day_of_week", sev: SeverityBlock, price: true}, readWeekdays},
	{meta{name: "reservation", in: Since221, sev: SeverityBlock, price: true}, readReservation},
}))

func readElements(d *Decoder, t *Tariff) {
	t.Elements = nil
	d.list(func() {
		t.Elements = append(t.Elements, TariffElement{})
		readObject(d, elementTable, &t.Elements[len(t.Elements)-1])
	})
}

func readComponents(d *Decoder, e *TariffElement) {
	e.PriceComponents = nil
	d.list(func() {
		e.PriceComponents = append(e.PriceComponents, PriceComponent{})
		readObject(d, componentTable, &e.PriceComponents[len(e.PriceComponents)-1])
	})
}

// readRestrictions reads the restrictions of an element. An empty object restricts nothing. A list of one object is read; of
// several it cannot be told whether all must hold or one.
func readRestrictions(d *Decoder, e *TariffElement) {
	e.Restrictions = nil
	if d.peek() != '[' {
		e.Restrictions = new(Restrictions)
		readObject(d, restrictionsTable, e.Restrictions)
		return
	}
	at, n := d.p, 0
	m := d.m
	d.list(func() {
		if n++; n == 1 {
			e.Restrictions = new(Restrictions)
			readObject(d, restrictionsTable, e.Restrictions)
			return
		}
		d.skip()
	})
	switch {
	case d.fault != "" || n == 0:
	case n == 1:
		d.note(SchemaWrongType, SeverityWarn, at, "a list of one object, wanted the object; it is read")
	default:
		d.notef(SchemaWrongType, m.sev, at, "a list of %d objects, wanted one object: whether all hold or one cannot be told", n)
	}
}

func readComponentType(d *Decoder, c *PriceComponent) {
	at := d.p
	c.Type = d.text()
	kind := dimensionNamed([]byte(c.Type))
	if folded := dimensionNamed(upper([]byte(strings.TrimSpace(c.Type)))); kind == DimensionUnknown && folded != DimensionUnknown {
		kind = folded
		d.notef(SchemaEnum, SeverityWarn, at, "%q, wanted %s", c.Type, kind)
	}
	switch kind {
	case Energy, Flat, Time, ParkingTime:
		c.Kind = kind
	default:
		c.Kind = DimensionUnknown
		if c.Type != "" {
			d.notef(SchemaEnum, SeverityError, at, "%q, wanted ENERGY, FLAT, PARKING_TIME or TIME; the component prices nothing", c.Type)
		}
	}
}

var taxIncludedWords = []string{TaxYes: "YES", TaxNo: "NO", TaxNA: "N/A"}

func readTaxIncluded(d *Decoder, t *Tariff) {
	word := d.enum(taxIncludedWords[1:])
	for i, w := range taxIncludedWords {
		if w == word && w != "" {
			t.TaxIncluded = TaxIncluded(i)
		}
	}
}

var weekdayWords = []string{"SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"}

// readWeekdays reads the days of a restriction. An empty list restricts nothing.
func readWeekdays(d *Decoder, r *Restrictions) {
	r.DayOfWeek = 0
	d.list(func() {
		word := d.enum(weekdayWords)
		for day, w := range weekdayWords {
			if w == word {
				r.DayOfWeek |= 1 << time.Weekday(day)
			}
		}
	})
}

var reservationWords = []string{Reservation: "RESERVATION", ReservationExpires: "RESERVATION_EXPIRES"}

func readReservation(d *Decoder, r *Restrictions) {
	word := d.enum(reservationWords[1:])
	for i, w := range reservationWords {
		if w == word && w != "" {
			r.Reservation = ReservationKind(i)
		}
	}
}

func readAltText(d *Decoder, t *Tariff) {
	t.AltText = nil
	d.list(func() {
		t.AltText = append(t.AltText, DisplayText{})
		readObject(d, displayTextTable, &t.AltText[len(t.AltText)-1])
	})
}

// displayTextTable is a text in a language (types, DisplayText).
var displayTextTable = newTable("a text", []member[DisplayText]{
	{meta{name: "language", req: AnyVersion, max: 2}, func(d *Decoder, t *DisplayText) { t.Language = d.text() }},
	{meta{name: "text", req: AnyVersion, max: 512}, func(d *Decoder, t *DisplayText) { t.Text = d.text() }},
})
