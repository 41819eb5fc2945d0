package source

import (
	"bytes"
	"context"
	"fmt"
	"testing"
)

const sample = `{"country_code":"NL","party_id":"CPO","id":"CDR-%07d","start_date_time":"2026-09-01T10:00:00Z","end_date_time":"2026-09-01T11:00:00Z","session_id":"S-%07d","cdr_token":{"country_code":"DE","party_id":"EMP","uid":"0102030405","type":"RFID","contract_id":"DE-EMP-C0000001-X"},"auth_method":"WHITELIST","cdr_location":{"id":"LOC1","name":"Hoofdstraat","address":"Hoofdstraat 1","city":"Utrecht","postal_code":"3511AA","country":"NLD","coordinates":{"latitude":"52.09","longitude":"5.12"},"evse_uid":"E1","evse_id":"NL*CPO*E1","connector_id":"1","connector_standard":"IEC_62196_T2","connector_format":"SOCKET","connector_power_type":"AC_3_PHASE"},"currency":"EUR","tariffs":[{"country_code":"NL","party_id":"CPO","id":"T1","currency":"EUR","elements":[{"price_components":[{"type":"ENERGY","price":0.35,"vat":21.0,"step_size":1},{"type":"TIME","price":1.2,"vat":21.0,"step_size":60}],"restrictions":{"start_time":"08:00","end_time":"20:00"}},{"price_components":[{"type":"ENERGY","price":0.25,"vat":21.0,"step_size":1}]}],"last_updated":"2026-01-01T00:00:00Z"}],"charging_periods":[{"start_date_time":"2026-09-01T10:00:00Z","dimensions":[{"type":"ENERGY","volume":12.345},{"type":"TIME","volume":0.5}],"tariff_id":"T1"},{"start_date_time":"2026-09-01T10:30:00Z","dimensions":[{"type":"ENERGY","volume":2.345},{"type":"TIME","volume":0.5}],"tariff_id":"T1"}],"total_cost":{"excl_vat":5.14,"incl_vat":6.22},"total_energy":14.69,"total_time":1.0,"last_updated":"2026-09-01T11:00:10Z"}`

func benchmark(b *testing.B, before, between, after string) {
	var buf bytes.Buffer
	buf.WriteString(before)
	for i := range 20000 {
		if i > 0 {
			buf.WriteString(between)
		}
		fmt.Fprintf(&buf, sample, i, i)
	}
	buf.WriteString(after)
	path := write(b, "in", buf.Bytes())
	b.SetBytes(int64(buf.Len()))
	b.ReportAllocs()
	for b.Loop() {
		s, _ := Open([]string{path}, Options{})
		n := 0
		for batch, err := range s.Batches(context.Background()) {
			if err != nil {
				b.Fatal(err)
			}
			n += len(batch.Records)
			batch.Release()
		}
		if n != 20000 {
			b.Fatal(n)
		}
		s.Close()
	}
}

func BenchmarkNDJSON(b *testing.B) { benchmark(b, "", "\n", "\n") }
func BenchmarkArray(b *testing.B)  { benchmark(b, "[", ",", "]") }

func BenchmarkScanner(b *testing.B) {
	rec := []byte(sample)
	b.SetBytes(int64(len(rec)))
	for b.Loop() {
		var s scanner
		if n, ok := s.scan(rec); !ok || n != len(rec) {
			b.Fatal(n)
		}
	}
}

// BenchmarkFrame is BenchmarkNDJSON without the file and its SHA-256.
func BenchmarkFrame(b *testing.B) {
	var buf bytes.Buffer
	for i := range 20000 {
		fmt.Fprintf(&buf, sample+"\n", i, i)
	}
	b.SetBytes(int64(buf.Len()))
	for b.Loop() {
		f := newFramer(&input{plain: bytes.NewReader(buf.Bytes())}, 0, Options{}.withDefaults())
		n := 0
		for f.step() {
			if f.out.full(defaultBatch) {
				n += len(f.out.Records)
				f.out.Release()
				f.out = newBatch(0)
			}
		}
		if n += len(f.out.Records); n != 20000 {
			b.Fatal(n)
		}
		f.w.buf.release()
	}
}
