package reconcile

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/nexacollect/reconcile/ocpi"
)

// Columns maps native column names to the headings of a file; it is the case's columns section.
type Columns map[string]string

// column is a native column of an invoice or dispute table.
type column uint8

// The native columns; their names are in columnNames.
const (
	colInvoiceID column = iota
	colLine
	colInvoiceDate
	colCountryCode
	colPartyID
	colCDRID
	colSessionID
	colEVSEID
	colContractID
	colStart
	colEnd
	colKWh
	colMeterID
	colMeterStart
	colMeterStop
	colAmountExcl
	colVAT
	colAmountIncl
	colTaxRate
	colCurrency
	colDescription
	colStatus
	colReason
	colSessions
	colMasterLine
	colPeriodFrom
	colPeriodTo
	colToken
	colLocation
	colVehicle
	colDriver
	colClaimedKWh
	colClaimedSeconds
	colClaimedAmount
	colCase
	colRound
	colPack
	colOwed
	colReasons
	colCheck
	colAnswer
	colDisputeCode
	colTheirValue
	colTheirEvidence
	colComment
	columnCount // keep last
)

// invoiceColumns, disputeColumns and responseColumns are what the tables know; the last are in the order of the sheet that a run writes.
var (
	invoiceColumns = []column{
		colInvoiceID, colLine, colInvoiceDate, colCountryCode, colPartyID, colCDRID, colSessionID, colEVSEID, colContractID, colStart, colEnd,
		colKWh, colMeterID, colMeterStart, colMeterStop, colAmountExcl, colVAT, colAmountIncl, colTaxRate, colCurrency, colDescription, colStatus, colReason,
		colSessions, colMasterLine, colPeriodFrom, colPeriodTo, colToken, colLocation, colVehicle, colDriver,
	}
	disputeColumns = []column{
		colInvoiceID, colLine, colCountryCode, colPartyID, colCDRID, colSessionID, colReason, colClaimedKWh, colClaimedSeconds,
		colClaimedAmount, colCurrency,
	}
	responseColumns = []column{
		colInvoiceID, colLine, colCDRID, colCurrency, colClaimedAmount, colOwed, colReasons,
		colAnswer, colDisputeCode, colTheirValue, colTheirEvidence, colComment, colCase, colRound, colPack, colCheck,
	}
)

// InvoiceColumns are the native names of the columns of an invoice table, DisputeColumns those of a dispute list.
func InvoiceColumns() []string { return columnNamesOf(invoiceColumns) }

// DisputeColumns are the native names of the columns of a dispute list.
func DisputeColumns() []string { return columnNamesOf(disputeColumns) }

// ResponseColumns are the native names of the columns of a response sheet, in its order.
func ResponseColumns() []string { return columnNamesOf(responseColumns) }

func columnNamesOf(columns []column) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = columnNames[c]
	}
	return names
}

// InvoiceColumn is the native column of an invoice that a name stands for: by the mapping, else by native name, else by synonym; ""
// if none.
func InvoiceColumn(name string, mapping Columns) string {
	folded := foldHeading(name)
	for _, fits := range []func(c column) bool{
		func(c column) bool {
			return mapping[columnNames[c]] != "" && foldHeading(mapping[columnNames[c]]) == folded
		},
		func(c column) bool { return isNative(folded, c) },
		func(c column) bool { return isSynonym(folded, c) },
	} {
		if i := slices.IndexFunc(invoiceColumns, fits); i >= 0 && folded != "" {
			return columnNames[invoiceColumns[i]]
		}
	}
	return ""
}

// cellMap says in which cell of a row each native column stands; -1 is nowhere.
type cellMap [columnCount]int

func (m *cellMap) has(c column) bool { return m[c] >= 0 }

// cell is the trimmed text of a column, "" where the row has none.
func (m *cellMap) cell(cells []string, c column) string {
	if at := m[c]; at >= 0 && at < len(cells) {
		return strings.TrimSpace(cells[at])
	}
	return ""
}

