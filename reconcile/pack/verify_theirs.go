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

// theirs checks theirs.ndjson: that each row says what its members say, that our side of it is the disclosed record where there is one, and
// that the rows give the counts and sums of the summary. Rows of which no record is disclosed rest on the digests that they state.
func (p *payloadCheck) theirs() {
	has := p.pack.has(payloadFolder + theirsFile)
	if has != (p.summary.Theirs != nil) {
		p.parse.fault("%s: is there if and only if %s tells of the debtor's copy, but not here", theirsFile, summaryFile)
	}
	if !has || p.summary.Theirs == nil {
		return
	}
	rows, read, before := 0, 0, ""
	var tally reconcile.TwoSidedTally
	p.eachObject(theirsFile, func(raw []byte) error {
		d := &theirsDoc{}
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
	p.theirsDone = fmt.Sprintf("; %d rows of %s give the counts and sums of the two sides, %d of them say what the disclosed records say; what "+
		"they cost is not priced again", rows, theirsFile, read)
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
		if m := &d.Differences[i]; m.Ours == m.Theirs && !strings.HasSuffix(m.Ours, "…") || m.BearsOn != string(reconcile.BearingOf(m.Pointer)) {
			return nil, fmt.Errorf("%s: is no difference, or bears on something else", short(m.Pointer))
		}
	}
	return s, nil
}

func (d *theirsDoc) side(side *sideDoc) (*ocpi.CDR, reconcile.Money, error) {
	if side == nil {
		return nil, reconcile.Money{}, nil
	}
	c := &ocpi.CDR{CountryCode: d.CountryCode, PartyID: d.PartyID, ID: d.CDRID, Currency: side.Currency}
	var errs [4]error
	c.TotalCost.BeforeTaxes, errs[0] = numberOf(side.Net)
	c.TotalEnergy, errs[1] = numberOf(side.KWh)
	cost, err := moneyOf(side.Cost)
	errs[2] = err
	if side.Start != "" {
		c.StartDateTime, errs[3] = time.Parse(time.RFC3339Nano, side.Start)
	}
	return c, cost, errors.Join(errs[:]...)
}

// twoSided holds the summary of the two sides against what the rows give. What is the same has no row: there it is held against itself.
func (p *payloadCheck) twoSided(found *reconcile.TwoSided) {
	stated := p.summary.Theirs
	if stated.Differ != found.Differ || stated.OnlyOurs != found.OnlyOurs || stated.OnlyTheirs != found.OnlyTheirs {
		p.conserve.fault("%s: its counts of the two sides are not those of %s", summaryFile, theirsFile)
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
			p.conserve.fault("%s: completeness of %s: the rows of %s give %s", summaryFile, short(strings.Join(slices.Collect(keyParts(c)), " ")), theirsFile, jsonText(want))
		}
		same, received = same+c.Same.CDRs, received+c.Received.CDRs
	}
	if len(cells) > 0 || same != stated.Same {
		p.conserve.fault("%s: its completeness does not cover what %s and the count of the same say", summaryFile, theirsFile)
	}
	if received > p.summary.Records.Theirs.Used {
		p.conserve.fault("%s: %d CDRs are received, but %d of the debtor's copy were used", summaryFile, received, p.summary.Records.Theirs.Used)
	}
}

// sideFindings counts the findings that each CDR of theirs.ndjson has one of.
type sideFindings struct{ differ, missing, extra int }

func (f *sideFindings) count(code string) {
	switch code {
	case "theirs-differs":
		f.differ++
	case "theirs-missing":
		f.missing++
	case "theirs-extra":
		f.extra++
	}
}

// toldOfSides checks that the findings tell of as many CDRs as the summary.
func (p *payloadCheck) toldOfSides() {
	var want sideFindings
	if s := p.summary.Theirs; s != nil {
		want = sideFindings{s.Differ, s.OnlyOurs, s.OnlyTheirs}
	}
	if p.sideFindings != want {
		p.conserve.fault("%s: tells of other numbers of CDRs that differ, are missing or are extra than %s", findingsFile, summaryFile)
	}
}

func cellKey(c *reconcile.Completeness) [4]string {
	return [4]string{c.CountryCode, c.PartyID, c.Month, c.Currency}
}

func keyParts(c *reconcile.Completeness) func(yield func(string) bool) {
	key := cellKey(c)
	return slices.Values(key[:])
}

// noteCDR remembers where a CDR of ours is disclosed, where the debtor's copy was compared.
func (p *payloadCheck) noteCDR(kind recordKind, d *recordDoc) {
	if kind != kindCDR || p.summary.Theirs == nil || len(p.ourCDRs) >= maxKept {
		return
	}
	if p.ourCDRs == nil {
		p.ourCDRs = map[string]recordDoc{}
	}
	p.ourCDRs[d.SHA256] = *d
}

// ourSide reads our record of a row, where it is disclosed, and holds the row against it.
func (p *payloadCheck) ourSide(d *theirsDoc) (disclosed bool, err error) {
	if d.Ours == nil {
		return false, nil
	}
	at, known := p.ourCDRs[d.Ours.SHA256]
	if !known {
		return false, nil
	}
	raw, err := p.readRecord(kindCDR, &at)
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
	if c, _ := p.decoder.CDR(ocpi.Record{Place: at.place(), Bytes: raw}); c != nil &&
		(numberText(c.TotalCost.BeforeTaxes) != d.Ours.Net || numberText(c.TotalEnergy) != d.Ours.KWh || asWritten(c.ID) != d.CDRID) {
		return true, errors.New("our net, kWh or id is not that of the disclosed record")
	}
	return true, nil
}
