package generate

import "cmp"

// appendCDR writes a CDR as one line of NDJSON, in the version of its operator.
func appendCDR(b []byte, c *cdr) []byte {
	o := &object{b}
	v := c.visit
	o.open("", '{')
	if v.version != v211 {
		o.str("country_code", v.countryCode)
		o.str("party_id", v.partyID)
	}
	o.str("id", c.id)
	o.time("start_date_time", c.start)
	if v.version == v211 {
		o.time("stop_date_time", c.end)
		o.str("auth_id", v.contract) // Token.auth_id names the contract; 2.2 calls it contract_id
	} else {
		o.time("end_date_time", c.end)
		o.str("session_id", c.sessionID)
		o.token(v)
	}
	o.authorization(v)
	if v.version == v211 {
		o.fullLocation(v.evse, v.tariff)
	} else {
		o.cdrLocation(v.evse)
	}
	o.optional("meter_id", v.meter)
	o.str("currency", cmp.Or(c.currency, v.currency))
	o.tariffs(c)
	o.periods(c.periods, v.version, c.tariffID())
	if c.meter != nil {
		o.signedData(c)
	}
	o.totals(c)
	if c.credits != "" || c.isCredit {
		o.yes("credit")
		o.optional("credit_reference_id", c.credits)
	}
	if c.homeCharging {
		o.yes("home_charging_compensation")
	}
	o.time("last_updated", c.updated)
	o.close('}')
	return append(o.b, '\n')
}

// tariffID is what the periods name.
func (c *cdr) tariffID() string {
	if c.otherTariff != "" {
		return c.otherTariff
	}
	return c.tariff.id
}

func (o *object) tariffs(c *cdr) {
	if c.otherTariff != "" {
		return
	}
	o.open("tariffs", '[')
	o.raw("", c.tariff.json)
	o.close(']')
}

func (o *object) token(v *visit) {
	o.open("cdr_token", '{')
	o.str("country_code", v.debtorCountry)
	o.str("party_id", v.debtorParty)
	o.str("uid", v.token)
	o.str("type", "RFID")
	o.str("contract_id", v.contract)
	o.close('}')
}

func (o *object) authorization(v *visit) {
	if v.authorization == "" {
		o.str("auth_method", "WHITELIST")
		return
	}
	o.str("auth_method", "AUTH_REQUEST")
	if v.version != v211 {
		o.str("authorization_reference", v.authorization)
	}
}

func (o *object) cdrLocation(e *evse) {
	o.open("cdr_location", '{')
	o.str("id", e.locationID)
	renderAddress(o, e)
	o.str("evse_uid", e.uid)
	o.str("evse_id", e.id)
	o.str("connector_id", "1")
	o.str("connector_standard", e.standard)
	o.str("connector_format", e.format)
	o.str("connector_power_type", e.powerType)
	o.close('}')
}

// fullLocation is the location of a 2.1.1 CDR or session: a Location object reduced to one EVSE.
func (o *object) fullLocation(e *evse, t *tariff) {
	o.open("location", '{')
	o.str("id", e.locationID)
	o.str("type", "ON_STREET")
	renderAddress(o, e)
	o.open("evses", '[')
	renderEVSE(o, e, t.updated)
	o.close(']')
	o.str("time_zone", e.zone)
	o.time("last_updated", t.updated)
	o.close('}')
}

// periods writes charging periods. Every period reports its time, priced or not; hours have four decimals.
func (o *object) periods(periods []period, v version, tariffID string) {
	o.open("charging_periods", '[')
	for i := range periods {
		p := &periods[i]
		o.open("", '{')
		o.time("start_date_time", p.start)
		o.open("dimensions", '[')
		if p.idle {
			o.dimension("PARKING_TIME", hours(p.seconds), 4)
		} else {
			o.dimension("ENERGY", int64(p.energy), 6)
			o.dimension("TIME", hours(p.seconds), 4)
		}
		o.close(']')
		if v != v211 {
			o.str("tariff_id", tariffID)
		}
		o.close('}')
	}
	o.close(']')
}

func (o *object) dimension(name string, volume int64, scale int) {
	o.open("", '{')
	o.str("type", name)
	o.dec("volume", volume, scale)
	o.close('}')
}

// hours is a time in ten-thousandths of an hour, rounded to the nearest.
func hours(seconds int64) int64 { return roundDiv(seconds*10000, 3600) }

// totals writes total_cost, and beside it what each dimension costs with four decimals.
func (o *object) totals(c *cdr) {
	v := c.visit
	o.price("total_cost", v, c.net, c.gross)
	if v.version != v211 {
		o.part("total_fixed_cost", v, c.cost.part[perSession])
	}
	o.dec("total_energy", int64(c.whole), 6)
	if v.version != v211 {
		o.part("total_energy_cost", v, c.cost.part[perKWh])
	}
	o.dec("total_time", c.hours(), 4)
	if v.version != v211 {
		o.part("total_time_cost", v, c.cost.part[perHour])
	}
	if idle := idleHours(c.periods); idle != 0 {
		o.dec("total_parking_time", idle, 4)
	}
	if v.version != v211 {
		o.part("total_parking_cost", v, c.cost.part[perIdleHour])
	}
}

// hours is how long the CDR says that the session was.
func (c *cdr) hours() int64 {
	if c.negated {
		return -hours(c.end - c.start)
	}
	return hours(c.end - c.start)
}

// idleHours is the whole idle time, rounded once.
func idleHours(periods []period) int64 {
	sum := int64(0)
	for i := range periods {
		if periods[i].idle {
			sum += periods[i].seconds
		}
	}
	return hours(sum)
}

// price writes a total that is rounded to cents. The tax of 2.3.0 is the difference of the two.
func (o *object) price(name string, v *visit, net, gross cents) {
	switch v.version {
	case v211:
		o.amount(name, net)
		return
	case v221:
		o.open(name, '{')
		o.amount("excl_vat", net)
		if !v.tariff.noTax {
			o.amount("incl_vat", gross)
		}
	case v230:
		o.open(name, '{')
		o.amount("before_taxes", net)
		o.taxes(v, int64(gross-net), 2)
	}
	o.close('}')
}

// part writes the cost of one dimension, where there is any.
func (o *object) part(name string, v *visit, m money) {
	if m.net == 0 {
		return
	}
	o.open(name, '{')
	if v.version == v230 {
		o.dec("before_taxes", m.net.four(), 4)
		o.taxes(v, m.gross.four()-m.net.four(), 4)
	} else {
		o.dec("excl_vat", m.net.four(), 4)
		if !v.tariff.noTax {
			o.dec("incl_vat", m.gross.four(), 4)
		}
	}
	o.close('}')
}

func (o *object) taxes(v *visit, amount int64, scale int) {
	if v.tariff.noTax {
		return
	}
	o.open("taxes", '[')
	o.open("", '{')
	o.str("name", "VAT")
	if t := v.evse.country; t.feeTax == 0 {
		o.dec("percentage", t.tax, 1)
	}
	o.dec("amount", amount, scale)
	o.close('}')
	o.close(']')
}
