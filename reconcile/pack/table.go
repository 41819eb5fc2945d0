package pack

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"strings"

	"github.com/parquet-go/parquet-go"

	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile/convert"
)

// lineRow is a row of lines.parquet: the columns of lines.csv, typed, and the object of lines.ndjson. A text or number that the line does not
// have is null, and so is a number that DECIMAL(38,12) cannot hold exactly: the object has it.
type lineRow struct {
	InvoiceID    string `parquet:"invoice_id,dict"`
	Line         string `parquet:"line"`
	CDRID        string `parquet:"cdr_id,optional"`
	SessionID    string `parquet:"session_id,optional"`
	Currency     string `parquet:"currency,dict"`
	Disputed     bool   `parquet:"disputed"`
	MatchState   string `parquet:"match_state,dict"`
	MatchRule    string `parquet:"match_rule,optional,dict"`
	MatchCDR     string `parquet:"match_cdr,optional"`
	MatchSession string `parquet:"match_session,optional"`
	MatchMargin  *int64 `parquet:"match_margin,optional"`

	InvoicedNet   *convert.Decimal `parquet:"invoiced_before_taxes,optional,decimal(12:38)"`
	InvoicedGross *convert.Decimal `parquet:"invoiced_after_taxes,optional,decimal(12:38)"`
	TaxRate       *convert.Decimal `parquet:"tax_rate,optional,decimal(12:38)"`
	ComputedNet   *convert.Decimal `parquet:"computed_before_taxes,optional,decimal(12:38)"`
	ComputedGross *convert.Decimal `parquet:"computed_after_taxes,optional,decimal(12:38)"`

	Outcome          string           `parquet:"outcome,dict"`
	ProvenNet        *convert.Decimal `parquet:"proven_before_taxes,optional,decimal(12:38)"`
	ProvenGross      *convert.Decimal `parquet:"proven_after_taxes,optional,decimal(12:38)"`
	ConcededNet      *convert.Decimal `parquet:"conceded_before_taxes,optional,decimal(12:38)"`
	ConcededGross    *convert.Decimal `parquet:"conceded_after_taxes,optional,decimal(12:38)"`
	UnprovenNet      *convert.Decimal `parquet:"unproven_before_taxes,optional,decimal(12:38)"`
	UnprovenGross    *convert.Decimal `parquet:"unproven_after_taxes,optional,decimal(12:38)"`
	UnderbilledNet   *convert.Decimal `parquet:"underbilled_before_taxes,optional,decimal(12:38)"`
	UnderbilledGross *convert.Decimal `parquet:"underbilled_after_taxes,optional,decimal(12:38)"`
	Admitted         *convert.Decimal `parquet:"admitted,optional,decimal(12:38)"`

	AsAgreedNet    *convert.Decimal `parquet:"only_as_agreed_before_taxes,optional,decimal(12:38)"`
	AsAgreedGross  *convert.Decimal `parquet:"only_as_agreed_after_taxes,optional,decimal(12:38)"`
	ByDefaultNet   *convert.Decimal `parquet:"only_by_default_before_taxes,optional,decimal(12:38)"`
	ByDefaultGross *convert.Decimal `parquet:"only_by_default_after_taxes,optional,decimal(12:38)"`

	Reasons  []string `parquet:"reasons,list"`
	Findings []string `parquet:"findings,list"` // their codes

	JSON []byte `parquet:"json"`
}

// newLineRow is the row of a line whose object is given, without a line break.
func newLineRow(d *lineDoc, object []byte) lineRow {
	r := lineRow{
		InvoiceID: d.InvoiceID, Line: d.Line, CDRID: d.CDRID, SessionID: d.SessionID, Currency: d.Currency, Disputed: d.Disputed,
		MatchState: d.Match.State, MatchRule: d.Match.Rule, MatchCDR: d.Match.CDR, MatchSession: d.Match.Session, MatchMargin: d.Match.Margin,
		TaxRate: cellNumber(d.TaxRate), Outcome: d.Outcome, Admitted: cellNumber(d.Admitted), JSON: object,
	}
	amounts := []struct {
		text       moneyText
		net, gross **convert.Decimal
	}{
		{d.Invoiced, &r.InvoicedNet, &r.InvoicedGross}, {d.Computed, &r.ComputedNet, &r.ComputedGross}, {d.Proven, &r.ProvenNet, &r.ProvenGross},
		{d.Conceded, &r.ConcededNet, &r.ConcededGross}, {d.Unproven, &r.UnprovenNet, &r.UnprovenGross},
		{d.Underbilled, &r.UnderbilledNet, &r.UnderbilledGross},
	}
	for _, a := range amounts {
		*a.net, *a.gross = cellNumber(a.text.BeforeTaxes), cellNumber(a.text.AfterTaxes)
	}
	if by := d.ByReading; by != nil {
		r.AsAgreedNet, r.AsAgreedGross = cellNumber(by.AsAgreed.BeforeTaxes), cellNumber(by.AsAgreed.AfterTaxes)
		r.ByDefaultNet, r.ByDefaultGross = cellNumber(by.ByDefault.BeforeTaxes), cellNumber(by.ByDefault.AfterTaxes)
	}
	for _, code := range d.Reasons {
		r.Reasons = append(r.Reasons, string(code))
	}
	for i := range d.Findings {
		r.Findings = append(r.Findings, d.Findings[i].Code)
	}
	return r
}

// cellNumber is a number of ours as text, as a cell.
func cellNumber(text string) *convert.Decimal {
	n, err := exact.Parse([]byte(text))
	if err != nil {
		return nil // "" is absent
	}
	return convert.NewDecimal(n)
}

// tableRowGroup is the rows that are held in memory.
const tableRowGroup = 10_000

// tableWriter writes lines.parquet, where it was begun.
type tableWriter struct {
	w *parquet.GenericWriter[lineRow]
}

func (t *tableWriter) begin(w io.Writer) {
	t.w = parquet.NewGenericWriter[lineRow](w, parquet.Compression(&parquet.Zstd), parquet.MaxRowsPerRowGroup(tableRowGroup),
		parquet.CreatedBy("reconcile", "lines", "1"))
}

func (t *tableWriter) add(row *lineRow) error {
	if t.w == nil {
		return nil
	}
	_, err := t.w.Write([]lineRow{*row})
	return err
}

func (t *tableWriter) finish() error {
	if t.w == nil {
		return nil
	}
	return t.w.Close()
}

// tableCheck makes lines.parquet again from the lines and holds its digest against that of the file.
type tableCheck struct {
	tableWriter
	sum hash.Hash
}

func (t *tableCheck) begin() {
	t.sum = sha256.New()
	t.tableWriter.begin(t.sum)
}

// end reports whether the file has the digest.
func (t *tableCheck) end(files []digest) bool {
	if t.w == nil {
		return true
	}
	if err := t.finish(); err != nil {
		return false
	}
	for _, d := range files {
		if strings.TrimPrefix(d.name, payloadFolder) == linesParquetFile {
			return d.sha256 == hex.EncodeToString(t.sum.Sum(nil))
		}
	}
	return false
}
