package ocpi

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
)

func TestLocationOfEachVersionReadsTheSame(t *testing.T) {
	old := `{"id":"LOC1","type":"ON_STREET","name":"Gent Zuid","address":"F.Rooseveltlaan 3A","city":"Gent","postal_code":"9000","country":"BEL",
"coordinates":{"latitude":"51.047599","longitude":"3.729944"},"time_zone":"Europe/Brussels","opening_times":{"twentyfourseven":true},
"evses":[{"uid":"3256","evse_id":"BE*BEC*E041503001","status":"AVAILABLE","capabilities":["RESERVABLE"],"connectors":[{"id":"1",
"standard":"IEC_62196_T2","format":"CABLE","power_type":"AC_3_PHASE","voltage":230,"amperage":16,"tariff_id":"11","last_updated":"2026-02-01T00:00:00Z"}],
"last_updated":"2026-02-01T00:00:00Z"}],"last_updated":"2026-02-01T00:00:00Z"}`
	since := `{"country_code":"BE","party_id":"BEC","id":"LOC1","publish":true,"name":"Gent Zuid","address":"F.Rooseveltlaan 3A","city":"Gent",
"postal_code":"9000","country":"BEL","coordinates":{"latitude":"51.047599","longitude":"3.729944"},"time_zone":"Europe/Brussels",
"parking_type":"ON_STREET","evses":[{"uid":"3256","evse_id":"BE*BEC*E041503001","status":"AVAILABLE","connectors":[{"id":"1",
"standard":"IEC_62196_T2","format":"CABLE","power_type":"AC_3_PHASE","max_voltage":230,"max_amperage":16,"max_electric_power":11000,
"tariff_ids":["11"],"last_updated":"2026-02-01T00:00:00Z"}],"last_updated":"2026-02-01T00:00:00Z"}],"last_updated":"2026-02-01T00:00:00Z"}`
	updated := at("2026-02-01T00:00:00Z")
	want := &Location{
		ID: "LOC1", Name: "Gent Zuid", Address: "F.Rooseveltlaan 3A", City: "Gent", PostalCode: "9000", Country: "BEL",
		TimeZone: "Europe/Brussels", Latitude: "51.047599", Longitude: "3.729944", LastUpdated: updated,
		EVSEs: []EVSE{{UID: "3256", EVSEID: "BE*BEC*E041503001", Status: "AVAILABLE", LastUpdated: updated, Connectors: []Connector{{
			ID: "1", Standard: "IEC_62196_T2", Format: "CABLE", PowerType: "AC_3_PHASE", Voltage: num("230"), Amperage: num("16"),
			TariffIDs: []string{"11"}, LastUpdated: updated,
		}}}},
	}
	d := NewDecoder(Options{})
	got, findings := d.Location(Record{Bytes: []byte(old)})
	assert.Empty(t, findings)
	want.Record, want.Version = got.Record, V211
	assert.Empty(t, cmp.Diff(want, got, sameNumbers))
	assert.Equal(t, "11040", got.EVSEs[0].Connectors[0].MaxPowerW().Value.String())

	got, findings = d.Location(Record{Bytes: []byte(since)})
	assert.Empty(t, findings)
	want.Record, want.Version, want.CountryCode, want.PartyID, want.Publish = got.Record, V221, "BE", "BEC", True
	want.EVSEs[0].Connectors[0].MaxElectricPower = num("11000")
	assert.Empty(t, cmp.Diff(want, got, sameNumbers))
	assert.Equal(t, "11000", got.EVSEs[0].Connectors[0].MaxPowerW().Value.String())
}

