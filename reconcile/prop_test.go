package reconcile

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile/rounding"
)

// A small world in which records meet often: few ids, few amounts.
var (
	someCDRs     = rapid.SampledFrom([]string{"C1", "c1", "C2", "C3"})
	someSessions = rapid.SampledFrom([]string{"S1", "s1", "S2", "#NA", ""})
	someParties  = rapid.SampledFrom([]string{"CPO", "XYZ"})
	someKWh      = rapid.SampledFrom([]string{"0", "10", "20", "20.01", "20000"})
	someHours    = rapid.SampledFrom([]string{"10:30", "11:00", "11:02"})
	someAmounts  = rapid.SampledFrom([]string{"0", "2.50", "5.00", "5.01", "5.0025", "6.00", "7.5", "-5.00", "5000.00"})
	someStatuses = rapid.SampledFrom([]string{"COMPLETED", "COMPLETED", "ACTIVE", "PENDING", "INVALID"})
	someReasons  = rapid.SampledFrom([]string{"", "kwh", "time", "session id", "tariff", "amount", "duplicate", "not found", "no idea"})
)

const tariffText = `{"country_code":"NL","party_id":"CPO","id":"T1","currency":"EUR","elements":[{"price_components":[` +
	`{"type":"ENERGY","price":%s,"vat":20,"step_size":1},{"type":"TIME","price":0.3,"vat":10,"step_size":300}]}],"last_updated":"2026-08-01T00:00:00Z"}`

func drawCDR(t *rapid.T, i int) ocpi.Record {
	id, credit := someCDRs.Draw(t, "cdr"), ""
	if rapid.IntRange(0, 4).Draw(t, "credit") == 0 {
		credit = fmt.Sprintf(`"credit":true,"credit_reference_id":%q,`, someCDRs.Draw(t, "credited"))
		id += "-C"
	}
	session := someSessions.Draw(t, "session")
	if session != "" {
		session = fmt.Sprintf(`"session_id":%q,`, session)
	}
	end, kwh := someHours.Draw(t, "end"), someKWh.Draw(t, "kwh")
	total := rapid.SampledFrom([]string{kwh, kwh, kwh, "15"}).Draw(t, "total")
	price := rapid.SampledFrom([]string{"0.25", "0.25", "0.20"}).Draw(t, "price")
	text := fmt.Sprintf(`{"country_code":"NL","party_id":%q,"id":%q,"start_date_time":"2026-09-01T10:00:00Z","end_date_time":"2026-09-01T%s:00Z",%s%s`+
		`"cdr_token":{"uid":"U","type":"RFID","contract_id":"C"},"auth_method":"WHITELIST","authorization_reference":"R%d","cdr_location":{"id":"L","address":"a",`+
		`"city":"c","country":"NLD","coordinates":{"latitude":"52","longitude":"4"},"evse_uid":"E","evse_id":"NL*CPO*E","connector_id":"1",`+
		`"connector_standard":"IEC_62196_T2","connector_format":"SOCKET","connector_power_type":"DC"},"currency":%q,"tariffs":[%s],`+
		`"charging_periods":[{"start_date_time":"2026-09-01T10:00:00Z","dimensions":[{"type":"ENERGY","volume":%s},{"type":"TIME","volume":1}]}],`+
		`"total_cost":{"excl_vat":%s},"total_energy":%s,"total_time":1,"last_updated":"2026-09-01T12:0%d:00Z"}`,
		someParties.Draw(t, "party"), id, end, session, credit, rapid.IntRange(0, 2).Draw(t, "reference"),
		rapid.SampledFrom([]string{"EUR", "EUR", "EUR", "SEK"}).Draw(t, "currency"), fmt.Sprintf(tariffText, price), kwh,
		someAmounts.Draw(t, "cost"), total, rapid.IntRange(0, 2).Draw(t, "updated"))
	return ocpi.Record{Place: ocpi.Place{File: "cdrs.ndjson", Record: i + 1, Line: i + 1, Offset: int64(i)}, Bytes: []byte(text)}
}

func drawSession(t *rapid.T, i int) ocpi.Record {
	text := fmt.Sprintf(`{"country_code":"NL","party_id":%q,"id":%q,"start_date_time":"2026-09-01T10:00:00Z","end_date_time":"2026-09-01T%s:00Z","kwh":%s,`+
		`"cdr_token":{"uid":"U","type":"RFID","contract_id":"C"},"auth_method":"WHITELIST","authorization_reference":"R%d","location_id":"L","evse_uid":"E",`+
		`"connector_id":"1","currency":"EUR","status":%q,"last_updated":"2026-09-01T11:0%d:00Z"}`,
		someParties.Draw(t, "party"), rapid.SampledFrom([]string{"S1", "S2", "s1", "C3"}).Draw(t, "id"), someHours.Draw(t, "end"), someKWh.Draw(t, "kwh"),
		rapid.IntRange(0, 2).Draw(t, "reference"), someStatuses.Draw(t, "status"), rapid.IntRange(0, 2).Draw(t, "updated"))
	return ocpi.Record{Place: ocpi.Place{File: "sessions.ndjson", Record: i + 1, Line: i + 1, Offset: int64(i)}, Bytes: []byte(text)}
}

