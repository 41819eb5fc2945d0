package pack

import (
	"strconv"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
)

// lineDoc is an object of lines.ndjson. Writing and verifying share it, so that what is read back can be compared byte for byte.
// Absent texts and numbers are "" here and null there.
type lineDoc struct {
	InvoiceID   string       `json:"invoice_id"`
	Line        string       `json:"line"`
	CDRID       string       `json:"cdr_id"`
	SessionID   string       `json:"session_id"`
	Currency    string       `json:"currency"`
	Disputed    bool         `json:"disputed"`
	Match       matchDoc     `json:"match"`
	Invoiced    moneyText    `json:"invoiced"`
	TaxRate     string       `json:"tax_rate"`
	Computed    moneyText    `json:"computed"`
	Outcome     string       `json:"outcome"`
	Proven      moneyText    `json:"proven"`
	Conceded    moneyText    `json:"conceded"`
	Unproven    moneyText    `json:"unproven"`
	Underbilled moneyText    `json:"underbilled"`
	Admitted    string       `json:"admitted"`
	ByReading   *readingsDoc `json:"by_reading"` // null where both are nothing
	Chain       *chainDoc    `json:"chain,omitempty"`
	Reasons     []ocpi.Code  `json:"reasons"`
	Findings    []findingDoc `json:"findings"`
	History     []eventDoc   `json:"history"`        // only written where there is any
	Part        *partDoc     `json:"part,omitempty"` // of master lines and their members alone
	Set         *setDoc      `json:"set,omitempty"`  // of lines that are judged together alone
}

// matchDoc says which records support a line; CDR and Session are their ids.
type matchDoc struct {
	State   string `json:"state"`
	Rule    string `json:"rule"`
	CDR     string `json:"cdr"`
	Session string `json:"session"`
	Margin  *int64 `json:"margin,omitempty"` // points; see reconcile.Match
}

// readingsDoc is what of a disputed line hangs on how open questions are read: of the proven part and of the unproven one.
type readingsDoc struct {
	AsAgreed  moneyText `json:"only_as_agreed"`
	ByDefault moneyText `json:"only_by_default"`
}

func newLineDoc(v *reconcile.LineVerdict) lineDoc {
	d := lineDoc{
		InvoiceID: v.Line.InvoiceID, Line: v.Line.Line, CDRID: v.Line.CDRID, SessionID: v.Line.SessionID,
		Currency: v.Line.Currency, Disputed: v.Disputed, Match: matchDoc{State: v.Match.State, Rule: v.Match.Rule, Margin: v.Match.Margin},
		Invoiced: newMoneyText(v.Invoiced), TaxRate: numberText(v.Line.TaxRate), Computed: newMoneyText(v.Computed), Outcome: string(v.Outcome),
		Conceded: newMoneyText(v.Conceded), Unproven: newMoneyText(v.Unproven),
		Underbilled: newMoneyText(v.Underbilled), Admitted: numberText(v.Admitted), Reasons: reasonsOf(v),
		Part: newPartDoc(v.Line), Set: newSetDoc(v.Set),
	}
	if v.Proven == v.Invoiced { // so nearly all lines are, and a text made once serves both
		d.Proven = d.Invoiced
	} else {
		d.Proven = newMoneyText(v.Proven)
	}
	d.Chain = newChainDoc(v.Chain)
	if v.SplitByReading() {
		d.ByReading = &readingsDoc{newMoneyText(v.OnlyAsAgreed), newMoneyText(v.OnlyByDefault)}
	}
	if v.Match.CDR != nil {
		d.Match.CDR = v.Match.CDR.ID
	}
	if v.Match.Session != nil {
		d.Match.Session = v.Match.Session.ID
	}
	for i := range v.Findings {
		d.Findings = append(d.Findings, newFindingDoc(&v.Findings[i]))
	}
	for i := range v.History {
		d.History = append(d.History, newEventDoc(&v.History[i]))
	}
	return d
}

// reasonsOf are the reasons of a verdict; most have none.
func reasonsOf(v *reconcile.LineVerdict) []ocpi.Code {
	if v.ConcededReason == "" && v.UnprovenReason == "" {
		return v.Notes
	}
	return v.Reasons()
}

func newMoneyText(m reconcile.Money) moneyText {
	return moneyText{BeforeTaxes: numberText(m.BeforeTaxes), AfterTaxes: numberText(m.AfterTaxes)}
}

