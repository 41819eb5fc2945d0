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
	Stated exact.Decimal // as sent
	Exact  exact.Decimal // Σ of the exact lines
	// Ways are those that make the stated total to the last digit, by mode, then in the order of EN 16931 first. None: no rounding
	// explains the total.
	Ways []Made
	// Usual is what EN 16931 makes of the lines, half-up: for a total that nothing explains, what it should be. Its Way is "" where a line
	// bears no one rate.
	Usual Made
}

// Rounding is what rounding adds to the exact sum: stated − exact. Where Ways is empty it is a difference and no rounding.
func (f *TotalFinding) Rounding() exact.Decimal { return f.Stated.Sub(f.Exact).Trim() }

// Invoice says which way of rounding makes each stated total of the lines, which are exact amounts in a currency whose minor unit has the
// given decimals, each with its tax rate where it bears one. A total that is not stated, or for which an amount of a line is not known, is
// not judged; a tax total is judged by categories only where each line has one rate.
func Invoice(lines []tariff.Amount, stated Totals, minor int32) []TotalFinding {
	v := invoice{lines: lines, stated: stated, minor: minor}
	net, netKnown := v.sum(before)
	gross, grossKnown := v.sum(after)
	var out []TotalFinding
	if stated.Net.Present && netKnown {
		out = append(out, v.judge("net", stated.Net.Value, net, netWays))
	}
	if stated.Tax.Present && netKnown && grossKnown {
		out = append(out, v.judge("tax", stated.Tax.Value, gross.Sub(net), taxWays))
	}
	if stated.Gross.Present && grossKnown {
		out = append(out, v.judge("gross", stated.Gross.Value, gross, grossWays))
	}
	return out
}

type invoice struct {
	lines  []tariff.Amount
	stated Totals
	minor  int32
}

// way makes a total by a mode; ok is false where an amount that it needs is not known.
type way struct {
	name Way
	make func(v *invoice, mode exact.Mode) (amount exact.Decimal, ok bool)
	// usual says that EN 16931 makes the total so of the lines.
	usual bool
}

var (
	netWays = []way{
		{WayLines, func(v *invoice, m exact.Mode) (exact.Decimal, bool) { return v.lineSum(m, before) }, true},
		{WayTotal, func(v *invoice, m exact.Mode) (exact.Decimal, bool) { return v.rounded(m, before) }, false},
	}
	taxWays = []way{
		{WayCategories, func(v *invoice, m exact.Mode) (exact.Decimal, bool) { return v.categories(m, true) }, true},
		{WayLines, (*invoice).taxOfLines, false},
		{WayLinesExact, func(v *invoice, m exact.Mode) (exact.Decimal, bool) { return v.lineSum(m, tax) }, false},
		{WayCategoriesExact, func(v *invoice, m exact.Mode) (exact.Decimal, bool) { return v.categories(m, false) }, false},
		{WayTotal, func(v *invoice, m exact.Mode) (exact.Decimal, bool) { return v.rounded(m, tax) }, false},
	}
	grossWays = []way{
		{WayParts, (*invoice).netAndTax, false},
		{WayCategories, (*invoice).usualGross, true},
		{WayLines, func(v *invoice, m exact.Mode) (exact.Decimal, bool) { return v.lineSum(m, after) }, false},
		{WayTotal, func(v *invoice, m exact.Mode) (exact.Decimal, bool) { return v.rounded(m, after) }, false},
	}
)

// judge tries the ways to a total. A way by another mode that makes the same as by a commoner one is the same way.
func (v *invoice) judge(member string, stated, sum exact.Decimal, ways []way) TotalFinding {
	f := TotalFinding{Member: member, Stated: stated, Exact: sum.Trim()}
	if stated.Equal(sum) {
		f.Ways = append(f.Ways, Made{Way: WayExact, Amount: stated})
	}
	found := map[Way]bool{}
	for _, mode := range modes {
		for _, w := range ways {
			amount, ok := w.make(v, mode)
			if ok && w.usual && mode == exact.HalfUp {
				f.Usual = Made{w.name, mode, amount}
			}
			if ok && !found[w.name] && amount.Equal(stated) {
				found[w.name] = true
				f.Ways = append(f.Ways, Made{w.name, mode, amount})
			}
		}
	}
	return f
}