// id is a cell that names something: OCPI's #NA is as good as blank.
func (m *cellMap) id(cells []string, c column) string {
	if s := m.cell(cells, c); named(s) {
		return s
	}
	return ""
}

// mapColumns finds the columns of a table: by the mapping, else by native name, else by synonym. A heading that fits nothing is an
// info finding; two headings that fit equally well are an error, for either might be meant.
func mapColumns(header []string, known []column, mapping Columns) (cellMap, []ocpi.Finding, error) {
	m := newCellMap()
	taken := make([]bool, len(header))
	if err := m.apply(header, known, mapping, taken); err != nil {
		return m, nil, err
	}
	for _, rank := range []func(heading string, c column) bool{isNative, isSynonym} {
		if err := m.find(header, known, taken, rank); err != nil {
			return m, nil, err
		}
	}
	var findings []ocpi.Finding
	for i, heading := range header {
		if h := strings.TrimSpace(heading); !taken[i] && h != "" && h != OriginalMember {
			findings = append(findings, ocpi.Finding{
				Code: codeColumnUnknown, Severity: ocpi.SeverityInfo,
				Message: fmt.Sprintf("column %q is not used: it is no native name, no synonym, and no entry of columns maps it", heading),
			})
		}
	}
	return m, findings, nil
}

func newCellMap() cellMap {
	var m cellMap
	for i := range m {
		m[i] = -1
	}
	return m
}

// apply takes the columns that the case maps by name.
func (m *cellMap) apply(header []string, known []column, mapping Columns, taken []bool) error {
	natives := make([]string, 0, len(mapping))
	for native := range mapping {
		natives = append(natives, native)
	}
	slices.Sort(natives)
	for _, native := range natives {
		at := slices.IndexFunc(known, func(c column) bool { return columnNames[c] == native })
		if at < 0 {
			return fmt.Errorf("columns: %q is no column of this table (known: %s)", native, strings.Join(columnNamesOf(known), ", "))
		}
		cell, err := findHeading(header, mapping[native])
		if err != nil {
			return fmt.Errorf("columns: %s: %w", native, err)
		}
		m[known[at]], taken[cell] = cell, true
	}
	return nil
}

// findHeading finds a heading as written, or else by its letters and digits alone.
func findHeading(header []string, want string) (int, error) {
	for _, same := range []func(a string) bool{
		func(a string) bool { return a == want },
		func(a string) bool { return foldHeading(a) == foldHeading(want) },
	} {
		var found []int
		for i, h := range header {
			if same(h) {
				found = append(found, i)
			}
		}
		switch len(found) {
		case 0:
		case 1:
			return found[0], nil
		default:
			return 0, fmt.Errorf("the table has %d columns named %q", len(found), want)
		}
	}
	return 0, fmt.Errorf("the table has no column named %q (it has: %s)", want, strings.Join(header, ", "))
}

// find takes, for each column not found yet, the one heading that fits by rank.
func (m *cellMap) find(header []string, known []column, taken []bool, fits func(heading string, c column) bool) error {
	for _, c := range known {
		if m.has(c) {
			continue
		}
		for i, heading := range header {
			switch {
			case taken[i] || !fits(foldHeading(heading), c):
			case m.has(c):
				return fmt.Errorf("columns %q and %q both hold %s: say which under columns in the case file", header[m[c]], heading, columnNames[c])
			default:
				m[c] = i
			}
		}
		if m.has(c) {
			taken[m[c]] = true
		}
	}
	return nil
}

func isNative(heading string, c column) bool { return heading == foldHeading(columnNames[c]) }

func isSynonym(heading string, c column) bool {
	for synonym := range strings.FieldsSeq(columnSynonyms[c]) {
		if heading == synonym {
			return true
		}
	}
	return false
}

// foldHeading keeps of a heading its letters and digits, folded: "Betrag (netto)" and "betrag_netto" are one.
func foldHeading(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, foldText(s))
}
