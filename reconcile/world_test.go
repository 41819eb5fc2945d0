package reconcile

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
)

// world is the input of a run, read from named texts as the command line reads files.
type world struct {
	cdrs, sessions []ocpi.Record
	theirs         []ocpi.Record // the debtor's copy of the CDRs
	theirSessions  []ocpi.Record // and of the sessions
	lines          []*Line
	claims         []*Claim
	answers        []*Answer
	decisions      []*Decision
	agreement      *Agreement
	rejected       []ocpi.Finding // of lines and claims that cannot be used
	findings       []ocpi.Finding // of reading
}

// readWorld reads the files cdrs.ndjson, sessions.ndjson, theirs.ndjson, their_sessions.ndjson, tariffs.json, locations.json, invoice.csv, disputes.csv and case.yaml,
// all but the invoice optional.
func readWorld(t testing.TB, files map[string]string) *world {
	t.Helper()
	c := &Case{Agreement: AgreementTerms{Tolerance: DefaultTolerance(), Limits: DefaultLimits(), Matching: DefaultMatching()}}
	if text, ok := files["case.yaml"]; ok {
		var err error
		c, err = ParseCase("case.yaml", []byte(text))
		require.NoError(t, err)
	}
	w := &world{agreement: c.Terms()}
	w.cdrs = ndjson("cdrs.ndjson", files["cdrs.ndjson"])
	w.sessions = ndjson("sessions.ndjson", files["sessions.ndjson"])
	_, w.agreement.SessionsGiven = files["sessions.ndjson"]
	w.theirs = ndjson("theirs.ndjson", files["theirs.ndjson"])
	_, w.agreement.TheirsGiven = files["theirs.ndjson"]
	w.theirSessions = ndjson("their_sessions.ndjson", files["their_sessions.ndjson"])
	_, w.agreement.TheirSessionsGiven = files["their_sessions.ndjson"]
	w.agreement.Supplied = tariffsIn(t, "tariffs.json", files["tariffs.json"])
	for _, name := range c.Agreement.Tariffs {
		w.agreement.Agreed = append(w.agreement.Agreed, tariffsIn(t, name, files[name])...)
	}
	w.readLocations(t, files["locations.json"])
	w.readInvoice(t, files["invoice.csv"], c.Columns["invoice"])
	w.readDisputes(t, files["disputes.csv"], c.Columns["disputes"])
	for round, name := range []string{"round-1.csv", "round-2.csv", "round-3.csv"} {
		w.readAnswers(t, name, files[name], round+1)
	}
	w.readDecisions(ndjson("decisions.ndjson", files["decisions.ndjson"]))
	return w
}

// ndjson frames one record a line.
func ndjson(name, text string) []ocpi.Record {
	var out []ocpi.Record
	offset := int64(0)
	for i, line := range strings.Split(text, "\n") {
		if strings.TrimSpace(line) != "" {
			place := ocpi.Place{File: name, Record: len(out) + 1, Line: i + 1, Offset: offset}
			out = append(out, ocpi.Record{Place: place, Bytes: []byte(line)})
		}
		offset += int64(len(line)) + 1
	}
	return out
}

func tariffsIn(t testing.TB, name, text string) []*ocpi.Tariff {
	var out []*ocpi.Tariff
	for i, raw := range objects(t, text) {
		tariff, findings := ocpi.NewDecoder(ocpi.Options{}).Tariff(ocpi.Record{Place: ocpi.Place{File: name, Record: i + 1, Line: 1}, Bytes: raw})
		require.Less(t, ocpi.Worst(findings), ocpi.SeverityBlock)
		out = append(out, tariff)
	}
	return out
}

func objects(t testing.TB, text string) []json.RawMessage {
	var out []json.RawMessage
	if text != "" {
		require.NoError(t, json.Unmarshal([]byte(text), &out))
	}
	return out
}

