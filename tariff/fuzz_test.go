package tariff

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi"
)

// FuzzPrice prices whatever decodes: it never panics, and every sheet replays.
func FuzzPrice(f *testing.F) {
	files, err := filepath.Glob("testdata/spec/*.txtar")
	require.NoError(f, err)
	for _, name := range files {
		data, err := os.ReadFile(name)
		require.NoError(f, err)
		for _, s := range txtar.Parse(data).Files {
			if strings.HasPrefix(s.Name, "cdr") {
				f.Add(s.Data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) > 1<<16 {
			t.Skip()
		}
		c, _ := ocpi.NewDecoder(ocpi.Options{}).CDR(ocpi.Record{Bytes: raw})
		if c == nil {
			t.Skip()
		}
		zone, _ := ResolveZone(c, nil, "")
		in := Input{CDR: c, Zone: zone}
		res := Price(in)
		require.NoError(t, res.Sheet.Verify())
		_ = res.Sheet.Text()
		in.Extreme = Greatest
		require.NoError(t, Price(in).Sheet.Verify())
		in.Split, in.Extreme = true, NoExtreme
		in.Quantities = &Quantities{EnergyKWh: number("3"), TimeSeconds: number("600")}
		require.NoError(t, Price(in).Sheet.Verify())
	})
}

// FuzzPriceDrafts prices well-formed CDRs with every restriction there is.
func FuzzPriceDrafts(f *testing.F) {
	f.Fuzz(rapid.MakeFuzz(func(r *rapid.T) {
		in := genDraft(true).Draw(r, "cdr").input(r)
		res := Price(in)
		require.NoError(r, res.Sheet.Verify())
		require.NoError(r, res.Sheet.CheckLeaves(resolver(in, res)))
		for _, reading := range Readings(in, res, nil) {
			require.NoError(r, reading.Sheet.Verify())
		}
	}))
}
