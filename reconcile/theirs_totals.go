package reconcile

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

// TwoSided is what the debtor's own copy of the CDRs, or of the sessions, comes to beside ours: how many records, by their keys, got which verdict,
// and completeness both ways.
type TwoSided struct {
	Same         int            `json:"same"`
	Differ       int            `json:"differ"`
	OnlyOurs     int            `json:"only_ours"`
	OnlyTheirs   int            `json:"only_theirs"`
	Completeness []Completeness `json:"completeness"` // ordered by party, month, currency
}

// Completeness is what one party's CDRs, or sessions, of one month in one currency come to on both sides. Each counts where its own record puts it.
// Delivered = Same + DifferOurs + Missing; Received = Same + DifferTheirs + Extra.
type Completeness struct {
	CountryCode  string  `json:"country_code"` // upper case
	PartyID      string  `json:"party_id"`
	Month        string  `json:"month"` // of start_date_time in UTC, YYYY-MM
	Currency     string  `json:"currency"`
	Delivered    SideSum `json:"delivered"` // ours
	Received     SideSum `json:"received"`  // theirs
	Same         SideSum `json:"same"`
	DifferOurs   SideSum `json:"differ_ours"`
	DifferTheirs SideSum `json:"differ_theirs"`
	Missing      SideSum `json:"missing"` // only ours
	Extra        SideSum `json:"extra"`   // only theirs
}

// SideSum adds up records: net and kWh as sent, rounded half-even to 12 decimals each; one that states none counts as 0.
type SideSum struct {
	Records int           `json:"records"`
	Net     exact.Decimal `json:"net"`
	KWh     exact.Decimal `json:"kwh"`
}

func (s *SideSum) add(r *SideRecord) {
	s.merge(SideSum{1, r.Net.Value.Shown(), r.KWh.Value.Shown()})
}

func (s *SideSum) merge(o SideSum) {
	s.Records, s.Net, s.KWh = s.Records+o.Records, s.Net.Add(o.Net), s.KWh.Add(o.KWh)
}

// Plus is the sum of two sums.
func (s SideSum) Plus(o SideSum) SideSum {
	s.merge(o)
	return s
}

// TwoSidedTally adds up comparisons. The zero value is ready. Adding and merging in any order gives the same result.
type TwoSidedTally struct {
	counts TwoSided
	cells  map[sideKey]*Completeness
}

// sideKey tells the cells of completeness apart.
type sideKey struct{ country, party, month, currency string }

// Add adds one comparison.
func (t *TwoSidedTally) Add(s *SideBySide) {
	switch s.Verdict {
	case SidesSame:
		t.counts.Same++
		t.of(s.Ours).Same.add(s.Ours)
	case SidesDiffer:
		t.counts.Differ++
		t.of(s.Ours).DifferOurs.add(s.Ours)
		t.of(s.Theirs).DifferTheirs.add(s.Theirs)
	case OnlyOurs:
		t.counts.OnlyOurs++
		t.of(s.Ours).Missing.add(s.Ours)
	case OnlyTheirs:
		t.counts.OnlyTheirs++
		t.of(s.Theirs).Extra.add(s.Theirs)
	}
}

// of is the cell of a record.
func (t *TwoSidedTally) of(r *SideRecord) *Completeness {
	key := sideKey{foldID(r.CountryCode), foldID(r.PartyID), "", r.Currency}
	if !r.StartDateTime.IsZero() {
		key.month = r.StartDateTime.UTC().Format("2006-01")
	}
	return t.cell(key)
}

func (t *TwoSidedTally) cell(key sideKey) *Completeness {
	if t.cells == nil {
		t.cells = map[sideKey]*Completeness{}
	}
	cell := t.cells[key]
	if cell == nil {
		key = sideKey{strings.Clone(key.country), strings.Clone(key.party), key.month, strings.Clone(key.currency)} // records are read over
		cell = &Completeness{CountryCode: key.country, PartyID: key.party, Month: key.month, Currency: key.currency}
		t.cells[key] = cell
	}
	return cell
}

// Merge adds what another tally has seen.
func (t *TwoSidedTally) Merge(o *TwoSidedTally) {
	t.counts.Same += o.counts.Same
	t.counts.Differ += o.counts.Differ
	t.counts.OnlyOurs += o.counts.OnlyOurs
	t.counts.OnlyTheirs += o.counts.OnlyTheirs
	for key, c := range o.cells {
		cell := t.cell(key)
		cell.Same.merge(c.Same)
		cell.DifferOurs.merge(c.DifferOurs)
		cell.DifferTheirs.merge(c.DifferTheirs)
		cell.Missing.merge(c.Missing)
		cell.Extra.merge(c.Extra)
	}
}

// Result is the sums.
func (t *TwoSidedTally) Result() *TwoSided {
	out := t.counts
	out.Completeness = []Completeness{}
	for _, key := range slices.SortedFunc(maps.Keys(t.cells), compareSideKeys) {
		c := *t.cells[key]
		c.Delivered = c.Same.Plus(c.DifferOurs).Plus(c.Missing)
		c.Received = c.Same.Plus(c.DifferTheirs).Plus(c.Extra)
		out.Completeness = append(out.Completeness, c)
	}
	return &out
}

func compareSideKeys(a, b sideKey) int {
	return cmp.Or(strings.Compare(a.country, b.country), strings.Compare(a.party, b.party), strings.Compare(a.month, b.month),
		strings.Compare(a.currency, b.currency))
}

// ByCurrency adds completeness up over parties and months, ordered by currency.
func (s *TwoSided) ByCurrency() []Completeness {
	var out []Completeness
	for _, c := range s.Completeness {
		at, known := slices.BinarySearchFunc(out, c.Currency, func(x Completeness, currency string) int { return strings.Compare(x.Currency, currency) })
		if !known {
			out = slices.Insert(out, at, Completeness{Currency: c.Currency})
		}
		sum := &out[at]
		for _, m := range []struct {
			into *SideSum
			add  SideSum
		}{
			{&sum.Delivered, c.Delivered}, {&sum.Received, c.Received}, {&sum.Same, c.Same}, {&sum.DifferOurs, c.DifferOurs},
			{&sum.DifferTheirs, c.DifferTheirs}, {&sum.Missing, c.Missing}, {&sum.Extra, c.Extra},
		} {
			m.into.merge(m.add)
		}
	}
	return out
}
