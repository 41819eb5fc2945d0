package source

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/reconcile"
)

// invoiceColumn is the synonyms of the product.
func invoiceColumn(name string) string { return reconcile.InvoiceColumn(name, nil) }

// readInvoices reads electronic invoices to the end.
func readInvoices(t require.TestingT, opts Options, disk []byte) tables {
	out, native := readWhole(t, opts, disk)
	require.True(t, native || len(out.rows) == 0)
	return out
}

// readWhole reads a table to the end, and tells whether it is an electronic invoice.
func readWhole(t require.TestingT, opts Options, disk []byte) (out tables, native bool) {
	opts.Column, opts.Stdin = invoiceColumn, bytes.NewReader(disk)
	tab, err := OpenTable([]string{"-"}, opts)
	require.NoError(t, err)
	defer func() { require.NoError(t, tab.Close()) }()
	var cells, fail, note []string
	for b, err := range tab.Batches(context.Background()) {
		require.NoError(t, err)
		native = b.Native
		out.header, out.rows = b.Header, append(out.rows, b.Rows...)
		out.rejected, out.notes = append(out.rejected, b.Rejected...), append(out.notes, b.Findings...)
	}
	for _, r := range out.rows {
		require.Len(t, r.Cells, len(out.header))
		require.True(t, !native || json.Valid(r.Record.Bytes))
		cells = append(cells, strings.TrimRight(strings.Join(r.Cells, "|"), "|"))
	}
	for _, f := range out.rejected {
		fail = append(fail, string(f.Code))
	}
	for _, f := range out.notes {
		note = append(note, string(f.Code))
	}
	require.Equal(t, len(out.rows)+len(out.rejected), tab.Files()[0].Records)
	out.cells, out.fail, out.note = strings.Join(cells, "/"), strings.Join(fail, "/"), strings.Join(note, "/")
	return out, native
}

func testFile(t testing.TB, name string) []byte {
	disk, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return disk
}

// The columns of electronic invoices are those of invoices, no more and no less.
func TestEInvoiceColumnsAreNative(t *testing.T) {
	require.ElementsMatch(t, reconcile.InvoiceColumns(), einvoiceColumns)
}

// Both syntaxes say the same.
func TestEInvoices(t *testing.T) {
	want := "R-1|1|2026-10-05|||CDR-1|S-1|||%s|2026-09-01|20.5|8.20|||21|EUR|Charging; AC, Gouda & surroundings/" +
		"R-1|2|2026-10-05|||CDR-2||||2026-09-02T08:00:00Z||15.55|6.22|||21|EUR|Charging"
	for name, start := range map[string]string{"ubl.xml": "2026-09-01T10:00:00Z", "cii.xml": "2026-09-01T10:00:00"} {
		disk := testFile(t, name)
		for _, disk := range [][]byte{disk, gzipped(disk, 1), zstdFrame(disk), append(bytes.Clone(bom), disk...)} {
			got := readInvoices(t, Options{TempDir: t.TempDir(), Refetch: true, buffer: 100, Batch: 1}, disk)
			require.Equal(t, fmt.Sprintf(want, start), got.cells, "%v", got.rejected)
			require.Equal(t, "einvoice-property/einvoice-charge/einvoice-total", got.note, "%v", got.notes)
			require.Contains(t, got.notes[0].Message, `["Colour"]`)
			require.Contains(t, got.notes[1].Message, "an allowance of EUR 1.00 (Roaming bonus)")
			require.Contains(t, got.notes[2].Message, "it states EUR lines 14.42, without tax 13.42, tax 2.82, with tax 16.24, due 16.24;")
			require.Empty(t, got.fail)
		}
		got := readInvoices(t, Options{}, disk)
		for i, r := range got.rows {
			var object map[string]any
			require.NoError(t, json.Unmarshal(r.Record.Bytes, &object))
			raw := object["xml"].(string)
			require.True(t, strings.HasPrefix(raw, "<") && strings.HasSuffix(raw, "Line>") || strings.HasSuffix(raw, "LineItem>"), raw)
			require.Equal(t, raw, string(disk[r.Record.Place.Offset:][:len(raw)]))
			require.Equal(t, 1+bytes.Count(disk[:r.Record.Place.Offset], newline), r.Record.Place.Line)
			require.Equal(t, i+1, r.Record.Place.Record)
			require.Equal(t, "CDR-"+fmt.Sprint(i+1), object["cdr_id"])
		}
	}
}

// line is a UBL line with some content beside its number and amount.
func line(id, net, content string) string {
	return `<InvoiceLine><ID>` + id + `</ID><LineExtensionAmount currencyID="EUR">` + net + `</LineExtensionAmount>` + content + `</InvoiceLine>`
}

// ubl is a UBL invoice; all names are of one namespace, which UBL's begin with.
func ubl(content string) []byte {
	return []byte(`<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"><ID>R</ID><DocumentCurrencyCode>EUR</DocumentCurrencyCode>` + content + `</Invoice>`)
}

func property(name, value string) string {
	return "<Item><AdditionalItemProperty><Name>" + name + "</Name><Value>" + value + "</Value></AdditionalItemProperty></Item>"
}

