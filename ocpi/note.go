package ocpi

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// maxAlike bounds the findings of one code and severity in one record; what goes beyond is counted in the last of them. A
// hostile record could hold millions.
const maxAlike = 16

// alike counts the findings of one code and severity.
type alike struct {
	code     Code
	severity Severity
	count    int
}

// admit reports whether one more finding of this kind is listed.
func (d *Decoder) admit(code Code, severity Severity) bool {
	d.told++
	for i := range d.alikes {
		a := &d.alikes[i]
		if a.code == code && a.severity == severity {
			a.count++
			return a.count <= maxAlike
		}
	}
	d.alikes = append(d.alikes, alike{code, severity, 1})
	return true
}

// note reports a finding about the value at hand, whose first byte is at offset at of the record.
func (d *Decoder) note(code Code, severity Severity, at int, message string) {
	if d.admit(code, severity) {
		d.add(Finding{Code: code, Severity: severity, Place: d.place(at), Pointer: d.pointer(), Message: message})
	}
}

func (d *Decoder) notef(code Code, severity Severity, at int, format string, args ...any) {
	if d.admit(code, severity) {
		d.add(Finding{Code: code, Severity: severity, Place: d.place(at), Pointer: d.pointer(), Message: fmt.Sprintf(format, args...)})
	}
}

// noteIn reports a finding about a member that the object at hand ought to have.
func (d *Decoder) noteIn(at int, name string, code Code, severity Severity, message string) {
	if d.admit(code, severity) {
		d.add(Finding{Code: code, Severity: severity, Place: d.place(at), Pointer: d.pointer() + "/" + escapePointer(name), Message: message})
	}
}

func (d *Decoder) add(f Finding) { d.findings = append(d.findings, f) }

// place is where the byte at an offset of the record stands in the input.
func (d *Decoder) place(at int) Place {
	at = min(at, len(d.b))
	if at >= d.lineAt {
		d.line += bytes.Count(d.b[d.lineAt:at], []byte{'\n'})
	} else {
		d.line -= bytes.Count(d.b[at:d.lineAt], []byte{'\n'})
	}
	d.lineAt = at
	p := d.rec.Place
	p.Line = max(p.Line, 1) + d.line
	p.Offset += int64(at)
	return p
}

// pointer is the RFC 6901 pointer of the value at hand.
func (d *Decoder) pointer() string {
	var b strings.Builder
	for _, f := range d.path {
		b.WriteByte('/')
		if f.index >= 0 {
			b.WriteString(strconv.Itoa(f.index))
		} else {
			b.WriteString(escapePointer(string(unescape(nil, d.b[f.name.start:f.name.end]))))
		}
	}
	return b.String()
}

func escapePointer(name string) string {
	if !strings.ContainsAny(name, "~/") {
		return name
	}
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}

// take returns the findings of the record as the caller's own. Kinds of finding that were too many say so in the last one.
func (d *Decoder) take() []Finding {
	if len(d.findings) == 0 {
		return nil
	}
	out := make([]Finding, len(d.findings))
	copy(out, d.findings)
	for _, a := range d.alikes {
		if more := a.count - maxAlike; more > 0 {
			for i := len(out) - 1; i >= 0; i-- {
				if out[i].Code == a.code && out[i].Severity == a.severity {
					out[i].Message += fmt.Sprintf("; %d more like it in this record", more)
					break
				}
			}
		}
	}
	return out
}

// versionNames lists a set of versions.
func versionNames(set Version) string {
	var names []string
	for _, v := range []Version{V211, V221, V230} {
		if set&v != 0 {
			names = append(names, v.String())
		}
	}
	return strings.Join(names, " and ")
}
