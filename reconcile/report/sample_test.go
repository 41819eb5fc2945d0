package report

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/tariff"
)

// sample makes the verdicts of a month by hand: every outcome, several currencies, and lines that are hostile.
type sample struct {
	tb       testing.TB
	verdicts []*reconcile.LineVerdict
}

func dec(s string) exact.Decimal { return exact.MustParse(s) }

func num(s string) ocpi.Number { return reconcile.Known(dec(s)) }

func cents(n int) exact.Decimal { return exact.New(int64(n), 2) }

// taxed is a net amount with 21 % on it.
func taxed(net exact.Decimal) reconcile.Money {
	gross := net.Mul(dec("1.21")).Round(2, exact.HalfUp)
	return reconcile.Money{BeforeTaxes: reconcile.Known(net), AfterTaxes: reconcile.Known(gross)}
}

// newSample makes n lines; line i depends on i alone.
func newSample(tb testing.TB, n int) *sample {
	s := &sample{tb: tb}
	for i := range n {
		s.verdicts = append(s.verdicts, s.verdict(i))
	}
	return s
}

// scatter is a fixed jumble of i below n.
func scatter(i, n int) int { return int(uint32(i+1) * 2654435761 >> 7 % uint32(n)) }

func (s *sample) verdict(i int) *reconcile.LineVerdict {
	currency := []string{"EUR", "EUR", "EUR", "EUR", "EUR", "EUR", "SEK", "GBP"}[scatter(i, 8)]
	kwh := exact.New(int64(6000+scatter(i*7, 61000)), 3)
	start := time.Date(2026, 9, 1+scatter(i, 28), scatter(i*3, 24), scatter(i*5, 60), scatter(i*11, 60), 0, time.UTC)
	c, session := s.records(i, currency, kwh, start)
	price := kwh.Mul(dec("0.49")).Add(dec("0.35")).Add(dec("1.5"))
	net := price.Round(2, exact.HalfUp)
	line := &reconcile.Line{
		Record:    ocpi.Record{Place: ocpi.Place{File: "invoices/2026-09.csv", Record: i + 1, Line: i + 2}},
		InvoiceID: fmt.Sprintf("R-2026-09%02d", 1+i/4000), Line: fmt.Sprint(1 + i%4000),
		CDRID: c.ID, SessionID: c.SessionID, EVSEID: c.Location.EVSEID, ContractID: c.Token.ContractID,
		Start: c.StartDateTime, End: c.EndDateTime, ClaimedKWh: c.TotalEnergy, Claimed: taxed(net), Currency: currency,
		Description: "Charging session",
	}
	v := &reconcile.LineVerdict{
		Line: line, Match: reconcile.Match{State: "exact", Rule: "cdr-id", CDR: c, Session: session},
		CDRs: []*ocpi.CDR{c}, Sessions: []*ocpi.Session{session}, Outcome: reconcile.Proven,
		Invoiced: taxed(net), Computed: taxed(price), Proven: taxed(net), Floor: taxed(price), Ceiling: taxed(price),
	}
	parts(v, net, net, none)
	if scatter(i, 100) < 68 {
		return v
	}
	v.Sheets = []reconcile.NamedSheet{{Name: "price", CDR: c, Sheet: s.sheet(kwh, currency)}}
	situations[scatter(i, 9)](s, v, net, i)
	return v
}

