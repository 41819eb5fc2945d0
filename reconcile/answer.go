package reconcile

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
)

// ResponseRow is a row of the response sheet as a run issues it: what the debtor is asked about.
type ResponseRow struct {
	Case  string
	Round int    // from 1: one more than the response sheets that the run had read
	Pack  string // names the run, see docs/responses.md

	InvoiceID, Line, CDRID string
	Currency               string
	Claimed, Owed          ocpi.Number // net
	Reasons                string
}

// checkDigits is how many hexadecimal digits of a digest a row carries: enough to find a slip, and no proof against intent.
const checkDigits = 16

// Check is a digest of all that a row says but its reasons, so that one that was edited is noticed when it comes back.
func (r *ResponseRow) Check() string {
	fields := []string{
		strings.TrimSpace(r.Case), strconv.Itoa(r.Round), r.Pack, r.InvoiceID, r.Line, r.CDRID, r.Currency, exactText(r.Claimed), exactText(r.Owed),
	}
	return ShortDigest([]byte(strings.Join(fields, "\x00")))
}

// ShortDigest is sha256 and a colon, then the first digits of the digest: no spreadsheet takes it for a number.
func ShortDigest(text []byte) string {
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:])[:checkDigits]
}

// exactText is a number without the zeros that a spreadsheet drops; "" where there is none.
func exactText(n ocpi.Number) string {
	if !n.Present {
		return ""
	}
	return n.Value.Trim().Plain()
}

// AnswerKind is what the debtor answers.
type AnswerKind string

// Answers.
const (
	NoAnswer AnswerKind = ""
	Accept   AnswerKind = "accept" // what we say is owed is owed
	Dispute  AnswerKind = "dispute"
)

// Answer is one row of a response sheet that came back.
type Answer struct {
	Record ocpi.Record
	Round  int         // which of the response sheets of the case it stands in, from 1
	Sheet  ResponseRow // as it came back
	Check  string      // likewise; "" where the column is missing

	Kind          AnswerKind
	Code          string // why it is disputed, in the debtor's words
	TheirValue    ocpi.Number
	TheirEvidence string
	Comment       string
}

// AnswerReader turns the rows of a response sheet into answers.
type AnswerReader struct {
	columns cellMap
	width   int
	round   int
}

// NewAnswerReader is NewLineReader for a response sheet; round is which of the case's sheets it is, from 1.
func NewAnswerReader(header []string, columns Columns, round int) (*AnswerReader, []ocpi.Finding, error) {
	m, findings, err := mapColumns(header, responseColumns, columns)
	if err != nil {
		return nil, nil, fmt.Errorf("read the heading of the response sheet: %w", err)
	}
	if !m.has(colAnswer) || !m.has(colInvoiceID) || !m.has(colLine) {
		return nil, nil, errors.New("the response sheet does not say which line is answered: want columns invoice_id, line and answer")
	}
	return &AnswerReader{m, len(header), round}, findings, nil
}

// BlankRow reports a row without any text, as spreadsheets leave them behind.
func BlankRow(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// Read reads one row, as LineReader.Read does. A row that names no line, or whose answer cannot be told, is rejected.
func (r *AnswerReader) Read(rec ocpi.Record, cells []string) (*Answer, []ocpi.Finding) {
	in := &row{cells: cells, columns: &r.columns, place: rec.Place}
	in.checkWidth(r.width)
	a := &Answer{
		Record: rec, Round: r.round, Check: in.text(colCheck),
		Sheet: ResponseRow{
			Case: in.unguarded(colCase), Pack: in.text(colPack), InvoiceID: in.unguarded(colInvoiceID), Line: in.unguarded(colLine),
			CDRID: in.unguarded(colCDRID), Currency: in.currency(), Claimed: in.number(colClaimedAmount), Owed: in.number(colOwed),
			Reasons: in.unguarded(colReasons),
		},
		Code: in.unguarded(colDisputeCode), TheirValue: in.number(colTheirValue), TheirEvidence: in.unguarded(colTheirEvidence),
		Comment: in.unguarded(colComment),
	}
	if n := in.number(colRound); n.Present {
		a.Sheet.Round, _ = strconv.Atoi(exactText(n)) // one that is none does not fit the check
	}
	if !named(a.Sheet.InvoiceID) && !named(a.Sheet.Line) {
		in.find(codeResponseUnknown, ocpi.SeverityBlock, "the row names no invoice line")
		return nil, in.findings
	}
	if !in.answer(a) {
		return nil, in.findings
	}
	return a, in.findings
}

// answer reads accept or dispute. "yes" and "no" are neither: a reader may mean either by them.
func (r *row) answer(a *Answer) bool {
	word := foldHeading(r.text(colAnswer))
	switch {
	case word == "" && a.Code == "" && !a.TheirValue.Present && a.TheirEvidence == "" && a.Comment == "":
	case word == "":
		r.find(codeResponseAnswer, ocpi.SeverityBlock, "the row is filled but has no answer; want accept or dispute")
		return false
	case hasWord("yes no true false", word):
		r.find(codeResponseAnswer, ocpi.SeverityBlock, "answer: %q may mean either; want accept or dispute", r.text(colAnswer))
		return false
	case hasWord(acceptedWords, word):
		a.Kind = Accept
	case hasWord(disputedWords, word):
		a.Kind = Dispute
	default:
		r.find(codeResponseAnswer, ocpi.SeverityBlock, "answer: %q is none; want accept or dispute", r.text(colAnswer))
		return false
	}
	return true
}

// unguarded is the text of a cell as it was before GuardFormula.
func (r *row) unguarded(c column) string { return UnguardFormula(r.text(c)) }

// GuardFormula leads what a spreadsheet would run as a formula by an apostrophe, and what would be taken for a guarded text too, so that
// UnguardFormula gives every text back.
func GuardFormula(s string) string {
	if runsAsFormula(strings.TrimLeft(s, "'")) {
		return "'" + s
	}
	return s
}

// UnguardFormula is the text before GuardFormula.
func UnguardFormula(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && runsAsFormula(strings.TrimLeft(rest, "'")) {
		return rest
	}
	return s
}

// runsAsFormula reports a text that some spreadsheet takes for a formula; full-width signs count for some.
func runsAsFormula(s string) bool {
	for _, sign := range [...]string{"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"} {
		if strings.HasPrefix(s, sign) {
			return true
		}
	}
	return false
}

// sameAnswer reports two answers that say the same.
func (a *Answer) sameAnswer(o *Answer) bool {
	return a.Kind == o.Kind && a.Code == o.Code && a.TheirEvidence == o.TheirEvidence && a.Comment == o.Comment &&
		compareNumbers(a.TheirValue, o.TheirValue) == 0
}

// words is what the debtor disputes, as Disputes reads it.
func (a *Answer) words() string { return strings.TrimSpace(a.Code + " " + a.Comment) }
