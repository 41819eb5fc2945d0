package rounding

import (
	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
)

// Way is how a total of an invoice is made of its lines. EN 16931 knows one for each total; accounts programs know them all.
type Way string

// The ways. Net, tax and gross have those that are listed with them.
const (
	// WayLines: each line is rounded, then summed. Net: EN 16931, BR-CO-10 and BR-DEC-23. Tax: each line's tax, of its rounded net.
	// Gross: each line's exact gross.
	WayLines Way = "lines"
	// WayCategories, of tax: of the rounded lines of each rate the tax, rounded. EN 16931, BR-S-08, BR-CO-14 and BR-CO-17.
	WayCategories Way = "categories"
	// WayParts, of gross: the stated net and the stated tax. EN 16931, BR-CO-15.
	WayParts Way = "parts"
	// WayLinesExact, of tax: each line's exact tax is rounded.
	WayLinesExact Way = "lines-exact"
	// WayCategoriesExact, of tax: of the exact lines of each rate the tax, rounded.
	WayCategoriesExact Way = "categories-exact"
	// WayTotal: the exact lines are summed and the sum is rounded once.
	WayTotal Way = "total"
	// WayExact: the exact sum, not rounded.
	WayExact Way = "exact"
)

// Totals are the totals of an invoice as stated: BT-109, BT-110 and BT-112 of EN 16931.
type Totals struct{ Net, Tax, Gross ocpi.Number }

// Made is a total as one way makes it. Mode is 0 where nothing is rounded.
type Made struct {
	Way    Way
	Mode   exact.Mode
	Amount exact.Decimal
}

// TotalFinding is what is found of one stated total.
type TotalFinding struct {
	Member string        // net, tax or gross
	Class  Class         // exact, rounding, mismatch, or not-compared, where the amounts of some line are not known
	Stated exact.Decimal // as sent
	Exact  exact.Decimal // Σ of the exact lines; 0 where not compared
	// Ways are those that make the stated total to the last digit, by mode, then in the order of EN 16931 first. None: no rounding
	// explains the total.
	Ways []Made
	// Usual is what EN 16931 makes of the lines, half-up: for a total that nothing explains, what it should be. Its Way is "" where a line
	// bears no one rate.
	Usual Made
}

// Rounding is what rounding adds to the exact sum: stated − exact. Where Ways is empty it is a difference and no rounding.
func (f *TotalFinding) Rounding() exact.Decimal { return f.Stated.Sub(f.Exact).Trim() }

// Invoice adds up the lines of an invoice, which are exact amounts in one currency, each with its tax rate where it bears one. It holds sums
// and no lines: adding in any order, and merging the sums of several workers, gives the same. It is not safe for concurrent use.
type Invoice struct {
	minor        int32
	net, gross   sideSum
	tax          sideSum
	taxOfLines   sideSum // the tax of each rounded line, rounded; its exact sum is not kept
	rates        []rateSum
	noOneRate    bool // some line bears none, or several
	tooManyRates bool
}

// rateSum is the lines of one rate: a VAT category of EN 16931 (BG-23).
type rateSum struct {
	rate exact.Decimal
	net  sideSum
}

// maxRates bounds the memory of rates: no country has as many, and a table that states more is not of invoices.
const maxRates = 256

// sideSum is the sum of one side of the lines, exact and with each line rounded by each mode.
type sideSum struct {
	exact   exact.Decimal
	rounded [modeCount]exact.Decimal
	unknown bool // for some line
}

func (s *sideSum) add(n ocpi.Number, minor int32) {
	if !n.Present {
		s.unknown = true
		return
	}
	s.exact = s.exact.Add(n.Value)
	for i, mode := range modes {
		s.rounded[i] = s.rounded[i].Add(n.Value.Round(minor, mode))
	}
}

func (s *sideSum) merge(o *sideSum) {
	s.exact, s.unknown = s.exact.Add(o.exact), s.unknown || o.unknown
	for i := range modes {
		s.rounded[i] = s.rounded[i].Add(o.rounded[i])
	}
}

// NewInvoice is an invoice without lines in a currency whose minor unit has the given decimals.
func NewInvoice(minor int32) *Invoice { return &Invoice{minor: minor} }

