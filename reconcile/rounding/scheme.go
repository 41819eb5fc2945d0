package rounding

import (
	"encoding/json"
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

var modeNames = map[exact.Mode]string{
	exact.HalfUp: "half-up", exact.HalfEven: "half-even", exact.Down: "down", exact.Up: "up", exact.Floor: "floor", exact.Ceiling: "ceiling",
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
func (s Step) String() string { return fmt.Sprintf("%s to %d decimals", modeNames[s.Mode], s.Decimals) }

type stepDocument struct {
	Decimals int32  `json:"decimals"`
	Mode     string `json:"mode"`
}

// MarshalJSON writes {"decimals":2,"mode":"half-up","per":"session"}, the form of case files, with "tax" and "line" where they are
// set; {"per":"none"} for no rounding.
func (s Scheme) MarshalJSON() ([]byte, error) {
	var doc struct {
		*stepDocument
		Per  Per           `json:"per"`
		Tax  Tax           `json:"tax,omitempty"`
		Line *stepDocument `json:"line,omitempty"`
	}
	doc.Per, doc.Tax = s.Per, s.Tax
	if s.Per != PerNone {
		doc.stepDocument = &stepDocument{s.Decimals, modeNames[s.Mode]}
	}
	if s.Line.Mode != 0 {
		doc.Line = &stepDocument{s.Line.Decimals, modeNames[s.Line.Mode]}
	}
	return json.Marshal(doc)
}
