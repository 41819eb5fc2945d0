package ocpi

import "github.com/nexacollect/reconcile/ocpi/exact"

// locationTable is the location (mod_locations, Location object). What settlement has no use for is passed over.
var locationTable = newTable("a location", []member[Location]{
	{meta{name: "country_code", in: Since221, req: Since221, ci: true}, func(d *Decoder, l *Location) { l.CountryCode = d.text() }},
	{meta{name: "party_id", in: Since221, req: Since221, max: 3, ci: true}, func(d *Decoder, l *Location) { l.PartyID = d.text() }},
	{meta{name: "id", req: AnyVersion, sev: SeverityError, max: 36, max211: 39, ci: true}, func(d *Decoder, l *Location) { l.ID = d.text() }},
	{meta{name: "type", in: V211, req: V211}, passText[Location]},
	{meta{name: "publish", in: Since221, req: Since221}, func(d *Decoder, l *Location) { l.Publish = d.boolean() }},
	{meta{name: "publish_allowed_to", in: Since221}, nil},
	{meta{name: "name", max: 255}, func(d *Decoder, l *Location) { l.Name = d.text() }},
	{meta{name: "address", req: AnyVersion, max: 255, max211: 45}, func(d *Decoder, l *Location) { l.Address = d.text() }},
	{meta{name: "city", req: AnyVersion, max: 45}, func(d *Decoder, l *Location) { l.City = d.text() }},
	{meta{name: "postal_code", req: V211, max: 10}, func(d *Decoder, l *Location) { l.PostalCode = d.text() }},
	{meta{name: "state", in: Since221, max: 45}, func(d *Decoder, l *Location) { l.State = d.text() }},
	{meta{name: "country", req: AnyVersion}, func(d *Decoder, l *Location) { l.Country = d.text() }},
	{meta{name: "coordinates", req: AnyVersion}, func(d *Decoder, l *Location) { d.coordinates(&l.Latitude, &l.Longitude) }},
	{meta{name: "related_locations"}, nil},
	{meta{name: "parking_type", in: Since221}, nil},
	{meta{name: "evses"}, readEVSEs},
	{meta{name: "parking_places", in: V230}, nil},
	{meta{name: "directions"}, nil},
	{meta{name: "operator"}, nil},
	{meta{name: "suboperator"}, nil},
	{meta{name: "owner"}, nil},
	{meta{name: "facilities"}, nil},
	{meta{name: "time_zone", req: Since221, max: 255}, func(d *Decoder, l *Location) { l.TimeZone = d.text() }},
	{meta{name: "opening_times"}, nil},
	{meta{name: "charging_when_closed"}, nil},
	{meta{name: "images"}, nil},
	{meta{name: "energy_mix"}, nil},
	{meta{name: "help_phone", in: V230, max: 25}, nil},
	{meta{name: "last_updated", req: AnyVersion}, func(d *Decoder, l *Location) { l.LastUpdated = d.time() }},
	{meta{name: OriginalMember}, nil}, {meta{name: WithheldMember}, nil},
})

var evseStatuses = []string{
	"AVAILABLE", "BLOCKED", "CHARGING", "INOPERATIVE", "OUTOFORDER", "PLANNED", "REMOVED", "RESERVED", "UNKNOWN",
}

var evseTable = newTable("an EVSE", []member[EVSE]{
	{meta{name: "uid", req: AnyVersion, sev: SeverityError, max: 36, max211: 39, ci: true}, func(d *Decoder, e *EVSE) { e.UID = d.text() }},
	{meta{name: "evse_id", max: 48, ci: true}, func(d *Decoder, e *EVSE) { e.EVSEID = d.text() }},
	{meta{name: "status", req: AnyVersion}, func(d *Decoder, e *EVSE) { e.Status = d.enum(evseStatuses) }},
	{meta{name: "status_schedule"}, nil},
	{meta{name: "capabilities"}, nil},
	{meta{name: "connectors", req: AnyVersion}, readConnectors},
	{meta{name: "floor_level"}, nil},
	{meta{name: "coordinates"}, nil},
	{meta{name: "physical_reference"}, nil},
	{meta{name: "directions"}, nil},
	{meta{name: "parking_restrictions"}, nil},
	{meta{name: "parking", in: V230}, nil},
	{meta{name: "accepted_service_providers", in: V230}, nil},
	{meta{name: "images"}, nil},
	{meta{name: "last_updated", req: AnyVersion}, func(d *Decoder, e *EVSE) { e.LastUpdated = d.time() }},
})

