package ocpi

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// defect is one change to a sound record and the finding that it must cause: at the first byte of the text at, "" being the
// record itself.
type defect struct {
	name     string
	from     string // of the sound record
	to       string
	code     Code
	severity Severity
	pointer  string
	at       string
	version  string // of the sound record, 2.2.1 if empty
	check    func(t *testing.T, c *CDR)
}

var home = Place{File: "in.json", Record: 3, Line: 41, Offset: 5000}

func (x defect) run(t *testing.T) {
	version := x.version
	if version == "" {
		version = "2.2.1"
	}
	sound := string(archive(t, "session.txtar")[version+".json"])
	require.Contains(t, sound, x.from, "the sound record")
	text := strings.Replace(sound, x.from, x.to, 1)
	c, findings := NewDecoder(Options{}).CDR(Record{Place: home, Bytes: []byte(text)})
	var got *Finding
	for i, f := range findings {
		if f.Code == x.code && f.Pointer == x.pointer {
			got = &findings[i]
		}
	}
	require.NotNil(t, got, "%s at %s in %v", x.code, x.pointer, findings)
	assert.Equal(t, x.severity, got.Severity, got.Message)
	offset := 0
	if x.at != "" {
		offset = strings.Index(text, x.at)
		require.GreaterOrEqual(t, offset, 0)
	}
	assert.Equal(t, home.File, got.Place.File)
	assert.Equal(t, home.Record, got.Place.Record)
	assert.Equal(t, home.Offset+int64(offset), got.Place.Offset, "offset: %s", got.Message)
	assert.Equal(t, home.Line+strings.Count(text[:offset], "\n"), got.Place.Line, "line")
	assert.Equal(t, got.Message, strings.TrimSuffix(got.Message, "."), "no full stop")
	if x.check != nil {
		require.NotNil(t, c)
		x.check(t, c)
	}
}

func runDefects(t *testing.T, defects []defect) {
	for _, x := range defects {
		t.Run(x.name, x.run)
	}
}

func TestTimeDefects(t *testing.T) {
	const start = `"start_date_time": "2026-03-01T10:00:00Z",`
	with := func(v string) string { return `"start_date_time": "` + v + `",` }
	starts := func(v string) func(*testing.T, *CDR) {
		return func(t *testing.T, c *CDR) { assert.Equal(t, at(v), c.StartDateTime) }
	}
	ten := starts("2026-03-01T10:00:00Z")
	runDefects(t, []defect{
		{"no zone", start, with("2026-03-01T10:00:00"), TimeNoZone, SeverityInfo, "/start_date_time", `"2026-03-01T10:00:00",`, "", ten},
		{"offset", start, with("2026-03-01T11:00:00+01:00"), TimeOffset, SeverityWarn, "/start_date_time", `"2026-03-01T11`, "", ten},
		{"offset of zero", start, with("2026-03-01T10:00:00+00:00"), TimeOffset, SeverityWarn, "/start_date_time", `"2026-03-01T10:00:00+`, "", ten},
		{"offset without colon", start, with("2026-03-01T11:00:00+0100"), TimeFormat, SeverityWarn, "/start_date_time", `"2026-03-01T11`, "", ten},
		{"negative offset", start, with("2026-03-01T04:30:00-05:30"), TimeOffset, SeverityWarn, "/start_date_time", `"2026-03-01T04`, "", ten},
		{"space for T", start, with("2026-03-01 10:00:00Z"), TimeFormat, SeverityWarn, "/start_date_time", `"2026-03-01 `, "", ten},
		{"six decimals", start, with("2026-03-01T10:00:00.000000Z"), SchemaLength, SeverityWarn, "/start_date_time", `"2026-03-01T10:00:00.`, "", ten},
		{"sentinel unpadded", start, with("1970-1-1T00:00:00Z"), TimeUnknown, SeverityInfo, "/start_date_time", `"1970`, "", starts("1970-01-01T00:00:00Z")},
		{"sentinel padded", start, with("1970-01-01T00:00:00Z"), TimeUnknown, SeverityInfo, "/start_date_time", `"1970`, "", starts("1970-01-01T00:00:00Z")},
		{"no such day", start, with("2026-02-30T10:00:00Z"), TimeInvalid, SeverityBlock, "/start_date_time", `"2026-02-30`, "", nil},
		{"no time at all", start, with("yesterday"), TimeInvalid, SeverityBlock, "/start_date_time", `"yesterday`, "", nil},
		{"a number", start, `"start_date_time": 1772359200,`, SchemaWrongType, SeverityBlock, "/start_date_time", `1772359200`, "", nil},
		{"unreadable where nothing hangs on it", `"last_updated": "2026-03-01T12:01:00Z"`, `"last_updated": "later"`, TimeInvalid, SeverityWarn, "/last_updated", `"later"`, "", nil},
		{"end before start", start, with("2026-03-01T13:00:00Z"), TimeEndBeforeStart, SeverityError, "/end_date_time", `"2026-03-01T12:00:00Z"`, "", nil},
		{"end before start in 2.1.1", start, with("2026-03-01T13:00:00Z"), TimeEndBeforeStart, SeverityError, "/stop_date_time", `"2026-03-01T12:00:00Z"`, "2.1.1", nil},
		{"no duration", start, with("2026-03-01T12:00:00Z"), TimeZeroDuration, SeverityError, "/end_date_time", `"2026-03-01T12:00:00Z",
  "session`, "", nil},
		{"total time off by an hour", `"total_time": 2.0`, `"total_time": 3.0`, TimeTotalMismatch, SeverityWarn, "/total_time", `3.0,`, "", nil},
		{"total time off by half a minute", `"total_time": 2.0`, `"total_time": 2.0083`, TimeTotalMismatch, SeverityInfo, "/total_time", `2.0083`, "", nil},
		{"last updated before the end", `"last_updated": "2026-03-01T12:01:00Z"`, `"last_updated": "2026-03-01T11:54:59Z"`, TimeLastUpdated, SeverityWarn, "/last_updated", `"2026-03-01T11:54`, "", nil},
	})
}