func TestPowerOfAConnector(t *testing.T) {
	for powerType, want := range map[string]string{
		"AC_1_PHASE": "3680", "AC_2_PHASE": "7360", "AC_2_PHASE_SPLIT": "7360", "AC_3_PHASE": "11040", "DC": "3680", "": "", "AC": "",
	} {
		c := Connector{PowerType: powerType, Voltage: num("230"), Amperage: num("16")}
		p := c.MaxPowerW()
		assert.Equal(t, want != "", p.Present, powerType)
		if p.Present {
			assert.Equal(t, want, p.Value.String(), powerType)
		}
	}
	assert.False(t, (&Connector{PowerType: "DC", Voltage: num("400")}).MaxPowerW().Present)
}

func TestWholeTariff(t *testing.T) {
	text := `{"country_code":"NL","party_id":"ABC","id":"T","currency":"EUR","type":"PROFILE_GREEN","tax_included":"N/A",
"tariff_alt_text":[{"language":"en","text":"Two euro"},{"language":"nl","text":"Twee euro"}],"tariff_alt_url":"https://example.org",
"min_price":{"before_taxes":0.5,"after_taxes":0.6},"max_price":{"before_taxes":10},"elements":[{"price_components":[
{"type":"FLAT","price":2.5,"vat":21.0,"step_size":1}],"restrictions":{"start_time":"23:59","end_time":"00:00","start_date":"2026-01-01",
"end_date":"2026-12-31","min_kwh":1,"max_kwh":2.5,"min_current":6,"max_current":16,"min_power":1.4,"max_power":11,"min_duration":60,
"max_duration":3600,"day_of_week":["SATURDAY"],"reservation":"RESERVATION_EXPIRES"}}],"start_date_time":"2026-01-01T00:00:00Z",
"end_date_time":"2027-01-01T00:00:00Z","energy_mix":{"is_green_energy":true},"last_updated":"2025-12-01T00:00:00Z"}`
	got, findings := NewDecoder(Options{}).Tariff(Record{Bytes: []byte(text)})
	assert.Empty(t, findings)
	want := &Tariff{
		Record: got.Record, Version: V230, CountryCode: "NL", PartyID: "ABC", ID: "T", Currency: "EUR", Type: "PROFILE_GREEN",
		AltText: []DisplayText{{"en", "Two euro"}, {"nl", "Twee euro"}}, AltURL: "https://example.org",
		MinPrice: Price{Shape: ShapeBeforeTaxes, BeforeTaxes: num("0.5"), AfterTaxes: num("0.6")},
		MaxPrice: Price{Shape: ShapeBeforeTaxes, BeforeTaxes: num("10")},
		Elements: []TariffElement{{
			PriceComponents: []PriceComponent{{Kind: Flat, Type: "FLAT", Price: num("2.5"), VAT: num("21.0"), StepSize: num("1")}},
			Restrictions: &Restrictions{
				StartTime: TimeOfDay{1439, true}, EndTime: TimeOfDay{0, true},
				StartDate: Date{2026, 1, 1, true}, EndDate: Date{2026, 12, 31, true},
				MinKWh: num("1"), MaxKWh: num("2.5"), MinCurrent: num("6"), MaxCurrent: num("16"), MinPower: num("1.4"), MaxPower: num("11"),
				MinDuration: num("60"), MaxDuration: num("3600"), DayOfWeek: 1 << 6, Reservation: ReservationExpires,
			},
		}},
		TaxIncluded: TaxNA, StartDateTime: at("2026-01-01T00:00:00Z"), EndDateTime: at("2027-01-01T00:00:00Z"),
		LastUpdated: at("2025-12-01T00:00:00Z"),
	}
	assert.Empty(t, cmp.Diff(want, got, sameNumbers))
}

