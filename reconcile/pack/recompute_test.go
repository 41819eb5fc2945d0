package pack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/rounding"
	"github.com/nexacollect/reconcile/tariff"
	"github.com/nexacollect/reconcile/tariff/zone"
)

// reindex writes the digests of the records anew into the index, as a forger would. Lengths must not have changed.
func reindex(t *testing.T, dir string) {
	t.Helper()
	rewrite(t, dir, "data/index.ndjson", func(text string) string {
		var out []byte
		for line := range strings.Lines(text) {
			var d indexDoc
			require.NoError(t, json.Unmarshal([]byte(line), &d))
			for _, list := range d.records() {
				for i := range *list {
					r := &(*list)[i]
					shard, err := os.ReadFile(filepath.Join(dir, "data", filepath.FromSlash(r.Shard)))
					require.NoError(t, err)
					sum := sha256.Sum256(shard[r.Offset : r.Offset+r.Length])
					r.SHA256 = hex.EncodeToString(sum[:])
				}
			}
			out = d.append(out)
		}
		return string(out)
	})
}

const (
	cdrShard   = "data/records/cdrs-0001.ndjson"
	sheetShard = "data/sheets-0001.ndjson"
)

func TestForgedCalculations(t *testing.T) {
	for name, c := range map[string]struct {
		file, old, new, fault string
	}{
		"a result":          {sheetShard, `"value":"10.00"`, `"value":"11.00"`, "gives 10, the sheet says 11"},
		"a leaf":            {sheetShard, `"value":"25"`, `"value":"52"`, "step"},
		"a note":            {sheetShard, `"note":"period`, `"note":"Period`, "another calculation"},
		"another line":      {sheetShard, `"line":"3"`, `"line":"4"`, "belongs to another line"},
		"another name":      {sheetShard, `"name":"price"`, `"name":"prize"`, "belongs to another line"},
		"a member more":     {sheetShard, `{"invoice_id"`, `{"a":1,"invoice_id"`, "not in the form"},
		"another CDR":       {sheetShard, `"cdr":"`, `"cdr":"0`, "is not disclosed"},
		"a question":        {sheetShard, `"rules":{}`, `"rules":{"a":"b"}`, "sheets-0001.ndjson"},
		"a source":          {sheetShard, `"tariff_source":"cdr"`, `"tariff_source":"mine"`, `"mine" is none`},
		"a set":             {sheetShard, `"supplied":null`, `"supplied":7`, "no set 7"},
		"a zone":            {sheetShard, `"time_zone":null`, `"time_zone":"Mars"`, "Mars"},
		"a quantity":        {cdrShard, `"volume":25`, `"volume":52`, "another calculation, with a total of 18.1 net"},
		"a price":           {cdrShard, `"price":0.30`, `"price":0.40`, "another calculation, with a total of 12.5 net"},
		"no calculation":    {cdrShard, `"currency":"EUR","tariffs"`, `"currency":"CHF","tariffs"`, "cannot be priced"},
		"not JSON any more": {cdrShard, `"currency"`, `"currency'`, "cannot be read"},
		"another default":   {"data/engine.json", `"rules": {`, `"rules": {"x": 1,`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := madeCase(6).write(t)
			if len(c.old) != len(c.new) && c.file == sheetShard {
				lengthen(t, dir, c.old, c.new)
			} else {
				rewrite(t, dir, c.file, replace(c.old, c.new))
			}
			if c.fault == "" {
				require.NotEmpty(t, failed(t, verify(t, dir), "parse"))
				return
			}
			if c.file == cdrShard {
				reindex(t, dir)
				resheet(t, dir)
			}
			repair(t, dir)
			v := verify(t, dir)
			require.Contains(t, failed(t, v, "recompute"), c.fault, v.Text())
		})
	}
}

// lengthen replaces text in the first sheet and moves the places that the index states.
func lengthen(t *testing.T, dir, old, new string) {
	t.Helper()
	rewrite(t, dir, sheetShard, replace(old, new))
	grown := int64(len(new) - len(old))
	first := true
	rewrite(t, dir, "data/index.ndjson", func(text string) string {
		var out []byte
		for line := range strings.Lines(text) {
			var d indexDoc
			require.NoError(t, json.Unmarshal([]byte(line), &d))
			for i := range d.Sheets {
				if first {
					d.Sheets[i].Length += grown
				} else {
					d.Sheets[i].Offset += grown
				}
				first = false
			}
			out = d.append(out)
		}
		return string(out)
	})
}

