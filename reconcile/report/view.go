package report

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
)

// view is what the template shows: text, ready to be escaped.
type view struct {
	Policy        string
	Style         string
	Case, AsOf    string
	Parties       []partyView
	Currencies    []currencyView
	Outcomes      []outcomeView
	Conserves     bool
	Reasons       []reasonsView
	NotProved     []string
	Sides         []sidesView // where the debtor's copy was given
	Lines         string      // of the whole case
	Rows, Details string      // shown as rows; of these in full
	Capped        bool        // there are more lines than rows
	Shown         []shownView
	Static        []staticRow
	StaticCut     bool // there are more rows than static ones
	Inputs        []inputView
	Records       []recordView
	Findings      []findingView
	Engine        []pair
	Codes         []codeView
	Invoices      []invoiceView
	InvoicesMore  string // not shown
	Masters       []masterView
	MastersMore   string // not shown
	meta          []byte
	shared        *table
}

type pair struct{ Name, Value string }

type partyView struct{ Role, Name, ID string }

type currencyView struct {
	Currency              string
	Lines                 string
	Payable, PayableGross string // gross "" where not known
	Invoiced              string
	Size                  string // class of a figure too long for its usual size
	Bar                   []segment
	BarLabel              string
	Parts                 []partView
	Table                 []tableRow
	TableGross            []tableRow
	Beside                []besideView
}

// segment is a piece of a bar in per cent.
type segment struct{ Class, From, Width, Title string }

type partView struct{ Class, Name, Amount, Gross, Share, Meaning string }

type tableRow struct {
	Name  string
	Cells []pair
	Total bool
}

type besideView struct{ Name, Amount, Meaning string }

type outcomeView struct{ Class, Name, Count, Meaning string }

type shownView struct {
	Currency string
	Rows     []tableRow
}

// staticRow is a row of the page itself.
type staticRow struct {
	Invoice, Line, CDR, Session, Start, Currency, Outcome, OutcomeName, Reason string
	Disputed                                                                   bool
	Invoiced, Proven, Conceded, Unproven                                       string
}

type inputView struct{ Kind, Name, SHA256, Bytes, Records string }

type recordView struct{ Name, Read, Used, Duplicate, Rejected string }

type findingView struct{ Code, Severity, Title, Count string }

type codeView struct{ Code, Severity, Title, Text string }

func newView(p *Page, rows []*row, s *reconcile.Summary, inputs []Input, findings map[ocpi.Code]int) *view {
	v := &view{
		Case: visible(s.Case), AsOf: visible(s.AsOf), Conserves: s.Conserves,
		Lines: count(p.lines), Rows: count(len(rows)), Details: count(len(p.full)), Capped: p.lines > len(rows),
		shared: &p.shared,
	}
	for _, side := range []struct {
		role  string
		party reconcile.Party
	}{{"Creditor", p.Creditor}, {"Debtor", p.Debtor}} {
		if id := party(side.party.CountryCode, side.party.PartyID); id+side.party.Name != "" {
			v.Parties = append(v.Parties, partyView{side.role, visible(first(side.party.Name, id)), visible(id)})
		}
	}
	totals := p.byCurrency(s.Totals)
	for _, t := range totals {
		v.Currencies = append(v.Currencies, newCurrencyView(t, p.currency[t.net.Currency]))
		v.Reasons = append(v.Reasons, p.reasonsView(t.net.Currency, s.Reasons))
		if v.Capped {
			v.Shown = append(v.Shown, shownOf(t.net, p.currency[t.net.Currency], rows))
		}
	}
	v.Outcomes = outcomes(s.Outcomes)
	for _, sentence := range s.NotProved {
		v.NotProved = append(v.NotProved, visible(sentence))
	}
	v.addSides(s)
	v.addInvoices(s)
	v.addMasters(s)
	v.Static, v.StaticCut = static(rows), len(rows) > staticLines
	v.addSources(s, inputs, findings)
	v.meta = p.metaJSON(totals, !v.Capped)
	return v
}

// total is the sums of one currency; gross is nil where no tax is known.
type total struct{ net, gross *reconcile.Total }

// byCurrency pairs the totals and orders them by the number of lines, so that the main currency stands first, then by name.
func (p *Page) byCurrency(totals []reconcile.Total) []total {
	var out []total
	for i := range totals {
		t := &totals[i]
		at := slices.IndexFunc(out, func(o total) bool { return o.net.Currency == t.Currency })
		switch {
		case at < 0:
			out = append(out, total{net: t})
		case t.Basis == reconcile.AfterTaxes:
			out[at].gross = t
		default:
			out[at].net, out[at].gross = t, out[at].net
		}
	}
	slices.SortStableFunc(out, func(a, b total) int {
		return cmp.Or(p.currency[b.net.Currency]-p.currency[a.net.Currency], strings.Compare(a.net.Currency, b.net.Currency))
	})
	return out
}

