package reconcile

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile/rounding"
)

// usualStep is the rounding that a case file means where it says no more.
var usualStep = rounding.Step{Decimals: 2, Mode: exact.HalfUp}

// notSaid are the decimals of a step that names none.
const notSaid = -1

// rounding reads a scheme in the form in which rounding.Scheme writes itself.
func (r *caseReader) rounding(n ast.Node, a *AgreementTerms) {
	step, line := rounding.Step{Decimals: notSaid}, rounding.Step{}
	per, tax := string(rounding.PerSession), ""
	r.section(n, "rounding", append(r.step(&step),
		r.oneOf("per", &per, string(rounding.PerNone), string(rounding.PerPeriod), string(rounding.PerComponent), string(rounding.PerDimension),
			string(rounding.PerSession), string(rounding.PerLine)),
		r.oneOf("tax", &tax, string(rounding.TaxOnNet), string(rounding.TaxOnParts)),
		member{"line", func(n ast.Node) {
			line.Decimals = notSaid
			r.section(n, "line", r.step(&line)...)
			line = orUsual(line)
		}},
	)...)
	scheme := rounding.Scheme{Per: rounding.Per(per), Tax: rounding.Tax(tax), Line: line}
	if scheme.Per != rounding.PerNone {
		step = orUsual(step)
		scheme.Decimals, scheme.Mode = step.Decimals, step.Mode
	} else if step != (rounding.Step{Decimals: notSaid}) || scheme.Check() != nil {
		r.fail(n, "rounding: per none rounds nothing, so that nothing else can be said of it")
	}
	a.Rounding = &scheme
}

// step are the keys of one rounding.
func (r *caseReader) step(into *rounding.Step) []member {
	return []member{
		r.parsed("decimals", func(text string) error {
			if len(text) != 1 || !allDigits(text) || rounding.MaxDecimals < text[0]-'0' {
				return fmt.Errorf("%q is not known, want a whole number from 0 to %d", text, rounding.MaxDecimals)
			}
			into.Decimals = int32(text[0] - '0')
			return nil
		}),
		r.parsed("mode", func(text string) error {
			mode, ok := rounding.ModeNamed(text)
			if !ok {
				return fmt.Errorf("%q is not known, want one of %s", text, strings.Join(rounding.ModeNames(), ", "))
			}
			into.Mode = mode
			return nil
		}),
	}
}

func orUsual(s rounding.Step) rounding.Step {
	if s.Decimals == notSaid {
		s.Decimals = usualStep.Decimals
	}
	if s.Mode == 0 {
		s.Mode = usualStep.Mode
	}
	return s
}
