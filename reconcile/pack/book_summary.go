package pack

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/xlsx"
)

// documents are the JSON documents of a pack, by name.
type documents map[string][]byte

// claim is what the first sheet of lines.xlsx tells of them.
type claim struct {
	summary reconcile.Summary
	terms   struct {
		Parties struct{ Creditor, Debtor partyDoc } `json:"parties"`
	}
}

type partyDoc struct {
	CountryCode string `json:"country_code"`
	PartyID     string `json:"party_id"`
	Name        string `json:"name"`
}

// text is the name of a party and its OCPI ids.
func (p partyDoc) text() string {
	id := strings.Trim(p.CountryCode+"-"+p.PartyID, "-")
	switch {
	case p.Name == "" || p.Name == id:
		return id
	case id == "":
		return p.Name
	}
	return p.Name + " (" + id + ")"
}

// summarySheet is the sheet of the claim, without its rows.
func summarySheet() xlsx.Sheet {
	s := xlsx.Sheet{Name: "Summary", Front: true, Columns: []xlsx.Column{{Width: 38}, {Width: 16}}}
	for range len(partHeadings) + 1 {
		s.Columns = append(s.Columns, xlsx.Column{Width: 14})
	}
	return s
}

// finish writes the sheet of the claim and ends the workbook. A document that cannot be read tells nothing, as its own check does.
func (b *book) finish(texts documents) error {
	var c claim
	_ = json.Unmarshal(texts[summaryFile], &c.summary)
	_ = json.Unmarshal(texts[caseFile], &c.terms)
	if err := b.out.Next(); err != nil {
		return err
	}
	rows := b.head(&c, texts)
	rows = append(rows, totalRows(c.summary.Totals)...)
	rows = append(rows, reasonRows(c.summary.Reasons)...)
	rows = append(rows, b.sums.rows()...)
	rows = append(rows, nil, titleCells("What is not proved"))
	for _, s := range c.summary.NotProved {
		rows = append(rows, []xlsx.Cell{xlsx.Running(s)})
	}
	for _, row := range rows {
		if err := b.out.Row(row...); err != nil {
			return err
		}
	}
	return b.out.Close()
}

func titleCells(texts ...string) []xlsx.Cell {
	out := make([]xlsx.Cell, len(texts))
	for i, t := range texts {
		out[i] = xlsx.Title(t)
	}
	return out
}

// head says whose claim it is, what it was made from and how many lines the workbook has of all.
func (b *book) head(c *claim, texts documents) [][]xlsx.Cell {
	s, parties := &c.summary, &c.terms.Parties
	asOf, _ := time.Parse(time.DateOnly, s.AsOf) // one that is no date is empty
	o := s.Outcomes
	return [][]xlsx.Cell{
		titleCells("Claim", ""),
		factCells("Case", s.Case),
		{xlsx.Running("As of"), xlsx.Day(asOf)},
		factCells("Creditor", parties.Creditor.text()),
		factCells("Debtor", parties.Debtor.text()),
		{xlsx.Running("Invoice lines"), xlsx.Count(o.Proven + o.Partial + o.Conceded + o.Unproven)},
		{xlsx.Running("of which proven"), xlsx.Count(o.Proven)},
		{xlsx.Running("of which proven in part"), xlsx.Count(o.Partial)},
		{xlsx.Running("of which conceded"), xlsx.Count(o.Conceded)},
		{xlsx.Running("of which unproven"), xlsx.Count(o.Unproven)},
		{xlsx.Running("Lines in this workbook"), xlsx.Count(b.lines), xlsx.Running("disputed, or different from their records; lines.csv has all lines")},
		factCells("Engine", engineText(&s.Engine)),
		factCells("Go, time zones", s.Engine.Go+", "+s.Engine.TZData),
		factCells("SHA-256 of case.json", digestText(texts[caseFile])),
		factCells("SHA-256 of engine.json", digestText(texts[engineFile])),
		factCells("SHA-256 of lines.ndjson", "in manifest-sha256.txt; VERIFY.md says how to check the pack"),
	}
}

func factCells(name, value string) []xlsx.Cell {
	return []xlsx.Cell{xlsx.Running(name), xlsx.Running(value)}
}

