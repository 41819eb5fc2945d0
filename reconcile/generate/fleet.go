package generate

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// ProfileFleet is a fleet's invoice: twelve master lines, each over the charging of one contract, with an annex that lists the CDRs.
const ProfileFleet = "fleet"

// What is wrong with a fleet's annex, of each fleetRecords CDRs.
const (
	fleetMasters = 12
	fleetRecords = 18_000
	fleetMissing = 40
	fleetForeign = 25
	fleetCredits = 3
	fleetTruth   = "masters.ndjson"
	fleetHeader  = "invoice_id,line,invoice_date,country_code,party_id,cdr_id,session_id,amount_excl_vat,currency,contract_id,period_from,period_to,master_line"
	fleetInvoice = "FLEET-2026-09"

	memberMissing   = "missing-from-annex"
	memberForeign   = "foreign"
	memberCredited  = "credited"
	masterLine      = "master-line"
	masterRemainder = "master-remainder"
)

// fleetFee is what the last master line claims beyond its members, which nothing explains.
const fleetFee cents = 750

const fleetCase = `# A fleet's invoice: 12 lines over thousands of sessions, and an annex; truth.ndjson says what each line must come to and
# masters.ndjson what each master line misses and has too much.
case: NL-CPO / DE-EMP fleet September 2026
as_of: 2026-11-01
parties:
  creditor: {country_code: NL, party_id: CPO, name: NL-CPO}
  debtor: {country_code: DE, party_id: EMP, name: DE-EMP}
` + caseInputs

// fleet is a fleet's invoice while it is made. Amounts of the annex have four decimals, those of the invoice two.
type fleet struct {
	*network
	b       *book
	masters [fleetMasters]master
	rows    int
}

// master is the truth about a master line: what its members claim in 1/10,000, and what is named of it.
type master struct {
	contract                   string
	members                    int
	carried                    int64
	missing, foreign, credited []named
}

// named is a CDR with its amount in 1/10,000.
type named struct {
	id     string
	amount int64
}

// writeFleet makes the profile.
func writeFleet(ctx context.Context, opts Options) (*Report, error) {
	if opts.Records < fleetMasters {
		return nil, fmt.Errorf("generate: %d records asked for, a fleet has at least %d", opts.Records, fleetMasters)
	}
	n, err := newNetwork(ProfileMonth)
	if err != nil {
		return nil, err
	}
	b, err := openBookOf(opts.Out, opts.Force, fleetHeader, namesWith(false))
	if err != nil {
		return nil, err
	}
	f := &fleet{network: n, b: b}
	r := &random{}
	r.reseed(opts.Seed, 1<<40)
	for i := range f.masters {
		f.masters[i].contract = "DE-EMP-C" + r.text(sevenDigits, 8)
	}
	err = f.charge(ctx, opts)
	for i := range f.masters {
		f.writeMaster(i)
	}
	n.writeLocations(b)
	b.writeTariffs(n.countries)
	b.writeCase(fleetCase)
	report, err := b.finish(err)
	if err != nil {
		return nil, err
	}
	return report, f.writeTruth(report)
}

// schedule says which visits are not as they should be: so many of each kind, spread over all.
func schedule(records int) map[int]string {
	out := map[int]string{}
	for _, kind := range []struct {
		name  string
		count int
	}{{memberMissing, fleetMissing}, {memberForeign, fleetForeign}, {memberCredited, fleetCredits}} {
		count := max(1, kind.count*records/fleetRecords)
		for k := range count {
			at := (k*records/count + k) % records // on all master lines in turn
			for out[at] != "" {
				at = (at + 1) % records
			}
			out[at] = kind.name
		}
	}
	return out
}

// charge makes the visits and the rows of the annex.
func (f *fleet) charge(ctx context.Context, opts Options) error {
	r := &random{}
	g := &group{random: r}
	wrong := schedule(opts.Records)
	for record := range opts.Records {
		if record%256 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		r.reseed(opts.Seed, uint64(record))
		f.visit(&g.main, int64(record), plainPrice, r)
		kind := wrong[record]
		g.reset(int64(record), noDefect)
		if kind != "" {
			g.defect = kind
		}
		v := &g.main
		switch contract := v.contract; {
		case kind != memberForeign || record%2 == 0:
			v.contract = f.masters[record%fleetMasters].contract
			if kind == memberForeign {
				v.debtorParty = "OTH"
			}
		default:
			v.contract = contract // of no master line
		}
		c := g.addCDR(v)
		g.addSession(v)
		f.list(g, c, &f.masters[record%fleetMasters])
		f.b.post(g)
	}
	return nil
}

// list puts a CDR on the annex, or not, and keeps the truth.
func (f *fleet) list(g *group, c *cdr, m *master) {
	one := named{c.id, c.cost.total.net.four()}
	switch g.defect {
	case memberMissing:
		m.missing = append(m.missing, one)
		return
	case memberForeign:
		m.foreign = append(m.foreign, one)
	case memberCredited:
		credit := g.credit(c)
		m.credited = append(m.credited, named{credit.id, -one.amount})
		f.row(g, credit, -one.amount, m)
	}
	f.row(g, c, one.amount, m)
}

