package generate_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/generate"
	"github.com/nexacollect/reconcile/reconcile/job"
	"github.com/nexacollect/reconcile/tariff"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The tests of this file hold the generator's arithmetic against the engine's: neither knows the other.

func read(t *testing.T, dir, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	require.NoError(t, err)
	return text
}

func lines(t *testing.T, dir, name string) [][]byte {
	t.Helper()
	return bytes.Split(bytes.TrimSpace(read(t, dir, name)), []byte("\n"))
}

func list(t *testing.T, dir, name string) [][]byte {
	t.Helper()
	var records []json.RawMessage
	require.NoError(t, json.Unmarshal(read(t, dir, name), &records))
	out := make([][]byte, len(records))
	for i := range records {
		out[i] = records[i]
	}
	return out
}

// faultless are the CDR and session ids that lines without defect quote, folded.
func faultless(t *testing.T, dir string) map[string]bool {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(read(t, dir, "invoice.csv"))).ReadAll()
	require.NoError(t, err)
	ids := map[string]bool{}
	for i, raw := range lines(t, dir, "truth.ndjson") {
		var x struct{ Defect string }
		require.NoError(t, json.Unmarshal(raw, &x))
		if x.Defect == "none" || strings.HasPrefix(x.Defect, "disputed-") {
			ids[strings.ToLower(rows[i+1][5])] = true
			ids[strings.ToLower(rows[i+1][6])] = true
		}
	}
	delete(ids, "")
	return ids
}

// cases makes a folder of each kind.
func cases(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{"month": t.TempDir(), "mixed": t.TempDir(), "single": t.TempDir(), "demo": t.TempDir(), "measured": t.TempDir()}
	for _, profile := range []string{generate.ProfileMonth, generate.ProfileMixed, generate.ProfileSingle} {
		_, err := generate.Month(t.Context(), generate.Options{Records: 1200, Seed: 3, Out: out[profile], Profile: profile})
		require.NoError(t, err)
	}
	_, err := generate.Demo(t.Context(), out["demo"], false)
	require.NoError(t, err)
	data := os.Getenv("RECONCILE_DATA")
	if data == "" {
		t.Log("RECONCILE_DATA is not set: measured sessions are left out")
		delete(out, "measured")
		return out
	}
	file := filepath.Join(data, "sessions", "acn_california_ev_sessions.csv.gz")
	_, err = generate.FromSessions(t.Context(), generate.FromOptions{Sessions: file, Out: out["measured"], Limit: 1200})
	require.NoError(t, err)
	return out
}

func TestDecoderFindsNothingInFaultlessRecords(t *testing.T) {
	for name, dir := range cases(t) {
		t.Run(name, func(t *testing.T) {
			good := faultless(t, dir)
			d := ocpi.NewDecoder(ocpi.Options{})
			for _, raw := range lines(t, dir, "cdrs.ndjson") {
				c, findings := d.CDR(ocpi.Record{Bytes: raw})
				if good[c.ID] || c.SessionID != "" && good[strings.ToLower(c.SessionID)] {
					require.Empty(t, findings, string(raw))
				}
			}
			for _, raw := range lines(t, dir, "sessions.ndjson") {
				_, findings := d.Session(ocpi.Record{Bytes: raw})
				require.Less(t, ocpi.Worst(findings), ocpi.SeverityWarn, string(raw))
			}
			for _, raw := range list(t, dir, "tariffs.json") {
				_, findings := d.Tariff(ocpi.Record{Bytes: raw})
				require.Empty(t, findings, string(raw))
			}
			for _, raw := range list(t, dir, "locations.json") {
				_, findings := d.Location(ocpi.Record{Bytes: raw})
				require.Empty(t, findings, string(raw))
			}
		})
	}
}

