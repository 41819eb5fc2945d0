package reconcile

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// A master line and its members claim what the line states, on both bases, whatever its members claim.
func TestMasterLineConserves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := func(name string) ocpi.Number {
			return Known(exact.New(rapid.Int64Range(-100_000, 1_000_000).Draw(t, name), rapid.Int32Range(0, 4).Draw(t, name+" decimals")))
		}
		master := &Line{InvoiceID: "I", Line: "1", Currency: "EUR", Claimed: Money{BeforeTaxes: amount("stated")}}
		if rapid.Bool().Draw(t, "gross") {
			master.Claimed.AfterTaxes = amount("stated gross")
			if rapid.Bool().Draw(t, "rate") {
				master.TaxRate = Known(exact.FromInt(20))
			}
		}
		m := NewMasterLine(master, MembersByAnnex, Party{}, Party{})
		var net, gross exact.Decimal
		known := master.Claimed.AfterTaxes.Present
		for range rapid.IntRange(0, 20).Draw(t, "members") {
			l := &Line{
				InvoiceID: "I", Line: "1/2", MasterLine: "1", Claimed: Money{BeforeTaxes: amount("member")},
				Currency: rapid.SampledFrom([]string{"EUR", "EUR", "USD"}).Draw(t, "currency"),
			}
			if rapid.Bool().Draw(t, "member gross") {
				l.Claimed.AfterTaxes = amount("member gross")
			}
			m.Shape(l)
			require.Equal(t, "EUR", l.Currency)
			m.Add(l)
			net, gross = net.Add(l.Claimed.BeforeTaxes.Value), gross.Add(l.Claimed.AfterTaxes.Value)
			known = known && (l.Claimed.AfterTaxes.Present || l.Claimed.BeforeTaxes.Value.IsZero())
		}
		m.Close()
		stated := master.Claimed
		m.Shape(master)
		assert.True(t, net.Add(master.Claimed.BeforeTaxes.Value).Equal(stated.BeforeTaxes.Value))
		assert.Equal(t, known, master.Claimed.AfterTaxes.Present)
		if known {
			assert.True(t, gross.Add(master.Claimed.AfterTaxes.Value).Equal(stated.AfterTaxes.Value))
		}
	})
}

func TestScope(t *testing.T) {
	cdr := func(change func(*ocpi.CDR)) *ocpi.CDR {
		c := &ocpi.CDR{
			CountryCode: "NL", PartyID: "CPO", ID: "C", Token: ocpi.CDRToken{CountryCode: "DE", PartyID: "EMP", UID: "T1", ContractID: "DE-EMP-C00000001-X"},
			Location:      ocpi.CDRLocation{ID: "L1", Country: "NLD", EVSEID: "NL*CPO*E1"},
			StartDateTime: time.Date(2026, 9, 30, 21, 30, 0, 0, time.UTC), EndDateTime: time.Date(2026, 9, 30, 21, 50, 0, 0, time.UTC),
		}
		if change != nil {
			change(c)
		}
		return c
	}
	scope := Scope{
		From: time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 9, 30, 0, 0, 0, 0, time.UTC), ContractID: "deempc00000001",
		CPO: Party{PartyID: "CPO"}, EMSP: Party{PartyID: "EMP"},
	}
	later := func(by time.Duration) func(*ocpi.CDR) {
		return func(c *ocpi.CDR) {
			c.StartDateTime, c.EndDateTime = c.StartDateTime.Add(by), c.EndDateTime.Add(by)
		}
	}
	for _, tc := range []struct {
		name   string
		cdr    *ocpi.CDR
		why    string // it contradicts; "": it does not
		covers bool
	}{
		{"inside", cdr(nil), "", true},
		{"an hour later it is October in Amsterdam", cdr(later(time.Hour)), "it took place from", false},
		{"over midnight it is partly inside", cdr(func(c *ocpi.CDR) { c.EndDateTime = c.EndDateTime.Add(time.Hour) }), "", false},
		{"no zone is known: the day may be the same", cdr(func(c *ocpi.CDR) { later(time.Hour)(c); c.Location.Country = "USA" }), "", false},
		{"another contract", cdr(func(c *ocpi.CDR) { c.Token.ContractID = "DE-EMP-C00000002-X" }), "contract_id is", false},
		{"no contract", cdr(func(c *ocpi.CDR) { c.Token.ContractID = "" }), "", false},
		{"another eMSP", cdr(func(c *ocpi.CDR) { c.Token.PartyID = "OTH" }), "its token is of DE/OTH, not EMP", false},
		{"another CPO", cdr(func(c *ocpi.CDR) { c.PartyID = "ABC" }), "its CPO is NL/ABC, not CPO", false},
		{"the same CPO in another country", cdr(func(c *ocpi.CDR) { c.CountryCode = "BE" }), "", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			why := scope.Contradicts(tc.cdr, &Agreement{})
			assert.Contains(t, why, tc.why)
			assert.Equal(t, tc.why == "", why == "", why)
			assert.Equal(t, tc.covers, scope.Covers(tc.cdr, &Agreement{}))
		})
	}
	scope.ContractID = ""
	assert.False(t, scope.Covers(cdr(nil), &Agreement{}), "dates alone say nothing of membership")
}
