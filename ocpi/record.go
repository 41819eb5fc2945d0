package ocpi

import (
	"bytes"
	"time"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

// Record is the bytes of one object as received, and where they stood.
type Record struct {
	Place Place
	Bytes []byte
}

// Number is an optional decimal. Its scale is the number of decimals written in the source.
type Number struct {
	Value   exact.Decimal
	Present bool
}

// PriceShape says how a price was written.
type PriceShape uint8

// The shapes of a price; the zero shape means that there was none.
const (
	ShapeNone        PriceShape = iota
	ShapeNumber                 // 2.1.1: a bare number, excluding VAT
	ShapeExclIncl               // 2.2.1: excl_vat, incl_vat
	ShapeBeforeTaxes            // 2.3.0: before_taxes, taxes[]; limits: before_taxes, after_taxes
)

// Price is a claimed amount of money in the record's currency. BeforeTaxes is net; AfterTaxes gross. For 2.3.0 prices
// AfterTaxes is before_taxes + Σ taxes[].amount and present only where taxes were listed; for price limits it is the member
// after_taxes.
type Price struct {
	Shape       PriceShape
	BeforeTaxes Number
	AfterTaxes  Number
	Taxes       []TaxAmount
}

// Present reports whether the record carried the price at all.
func (p Price) Present() bool { return p.Shape != ShapeNone }

// TaxAmount is one tax of a 2.3.0 price (types, TaxAmount).
type TaxAmount struct {
	Name, AccountNumber string
	Percentage, Amount  Number
}

// Member is a member that the model does not know, kept as sent.
type Member struct {
	Pointer string
	Value   []byte // raw JSON
}

// Tristate is an optional boolean.
type Tristate uint8

// Values of Tristate.
const (
	Unset Tristate = iota
	False
	True
)

// CDR is a charge detail record: the claim of a charge point operator that a session took place and what it costs.
// Absent strings are "", absent times the zero time. Sources: OCPI 2.1.1, 2.2.1, 2.3.0 mod_cdrs, CDR object.
type CDR struct {
	Record  Record
	Version Version

	CountryCode, PartyID, ID   string // party absent in 2.1.1
	StartDateTime, EndDateTime time.Time
	SessionID                  string
	Token                      CDRToken // 2.1.1: UID and ContractID absent, AuthID set
	AuthMethod                 string
	AuthorizationReference     string
	Location                   CDRLocation
	MeterID                    string
	Currency                   string           // upper case
	Tariffs                    []*Tariff        // shared between the CDRs of a Decoder: not to be changed
	TariffOffsets              []int            // where each tariff begins in Record.Bytes
	ChargingPeriods            []ChargingPeriod // in the order sent; may be shared with the session: not to be changed
	SignedData                 *SignedData

	TotalCost, TotalFixedCost, TotalEnergyCost, TotalTimeCost, TotalParkingCost, TotalReservationCost Price

	TotalEnergy, TotalTime, TotalParkingTime Number // kWh, hours, hours
	Remark, InvoiceReferenceID               string
	Credit                                   Tristate
	CreditReferenceID                        string
	HomeChargingCompensation                 Tristate
	LastUpdated                              time.Time

	Unknown []Member
}

// TariffPlace is where the i-th embedded tariff stands in the input.
func (c *CDR) TariffPlace(i int) Place {
	p, at := c.Record.Place, c.TariffOffsets[i]
	p.Line = max(p.Line, 1) + bytes.Count(c.Record.Bytes[:at], []byte{'\n'})
	p.Offset += int64(at)
	return p
}

// IsCredit reports a credit CDR: credit is true, or a credit reference is carried without denial.
func (c *CDR) IsCredit() bool {
	return c.Credit == True || c.Credit == Unset && c.CreditReferenceID != ""
}

// CDRToken identifies the driver's token (2.2.1, 2.3.0 mod_cdrs, CdrToken). AuthID is 2.1.1's auth_id.
type CDRToken struct {
	CountryCode, PartyID, UID, Type, ContractID, AuthID string
}

// CDRLocation is where the session took place: cdr_location of 2.2.1 and 2.3.0, or the full location of 2.1.1 reduced to its
// first EVSE and connector. TimeZone is only in 2.1.1 locations (and stray members).
type CDRLocation struct {
	ID, Name, Address, City, PostalCode, State, Country string
	Latitude, Longitude                                 string
	EVSEUID, EVSEID, ConnectorID                        string
	ConnectorStandard, ConnectorFormat, PowerType       string
	TimeZone                                            string
	MaxPowerW                                           Number // from the connector of a 2.1.1 location: V × A × phases, or max_electric_power
}

// ChargingPeriod is one period as sent; it ends where the next begins, the last at the end of the session.
type ChargingPeriod struct {
	Index         int // position in the record's list, for JSON pointers
	StartDateTime time.Time
	Dimensions    []CDRDimension
	TariffID      string
}

// CDRDimension is one measured volume of a period. Kind is DimensionUnknown for types outside the spec; Type is as sent.
type CDRDimension struct {
	Kind   Dimension
	Type   string
	Volume Number
}

// Dimension is a quantity that periods measure and tariffs price.
type Dimension uint8

// The dimensions of all versions (mod_cdrs CdrDimensionType, mod_tariffs TariffDimensionType). Units: kWh for energies, h for
// times, A, kW, %.
const (
	DimensionUnknown Dimension = iota
	Energy
	Flat
	Time
	ParkingTime
	ReservationTime
	MaxCurrent
	MinCurrent
	MaxPower
	MinPower
	Current         // session only
	Power           // session only
	EnergyExport    // session only
	EnergyImport    // session only
	StateOfCharge   // session only
	dimensionsCount // keep last
)

var dimensionNames = [dimensionsCount]string{
	Energy: "ENERGY", Flat: "FLAT", Time: "TIME", ParkingTime: "PARKING_TIME", ReservationTime: "RESERVATION_TIME",
	MaxCurrent: "MAX_CURRENT", MinCurrent: "MIN_CURRENT", MaxPower: "MAX_POWER", MinPower: "MIN_POWER",
	Current: "CURRENT", Power: "POWER", EnergyExport: "ENERGY_EXPORT", EnergyImport: "ENERGY_IMPORT",
	StateOfCharge: "STATE_OF_CHARGE",
}

// String is OCPI's name of the dimension, "" for an unknown one.
func (d Dimension) String() string {
	if d < dimensionsCount {
		return dimensionNames[d]
	}
	return ""
}

// SignedData is the signed meter data of a session, carried as is (mod_cdrs, SignedData).
type SignedData struct {
	EncodingMethod        string
	EncodingMethodVersion Number
	PublicKey, URL        string
	SignedValues          []SignedValue
}

// SignedValue is one signed reading.
type SignedValue struct {
	Nature, PlainData, SignedData string
}

// Session is the operator's running record of a session (mod_sessions, Session object).
type Session struct {
	Record  Record
	Version Version

	CountryCode, PartyID, ID   string
	StartDateTime, EndDateTime time.Time
	KWh                        Number
	Token                      CDRToken
	AuthMethod                 string
	AuthorizationReference     string
	Location                   CDRLocation // 2.2.1+: only the ids
	MeterID, Currency          string
	ChargingPeriods            []ChargingPeriod
	TotalCost                  Price
	Status                     string // upper case: ACTIVE COMPLETED INVALID PENDING RESERVATION
	LastUpdated                time.Time

	Unknown []Member
}

// Location is a charging location, as far as settlement needs it (mod_locations, Location object).
type Location struct {
	Record  Record
	Version Version

	CountryCode, PartyID, ID        string
	Name, Address, City, PostalCode string
	State, Country, TimeZone        string
	Latitude, Longitude             string
	Publish                         Tristate
	EVSEs                           []EVSE
	LastUpdated                     time.Time

	Unknown []Member
}

// EVSE is one charging position of a location.
type EVSE struct {
	UID, EVSEID, Status string
	Connectors          []Connector
	LastUpdated         time.Time
}

// Connector is one outlet of an EVSE. Voltage in V, Amperage in A (2.1.1 voltage, amperage; later max_voltage,
// max_amperage), MaxElectricPower in W.
type Connector struct {
	ID, Standard, Format, PowerType     string
	Voltage, Amperage, MaxElectricPower Number
	TariffIDs                           []string
	LastUpdated                         time.Time
}

// Token is what a driver identifies himself with, as far as settlement needs it (mod_tokens, Token object).
type Token struct {
	Record  Record
	Version Version

	CountryCode, PartyID, UID string // party absent in 2.1.1
	ContractID, AuthID        string // 2.1.1: AuthID alone
	Valid                     Tristate
	LastUpdated               time.Time
}
