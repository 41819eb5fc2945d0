package report

import (
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/rounding"
)

// maxWhole is how many invoices and how many master lines the page shows as a whole; the rest is in summary.json.
const maxWhole = 200

// invoiceView is an invoice whose totals the case states.
type invoiceView struct {
	ID, Currency, Lines string
	Totals              []invoiceTotalView
	Steps               []pair // from the prices of the CDRs to the stated totals: what each adds, and what that comes to
}

type invoiceTotalView struct{ Name, Stated, Lines, Difference, Verdict, Severity string }

var (
	totalNames = map[string]string{"net": "Net", "tax": "Tax", "gross": "With tax"}
	stepNames  = map[string]string{
		reconcile.StepCDRs:          "Prices of the charging records, exact",
		reconcile.StepLineRounding:  "Each of them rounded to the minor unit",
		reconcile.StepLinesDiffer:   "What the lines claim otherwise",
		reconcile.StepWithoutPrice:  "Lines whose record has no price",
		reconcile.StepNetDifference: "To the net that the invoice states",
		reconcile.StepCategoryTax:   "The tax of the lines of each rate, rounded",
		reconcile.StepLineTax:       "The tax of each line, rounded",
		reconcile.StepStatedTax:     "The tax that the invoice states",
		reconcile.StepTaxDifference: "To the tax that the invoice states",
		reconcile.StepGrossDiffers:  "To what the invoice states with tax",
	}
	verdictNames = map[rounding.Class][2]string{ // in words, and a severity for its looks
		rounding.Exact: {"adds up", "info"}, rounding.Explained: {"adds up by rounding", "info"},
		rounding.Within:     {"adds up within the tolerance", "info"},
		rounding.Mismatched: {"does not add up", "error"}, rounding.NotCompared: {"not compared", "warn"},
	}
)

// addInvoices fills in how the stated totals of invoices compare with their lines.
func (v *view) addInvoices(s *reconcile.Summary) {
	v.InvoicesMore = count(len(s.Invoices) - min(len(s.Invoices), maxWhole))
	for _, in := range s.Invoices[:min(len(s.Invoices), maxWhole)] {
		one := invoiceView{ID: visible(in.InvoiceID), Currency: visible(in.Currency), Lines: count(in.Lines)}
		for _, t := range in.Totals {
			verdict := verdictNames[t.Verdict]
			one.Totals = append(one.Totals, invoiceTotalView{
				first(totalNames[t.Member], visible(t.Member)), amount(t.Stated, in.Currency), optional(t.Lines, in.Currency),
				optional(t.Difference, in.Currency), first(verdict[0], visible(string(t.Verdict))), verdict[1],
			})
		}
		for _, step := range in.Steps {
			name := stepNames[step.Step]
			if name == "" || step.Amount.IsZero() && step.Step != reconcile.StepCDRs {
				continue // it adds nothing
			}
			one.Steps = append(one.Steps, pair{name, rounded(step.Amount, in.Currency) + " → " + rounded(step.Sum, in.Currency)})
		}
		v.Invoices = append(v.Invoices, one)
	}
}

func optional(d *exact.Decimal, currency string) string {
	if d == nil {
		return absent
	}
	return amount(*d, currency)
}

// masterView is a line that stands for many CDRs.
type masterView struct {
	Invoice, Line, Currency, Members, Stated, Carried, Rest, Verdict, Severity string
	Counts                                                                     []pair // what is wrong with its members: how many, and their sum
}

// addMasters fills in how master lines stand with their members.
func (v *view) addMasters(s *reconcile.Summary) {
	v.MastersMore = count(len(s.Masters) - min(len(s.Masters), maxWhole))
	for _, m := range s.Masters[:min(len(s.Masters), maxWhole)] {
		verdict := verdictNames[m.Verdict]
		one := masterView{
			Invoice: visible(m.InvoiceID), Line: visible(m.Line), Currency: visible(m.Currency), Members: count(m.Members), Stated: amount(m.Stated, m.Currency),
			Carried: amount(m.Carried, m.Currency), Rest: amount(m.Rest, m.Currency), Verdict: first(verdict[0], visible(string(m.Verdict))), Severity: verdict[1],
		}
		for _, c := range []struct {
			name string
			n    reconcile.MasterCount
		}{
			{"missing from it", m.Counts.Missing}, {"foreign", m.Counts.Foreign}, {"listed twice", m.Counts.Twice}, {"credited", m.Counts.Credited},
			{"without record", m.Counts.Unknown},
		} {
			if c.n.Entries > 0 {
				one.Counts = append(one.Counts, pair{count(c.n.Entries) + " " + c.name, amount(c.n.Amount, m.Currency)})
			}
		}
		v.Masters = append(v.Masters, one)
	}
}
