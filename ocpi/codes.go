package ocpi

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed codes.md
var codesText string

// CodeInfo is what is known of a code: the entry of codes.md.
type CodeInfo struct {
	Code     Code
	Severity Severity // the usual one; a finding may differ where its message says why
	Family   string   // A identity, B completeness, C authorisation, D metering, E pricing, F tax, G invoice, H timeliness, I input
	Title    string   // one line
	Text     string   // what it means, its clause, its cure
}

// Codes is the catalogue, sorted by code.
var Codes = sync.OnceValue(func() []CodeInfo { return parseCodes(codesText) })

// LookupCode returns the entry of a code.
func LookupCode(code Code) (CodeInfo, bool) {
	for _, c := range Codes() {
		if c.Code == code {
			return c, true
		}
	}
	return CodeInfo{}, false
}

// parseCodes reads entries of the form "## code", "severity · family X · title", blank line, text.
func parseCodes(text string) []CodeInfo {
	var out []CodeInfo
	for _, entry := range strings.Split(text, "\n## ")[1:] {
		name, rest, _ := strings.Cut(entry, "\n")
		head, body, _ := strings.Cut(strings.TrimSpace(rest), "\n")
		parts := strings.SplitN(head, " · ", 3)
		if len(parts) != 3 {
			continue
		}
		severity, _ := ParseSeverity(parts[0])
		out = append(out, CodeInfo{
			Code: Code(strings.TrimSpace(name)), Severity: severity,
			Family: strings.TrimPrefix(parts[1], "family "), Title: parts[2], Text: strings.TrimSpace(body),
		})
	}
	return out
}
