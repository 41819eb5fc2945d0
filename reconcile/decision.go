package reconcile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// DecisionKind is what was decided of a line.
type DecisionKind string

// Decisions. None proves anything: what they move goes to the conceded part, but for an amount that the debtor admits himself.
const (
	DecideWithdraw     DecisionKind = "withdraw"      // the claim on the line
	DecideAcceptTheirs DecisionKind = "accept-theirs" // the amount that the debtor admits is owed, no more
	DecideUphold       DecisionKind = "uphold"        // what we say: nothing moves
	DecideMatch        DecisionKind = "match"         // the line means this CDR, where several fit or none was found
	DecideDuplicate    DecisionKind = "duplicate"     // the line repeats another and is left out of account
)

var decisionKinds = []DecisionKind{DecideWithdraw, DecideAcceptTheirs, DecideUphold, DecideMatch, DecideDuplicate}

// Decision is a manual decision: an object of decisions.ndjson.
type Decision struct {
	Record ocpi.Record

	ID, By, Why     string
	At              time.Time
	InvoiceID, Line string
	Kind            DecisionKind
	Amount          ocpi.Number // of accept-theirs, net; absent: what the debtor admits
	CountryCode     string      // of match: the CDR
	PartyID, CDRID  string
	Of              string // of duplicate: the line that is repeated, INVOICE:LINE
	Round           int    // after which round it was made; 0 is not said
	Supersedes      string
	Case            string // the case for which it was made; "": any

	State EventState // set by ResolveDecisions: counts, superseded, void, repeated or elsewhere
	order int        // likewise: its place among all
}

// decisionDoc is the object as written.
type decisionDoc struct {
	ID         string          `json:"id"`
	At         string          `json:"at"`
	By         string          `json:"by"`
	Line       lineRef         `json:"line"`
	Decision   DecisionKind    `json:"decision"`
	Amount     json.RawMessage `json:"amount"`
	CDR        *cdrRef         `json:"cdr"`
	Of         *lineRef        `json:"of"`
	Round      int             `json:"round"`
	Why        string          `json:"why"`
	Supersedes string          `json:"supersedes"`
	Case       string          `json:"case"`
}

type lineRef struct {
	Invoice string `json:"invoice"`
	Line    string `json:"line"`
}

type cdrRef struct {
	CountryCode string `json:"country_code"`
	PartyID     string `json:"party_id"`
	ID          string `json:"id"`
}

// ParseDecision reads one decision, strictly: unknown members are errors. A finding says why there is none.
func ParseDecision(rec ocpi.Record) (*Decision, *ocpi.Finding) {
	d, err := parseDecision(rec.Bytes)
	if err != nil {
		f := newFinding(rec.Place, "", codeDecisionInvalid, ocpi.SeverityBlock, "the decision cannot be read: %v", err)
		return nil, &f
	}
	d.Record = rec
	return d, nil
}

func parseDecision(raw []byte) (*Decision, error) {
	var doc decisionDoc
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&doc); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one JSON value")
	}
	d := &Decision{
		ID: doc.ID, By: doc.By, Why: doc.Why, InvoiceID: doc.Line.Invoice, Line: doc.Line.Line, Kind: doc.Decision, Round: doc.Round,
		Supersedes: doc.Supersedes, Case: doc.Case,
	}
	if doc.CDR != nil {
		d.CountryCode, d.PartyID, d.CDRID = doc.CDR.CountryCode, doc.CDR.PartyID, doc.CDR.ID
	}
	if doc.Of != nil {
		d.Of = doc.Of.Invoice + ":" + doc.Of.Line
	}
	var err error
	if d.At, err = time.Parse(time.RFC3339, doc.At); err != nil {
		return nil, fmt.Errorf("at: %q is no time, want 2026-11-02T14:05:00Z", doc.At)
	}
	if text := strings.Trim(string(doc.Amount), `"`); text != "" && text != "null" {
		v, err := exact.Parse([]byte(text))
		if err != nil {
			return nil, fmt.Errorf("amount: %w", err)
		}
		d.Amount = Known(v)
	}
	return d, d.check(doc.Of)
}

// check says what the decision lacks, or has and must not have.
func (d *Decision) check(of *lineRef) error {
	for _, m := range []struct{ name, value string }{{"id", d.ID}, {"by", d.By}, {"why", d.Why}, {"line.invoice", d.InvoiceID}, {"line.line", d.Line}} {
		if strings.TrimSpace(m.value) == "" {
			return fmt.Errorf("%s is missing", m.name)
		}
	}
	switch {
	case !slices.Contains(decisionKinds, d.Kind):
		return fmt.Errorf("decision: %q is not known, want one of %v", d.Kind, decisionKinds)
	case d.Kind == DecideMatch && !named(d.CDRID):
		return errors.New("cdr.id is missing: a match names its CDR")
	case d.Kind != DecideMatch && d.CDRID != "":
		return errors.New("cdr stands only with match")
	case d.Amount.Present && d.Kind != DecideAcceptTheirs:
		return errors.New("amount stands only with accept-theirs")
	case d.Kind == DecideDuplicate && (of == nil || of.Invoice == "" || of.Line == ""):
		return errors.New("of is missing: a duplicate names the line that it repeats")
	case d.Kind != DecideDuplicate && of != nil:
		return errors.New("of stands only with duplicate")
	case of != nil && sameID(of.Invoice, d.InvoiceID) && sameID(of.Line, d.Line):
		return errors.New("of names the line itself")
	case d.Round < 0:
		return errors.New("round is negative")
	}
	return nil
}

// Elsewhere reports a decision that was made for another case than the one of this name.
func (d *Decision) Elsewhere(caseName string) bool { return d.Case != "" && d.Case != caseName }

