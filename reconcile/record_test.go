package reconcile

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/tariff/zone"
)

// readRecords reads a table that is written with semicolons; of the objects all but source_rows.
func readRecords(t require.TestingT, r *RecordReader, text string) (objects, findings []string) {
	in := csv.NewReader(strings.NewReader(text))
	in.Comma, in.FieldsPerRecord, in.LazyQuotes = ';', -1, true
	rows, err := in.ReadAll()
	require.NoError(t, err)
	keep := func(found []ocpi.Finding) {
		for _, f := range found {
			findings = append(findings, fmt.Sprintf("%d %s %s: %s", f.Place.Line, f.Severity, f.Code, f.Message))
		}
	}
	emit := func(_ ocpi.Place, object []byte, found []ocpi.Finding) {
		keep(found)
		require.Equal(t, object == nil, ocpi.FirstBlock(found) != nil)
		if object != nil {
			require.True(t, json.Valid(object), "%s", object)
			text, own, _ := strings.Cut(string(object), `,"source_rows":`)
			require.NotEmpty(t, own)
			objects = append(objects, text+"}")
		}
	}
	found, err := r.Heading(rows[0])
	require.NoError(t, err)
	keep(found)
	if ocpi.FirstBlock(found) != nil {
		return objects, findings
	}
	lines := strings.Split(text, "\n")
	for i, cells := range rows[1:] {
		r.Row(ocpi.Record{Place: ocpi.Place{File: "t.csv", Line: i + 2}, Bytes: []byte(lines[i+1])}, cells, emit)
	}
	r.Flush(emit)
	return objects, findings
}

func zoned(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := zone.Load(name)
	require.NoError(t, err)
	return z
}

