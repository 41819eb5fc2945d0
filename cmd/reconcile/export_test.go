package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

// objects reads NDJSON, numbers as text.
func objects(ts *testscript.TestScript, name string) []map[string]any {
	dec := json.NewDecoder(strings.NewReader(ts.ReadFile(name)))
	dec.UseNumber()
	var out []map[string]any
	for dec.More() {
		var o map[string]any
		ts.Check(dec.Decode(&o))
		out = append(out, o)
	}
	return out
}

// export FROM.ndjson TO.csv writes CDRs or sessions as a table, a row for each charging period: members by path, lists as JSON.
func export(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: export FROM.ndjson TO.csv")
	}
	var rows []map[string]string
	names := map[string]bool{}
	for _, o := range objects(ts, args[0]) {
		periods, _ := o["charging_periods"].([]any)
		delete(o, "charging_periods")
		whole := map[string]string{}
		flatten(whole, "", o)
		for _, p := range append(periods, nil)[:max(1, len(periods))] {
			row := maps.Clone(whole)
			if p, ok := p.(map[string]any); ok {
				for _, d := range p["dimensions"].([]any) {
					row["charging_periods."+strings.ToLower(d.(map[string]any)["type"].(string))] = d.(map[string]any)["volume"].(json.Number).String()
				}
				delete(p, "dimensions")
				flatten(row, "charging_periods.", p)
			}
			for name := range row {
				names[name] = true
			}
			rows = append(rows, row)
		}
	}
	header := slices.Sorted(maps.Keys(names))
	table := [][]string{header}
	for _, row := range rows {
		cells := make([]string, len(header))
		for i, name := range header {
			cells[i] = row[name]
		}
		table = append(table, cells)
	}
	var out bytes.Buffer
	ts.Check(csv.NewWriter(&out).WriteAll(table))
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), out.Bytes(), 0o644))
}

// flatten takes the values of an object by path.
func flatten(row map[string]string, prefix string, o map[string]any) {
	for name, v := range o {
		switch v := v.(type) {
		case map[string]any:
			flatten(row, prefix+name+".", v)
		case string:
			row[prefix+name] = v
		case json.Number:
			row[prefix+name] = v.String()
		case nil:
		default:
			text, _ := json.Marshal(v) // it came from JSON
			row[prefix+name] = string(text)
		}
	}
}

// nest FROM.ndjson TO.parquet writes objects as Parquet with a column for each member, as programs do that take JSON for a table: lists of
// structs, decimals of a fixed scale.
func nest(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: nest FROM.ndjson TO.parquet")
	}
	all := objects(ts, args[0])
	list := make([]any, len(all))
	for i, o := range all {
		list[i] = o
	}
	root := nodeOf(list).(parquet.Group)
	var out bytes.Buffer
	w := parquet.NewWriter(&out, parquet.NewSchema("records", root), parquet.MaxRowsPerRowGroup(100), parquet.Compression(&parquet.Snappy))
	for _, o := range all {
		var d deconstruction
		d.group(root, o, levels{})
		slices.SortStableFunc(d.row, func(a, b parquet.Value) int { return a.Column() - b.Column() })
		_, err := w.WriteRows([]parquet.Row{d.row})
		ts.Check(err)
	}
	ts.Check(w.Close())
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), out.Bytes(), 0o644))
}

const nestedScale = 6

// nodeOf is a column that holds some values of one kind.
func nodeOf(values []any) parquet.Node {
	members, elements := map[string][]any{}, []any{}
	for _, v := range values {
		switch v := v.(type) {
		case map[string]any:
			for name, m := range v {
				members[name] = append(members[name], m)
			}
		case []any:
			elements = append(elements, v...)
		case json.Number:
			return parquet.Decimal(nestedScale, 18, parquet.Int64Type)
		case string:
			return parquet.String()
		case bool:
			return parquet.Leaf(parquet.BooleanType)
		}
	}
	if len(members) == 0 {
		return parquet.List(parquet.Optional(nodeOf(elements)))
	}
	g := parquet.Group{}
	for name, m := range members {
		g[name] = parquet.Optional(nodeOf(m))
	}
	return g
}

// deconstruction is the values of one row, with their levels.
type deconstruction struct {
	row  parquet.Row
	leaf int
}

// levels are those at a place of a row: of repetition and definition, and how many lists are around it.
type levels struct{ rep, def, lists int }

func (d *deconstruction) group(g parquet.Node, o map[string]any, at levels) {
	for _, f := range g.Fields() {
		d.optional(f, o[f.Name()], at)
	}
}

func (d *deconstruction) optional(n parquet.Node, v any, at levels) {
	if v == nil {
		d.null(n, at)
		return
	}
	at.def++
	switch v := v.(type) {
	case map[string]any:
		d.group(n, v, at)
	case []any:
		d.list(n.Fields()[0], v, at)
	case json.Number:
		units, err := strconv.ParseInt(exact.MustParse(v.String()).Shift(nestedScale).Plain(), 10, 64)
		if err != nil {
			panic(err)
		}
		d.add(parquet.Int64Value(units), at)
	case string:
		d.add(parquet.ByteArrayValue([]byte(v)), at)
	case bool:
		d.add(parquet.BooleanValue(v), at)
	}
}

func (d *deconstruction) add(v parquet.Value, at levels) {
	d.row = append(d.row, v.Level(at.rep, at.def, d.leaf))
	d.leaf++
}

// null writes a null of every leaf below.
func (d *deconstruction) null(n parquet.Node, at levels) {
	if n.Leaf() {
		d.add(parquet.Value{}, at)
		return
	}
	for _, f := range n.Fields() {
		d.null(f, at)
	}
}

// list writes the elements of a list: each but the first repeats at its level.
func (d *deconstruction) list(repeated parquet.Node, v []any, at levels) {
	if len(v) == 0 {
		d.null(repeated, at)
		return
	}
	from := d.leaf
	at.lists++
	at.def++
	for i, e := range v {
		if d.leaf = from; i > 0 {
			at.rep = at.lists
		}
		d.optional(repeated.Fields()[0], e, at)
	}
}