func sum(a, b reconcile.Parts) reconcile.Parts {
	return reconcile.Parts{Proven: a.Proven.Add(b.Proven), Conceded: a.Conceded.Add(b.Conceded), Unproven: a.Unproven.Add(b.Unproven)}
}

func newCurrencyView(t total, lines int) currencyView {
	currency := t.net.Currency
	say := func(d exact.Decimal) string { return amount(d, currency) }
	all := sum(t.net.Disputed, t.net.Undisputed)
	v := currencyView{
		Currency: visible(currency), Lines: count(lines), Payable: say(all.Proven), Invoiced: say(t.net.Invoiced),
		Table: partsTable(t.net),
	}
	var gross reconcile.Parts
	if t.gross != nil {
		gross = sum(t.gross.Disputed, t.gross.Undisputed)
		v.PayableGross = say(gross.Proven)
		v.TableGross = partsTable(t.gross)
	}
	switch n := len([]rune(v.Payable)); {
	case n > 15:
		v.Size = "longer"
	case n > 11:
		v.Size = "long"
	}
	bar := permille(4, all.Proven, all.Conceded, all.Unproven)
	share := permille(0, all.Proven, all.Conceded, all.Unproven)
	at := 0
	for i, part := range []struct {
		class, name, meaning string
		net, gross           exact.Decimal
	}{
		{"proven", "Proven", "Owed: recomputed from the charging records, which agree.", all.Proven, gross.Proven},
		{"conceded", "Conceded", "Not owed: taken out of the demand, a credit is due.", all.Conceded, gross.Conceded},
		{"unproven", "Unproven", "Open: the records neither prove nor disprove it.", all.Unproven, gross.Unproven},
	} {
		w := partView{Class: part.class, Name: part.name, Amount: say(part.net), Share: percent(share[i]), Meaning: part.meaning}
		if t.gross != nil {
			w.Gross = say(part.gross)
		}
		v.Parts = append(v.Parts, w)
		label := part.name + " " + w.Amount + " " + v.Currency + ", " + w.Share + " %"
		v.BarLabel += label + "; "
		if bar[i] > 0 {
			v.Bar = append(v.Bar, segment{part.class, percent(at), percent(bar[i]), label})
		}
		at += bar[i]
	}
	v.BarLabel = strings.TrimSuffix(v.BarLabel, "; ")
	v.Beside = []besideView{
		{"Not invoiced", rounded(t.net.NotInvoiced, currency), "Charging records that no invoice line bills. Not claimed here."},
		{"Underbilled", rounded(t.net.Underbilled, currency), "What the records support beyond the lines as invoiced. Shown, never claimed."},
		{"Admitted by the debtor", say(t.net.Admitted), "What the dispute list itself accepts of disputed lines. Part of the above, not in addition."},
	}
	return v
}

// cells are the columns of a table of sums.
func cells(currency string, invoiced exact.Decimal, p reconcile.Parts) []pair {
	return []pair{
		{"Invoiced", amount(invoiced, currency)}, {"Proven", amount(p.Proven, currency)},
		{"Conceded", amount(p.Conceded, currency)}, {"Unproven", amount(p.Unproven, currency)},
	}
}

// partsTable is the six parts of the invoiced amount, with their sums.
func partsTable(t *reconcile.Total) []tableRow {
	return []tableRow{
		{"Disputed lines", cells(t.Currency, t.Disputed.Sum(), t.Disputed), false},
		{"Undisputed remainder", cells(t.Currency, t.Undisputed.Sum(), t.Undisputed), false},
		{"All lines", cells(t.Currency, t.Invoiced, sum(t.Disputed, t.Undisputed)), true},
	}
}

func outcomes(o reconcile.Outcomes) []outcomeView {
	return []outcomeView{
		{"proven", "proven", count(o.Proven), ""},
		{"partial", "in part", count(o.Partial), ""},
		{"conceded", "conceded", count(o.Conceded), ""},
		{"unproven", "unproven", count(o.Unproven), ""},
	}
}

