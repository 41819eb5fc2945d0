package reconcile

import (
	"cmp"
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// trial is the judgement of one line while it is made: the evidence, and what each row of the table of situations says about it.
type trial struct {
	b       *bench
	line    *lineEntry
	cdr     *cdrEntry        // that supports the line; nil where none does
	session *sessionEntry    // its session; nil where there is none
	final   [1]*ocpi.Session // room for it where it is the only one that can corroborate

	basis     Basis         // on which the line is judged: net, or gross where the price is known only so
	claimed   exact.Decimal // C
	price     *price        // of the CDR, as declared
	value     exact.Decimal // P, by the case's rounding scheme
	known     bool          // P is known, in the line's currency
	governing *price        // the price that evidence varies: on the agreed tariff where there is one, else price
	base      exact.Decimal // its amount

	excluded ocpi.Number // the least price under a reading that the agreement excludes, where it is below base

	rulings  []ruling
	grounds  ruling // what rows 1 to 5 and 16 say: the price, and why more is conceded
	notes    []ocpi.Code
	findings []ocpi.Finding
	sheets   []NamedSheet
	used     []*price    // whose sheets are shown
	looked   []*cdrEntry // beside the supporting one

	signed       ocpi.Number // kWh of valid signed readings (row 11)
	contradicted Quantity    // of what was delivered, what the records do not agree on, whether or not the price moves with it
}

// trialRoom is memory that trials of a bench use one after the other.
type trialRoom struct {
	rulings []ruling
	used    []*price
	looked  []*cdrEntry
}

// room is what a trial leaves.
func (t *trial) room() trialRoom { return trialRoom{t.rulings[:0], t.used[:0], t.looked[:0]} }

// ruling is what one row of the table of situations says: the most that all evidence supports (F), and the most that any does (G).
type ruling struct {
	row            int
	code           ocpi.Code
	floor, ceiling exact.Decimal
	open           bool // the ceiling is C: "0 / C"; it is P where P is less
	wide           bool // the ceiling is C, even above P
	void           bool // "0 / 0": nothing is owed any more
	message        string
}

// rule adds a ruling.
func (t *trial) rule(r ruling) { t.rulings = append(t.rulings, r) }

// mention adds a reason that moves nothing and of which a finding of the CDR tells.
func (t *trial) mention(code ocpi.Code) {
	if !slices.Contains(t.notes, code) {
		t.notes = append(t.notes, code)
	}
}

// note adds a reason that moves nothing, with a finding that says why.
func (t *trial) note(code ocpi.Code, severity ocpi.Severity, format string, args ...any) {
	t.mention(code)
	t.find(code, severity, format, args...)
}

// find adds a finding at the line.
func (t *trial) find(code ocpi.Code, severity ocpi.Severity, format string, args ...any) {
	t.findings = append(t.findings, newFinding(t.line.line.Record.Place, "", code, severity, format, args...))
}

// look remembers a CDR that the judgement looked at; past maxEvidence of them none is shown.
func (t *trial) look(c *cdrEntry) {
	if c != t.cdr && len(t.looked) < maxEvidence && !slices.Contains(t.looked, c) {
		t.looked = append(t.looked, c)
	}
}

// on is the side of money on which the line is judged.
func (t *trial) on(m Money) ocpi.Number { return m.on(t.basis) }

// near reports whether the line's amount agrees with another within tolerance; a percentage is of the greater of the two.
func (t *trial) near(v exact.Decimal) bool {
	greater := exact.Max(t.claimed.Abs(), v.Abs())
	return agree(t.claimed, v, t.b.terms.Tolerance.amount(t.line.line.Currency, greater))
}

// priceOf is the price of another CDR as declared, and, where that was looked at, shows its calculation under the name. ok is false where it
// has none in the line's currency.
func (t *trial) priceOf(c *cdrEntry, name string) (value exact.Decimal, ok bool) {
	if c.cdr.Currency != t.line.line.Currency {
		return exact.Decimal{}, false
	}
	if p := t.b.price(c); !slices.Contains(t.looked, c) {
		return t.b.settled(p, t.basis)
	}
	return t.show(name, c, t.b.price(c))
}

// show takes a calculation into the verdict and returns its amount.
func (t *trial) show(name string, c *cdrEntry, p *price) (value exact.Decimal, ok bool) {
	if p.res != nil && p.blocked == nil {
		t.sheets = append(t.sheets, NamedSheet{Name: name, CDR: c.cdr, Sheet: p.res.Sheet, Input: p.in})
		t.used = append(t.used, p)
	}
	return t.b.settled(p, t.basis)
}

// unpriceable is row 15: nothing can be computed, so the CDR's own total is a claim and no proof.
func (t *trial) unpriceable(c *cdrEntry) {
	block := t.b.price(c).blocked
	if block == nil {
		t.rule(ruling{row: 15, code: codeCurMismatch, open: true, message: "CDR " + c.cdr.ID + " has no price in the line's currency"})
		return
	}
	t.rule(ruling{row: 15, code: block.Code, open: true, message: "CDR " + c.cdr.ID + " cannot be priced: " + block.Message})
}

// precedence decides between rulings that set the same floor or ceiling: the row that leaves the least to know comes first.
var precedence = [...]int{29, 7, 8, 22, 23, 15, 26, 24, 33, 32, 20, 28, 14, 13, 25, 12, 6, 10, 9, 18, 21, 17}

func rank(row int) int { return slices.Index(precedence[:], row) }

// bounds is what remains of all rulings.
type bounds struct {
	floor, ceiling exact.Decimal
	above          ocpi.Code // why what lies above the ceiling is conceded
	between        ocpi.Code // why what lies between floor and ceiling is unproven
	unsupported    bool      // the floor is no price: nothing supports the line
}

// combine applies rule 3: the least floor, and the least ceiling that is not below it. The ground (the price itself) counts only where
// no row sets a floor, and as the ceiling of rows that say "0 / C".
func (t *trial) combine() bounds {
	if len(t.rulings) == 0 {
		return bounds{floor: t.grounds.floor, ceiling: t.grounds.ceiling, above: t.grounds.code, between: t.grounds.code}
	}
	slices.SortStableFunc(t.rulings, func(x, y ruling) int { return cmp.Compare(rank(x.row), rank(y.row)) })
	out := bounds{floor: t.rulings[0].floor, between: t.rulings[0].code}
	for _, r := range t.rulings {
		if r.floor.Less(out.floor) {
			out.floor, out.between = r.floor, r.code
		}
		out.unsupported = out.unsupported || r.open || r.void
	}
	out.unsupported = out.unsupported && out.floor.IsZero()
	found := false
	for _, r := range t.rulings {
		ceiling, code := t.ceiling(r)
		if !ceiling.Less(out.floor) && (!found || ceiling.Less(out.ceiling)) {
			out.ceiling, out.above, found = ceiling, code, true
		}
	}
	if !found {
		out.ceiling, out.above = out.floor, out.between
	}
	return out
}

// ceiling is G of a ruling, and why what lies above it is conceded.
func (t *trial) ceiling(r ruling) (exact.Decimal, ocpi.Code) {
	switch {
	case r.open && t.known && t.value.Less(t.claimed):
		return t.value, t.grounds.code
	case r.open || r.wide:
		return t.claimed, r.code
	}
	return r.ceiling, r.code
}
