package ocpi

import "time"

// Tariff is a published or embedded price list (mod_tariffs, Tariff object).
type Tariff struct {
	Record  Record // of an embedded tariff only the bytes: CDRs share it, and CDR.TariffPlace tells its place in each
	Version Version

	CountryCode, PartyID, ID   string
	Currency, Type             string
	AltText                    []DisplayText
	AltURL                     string
	MinPrice, MaxPrice         Price
	Elements                   []TariffElement
	TaxIncluded                TaxIncluded
	StartDateTime, EndDateTime time.Time // UTC validity window
	LastUpdated                time.Time

	// Findings of decoding this tariff; pointers, lines and offsets of an embedded one are relative to it. They are also
	// reported with the record that holds it, at their place there.
	Findings []Finding
	Unknown  []Member
}

// DisplayText is a text in a language.
type DisplayText struct{ Language, Text string }

// TaxIncluded says whether the prices of a 2.3.0 tariff hold taxes. The zero value is "not stated".
type TaxIncluded uint8

// Values of TaxIncluded (2.3.0 mod_tariffs, TaxIncluded).
const (
	TaxNotStated TaxIncluded = iota
	TaxYes
	TaxNo
	TaxNA
)

// TariffElement is a group of price components under one set of restrictions.
type TariffElement struct {
	PriceComponents []PriceComponent
	Restrictions    *Restrictions // nil where there are none
}

// PriceComponent is the price of one dimension. Price per hour, kWh or session; VAT in percent; StepSize in seconds or Wh.
type PriceComponent struct {
	Kind     Dimension // Energy, Flat, Time, ParkingTime; DimensionUnknown otherwise
	Type     string    // as sent
	Price    Number
	VAT      Number
	StepSize Number
}

// Restrictions say when an element applies; all that are set must hold (mod_tariffs, TariffRestrictions).
type Restrictions struct {
	StartTime, EndTime       TimeOfDay
	StartDate, EndDate       Date
	MinKWh, MaxKWh           Number
	MinCurrent, MaxCurrent   Number // A
	MinPower, MaxPower       Number // kW
	MinDuration, MaxDuration Number // s
	DayOfWeek                Weekdays
	Reservation              ReservationKind
}

// TimeOfDay is an optional wall-clock time in minutes since midnight.
type TimeOfDay struct {
	Minutes int
	Present bool
}

// Date is an optional calendar day.
type Date struct {
	Year    int
	Month   time.Month
	Day     int
	Present bool
}

// Weekdays is a set of weekdays, bit 1<<time.Weekday; 0 restricts nothing.
type Weekdays uint8

// Has reports whether the set holds the day.
func (w Weekdays) Has(day time.Weekday) bool { return w&(1<<day) != 0 }

// ReservationKind says to which kind of reservation an element belongs.
type ReservationKind uint8

// Kinds of reservation (mod_tariffs, ReservationRestrictionType).
const (
	NoReservation ReservationKind = iota
	Reservation
	ReservationExpires
)