func TestNumberDefects(t *testing.T) {
	const price = `"price": 0.20`
	element := func(p string) string { return "/tariffs/0/elements/0/price_components/0/" + p }
	is := func(text string) func(*testing.T, *CDR) {
		return func(t *testing.T, c *CDR) {
			p := c.Tariffs[0].Elements[0].PriceComponents[0].Price
			assert.Equal(t, text != "", p.Present)
			if text != "" {
				assert.Equal(t, text, p.Value.String())
			}
		}
	}
	runDefects(t, []defect{
		{"number as string", price, `"price": "0.20"`, SchemaWrongType, SeverityWarn, element("price"), `"0.20"`, "", is("0.20")},
		{"decimal comma", price, `"price": "0,20"`, NumberDecimalComma, SeverityBlock, element("price"), `"0,20"`, "", is("")},
		{"decimal comma in a total", `"total_energy": 7.5`, `"total_energy": "7,5"`, NumberDecimalComma, SeverityError, "/total_energy", `"7,5"`, "", nil},
		{"empty string", price, `"price": ""`, SchemaWrongType, SeverityBlock, element("price"), `"", "step`, "", is("")},
		{"word", price, `"price": "free"`, SchemaWrongType, SeverityBlock, element("price"), `"free"`, "", is("")},
		{"object", price, `"price": {"x": 1}`, SchemaWrongType, SeverityBlock, element("price"), `{"x"`, "", is("")},
		{"null", price, `"price": null`, SchemaMissingField, SeverityBlock, element("price"), `{"type": "ENERGY", "price"`, "", is("")},
		{"too many digits", price, `"price": 1e70`, NumberOutOfRange, SeverityBlock, element("price"), `1e70`, "", is("")},
		{"too many characters", price, `"price": 0.` + strings.Repeat("1", 5000), NumberOutOfRange, SeverityBlock, element("price"), `0.111`, "", is("")},
		{"a price without parts", `"total_cost": {"excl_vat": 2.50, "incl_vat": 3.00}`, `"total_cost": 2.50`, SchemaWrongType, SeverityWarn, "/total_cost", `2.50`, "",
			func(t *testing.T, c *CDR) {
				assert.Equal(t, ShapeNumber, c.TotalCost.Shape)
				assert.Equal(t, "2.50", c.TotalCost.BeforeTaxes.Value.String())
			}},
		{"a price with parts in 2.1.1", `"total_cost": 2.50`, `"total_cost": {"excl_vat": 2.50, "incl_vat": 3.00}`, SchemaOtherVersion, SeverityWarn, "/total_cost/excl_vat", `2.50, "incl`, "2.1.1",
			func(t *testing.T, c *CDR) { assert.Equal(t, "3.00", c.TotalCost.AfterTaxes.Value.String()) }},
		{"a price of 2.2.1 in 2.3.0", `"total_parking_cost": {"before_taxes": 1.00}`, `"total_parking_cost": {"excl_vat": 1.00}`, SchemaOtherVersion, SeverityWarn, "/total_parking_cost/excl_vat", `1.00},
  "total_res`, "2.3.0",
			func(t *testing.T, c *CDR) { assert.True(t, c.TotalParkingCost.BeforeTaxes.Present) }},
		{"tax of the wrong sign", `"incl_vat": 3.00`, `"incl_vat": 2.00`, TaxMismatch, SeverityError, "/total_cost", `{"excl_vat": 2.50`, "", nil},
		{"negative vat", price, price + `, "vat": -1`, TaxMismatch, SeverityError, element("vat"), `-1, "step`, "", nil},
		{"boolean as string", `"credit": false`, `"credit": "false"`, SchemaWrongType, SeverityWarn, "/credit", `"false"`, "",
			func(t *testing.T, c *CDR) { assert.Equal(t, False, c.Credit) }},
		{"id as number", `"id": "CDR-1"`, `"id": 4711`, SchemaWrongType, SeverityWarn, "/id", `4711`, "",
			func(t *testing.T, c *CDR) { assert.Equal(t, "4711", c.ID) }},
	})
}

