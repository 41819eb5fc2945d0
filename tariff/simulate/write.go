package simulate

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
	"github.com/nexacollect/reconcile/tariff/zone"
)

// form is how one version writes a CDR (mod_cdrs, CDR object).
type form struct {
	versions     ocpi.Version
	old          bool // location, auth_id and stop_date_time in place of cdr_location, cdr_token and end_date_time; no party
	power        bool // MAX_POWER and MIN_POWER are dimensions
	reservations bool // RESERVATION_TIME is one
	periodTariff bool // a period names its tariff
	parts        bool // the costs of each dimension are stated
	price        func(m tariff.Money, percent ocpi.Number) any
}

var forms = []form{
	{versions: ocpi.V211, old: true, price: priceNumber},
	{versions: ocpi.V221, power: true, reservations: true, periodTariff: true, parts: true, price: priceExclIncl},
	{versions: ocpi.V230, power: true, reservations: true, periodTariff: true, parts: true, price: priceTaxes},
}

// formOf is the form of a version, nil for one that is not known.
func formOf(v ocpi.Version) *form {
	for i := range forms {
		if forms[i].versions&v != 0 {
			return &forms[i]
		}
	}
	return nil
}

type cdrJSON struct {
	CountryCode     string            `json:"country_code,omitempty"`
	PartyID         string            `json:"party_id,omitempty"`
	ID              string            `json:"id"`
	StartDateTime   string            `json:"start_date_time"`
	StopDateTime    string            `json:"stop_date_time,omitempty"`
	EndDateTime     string            `json:"end_date_time,omitempty"`
	SessionID       string            `json:"session_id,omitempty"`
	AuthID          string            `json:"auth_id,omitempty"`
	Token           *tokenJSON        `json:"cdr_token,omitempty"`
	AuthMethod      string            `json:"auth_method"`
	Location        *fullLocationJSON `json:"location,omitempty"`
	CDRLocation     *cdrLocationJSON  `json:"cdr_location,omitempty"`
	Currency        string            `json:"currency"`
	Tariffs         []json.RawMessage `json:"tariffs"`
	ChargingPeriods []periodJSON      `json:"charging_periods"`
	TotalCost       any               `json:"total_cost,omitempty"`
	FixedCost       any               `json:"total_fixed_cost,omitempty"`
	TotalEnergy     json.Number       `json:"total_energy"`
	EnergyCost      any               `json:"total_energy_cost,omitempty"`
	TotalTime       json.Number       `json:"total_time"`
	TimeCost        any               `json:"total_time_cost,omitempty"`
	ParkingTime     json.Number       `json:"total_parking_time"`
	ParkingCost     any               `json:"total_parking_cost,omitempty"`
	ReservationCost any               `json:"total_reservation_cost,omitempty"`
	LastUpdated     string            `json:"last_updated"`
}

type tokenJSON struct {
	CountryCode string `json:"country_code"`
	PartyID     string `json:"party_id"`
	UID         string `json:"uid"`
	Type        string `json:"type"`
	ContractID  string `json:"contract_id"`
}

type coordinatesJSON struct {
	Latitude  string `json:"latitude"`
	Longitude string `json:"longitude"`
}

type cdrLocationJSON struct {
	ID          string          `json:"id"`
	Address     string          `json:"address"`
	City        string          `json:"city"`
	Country     string          `json:"country"`
	TimeZone    string          `json:"time_zone,omitempty"` // of no version; only where the country does not tell the zone
	Coordinates coordinatesJSON `json:"coordinates"`
	EVSEUID     string          `json:"evse_uid"`
	EVSEID      string          `json:"evse_id"`
	ConnectorID string          `json:"connector_id"`
	Standard    string          `json:"connector_standard"`
	Format      string          `json:"connector_format"`
	PowerType   string          `json:"connector_power_type"`
}

type fullLocationJSON struct {
	ID          string          `json:"id"`
	Type        string          `json:"type"`
	Address     string          `json:"address"`
	City        string          `json:"city"`
	PostalCode  string          `json:"postal_code"`
	Country     string          `json:"country"`
	Coordinates coordinatesJSON `json:"coordinates"`
	EVSEs       []evseJSON      `json:"evses"`
	TimeZone    string          `json:"time_zone,omitempty"`
	LastUpdated string          `json:"last_updated"`
}

type evseJSON struct {
	UID         string          `json:"uid"`
	EVSEID      string          `json:"evse_id"`
	Status      string          `json:"status"`
	Connectors  []connectorJSON `json:"connectors"`
	LastUpdated string          `json:"last_updated"`
}

type connectorJSON struct {
	ID          string `json:"id"`
	Standard    string `json:"standard"`
	Format      string `json:"format"`
	PowerType   string `json:"power_type"`
	Voltage     int    `json:"voltage"`
	Amperage    int    `json:"amperage"`
	LastUpdated string `json:"last_updated"`
}

