package lint

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
)

// othersTariffs are the tariffs of other projects, those embedded in CDRs included, by the names of their files.
func othersTariffs(t *testing.T) map[string]ocpi.Record {
	dir := os.Getenv("RECONCILE_DATA")
	if dir == "" {
		t.Skip("RECONCILE_DATA names no folder of OCPI objects of other projects")
	}
	out := map[string]ocpi.Record{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		name, _ := filepath.Rel(dir, path)
		base := filepath.Base(path)
		if err != nil || filepath.Ext(base) != ".json" || !strings.HasPrefix(base, "tariff") && !strings.HasPrefix(base, "cdr_") {
			return err
		}
		raw, err := os.ReadFile(path)
		rec := ocpi.Record{Place: ocpi.Place{File: name, Record: 1, Line: 1}, Bytes: raw}
		if ocpi.DetectKind(raw) != ocpi.KindCDR {
			out[name] = rec
			return err
		}
		if c, _ := ocpi.NewDecoder(ocpi.Options{}).CDR(rec); c != nil {
			for _, tar := range c.Tariffs {
				out[name+" "+tar.ID] = tar.Record
			}
		}
		return err
	}))
	return out
}

// Tariffs in the field are linted and fixed without harm: what is kept is kept, and a second fix changes nothing.
func TestOthersTariffs(t *testing.T) {
	all := othersTariffs(t)
	require.Greater(t, len(all), 90)
	counts := map[ocpi.Code]int{}
	edits := 0
	for name, rec := range all {
		tar, _ := ocpi.NewDecoder(ocpi.Options{}).Tariff(rec)
		if tar == nil {
			continue
		}
		for _, f := range Lint(tar) {
			counts[f.Code]++
			if f.Code != ocpi.SchemaMissingField && os.Getenv("SHOW") != "" {
				t.Logf("%s %s\n%s\n", name, f.Finding, f.Cure)
			}
			require.GreaterOrEqual(t, f.Place.Offset, int64(0), name)
			require.LessOrEqual(t, f.Place.Offset-rec.Place.Offset, int64(len(rec.Bytes)), name)
		}
		for _, allow := range []bool{false, true} {
			fixed := Fix(rec, Options{AllowChanges: allow})
			edits += len(fixed.Made)
			require.Empty(t, Fix(fixed.Tariff.Record, Options{AllowChanges: allow}).Made, name)
			for _, m := range fixed.Made {
				require.True(t, allow || m.Keeps, name)
			}
		}
	}
	t.Logf("%d tariffs, %d edits, %v", len(all), edits, counts)
}
