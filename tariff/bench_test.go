package tariff

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"
)

// BenchmarkPrice prices a usual session, as the runs do: three periods of energy and time, parking at the end, one tariff of two
// elements; the Sheet is given back once it was looked at.
func BenchmarkPrice(b *testing.B) {
	in := usual(b)
	b.ReportAllocs()
	for b.Loop() {
		res := Price(in)
		if res.Blocked != nil || len(res.Sheet.Steps()) == 0 {
			b.Fatal(res.Blocked)
		}
		res.Release()
	}
}

// BenchmarkPriceKept is BenchmarkPrice for a caller that keeps what it gets.
func BenchmarkPriceKept(b *testing.B) {
	in := usual(b)
	b.ReportAllocs()
	for b.Loop() {
		Price(in)
	}
}

func usual(b testing.TB) Input {
	data, err := os.ReadFile("testdata/usual.txtar")
	require.NoError(b, err)
	a := txtar.Parse(data)
	return specInput(b, a.Files[0].Data)
}
