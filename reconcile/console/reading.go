package console

import (
	"fmt"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/tariff"
)

// readingJSON is the price under another reading of one open question.
type readingJSON struct {
	Question string          `json:"question"`
	Title    string          `json:"title"`
	Choice   string          `json:"choice"`
	Default  string          `json:"default"`
	Cost     reconcile.Money `json:"total_cost"`
	Clause   string          `json:"clause,omitempty"`
	Debate   string          `json:"debate,omitempty"`
	Settled  bool            `json:"settled"` // by the text of the tariff's version: it explains what a partner did and opens nothing
	Claimed  bool            `json:"reproduces_claim"`
}

// questions are the open questions by name.
func questions() map[string]tariff.Question {
	out := map[string]tariff.Question{}
	for _, q := range tariff.Questions() {
		out[q.Name] = q
	}
	return out
}

func (p *Priced) readings() []readingJSON {
	of := questions()
	out := []readingJSON{}
	for _, r := range p.Readings {
		q := of[r.Question]
		out = append(out, readingJSON{
			Question: r.Question, Title: q.Title, Choice: r.Choice, Default: r.Default, Cost: moneyOf(r.Cost), Clause: q.Clause, Debate: q.Debate,
			Settled: r.Answered, Claimed: reconcile.Reproduces(p.CDR, r.Cost),
		})
	}
	return out
}

// sure is what is owed under every reading of each question that the text leaves open, one question at a time: the least on either side.
func (p *Priced) sure() tariff.Money {
	least := p.Result.Totals.Cost
	for _, r := range p.Readings {
		if !r.Answered {
			least.BeforeTaxes = lesser(least.BeforeTaxes, r.Cost.BeforeTaxes)
			least.AfterTaxes = lesser(least.AfterTaxes, r.Cost.AfterTaxes)
		}
	}
	return least
}

func lesser(a, b ocpi.Number) ocpi.Number {
	if a.Present && b.Present && b.Value.Less(a.Value) {
		return b
	}
	return a
}

// textReadings says whether the price hangs on how the text is read, and if so on which question.
func (p *Priced) textReadings(b *strings.Builder) {
	if !p.WithReadings {
		return
	}
	cost, sure := p.Result.Totals.Cost, p.sure()
	met := len(p.Result.Consulted)
	if len(p.Readings) == 0 {
		fmt.Fprintf(b, "  owed under every reading: %s; none of the %d open questions that this CDR meets changes it\n", moneyText(moneyOf(cost)), met)
		return
	}
	fmt.Fprintf(b, "  owed under every reading: %s; as read here: %s (%d open questions met)\n", moneyText(moneyOf(sure)), moneyText(moneyOf(cost)), met)
	last := ""
	of := questions()
	for _, r := range p.Readings {
		if q := of[r.Question]; r.Question != last {
			last = r.Question
			p.textQuestion(b, &q, &r)
		}
		fmt.Fprintf(b, "      read as %-12s %s%s\n", r.Choice, moneyText(moneyOf(r.Cost)), p.claimMark(r.Cost))
	}
}

// textQuestion introduces a question, with the reading that the price stands on.
func (p *Priced) textQuestion(b *strings.Builder, q *tariff.Question, r *tariff.Reading) {
	kind := "open"
	if r.Answered {
		kind = "settled by the text, so that another reading only explains what a partner did"
	}
	fmt.Fprintf(b, "    %s (%s, %s)\n", q.Title, q.Name, kind)
	fmt.Fprintf(b, "      clause: %s\n", q.Clause)
	if q.Debate != "" {
		fmt.Fprintf(b, "      debate: %s\n", q.Debate)
	}
	cost := p.Result.Totals.Cost
	fmt.Fprintf(b, "      read as %-12s %s, as priced%s\n", r.Default, moneyText(moneyOf(cost)), p.claimMark(cost))
}

// claimMark marks the reading that gives what the CDR claims.
func (p *Priced) claimMark(cost tariff.Money) string {
	if reconcile.Reproduces(p.CDR, cost) {
		return "  <- the claimed amount"
	}
	return ""
}
