package reconcile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile/rounding"
)

// MasterResult is how a master line stands to its members and to the CDRs that it says to cover: an object of master_lines.ndjson. Amounts
// are net.
type MasterResult struct {
	MasterSummary
	// Parts are those of the members and of what they do not carry: they sum to what the line states.
	Parts Parts `json:"parts"`
	// Reasons say why of these parts not all is proven.
	Reasons []ReasonTotal `json:"reasons"`
	// Steps lead from the prices of the CDRs to what the line states; net-difference is what the members do not carry.
	Steps []InvoiceStep `json:"steps"`
	// Ways of rounding that make what the line states of what its members claim.
	Ways []InvoiceWay `json:"ways"`

	Missing  []MasterEntry `json:"missing"`  // CDRs that no line claims and that belong here; their recomputed price
	Foreign  []MasterEntry `json:"foreign"`  // members whose CDR contradicts what the line covers
	Twice    []MasterEntry `json:"twice"`    // members whose CDR supports an earlier line
	Credited []MasterEntry `json:"credited"` // members that give money back
	Unknown  []MasterEntry `json:"unknown"`  // members without a CDR, or with several
}

// MasterSummary is what summary.json tells of a master line.
type MasterSummary struct {
	InvoiceID string         `json:"invoice_id"`
	Line      string         `json:"line"`
	Currency  string         `json:"currency"`
	By        string         `json:"by"`      // how the members are known
	Members   int            `json:"members"` // lines
	Stated    exact.Decimal  `json:"stated"`
	Carried   exact.Decimal  `json:"carried"`    // what the members claim
	Rest      exact.Decimal  `json:"rest"`       // stated − carried
	Verdict   rounding.Class `json:"verdict"`    // on the rest: exact, rounding or mismatch
	Computed  exact.Decimal  `json:"recomputed"` // Σ prices of the members' CDRs
	Counts    MasterCounts   `json:"counts"`
}

// MasterCounts are how many entries each list of a master line has, and what they come to.
type MasterCounts struct {
	Missing  MasterCount `json:"missing"`
	Foreign  MasterCount `json:"foreign"`
	Twice    MasterCount `json:"twice"`
	Credited MasterCount `json:"credited"`
	Unknown  MasterCount `json:"unknown"`
}

// MasterCount is a number of entries and their sum.
type MasterCount struct {
	Entries int           `json:"entries"`
	Amount  exact.Decimal `json:"amount"`
}

// MasterEntry is a CDR that is named for a reason; Line is "" where no line claims it.
type MasterEntry struct {
	CDRID     string        `json:"cdr_id"`
	SessionID string        `json:"session_id,omitempty"`
	Line      string        `json:"line,omitempty"`
	Amount    exact.Decimal `json:"amount"`
	Message   string        `json:"message,omitempty"` // what contradicts
}

// MasterSums adds up the lines of master lines, as lines.ndjson tells them, in any order. The zero value is ready.
type MasterSums struct {
	of map[[2]string]*masterSum // by invoice and line
}

type masterSum struct {
	result MasterResult
	tally  Tally
	sums   *invoiceSum
}

func (s *MasterSums) sumOf(m *MasterLine) *masterSum {
	key := [2]string{m.InvoiceID, m.Line}
	if s.of == nil {
		s.of = map[[2]string]*masterSum{}
	}
	sum := s.of[key]
	if sum == nil {
		minor := MinorUnits(m.Currency)
		sum = &masterSum{sums: &invoiceSum{
			lines: rounding.NewInvoice(minor), priced: rounding.NewInvoice(minor), pricedAsClaimed: rounding.NewInvoice(minor),
		}}
		sum.result.InvoiceID, sum.result.Line, sum.result.Currency, sum.result.By = m.InvoiceID, m.Line, m.Currency, m.By
		s.of[key] = sum
	}
	return sum
}

// Add adds a line, if it has a part in a master line.
func (s *MasterSums) Add(v *LineVerdict) {
	l := v.Line
	if l.Master == nil {
		return
	}
	sum := s.sumOf(l.Master)
	sum.tally.Add(v)
	if l.IsMaster() {
		sum.result.Stated = shown(l.Master.Stated.BeforeTaxes).Value
		sum.sums.stated.Totals.Net = Known(sum.result.Stated)
		return
	}
	sum.result.Members++
	sum.sums.addLine(v.Invoiced, l.TaxRate, shown(v.Computed.BeforeTaxes))
	sum.list(v)
}