// connectorTable is the connector. 2.1.1 names one tariff, later versions several.
var connectorTable = newTable("a connector", []member[Connector]{
	{meta{name: "id", req: AnyVersion, sev: SeverityError, max: 36, ci: true}, func(d *Decoder, c *Connector) { c.ID = d.text() }},
	{meta{name: "standard", req: AnyVersion}, func(d *Decoder, c *Connector) { c.Standard = d.text() }},
	{meta{name: "format", req: AnyVersion}, func(d *Decoder, c *Connector) { c.Format = d.text() }},
	{meta{name: "power_type", req: AnyVersion}, func(d *Decoder, c *Connector) { c.PowerType = d.text() }},
	{meta{name: "voltage", in: V211, req: V211, as: "max_voltage"}, func(d *Decoder, c *Connector) { c.Voltage = d.whole() }},
	{meta{name: "amperage", in: V211, req: V211, as: "max_amperage"}, func(d *Decoder, c *Connector) { c.Amperage = d.whole() }},
	{meta{name: "max_voltage", in: Since221, req: Since221}, func(d *Decoder, c *Connector) { c.Voltage = d.whole() }},
	{meta{name: "max_amperage", in: Since221, req: Since221}, func(d *Decoder, c *Connector) { c.Amperage = d.whole() }},
	{meta{name: "max_electric_power", in: Since221}, func(d *Decoder, c *Connector) { c.MaxElectricPower = d.whole() }},
	{meta{name: "tariff_id", in: V211, max: 36, as: "tariff_ids"}, func(d *Decoder, c *Connector) { c.TariffIDs = []string{d.text()} }},
	{meta{name: "tariff_ids", in: Since221, max: 36, ci: true}, func(d *Decoder, c *Connector) {
		c.TariffIDs = nil
		d.list(func() { c.TariffIDs = append(c.TariffIDs, d.text()) })
	}},
	{meta{name: "terms_and_conditions"}, nil},
	{meta{name: "capabilities", in: V230}, nil},
	{meta{name: "last_updated", req: AnyVersion}, func(d *Decoder, c *Connector) { c.LastUpdated = d.time() }},
})

func readEVSEs(d *Decoder, l *Location) {
	l.EVSEs = nil
	d.list(func() {
		l.EVSEs = append(l.EVSEs, EVSE{})
		readObject(d, evseTable, &l.EVSEs[len(l.EVSEs)-1])
	})
}

func readConnectors(d *Decoder, e *EVSE) {
	e.Connectors = nil
	d.list(func() {
		e.Connectors = append(e.Connectors, Connector{})
		readObject(d, connectorTable, &e.Connectors[len(e.Connectors)-1])
	})
}

// geo is a position on earth, kept as sent: OCPI's own examples swap the two.
type geo struct{ latitude, longitude *string }

var geoTable = newTable("coordinates", []member[geo]{
	{meta{name: "latitude", req: AnyVersion, max: 10}, func(d *Decoder, g *geo) { *g.latitude = d.text() }},
	{meta{name: "longitude", req: AnyVersion, max: 11}, func(d *Decoder, g *geo) { *g.longitude = d.text() }},
})

func (d *Decoder) coordinates(latitude, longitude *string) {
	d.geo = geo{latitude, longitude}
	readObject(d, geoTable, &d.geo)
	d.geo = geo{}
}

// fullLocation reads the whole location that 2.1.1 puts into CDRs and sessions.
func (d *Decoder) fullLocation() {
	score := d.score // a location alone decides no version of the record around it
	d.store = Location{}
	d.full = &d.store
	at := d.p
	readObject(d, locationTable, d.full)
	d.score = score
	connectors := 0
	for _, e := range d.full.EVSEs {
		connectors += len(e.Connectors)
	}
	if len(d.full.EVSEs) > 1 || connectors > 1 {
		d.notef(LocationAmbiguous, SeverityWarn, at, "a location of %d EVSEs and %d connectors, wanted the one that was used; the first is taken",
			len(d.full.EVSEs), connectors)
	}
}

// reduceLocation brings a whole location into the form of a CDR location. Where the record has both, its own form wins and
// the other fills the gaps; only the whole one can hold a time zone and the power of the connector.
func (d *Decoder) reduceLocation(c *CDRLocation) {
	l := d.full
	if l == nil {
		return
	}
	fill := func(dst *string, value string) {
		if *dst == "" {
			*dst = value
		}
	}
	if c.Latitude == "" && c.Longitude == "" {
		c.Latitude, c.Longitude = l.Latitude, l.Longitude
	}
	fill(&c.ID, l.ID)
	fill(&c.Name, l.Name)
	fill(&c.Address, l.Address)
	fill(&c.City, l.City)
	fill(&c.PostalCode, l.PostalCode)
	fill(&c.State, l.State)
	fill(&c.Country, l.Country)
	fill(&c.TimeZone, l.TimeZone)
	if len(l.EVSEs) == 0 {
		return
	}
	e := &l.EVSEs[0]
	fill(&c.EVSEUID, e.UID)
	fill(&c.EVSEID, e.EVSEID)
	if len(e.Connectors) == 0 {
		return
	}
	k := &e.Connectors[0]
	fill(&c.ConnectorID, k.ID)
	fill(&c.ConnectorStandard, k.Standard)
	fill(&c.ConnectorFormat, k.Format)
	fill(&c.PowerType, k.PowerType)
	c.MaxPowerW = k.MaxPowerW()
}

// phases is how often a connector's voltage and current count, by power type (mod_locations, PowerType).
func phases(powerType string) int64 {
	switch powerType {
	case "AC_1_PHASE", "DC":
		return 1
	case "AC_2_PHASE", "AC_2_PHASE_SPLIT":
		return 2
	case "AC_3_PHASE":
		return 3
	}
	return 0
}

// MaxPowerW is the most that the connector can deliver, in W: max_electric_power where it is given, else voltage × current ×
// phases. It is absent where these are not known.
func (c *Connector) MaxPowerW() Number {
	if c.MaxElectricPower.Present {
		return c.MaxElectricPower
	}
	n := phases(c.PowerType)
	if n == 0 || !c.Voltage.Present || !c.Amperage.Present {
		return Number{}
	}
	return Number{Value: c.Voltage.Value.Mul(c.Amperage.Value).Mul(exact.FromInt(n)), Present: true}
}
