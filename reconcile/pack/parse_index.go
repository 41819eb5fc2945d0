package pack

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/nexacollect/reconcile/reconcile/replay"
)

// parse reads what append wrote. ok is false for anything else, be it JSON or not.
func (d *indexDoc) parse(raw []byte) (ok bool) {
	r := &reading{rest: raw, ok: true}
	d.Row = int(r.number(`{"row":`))
	r.text(`,"invoice_id":`, &d.InvoiceID)
	r.text(`,"line":`, &d.Line)
	r.text(`,"conceded_reason":`, &d.Conceded)
	r.text(`,"unproven_reason":`, &d.Unproven)
	r.literal(`,"verdict":{`)
	d.Verdict = r.location()
	r.literal("}")
	lists := d.records()
	for kind, list := range lists[:kindResponse] {
		r.literal(strings.TrimPrefix(recordMembers[kind], "]"))
		*list = r.records()
	}
	r.literal(`,"sheets":[`)
	r.list(func() { d.Sheets = append(d.Sheets, r.sheetRef()) })
	for kind := kindResponse; kind < recordKinds; kind++ {
		if r.has(recordMembers[kind]) {
			*lists[kind] = r.records()
		}
	}
	if r.has(`,"stated":{"kwh":`) {
		d.Stated = r.stated()
	}
	r.literal("}")
	return r.ok && len(r.rest) == 0
}

// location reads the members of a location.
func (r *reading) location() (l locationDoc) {
	r.text(`"shard":`, &l.Shard)
	l.Offset = r.number(`,"offset":`)
	l.Length = r.number(`,"length":`)
	return l
}

// records reads a list of records, its opening bracket read.
func (r *reading) records() (out []recordDoc) {
	r.list(func() {
		var d recordDoc
		r.literal("{")
		d.locationDoc = r.location()
		r.text(`,"encoding":`, &d.Encoding)
		r.text(`,"sha256":`, &d.SHA256)
		r.text(`,"source":{"file":`, &d.Source.File)
		d.Source.Record = int(r.number(`,"record":`))
		d.Source.Line = int(r.number(`,"line":`))
		d.Source.Offset = r.number(`,"offset":`)
		d.Source.Length = r.number(`,"length":`)
		r.literal("}}")
		out = append(out, d)
	})
	return out
}

func (r *reading) sheetRef() (s sheetRef) {
	r.text(`{"name":`, &s.Name)
	r.literal(",")
	s.locationDoc = r.location()
	r.literal("}")
	return s
}

// stated reads the member from its first value on.
func (r *reading) stated() *statedDoc {
	d := &statedDoc{}
	r.text("", &d.KWh)
	r.text(`,"start":`, &d.Start)
	r.text(`,"end":`, &d.End)
	r.text(`,"evse_id":`, &d.EVSE)
	r.literal("}")
	return d
}

// parse reads what append wrote but for the calculation, which is taken as it stands: it is read, or compared, elsewhere.
func (d *sheetDoc) parse(raw []byte) (ok bool) {
	r := &reading{rest: raw, ok: true}
	r.text(`{"invoice_id":`, &d.InvoiceID)
	r.text(`,"line":`, &d.Line)
	r.text(`,"name":`, &d.Name)
	r.text(`,"cdr":`, &d.CDR)
	r.literal(`,"input":`)
	input, rest, found := bytes.Cut(r.rest, sheetMember) // quotes cannot stand in a string as they are
	sheet, closed := bytes.CutSuffix(rest, []byte("}"))
	if !r.ok || !found || !closed {
		return false
	}
	d.Sheet = sheet
	if string(input) == "null" {
		return true
	}
	d.Input = &replay.Input{}
	return json.Unmarshal(input, d.Input) == nil
}

var sheetMember = []byte(`,"sheet":`)

// parse reads what appendLine wrote.
func (d *findingDoc) parse(raw []byte) (ok bool) {
	r := &reading{rest: raw, ok: true}
	*d = r.finding()
	return r.ok && len(r.rest) == 0
}

// decodeWritten reads an object and checks that it is written as form writes it. What the quick parser does not take, decodeLine takes or
// says why not.
func decodeWritten[T any](raw []byte, parse func(*T, []byte) bool, form func(*T, []byte) []byte, buf *[]byte) (*T, error) {
	d := new(T)
	if parse(d, raw) {
		*buf = form(d, (*buf)[:0])
		if bytes.Equal(bytes.TrimSuffix(*buf, lineBreak), raw) {
			return d, nil
		}
	}
	d = new(T)
	return d, decodeLine(raw, d, func(dst []byte) []byte { return form(d, dst) }, buf)
}
