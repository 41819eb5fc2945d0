package console

import (
	"fmt"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/tariff/lint"
)

// lintJSON is a finding about a tariff as machines read it.
type lintJSON struct {
	findingJSON
	Tariff    *tariffJSON `json:"tariff"`
	Cure      string      `json:"cure"`
	Questions []string    `json:"questions"`
	Edit      *editJSON   `json:"edit"`
}

// tariffJSON says which tariff it is about.
type tariffJSON struct {
	CountryCode string `json:"country_code"`
	PartyID     string `json:"party_id"`
	ID          string `json:"id"`
	Version     string `json:"ocpi_version"`
}

// editJSON is an edit that cures a finding.
type editJSON struct {
	Op       lint.Op  `json:"op"`
	Pointers []string `json:"pointers"`
	Value    string   `json:"value,omitempty"`
	Keeps    bool     `json:"keeps_meaning"`
	Proviso  string   `json:"proviso,omitempty"`
}

func identityOf(t *ocpi.Tariff) *tariffJSON {
	if t == nil {
		return nil
	}
	return &tariffJSON{t.CountryCode, t.PartyID, t.ID, t.Version.String()}
}

func editOf(e *lint.Edit) *editJSON {
	if e == nil {
		return nil
	}
	return &editJSON{e.Op, e.Pointers, e.Value, e.Keeps, e.Proviso}
}

// AppendLint appends what is to be said of one tariff, nil where it could not be read: a heading and for each finding what it is and what
// to do about it; nothing where there are no findings.
func AppendLint(dst []byte, t *ocpi.Tariff, findings []lint.Finding, asJSON bool) []byte {
	if asJSON {
		for _, f := range findings {
			dst = appendJSON(dst, lintJSON{placed(f.Finding), identityOf(t), f.Cure, append([]string{}, f.Questions...), editOf(f.Edit)})
		}
		return dst
	}
	if len(findings) > 0 && t != nil {
		dst = append(append(dst, tariffName(t)...), '\n')
	}
	for _, f := range findings {
		dst = AppendFinding(dst, f.Finding, false)
		if f.Cure != "" {
			dst = fmt.Appendf(dst, "  cure: %s%s\n", f.Cure, byFix(f.Edit))
		}
		if len(f.Questions) > 0 {
			dst = fmt.Appendf(dst, "  open: %s\n", strings.Join(f.Questions, ", "))
		}
	}
	return dst
}

// tariffName is "tariff NL CPO T1 (2.2.1)".
func tariffName(t *ocpi.Tariff) string {
	words := []string{"tariff"}
	for _, w := range []string{t.CountryCode, t.PartyID, t.ID} {
		if w != "" {
			words = append(words, w)
		}
	}
	return fmt.Sprintf("%s (%s)", strings.Join(words, " "), t.Version)
}

// byFix says that 'tariff fix' can do it.
func byFix(e *lint.Edit) string {
	switch {
	case e == nil:
		return ""
	case e.Keeps:
		return " ('tariff fix' does it)"
	}
	return " ('tariff fix --allow-changes' does it)"
}

// fixedJSON is what fixing did to one tariff.
type fixedJSON struct {
	File   string        `json:"file"`
	Record int           `json:"record"`
	Line   int           `json:"line"`
	Tariff *tariffJSON   `json:"tariff"`
	Edits  []madeJSON    `json:"edits"`
	Left   []findingJSON `json:"left"`
}

type madeJSON struct {
	*editJSON
	Round int         `json:"round"`
	Cures findingJSON `json:"cures"`
}

// AppendFixed appends the edits of one tariff: for people a line each, beginning with # so that what follows can be a diff; for machines an
// object, with the findings that are left.
func AppendFixed(dst []byte, place ocpi.Place, f *lint.Fixed, asJSON bool) []byte {
	if !asJSON {
		for _, m := range f.Made {
			meaning := "changes what sessions cost"
			if m.Keeps {
				meaning = "keeps what every session costs"
			}
			if m.Proviso != "" {
				meaning += ", provided that " + m.Proviso
			}
			dst = fmt.Appendf(dst, "# %s: %s; %s [%s]\n", place, editText(&m.Edit), meaning, m.Cured.Code)
		}
		return dst
	}
	out := fixedJSON{File: place.File, Record: place.Record, Line: place.Line, Tariff: identityOf(f.Tariff), Edits: []madeJSON{}, Left: []findingJSON{}}
	for _, m := range f.Made {
		out.Edits = append(out.Edits, madeJSON{editOf(&m.Edit), m.Round, inRecord(m.Cured)})
	}
	for _, l := range f.Left {
		out.Left = append(out.Left, inRecord(l.Finding))
	}
	return appendJSON(dst, out)
}

// editText is an edit in words.
func editText(e *lint.Edit) string {
	places := strings.Join(e.Pointers, " and ")
	switch e.Op {
	case lint.OpReplace:
		return places + " becomes " + e.Value
	case lint.OpRename:
		return places + " is renamed " + e.Value
	case lint.OpExchange:
		return places + " are exchanged"
	default:
		return places + " removed"
	}
}