func TestRecordsOfRows(t *testing.T) {
	amsterdam := zoned(t, "Europe/Amsterdam")
	const oneRow = "0 info row-one-period: the table has no columns of charging periods: each CDR gets one period, from its start, with the energy and the time of its row"
	tests := []struct {
		name     string
		kind     ocpi.Kind
		zone     *time.Location
		text     string
		objects  []string
		findings []string
	}{
		{
			"a usual export needs no map", ocpi.KindCDR, amsterdam,
			"CDR ID;Session ID;EVSE ID;Contract ID;Start;End;Energy (kWh);Duration (min);Amount excl. VAT;Currency;Tariff ID\n" +
				"C1;S1;NL*X*E1;DE-EMP-1;2026-09-01 10:00:00;2026-09-01 10:40:00;12,50;40;5.00;EUR;T1\n",
			[]string{`{"id":"C1","start_date_time":"2026-09-01T08:00:00Z","end_date_time":"2026-09-01T08:40:00Z","session_id":"S1",` +
				`"cdr_token":{"contract_id":"DE-EMP-1"},"cdr_location":{"evse_id":"NL*X*E1"},"currency":"EUR",` +
				`"charging_periods":[{"start_date_time":"2026-09-01T08:00:00Z","dimensions":[{"type":"ENERGY","volume":12.5},{"type":"TIME","volume":0.666666666666}],"tariff_id":"T1"}],` +
				`"total_cost":{"excl_vat":5.00},"total_energy":12.5,"total_time":0.666666666666}`},
			[]string{oneRow, `2 info decimal-comma: column "Energy (kWh)": "12,50" read as 12.50, and so in all its rows`,
				`2 info row-rounded: column "Duration (min)": 40 is 0.666666666666 hours, rounded down to 12 decimals, and so in all its rows`},
		},
		{
			"a row a period", ocpi.KindCDR, nil,
			"id;start_date_time;charging_periods.start_date_time;charging_periods.energy_wh;charging_periods.time_seconds;total_energy\n" +
				"C1;2026-09-01T10:00:00Z;2026-09-01T10:00:00Z;1500;1800;2\nC1;2026-09-01T10:00:00Z;2026-09-01T10:30:00+02:00;500;;2\n" +
				"C2;2026-09-01T10:00:00.500Z;;;;1\n",
			[]string{
				`{"id":"C1","start_date_time":"2026-09-01T10:00:00Z","charging_periods":[` +
					`{"start_date_time":"2026-09-01T10:00:00Z","dimensions":[{"type":"ENERGY","volume":1.5},{"type":"TIME","volume":0.5}]},` +
					`{"start_date_time":"2026-09-01T08:30:00Z","dimensions":[{"type":"ENERGY","volume":0.5}]}],"total_energy":2}`,
				`{"id":"C2","start_date_time":"2026-09-01T10:00:00.500Z","charging_periods":[` +
					`{"start_date_time":"2026-09-01T10:00:00.500Z","dimensions":[{"type":"ENERGY","volume":1}]}],"total_energy":1}`,
			},
			[]string{"4 info row-one-period: the row says no charging period: the CDR gets one, from its start, with the energy and the time of its row"},
		},
		{
			"the same CDR again, and one whose rows differ", ocpi.KindCDR, nil,
			"id;start_date_time;currency;charging_periods.start_date_time;charging_periods.energy\n" +
				"C1;2026-09-01T10:00:00Z;EUR;2026-09-01T10:00:00Z;1\nC1;2026-09-01T10:00:00Z;EUR;2026-09-01T10:00:00Z;1\n" +
				"C2;2026-09-01T10:00:00Z;EUR;2026-09-01T10:00:00Z;1\nC2;2026-09-01T10:00:00Z;CHF;2026-09-01T11:00:00Z;1\n",
			slices.Repeat([]string{`{"id":"C1","start_date_time":"2026-09-01T10:00:00Z","currency":"EUR","charging_periods":[` +
				`{"start_date_time":"2026-09-01T10:00:00Z","dimensions":[{"type":"ENERGY","volume":1}]}]}`}, 2),
			[]string{`5 block row-differs: column "currency": found "CHF", want "EUR" as in the record's first row, line 4; the record is not used`},
		},
		{
			"times that name no one instant", ocpi.KindCDR, nil,
			"id;start_date_time;end_date_time;time_zone\nC1;2026-09-01 10:00:00;;\nC2;2026-10-25 02:30:00;2026-10-25 04:30;Europe/Amsterdam\n" +
				"C3;2026-03-29 02:30:00;;Europe/Amsterdam\nC4;2026-09-01 10:00;;Europe/Amsterdamned\nC5;01/09/2026 10:00;;\n",
			nil,
			[]string{
				oneRow,
				`2 block row-zone: column "start_date_time": "2026-09-01 10:00:00" has no zone, want Z or an offset, a column time_zone, or inputs.time_zone in the case file; the record is not used`,
				`3 block row-zone: column "start_date_time": "2026-10-25 02:30:00" comes twice in Europe/Amsterdam, clocks were put back: want an offset; the record is not used`,
				`4 block row-zone: column "start_date_time": "2026-03-29 02:30:00" does not exist in Europe/Amsterdam, clocks were put forward; the record is not used`,
				`5 block row-unreadable: column "time_zone": "Europe/Amsterdamned" is no name of the IANA database, as Europe/Amsterdam; the record is not used`,
				`5 block row-zone: column "start_date_time": "2026-09-01 10:00" has no zone, want Z or an offset, a column time_zone, or inputs.time_zone in the case file; the record is not used`,
				`6 block row-unreadable: column "start_date_time": found "01/09/2026 10:00", want a time such as 2026-09-30T14:05:00Z or 2026-09-30 14:05:00; the record is not used`,
			},
		},
		{
			"what cannot be read", ocpi.KindCDR, nil,
			"id;start (UTC);total_energy;duration;credit;tariffs\nC1;2026-09-01 10:00:00;1.234,5;;;\nC2;2026-09-01 10:00:00;;1:75:00;;\nC3;2026-09-01 10:00:00;;;perhaps;\n" +
				"C4;2026-09-01 10:00:00;;;;[{]\nC5;2026-09-01 10:00:00;1e1;1:30:00;yes;[{}]\n",
			[]string{`{"id":"C5","start_date_time":"2026-09-01T10:00:00Z","tariffs":[{}],"charging_periods":[{"start_date_time":"2026-09-01T10:00:00Z",` +
				`"dimensions":[{"type":"ENERGY","volume":10},{"type":"TIME","volume":1.5}]}],"total_energy":1e1,"total_time":1.5,"credit":true}`},
			[]string{
				oneRow,
				`2 block row-unreadable: column "total_energy": found "1.234,5", want a number: "1.234,5": it has a thousands separator, or one that may be: write 1234.50; the record is not used`,
				`3 block row-unreadable: column "duration": found "1:75:00", want h:mm:ss, or the unit in the heading; the record is not used`,
				`4 block row-unreadable: column "credit": found "perhaps", want true or false; the record is not used`,
				`5 block row-unreadable: column "tariffs": found "[{]", want JSON, an object or a list; the record is not used`,
			},
		},
		{
			"sessions", ocpi.KindUnknown, nil, "id;start_date_time;kwh;status;colour\nS1;2026-09-01T10:00:00Z;7;COMPLETED;red\n",
			[]string{`{"id":"S1","start_date_time":"2026-09-01T10:00:00Z","kwh":7,"status":"COMPLETED"}`},
			[]string{`0 info column-unknown: column "colour" is not used: it is no native name, no synonym, and no entry of columns maps it`},
		},
		{
			"an invoice is no table of CDRs", ocpi.KindCDR, nil, "invoice_id;line;cdr_id;start;kwh;amount_excl_vat;currency\nI;1;C;2026-09-01T10:00:00Z;1;1;EUR\n", nil,
			[]string{`0 block table-kind: not of this kind: column "invoice_id" is one of an invoice; if these are CDRs or sessions all the same, name their columns in the case file; the table is not read`},
		},
		{
			"sessions are no CDRs", ocpi.KindCDR, nil, "id;start_date_time;kwh;status\nS1;2026-09-01T10:00:00Z;7;COMPLETED\n", nil,
			[]string{`0 block table-kind: not of this kind: the heading is that of a table of sessions, want one of cdrs; name the files of each kind apart; the table is not read`},
		},
		{
			"CDRs are no sessions", ocpi.KindSession, nil, "id;start_date_time;total_energy\nS1;2026-09-01T10:00:00Z;7\n", nil,
			[]string{`0 block table-kind: not of this kind: the heading is that of a table of cdrs, want one of sessions; name the files of each kind apart; the table is not read`},
		},
		{
			"two columns for one member", ocpi.KindCDR, nil, "id;start_date_time;total_energy;total_energy_wh\nC1;2026-09-01T10:00:00Z;1;1000\n", nil,
			[]string{`0 block table-kind: columns "total_energy" and "total_energy_wh" both hold total_energy: leave one out, or say which under columns in the case file; the table is not read`},
		},
		{
			"one column twice", ocpi.KindCDR, nil, "id;start_date_time;kwh;energy\nC1;2026-09-01T10:00:00Z;1;1000\n", nil,
			[]string{`0 block table-kind: columns "kwh" and "energy" both hold total_energy: say which under columns in the case file; the table is not read`},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			objects, findings := readRecords(t, NewRecordReader(tt.kind, nil, tt.zone), tt.text)
			require.Equal(t, tt.objects, objects)
			require.Equal(t, tt.findings, findings)
		})
	}
}

