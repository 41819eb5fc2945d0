package pack

import "github.com/nexacollect/reconcile/ocpi"

// findingDoc is an object of findings.ndjson, and of the findings of a line.
type findingDoc struct {
	Code     string `json:"code"`
	Severity string `json:"severity"`
	File     string `json:"file"`
	Record   int    `json:"record"`
	Line     int    `json:"line"`
	Offset   int64  `json:"offset"`
	Pointer  string `json:"pointer"`
	Message  string `json:"message"`
}

func newFindingDoc(f *ocpi.Finding) findingDoc {
	return findingDoc{
		Code: string(f.Code), Severity: f.Severity.String(), File: displayName(f.Place.File), Record: f.Place.Record,
		Line: f.Place.Line, Offset: f.Place.Offset, Pointer: f.Pointer, Message: f.Message,
	}
}

// append appends the object, without a line break.
func (d *findingDoc) append(dst []byte) []byte {
	dst = appendString(append(dst, `{"code":`...), d.Code)
	dst = appendString(append(dst, `,"severity":`...), d.Severity)
	dst = appendMember(dst, `,"file":`, d.File)
	dst = appendNumberMember(dst, `,"record":`, int64(d.Record))
	dst = appendNumberMember(dst, `,"line":`, int64(d.Line))
	dst = appendNumberMember(dst, `,"offset":`, d.Offset)
	dst = appendString(append(dst, `,"pointer":`...), d.Pointer)
	dst = appendString(append(dst, `,"message":`...), d.Message)
	return append(dst, '}')
}

// appendLine appends the object and its line break.
func (d *findingDoc) appendLine(dst []byte) []byte { return append(d.append(dst), '\n') }
