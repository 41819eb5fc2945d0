package source

import (
	"bytes"
	"strconv"

	"github.com/nexacollect/reconcile/ocpi"
)

// status is what a response says beside its data (OCPI 2.1.1, 2.2.1, 2.3.0 transport_and_format, response format).
type status struct {
	code, message string
	time          bool
}

// isResponse reports that the object that begins here is a response around records: see the package comment.
func (f *framer) isResponse() bool {
	f.w.need(len(f.plain))
	if len(f.plain) > 0 && bytes.HasPrefix(f.w.bytes(), f.plain) {
		return false
	}
	yes, sure := response(f.w.bytes())
	for !sure && len(f.w.bytes()) < lookahead && f.w.more() {
		yes, sure = response(f.w.bytes())
	}
	if yes {
		return true
	}
	f.remember()
	return false
}

// remember keeps how an object began that is no response, up to the end of its first name: one that begins the same way is none
// either.
func (f *framer) remember() {
	head := f.w.bytes()
	name := bytes.TrimLeft(head[1:min(len(head), lookahead)], " \t\r\n")
	n := stringEnd(name)
	if n < 0 {
		return
	}
	switch string(name[:n]) {
	case `"data"`, `"status_code"`, `"status_message"`, `"timestamp"`:
		return
	}
	f.plain = append(f.plain[:0], head[:bytes.IndexByte(head, '"')+n]...)
}

// response decides by the first members of an object. It is not sure where b ends too early.
func response(b []byte) (yes, sure bool) {
	b = b[1:min(len(b), lookahead)]
	hasStatus := false
	for {
		b = bytes.TrimLeft(b, " \t\r\n,")
		if len(b) == 0 {
			return false, false
		}
		if b[0] == '}' {
			return hasStatus, true
		}
		n := stringEnd(b)
		if n < 0 {
			return false, b[0] != '"'
		}
		key := string(b[1 : n-1])
		b = bytes.TrimLeft(b[n:], " \t\r\n")
		if len(b) > 0 && b[0] != ':' {
			return false, true
		}
		b = bytes.TrimLeft(b[min(1, len(b)):], " \t\r\n")
		if len(b) == 0 {
			return false, false
		}
		hasStatus = hasStatus || key == "status_code"
		switch b[0] {
		case '{', '[':
			return key == "data", true
		case '"':
			n = stringEnd(b)
		default:
			n = bytes.IndexAny(b, ",} \t\r\n")
		}
		if n < 0 {
			return false, false
		}
		if n == 0 {
			return false, true
		}
		b = b[n:]
	}
}

// member takes a member of a response, or its end.
func (f *framer) member(c byte) {
	st := f.stack[len(f.stack)-1].status
	switch c {
	case '}':
		f.close(st)
		return
	case '{':
		f.restart()
		return
	}
	key, ok := f.key()
	if !ok {
		place := f.place()
		f.skipLine()
		f.stack = f.stack[:len(f.stack)-1]
		f.reject(place, CodeSyntax, "response goes on with %d bytes that are no member, want a name and a value; the response is left", f.since(place))
		return
	}
	c, ok = f.skipBlank()
	switch {
	case !ok: // the file ends
	case key == "data" && c == '[':
		f.stack = append(f.stack, container{array: true})
		f.skip(1)
	case key == "data" && c == '{':
		f.object()
	case key == "data" && c != 'n':
		f.entry(c)
	default:
		head := make([]byte, 0, headOfValue)
		if _, whole := f.skipValue(&head); whole {
			st.set(key, head)
		}
	}
}

// headOfValue is how much of a value beside the data is kept.
const headOfValue = 200

// set notes a member beside the data.
func (s *status) set(key string, value []byte) {
	switch key {
	case "status_code":
		s.code = string(value)
	case "status_message":
		s.message = string(value)
	case "timestamp":
		s.time = true
	}
}

// close leaves a response and judges its status.
func (f *framer) close(s *status) {
	n, err := strconv.Atoi(s.code)
	message := ""
	if s.message != "" {
		message = " and message " + s.message
	}
	switch {
	case s.code == "" && !s.time:
		f.note(CodeEnvelope, ocpi.SeverityWarn, "object with data has neither status_code nor timestamp, want an OCPI response; its data is read all the same")
	case s.code == "":
		f.note(CodeEnvelope, ocpi.SeverityWarn, "response has no status_code%s, want 1000", message)
	case err != nil || n < 1000 || n > 1999:
		f.note(CodeEnvelope, ocpi.SeverityWarn, "response has status_code %s%s, want 1000; fetch the page again, its records may be missing", s.code, message)
	}
	f.stack = f.stack[:len(f.stack)-1]
	f.skip(1)
}

// key takes a name and its colon.
func (f *framer) key() (string, bool) {
	f.w.need(lookahead)
	b := f.w.bytes()
	n := stringEnd(b[:min(len(b), lookahead)])
	if n < 0 {
		return "", false
	}
	rest := bytes.TrimLeft(b[n:], " \t\r\n")
	if len(rest) == 0 || rest[0] != ':' {
		return "", false
	}
	key := string(b[1 : n-1])
	f.skip(len(b) - len(rest) + 1)
	return key, true
}
