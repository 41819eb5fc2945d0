// Package pack writes and verifies evidence packs: deterministic BagIt bags (RFC 8493) that another can check without us.
//
// # Words
//
//   - Disclosed line: a line whose evidence the pack holds: one that is disputed, not wholly proven, or differs from its records.
//   - Shard: a file of disclosed records or sheets, one a line; the index says where each stands in it.
//   - Rung: one check of the verification ladder.
package pack

import (
	"fmt"
	"strings"

	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/seal"
)

// Input is what sources.json tells of one input file.
type Input struct {
	Kind    string `json:"kind"` // cdrs, sessions, theirs, their_sessions, tariffs, locations, tokens, invoices, disputes, case
	Name    string `json:"name"`
	SHA256  string `json:"sha256"`
	Bytes   int64  `json:"bytes"`
	Records int    `json:"records"`
}

// Contents are the parts of a pack that are known at its end.
type Contents struct {
	Summary *reconcile.Summary
	Masters []reconcile.MasterResult // written as master_lines.ndjson where there are any
	Inputs  []Input
	Case    any            // written as case.json: what governs the verdicts (agreement, rules, tolerances), names of files without folders of the machine
	Signers []*seal.Signer // who sign the pack; may be none
}

// State says how a check went.
const (
	StateOK         = "ok"
	StateFailed     = "failed"
	StateNotChecked = "not-checked"
)

// Check is one rung of the verification ladder.
type Check struct {
	Name   string   `json:"name"`             // complete, valid, parse, recompute, conserve, …
	State  string   `json:"state"`            // ok, failed, not-checked
	Detail string   `json:"detail"`           // one sentence
	Faults []string `json:"faults,omitempty"` // each names its file or line
}

// Verification is the result of Verify.
type Verification struct {
	Checks    []Check    `json:"checks"`
	Signature Signatures `json:"signature"`
	NotProved []string   `json:"not_proved"`
	OK        bool       `json:"ok"`
}

// Text is the verification for people: a line a check, its faults below it, then what the pack does not prove.
func (v *Verification) Text() string {
	var b strings.Builder
	for _, c := range v.Checks {
		fmt.Fprintf(&b, "%-11s  %-10s  %s\n", c.State, c.Name, c.Detail)
		for _, f := range c.Faults {
			fmt.Fprintf(&b, "             - %s\n", visible(f))
		}
	}
	if len(v.NotProved) > 0 {
		b.WriteString("\nThe pack does not prove:\n")
	}
	for _, s := range v.NotProved {
		fmt.Fprintf(&b, "  - %s\n", visible(s))
	}
	if v.OK {
		b.WriteString("\nNothing wrong was found.\n")
	} else {
		b.WriteString("\nThis pack does not verify.\n")
	}
	return b.String()
}
