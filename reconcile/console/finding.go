package console

import (
	"encoding/json"

	"github.com/nexacollect/reconcile/ocpi"
)

// findingJSON is a finding as machines read it.
type findingJSON struct {
	Code     ocpi.Code `json:"code"`
	Severity string    `json:"severity"`
	File     string    `json:"file,omitempty"`
	Record   int       `json:"record,omitempty"`
	Line     int       `json:"line,omitempty"`
	Offset   *int64    `json:"offset,omitempty"`
	Pointer  string    `json:"pointer"`
	Message  string    `json:"message"`
}

func placed(f ocpi.Finding) findingJSON {
	return findingJSON{
		Code: f.Code, Severity: f.Severity.String(), File: f.Place.File, Record: f.Place.Record, Line: f.Place.Line,
		Offset: &f.Place.Offset, Pointer: f.Pointer, Message: f.Message,
	}
}

// AppendFinding appends a finding on a line of its own.
func AppendFinding(dst []byte, f ocpi.Finding, asJSON bool) []byte {
	if asJSON {
		return appendJSON(dst, placed(f))
	}
	return append(append(dst, f.String()...), '\n')
}

// AppendRejected appends a stretch of input that is no record: in JSON an object with the members of a priced CDR that are known.
func AppendRejected(dst []byte, f ocpi.Finding, asJSON bool) []byte {
	if !asJSON {
		return AppendFinding(dst, f, false)
	}
	return appendJSON(dst, &priceJSON{
		File: f.Place.File, Record: f.Place.Record, Line: f.Place.Line, Verdict: "unpriceable", Findings: []findingJSON{inRecord(f)},
	})
}

// inRecord is a finding inside an object that names the record already.
func inRecord(f ocpi.Finding) findingJSON {
	return findingJSON{Code: f.Code, Severity: f.Severity.String(), Pointer: f.Pointer, Message: f.Message}
}

// appendJSON appends v and a line break. The types of this package always encode.
func appendJSON(dst []byte, v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic("console: " + err.Error())
	}
	return append(append(dst, b...), '\n')
}
