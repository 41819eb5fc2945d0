package reconcile

import "fmt"

// Text is the event in a sentence, without where it was said.
func (e *Event) Text() string { return e.who() + e.what() + e.said() + stateTexts[e.State] + "." }

var stateTexts = map[EventState]string{
	EventReplaced:   "; a later answer stands in its place",
	EventRepeated:   "; it was said already",
	EventAtOdds:     "; it does not count, as another row of the sheet says otherwise",
	EventChanged:    "; it does not count, as the row is not as it was issued",
	EventLate:       "; it does not count, as the line was accepted before",
	EventSuperseded: "; a later decision takes it back",
	EventVoid:       "; it does not count",
}

// who is when it was said, and by whom.
func (e *Event) who() string {
	switch {
	case e.Kind == EventDecided:
		return fmt.Sprintf("%s, decision %s by %s: ", e.At, e.ID, e.By)
	case e.Source == SourceResponse:
		return fmt.Sprintf("Round %d: we said that %s is owed, the debtor ", e.Round, orNone(exactText(e.Owed)))
	case e.Source == SourceLine:
		return "Before the first round: marked as disputed on the invoice"
	}
	return "Before the first round: the debtor "
}

func (e *Event) what() string {
	switch {
	case e.Kind == EventDecided:
		return string(e.Decision)
	case e.Source == SourceLine:
		return ""
	case e.Kind == EventUnanswered:
		return "did not answer"
	}
	return string(e.Kind)
}

// said is the words and amounts that came with it.
func (e *Event) said() string {
	out := ""
	for _, m := range []struct{ before, text, after string }{
		{" (", e.Code, ")"}, {" to CDR ", e.CDRID, ""}, {" of ", e.Of, ""}, {", at ", exactText(e.Value), ""}, {", evidence: ", e.Evidence, ""},
		{": ", e.Comment, ""}, {", in place of ", e.Supersedes, ""},
	} {
		if m.text != "" {
			out += m.before + m.text + m.after
		}
	}
	return out
}
