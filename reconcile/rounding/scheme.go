package rounding

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

// Per is what a scheme rounds before it adds up.
type Per string

// What is rounded.
const (
	PerNone      Per = "none"      // nothing
	PerPeriod    Per = "period"    // each dimension of each period
	PerComponent Per = "component" // the sum of each price component
	PerDimension Per = "dimension" // the total of each dimension: total_energy_cost, …
	PerSession   Per = "session"   // the total
	PerLine      Per = "line"      // the line, which is the total of its session: the same as PerSession
)

// Tax says how an amount after taxes is made.
type Tax string

// The ways to an amount after taxes.
const (
	TaxExact   Tax = ""         // the exact amounts after taxes are rounded
	TaxOnNet   Tax = "on-net"   // the net amount as stated with its tax, rounded once
	TaxOnParts Tax = "on-parts" // each rounded part of the net with its tax, rounded again
)

// Basis says whether amounts are before or after taxes.
type Basis string

// The bases.
const (
	BeforeTaxes Basis = "before_taxes"
	AfterTaxes  Basis = "after_taxes"
)

// Step is a rounding of one amount. The zero Step does not round.
type Step struct {
	Decimals int32
	Mode     exact.Mode
}

// Scheme is a way of rounding. Schemes are compared with ==.
type Scheme struct {
	Per      Per
	Decimals int32 // 0 with PerNone
	Mode     exact.Mode
	Tax      Tax  // of amounts after taxes
	Line     Step // of invoice lines: the whole is rounded again
}

// modes are the modes that are looked for, the commonest first.
var modes = [modeCount]exact.Mode{exact.HalfUp, exact.HalfEven, exact.Down, exact.Up}

const modeCount = 4

// namedModes are all modes by their names in case files; floor and ceiling are never looked for.
var namedModes = [...]struct {
	name string
	mode exact.Mode
}{
	{"half-up", exact.HalfUp}, {"half-even", exact.HalfEven}, {"down", exact.Down}, {"up", exact.Up}, {"floor", exact.Floor}, {"ceiling", exact.Ceiling},
}

// ModeNames are the names of the modes that a scheme may have, the commonest first.
func ModeNames() []string {
	var out []string
	for _, m := range namedModes {
		out = append(out, m.name)
	}
	return out
}

// ModeNamed is the mode of a name; ok is false where there is none.
func ModeNamed(name string) (mode exact.Mode, ok bool) {
	for _, m := range namedModes {
		if m.name == name {
			return m.mode, true
		}
	}
	return 0, false
}

// ModeName is the name of a mode, "" of one that no scheme has: where nothing is rounded.
func ModeName(mode exact.Mode) string {
	for _, m := range namedModes {
		if m.mode == mode {
			return m.name
		}
	}
	return ""
}

// String is the scheme in words: "half-up to 2 decimals per session".
func (s Scheme) String() string {
	var text string
	switch {
	case s.Per == PerNone:
		return "no rounding"
	case s.Tax == TaxOnNet:
		text = fmt.Sprintf("tax on the net as stated, %s", s.step())
	default:
		text = fmt.Sprintf("%s per %s", s.step(), s.Per)
	}
	if s.Tax == TaxOnParts {
		text += ", before and after tax"
	}
	if s.Line.Mode != 0 {
		text += fmt.Sprintf(", then the line %s", s.Line)
	}
	return text
}

func (s Scheme) step() Step { return Step{s.Decimals, s.Mode} }

// String is the step in words: "half-up to 2 decimals".
func (s Step) String() string { return fmt.Sprintf("%s to %d decimals", ModeName(s.Mode), s.Decimals) }

type stepDocument struct {
	Decimals int32  `json:"decimals"`
	Mode     string `json:"mode"`
}

func documentOf(s Step) *stepDocument {
	if s.Mode == 0 {
		return nil
	}
	return &stepDocument{s.Decimals, ModeName(s.Mode)}
}

func (d *stepDocument) step() Step {
	if d == nil {
		return Step{}
	}
	mode, _ := ModeNamed(d.Mode) // Check refuses the mode that is none
	return Step{d.Decimals, mode}
}

// schemeDocument is a scheme in the form of case files.
type schemeDocument struct {
	Decimals *int32        `json:"decimals,omitempty"`
	Mode     string        `json:"mode,omitempty"`
	Per      Per           `json:"per"`
	Tax      Tax           `json:"tax,omitempty"`
	Line     *stepDocument `json:"line,omitempty"`
}

// MarshalJSON writes {"decimals":2,"mode":"half-up","per":"session"}, the form of case files, with "tax" and "line" where they are
// set; {"per":"none"} for no rounding.
func (s Scheme) MarshalJSON() ([]byte, error) {
	doc := schemeDocument{Mode: ModeName(s.Mode), Per: s.Per, Tax: s.Tax, Line: documentOf(s.Line)}
	if s.Per != PerNone {
		doc.Decimals = &s.Decimals
	}
	return json.Marshal(doc)
}

// UnmarshalJSON reads what MarshalJSON writes. It refuses what Check refuses, and members that it does not know.
func (s *Scheme) UnmarshalJSON(text []byte) error {
	var doc schemeDocument
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&doc); err != nil {
		return err
	}
	mode, _ := ModeNamed(doc.Mode) // Check refuses the mode that is none
	out := Scheme{Per: doc.Per, Mode: mode, Tax: doc.Tax, Line: doc.Line.step()}
	switch {
	case doc.Decimals != nil:
		out.Decimals = *doc.Decimals
	case out.Per != PerNone:
		return errors.New("no decimals")
	}
	if doc.Line != nil && out.Line.Mode == 0 {
		return fmt.Errorf("mode %q of line is not known", doc.Line.Mode)
	}
	if err := out.Check(); err != nil {
		return err
	}
	*s = out
	return nil
}

// MaxDecimals is the most decimals that a scheme rounds to.
const MaxDecimals = 9

// Check reports what makes a scheme none: an unknown word, decimals below 0 or above MaxDecimals, a mode that is missing, or anything beside
// PerNone, which rounds nothing.
func (s Scheme) Check() error {
	switch s.Tax {
	case TaxExact, TaxOnNet, TaxOnParts:
	default:
		return fmt.Errorf("tax %q is not known", s.Tax)
	}
	switch s.Per {
	case PerNone:
		if s != (Scheme{Per: PerNone}) {
			return errors.New("per none rounds nothing: nothing else can be said of it")
		}
		return nil
	case PerPeriod, PerComponent, PerDimension, PerSession, PerLine:
	default:
		return fmt.Errorf("per %q is not known", s.Per)
	}
	if err := s.step().check(); err != nil || s.Line == (Step{}) {
		return err
	}
	return s.Line.check()
}

func (s Step) check() error {
	switch {
	case s.Decimals < 0 || s.Decimals > MaxDecimals:
		return fmt.Errorf("%d decimals, want from 0 to %d", s.Decimals, MaxDecimals)
	case ModeName(s.Mode) == "":
		return errors.New("no mode that is known")
	}
	return nil
}
