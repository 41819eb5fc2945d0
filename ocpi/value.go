package ocpi

import (
	"bytes"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

// text reads the string at hand. A number or boolean in its place is read as written.
func (d *Decoder) text() string {
	at := d.p
	raw, odd, ok := d.rawText()
	if !ok {
		return ""
	}
	if odd || len(raw) > d.m.limit[d.vi] {
		d.checkText(at, raw)
	}
	return d.intern.string(raw)
}

// rawText reads the string at hand; the bytes hold until the next one is read. odd tells that it is more than plain ASCII.
func (d *Decoder) rawText() (text []byte, odd, ok bool) {
	at := d.p
	switch c := d.peek(); c {
	case '"':
		start, end, f := d.str()
		if f == 0 {
			return d.b[start:end], false, true
		}
		if f&(hasEscape|hasBroken) != 0 {
			d.scratch = unescape(d.scratch[:0], d.b[start:end])
			return d.scratch, true, true
		}
		return d.b[start:end], true, true
	case '{', '[':
		d.wrongType(at, "a string")
		d.skip()
		return nil, false, false
	default:
		d.notef(SchemaWrongType, SeverityWarn, at, "%s, wanted a string; it is read as written", describe(c))
		d.skip()
		return d.b[at:d.p], false, d.fault == ""
	}
}

// checkText reports characters that OCPI does not allow and text that is too long. Length is counted in characters; limits
// grew within versions, so that too long is never a reason to refuse.
func (d *Decoder) checkText(at int, text []byte) {
	if limit := d.m.limit[d.vi]; len(text) > limit {
		if n := utf8.RuneCount(text); n > limit {
			d.notef(SchemaLength, SeverityWarn, at, "%d characters, at most %d are allowed in %s", n, limit, d.m.name)
		}
	}
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		text = text[n:]
		switch {
		case r < ' ' || r == 0x7f:
			d.notef(SchemaCharacters, SeverityWarn, at, "control character U+%04X in %s, wanted printable text", r, d.m.name)
			return
		case r >= utf8.RuneSelf && d.m.ci:
			d.notef(SchemaCharacters, SeverityWarn, at, "character %q in %s, wanted printable ASCII", r, d.m.name)
			return
		case r >= utf8.RuneSelf && !textIsUTF8.has(d.version):
			d.notef(SchemaCharacters, SeverityInfo, at, "character %q in %s, wanted printable ASCII in %s", r, d.m.name, d.version)
			return
		}
	}
}

// textIsUTF8 is where strings may hold more than ASCII (types, string).
const textIsUTF8 = Since221

func (v Version) has(one Version) bool { return v&one != 0 }

// number reads the number at hand; one in a string is read too.
func (d *Decoder) number() Number {
	at := d.p
	switch c := d.peek(); {
	case c == '-' || '0' <= c && c <= '9':
		if raw := d.num(); raw != nil {
			return d.parse(at, raw)
		}
		return Number{}
	case c == '"':
		return d.numberInString()
	}
	d.wrongType(at, "a number")
	d.skip()
	return Number{}
}

// maxNumberText is how long the text of a number may be at all, trailing zeros included.
const maxNumberText = 4096

func (d *Decoder) parse(at int, raw []byte) Number {
	if len(raw) > maxNumberText {
		d.notef(NumberOutOfRange, SeverityBlock, at, "a number of %d characters, wanted at most 64 digits on either side of the point", len(raw))
		return Number{}
	}
	v, err := exact.Parse(raw)
	switch {
	case errors.Is(err, exact.ErrRange):
		d.notef(NumberOutOfRange, SeverityBlock, at, "%s needs more than 64 digits on one side of the point", brief(raw))
		return Number{}
	case err != nil:
		d.notef(SchemaWrongType, d.m.sev, at, "%s is no number", brief(raw))
		return Number{}
	}
	return Number{Value: v, Present: true}
}

// numberInString reads a number that was sent as a string. A decimal comma is not read: it may be a thousands separator.
func (d *Decoder) numberInString() Number {
	at := d.p
	raw, _, _ := d.rawText()
	raw = bytes.TrimSpace(raw)
	if n := numberLength(raw); n > 0 && n == len(raw) {
		d.notef(SchemaWrongType, SeverityWarn, at, "the number %s as a string", brief(raw))
		return d.parse(at, raw)
	}
	if bytes.IndexByte(raw, ',') > 0 && len(bytes.Trim(raw, "0123456789.,-")) == 0 {
		d.notef(NumberDecimalComma, max(d.m.sev, SeverityError), at, "%s with a comma, wanted a point; it is not read", brief(raw))
		return Number{}
	}
	d.notef(SchemaWrongType, d.m.sev, at, "the text %q, wanted a number", brief(raw))
	return Number{}
}

// whole reads a number that has no decimals by its definition.
func (d *Decoder) whole() Number {
	at := d.p
	n := d.number()
	if n.Present && n.Value.Scale() > 0 && !n.Value.Equal(n.Value.Round(0, exact.Down)) {
		d.notef(SchemaWrongType, SeverityWarn, at, "%s, wanted a whole number", n.Value)
	}
	return n
}

// boolean reads true or false, also as a string.
func (d *Decoder) boolean() Tristate {
	at := d.p
	switch d.peek() {
	case 't':
		d.word("true")
		return True
	case 'f':
		d.word("false")
		return False
	case '"':
		raw, _, _ := d.rawText()
		for i, word := range []string{False: "false", True: "true"} {
			if strings.EqualFold(string(raw), word) && word != "" {
				d.notef(SchemaWrongType, SeverityWarn, at, "%s as a string, wanted a boolean", word)
				return Tristate(i)
			}
		}
		d.notef(SchemaWrongType, d.m.sev, at, "the text %q, wanted a boolean", brief(raw))
		return Unset
	}
	d.wrongType(at, "a boolean")
	d.skip()
	return Unset
}

// enum reads one of a closed set of words. Their case counts in OCPI; another case is read with a warning, another word is
// kept as sent.
func (d *Decoder) enum(words []string) string {
	at := d.p
	raw, _, ok := d.rawText()
	if !ok {
		return ""
	}
	for _, w := range words {
		if w == string(raw) {
			return w
		}
	}
	for _, w := range words {
		if strings.EqualFold(w, strings.TrimSpace(string(raw))) {
			d.notef(SchemaEnum, SeverityWarn, at, "%q, wanted %s", brief(raw), w)
			return w
		}
	}
	d.notef(SchemaEnum, d.m.sev, at, "%q, wanted one of %s", brief(raw), strings.Join(words, ", "))
	return d.intern.string(raw)
}

// brief is text for a message, cut where it is long.
func brief(raw []byte) string {
	if len(raw) > 64 {
		return strings.ToValidUTF8(string(raw[:60]), "\ufffd") + "..."
	}
	return string(raw)
}