// append appends the object and its line break.
func (d *lineDoc) append(dst []byte) []byte {
	dst = appendString(append(dst, `{"invoice_id":`...), d.InvoiceID)
	dst = appendString(append(dst, `,"line":`...), d.Line)
	dst = appendMember(dst, `,"cdr_id":`, d.CDRID)
	dst = appendMember(dst, `,"session_id":`, d.SessionID)
	dst = appendMember(dst, `,"currency":`, d.Currency)
	dst = strconv.AppendBool(append(dst, `,"disputed":`...), d.Disputed)
	dst = appendMember(dst, `,"match":{"state":`, d.Match.State)
	dst = appendMember(dst, `,"rule":`, d.Match.Rule)
	dst = appendMember(dst, `,"cdr":`, d.Match.CDR)
	dst = appendMember(dst, `,"session":`, d.Match.Session)
	if d.Match.Margin != nil {
		dst = strconv.AppendInt(append(dst, `,"margin":`...), *d.Match.Margin, 10)
	}
	dst = appendMoney(dst, `},"invoiced":`, d.Invoiced)
	dst = appendNumber(append(dst, `,"tax_rate":`...), d.TaxRate)
	dst = appendMoney(dst, `,"computed":`, d.Computed)
	dst = appendMember(dst, `,"outcome":`, d.Outcome)
	dst = appendMoney(dst, `,"proven":`, d.Proven)
	dst = appendMoney(dst, `,"conceded":`, d.Conceded)
	dst = appendMoney(dst, `,"unproven":`, d.Unproven)
	dst = appendMoney(dst, `,"underbilled":`, d.Underbilled)
	dst = appendNumber(append(dst, `,"admitted":`...), d.Admitted)
	dst = d.ByReading.append(append(dst, `,"by_reading":`...))
	dst = append(d.Chain.append(dst), `,"reasons":[`...)
	for i, code := range d.Reasons {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendString(dst, string(code))
	}
	dst = append(dst, `],"findings":[`...)
	for i := range d.Findings {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = d.Findings[i].append(dst)
	}
	dst = d.Set.append(d.Part.append(append(dst, ']')))
	if len(d.History) > 0 {
		dst = append(dst, `,"history":[`...)
		for i := range d.History {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = d.History[i].append(dst)
		}
		dst = append(dst, ']')
	}
	return append(dst, "}\n"...)
}

func (d *readingsDoc) append(dst []byte) []byte {
	if d == nil {
		return append(dst, "null"...)
	}
	dst = appendMoney(dst, `{"only_as_agreed":`, d.AsAgreed)
	return append(appendMoney(dst, `,"only_by_default":`, d.ByDefault), '}')
}

// linesCSVHeader is the first row of lines.csv.
const linesCSVHeader = "invoice_id,line,cdr_id,session_id,currency,disputed,match_state,match_rule,match_cdr,match_session,match_margin," +
	"invoiced_before_taxes,invoiced_after_taxes,tax_rate,computed_before_taxes,computed_after_taxes,outcome," +
	"proven_before_taxes,proven_after_taxes,conceded_before_taxes,conceded_after_taxes," +
	"unproven_before_taxes,unproven_after_taxes,underbilled_before_taxes,underbilled_after_taxes,admitted," +
	"only_as_agreed_before_taxes,only_as_agreed_after_taxes,only_by_default_before_taxes,only_by_default_after_taxes,reasons,findings\n"

// appendCSV appends the row of lines.csv: the same members, findings as their codes.
func (d *lineDoc) appendCSV(dst []byte) []byte {
	for _, s := range [...]string{d.InvoiceID, d.Line, d.CDRID, d.SessionID, d.Currency} {
		dst = append(appendCell(dst, s), ',')
	}
	dst = append(strconv.AppendBool(dst, d.Disputed), ',')
	for _, s := range [...]string{d.Match.State, d.Match.Rule, d.Match.CDR, d.Match.Session} {
		dst = append(appendCell(dst, s), ',')
	}
	if d.Match.Margin != nil {
		dst = strconv.AppendInt(dst, *d.Match.Margin, 10)
	}
	dst = appendAmounts(append(dst, ','), d.Invoiced)
	dst = appendAmounts(append(append(dst, d.TaxRate...), ','), d.Computed)
	dst = append(appendCell(dst, d.Outcome), ',')
	dst = appendAmounts(dst, d.Proven, d.Conceded, d.Unproven, d.Underbilled)
	dst = append(append(dst, d.Admitted...), ',')
	if by := d.ByReading; by != nil {
		dst = appendAmounts(dst, by.AsAgreed, by.ByDefault)
	} else {
		dst = append(dst, ",,,,"...)
	}
	for i, code := range d.Reasons {
		dst = appendCode(dst, i, string(code))
	}
	dst = append(dst, ',')
	for i := range d.Findings {
		dst = appendCode(dst, i, d.Findings[i].Code)
	}
	return append(dst, '\n')
}

// appendAmounts appends cells that hold our own numbers: a leading minus is a sign, not a formula.
func appendAmounts(dst []byte, amounts ...moneyText) []byte {
	for _, m := range amounts {
		dst = append(append(dst, m.BeforeTaxes...), ',')
		dst = append(append(dst, m.AfterTaxes...), ',')
	}
	return dst
}

// appendCode appends one of the codes that share a cell. Codes are ours: letters, digits and hyphens.
func appendCode(dst []byte, i int, code string) []byte {
	if i > 0 {
		dst = append(dst, ' ')
	}
	return append(dst, code...)
}