type periodJSON struct {
	StartDateTime string          `json:"start_date_time"`
	Dimensions    []dimensionJSON `json:"dimensions"`
	TariffID      string          `json:"tariff_id,omitempty"`
}

type dimensionJSON struct {
	Type   string      `json:"type"`
	Volume json.Number `json:"volume"`
}

func dimensionOf(d ocpi.Dimension, v exact.Decimal) dimensionJSON {
	return dimensionJSON{Type: d.String(), Volume: number(v)}
}

func number(v exact.Decimal) json.Number { return json.Number(v.Plain()) }

func (c *cdrJSON) encode() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(c); err != nil {
		return nil, fmt.Errorf("write the CDR: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// Who and where a simulated session is, where the tariff does not say. ZZ and ZZZ name no country (ISO 3166-1, user-assigned).
const (
	nobody   = "SIM"
	nowhere2 = "ZZ"
	nowhere3 = "ZZZ"
)

// draft is the CDR without its costs.
func (c *course) draft(periods []periodJSON) *cdrJSON {
	id := c.id()
	country, party := or(c.t.CountryCode, nowhere2), or(c.t.PartyID, nobody)
	out := &cdrJSON{
		CountryCode: country, PartyID: party, ID: "SIM-" + id, StartDateTime: stamp(c.first), AuthMethod: "WHITELIST",
		Currency: c.t.Currency, Tariffs: []json.RawMessage{c.t.Record.Bytes}, ChargingPeriods: periods, LastUpdated: stamp(c.end),
	}
	place := c.place(country + "*" + party + "*ESIM1")
	if c.form.old {
		out.CountryCode, out.PartyID, out.StopDateTime, out.AuthID = "", "", stamp(c.end), "SIM-TOKEN"
		out.Location = c.fullLocation(place)
	} else {
		out.EndDateTime, out.SessionID, out.CDRLocation = stamp(c.end), "SES-"+id, place
		out.Token = &tokenJSON{CountryCode: country, PartyID: nobody, UID: "SIM-TOKEN", Type: "RFID", ContractID: country + "-" + nobody + "-C00000001"}
	}
	if p := c.in.TaxPercent; p.Present { // tariff.Price reads the rate where the CDR states its taxes
		out.TotalCost = c.form.price(tariff.Money{BeforeTaxes: ocpi.Number{Present: true}, AfterTaxes: ocpi.Number{Present: true}}, p)
	}
	return out
}

func (c *course) place(evseID string) *cdrLocationJSON {
	out := &cdrLocationJSON{
		ID: "SIM-LOC", Address: "Simulated", City: "Simulated", Country: nowhere3, Coordinates: coordinatesJSON{"0.000000", "0.000000"},
		EVSEUID: "SIM-EVSE", EVSEID: evseID, ConnectorID: "1", Standard: "IEC_62196_T2", Format: "SOCKET", PowerType: "AC_3_PHASE",
	}
	if country, ok := zone.CountryOf(c.zone); ok {
		out.Country = country
	} else {
		out.TimeZone = c.zone
	}
	if c.end.Equal(c.start) { // the reservation expired: there is no connector to name (mod_cdrs, CdrLocation)
		out.EVSEUID, out.EVSEID, out.ConnectorID = "#NA", "#NA", "#NA"
	}
	return out
}

func (c *course) fullLocation(p *cdrLocationJSON) *fullLocationJSON {
	at := stamp(c.first)
	connector := connectorJSON{
		ID: p.ConnectorID, Standard: p.Standard, Format: p.Format, PowerType: p.PowerType, Voltage: 230, Amperage: 32, LastUpdated: at,
	}
	return &fullLocationJSON{
		ID: p.ID, Type: "ON_STREET", Address: p.Address, City: p.City, PostalCode: "0000", Country: p.Country, Coordinates: p.Coordinates,
		EVSEs:    []evseJSON{{UID: p.EVSEUID, EVSEID: p.EVSEID, Status: "CHARGING", Connectors: []connectorJSON{connector}, LastUpdated: at}},
		TimeZone: c.zone, LastUpdated: at,
	}
}

// id derives from all that makes the session.
func (c *course) id() string {
	h := sha256.New()
	in := c.in
	fmt.Fprintf(h, "%s\n%s %s %s %s\n%s %s %v\n%s %s %v\n", c.t.Record.Bytes, stamp(c.first), stamp(c.start), stamp(c.chargeFrom), stamp(c.end),
		in.EnergyKWh.Plain(), in.MaxPowerKW.Plain(), c.version, c.zone, in.MaxCurrentA.Value.Plain(), in.TaxPercent.Value.Plain())
	return hex.EncodeToString(h.Sum(nil)[:8])
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
