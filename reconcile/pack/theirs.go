package pack

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
)

// theirsFile holds every CDR that is not the same in the debtor's own copy, theirSessionsFile every session. A pack of a case that gives no such copy
// has no such file.
const (
	theirsFile        = "theirs.ndjson"
	theirSessionsFile = "their_sessions.ndjson"
)

// theirsDoc is an object of theirs.ndjson or, with session_id in the place of cdr_id, of their_sessions.ndjson.
type theirsDoc struct {
	kind        ocpi.Kind
	CountryCode string      `json:"country_code"` // of ours, else of theirs
	PartyID     string      `json:"party_id"`
	CDRID       string      `json:"cdr_id"`
	SessionID   string      `json:"session_id"`
	Verdict     string      `json:"verdict"` // differs, only-ours, only-theirs
	Ours        *sideDoc    `json:"ours"`
	Theirs      *sideDoc    `json:"theirs"`
	Difference  *sideGap    `json:"difference"`       // theirs − ours, of verdict differs
	Count       int         `json:"difference_count"` // how many members differ
	Differences []memberDoc `json:"differences"`      // the first of them
}

// sideDoc is a record of one side: what it says as sent, what a CDR costs, and where it stands.
type sideDoc struct {
	Version  string    `json:"ocpi_version"`
	Start    string    `json:"start_date_time"`
	Updated  string    `json:"last_updated"` // of a session, as status
	Status   string    `json:"status"`
	Currency string    `json:"currency"`
	Net      string    `json:"net"`
	KWh      string    `json:"kwh"`
	Cost     moneyText `json:"cost"`
	File     string    `json:"file"`
	Record   int       `json:"record"`
	Line     int       `json:"line"`
	Offset   int64     `json:"offset"`
	SHA256   string    `json:"sha256"`
}

// sideGap is by how much theirs is more; absent where one side does not say, or the currencies differ.
type sideGap struct {
	Net  string    `json:"net"`
	KWh  string    `json:"kwh"`
	Cost moneyText `json:"cost"`
}

// memberDoc is a member that differs. Values are JSON in a string.
type memberDoc struct {
	Pointer string `json:"pointer"`
	Ours    string `json:"ours"`
	Theirs  string `json:"theirs"`
	BearsOn string `json:"bears_on"`
}

// TheirRow is the rendering of one comparison, made by RenderTheirs on any goroutine.
type TheirRow struct {
	kind ocpi.Kind
	key  string
	json []byte
}

// RenderTheirs encodes a comparison. The row points into none of the records.
func RenderTheirs(s *reconcile.SideBySide) TheirRow {
	d := newTheirsDoc(s)
	return TheirRow{kind: d.kind, key: d.key(), json: d.append(nil)}
}

func newTheirsDoc(s *reconcile.SideBySide) theirsDoc {
	r := s.Either()
	d := theirsDoc{
		kind: r.Kind, CountryCode: r.CountryCode, PartyID: r.PartyID, Verdict: string(s.Verdict), Count: s.DifferenceCount,
		Ours: newSideDoc(s.Ours, s.OurCost), Theirs: newSideDoc(s.Theirs, s.TheirCost),
	}
	if r.Kind == ocpi.KindSession {
		d.SessionID = r.ID
	} else {
		d.CDRID = r.ID
	}
	if s.Ours != nil && s.Theirs != nil {
		gap := gapOf(s)
		d.Difference = &gap
	}
	for i := range s.Differences {
		m := &s.Differences[i]
		d.Differences = append(d.Differences, memberDoc{m.Pointer, valueText(m.A), valueText(m.B), string(m.BearsOn)})
	}
	return d
}

func newSideDoc(r *reconcile.SideRecord, cost reconcile.Money) *sideDoc {
	if r == nil {
		return nil
	}
	place, sum := r.Record.Place, sha256.Sum256(r.Record.Bytes)
	return &sideDoc{
		Version: r.Version.String(), Start: timeText(r.StartDateTime), Updated: timeText(r.LastUpdated), Status: r.Status, Currency: r.Currency,
		Net: numberText(r.Net), KWh: numberText(r.KWh), Cost: newMoneyText(cost),
		File: displayName(place.File), Record: place.Record, Line: place.Line, Offset: place.Offset, SHA256: hex.EncodeToString(sum[:]),
	}
}

