package hypothesis

import (
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
)

// step_size (mod_tariffs, PriceComponent), and the open questions of tariff.Rules, of which those about steps are the most.

// A step of more than these is no count of minutes or kWh.
const mostMinutes, mostStepKWh = 60, 10

func (e *explainer) steps() []trial {
	var out []trial
	if e.stepped(allKinds, nil) {
		out = append(out, trial{name: "step-ignored", direction: Calculation, way: down, alter: e.changeSteps(allKinds, func(exact.Decimal) exact.Decimal {
			return exact.Decimal{}
		})})
	}
	atMost := func(n int64) func(exact.Decimal) bool {
		return func(step exact.Decimal) bool { return step.Cmp(exact.FromInt(n)) <= 0 }
	}
	if e.stepped(timeKinds, atMost(mostMinutes)) {
		out = append(out, trial{name: "step-in-minutes", direction: Data, way: up, alter: e.changeSteps(timeKinds, func(v exact.Decimal) exact.Decimal {
			return v.Mul(exact.FromInt(60))
		})})
	}
	if e.stepped(energyKinds, atMost(mostStepKWh)) {
		out = append(out, trial{name: "step-in-kwh", direction: Data, way: up, alter: e.changeSteps(energyKinds, func(v exact.Decimal) exact.Decimal {
			return v.Shift(3)
		})})
	}
	return out
}

// stepped reports a priced dimension with steps, all of which fulfil the condition, if there is one.
func (e *explainer) stepped(kinds []ocpi.Dimension, condition func(exact.Decimal) bool) bool {
	if !e.pricesAny(kinds) {
		return false
	}
	any := false
	for _, t := range e.res.Tariffs {
		for _, c := range componentsOf(t) {
			if !slices.Contains(kinds, c.Kind) || c.StepSize.Value.Sign() <= 0 {
				continue
			}
			if condition != nil && !condition(c.StepSize.Value) {
				return false
			}
			any = true
		}
	}
	return any
}

func (e *explainer) changeSteps(kinds []ocpi.Dimension, change func(exact.Decimal) exact.Decimal) func(*tariff.Input) {
	return e.changeComponents(func(c *ocpi.PriceComponent) {
		if c.StepSize.Present && slices.Contains(kinds, c.Kind) {
			c.StepSize.Value = change(c.StepSize.Value)
		}
	})
}

// Choices that are known by another name, and questions that other hypotheses answer: times in UTC are local-as-utc.
var (
	readingNames  = map[string]string{"time-volume-wall-clock": "wall-clock-time"}
	readingsTried = []string{"restriction-zone", "vat-absent", "tax-included-missing"}
)

// readings are the other choices of the open questions that this CDR put.
func (e *explainer) readings() []trial {
	var out []trial
	for _, q := range tariff.Questions() {
		if !slices.Contains(e.res.Consulted, q.Name) || slices.Contains(readingsTried, q.Name) {
			continue
		}
		for _, c := range q.Choices {
			if c.Name == e.res.Rules.Choice(q.Name) {
				continue
			}
			t := trial{name: q.Name + "-" + c.Name, direction: Calculation, text: "the partner read " + q.Name + " as " + c.Name + ": " + c.Text}
			if known, ok := readingNames[t.name]; ok {
				t.name = known
			}
			t.alter = func(in *tariff.Input) { in.Rules = e.with(q.Name, c.Name) }
			out = append(out, t)
		}
	}
	return out
}

// with is the rules under which the price was computed, with one question read otherwise. The names are the register's own.
func (e *explainer) with(question, choice string) *tariff.Rules {
	rules := *e.res.Rules
	if rules.Set(question, choice) != nil {
		return e.res.Rules
	}
	return &rules
}
