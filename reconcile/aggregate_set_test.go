package reconcile

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

// lined is the charges of some contracts, each contract's invoiced in lines of any sizes, and which charges they are together; none where one was
// never sent, or an amount is off by a cent.
type lined struct {
	fleet
	lacks map[int]bool
	want  map[string]string // of a contract: the records
}

func someLined(r *rand.Rand) *lined {
	f := &lined{lacks: map[int]bool{}, want: map[string]string{}}
	for k := range 3 + r.IntN(4) {
		contract := fmt.Sprintf("DE-EMP-C%08d", k)
		var cents, wh int64
		var records []int32
		for range 1 + r.IntN(5) {
			n := len(f.cdrs)
			energy := 1000 + r.Int64N(50_000)
			c := charge(n, contract, "NL*CPO*E1", time.Date(2026, 9, 1+r.IntN(28), 12, r.IntN(60), 0, 0, time.UTC), energy, energy/20)
			f.cdrs, records = append(f.cdrs, c), append(records, int32(n))
			cents, wh = cents+energy/20, wh+energy
		}
		f.want[contract] = fmt.Sprint(records)
		switch r.IntN(4) {
		case 0:
			cents, f.want[contract] = cents+1, "[]"
		case 1:
			f.lacks[int(records[0])], f.want[contract] = true, "[]"
		}
		parts := 2 + r.IntN(3)
		for n := range parts {
			part := cents / int64(parts-n) * 7 / 8
			if n == parts-1 {
				part = cents
			}
			l := &Line{
				InvoiceID: "I", Line: fmt.Sprint(contract, " ", n), Currency: "EUR", Claimed: Money{BeforeTaxes: Known(exact.New(part, 2))}, ContractID: contract,
				ClaimedKWh: Known(exact.New(wh, 3)), // each repeats it
			}
			cents -= part
			f.lines = append(f.lines, l)
		}
	}
	return f
}

// sets finds the sets, in an order of lines and charges, by contract.
func (f *lined) sets(t *testing.T, lines, cdrs []int) map[string]string {
	var list []*Aggregate
	for _, i := range lines {
		list = append(list, NewAggregate(f.lines[i], Party{}, Party{}))
	}
	for _, i := range cdrs {
		for _, a := range list {
			if !f.lacks[i] {
				a.Offer(int32(i), f.cdrs[i], &Agreement{})
			}
		}
	}
	FindAggregates(list)
	alone := map[string]bool{}
	for _, a := range list {
		alone[a.line.ContractID] = alone[a.line.ContractID] || a.Members() != nil || a.state != coverNone
	}
	out := map[string]string{}
	for _, s := range FindAggregateSets(list) {
		contract := s.Lines[0].line.ContractID
		require.NotContains(t, out, contract)
		out[contract] = fmt.Sprint(s.Records())
	}
	for contract := range f.want {
		switch {
		case alone[contract]:
			out[contract] = "alone"
		case out[contract] == "":
			out[contract] = "[]"
		}
	}
	return out
}

// Lines over one contract that only together are all its charges find these and no others, whatever the order of lines and charges.
func TestAggregateSetsFindTheirCDRs(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 34))
	found, none := 0, 0
	for range 200 {
		f := someLined(r)
		got := f.sets(t, allOf(len(f.lines)), allOf(len(f.cdrs)))
		for contract, records := range got {
			switch records {
			case "alone":
				continue
			case "[]":
				none++
			default:
				found++
			}
			require.Equal(t, f.want[contract], records, contract)
		}
		require.Equal(t, got, f.sets(t, r.Perm(len(f.lines)), r.Perm(len(f.cdrs))))
	}
	require.Greater(t, found, 300)
	require.Greater(t, none, 300)
}
