package convert_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile/convert"
	"github.com/nexacollect/reconcile/reconcile/source"
)

const cdr = `{"country_code":"NL","party_id":"CPO","id":"C1","start_date_time":"2026-09-01T10:00:00Z","end_date_time":"2026-09-01T11:00:00.5Z","session_id":"S1",` +
	`"cdr_token":{"uid":"U","contract_id":"DE-EMP-1"},"auth_method":"WHITELIST","cdr_location":{"id":"L","evse_uid":"E","evse_id":"NL*CPO*E1","connector_id":"1"},"currency":"EUR",` +
	`"charging_periods":[{"start_date_time":"2026-09-01T10:00:00Z","dimensions":[{"type":"ENERGY","volume":1.50}]}],"total_cost":{"excl_vat":-1.50,"incl_vat":1e2},` +
	`"total_energy":12345678901234567890123456.0000000000001,"total_time":0.666666666666,"credit":true,"last_updated":"2026-09-01T12:00:00Z","mine":[1.50]}`

// written is some records in a format.
func written(t require.TestingT, name string, records ...string) []byte {
	var out bytes.Buffer
	w, err := convert.NewWriter(&out, name)
	require.NoError(t, err)
	d := ocpi.NewDecoder(ocpi.Options{})
	for _, r := range records {
		lost, err := w.Write([]convert.Row{convert.NewRow(d, ocpi.Record{Bytes: []byte(r)})})
		require.NoError(t, err)
		require.Equal(t, []bool{false}, lost)
	}
	require.NoError(t, w.Close())
	return out.Bytes()
}

func TestColumns(t *testing.T) {
	session := `{"country_code":"NL","party_id":"CPO","id":"S1","start_date_time":"2026-09-01T10:00:00Z","kwh":7.25,"status":"COMPLETED","location_id":"L","currency":"EUR","auth_method":"COMMAND","last_updated":"2026-09-01T12:00:00Z"}`
	content := written(t, "x.parquet", cdr, session, `{"foo":1}`, "{\xff")
	rows, err := parquet.Read[convert.Row](bytes.NewReader(content), int64(len(content)))
	require.NoError(t, err)
	require.Len(t, rows, 4)
	units := func(d *[16]byte) string {
		n := new(big.Int).SetBytes(d[:])
		if d[0]&0x80 != 0 {
			n.Sub(n, new(big.Int).Lsh(big.NewInt(1), 128))
		}
		return n.String()
	}
	c := rows[0]
	require.Equal(t, []string{"cdr", "2.2.1", "NL", "CPO", "C1", "S1", "U", "DE-EMP-1", "L", "E", "NL*CPO*E1", "1", "EUR"},
		[]string{c.Kind, c.Version, c.CountryCode, c.PartyID, c.ID, c.SessionID, c.TokenUID, c.ContractID, c.LocationID, c.EVSEUID, c.EVSEID, c.ConnectorID, c.Currency})
	require.Equal(t, "2026-09-01T11:00:00.5Z", c.End.UTC().Format("2006-01-02T15:04:05.999Z"))
	require.Equal(t, "-1500000000000", units(c.TotalCost))
	require.Equal(t, "100000000000000", units(c.TotalCostIncl))
	require.Equal(t, "666666666666", units(c.TotalTime))
	require.Nil(t, c.TotalEnergy, "13 decimals do not fit; the record has them")
	require.Equal(t, int32(1), *c.Periods)
	require.True(t, *c.Credit)
	s := rows[1]
	require.Equal(t, []string{"session", "S1", "COMPLETED", "7250000000000"}, []string{s.Kind, s.ID, s.Status, units(s.TotalEnergy)})
	require.Nil(t, s.TotalCost)
	require.Nil(t, s.End)
	require.Equal(t, "unknown", rows[2].Kind)
	require.Equal(t, "{\xff", string(rows[3].Record))
	require.Equal(t, source.RecordColumn, rows0Name(t, content))
}

// rows0Name is the name of the last column.
func rows0Name(t *testing.T, content []byte) string {
	t.Helper()
	f, err := parquet.OpenFile(bytes.NewReader(content), int64(len(content)))
	require.NoError(t, err)
	columns := f.Root().Columns()
	return columns[len(columns)-1].Name()
}

// read is the records of a file.
func read(t require.TestingT, path string) []string {
	set, err := source.Open([]string{path}, source.Options{Builder: func(string) source.Builder { return nil }})
	require.NoError(t, err)
	var out []string
	for b, err := range set.Batches(context.Background()) {
		require.NoError(t, err)
		require.Empty(t, b.Rejected)
		for _, r := range b.Records {
			out = append(out, string(r.Bytes))
		}
	}
	require.NoError(t, set.Close())
	return out
}

// value draws JSON text: numbers of any notation and length, texts of any kind, lists and objects.
func value(depth int) *rapid.Generator[string] {
	number := rapid.StringMatching(`-?(0|[1-9][0-9]{0,39})(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?`)
	text := rapid.Map(rapid.String(), func(s string) string {
		b, _ := json.Marshal(s)
		return string(b)
	})
	raw := rapid.SampledFrom([]string{`"1.50"`, "1.50", "null", "true", `"\u00e9\/"`, `"<é>"`, `""`, "[]", "{}", `"2026-09-01T10:00:00Z"`})
	if depth == 0 {
		return rapid.OneOf(number, text, raw)
	}
	list := rapid.Map(rapid.SliceOfN(value(depth-1), 0, 3), func(v []string) string { return "[" + strings.Join(v, ",") + "]" })
	return rapid.OneOf(number, text, raw, list, object(depth-1))
}

func object(depth int) *rapid.Generator[string] {
	name := rapid.SampledFrom([]string{"id", "start_date_time", "total_energy", "total_cost", "excl_vat", "kwh", "charging_periods", "dimensions", "credit", "x", "Ünbekannt"})
	return rapid.Custom(func(t *rapid.T) string {
		var members []string
		for range rapid.IntRange(0, 6).Draw(t, "members") { // a name may come twice
			members = append(members, `"`+name.Draw(t, "name")+`":`+rapid.SampledFrom([]string{"", " "}).Draw(t, "space")+value(depth).Draw(t, "value"))
		}
		return "{" + strings.Join(members, ",") + "}"
	})
}

func TestPropertyThereAndBackIsTheSame(t *testing.T) {
	path := filepath.Join(t.TempDir(), "in")
	rapid.Check(t, func(t *rapid.T) {
		records := append(rapid.SliceOfN(object(3), 0, 5).Draw(t, "records"), cdr)
		require.NoError(t, os.WriteFile(path, written(t, "x.parquet", records...), 0o600))
		back := read(t, path)
		require.Equal(t, records, back)
		require.NoError(t, os.WriteFile(path, written(t, "x.ndjson", back...), 0o600))
		require.Equal(t, records, read(t, path))
	})
}

func TestRecordsThatSpanLines(t *testing.T) {
	spread := "{\n  \"a\": 1.50,\r\n  \"b\": \"x\\ny  z\"\n}"
	require.Equal(t, "{\"a\":1.50,\"b\":\"x\\ny  z\"}\n", string(written(t, "x.ndjson", spread)))
	w, err := convert.NewWriter(io.Discard, "x.ndjson")
	require.NoError(t, err)
	lost, err := w.Write([]convert.Row{{Record: []byte("{\n]")}, {Record: []byte("{}")}})
	require.NoError(t, err)
	require.Equal(t, []bool{true, false}, lost)
	_, err = convert.NewWriter(io.Discard, "x.csv")
	require.ErrorContains(t, err, "want .parquet or .ndjson")
}
