package generate

import "testing"

func BenchmarkMonth(b *testing.B) {
	const records = 20000
	dir := b.TempDir()
	for b.Loop() {
		if _, err := Month(b.Context(), Options{Records: records, Seed: 1, Out: dir, Force: true}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(records*float64(b.N)/b.Elapsed().Seconds(), "records/s")
	b.ReportAllocs()
}
