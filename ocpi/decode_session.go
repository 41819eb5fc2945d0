package ocpi

// sessionTable is the session (mod_sessions, Session object). In 2.1.1 its times have other names than those of a CDR. No
// session prices a line, so that only a missing id blocks.
var sessionTable = newTable("a session", []member[Session]{
	{meta{name: "country_code", in: Since221, req: Since221, sev: SeverityError, ci: true}, func(d *Decoder, s *Session) { s.CountryCode = d.text() }},
	{meta{name: "party_id", in: Since221, req: Since221, sev: SeverityError, max: 3, ci: true}, func(d *Decoder, s *Session) { s.PartyID = d.text() }},
	{meta{name: "id", req: AnyVersion, sev: SeverityBlock, max: 36, ci: true}, func(d *Decoder, s *Session) { s.ID = d.text() }},
	{meta{name: "start_datetime", in: V211, req: V211, sev: SeverityError, as: "start_date_time"}, func(d *Decoder, s *Session) { s.StartDateTime = d.time() }},
	{meta{name: "end_datetime", in: V211, sev: SeverityError, as: "end_date_time"}, func(d *Decoder, s *Session) { s.EndDateTime = d.time() }},
	{meta{name: "start_date_time", in: Since221, req: Since221, sev: SeverityError}, func(d *Decoder, s *Session) { s.StartDateTime = d.time() }},
	{meta{name: "end_date_time", in: Since221, sev: SeverityError}, func(d *Decoder, s *Session) { s.EndDateTime = d.time() }},
	{meta{name: "kwh", req: AnyVersion, sev: SeverityError}, func(d *Decoder, s *Session) { s.KWh = d.number() }},
	{meta{name: "auth_id", in: V211, req: V211, sev: SeverityError, max: 36, as: "cdr_token", both: true}, func(d *Decoder, s *Session) { s.Token.AuthID = d.text() }},
	{meta{name: "cdr_token", in: Since221, req: Since221, sev: SeverityError, both: true}, func(d *Decoder, s *Session) { d.token(&s.Token) }},
	{meta{name: "auth_method", req: AnyVersion}, func(d *Decoder, s *Session) { s.AuthMethod = d.enum(authMethods) }},
	{meta{name: "authorization_reference", in: Since221, max: 36, ci: true}, func(d *Decoder, s *Session) { s.AuthorizationReference = d.text() }},
	{meta{name: "location", in: V211, req: V211, as: "location_id", both: true}, func(d *Decoder, _ *Session) { d.fullLocation() }},
	{meta{name: "location_id", in: Since221, req: Since221, max: 36, ci: true, both: true}, func(d *Decoder, s *Session) { s.Location.ID = d.text() }},
	{meta{name: "evse_uid", in: Since221, req: Since221, max: 36, ci: true}, func(d *Decoder, s *Session) { s.Location.EVSEUID = d.text() }},
	{meta{name: "connector_id", in: Since221, req: Since221, max: 36, ci: true}, func(d *Decoder, s *Session) { s.Location.ConnectorID = d.text() }},
	{meta{name: "time_zone", in: strayMember, max: 255}, func(d *Decoder, s *Session) { s.Location.TimeZone = d.text() }},
	{meta{name: "meter_id", max: 255}, func(d *Decoder, s *Session) { s.MeterID = d.text() }},
	{meta{name: "currency", req: AnyVersion, sev: SeverityError}, func(d *Decoder, s *Session) { s.Currency = d.currency() }},
	{meta{name: "charging_periods", sev: SeverityError}, func(d *Decoder, _ *Session) { d.chargingPeriods() }},
	{meta{name: "total_cost", sev: SeverityError}, func(d *Decoder, s *Session) { d.cost(&s.TotalCost) }},
	{meta{name: "status", req: AnyVersion, sev: SeverityError}, func(d *Decoder, s *Session) { s.Status = d.enum(sessionStatuses) }},
	{meta{name: "last_updated", req: AnyVersion}, func(d *Decoder, s *Session) { s.LastUpdated = d.time() }},
	{meta{name: "source_rows"}, nil}, // as in a CDR
	{meta{name: OriginalMember}, nil}, {meta{name: WithheldMember}, nil},
})

// finishSession puts together what the members of one session say in several places.
func finishSession(d *Decoder, s *Session) {
	s.ChargingPeriods = d.takePeriods()
	d.reduceLocation(&s.Location)
}

var (
	tokenTypes     = []string{"AD_HOC_USER", "APP_USER", "EMAID", "OTHER", "RFID"}
	whitelistWords = []string{"ALWAYS", "ALLOWED", "ALLOWED_OFFLINE", "NEVER"}
)

// tokenTable is the token (mod_tokens, Token object).
var tokenTable = newTable("a token", []member[Token]{
	{meta{name: "country_code", in: Since221, req: Since221, ci: true}, func(d *Decoder, t *Token) { t.CountryCode = d.text() }},
	{meta{name: "party_id", in: Since221, req: Since221, max: 3, ci: true}, func(d *Decoder, t *Token) { t.PartyID = d.text() }},
	{meta{name: "uid", req: AnyVersion, sev: SeverityBlock, max: 36, ci: true}, func(d *Decoder, t *Token) { t.UID = d.text() }},
	{meta{name: "type", req: AnyVersion}, func(d *Decoder, _ *Token) { d.enum(tokenTypes) }},
	{meta{name: "auth_id", in: V211, req: V211, sev: SeverityError, max: 36, as: "contract_id"}, func(d *Decoder, t *Token) { t.AuthID = d.text() }},
	{meta{name: "contract_id", in: Since221, req: Since221, sev: SeverityError, max: 36, ci: true}, func(d *Decoder, t *Token) { t.ContractID = d.text() }},
	{meta{name: "visual_number", max: 64}, passText[Token]},
	{meta{name: "issuer", req: AnyVersion, max: 64}, passText[Token]},
	{meta{name: "group_id", in: Since221, max: 36, ci: true}, passText[Token]},
	{meta{name: "valid", req: AnyVersion, sev: SeverityError}, func(d *Decoder, t *Token) { t.Valid = d.boolean() }},
	{meta{name: "whitelist", req: AnyVersion}, func(d *Decoder, _ *Token) { d.enum(whitelistWords) }},
	{meta{name: "language", max: 2}, passText[Token]},
	{meta{name: "default_profile_type", in: Since221}, passText[Token]},
	{meta{name: "energy_contract", in: Since221}, nil},
	{meta{name: "last_updated", req: AnyVersion}, func(d *Decoder, t *Token) { t.LastUpdated = d.time() }},
	{meta{name: OriginalMember}, nil}, {meta{name: WithheldMember}, nil},
})

// passText checks a text that is not kept.
func passText[T any](d *Decoder, _ *T) { d.text() }
