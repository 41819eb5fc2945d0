package redact

import (
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/reconcile"
)

// cell makes of the text of a cell what is disclosed of it.
type cell func(r *Redactor, text string) string

// scalar is the rule of a scalar for a cell. What a rule leaves out is blank.
func scalar(to rule) cell {
	return func(r *Redactor, text string) string {
		n, ok := to(r, textNode(text))
		if !ok {
			return ""
		}
		return n.text
	}
}

// columns are the native columns that hold something else than ids of the claim.
var columns = map[string]cell{
	"invoice_date": scalar(moment), "start": scalar(moment), "end": scalar(moment), "period_from": scalar(moment), "period_to": scalar(moment),
	"kwh": scalar(number), "meter_start": scalar(number), "meter_stop": scalar(number), "amount_excl_vat": scalar(number), "vat": scalar(number),
	"amount_incl_vat": scalar(number), "tax_rate": scalar(number), "sessions": scalar(number), "claimed_kwh": scalar(number),
	"claimed_seconds": scalar(number), "claimed_amount": scalar(number), "owed": scalar(number), "their_value": scalar(number), "round": scalar(number),
	"country_code": scalar(code), "party_id": scalar(code), "currency": scalar(code),
	"evse_id": scalar(evse), "meter_id": scalar(meter), "contract_id": scalar(token), "token": scalar(token), "location": scalar(placeID),
	"vehicle": scalar(person), "driver": scalar(person),
	"description": scalar(note), "their_evidence": scalar(note), "reasons": scalar(note),
	"status": func(_ *Redactor, text string) string { return orWithheld(reconcile.StatusOf(text)) },
	"answer": func(_ *Redactor, text string) string { return orWithheld(reconcile.AnswerOf(text)) },
	"reason": func(_ *Redactor, text string) string { return reason(text) },
}

// claimColumns are ids of the claim, which stay.
var claimColumns = []string{"invoice_id", "line", "cdr_id", "session_id", "master_line", "case", "pack", "check"}

func orWithheld(text string) string {
	if text == "" {
		return withheld
	}
	return text
}

// Heading is the heading of a redacted table with these native columns ("" are not read and left out).
func Heading(native []string) []string {
	return append(slices.DeleteFunc(slices.Clone(native), func(name string) bool { return name == "" }), reconcile.OriginalMember)
}

// Row is the redacted copy of a row below Heading. Its cells are the texts of the columns in order; cells beyond the columns are withheld.
func (r *Redactor) Row(native, cells []string, original []byte) []string {
	var out []string
	for i, name := range native {
		if name == "" {
			continue
		}
		text := ""
		if i < len(cells) {
			text = strings.TrimSpace(cells[i])
		}
		out = append(out, r.cell(name, text))
	}
	r.answer(native, cells, out)
	return append(out, r.original(original))
}

// answer says in words of our own what the texts of an answer put in question; code and comment are read together.
func (r *Redactor) answer(native, cells, out []string) {
	var texts []string
	at := -1
	for i, name := range slices.DeleteFunc(slices.Clone(native), func(name string) bool { return name == "" }) {
		if name != "dispute_code" && name != "comment" {
			continue
		}
		if at < 0 {
			at = i
		}
		out[i] = ""
		if c := slices.Index(native, name); c < len(cells) {
			texts = append(texts, cells[c])
		}
	}
	if at >= 0 {
		out[at] = reason(strings.Join(texts, " "))
	}
}

func (r *Redactor) cell(name, text string) string {
	switch to := columns[name]; {
	case text == "":
		return ""
	case to != nil:
		return to(r, text)
	case slices.Contains(claimColumns, name):
		return text
	}
	return withheld
}
