package reconcile

import (
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
)

// shape is how the text of a cell becomes JSON.
type shape uint8

const (
	shapeText     shape = iota
	shapeTime           // an instant; a local time by the zone that is named
	shapeNumber         // as it stands
	shapeWh             // Wh, given as kWh
	shapeMinutes        // given as hours
	shapeSeconds        // given as hours
	shapeDuration       // h:mm:ss, given as hours
	shapeBool
	shapeJSON // an object or a list, as it stands
)

// recordColumn is a column of a table of CDRs or sessions. Its native name is the path of the OCPI member that it fills, and where its
// unit is another the unit behind it.
type recordColumn struct {
	path     string // of the member: names with points between
	unit     string // "_wh", "_minutes", "_seconds", "_hms"; "" is OCPI's
	synonyms string
	shape    shape
	in       ocpi.Kind // the only kind of object that has it; 0 is both
	period   bool      // it is of one charging period, not of the record: path is that in the period, of a volume the dimension
}

// periodPrefix begins the native names of columns of charging periods.
const periodPrefix = "charging_periods."

func (c *recordColumn) name() string {
	if c.period {
		return periodPrefix + strings.ToLower(c.path) + c.unit
	}
	return c.path + c.unit
}

// isVolume reports a column that holds the volume of a dimension.
func (c *recordColumn) isVolume() bool { return c.period && c.path == strings.ToUpper(c.path) }

// like is the synonyms of a column of invoices, its own name included.
func like(c column) string { return foldHeading(columnNames[c]) + " " + columnSynonyms[c] + " " }

// quantity is the columns that hold one quantity in several units.
func quantity(c recordColumn, units ...recordColumn) []recordColumn {
	out := []recordColumn{c}
	for _, u := range units {
		u.path, u.in, u.period = c.path, c.in, c.period
		out = append(out, u)
	}
	return out
}

// energy is a quantity of kWh, hours one of hours. The synonyms are those of each unit.
func energy(path string, in ocpi.Kind, period bool, kWh, wh string) []recordColumn {
	return quantity(recordColumn{path: path, in: in, period: period, shape: shapeNumber, synonyms: kWh},
		recordColumn{unit: "_wh", shape: shapeWh, synonyms: wh})
}

func hours(path string, in ocpi.Kind, period bool, h, minutes, seconds, hms string) []recordColumn {
	return quantity(recordColumn{path: path, in: in, period: period, shape: shapeNumber, synonyms: h},
		recordColumn{unit: "_minutes", shape: shapeMinutes, synonyms: minutes},
		recordColumn{unit: "_seconds", shape: shapeSeconds, synonyms: seconds},
		recordColumn{unit: "_hms", shape: shapeDuration, synonyms: hms})
}

// money is an amount before and after taxes.
func money(path string, in ocpi.Kind, excl, incl string) []recordColumn {
	return []recordColumn{
		{path: path + ".excl_vat", in: in, shape: shapeNumber, synonyms: excl},
		{path: path + ".incl_vat", in: in, shape: shapeNumber, synonyms: incl},
	}
}

// recordColumns are the columns of both tables, in the order in which the members stand in the objects made of them; members of one
// object stand together.
var recordColumns = makeRecordColumns()

