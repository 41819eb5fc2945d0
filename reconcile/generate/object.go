package generate

import (
	"encoding/json"
	"time"
)

// object appends JSON text. Members of an object and values of a list are separated by themselves.
type object struct{ b []byte }

// sep writes the comma before a value that is not the first.
func (o *object) sep() {
	if n := len(o.b); n > 0 {
		if c := o.b[n-1]; c != '{' && c != '[' && c != ':' && c != '\n' {
			o.b = append(o.b, ',')
		}
	}
}

func (o *object) name(name string) {
	o.sep()
	o.b = append(o.b, '"')
	o.b = append(o.b, name...)
	o.b = append(o.b, '"', ':')
}

// open begins a member that is an object ('{') or a list ('['); name may be "" inside a list.
func (o *object) open(name string, bracket byte) {
	if name == "" {
		o.sep()
	} else {
		o.name(name)
	}
	o.b = append(o.b, bracket)
}

func (o *object) close(bracket byte) { o.b = append(o.b, bracket) }

func (o *object) str(name, v string) {
	o.name(name)
	o.b = appendString(o.b, v)
}

// optional writes a string that may be absent.
func (o *object) optional(name, v string) {
	if v != "" {
		o.str(name, v)
	}
}

// dec writes v × 10^-scale.
func (o *object) dec(name string, v int64, scale int) {
	o.name(name)
	o.b = appendDecimal(o.b, v, scale)
}

// amount writes money with two decimals, trailing zeros left out as JSON writers do.
func (o *object) amount(name string, c cents) { o.dec(name, int64(c), 2) }

func (o *object) yes(name string) {
	o.name(name)
	o.b = append(o.b, "true"...)
}

func (o *object) raw(name string, v []byte) {
	if name == "" {
		o.sep()
	} else {
		o.name(name)
	}
	o.b = append(o.b, v...)
}

func (o *object) time(name string, unix int64) {
	o.name(name)
	o.b = append(o.b, '"')
	o.b = appendTime(o.b, unix)
	o.b = append(o.b, '"')
}

// appendTime writes an instant as RFC 3339 in UTC.
func appendTime(b []byte, unix int64) []byte {
	return time.Unix(unix, 0).UTC().AppendFormat(b, "2006-01-02T15:04:05Z")
}

// appendString writes a JSON string.
func appendString(b []byte, v string) []byte {
	for i := 0; i < len(v); i++ {
		if c := v[i]; c < ' ' || c == '"' || c == '\\' || c >= 0x7f {
			quoted, _ := json.Marshal(v) // a string always marshals
			return append(b, quoted...)
		}
	}
	b = append(b, '"')
	b = append(b, v...)
	return append(b, '"')
}
