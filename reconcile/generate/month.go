package generate

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Profiles say what sort of month is made.
const (
	ProfileMonth = "month" // OCPI 2.2.1 throughout; the default
	ProfileMixed = "mixed" // operators report in 2.1.1, 2.2.1 and 2.3.0
	// ProfileSingle is OCPI 2.2.1 with one price of a kWh before taxes, everywhere and always: a month that a query with one
	// hard-coded tariff can price too.
	ProfileSingle = "single"
)

// Options of Month.
type Options struct {
	Records int    // how many CDRs
	Seed    uint64 // the same seed gives the same bytes
	Out     string // folder, made where it is missing
	Force   bool   // overwrite files of an earlier month
	Profile string // "" is ProfileMonth
	Defects string // "" is DefectsUsual
	Theirs  bool   // also write the debtor's own copy of the CDRs and sessions, with differences, and the truth about it
}

// Month writes a synthetic month of September 2026: CDRs, sessions, tariffs, locations, an invoice, disputes, a case file, and the
// truth. Records do not depend on how many there are, except at the very end.
func Month(ctx context.Context, opts Options) (*Report, error) {
	if opts.Records < 1 {
		return nil, fmt.Errorf("generate: %d records asked for, want at least 1", opts.Records)
	}
	if opts.Profile == ProfileFleet {
		return writeFleet(ctx, opts)
	}
	n, err := newNetwork(opts.Profile)
	if err != nil {
		return nil, err
	}
	if opts.Defects != "" && opts.Defects != DefectsUsual && opts.Defects != DefectsAll {
		return nil, fmt.Errorf("generate: unknown defects %q, want %q or %q", opts.Defects, DefectsUsual, DefectsAll)
	}
	caseText, other := monthCase+rules211, (*otherSide)(nil)
	if opts.Theirs {
		caseText, other = caseText+caseTheirs, &otherSide{seed: opts.Seed}
	}
	b, err := openBook(opts.Out, opts.Force, opts.Defects == DefectsAll, other)
	if err != nil {
		return nil, err
	}
	b.invoice = func(*line) (id, date string) { return "CPO-2026-09", monthInvoiced }
	return n.fill(ctx, b, opts, caseText)
}

// fill makes the records and writes what goes with them.
func (n *network) fill(ctx context.Context, b *book, opts Options, caseText string) (*Report, error) {
	err := n.run(ctx, b, opts)
	n.writeLocations(b)
	b.writeTariffs(n.countries)
	b.writeCase(caseText)
	return b.finish(err)
}

const monthCase = `# A synthetic month with known defects; truth.ndjson says what each line must come to.
case: NL-CPO / DE-EMP September 2026
as_of: 2026-11-01
parties:
  creditor: {country_code: NL, party_id: CPO, name: NL-CPO}
  debtor: {country_code: DE, party_id: EMP, name: DE-EMP}
` + caseInputs

const caseInputs = `inputs:
  cdrs: [cdrs.ndjson]
  sessions: [sessions.ndjson]
  tariffs: [tariffs.json]
  locations: [locations.json]
  invoices: [invoice.csv]
  disputes: [disputes.csv]
agreement:
  tolerance: {amount: 0.005, percent: 0, kwh: 0.001, seconds: 60}
  corroboration: session
  rules:
    hour-snap: snap
`

// rules211 settles what OCPI 2.1.1 leaves open and later versions answer.
const rules211 = `    element-lookup: per-dimension
    step-scope: session
    step-time-and-parking: parking-only
    duration-measure: session
    restriction-zone: local
`

// monthInvoiced is when the month was invoiced.
const monthInvoiced = "2026-10-05"

// monthFrom is midnight UTC of the first day.
var monthFrom = time.Date(2026, time.September, 1, 0, 0, 0, 0, time.UTC).Unix()

// tariffsUpdated is when tariffs and locations last changed.
var tariffsUpdated = time.Date(2026, time.June, 30, 22, 0, 0, 0, time.UTC).Unix()

func newNetwork(p string) (*network, error) {
	codes := []string{"NL", "NL", "DE", "DE", "FR", "AT", "PT", "FI"}
	versions := map[string]version{}
	switch p {
	case ProfileMonth, ProfileSingle, "":
		for _, code := range codes {
			versions[code] = v221
		}
	case ProfileMixed:
		versions = map[string]version{"NL": v221, "DE": v230, "FR": v211, "AT": v221, "PT": v230, "FI": v211}
	default:
		return nil, fmt.Errorf("generate: unknown profile %q, want %q, %q, %q or %q", p, ProfileMonth, ProfileMixed, ProfileSingle, ProfileFleet)
	}
	if p == ProfileSingle {
		return singleNetwork(codes, versions), nil
	}
	return networkOf(codes, versions), nil
}

// singleNetwork is a network in which every tariff is the flat one of the first operator, but for the taxes.
func singleNetwork(codes []string, versions map[string]version) *network {
	n := networkOf(codes, versions)
	n.single = true
	for _, c := range n.countries {
		*c = *newCountry(c.code, c.version, 0, tariffsUpdated)
		for k := range c.tariffs {
			c.tariffs[k] = c.tariffs[kindFlat]
		}
	}
	return n
}

// networkOf makes a network whose locations go through the countries in turn.
func networkOf(codes []string, versions map[string]version) *network {
	n := &network{from: monthFrom, debtor: [2]string{"DE", "EMP"}, block: -1}
	made := map[string]*country{}
	for i, code := range codes {
		if made[code] == nil {
			made[code] = newCountry(code, versions[code], int64(i), tariffsUpdated)
		}
		n.countries = append(n.countries, made[code])
	}
	return n
}

// run makes records until there are as many CDRs as were asked for.
func (n *network) run(ctx context.Context, b *book, opts Options) error {
	r := &random{}
	g := &group{random: r}
	record := int64(0)
	g.again = func(v *visit, elsewhere bool, want need) { n.second(v, record, elsewhere, want, r) }
	list := defects()
	if opts.Defects == DefectsAll {
		list = slices.Concat(list, blurred(), summed(), chained(), metered(), inLines())
	}
	p := newPlan(list, func(d *defect) bool { return !n.single || d.worksOnOnePrice() })
	for written := 0; written < opts.Records; record++ {
		if record%256 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		r.reseed(opts.Seed, uint64(record))
		d := p.choose(record, n.version(record), opts.Records-written, r)
		n.visit(&g.main, record, d.needs, r)
		p.work(d, g, record)
		b.post(g)
		written += len(g.cdrs)
	}
	return nil
}

// writeLocations lists the locations of all EVSEs that the month used.
func (n *network) writeLocations(b *book) {
	out := b.files[locationFile]
	out.write([]byte("[\n"), 0)
	evses := make([]evse, evsesOfLocation)
	for first := int64(0); first < n.blocks*evsesOfBlock; first += evsesOfLocation {
		for k := range evses {
			evses[k] = place(n.countries, first+int64(k))
		}
		o := object{out.buf[:0]}
		if first > 0 {
			o.b = append(o.b, ",\n"...)
		}
		renderLocation(&o, evses, tariffsUpdated)
		out.buf = o.b
		out.write(o.b, 1)
	}
	out.write([]byte("\n]\n"), 0)
}
