package reconcile

import (
	"maps"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
)

// TestOwedUnderEveryReading judges disputed lines once more under each other choice of each open question: the least that is proven then is
// what the case as it stands calls owed under every reading.
func TestOwedUnderEveryReading(t *testing.T) {
	for _, name := range []string{"row-18-reading-settled-as-default", "row-18-reading-settled", "row-18-boundary-settled-split"} {
		archive, err := txtar.ParseFile("testdata/rows/" + name + ".txtar")
		require.NoError(t, err)
		files := map[string]string{}
		for _, f := range archive.Files {
			files[f.Name] = string(f.Data)
		}
		w := readWorld(t, files)
		settled := w.agreement.Fixed
		every, least := map[string]exact.Decimal{}, map[string]exact.Decimal{}
		eachDisputed(w, func(v *LineVerdict) {
			every[v.Line.Line] = v.Proven.BeforeTaxes.Value.Sub(v.OnlyAsAgreed.BeforeTaxes.Value)
			least[v.Line.Line] = v.Proven.BeforeTaxes.Value
		})
		for question, choice := range openChoices() {
			if _, fixed := settled[question]; !fixed || question == "step-time-and-parking" {
				continue // the text of 2.2.1 answers that one
			}
			w.agreement.Fixed = maps.Clone(settled)
			for _, c := range choice {
				w.agreement.Fixed[question] = c.Name
				eachDisputed(w, func(v *LineVerdict) {
					least[v.Line.Line] = exact.Min(least[v.Line.Line], v.Proven.BeforeTaxes.Value)
				})
			}
		}
		require.NotEmpty(t, every)
		for line := range every {
			require.Equal(t, least[line].Plain(), every[line].Plain(), "%s line %s", name, line)
		}
	}
}

func eachDisputed(w *world, look func(v *LineVerdict)) {
	for _, g := range w.judge() {
		for i := range g.Lines {
			if g.Lines[i].Disputed {
				look(&g.Lines[i])
			}
		}
	}
}

func openChoices() map[string][]tariff.Choice {
	out := map[string][]tariff.Choice{}
	for _, q := range tariff.Questions() {
		if !q.Answered {
			out[q.Name] = q.Choices
		}
	}
	return out
}

func TestIsPartOf(t *testing.T) {
	of := func(net, gross string) Money {
		return Money{BeforeTaxes: Known(exact.MustParse(net)), AfterTaxes: Known(exact.MustParse(gross))}
	}
	require.True(t, Money{}.IsPartOf(of("1", "1.2")))
	require.True(t, of("1", "1.2").IsPartOf(of("1", "1.2")))
	require.True(t, of("-1", "-1.2").IsPartOf(of("-1.5", "-1.2")))
	require.False(t, of("1", "1.3").IsPartOf(of("1", "1.2")))
	require.False(t, of("-1", "0").IsPartOf(of("1", "1.2")))
	require.False(t, of("1", "0").IsPartOf(of("-1", "-1.2")))
	require.False(t, of("1", "0").IsPartOf(Money{}))
}