func TestRecordsByTheColumnsOfTheCase(t *testing.T) {
	c, err := ParseCase("case.yaml", []byte("case: x\ninputs: {time_zone: Europe/Berlin}\ncolumns:\n  cdrs: {id: Nummer, total_energy_wh: Menge}\n"))
	require.NoError(t, err)
	objects, findings := readRecords(t, c.Records(ocpi.KindCDR), "Nummer;invoice_id;Ladebeginn;Menge\nC1;I;2026-09-01 10:00;1500\n")
	require.Equal(t, []string{`{"id":"C1","start_date_time":"2026-09-01T08:00:00Z","charging_periods":[{"start_date_time":"2026-09-01T08:00:00Z",` +
		`"dimensions":[{"type":"ENERGY","volume":1.5}]}],"total_energy":1.5}`}, objects)
	require.Len(t, findings, 2)
	_, err = c.Records(ocpi.KindCDR).Heading([]string{"id", "start"})
	require.EqualError(t, err, `columns: id: the table has no column named "Nummer" (it has: id, start)`)
	doc, err := json.Marshal(c.Document())
	require.NoError(t, err)
	require.Contains(t, string(doc), `"inputs_time_zone":"Europe/Berlin"`)
	for text, want := range map[string]string{
		"inputs: {time_zone: Mars}":    "time_zone",
		"columns: {cdrs: {kwh: x}}":    `unknown column "kwh" in columns.cdrs`,
		"columns: {sessions: {kwh: }}": "columns.sessions.kwh is empty",
	} {
		_, err := ParseCase("case.yaml", []byte(text))
		require.ErrorContains(t, err, want)
	}
}

