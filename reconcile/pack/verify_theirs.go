package pack

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
)

// sideCheck is the comparison of one kind of record with the debtor's copy, as a pack tells it.
type sideCheck struct {
	*payloadCheck
	kind   ocpi.Kind
	file   string
	stated *reconcile.TwoSided // nil: no copy was given
	used   int                 // how many records of the copy were used
	found  sideFindings
}

// sideChecks are the comparisons that a pack may tell.
func (p *payloadCheck) sideChecks() []sideCheck {
	s, f := &p.summary, &p.sideFindings
	return []sideCheck{
		{p, ocpi.KindCDR, theirsFile, s.Theirs, s.Records.Theirs.Used, f[0]},
		{p, ocpi.KindSession, theirSessionsFile, s.TheirSessions, s.Records.TheirSessions.Used, f[1]},
	}
}

// theirs checks theirs.ndjson and their_sessions.ndjson.
func (p *payloadCheck) theirs() {
	for _, c := range p.sideChecks() {
		c.rows()
	}
}

// rows checks that each row says what its members say, that our side of it is the disclosed record where there is one, and
// that the rows give the counts and sums of the summary. Rows of which no record is disclosed rest on the digests that they state.
func (p *sideCheck) rows() {
	has := p.pack.has(payloadFolder + p.file)
	if has != (p.stated != nil) {
		p.parse.fault("%s: is there if and only if %s tells of the debtor's copy, but not here", p.file, summaryFile)
	}
	if !has || p.stated == nil {
		return
	}
	rows, read, before := 0, 0, ""
	var tally reconcile.TwoSidedTally
	p.eachObject(p.file, func(raw []byte) error {
		d := &theirsDoc{kind: p.kind}
		if err := decodeLine(raw, d, d.append, &p.buf); err != nil {
			return err
		}
		s, err := d.sideBySide()
		if err != nil {
			return err
		}
		if rows++; rows > 1 && d.key() < before {
			return errors.New("not in the order of the keys")
		}
		before = d.key()
		tally.Add(s)
		disclosed, err := p.ourSide(d)
		if disclosed {
			read++
		}
		return err
	})
	p.twoSided(tally.Result())
	p.theirsDone += fmt.Sprintf("; %d rows of %s give the counts and sums of the two sides, %d of them say what the disclosed records say",
		rows, p.file, read)
	if p.kind == ocpi.KindCDR {
		p.theirsDone += "; what they cost is not priced again"
	}
}

// sideBySide is what the row says, as far as adding up needs it.
func (d *theirsDoc) sideBySide() (*reconcile.SideBySide, error) {
	s := &reconcile.SideBySide{Verdict: reconcile.SideVerdict(d.Verdict)}
	var err error
	if s.Ours, s.OurCost, err = d.side(d.Ours); err != nil {
		return nil, err
	}
	if s.Theirs, s.TheirCost, err = d.side(d.Theirs); err != nil {
		return nil, err
	}
	ours, theirs, differs := s.Ours != nil, s.Theirs != nil, len(d.Differences) > 0 && d.Count >= len(d.Differences)
	switch s.Verdict {
	case reconcile.SidesDiffer:
		if !ours || !theirs || !differs || d.Difference == nil || *d.Difference != gapOf(s) {
			return nil, errors.New("its difference is not that of its two sides")
		}
	case reconcile.OnlyOurs, reconcile.OnlyTheirs:
		if ours != (s.Verdict == reconcile.OnlyOurs) || ours == theirs || d.Count > 0 || len(d.Differences) > 0 || d.Difference != nil {
			return nil, fmt.Errorf("its verdict is %q, but its sides say otherwise", short(d.Verdict))
		}
	default:
		return nil, fmt.Errorf("verdict %q is none", short(d.Verdict))
	}
	for i := range d.Differences {
		if m := &d.Differences[i]; m.Ours == m.Theirs && !strings.HasSuffix(m.Ours, "…") || m.BearsOn != string(reconcile.BearingOf(d.kind, m.Pointer)) {
			return nil, fmt.Errorf("%s: is no difference, or bears on something else", short(m.Pointer))
		}
	}
	return s, nil
}

func (d *theirsDoc) side(side *sideDoc) (*reconcile.SideRecord, reconcile.Money, error) {
	if side == nil {
		return nil, reconcile.Money{}, nil
	}
	r := &reconcile.SideRecord{
		Kind: d.kind, CountryCode: d.CountryCode, PartyID: d.PartyID, ID: d.CDRID + d.SessionID, Status: side.Status, Currency: side.Currency,
	}
	var errs [5]error
	r.Net, errs[0] = numberOf(side.Net)
	r.KWh, errs[1] = numberOf(side.KWh)
	cost, err := moneyOf(side.Cost)
	errs[2] = err
	for i, t := range []struct {
		text string
		into *time.Time
	}{{side.Start, &r.StartDateTime}, {side.Updated, &r.LastUpdated}} {
		if t.text != "" {
			*t.into, errs[3+i] = time.Parse(time.RFC3339Nano, t.text)
		}
	}
	return r, cost, errors.Join(errs[:]...)
}

