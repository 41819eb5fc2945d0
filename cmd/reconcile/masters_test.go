package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

// masterTruth is what masters.ndjson and master_lines.ndjson say of a master line.
type masterTruth struct {
	InvoiceID string        `json:"invoice_id"`
	Line      string        `json:"line"`
	Members   int           `json:"members"`
	Stated    exact.Decimal `json:"stated"`
	Carried   exact.Decimal `json:"carried"`
	Rest      exact.Decimal `json:"rest"`
	Missing   []masterName  `json:"missing"`
	Foreign   []masterName  `json:"foreign"`
	Credited  []masterName  `json:"credited"`
}

type masterName struct {
	CDRID  string        `json:"cdr_id"`
	Amount exact.Decimal `json:"amount"`
}

// text is the same for the same statement: the truth knows prices to four decimals.
func (m *masterTruth) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s/%s: %d members, stated %s, carried %s, rest %s", m.InvoiceID, m.Line, m.Members, m.Stated.Trim(), m.Carried.Trim(), m.Rest.Trim())
	for _, list := range [][]masterName{m.Missing, m.Foreign, m.Credited} {
		slices.SortFunc(list, func(x, y masterName) int { return strings.Compare(x.CDRID, y.CDRID) })
		b.WriteString(";")
		for _, n := range list {
			fmt.Fprintf(&b, " %s %s", n.CDRID, n.Amount.Round(4, exact.HalfUp).Trim())
		}
	}
	return b.String()
}

// masters TRUTH MASTER_LINES MISSING FOREIGN CREDITED compares what is said of every master line, each CDR by name and amount, and counts
// the names.
func masters(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 5 {
		ts.Fatalf("usage: masters TRUTH MASTER_LINES MISSING FOREIGN CREDITED")
	}
	want, got := readMasters(ts, args[0]), readMasters(ts, args[1])
	var counts [3]int
	for i := range want {
		if i >= len(got) || want[i].text() != got[i].text() {
			ts.Fatalf("master line %d differs from the truth:\n%s", i+1, want[i].text())
		}
		counts[0], counts[1], counts[2] = counts[0]+len(got[i].Missing), counts[1]+len(got[i].Foreign), counts[2]+len(got[i].Credited)
	}
	if have := fmt.Sprint(len(want) == len(got), counts); have != fmt.Sprintf("true [%s %s %s]", args[2], args[3], args[4]) {
		ts.Fatalf("%d master lines, want %d; named: %v", len(got), len(want), counts)
	}
}

func readMasters(ts *testscript.TestScript, name string) []masterTruth {
	var out []masterTruth
	for raw := range bytes.Lines([]byte(ts.ReadFile(name))) {
		var m masterTruth
		ts.Check(json.Unmarshal(raw, &m))
		out = append(out, m)
	}
	return out
}
