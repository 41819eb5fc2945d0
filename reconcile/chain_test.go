package reconcile

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi"
)

// chainCDR is a CDR of 20 kWh and 5.00 as a text; extra are further members, each with its comma.
func chainCDR(id, session, party, currency, cost, updated, extra string) string {
	return fmt.Sprintf(`{"country_code":"NL","party_id":%q,"id":%q,"start_date_time":"2026-09-01T10:00:00Z","end_date_time":"2026-09-01T11:00:00Z",`+
		`"session_id":%q,"cdr_token":{"uid":"U","type":"RFID","contract_id":"C"},"auth_method":"WHITELIST","cdr_location":{"id":"L","address":"a",`+
		`"city":"c","country":"NLD","coordinates":{"latitude":"52","longitude":"4"},"evse_uid":"E","evse_id":"NL*CPO*E","connector_id":"1",`+
		`"connector_standard":"IEC_62196_T2","connector_format":"SOCKET","connector_power_type":"DC"},"currency":%q,"tariffs":[%s],`+
		`"charging_periods":[{"start_date_time":"2026-09-01T10:00:00Z","dimensions":[{"type":"ENERGY","volume":20},{"type":"TIME","volume":1}]}],`+
		`"total_cost":{"excl_vat":%s},"total_energy":20,"total_time":1,"last_updated":"2026-09-01T%s:00Z"%s}`,
		party, id, session, currency, fmt.Sprintf(tariffText, "0.235"), cost, updated, extra)
}

func decodedCDR(text string, i int) CDRInput {
	c, findings := ocpi.NewDecoder(ocpi.Options{}).CDR(ocpi.Record{Place: ocpi.Place{File: "cdrs.ndjson", Record: i, Line: i, Offset: int64(i)}, Bytes: []byte(text)})
	return CDRInput{c, findings}
}

// drawChained draws CDRs that refer to each other, to themselves and to nothing, of two owners, two currencies and two sessions.
func drawChained(t *rapid.T) []CDRInput {
	var out []CDRInput
	ids := []string{"A", "B", "C", "D", "E", "F"}
	for i := range rapid.IntRange(1, 6).Draw(t, "cdrs") {
		extra := ""
		if ref := rapid.SampledFrom([]string{"", "A", "b", "C", "D", "X"}).Draw(t, "reference"); ref != "" {
			extra = fmt.Sprintf(`,"credit_reference_id":%q`, ref)
		}
		extra += rapid.SampledFrom([]string{"", `,"credit":true`, `,"credit":true`, `,"credit":false`}).Draw(t, "credit")
		cost := rapid.SampledFrom([]string{"5.00", "-5.00", "-2.00", "-3.00"}).Draw(t, "cost")
		if extra == "" {
			cost = "5.00"
		}
		out = append(out, decodedCDR(chainCDR(
			ids[i], rapid.SampledFrom([]string{"S1", "S1", "S2", ""}).Draw(t, "session"), rapid.SampledFrom([]string{"CPO", "CPO", "CPO", "XYZ"}).Draw(t, "party"),
			rapid.SampledFrom([]string{"EUR", "EUR", "EUR", "EUR", "SEK"}).Draw(t, "currency"), cost,
			rapid.SampledFrom([]string{"12:00", "13:00", "14:00"}).Draw(t, "updated"), extra), i))
	}
	return out
}

// TestChainOfAnyOrder: a chain does not depend on the order in which its CDRs are given or on files, is made of each CDR once, ends
// whatever circles references make, and adds up.
func TestChainOfAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var cdrs []*ocpi.CDR
		for _, in := range drawChained(t) {
			cdrs = append(cdrs, in.CDR)
		}
		want := ChainOf(cdrs, DefaultTolerance())
		got := ChainOf(append(rapid.Permutation(cdrs).Draw(t, "order"), cdrs[0]), DefaultTolerance())
		require.Equal(t, renderChain(want), renderChain(got))
		require.Len(t, want.CDRs, len(cdrs))
		require.Equal(t, want.Net, want.Sum())
		require.Equal(t, want.State, want.Fold())
		for i := range want.CDRs {
			m := &want.CDRs[i]
			require.True(t, m.Step.Known(), m.Step)
			switch {
			case m.Step.bills():
				require.False(t, m.cdr.IsCredit())
			case m.Step.credits():
				require.Less(t, m.of, i, "a credit stands behind what it credits")
				require.LessOrEqual(t, m.Adds.KWh.Value.Sign(), 0)
			default:
				require.Equal(t, none(), m.Adds)
			}
		}
		if want.Net.KWh.Present {
			require.GreaterOrEqual(t, want.Net.KWh.Value.Sign(), 0, "no more is taken back than was billed")
		}
	})
}