// shownOf says which part of the invoice the rows of the page are.
func shownOf(t *reconcile.Total, lines int, rows []*row) shownView {
	var n int
	var invoiced exact.Decimal
	var parts reconcile.Parts
	for _, r := range rows {
		if r.currency != t.Currency {
			continue
		}
		n++
		invoiced = invoiced.Add(r.invoiced)
		parts = sum(parts, reconcile.Parts{Proven: r.proven, Conceded: r.conceded, Unproven: r.unproven})
	}
	all := sum(t.Disputed, t.Undisputed)
	rest := reconcile.Parts{
		Proven: all.Proven.Sub(parts.Proven), Conceded: all.Conceded.Sub(parts.Conceded), Unproven: all.Unproven.Sub(parts.Unproven),
	}
	row := func(name string, n int, invoiced exact.Decimal, p reconcile.Parts, total bool) tableRow {
		return tableRow{name, append([]pair{{"Lines", count(n)}}, cells(t.Currency, invoiced, p)...), total}
	}
	return shownView{visible(t.Currency), []tableRow{
		row("On this page", n, invoiced, parts, false),
		row("In lines.ndjson only", lines-n, t.Invoiced.Sub(invoiced), rest, false),
		row("All lines", lines, t.Invoiced, all, true),
	}}
}

// static reads the first rows back from their own encoding.
func static(rows []*row) []staticRow {
	var out []staticRow
	for _, r := range rows[:min(len(rows), staticLines)] {
		var members []any
		if err := json.Unmarshal(append(slices.Clone(r.json), ']'), &members); err != nil {
			panic("report: a row is no JSON: " + string(r.json))
		}
		text := func(i int) string { return members[i].(string) }
		money := func(i int) string {
			if text(i) == "" {
				return absent
			}
			return digits(text(i), minorUnit(r.currency))
		}
		var reasons []string
		for _, code := range members[10].([]any) {
			reasons = append(reasons, code.(string))
		}
		out = append(out, staticRow{
			Invoice: text(0), Line: text(1), CDR: text(2), Session: text(3), Start: text(6), Currency: text(7),
			Outcome: text(9), OutcomeName: outcomeNames[r.outcome], Reason: strings.Join(reasons, " "), Disputed: members[8].(bool),
			Invoiced: money(11), Proven: money(12), Conceded: money(13), Unproven: money(14),
		})
	}
	return out
}

var outcomeNames = map[reconcile.Outcome]string{
	reconcile.Proven: "Proven", reconcile.Partial: "In part", reconcile.Conceded: "Conceded", reconcile.Unproven: "Unproven",
}

// metaJSON is what the script needs besides the rows: words, the decimals of each currency and, where all lines are on the page, what
// they add up to.
func (p *Page) metaJSON(totals []total, all bool) []byte {
	minor := map[string]int{}
	for _, t := range totals {
		minor[visible(t.net.Currency)] = minorUnit(t.net.Currency)
	}
	titles := map[string]string{}
	for key := range p.reasons {
		titles[visible(string(key.code))] = title(key.code)
	}
	dst := []byte(`{"minor":{`)
	for i, c := range slices.Sorted(maps.Keys(minor)) {
		dst = append(append(appendText(comma(dst, i), c), ':'), byte('0'+minor[c]))
	}
	dst = append(dst, `},"sums":{`...)
	if all {
		dst = appendSums(dst, totals)
	}
	dst = append(dst, `},"titles":{`...)
	for i, c := range slices.Sorted(maps.Keys(titles)) {
		dst = appendQuoted(append(appendText(comma(dst, i), c), ':'), titles[c])
	}
	dst = append(dst, '}')
	for _, list := range []struct {
		name  string
		words []string
	}{{"ops", opNames()}, {"modes", modeNames}, {"docs", docNames}} {
		dst = append(append(append(dst, `,"`...), list.name...), `":[`...)
		for i, w := range list.words {
			dst = appendQuoted(comma(dst, i), w)
		}
		dst = append(dst, ']')
	}
	return append(dst, '}')
}

// appendSums appends what the rows of each currency must add up to: [invoiced, proven, conceded, unproven].
func appendSums(dst []byte, totals []total) []byte {
	for i, t := range totals {
		dst = append(appendText(comma(dst, i), visible(t.net.Currency)), ':')
		parts := sum(t.net.Disputed, t.net.Undisputed)
		for j, d := range []exact.Decimal{t.net.Invoiced, parts.Proven, parts.Conceded, parts.Unproven} {
			dst = append(dst, "[,,,"[j])
			dst = appendNumber(dst, reconcile.Known(d))
		}
		dst = append(dst, ']')
	}
	return dst
}
