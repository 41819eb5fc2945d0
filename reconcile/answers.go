package reconcile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
)

// linesOf are the lines of one place on one invoice.
func (b *bench) linesOf(invoiceID, line string) []*lineEntry {
	var out []*lineEntry
	for _, l := range b.lines {
		if sameID(l.line.InvoiceID, invoiceID) && sameID(l.line.Line, line) {
			out = append(out, l)
		}
	}
	return out
}

// attachAnswers ties each row of the response sheets to its line and hears the debtor, round by round.
func (b *bench) attachAnswers() {
	for i, a := range b.group.Answers {
		lines := b.linesOf(a.Sheet.InvoiceID, a.Sheet.Line)
		if len(lines) > 1 { // lines with one number: the CDR tells them apart
			lines = slices.DeleteFunc(lines, func(l *lineEntry) bool { return !l.hasCDR(a.Sheet.CDRID) })
		}
		if len(lines) != 1 {
			b.out.AnswerFates[i] = Rejected
			b.out.Findings = append(b.out.Findings, newFinding(a.Record.Place, "", codeResponseUnknown, ocpi.SeverityWarn,
				"the answer to invoice %s line %s fits %d lines, want one", orNone(a.Sheet.InvoiceID), orNone(a.Sheet.Line), len(lines)))
			continue
		}
		b.out.AnswerFates[i] = Used
		t := lines[0].talking()
		t.answers = append(t.answers, a)
	}
	if len(b.group.Answers) == 0 {
		return
	}
	for _, l := range b.lines {
		if l.talk != nil && len(l.talk.answers) > 0 {
			b.hear(l)
		}
	}
}

// hasCDR reports whether a row of a response sheet can mean the line: it names the CDR that the line quotes, or where it quotes none the
// one that was found.
func (l *lineEntry) hasCDR(id string) bool {
	switch {
	case named(l.line.CDRID):
		return sameID(id, l.line.CDRID)
	case l.cdr != nil && named(id):
		return sameID(id, l.cdr.cdr.ID)
	}
	return true
}

// hear goes through the rounds of a line. The debtor's last word counts, but what was accepted stays accepted: the most that was.
func (b *bench) hear(l *lineEntry) {
	t := l.talk
	slices.SortStableFunc(t.answers, func(x, y *Answer) int {
		return cmp.Or(cmp.Compare(x.Round, y.Round), comparePlaces(x.Record.Place, y.Record.Place))
	})
	t.states = make([]EventState, len(t.answers))
	issued := 0
	for from := 0; from < len(t.answers); {
		to := from + 1
		for to < len(t.answers) && t.answers[to].Round == t.answers[from].Round {
			to++
		}
		if a := t.answers[from]; a.Sheet.Round > 0 && a.Sheet.Round < issued {
			l.findAt(a, codeResponseOrder, ocpi.SeverityWarn,
				"the sheet says that it is of round %d, and stands after one of round %d; the case file names rounds in order", a.Sheet.Round, issued)
		}
		issued = max(issued, t.answers[from].Sheet.Round)
		b.hearRound(l, from, to)
		from = to
	}
}

// hearRound hears the rows of one sheet about a line: mostly one.
func (b *bench) hearRound(l *lineEntry, from, to int) {
	t := l.talk
	word := -1 // the row that speaks
	for i := from; i < to; i++ {
		t.states[i] = EventCounts
		switch a := t.answers[i]; {
		case a.Kind == NoAnswer:
		case word < 0:
			word = i
		case a.sameAnswer(t.answers[word]):
			t.states[i] = EventRepeated
		default:
			b.atOdds(l, from, to)
			return
		}
	}
	if word >= 0 {
		t.states[word] = b.hearAnswer(l, t.answers[word], word)
	}
}

// atOdds marks all rows of a round that say different things about one line: none of them counts.
func (b *bench) atOdds(l *lineEntry, from, to int) {
	for i := from; i < to; i++ {
		if a := l.talk.answers[i]; a.Kind != NoAnswer {
			l.talk.states[i] = EventAtOdds
			l.findAt(a, codeResponseAtOdds, ocpi.SeverityError, "%d rows of the sheet answer invoice %s line %s, and not alike; none counts", to-from,
				l.line.InvoiceID, l.line.Line)
		}
	}
}

