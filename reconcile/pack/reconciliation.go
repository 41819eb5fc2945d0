package pack

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
)

// reconciliationDoc is an OCPI Invoice Reconciliation record (2.3.0 edition 2, mod_invoice_reconciliation).
type reconciliationDoc struct {
	CountryCode string   `json:"country_code"`
	PartyID     string   `json:"party_id"`
	ID          string   `json:"id"`
	InvoiceID   string   `json:"invoice_id"`
	CDRs        []string `json:"cdrs"`
	LastUpdated string   `json:"last_updated"`
}

// WriteReconciliation writes, of each invoice of a pack, the OCPI Invoice Reconciliation record that lists the CDRs whose lines are proven,
// as NDJSON in the order of the lines. An invoice of which none is proven has no record: a list is never empty. debtor says that who is
// billed issues the invoices. The record's id is made of the invoice's, its last_updated is the last second of the pack's date, so that the
// same pack gives the same bytes. It returns the ids that are longer than the 36 characters that a record allows, which are those of
// credit CDRs: they are listed in full.
func WriteReconciliation(w io.Writer, dir string, debtor bool) (long []string, err error) {
	p, err := openDir(dir)
	if err != nil {
		return nil, err
	}
	defer p.close()
	blank, err := p.reconciliationOf(debtor)
	if err != nil {
		return nil, fmt.Errorf("read pack %s: %w", dir, err)
	}
	records, err := p.reconciliations(blank)
	if err != nil {
		return nil, fmt.Errorf("read pack %s: %w", dir, err)
	}
	for _, r := range records {
		for _, id := range r.CDRs {
			if len(id) > maxListedID {
				long = append(long, id)
			}
		}
		if _, err := w.Write(append(jsonBytes(r), '\n')); err != nil {
			return long, err
		}
	}
	return long, nil
}

// memberForeign is the reason of members that are no part of their master line; one that claims nothing is proven all the same.
const memberForeign ocpi.Code = "member-foreign"

// maxListedID is the length of an id in InvoiceReconciliationRecord.cdrs.
const maxListedID = 36

// reconciliationOf is a record of the pack without its invoice.
func (p *openPack) reconciliationOf(debtor bool) (reconciliationDoc, error) {
	var summary reconcile.Summary
	var terms struct {
		Parties map[string]struct {
			CountryCode string `json:"country_code"`
			PartyID     string `json:"party_id"`
		} `json:"parties"`
	}
	for _, f := range []struct {
		name string
		into any
	}{{summaryFile, &summary}, {caseFile, &terms}} {
		text, err := p.document(payloadFolder + f.name)
		if err == nil {
			err = json.Unmarshal(text, f.into)
		}
		if err != nil {
			return reconciliationDoc{}, fmt.Errorf("%s: %w", f.name, err)
		}
	}
	side := "creditor"
	if debtor {
		side = "debtor"
	}
	party := terms.Parties[side]
	if party.CountryCode == "" || party.PartyID == "" {
		return reconciliationDoc{}, fmt.Errorf("%s: names no country_code and party_id of the %s, who issues the invoices", caseFile, side)
	}
	return reconciliationDoc{CountryCode: party.CountryCode, PartyID: party.PartyID, LastUpdated: summary.AsOf + "T23:59:59Z"}, nil
}

// reconciliations are the records of all invoices, in the order of the lines.
func (p *openPack) reconciliations(blank reconciliationDoc) ([]*reconciliationDoc, error) {
	var out []*reconciliationDoc
	of := map[string]*reconciliationDoc{} // by folded invoice
	listed := map[[2]string]bool{}
	_, err := p.scan(func(raw []byte, row int) error {
		d := &lineDoc{}
		if !d.parse(bytes.Clone(raw)) {
			if err := json.Unmarshal(raw, d); err != nil {
				return fmt.Errorf("%s line %d: %w", linesFile, row, err)
			}
		}
		if d.Outcome != string(reconcile.Proven) || d.Match.CDR == "" || d.InvoiceID == "" || slices.Contains(d.Reasons, memberForeign) {
			return nil
		}
		key := strings.ToLower(d.InvoiceID)
		if listed[[2]string{key, strings.ToLower(d.Match.CDR)}] {
			return nil
		}
		listed[[2]string{key, strings.ToLower(d.Match.CDR)}] = true
		r := of[key]
		if r == nil {
			r = &reconciliationDoc{}
			*r = blank
			r.InvoiceID, r.ID = d.InvoiceID, recordID(d.InvoiceID)
			of[key], out = r, append(out, r)
		}
		r.CDRs = append(r.CDRs, d.Match.CDR)
		return nil
	})
	if err == nil && len(out) == 0 {
		err = errors.New("no line with an invoice and a CDR is proven, and a list is never empty")
	}
	return out, err
}

// recordID is an id of 36 characters that is the same whenever a record is made for an invoice.
func recordID(invoice string) string {
	sum := sha256.Sum256([]byte(invoice))
	return "INV-" + hex.EncodeToString(sum[:16])
}