func (s *sample) records(i int, currency string, kwh exact.Decimal, start time.Time) (*ocpi.CDR, *ocpi.Session) {
	first := kwh.Mul(dec("0.625"))
	place := func(file string) ocpi.Record {
		return ocpi.Record{Place: ocpi.Place{File: file, Record: i + 1, Line: i + 1}}
	}
	t := &ocpi.Tariff{
		CountryCode: "NL", PartyID: "CPO", ID: "AC-PUBLIC-" + currency, Currency: currency,
		AltText: []ocpi.DisplayText{{Language: "en", Text: "Public charging"}},
		Elements: []ocpi.TariffElement{
			{
				PriceComponents: []ocpi.PriceComponent{
					{Kind: ocpi.Flat, Type: "FLAT", Price: num("0.35"), VAT: num("21"), StepSize: num("1")},
					{Kind: ocpi.Energy, Type: "ENERGY", Price: num("0.49"), VAT: num("21"), StepSize: num("1")},
				},
			},
			{
				PriceComponents: []ocpi.PriceComponent{{Kind: ocpi.ParkingTime, Type: "PARKING_TIME", Price: num("3"), VAT: num("21"), StepSize: num("60")}},
				Restrictions: &ocpi.Restrictions{
					StartTime: ocpi.TimeOfDay{Minutes: 7 * 60, Present: true}, EndTime: ocpi.TimeOfDay{Minutes: 22 * 60, Present: true},
					DayOfWeek: 0x3e,
				},
			},
		},
	}
	c := &ocpi.CDR{
		Record: place("cdrs/2026-09.ndjson"), Version: ocpi.V221, CountryCode: "NL", PartyID: "CPO",
		ID: fmt.Sprintf("CDR-%07d", 4100000+i), SessionID: fmt.Sprintf("S-%08d", 77000000+i*3),
		StartDateTime: start, EndDateTime: start.Add(2 * time.Hour), Currency: currency, Tariffs: []*ocpi.Tariff{t},
		Token:       ocpi.CDRToken{ContractID: fmt.Sprintf("DE-EMP-C%06d-X", 200+scatter(i*13, 900))},
		Location:    ocpi.CDRLocation{ID: "L77", Name: "Stationsplein", City: "Utrecht", Country: "NLD", EVSEID: fmt.Sprintf("NL*CPO*E%04d*%d", 1000+scatter(i*17, 300), 1+i%2)},
		TotalEnergy: reconcile.Known(kwh), TotalTime: num("2"), TotalParkingTime: num("0.5"),
		ChargingPeriods: []ocpi.ChargingPeriod{
			{Index: 0, StartDateTime: start, TariffID: t.ID, Dimensions: []ocpi.CDRDimension{{Kind: ocpi.Energy, Type: "ENERGY", Volume: reconcile.Known(first)}}},
			{Index: 1, StartDateTime: start.Add(55 * time.Minute), TariffID: t.ID, Dimensions: []ocpi.CDRDimension{{Kind: ocpi.Energy, Type: "ENERGY", Volume: reconcile.Known(kwh.Sub(first))}}},
			{Index: 2, StartDateTime: start.Add(90 * time.Minute), TariffID: t.ID, Dimensions: []ocpi.CDRDimension{{Kind: ocpi.ParkingTime, Type: "PARKING_TIME", Volume: num("0.5")}}},
		},
	}
	c.TotalCost.BeforeTaxes = reconcile.Known(kwh.Mul(dec("0.49")).Add(dec("1.85")).Round(2, exact.HalfUp))
	session := &ocpi.Session{
		Record: place("sessions/2026-09.ndjson"), Version: ocpi.V221, CountryCode: "NL", PartyID: "CPO", ID: c.SessionID,
		StartDateTime: start, EndDateTime: c.EndDateTime, KWh: reconcile.Known(kwh), Token: c.Token, Currency: currency,
		Location: ocpi.CDRLocation{ID: "L77", EVSEUID: "3256"}, Status: "COMPLETED",
	}
	return c, session
}