// resheet writes the digest of the first CDR of each line into its sheets.
func resheet(t *testing.T, dir string) {
	t.Helper()
	var digests []string
	rewrite(t, dir, "data/index.ndjson", func(text string) string {
		for line := range strings.Lines(text) {
			var d indexDoc
			require.NoError(t, json.Unmarshal([]byte(line), &d))
			for range d.Sheets {
				digests = append(digests, d.CDRs[0].SHA256)
			}
		}
		return text
	})
	rewrite(t, dir, sheetShard, func(text string) string {
		var out []byte
		for line := range strings.Lines(text) {
			var d sheetDoc
			require.NoError(t, json.Unmarshal([]byte(line), &d))
			d.CDR, digests = digests[0], digests[1:]
			out = append(d.append(out), '\n')
		}
		return string(out)
	})
}

// TestProvenBeyondTheCalculations: a forger moves what is conceded to what is proven, and the totals with it.
func TestProvenBeyondTheCalculations(t *testing.T) {
	c := madeCase(6)
	v := &c.lines[3]
	v.Proven, v.Conceded, v.Outcome, v.ConcededReason = v.Invoiced, money("0", "0"), reconcile.Proven, ""
	c.summary = madeSummary(c)
	fault := failed(t, verify(t, c.write(t)), "recompute")
	require.Contains(t, fault, "11 is proven, but no calculation comes to more than 10")
	c.caseDoc = map[string]any{"agreement": map[string]any{"tolerance": map[string]string{"amount": "0.99"}}}
	requireOK(t, c.write(t))
	c.caseDoc = map[string]any{"agreement": map[string]any{"tolerance": map[string]string{"amount": "half a minor unit", "percent": "9.1"}}}
	requireOK(t, c.write(t))
	agree := func(scheme rounding.Scheme) {
		c.caseDoc = map[string]any{"agreement": map[string]any{"rounding": scheme}}
	}
	agree(rounding.Scheme{Per: rounding.PerComponent, Decimals: 0, Mode: exact.Up}) // 3 + 8
	requireOK(t, c.write(t))
	agree(rounding.Scheme{Per: rounding.PerSession, Decimals: 0, Mode: exact.Up})
	require.Contains(t, failed(t, verify(t, c.write(t)), "recompute"), "11 is proven, but no calculation comes to more than 10")
	agree(rounding.Scheme{Per: rounding.PerSession})
	require.Contains(t, failed(t, verify(t, c.write(t)), "parse"), "case.json: agreement.rounding: no mode that is known")
}

// suppliedTariff is a tariff beside the CDRs.
func suppliedTariff(n int, price string) *ocpi.Tariff {
	text := fmt.Sprintf(`{"country_code":"NL","party_id":"CPO","id":"T%d","currency":"EUR","elements":[{"price_components":`+
		`[{"type":"ENERGY","price":%s,"vat":21.0,"step_size":1}],"restrictions":{"start_time":"00:00","end_time":"23:59"}}],`+
		`"last_updated":"2026-01-01T00:00:00Z"}`, n, price)
	t, _ := ocpi.NewDecoder(ocpi.Options{}).Tariff(rec("tariffs.ndjson", n, text))
	return t
}

// madeElaborateCase has calculations on supplied tariffs, with other quantities, zones, rules and splits.
func madeElaborateCase(t *testing.T) *caseOfLines {
	t.Helper()
	c := madeCase(8)
	amsterdam, err := zone.Load("Europe/Amsterdam")
	require.NoError(t, err)
	local := tariff.Zone{Name: "Europe/Amsterdam", Source: "location", Location: amsterdam}
	published := []*ocpi.Tariff{suppliedTariff(1, "0.35"), suppliedTariff(2, "0.45")}
	for i := range c.lines {
		v := &c.lines[i]
		cdr := v.Match.CDR
		quantities := &tariff.Quantities{
			EnergyKWh: number("24"), TimeSeconds: number("3000"), Length: true, Doc: tariff.DocSession,
			Pointers: [2]string{"/kwh", "/start_date_time"}, TimeUntil: "/end_date_time",
		}
		raw := strings.Replace(rawSession(i+1), `"kwh":25`, `"kwh":24`, 1)
		raw = strings.Replace(raw, `T11:00:00Z`, `T10:50:00Z`, 1)
		other, _ := ocpi.NewDecoder(ocpi.Options{}).Session(rec("sessions.ndjson", 100+i, raw))
		v.Sessions = append(v.Sessions, other)
		strict := tariff.RulesFor(ocpi.V221)
		question := tariff.Questions()[0]
		require.NoError(t, strict.Set(question.Name, question.Choices[len(question.Choices)-1].Name))
		v.Sheets = append(v.Sheets,
			madeSheet("published", tariff.Input{CDR: cdr, Source: tariff.Given, Supplied: published, Zone: local}),
			madeSheet("floor", tariff.Input{CDR: cdr, Quantities: quantities, Supplied: published}),
			madeSheet("agreed", tariff.Input{CDR: cdr, Source: tariff.Given, Supplied: []*ocpi.Tariff{published[1]}, Zone: local, Split: true}),
			madeSheet("reading", tariff.Input{CDR: cdr, Rules: strict}),
		)
		v.Tariffs = published
	}
	return c
}

