package pack

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/nexacollect/reconcile/ocpi"
)

// reading is a cursor over an object in the form that this tool writes, which has one order of members and no white space. It is many
// times as fast as a parser that takes any JSON. Once ok is false the rest reads nothing.
type reading struct {
	rest []byte
	ok   bool
}

// parse reads what append wrote. ok is false for anything else, be it JSON or not.
func (d *lineDoc) parse(raw []byte) (ok bool) {
	r := &reading{rest: raw, ok: true}
	r.text(`{"invoice_id":`, &d.InvoiceID)
	r.text(`,"line":`, &d.Line)
	r.text(`,"cdr_id":`, &d.CDRID)
	r.text(`,"session_id":`, &d.SessionID)
	r.text(`,"currency":`, &d.Currency)
	r.literal(`,"disputed":`)
	if d.Disputed = r.has("true"); !d.Disputed {
		r.literal("false")
	}
	r.text(`,"match":{"state":`, &d.Match.State)
	r.text(`,"rule":`, &d.Match.Rule)
	r.text(`,"cdr":`, &d.Match.CDR)
	r.text(`,"session":`, &d.Match.Session)
	if r.has(`,"margin":`) {
		margin := r.number("")
		d.Match.Margin = &margin
	}
	r.money(`},"invoiced":{`, &d.Invoiced)
	r.text(`,"tax_rate":`, &d.TaxRate)
	r.money(`,"computed":{`, &d.Computed)
	r.text(`,"outcome":`, &d.Outcome)
	r.money(`,"proven":{`, &d.Proven)
	r.money(`,"conceded":{`, &d.Conceded)
	r.money(`,"unproven":{`, &d.Unproven)
	r.money(`,"underbilled":{`, &d.Underbilled)
	r.text(`,"admitted":`, &d.Admitted)
	r.literal(`,"by_reading":`)
	if !r.has("null") {
		d.ByReading = &readingsDoc{}
		r.money(`{"only_as_agreed":{`, &d.ByReading.AsAgreed)
		r.money(`,"only_by_default":{`, &d.ByReading.ByDefault)
		r.literal("}")
	}
	d.Chain = r.chain()
	r.literal(`,"reasons":[`)
	r.list(func() {
		var code string
		r.text("", &code)
		d.Reasons = append(d.Reasons, ocpi.Code(code))
	})
	r.literal(`,"findings":[`)
	r.list(func() { d.Findings = append(d.Findings, r.finding()) })
	d.Part, d.Set = r.part(), r.set()
	r.literal("}")
	return r.ok && len(r.rest) == 0
}

func (r *reading) finding() (f findingDoc) {
	r.text(`{"code":`, &f.Code)
	r.text(`,"severity":`, &f.Severity)
	r.text(`,"file":`, &f.File)
	f.Record = int(r.number(`,"record":`))
	f.Line = int(r.number(`,"line":`))
	f.Offset = r.number(`,"offset":`)
	r.text(`,"pointer":`, &f.Pointer)
	r.text(`,"message":`, &f.Message)
	r.literal("}")
	return f
}

// has reads a literal if it comes next.
func (r *reading) has(literal string) bool {
	if !r.ok || len(r.rest) < len(literal) || string(r.rest[:len(literal)]) != literal {
		return false
	}
	r.rest = r.rest[len(literal):]
	return true
}

func (r *reading) literal(literal string) { r.ok = r.has(literal) }

// list reads elements up to the bracket.
func (r *reading) list(element func()) {
	for first := true; r.ok && !r.has("]"); first = false {
		if !first {
			r.literal(",")
		}
		element()
	}
}

// text reads a name and a string or null, which leaves into empty.
func (r *reading) text(name string, into *string) {
	r.literal(name)
	if r.has("null") {
		return
	}
	r.literal(`"`)
	if !r.ok {
		return
	}
	end := bytes.IndexByte(r.rest, '"')
	if end < 0 {
		r.ok = false
		return
	}
	if bytes.IndexByte(r.rest[:end], '\\') < 0 {
		*into, r.rest = string(r.rest[:end]), r.rest[end+1:]
		return
	}
	r.escaped(into)
}

// escaped reads a string that has escapes, its opening quote read.
func (r *reading) escaped(into *string) {
	for i := 0; i < len(r.rest); i++ {
		switch r.rest[i] {
		case '\\':
			i++
		case '"':
			quoted := append([]byte{'"'}, r.rest[:i+1]...)
			r.ok = json.Unmarshal(quoted, into) == nil
			r.rest = r.rest[i+1:]
			return
		}
	}
	r.ok = false
}

// number reads a name and an integer.
func (r *reading) number(name string) int64 {
	r.literal(name)
	n := 0
	for n < len(r.rest) && (r.rest[n] >= '0' && r.rest[n] <= '9' || r.rest[n] == '-') {
		n++
	}
	v, err := strconv.ParseInt(string(r.rest[:n]), 10, 64)
	r.ok = r.ok && err == nil
	r.rest = r.rest[n:]
	return v
}

// money reads a name and the two members of an amount.
func (r *reading) money(name string, m *moneyText) {
	r.literal(name)
	r.text(`"before_taxes":`, &m.BeforeTaxes)
	r.text(`,"after_taxes":`, &m.AfterTaxes)
	r.literal("}")
}
