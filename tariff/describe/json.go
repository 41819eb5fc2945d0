package describe

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
)

type descriptionJSON struct {
	CountryCode string        `json:"country_code,omitempty"`
	PartyID     string        `json:"party_id,omitempty"`
	ID          string        `json:"id"`
	Currency    string        `json:"currency"`
	Language    string        `json:"language"`
	Taxes       string        `json:"taxes"`
	ValidFrom   *time.Time    `json:"start_date_time,omitempty"`
	ValidUntil  *time.Time    `json:"end_date_time,omitempty"`
	Sections    []sectionJSON `json:"sections"`
	Unused      []unusedJSON  `json:"unused,omitempty"`
	Min         *moneyJSON    `json:"min_price,omitempty"`
	Max         *moneyJSON    `json:"max_price,omitempty"`
	Examples    []exampleJSON `json:"examples"`
	Text        []string      `json:"text"`
}

type sectionJSON struct {
	Subject string     `json:"subject"`
	Rates   []rateJSON `json:"rates"`
}

type rateJSON struct {
	Element    int             `json:"element"`
	Component  int             `json:"price_component"`
	Conditions []conditionJSON `json:"conditions"`
	Price      exact.Decimal   `json:"price"`
	VAT        *exact.Decimal  `json:"vat,omitempty"`
	Step       *exact.Decimal  `json:"step_size,omitempty"`
	Text       string          `json:"text"`
}

type conditionJSON struct {
	Kind  string   `json:"kind"`
	Days  []string `json:"day_of_week,omitempty"`
	From  string   `json:"from,omitempty"`  // inclusive
	Until string   `json:"until,omitempty"` // exclusive
}

type unusedJSON struct {
	rateJSON
	Reason string `json:"reason"`
}

// moneyJSON is money as machine output writes it everywhere.
type moneyJSON struct {
	BeforeTaxes *exact.Decimal `json:"before_taxes"`
	AfterTaxes  *exact.Decimal `json:"after_taxes"`
}

type exampleJSON struct {
	Text        string        `json:"text"`
	KWh         exact.Decimal `json:"kwh"`
	ChargingSec int64         `json:"charging_seconds"`
	ParkedSec   int64         `json:"parked_seconds"`
	ReservedSec int64         `json:"reserved_seconds"`
	TotalCost   moneyJSON     `json:"total_cost"`
}

var (
	taxesNames  = [...]string{"added", "added_rate_not_stated", "read_as_added", "added_rate_not_known", "included", "none"}
	reasonNames = [reasonCount]string{"after_unconditional", "duplicate", "impossible", "not_reservable", "unknown_kind"}
	dayNames    = [daysOfWeek]string{"SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"}
)

// MarshalJSON writes the clauses, the examples and the text. Decimals are strings; indices are those of the tariff's lists.
func (d *Description) MarshalJSON() ([]byte, error) {
	out := descriptionJSON{
		CountryCode: d.CountryCode, PartyID: d.PartyID, ID: d.TariffID, Currency: d.Currency, Language: d.Language, Taxes: taxesNames[d.Taxes],
		ValidFrom: instant(d.ValidFrom), ValidUntil: instant(d.ValidUntil), Sections: []sectionJSON{}, Examples: []exampleJSON{},
		Min: limitJSON(d.Min), Max: limitJSON(d.Max), Text: d.Lines(),
	}
	for _, s := range d.Sections {
		own := sectionJSON{Subject: s.Subject.String()}
		for _, r := range s.Rates {
			own.Rates = append(own.Rates, d.rateJSON(s.Subject, r))
		}
		out.Sections = append(out.Sections, own)
	}
	for _, u := range d.Unused {
		out.Unused = append(out.Unused, unusedJSON{d.rateJSON(u.Subject, u.Rate), reasonNames[u.Reason]})
	}
	for i := range d.Examples {
		e := &d.Examples[i]
		out.Examples = append(out.Examples, exampleJSON{
			Text: d.voice.session(e), KWh: e.EnergyKWh, ChargingSec: int64(e.Charging / time.Second), ParkedSec: int64(e.Parked / time.Second),
			ReservedSec: int64(e.Reserved / time.Second), TotalCost: costJSON(e.Cost),
		})
	}
	return json.Marshal(out)
}

func (d *Description) rateJSON(s Subject, r Rate) rateJSON {
	out := rateJSON{
		Element: r.Element, Component: r.Component, Conditions: []conditionJSON{}, Price: r.Price, VAT: decimal(r.VAT), Step: decimal(r.Step),
		Text: d.voice.Rate(s, r, d.Taxes),
	}
	for _, c := range r.Conditions {
		out.Conditions = append(out.Conditions, jsonOf(c))
	}
	return out
}

// jsonOf writes a condition with its bounds as OCPI writes them.
func jsonOf(c Condition) conditionJSON {
	out := conditionJSON{Kind: c.Kind.String()}
	switch c.Kind {
	case OnDays:
		for i, name := range dayNames {
			if c.Days.Has(time.Weekday(i)) {
				out.Days = append(out.Days, name)
			}
		}
	case OnDates:
		out.From, out.Until = day(c.FromDate), day(c.UntilDate)
	case AtTimes:
		out.From, out.Until = clock(c.FromTime), clock(c.UntilTime)
	default:
		if c.From.Present {
			out.From = c.From.Value.Plain()
		}
		if c.Until.Present {
			out.Until = c.Until.Value.Plain()
		}
	}
	return out
}

func day(d ocpi.Date) string {
	if !d.Present {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

func decimal(n ocpi.Number) *exact.Decimal {
	if !n.Present {
		return nil
	}
	return &n.Value
}

func limitJSON(l Limit) *moneyJSON {
	if !l.present() {
		return nil
	}
	return &moneyJSON{decimal(l.BeforeTaxes), decimal(l.AfterTaxes)}
}

func costJSON(m tariff.Money) moneyJSON {
	return moneyJSON{decimal(m.BeforeTaxes), decimal(m.AfterTaxes)}
}