// gapOf is theirs − ours, of the numbers as the row tells them.
func gapOf(s *reconcile.SideBySide) sideGap {
	gap := func(ours, theirs ocpi.Number) string {
		if !ours.Present || !theirs.Present {
			return ""
		}
		return numberText(reconcile.Known(theirs.Value.Shown().Sub(ours.Value.Shown())))
	}
	out := sideGap{KWh: gap(s.Ours.KWh, s.Theirs.KWh)}
	if s.Ours.Currency == s.Theirs.Currency {
		out.Net = gap(s.Ours.Net, s.Theirs.Net)
		out.Cost = moneyText{gap(s.OurCost.BeforeTaxes, s.TheirCost.BeforeTaxes), gap(s.OurCost.AfterTaxes, s.TheirCost.AfterTaxes)}
	}
	return out
}

// longestValue is how many bytes of a value a row holds: a whole tariff may be there on one side only.
const longestValue = 1000

// valueText is a JSON value; "" where there is none. A long one is cut, with … at its end.
func valueText(raw []byte) string {
	text := string(raw)
	if len(text) > longestValue {
		text = text[:longestValue] + "…"
	}
	return asWritten(text)
}

// key orders rows: by owner and id without regard to case.
func (d *theirsDoc) key() string {
	fold := func(s string) string { return strings.ToUpper(strings.TrimSpace(s)) }
	return fold(d.CountryCode) + "\x00" + fold(d.PartyID) + "\x00" + fold(d.CDRID+d.SessionID)
}

// append appends the object and its line break.
func (d *theirsDoc) append(dst []byte) []byte {
	dst = appendMember(dst, `{"country_code":`, d.CountryCode)
	dst = appendMember(dst, `,"party_id":`, d.PartyID)
	if d.kind == ocpi.KindSession {
		dst = appendMember(dst, `,"session_id":`, d.SessionID)
	} else {
		dst = appendMember(dst, `,"cdr_id":`, d.CDRID)
	}
	dst = appendMember(dst, `,"verdict":`, d.Verdict)
	dst = d.Ours.append(append(dst, `,"ours":`...), d.kind)
	dst = d.Theirs.append(append(dst, `,"theirs":`...), d.kind)
	dst = d.Difference.append(append(dst, `,"difference":`...), d.kind)
	dst = appendNumberMember(dst, `,"difference_count":`, int64(d.Count))
	dst = append(dst, `,"differences":[`...)
	for i := range d.Differences {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = d.Differences[i].append(dst)
	}
	return append(dst, "]}\n"...)
}

func (d *sideDoc) append(dst []byte, kind ocpi.Kind) []byte {
	if d == nil {
		return append(dst, "null"...)
	}
	dst = appendMember(dst, `{"ocpi_version":`, d.Version)
	dst = appendMember(dst, `,"start_date_time":`, d.Start)
	if kind == ocpi.KindSession {
		dst = appendMember(dst, `,"last_updated":`, d.Updated)
		dst = appendMember(dst, `,"status":`, d.Status)
	}
	dst = appendMember(dst, `,"currency":`, d.Currency)
	dst = appendNumber(append(dst, `,"net":`...), d.Net)
	dst = appendNumber(append(dst, `,"kwh":`...), d.KWh)
	if kind != ocpi.KindSession {
		dst = appendMoney(dst, `,"cost":`, d.Cost)
	}
	dst = appendMember(dst, `,"file":`, d.File)
	dst = appendNumberMember(dst, `,"record":`, int64(d.Record))
	dst = appendNumberMember(dst, `,"line":`, int64(d.Line))
	dst = appendNumberMember(dst, `,"offset":`, d.Offset)
	dst = appendMember(dst, `,"sha256":`, d.SHA256)
	return append(dst, '}')
}

func (d *sideGap) append(dst []byte, kind ocpi.Kind) []byte {
	if d == nil {
		return append(dst, "null"...)
	}
	dst = appendNumber(append(dst, `{"net":`...), d.Net)
	dst = appendNumber(append(dst, `,"kwh":`...), d.KWh)
	if kind != ocpi.KindSession {
		dst = appendMoney(dst, `,"cost":`, d.Cost)
	}
	return append(dst, '}')
}

func (d *memberDoc) append(dst []byte) []byte {
	dst = appendString(append(dst, `{"pointer":`...), d.Pointer)
	dst = appendMember(dst, `,"ours":`, d.Ours)
	dst = appendMember(dst, `,"theirs":`, d.Theirs)
	return append(appendMember(dst, `,"bears_on":`, d.BearsOn), '}')
}
