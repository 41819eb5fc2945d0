package pack

import (
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
)

// history checks that each entry of a line's history is what the record says that it names, that no answer or decision is left out, and
// that the line says what follows from those that count.
func (l *disclosedLine) history(verdict *reconcile.LineVerdict) {
	named := map[fromDoc]bool{}
	for i := range l.doc.History {
		e := &l.doc.History[i]
		named[e.Source] = true
		if fault := l.event(e); fault != "" {
			l.parse.fault("%s: history %d: %s", l.where, i+1, fault)
		}
	}
	for _, of := range []struct {
		kind string
		list []recordDoc
	}{{reconcile.SourceResponse, l.entry.Responses}, {reconcile.SourceDecision, l.entry.Decisions}} {
		for i := range of.list {
			if d := &of.list[i]; !named[fromOf(of.kind, d.place())] {
				l.parse.fault("%s: its history leaves out the record in %s at offset %d", l.where, d.Shard, d.Offset)
			}
		}
	}
	l.settlement(verdict)
}

// event says what is wrong with an entry of the history, "" where nothing is.
func (l *disclosedLine) event(e *eventDoc) string {
	lists := map[string][]recordDoc{
		reconcile.SourceLine: l.entry.InvoiceLine, reconcile.SourceClaim: l.entry.Claims, reconcile.SourceResponse: l.entry.Responses,
		reconcile.SourceDecision: l.entry.Decisions,
	}
	list := lists[e.Source.Kind]
	at := slices.IndexFunc(list, func(d recordDoc) bool { return fromOf(e.Source.Kind, d.place()) == e.Source })
	if at < 0 {
		return "the record that it names is not disclosed"
	}
	raw := l.raw[list[at].SHA256]
	switch {
	case raw == nil:
		return "" // told already
	case e.Source.Kind == reconcile.SourceDecision:
		return l.decision(e, ocpi.Record{Place: list[at].place(), Bytes: raw})
	}
	for _, cells := range cellsOf(raw) {
		if carriesEvent(cells, e) && (e.Source.Kind != reconcile.SourceResponse || l.answers(cells)) {
			return ""
		}
	}
	return "the row that it names does not say so"
}

// decision reads a decision again; it is written in full.
func (l *disclosedLine) decision(e *eventDoc, rec ocpi.Record) string {
	d, f := reconcile.ParseDecision(rec)
	if f != nil {
		return f.Message
	}
	event := d.Event(reconcile.EventState(e.State))
	if newEventDoc(&event) != *e {
		return "the decision that it names does not say so"
	}
	if !strings.EqualFold(d.InvoiceID, l.doc.InvoiceID) || !strings.EqualFold(d.Line, l.doc.Line) {
		return "the decision that it names is about another line"
	}
	if d.Elsewhere(l.summary.Case) {
		return "the decision that it names was made for another case"
	}
	return ""
}

// answers reports a row of a response sheet that is about the line.
func (l *disclosedLine) answers(cells []string) bool {
	carries := func(id string) bool {
		return id == "" || slices.ContainsFunc(cells, func(c string) bool { return strings.EqualFold(reconcile.UnguardFormula(c), id) })
	}
	return carries(l.doc.InvoiceID) && carries(l.doc.Line)
}

// carriesEvent reports a row that has the texts and amounts of an event. The pack holds no heading, so all cells are looked at.
func carriesEvent(cells []string, e *eventDoc) bool {
	for _, text := range []string{e.Pack, e.Reasons, e.Code, e.Evidence, e.Text} {
		if !carriesText(cells, text) {
			return false
		}
	}
	numbers := numbersOf(cells)
	for _, text := range []string{e.Owed, e.Value} {
		if n, err := numberOf(text); err != nil || n.Present && !holds(numbers, n) {
			return false
		}
	}
	return true
}

func carriesText(cells []string, text string) bool {
	return text == "" || slices.ContainsFunc(cells, func(c string) bool { return c == text || reconcile.UnguardFormula(c) == text })
}

// counting is the event of a kind that counts, nil where there is none; several: there are more.
func (d *lineDoc) counting(kind reconcile.EventKind) (found *eventDoc, several bool) {
	for i := range d.History {
		e := &d.History[i]
		if e.Event == string(kind) && e.State == string(reconcile.EventCounts) {
			several = found != nil
			found = e
		}
	}
	return found, several
}

