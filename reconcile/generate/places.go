package generate

import (
	"fmt"
	"strings"
)

// country is where an operator of the creditor's group runs chargers.
type country struct {
	code, alpha3, zone string
	party, currency    string
	offset             int64 // seconds east of UTC, the same throughout the month
	version            version
	tax                int64 // thousandths
	feeTax             int64 // where it differs from tax
	cities             []city
	tariffs            []*tariff
	dearer             *tariff // carries the id of the flat tariff, but not the prices that were published
}

type city struct{ name, postal, lat, lon string }

// evse is one charging position. A location has evsesOfLocation of them.
type evse struct {
	country             *country
	locationID, uid, id string
	name, address       string
	city                city
	watts, volts, amps  int64
	standard, powerType string
	format              string
	kind                kind // of the tariff that its connector offers
	zone                string
}

const (
	evsesOfLocation = 8
	evsesOfBlock    = 64
	streets         = "Station Church Mill Market Harbour Garden Bridge Park School Forest Castle River"
)

// power is what a connector can give.
type power struct {
	watts, volts, amps          int64
	standard, format, powerType string
}

var powers = []power{
	{11040, 230, 16, "IEC_62196_T2", "SOCKET", "AC_3_PHASE"},
	{22080, 230, 32, "IEC_62196_T2", "CABLE", "AC_3_PHASE"},
	{50000, 400, 125, "IEC_62196_T2_COMBO", "CABLE", "DC"},
	{150000, 500, 300, "IEC_62196_T2_COMBO", "CABLE", "DC"},
}

// place makes the n-th EVSE of the network, the same whatever the size of the month.
func place(countries []*country, n int64) evse {
	location := n / evsesOfLocation
	c := countries[location%int64(len(countries))]
	p := powers[[evsesOfLocation]int{1, 0, 1, 2, 0, 1, 3, 1}[(location*5+location/evsesOfLocation*3)%evsesOfLocation]]
	words := strings.Fields(streets)
	street := words[location*7%int64(len(words))]
	e := evse{
		country: c, zone: c.zone,
		locationID: fmt.Sprintf("%s-LOC-%05d", c.code, location+1),
		uid:        fmt.Sprintf("%s-%05d-%d", c.code, location+1, n%evsesOfLocation+1),
		id:         fmt.Sprintf("%s*%s*E%05d*%d", c.code, c.party, location+1, n%evsesOfLocation+1),
		city:       c.cities[location/int64(len(countries))%int64(len(c.cities))],
		watts:      p.watts, volts: p.volts, amps: p.amps, standard: p.standard, format: p.format, powerType: p.powerType,
		kind: []kind{kindFlat, kindDayNight, kindIdle, kindStart, kindLimits, kindTime, kindPlus}[(n*3+location)%int64(kinds)],
	}
	e.name = e.city.name + " " + street
	e.address = fmt.Sprintf("%s Street %d", street, location%180+1)
	return e
}

// renderLocation writes the location of the EVSEs, all of one location.
func renderLocation(o *object, evses []evse, updated int64) {
	e := &evses[0]
	o.open("", '{')
	if e.country.version != v211 {
		o.str("country_code", e.country.code)
		o.str("party_id", e.country.party)
	}
	o.str("id", e.locationID)
	if e.country.version == v211 {
		o.str("type", "ON_STREET")
	} else {
		o.yes("publish")
	}
	renderAddress(o, e)
	o.open("evses", '[')
	for i := range evses {
		renderEVSE(o, &evses[i], updated)
	}
	o.close(']')
	o.str("time_zone", e.zone)
	o.time("last_updated", updated)
	o.close('}')
}

func renderAddress(o *object, e *evse) {
	o.str("name", e.name)
	o.str("address", e.address)
	o.str("city", e.city.name)
	o.optional("postal_code", e.city.postal)
	o.str("country", e.country.alpha3)
	o.open("coordinates", '{')
	o.str("latitude", e.city.lat)
	o.str("longitude", e.city.lon)
	o.close('}')
}

func renderEVSE(o *object, e *evse, updated int64) {
	o.open("", '{')
	o.str("uid", e.uid)
	o.str("evse_id", e.id)
	o.str("status", "AVAILABLE")
	o.open("connectors", '[')
	o.open("", '{')
	o.str("id", "1")
	o.str("standard", e.standard)
	o.str("format", e.format)
	o.str("power_type", e.powerType)
	tariffID := e.country.tariffs[e.kind].id
	if e.country.version == v211 {
		o.dec("voltage", e.volts, 0)
		o.dec("amperage", e.amps, 0)
		o.str("tariff_id", tariffID)
	} else {
		o.dec("max_voltage", e.volts, 0)
		o.dec("max_amperage", e.amps, 0)
		o.dec("max_electric_power", e.watts, 0)
		o.open("tariff_ids", '[')
		o.sep()
		o.b = appendString(o.b, tariffID)
		o.close(']')
	}
	o.time("last_updated", updated)
	o.close('}')
	o.close(']')
	o.time("last_updated", updated)
	o.close('}')
}
