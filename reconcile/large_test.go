package reconcile

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// TestLargeGroup: a placeholder for a session id, or one line number for all, ties thousands of records into one group. Judging it must not
// take the square of their number.
func TestLargeGroup(t *testing.T) {
	const n = 3000
	d := ocpi.NewDecoder(ocpi.Options{})
	g := &Group{}
	for i := range n {
		text := fmt.Sprintf(`{"country_code":"NL","party_id":"CPO","id":"C%d","session_id":"unknown","start_date_time":"2026-09-01T10:00:00Z",`+
			`"end_date_time":"2026-09-01T11:00:00Z","currency":"EUR","tariffs":[%s],"charging_periods":[{"start_date_time":"2026-09-01T10:00:00Z",`+
			`"dimensions":[{"type":"ENERGY","volume":20}]}],"total_cost":{"excl_vat":5.00},"total_energy":20,"total_time":1,`+
			`"last_updated":"2026-09-01T12:00:00Z"}`, i, fmt.Sprintf(tariffText, "0.25"))
		c, findings := d.CDR(ocpi.Record{Place: ocpi.Place{File: "cdrs.ndjson", Record: i + 1}, Bytes: []byte(text)})
		g.CDRs = append(g.CDRs, CDRInput{c, findings})
		g.Lines = append(g.Lines, &Line{
			InvoiceID: "I", Line: "1", CDRID: fmt.Sprintf("C%d", i), Currency: "EUR", Claimed: Money{BeforeTaxes: Known(exact.New(500, 2))},
			Record: ocpi.Record{Place: ocpi.Place{File: "invoice.csv", Record: i + 1}},
		})
		g.Claims = append(g.Claims, &Claim{CDRID: fmt.Sprintf("C%d", i), Reason: "kwh"})
	}
	v := Judge(g, &Agreement{Tolerance: DefaultTolerance()})
	require.Len(t, v.Lines, n)
	require.Equal(t, Proven, v.Lines[0].Outcome)
	require.Equal(t, codeDupContent, v.Lines[1].ConcededReason, "all of them bill the same")
}
