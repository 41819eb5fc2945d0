package pack

import (
	"encoding/json"
	"fmt"

	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/rounding"
	"github.com/nexacollect/reconcile/tariff"
)

// slack is how far a proven amount may lie above what was calculated: the tolerance of the case, and one minor unit for rounding.
type slack struct {
	amount  exact.Decimal // absolute; used where known
	known   bool          // else half a minor unit
	percent exact.Decimal
	scheme  *rounding.Scheme // agreed; nil where there is none, and amounts are compared as they are
}

// newSlack reads tolerance and rounding from case.json. What cannot be read there stands at its default; of a rounding that is an error.
func newSlack(caseText []byte) (slack, error) {
	var doc struct {
		Agreement struct {
			Rounding  json.RawMessage `json:"rounding"`
			Tolerance struct {
				Amount  string `json:"amount"`
				Percent string `json:"percent"`
			} `json:"tolerance"`
		} `json:"agreement"`
	}
	var s slack
	if json.Unmarshal(caseText, &doc) != nil {
		return s, nil // the text itself is at fault already
	}
	t := doc.Agreement.Tolerance
	amount, err := exact.Parse([]byte(t.Amount))
	s.amount, s.known = amount, err == nil
	if percent, err := exact.Parse([]byte(t.Percent)); err == nil {
		s.percent = percent
	}
	if len(doc.Agreement.Rounding) == 0 || string(doc.Agreement.Rounding) == "null" {
		return s, nil
	}
	scheme := &rounding.Scheme{}
	if err := json.Unmarshal(doc.Agreement.Rounding, scheme); err != nil {
		return s, fmt.Errorf("agreement.rounding: %w", err)
	}
	s.scheme = scheme
	return s, nil
}

// settled is the net of a price as the agreed scheme makes it.
func (s slack) settled(res *tariff.Result) (net exact.Decimal, ok bool) {
	if s.scheme == nil {
		return res.Totals.Cost.BeforeTaxes.Value, res.Totals.Cost.BeforeTaxes.Present
	}
	return s.scheme.Of(res, rounding.BeforeTaxes)
}

// of is the slack for an amount.
func (s slack) of(amount exact.Decimal, currency string) exact.Decimal {
	unit := exact.New(1, reconcile.MinorUnits(currency))
	out := exact.New(5, reconcile.MinorUnits(currency)+1)
	if s.known {
		out = s.amount
	}
	return exact.Max(out, amount.Abs().Mul(s.percent).Shift(-2)).Add(unit)
}

// supported checks that no more is proven than the greatest of the calculations comes to. Lines below zero are our own credits, and
// lines judged on their gross have no net to compare. What a decision accepts of the debtor's own amount needs no calculation.
func (l *disclosedLine) supported(verdict *reconcile.LineVerdict) {
	proven := verdict.Proven.BeforeTaxes
	if verdict.Set != nil {
		l.setSupported(verdict)
		return
	}
	if l.unpriced || !proven.Present || proven.Value.Sign() <= 0 {
		return
	}
	most := l.decidedAmount(verdict)
	for _, total := range l.calculated {
		most = exact.Max(most, total)
	}
	if most.Add(l.slack.of(verdict.Invoiced.BeforeTaxes.Value, l.doc.Currency)).Less(proven.Value) {
		l.recompute.fault("%s: %s is proven, but no calculation comes to more than %s", l.where, proven.Value.Output(), most.Output())
	}
}

// owedByReading checks that no more is owed under every reading than the least of the calculations under a reading comes to.
func (l *disclosedLine) owedByReading(verdict *reconcile.LineVerdict) {
	proven := verdict.Proven.BeforeTaxes
	every := proven.Value.Sub(verdict.OnlyAsAgreed.BeforeTaxes.Value)
	if !proven.Present || every.Sign() <= 0 || !verdict.Disputed { // what was accepted hangs on no reading
		return
	}
	for _, total := range l.readings {
		if total.Add(l.slack.of(verdict.Invoiced.BeforeTaxes.Value, l.doc.Currency)).Less(every) {
			l.recompute.fault("%s: %s is owed under every reading, but a calculation under one comes to %s", l.where, every.Output(), total.Output())
		}
	}
}
