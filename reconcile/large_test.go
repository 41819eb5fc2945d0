package reconcile

import (
	"fmt"
	"testing"
	"time"

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

// TestManyCandidates: lines that name only a session id that many CDRs and claims name as well. What each keeps as evidence is limited.
func TestManyCandidates(t *testing.T) {
	const n = 2000
	d := ocpi.NewDecoder(ocpi.Options{})
	g := &Group{}
	for i := range n {
		text := fmt.Sprintf(`{"country_code":"NL","party_id":"CPO","id":"C%d","session_id":"unknown","start_date_time":"2026-09-01T10:%02d:%02dZ",`+
			`"end_date_time":"2026-09-01T11:00:00Z","currency":"EUR","tariffs":[%s],"charging_periods":[{"start_date_time":"2026-09-01T10:00:00Z",`+
			`"dimensions":[{"type":"ENERGY","volume":20}]}],"total_cost":{"excl_vat":5.00},"total_energy":20,"total_time":1,`+
			`"last_updated":"2026-09-01T12:00:00Z"}`, i, i/60, i%60, fmt.Sprintf(tariffText, "0.25"))
		c, findings := d.CDR(ocpi.Record{Place: ocpi.Place{File: "cdrs.ndjson", Record: i + 1}, Bytes: []byte(text)})
		g.CDRs = append(g.CDRs, CDRInput{c, findings})
		g.Lines = append(g.Lines, &Line{
			InvoiceID: "I", Line: fmt.Sprint(i), SessionID: "unknown", Currency: "EUR", Claimed: Money{BeforeTaxes: Known(exact.New(500, 2))},
			Record: ocpi.Record{Place: ocpi.Place{File: "invoice.csv", Record: i + 1}},
		})
		g.Claims = append(g.Claims, &Claim{SessionID: "unknown", Reason: fmt.Sprintf("kwh %d", i)})
	}
	began := time.Now()
	v := Judge(g, &Agreement{Tolerance: DefaultTolerance()})
	require.Less(t, time.Since(began), 10*time.Second, "seconds even on a busy machine; the product of the three would take minutes")
	require.Len(t, v.Lines, n)
	for i := range v.Lines {
		line := &v.Lines[i]
		require.Equal(t, matchAmbiguous, line.Match.State)
		require.Len(t, line.CDRs, maxEvidence)
		require.Len(t, line.Claims, maxEvidence)
		require.Equal(t, QuantityKWh, line.Quantity)
	}
	require.Contains(t, v.Lines[n-1].Findings[0].Message, "2000 claims dispute the line")
	require.Contains(t, v.Lines[n-1].Findings[1].Message, "2000 CDRs fit the line")
	require.Empty(t, v.NotInvoiced, "each CDR is claimed by a line, whether or not the line shows it")
}
