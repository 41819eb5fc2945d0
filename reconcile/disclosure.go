package reconcile

import (
	"bytes"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
)

// OriginalMember is the member of a redacted record, and the column of a redacted row, that holds the level of disclosure, a colon and the
// commitment to its original. It is read by nothing but `open`.
const OriginalMember = ocpi.OriginalMember

// OriginalOf finds in the bytes of a redacted copy, a record or a row, its level of disclosure and its commitment to the original: 64
// hexadecimal digits.
func OriginalOf(raw []byte) (level, commitment string, ok bool) {
	const digits = 64
	for _, level := range disclosures {
		at := bytes.LastIndex(raw, []byte(level+":"))
		if at < 0 {
			continue
		}
		rest := raw[at+len(level)+1:]
		if len(rest) >= digits && len(bytes.Trim(rest[:digits], "0123456789abcdef")) == 0 {
			return level, string(rest[:digits]), true
		}
	}
	return "", "", false
}

// Redacted is the case for redacted copies of its inputs at a level of disclosure: without what says how tables are read, which are
// written under native names, and without keys of meters, whose signed data is withheld. Its inputs are the caller's to name.
func (c *Case) Redacted(level string) *Case {
	out := *c
	out.Disclosure, out.Columns, out.Agreement.MeterKeys, out.Inputs.TimeZone = level, nil, nil, ""
	if out.file != "" {
		out.file = "case.yaml"
	}
	return &out
}

// Named reports an id that names something: neither blank nor OCPI's #NA.
func Named(id string) bool { return named(id) }

// PlainID is an id without separators, case and leading zeros, as matching compares it.
func PlainID(id string) string { return plainID(id) }

// ContractKey is a plain contract id without its check digit, as matching compares it.
func ContractKey(plain string) string { return contractKey(plain) }

// StatusOf is what a status column says: "accepted", "disputed", or "" where it says neither.
func StatusOf(text string) string {
	switch word := foldHeading(text); {
	case word == "":
	case hasWord(disputedWords, word):
		return "disputed"
	case hasWord(acceptedWords, word):
		return "accepted"
	}
	return ""
}

// AnswerOf is what the answer column of a response sheet says: "accept", "dispute", or "" where it says neither.
func AnswerOf(text string) string {
	switch word := foldHeading(text); {
	case word == "", hasWord("yes no true false", word):
	case hasWord(acceptedWords, word):
		return "accept"
	case hasWord(disputedWords, word):
		return "dispute"
	}
	return ""
}

// IsDecision reports the name of a decision.
func IsDecision(name string) bool { return slices.Contains(decisionKinds, DecisionKind(name)) }

// Words is a reason that puts the same in question, in words of our own: Disputes reads it as q.
func (q Quantity) Words() string {
	if q == QuantityAll {
		return q.String()
	}
	words := q.String()
	if q&QuantitySession != 0 && q&(QuantityKWh|QuantityTime) != 0 {
		words = strings.ReplaceAll(words, "session", "session id")
	}
	if q&QuantityTariff != 0 { // "kWh, tariff" is the price of a kWh
		words = strings.ReplaceAll(words, "kwh", "energy")
	}
	return words
}

// NativeColumns are the native columns of the columns of a table, "" for those that are not read. The table is invoice, disputes or
// responses, as in the columns section of a case. An error is that of the reader of the table.
func NativeColumns(table string, header []string, mapping Columns) ([]string, error) {
	known := map[string][]column{"invoice": invoiceColumns, "disputes": disputeColumns, "responses": responseColumns}[table]
	m, _, err := mapColumns(header, known, mapping)
	if err != nil {
		return nil, err
	}
	out := make([]string, len(header))
	for _, c := range known {
		if m.has(c) {
			out[m[c]] = columnNames[c]
		}
	}
	return out, nil
}
