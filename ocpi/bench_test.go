package ocpi

import (
	"bytes"
	"os"
	"testing"
)

func benchRecord(b *testing.B) Record {
	raw, err := os.ReadFile("testdata/bench_cdr.json")
	if err != nil {
		b.Fatal(err)
	}
	raw = bytes.TrimSpace(raw)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	return Record{Place: Place{File: "bench_cdr.json", Record: 1, Line: 1}, Bytes: raw}
}

// BenchmarkDecodeCDR decodes a usual CDR of 2.2.1: an embedded tariff, seen before, and three periods.
func BenchmarkDecodeCDR(b *testing.B) {
	rec := benchRecord(b)
	d := NewDecoder(Options{})
	for b.Loop() {
		if _, findings := d.CDR(rec); len(findings) > 0 {
			b.Fatal(findings)
		}
	}
}

// BenchmarkScanIdentity reads only what grouping needs.
func BenchmarkScanIdentity(b *testing.B) {
	rec := benchRecord(b)
	for b.Loop() {
		if _, ok := ScanIdentity(rec.Bytes); !ok {
			b.Fatal("no identity")
		}
	}
}
