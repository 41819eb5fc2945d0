package reconcile

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// row is one row of a table while it is read: its cells, and what was found in them.
type row struct {
	cells    []string
	columns  *cellMap
	place    ocpi.Place
	findings []ocpi.Finding
}

func (r *row) find(code ocpi.Code, severity ocpi.Severity, format string, args ...any) {
	r.findings = append(r.findings, ocpi.Finding{Code: code, Severity: severity, Place: r.place, Message: fmt.Sprintf(format, args...)})
}

func (r *row) text(c column) string { return r.columns.cell(r.cells, c) }

func (r *row) id(c column) string { return r.columns.id(r.cells, c) }

// checkWidth reports a row whose number of cells is not the header's: a stray separator may have shifted its values.
func (r *row) checkWidth(header int) {
	if len(r.cells) != header {
		r.find(codeRowWidth, ocpi.SeverityWarn, "the row has %d cells, want %d as in the header", len(r.cells), header)
	}
}

// number reads a number that the row can do without; one that cannot be read is a finding and absent.
func (r *row) number(c column) ocpi.Number {
	n, err := r.amount(c)
	if err != nil {
		r.find(numberCode(err, codeNumberUnreadable), ocpi.SeverityWarn, "%s: %v", columnNames[c], err)
	}
	return n
}

// amount reads a number; blank is absent. A decimal comma is accepted where it can be nothing else.
func (r *row) amount(c column) (ocpi.Number, error) {
	text := r.text(c)
	if text == "" {
		return ocpi.Number{}, nil
	}
	value, comma, err := readDecimal(text)
	if err != nil {
		return ocpi.Number{}, err
	}
	if comma {
		r.find(codeDecimalComma, ocpi.SeverityInfo, "%s: %q read as %s", columnNames[c], text, value)
	}
	return Known(value), nil
}

// numberCode is the code for a number that cannot be read.
func numberCode(err error, otherwise ocpi.Code) ocpi.Code {
	if errors.Is(err, exact.ErrRange) {
		return "number-out-of-range"
	}
	return otherwise
}

var errThousands = errors.New("it has a thousands separator, or one that may be: write 1234.50")

// readDecimal reads a number as JSON writes it, or with a decimal comma where that is unambiguous: one comma, no point, and not
// three digits after it that could be thousands ("12,50" but not "1,250"). A currency or a unit beside the number is not accepted.
func readDecimal(text string) (value exact.Decimal, comma bool, err error) {
	value, err = exact.Parse([]byte(text))
	if err == nil || errors.Is(err, exact.ErrRange) {
		return value, false, err
	}
	notNumber := fmt.Errorf("%q is not a number", text)
	if strings.Trim(text, "0123456789.,' \u00a0\u202f+-") != "" {
		return value, false, notNumber
	}
	whole, fraction, found := strings.Cut(text, ",")
	unsigned := strings.TrimPrefix(whole, "-")
	switch {
	case !found || !allDigits(unsigned) && strings.Trim(unsigned, "0123456789") == "" || fraction == "":
		return value, false, notNumber
	case !allDigits(unsigned) || !allDigits(fraction), len(fraction) == 3 && len(unsigned) <= 3 && unsigned != "0":
		return value, false, fmt.Errorf("%q: %w", text, errThousands)
	}
	value, err = exact.Parse([]byte(whole + "." + fraction))
	if err != nil {
		return value, false, notNumber
	}
	return value, true, nil
}

// dateForms are the accepted forms beside RFC 3339. They carry no zone and are read as UTC.
var dateForms = []string{time.DateTime, "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02T15:04"}

// ReadTime reads a cell that is a point in time, as tables of invoices have it; a day stands for its first instant. assumed: the text has no
// zone and is read as UTC. ok is false where it is no date.
func ReadTime(text string) (t time.Time, assumed, ok bool) {
	if len(text) == len(time.DateOnly) { // before the longer form: what does not parse costs the making of an error
		if t, err := time.Parse(time.DateOnly, text); err == nil {
			return t, false, true
		}
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.UTC(), false, true
	}
	for _, form := range dateForms {
		if t, err := time.Parse(form, text); err == nil {
			return t, true, true
		}
	}
	return time.Time{}, false, false
}

// time reads a point in time.
func (r *row) time(c column) time.Time {
	text := r.text(c)
	if text == "" {
		return time.Time{}
	}
	t, assumed, ok := ReadTime(text)
	switch {
	case assumed:
		r.find(codeDateAssumedUTC, ocpi.SeverityInfo, "%s: %q has no zone and is read as UTC", columnNames[c], text)
	case !ok:
		r.find(codeDateUnreadable, ocpi.SeverityWarn, "%s: %q is no date; want 2026-09-30, 2026-09-30 14:05 or 2026-09-30T14:05:00Z", columnNames[c], text)
	}
	return t
}

// currency reads a currency code; anything but three letters is absent.
func (r *row) currency() string { return currencyOf(r.text(colCurrency)) }

// currencyOf is a currency code in upper case, "" where it is none.
func currencyOf(text string) string {
	if len(text) != 3 {
		return ""
	}
	text = strings.ToUpper(text)
	if len(text) != 3 || !isUpper(text[0]) || !isUpper(text[1]) || !isUpper(text[2]) {
		return ""
	}
	return text
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