// sheet is the calculation of a session in the form that tariff.Sheet reads.
func (s *sample) sheet(kwh exact.Decimal, currency string) *tariff.Sheet {
	first := kwh.Mul(dec("0.625"))
	p := func(d exact.Decimal) string { return d.Plain() }
	type step map[string]any
	element := "/tariffs/0/elements/0"
	steps := []step{
		{"op": "note", "rule": "element", "doc": "cdr", "pointer": element, "note": "element 1 of tariff 1 governs energy in period 1: it has no restriction"},
		{"op": "input", "value": p(first), "unit": "kWh", "doc": "cdr", "pointer": "/charging_periods/0/dimensions/0/volume", "note": "energy of period 1"},
		{"op": "input", "value": p(kwh.Sub(first)), "unit": "kWh", "doc": "cdr", "pointer": "/charging_periods/1/dimensions/0/volume", "note": "energy of period 2"},
		{"op": "add", "args": []int{2, 3}, "value": p(kwh), "unit": "kWh", "rule": "sum"},
		{"op": "input", "value": "0.49", "unit": currency, "doc": "cdr", "pointer": element + "/price_components/1/price", "note": "price per kWh"},
		{"op": "mul", "args": []int{4, 5}, "value": p(kwh.Mul(dec("0.49"))), "unit": currency, "rule": "energy-cost"},
		{"op": "input", "value": "0.35", "unit": currency, "doc": "cdr", "pointer": element + "/price_components/0/price", "note": "price per session"},
		{"op": "add", "args": []int{6, 7}, "value": p(kwh.Mul(dec("0.49")).Add(dec("0.35"))), "unit": currency, "rule": "sum"},
		{"op": "note", "rule": "element", "doc": "cdr", "pointer": "/tariffs/0/elements/1/restrictions", "note": "element 2 governs parking in period 3: the time of day fits"},
		{"op": "seconds", "value": "1800", "unit": "s", "doc": "cdr", "pointer": "/charging_periods/2/start_date_time", "pointer2": "/end_date_time", "note": ""},
		{"op": "const", "value": "60", "unit": "s", "rule": "step-size"},
		{"op": "ceil-step", "args": []int{10, 11}, "value": "1800", "unit": "s", "rule": "step-size"},
		{"op": "input", "value": "3", "unit": currency, "doc": "cdr", "pointer": "/tariffs/0/elements/1/price_components/0/price", "note": "price per hour"},
		{"op": "mul", "args": []int{12, 13}, "value": "5400", "unit": currency + " s/h", "rule": "parking-cost"},
		{"op": "per-hour", "args": []int{14}, "value": "1.5", "unit": currency, "rule": "parking-cost", "places": 18, "mode": "half-even"},
		{"op": "add", "args": []int{8, 15}, "value": p(kwh.Mul(dec("0.49")).Add(dec("1.85"))), "unit": currency, "rule": "total-cost"},
	}
	for i := range steps {
		steps[i]["n"] = i + 1
		for k, v := range steps[i] {
			if v == "" {
				delete(steps[i], k)
			}
		}
	}
	text, err := json.Marshal(map[string]any{"steps": steps})
	require.NoError(s.tb, err)
	sheet := new(tariff.Sheet)
	require.NoError(s.tb, json.Unmarshal(text, sheet))
	return sheet
}

// parts splits a line's amount: what is proven, what is conceded, the rest unproven.
func parts(v *reconcile.LineVerdict, invoiced, proven, conceded exact.Decimal) {
	v.Line.Claimed, v.Invoiced = taxed(invoiced), taxed(invoiced)
	v.Proven, v.Conceded = taxed(proven), taxed(conceded)
	v.Unproven = taxed(invoiced.Sub(proven).Sub(conceded))
	last := &v.Proven // takes what is left of the tax
	for _, m := range []*reconcile.Money{&v.Conceded, &v.Unproven} {
		if !value(*m).IsZero() {
			last = m
		}
	}
	rest := v.Invoiced.AfterTaxes.Value
	for _, m := range []*reconcile.Money{&v.Proven, &v.Conceded, &v.Unproven} {
		rest = rest.Sub(m.AfterTaxes.Value)
	}
	last.AfterTaxes.Value = last.AfterTaxes.Value.Add(rest)
	if v.Line.Currency == "SEK" { // knows no tax
		for _, m := range []*reconcile.Money{&v.Line.Claimed, &v.Invoiced, &v.Proven, &v.Conceded, &v.Unproven} {
			m.AfterTaxes = ocpi.Number{}
		}
	}
	zero := 0
	for _, m := range []reconcile.Money{v.Proven, v.Conceded, v.Unproven} {
		if value(m).IsZero() {
			zero++
		}
	}
	switch {
	case zero < 2:
		v.Outcome = reconcile.Partial
	case !value(v.Conceded).IsZero():
		v.Outcome = reconcile.Conceded
	case !value(v.Unproven).IsZero():
		v.Outcome = reconcile.Unproven
	}
}

