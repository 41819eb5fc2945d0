package reconcile

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile/rounding"
)

// invoices reads what the invoices state beside their lines, each under its id.
func (r *caseReader) invoices(n ast.Node, c *Case) {
	seen := map[string]bool{}
	r.entries(n, "invoices", func(id string, keyNode, value ast.Node) {
		if seen[foldID(id)] {
			r.fail(keyNode, "invoice %q is there twice", id)
		}
		seen[foldID(id)] = true
		i := StatedInvoice{InvoiceID: id}
		if t := keyNode.GetToken(); t != nil && t.Position != nil {
			i.Line = t.Position.Line
		}
		name, told := "invoices."+id, false
		r.section(value, name, member{"totals", func(n ast.Node) {
			told = true
			r.totals(n, name+".totals", &i)
		}})
		if !told {
			r.fail(keyNode, "%s states no totals", name)
		}
		c.Invoices = append(c.Invoices, i)
	})
}

func (r *caseReader) totals(n ast.Node, name string, i *StatedInvoice) {
	failed := len(r.errs)
	r.section(n, name,
		r.parsed("currency", func(text string) error {
			if i.Currency = currencyOf(text); i.Currency == "" {
				return fmt.Errorf("%q is none, want three letters as in ISO 4217", text)
			}
			return nil
		}),
		r.number("net", &i.Totals.Net), r.number("tax", &i.Totals.Tax), r.number("gross", &i.Totals.Gross),
	)
	switch t := &i.Totals; {
	case len(r.errs) > failed:
	case i.Currency == "":
		r.fail(n, "%s names no currency", name)
	case !t.Net.Present && !t.Tax.Present && !t.Gross.Present:
		r.fail(n, "%s states no total, want net, tax or gross", name)
	}
}

// number reads a number of either sign, of no more decimals than results show.
func (r *caseReader) number(name string, into *ocpi.Number) member {
	return r.parsed(name, func(text string) error {
		v, err := exact.Parse([]byte(text))
		if err != nil {
			return fmt.Errorf("%q: %w", text, err)
		}
		if !v.Shown().Equal(v) {
			return fmt.Errorf("%s has more than twelve decimals", text)
		}
		*into = Known(v)
		return nil
	})
}

// invoiceDocument is an invoice in case.json.
type invoiceDocument struct {
	Totals totalsDocument `json:"totals"`
}

type totalsDocument struct {
	Currency string         `json:"currency"`
	Net      *exact.Decimal `json:"net,omitempty"`
	Tax      *exact.Decimal `json:"tax,omitempty"`
	Gross    *exact.Decimal `json:"gross,omitempty"`
}

func (c *Case) invoiceDocuments() map[string]invoiceDocument {
	if len(c.Invoices) == 0 {
		return nil
	}
	value := func(n ocpi.Number) *exact.Decimal {
		if !n.Present {
			return nil
		}
		return &n.Value
	}
	out := map[string]invoiceDocument{}
	for _, i := range c.Invoices {
		t := i.Totals
		out[i.InvoiceID] = invoiceDocument{totalsDocument{i.Currency, value(t.Net), value(t.Tax), value(t.Gross)}}
	}
	return out
}

// StatedInvoices reads from case.json what Document wrote of the invoices, ordered by id.
func StatedInvoices(caseJSON []byte) ([]StatedInvoice, error) {
	var doc struct {
		Invoices map[string]invoiceDocument `json:"invoices"`
	}
	if err := json.Unmarshal(caseJSON, &doc); err != nil {
		return nil, fmt.Errorf("invoices: %w", err)
	}
	number := func(v *exact.Decimal) ocpi.Number {
		if v == nil {
			return ocpi.Number{}
		}
		return Known(*v)
	}
	var out []StatedInvoice
	for id, i := range doc.Invoices {
		t := i.Totals
		out = append(out, StatedInvoice{
			InvoiceID: id, Currency: t.Currency, Totals: rounding.Totals{Net: number(t.Net), Tax: number(t.Tax), Gross: number(t.Gross)},
		})
	}
	slices.SortFunc(out, func(a, b StatedInvoice) int { return strings.Compare(a.InvoiceID, b.InvoiceID) })
	return out, nil
}