// Add adds a line.
func (v *Invoice) Add(a *tariff.Amount) {
	v.net.add(a.BeforeTaxes, v.minor)
	v.gross.add(a.AfterTaxes, v.minor)
	v.tax.add(taxOf(a), v.minor)
	v.addTaxOfLine(a)
	switch net := a.BeforeTaxes; {
	case !a.Rate.Present:
		v.noOneRate = true
	case net.Present:
		if sum := v.rate(a.Rate.Value); sum != nil {
			sum.add(net, v.minor)
		}
	}
}

func taxOf(a *tariff.Amount) ocpi.Number {
	return ocpi.Number{Value: a.AfterTaxes.Value.Sub(a.BeforeTaxes.Value), Present: a.AfterTaxes.Present && a.BeforeTaxes.Present}
}

func (v *Invoice) addTaxOfLine(a *tariff.Amount) {
	for i, mode := range modes {
		net := a.BeforeTaxes
		net.Value = net.Value.Round(v.minor, mode)
		gross, ok := taxed(net, a, Step{v.minor, mode})
		v.taxOfLines.unknown = v.taxOfLines.unknown || !ok
		v.taxOfLines.rounded[i] = v.taxOfLines.rounded[i].Add(gross.Sub(net.Value))
	}
}

// rate is the sum of the lines of a rate; nil where there are more rates than are held.
func (v *Invoice) rate(rate exact.Decimal) *sideSum {
	for i := range v.rates {
		if v.rates[i].rate.Equal(rate) {
			return &v.rates[i].net
		}
	}
	if len(v.rates) == maxRates {
		v.tooManyRates = true
		return nil
	}
	v.rates = append(v.rates, rateSum{rate: rate})
	return &v.rates[len(v.rates)-1].net
}

// Merge adds the lines of another part of the invoice.
func (v *Invoice) Merge(o *Invoice) {
	v.net.merge(&o.net)
	v.gross.merge(&o.gross)
	v.tax.merge(&o.tax)
	v.taxOfLines.merge(&o.taxOfLines)
	v.noOneRate, v.tooManyRates = v.noOneRate || o.noOneRate, v.tooManyRates || o.tooManyRates
	for i := range o.rates {
		if sum := v.rate(o.rates[i].rate); sum != nil {
			sum.merge(&o.rates[i].net)
		}
	}
}

// Judge says which way of rounding makes each stated total. A tax total is judged by categories only where each line has one rate.
func (v *Invoice) Judge(stated Totals) []TotalFinding {
	var out []TotalFinding
	for _, m := range [...]struct {
		name   string
		stated ocpi.Number
		sum    *sideSum
		ways   []way
	}{{"net", stated.Net, &v.net, netWays}, {"tax", stated.Tax, &v.tax, taxWays}, {"gross", stated.Gross, &v.gross, grossWays}} {
		if m.stated.Present {
			out = append(out, v.judge(m.name, m.stated.Value, m.sum, m.ways, &stated))
		}
	}
	return out
}

// judge tries the ways to a total. A way by another mode that makes the same as by a commoner one is the same way.
func (v *Invoice) judge(member string, stated exact.Decimal, sum *sideSum, ways []way, all *Totals) TotalFinding {
	f := TotalFinding{Member: member, Stated: stated, Class: NotCompared}
	if sum.unknown {
		return f
	}
	f.Class, f.Exact = Mismatched, sum.exact.Trim()
	if stated.Equal(sum.exact) {
		f.Ways = append(f.Ways, Made{Way: WayExact, Amount: stated})
	}
	found := map[Way]bool{}
	for i, mode := range modes {
		for _, w := range ways {
			amount, ok := w.make(v, i, all)
			if ok && w.usual && mode == exact.HalfUp {
				f.Usual = Made{w.name, mode, amount}
			}
			if ok && !found[w.name] && amount.Equal(stated) {
				found[w.name] = true
				f.Ways = append(f.Ways, Made{w.name, mode, amount})
			}
		}
	}
	switch {
	case len(f.Ways) == 0:
	case f.Ways[0].Way == WayExact:
		f.Class = Exact
	default:
		f.Class = Explained
	}
	return f
}

