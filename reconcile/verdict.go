package reconcile

import (
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/tariff"
)

// Group is all records that may bear on each other, decoded.
type Group struct {
	CDRs     []CDRInput
	Sessions []SessionInput
	Lines    []*Line
	Claims   []*Claim
	Theirs   []CDRInput // the debtor's own copy of the CDRs

	TheirSessions []SessionInput // and of the sessions

	Answers   []*Answer   // of response sheets that came back
	Decisions []*Decision // resolved, see ResolveDecisions
}

// CDRInput is a decoded CDR with the findings of decoding it. CDR is nil only where the record is no object at all.
type CDRInput struct {
	CDR      *ocpi.CDR
	Findings []ocpi.Finding
}

// SessionInput is a decoded session with its findings.
type SessionInput struct {
	Session  *ocpi.Session
	Findings []ocpi.Finding
}

// Outcome is the verdict on a line.
type Outcome string

// Outcomes; partial: more than one part is not zero.
const (
	Proven   Outcome = "proven"
	Partial  Outcome = "partial"
	Conceded Outcome = "conceded"
	Unproven Outcome = "unproven"
)

// Match says which records support a line and by which rule they were found.
type Match struct {
	State   string        // exact, with-break, ambiguous, unmatched
	Rule    string        // cdr-id, session-id, session-id-folded, authorization-reference, …; "" where unmatched
	CDR     *ocpi.CDR     // nil where none
	Session *ocpi.Session // nil where none
	// CDRID and SessionID are the ids that the CDR states, "" where there is none.
	CDRID, SessionID string
	// Margin is by how many points any other assignment of the lines would be worse: one for each second between the starts, each Wh and
	// each minor unit of the net amount. nil where ids decide, or nothing else fits.
	Margin *int64
}

// LineVerdict is the judgement of one line.
type LineVerdict struct {
	Line     *Line
	Disputed bool
	Quantity Quantity // what is disputed
	Claims   []*Claim
	Match    Match

	Invoiced, Computed                      Money
	Proven, Conceded, Unproven, Underbilled Money
	// OnlyAsAgreed is the part of Proven that is owed only because the case settles how the spec is read; the rest is owed under every reading.
	// OnlyByDefault is the part of Unproven that is owed by the default readings. They are nothing where the line is not disputed.
	OnlyAsAgreed, OnlyByDefault    Money
	Admitted                       ocpi.Number
	Outcome                        Outcome
	ConcededReason, UnprovenReason ocpi.Code   // "" where that part is zero
	Notes                          []ocpi.Code // reasons that move nothing, sorted
	Findings                       []ocpi.Finding
	Floor, Ceiling                 Money       // before rounding to the line's decimals
	Chain                          *Chain      // of the CDR with what credits it or bills its session again; nil where nothing does
	Signed                         ocpi.Number // kWh of the signed readings of the supporting CDR; absent where none were verified or are valid
	Set                            *SetVerdict // of lines that are judged together; nil of others
	Sheets                         []NamedSheet
	CDRs                           []*ocpi.CDR     // all CDRs the judgement looked at, the supporting one first
	Sessions                       []*ocpi.Session // likewise
	Tariffs                        []*ocpi.Tariff  // supplied or agreed tariffs that priced
	History                        []Event         // where the debtor has answered or we have decided: all that was said of the line, in order
}

// NamedSheet is one calculation of a verdict: price, floor, ceiling, agreed, published, split and the like.
type NamedSheet struct {
	Name  string
	CDR   *ocpi.CDR // whose calculation it is
	Sheet *tariff.Sheet
	Input tariff.Input // what tariff.Price was given, so that a verifier can price again
}

// Reasons are the conceded part's, the unproven part's, then those that move nothing; one that both parts share stands once.
func (v *LineVerdict) Reasons() []ocpi.Code {
	var out []ocpi.Code
	for _, c := range append([]ocpi.Code{v.ConcededReason, v.UnprovenReason}, v.Notes...) {
		if c != "" && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// NotInvoiced is a CDR that no line claims.
type NotInvoiced struct {
	CDR      *ocpi.CDR
	Computed Money // absent parts where unpriceable
	Currency string
	Code     ocpi.Code // cdr-not-invoiced, home-charging, …

	MissingFrom *MasterLine // the master line that it belongs to; nil where there is none
}

// Use is what became of an input record.
type Use uint8

// Fates of a record: each is exactly one.
const (
	_         Use = iota
	Used          // entered a group and was judged
	Duplicate     // repeats another record
	Rejected      // could not be used; a finding says why
)

// GroupVerdict is the judgement of a whole group. Fates run parallel to the group's slices.
type GroupVerdict struct {
	Lines       []LineVerdict
	NotInvoiced []NotInvoiced
	Findings    []ocpi.Finding // about records rather than lines
	Theirs      []SideBySide   // of each CDR on either side, where the debtor's copy was given

	TheirSessions []SideBySide // likewise of each session

	CDRFates, SessionFates, LineFates, ClaimFates, TheirFates []Use
	AnswerFates, DecisionFates, TheirSessionFates             []Use

	bench *bench // on which it was made, until Release
}