func drawLine(t *rapid.T, i int) *Line {
	amount := exact.MustParse(someAmounts.Draw(t, "amount"))
	l := &Line{
		Record: ocpi.Record{Place: ocpi.Place{File: "invoice.csv", Record: i + 1, Line: i + 2}}, InvoiceID: "INV1",
		Line:  rapid.SampledFrom([]string{"1", "2", "10", ""}).Draw(t, "line"),
		CDRID: rapid.SampledFrom([]string{"C1", "c2", "C3", "C1-C", "C9", ""}).Draw(t, "cdr"), SessionID: someSessions.Draw(t, "session"),
		PartyID: rapid.SampledFrom([]string{"CPO", "XYZ", ""}).Draw(t, "party"),
		Claimed: Money{BeforeTaxes: Known(amount)}, Currency: rapid.SampledFrom([]string{"EUR", "EUR", "EUR", "JPY"}).Draw(t, "currency"),
		Disputed: rapid.Bool().Draw(t, "disputed"),
	}
	if rapid.Bool().Draw(t, "gross") {
		l.Claimed.AfterTaxes = Known(amount.Mul(exact.MustParse(rapid.SampledFrom([]string{"1.2", "1.19", "1.25", "1"}).Draw(t, "tax"))))
	}
	if l.Disputed {
		l.Reason = someReasons.Draw(t, "reason")
	}
	return l
}

func drawClaim(t *rapid.T, i int) *Claim {
	c := &Claim{
		Record: ocpi.Record{Place: ocpi.Place{File: "disputes.csv", Record: i + 1, Line: i + 2}}, Reason: someReasons.Draw(t, "reason"),
		CDRID: someCDRs.Draw(t, "cdr"),
	}
	if rapid.Bool().Draw(t, "admits") {
		c.ClaimedAmount = Known(exact.MustParse("1.00"))
	}
	return c
}

// drawGroup is a group of anything; that its records belong together does not matter to what must always hold.
func drawGroup(t *rapid.T) (*Group, *Agreement) {
	g, d := &Group{}, ocpi.NewDecoder(ocpi.Options{})
	for i := range rapid.IntRange(0, 4).Draw(t, "cdrs") {
		c, findings := d.CDR(drawCDR(t, i))
		g.CDRs = append(g.CDRs, CDRInput{c, findings})
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "sessions") {
		s, findings := d.Session(drawSession(t, i))
		g.Sessions = append(g.Sessions, SessionInput{s, findings})
	}
	for i := range rapid.IntRange(1, 4).Draw(t, "lines") {
		g.Lines = append(g.Lines, drawLine(t, i))
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "claims") {
		g.Claims = append(g.Claims, drawClaim(t, i))
	}
	a := &Agreement{Tolerance: DefaultTolerance(), Corroboration: rapid.Bool().Draw(t, "corroboration"), SessionsGiven: true}
	if rapid.IntRange(0, 3).Draw(t, "agreed") == 0 {
		tariff, _ := d.Tariff(ocpi.Record{Bytes: fmt.Appendf(nil, tariffText, "0.22")})
		a.Agreed = []*ocpi.Tariff{tariff}
	}
	if rapid.IntRange(0, 3).Draw(t, "published") == 0 {
		tariff, _ := d.Tariff(ocpi.Record{Bytes: fmt.Appendf(nil, tariffText, "0.24")})
		a.Supplied = []*ocpi.Tariff{tariff}
	}
	if rapid.IntRange(0, 3).Draw(t, "rounding") == 0 {
		scheme := rapid.SampledFrom(rounding.NewSpace(rounding.BeforeTaxes, 2, true).Schemes()).Draw(t, "scheme")
		a.Rounding = &scheme
	}
	return g, a
}

// story tells a verdict in full but for places.
func story(v *GroupVerdict) []string {
	var out []string
	for i := range v.Lines {
		l := &v.Lines[i]
		out = append(out, fmt.Sprintf("%s floor %v %v ceiling %v %v gross %s %s %s match %s %s %s", renderLine(l), text(l.Floor.BeforeTaxes), text(l.Floor.AfterTaxes),
			text(l.Ceiling.BeforeTaxes), text(l.Ceiling.AfterTaxes), text(l.Proven.AfterTaxes), text(l.Conceded.AfterTaxes), text(l.Unproven.AfterTaxes),
			l.Match.State, l.Match.Rule, strings.Join(renderExtras(l), " ")))
	}
	for i := range v.NotInvoiced {
		out = append(out, fmt.Sprintf("%s %s %s", v.NotInvoiced[i].CDR.ID, text(v.NotInvoiced[i].Computed.BeforeTaxes), v.NotInvoiced[i].Code))
	}
	slices.Sort(out)
	return out
}