// settlement checks that the line says what follows from the acceptance and the decision that count.
func (l *disclosedLine) settlement(v *reconcile.LineVerdict) {
	accepted, twice := l.doc.counting(reconcile.EventAccepted)
	decided, several := l.doc.counting(reconcile.EventDecided)
	if twice || several {
		l.totals.fault("%s: several acceptances or decisions of its history count, want one", l.where)
	}
	has := func(code ocpi.Code) bool { return slices.Contains(l.doc.Reasons, code) }
	if (accepted != nil) != (has(reconcile.ReasonAccepted) || has(reconcile.ReasonAcceptedLess)) {
		l.totals.fault("%s: its reasons and its history do not agree on whether it was accepted", l.where)
	}
	for _, code := range reconcile.DecisionReasons() {
		if has(code) != (decided != nil && reconcile.DecisionKind(decided.Decision).Reason() == code) {
			l.totals.fault("%s: its reasons and its history do not agree on %s", l.where, code)
		}
	}
	if v.Disputed && slices.ContainsFunc(l.doc.Reasons, func(code ocpi.Code) bool { return slices.Contains(reconcile.SettledReasons, code) }) {
		l.totals.fault("%s: is disputed, and settled as well", l.where)
	}
	if want, settled := settledAt(decided, v); settled {
		if !v.Proven.BeforeTaxes.Value.Equal(want) || !v.Unproven.BeforeTaxes.Value.IsZero() {
			l.totals.fault("%s: decision %q leaves %s proven, the line says otherwise", l.where, short(decided.ID), want.Output())
		}
		return
	}
	if accepted != nil && has(reconcile.ReasonAccepted) {
		l.accepted(accepted, v)
	}
}

// settledAt is what a decision leaves proven; settled is false for those that leave it to the evidence.
func settledAt(d *eventDoc, v *reconcile.LineVerdict) (proven exact.Decimal, settled bool) {
	if d == nil {
		return proven, false
	}
	switch reconcile.DecisionKind(d.Decision) {
	case reconcile.DecideWithdraw, reconcile.DecideDuplicate:
		return proven, true
	case reconcile.DecideAcceptTheirs:
		return v.Admitted.Value, v.Admitted.Present
	}
	return proven, false
}

// accepted checks a line that was accepted: nothing is left unproven, and no more is proven than was accepted unless the records prove it.
func (l *disclosedLine) accepted(e *eventDoc, v *reconcile.LineVerdict) {
	owed, err := numberOf(e.Owed)
	proven := v.Proven.BeforeTaxes.Value
	if left := v.Unproven.BeforeTaxes.Value; err != nil || !left.IsZero() {
		l.totals.fault("%s: is accepted, but %s is left unproven", l.where, left.Output())
	}
	most := owed.Value
	for _, total := range l.calculated {
		most = exact.Max(most, total)
	}
	if !l.unpriced && most.Add(l.slack.of(v.Invoiced.BeforeTaxes.Value, l.doc.Currency)).Less(proven) {
		l.totals.fault("%s: %s is proven, but %s was accepted and no calculation comes to more", l.where, proven.Output(), owed.Value.Output())
	}
}

// decidedAmount is what a decision that counts lets be proven without a calculation.
func (l *disclosedLine) decidedAmount(v *reconcile.LineVerdict) exact.Decimal {
	if d, _ := l.doc.counting(reconcile.EventDecided); d != nil && d.Decision == string(reconcile.DecideAcceptTheirs) {
		return v.Admitted.Value
	}
	return exact.Decimal{}
}

// untold checks that no line says that it was accepted or decided without a history.
func (p *payloadCheck) untold(d *lineDoc, where string) {
	if len(d.History) > 0 || len(d.Reasons) == 0 {
		return
	}
	for _, code := range d.Reasons {
		if code == reconcile.ReasonAccepted || code == reconcile.ReasonAcceptedLess || slices.Contains(reconcile.DecisionReasons(), code) {
			p.totals.fault("%s: %s is among its reasons, but it has no history", where, code)
		}
	}
}
