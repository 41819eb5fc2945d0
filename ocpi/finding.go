package ocpi

import (
	"fmt"
	"strings"
)

// Place says where a record, or a value inside one, stands in the input.
type Place struct {
	File   string // as the user named it, slashes forward; "-" is standard input
	Record int    // 1-based number of the record in the file
	Line   int    // 1-based line of the first byte
	Offset int64  // bytes from the start of the (decompressed) file to the first byte
}

// String is "file:line (record n)".
func (p Place) String() string {
	if p.File == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d (record %d)", p.File, p.Line, p.Record)
}

// Severity grades a finding. The zero Severity is unknown and never printed.
type Severity uint8

// Severities, mildest first.
const (
	_             Severity = iota
	SeverityInfo           // worth knowing
	SeverityWarn           // review
	SeverityError          // an amount or a fact is contradicted
	SeverityBlock          // the price or the identity of the record cannot be determined
)

var severityNames = [...]string{"", "info", "warn", "error", "block"}

// String is the name of the severity: info, warn, error, block.
func (s Severity) String() string {
	if int(s) < len(severityNames) {
		return severityNames[s]
	}
	return ""
}

// ParseSeverity reads a name that String writes.
func ParseSeverity(name string) (Severity, bool) {
	for i, n := range severityNames {
		if n == name && n != "" {
			return Severity(i), true
		}
	}
	return 0, false
}

// Code is the stable name of a kind of finding: kebab-case, listed in codes.md, never reused.
type Code string

// Finding is one observation about input data: what was found where, and what was wanted. Bad data is a Finding; an
// unreadable file is an error.
type Finding struct {
	Code     Code
	Severity Severity
	Place    Place  // Line and Offset are those of the value where it is known, else of the record
	Pointer  string // RFC 6901 JSON pointer inside the record; "" is the whole record
	Message  string // lower case, no full stop: what was found and what was wanted
}

// String is "file:line#pointer: message [severity code]".
func (f Finding) String() string {
	var b strings.Builder
	if f.Place.File != "" {
		fmt.Fprintf(&b, "%s:%d", f.Place.File, f.Place.Line)
	}
	if f.Pointer != "" {
		b.WriteString("#" + f.Pointer)
	}
	if b.Len() > 0 {
		b.WriteString(": ")
	}
	fmt.Fprintf(&b, "%s [%s %s]", f.Message, f.Severity, f.Code)
	return b.String()
}

// Worst is the highest severity among the findings, 0 where there are none.
func Worst(findings []Finding) Severity {
	var worst Severity
	for _, f := range findings {
		worst = max(worst, f.Severity)
	}
	return worst
}

// FirstBlock returns the first finding that makes a record unpriceable, or nil.
func FirstBlock(findings []Finding) *Finding {
	for i := range findings {
		if findings[i].Severity == SeverityBlock {
			return &findings[i]
		}
	}
	return nil
}
