package job

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/generate"
	"github.com/nexacollect/reconcile/reconcile/source"
	"github.com/nexacollect/reconcile/tariff"
)

// benchMonth is the folder of the month to measure with, and how many CDRs it has: the one that RECONCILE_MONTH names, else one of
// 30,000 CDRs under one price, made here.
func benchMonth(b *testing.B) (dir string, records int) {
	b.Helper()
	if dir = os.Getenv("RECONCILE_MONTH"); dir == "" {
		dir = b.TempDir()
		_, err := generate.Month(b.Context(), generate.Options{Records: 30_000, Seed: 1, Out: dir, Profile: generate.ProfileSingle})
		require.NoError(b, err)
	}
	file, err := os.Open(filepath.Join(dir, "cdrs.ndjson"))
	require.NoError(b, err)
	defer file.Close()
	for buf := make([]byte, 1<<20); ; {
		n, err := file.Read(buf)
		records += bytes.Count(buf[:n], []byte{'\n'})
		if err == io.EOF {
			return dir, records
		}
		require.NoError(b, err)
	}
}

// perSecond says how many CDRs were done in a second.
func perSecond(b *testing.B, records int) {
	b.Helper()
	b.ReportMetric(float64(records)*float64(b.N)/b.Elapsed().Seconds(), "CDR/s")
	b.ReportAllocs()
}

// BenchmarkDecodeAndPrice reads, decodes and prices each CDR with its Sheet, on one goroutine but for reading ahead.
func BenchmarkDecodeAndPrice(b *testing.B) {
	dir, records := benchMonth(b)
	b.Run(fmt.Sprint(records), func(b *testing.B) {
		for b.Loop() {
			require.Equal(b, records, priceFile(b, filepath.Join(dir, "cdrs.ndjson")))
		}
		perSecond(b, records)
	})
}

// priceFile prices the CDRs of a file and says how many have a price.
func priceFile(b *testing.B, path string) (priced int) {
	set, err := source.Open([]string{path}, once(ocpi.KindCDR))
	require.NoError(b, err)
	defer set.Close()
	d, rules := ocpi.NewDecoder(ocpi.Options{}), tariff.RulesFor(ocpi.V221)
	for batch, err := range set.Batches(b.Context()) {
		require.NoError(b, err)
		for _, rec := range batch.Records {
			c, findings := d.CDR(rec)
			if c == nil || ocpi.FirstBlock(findings) != nil {
				continue
			}
			zone, _ := tariff.ResolveZone(c, nil, "")
			res := tariff.Price(tariff.Input{CDR: c, Zone: zone, Rules: rules})
			if res.Blocked == nil && len(res.Sheet.Steps()) > 0 {
				priced++
			}
			res.Release()
			d.Release([]*ocpi.CDR{c}, nil)
		}
		batch.Release()
	}
	return priced
}

// BenchmarkPriceJSON is the verb price with one worker: the comparison with what each CDR claims, and the result as JSON, are part of it.
func BenchmarkPriceJSON(b *testing.B) {
	dir, records := benchMonth(b)
	b.Run(fmt.Sprint(records), func(b *testing.B) {
		for b.Loop() {
			counts, err := Price(b.Context(), PriceOptions{Options: Options{Workers: 1}, CDRs: []string{filepath.Join(dir, "cdrs.ndjson")}, JSON: true}, io.Discard)
			require.NoError(b, err)
			require.Equal(b, records, counts.CDRs)
		}
		perSecond(b, records)
	})
}

// BenchmarkRun is the whole job, from the files of a month to its pack.
func BenchmarkRun(b *testing.B) {
	dir, records := benchMonth(b)
	text, err := os.ReadFile(filepath.Join(dir, "case.yaml"))
	require.NoError(b, err)
	out := filepath.Join(b.TempDir(), "pack")
	for _, workers := range []int{1, 2} {
		b.Run(fmt.Sprintf("%d/workers=%d", records, workers), func(b *testing.B) {
			for b.Loop() {
				c, err := reconcile.ParseCase("case.yaml", text)
				require.NoError(b, err)
				s, err := Run(context.Background(), RunOptions{Options: Options{Workers: workers}, Case: c, Dir: dir, Out: out, Force: true})
				require.NoError(b, err)
				require.Equal(b, records, s.Records.CDRs.Read)
			}
			perSecond(b, records)
		})
	}
}