func TestEnginePricesFaultlessCDRsAlike(t *testing.T) {
	for name, dir := range cases(t) {
		t.Run(name, func(t *testing.T) {
			good := faultless(t, dir)
			d := ocpi.NewDecoder(ocpi.Options{})
			zones := map[string]string{}
			for _, raw := range list(t, dir, "locations.json") {
				l, _ := d.Location(ocpi.Record{Bytes: raw})
				zones[l.CountryCode+l.ID] = l.TimeZone
			}
			lookup := func(country, _, location string) string { return zones[country+location] }
			priced := 0
			for _, raw := range lines(t, dir, "cdrs.ndjson") {
				c, _ := d.CDR(ocpi.Record{Bytes: raw})
				if !good[c.ID] {
					continue
				}
				zone, _ := tariff.ResolveZone(c, lookup, "")
				r := tariff.Price(tariff.Input{CDR: c, Zone: zone})
				require.Nil(t, r.Blocked, string(raw))
				require.Less(t, ocpi.Worst(r.Findings), ocpi.SeverityWarn, "%v %s", r.Findings, raw)
				assertRounded(t, r.Totals.Cost.BeforeTaxes, c.TotalCost.BeforeTaxes, raw)
				if c.TotalCost.AfterTaxes.Present {
					assertRounded(t, r.Totals.Cost.AfterTaxes, c.TotalCost.AfterTaxes, raw)
				}
				priced++
			}
			assert.Greater(t, priced, 150)
		})
	}
}

// assertRounded wants the computed amount, rounded half up to cents, to be the claimed one.
func assertRounded(t *testing.T, computed, claimed ocpi.Number, raw []byte) {
	t.Helper()
	require.True(t, computed.Present, string(raw))
	require.True(t, computed.Value.Round(2, exact.HalfUp).Equal(claimed.Value), "%s is not %s: %s", computed.Value, claimed.Value, raw)
}

// verdict is what truth and judge say alike of a line. Amounts are of their own types: strings here, money there.
type verdict struct {
	InvoiceID                  string `json:"invoice_id"`
	Line                       string
	Defect                     string
	Disputed                   bool
	Proven, Conceded, Unproven json.RawMessage
	Outcome                    string
	Reasons                    []string
	Findings                   []struct{ Code, Severity string }
}

// essence is what must agree: the parts, the outcome, and the reasons of the parts that are not proven. Reasons that move nothing are
// left out: judgement.md leaves it open for some codes whether they are a line's reasons or findings only.
func (v *verdict) essence(t *testing.T) string {
	t.Helper()
	moved := 0
	parts := []string{}
	for i, raw := range []json.RawMessage{v.Proven, v.Conceded, v.Unproven} {
		text := net(t, raw)
		if parts = append(parts, text); i > 0 && text != "0.00" {
			moved++
		}
	}
	require.LessOrEqual(t, moved, len(v.Reasons), "%+v", v)
	return fmt.Sprint(v.Disputed, parts, v.Outcome, v.Reasons[:moved])
}

// net reads a decimal, or the net part of money, and writes it with two decimals.
func net(t *testing.T, raw json.RawMessage) string {
	t.Helper()
	var text string
	if json.Unmarshal(raw, &text) != nil {
		var m struct {
			BeforeTaxes string `json:"before_taxes"`
		}
		require.NoError(t, json.Unmarshal(raw, &m))
		text = m.BeforeTaxes
	}
	d, err := decimal.NewFromString(text)
	require.NoError(t, err)
	return d.StringFixed(2)
}

func TestJudgeFindsTheTruth(t *testing.T) {
	for name, dir := range cases(t) {
		t.Run(name, func(t *testing.T) {
			text := read(t, dir, "case.yaml")
			c, err := reconcile.ParseCase("case.yaml", text)
			require.NoError(t, err)
			pack := filepath.Join(t.TempDir(), "pack")
			_, err = job.Run(t.Context(), job.RunOptions{Case: c, Dir: dir, Out: pack})
			require.NoError(t, err)
			judged := map[string]string{}
			for _, raw := range lines(t, pack, "data/lines.ndjson") {
				var v verdict
				require.NoError(t, json.Unmarshal(raw, &v))
				judged[v.InvoiceID+" "+v.Line] = v.essence(t)
			}
			truths := lines(t, dir, "truth.ndjson")
			assert.Len(t, judged, len(truths))
			for _, raw := range truths {
				var v verdict
				require.NoError(t, json.Unmarshal(raw, &v))
				assert.Equal(t, v.essence(t), judged[v.InvoiceID+" "+v.Line], string(raw))
			}
		})
	}
}
