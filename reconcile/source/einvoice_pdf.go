package source

import (
	"errors"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile/source/pdf"
)

// pdfMagic begins a PDF.
const pdfMagic = "%PDF-"

// maxPDF is the largest PDF, in bytes.
const maxPDF = 64 << 20

// invoiceNames are what the XML of a hybrid invoice is called: Factur-X and ZUGFeRD from 2.1, ZUGFeRD 1 and 2.0, and XRechnung.
var invoiceNames = []string{"factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml"}

// extractInvoice takes the XML out of a hybrid invoice.
func (t *einvoiceTable) extractInvoice(raw []byte) ([]byte, error) {
	if len(raw) > maxPDF {
		return nil, newFlaw(CodeRecordSize, "PDF is above the limit of %d bytes; ask for the XML alone", maxPDF)
	}
	files, err := pdf.Attachments(raw, pdf.Limits{Bytes: maxDocument, Ratio: t.limits.Ratio})
	if err != nil {
		return nil, pdfFlaw(err)
	}
	var found []pdf.Attachment
	var names []string
	for _, f := range files {
		names = append(names, f.Name)
		if slices.Contains(invoiceNames, strings.ToLower(f.Name)) {
			found = append(found, f)
		}
	}
	switch {
	case len(found) > 1:
		return nil, newFlaw(CodeFormat, "PDF holds %d electronic invoices %q, want one", len(found), clipList(names))
	case len(found) == 0 && len(names) > 0:
		return nil, newFlaw(CodeFormat, "PDF holds the files %q, but no electronic invoice (%s); ask for Factur-X or ZUGFeRD, or for the lines as UBL, CII, XLSX or CSV",
			clipList(names), strings.Join(invoiceNames, ", "))
	case len(found) == 0:
		return nil, newFlaw(CodeFormat, "PDF holds no electronic invoice, and its pages are not read; ask for Factur-X or ZUGFeRD, or for the lines as UBL, CII, XLSX or CSV")
	}
	text, err := found[0].Data()
	if err != nil {
		return nil, pdfFlaw(err)
	}
	t.note(CodeEInvoicePDF, ocpi.SeverityInfo, "the invoice is the file %q inside the PDF; lines and offsets are those of its text, and what the pages show is not compared", found[0].Name)
	return text, nil
}

// pdfFlaw is why a PDF cannot be read.
func pdfFlaw(err error) error {
	switch {
	case errors.Is(err, pdf.ErrEncrypted):
		return newFlaw(CodeFormat, "%v", err)
	case errors.Is(err, pdf.ErrLimit):
		return newFlaw(CodeRatio, "%v", err)
	}
	return newFlaw(CodeSyntax, "%v", err)
}
