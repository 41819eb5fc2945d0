package report

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
)

// reasonsView is the reasons of one currency, in groups: conceded, unproven, and what moved tax alone or nothing.
type reasonsView struct {
	Currency string
	Chart    []chartRow
	Groups   []reasonGroup
}

type reasonGroup struct {
	Class, Name, Total, Column string
	Reasons                    []reasonView
}

type reasonView struct {
	Code, Title, Creditor, Debtor string
	Lines, Amount                 string
	Width                         string // of the bar, per cent of the largest; "" for none
	amount                        exact.Decimal
	lines                         int
}

// The groups of a currency's reasons.
const (
	groupTax   = iota + 2 // after conceded and unproven
	groupNoted            // of lines, without moving anything of them
	groupWhole            // sums that cannot be split by part
	groupCount
)

// reasonsView takes the sums from the summary; where what Add saw of them adds up to the same, it shows them split by part.
func (p *Page) reasonsView(currency string, totals []reconcile.ReasonTotal) reasonsView {
	groups := [groupCount]reasonGroup{
		conceded: {Class: "conceded", Name: "Conceded"}, unproven: {Class: "unproven", Name: "Unproven"},
		groupTax: {Name: "Tax alone", Column: "Amount, with tax"}, groupNoted: {Name: "Noted, without moving an amount"},
		groupWhole: {Name: "By reason"},
	}
	add := func(g int, code ocpi.Code, lines int, d exact.Decimal) { groups[g].add(code, lines, d, currency) }
	net := map[ocpi.Code]bool{}
	for _, t := range totals {
		if t.Currency != currency || t.Basis != reconcile.BeforeTaxes {
			continue
		}
		net[t.Code] = true
		c, u := p.reasons[reasonKey{conceded, t.Code, currency}], p.reasons[reasonKey{unproven, t.Code, currency}]
		c, u = cmp.Or(c, new(reasonSum)), cmp.Or(u, new(reasonSum))
		if !c.amount.Add(u.amount).Equal(t.Amount) {
			add(groupWhole, t.Code, t.Lines, t.Amount)
			continue
		}
		if c.lines > 0 {
			add(int(conceded), t.Code, c.lines, c.amount)
		}
		if u.lines > 0 {
			add(int(unproven), t.Code, u.lines, u.amount)
		}
	}
	for _, t := range totals {
		if t.Currency == currency && t.Basis == reconcile.AfterTaxes && !net[t.Code] {
			add(groupTax, t.Code, t.Lines, t.Amount)
		}
	}
	for key, sum := range p.reasons {
		if key.part == noted && key.currency == currency {
			add(groupNoted, key.code, sum.lines, sum.amount)
		}
	}
	out := reasonsView{Currency: visible(currency), Groups: finish(groups[:], currency)}
	if len(groups[groupWhole].Reasons) == 0 {
		out.Chart = p.chart(currency)
	}
	return out
}

func (g *reasonGroup) add(code ocpi.Code, lines int, d exact.Decimal, currency string) {
	a := actionFor(code)
	g.Reasons = append(g.Reasons, reasonView{
		Code: visible(string(code)), Title: title(code), Creditor: a.creditor, Debtor: a.debtor,
		Lines: count(lines), Amount: amount(d, currency), amount: d, lines: lines,
	})
}

// finish drops empty groups, orders the rest by amount and draws their bars to one scale.
func finish(groups []reasonGroup, currency string) []reasonGroup {
	var largest exact.Decimal
	for _, g := range groups {
		for _, r := range g.Reasons {
			largest = exact.Max(largest, r.amount.Abs())
		}
	}
	var out []reasonGroup
	for _, g := range groups {
		if len(g.Reasons) == 0 {
			continue
		}
		slices.SortStableFunc(g.Reasons, func(a, b reasonView) int {
			return cmp.Or(b.amount.Abs().Cmp(a.amount.Abs()), b.lines-a.lines, strings.Compare(a.Code, b.Code))
		})
		var sum exact.Decimal
		for j := range g.Reasons {
			r := &g.Reasons[j]
			sum = sum.Add(r.amount)
			if r.amount.Sign() != 0 {
				r.Width = percent(permille(4, r.amount.Abs(), largest.Sub(r.amount.Abs()))[0])
			}
		}
		g.Total = amount(sum, currency)
		g.Column = cmp.Or(g.Column, "Amount, net")
		out = append(out, g)
	}
	return out
}

var inputKinds = map[string]string{
	"cdrs": "Charging records", "theirs": "Charging records, the debtor's copy", "their_sessions": "Sessions, the debtor's copy", "sessions": "Sessions", "tariffs": "Tariffs",
	"locations": "Locations", "tokens": "Tokens", "invoices": "Invoices",
	"disputes": "Dispute lists", "invoice_reconciliation": "Invoice Reconciliation", "case": "Case file", "agreement": "Agreed tariffs",
}

// addSources fills in what the result rests on.
func (v *view) addSources(s *reconcile.Summary, inputs []Input, findings map[ocpi.Code]int) {
	for _, in := range inputs {
		records := absent
		if in.Records > 0 {
			records = count(in.Records)
		}
		kind := inputKinds[in.Kind]
		if kind == "" {
			kind = capital(visible(in.Kind))
		}
		v.Inputs = append(v.Inputs, inputView{
			kind, visible(in.Name), visible(in.SHA256), digits(itoa64(in.Bytes), 0), records,
		})
	}
	record := func(name string, c reconcile.RecordCount) {
		v.Records = append(v.Records, recordView{name, count(c.Read), count(c.Used), count(c.Duplicate), count(c.Rejected)})
	}
	record("Charging records (CDRs)", s.Records.CDRs)
	record("Sessions", s.Records.Sessions)
	record("Invoice lines", s.Records.InvoiceLines)
	record("Disputes", s.Records.Disputes)
	if s.Theirs != nil {
		record("Charging records, the debtor's copy", s.Records.Theirs)
	}
	if s.TheirSessions != nil {
		record("Sessions, the debtor's copy", s.Records.TheirSessions)
	}
	codes := map[ocpi.Code]bool{}
	for _, r := range s.Reasons {
		codes[r.Code] = true
	}
	for code, n := range findings {
		codes[code] = true
		v.Findings = append(v.Findings, findingView{
			visible(string(code)), catalogue()[code].Severity.String(), title(code), count(n),
		})
	}
	slices.SortFunc(v.Findings, func(a, b findingView) int {
		return cmp.Or(severityRank(b.Severity)-severityRank(a.Severity), strings.Compare(a.Code, b.Code))
	})
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		info, known := catalogue()[code]
		if known && info.Text != "" {
			v.Codes = append(v.Codes, codeView{visible(string(code)), info.Severity.String(), info.Title, info.Text})
		}
	}
	e := s.Engine
	for _, p := range []pair{
		{"Program", strings.TrimSpace(e.Name + " " + e.Version)}, {"Source revision", e.Revision}, {"Built with", e.Go},
		{"Time zone data", e.TZData},
	} {
		if p.Value != "" {
			v.Engine = append(v.Engine, pair{p.Name, visible(p.Value)})
		}
	}
}

func severityRank(name string) int {
	s, _ := ocpi.ParseSeverity(name)
	return int(s)
}
