package ocmf

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// text reads a string; a number or boolean in its place is read as written.
func (v value) text() string {
	switch v.raw[0] {
	case '"':
		var s string
		if json.Unmarshal(v.raw, &s) != nil {
			v.defect("a string with control characters, it is not read")
			return ""
		}
		return s
	case '{', '[':
		v.defect("wanted a string, it is not read")
		return ""
	}
	if v.null() {
		return ""
	}
	v.defect("%s, wanted a string; it is read as written", brief(string(v.raw)))
	return string(v.raw)
}

// maxNumberText is how long the text of a number may be.
const maxNumberText = 4096

// number reads a number from its text. Some meters write it as a string, padded with spaces or zeros.
func (v value) number() ocpi.Number {
	text := string(v.raw)
	if v.null() {
		return ocpi.Number{}
	}
	if v.raw[0] == '"' {
		text = unpadded(v.text())
		v.defect("the number %s as a string", brief(text))
	}
	if len(text) > maxNumberText {
		v.defect("a number of %d characters, it is not read", len(text))
		return ocpi.Number{}
	}
	d, err := exact.Parse([]byte(text))
	if err != nil {
		v.defect("%s: %v", brief(text), err)
		return ocpi.Number{}
	}
	return ocpi.Number{Value: d, Present: true}
}

// unpadded is a number without spaces around it and without leading zeros.
func unpadded(text string) string {
	text = strings.TrimSpace(text)
	sign := ""
	if strings.HasPrefix(text, "-") {
		sign, text = "-", text[1:]
	}
	for len(text) > 1 && text[0] == '0' && '0' <= text[1] && text[1] <= '9' {
		text = text[1:]
	}
	return sign + text
}

func (v value) boolean() ocpi.Tristate {
	switch string(v.raw) {
	case "true":
		return ocpi.True
	case "false":
		return ocpi.False
	case "null":
		return ocpi.Unset
	}
	v.defect("%s, wanted true or false", brief(string(v.raw)))
	return ocpi.Unset
}

// each calls f for every value of a list.
func (v value) each(f func(i int, v value)) {
	if v.null() {
		return
	}
	items, ok := ocpi.Items(v.raw)
	if !ok || v.raw[0] != '[' {
		v.defect("wanted a list, it is not read")
		return
	}
	for i, it := range items {
		f(i, value{v.p, v.raw[it.Value:it.End], v.at + it.Value, pointerTo(v.pointer, strconv.Itoa(i))})
	}
}

// members calls f for every member of an object.
func (v value) members(f func(name string, v value)) {
	items, ok := ocpi.Items(v.raw)
	if !ok || v.raw[0] != '{' {
		v.defect("wanted an object, it is not read")
		return
	}
	seen := map[string][]byte{}
	for _, it := range items {
		m := value{v.p, v.raw[it.Value:it.End], v.at + it.Value, pointerTo(v.pointer, it.Name)}
		if was, again := seen[it.Name]; again {
			m.duplicate(was)
		}
		seen[it.Name] = m.raw
		f(it.Name, m)
	}
}

// The spellings of a time. The specification has the first (OCMF, table 7, TM); the fraction may have any number of digits.
const (
	timeLayout   = "2006-01-02T15:04:05-0700"
	rfc3339      = "2006-01-02T15:04:05Z07:00"
	statusLength = 2 // a space and the letter
)

// time reads a time with its status.
func (v value) time() (at time.Time, status TimeStatus, text string) {
	text = v.text()
	written := text
	if n := len(text) - statusLength; n > 0 && text[n] == ' ' && strings.IndexByte("UISR", text[n+1]) >= 0 {
		status, written = TimeStatus(text[n+1]), text[:n]
	} else {
		v.defect("%s has no status U, I, S or R", brief(text))
	}
	at, err := time.Parse(timeLayout, written)
	if err != nil {
		if at, err = time.Parse(rfc3339, written); err == nil {
			v.defect("%s, wanted the form 2018-07-24T13:22:04,000+0200; it is read", brief(text))
		} else {
			v.defect("%s, wanted a time such as 2018-07-24T13:22:04,000+0200; it is not read", brief(text))
			return time.Time{}, status, text
		}
	}
	return at.UTC(), status, text
}