// TestCreditsInAnyOrder: nor do verdicts, and what is proven of a CDR and given back of it is never more than was asked.
func TestCreditsInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := &Group{CDRs: drawChained(t)}
		for i := range rapid.IntRange(1, 5).Draw(t, "lines") {
			l := drawLine(t, i)
			l.CDRID, l.PartyID = rapid.SampledFrom([]string{"A", "B", "C", "D", "X"}).Draw(t, "of"), "CPO"
			g.Lines = append(g.Lines, l)
		}
		a := &Agreement{Tolerance: DefaultTolerance()}
		want := Judge(g, a)
		shuffled := &Group{CDRs: rapid.Permutation(g.CDRs).Draw(t, "cdrs"), Lines: rapid.Permutation(g.Lines).Draw(t, "order")}
		got := Judge(shuffled, a)
		require.Equal(t, story(want), story(got))
		require.ElementsMatch(t, want.Findings, got.Findings)
		for i := range want.Lines {
			checkVerdict(t, &want.Lines[i])
			require.Equal(t, want.Lines[i].Findings, got.Lines[i].Findings)
			if c := want.Lines[i].Chain; c != nil {
				require.Equal(t, renderChain(c), renderChain(ChainOf(membersOf(c, want.Lines[i].CDRs), a.Tolerance)), "the CDRs shown make the chain again")
			}
		}
	})
}

// membersOf are the CDRs of a chain among others.
func membersOf(c *Chain, cdrs []*ocpi.CDR) (out []*ocpi.CDR) {
	for _, d := range cdrs {
		for i := range c.CDRs {
			if m := &c.CDRs[i]; m.ID == d.ID && m.CountryCode == d.CountryCode && m.PartyID == d.PartyID {
				out = append(out, d)
			}
		}
	}
	return out
}

