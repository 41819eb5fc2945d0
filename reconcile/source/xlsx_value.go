package source

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

// dateStyle says what of a date the format of a cell shows.
type dateStyle uint8

const (
	noDate dateStyle = iota
	dayOnly
	dayAndTime
)

// builtinDates are the formats of dates that need no code (ECMA-376, Part 1, 18.8.30, with those of East Asian editions).
func builtinDates(id int) dateStyle {
	switch {
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return dayOnly
	case id >= 18 && id <= 22, id >= 32 && id <= 35, id >= 45 && id <= 47, id == 55, id == 56:
		return dayAndTime
	}
	return noDate
}

// dateStyleOf reads the code of a format: letters of dates outside of quotes, escapes and brackets, in its first section. A code with
// places for digits is one of numbers, whatever its letters say, but for fractions of a second.
func dateStyleOf(code string) dateStyle {
	style := noDate
	code, _, _ = strings.Cut(formatLiterals.ReplaceAllStringFunc(strings.ToLower(code), elapsed), ";")
	code = strings.ReplaceAll(code, "general", "")
	if strings.ContainsAny(secondFractions.ReplaceAllString(code, "s"), "0#?") {
		return noDate
	}
	switch {
	case strings.ContainsAny(code, "hs"):
		style = dayAndTime
	case strings.ContainsAny(code, "dmy"):
		style = dayOnly
	}
	return style
}

// formatLiterals are the parts of a format's code that stand for themselves, or in brackets; secondFractions those of a second.
var (
	formatLiterals  = regexp.MustCompile(`"[^"]*"?|\\.?|[_*].?|\[[^\]]*\]?`)
	secondFractions = regexp.MustCompile(`s[.,]0+`)
)

// elapsed keeps of such parts only time that passed, as [h].
func elapsed(part string) string {
	if inside := strings.Trim(part, "[]"); inside != "" && part[0] == '[' && (strings.Trim(inside, "h") == "" || strings.Trim(inside, "m") == "" || strings.Trim(inside, "s") == "") {
		return "h"
	}
	return ""
}

// What is known of the days that serial numbers count, from the last day of 1899. Spreadsheets take 1900 for a leap year, so from its
// March on they are one day ahead.
const (
	leapBug     = 60      // 29 February 1900, which was not
	lastDate    = 2958465 // 31 December 9999
	days1904    = 1462    // 1 January 1904, from which workbooks with date1904 count
	daySeconds  = 24 * 60 * 60
	significant = 15 // digits that a spreadsheet keeps of a number
)

// dateText is the point in time of a serial number, rounded half-up to the second, as text without a zone; "" where it is none.
func dateText(serial string, style dateStyle, from1904 bool) string {
	v, err := exact.Parse([]byte(serial))
	if err != nil || v.Sign() < 0 || exact.FromInt(lastDate+1).Cmp(v) <= 0 {
		return ""
	}
	seconds, err := strconv.ParseInt(v.Mul(exact.FromInt(daySeconds)).Round(0, exact.HalfUp).Plain(), 10, 64)
	if err != nil {
		return ""
	}
	days, rest := seconds/daySeconds, seconds%daySeconds
	clock := time.Unix(rest, 0).UTC().Format(time.TimeOnly)
	if days == 0 {
		return clock
	}
	if from1904 {
		days += days1904
	}
	if style == dayOnly && rest == 0 {
		return dayText(days)
	}
	return dayText(days) + " " + clock
}

// dayText is the day that a serial number counts.
func dayText(days int64) string {
	switch {
	case days == leapBug:
		return "1900-02-29" // as the spreadsheet shows it; it is no date
	case days < leapBug:
		days++
	}
	return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(days)).Format(time.DateOnly)
}

// numberText is a number as the file has it. One with more digits than spreadsheets keep, as the binary numbers behind them give, is
// rounded half-up to those; exponents are written out, and long rows of zeros left out.
func numberText(text string) (out string, rounded bool) {
	if len(text) <= significant && !strings.ContainsAny(text, "eE") {
		return text, false
	}
	v, err := exact.Parse([]byte(text))
	if err != nil {
		return text, false // for the reader of the cell to refuse
	}
	whole, fraction, _ := strings.Cut(v.Abs().Plain(), ".")
	whole = strings.TrimLeft(whole, "0")
	leading := 0
	if whole == "" {
		leading = len(fraction) - len(strings.TrimLeft(fraction, "0"))
	}
	if len(strings.TrimRight(whole+fraction, "0"))-leading <= significant {
		return v.Plain(), false
	}
	return v.Round(int32(significant-len(whole)+leading), exact.HalfUp).Plain(), true
}

// value is the text of a cell; a bare one is a number or a literal of JSON. What is odd about it is remembered for the column.
func (t *xlsxTable) value(c sheetCell, row int) (text string, bare bool) {
	switch c.kind {
	case "s":
		if n, err := strconv.Atoi(strings.TrimSpace(c.value)); err == nil && n >= 0 && n < len(t.book.strings) {
			return t.book.strings[n], false
		}
		if c.valued {
			t.odd(oddString, c, row)
		}
		return "", false
	case "str":
		return unescape(c.value), false
	case "inlineStr", "d":
		return c.value, false
	case "b":
		return strconv.FormatBool(isTrue(strings.TrimSpace(c.value))), true
	case "e":
		t.odd(oddError, c, row)
		return "", false
	}
	return t.number(c, row)
}

// number is the text of a number or a date.
func (t *xlsxTable) number(c sheetCell, row int) (text string, bare bool) {
	raw := strings.TrimSpace(c.value)
	if raw == "" {
		if c.formula {
			t.odd(oddFormula, c, row)
		}
		return "", false
	}
	if c.style >= 0 && c.style < len(t.book.dates) && t.book.dates[c.style] != noDate {
		if text := dateText(raw, t.book.dates[c.style], t.book.date1904); text != "" {
			return text, false
		}
	}
	text, rounded := numberText(raw)
	if rounded {
		t.odd(oddDigits, c, row)
	}
	_, err := exact.Parse([]byte(text))
	return text, err == nil
}

// odd remembers something about a cell, which is told once for its column.
func (t *xlsxTable) odd(kind oddity, c sheetCell, row int) {
	key := oddColumn{kind, c.column}
	if kind == oddBeyond {
		key.column = len(t.header)
	}
	o := t.oddities[key]
	if o == nil {
		o = &oddCells{first: fmt.Sprintf("%s%d", columnLetters(c.column), row), value: c.value, row: row}
		t.oddities[key] = o
	}
	o.cells++
}
