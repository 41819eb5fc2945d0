package seal

import "bytes"

// statementType is that of in-toto statements, version 1.
const statementType = "https://in-toto.io/Statement/v1"

// Subject is a file that a statement is about.
type Subject struct {
	Name   string `json:"name"`
	Digest Digest `json:"digest"`
}

// Digest is the digest of a file, in hexadecimal digits.
type Digest struct {
	SHA256 string `json:"sha256"`
}

// Statement says something, the predicate, of files (in-toto attestation framework, statement v1).
type Statement struct {
	Type          string    `json:"_type"`
	Subject       []Subject `json:"subject"`
	PredicateType string    `json:"predicateType"`
	Predicate     any       `json:"predicate"`
}

// NewStatement is a statement of this version.
func NewStatement(subjects []Subject, predicateType string, predicate any) *Statement {
	return &Statement{Type: statementType, Subject: subjects, PredicateType: predicateType, Predicate: predicate}
}

// Payload is the statement as JSON without white space: what an envelope holds.
func (s *Statement) Payload() ([]byte, error) {
	text, err := line(s)
	return bytes.TrimSuffix(text, []byte("\n")), err
}