func TestEInvoiceLines(t *testing.T) {
	item := func(element, id string) string {
		return "<Item><" + element + "><ID>" + id + "</ID></" + element + "></Item>"
	}
	tests := []struct{ name, in, cdrs, notes string }{
		{"object with a scheme", line("1", "1", `<DocumentReference><ID schemeID="session">S</ID><DocumentTypeCode>130</DocumentTypeCode></DocumentReference>`), "/S/1", ""},
		{"other document", line("1", "1", `<DocumentReference><ID>S</ID><DocumentTypeCode>916</DocumentTypeCode></DocumentReference>`), "//1", ""},
		{"property before the object", line("1", "1", property("CDR", "A")+`<DocumentReference><ID>B</ID><DocumentTypeCode>130</DocumentTypeCode></DocumentReference>`), "A//1", "einvoice-property"},
		{"numbers of items", line("1", "1", item("SellersItemIdentification", "A")) + line("2", "2", item("SellersItemIdentification", "B")), "A//1 B//2", "einvoice-id"},
		{"article number", line("1", "1", item("SellersItemIdentification", "A")) + line("2", "2", item("SellersItemIdentification", "A")), "//1 //2", ""},
		{"article number beside ids", line("1", "1", property("cdr", "A")) + line("2", "2", item("SellersItemIdentification", "FEE")), "A//1 //2", ""},
		{"line of the order", line("1", "1", "<OrderLineReference><LineID>1</LineID></OrderLineReference>") + line("2", "2", "<OrderLineReference><LineID>2</LineID></OrderLineReference>"), "//1 //2", ""},
		{"amounts as XML writes them", line("1", "+.50", "") + line("2", "-.5", "") + line("3", "7.", ""), "//0.50 //-0.5 //7", ""},
		{"property that the line gives itself", line("1", "1", property("Netto", "2")), "//1", "einvoice-property"},
		{"gross by property", line("1", "1", property("brutto", "1.21")), "//1", ""},
		{"another currency", strings.Replace(line("1", "1", ""), `"EUR"`, `"CHF"`, 1), "//1", "einvoice-total"},
		{"lines inside of lines", line("1", "1", "<SubInvoiceLine><ID>1.1</ID></SubInvoiceLine>"), "//1", "einvoice-lines"},
		{"foreign elements", line("1", "1", `<x:LineExtensionAmount xmlns:x="urn:x">9</x:LineExtensionAmount>`) + `<x:InvoiceLine xmlns:x="urn:x"/>`, "//1", ""},
		{"charge", `<AllowanceCharge><ChargeIndicator>true</ChargeIndicator><Amount>2</Amount></AllowanceCharge>` + line("1", "1", ""), "//1", "einvoice-charge"},
		{"charge of nothing", `<AllowanceCharge><Amount>0.00</Amount></AllowanceCharge>` + line("1", "1", ""), "//1", ""},
		{"wrong sum", `<LegalMonetaryTotal><LineExtensionAmount>3</LineExtensionAmount></LegalMonetaryTotal>` + line("1", "1", ""), "//1", "einvoice-total/einvoice-total"},
		{"credit by type", `<InvoiceTypeCode>381</InvoiceTypeCode>` + line("1", "1.50", "") + line("2", "-0.5", ""), "//-1.50 //0.5", "einvoice-credit"},
		{"correction", `<InvoiceTypeCode>384</InvoiceTypeCode><BillingReference><InvoiceDocumentReference><ID>Q</ID></InvoiceDocumentReference></BillingReference>` + line("1", "-1", ""), "//-1", "einvoice-credit"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := readInvoices(t, Options{}, ubl(tt.in))
			var cdrs []string
			for _, r := range got.rows {
				cdrs = append(cdrs, r.Cells[cellCDR]+"/"+r.Cells[cellSession]+"/"+r.Cells[cellNet])
			}
			require.Equal(t, tt.cdrs, strings.Join(cdrs, " "), "%v", got.rejected)
			require.Equal(t, tt.notes, got.note, "%v", got.notes)
		})
	}
}

func TestCreditNote(t *testing.T) {
	text := strings.NewReplacer("<Invoice ", "<CreditNote ", "</Invoice>", "</CreditNote>", "xsd:Invoice-2", "xsd:CreditNote-2",
		"InvoiceLine>", "CreditNoteLine>", "InvoicedQuantity", "CreditedQuantity", "InvoiceTypeCode", "CreditNoteTypeCode").Replace(string(testFile(t, "ubl.xml")))
	text = strings.Replace(text, "<cac:AllowanceCharge>", "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>R-0</cbc:ID></cac:InvoiceDocumentReference></cac:BillingReference><cac:AllowanceCharge>", 1)
	got := readInvoices(t, Options{}, []byte(text))
	require.Len(t, got.rows, 2, "%v", got.rejected)
	require.Equal(t, "-8.20 20.5", got.rows[0].Cells[cellNet]+" "+got.rows[0].Cells[cellKWh])
	require.Contains(t, got.notes[1].Message, "it is a credit note of invoice R-0;")
	require.Contains(t, string(got.rows[0].Record.Bytes), `"amount_excl_vat":-8.20`)
}

