package xlsx

import (
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

// Cell is one cell of a row. The zero value is empty.
type Cell struct {
	kind kind
	text string // what stands in the part, not escaped
}

type kind uint8

const (
	empty kind = iota
	text
	number
	count
	day
	moment
	title
	running
)

// MaxText is the most that a cell holds, in UTF-16 units, as spreadsheets count. Text cuts what is longer.
const MaxText = 32_767

// Text is a cell that is text whatever it looks like: "=1+1" stays five characters.
func Text(s string) Cell {
	if s == "" {
		return Cell{}
	}
	return Cell{text, cut(s)}
}

// Title is a text, or an empty cell, that stands out as a heading does, for sheets that have several tables.
func Title(s string) Cell { return Cell{title, cut(s)} }

// Running is a text that is not broken into lines: it runs on over empty cells beside it.
func Running(s string) Cell {
	if s == "" {
		return Cell{}
	}
	return Cell{running, cut(s)}
}

func (k kind) isText() bool { return k == text || k == title || k == running }

// cut keeps as much of a text as a cell holds. Bytes that are no UTF-8 become U+FFFD.
func cut(s string) string {
	if len(s) <= MaxText && utf8.ValidString(s) {
		return s
	}
	units := 0
	var b strings.Builder
	for _, r := range s {
		if units += utf16.RuneLen(r); units > MaxText {
			break
		}
		b.WriteRune(r)
	}
	return b.String()
}

// exactDigits is how many digits of a number spreadsheets keep.
const exactDigits = 15

// Number is a number with its exact text. One with more digits than a spreadsheet keeps is text, so that nothing is lost when it is saved.
func Number(v exact.Decimal) Cell {
	plain := v.Trim().Plain()
	if len(strings.TrimLeft(strings.ReplaceAll(strings.TrimPrefix(plain, "-"), ".", ""), "0")) > exactDigits {
		return Text(plain)
	}
	return Cell{number, plain}
}

// Count is a whole number that is shown as one.
func Count(n int) Cell { return Cell{count, exact.FromInt(int64(n)).Plain()} }

// The first day that every spreadsheet numbers alike: before it some count a 29 February 1900.
var (
	firstDay = time.Date(1900, 3, 1, 0, 0, 0, 0, time.UTC)
	origin   = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
)

const secondsOfDay = 24 * 60 * 60

// Day is the date of a time in UTC; empty for the zero time, text before March 1900.
func Day(t time.Time) Cell {
	t = t.UTC()
	switch {
	case t.IsZero():
		return Cell{}
	case t.Before(firstDay):
		return Text(t.Format(time.DateOnly))
	}
	return Cell{day, exact.FromInt(secondsSince(t) / secondsOfDay).Plain()}
}

// Time is a point in time in UTC, to the second; empty for the zero time, text before March 1900.
func Time(t time.Time) Cell {
	t = t.UTC()
	switch {
	case t.IsZero():
		return Cell{}
	case t.Before(firstDay):
		return Text(t.Format(time.DateTime))
	}
	// Ten decimals of a day are finer than a second, and with five digits before the point within what spreadsheets keep.
	serial := exact.FromInt(secondsSince(t)).DivRound(exact.FromInt(secondsOfDay), 10, exact.HalfUp)
	return Cell{moment, serial.Trim().Plain()}
}

func secondsSince(t time.Time) int64 { return t.Unix() - origin.Unix() }

// appendEscaped appends a text as XML. Characters that XML cannot hold, and what looks like their escape, are written as _x000D_
// (ECMA-376, Part 1, 22.9.2.19); NUL, which no reader takes, as U+FFFD.
func appendEscaped(dst []byte, s string) []byte {
	for i, r := range s {
		switch {
		case r == '&':
			dst = append(dst, "&amp;"...)
		case r == '<':
			dst = append(dst, "&lt;"...)
		case r == '>':
			dst = append(dst, "&gt;"...)
		case r == '"':
			dst = append(dst, "&quot;"...)
		case r == 0:
			dst = utf8.AppendRune(dst, utf8.RuneError)
		case r < ' ' && r != '\t' && r != '\n', r == 0xFFFE, r == 0xFFFF:
			dst = appendUnit(dst, r)
		case r == '_' && looksEscaped(s[i:]):
			dst = appendUnit(dst, r)
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst
}

func appendUnit(dst []byte, r rune) []byte {
	const hex = "0123456789ABCDEF"
	return append(dst, '_', 'x', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15], '_')
}

// looksEscaped reports a text that begins with _x, four hexadecimal digits and _.
func looksEscaped(s string) bool {
	return len(s) >= 7 && s[1] == 'x' && s[6] == '_' && strings.Trim(s[2:6], "0123456789abcdefABCDEF") == ""
}
