package pack

import (
	"slices"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
)

// statedDoc is what the row of the invoice states of the session beside ids and amounts, in the index: lines.xlsx shows it, and no heading
// in the pack says which cell is which.
type statedDoc struct {
	KWh   string `json:"kwh"`
	Start string `json:"start"` // UTC
	End   string `json:"end"`
	EVSE  string `json:"evse_id"`
}

// newStated is nil where the row states nothing.
func newStated(l *reconcile.Line) *statedDoc {
	d := statedDoc{KWh: numberText(l.ClaimedKWh), Start: instantText(l.Start), End: instantText(l.End), EVSE: asWritten(l.EVSEID)}
	if d == (statedDoc{}) {
		return nil
	}
	return &d
}

func instantText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// append appends the member.
func (d *statedDoc) append(dst []byte) []byte {
	if d == nil {
		return dst
	}
	dst = appendNumber(append(dst, `,"stated":{"kwh":`...), d.KWh)
	dst = appendMember(dst, `,"start":`, d.Start)
	dst = appendMember(dst, `,"end":`, d.End)
	return append(appendMember(dst, `,"evse_id":`, d.EVSE), '}')
}

// missing names what is said to be stated and is in no cell of the row; "" where all is.
func (d *statedDoc) missing(cells []string) string {
	if d == nil {
		return ""
	}
	if n, err := numberOf(d.KWh); err != nil || n.Present && !holds(numbersOf(cells), n) {
		return "kwh"
	}
	for _, at := range []struct{ name, text string }{{"start", d.Start}, {"end", d.End}} {
		if at.text != "" && !slices.ContainsFunc(cells, func(c string) bool { return namesInstant(c, at.text) }) {
			return at.name
		}
	}
	if d.EVSE != "" && !slices.Contains(cells, d.EVSE) {
		return "evse_id"
	}
	return ""
}

func namesInstant(cell, instant string) bool {
	t, _, ok := reconcile.ReadTime(cell)
	return ok && instantText(t) == instant
}

// facts is what invoice, CDR and session say of a line's session, as far as lines.xlsx shows it.
type facts struct {
	evse                                    string
	start, end                              time.Time
	hours, stated, total, periods, measured ocpi.Number // hours; kWh by the invoice, the CDR, its periods, the session
}

// factsOf reads them from the records that a line discloses; each may be nil. The CDR goes before the invoice.
func factsOf(d *statedDoc, c *ocpi.CDR, s *ocpi.Session) facts {
	var f facts
	if d != nil {
		f.evse = d.EVSE
		f.stated, _ = numberOf(d.KWh) // what cannot be read is found elsewhere
		f.start, _ = time.Parse(time.RFC3339Nano, d.Start)
		f.end, _ = time.Parse(time.RFC3339Nano, d.End)
	}
	if c != nil {
		for _, id := range []string{c.Location.EVSEUID, c.Location.EVSEID} {
			if id != "" {
				f.evse = id
			}
		}
		f.start, f.end = c.StartDateTime, c.EndDateTime
		f.hours, f.total, f.periods = c.TotalTime, c.TotalEnergy, reconcile.PeriodEnergy(c)
	}
	if s != nil {
		f.measured = s.KWh
	}
	return f
}
