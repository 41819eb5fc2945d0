package ocpi

import "slices"

// dimensionVersions is the versions in which a CDR may hold each dimension (mod_cdrs, CdrDimensionType).
var dimensionVersions = [dimensionsCount]Version{
	Energy: AnyVersion, Flat: V211, Time: AnyVersion, ParkingTime: AnyVersion, ReservationTime: Since221,
	MaxCurrent: AnyVersion, MinCurrent: AnyVersion, MaxPower: Since221, MinPower: Since221,
	Current: Since221, Power: Since221, EnergyExport: Since221, EnergyImport: Since221, StateOfCharge: Since221,
}

// sessionOnly reports a dimension that only sessions may hold.
func (d Dimension) sessionOnly() bool { return d >= Current && d < dimensionsCount }

// hours reports a dimension that measures hours.
func (d Dimension) hours() bool { return d == Time || d == ParkingTime || d == ReservationTime }

// priced reports a dimension that a tariff can price by its volume.
func (d Dimension) priced() bool {
	return d == Energy || d.hours()
}

// periodTable is a charging period (mod_cdrs, ChargingPeriod). tariff_id came with 2.2.
var periodTable = newTable("a charging period", []member[ChargingPeriod]{
	{meta{name: "start_date_time", req: AnyVersion, sev: SeverityBlock}, func(d *Decoder, p *ChargingPeriod) { p.StartDateTime = d.time() }},
	{meta{name: "dimensions", req: AnyVersion, sev: SeverityError, price: true}, readDimensions},
	{meta{name: "tariff_id", in: Since221, sev: SeverityError, max: 36, ci: true, price: true}, func(d *Decoder, p *ChargingPeriod) { p.TariffID = d.text() }},
})

var dimensionTable = newTable("a dimension", []member[CDRDimension]{
	{meta{name: "type", req: AnyVersion, sev: SeverityBlock, price: true}, readDimensionType},
	{meta{name: "volume", sev: SeverityBlock, price: true}, func(d *Decoder, v *CDRDimension) { v.Volume = d.number() }},
})

// chargingPeriods reads the list of periods into the decoder's own store, from where takePeriods copies them at their size.
func (d *Decoder) chargingPeriods() {
	if d.again = d.recent.recall(d); d.again {
		return
	}
	score := d.score // members of periods decide nothing: stray tariff ids would outvote the rest
	d.periods, d.dims = d.periods[:0], d.dims[:0]
	at, told := d.p, d.told
	d.list(func() {
		i := len(d.periods)
		d.periods = append(d.periods, ChargingPeriod{Index: d.position()})
		readObject(d, periodTable, &d.periods[i])
	})
	d.score = score
	d.recent = periodMemory{}
	if d.told == told && d.odd&(hasControl|hasBroken) == 0 && d.fault == "" && len(d.strangers) == 0 {
		d.recent.text = d.b[at:d.p]
	}
}

func readDimensions(d *Decoder, p *ChargingPeriod) {
	from := len(d.dims) - len(p.Dimensions) // a second list takes the place of the first
	d.dims = d.dims[:from]
	d.list(func() {
		i := len(d.dims)
		at := d.p
		d.dims = append(d.dims, CDRDimension{})
		v := &d.dims[i]
		const volume = 1 << 1 // the second member of the table
		if filled := readObject(d, dimensionTable, v); filled&volume == 0 && d.fault == "" {
			severity := SeverityWarn
			if v.Kind.priced() {
				severity = SeverityBlock
			}
			d.noteIn(at, "volume", SchemaMissingField, severity, "the volume is missing or null")
		}
	})
	p.Dimensions = d.dims[from:]
}

// readDimensionType reads the type of a dimension; a known one is kept under OCPI's name, any other as sent.
func readDimensionType(d *Decoder, v *CDRDimension) {
	at := d.p
	raw, _, ok := d.rawText()
	if !ok {
		return
	}
	v.Kind = dimensionNamed(raw)
	if v.Kind != DimensionUnknown {
		v.Type = v.Kind.String()
		d.checkDimension(at, v.Kind)
		return
	}
	v.Type = d.intern.string(raw)
	if v.Kind = dimensionNamed(upper(raw)); v.Kind != DimensionUnknown {
		d.notef(SchemaEnum, SeverityWarn, at, "%q, wanted %s", brief(raw), v.Kind)
		d.checkDimension(at, v.Kind)
		return
	}
	d.notef(SchemaEnum, SeverityWarn, at, "%q is no dimension of OCPI; its volume is not priced", brief(raw))
}

// checkDimension reports a dimension that its version does not have. FLAT measures nothing: 2.1.1 lists it all the same.
func (d *Decoder) checkDimension(at int, k Dimension) {
	own := dimensionVersions[k].has(d.version)
	switch {
	case k == Flat && own:
		d.note(DimensionFlat, SeverityInfo, at, "FLAT measures nothing; a flat fee comes from the tariff")
	case k == Flat:
		d.notef(DimensionFlat, SeverityWarn, at, "FLAT is no dimension of %s; a flat fee comes from the tariff", d.version)
	case !own:
		d.notef(SchemaOtherVersion, SeverityWarn, at, "%s is a dimension of %s, the record is %s; it is read", k, versionNames(dimensionVersions[k]), d.version)
	}
}

func upper(raw []byte) []byte {
	out := slices.Clone(raw)
	for i, c := range out {
		if 'a' <= c && c <= 'z' {
			out[i] = c - 'a' + 'A'
		}
	}
	return out
}

// dimensionNamed returns the dimension of that exact name.
func dimensionNamed(name []byte) Dimension {
	switch string(name) {
	case "ENERGY":
		return Energy
	case "FLAT":
		return Flat
	case "TIME":
		return Time
	case "PARKING_TIME":
		return ParkingTime
	case "RESERVATION_TIME":
		return ReservationTime
	case "MAX_CURRENT":
		return MaxCurrent
	case "MIN_CURRENT":
		return MinCurrent
	case "MAX_POWER":
		return MaxPower
	case "MIN_POWER":
		return MinPower
	case "CURRENT":
		return Current
	case "POWER":
		return Power
	case "ENERGY_EXPORT":
		return EnergyExport
	case "ENERGY_IMPORT":
		return EnergyImport
	case "STATE_OF_CHARGE":
		return StateOfCharge
	}
	return DimensionUnknown
}

// takePeriods returns the periods read, with all their dimensions in one array.
func (d *Decoder) takePeriods() []ChargingPeriod {
	if d.again {
		return d.recent.periods
	}
	if len(d.periods) == 0 {
		d.recent = periodMemory{}
		return nil
	}
	periods, dims := d.ownPeriods.copyOf(d.periods, slabPeriods), d.ownDims.copyOf(d.dims, slabDimensions)
	clear(d.periods)
	clear(d.dims)
	for i := range periods {
		n := len(periods[i].Dimensions)
		if n == 0 {
			periods[i].Dimensions = nil
			continue
		}
		periods[i].Dimensions, dims = dims[:n:n], dims[n:]
	}
	d.recent.vi, d.recent.periods = d.vi, periods
	return periods
}