// TestConserves: whatever the records say, each line's parts sum to what it claims, on both bases, and the totals conserve.
func TestConserves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, a := drawGroup(t)
		v := Judge(g, a)
		var tally Tally
		for i := range v.Lines {
			l := &v.Lines[i]
			checkVerdict(t, l)
			tally.Add(l)
			for _, basis := range []Basis{BeforeTaxes, AfterTaxes} {
				if f, c := l.Floor.on(basis), l.Ceiling.on(basis); f.Present && c.Present {
					require.False(t, c.Value.Less(f.Value), "ceiling %s below floor %s", c.Value, f.Value)
				}
			}
		}
		require.NoError(t, tally.Conserves())
		for _, fates := range [][]Use{v.CDRFates, v.SessionFates, v.LineFates, v.ClaimFates} {
			require.NotContains(t, fates, Use(0), "each record has a fate")
		}
	})
}

// TestOrder: the order of a group's records does not matter.
func TestOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, a := drawGroup(t)
		want := Judge(g, a)
		shuffled := &Group{
			CDRs: rapid.Permutation(g.CDRs).Draw(t, "cdrs"), Sessions: rapid.Permutation(g.Sessions).Draw(t, "sessions"),
			Lines: rapid.Permutation(g.Lines).Draw(t, "lines"), Claims: rapid.Permutation(g.Claims).Draw(t, "claims"),
		}
		got := Judge(shuffled, a)
		require.Equal(t, story(want), story(got))
		require.ElementsMatch(t, want.Findings, got.Findings)
		for i := range want.Lines {
			require.Equal(t, want.Lines[i].Findings, got.Lines[i].Findings)
		}
	})
}

// TestDuplicates: a record that is there twice, byte by byte, changes nothing but counts.
func TestDuplicates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, a := drawGroup(t)
		want := story(Judge(g, a))
		twice := &Group{
			CDRs: slices.Concat(g.CDRs, g.CDRs), Sessions: slices.Concat(g.Sessions, g.Sessions), Lines: slices.Clone(g.Lines),
			Claims: slices.Concat(g.Claims, g.Claims),
		}
		for _, l := range g.Lines {
			if l.Line != "" {
				twice.Lines = append(twice.Lines, l)
			}
		}
		require.Equal(t, want, story(Judge(twice, a)))
	})
}

// TestDispute: a dispute never raises what is proven.
func TestDispute(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, a := drawGroup(t)
		g.Claims = nil
		before := Judge(g, a)
		g.Claims = []*Claim{drawClaim(t, 0)}
		after := Judge(g, a)
		for i := range before.Lines {
			was, is := before.Lines[i].Proven.BeforeTaxes.Value, after.Lines[i].Proven.BeforeTaxes.Value
			require.False(t, was.Less(is), "line %s: proven rose from %s to %s", before.Lines[i].Line.Line, was, is)
		}
	})
}

// TestParts: proven, unproven and conceded sum to the claim for any floor, ceiling and claim, on both bases.
func TestParts(t *testing.T) {
	money := rapid.Custom(func(t *rapid.T) exact.Decimal {
		return exact.New(rapid.Int64Range(-100_000, 100_000).Draw(t, "units"), rapid.Int32Range(0, 5).Draw(t, "decimals"))
	})
	rapid.Check(t, func(t *rapid.T) {
		claimed := money.Draw(t, "claimed").Abs()
		l := &Line{Currency: rapid.SampledFrom([]string{"EUR", "JPY", "KWD"}).Draw(t, "currency"), Claimed: Money{BeforeTaxes: Known(claimed)}}
		if rapid.Bool().Draw(t, "gross") {
			l.Claimed.AfterTaxes = Known(claimed.Add(money.Draw(t, "tax")))
		}
		a := &Agreement{Tolerance: DefaultTolerance()}
		tr := trial{b: &bench{terms: a}, line: &lineEntry{line: l, state: matchExact}, basis: BeforeTaxes, claimed: claimed}
		floor := money.Draw(t, "floor").Abs()
		ceiling := floor.Add(money.Draw(t, "more").Abs())
		v := tr.verdict(bounds{floor: floor, ceiling: ceiling, above: codeLineExceedsCDR, between: codeDupID})
		checkVerdict(t, &v)
		for _, part := range []exact.Decimal{v.Proven.BeforeTaxes.Value, v.Conceded.BeforeTaxes.Value, v.Unproven.BeforeTaxes.Value} {
			require.GreaterOrEqual(t, part.Sign(), 0)
			require.False(t, claimed.Less(part))
		}
	})
}
