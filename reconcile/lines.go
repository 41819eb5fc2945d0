package reconcile

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// LineReader turns the cells of an invoice table into lines.
type LineReader struct {
	columns cellMap
	width   int
}

// NewLineReader finds the columns of an invoice table by native name, synonym or mapping. Findings name columns that are not
// used; an error says that no line can be read at all: a column is there twice, or the amount or every way to find a CDR is
// missing.
func NewLineReader(header []string, columns Columns) (*LineReader, []ocpi.Finding, error) {
	m, findings, err := mapColumns(header, invoiceColumns, columns)
	if err != nil {
		return nil, nil, fmt.Errorf("read the heading of the invoice table: %w", err)
	}
	if !m.has(colAmountExcl) && !m.has(colAmountIncl) {
		return nil, nil, errors.New("the invoice table has no amount: want a column amount_excl_vat or amount_incl_vat")
	}
	traced := m.has(colStart) && (m.has(colEVSEID) || m.has(colContractID))
	metered := m.has(colMeterID) && m.has(colMeterStart) && m.has(colMeterStop)
	master := m.has(colInvoiceID) && m.has(colLine)
	if !m.has(colCDRID) && !m.has(colSessionID) && !traced && !metered && !master {
		return nil, nil, errors.New("the invoice table names no charging sessions: want a column cdr_id or session_id, or start with evse_id or contract_id, " +
			"or meter_id, meter_start and meter_stop, or of lines that stand for many CDRs invoice_id and line")
	}
	return &LineReader{m, len(header)}, findings, nil
}

// Read reads one row. A nil line means that the record is rejected; the findings say why (row 31 of the table of situations).
//
// Amounts are plain decimal numbers ("12.50"); spaces around them are ignored, and "12,50" is accepted where the comma can only be a
// decimal one. Without amount_excl_vat the net is amount_incl_vat − vat, else amount_incl_vat ÷ (1 + tax_rate), rounded half away
// from zero to the amount's decimals; a gross amount alone is rejected. Times without a zone are UTC.
func (r *LineReader) Read(rec ocpi.Record, cells []string) (*Line, []ocpi.Finding) {
	return r.ReadInto(new(Line), rec, cells)
}

// ReadInto is Read into the memory of a line that nobody looks at any more; what came of it stays.
func (r *LineReader) ReadInto(l *Line, rec ocpi.Record, cells []string) (*Line, []ocpi.Finding) {
	in := &row{cells: cells, columns: &r.columns, place: rec.Place}
	in.checkWidth(r.width)
	*l = Line{
		Record: rec, InvoiceID: in.id(colInvoiceID), Line: in.text(colLine), InvoiceDate: in.time(colInvoiceDate),
		CountryCode: in.id(colCountryCode), PartyID: in.id(colPartyID), CDRID: in.id(colCDRID), SessionID: in.id(colSessionID),
		EVSEID: in.id(colEVSEID), ContractID: in.id(colContractID), Description: in.text(colDescription),
		Start: in.time(colStart), End: in.time(colEnd), ClaimedKWh: in.number(colKWh),
		MeterID: in.id(colMeterID), MeterStart: in.number(colMeterStart), MeterStop: in.number(colMeterStop), Reason: in.text(colReason),
	}
	in.part(l)
	l.Sessions = in.number(colSessions)
	l.Currency = in.currency()
	if l.Currency == "" {
		in.find(codeCurrencyMissing, ocpi.SeverityBlock, "currency: %q is none; want three letters as in ISO 4217", in.text(colCurrency))
	}
	in.amounts(l)
	in.status(l)
	if ocpi.FirstBlock(in.findings) != nil {
		return nil, in.findings
	}
	return l, in.findings
}

// part reads what a master line covers, and of a member its master. Members are numbered below it: by their own number, or their row where
// they have none.
func (r *row) part(l *Line) {
	if slices.ContainsFunc(scopeColumns[:], r.columns.has) {
		r.scope(l)
	}
	if l.MasterLine = r.text(colMasterLine); l.MasterLine == "" {
		return
	}
	own := l.Line
	if own == "" {
		own = strconv.Itoa(r.place.Record)
	}
	l.Line = memberLine(l.MasterLine, own)
}

// scopeColumns say what a master line covers.
var scopeColumns = [...]column{colPeriodFrom, colPeriodTo, colToken, colLocation, colVehicle, colDriver}

// scope reads what a master line covers.
func (r *row) scope(l *Line) {
	scope := Scope{
		From: r.time(colPeriodFrom), To: r.time(colPeriodTo), Token: r.id(colToken), Location: r.id(colLocation),
		Vehicle: r.text(colVehicle), Driver: r.text(colDriver),
	}
	if scope != (Scope{}) {
		l.Scope = &Scope{}
		*l.Scope = scope
	}
}

