// Package describe says in a driver's words what a tariff charges: complete, true, and in the driver's language.
//
// A tariff first becomes clauses: for each thing that can be charged, a list of rates of which the first whose conditions hold
// counts. The text renders these clauses and nothing else, and a test prices sessions from them alone as tariff.Price does from the
// tariff. Open questions of the spec are answered as tariff.RulesFor recommends.
package describe

import (
	"fmt"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
)

// Description is what a tariff charges.
type Description struct {
	TariffID, CountryCode, PartyID, Currency, Type string

	Language string    // two letters, one of Languages
	Sections []Section // those that have rates, in the order of Subject
	Unused   []Unused  // price components that never apply
	Taxes    Taxes
	// Min and Max hold for the whole session, before and after taxes each for itself.
	Min, Max              Limit
	ValidFrom, ValidUntil time.Time // UTC, the end exclusive; zero where open
	Examples              []Example

	voice *Voice
}

// Subject is a thing that can be charged.
type Subject uint8

// The subjects. Flat fees are charged once, when one of their rates first holds. A reservation that was used is charged as Reserved
// and ReservedFlat before the session, one that expired as Expired and ExpiredFlat and nothing else.
const (
	Energy       Subject = iota // per kWh, steps in Wh
	ChargingTime                // per hour, steps in seconds, as all times
	Parking                     // per hour plugged in without charging
	Flat                        // per session
	Reserved                    // per reserved hour
	ReservedFlat                // per reservation
	Expired
	ExpiredFlat
	subjectCount
)

var subjectNames = [subjectCount]string{
	"energy", "charging_time", "parking", "flat", "reserved_time", "reservation_flat", "expired_reservation_time", "expired_reservation_flat",
}

// String is the subject's name in JSON.
func (s Subject) String() string { return subjectNames[s] }

// flat reports a subject that is charged once.
func (s Subject) flat() bool { return s == Flat || s == ReservedFlat || s == ExpiredFlat }

// reservation reports a subject of a reservation.
func (s Subject) reservation() bool { return s >= Reserved }

// Section is what one subject costs: the first rate counts all of whose conditions hold; where none does nothing is charged.
type Section struct {
	Subject Subject
	Rates   []Rate
}

// Rate is a price under conditions. The total of a subject is rounded up to steps once, those of the last rate that priced any of
// it, and the surplus is charged at that rate; of charging time and parking only parking is rounded where both are priced.
type Rate struct {
	Element, Component int // where it stands in the tariff
	Conditions         []Condition
	Price              exact.Decimal // per kWh, hour, session or reservation
	VAT                ocpi.Number   // percent
	Step               ocpi.Number   // Wh or seconds; absent or 0 rounds nothing
}

// Taxes is how prices stand to taxes.
type Taxes uint8

// The ways. VAT of a rate is added to the price, or included in it.
const (
	TaxesAdded         Taxes = iota // a rate without VAT bears none
	TaxesAddedUnstated              // as TaxesAdded, but what a rate without VAT bears is not known
	TaxesReadAsAdded                // as TaxesAddedUnstated, because the tariff does not say whether prices include taxes
	TaxesUnknown                    // prices are before taxes and no rate counts
	TaxesIncluded
	TaxesNone // none apply
)

// Limit is a least or greatest total. Where only the total before taxes has one and no tax is charged, the total after taxes is that
// before them; where it lifts the total before taxes above the other, the total after taxes is not known.
type Limit struct{ BeforeTaxes, AfterTaxes ocpi.Number }

func (l Limit) present() bool { return l.BeforeTaxes.Present || l.AfterTaxes.Present }

// Unused is a price component that never applies.
type Unused struct {
	Subject Subject
	Rate    Rate
	Type    string // as sent, where it is no kind of price component
	Reason  Reason
}

// Reason is why a price component never applies.
type Reason uint8

// The reasons.
const (
	AfterUnconditional Reason = iota // a rate before it always holds
	Duplicate                        // its element has another price of the dimension before it
	Impossible                       // its conditions can never hold
	NotReservable                    // it stands in an element for reservations, which price time and flat fees only
	UnknownKind                      // it is no kind of price component of OCPI
	reasonCount
)

// Describe makes the description of a tariff in a language, one of Languages. Prices are the tariff's own; example sessions are
// priced by tariff.Price. It fails where the language is not known or a component has no price.
func Describe(t *ocpi.Tariff, lang string) (*Description, error) {
	voice, err := VoiceOf(lang, t.Currency)
	if err != nil {
		return nil, err
	}
	d := &Description{
		TariffID: t.ID, CountryCode: t.CountryCode, PartyID: t.PartyID, Currency: t.Currency, Type: t.Type, Language: lang,
		Min:       Limit{t.MinPrice.BeforeTaxes, t.MinPrice.AfterTaxes},
		Max:       Limit{t.MaxPrice.BeforeTaxes, t.MaxPrice.AfterTaxes},
		ValidFrom: t.StartDateTime, ValidUntil: t.EndDateTime, Taxes: taxesOf(t), voice: voice,
	}
	if err := d.addSections(t); err != nil {
		return nil, fmt.Errorf("tariff %q: %w", t.ID, err)
	}
	d.Examples = examples(t, d)
	return d, nil
}

// taxesOf is how a tariff's prices stand to taxes: tax_included where stated, else what its version says of a missing vat.
func taxesOf(t *ocpi.Tariff) Taxes {
	absent := tariff.RulesFor(t.Version).Choice("vat-absent")
	switch {
	case t.TaxIncluded == ocpi.TaxNA:
		return TaxesNone
	case t.TaxIncluded == ocpi.TaxYes:
		return TaxesIncluded
	case absent == "unknown":
		return TaxesUnknown
	case absent == "cdr-taxes" && t.TaxIncluded == ocpi.TaxNotStated:
		return TaxesReadAsAdded
	case absent == "cdr-taxes":
		return TaxesAddedUnstated
	}
	return TaxesAdded
}

// section is the section of a subject, with no rates where nothing is charged for it.
func (d *Description) section(s Subject) Section {
	for _, have := range d.Sections {
		if have.Subject == s {
			return have
		}
	}
	return Section{Subject: s}
}
