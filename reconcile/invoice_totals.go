package reconcile

import (
	"cmp"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile/rounding"
	"github.com/nexacollect/reconcile/tariff"
)

// StatedInvoice is the totals that an invoice states, as the case file tells them.
type StatedInvoice struct {
	InvoiceID, Currency string
	Totals              rounding.Totals
	Line                int // of the case file; 0 where it was not read from one
}

// InvoiceTotals is how the stated totals of an invoice stand to its lines and to the prices of their CDRs.
type InvoiceTotals struct {
	InvoiceID string `json:"invoice_id"`
	Currency  string `json:"currency"`
	Lines     int    `json:"lines"`              // in that currency
	Priced    int    `json:"lines_with_price"`   // of them: those whose CDR has a net price in it
	Other     int    `json:"lines_not_compared"` // in other currencies
	// Totals are those that the invoice states: net, tax, gross.
	Totals []InvoiceTotal `json:"totals"`
	// Steps lead from the prices of the CDRs to the stated totals: each adds its amount.
	Steps []InvoiceStep `json:"steps"`
}

// InvoiceTotal is one stated total beside the lines as claimed.
type InvoiceTotal struct {
	Member  string         `json:"member"` // net, tax or gross
	Stated  exact.Decimal  `json:"stated"`
	Verdict rounding.Class `json:"verdict"` // exact, rounding, mismatch; not-compared where an amount of a line is not known
	// Lines is what the lines add up to, nil where not compared; Difference is stated − lines.
	Lines      *exact.Decimal `json:"lines"`
	Difference *exact.Decimal `json:"difference"`
	// Expected is what EN 16931 makes of the lines, nil where not known; Off is stated − expected.
	Expected *exact.Decimal `json:"expected"`
	Off      *exact.Decimal `json:"off"`
	Ways     []InvoiceWay   `json:"ways"` // of rounding that make the stated total
}

// InvoiceWay is a way of rounding, of those of package rounding; Mode is "" where nothing is rounded.
type InvoiceWay struct {
	Way  rounding.Way `json:"way"`
	Mode string       `json:"mode"`
}

// InvoiceStep is a step from the prices of the CDRs to the totals of the invoice; Sum is what it comes to with those before it.
type InvoiceStep struct {
	Step   string        `json:"step"`
	Amount exact.Decimal `json:"amount"`
	Sum    exact.Decimal `json:"sum"`
}

// The steps, in order. Lines are rounded as EN 16931 rounds them: to the minor unit, half-up.
const (
	StepCDRs          = "cdrs"                // the exact net prices of the CDRs of the lines
	StepLineRounding  = "line-rounding"       // each of them rounded
	StepLinesDiffer   = "lines-differ"        // what the lines claim beside these prices
	StepWithoutPrice  = "lines-without-price" // what lines claim whose CDR has none
	StepNetDifference = "net-difference"      // to the stated net
	StepCategoryTax   = "category-tax"        // the tax of the lines of each rate, rounded
	StepLineTax       = "line-tax"            // where a line bears no one rate: the tax of each line, rounded
	StepStatedTax     = "stated-tax"          // where the lines tell none: the stated tax
	StepTaxDifference = "tax-difference"      // to the stated tax
	StepGrossDiffers  = "gross-difference"    // to the stated gross
)

// InvoiceSums adds up the lines of the invoices whose totals are stated, as lines.ndjson tells them: to twelve decimals. One serves one
// goroutine; Merge adds them up, in any order.
type InvoiceSums struct {
	byID map[string]*invoiceSum // by folded id
}

// invoiceSum is the sums of one invoice.
type invoiceSum struct {
	stated          StatedInvoice
	lines           *rounding.Invoice // as claimed
	priced          *rounding.Invoice // of the lines with a price: the price
	pricedAsClaimed *rounding.Invoice // the same lines as claimed
	cdrs            exact.Decimal     // Σ prices, exact
	count, prices   int
	other           int
	masters         map[string]*memberPrices // lines that stand for many CDRs, by number
}