// amounts reads what the line claims and derives what follows from it.
func (r *row) amounts(l *Line) {
	l.Claimed.BeforeTaxes = r.required(colAmountExcl)
	l.Claimed.AfterTaxes = r.required(colAmountIncl)
	l.ClaimedVAT, l.TaxRate = r.number(colVAT), r.number(colTaxRate)
	if ocpi.FirstBlock(r.findings) != nil {
		return
	}
	switch {
	case l.Claimed.BeforeTaxes.Present && l.Claimed.AfterTaxes.Present:
		r.checkArithmetic(l)
	case l.Claimed.BeforeTaxes.Present:
		r.deriveGross(l)
	case l.Claimed.AfterTaxes.Present:
		r.deriveNet(l)
	default:
		r.find(codeAmountMissing, ocpi.SeverityBlock, "the line has no amount: want amount_excl_vat, or amount_incl_vat with vat or tax_rate")
	}
}

// required reads an amount; one that cannot be read rejects the line.
func (r *row) required(c column) ocpi.Number {
	n, err := r.amount(c)
	if err != nil {
		r.find(numberCode(err, codeAmountUnreadable), ocpi.SeverityBlock, "%s: %v", columnNames[c], err)
	}
	return n
}

// checkArithmetic reports a line whose own three amounts do not add up. They stay as claimed.
func (r *row) checkArithmetic(l *Line) {
	net, gross := l.Claimed.BeforeTaxes.Value, l.Claimed.AfterTaxes.Value
	if l.ClaimedVAT.Present && !net.Add(l.ClaimedVAT.Value).Equal(gross) {
		r.find(codeInvoiceArithmetic, ocpi.SeverityWarn, "amount_excl_vat %s + vat %s is not amount_incl_vat %s", net, l.ClaimedVAT.Value, gross)
	}
}

// deriveNet finds the net of a line that claims only its gross.
func (r *row) deriveNet(l *Line) {
	gross := l.Claimed.AfterTaxes.Value
	switch {
	case l.ClaimedVAT.Present:
		l.Claimed.BeforeTaxes = Known(gross.Sub(l.ClaimedVAT.Value))
		r.find(codeNetDerived, ocpi.SeverityInfo, "net %s = amount_incl_vat %s − vat %s", l.Claimed.BeforeTaxes.Value, gross, l.ClaimedVAT.Value)
	case l.TaxRate.Present && taxFactor(l.TaxRate.Value).Sign() > 0:
		places := max(gross.Scale(), MinorUnits(l.Currency))
		l.Claimed.BeforeTaxes = Known(gross.DivRound(taxFactor(l.TaxRate.Value), places, exact.HalfUp))
		r.find(codeNetDerived, ocpi.SeverityInfo, "net %s = amount_incl_vat %s ÷ (1 + %s %%), rounded half-up to %d decimals",
			l.Claimed.BeforeTaxes.Value, gross, l.TaxRate.Value, places)
	default:
		r.find(codeGrossWithoutNet, ocpi.SeverityBlock, "the line has only a gross amount, and lines are decided on their net: add amount_excl_vat, vat or tax_rate")
	}
}

// deriveGross finds the gross of a line that claims its net and a tax.
func (r *row) deriveGross(l *Line) {
	net := l.Claimed.BeforeTaxes.Value
	switch {
	case l.ClaimedVAT.Present:
		l.Claimed.AfterTaxes = Known(net.Add(l.ClaimedVAT.Value))
	case l.TaxRate.Present:
		places := max(net.Scale(), MinorUnits(l.Currency))
		l.Claimed.AfterTaxes = Known(net.Mul(taxFactor(l.TaxRate.Value)).Round(places, exact.HalfUp))
		r.find(codeGrossDerived, ocpi.SeverityInfo, "gross %s = amount_excl_vat %s × (1 + %s %%), rounded half-up to %d decimals",
			l.Claimed.AfterTaxes.Value, net, l.TaxRate.Value, places)
	}
}

// taxFactor is 1 + rate, the rate in percent.
func taxFactor(rate exact.Decimal) exact.Decimal { return exact.FromInt(1).Add(rate.Shift(-2)) }

// statusWords are the words of the status column, folded.
const (
	acceptedWords = "accepted accept ok agreed approved undisputed confirmed akzeptiert angenommen anerkannt bestatigt bestaetigt unstrittig " +
		"accepte acceptee approuve nonconteste geaccepteerd akkoord goedgekeurd onbetwist aceptado aceptada aprobado conforme no false"
	disputedWords = "disputed dispute contested rejected declined refused withheld bestritten strittig beanstandet abgelehnt reklamiert streitig " +
		"conteste contestee litige refuse refusee rejete betwist afgewezen geweigerd disputado disputada impugnado rechazado rechazada yes true"
)

// status reads whether the debtor disputes the line. A reason without a status is a dispute.
func (r *row) status(l *Line) {
	word := r.text(colStatus)
	if word != "" {
		word = foldHeading(word)
	}
	switch {
	case word == "":
		l.Disputed = l.Reason != ""
	case hasWord(disputedWords, word):
		l.Disputed = true
	case !hasWord(acceptedWords, word):
		r.find(codeStatusUnknown, ocpi.SeverityWarn, "status: %q is neither accepted nor disputed; the line counts as not disputed", r.text(colStatus))
	}
}

func hasWord(words, word string) bool {
	for w := range strings.FieldsSeq(words) {
		if w == word {
			return true
		}
	}
	return false
}
