package reconcile

import (
	"fmt"

	"github.com/nexacollect/reconcile/ocpi"
)

// rowSecondRecord is rows 13 and 14. What a dispute puts in question of the delivery needs a second record, a completed session, beside
// the CDR; a session that its own operator calls invalid speaks against the CDR whether the line is disputed or not.
func (t *trial) rowSecondRecord() {
	state := "no session record is there"
	switch s := t.session; {
	case s.isFinal():
		return
	case s != nil && s.session.Status == statusInvalid:
		t.rule(ruling{row: 14, code: codeSessionInvalid, open: true, message: "session " + s.session.ID + " is INVALID"})
		return
	case s != nil:
		state = fmt.Sprintf("session %s is %s, not COMPLETED", s.session.ID, orNone(s.session.Status))
	case !t.b.terms.SessionsGiven:
		state = "no session records were supplied"
	}
	switch alone := t.line.quantity & delivered &^ t.vouched(); {
	case !t.b.terms.Corroboration:
	case t.line.disputed && alone != 0:
		t.rule(ruling{row: 13, code: codeWithoutSession, open: true,
			message: fmt.Sprintf("the debtor disputes %s, and %s beside CDR %s", alone, state, t.cdr.cdr.ID)})
	default:
		t.note(codeWithoutSession, ocpi.SeverityWarn, "%s beside CDR %s", state, t.cdr.cdr.ID)
	}
}