func TestElaborateCalculations(t *testing.T) {
	c := madeElaborateCase(t)
	dir := c.write(t)
	files := contents(t, dir)
	require.Equal(t, 2, strings.Count(files["data/tariff_sets.ndjson"], "\n"), "lists of the same tariffs are one set")
	require.Equal(t, 2, strings.Count(files["data/records/tariffs-0001.ndjson"], "\n"))
	require.Contains(t, files[sheetShard], `"time_zone":"Europe/Amsterdam"`)
	v := verify(t, dir)
	require.True(t, v.OK, v.Text())
	require.Contains(t, v.Text(), "20 calculations replayed, 20 of them priced again")

	rewrite(t, dir, "data/records/tariffs-0001.ndjson", replace("0.45", "0.46"))
	reindex(t, dir)
	repair(t, dir)
	require.Contains(t, failed(t, verify(t, dir), "recompute"), "tariff_sets.ndjson line 1")
}

func TestForgedTariffSets(t *testing.T) {
	for name, change := range map[string]func(string) string{
		"a set withheld":  func(text string) string { _, rest, _ := strings.Cut(text, "\n"); return rest },
		"a set more":      func(text string) string { return text + `{"set":3,"tariffs":[]}` + "\n" },
		"out of order":    replace(`"set":2`, `"set":3`),
		"another shard":   replace("records/tariffs-0001.ndjson", "records/../../x.ndjson"),
		"a tariff less":   replace(`,"tariffs":[{`, `,"tariffs":[],"x":[{`),
		"cut off":         func(text string) string { return text[:100] },
		"another tariff":  replace(`"offset":0`, `"offset":9`),
		"nothing at all":  func(string) string { return "" },
		"no JSON":         func(string) string { return "x\n" },
		"a place changed": replace(`"record":1`, `"record":9`),
	} {
		t.Run(name, func(t *testing.T) {
			dir := madeElaborateCase(t).write(t)
			rewrite(t, dir, "data/tariff_sets.ndjson", change)
			repair(t, dir)
			v := verify(t, dir)
			if name != "a place changed" { // the place of a record in the input is told, not proven
				require.False(t, v.OK)
			}
		})
	}
}

// TestDeclaredVersion: a CDR that does not tell its version is priced as what was declared.
func TestDeclaredVersion(t *testing.T) {
	c := madeCase(3)
	v := &c.lines[2]
	cdr, _ := ocpi.NewDecoder(ocpi.Options{Version: ocpi.V230}).CDR(v.Match.CDR.Record)
	v.Match.CDR, v.CDRs = cdr, []*ocpi.CDR{cdr}
	v.Sheets = []reconcile.NamedSheet{madeSheet("price", tariff.Input{CDR: cdr})}
	requireOK(t, c.write(t))
}