// TestCreditFindings: what a credit may not do is found, and said of the credit.
func TestCreditFindings(t *testing.T) {
	credit := `,"credit":true,"credit_reference_id":"A"`
	turned := func(text string) string {
		return strings.NewReplacer(`"volume":20`, `"volume":-20`, `"volume":1`, `"volume":-1`, `"total_energy":20,"total_time":1`, `"total_energy":-20,"total_time":-1`).Replace(text)
	}
	for name, c := range map[string]struct {
		text, want string
	}{
		"as it should be": {chainCDR("A-C", "S1", "CPO", "EUR", "-5.00", "13:00", credit), ""},
		"other fields": {
			strings.Replace(chainCDR("A-C", "S9", "CPO", "EUR", "-5.00", "13:00", credit), `"evse_uid":"E"`, `"evse_uid":"F"`, 1),
			"credit-fields /cdr_location the credit does not repeat cdr_location, session_id of CDR A",
		},
		"a null is nothing": {chainCDR("A-C", "S1", "CPO", "EUR", "-5.00", "13:00", credit+`,"meter_id":null`), ""},
		"every sign":        {turned(chainCDR("A-C", "S1", "CPO", "EUR", "-5.00", "13:00", credit)), "credit-negated /charging_periods the credit turns the sign of charging_periods, total_energy, total_time too; only that of total_cost is to be turned"},
		"the sign of a charge": {
			chainCDR("A-C", "S1", "CPO", "EUR", "5.00", "13:00", credit),
			"credit-chain /total_cost total_cost 5.00 of the credit has the sign of the original's; it is read as a credit",
		},
		"a part":      {chainCDR("A-C", "S1", "CPO", "EUR", "-2.00", "13:00", credit), "credit-chain /total_cost the credit's total_cost -2.00 is not −5.00: a CDR is credited as a whole"},
		"too early":   {chainCDR("A-C", "S1", "CPO", "EUR", "-5.00", "11:30", credit), "credit-chain /last_updated the credit is older than what it credits"},
		"another's":   {chainCDR("A-C", "S1", "XYZ", "EUR", "-5.00", "13:00", credit), "credit-chain /credit_reference_id A, which the credit refers to, is a CDR of NL/CPO; the credit is of NL/XYZ"},
		"in crowns":   {chainCDR("A-C", "S1", "CPO", "SEK", "-55.00", "13:00", credit), "credit-chain /currency the credit is in SEK, CDR A in EUR: how much it takes back cannot be told"},
		"of nothing":  {chainCDR("A-C", "S1", "CPO", "EUR", "-5.00", "13:00", `,"credit":true,"credit_reference_id":"Z"`), "credit-chain /credit_reference_id no CDR is Z, which the credit refers to"},
		"of no one":   {chainCDR("A-C", "S1", "CPO", "EUR", "-5.00", "13:00", `,"credit":true`), "credit-chain /credit_reference_id the credit does not say which CDR it credits"},
		"to the next": {chainCDR("A-C", "S1", "CPO", "EUR", "-5.00", "15:00", credit), "credit-chain /last_updated the credit is newer than CDR N, which bills the session again"},
	} {
		t.Run(name, func(t *testing.T) {
			g := &Group{CDRs: []CDRInput{decodedCDR(chainCDR("A", "S1", "CPO", "EUR", "5.00", "12:00", ""), 0), decodedCDR(c.text, 1)}}
			if name == "to the next" {
				g.CDRs = append(g.CDRs, decodedCDR(chainCDR("N", "S1", "CPO", "EUR", "5.00", "14:00", ""), 2))
			}
			v := Judge(g, &Agreement{Tolerance: DefaultTolerance()})
			var got []string
			for _, f := range v.Findings {
				if f.Place.Record == 1 && strings.HasPrefix(string(f.Code), "credit-") && f.Message != ocpiFindingOf(g.CDRs[1], f.Code) {
					got = append(got, fmt.Sprintf("%s %s %s", f.Code, f.Pointer, f.Message))
				}
			}
			assert.Equal(t, c.want, strings.Join(got, "\n"))
		})
	}
}

// ocpiFindingOf is what decoding has found already under a code.
func ocpiFindingOf(in CDRInput, code ocpi.Code) string {
	for _, f := range in.Findings {
		if f.Code == code {
			return f.Message
		}
	}
	return ""
}

// TestManyCredits: long chains and wide ones end soon.
func TestManyCredits(t *testing.T) {
	const many = 5000
	for name, ref := range map[string]func(i int) int{
		"one circle": func(i int) int { return (i + 1) % many },
		"one target": func(int) int { return 0 },
	} {
		t.Run(name, func(t *testing.T) {
			var cdrs []*ocpi.CDR
			for i := range many {
				c := &ocpi.CDR{ID: fmt.Sprint(i), Currency: "EUR", Credit: ocpi.True, CreditReferenceID: fmt.Sprint(ref(i))}
				if name == "one target" && i == 0 {
					c.Credit, c.CreditReferenceID = ocpi.Unset, ""
				}
				cdrs = append(cdrs, c)
			}
			g := &Group{Lines: []*Line{{InvoiceID: "I", Line: "1", CDRID: "0", Currency: "EUR", Claimed: Money{BeforeTaxes: Known(none().KWh.Value)}}}}
			for _, c := range cdrs {
				g.CDRs = append(g.CDRs, CDRInput{CDR: c})
			}
			v := Judge(g, &Agreement{Tolerance: DefaultTolerance()})
			require.Len(t, v.Lines, 1)
			require.Nil(t, v.Lines[0].Chain, "of so many none is told")
			require.Len(t, ChainOf(cdrs, DefaultTolerance()).CDRs, many)
		})
	}
}
