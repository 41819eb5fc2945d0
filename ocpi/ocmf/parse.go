package ocmf

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
)

const (
	header    = "OCMF"
	separator = '|'
)

// Bounds of what hostile records may cost.
const (
	maxText     = 1 << 20 // bytes of a record; OCPI allows 5,000 characters
	maxReadings = 10_000  // of a record; a meter reads every few minutes
	maxDefects  = 1_000   // kept of a record
)

// SyntaxError says where a text stops being an OCMF record.
type SyntaxError struct {
	Offset int // bytes from the start of the text, white space before it left out
	Want   string
}

// Error is "offset n: wanted ...".
func (e *SyntaxError) Error() string { return fmt.Sprintf("offset %d: wanted %s", e.Offset, e.Want) }

// Parse reads the text of a record (OCMF, JSON based OCMF Format, Sections). White space around it is not part of it. The error is a
// *SyntaxError where a section is missing or no JSON object, within the limits of package ocpi; whatever else deviates from the
// specification is in Record.Defects. A section behind the signature, which some write for the public key, is not read.
func Parse(text string) (*Record, error) {
	text = strings.TrimSpace(text)
	if len(text) > maxText {
		return nil, &SyntaxError{maxText, fmt.Sprintf("a text of at most %d bytes", maxText)}
	}
	head, rest, ok := strings.Cut(text, string(separator))
	if !ok || head != header {
		return nil, &SyntaxError{0, header + string(separator)}
	}
	payload, section, ok := strings.Cut(rest, string(separator))
	if !ok {
		return nil, &SyntaxError{len(text), "a signature section behind the payload"}
	}
	section, more, ok := strings.Cut(section, string(separator))
	p := &parser{rec: &Record{Text: text, Payload: []byte(payload)}, base: len(head) + 1}
	if err := p.payload(); err != nil {
		return nil, err
	}
	if err := p.signature([]byte(section), len(head)+len(payload)+2); err != nil {
		return nil, err
	}
	if ok {
		p.defect(len(text)-len(more), "", "another section behind the signature, it is not read")
	}
	return p.rec, nil
}

// parser reads the members of one record. Offsets of values are those in their section, base that of the section in the text.
type parser struct {
	rec  *Record
	raw  []byte
	base int
}

func (p *parser) defect(at int, pointer, message string) {
	if len(p.rec.Defects) < maxDefects {
		p.rec.Defects = append(p.rec.Defects, Defect{at, pointer, message})
	}
}

// object returns the members of the section that is an object and nothing more.
func (p *parser) object(section []byte, base int, name string) ([]ocpi.Item, error) {
	p.raw, p.base = section, base
	items, ok := ocpi.Items(section)
	value, at, whole := ocpi.Lookup(section, "")
	switch {
	case !ok || !whole || value[0] != '{':
		return nil, &SyntaxError{base, "a JSON object as the " + name}
	case strings.Trim(string(section[:at])+string(section[at+len(value):]), " \t\r\n") != "":
		return nil, &SyntaxError{base + at + len(value), "nothing behind the object of the " + name}
	}
	return items, nil
}

// signature reads the signature section. Members that it does not know are the vendor's (OCMF, Extension Points in Signature Section).
func (p *parser) signature(section []byte, base int) error {
	items, err := p.object(section, base, "signature section")
	if err != nil {
		return err
	}
	s := &p.rec.Signature
	known := map[string]*string{"SA": &s.Algorithm, "SE": &s.Encoding, "SM": &s.MimeType, "SD": &s.Data}
	seen := map[string][]byte{}
	for _, it := range items {
		into := known[it.Name]
		if into == nil {
			continue
		}
		v := p.value(it, "")
		if was, again := seen[it.Name]; again {
			v.duplicate(was)
		}
		seen[it.Name] = v.raw
		*into = v.text()
	}
	return nil
}

// payload reads the payload section.
func (p *parser) payload() error {
	items, err := p.object(p.rec.Payload, p.base, "payload")
	if err != nil {
		return err
	}
	seen := map[string][]byte{}
	for _, it := range items {
		read := payloadMembers[it.Name]
		if read == nil {
			p.unknown(it, "")
			continue
		}
		v := p.value(it, "")
		if was, again := seen[it.Name]; again {
			v.duplicate(was)
		}
		seen[it.Name] = v.raw
		read(p.rec, v)
	}
	p.version()
	for _, name := range []string{"PG", "RD"} {
		if seen[name] == nil {
			p.defect(p.base, "", strconv.Quote(name)+" is missing, it is mandatory")
		}
	}
	return nil
}

// version looks at FV. The signature is verified whatever it says; a newer minor version only adds members (OCMF, Versioning).
func (p *parser) version() {
	switch major, _, _ := strings.Cut(p.rec.FormatVersion, "."); {
	case p.rec.FormatVersion == "":
		p.defect(p.base, "", `"FV" is missing, the record is read as one of version 1`)
	case major != "1":
		p.defect(p.base, "/FV", fmt.Sprintf("version %s, it is read as version 1", brief(p.rec.FormatVersion)))
	}
}

// unknown keeps a member that the specification does not have.
func (p *parser) unknown(it ocpi.Item, parent string) {
	p.rec.Unknown = append(p.rec.Unknown, ocpi.Member{Pointer: pointerTo(parent, it.Name), Value: p.raw[it.Value:it.End]})
}

// pointerTo is the pointer of a member.
func pointerTo(parent, name string) string {
	return parent + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}

// value is the value of a member or of a list, with its place.
type value struct {
	p       *parser
	raw     []byte
	at      int // in the section
	pointer string
}

func (p *parser) value(it ocpi.Item, parent string) value {
	return value{p, p.raw[it.Value:it.End], it.Value, pointerTo(parent, it.Name)}
}

func (v value) defect(format string, args ...any) {
	v.p.defect(v.p.base+v.at, v.pointer, fmt.Sprintf(format, args...))
}

// duplicate reports a member that was there before; the last one is read. Where the two differ, readers take one or the other, and what
// was signed is ambiguous.
func (v value) duplicate(was []byte) {
	if ocpi.SameBody(was, v.raw) {
		v.defect("it is there more than once, with the same value")
		return
	}
	v.defect("it is there more than once, with another value; the last one is read")
	v.p.rec.ambiguous = true
}

func (v value) null() bool { return string(v.raw) == "null" }

// brief shortens text for a message.
func brief(text string) string {
	const most = 40
	if len(text) > most {
		text = text[:most] + "..."
	}
	return strconv.Quote(text)
}
