package source

import (
	"strings"
)

// syntax says where the terms of EN 16931 stand in one of its two syntaxes. Paths of the document start below its root, those of a line
// below the line.
type syntax struct {
	line                                       string // of the document: a line (BG-25)
	id, typeCode, currency, preceding          string // BT-1, BT-3, BT-5, BT-25
	date                                       func(doc *xmlNode) string
	allowances, charges                        string // BG-20 and BG-21; told apart by indicator where both are at one path
	indicator, chargeAmount, chargeReason      string
	lineTotal, taxBasis, tax, total, due       string // BT-106, BT-109, BT-110, BT-112, BT-115
	prepaid, rounding                          string // BT-113, BT-114
	lineID, net, quantity, rate, lineTax       string // BT-126, BT-131, BT-129, BT-152
	status                                     string // of a line: GROUP and INFORMATION are not to be added up
	subLines                                   string // lines inside a line
	texts                                      []string
	period                                     func(line *xmlNode) (start, end string) // BT-134, BT-135
	property, propertyName                     string                                  // BG-32
	propertyValues                             []string
	reference, refType, refID, refScheme       string // BT-128; refScheme is an attribute of refID, or a path
	buyersItem, sellersItem, orderLine         string // BT-156, BT-155, BT-132
	rootNamespace, rootName, ownNamespacesWith string
}

const (
	ublNamespaces = "urn:oasis:names:specification:ubl:schema:xsd:"
	ciiNamespaces = "urn:un:unece:uncefact:"
)

// ublInvoice is a UBL 2.1 Invoice, ublCreditNote a CreditNote, whose names differ here and there.
var (
	ublInvoice = syntax{
		rootNamespace: ublNamespaces + "Invoice-2", rootName: "Invoice", ownNamespacesWith: ublNamespaces,
		line: "InvoiceLine", id: "ID", typeCode: "InvoiceTypeCode", currency: "DocumentCurrencyCode",
		preceding: "BillingReference/InvoiceDocumentReference/ID",
		date:      func(doc *xmlNode) string { return ublTime(doc.at("IssueDate"), "") },
		charges:   "AllowanceCharge", indicator: "ChargeIndicator", chargeAmount: "Amount", chargeReason: "AllowanceChargeReason",
		lineTotal: "LegalMonetaryTotal/LineExtensionAmount", taxBasis: "LegalMonetaryTotal/TaxExclusiveAmount", tax: "TaxTotal/TaxAmount",
		total: "LegalMonetaryTotal/TaxInclusiveAmount", due: "LegalMonetaryTotal/PayableAmount",
		prepaid: "LegalMonetaryTotal/PrepaidAmount", rounding: "LegalMonetaryTotal/PayableRoundingAmount",
		lineID: "ID", net: "LineExtensionAmount", quantity: "InvoicedQuantity", rate: "Item/ClassifiedTaxCategory/Percent", lineTax: "TaxTotal/TaxAmount",
		subLines: "SubInvoiceLine", texts: []string{"Item/Name", "Item/Description", "Note"},
		period: func(line *xmlNode) (string, string) {
			p := line.first("InvoicePeriod")
			return ublTime(p.at("StartDate"), p.at("StartTime")), ublTime(p.at("EndDate"), p.at("EndTime"))
		},
		property: "Item/AdditionalItemProperty", propertyName: "Name", propertyValues: []string{"Value", "ValueQuantity"},
		reference: "DocumentReference", refType: "DocumentTypeCode", refID: "ID", refScheme: "@schemeID",
		buyersItem: "Item/BuyersItemIdentification/ID", sellersItem: "Item/SellersItemIdentification/ID", orderLine: "OrderLineReference/LineID",
	}
	ublCreditNote = func() syntax {
		s := ublInvoice
		s.rootNamespace, s.rootName = ublNamespaces+"CreditNote-2", "CreditNote"
		s.line, s.typeCode, s.quantity, s.subLines = "CreditNoteLine", "CreditNoteTypeCode", "CreditedQuantity", "SubCreditNoteLine"
		return s
	}()
)

