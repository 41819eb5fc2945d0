package reconcile

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// Basis says whether a sum is before or after taxes.
type Basis string

// The bases.
const (
	BeforeTaxes Basis = "before_taxes"
	AfterTaxes  Basis = "after_taxes"
)

// Parts are the three parts of invoiced money.
type Parts struct {
	Proven   exact.Decimal `json:"proven"`
	Conceded exact.Decimal `json:"conceded"`
	Unproven exact.Decimal `json:"unproven"`
}

// Sum is the sum of the three parts.
func (p Parts) Sum() exact.Decimal { return p.Proven.Add(p.Conceded).Add(p.Unproven) }

// Total is the sum over all lines of one currency on one basis. NotInvoiced holds CDRs that could still be invoiced: not home charging,
// and not what another CDR or a credit makes void. Admitted is net; it stands beside the parts and is 0 on the after-tax basis.
type Total struct {
	Currency    string        `json:"currency"`
	Basis       Basis         `json:"basis"`
	Invoiced    exact.Decimal `json:"invoiced"`
	Disputed    Parts         `json:"disputed"`
	Undisputed  Parts         `json:"undisputed"`
	NotInvoiced exact.Decimal `json:"not_invoiced"`
	Underbilled exact.Decimal `json:"underbilled"`
	Admitted    exact.Decimal `json:"admitted"`
	ByReading   ByReading     `json:"disputed_by_reading"`
}

// ByReading splits what is disputed by how the questions that the spec leaves open are read. Every and AsAgreed sum to what is proven of it;
// ByDefault is part of what is not.
type ByReading struct {
	Every     exact.Decimal `json:"owed_under_every_reading"`
	AsAgreed  exact.Decimal `json:"owed_only_as_agreed"`  // by readings that the case settles
	ByDefault exact.Decimal `json:"owed_only_by_default"` // where the case settles none
}

// ReasonTotal is what one reason moved in one currency on one basis.
type ReasonTotal struct {
	Code     ocpi.Code     `json:"code"`
	Currency string        `json:"currency"`
	Basis    Basis         `json:"basis"`
	Lines    int           `json:"lines"`
	Amount   exact.Decimal `json:"amount"`
}

// Tally adds up verdicts. The zero value is ready. Adding in any order gives the same result.
type Tally struct {
	currencies map[string]*currencyTally
	outcomes   Outcomes
	fault      string // the least of the lines whose own parts do not sum, "" where all do
}

// currencyTally is the sums of one currency. A line without gross adds to net alone.
type currencyTally struct {
	lines, gross int // lines, and those that carry gross
	net, after   Total
	reasons      map[reasonKey]*ReasonTotal
}

type reasonKey struct {
	basis    Basis
	code     ocpi.Code
	conceded bool
}

func (t *Tally) currency(code string) *currencyTally {
	if t.currencies == nil {
		t.currencies = map[string]*currencyTally{}
	}
	c, ok := t.currencies[code]
	if !ok {
		c = &currencyTally{
			net: Total{Currency: code, Basis: BeforeTaxes}, after: Total{Currency: code, Basis: AfterTaxes},
			reasons: map[reasonKey]*ReasonTotal{},
		}
		t.currencies[code] = c
	}
	return c
}

// Add adds one verdict.
func (t *Tally) Add(v *LineVerdict) {
	c := t.currency(v.Line.Currency)
	c.lines++
	t.check(v, BeforeTaxes, c.add(v, &c.net))
	c.net.Admitted = c.net.Admitted.Add(v.Admitted.Value)
	if v.Invoiced.AfterTaxes.Present {
		c.gross++
		t.check(v, AfterTaxes, c.add(v, &c.after))
	}
	switch v.Outcome {
	case Proven:
		t.outcomes.Proven++
	case Partial:
		t.outcomes.Partial++
	case Conceded:
		t.outcomes.Conceded++
	case Unproven:
		t.outcomes.Unproven++
	}
}

// add adds one side of a verdict and reports whether its own parts sum to what it invoices.
func (c *currencyTally) add(v *LineVerdict, total *Total) bool {
	side := func(m Money) ocpi.Number { return m.on(total.Basis) }
	line := Parts{side(v.Proven).Value, side(v.Conceded).Value, side(v.Unproven).Value}
	parts := &total.Undisputed
	if v.Disputed {
		parts = &total.Disputed
		agreed, by := side(v.OnlyAsAgreed).Value, &total.ByReading
		by.Every, by.AsAgreed = by.Every.Add(line.Proven.Sub(agreed)), by.AsAgreed.Add(agreed)
		by.ByDefault = by.ByDefault.Add(side(v.OnlyByDefault).Value)
	}
	parts.add(line)
	invoiced := side(v.Invoiced).Value
	total.Invoiced = total.Invoiced.Add(invoiced)
	total.Underbilled = total.Underbilled.Add(side(v.Underbilled).Value)
	conceded := c.reason(total, v.ConcededReason, true, line.Conceded)
	unproven := c.reason(total, v.UnprovenReason, false, line.Unproven)
	if conceded && !(unproven && v.ConcededReason == v.UnprovenReason) { // one reason for both parts is one line
		c.reasons[reasonKey{total.Basis, v.ConcededReason, true}].Lines++
	}
	if unproven {
		c.reasons[reasonKey{total.Basis, v.UnprovenReason, false}].Lines++
	}
	return line.Sum().Equal(invoiced)
}

