package reconcile

import (
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
)

// FactReasons are the reasons of proven lines that say that a line and its records differ in a fact.
var FactReasons = []ocpi.Code{"cost-total-mismatch", "dup-invoice-line", "session-id-mismatch", "tax-mismatch", "underbilled"}

// isZero reports whether an amount is zero on the side that its line is decided on.
func isZero(m Money) bool {
	if m.BeforeTaxes.Present {
		return m.BeforeTaxes.Value.IsZero()
	}
	return m.AfterTaxes.Value.IsZero()
}

// Differs reports whether a line is disputed or is not simply what its records say. Evidence is disclosed of these lines alone: of
// the others a pack tells no more of drivers and places than the line itself.
func (v *LineVerdict) Differs() bool {
	return v.Disputed || v.Set != nil || v.Line.IsMaster() || v.Outcome != Proven || v.Match.State == matchBreak || v.Match.State == matchTolerance || !isZero(v.Underbilled) ||
		slices.ContainsFunc(v.Notes, func(c ocpi.Code) bool { return slices.Contains(FactReasons, c) }) ||
		ocpi.Worst(v.Findings) >= ocpi.SeverityError || len(v.History) > 0
}