// Where the parts of a CII document stand.
const (
	ciiDeal    = "SupplyChainTradeTransaction/"
	ciiSettle  = ciiDeal + "ApplicableHeaderTradeSettlement/"
	ciiSums    = ciiSettle + "SpecifiedTradeSettlementHeaderMonetarySummation/"
	ciiLine    = "SpecifiedLineTradeSettlement/"
	ciiProduct = "SpecifiedTradeProduct/"
)

// ciiInvoice is a UN/CEFACT Cross Industry Invoice (D16B), as in ZUGFeRD 2, Factur-X and XRechnung.
var ciiInvoice = syntax{
	rootNamespace: ciiNamespaces + "data:standard:CrossIndustryInvoice:100", rootName: "CrossIndustryInvoice", ownNamespacesWith: ciiNamespaces,
	line: ciiDeal + "IncludedSupplyChainTradeLineItem", id: "ExchangedDocument/ID", typeCode: "ExchangedDocument/TypeCode",
	currency: ciiSettle + "InvoiceCurrencyCode", preceding: ciiSettle + "InvoiceReferencedDocument/IssuerAssignedID",
	date:       func(doc *xmlNode) string { return ciiTime(doc.first("ExchangedDocument/IssueDateTime")) },
	allowances: ciiSettle + "SpecifiedTradeAllowanceCharge", charges: ciiSettle + "SpecifiedLogisticsServiceCharge",
	indicator: "ChargeIndicator/Indicator", chargeAmount: "ActualAmount", chargeReason: "Reason",
	lineTotal: ciiSums + "LineTotalAmount", taxBasis: ciiSums + "TaxBasisTotalAmount", tax: ciiSums + "TaxTotalAmount",
	total: ciiSums + "GrandTotalAmount", due: ciiSums + "DuePayableAmount", prepaid: ciiSums + "TotalPrepaidAmount", rounding: ciiSums + "RoundingAmount",
	lineID: "AssociatedDocumentLineDocument/LineID", status: "AssociatedDocumentLineDocument/LineStatusReasonCode",
	net:      ciiLine + "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount",
	quantity: "SpecifiedLineTradeDelivery/BilledQuantity", rate: ciiLine + "ApplicableTradeTax/RateApplicablePercent",
	lineTax: ciiLine + "ApplicableTradeTax/CalculatedAmount",
	texts:   []string{ciiProduct + "Name", ciiProduct + "Description", "AssociatedDocumentLineDocument/IncludedNote/Content"},
	period: func(line *xmlNode) (string, string) {
		p := line.first(ciiLine + "BillingSpecifiedPeriod")
		return ciiTime(p.first("StartDateTime")), ciiTime(p.first("EndDateTime"))
	},
	property: ciiProduct + "ApplicableProductCharacteristic", propertyName: "Description", propertyValues: []string{"Value", "ValueMeasure"},
	reference: ciiLine + "AdditionalReferencedDocument", refType: "TypeCode", refID: "IssuerAssignedID", refScheme: "ReferenceTypeCode",
	buyersItem: ciiProduct + "BuyerAssignedID", sellersItem: ciiProduct + "SellerAssignedID",
	orderLine: "SpecifiedLineTradeAgreement/BuyerOrderReferencedDocument/LineID",
}

var syntaxes = []*syntax{&ublInvoice, &ublCreditNote, &ciiInvoice}

// ublTime is a day, with a time where there is one, of xsd:date and xsd:time.
func ublTime(day, clock string) string {
	day = day[:min(len(day), len("2006-01-02"))] // a zone of a day says nothing of use
	if day == "" || clock == "" {
		return day
	}
	return day + "T" + clock
}

// ciiTime is a point in time of UNTDID 2379: 102 is CCYYMMDD, 203 with hours and minutes, 204 with seconds; or of xsd:dateTime.
func ciiTime(n *xmlNode) string {
	text := n.at("DateTimeString")
	if text == "" {
		return n.at("DateTime")
	}
	if size := map[string]int{"102": 8, "203": 12, "204": 14}[n.attribute("DateTimeString", "format")]; len(text) != size || strings.Trim(text, "0123456789") != "" {
		return text
	}
	out := text[:4] + "-" + text[4:6] + "-" + text[6:8]
	for i := 8; i < len(text); i += 2 {
		out += map[int]string{8: "T", 10: ":", 12: ":"}[i] + text[i:i+2]
	}
	return out
}