func TestCIILinesThatDoNotCount(t *testing.T) {
	text := strings.Replace(string(testFile(t, "cii.xml")), "<ram:LineID>1</ram:LineID>", "<ram:LineID>1</ram:LineID><ram:LineStatusReasonCode>GROUP</ram:LineStatusReasonCode>", 1)
	got := readInvoices(t, Options{}, []byte(text))
	require.Len(t, got.rows, 1)
	require.Equal(t, "einvoice-lines/einvoice-charge/einvoice-total/einvoice-total", got.note)
}

func TestSeveralInvoicesInAnEnvelope(t *testing.T) {
	got := readInvoices(t, Options{}, []byte("<sh:StandardBusinessDocument xmlns:sh='urn:sbdh'><h><ID/></h>"+string(ubl(line("1", "1", "")))+string(ubl(line("2", "2", "")))+"</sh:StandardBusinessDocument>"))
	require.Len(t, got.rows, 2)
	require.Equal(t, "2", got.rows[1].Cells[cellLine])
}

func TestHostileEInvoices(t *testing.T) {
	limits := Limits{RecordBytes: 5000}
	for name, tt := range map[string]struct{ in, code, says string }{
		"entities":         {`<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>` + string(ubl(line("&b;", "1", ""))), "source-syntax", "DOCTYPE"},
		"external":         {`<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>`, "source-syntax", "DOCTYPE"},
		"unknown entity":   {string(ubl(line("&b;", "1", ""))), "source-syntax", "line 1"},
		"deep":             {string(ubl(strings.Repeat("<a>", 100))), "limit-depth", "64"},
		"large line":       {string(ubl(line("1", "1", strings.Repeat("x", 6000)) + line("2", "2", ""))), "limit-record", "5000"},
		"elements":         {string(ubl(strings.Repeat("<a/>", maxNodes+1))), "limit-record", "262144"},
		"elements of line": {string(ubl(line("1", "1", strings.Repeat("<a/>", maxLineNodes+1)))), "limit-record", "16384"},
		"cut":              {string(ubl(line("1", "1", "")))[:150], "source-truncated", "too early"},
		"other XML":        {"<a><b/></a>", "source-format", "begins with a of namespace"},
		"spreadsheet 2003": {`<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>`, "source-format", "Workbook"},
		"HTML":             {"<!DOCTYPE html><html><table>", "source-format", "HTML"},
		"Latin 1":          {`<?xml version="1.0" encoding="ISO-8859-1"?><Invoice/>`, "source-encoding", "iconv"},
		"no lines":         {string(ubl("")), "einvoice-lines", "MINIMUM"},
		"bomb":             {string(packed(string(ubl(strings.Repeat(" ", 3<<20))))), "limit-ratio", "200:1"},
	} {
		t.Run(name, func(t *testing.T) {
			got := readInvoices(t, Options{Limits: limits}, []byte(tt.in))
			require.Equal(t, tt.code, got.fail, "%v", got.rejected)
			require.Contains(t, got.rejected[0].Message, tt.says)
		})
	}
}

func TestNoEInvoiceIsADisputeList(t *testing.T) {
	got := readTables(t, Options{}, write(t, "in", testFile(t, "ubl.xml")))
	require.Equal(t, "1:1 source-format", got.fail)
}

// Invoices that others made, from the folder that RECONCILE_DATA names: lines come out, and what is stated for them is their sum. Those
// of the older ZUGFeRD 1 and those without lines say so.
func TestEInvoicesOfOthers(t *testing.T) {
	data := os.Getenv("RECONCILE_DATA")
	files, err := filepath.Glob(filepath.Join(data, "einvoices", "*.xml"))
	require.NoError(t, err)
	if data == "" || len(files) == 0 {
		t.Skip("RECONCILE_DATA names no folder with einvoices/*.xml")
	}
	for _, file := range files {
		disk, err := os.ReadFile(file)
		require.NoError(t, err)
		got := readInvoices(t, Options{}, disk)
		switch got.fail {
		case "":
			require.NotEmpty(t, got.rows, file)
		case "source-format":
			require.Contains(t, got.rejected[0].Message, "found XML that begins with", file)
		default:
			require.Equal(t, "einvoice-lines", got.fail, file)
		}
		for _, n := range got.notes {
			if strings.Contains(file, "not_validating") {
				continue // its sums are wrong on purpose
			}
			require.NotContains(t, n.Message, "its lines come to", file)
		}
	}
}

func FuzzEInvoice(f *testing.F) {
	f.Add(ubl(line("1", "1.50", property("cdr_id", "A"))))
	f.Add([]byte(`<CrossIndustryInvoice xmlns="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"><SupplyChainTradeTransaction><IncludedSupplyChainTradeLineItem/>` +
		`</SupplyChainTradeTransaction></CrossIndustryInvoice>`))
	f.Fuzz(func(t *testing.T, content []byte) {
		if Compressed(content) {
			t.Skip("other targets read those")
		}
		readWhole(t, Options{Limits: Limits{RecordBytes: 2000}, buffer: 1 << 12}, content) // most content is no invoice
	})
}
