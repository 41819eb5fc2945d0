package generate

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"strings"
	"time"
)

// FromOptions of FromSessions. The zero value of everything but Sessions and Out fits the ACN data of California.
type FromOptions struct {
	Sessions string // CSV with a heading, plain or gzip
	// Columns names the heading of each column: id, start, end, charge_start, charge_end, kwh, station, user. One that is not
	// named has the heading of the ACN data. charge_start, charge_end, station and user may be missing in the file: then
	// charging lasts as long as the connection, there is one station, and each session has a token of its own.
	Columns map[string]string
	Seed    uint64
	Out     string // folder, made where it is missing
	Force   bool   // overwrite files of an earlier run
	Limit   int    // use only so many rows, 0: all

	Zone                string // IANA time zone of the stations: America/Los_Angeles
	CountryCode         string // of the operator, two letters: US
	Country             string // of the stations, three letters: USA
	City                string // of the stations: Pasadena
	Currency            string // USD
	Latitude, Longitude string // of the stations
}

func (o FromOptions) orDefault() FromOptions {
	if o.Zone == "" && o.Latitude == "" {
		o.Latitude, o.Longitude = "34.13770", "-118.12530"
	}
	o.Zone = cmp.Or(o.Zone, "America/Los_Angeles")
	o.CountryCode, o.Country = cmp.Or(o.CountryCode, "US"), cmp.Or(o.Country, "USA")
	o.City, o.Currency = cmp.Or(o.City, "Pasadena"), cmp.Or(o.Currency, "USD")
	o.Latitude, o.Longitude = cmp.Or(o.Latitude, "0.00000"), cmp.Or(o.Longitude, "0.00000")
	return o
}

// FromSessions turns measured sessions into a case: a CDR and a session for each row, priced with made-up tariffs, a disputed
// invoice, and the truth. A row that cannot be used is reported and left out. Instants are taken to the second.
func FromSessions(ctx context.Context, opts FromOptions) (*Report, error) {
	opts = opts.orDefault()
	in, err := os.Open(opts.Sessions)
	if err != nil {
		return nil, fmt.Errorf("generate: read sessions: %w", err)
	}
	defer in.Close()
	rows, err := openRows(in, opts.Columns)
	if err != nil {
		return nil, fmt.Errorf("generate: read sessions of %s: %w", opts.Sessions, err)
	}
	b, err := openBook(opts.Out, opts.Force, false, nil)
	if err != nil {
		return nil, err
	}
	b.invoice = func(l *line) (id, date string) { return invoiceByMonth(opts.CountryCode, l.start) }
	s := newSite(opts)
	err = s.run(ctx, b, rows, opts)
	s.writeLocation(b)
	b.writeTariffs([]*country{s.country})
	b.writeCase(s.caseText(opts))
	return b.finish(err)
}

// measuredTariffs is when the tariffs of measured sessions last changed: before any of them.
const measuredTariffs = 946684800

// site is the stations of a file of sessions.
type site struct {
	country  *country
	opts     FromOptions
	stations map[string]*evse
	order    []*evse
	cuts     []int64
	phases   []phase
	last     int64 // latest end of a session
}

func newSite(opts FromOptions) *site {
	c := &country{
		code: opts.CountryCode, alpha3: opts.Country, zone: opts.Zone, party: "CPO", currency: opts.Currency, version: v221,
	}
	m := terms{
		version: v221, prefix: c.code + "-", country: c.code, party: c.party, currency: c.currency, noTax: true,
		energy: 3200, plus: 3900, day: 3200, night: 3200, hour: 6000, idle: 20000, fee: 10000, mixed: 2600, timeAlone: 18000, updated: measuredTariffs,
		least: 10000, greatest: 250000, grace: 5 * 3600,
	}
	c.tariffs = m.tariffs()
	m.energy += 600
	c.dearer = m.tariff(kindFlat)
	return &site{country: c, opts: opts, stations: map[string]*evse{}}
}

// run reads the rows and makes a group of each.
func (s *site) run(ctx context.Context, b *book, rows *rows, opts FromOptions) error {
	r := &random{}
	g := &group{random: r}
	p := newPlan(defects(), (*defect).worksOnMeasured)
	for record := int64(0); opts.Limit == 0 || record < int64(opts.Limit); {
		if rows.line%256 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		row, rejected, err := rows.next()
		switch {
		case err != nil:
			return fmt.Errorf("generate: read sessions of %s: %w", opts.Sessions, err)
		case rejected != nil:
			b.rejected = append(b.rejected, *rejected)
			continue
		case row == nil:
			return nil
		}
		if row.clamped {
			b.adjusted++
		}
		r.reseed(opts.Seed, uint64(record))
		d := p.choose(record, v221, 3, r)
		s.visit(&g.main, row, d.needs, r)
		p.work(d, g, record)
		b.post(g)
		record++
	}
	return nil
}