func TestReservationBeforeTheSession(t *testing.T) {
	text := func(totalTime string) Record {
		return Record{Bytes: []byte(`{"id":"1","start_date_time":"2026-01-01T10:00:00Z","end_date_time":"2026-01-01T12:00:00Z","currency":"EUR",
"country_code":"NL","party_id":"ABC","cdr_token":{"country_code":"NL","party_id":"TNM","uid":"1","type":"RFID","contract_id":"NLTNMC12345678"},
"auth_method":"COMMAND","cdr_location":{"id":"1","address":"a","city":"b","country":"NLD","coordinates":{"latitude":"1","longitude":"2"},"evse_uid":"1",
"evse_id":"NL*ABC*E1","connector_id":"1","connector_standard":"CHADEMO","connector_format":"CABLE","connector_power_type":"DC"},
"charging_periods":[{"start_date_time":"2026-01-01T10:00:00Z","dimensions":[{"type":"RESERVATION_TIME","volume":0.5}]},
{"start_date_time":"2026-01-01T10:30:00Z","dimensions":[{"type":"TIME","volume":1.5},{"type":"ENERGY","volume":5},{"type":"MIN_POWER","volume":1},
{"type":"MAX_POWER","volume":1},{"type":"MIN_CURRENT","volume":1},{"type":"MAX_CURRENT","volume":1}]}],
"total_cost":{"excl_vat":0},"total_energy":5,"total_time":` + totalTime + `,"last_updated":"2026-01-01T12:00:00Z"}`)}
	}
	d := NewDecoder(Options{})
	for _, right := range []string{"2", "2.0", "1.5"} {
		c, findings := d.CDR(text(right))
		assert.Empty(t, findings, "total_time %s", right)
		assert.Equal(t, ReservationTime, c.ChargingPeriods[0].Dimensions[0].Kind)
	}
	_, findings := d.CDR(text("1.75"))
	assert.Len(t, findings, 1)
	assert.Equal(t, TimeTotalMismatch, findings[0].Code)
}

func TestCheckOfTokensAndUnknownKinds(t *testing.T) {
	d := NewDecoder(Options{})
	token := `{"country_code":"NL","party_id":"TNM","uid":"04A1","type":"RFID","contract_id":"NLTNMC12345678","issuer":"TNM","valid":true,
"whitelist":"ALWAYS","last_updated":"2026-01-01T00:00:00Z"}`
	assert.Empty(t, d.Check(KindToken, Record{Bytes: []byte(token)}))
	assert.Len(t, d.Check(KindToken, Record{Bytes: []byte(`{"uid":null,"type":"RFID","auth_id":"NLTNMC12345678","issuer":"TNM","valid":"yes","whitelist":"never","last_updated":"2026-01-01T00:00:00Z"}`)}), 3)
	assert.Empty(t, d.Check(KindUnknown, Record{Bytes: []byte(`{"a":{"b":[1]}}`)}))
	assert.Equal(t, JSONInvalid, d.Check(KindUnknown, Record{Bytes: []byte(`{"a":{"b":[1}}`)})[0].Code)
}

func TestSessionDefects(t *testing.T) {
	d := NewDecoder(Options{})
	check := func(text string, want ...Code) {
		t.Helper()
		_, findings := d.Session(Record{Bytes: []byte(text)})
		var got []Code
		for _, f := range findings {
			if f.Code != SchemaMissingField {
				got = append(got, f.Code)
			}
		}
		assert.Equal(t, want, got)
	}
	check(`{"id":"1","cdr_token":{},"start_date_time":"2026-01-01T10:00:00Z","end_date_time":"2026-01-01T09:00:00Z"}`, TimeEndBeforeStart)
	check(`{"id":"1","auth_id":"NLTNMC12345678","start_datetime":"2026-01-01T10:00:00Z","end_datetime":"2026-01-01T10:00:00Z","kwh":1}`, TimeZeroDuration)
	check(`{"id":"1","cdr_token":{},"kwh":-1,"status":"completed"}`, SchemaEnum, EnergyNegative)
	check(`{"id":"1","cdr_token":{},"charging_periods":[{"start_date_time":"2026-01-01T10:00:00Z","dimensions":[{"type":"STATE_OF_CHARGE","volume":50},
{"type":"CURRENT","volume":1},{"type":"POWER","volume":1},{"type":"ENERGY_EXPORT","volume":1},{"type":"ENERGY_IMPORT","volume":1}]}]}`)
}
