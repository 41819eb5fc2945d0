package reconcile

import (
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
)

// EventKind is what happened to a line.
type EventKind string

// Events.
const (
	EventDisputed   EventKind = "disputed"
	EventAccepted   EventKind = "accepted"
	EventUnanswered EventKind = "unanswered" // the debtor was asked and left the row blank
	EventDecided    EventKind = "decided"
)

// EventState says whether an event still counts.
type EventState string

// States of events.
const (
	EventCounts     EventState = "counts"
	EventReplaced   EventState = "replaced"   // a later word of the debtor stands in its place
	EventRepeated   EventState = "repeated"   // says again what another row of the round says
	EventAtOdds     EventState = "at-odds"    // another row of the round says otherwise
	EventChanged    EventState = "changed"    // the row is not as it was issued, so that its acceptance does not count
	EventLate       EventState = "late"       // the line was accepted before
	EventSuperseded EventState = "superseded" // another decision takes it back
	EventVoid       EventState = "void"       // a decision that is at odds with others or does not fit the line
	EventElsewhere  EventState = "elsewhere"  // a decision that was made for another case: in no history
)

// Event is one thing that was said or decided of a line.
type Event struct {
	Kind   EventKind
	State  EventState
	Round  int         // of the response sheet; 0 before the first; of a decision the round after which it was made, 0 where it does not say
	Record ocpi.Record // where it was said
	Source string      // invoice_lines, claims, responses or decisions: the kind of record

	// Of a response: what the row says that we said.
	Pack    string
	Owed    ocpi.Number
	Reasons string

	// Of a dispute.
	Code, Evidence, Comment string      // of a decision the comment says why
	Value                   ocpi.Number // what the debtor admits; of a decision the amount

	// Of a decision.
	ID, At, By, Supersedes, CDRID, Of string
	Decision                          DecisionKind
}

// Sources of events.
const (
	SourceLine     = "invoice_lines"
	SourceClaim    = "claims"
	SourceResponse = "responses"
	SourceDecision = "decisions"
)

// talk is what the debtor answered and we decided of a line.
type talk struct {
	answers    []*Answer
	states     []EventState // of answers
	decisions  []*Decision
	replaced   bool      // the disputes before the first answer
	accepted   *Answer   // that counts; nil where none does
	acceptedAt int       // its place among the answers
	decision   *Decision // that counts; nil where none does
}

func (l *lineEntry) talking() *talk {
	if l.talk == nil {
		l.talk = &talk{}
	}
	return l.talk
}

// history is all that was said of a line, in order: the disputes of invoice and lists, the rounds of response sheets, and the decisions
// after the round that they name, or after all.
func (l *lineEntry) history() []Event {
	state := EventCounts
	if l.talk.replaced {
		state = EventReplaced
	}
	var out []Event
	if l.line.Disputed {
		out = append(out, Event{Kind: EventDisputed, State: state, Record: l.line.Record, Source: SourceLine, Comment: l.line.Reason})
	}
	for _, c := range l.claims {
		out = append(out, Event{Kind: EventDisputed, State: state, Record: c.Record, Source: SourceClaim, Comment: c.Reason, Value: c.ClaimedAmount})
	}
	decisions := l.talk.decisions
	decidedBefore := func(round int) {
		for _, d := range decisions {
			if d.Round > 0 && d.Round < round {
				out = append(out, d.event())
			}
		}
		decisions = slices.DeleteFunc(slices.Clone(decisions), func(d *Decision) bool { return d.Round > 0 && d.Round < round })
	}
	for i, a := range l.talk.answers {
		decidedBefore(a.Round)
		out = append(out, a.event(l.talk.states[i]))
	}
	for _, d := range decisions {
		out = append(out, d.event())
	}
	return out
}

func (a *Answer) event(state EventState) Event {
	kind := EventUnanswered
	switch a.Kind {
	case Accept:
		kind = EventAccepted
	case Dispute:
		kind = EventDisputed
	}
	return Event{
		Kind: kind, State: state, Round: a.Round, Record: a.Record, Source: SourceResponse, Pack: a.Sheet.Pack, Owed: a.Sheet.Owed,
		Reasons: a.Sheet.Reasons, Code: a.Code, Evidence: a.TheirEvidence, Comment: a.Comment, Value: a.TheirValue,
	}
}

func (d *Decision) event() Event { return d.Event(d.State) }

// Event is the decision as an event of its line.
func (d *Decision) Event(state EventState) Event {
	return Event{
		Kind: EventDecided, State: state, Round: d.Round, Record: d.Record, Source: SourceDecision, Comment: d.Why, Value: d.Amount, ID: d.ID,
		At: d.At.UTC().Format("2006-01-02T15:04:05Z"), By: d.By, Supersedes: d.Supersedes, CDRID: d.CDRID, Of: d.Of, Decision: d.Kind,
	}
}