// invoiceByMonth names the invoice of the month in which a session began; it is dated the fifth of the next.
func invoiceByMonth(countryCode string, start int64) (id, date string) {
	at := time.Unix(start, 0).UTC()
	next := time.Date(at.Year(), at.Month()+1, 5, 0, 0, 0, 0, time.UTC)
	return countryCode + "-CPO-" + at.Format("2006-01"), next.Format(time.DateOnly)
}

// visit makes the visit of a row.
func (s *site) visit(v *visit, row *row, want need, r *random) {
	e := s.station(row.station)
	*v = visit{
		evse: e, periods: v.periods[:0], version: v221, currency: s.country.currency, countryCode: s.country.code, partyID: s.country.party,
		debtorCountry: s.country.code, debtorParty: "EMP", sessionID: row.id, token: cmp.Or(row.user, row.id), start: row.start, end: row.end,
	}
	v.contract = v.debtorCountry + "-" + v.debtorParty + "-C" + lastEight(v.token)
	v.tariff = s.country.tariffs[kindFor(want, e.kind, kindPlus, r)]
	s.phases = append(s.phases[:0], phase{row.chargeStart, row.chargeEnd, row.energy, false})
	if row.chargeStart > row.start {
		s.phases = append([]phase{{row.start, row.chargeStart, 0, true}}, s.phases...)
	}
	if row.end > row.chargeEnd {
		s.phases = append(s.phases, phase{row.chargeEnd, row.end, 0, true})
	}
	s.cuts = v.tariff.boundaries(s.cuts[:0], v.start, v.end, 0)
	v.periods = cut(v.periods, s.phases, s.cuts, 1)
	v.price()
	s.last = max(s.last, row.end)
	// The station must be able to give what was measured.
	if watts := int64(row.energy) * 36 / 10 / max(1, row.chargeEnd-row.chargeStart); watts*5/4 > e.watts {
		e.watts = (watts*5/4/1000 + 1) * 1000
		e.amps = e.watts/e.volts + 1
	}
}

// station finds a station by its name, or adds it.
func (s *site) station(name string) *evse {
	if e := s.stations[name]; e != nil {
		return e
	}
	hash := uint64(14695981039346656037) // FNV-1a
	for i := range len(name) {
		hash = (hash ^ uint64(name[i])) * 1099511628211
	}
	id := evseAlphabet(name)
	e := &evse{
		country: s.country, zone: s.opts.Zone, locationID: "SITE-1", uid: cmp.Or(name, "1"),
		id:   s.country.code + "*" + s.country.party + "*E" + id,
		name: "Site 1", address: "Site 1",
		city:  city{s.opts.City, "", s.opts.Latitude, s.opts.Longitude},
		watts: 19200, volts: 240, amps: 80, standard: "IEC_62196_T1", format: "CABLE", powerType: "AC_1_PHASE",
		kind: []kind{kindFlat, kindIdle, kindIdle, kindStart, kindLimits, kindTime}[hash>>32%6],
	}
	s.stations[name] = e
	s.order = append(s.order, e)
	return e
}

// evseAlphabet brings a station's name to what an EVSE id may hold.
func evseAlphabet(name string) string {
	b := make([]byte, 0, 30)
	for _, c := range []byte(upper(name)) {
		switch {
		case c >= '0' && c <= '9' || c >= 'A' && c <= 'Z':
			b = append(b, c)
		case len(b) > 0 && b[len(b)-1] != '*':
			b = append(b, '*')
		}
	}
	if len(b) > 30 {
		b = b[:30]
	}
	return cmp.Or(strings.TrimSuffix(string(b), "*"), "1")
}

// lastEight are the last eight letters and digits of a name, filled up with zeros.
func lastEight(name string) string {
	plain := strings.ReplaceAll(evseAlphabet(name), "*", "")
	plain = "00000000" + plain
	return plain[len(plain)-8:]
}

func (s *site) writeLocation(b *book) {
	o := object{[]byte("[\n")}
	if len(s.order) > 0 {
		evses := make([]evse, len(s.order))
		for i, e := range s.order {
			evses[i] = *e
		}
		renderLocation(&o, evses, s.country.tariffs[0].updated)
		b.files[locationFile].records = 1
	}
	b.files[locationFile].write(append(o.b, "\n]\n"...), 0)
}

func (s *site) caseText(opts FromOptions) string {
	cc := opts.CountryCode
	return "# A case made from measured sessions; tariffs, invoice and disputes are made up. truth.ndjson says what each line must come to.\n" +
		"case: " + cc + "-CPO / " + cc + "-EMP, measured sessions\n" +
		"as_of: " + time.Unix(s.last+40*86400, 0).UTC().Format(time.DateOnly) + "\n" +
		"parties:\n  creditor: {country_code: " + cc + ", party_id: CPO, name: " + cc + "-CPO}\n" +
		"  debtor: {country_code: " + cc + ", party_id: EMP, name: " + cc + "-EMP}\n" + caseInputs + rulesMeasured
}

// rulesMeasured settles open questions that measured lengths would raise.
const rulesMeasured = `    step-volume: priced
    step-parking-in-middle: parking
    vat-absent: no-vat
`
