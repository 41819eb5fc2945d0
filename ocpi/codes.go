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

	Evidence  string // what shows it
	Liable    string // by whom it is to be cured where nothing else is agreed: operator, creditor, debtor, sender, both, nobody
	Threshold string // the member of the case file that says from where on it is reported, FixedThreshold, or "" where there is none
	Default   string // of the threshold, as case.json writes it; of a fixed one what it is
}

// FixedThreshold stands for a threshold that no case changes.
const FixedThreshold = "fixed"

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

// parseCodes reads entries of the form "## code", "severity · family X · title", blank line, text. Lines of the text that begin with
// "Evidence: ", "Liable: " or "Threshold: MEMBER, DEFAULT" are of their own; what is not said is that of the family.
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
		c := CodeInfo{Code: Code(strings.TrimSpace(name)), Severity: severity, Family: strings.TrimPrefix(parts[1], "family "), Title: parts[2]}
		c.read(body)
		c.derive()
		out = append(out, c)
	}
	return out
}

// read takes the text of an entry apart.
func (c *CodeInfo) read(body string) {
	var text []string
	for line := range strings.SplitSeq(strings.TrimSpace(body), "\n") {
		switch kind, value, _ := strings.Cut(line, ": "); kind {
		case "Evidence":
			c.Evidence = value
		case "Liable":
			c.Liable = value
		case "Threshold":
			c.Threshold, c.Default, _ = strings.Cut(value, ", ")
		default:
			text = append(text, line)
		}
	}
	c.Text = strings.Join(text, "\n")
}

// family is what the codes of a family have in common.
type family struct{ evidence, liable string }

var families = map[string]family{
	"A": {"the records that bear the ids, each with its place and its body", "operator"},
	"B": {"the record on the one side; that the other side has none was looked for in all files of the run", "operator"},
	"C": {"who charged, by the CDR and by the record that says otherwise", "operator"},
	"D": {"the CDR's own members, and beside them those of the session or the meter that say otherwise", "operator"},
	"E": {"the tariff, the periods of the CDR, and the arithmetic of the price in its sheet", "operator"},
	"F": {"the amounts before and after taxes, and the rate with the record that names it", "creditor"},
	"G": {"the line of the invoice beside the CDR that it is about", "creditor"},
	"H": {"the end of the session and last_updated of the CDR", "operator"},
	"I": {"the place in the file, and the value found there", "sender"},
}

// derive fills in what the entry does not say. What is only told is nobody's fault.
func (c *CodeInfo) derive() {
	of := families[c.Family]
	if c.Severity == SeverityInfo {
		of.liable = "nobody"
	}
	if c.Evidence == "" {
		c.Evidence = of.evidence
	}
	if c.Liable == "" {
		c.Liable = of.liable
	}
}
