package ocpi

import "time"

// InvoiceReconciliation says which CDRs an invoice is about, by list and by nothing else (OCPI 2.3.0 edition 2, mod_invoice_reconciliation,
// Invoice Reconciliation Record). It states no amount, currency or period, and the CDRs by id alone.
type InvoiceReconciliation struct {
	Record Record

	CountryCode, PartyID, ID string // of who issues the invoice: the CPO, or the eMSP where it bills itself
	InvoiceID                string
	CDRs                     []string // ids; up to 39 characters, as those of credit CDRs are, though the record allows 36
	LastUpdated              time.Time

	Unknown []Member
}

var invoiceReconciliationTable = newTable("an invoice reconciliation record", []member[InvoiceReconciliation]{
	{meta{name: "country_code", req: AnyVersion, sev: SeverityError, ci: true}, func(d *Decoder, r *InvoiceReconciliation) { r.CountryCode = d.text() }},
	{meta{name: "party_id", req: AnyVersion, sev: SeverityError, max: 3, ci: true}, func(d *Decoder, r *InvoiceReconciliation) { r.PartyID = d.text() }},
	{meta{name: "id", req: AnyVersion, sev: SeverityError, max: 36, ci: true}, func(d *Decoder, r *InvoiceReconciliation) { r.ID = d.text() }},
	{meta{name: "invoice_id", req: AnyVersion, sev: SeverityBlock, max: 255, ci: true}, func(d *Decoder, r *InvoiceReconciliation) { r.InvoiceID = d.text() }},
	{meta{name: "cdrs", req: AnyVersion, sev: SeverityError, max: 36, ci: true}, func(d *Decoder, r *InvoiceReconciliation) {
		r.CDRs = nil
		d.list(func() { r.CDRs = append(r.CDRs, d.text()) })
	}},
	{meta{name: "last_updated", req: AnyVersion}, func(d *Decoder, r *InvoiceReconciliation) { r.LastUpdated = d.time() }},
	{meta{name: OriginalMember}, nil}, {meta{name: WithheldMember}, nil},
})

// InvoiceReconciliation decodes one record, as CDR does. Only OCPI 2.3.0 has it, whatever version was declared.
func (d *Decoder) InvoiceReconciliation(rec Record) (*InvoiceReconciliation, []Finding) {
	r := new(InvoiceReconciliation)
	if _, ok := readRecord(d, rec, V230, invoiceReconciliationTable, r); !ok {
		return nil, d.take()
	}
	r.Record, r.Unknown = rec, d.unknowns()
	checkCountryCode(d, r.CountryCode, "/country_code")
	return r, d.take()
}