func (p *Parts) add(o Parts) {
	p.Proven, p.Conceded, p.Unproven = p.Proven.Add(o.Proven), p.Conceded.Add(o.Conceded), p.Unproven.Add(o.Unproven)
}

// reason adds what a reason moved and reports whether it moved anything. An amount without a reason is what Conserves finds.
func (c *currencyTally) reason(total *Total, code ocpi.Code, conceded bool, amount exact.Decimal) bool {
	if amount.IsZero() || code == "" {
		return false
	}
	key := reasonKey{total.Basis, code, conceded}
	r, ok := c.reasons[key]
	if !ok {
		r = &ReasonTotal{Code: code, Currency: total.Currency, Basis: total.Basis}
		c.reasons[key] = r
	}
	r.Amount = r.Amount.Add(amount)
	return true
}

// check remembers the least line, by name, whose parts do not sum or are less than what they are split into.
func (t *Tally) check(v *LineVerdict, basis Basis, sums bool) {
	text := ""
	switch {
	case !sums:
		text = "proven + conceded + unproven is not what is invoiced"
	case !v.ReadingsFit():
		text = "what hangs on a reading is not part of what is proven or unproven"
	default:
		return
	}
	fault := fmt.Sprintf("invoice %q line %q: %s (%s)", v.Line.InvoiceID, v.Line.Line, text, basis)
	if t.fault == "" || fault < t.fault {
		t.fault = fault
	}
}

// AddNotInvoiced adds a CDR that no line claims. Only what could still be invoiced counts.
func (t *Tally) AddNotInvoiced(n *NotInvoiced) {
	if n.Code != codeCDRNotInvoiced {
		return
	}
	c := t.currency(n.Currency)
	c.net.NotInvoiced = c.net.NotInvoiced.Add(n.Computed.BeforeTaxes.Value)
	c.after.NotInvoiced = c.after.NotInvoiced.Add(n.Computed.AfterTaxes.Value)
}

// sorted are the currencies in order.
func (t *Tally) sorted() []*currencyTally {
	codes := make([]string, 0, len(t.currencies))
	for code := range t.currencies {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	out := make([]*currencyTally, len(codes))
	for i, code := range codes {
		out[i] = t.currencies[code]
	}
	return out
}

// taxed reports whether every line of the currency carries gross, so that a sum of gross means something.
func (c *currencyTally) taxed() bool { return c.lines > 0 && c.gross == c.lines }

// Totals returns the sums, ordered by currency, net before gross. After-tax sums only where every line of the currency has them.
func (t *Tally) Totals() []Total {
	out := []Total{}
	for _, c := range t.sorted() {
		out = append(out, c.net)
		if c.taxed() {
			out = append(out, c.after)
		}
	}
	return out
}

// Reasons returns what each reason moved, ordered by currency, net before gross, amount descending, code.
func (t *Tally) Reasons() []ReasonTotal {
	out := []ReasonTotal{}
	for _, c := range t.sorted() {
		merged := map[reasonKey]ReasonTotal{}
		for key, r := range c.reasons {
			if key.basis == AfterTaxes && !c.taxed() {
				continue
			}
			key.conceded = false
			sum := merged[key]
			sum.Code, sum.Currency, sum.Basis = r.Code, r.Currency, r.Basis
			sum.Lines += r.Lines
			sum.Amount = sum.Amount.Add(r.Amount)
			merged[key] = sum
		}
		for _, r := range merged {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b ReasonTotal) int {
		return cmp.Or(strings.Compare(a.Currency, b.Currency), basisOrder(a.Basis, b.Basis),
			b.Amount.Cmp(a.Amount), strings.Compare(string(a.Code), string(b.Code)))
	})
	return out
}

// basisOrder puts net before gross.
func basisOrder(a, b Basis) int { return -strings.Compare(string(a), string(b)) }

// Outcomes counts the lines of each outcome.
func (t *Tally) Outcomes() Outcomes { return t.outcomes }

// Conserves checks that for each currency and basis the six parts sum to invoiced and the reasons to the parts they explain; the
// error names the first that does not.
func (t *Tally) Conserves() error {
	if t.fault != "" {
		return errors.New(t.fault)
	}
	for _, c := range t.sorted() {
		for _, total := range []*Total{&c.net, &c.after} {
			if err := c.conserves(total); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *currencyTally) conserves(total *Total) error {
	if sum := total.Disputed.Sum().Add(total.Undisputed.Sum()); !sum.Equal(total.Invoiced) {
		return fmt.Errorf("%s %s: the six parts sum to %s, invoiced is %s", total.Currency, total.Basis, sum, total.Invoiced)
	}
	var conceded, unproven exact.Decimal
	for key, r := range c.reasons {
		switch {
		case key.basis != total.Basis:
		case key.conceded:
			conceded = conceded.Add(r.Amount)
		default:
			unproven = unproven.Add(r.Amount)
		}
	}
	for _, part := range []struct {
		name         string
		reasons, sum exact.Decimal
	}{
		{"conceded", conceded, total.Disputed.Conceded.Add(total.Undisputed.Conceded)},
		{"unproven", unproven, total.Disputed.Unproven.Add(total.Undisputed.Unproven)},
	} {
		if !part.reasons.Equal(part.sum) {
			return fmt.Errorf("%s %s: the reasons of what is %s sum to %s, want %s", total.Currency, total.Basis, part.name, part.reasons, part.sum)
		}
	}
	return nil
}
