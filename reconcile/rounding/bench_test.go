package rounding

import (
	"testing"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

// BenchmarkAdd holds one observation against all schemes of its space; the populations are claimed half-up per component, the usual
// worst case: near to what most schemes make.
func BenchmarkAdd(b *testing.B) {
	for _, c := range []struct {
		name  string
		space *Space
	}{
		{"cdr-net", NewSpace(BeforeTaxes, 2, false)}, {"cdr-gross", NewSpace(AfterTaxes, 2, false)},
		{"line-net", NewSpace(BeforeTaxes, 2, true)}, {"line-gross", NewSpace(AfterTaxes, 2, true)},
	} {
		b.Run(c.name, func(b *testing.B) {
			observations := claimed(b, c.space)
			tally := NewTally(c.space)
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				tally.Add(&observations[i%len(observations)], halfCent)
				i++
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(c.space.schemes)), "ns/scheme")
			b.ReportMetric(float64(tally.Patterns()), "patterns")
		})
	}
}

// BenchmarkMonth infers the scheme of 300,000 observations.
func BenchmarkMonth(b *testing.B) {
	s := NewSpace(BeforeTaxes, 2, false)
	observations := claimed(b, s)
	b.ReportAllocs()
	for b.Loop() {
		tally := NewTally(s)
		for range 30 {
			for i := range observations {
				tally.Add(&observations[i], halfCent)
			}
		}
		if !ptr(tally.Infer()).Found {
			b.Fatal("no scheme found")
		}
	}
}

func claimed(b *testing.B, s *Space) []Observation {
	out := make([]Observation, len(madeCosts()))
	for i := range out {
		out[i] = claim(b, &madeCosts()[i], s, Scheme{Per: PerComponent, Decimals: 2, Mode: exact.HalfUp})
	}
	return out
}