func dispute(v *reconcile.LineVerdict, q reconcile.Quantity, reason string, i int) {
	v.Disputed, v.Quantity = true, q
	v.Claims = []*reconcile.Claim{{
		Record: ocpi.Record{Place: ocpi.Place{File: "disputes.csv", Record: i, Line: i + 1}}, CDRID: v.Line.CDRID, Reason: reason,
	}}
}

var none exact.Decimal

// situations are nine of those in the table of judgement, by number.
var situations = [...]func(s *sample, v *reconcile.LineVerdict, net exact.Decimal, i int){
	func(_ *sample, v *reconcile.LineVerdict, net exact.Decimal, i int) { // claim not supported
		dispute(v, reconcile.QuantityKWh, "wrong kWh", i)
		v.Claims[0].ClaimedKWh = num("11.2")
		v.Notes = []ocpi.Code{"claim-not-supported"}
		parts(v, net, net, none)
	},
	func(_ *sample, v *reconcile.LineVerdict, net exact.Decimal, i int) { // line above the record
		dispute(v, reconcile.QuantityAmount, "Betrag stimmt nicht", i)
		extra := cents(120 + scatter(i, 900))
		v.ConcededReason = "line-exceeds-cdr"
		v.Claims[0].ClaimedAmount = reconcile.Known(net)
		v.Admitted = reconcile.Known(net)
		parts(v, net.Add(extra), net, extra)
	},
	func(_ *sample, v *reconcile.LineVerdict, net exact.Decimal, i int) { // twice
		v.ConcededReason = "invoiced-twice"
		parts(v, net, none, net)
	},
	func(s *sample, v *reconcile.LineVerdict, net exact.Decimal, i int) { // records at odds
		dispute(v, reconcile.QuantityKWh|reconcile.QuantityTime, "energy and duration too high <b>!</b>", i)
		v.Match.State = "with-break"
		less := v.Match.CDR.TotalEnergy.Value.Mul(dec("0.8"))
		v.Match.Session.KWh = reconcile.Known(less)
		floor := less.Mul(dec("0.49")).Add(dec("1.85")).Round(2, exact.HalfUp)
		extra := cents(35)
		v.UnprovenReason, v.ConcededReason = "en-session-mismatch", "line-exceeds-cdr"
		v.Floor = taxed(floor)
		v.Findings = []ocpi.Finding{{
			Code: "en-session-mismatch", Severity: ocpi.SeverityError, Place: v.Match.CDR.Record.Place, Pointer: "/total_energy",
			Message: "CDR says " + v.Match.CDR.TotalEnergy.Value.Plain() + " kWh, the session " + less.Plain(),
		}}
		v.Sheets = append(v.Sheets,
			reconcile.NamedSheet{Name: "floor", CDR: v.Match.CDR, Sheet: s.sheet(less, v.Line.Currency)},
			reconcile.NamedSheet{Name: "ceiling", CDR: v.Match.CDR, Sheet: s.sheet(v.Match.CDR.TotalEnergy.Value, v.Line.Currency)})
		parts(v, net.Add(extra), floor, extra)
	},
	func(_ *sample, v *reconcile.LineVerdict, net exact.Decimal, i int) { // no record
		v.Match = reconcile.Match{State: "unmatched"}
		v.CDRs, v.Sessions, v.Sheets = nil, nil, nil
		v.Computed, v.Floor = reconcile.Money{}, reconcile.Money{}
		v.UnprovenReason = "invoiced-unknown-cdr"
		parts(v, net, none, none)
	},
	func(_ *sample, v *reconcile.LineVerdict, net exact.Decimal, i int) { // no second record
		dispute(v, reconcile.QuantityExistence, "session unknown to us", i)
		v.Match.Session = nil
		v.Sessions = nil
		v.UnprovenReason = "cdr-without-session"
		parts(v, net, none, none)
	},
	func(_ *sample, v *reconcile.LineVerdict, net exact.Decimal, i int) { // below the record
		less := cents(55)
		v.Underbilled = taxed(less)
		v.Notes = []ocpi.Code{"underbilled"}
		parts(v, net.Sub(less), net.Sub(less), none)
	},
	func(_ *sample, v *reconcile.LineVerdict, net exact.Decimal, i int) { // another price was agreed
		dispute(v, reconcile.QuantityTariff, "Tarif nicht vereinbart", i)
		agreed := net.Mul(dec("0.88")).Round(2, exact.HalfUp)
		v.ConcededReason = "tar-not-agreed"
		parts(v, net, agreed, net.Sub(agreed))
	},
	func(_ *sample, v *reconcile.LineVerdict, net exact.Decimal, i int) { // a boundary inside a period
		dispute(v, reconcile.QuantityAll, "CDR errors", i)
		low := net.Mul(dec("0.93")).Round(2, exact.HalfUp)
		v.Match.CDR.ChargingPeriods[1].TariffID = "AC-EVENING"
		v.UnprovenReason = "period-spans-boundary"
		parts(v, net, low, none)
	},
}