// way makes a total by a mode, given by its place in modes; ok is false where an amount that it needs is not known.
type way struct {
	name Way
	make func(v *Invoice, mode int, stated *Totals) (amount exact.Decimal, ok bool)
	// usual says that EN 16931 makes the total so of the lines.
	usual bool
}

var (
	netWays = []way{
		{WayLines, lineSum(netOf), true},
		{WayTotal, totalSum(netOf), false},
	}
	taxWays = []way{
		{WayCategories, func(v *Invoice, mode int, _ *Totals) (exact.Decimal, bool) { return v.categories(mode, true) }, true},
		{WayLines, lineSum(func(v *Invoice) *sideSum { return &v.taxOfLines }), false},
		{WayLinesExact, lineSum(taxSum), false},
		{WayCategoriesExact, func(v *Invoice, mode int, _ *Totals) (exact.Decimal, bool) { return v.categories(mode, false) }, false},
		{WayTotal, totalSum(taxSum), false},
	}
	grossWays = []way{
		{WayParts, netAndTax, false},
		{WayCategories, usualGross, true},
		{WayLines, lineSum(grossOf), false},
		{WayTotal, totalSum(grossOf), false},
	}
)

// side is one of the sums of an invoice.
type side func(v *Invoice) *sideSum

func netOf(v *Invoice) *sideSum { return &v.net }

func grossOf(v *Invoice) *sideSum { return &v.gross }

func taxSum(v *Invoice) *sideSum { return &v.tax }

// lineSum rounds each line and adds up.
func lineSum(of side) func(*Invoice, int, *Totals) (exact.Decimal, bool) {
	return func(v *Invoice, mode int, _ *Totals) (exact.Decimal, bool) {
		return of(v).rounded[mode], !of(v).unknown
	}
}

// totalSum adds up and rounds once.
func totalSum(of side) func(*Invoice, int, *Totals) (exact.Decimal, bool) {
	return func(v *Invoice, mode int, _ *Totals) (exact.Decimal, bool) {
		return of(v).exact.Round(v.minor, modes[mode]), !of(v).unknown
	}
}

// categories is the tax of the lines of each rate, rounded once for each; roundedLines says that the lines are rounded before.
func (v *Invoice) categories(mode int, roundedLines bool) (sum exact.Decimal, ok bool) {
	if v.net.unknown || v.noOneRate || v.tooManyRates {
		return sum, false
	}
	for i := range v.rates {
		net := v.rates[i].net.exact
		if roundedLines {
			net = v.rates[i].net.rounded[mode]
		}
		sum = sum.Add(net.Mul(v.rates[i].rate).Shift(-2).Round(v.minor, modes[mode]))
	}
	return sum, true
}

// netAndTax is the sum of the stated net and tax.
func netAndTax(_ *Invoice, _ int, stated *Totals) (exact.Decimal, bool) {
	return stated.Net.Value.Add(stated.Tax.Value), stated.Net.Present && stated.Tax.Present
}

// usualGross is the net of the rounded lines with the tax of the categories.
func usualGross(v *Invoice, mode int, _ *Totals) (exact.Decimal, bool) {
	taxes, ok := v.categories(mode, true)
	return v.net.rounded[mode].Add(taxes), ok && !v.net.unknown
}

// usual is the place of the mode of EN 16931 in modes: it prescribes none, and half-up is what accounts programs do.
const usual = 0

// Net is the net of the invoice as EN 16931 makes it (BT-106): each line rounded, then summed; ok is false where that of some line is not known.
func (v *Invoice) Net() (amount exact.Decimal, ok bool) { return v.net.rounded[usual], !v.net.unknown }

// Tax is the tax of the invoice as EN 16931 makes it of the rounded lines of each rate (BR-CO-14, BR-CO-17); ok is false where some line bears no
// one rate. WayLines is the tax of each rounded line instead.
func (v *Invoice) Tax(by Way) (amount exact.Decimal, ok bool) {
	if by == WayLines {
		return v.taxOfLines.rounded[usual], !v.taxOfLines.unknown
	}
	return v.categories(usual, true)
}