func TestAHeadingOfThousandsOfNames(t *testing.T) {
	header := []string{"id", "start_date_time"}
	for i := range 16_000 {
		header = append(header, fmt.Sprintf("column %d", i))
	}
	found, err := NewRecordReader(ocpi.KindUnknown, nil, nil).Heading(header)
	require.NoError(t, err)
	require.Nil(t, ocpi.FirstBlock(found))
	require.Len(t, found, 16_001)
}

func TestARowThatIsLostSpoilsItsNeighbours(t *testing.T) {
	r := NewRecordReader(ocpi.KindCDR, nil, nil)
	found, err := r.Heading([]string{"id", "start_date_time", "charging_periods.start_date_time", "charging_periods.energy"})
	require.NoError(t, err)
	require.Empty(t, found)
	var made []string
	emit := func(_ ocpi.Place, object []byte, _ []ocpi.Finding) { made = append(made, fmt.Sprint(object != nil)) }
	row := func(id string) {
		r.Row(ocpi.Record{}, []string{id, "2026-09-01T10:00:00Z", "2026-09-01T10:00:00Z", "1"}, emit)
	}
	row("A")
	row("B")
	r.Lost()
	row("C")
	row("D")
	r.Flush(emit)
	require.Equal(t, []string{"true", "false", "false", "true"}, made)
}

// Whatever a table holds, each row is in a record or in one that is rejected, what is made is JSON that the decoder reads, and source_rows
// gives the rows back.
func TestPropertyRowsAreKept(t *testing.T) {
	names := RecordColumns(ocpi.KindCDR)
	rapid.Check(t, func(t *rapid.T) {
		header := slices.Clone(rapid.SliceOfNDistinct(rapid.SampledFrom(names), 0, 8, rapid.ID).Draw(t, "names"))
		header = append(slices.DeleteFunc(header, func(n string) bool { return n == "id" || n == "start_date_time" }), "id", "start_date_time")
		r := NewRecordReader(ocpi.KindCDR, nil, time.UTC)
		found, err := r.Heading(header)
		require.NoError(t, err)
		if ocpi.FirstBlock(found) != nil {
			return
		}
		cell := rapid.SampledFrom([]string{"", "A", "B", "1", "2.50", "3,1", "-7", "2026-09-01 10:00", "2026-09-01T10:00:00Z", `{"a":1}`, "[]", "true", "1:00:00", "\xff", `"`})
		var want, got []string
		rejected := 0
		emit := func(_ ocpi.Place, object []byte, found []ocpi.Finding) {
			if object == nil {
				rejected++
				require.NotNil(t, ocpi.FirstBlock(found))
				return
			}
			var o struct {
				Rows []json.RawMessage `json:"source_rows"`
			}
			require.NoError(t, json.Unmarshal(object, &o))
			for _, row := range o.Rows {
				got = append(got, string(row))
			}
			_, findings := ocpi.NewDecoder(ocpi.Options{}).CDR(ocpi.Record{Bytes: object})
			for _, f := range findings {
				if !strings.HasSuffix(f.Pointer, "/a") { // of a cell that holds an object of its own
					require.NotEqual(t, ocpi.SchemaUnknownField, f.Code, "%v", f)
				}
				require.NotEqual(t, ocpi.SchemaDuplicateField, f.Code, "%v", f)
			}
		}
		n := rapid.IntRange(0, 6).Draw(t, "rows")
		for i := range n {
			cells := rapid.SliceOfN(cell, len(header), len(header)).Draw(t, "cells")
			raw := fmt.Sprintf("row %d", i)
			want = append(want, `"`+raw+`"`)
			r.Row(ocpi.Record{Place: ocpi.Place{Line: i + 2}, Bytes: []byte(raw)}, cells, emit)
		}
		r.Flush(emit)
		if rejected == 0 {
			require.Equal(t, want, got)
		}
		require.LessOrEqual(t, rejected+len(got), n)
		require.True(t, n == 0 || rejected+len(got) > 0)
	})
}
