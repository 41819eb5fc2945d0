package pack

import (
	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
)

// eventDoc is an entry of a line's history.
type eventDoc struct {
	Event      string  `json:"event"`
	State      string  `json:"state"`
	Round      int     `json:"round"`
	Pack       string  `json:"pack"`
	Owed       string  `json:"owed"`
	Reasons    string  `json:"reasons"`
	Code       string  `json:"dispute_code"`
	Value      string  `json:"their_value"`
	Evidence   string  `json:"their_evidence"`
	Text       string  `json:"text"`
	ID         string  `json:"id"`
	At         string  `json:"at"`
	By         string  `json:"by"`
	Decision   string  `json:"decision"`
	CDR        string  `json:"cdr"`
	Of         string  `json:"of"`
	Supersedes string  `json:"supersedes"`
	Source     fromDoc `json:"source"`
}

// fromDoc is where an event was said: a record in the shards of its kind.
type fromDoc struct {
	Kind   string `json:"kind"`
	File   string `json:"file"`
	Record int    `json:"record"`
	Line   int    `json:"line"`
	Offset int64  `json:"offset"`
}

func newEventDoc(e *reconcile.Event) eventDoc {
	return eventDoc{
		Event: string(e.Kind), State: string(e.State), Round: e.Round, Pack: e.Pack, Owed: numberText(e.Owed), Reasons: e.Reasons, Code: e.Code,
		Value: numberText(e.Value), Evidence: e.Evidence, Text: e.Comment, ID: e.ID, At: e.At, By: e.By, Decision: string(e.Decision), CDR: e.CDRID,
		Of: e.Of, Supersedes: e.Supersedes, Source: fromOf(e.Source, e.Record.Place),
	}
}

func fromOf(kind string, p ocpi.Place) fromDoc {
	return fromDoc{Kind: kind, File: displayName(p.File), Record: p.Record, Line: p.Line, Offset: p.Offset}
}

// append appends the object.
func (d *eventDoc) append(dst []byte) []byte {
	dst = appendString(append(dst, `{"event":`...), d.Event)
	dst = appendString(append(dst, `,"state":`...), d.State)
	dst = appendNumberMember(dst, `,"round":`, int64(d.Round))
	dst = appendMember(dst, `,"pack":`, d.Pack)
	dst = appendNumber(append(dst, `,"owed":`...), d.Owed)
	dst = appendMember(dst, `,"reasons":`, d.Reasons)
	dst = appendMember(dst, `,"dispute_code":`, d.Code)
	dst = appendNumber(append(dst, `,"their_value":`...), d.Value)
	dst = appendMember(dst, `,"their_evidence":`, d.Evidence)
	dst = appendMember(dst, `,"text":`, d.Text)
	dst = appendMember(dst, `,"id":`, d.ID)
	dst = appendMember(dst, `,"at":`, d.At)
	dst = appendMember(dst, `,"by":`, d.By)
	dst = appendMember(dst, `,"decision":`, d.Decision)
	dst = appendMember(dst, `,"cdr":`, d.CDR)
	dst = appendMember(dst, `,"of":`, d.Of)
	dst = appendMember(dst, `,"supersedes":`, d.Supersedes)
	dst = appendMember(dst, `,"source":{"kind":`, d.Source.Kind)
	dst = appendMember(dst, `,"file":`, d.Source.File)
	dst = appendNumberMember(dst, `,"record":`, int64(d.Source.Record))
	dst = appendNumberMember(dst, `,"line":`, int64(d.Source.Line))
	dst = appendNumberMember(dst, `,"offset":`, d.Source.Offset)
	return append(dst, "}}"...)
}

// event is the entry as an event, as far as its text needs it; the place stands apart.
func (d *eventDoc) event() *reconcile.Event {
	e := &reconcile.Event{
		Kind: reconcile.EventKind(d.Event), State: reconcile.EventState(d.State), Round: d.Round, Source: d.Source.Kind, Code: d.Code,
		Evidence: d.Evidence, Comment: d.Text, ID: d.ID, At: d.At, By: d.By, Supersedes: d.Supersedes, CDRID: d.CDR, Of: d.Of,
		Decision: reconcile.DecisionKind(d.Decision),
	}
	e.Owed, _ = numberOf(d.Owed) // what cannot be read is verify's to tell
	e.Value, _ = numberOf(d.Value)
	return e
}
