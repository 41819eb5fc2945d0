package generate

// cdr is a charge detail record as its operator sends it. It begins as a faithful record of a visit.
type cdr struct {
	visit        *visit
	id           string
	sessionID    string
	tariff       *tariff
	otherTariff  string // id that the periods name instead of the tariff's; no tariff is embedded then
	start, end   int64
	periods      []period
	cost         cost
	net, gross   cents  // total_cost
	whole        energy // total_energy
	credits      string // id of the CDR that this one credits
	isCredit     bool   // though it names none
	negated      bool   // its times too
	currency     string // where it is not the visit's
	homeCharging bool
	meter        *reading // what its meter showed; nil: it does not say
	updated      int64
}

// session is the operator's record of a session.
type session struct {
	visit      *visit
	id         string
	status     string
	start, end int64
	periods    []period
	whole      energy
	net, gross cents
	updated    int64
}

// line is one line of the invoice, and the truth about it.
type line struct {
	means                string // id of the CDR that it invoices, whatever it quotes
	cdrID, sessionID     string
	evseID, contractID   string
	meter                string // its number; "": the line does not say, nor the readings
	countryCode, partyID string
	currency             string
	operator             string // country code of the operator that invoices it
	start                int64
	meterStart           energy
	meterStop            energy
	whole                energy
	net, tax             cents
	taxless              bool // the invoice states no tax on this line
	status, reason       string

	disputed                   bool
	proven, conceded, unproven cents
	concededBy, unprovenBy     string
	notes                      []string
	number                     int

	sum         bool // it stands for several CDRs, and says what it covers
	months      bool // whole months of it
	members     []*cdr
	evse        *evse
	contract    string
	location    string
	from, until int64 // starts of the first and the last session
	sessions    int64 // 0: it does not say how many
}

// claim is an entry of the dispute list.
type claim struct {
	line                 *line // whose invoice and number it quotes; nil: it goes by the ids
	countryCode, partyID string
	cdrID, sessionID     string
	reason               string
	kWh                  energy // 0: none
	seconds              int64
	amount               cents
}

// group is everything that one record of the month puts into the files.
type group struct {
	random   *random
	record   int64
	main     visit
	other    visit
	cdrs     []*cdr
	sessions []*session
	lines    []*line
	claims   []*claim
	defect   string
	again    func(v *visit, elsewhere bool, want need) // makes a second visit

	pool pool
}

// pool holds the records of the last group for use by the next.
type pool struct {
	cdrs     []*cdr
	sessions []*session
	lines    []*line
	claims   []*claim
}

func (g *group) reset(record int64, defect string) {
	g.record, g.defect = record, defect
	g.cdrs, g.sessions, g.lines, g.claims = g.cdrs[:0], g.sessions[:0], g.lines[:0], g.claims[:0]
}

// next returns the record after the used ones, from the pool where it has one.
func next[T any](pool *[]*T, used *[]*T) *T {
	if len(*used) == len(*pool) {
		*pool = append(*pool, new(T))
	}
	t := (*pool)[len(*used)]
	*used = append(*used, t)
	return t
}

// addCDR records a visit faithfully.
func (g *group) addCDR(v *visit) *cdr {
	c := next(&g.pool.cdrs, &g.cdrs)
	*c = cdr{
		visit: v, id: g.random.uuid(), sessionID: v.sessionID, tariff: v.tariff, start: v.start, end: v.end,
		periods: append(c.periods[:0], v.periods...), whole: v.whole, updated: v.end + 120 + g.random.below(1800),
	}
	c.bill(v.cost)
	return c
}

// bill sets the CDR's claims of cost to the price, its total rounded to cents.
func (c *cdr) bill(price cost) {
	c.cost, c.net, c.gross = price, price.total.net.cents(), price.total.gross.cents()
}

// overstate changes total_cost and nothing else.
func (c *cdr) overstate(by cents) {
	c.net += by
	c.gross += by + c.cost.total.tax(by)
}

// copyCDR adds another CDR like c, under a new id.
func (g *group) copyCDR(c *cdr) *cdr {
	d := next(&g.pool.cdrs, &g.cdrs)
	periods := append(d.periods[:0], c.periods...)
	*d = *c
	d.periods, d.id, d.updated = periods, g.random.uuid(), c.updated+3600+g.random.below(86400)
	return d
}

// retariff prices a CDR with another tariff.
func (c *cdr) retariff(t *tariff) {
	c.tariff = t
	c.bill(t.priced(c.start, c.visit.evse.country.offset, c.periods))
}

// credit adds the credit CDR of c: everything as in c but the sign of its total (OCPI 2.2.1 mod_cdrs, Credit CDRs).
func (g *group) credit(c *cdr) *cdr {
	d := g.copyCDR(c)
	d.id, d.credits, d.net, d.gross = c.id+"-C", c.id, -c.net, -c.gross
	return d
}

// addSession records the visit's session faithfully.
func (g *group) addSession(v *visit) *session {
	s := next(&g.pool.sessions, &g.sessions)
	*s = session{
		visit: v, id: v.sessionID, status: "COMPLETED", start: v.start, end: v.end, periods: append(s.periods[:0], v.periods...),
		whole: v.whole, net: v.cost.total.net.cents(), gross: v.cost.total.gross.cents(), updated: v.end + 60,
	}
	return s
}

// addLine invoices a CDR as it stands.
func (g *group) addLine(c *cdr) *line {
	l := g.lineOf(c.visit, c.net, c.cost.total)
	l.means, l.cdrID, l.sessionID, l.whole, l.start = c.id, c.id, c.sessionID, c.whole, c.start
	return l
}

// lineOf invoices a visit by its session alone. ratio is the price whose tax ratio the line's tax follows.
func (g *group) lineOf(v *visit, amount cents, ratio money) *line {
	l := next(&g.pool.lines, &g.lines)
	*l = line{
		sessionID: v.sessionID, countryCode: v.countryCode, partyID: v.partyID, operator: v.countryCode, currency: v.currency, start: v.start,
		whole: v.whole, net: amount, tax: ratio.tax(amount), taxless: v.version == v211 || v.tariff.noTax, notes: l.notes[:0],
	}
	return l
}

// plain adds the three records of a visit with nothing wrong in them.
func (g *group) plain(v *visit) (*cdr, *session, *line) {
	c := g.addCDR(v)
	s := g.addSession(v)
	l := g.addLine(c)
	l.settle(c.net, c.net)
	return c, s, l
}

// charge changes what the line asks for.
func (l *line) charge(amount cents, ratio money) { l.net, l.tax = amount, ratio.tax(amount) }
