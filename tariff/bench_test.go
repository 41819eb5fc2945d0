package tariff

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"
)

// BenchmarkPrice prices a usual session: three periods of energy and time, parking at the end, one tariff of two elements.
func BenchmarkPrice(b *testing.B) {
	in := usual(b)
	b.ReportAllocs()
	for b.Loop() {
		res := Price(in)
		if res.Blocked != nil {
			b.Fatal(res.Blocked)
		}
	}
}

// BenchmarkPriceRelease is BenchmarkPrice for a caller that gives results back.
func BenchmarkPriceRelease(b *testing.B) {
	in := usual(b)
	b.ReportAllocs()
	for b.Loop() {
		Price(in).Release()
	}
}

func usual(b testing.TB) Input {
	data, err := os.ReadFile("testdata/usual.txtar")
	require.NoError(b, err)
	a := txtar.Parse(data)
	return specInput(b, a.Files[0].Data)
}