func (w *world) readLocations(t testing.TB, text string) {
	var all []*ocpi.Location
	for _, raw := range objects(t, text) {
		l, _ := ocpi.NewDecoder(ocpi.Options{}).Location(ocpi.Record{Bytes: raw})
		all = append(all, l)
	}
	w.agreement.ZoneOf = func(_, _, id string) string {
		for _, l := range all {
			if l.ID == id {
				return l.TimeZone
			}
		}
		return ""
	}
	w.agreement.ConnectorPower = func(_, _, id, evse, connector string) ocpi.Number {
		for _, l := range all {
			for _, e := range l.EVSEs {
				for _, c := range e.Connectors {
					if l.ID == id && e.UID == evse && c.ID == connector {
						return ConnectorPower(c)
					}
				}
			}
		}
		return ocpi.Number{}
	}
}

// table reads a CSV file; each calls read with a record and its cells.
func table(t testing.TB, name, text string, head func([]string) error, read func(ocpi.Record, []string)) {
	if text == "" {
		return
	}
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	require.NoError(t, err)
	require.NoError(t, head(rows[0]))
	for i, row := range rows[1:] {
		var raw bytes.Buffer
		out := csv.NewWriter(&raw)
		require.NoError(t, out.Write(row))
		out.Flush()
		read(ocpi.Record{Place: ocpi.Place{File: name, Record: i + 1, Line: i + 2}, Bytes: bytes.TrimSpace(raw.Bytes())}, row)
	}
}

func (w *world) readInvoice(t testing.TB, text string, columns Columns) {
	var reader *LineReader
	table(t, "invoice.csv", text, func(header []string) (err error) {
		reader, w.findings, err = NewLineReader(header, columns)
		return err
	}, func(rec ocpi.Record, row []string) {
		l, findings := reader.Read(rec, row)
		w.findings = append(w.findings, findings...)
		if l == nil {
			w.rejected = append(w.rejected, *ocpi.FirstBlock(findings))
			return
		}
		w.lines = append(w.lines, l)
	})
}

func (w *world) readDisputes(t testing.TB, text string, columns Columns) {
	var reader *ClaimReader
	table(t, "disputes.csv", text, func(header []string) (err error) {
		reader, _, err = NewClaimReader(header, columns)
		return err
	}, func(rec ocpi.Record, row []string) {
		c, findings := reader.Read(rec, row)
		if c == nil {
			w.rejected = append(w.rejected, *ocpi.FirstBlock(findings))
			return
		}
		w.claims = append(w.claims, c)
	})
}

func (w *world) readAnswers(t testing.TB, name, text string, round int) {
	var reader *AnswerReader
	table(t, name, text, func(header []string) (err error) {
		reader, _, err = NewAnswerReader(header, nil, round)
		return err
	}, func(rec ocpi.Record, row []string) {
		a, findings := reader.Read(rec, row)
		if a == nil {
			w.rejected = append(w.rejected, *ocpi.FirstBlock(findings))
			return
		}
		w.answers = append(w.answers, a)
	})
}

func (w *world) readDecisions(records []ocpi.Record) {
	for _, rec := range records {
		d, f := ParseDecision(rec)
		if f != nil {
			w.rejected = append(w.rejected, *f)
			continue
		}
		w.decisions = append(w.decisions, d)
	}
	w.findings = append(w.findings, ResolveDecisions(w.decisions, w.agreement.Case)...)
}

