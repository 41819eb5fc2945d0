package ocpi

// cdrTable is the CDR (mod_cdrs, CDR object). A finding blocks only where the price or the identity of the record needs the
// member.
var cdrTable = newTable("a CDR", []member[CDR]{
	{meta{name: "country_code", in: Since221, req: Since221, sev: SeverityError, ci: true}, func(d *Decoder, c *CDR) { c.CountryCode = d.text() }},
	{meta{name: "party_id", in: Since221, req: Since221, sev: SeverityError, max: 3, ci: true}, func(d *Decoder, c *CDR) { c.PartyID = d.text() }},
	{meta{name: "id", req: AnyVersion, sev: SeverityBlock, ci: true}, func(d *Decoder, c *CDR) { c.ID = d.text() }},
	{meta{name: "start_date_time", req: AnyVersion, sev: SeverityBlock}, func(d *Decoder, c *CDR) { c.StartDateTime = d.time() }},
	{meta{name: "stop_date_time", in: V211, req: V211, sev: SeverityBlock, as: "end_date_time"}, func(d *Decoder, c *CDR) { c.EndDateTime = d.time() }},
	{meta{name: "end_date_time", in: Since221, req: Since221, sev: SeverityBlock}, func(d *Decoder, c *CDR) { c.EndDateTime = d.time() }},
	{meta{name: "session_id", in: Since221, max: 36, ci: true}, func(d *Decoder, c *CDR) { c.SessionID = d.text() }},
	{meta{name: "auth_id", in: V211, req: V211, sev: SeverityError, max: 36, as: "cdr_token", both: true}, func(d *Decoder, c *CDR) { c.Token.AuthID = d.text() }},
	{meta{name: "cdr_token", in: Since221, req: Since221, sev: SeverityError, both: true}, func(d *Decoder, c *CDR) { d.token(&c.Token) }},
	{meta{name: "auth_method", req: AnyVersion}, func(d *Decoder, c *CDR) { c.AuthMethod = d.enum(authMethods) }},
	{meta{name: "authorization_reference", in: Since221, max: 36, ci: true}, func(d *Decoder, c *CDR) { c.AuthorizationReference = d.text() }},
	{meta{name: "location", in: V211, req: V211, sev: SeverityError, as: "cdr_location", both: true}, func(d *Decoder, _ *CDR) { d.fullLocation() }},
	{meta{name: "cdr_location", in: Since221, req: Since221, sev: SeverityError, both: true}, func(d *Decoder, c *CDR) { d.cdrLocation(&c.Location) }},
	{meta{name: "time_zone", in: strayMember, max: 255}, func(d *Decoder, c *CDR) { c.Location.TimeZone = d.text() }},
	{meta{name: "meter_id", max: 255}, func(d *Decoder, c *CDR) { c.MeterID = d.text() }},
	{meta{name: "currency", req: AnyVersion, sev: SeverityBlock, price: true}, func(d *Decoder, c *CDR) { c.Currency = d.currency() }},
	{meta{name: "tariffs", sev: SeverityBlock, price: true}, readCDRTariffs},
	{meta{name: "charging_periods", sev: SeverityBlock, price: true}, func(d *Decoder, _ *CDR) { d.chargingPeriods() }},
	{meta{name: "signed_data", in: Since221}, readSignedData},
	{meta{name: "total_cost", req: AnyVersion, sev: SeverityError, price: true}, func(d *Decoder, c *CDR) { d.cost(&c.TotalCost) }},
	{meta{name: "total_fixed_cost", in: Since221, sev: SeverityError, price: true}, func(d *Decoder, c *CDR) { d.cost(&c.TotalFixedCost) }},
	{meta{name: "total_energy", req: AnyVersion, sev: SeverityError, price: true}, func(d *Decoder, c *CDR) { c.TotalEnergy = d.number() }},
	{meta{name: "total_energy_cost", in: Since221, sev: SeverityError, price: true}, func(d *Decoder, c *CDR) { d.cost(&c.TotalEnergyCost) }},
	{meta{name: "total_time", req: AnyVersion, sev: SeverityError, price: true}, func(d *Decoder, c *CDR) { c.TotalTime = d.number() }},
	{meta{name: "total_time_cost", in: Since221, sev: SeverityError, price: true}, func(d *Decoder, c *CDR) { d.cost(&c.TotalTimeCost) }},
	{meta{name: "total_parking_time", sev: SeverityError, price: true}, func(d *Decoder, c *CDR) { c.TotalParkingTime = d.number() }},
	{meta{name: "total_parking_cost", in: Since221, sev: SeverityError, price: true}, func(d *Decoder, c *CDR) { d.cost(&c.TotalParkingCost) }},
	{meta{name: "total_reservation_cost", in: Since221, sev: SeverityError, price: true}, func(d *Decoder, c *CDR) { d.cost(&c.TotalReservationCost) }},
	{meta{name: "remark", max: 255}, func(d *Decoder, c *CDR) { c.Remark = d.text() }},
	{meta{name: "invoice_reference_id", in: Since221, max: 39, ci: true}, func(d *Decoder, c *CDR) { c.InvoiceReferenceID = d.text() }},
	{meta{name: "credit", in: Since221, sev: SeverityError, price: true}, func(d *Decoder, c *CDR) { c.Credit = d.boolean() }},
	{meta{name: "credit_reference_id", in: Since221, sev: SeverityError, max: 39, ci: true, price: true}, func(d *Decoder, c *CDR) { c.CreditReferenceID = d.text() }},
	{meta{name: "home_charging_compensation", in: Since221, sev: SeverityError}, func(d *Decoder, c *CDR) { c.HomeChargingCompensation = d.boolean() }},
	{meta{name: "booking_id", in: V230, max: 36, ci: true}, nil},
	{meta{name: "last_updated", req: AnyVersion}, func(d *Decoder, c *CDR) { c.LastUpdated = d.time() }},
	{meta{name: "source_rows"}, nil}, // of no version: the rows of the table that the CDR was made of, see reconcile.RecordReader
	{meta{name: OriginalMember}, nil}, {meta{name: WithheldMember}, nil},
})