func TestMemberDefects(t *testing.T) {
	restriction := "/tariffs/0/elements/1/restrictions"
	runDefects(t, []defect{
		{"missing id", `"id": "CDR-1",`, ``, SchemaMissingField, SeverityBlock, "/id", "", "", nil},
		{"missing currency", `"currency": "EUR",
  "tariffs"`, `"tariffs"`, SchemaMissingField, SeverityBlock, "/currency", "", "", nil},
		{"missing end", `"end_date_time": "2026-03-01T12:00:00Z",`, ``, SchemaMissingField, SeverityBlock, "/end_date_time", "", "", nil},
		{"missing energy", `"total_energy": 7.5,`, ``, SchemaMissingField, SeverityError, "/total_energy", "", "", nil},
		{"missing method", `"auth_method": "WHITELIST",`, `"auth_method": null,`, SchemaMissingField, SeverityWarn, "/auth_method", "", "", nil},
		{"missing volume", `"type": "ENERGY", "volume": 7.5`, `"type": "ENERGY"`, SchemaMissingField, SeverityBlock, "/charging_periods/0/dimensions/0/volume", `{"type": "ENERGY"}`, "", nil},
		{"missing volume of what has no price", `"type": "ENERGY", "volume": 7.5`, `"type": "MAX_POWER"`, SchemaMissingField, SeverityWarn, "/charging_periods/0/dimensions/0/volume", `{"type": "MAX_POWER"}`, "", nil},
		{"duplicate, same value", `"meter_id": "M1",`, `"meter_id": "M1", "meter_id":  "M1",`, SchemaDuplicateField, SeverityWarn, "/meter_id", `"M1",
`, "", nil},
		{"duplicate, other value", `"meter_id": "M1",`, `"meter_id": "M0", "meter_id": "M1",`, SchemaDuplicateField, SeverityError, "/meter_id", `"M1",
`, "", func(t *testing.T, c *CDR) { assert.Equal(t, "M1", c.MeterID) }},
		{"duplicate, escaped", `"meter_id": "M1",`, `"meter_id": "M0", "meter\u005fid": "M1",`, SchemaDuplicateField, SeverityError, "/meter_id", `"M1",
`, "", func(t *testing.T, c *CDR) { assert.Equal(t, "M1", c.MeterID) }},
		{"duplicate list", `"dimensions": [{"type": "ENERGY"`, `"dimensions": [{"type": "TIME", "volume": 9}], "dimensions": [{"type": "ENERGY"`, SchemaDuplicateField, SeverityError, "/charging_periods/0/dimensions", `[{"type": "ENERGY", "volume"`, "",
			func(t *testing.T, c *CDR) {
				assert.Len(t, c.ChargingPeriods[0].Dimensions, 2)
				assert.Equal(t, Energy, c.ChargingPeriods[0].Dimensions[0].Kind)
				assert.Equal(t, ParkingTime, c.ChargingPeriods[1].Dimensions[0].Kind)
			}},
		{"both names of the end", `"session_id"`, `"stop_date_time": "2026-03-01T23:00:00Z", "session_id"`, SchemaDuplicateField, SeverityWarn, "/stop_date_time", `"2026-03-01T23`, "",
			func(t *testing.T, c *CDR) { assert.Equal(t, at("2026-03-01T12:00:00Z"), c.EndDateTime) }},
		{"unknown member", `"remark"`, `"a/b~c": {"x": [1]}, "remark"`, SchemaUnknownField, SeverityInfo, "/a~1b~0c", `{"x"`, "",
			func(t *testing.T, c *CDR) { assert.Equal(t, []Member{{"/a~1b~0c", []byte(`{"x": [1]}`)}}, c.Unknown) }},
		{"camel case restriction", `"day_of_week"`, `"dayOfWeek"`, SchemaMisspelled, SeverityError, restriction + "/dayOfWeek", `["MONDAY"`, "",
			func(t *testing.T, c *CDR) {
				assert.Zero(t, c.Tariffs[0].Elements[1].Restrictions.DayOfWeek)
				assert.Equal(t, "/elements/1/restrictions/dayOfWeek", c.Tariffs[0].Unknown[0].Pointer)
			}},
		{"singular restriction", `"restrictions":`, `"restriction":`, SchemaMisspelled, SeverityError, "/tariffs/0/elements/1/restriction", `{"start_time"`, "", nil},
		{"restriction in the wrong place", `"elements": [{"price`, `"elements": [{"min_kwh": 3, "price`, SchemaMisspelled, SeverityError, "/tariffs/0/elements/0/min_kwh", `3, "price`, "", nil},
		{"unknown restriction", `"start_time": "08:00"`, `"weather": "sunny"`, SchemaUnknownField, SeverityError, restriction + "/weather", `"sunny"`, "", nil},
		{"misspelt member", `"remark"`, `"remarks"`, SchemaMisspelled, SeverityWarn, "/remarks", `"a remark"`, "", nil},
		{"misspelt cost", `"total_time_cost"`, `"total_tiem_cost"`, SchemaMisspelled, SeverityError, "/total_tiem_cost", `{"excl_vat": 0.00},
  "total_parking_time"`, "", nil},
		{"whole location beside its own", `"meter_id"`, `"location": {"id": "OTHER", "time_zone": "Europe/Brussels"}, "meter_id"`, SchemaOtherVersion, SeverityWarn, "/location", `{"id": "OTHER"`, "",
			func(t *testing.T, c *CDR) {
				assert.Equal(t, "LOC1", c.Location.ID)
				assert.Equal(t, "Europe/Brussels", c.Location.TimeZone)
			}},
		{"stray time zone", `"evse_uid"`, `"time_zone": "Europe/Brussels", "evse_uid"`, SchemaOtherVersion, SeverityWarn, "/cdr_location/time_zone", `"Europe`, "",
			func(t *testing.T, c *CDR) { assert.Equal(t, "Europe/Brussels", c.Location.TimeZone) }},
		{"member of an older version", `"end_date_time"`, `"stop_date_time"`, SchemaOtherVersion, SeverityWarn, "/stop_date_time", `"2026-03-01T12:00:00Z"`, "",
			func(t *testing.T, c *CDR) { assert.Equal(t, at("2026-03-01T12:00:00Z"), c.EndDateTime) }},
		{"member of a newer version", `"remark"`, `"credit": false, "remark"`, SchemaOtherVersion, SeverityWarn, "/credit", `false`, "2.1.1", nil},
		{"several connectors", `"connectors": [{`, `"connectors": [{"id": "0"}, {`, LocationAmbiguous, SeverityWarn, "/location", `{
    "id": "LOC1"`, "2.1.1", func(t *testing.T, c *CDR) { assert.Equal(t, "0", c.Location.ConnectorID) }},
	})
}

