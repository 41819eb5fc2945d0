package generate

// appendSession writes a session as one line of NDJSON, in the version of its operator.
func appendSession(b []byte, s *session) []byte {
	o := &object{b}
	v := s.visit
	o.open("", '{')
	if v.version != v211 {
		o.str("country_code", v.countryCode)
		o.str("party_id", v.partyID)
	}
	o.str("id", s.id)
	start, end := "start_date_time", "end_date_time"
	if v.version == v211 {
		start, end = "start_datetime", "end_datetime"
	}
	o.time(start, s.start)
	if s.end != 0 {
		o.time(end, s.end)
	}
	o.dec("kwh", int64(s.whole), 6)
	if v.version == v211 {
		o.str("auth_id", v.contract) // Token.auth_id names the contract; 2.2 calls it contract_id
	} else {
		o.token(v)
	}
	o.authorization(v)
	if v.version == v211 {
		o.fullLocation(v.evse, v.tariff)
	} else {
		o.str("location_id", v.evse.locationID)
		o.str("evse_uid", v.evse.uid)
		o.str("connector_id", "1")
	}
	o.optional("meter_id", v.meter)
	o.str("currency", v.currency)
	if len(s.periods) > 0 {
		o.periods(s.periods, v.version, v.tariff.id)
	}
	if s.net != 0 {
		o.price("total_cost", v, s.net, s.gross)
	}
	o.str("status", s.status)
	o.time("last_updated", s.updated)
	o.close('}')
	return append(o.b, '\n')
}
