package reconcile

import (
	"errors"
	"fmt"

	"github.com/nexacollect/reconcile/ocpi"
)

// ClaimReader turns the cells of a dispute table into claims.
type ClaimReader struct {
	columns cellMap
	width   int
}

// NewClaimReader is NewLineReader for a dispute list.
func NewClaimReader(header []string, columns Columns) (*ClaimReader, []ocpi.Finding, error) {
	m, findings, err := mapColumns(header, disputeColumns, columns)
	if err != nil {
		return nil, nil, fmt.Errorf("read the heading of the dispute list: %w", err)
	}
	if !m.has(colCDRID) && !m.has(colSessionID) && !(m.has(colInvoiceID) && m.has(colLine)) {
		return nil, nil, errors.New("the dispute list does not say what is disputed: want a column cdr_id or session_id, or invoice_id and line")
	}
	return &ClaimReader{m, len(header)}, findings, nil
}

// Read reads one row, as LineReader.Read does. A claim that names nothing is rejected.
func (r *ClaimReader) Read(rec ocpi.Record, cells []string) (*Claim, []ocpi.Finding) {
	in := &row{cells: cells, columns: &r.columns, place: rec.Place}
	in.checkWidth(r.width)
	c := &Claim{
		Record: rec, InvoiceID: in.id(colInvoiceID), Line: in.text(colLine), CountryCode: in.id(colCountryCode), PartyID: in.id(colPartyID),
		CDRID: in.id(colCDRID), SessionID: in.id(colSessionID), Reason: in.text(colReason), ClaimedKWh: in.number(colClaimedKWh),
		ClaimedSeconds: in.number(colClaimedSeconds), ClaimedAmount: in.number(colClaimedAmount), Currency: in.currency(),
	}
	if c.CDRID == "" && c.SessionID == "" && (c.InvoiceID == "" || c.Line == "") {
		in.find(codeClaimWithoutID, ocpi.SeverityBlock, "the entry names no cdr_id, no session_id and no invoice line")
		return nil, in.findings
	}
	return c, in.findings
}