func TestValueDefects(t *testing.T) {
	component, restriction := "/tariffs/0/elements/0/price_components/0/", "/tariffs/0/elements/1/restrictions/"
	restrictions := func(f func(t *testing.T, r *Restrictions)) func(*testing.T, *CDR) {
		return func(t *testing.T, c *CDR) { f(t, c.Tariffs[0].Elements[1].Restrictions) }
	}
	minutes := func(want int) func(*testing.T, *CDR) {
		return restrictions(func(t *testing.T, r *Restrictions) { assert.Equal(t, TimeOfDay{want, true}, r.StartTime) })
	}
	const startTime, days = `"start_time": "08:00"`, `["MONDAY", "SUNDAY"]`
	runDefects(t, []defect{
		{"wrong case of a dimension", `"type": "TIME"`, `"type": "time"`, SchemaEnum, SeverityWarn, "/charging_periods/0/dimensions/1/type", `"time"`, "",
			func(t *testing.T, c *CDR) {
				assert.Equal(t, CDRDimension{Time, "time", num("1.5")}, c.ChargingPeriods[0].Dimensions[1])
			}},
		{"custom dimension", `"type": "TIME"`, `"type": "NTIME"`, SchemaEnum, SeverityWarn, "/charging_periods/0/dimensions/1/type", `"NTIME"`, "",
			func(t *testing.T, c *CDR) {
				assert.Equal(t, CDRDimension{DimensionUnknown, "NTIME", num("1.5")}, c.ChargingPeriods[0].Dimensions[1])
			}},
		{"flat dimension", `"type": "TIME"`, `"type": "FLAT"`, DimensionFlat, SeverityWarn, "/charging_periods/0/dimensions/1/type", `"FLAT"`, "", nil},
		{"flat dimension in 2.1.1", `"type": "TIME"`, `"type": "FLAT"`, DimensionFlat, SeverityInfo, "/charging_periods/0/dimensions/1/type", `"FLAT"`, "2.1.1", nil},
		{"session dimension", `"type": "TIME"`, `"type": "POWER"`, DimensionSessionOnly, SeverityWarn, "/charging_periods/0/dimensions/1/type", `"POWER"`, "", nil},
		{"power in 2.1.1", `"type": "TIME"`, `"type": "MAX_POWER"`, SchemaOtherVersion, SeverityWarn, "/charging_periods/0/dimensions/1/type", `"MAX_POWER"`, "2.1.1", nil},
		{"custom component", `"type": "ENERGY", "price"`, `"type": "ENERGIE", "price"`, SchemaEnum, SeverityError, component + "type", `"ENERGIE"`, "", nil},
		{"wrong case of a component", `"type": "ENERGY", "price"`, `"type": "Energy", "price"`, SchemaEnum, SeverityWarn, component + "type", `"Energy"`, "",
			func(t *testing.T, c *CDR) { assert.Equal(t, Energy, c.Tariffs[0].Elements[0].PriceComponents[0].Kind) }},
		{"misspelt day", days, `["MONDAI"]`, SchemaEnum, SeverityBlock, restriction + "day_of_week/0", `"MONDAI"`, "", nil},
		{"wrong case of a day", days, `["MONDAY", "sunday"]`, SchemaEnum, SeverityWarn, restriction + "day_of_week/1", `"sunday"`, "",
			restrictions(func(t *testing.T, r *Restrictions) { assert.True(t, r.DayOfWeek.Has(0) && r.DayOfWeek.Has(1)) })},
		{"one day without a list", days, `"MONDAY"`, SchemaWrongType, SeverityWarn, restriction + "day_of_week", `"MONDAY"`, "",
			restrictions(func(t *testing.T, r *Restrictions) { assert.Equal(t, Weekdays(2), r.DayOfWeek) })},
		{"unpadded time", startTime, `"start_time": "9:5"`, SchemaFormat, SeverityWarn, restriction + "start_time", `"9:5"`, "", minutes(545)},
		{"spaces around a time", startTime, `"start_time": " 09:05 "`, SchemaFormat, SeverityWarn, restriction + "start_time", `" 09:05 "`, "", minutes(545)},
		{"24:00", startTime, `"start_time": "24:00"`, SchemaFormat, SeverityWarn, restriction + "start_time", `"24:00"`, "", minutes(0)},
		{"unreadable time", startTime, `"start_time": "morning"`, SchemaFormat, SeverityBlock, restriction + "start_time", `"morning"`, "", nil},
		{"unpadded date", startTime, `"start_date": "2023-1-5"`, SchemaFormat, SeverityWarn, restriction + "start_date", `"2023-1-5"`, "",
			restrictions(func(t *testing.T, r *Restrictions) { assert.Equal(t, Date{2023, 1, 5, true}, r.StartDate) })},
		{"unreadable date", startTime, `"start_date": "2023-02-29"`, SchemaFormat, SeverityBlock, restriction + "start_date", `"2023-02-29"`, "", nil},
		{"one restriction object in a list", `"restrictions": {"start_time": "08:00", "day_of_week": ["MONDAY", "SUNDAY"]}`, `"restrictions": [{"start_time": "08:00"}]`, SchemaWrongType, SeverityWarn, strings.TrimSuffix(restriction, "/"), `[{"start`, "", minutes(480)},
		{"several restriction objects", `"restrictions": {"start_time": "08:00", "day_of_week": ["MONDAY", "SUNDAY"]}`, `"restrictions": [{}, {}]`, SchemaWrongType, SeverityBlock, strings.TrimSuffix(restriction, "/"), `[{}, {}]`, "", nil},
		{"country of two letters", `"country": "BEL"`, `"country": "BE"`, IDCountry, SeverityWarn, "/cdr_location/country", `"BE",
    "coord`, "", func(t *testing.T, c *CDR) { assert.Equal(t, "BE", c.Location.Country) }},
		{"country of two letters in 2.1.1", `"country": "BEL"`, `"country": "BE"`, IDCountry, SeverityWarn, "/location/country", `"BE"`, "2.1.1", nil},
		{"country code of three letters", `"country_code": "BE"`, `"country_code": "BEL"`, IDCountry, SeverityWarn, "/country_code", `"BEL"`, "", nil},
		{"lower case currency", `"currency": "EUR",
  "tariffs"`, `"currency": "eur",
  "tariffs"`, CurrencyInvalid, SeverityWarn, "/currency", `"eur"`, "", func(t *testing.T, c *CDR) { assert.Equal(t, "EUR", c.Currency) }},
		{"no currency", `"currency": "EUR",
  "tariffs"`, `"currency": "XXX",
  "tariffs"`, CurrencyInvalid, SeverityError, "/currency", `"XXX"`, "", nil},
		{"currency in words", `"currency": "EUR",
  "tariffs"`, `"currency": "Euro",
  "tariffs"`, CurrencyInvalid, SeverityError, "/currency", `"Euro"`, "", nil},
		{"long id", `"CDR-1"`, `"CDR-4567890123456789012345678901234567"`, SchemaLength, SeverityWarn, "/id", `"CDR-4`, "", nil},
		{"long party", `"party_id": "BEC",
  "id"`, `"party_id": "BECX",
  "id"`, SchemaLength, SeverityWarn, "/party_id", `"BECX"`, "", nil},
		{"line feed in an address", `Rooseveltlaan 3A`, `Rooseveltlaan\n3A`, SchemaCharacters, SeverityWarn, "/cdr_location/address", `"F.Roos`, "",
			func(t *testing.T, c *CDR) { assert.Equal(t, "F.Rooseveltlaan\n3A", c.Location.Address) }},
		{"raw control character", `Rooseveltlaan 3A`, "Rooseveltlaan\x013A", JSONEncoding, SeverityWarn, "", `"F.Roos`, "", nil},
		{"broken UTF-8", `Rooseveltlaan 3A`, "Roosevelt\xff", JSONEncoding, SeverityWarn, "", `"F.Roos`, "",
			func(t *testing.T, c *CDR) { assert.Equal(t, "F.Roosevelt\ufffd", c.Location.Address) }},
		{"letters beyond ASCII in an id", `"LOC1"`, `"LÖC1"`, SchemaCharacters, SeverityWarn, "/cdr_location/id", `"LÖC1"`, "", nil},
		{"letters beyond ASCII in text of 2.1.1", `"Gent Zuid"`, `"Gent Züid"`, SchemaCharacters, SeverityInfo, "/location/name", `"Gent Z`, "2.1.1", nil},
		{"EVSE id with hyphens", `"BE*BEC*E041503001"`, `"BE-BEC-E041503001"`, IDEVSE, SeverityWarn, "/cdr_location/evse_id", `"BE-BEC`, "", nil},
		{"EVSE id of another operator", `"BE*BEC*E041503001"`, `"BE*XYZ*E041503001"`, IDEVSE, SeverityInfo, "/cdr_location/evse_id", `"BE*XYZ`, "", nil},
		{"odd contract id", `"NL-TNM-C12345678-J"`, `"card 17"`, IDContract, SeverityInfo, "/cdr_token/contract_id", `"card 17"`, "", nil},
		{"EVSE not available", `"evse_uid": "3256"`, `"evse_uid": "#NA"`, IDUnavailable, SeverityWarn, "/cdr_location/evse_uid", `"#NA"`, "", nil},
	})
}