// row writes a row of the annex and the truth about it.
func (f *fleet) row(g *group, c *cdr, amount int64, m *master) {
	f.rows++
	m.members++
	m.carried += amount
	number := m.number(f)
	f.b.append(invoiceFile, func(b []byte) []byte {
		b = append(b, fleetInvoice+",,,"...)
		for _, cell := range []string{c.visit.countryCode, c.visit.partyID, c.id, c.sessionID} {
			b = append(appendCell(b, cell), ',')
		}
		b = append(appendDecimal(b, amount, 4), ",EUR,,,,"...)
		return append(strconv.AppendInt(b, int64(number), 10), '\n')
	})
	t := truthOfPart{line: strconv.Itoa(number) + "/" + strconv.Itoa(f.rows), cdr: c.id, defect: g.defect, proven: amount}
	if g.defect == memberForeign {
		t.proven, t.unproven, t.reasons = 0, amount, []string{"member-foreign"}
	}
	f.b.append(truthFile, t.append)
}

func (m *master) number(f *fleet) int {
	for i := range f.masters {
		if m == &f.masters[i] {
			return i + 1
		}
	}
	return 0
}

// stated is what the invoice asks for: what the members claim, rounded to cents, and of the last line a fee beside it.
func (f *fleet) stated(i int) cents {
	sum := cents(roundDiv(f.masters[i].carried, 100))
	if i == fleetMasters-1 {
		sum += fleetFee
	}
	return sum
}

// writeMaster writes a master line and the truth about what its members do not carry.
func (f *fleet) writeMaster(i int) {
	m, stated := &f.masters[i], f.stated(i)
	f.rows++
	f.b.append(invoiceFile, func(b []byte) []byte {
		b = append(b, fleetInvoice+","...)
		b = append(strconv.AppendInt(b, int64(i+1), 10), ","+monthInvoiced+",,,,,"...)
		b = append(appendCents(b, stated), ",EUR,"...)
		return append(appendCell(b, m.contract), ",2026-09-01,2026-09-30,\n"...)
	})
	t := truthOfPart{line: strconv.Itoa(i + 1), defect: masterLine}
	switch rest := int64(stated)*100 - m.carried; {
	case i == fleetMasters-1:
		t.unproven, t.reasons = rest, []string{masterRemainder}
	case rest != 0:
		t.proven, t.reasons = rest, []string{rounding}
	}
	f.b.append(truthFile, t.append)
}

// truthOfPart is the truth about a member or what a master line has left, in 1/10,000.
type truthOfPart struct {
	line, cdr, defect string
	proven, unproven  int64
	reasons           []string
}

func (t *truthOfPart) append(b []byte) []byte {
	o := object{b}
	o.open("", '{')
	o.str("invoice_id", fleetInvoice)
	o.str("line", t.line)
	o.str("cdr", t.cdr)
	o.str("defect", t.defect)
	o.name("disputed")
	o.b = append(o.b, "false"...)
	outcome := outcomeProven
	if t.unproven != 0 {
		outcome = outcomeUnproven
	}
	o.four("proven", t.proven)
	o.four("conceded", 0)
	o.four("unproven", t.unproven)
	o.str("outcome", outcome)
	o.open("reasons", '[')
	for _, code := range t.reasons {
		o.sep()
		o.b = appendString(o.b, code)
	}
	o.close(']')
	o.close('}')
	return append(o.b, '\n')
}

// four writes an amount of four decimals as a string.
func (o *object) four(name string, v int64) { o.str(name, string(appendDecimal(nil, v, 4))) }

// writeTruth writes masters.ndjson: of each master line what it states, and what is missing, foreign and credited.
func (f *fleet) writeTruth(r *Report) error {
	var o object
	for i := range f.masters {
		m := &f.masters[i]
		stated := int64(f.stated(i)) * 100
		o.open("", '{')
		o.str("invoice_id", fleetInvoice)
		o.str("line", strconv.Itoa(i+1))
		o.dec("members", int64(m.members), 0)
		o.four("stated", stated)
		o.four("carried", m.carried)
		o.four("rest", stated-m.carried)
		o.named("missing", m.missing)
		o.named("foreign", m.foreign)
		o.named("credited", m.credited)
		o.close('}')
		o.b = append(o.b, '\n')
	}
	r.Files = append(r.Files, FileCount{fleetTruth, fleetMasters, int64(len(o.b))})
	if err := os.WriteFile(filepath.Join(f.b.dir, fleetTruth), o.b, 0o666); err != nil {
		return fmt.Errorf("generate: write %s: %w", fleetTruth, err)
	}
	return nil
}

func (o *object) named(name string, list []named) {
	o.open(name, '[')
	for _, n := range list {
		o.open("", '{')
		o.str("cdr_id", n.id)
		o.four("amount", n.amount)
		o.close('}')
	}
	o.close(']')
}