// hearAnswer hears one row and says what becomes of it.
func (b *bench) hearAnswer(l *lineEntry, a *Answer, at int) EventState {
	t := l.talk
	changes := b.changes(l, a)
	if len(changes) > 0 {
		l.findAt(a, codeResponseChanged, ocpi.SeverityError, "the row is not as it was issued: %s", strings.Join(changes, "; "))
	}
	switch {
	case a.Kind == Dispute: // also after an acceptance: of what that leaves open
		l.dispute(a, at)
		return EventCounts
	case len(changes) > 0:
		return EventChanged
	case t.accepted != nil && !t.accepted.Sheet.Owed.Value.Less(a.Sheet.Owed.Value):
		return EventRepeated
	case t.accepted != nil:
		t.states[t.acceptedAt] = EventReplaced
	}
	t.accepted, t.acceptedAt = a, at
	return EventCounts
}

// settle marks what an acceptance that leaves nothing open makes void: the disputes before it, and those after it.
func (l *lineEntry) settle() {
	t := l.talk
	l.replaceDisputes(t.acceptedAt)
	for i := t.acceptedAt + 1; i < len(t.answers); i++ {
		if a := t.answers[i]; a.Kind == Dispute && (t.states[i] == EventCounts || t.states[i] == EventReplaced) {
			t.states[i] = EventLate
			l.findAt(a, codeResponseLate, ocpi.SeverityWarn, "the line was accepted at %s; what is accepted stays so", t.accepted.Record.Place)
		}
	}
}

// changes says what of a row is not as a run issued it, or not of this case and line.
func (b *bench) changes(l *lineEntry, a *Answer) []string {
	s := &a.Sheet
	var out []string
	if s.Case != "" && strings.TrimSpace(b.terms.Case) != s.Case {
		out = append(out, fmt.Sprintf("case is %q, want %q", s.Case, strings.TrimSpace(b.terms.Case)))
	}
	if !l.hasCDR(s.CDRID) {
		out = append(out, fmt.Sprintf("cdr_id is %q, want %q", s.CDRID, l.line.CDRID))
	}
	if claimed := l.line.Claimed.BeforeTaxes; compareNumbers(s.Claimed, claimed) != 0 {
		out = append(out, fmt.Sprintf("claimed_amount is %s, want %s", orNone(exactText(s.Claimed)), exactText(claimed)))
	}
	if s.Currency != "" && s.Currency != l.line.Currency {
		out = append(out, fmt.Sprintf("currency is %s, want %s", s.Currency, l.line.Currency))
	}
	if !s.Owed.Present {
		out = append(out, "owed is missing")
	}
	if want := s.Check(); a.Check != "" && a.Check != want && len(out) == 0 {
		out = append(out, fmt.Sprintf("check is %s, but what the row says gives %s: case, round, pack, line or an amount was edited", a.Check, want))
	}
	return out
}

// dispute takes a dispute: its words, if it has any, and its value, if it names one, stand in place of what was said before.
func (l *lineEntry) dispute(a *Answer, at int) {
	if a.words() != "" {
		l.quantity = Disputes(a.words())
		l.replaceDisputes(at)
	} else if !l.disputed {
		l.quantity = QuantityAll
	}
	l.disputed = true
	if a.TheirValue.Present {
		l.admitted = a.TheirValue
	}
}

// replaceDisputes marks the disputes before an answer.
func (l *lineEntry) replaceDisputes(at int) {
	l.talk.replaced = true
	for i := range at {
		if l.talk.answers[i].Kind == Dispute && l.talk.states[i] == EventCounts {
			l.talk.states[i] = EventReplaced
		}
	}
}

func (l *lineEntry) findAt(a *Answer, code ocpi.Code, severity ocpi.Severity, format string, args ...any) {
	l.findings = append(l.findings, newFinding(a.Record.Place, "", code, severity, format, args...))
}
