package reconcile

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// LineForm is a form in which a pack holds the lines beside lines.ndjson.
type LineForm string

// The forms.
const (
	LinesCSV     LineForm = "csv"     // all lines, for any spreadsheet
	LinesXLSX    LineForm = "xlsx"    // a workbook of the disputed and differing lines
	LinesParquet LineForm = "parquet" // all lines, typed, for programs
)

// noLineForms is how none of them is asked for.
const noLineForms = "none"

// lineForms are all of them, in the order in which they are told.
func lineForms() []LineForm { return []LineForm{LinesCSV, LinesXLSX, LinesParquet} }

// UsualLineForms are the forms where nobody asks for others.
func UsualLineForms() []LineForm { return []LineForm{LinesCSV, LinesXLSX} }

// ParseLineForms reads names of forms: sorted, each once; "none" stands alone for none of them.
func ParseLineForms(names []string) ([]LineForm, error) {
	out := []LineForm{}
	if len(names) == 1 && names[0] == noLineForms {
		return out, nil
	}
	for _, name := range names {
		if !slices.Contains(lineForms(), LineForm(name)) {
			return nil, fmt.Errorf("%q is no form of lines, want %s", name, wantedForms())
		}
	}
	for _, f := range lineForms() {
		if slices.Contains(names, string(f)) {
			out = append(out, f)
		}
	}
	return out, nil
}

func wantedForms() string {
	var names []string
	for _, f := range lineForms() {
		names = append(names, string(f))
	}
	return strings.Join(names, ", ") + ", or " + noLineForms + " alone"
}

// LinesWrittenAs are the forms of a pack whose case.json is given.
func LinesWrittenAs(caseJSON []byte) ([]LineForm, error) {
	var doc struct {
		LinesAs *[]string `json:"lines_as"`
	}
	if err := json.Unmarshal(caseJSON, &doc); err != nil || doc.LinesAs == nil {
		return UsualLineForms(), err
	}
	return ParseLineForms(*doc.LinesAs)
}

// linesAs is how case.json tells the forms: nil where they are the usual ones.
func (c *Case) linesAs() *[]LineForm {
	if c.LinesAs == nil || slices.Equal(c.LinesAs, UsualLineForms()) {
		return nil
	}
	return &c.LinesAs
}

// LineForms are the forms in which the pack of the case holds the lines.
func (c *Case) LineForms() []LineForm {
	if c.LinesAs == nil {
		return UsualLineForms()
	}
	return c.LinesAs
}
