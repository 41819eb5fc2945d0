package tariff

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
)

// Reading is the outcome under another choice for one open question.
type Reading struct {
	Question, Choice, Default string // names of the Rules register; Default is the choice that res was priced under
	Cost                      Money  // total cost under Choice
	Sheet                     *Sheet
	// Answered says that the text of the governing tariff's version settles the question, so that the reading explains what a partner
	// did and opens nothing.
	Answered bool
}

// Readings prices the CDR under every other choice of each question that res consulted and that is not fixed, and returns those
// that change the total cost.
func Readings(in Input, res *Result, fixed map[string]string) []Reading {
	if res.Blocked != nil {
		return nil
	}
	var out []Reading
	for q := range questionCount {
		entry := &register[q]
		if _, set := fixed[entry.name]; set || !res.consulted.has(q) {
			continue
		}
		for c := range choice(len(entry.choices)) {
			if c == res.Rules.choice[q] {
				continue
			}
			other := in
			other.Rules = res.Rules.with(q, c)
			r := total(other, false)
			if r.Blocked != nil || sameMoney(r.Totals.Cost, res.Totals.Cost) {
				continue
			}
			out = append(out, Reading{
				Question: entry.name, Choice: entry.choices[c].Name, Default: res.Rules.name(q), Cost: r.Totals.Cost, Sheet: r.Sheet,
				Answered: res.answered(q),
			})
		}
	}
	slices.SortStableFunc(out, func(a, b Reading) int { return strings.Compare(a.Question, b.Question) })
	return out
}

// answered reports whether the versions of all governing tariffs settle a question.
func (r *Result) answered(q question) bool {
	switch register[q].answered {
	case answeredAlways:
		return true
	case answeredLater:
		for _, t := range r.Tariffs {
			if bundleOf(t.Version).oldText {
				return false
			}
		}
		return true
	}
	return false
}

func sameMoney(a, b Money) bool {
	return sameNumber(a.BeforeTaxes, b.BeforeTaxes) && sameNumber(a.AfterTaxes, b.AfterTaxes)
}

// taxIncludedReading reports what a missing tax_included leaves open: 2.3.0 requires the member, and its own CDR example leaves it
// out.
func taxIncludedReading(in Input, res *Result) {
	if res.Blocked != nil || !res.consulted.has(questionTaxIncludedMissing) {
		return
	}
	c := missingYes
	if res.Rules.is(questionTaxIncludedMissing, missingYes) {
		c = missingNo
	}
	in.Rules = res.Rules.with(questionTaxIncludedMissing, c)
	r := total(in, false)
	if r.Blocked != nil || sameMoney(r.Totals.Cost, res.Totals.Cost) {
		return
	}
	pointer := ""
	if !res.Supplied {
		pointer = "/tariffs"
	}
	res.Findings = append(res.Findings, ocpi.Finding{
		Code: CodeReading, Severity: ocpi.SeverityWarn, Place: in.CDR.Record.Place, Pointer: pointer,
		Message: fmt.Sprintf("tax_included is missing: read as %s the session costs %s, read as %s %s",
			strings.ToUpper(res.Rules.name(questionTaxIncludedMissing)), pair(res.Totals.Cost),
			strings.ToUpper(in.Rules.name(questionTaxIncludedMissing)), pair(r.Totals.Cost)),
	})
}

// pair shows both sides of an amount.
func pair(m Money) string {
	side := func(n ocpi.Number) string {
		if !n.Present {
			return "unknown"
		}
		return n.Value.Output()
	}
	return side(m.BeforeTaxes) + " before and " + side(m.AfterTaxes) + " after taxes"
}
