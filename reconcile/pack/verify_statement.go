package pack

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"github.com/nexacollect/reconcile/reconcile/seal"
)

// compareStatements holds the statement that was signed against what the pack makes it, and says where they part.
func (v *verifier) compareStatements(have, want []byte) {
	if bytes.Equal(have, want) {
		return
	}
	before := len(v.signature.faults)
	var signed, ours signedStatement
	if err := json.Unmarshal(have, &signed); err != nil {
		v.signature.fault("%s: its payload is no in-toto statement: %v", envelopeFile, err)
		return
	}
	if err := json.Unmarshal(want, &ours); err != nil {
		v.signature.fault("%s: %v", envelopeFile, err)
		return
	}
	v.compareSubjects(signed.subjects(), ours.subjects())
	for _, member := range []struct {
		name       string
		have, want json.RawMessage
	}{
		{"type", signed.Type, ours.Type}, {"type of predicate", signed.PredicateType, ours.PredicateType}, {"case", signed.Predicate.Case, ours.Predicate.Case},
		{"inputs", signed.Predicate.Inputs, ours.Predicate.Inputs}, {"engine", signed.Predicate.Engine, ours.Predicate.Engine},
	} {
		if !bytes.Equal(member.have, member.want) {
			v.signature.fault("%s: its statement has another %s than the pack", envelopeFile, member.name)
		}
	}
	if len(v.signature.faults) == before {
		v.signature.fault("%s: its statement is not as this tool writes it", envelopeFile)
	}
}

// signedStatement is a statement as read: what is in it is compared as bytes.
type signedStatement struct {
	Type          json.RawMessage `json:"_type"`
	Subject       []seal.Subject  `json:"subject"`
	PredicateType json.RawMessage `json:"predicateType"`
	Predicate     struct {
		Case   json.RawMessage `json:"case"`
		Inputs json.RawMessage `json:"inputs"`
		Engine json.RawMessage `json:"engine"`
	} `json:"predicate"`
}

func (s *signedStatement) subjects() map[string]string {
	out := map[string]string{}
	for _, f := range s.Subject {
		out[f.Name] = f.Digest.SHA256
	}
	return out
}

func (v *verifier) compareSubjects(have, want map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(want)) {
		switch sum, ok := have[name]; {
		case !ok:
			v.signature.fault("%s: its statement says nothing of %s", envelopeFile, name)
		case sum != want[name]:
			v.signature.fault("%s: what was signed is another %s than that of the pack", envelopeFile, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(have)) {
		if _, ok := want[name]; !ok {
			v.signature.fault("%s: its statement is about %q, which is no tag file of the pack", envelopeFile, short(name))
		}
	}
}