// strayMember marks a member that no version has at this place but that senders put there and settlement can use.
const strayMember Version = 1 << 7

var (
	authMethods     = []string{"AUTH_REQUEST", "COMMAND", "WHITELIST"}
	sessionStatuses = []string{"ACTIVE", "COMPLETED", "INVALID", "PENDING", "RESERVATION"}
)

var tokenMembers = []member[CDRToken]{
	{meta{name: "country_code", req: Since221, ci: true}, func(d *Decoder, t *CDRToken) { t.CountryCode = d.text() }},
	{meta{name: "party_id", req: Since221, max: 3, ci: true}, func(d *Decoder, t *CDRToken) { t.PartyID = d.text() }},
	{meta{name: "uid", req: Since221, sev: SeverityError, max: 36, ci: true}, func(d *Decoder, t *CDRToken) { t.UID = d.text() }},
	{meta{name: "type", req: Since221}, func(d *Decoder, t *CDRToken) { t.Type = d.text() }},
	{meta{name: "contract_id", req: Since221, sev: SeverityError, max: 36, ci: true}, func(d *Decoder, t *CDRToken) { t.ContractID = d.text() }},
}

// cdrTokenTable is the driver's token as the CDR holds it (mod_cdrs, CdrToken). 2.2 had no party in it.
var cdrTokenTable = newTable("a CDR token", tokenMembers)

func (d *Decoder) token(t *CDRToken) {
	authID := t.AuthID
	*t = CDRToken{}
	readLatest(d, &d.lastToken, cdrTokenTable, t)
	t.AuthID = authID // beside the token: no member of it
}