// identities are the records of the world as grouping sees them: CDRs, sessions, lines, claims, answers, decisions, and the debtor's copy.
func (w *world) identities() []Identity {
	var ids []Identity
	for _, r := range w.cdrs {
		id, _ := ocpi.ScanIdentity(r.Bytes)
		ids = append(ids, Identity{Kind: CDRRecord, CountryCode: id.CountryCode, PartyID: id.PartyID, CDRID: id.ID, SessionID: id.SessionID,
			AuthorizationReference: id.AuthorizationReference, CreditReferenceID: id.CreditReferenceID})
	}
	for _, r := range w.sessions {
		id, _ := ocpi.ScanIdentity(r.Bytes)
		ids = append(ids, Identity{Kind: SessionRecord, CountryCode: id.CountryCode, PartyID: id.PartyID, SessionID: id.ID,
			AuthorizationReference: id.AuthorizationReference})
	}
	for _, l := range w.lines {
		ids = append(ids, Identity{Kind: LineRecord, CountryCode: l.CountryCode, PartyID: l.PartyID, CDRID: l.CDRID, SessionID: l.SessionID,
			InvoiceID: l.InvoiceID, Line: l.Line})
	}
	for _, c := range w.claims {
		ids = append(ids, Identity{Kind: ClaimRecord, CountryCode: c.CountryCode, PartyID: c.PartyID, CDRID: c.CDRID, SessionID: c.SessionID,
			InvoiceID: c.InvoiceID, Line: c.Line})
	}
	for _, a := range w.answers {
		ids = append(ids, Identity{Kind: AnswerRecord, CDRID: a.Sheet.CDRID, InvoiceID: a.Sheet.InvoiceID, Line: a.Sheet.Line})
	}
	for _, d := range w.decisions {
		ids = append(ids, d.Identity(w.agreement.Case))
	}
	for _, r := range w.theirSessions {
		id, _ := ocpi.ScanIdentity(r.Bytes)
		ids = append(ids, Identity{Kind: TheirSessionRecord, CountryCode: id.CountryCode, PartyID: id.PartyID, SessionID: id.ID})
	}
	for _, r := range w.theirs {
		id, _ := ocpi.ScanIdentity(r.Bytes)
		ids = append(ids, Identity{Kind: TheirRecord, CountryCode: id.CountryCode, PartyID: id.PartyID, CDRID: id.ID, SessionID: id.SessionID})
	}
	return ids
}

// group decodes the members of a group.
func (w *world) group(members []int32) *Group {
	d := ocpi.NewDecoder(ocpi.Options{})
	g := &Group{}
	own := len(w.cdrs) + len(w.sessions) + len(w.lines) + len(w.claims) + len(w.answers) + len(w.decisions)
	for _, m := range members {
		i := int(m)
		switch n := len(w.cdrs); {
		case i < n:
			c, findings := d.CDR(w.cdrs[i])
			g.CDRs = append(g.CDRs, CDRInput{c, findings})
		case i < n+len(w.sessions):
			s, findings := d.Session(w.sessions[i-n])
			g.Sessions = append(g.Sessions, SessionInput{s, findings})
		case i < n+len(w.sessions)+len(w.lines):
			g.Lines = append(g.Lines, w.lines[i-n-len(w.sessions)])
		case i < own:
			w.talk(g, i-n-len(w.sessions)-len(w.lines))
		case i < own+len(w.theirSessions):
			s, findings := d.Session(w.theirSessions[i-own])
			g.TheirSessions = append(g.TheirSessions, SessionInput{s, findings})
		default:
			c, findings := d.CDR(w.theirs[i-own-len(w.theirSessions)])
			g.Theirs = append(g.Theirs, CDRInput{c, findings})
		}
	}
	return g
}

// talk adds what was said of lines: a claim, an answer or a decision.
func (w *world) talk(g *Group, i int) {
	switch claims, answers := len(w.claims), len(w.answers); {
	case i < claims:
		g.Claims = append(g.Claims, w.claims[i])
	case i < claims+answers:
		g.Answers = append(g.Answers, w.answers[i-claims])
	default:
		g.Decisions = append(g.Decisions, w.decisions[i-claims-answers])
	}
}

// judge settles and judges everything.
func (w *world) judge() []*GroupVerdict {
	var out []*GroupVerdict
	for _, members := range w.settle().All() {
		out = append(out, Judge(w.group(members), w.agreement))
	}
	return out
}

// settle ties what ids tie, then what traces do.
func (w *world) settle() Groups {
	ids := kept(w.identities())
	groups := Settle(ids, inTurn)
	var traces []Trace
	lines, cdrs := Leftovers(ids, groups)
	for _, i := range lines {
		traces = append(traces, TraceOfLine(i, w.lines[int(i)-len(w.cdrs)-len(w.sessions)]))
	}
	d := ocpi.NewDecoder(ocpi.Options{})
	for _, i := range cdrs {
		if c, _ := d.CDR(w.cdrs[i]); c != nil {
			traces = append(traces, TraceOfCDR(i, c, slices.ContainsFunc(w.lines, (*Line).IsMetered)))
		}
	}
	return Rejoin(groups, traces, w.agreement.matching())
}