func TestPeriodDefects(t *testing.T) {
	const (
		second  = `{"start_date_time": "2026-03-01T11:30:00Z"`
		periods = `"charging_periods": [
    {"start_date_time": "2026-03-01T10:00:00Z", "dimensions": [{"type": "ENERGY", "volume": 7.5}, {"type": "TIME", "volume": 1.5}]},
    {"start_date_time": "2026-03-01T11:30:00Z", "dimensions": [{"type": "PARKING_TIME", "volume": 0.5}]}
  ]`
	)
	starts := func(i string) string { return "/charging_periods/" + i + "/start_date_time" }
	runDefects(t, []defect{
		{"no periods", periods, `"charging_periods": []`, PeriodEmpty, SeverityBlock, "/charging_periods", `[],
  "signed`, "", nil},
		{"periods null", periods, `"charging_periods": null`, PeriodEmpty, SeverityBlock, "/charging_periods", `null`, "", nil},
		{"periods missing", periods, `"remark": ""`, PeriodEmpty, SeverityBlock, "/charging_periods", "", "", nil},
		{"no dimensions", `"dimensions": [{"type": "PARKING_TIME", "volume": 0.5}]`, `"dimensions": []`, SchemaMissingField, SeverityError, "/charging_periods/1/dimensions", `[]}`, "", nil},
		{"period outside", second, `{"start_date_time": "2026-03-01T12:30:00Z"`, PeriodOutside, SeverityWarn, starts("1"), `"2026-03-01T12:30`, "", nil},
		{"period before the start", second, `{"start_date_time": "2026-03-01T09:30:00Z"`, PeriodOutside, SeverityWarn, starts("1"), `"2026-03-01T09:30`, "", nil},
		{"not sorted", second, `{"start_date_time": "2026-03-01T09:30:00Z"`, PeriodUnordered, SeverityInfo, starts("1"), `"2026-03-01T09:30`, "",
			func(t *testing.T, c *CDR) {
				assert.Equal(t, at("2026-03-01T10:00:00Z"), c.ChargingPeriods[0].StartDateTime, "in the order sent")
			}},
		{"same start", second, `{"start_date_time": "2026-03-01T10:00:00Z"`, PeriodDuplicateStart, SeverityError, starts("1"), `"2026-03-01T10:00:00Z", "dimensions": [{"type": "PARK`, "", nil},
		{"late first period", `[
    {"start_date_time": "2026-03-01T10:00:00Z"`, `[
    {"start_date_time": "2026-03-01T10:00:01Z"`, PeriodStartsLate, SeverityWarn, starts("0"), `"2026-03-01T10:00:01Z"`, "", nil},
		{"more hours than pass", `"volume": 1.5`, `"volume": 1.51`, PeriodTimeExceeds, SeverityError, starts("0"), `"2026-03-01T10:00:00Z", "dimensions"`, "", nil},
		{"energy of the periods", `"total_energy": 7.5`, `"total_energy": 7.6`, EnergyPeriodSum, SeverityWarn, "/total_energy", `7.6`, "", nil},
		{"no energy in the periods", `{"type": "ENERGY", "volume": 7.5}, `, ``, EnergyPeriodSum, SeverityInfo, "/total_energy", `7.5`, "", nil},
		{"parking of the periods", `"total_parking_time": 0.5`, `"total_parking_time": 0.75`, PeriodParkingSum, SeverityWarn, "/total_parking_time", `0.75`, "", nil},
		{"negative volume", `"volume": 7.5`, `"volume": -7.5`, EnergyNegative, SeverityWarn, "/charging_periods/0/dimensions/0/volume", `-7.5`, "", nil},
		{"negative total", `"total_energy": 7.5`, `"total_energy": -7.5`, EnergyNegative, SeverityError, "/total_energy", `-7.5`, "", nil},
		{"negative cost", `"total_cost": {"excl_vat": 2.50, "incl_vat": 3.00}`, `"total_cost": {"excl_vat": -2.50, "incl_vat": -3.00}`, CostRange, SeverityError, "/total_cost", `{"excl_vat": -2.50`, "", nil},
		{"positive credit", `"credit": false`, `"credit": true, "credit_reference_id": "CDR-0"`, CreditChain, SeverityError, "/total_cost", `{"excl_vat": 2.50`, "", nil},
		{"credit without reference", `"credit": false`, `"credit": true`, CreditChain, SeverityError, "/credit", `true`, "", nil},
		{"reference without credit", `"credit": false`, `"credit_reference_id": "CDR-0"`, CreditChain, SeverityError, "/credit_reference_id", `"CDR-0"`, "", nil},
		{"credit of itself", `"credit": false`, `"credit": true, "credit_reference_id": "cdr-1"`, CreditChain, SeverityError, "/credit_reference_id", `"cdr-1"`, "", nil},
	})
}

