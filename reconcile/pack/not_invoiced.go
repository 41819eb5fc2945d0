package pack

import (
	"time"

	"github.com/nexacollect/reconcile/reconcile"
)

// notInvoicedDoc is an object of not_invoiced.ndjson: a CDR that no line claims.
type notInvoicedDoc struct {
	Code        string    `json:"code"`
	CountryCode string    `json:"country_code"`
	PartyID     string    `json:"party_id"`
	CDRID       string    `json:"cdr_id"`
	SessionID   string    `json:"session_id"`
	Start       string    `json:"start_date_time"`
	End         string    `json:"end_date_time"`
	Currency    string    `json:"currency"`
	Computed    moneyText `json:"computed"`
	File        string    `json:"file"`
	Record      int       `json:"record"`
	Line        int       `json:"line"`
	Offset      int64     `json:"offset"`

	MissingFrom *masterDoc `json:"missing_from,omitempty"` // of CDRs that belong to a master line alone
}

// masterDoc names a master line.
type masterDoc struct {
	InvoiceID string `json:"invoice_id"`
	Line      string `json:"line"`
	By        string `json:"by"`
}

func newNotInvoicedDoc(n *reconcile.NotInvoiced) notInvoicedDoc {
	d := notInvoicedDoc{Code: string(n.Code), Currency: n.Currency, Computed: newMoneyText(n.Computed)}
	if c := n.CDR; c != nil {
		d.CountryCode, d.PartyID, d.CDRID, d.SessionID = c.CountryCode, c.PartyID, c.ID, c.SessionID
		d.Start, d.End = timeText(c.StartDateTime), timeText(c.EndDateTime)
		place := c.Record.Place
		d.File, d.Record, d.Line, d.Offset = displayName(place.File), place.Record, place.Line, place.Offset
	}
	if m := n.MissingFrom; m != nil {
		d.MissingFrom = &masterDoc{m.InvoiceID, m.Line, m.By}
	}
	return d
}

// timeText is RFC 3339 in UTC, "" for the zero time.
func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// appendLine appends the object and its line break.
func (d *notInvoicedDoc) appendLine(dst []byte) []byte {
	dst = appendString(append(dst, `{"code":`...), d.Code)
	dst = appendMember(dst, `,"country_code":`, d.CountryCode)
	dst = appendMember(dst, `,"party_id":`, d.PartyID)
	dst = appendMember(dst, `,"cdr_id":`, d.CDRID)
	dst = appendMember(dst, `,"session_id":`, d.SessionID)
	dst = appendMember(dst, `,"start_date_time":`, d.Start)
	dst = appendMember(dst, `,"end_date_time":`, d.End)
	dst = appendMember(dst, `,"currency":`, d.Currency)
	dst = appendMoney(dst, `,"computed":`, d.Computed)
	dst = appendMember(dst, `,"file":`, d.File)
	dst = appendNumberMember(dst, `,"record":`, int64(d.Record))
	dst = appendNumberMember(dst, `,"line":`, int64(d.Line))
	dst = appendNumberMember(dst, `,"offset":`, d.Offset)
	if m := d.MissingFrom; m != nil {
		dst = appendString(append(dst, `,"missing_from":{"invoice_id":`...), m.InvoiceID)
		dst = appendString(append(dst, `,"line":`...), m.Line)
		dst = append(appendString(append(dst, `,"by":`...), m.By), '}')
	}
	return append(dst, "}\n"...)
}