func digestText(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// partHeadings are the columns of amounts.
var partHeadings = []string{"Claimed", "Proven", "Conceded", "Unproven"}

// partCells are amounts in those columns.
func partCells(invoiced exact.Decimal, p reconcile.Parts) []xlsx.Cell {
	return []xlsx.Cell{decimalCell(invoiced), decimalCell(p.Proven), decimalCell(p.Conceded), decimalCell(p.Unproven)}
}

func decimalCell(v exact.Decimal) xlsx.Cell { return xlsx.Number(v.Shown()) }

// unitCell says what amounts are counted in.
func unitCell(currency string, basis reconcile.Basis) xlsx.Cell {
	return xlsx.Running(strings.TrimSpace(currency + " " + basisNames[basis]))
}

var basisNames = map[reconcile.Basis]string{reconcile.BeforeTaxes: "net", reconcile.AfterTaxes: "gross"}

// totalRows are the sums over all lines, those that are not listed too.
func totalRows(totals []reconcile.Total) [][]xlsx.Cell {
	rows := [][]xlsx.Cell{nil, titleCells(append([]string{"Totals", ""}, partHeadings...)...)}
	for i := range totals {
		t := &totals[i]
		for _, part := range splitsOf(t) {
			cells := []xlsx.Cell{xlsx.Running(part.what), unitCell(t.Currency, t.Basis)}
			rows = append(rows, append(cells, partCells(part.parts.Sum(), part.parts)...))
		}
	}
	return rows
}

// split is a part of all lines, or all of them.
type split struct {
	what  string
	parts reconcile.Parts
	all   bool
}

func splitsOf(t *reconcile.Total) [3]split {
	all := reconcile.Parts{
		Proven: t.Disputed.Proven.Add(t.Undisputed.Proven), Conceded: t.Disputed.Conceded.Add(t.Undisputed.Conceded),
		Unproven: t.Disputed.Unproven.Add(t.Undisputed.Unproven),
	}
	return [...]split{{"Disputed lines", t.Disputed, false}, {"Other lines", t.Undisputed, false}, {"All lines", all, true}}
}

// reasonRows are the amounts by reason.
func reasonRows(reasons []reconcile.ReasonTotal) [][]xlsx.Cell {
	rows := [][]xlsx.Cell{nil, titleCells("What is not proven, by reason", "", "Amount", "Lines")}
	for _, r := range reasons {
		rows = append(rows, []xlsx.Cell{xlsx.Running(string(r.Code)), unitCell(r.Currency, r.Basis), decimalCell(r.Amount), xlsx.Count(r.Lines)})
	}
	return rows
}

// maxBookInvoices is how many invoices the workbook tells apart; the lines of others are summed in one row for each currency.
const maxBookInvoices = 5000

const otherInvoices = "other invoices"

// invoiceSums adds up lines of each invoice, in the order in which they come.
type invoiceSums struct {
	most int // that are told apart
	last *invoiceSum
	list []*invoiceSum
	at   map[invoiceKey]*invoiceSum
}

type invoiceKey struct {
	invoice, currency string
	others            bool
}

type invoiceSum struct {
	key      invoiceKey
	lines    int
	invoiced exact.Decimal
	parts    reconcile.Parts
}

func (s *invoiceSums) of(invoice, currency string) *invoiceSum {
	if s.last == nil || s.last.key != (invoiceKey{invoice: invoice, currency: currency}) { // most lines follow one of the same invoice
		s.last = s.find(asWritten(invoice), asWritten(currency))
	}
	return s.last
}

func (s *invoiceSums) find(invoice, currency string) *invoiceSum {
	if s.at == nil {
		s.at = map[invoiceKey]*invoiceSum{}
	}
	key := invoiceKey{invoice: invoice, currency: currency}
	if sum := s.at[key]; sum != nil {
		return sum
	}
	if len(s.list) >= s.most {
		key = invoiceKey{currency: currency, others: true}
	}
	sum := s.at[key]
	if sum == nil {
		sum = &invoiceSum{key: key}
		s.at[key], s.list = sum, append(s.list, sum)
	}
	return sum
}

func (s *invoiceSum) name() string {
	if s.key.others {
		return otherInvoices
	}
	return s.key.invoice
}

func (s *invoiceSums) add(d *lineDoc) {
	sum := s.of(d.InvoiceID, d.Currency)
	sum.lines++
	for _, m := range []struct {
		into *exact.Decimal
		text string
	}{
		{&sum.invoiced, d.Invoiced.BeforeTaxes}, {&sum.parts.Proven, d.Proven.BeforeTaxes}, {&sum.parts.Conceded, d.Conceded.BeforeTaxes},
		{&sum.parts.Unproven, d.Unproven.BeforeTaxes},
	} {
		n, _ := numberOf(m.text) // what cannot be read is found elsewhere
		*m.into = m.into.Add(n.Value)
	}
}

func (s *invoiceSums) rows() [][]xlsx.Cell {
	rows := [][]xlsx.Cell{nil, titleCells(append(append([]string{"Lines of this workbook, by invoice", ""}, partHeadings...), "Lines")...)}
	for _, sum := range s.list {
		cells := []xlsx.Cell{xlsx.Running(sum.name()), unitCell(sum.key.currency, reconcile.BeforeTaxes)}
		rows = append(rows, append(append(cells, partCells(sum.invoiced, sum.parts)...), xlsx.Count(sum.lines)))
	}
	return rows
}