// list names a member for what is said of it.
func (s *masterSum) list(v *LineVerdict) {
	claimed := shown(v.Invoiced.BeforeTaxes).Value
	s.result.Carried = s.result.Carried.Add(claimed)
	entry := MasterEntry{CDRID: orElse(v.Line.CDRID, v.Match.CDRID), SessionID: v.Line.SessionID, Line: v.Line.Line, Amount: claimed}
	reasons := v.Reasons()
	for _, l := range []struct {
		code ocpi.Code
		into *[]MasterEntry
	}{
		{codeMemberForeign, &s.result.Foreign}, {codeInvoicedTwice, &s.result.Twice}, {codeUnknownCDR, &s.result.Unknown},
		{codeMissingCDR, &s.result.Unknown}, {codeAmbiguousMatch, &s.result.Unknown},
	} {
		if !slices.Contains(reasons, l.code) {
			continue
		}
		one := entry
		if i := slices.IndexFunc(v.Findings, func(f ocpi.Finding) bool { return f.Code == l.code }); i >= 0 {
			one.Message = v.Findings[i].Message
		}
		*l.into = append(*l.into, one)
	}
	if claimed.Sign() < 0 {
		s.result.Credited = append(s.result.Credited, entry)
	}
}

// AddMissing adds a CDR that no line claims, if it belongs to a master line.
func (s *MasterSums) AddMissing(n *NotInvoiced) {
	if n.MissingFrom == nil {
		return
	}
	sum := s.sumOf(n.MissingFrom)
	sum.result.Missing = append(sum.result.Missing, MasterEntry{
		CDRID: n.CDR.ID, SessionID: n.CDR.SessionID, Amount: shown(n.Computed.BeforeTaxes).Value.Trim(),
	})
}

// Results are the master lines, by invoice and line; entries by line, then CDR.
func (s *MasterSums) Results() []MasterResult {
	var out []MasterResult
	for _, sum := range s.of {
		out = append(out, sum.finish())
	}
	slices.SortFunc(out, func(a, b MasterResult) int {
		return cmp.Or(strings.Compare(a.InvoiceID, b.InvoiceID), CompareLineNumbers(a.Line, b.Line))
	})
	return out
}

func (s *masterSum) finish() MasterResult {
	r := s.result
	r.Rest, r.Computed = r.Stated.Sub(r.Carried).Trim(), s.sums.cdrs.Trim()
	r.Carried = r.Carried.Trim()
	for _, t := range s.tally.Totals() {
		if t.Basis == BeforeTaxes && t.Currency == r.Currency {
			r.Parts = t.Disputed
			r.Parts.add(t.Undisputed)
		}
	}
	r.Reasons = []ReasonTotal{}
	for _, reason := range s.tally.Reasons() {
		if reason.Basis == BeforeTaxes {
			r.Reasons = append(r.Reasons, reason)
		}
	}
	r.Steps, r.Ways, r.Verdict = s.sums.steps(), []InvoiceWay{}, rounding.NotCompared
	for _, t := range s.sums.totals() {
		r.Ways, r.Verdict = t.Ways, t.Verdict
	}
	for _, l := range []struct {
		list  *[]MasterEntry
		count *MasterCount
	}{
		{&r.Missing, &r.Counts.Missing}, {&r.Foreign, &r.Counts.Foreign}, {&r.Twice, &r.Counts.Twice}, {&r.Credited, &r.Counts.Credited},
		{&r.Unknown, &r.Counts.Unknown},
	} {
		*l.list = slices.Clone(*l.list)
		slices.SortFunc(*l.list, compareEntries)
		if *l.list == nil {
			*l.list = []MasterEntry{}
		}
		l.count.Entries = len(*l.list)
		for _, e := range *l.list {
			l.count.Amount = l.count.Amount.Add(e.Amount)
		}
	}
	return r
}

func compareEntries(a, b MasterEntry) int {
	return cmp.Or(CompareLineNumbers(a.Line, b.Line), strings.Compare(a.CDRID, b.CDRID), strings.Compare(a.SessionID, b.SessionID), a.Amount.Cmp(b.Amount))
}