// memberPrices are the prices behind one line of an invoice that is judged through its members.
type memberPrices struct {
	stated ocpi.Number   // its net
	priced bool          // of a member at least
	price  exact.Decimal // Σ prices of its members
}

// NewInvoiceSums returns empty sums of the invoices.
func NewInvoiceSums(stated []StatedInvoice) *InvoiceSums {
	s := &InvoiceSums{byID: map[string]*invoiceSum{}}
	for _, i := range stated {
		minor := MinorUnits(i.Currency)
		s.byID[foldID(i.InvoiceID)] = &invoiceSum{
			stated: i, lines: rounding.NewInvoice(minor), priced: rounding.NewInvoice(minor), pricedAsClaimed: rounding.NewInvoice(minor),
		}
	}
	return s
}

// Add adds a line, if it is of such an invoice.
func (s *InvoiceSums) Add(v *LineVerdict) {
	if len(s.byID) == 0 {
		return
	}
	i := s.byID[foldID(v.Line.InvoiceID)]
	switch {
	case i == nil:
	case v.Line.Currency != i.stated.Currency:
		i.other++
	default:
		i.add(v)
	}
}

// add adds a line of the invoice. A member of a line that stands for many CDRs is none: it only tells of the price.
func (i *invoiceSum) add(v *LineVerdict) {
	price := shown(v.Computed.BeforeTaxes)
	switch {
	case v.Line.IsMember():
		i.master(v.Line.MasterLine).add(memberPrices{priced: price.Present, price: price.Value})
	case v.Line.IsMaster():
		stated := v.Line.Master.Stated
		i.master(v.Line.Line).add(memberPrices{stated: shown(stated.BeforeTaxes)})
		i.addLine(stated, v.Line.TaxRate, ocpi.Number{})
	default:
		i.addLine(v.Invoiced, v.Line.TaxRate, price)
	}
}

// addLine adds what a line claims, and its price where it has one.
func (i *invoiceSum) addLine(claims Money, rate, price ocpi.Number) {
	claimed := tariff.Amount{BeforeTaxes: shown(claims.BeforeTaxes), AfterTaxes: shown(claims.AfterTaxes), Rate: shown(rate)}
	i.count++
	i.lines.Add(&claimed)
	if price.Present && claimed.BeforeTaxes.Present {
		i.addPrice(claimed.BeforeTaxes, price)
	}
}

func (i *invoiceSum) master(line string) *memberPrices {
	if i.masters == nil {
		i.masters = map[string]*memberPrices{}
	}
	m := i.masters[line]
	if m == nil {
		m = &memberPrices{}
		i.masters[line] = m
	}
	return m
}

func (m *memberPrices) add(o memberPrices) {
	m.priced, m.price = m.priced || o.priced, m.price.Add(o.price)
	if o.stated.Present {
		m.stated = o.stated
	}
}

// closeMasters takes the lines that stand for many CDRs as lines whose price is that of their members.
func (i *invoiceSum) closeMasters() {
	for _, m := range i.masters {
		if m.priced && m.stated.Present {
			i.addPrice(m.stated, Known(m.price))
		}
	}
	i.masters = nil
}

// addPrice adds a line with a price.
func (i *invoiceSum) addPrice(claimed, price ocpi.Number) {
	i.prices++
	i.cdrs = i.cdrs.Add(price.Value)
	i.priced.Add(&tariff.Amount{BeforeTaxes: price})
	i.pricedAsClaimed.Add(&tariff.Amount{BeforeTaxes: claimed})
}

// shown is a number as lines.ndjson tells it.
func shown(n ocpi.Number) ocpi.Number {
	n.Value = n.Value.Shown()
	return n
}

// Merge adds the lines that other sums of the same invoices hold.
func (s *InvoiceSums) Merge(o *InvoiceSums) {
	for id, i := range s.byID {
		i.merge(o.byID[id])
	}
}