// cdrLocationTable is the place as the CDR holds it since 2.2 (mod_cdrs, CdrLocation).
var cdrLocationTable = newTable("a CDR location", []member[CDRLocation]{
	{meta{name: "id", req: Since221, max: 36, ci: true}, func(d *Decoder, l *CDRLocation) { l.ID = d.text() }},
	{meta{name: "name", max: 255}, func(d *Decoder, l *CDRLocation) { l.Name = d.text() }},
	{meta{name: "address", req: Since221, max: 45}, func(d *Decoder, l *CDRLocation) { l.Address = d.text() }},
	{meta{name: "city", req: Since221, max: 45}, func(d *Decoder, l *CDRLocation) { l.City = d.text() }},
	{meta{name: "postal_code", max: 10}, func(d *Decoder, l *CDRLocation) { l.PostalCode = d.text() }},
	{meta{name: "state", max: 20}, func(d *Decoder, l *CDRLocation) { l.State = d.text() }},
	{meta{name: "country", req: Since221}, func(d *Decoder, l *CDRLocation) { l.Country = d.text() }},
	{meta{name: "coordinates", req: Since221}, func(d *Decoder, l *CDRLocation) { d.coordinates(&l.Latitude, &l.Longitude) }},
	{meta{name: "evse_uid", req: Since221, max: 36, ci: true}, func(d *Decoder, l *CDRLocation) { l.EVSEUID = d.text() }},
	{meta{name: "evse_id", req: Since221, max: 48, ci: true}, func(d *Decoder, l *CDRLocation) { l.EVSEID = d.text() }},
	{meta{name: "connector_id", req: Since221, max: 36, ci: true}, func(d *Decoder, l *CDRLocation) { l.ConnectorID = d.text() }},
	{meta{name: "connector_standard", req: Since221}, func(d *Decoder, l *CDRLocation) { l.ConnectorStandard = d.text() }},
	{meta{name: "connector_format", req: Since221}, func(d *Decoder, l *CDRLocation) { l.ConnectorFormat = d.text() }},
	{meta{name: "connector_power_type", req: Since221}, func(d *Decoder, l *CDRLocation) { l.PowerType = d.text() }},
	{meta{name: "time_zone", in: strayMember, max: 255}, func(d *Decoder, l *CDRLocation) { l.TimeZone = d.text() }},
})

func (d *Decoder) cdrLocation(l *CDRLocation) {
	zone := l.TimeZone
	*l = CDRLocation{}
	readRemembered(d, &d.places, cdrLocationTable, l)
	if l.TimeZone == "" {
		l.TimeZone = zone // stated beside the location
	}
}

// readCDRTariffs reads the embedded tariffs. What they count for the version is only whether they state tax_included: all
// else in them senders of every version add or leave out.
func readCDRTariffs(d *Decoder, c *CDR) {
	c.Tariffs, c.TariffOffsets = nil, nil
	d.list(func() {
		at := d.p
		if t := d.embeddedTariff(); t != nil {
			if c.Tariffs == nil { // mostly there is one: both lists then share an allocation
				var one struct {
					tariff [1]*Tariff
					offset [1]int
				}
				c.Tariffs, c.TariffOffsets = one.tariff[:0], one.offset[:0]
			}
			c.Tariffs = append(c.Tariffs, t)
			c.TariffOffsets = append(c.TariffOffsets, at)
		}
	})
}

var signedDataTable = newTable("signed data", []member[SignedData]{
	{meta{name: "encoding_method", req: Since221, max: 36, ci: true}, func(d *Decoder, s *SignedData) { s.EncodingMethod = d.text() }},
	{meta{name: "encoding_method_version"}, func(d *Decoder, s *SignedData) { s.EncodingMethodVersion = d.whole() }},
	{meta{name: "public_key", max: 512}, func(d *Decoder, s *SignedData) { s.PublicKey = d.text() }},
	{meta{name: "signed_values", req: Since221}, func(d *Decoder, s *SignedData) {
		s.SignedValues = nil
		d.list(func() {
			s.SignedValues = append(s.SignedValues, SignedValue{})
			readObject(d, signedValueTable, &s.SignedValues[len(s.SignedValues)-1])
		})
	}},
	{meta{name: "url", max: 512}, func(d *Decoder, s *SignedData) { s.URL = d.text() }},
})

var signedValueTable = newTable("a signed value", []member[SignedValue]{
	{meta{name: "nature", req: Since221, max: 32, ci: true}, func(d *Decoder, s *SignedValue) { s.Nature = d.text() }},
	{meta{name: "plain_data", req: Since221, max: 5000}, func(d *Decoder, s *SignedValue) { s.PlainData = d.text() }},
	{meta{name: "signed_data", req: Since221, max: 5000}, func(d *Decoder, s *SignedValue) { s.SignedData = d.text() }},
})

func readSignedData(d *Decoder, c *CDR) {
	c.SignedData = new(SignedData)
	readObject(d, signedDataTable, c.SignedData)
}

// finishCDR puts together what the members of one CDR say in several places.
func finishCDR(d *Decoder, c *CDR) {
	c.ChargingPeriods = d.takePeriods()
	d.reduceLocation(&c.Location)
}