func TestTariffDefects(t *testing.T) {
	d := NewDecoder(Options{})
	check := func(text string, code Code, severity Severity, pointer string) {
		t.Helper()
		_, findings := d.Tariff(Record{Bytes: []byte(text)})
		for _, f := range findings {
			if f.Code == code && f.Pointer == pointer {
				assert.Equal(t, severity, f.Severity)
				return
			}
		}
		t.Errorf("no %s at %s in %v", code, pointer, findings)
	}
	const head = `{"country_code":"NL","party_id":"ABC","id":"T","currency":"EUR","last_updated":"2026-01-01T00:00:00Z",`
	check(head+`"elements":[]}`, SchemaMissingField, SeverityError, "/elements")
	check(head+`"elements":null}`, SchemaMissingField, SeverityError, "/elements")
	check(head+`"elements":[{"price_components":[]}]}`, SchemaMissingField, SeverityError, "/elements/0/price_components")
	check(head+`"elements":[{"price_components":[{"price":1,"step_size":1}]}]}`, SchemaMissingField, SeverityBlock, "/elements/0/price_components/0/type")
	check(head+`"elements":[{"price_components":[{"type":"TIME","price":1}]}]}`, SchemaMissingField, SeverityError, "/elements/0/price_components/0/step_size")
	check(head+`"elements":[{"price_components":[{"type":"TIME","price":1,"step_size":0.5}]}]}`, SchemaWrongType, SeverityWarn, "/elements/0/price_components/0/step_size")
	check(head+`"tax_included":"yes","elements":[{"price_components":[{"type":"TIME","price":1,"step_size":1}]}]}`, SchemaEnum, SeverityWarn, "/tax_included")
	d = NewDecoder(Options{Version: V221})
	check(head+`"min_price":{"before_taxes":1},"elements":[{"price_components":[{"type":"TIME","price":1,"step_size":1}]}]}`, SchemaOtherVersion, SeverityWarn, "/min_price/before_taxes")
	check(head+`"elements":[{"price_components":[{"type":"TIME","price":1,"step_size":1}],"restrictions":{"reservation":"BOOKING"}}]}`, SchemaEnum, SeverityBlock, "/elements/0/restrictions/reservation")
}