// Scopes are the master lines of a run, to find those that a CDR belongs to and is not on.
type Scopes struct {
	terms     *Agreement
	byInvoice map[string][]*MasterLine // folded
	byID      map[string][]*MasterLine // by an id that the scope states, told apart by a letter
}

// NewScopes are the scopes of master lines.
func NewScopes(lines []*MasterLine, terms *Agreement) *Scopes {
	s := &Scopes{terms: terms, byInvoice: map[string][]*MasterLine{}, byID: map[string][]*MasterLine{}}
	lines = slices.Clone(lines)
	slices.SortStableFunc(lines, func(a, b *MasterLine) int {
		return cmp.Or(strings.Compare(a.InvoiceID, b.InvoiceID), CompareLineNumbers(a.Line, b.Line))
	})
	for _, m := range lines {
		s.byInvoice[foldID(m.InvoiceID)] = append(s.byInvoice[foldID(m.InvoiceID)], m)
		for i, f := range m.Scope.fields(&ocpi.CDR{}) {
			if f.want != "" { // any of the ids that a scope states finds it
				for _, key := range f.keys(f.want) {
					s.byID[scopeKey(i, key)] = append(s.byID[scopeKey(i, key)], m)
				}
				break
			}
		}
	}
	return s
}

func scopeKey(field int, id string) string { return string(rune('a'+field)) + id }

// MissingFrom is the master line that a CDR which no line claims belongs to: one of the invoice that it names, or else one that states a
// scope which surely covers it; nil where there is none. Of several it is the first.
func (s *Scopes) MissingFrom(n *NotInvoiced) *MasterLine {
	if n.Code != codeCDRNotInvoiced {
		return nil
	}
	c := n.CDR
	for _, m := range s.byInvoice[foldID(c.InvoiceReferenceID)] {
		if named(c.InvoiceReferenceID) && m.Currency == c.Currency && m.Scope.Contradicts(c, s.terms) == "" {
			return m
		}
	}
	var none Scope
	for i, f := range none.fields(c) {
		for _, id := range f.have {
			for _, m := range s.byID[scopeKey(i, id)] {
				if m.Currency == c.Currency && m.Scope.Covers(c, s.terms) {
					return m
				}
			}
		}
	}
	return nil
}

// Missing is the finding about a CDR that is missing from a master line.
func (n *NotInvoiced) Missing() ocpi.Finding {
	m := n.MissingFrom
	why := "the line says to cover it"
	if sameID(n.CDR.InvoiceReferenceID, m.InvoiceID) {
		why = "it names that invoice"
	}
	return newFinding(n.CDR.Record.Place, "", codeMemberMissing, ocpi.SeverityWarn,
		"CDR %s is missing from line %s of invoice %s: %s", n.CDR.ID, m.Line, m.InvoiceID, why)
}

// Text is a master line in one line.
func (m *MasterSummary) Text() string {
	amount := func(v exact.Decimal) string { return v.Fixed(MinorUnits(m.Currency)) }
	parts := []string{fmt.Sprintf("invoice %s line %s: %d members claim %s of %s %s", m.InvoiceID, m.Line, m.Members, amount(m.Carried),
		m.Currency, amount(m.Stated))}
	for _, c := range []struct {
		name  string
		count MasterCount
	}{
		{"missing", m.Counts.Missing}, {"foreign", m.Counts.Foreign}, {"twice", m.Counts.Twice}, {"credited", m.Counts.Credited},
		{"without CDR", m.Counts.Unknown},
	} {
		if c.count.Entries > 0 {
			parts = append(parts, fmt.Sprintf("%d %s (%s)", c.count.Entries, c.name, amount(c.count.Amount.Round(MinorUnits(m.Currency), exact.HalfUp))))
		}
	}
	if !m.Rest.IsZero() {
		parts = append(parts, fmt.Sprintf("%s left (%s)", amount(m.Rest), m.Verdict))
	}
	return strings.Join(parts, ", ")
}

// MasterSummaries are what summary.json tells of master lines.
func MasterSummaries(results []MasterResult) []MasterSummary {
	var out []MasterSummary
	for i := range results {
		out = append(out, results[i].MasterSummary)
	}
	return out
}