func (i *invoiceSum) merge(o *invoiceSum) {
	i.lines.Merge(o.lines)
	i.priced.Merge(o.priced)
	i.pricedAsClaimed.Merge(o.pricedAsClaimed)
	i.cdrs = i.cdrs.Add(o.cdrs)
	for line, m := range o.masters {
		i.master(line).add(*m)
	}
	i.count, i.prices, i.other = i.count+o.count, i.prices+o.prices, i.other+o.other
}

// Totals are the invoices, ordered by id.
func (s *InvoiceSums) Totals() []InvoiceTotals {
	out := []InvoiceTotals{}
	for _, i := range s.byID {
		i.closeMasters()
		out = append(out, InvoiceTotals{
			InvoiceID: i.stated.InvoiceID, Currency: i.stated.Currency, Lines: i.count, Priced: i.prices, Other: i.other,
			Totals: i.totals(), Steps: i.steps(),
		})
	}
	slices.SortFunc(out, func(a, b InvoiceTotals) int {
		return cmp.Or(CompareLineNumbers(a.InvoiceID, b.InvoiceID), strings.Compare(a.Currency, b.Currency))
	})
	return out
}

func (i *invoiceSum) totals() []InvoiceTotal {
	out := []InvoiceTotal{}
	for _, f := range i.lines.Judge(i.stated.Totals) {
		t := InvoiceTotal{Member: f.Member, Stated: f.Stated, Verdict: f.Class, Ways: []InvoiceWay{}}
		if i.count == 0 {
			t.Verdict = rounding.NotCompared
		}
		if t.Verdict != rounding.NotCompared {
			t.Lines, t.Difference = &f.Exact, ptr(f.Rounding())
			for _, w := range f.Ways {
				t.Ways = append(t.Ways, InvoiceWay{w.Way, rounding.ModeName(w.Mode)})
			}
			if f.Usual.Way != "" {
				t.Expected, t.Off = &f.Usual.Amount, ptr(f.Stated.Sub(f.Usual.Amount))
			}
		}
		out = append(out, t)
	}
	return out
}

func ptr(v exact.Decimal) *exact.Decimal { return &v }

// steps lead from the CDRs to the stated totals, as far as the lines tell: each net is the line's own, rounded.
func (i *invoiceSum) steps() []InvoiceStep {
	net, ok := i.lines.Net()
	if !ok || i.count == 0 {
		return []InvoiceStep{}
	}
	rounded, _ := i.priced.Net()
	claimed, _ := i.pricedAsClaimed.Net()
	w := stepWriter{out: []InvoiceStep{}}
	w.add(StepCDRs, i.cdrs)
	w.add(StepLineRounding, rounded.Sub(i.cdrs))
	w.add(StepLinesDiffer, claimed.Sub(rounded))
	w.add(StepWithoutPrice, net.Sub(claimed))
	w.to(StepNetDifference, i.stated.Totals.Net)
	stated := i.stated.Totals
	if !stated.Tax.Present && !stated.Gross.Present {
		return w.out
	}
	before := w.sum
	if tax, ok := i.lines.Tax(rounding.WayCategories); ok {
		w.add(StepCategoryTax, tax)
	} else if tax, ok := i.lines.Tax(rounding.WayLines); ok {
		w.add(StepLineTax, tax)
	} else if stated.Tax.Present {
		w.add(StepStatedTax, stated.Tax.Value)
	} else {
		return w.out
	}
	if stated.Tax.Present {
		w.to(StepTaxDifference, Known(before.Add(stated.Tax.Value)))
	}
	w.to(StepGrossDiffers, stated.Gross)
	return w.out
}

// stepWriter adds steps up.
type stepWriter struct {
	out []InvoiceStep
	sum exact.Decimal
}

func (w *stepWriter) add(step string, amount exact.Decimal) {
	w.sum = w.sum.Add(amount)
	w.out = append(w.out, InvoiceStep{step, amount.Trim(), w.sum.Trim()})
}

// to adds what leads to a stated total, if there is one.
func (w *stepWriter) to(step string, stated ocpi.Number) {
	if stated.Present {
		w.add(step, stated.Value.Sub(w.sum))
	}
}