func makeRecordColumns() []recordColumn {
	const cdr, session = ocpi.KindCDR, ocpi.KindSession
	var out []recordColumn
	add := func(columns ...recordColumn) { out = append(out, columns...) }
	add(
		recordColumn{path: "country_code", synonyms: columnSynonyms[colCountryCode]},
		recordColumn{path: "party_id", synonyms: columnSynonyms[colPartyID]},
		recordColumn{path: "id", in: cdr, synonyms: like(colCDRID)},
		recordColumn{path: "id", in: session, synonyms: like(colSessionID) + "transactionid transaction"},
		recordColumn{path: "start_date_time", shape: shapeTime, synonyms: like(colStart) + "startutc starttimeutc startdatetimeutc"},
		recordColumn{path: "end_date_time", shape: shapeTime, synonyms: like(colEnd) + "stoptime endutc endtimeutc enddatetimeutc"},
		recordColumn{path: "session_id", in: cdr, synonyms: columnSynonyms[colSessionID]},
	)
	add(energy("kwh", session, false, columnSynonyms[colKWh], "energywh totalenergywh energiewh verbrauchwh")...)
	for _, m := range []string{"country_code", "party_id", "uid", "type"} {
		add(recordColumn{path: "cdr_token." + m, synonyms: tokenSynonyms[m]})
	}
	add(
		recordColumn{path: "cdr_token.contract_id", synonyms: like(colContractID)},
		recordColumn{path: "cdr_token", shape: shapeJSON},
		recordColumn{path: "auth_method", synonyms: "authmethod authentication"},
		recordColumn{path: "authorization_reference", synonyms: "authreference authorizationref"},
	)
	for _, m := range []string{"id", "name", "address", "city", "postal_code", "state", "country"} {
		add(recordColumn{path: "cdr_location." + m, in: cdr, synonyms: placeSynonyms[m]})
	}
	add(
		recordColumn{path: "cdr_location.coordinates.latitude", in: cdr, synonyms: "latitude lat"},
		recordColumn{path: "cdr_location.coordinates.longitude", in: cdr, synonyms: "longitude lon lng"},
		recordColumn{path: "cdr_location.evse_uid", in: cdr, synonyms: "evseuid"},
		recordColumn{path: "cdr_location.evse_id", in: cdr, synonyms: strings.Replace(like(colEVSEID), " evseuid ", " ", 1)},
	)
	for _, m := range []string{"connector_id", "connector_standard", "connector_format", "connector_power_type"} {
		add(recordColumn{path: "cdr_location." + m, in: cdr, synonyms: strings.ReplaceAll(m, "_", "")})
	}
	add(
		recordColumn{path: "cdr_location", in: cdr, shape: shapeJSON},
		recordColumn{path: "location_id", in: session, synonyms: placeSynonyms["id"]},
		recordColumn{path: "evse_uid", in: session},
		recordColumn{path: "connector_id", in: session},
		recordColumn{path: zoneColumn, synonyms: "timezone zeitzone tijdzone fuseauhoraire zonahoraria"},
		recordColumn{path: "meter_id", synonyms: "meter meterserial zaehlernummer zahlernummer meternummer"},
		recordColumn{path: "currency", synonyms: columnSynonyms[colCurrency]},
		recordColumn{path: "tariffs", in: cdr, shape: shapeJSON},
		recordColumn{path: "charging_periods", shape: shapeJSON},
		recordColumn{path: "signed_data", in: cdr, shape: shapeJSON},
	)
	add(money("total_cost", 0, like(colAmountExcl)+"totalcost", like(colAmountIncl))...)
	add(money("total_fixed_cost", cdr, "totalfixedcost", "")...)
	add(energy("total_energy", cdr, false, like(colKWh), "energywh totalenergywh energiewh verbrauchwh")...)
	add(money("total_energy_cost", cdr, "totalenergycost", "")...)
	add(hours("total_time", cdr, false, "durationh durationhours totaltimeh dauerh", "durationmin durationminutes minutes totaltimemin dauermin",
		"seconds durationseconds durations sekunden dauersekunden seconden secondes segundos", "duration dauer duree duur duracion chargingtime")...)
	add(money("total_time_cost", cdr, "totaltimecost", "")...)
	add(hours("total_parking_time", cdr, false, "parkingtimeh parkinghours", "parkingtimemin parkingminutes", "parkingtimes parkingseconds", "parkingtime")...)
	add(money("total_parking_cost", cdr, "totalparkingcost", "")...)
	add(money("total_reservation_cost", cdr, "totalreservationcost", "")...)
	add(
		recordColumn{path: "remark", in: cdr, synonyms: "remarks bemerkung comment"},
		recordColumn{path: "invoice_reference_id", in: cdr},
		recordColumn{path: "credit", in: cdr, shape: shapeBool},
		recordColumn{path: "credit_reference_id", in: cdr},
		recordColumn{path: "home_charging_compensation", in: cdr, shape: shapeBool},
		recordColumn{path: "status", in: session, synonyms: columnSynonyms[colStatus]},
		recordColumn{path: "last_updated", shape: shapeTime, synonyms: "lastupdate updatedat modified"},
	)
	return append(out, periodColumns()...)
}

// periodColumns are the columns of one charging period a row.
func periodColumns() []recordColumn {
	out := []recordColumn{
		{path: "start_date_time", period: true, shape: shapeTime, synonyms: "periodstart periodstartdatetime"},
		{path: "tariff_id", period: true, synonyms: "tariffid tariff tarif tarifid tarief tarifa periodtariffid"},
	}
	out = append(out, energy("ENERGY", 0, true, "periodenergy periodkwh", "periodenergywh periodwh")...)
	out = append(out, hours("TIME", 0, true, "periodtime periodhours", "periodminutes periodtimeminutes", "periodseconds periodtimeseconds", "periodduration")...)
	out = append(out, hours("PARKING_TIME", 0, true, "periodparkingtime", "periodparkingminutes", "periodparkingseconds", "")...)
	out = append(out, hours("RESERVATION_TIME", 0, true, "", "", "", "")...)
	for _, d := range []string{"MIN_CURRENT", "MAX_CURRENT", "MIN_POWER", "MAX_POWER"} {
		out = append(out, recordColumn{path: d, period: true, shape: shapeNumber})
	}
	return out
}

// zoneColumn is the path of the column whose zone the local times of a row are in.
const zoneColumn = "time_zone"

// Usual headings of the members of tokens and locations.
var (
	tokenSynonyms = map[string]string{
		"country_code": "tokencountrycode emspcountrycode", "party_id": "tokenpartyid emsp emspid emsppartyid",
		"uid": "tokenuid tokenid token rfid rfidtag idtag carduid cardid", "type": "tokentype",
	}
	placeSynonyms = map[string]string{
		"id": "locationid location standort standortid locatie", "name": "locationname sitename standortname", "address": "address street strasse adres adresse", //nolint:misspell // Dutch
		"city": "city town ort stadt plaats ville ciudad", "postal_code": "postalcode postcode zip zipcode plz", "state": "", "country": "country land pays pais",
	}
)

// RecordColumns are the native names of the columns of a table of CDRs or sessions.
func RecordColumns(kind ocpi.Kind) []string {
	var names []string
	for i := range recordColumns {
		if c := &recordColumns[i]; c.of(kind) {
			names = append(names, c.name())
		}
	}
	return names
}

// of reports a column that objects of a kind have.
func (c *recordColumn) of(kind ocpi.Kind) bool { return c.in == 0 || c.in == kind }
