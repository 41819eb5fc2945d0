package source

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"

	"github.com/nexacollect/reconcile/ocpi"
)

// rowObjects gives the rows of a format that is no text as JSON objects, one a line, as which they are disclosed and read again.
type rowObjects struct {
	spool  *os.File // receives them, or nil
	offset int64    // of the next one among them
}

// openObjects begins an empty list of objects for a file.
func (s *Set) openObjects(f *file) (rowObjects, error) {
	if !s.opts.Refetch {
		return rowObjects{}, nil
	}
	err := s.makeSpool(f)
	return rowObjects{spool: f.handle}, err
}

// keepObject takes a row: its cells, and its object. An error is the environment's.
func (t *tabular) keepObject(o *rowObjects, place ocpi.Place, cells []string, object []byte) error {
	if len(object) >= t.limits.RecordBytes {
		t.reject(place, CodeRecordSize, "row of %d bytes is above the record limit of %d bytes", len(object), t.limits.RecordBytes)
		return nil
	}
	object = append(object, '\n')
	if o.spool != nil {
		if _, err := o.spool.Write(object); err != nil {
			return fmt.Errorf("keep a copy for reading again: %w; choose another temporary folder", err)
		}
	}
	ref := Ref{
		File: t.file, Length: int32(len(object) - 1), Offset: o.offset, Record: int32(place.Record), Line: int32(place.Line),
	}
	o.offset += int64(len(object))
	object = object[:ref.Length]
	t.records++
	t.out.bytes += len(object)
	t.cells = append(t.cells, cells)
	t.out.Records = append(t.out.Records, ocpi.Record{Place: place, Bytes: object})
	t.out.Refs = append(t.out.Refs, ref)
	return nil
}

// appendMember appends a member to a JSON object that is not closed yet; name is JSON. A bare value is a number or a literal.
func appendMember(object, name []byte, text string, bare bool) []byte {
	if len(object) > 1 {
		object = append(object, ',')
	}
	object = append(append(object, name...), ':')
	if bare {
		return append(object, text...)
	}
	return append(object, quoteJSON(text)...)
}

// quoteJSON is a string as JSON, in which marks of XML stay as they are.
func quoteJSON(text string) []byte {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(text) // a string always can be
	return bytes.TrimSuffix(out.Bytes(), newline)
}
