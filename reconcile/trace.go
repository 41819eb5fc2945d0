package reconcile

import (
	"slices"
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// Traces tell that a line and a CDR mean one session although no id says so: where, who, when, and how much.

// slipCost puts a pair that is whole hours apart after any that is not.
const slipCost = 1 << 20

// facts are what the traces of a line or a CDR are made of. Ids are in the form of plainID, "" where they are not stated.
type facts struct {
	evses, contracts []string
	start            time.Time
	kWh, amount      ocpi.Number // kWh; before taxes
	currency         string
}

func factsOfLine(l *Line) facts {
	return facts{
		evses: plainIDs(l.EVSEID), contracts: contractKeys(l.ContractID), start: l.Start, kWh: l.ClaimedKWh,
		amount: l.Claimed.BeforeTaxes, currency: l.Currency,
	}
}

func factsOfCDR(c *ocpi.CDR) facts {
	kWh := c.TotalEnergy
	if !kWh.Present {
		kWh = periodEnergy(c)
	}
	return facts{
		evses: plainIDs(c.Location.EVSEID, c.Location.EVSEUID), contracts: contractKeys(c.Token.ContractID, c.Token.UID, c.Token.AuthID),
		start: c.StartDateTime, kWh: kWh, amount: c.TotalCost.BeforeTaxes, currency: c.Currency,
	}
}

func plainIDs(ids ...string) []string {
	var out []string
	for _, id := range ids {
		if id = plainID(id); id != "" {
			out = append(out, id)
		}
	}
	return out
}

func contractKeys(ids ...string) []string {
	out := plainIDs(ids...)
	for i, id := range out {
		out[i] = contractKey(id)
	}
	return out
}

// plainID is an id without what systems add and drop on the way: separators, case, leading zeros. An EVSE id may be written with or
// without its asterisks, a contract id with or without its hyphens.
func plainID(id string) string {
	if !named(id) {
		return ""
	}
	var b strings.Builder
	for i := range len(id) {
		if c := foldByte(id[i]); '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || c >= 0x80 {
			b.WriteByte(c)
		}
	}
	return strings.TrimLeft(b.String(), "0")
}

// longID is the length from which plain ids are not the same by chance.
const longID = 16

// sameForm reports ids, plain and equal, of which the one cannot mean another thing than the other: they are long, or their separators
// stand where letters and digits meet, which "1-12" and "11-2" do not.
func sameForm(a, b string) bool {
	return len(plainID(a)) >= longID || pieces(a) == pieces(b)
}

// pieces is an id with one space between runs of letters and runs of digits, zeros at its beginning left out.
func pieces(id string) string {
	var out []byte
	before := byte(0) // the kind of the byte before
	for i := range len(id) {
		c, kind := foldByte(id[i]), byte('-')
		switch {
		case '0' <= c && c <= '9':
			kind = 'd'
		case 'A' <= c && c <= 'Z' || c >= 0x80:
			kind = 'l'
		}
		if kind != '-' {
			if kind != before && len(out) > 0 {
				out = append(out, ' ')
			}
			out = append(out, c)
		}
		before = kind
	}
	return strings.TrimLeft(string(out), "0 ")
}

// coreID is a plain id without the letters, and the zeros among them, that a system puts before a number. Ids that have the same core may
// be the same.
func coreID(plain string) string {
	core := strings.TrimLeft(plain, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0")
	if len(core) < minCore {
		return plain
	}
	return core
}

// minCore is the fewest characters that a core must have to say anything.
const minCore = 4

// contractKey is a plain contract id without the check digit of an EMAID, which can be left out (ISO 15118, eMI3).
func contractKey(plain string) string {
	const withoutCheck = 14
	if len(plain) == withoutCheck+1 {
		return plain[:withoutCheck]
	}
	return plain
}

func share(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool { return slices.Contains(b, x) })
}

// keys are what records of one session have in common at least one of.
func (f *facts) keys() []string {
	var out []string
	for _, evse := range f.evses {
		out = append(out, "e"+evse)
	}
	for _, contract := range f.contracts {
		out = append(out, "c"+contract)
	}
	return out
}

// kinship is how two records of one session are found.
type kinship uint8

const (
	byComposite kinship = iota // same EVSE and contract, start near
	byWindow                   // same EVSE or contract, start and kWh near
)

// likeness is how well the traces of a line and a CDR fit.
type likeness struct {
	cost  int64 // seconds + Wh + minor units apart
	hours int   // whole hours by which the starts differ, beside the seconds
	apart time.Duration
	// within is how far apart the starts may be; zero where they were not asked.
	within time.Duration
}

// kin compares the traces of a line and a CDR.
func (m *Matching) kin(line, cdr *facts, by kinship) (likeness, bool) {
	if line.start.IsZero() || cdr.start.IsZero() {
		return likeness{}, false
	}
	evse, contract := share(line.evses, cdr.evses), share(line.contracts, cdr.contracts)
	within := m.Composite
	switch {
	case by == byComposite:
		if !evse || !contract || !m.sameAmount(line, cdr) {
			return likeness{}, false
		}
	case !evse && !contract, contradicts(line.evses, cdr.evses, evse), contradicts(line.contracts, cdr.contracts, contract), !m.sameKWh(line, cdr),
		!m.sameAmount(line, cdr):
		return likeness{}, false
	default:
		within = m.Window
	}
	return m.measure(line, cdr, within)
}

// contradicts reports ids that both state and that are not the same.
func contradicts(a, b []string, same bool) bool { return len(a) > 0 && len(b) > 0 && !same }

// measure is how far apart two records are. Starts that are whole hours apart are near only where the kWh are: somebody sent local time.
func (m *Matching) measure(line, cdr *facts, within time.Duration) (likeness, bool) {
	l := likeness{within: within}
	l.apart = line.start.Sub(cdr.start)
	if l.apart.Abs() > within {
		rounded := l.apart.Round(time.Hour)
		l.hours = int(rounded / time.Hour)
		if l.apart -= rounded; l.apart.Abs() > m.HoursSlip || max(l.hours, -l.hours) > m.HoursApart || !m.sameKWh(line, cdr) {
			return likeness{}, false
		}
		l.cost = slipCost
	}
	l.cost += int64(l.apart.Abs() / time.Second)
	if line.kWh.Present && cdr.kWh.Present {
		l.cost += units(line.kWh.Value.Sub(cdr.kWh.Value), 3)
	}
	if line.amount.Present && cdr.amount.Present && line.currency == cdr.currency {
		l.cost += units(line.amount.Value.Sub(cdr.amount.Value), MinorUnits(cdr.currency))
	}
	return l, true
}

// units is the size of a number in units of the given decimal, cut, and no more than maxUnits.
func units(v exact.Decimal, places int32) int64 {
	n, _, ok := v.Units(places)
	if !ok {
		return maxUnits
	}
	return min(n, maxUnits)
}

// maxUnits keeps the sum of a cost below maxPairCost.
const maxUnits = maxPairCost / 4
