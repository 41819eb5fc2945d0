package pack

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/nexacollect/reconcile/ocpi"
)

const hexDigits = "0123456789abcdef"

// appendString appends s as a JSON string. Bytes that are no UTF-8 become U+FFFD.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		if c < utf8.RuneSelf {
			dst = appendEscape(append(dst, s[start:i]...), c)
			i++
			start = i
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			dst = append(append(dst, s[start:i]...), "\uFFFD"...)
			start = i + 1
		}
		i += size
	}
	return append(append(dst, s[start:]...), '"')
}

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	return append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
}

// appendText appends s as a JSON string, null where it is absent.
func appendText(dst []byte, s string) []byte {
	if s == "" {
		return append(dst, "null"...)
	}
	return appendString(dst, s)
}

// appendMember appends a name, written with its quotes, colon and leading comma, and a text that may be absent.
func appendMember(dst []byte, name, s string) []byte {
	return appendText(append(dst, name...), s)
}

// appendNumberMember appends a name, as appendMember does, and an integer.
func appendNumberMember(dst []byte, name string, n int64) []byte {
	return strconv.AppendInt(append(dst, name...), n, 10)
}

// moneyText is an amount in the notation of machine output; an absent part is "".
type moneyText struct {
	BeforeTaxes string `json:"before_taxes"`
	AfterTaxes  string `json:"after_taxes"`
}

func numberText(n ocpi.Number) string {
	switch {
	case !n.Present:
		return ""
	case n.Value.IsZero():
		return "0"
	}
	return n.Value.Output()
}

// appendNumber appends a decimal, which is never in need of escapes, as a JSON string; null where it is absent.
func appendNumber(dst []byte, text string) []byte {
	if text == "" {
		return append(dst, "null"...)
	}
	return append(append(append(dst, '"'), text...), '"')
}

func appendMoney(dst []byte, name string, m moneyText) []byte {
	dst = append(append(dst, name...), `{"before_taxes":`...)
	dst = append(appendNumber(dst, m.BeforeTaxes), `,"after_taxes":`...)
	return append(appendNumber(dst, m.AfterTaxes), '}')
}

// Classes of bytes in cells.
const (
	cellQuoted  = 1 << iota // a separator of some locale, a quote, a line break
	cellFormula             // at the beginning, what a spreadsheet would run
	cellSpace
)

var cellClass = func() (class [256]byte) {
	for _, c := range ",;|\t\r\n\"'" {
		class[c] |= cellQuoted
	}
	for _, c := range "=+-@\t\r\n" {
		class[c] |= cellFormula
	}
	class[' '] |= cellSpace
	return class
}()

// fullWidth are the forms of = + - @ that some spreadsheets take for them.
var fullWidth = [...]string{"＝", "＋", "－", "＠"}

// appendCell appends a text as a cell of a CSV file. What a spreadsheet would run as a formula is led by an apostrophe; what
// holds a separator of any locale is quoted.
func appendCell(dst []byte, s string) []byte {
	if s == "" {
		return dst
	}
	guard := cellClass[s[0]]&cellFormula != 0
	if s[0] >= utf8.RuneSelf {
		for _, sign := range fullWidth {
			guard = guard || strings.HasPrefix(s, sign)
		}
	}
	quote := guard || (cellClass[s[0]]|cellClass[s[len(s)-1]])&cellSpace != 0
	for i := 0; i < len(s) && !quote; i++ {
		quote = cellClass[s[i]]&cellQuoted != 0
	}
	if !quote {
		return append(dst, s...)
	}
	dst = append(dst, '"')
	if guard {
		dst = append(dst, '\'')
	}
	for i := range len(s) {
		if s[i] == '"' {
			dst = append(dst, '"')
		}
		dst = append(dst, s[i])
	}
	return append(dst, '"')
}