// TestReplayOnly: a sheet without its input is replayed and its leaves are read again.
func TestReplayOnly(t *testing.T) {
	c := madeCase(6)
	for i := range c.lines {
		c.lines[i].Sheets[0].Input = tariff.Input{}
	}
	dir := c.write(t)
	v := verify(t, dir)
	require.True(t, v.OK, v.Text())
	require.Contains(t, v.Text(), "3 calculations replayed, 0 of them priced again")
	rewrite(t, dir, sheetShard, replace(`"value":"25"`, `"value":"52"`))
	repair(t, dir)
	require.Contains(t, failed(t, verify(t, dir), "recompute"), "sheets-0001.ndjson offset 0")
	rewrite(t, dir, sheetShard, replace(`"value":"52"`, `"value":"25"`))
	rewrite(t, dir, "data/lines.ndjson", func(text string) string {
		return strings.ReplaceAll(text, `"computed":{"before_taxes":"10"`, `"computed":{"before_taxes":"11"`)
	})
	rewrite(t, dir, "data/lines.csv", func(text string) string { return strings.ReplaceAll(text, ",10,12.1,p", ",11,12.1,p") })
	repair(t, dir)
	require.Contains(t, failed(t, verify(t, dir), "recompute"), "does not come to what")
}

// FuzzIndexEntry: whatever an entry of the index says, reading what it names neither panics nor gives what is no line of a shard.
func FuzzIndexEntry(f *testing.F) {
	dir := filepath.Join(f.TempDir(), "out")
	require.NoError(f, madeCase(6).writeTo(dir, false))
	p, err := openDir(dir)
	require.NoError(f, err)
	f.Cleanup(p.close)
	entry, err := p.entryOf(3)
	require.NoError(f, err)
	shards := contents(f, filepath.Join(dir, "data"))
	f.Add(entry.append(nil))
	f.Add([]byte(`{"cdrs":[{"shard":"../../x","offset":-1,"length":9223372036854775807,"encoding":"base64"}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var d indexDoc
		if json.Unmarshal(raw, &d) != nil {
			return
		}
		for _, list := range d.records() {
			for i := range *list {
				line, err := p.at((*list)[i].locationDoc)
				require.True(t, err != nil || strings.Contains("\n"+shards[(*list)[i].Shard], "\n"+string(line)+"\n"))
				_, _ = p.record(&(*list)[i])
			}
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	dir := filepath.Join(b.TempDir(), "out")
	require.NoError(b, madeCase(3000).writeTo(dir, false))
	for b.Loop() {
		v, err := Verify(context.Background(), dir)
		require.NoError(b, err)
		require.True(b, v.OK)
	}
}

// TestSplitsAreRecomputed: the least and the greatest price over all splits are found again from the records, and a pack that takes one
// for the other is not believed.
func TestSplitsAreRecomputed(t *testing.T) {
	amsterdam, err := zone.Load("Europe/Amsterdam")
	require.NoError(t, err)
	c := madeCase(3)
	text := `{"country_code":"NL","party_id":"CPO","id":"T1","currency":"EUR","elements":[` +
		`{"price_components":[{"type":"ENERGY","price":0.35,"step_size":1}],"restrictions":{"end_time":"12:30"}},` +
		`{"price_components":[{"type":"ENERGY","price":0.45,"step_size":1}]}],"last_updated":"2026-01-01T00:00:00Z"}`
	changing, _ := ocpi.NewDecoder(ocpi.Options{}).Tariff(rec("tariffs.ndjson", 1, text))
	v := &c.lines[2] // disputed
	in := tariff.Input{CDR: v.Match.CDR, Source: tariff.Given, Supplied: []*ocpi.Tariff{changing},
		Zone: tariff.Zone{Name: "Europe/Amsterdam", Source: "location", Location: amsterdam}}
	v.Tariffs = in.Supplied
	costs := map[string]bool{}
	for _, extreme := range []tariff.Extreme{tariff.NoExtreme, tariff.Least, tariff.Greatest} {
		in.Extreme = extreme
		sheet := madeSheet(fmt.Sprintf("split-%d", extreme), in)
		v.Sheets = append(v.Sheets, sheet)
		costs[tariff.Price(in).Totals.Cost.BeforeTaxes.Value.Output()] = true
	}
	require.Len(t, costs, 2, "as declared is the least")
	dir := c.write(t)
	require.Contains(t, contents(t, dir)[sheetShard], `"split":"least"`)
	requireOK(t, dir)

	rewrite(t, dir, sheetShard, replace(`"split":"greatest"`, `"split":"unknown_"`))
	repair(t, dir)
	require.Contains(t, failed(t, verify(t, dir), "recompute"), `unknown split "unknown_"`)
	dir = c.write(t)
	rewrite(t, dir, sheetShard, replace(`"split":"greatest"`, `"split":"declared"`))
	repair(t, dir)
	require.Contains(t, failed(t, verify(t, dir), "recompute"), "give another calculation")
}