// side reads one amount of a line.
type side func(a *tariff.Amount) ocpi.Number

func before(a *tariff.Amount) ocpi.Number { return a.BeforeTaxes }

func after(a *tariff.Amount) ocpi.Number { return a.AfterTaxes }

func tax(a *tariff.Amount) ocpi.Number {
	return ocpi.Number{Value: a.AfterTaxes.Value.Sub(a.BeforeTaxes.Value), Present: a.AfterTaxes.Present && a.BeforeTaxes.Present}
}

// total adds up what f makes of each line; ok is false where it makes nothing of one.
func (v *invoice) total(f func(a *tariff.Amount) (exact.Decimal, bool)) (sum exact.Decimal, ok bool) {
	for i := range v.lines {
		amount, ok := f(&v.lines[i])
		if !ok {
			return sum, false
		}
		sum = sum.Add(amount)
	}
	return sum, true
}

func (v *invoice) sum(of side) (exact.Decimal, bool) {
	return v.total(func(a *tariff.Amount) (exact.Decimal, bool) { n := of(a); return n.Value, n.Present })
}

// lineSum rounds each line and adds up.
func (v *invoice) lineSum(mode exact.Mode, of side) (exact.Decimal, bool) {
	return v.total(func(a *tariff.Amount) (exact.Decimal, bool) {
		n := of(a)
		return n.Value.Round(v.minor, mode), n.Present
	})
}

// rounded adds up and rounds once.
func (v *invoice) rounded(mode exact.Mode, of side) (exact.Decimal, bool) {
	sum, ok := v.sum(of)
	return sum.Round(v.minor, mode), ok
}

// taxOfLines is the tax of each rounded line, rounded.
func (v *invoice) taxOfLines(mode exact.Mode) (exact.Decimal, bool) {
	return v.total(func(a *tariff.Amount) (exact.Decimal, bool) {
		net := a.BeforeTaxes
		net.Value = net.Value.Round(v.minor, mode)
		gross, ok := taxed(net, a, Step{v.minor, mode})
		return gross.Sub(net.Value), ok
	})
}

// categories is the tax of the lines of each rate, rounded once for each; roundedLines says that the lines are rounded before.
func (v *invoice) categories(mode exact.Mode, roundedLines bool) (exact.Decimal, bool) {
	var rates, nets []exact.Decimal
	for i := range v.lines {
		a := &v.lines[i]
		if !a.Rate.Present || !a.BeforeTaxes.Present {
			return exact.Decimal{}, false
		}
		net := a.BeforeTaxes.Value
		if roundedLines {
			net = net.Round(v.minor, mode)
		}
		at := 0
		for at < len(rates) && !rates[at].Equal(a.Rate.Value) {
			at++
		}
		if at == len(rates) {
			rates, nets = append(rates, a.Rate.Value), append(nets, exact.Decimal{})
		}
		nets[at] = nets[at].Add(net)
	}
	var sum exact.Decimal
	for i, rate := range rates {
		sum = sum.Add(nets[i].Mul(rate).Shift(-2).Round(v.minor, mode))
	}
	return sum, true
}

// netAndTax is the sum of the stated net and tax.
func (v *invoice) netAndTax(exact.Mode) (exact.Decimal, bool) {
	return v.stated.Net.Value.Add(v.stated.Tax.Value), v.stated.Net.Present && v.stated.Tax.Present
}

// usualGross is the net of the rounded lines with the tax of the categories.
func (v *invoice) usualGross(mode exact.Mode) (exact.Decimal, bool) {
	net, ok := v.lineSum(mode, before)
	taxes, known := v.categories(mode, true)
	return net.Add(taxes), ok && known
}
