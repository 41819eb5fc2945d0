package source

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
)

// Error makes a flaw the error of a reader of its bytes.
func (f *flaw) Error() string { return f.message }

// newFlaw is a defect of the data.
func newFlaw(code ocpi.Code, format string, args ...any) *flaw {
	return &flaw{code: code, message: fmt.Sprintf(format, args...)}
}

// xmlTokens reads XML a token at a time within limits: no document type and so no entities of its own, no deeper nesting than the
// limit, and no more bytes between two calls of mark than a record may have.
type xmlTokens struct {
	dec    *xml.Decoder
	r      io.Reader
	limits Limits
	depth  int
	read   int64 // bytes taken from r
	marked int64 // of them, at the last mark
}

// newXMLTokens reads XML as UTF-8 text.
func newXMLTokens(r io.Reader, limits Limits) *xmlTokens {
	x := &xmlTokens{r: r, limits: limits}
	x.dec = xml.NewDecoder(x)
	return x
}

// Read implements io.Reader for the decoder.
func (x *xmlTokens) Read(p []byte) (int, error) {
	if x.read-x.marked > int64(x.limits.RecordBytes) {
		return 0, newFlaw(CodeRecordSize, "a row, or another part, of more than %d bytes of XML is above the record limit of %d bytes", x.limits.RecordBytes, x.limits.RecordBytes)
	}
	n, err := x.r.Read(p)
	x.read += int64(n)
	return n, err
}

// mark says that a new part begins.
func (x *xmlTokens) mark() { x.marked = x.read }

// next is the next token; io.EOF behind the last one. A *flaw is of the data, as is every error of the syntax.
func (x *xmlTokens) next() (xml.Token, error) {
	tok, err := x.dec.Token()
	if err != nil {
		return nil, x.fault(err)
	}
	switch t := tok.(type) {
	case xml.StartElement:
		if x.depth++; x.depth > x.limits.Depth {
			return nil, newFlaw(CodeDepth, "XML is nested deeper than the nesting limit of %d", x.limits.Depth)
		}
	case xml.EndElement:
		x.depth--
	case xml.Directive:
		if strings.HasPrefix(strings.ToUpper(strings.TrimSpace(string(t))), "DOCTYPE") {
			return nil, newFlaw(CodeSyntax, "XML declares a document type, which can hold entities that grow without end; want XML without DOCTYPE")
		}
	}
	return tok, nil
}

// fault says in plain words what the decoder found.
func (x *xmlTokens) fault(err error) error {
	bad := (*xml.SyntaxError)(nil)
	switch {
	case errors.As(err, &bad) && strings.Contains(bad.Msg, "unexpected EOF"):
		return newFlaw(CodeTruncated, "XML ends too early in line %d, want it whole", bad.Line)
	case errors.As(err, &bad):
		return newFlaw(CodeSyntax, "XML is damaged in line %d: %s", bad.Line, bad.Msg)
	case strings.Contains(err.Error(), "CharsetReader"):
		return newFlaw(CodeEncoding, "XML declares another encoding than UTF-8; convert it with iconv -t UTF-8 and change its first line")
	}
	return err
}

// attribute is the value of an attribute by its local name, "" if there is none.
func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// relationship is the value of the attribute id of the relationships' namespace, in either of its spellings.
func relationship(e xml.StartElement) string {
	for _, a := range e.Attr {
		if a.Name.Local == "id" && strings.HasSuffix(a.Name.Space, "/relationships") {
			return a.Value
		}
	}
	return ""
}
