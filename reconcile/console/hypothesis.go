package console

import (
	"fmt"
	"strings"

	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/tariff/hypothesis"
)

// hypothesisJSON is a known defect that gives what a CDR claims.
type hypothesisJSON struct {
	Name       string            `json:"name"`
	Direction  string            `json:"direction"`
	Text       string            `json:"text"`
	Parameters map[string]string `json:"parameters,omitempty"`
	Cost       reconcile.Money   `json:"total_cost"`
	Reproduces []string          `json:"reproduces"`
	Breakdown  bool              `json:"breakdown"`
	Single     bool              `json:"single"` // no other hypothesis explains the claim as well
	SameAs     string            `json:"same_as,omitempty"`
}

func (p *Priced) hypotheses() []hypothesisJSON {
	single, one := hypothesis.Single(p.Hypotheses)
	var out []hypothesisJSON
	for i := range p.Hypotheses {
		h := &p.Hypotheses[i]
		doc := hypothesisJSON{
			Name: h.Name, Direction: string(h.Direction), Text: h.Text, Reproduces: reproduced(h), Breakdown: h.Breakdown, SameAs: h.SameAs,
			Cost: reconcile.Money{BeforeTaxes: h.Total.BeforeTaxes, AfterTaxes: h.Total.AfterTaxes}, Single: one && h.Key() == single.Key(),
		}
		for _, q := range h.Parameters {
			if doc.Parameters == nil {
				doc.Parameters = map[string]string{}
			}
			doc.Parameters[q.Name] = q.Value
		}
		out = append(out, doc)
	}
	return out
}

// reproduced names the claimed sides that a hypothesis gives.
func reproduced(h *hypothesis.Hypothesis) []string {
	sides := []string{}
	if h.BeforeTaxes {
		sides = append(sides, "before_taxes")
	}
	if h.AfterTaxes {
		sides = append(sides, "after_taxes")
	}
	return sides
}

// textHypotheses says what would explain a mismatch.
func (p *Priced) textHypotheses(b *strings.Builder) {
	if single, ok := hypothesis.Single(p.Hypotheses); ok {
		fmt.Fprintf(b, "  explained: %s\n", hypothesisText(&single))
		return
	}
	for _, h := range hypothesis.Best(p.Hypotheses) {
		fmt.Fprintf(b, "  may be explained: %s\n", hypothesisText(&h))
	}
}

func hypothesisText(h *hypothesis.Hypothesis) string {
	where := map[hypothesis.Direction]string{
		hypothesis.Calculation: "a fault of the calculation", hypothesis.Data: "a fault of the data", hypothesis.Either: "a fault of data or calculation",
	}
	total := reconcile.Money{BeforeTaxes: h.Total.BeforeTaxes, AfterTaxes: h.Total.AfterTaxes}
	return fmt.Sprintf("%s (%s, %s), which gives %s", h.Text, h.Name, where[h.Direction], moneyText(total))
}
