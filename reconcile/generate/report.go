package generate

import (
	"fmt"
	"strings"
	"text/tabwriter"
)

// Report says what was written.
type Report struct {
	Dir      string        `json:"dir"`
	Files    []FileCount   `json:"files"`
	Defects  []DefectCount `json:"defects"`            // sorted by name; "none" are the records without defect
	Totals   []Total       `json:"totals"`             // by currency
	Rejected []Rejected    `json:"rejected,omitempty"` // rows of FromSessions that could not be used
	Adjusted int           `json:"adjusted,omitempty"` // rows of FromSessions whose charging ended after the connection; it is taken to end with it
}

// FileCount is how much a file holds.
type FileCount struct {
	Name    string `json:"name"`
	Records int    `json:"records"`
	Bytes   int64  `json:"bytes"`
}

// DefectCount is how often a defect was worked in, and how many invoice lines that made.
type DefectCount struct {
	Defect string `json:"defect"`
	Groups int    `json:"groups"`
	Lines  int    `json:"lines"`
}

// Total adds up the truth in one currency, before taxes.
type Total struct {
	Currency string `json:"currency"`
	Lines    int    `json:"lines"`
	Disputed int    `json:"disputed"`
	Invoiced string `json:"invoiced"`
	Proven   string `json:"proven"`
	Conceded string `json:"conceded"`
	Unproven string `json:"unproven"`
}

// Rejected is a row that could not be used.
type Rejected struct {
	Line   int    `json:"line"` // 1-based, in the decompressed file
	Reason string `json:"reason"`
}

// Text is the report for people.
func (r *Report) Text() string {
	var b strings.Builder
	t := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	fmt.Fprintf(t, "wrote\t%s\n", r.Dir)
	for _, f := range r.Files {
		fmt.Fprintf(t, "  %s\t%d records\t%d bytes\n", f.Name, f.Records, f.Bytes)
	}
	for _, x := range r.Totals {
		fmt.Fprintf(t, "%s\t%d lines\t%d disputed\tinvoiced %s = proven %s + conceded %s + unproven %s\n",
			x.Currency, x.Lines, x.Disputed, x.Invoiced, x.Proven, x.Conceded, x.Unproven)
	}
	for _, d := range r.Defects {
		fmt.Fprintf(t, "  %s\t%d records\t%d lines\n", d.Defect, d.Groups, d.Lines)
	}
	if r.Adjusted > 0 {
		fmt.Fprintf(t, "adjusted\t%d rows\n", r.Adjusted)
	}
	for _, x := range r.Rejected {
		fmt.Fprintf(t, "rejected\tline %d\t%s\n", x.Line, x.Reason)
	}
	_ = t.Flush() // a strings.Builder takes everything
	return b.String()
}
