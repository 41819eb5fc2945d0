package reconcile

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/nexacollect/reconcile/reconcile/rounding"
)

// PartyRounding is how a party rounds, by the amounts that it claims in one currency on one basis.
type PartyRounding struct {
	Party    string `json:"party"` // "NL/CPO"
	Of       string `json:"of"`    // cdrs: total_cost; lines: the amounts of invoice lines
	Currency string `json:"currency"`
	Basis    Basis  `json:"basis"`
	// Found: the scheme is pinned. Decided: no other scheme explains nearly as much.
	Found      bool            `json:"found"`
	Decided    bool            `json:"decided"`
	Scheme     json.RawMessage `json:"scheme"` // as a case file states it
	Text       string          `json:"text"`   // the same in words
	Equivalent []string        `json:"equivalent"`
	Rivals     []string        `json:"rivals"`
	// How many amounts were looked at, and how they stand to the scheme.
	Observations int `json:"observations"`
	Exact        int `json:"exact"`
	Explained    int `json:"explained"`
	Tolerance    int `json:"tolerance"`
	Mismatch     int `json:"mismatch"`
}

// Survey gathers how parties round. One serves one goroutine; Merge adds them up, in any order.
type Survey struct {
	cdrs, lines map[string]*rounding.Survey // by party
}

// NewSurvey returns an empty survey.
func NewSurvey() *Survey {
	return &Survey{map[string]*rounding.Survey{}, map[string]*rounding.Survey{}}
}

// Add looks at what the lines of a verdict, and their CDRs, claim beside the exact prices. It is called before the verdict is released.
func (s *Survey) Add(v *GroupVerdict) {
	if v.bench == nil {
		return
	}
	for _, l := range v.bench.lines {
		if l.cdr != nil && l.cdr.prices != nil && l.cdr.prices.blocked == nil && l.sign() > 0 && l.set == nil && l.line.Currency == l.cdr.cdr.Currency {
			s.add(l, v.bench.terms)
		}
	}
}

func (s *Survey) add(l *lineEntry, terms *Agreement) {
	c := l.cdr.cdr
	party, minor := c.CountryCode+"/"+c.PartyID, MinorUnits(c.Currency)
	tolerance := terms.Tolerance.amount(c.Currency, l.line.Claimed.on(l.basis()).Value)
	o := rounding.Observation{Computed: rounding.Compute(l.cdr.prices.res)}
	o.Claimed = rounding.Money(l.line.Claimed)
	surveyOf(s.lines, party, true).Add(c.Currency, minor, &o, tolerance)
	o.Claimed = rounding.Money{BeforeTaxes: c.TotalCost.BeforeTaxes, AfterTaxes: c.TotalCost.AfterTaxes}
	surveyOf(s.cdrs, party, false).Add(c.Currency, minor, &o, tolerance)
}

func surveyOf(by map[string]*rounding.Survey, party string, lines bool) *rounding.Survey {
	if by[party] == nil {
		by[party] = rounding.NewSurvey(lines)
	}
	return by[party]
}

// Merge adds what another survey has seen.
func (s *Survey) Merge(o *Survey) {
	for party, other := range o.cdrs {
		surveyOf(s.cdrs, party, false).Merge(other)
	}
	for party, other := range o.lines {
		surveyOf(s.lines, party, true).Merge(other)
	}
}

// Findings are what was found, by party, CDRs before lines, currency, net before gross.
func (s *Survey) Findings() []PartyRounding {
	out := []PartyRounding{}
	for _, party := range slices.Sorted(maps.Keys(s.cdrs)) {
		for _, f := range s.cdrs[party].Findings() {
			out = append(out, partyRounding(party, "cdrs", &f))
		}
		for _, f := range s.lines[party].Findings() {
			out = append(out, partyRounding(party, "lines", &f))
		}
	}
	return out
}

func partyRounding(party, of string, f *rounding.Finding) PartyRounding {
	scheme, err := json.Marshal(f.Scheme)
	if err != nil {
		panic("reconcile: a rounding scheme that JSON cannot hold: " + err.Error())
	}
	out := PartyRounding{
		Party: party, Of: of, Currency: f.Currency, Basis: Basis(f.Basis), Found: f.Found, Decided: f.Decided(), Scheme: scheme, Text: f.Scheme.String(),
		Equivalent: []string{}, Rivals: []string{}, Observations: f.Counts.Observations, Exact: f.Counts.Exact,
		Explained: f.Counts.Explained, Tolerance: f.Counts.Within, Mismatch: f.Counts.Mismatched,
	}
	for _, e := range f.Equivalent {
		if e != f.Scheme {
			out.Equivalent = append(out.Equivalent, e.String())
		}
	}
	for _, r := range f.Rivals {
		out.Rivals = append(out.Rivals, r.Scheme.String())
	}
	return out
}
