package pack

import (
	"slices"

	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/replay"
)

// sourcesDoc is sources.json: every input of the run.
type sourcesDoc struct {
	Inputs []Input `json:"inputs"`
}

// engineDoc is engine.json: what computed the pack, and the readings of the spec that each version is priced under where a sheet
// says nothing else.
type engineDoc struct {
	reconcile.Engine
	Rules map[string]map[string]string `json:"rules"` // version → question → choice
}

// summaryOf is a summary with its empty lists written as such.
func summaryOf(s *reconcile.Summary) *reconcile.Summary {
	out := *s
	out.Totals, out.Reasons, out.NotProved = orEmpty(s.Totals), orEmpty(s.Reasons), orEmpty(s.NotProved)
	out.Rounding, out.Invoices = orEmpty(s.Rounding), orEmpty(s.Invoices)
	return &out
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func sourcesOf(inputs []Input) sourcesDoc {
	out := orEmpty(slices.Clone(inputs))
	for i := range out {
		out[i].Name = displayName(out[i].Name)
	}
	return sourcesDoc{Inputs: out}
}

func caseOf(c any) any {
	if c == nil {
		return struct{}{}
	}
	return c
}

func engineOf(s *reconcile.Summary) engineDoc {
	return engineDoc{Engine: s.Engine, Rules: replay.Usual()}
}

func agentOf(s *reconcile.Summary) string { return s.Engine.Name + " " + s.Engine.Version }