// twoSided holds the summary of the two sides against what the rows give. What is the same has no row: there it is held against itself.
func (p *sideCheck) twoSided(found *reconcile.TwoSided) {
	stated := p.stated
	if stated.Differ != found.Differ || stated.OnlyOurs != found.OnlyOurs || stated.OnlyTheirs != found.OnlyTheirs {
		p.conserve.fault("%s: its counts of the two sides are not those of %s", summaryFile, p.file)
	}
	cells := map[[4]string]reconcile.Completeness{}
	for _, c := range found.Completeness {
		cells[cellKey(&c)] = c
	}
	same, received := 0, 0
	for i := range stated.Completeness {
		c := &stated.Completeness[i]
		rows := cells[cellKey(c)]
		delete(cells, cellKey(c))
		want := *c
		want.DifferOurs, want.DifferTheirs, want.Missing, want.Extra = rows.DifferOurs, rows.DifferTheirs, rows.Missing, rows.Extra
		want.Delivered = c.Same.Plus(rows.DifferOurs).Plus(rows.Missing)
		want.Received = c.Same.Plus(rows.DifferTheirs).Plus(rows.Extra)
		if !sameJSON(want, *c) {
			p.conserve.fault("%s: completeness of %s: the rows of %s give %s", summaryFile, short(strings.Join(slices.Collect(keyParts(c)), " ")), p.file, jsonText(want))
		}
		same, received = same+c.Same.Records, received+c.Received.Records
	}
	if len(cells) > 0 || same != stated.Same {
		p.conserve.fault("%s: its completeness does not cover what %s and the count of the same say", summaryFile, p.file)
	}
	if received > p.used {
		p.conserve.fault("%s: %d records are received, but %d of the debtor's copy were used (%s)", summaryFile, received, p.used, p.file)
	}
}

// sideFindings counts the findings that each record of theirs.ndjson or their_sessions.ndjson has one of.
type sideFindings struct{ differ, missing, extra int }

// noteSide counts a finding about the two sides, of CDRs and of sessions.
func (p *payloadCheck) noteSide(code string) {
	what, told := strings.CutPrefix(code, "theirs-")
	if !told {
		return
	}
	f := &p.sideFindings[0]
	if of, session := strings.CutPrefix(what, "session-"); session {
		f, what = &p.sideFindings[1], of
	}
	switch what {
	case "differs":
		f.differ++
	case "missing":
		f.missing++
	case "extra":
		f.extra++
	}
}

// toldOfSides checks that the findings tell of as many records as the summary.
func (p *payloadCheck) toldOfSides() {
	for _, c := range p.sideChecks() {
		var want sideFindings
		if s := c.stated; s != nil {
			want = sideFindings{s.Differ, s.OnlyOurs, s.OnlyTheirs}
		}
		if c.found != want {
			p.conserve.fault("%s: tells of other numbers of records that differ, are missing or are extra than %s (%s)", findingsFile, summaryFile, c.file)
		}
	}
}

func cellKey(c *reconcile.Completeness) [4]string {
	return [4]string{c.CountryCode, c.PartyID, c.Month, c.Currency}
}

func keyParts(c *reconcile.Completeness) func(yield func(string) bool) {
	key := cellKey(c)
	return slices.Values(key[:])
}

// noteOurs remembers where a CDR or session of ours is disclosed, where the debtor's copy was compared.
func (p *payloadCheck) noteOurs(kind recordKind, d *recordDoc) {
	compared := kind == kindCDR && p.summary.Theirs != nil || kind == kindSession && p.summary.TheirSessions != nil
	if !compared || len(p.ours) >= maxKept {
		return
	}
	if p.ours == nil {
		p.ours = map[string]recordDoc{}
	}
	p.ours[d.SHA256] = *d
}

// ourSide reads our record of a row, where it is disclosed, and holds the row against it.
func (p *sideCheck) ourSide(d *theirsDoc) (disclosed bool, err error) {
	if d.Ours == nil {
		return false, nil
	}
	at, known := p.ours[d.Ours.SHA256]
	if !known {
		return false, nil
	}
	kind := kindCDR
	if p.kind == ocpi.KindSession {
		kind = kindSession
	}
	raw, err := p.readRecord(kind, &at)
	if err != nil {
		return false, err
	}
	for i := range d.Differences {
		m := &d.Differences[i]
		value, _, ok := ocpi.Lookup(raw, m.Pointer)
		if !ok || string(value) == "null" {
			value = nil
		}
		if valueText(value) != m.Ours {
			return true, fmt.Errorf("%s: our value is not that of the disclosed record", short(m.Pointer))
		}
	}
	if !p.saysSo(d, ocpi.Record{Place: at.place(), Bytes: raw}) {
		return true, errors.New("our net, kWh, status or id is not that of the disclosed record")
	}
	return true, nil
}

// saysSo reports that a record of ours says what its row says.
func (p *sideCheck) saysSo(d *theirsDoc, rec ocpi.Record) bool {
	var side *reconcile.SideRecord
	if p.kind == ocpi.KindSession {
		if s, _ := p.decoder.Session(rec); s != nil {
			side = reconcile.SideOfSession(s)
		}
	} else if c, _ := p.decoder.CDR(rec); c != nil {
		side = reconcile.SideOfCDR(c)
	}
	return side == nil || numberText(side.Net) == d.Ours.Net && numberText(side.KWh) == d.Ours.KWh && asWritten(side.ID) == d.CDRID+d.SessionID &&
		(p.kind != ocpi.KindSession || asWritten(side.Status) == d.Ours.Status && timeText(side.LastUpdated) == d.Ours.Updated)
}