// page adds the verdicts in the order given.
func (s *sample) page() *Page {
	p := &Page{
		Creditor: reconcile.Party{CountryCode: "NL", PartyID: "CPO", Name: "Laadnet Exploitatie B.V."},
		Debtor:   reconcile.Party{CountryCode: "DE", PartyID: "EMP", Name: "Fahrstrom Mobilität GmbH"},
	}
	for _, v := range s.verdicts {
		p.Add(v, nil)
	}
	return p
}

// summary adds up the verdicts.
func (s *sample) summary() *reconcile.Summary {
	out := &reconcile.Summary{
		Case: "NL-CPO / DE-EMP September 2026", AsOf: "2026-11-01", Conserves: true,
		Engine: reconcile.Engine{Name: "reconcile", Version: "0.1.0", Revision: "4f2c9ab", Go: "go1.26.8", TZData: "2026b"},
		NotProved: []string{
			"That the meters were right: no signed meter reading was supplied.",
			"That the tariff inside the CDRs was agreed: the case names no agreed tariff.",
			"That nothing was left out before the files were read.",
			"That the CDRs and the sessions are independent: both are the creditor's own records.",
		},
	}
	n := len(s.verdicts)
	out.Records = reconcile.Records{
		CDRs: reconcile.RecordCount{Read: n + 9, Used: n + 7, Duplicate: 2}, Sessions: reconcile.RecordCount{Read: n - 20, Used: n - 20},
		InvoiceLines: reconcile.RecordCount{Read: n, Used: n}, Disputes: reconcile.RecordCount{Read: n / 6, Used: n/6 - 1, Rejected: 1},
	}
	var tally reconcile.Tally
	for _, v := range s.verdicts {
		tally.Add(v)
	}
	require.NoError(s.tb, tally.Conserves())
	out.Totals, out.Reasons, out.Outcomes = tally.Totals(), tally.Reasons(), tally.Outcomes()
	for i := range out.Totals {
		out.Totals[i].NotInvoiced = dec("412.07")
	}
	return out
}

func sampleInputs() []Input {
	hash := "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
	return []Input{
		{Kind: "cdrs", Name: "cdrs/2026-09.ndjson", SHA256: hash, Bytes: 17_482_113, Records: 10309},
		{Kind: "sessions", Name: "sessions/2026-09.ndjson", SHA256: hash, Bytes: 8_120_004, Records: 10280},
		{Kind: "invoices", Name: "invoices/2026-09.csv", SHA256: hash, Bytes: 1_204_551, Records: 10000},
		{Kind: "disputes", Name: "disputes.csv", SHA256: hash, Bytes: 92_117, Records: 1666},
		{Kind: "case", Name: "case.yaml", SHA256: hash, Bytes: 611},
	}
}

func sampleFindings() map[ocpi.Code]int {
	return map[ocpi.Code]int{"en-negative": 3, "dup-id": 2, "credit-chain": 1, "cur-invalid": 4, "dispute-unknown": 1}
}