func TestEmptyRestrictionsRestrictNothing(t *testing.T) {
	text := `{"country_code":"NL","party_id":"ABC","id":"T","currency":"EUR","last_updated":"2026-01-01T00:00:00Z",
"elements":[{"price_components":[{"type":"TIME","price":1,"step_size":1}],"restrictions":{}},
{"price_components":[{"type":"TIME","price":1,"step_size":1}],"restrictions":{"day_of_week":[]}},
{"price_components":[{"type":"TIME","price":1,"step_size":1}],"restrictions":null}]}`
	tariff, findings := NewDecoder(Options{}).Tariff(Record{Bytes: []byte(text)})
	assert.Empty(t, findings)
	assert.Equal(t, Restrictions{}, *tariff.Elements[0].Restrictions)
	assert.Equal(t, Restrictions{}, *tariff.Elements[1].Restrictions)
	assert.Nil(t, tariff.Elements[2].Restrictions)
}

func TestAlikeFindingsAreCounted(t *testing.T) {
	text := bytes.Repeat([]byte(`"x":1,`), 100)
	text = append(append([]byte("{"), text...), `"id":"1"}`...)
	_, findings := NewDecoder(Options{}).CDR(Record{Bytes: text})
	n := 0
	for _, f := range findings {
		if f.Code == SchemaUnknownField {
			n++
			if n == maxAlike {
				assert.Contains(t, f.Message, "84 more like it in this record")
			}
		}
	}
	assert.Equal(t, maxAlike, n)
}