// Identity is what grouping needs of the decision. One for another case ties nothing.
func (d *Decision) Identity(caseName string) Identity {
	if d.Elsewhere(caseName) {
		return Identity{Kind: DecisionRecord}
	}
	return Identity{Kind: DecisionRecord, CountryCode: d.CountryCode, PartyID: d.PartyID, CDRID: d.CDRID, InvoiceID: d.InvoiceID, Line: d.Line}
}

// ResolveDecisions says of each decision, in the order of their files, whether it counts in the case of a name: it does where it was not made for
// another, no other supersedes it, of whatever case, and the line has no other that counts. One that is there twice, as where a later file
// holds an earlier one, counts once. Ids that two decisions of a case have, chains that lead nowhere or back to themselves, and decisions that are
// at odds are findings, and none of these counts.
func ResolveDecisions(list []*Decision, caseName string) []ocpi.Finding {
	r := decisions{byID: map[[2]string]*Decision{}, ofID: map[string][]*Decision{}}
	for i, d := range list {
		d.State, d.order = EventCounts, i
		r.name(d, caseName)
	}
	for _, d := range list {
		if d.State != EventVoid && d.State != EventRepeated && d.Supersedes != "" {
			r.supersede(d)
		}
	}
	for _, d := range list {
		if d.State != EventVoid && d.State != EventRepeated && r.cyclic(d) {
			r.void(d, codeDecisionCycle, "decision %s supersedes itself by way of %s", d.ID, d.Supersedes)
		}
	}
	r.compare(list)
	return r.findings
}

type decisions struct {
	byID     map[[2]string]*Decision // by case and id
	ofID     map[string][]*Decision  // of every case
	findings []ocpi.Finding
}

// name enters a decision under its id.
func (r *decisions) name(d *Decision, caseName string) {
	key := [2]string{d.Case, d.ID}
	first := r.byID[key]
	switch {
	case first != nil && ocpi.SameBody(first.Record.Bytes, d.Record.Bytes):
		d.State = EventRepeated
		r.note(d, codeDuplicate, "decision %s repeats the one at %s", d.ID, first.Record.Place)
		return
	case d.Elsewhere(caseName):
		d.State = EventElsewhere
		r.note(d, codeDecisionElsewhere, "decision %s was made for case %q", d.ID, d.Case)
	}
	if first == nil {
		r.byID[key], r.ofID[d.ID] = d, append(r.ofID[d.ID], d)
		return
	}
	r.void(d, codeDecisionConflict, "decision %s is there twice, also at %s", d.ID, first.Record.Place)
	if first.State != EventVoid {
		r.void(first, codeDecisionConflict, "decision %s is there twice, also at %s", d.ID, d.Record.Place)
	}
}

func (r *decisions) note(d *Decision, code ocpi.Code, format string, args ...any) {
	r.findings = append(r.findings, newFinding(d.Record.Place, "", code, ocpi.SeverityInfo, format, args...))
}

// void leaves a decision out of account. What is wrong with one of another case is said where that is run.
func (r *decisions) void(d *Decision, code ocpi.Code, format string, args ...any) {
	if d.State == EventElsewhere {
		return
	}
	d.State = EventVoid
	r.findings = append(r.findings, newFinding(d.Record.Place, "", code, ocpi.SeverityError, format, args...))
}

// superseded is the decision that another names: that of its own case, else the only one of that id; nil where there is none.
func (r *decisions) superseded(d *Decision) *Decision {
	if own := r.byID[[2]string{d.Case, d.Supersedes}]; own != nil {
		return own
	}
	if all := r.ofID[d.Supersedes]; len(all) == 1 {
		return all[0]
	}
	return nil
}

// supersede takes back the decision that another names.
func (r *decisions) supersede(d *Decision) {
	switch old := r.superseded(d); {
	case old == nil && len(r.ofID[d.Supersedes]) > 1:
		r.void(d, codeDecisionUnknown, "decision %s supersedes %s, which several other cases have", d.ID, d.Supersedes)
	case old == nil:
		r.void(d, codeDecisionUnknown, "decision %s supersedes %s, which is not there", d.ID, d.Supersedes)
	case !old.sameLine(d):
		r.void(d, codeDecisionConflict, "decision %s supersedes %s, which is about invoice %s line %s", d.ID, old.ID, old.InvoiceID, old.Line)
	case old.State == EventCounts:
		old.State = EventSuperseded
	}
}

func (d *Decision) sameLine(o *Decision) bool {
	return sameID(d.InvoiceID, o.InvoiceID) && sameID(d.Line, o.Line)
}

// cyclic reports a decision whose chain leads back to it.
func (r *decisions) cyclic(d *Decision) bool {
	for at, steps := r.superseded(d), 0; at != nil && steps <= len(r.byID); at, steps = r.superseded(at), steps+1 {
		if at == d {
			return true
		}
	}
	return false
}

// compare voids decisions that count for one line.
func (r *decisions) compare(list []*Decision) {
	first := map[[2]string]*Decision{}
	var odd []*Decision
	for _, d := range list {
		if d.State != EventCounts {
			continue
		}
		key := [2]string{foldID(d.InvoiceID), foldID(d.Line)}
		switch one := first[key]; {
		case one == nil:
			first[key] = d
		case !slices.Contains(odd, one):
			odd = append(odd, one, d)
		default:
			odd = append(odd, d)
		}
	}
	for _, d := range odd {
		r.void(d, codeDecisionConflict, "several decisions count for invoice %s line %s, %s among them; let one supersede the others", d.InvoiceID,
			d.Line, d.ID)
	}
}
