package pack

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
)

// addUp checks that the parts of a line sum to what it invoices, and that its outcome says what the parts say.
func (p *payloadCheck) addUp(v *reconcile.LineVerdict, where string) {
	for _, basis := range []struct {
		name string
		of   func(m reconcile.Money) ocpi.Number
	}{
		{"before taxes", func(m reconcile.Money) ocpi.Number { return m.BeforeTaxes }},
		{"after taxes", func(m reconcile.Money) ocpi.Number { return m.AfterTaxes }},
	} {
		invoiced, sum := basis.of(v.Invoiced), exact.Decimal{}
		for _, part := range []reconcile.Money{v.Proven, v.Conceded, v.Unproven} {
			sum = sum.Add(basis.of(part).Value)
		}
		if !sum.Equal(invoiced.Value) {
			p.totals.fault("%s: its parts sum to %s %s, but it invoices %s", where, sum.Output(), basis.name, invoiced.Value.Output())
		}
	}
	if !v.ReadingsFit() {
		p.totals.fault("%s: what hangs on a reading is not part of what is proven or unproven of a disputed line", where)
	}
	if !outcomeFits(v) {
		p.totals.fault("%s: its outcome is %q, but its parts say otherwise", where, short(string(v.Outcome)))
	}
}

// outcomeFits reports an outcome that names the only part that is not zero, or says that there are several. Tax alone may or may not
// count as a part.
func outcomeFits(v *reconcile.LineVerdict) bool {
	parts := []struct {
		outcome reconcile.Outcome
		money   reconcile.Money
	}{{reconcile.Proven, v.Proven}, {reconcile.Conceded, v.Conceded}, {reconcile.Unproven, v.Unproven}}
	var net, either []reconcile.Outcome
	for _, part := range parts {
		if !part.money.BeforeTaxes.Value.IsZero() {
			net = append(net, part.outcome)
		}
		if !isNothing(part.money) {
			either = append(either, part.outcome)
		}
	}
	return v.Outcome == outcomeOf(net) || v.Outcome == outcomeOf(either)
}

func outcomeOf(parts []reconcile.Outcome) reconcile.Outcome {
	switch len(parts) {
	case 0:
		return reconcile.Proven
	case 1:
		return parts[0]
	}
	return reconcile.Partial
}

// tallying adds up what the files say, as the engine does.
type tallying struct {
	tally       reconcile.Tally
	lines       int
	notInvoiced int
}

func (t *tallying) add(v *reconcile.LineVerdict) {
	t.lines++
	t.tally.Add(v)
}

func (t *tallying) addNotInvoiced(n *reconcile.NotInvoiced) {
	t.notInvoiced++
	t.tally.AddNotInvoiced(n)
}

// conservation holds the summary against the sums of the lines, and against itself.
func (p *payloadCheck) conservation() {
	s := &p.summary
	if s.Outcomes != p.sums.tally.Outcomes() {
		p.conserve.fault("%s: its outcomes are not those of %s", summaryFile, linesFile)
	}
	compareLists(p, "totals", s.Totals, p.sums.tally.Totals(), func(a, b reconcile.Total) bool { return p.sameTotal(a, b) })
	compareLists(p, "reasons", s.Reasons, p.sums.tally.Reasons(), func(a, b reconcile.ReasonTotal) bool { return sameJSON(a, b) })
	compareLists(p, "invoice_totals", s.Invoices, p.invoices.Totals(), func(a, b reconcile.InvoiceTotals) bool { return sameJSON(a, b) })
	p.masterLines()
	for i := range s.Totals {
		p.sixParts(&s.Totals[i])
	}
	p.records(&s.Records)
	if !s.Conserves {
		p.conserve.fault("%s: says itself that its totals do not conserve", summaryFile)
	}
	p.conserve.done = fmt.Sprintf("totals, reasons, outcomes and invoice totals of %s are those of %d lines and %d CDR(s) not invoiced%s", summaryFile,
		p.sums.lines, p.sums.notInvoiced, p.theirsDone)
}

// compareLists holds a list of the summary against the one that the lines give.
func compareLists[T any](p *payloadCheck, name string, stated, found []T, same func(a, b T) bool) {
	if len(stated) != len(found) {
		p.conserve.fault("%s: has %d %s, the lines give %d", summaryFile, len(stated), name, len(found))
		return
	}
	for i := range stated {
		if !same(stated[i], found[i]) {
			p.conserve.fault("%s: %s: %s, but the lines give %s", summaryFile, name, jsonText(stated[i]), jsonText(found[i]))
		}
	}
}

// sameTotal compares two totals. Amounts of CDRs that were not invoiced are told to twelve decimals, so their sum may differ by
// the digits cut off.
func (p *payloadCheck) sameTotal(a, b reconcile.Total) bool {
	slack := exact.New(int64(p.sums.notInvoiced+1), 12)
	if slack.Less(a.NotInvoiced.Sub(b.NotInvoiced).Abs()) {
		return false
	}
	a.NotInvoiced, b.NotInvoiced = exact.Decimal{}, exact.Decimal{}
	return sameJSON(a, b)
}

func sameJSON(a, b any) bool { return bytes.Equal(jsonBytes(a), jsonBytes(b)) }

func jsonText(v any) string { return string(jsonBytes(v)) }

func jsonBytes(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		return []byte(err.Error())
	}
	return text
}

// sixParts checks that the parts of a total sum to what is invoiced, and the reasons to the parts that they explain.
func (p *payloadCheck) sixParts(t *reconcile.Total) {
	moved := t.Disputed.Conceded.Add(t.Disputed.Unproven).Add(t.Undisputed.Conceded).Add(t.Undisputed.Unproven)
	if sum := moved.Add(t.Disputed.Proven).Add(t.Undisputed.Proven); !sum.Equal(t.Invoiced) {
		p.conserve.fault("%s: %s %s: the six parts sum to %s, but %s is invoiced", summaryFile, t.Currency, t.Basis, sum.Output(), t.Invoiced.Output())
	}
	var explained exact.Decimal
	for _, r := range p.summary.Reasons {
		if r.Currency == t.Currency && r.Basis == t.Basis {
			explained = explained.Add(r.Amount)
		}
	}
	if !explained.Equal(moved) {
		p.conserve.fault("%s: %s %s: the reasons sum to %s, but the parts that they explain to %s", summaryFile, t.Currency, t.Basis,
			explained.Output(), moved.Output())
	}
}

// records checks that every record is accounted for.
func (p *payloadCheck) records(r *reconcile.Records) {
	for _, c := range []struct {
		kind  string
		count reconcile.RecordCount
	}{{"cdrs", r.CDRs}, {"sessions", r.Sessions}, {"invoice_lines", r.InvoiceLines}, {"disputes", r.Disputes}, {"their_cdrs", r.Theirs},
		{"responses", r.Responses}, {"decisions", r.Decisions}, {"their_sessions", r.TheirSessions}} {
		if c.count.Read != c.count.Used+c.count.Duplicate+c.count.Rejected {
			p.conserve.fault("%s: %s: %d read, but %d used, %d duplicate and %d rejected", summaryFile, c.kind, c.count.Read, c.count.Used,
				c.count.Duplicate, c.count.Rejected)
		}
	}
	if r.InvoiceLines.Used != p.counts.lines {
		p.conserve.fault("%s: %d invoice lines used, but %s has %d", summaryFile, r.InvoiceLines.Used, linesFile, p.counts.lines)
	}
}
