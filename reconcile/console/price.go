package console

import (
	"fmt"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/tariff"
	"github.com/nexacollect/reconcile/tariff/hypothesis"
)

// Priced is a CDR with what pricing it gave. CDR and Result may be nil where the record is unpriceable.
type Priced struct {
	Place        ocpi.Place
	CDR          *ocpi.CDR
	Findings     []ocpi.Finding // of decoding, of the zone and of pricing
	Result       *tariff.Result
	Comparison   reconcile.Comparison
	Hypotheses   []hypothesis.Hypothesis // of a mismatch: the known defects that give the claimed total
	WithReadings bool
	Readings     []tariff.Reading
}

// priceJSON is the object of a CDR in the output of price.
type priceJSON struct {
	File        string           `json:"file"`
	Record      int              `json:"record"`
	Line        int              `json:"line"`
	CountryCode string           `json:"country_code,omitempty"`
	PartyID     string           `json:"party_id,omitempty"`
	ID          string           `json:"id,omitempty"`
	Version     string           `json:"ocpi_version,omitempty"`
	Currency    string           `json:"currency,omitempty"`
	Tariffs     []string         `json:"tariffs,omitempty"`
	TimeZone    *string          `json:"time_zone"`
	ZoneSource  string           `json:"time_zone_source,omitempty"`
	Computed    *totalsJSON      `json:"computed,omitempty"`
	Claimed     *totalsJSON      `json:"claimed,omitempty"`
	Differences []differenceJSON `json:"differences,omitempty"`
	Splits      *splitsJSON      `json:"splits,omitempty"`
	Verdict     string           `json:"verdict"`
	Hypotheses  []hypothesisJSON `json:"hypotheses,omitempty"`
	Readings    *[]readingJSON   `json:"readings,omitempty"`
	Sure        *reconcile.Money `json:"owed_under_every_reading,omitempty"`
	Findings    []findingJSON    `json:"findings"`
}

type totalsJSON struct {
	TotalCost            *reconcile.Money `json:"total_cost,omitempty"`
	TotalFixedCost       *reconcile.Money `json:"total_fixed_cost,omitempty"`
	TotalEnergyCost      *reconcile.Money `json:"total_energy_cost,omitempty"`
	TotalTimeCost        *reconcile.Money `json:"total_time_cost,omitempty"`
	TotalParkingCost     *reconcile.Money `json:"total_parking_cost,omitempty"`
	TotalReservationCost *reconcile.Money `json:"total_reservation_cost,omitempty"`
	TotalEnergy          *exact.Decimal   `json:"total_energy,omitempty"`
	TotalTime            *exact.Decimal   `json:"total_time,omitempty"`
	TotalParkingTime     *exact.Decimal   `json:"total_parking_time,omitempty"`
}

type differenceJSON struct {
	Member      string        `json:"member"`
	Claimed     exact.Decimal `json:"claimed"`
	Computed    exact.Decimal `json:"computed"`
	Delta       exact.Decimal `json:"delta"`
	ExplainedBy string        `json:"explained_by,omitempty"`
}

// AppendPrice appends a priced CDR: one object on a line, or its arithmetic as text.
func AppendPrice(dst []byte, p *Priced, asJSON bool) []byte {
	if asJSON {
		return appendJSON(dst, p.json())
	}
	return p.appendText(dst)
}

func (p *Priced) priced() bool { return p.Result != nil && p.Result.Blocked == nil }

func (p *Priced) json() *priceJSON {
	out := &priceJSON{
		File: p.Place.File, Record: p.Place.Record, Line: p.Place.Line, Verdict: string(p.Comparison.Verdict),
		Findings: make([]findingJSON, 0, len(p.Findings)),
	}
	for _, f := range p.Findings {
		out.Findings = append(out.Findings, inRecord(f))
	}
	if c := p.CDR; c != nil {
		out.CountryCode, out.PartyID, out.ID, out.Currency = c.CountryCode, c.PartyID, c.ID, c.Currency
		out.Version, out.Claimed = c.Version.String(), claimed(c)
	}
	if p.Result != nil {
		out.ZoneSource, out.Tariffs = p.Result.Zone.Source, tariffIDs(p.Result)
		if p.Result.Zone.Name != "" {
			out.TimeZone = &p.Result.Zone.Name
		}
	}
	if !p.priced() {
		return out
	}
	out.Computed, out.Splits = computed(&p.Result.Totals), p.splits()
	for _, d := range p.Comparison.Differences {
		out.Differences = append(out.Differences, differenceJSON{d.Member, d.Claimed, d.Computed, d.Delta(), d.ExplainedBy})
	}
	out.Hypotheses = p.hypotheses()
	if p.WithReadings {
		readings, sure := p.readings(), moneyOf(p.sure())
		out.Readings, out.Sure = &readings, &sure
	}
	return out
}

func tariffIDs(r *tariff.Result) []string {
	ids := []string{}
	for _, t := range r.Tariffs {
		ids = append(ids, t.ID)
	}
	return ids
}

func computed(t *tariff.Totals) *totalsJSON {
	return &totalsJSON{
		TotalCost: money(t.Cost), TotalFixedCost: money(t.FixedCost), TotalEnergyCost: money(t.EnergyCost),
		TotalTimeCost: money(t.TimeCost), TotalParkingCost: money(t.ParkingCost), TotalReservationCost: money(t.ReservationCost),
		TotalEnergy: &t.EnergyKWh, TotalTime: &t.TimeHours, TotalParkingTime: &t.ParkingTimeHours,
	}
}

func money(m tariff.Money) *reconcile.Money {
	out := moneyOf(m)
	return &out
}

func moneyOf(m tariff.Money) reconcile.Money {
	return reconcile.Money{BeforeTaxes: m.BeforeTaxes, AfterTaxes: m.AfterTaxes}
}

func claimed(c *ocpi.CDR) *totalsJSON {
	return &totalsJSON{
		TotalCost: price(c.TotalCost), TotalFixedCost: price(c.TotalFixedCost), TotalEnergyCost: price(c.TotalEnergyCost),
		TotalTimeCost: price(c.TotalTimeCost), TotalParkingCost: price(c.TotalParkingCost),
		TotalReservationCost: price(c.TotalReservationCost),
		TotalEnergy:          optional(c.TotalEnergy), TotalTime: optional(c.TotalTime), TotalParkingTime: optional(c.TotalParkingTime),
	}
}

func price(p ocpi.Price) *reconcile.Money {
	if !p.Present() {
		return nil
	}
	return &reconcile.Money{BeforeTaxes: p.BeforeTaxes, AfterTaxes: p.AfterTaxes}
}

func optional(n ocpi.Number) *exact.Decimal {
	if !n.Present {
		return nil
	}
	return &n.Value
}

// appendText writes the head, the calculation, the comparison and the findings.
func (p *Priced) appendText(dst []byte) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d  %s  %s\n", p.Place.File, p.Place.Line, p.name(), p.Comparison.Verdict)
	if p.priced() {
		p.textCalculation(&b)
	}
	for _, f := range p.Findings {
		fmt.Fprintf(&b, "  %-5s %s %s: %s\n", f.Severity, f.Code, f.Pointer, f.Message)
	}
	return append(append(dst, b.String()...), '\n')
}

// name is the CDR's identity, version and currency.
func (p *Priced) name() string {
	if p.CDR == nil {
		return "(no CDR)"
	}
	c := p.CDR
	owner := strings.Trim(c.CountryCode+"/"+c.PartyID, "/")
	return strings.TrimSpace(strings.TrimPrefix(owner+"/"+c.ID, "/") + "  OCPI " + c.Version.String() + "  " + c.Currency)
}

func (p *Priced) textCalculation(b *strings.Builder) {
	zone := p.Result.Zone.Name
	if zone == "" {
		zone = "none"
	}
	kind := "embedded"
	if p.Result.Supplied {
		kind = "supplied"
	}
	fmt.Fprintf(b, "  tariff %s (%s), time zone %s (%s)\n", strings.Join(tariffIDs(p.Result), ", "), kind, zone, p.Result.Zone.Source)
	for _, line := range p.Result.Sheet.Text() {
		fmt.Fprintf(b, "  %s\n", line)
	}
	t := p.Result.Totals.Cost
	fmt.Fprintf(b, "  total_cost computed %s, claimed %s\n", moneyText(moneyOf(t)), claimText(p.CDR.TotalCost))
	for _, d := range p.Comparison.Differences {
		why := d.ExplainedBy
		if why == "" {
			why = "not explained by rounding"
		}
		fmt.Fprintf(b, "  %s: claimed %s, computed %s, delta %s (%s)\n", d.Member, d.Claimed.Plain(), d.Computed.Output(), d.Delta().Output(), why)
	}
	p.textSplits(b)
	p.textHypotheses(b)
	p.textReadings(b)
}

func claimText(p ocpi.Price) string {
	if !p.Present() {
		return "nothing"
	}
	return moneyText(reconcile.Money{BeforeTaxes: p.BeforeTaxes, AfterTaxes: p.AfterTaxes})
}

// moneyText is "10.6626 net, 12.901746 gross".
func moneyText(m reconcile.Money) string {
	var parts []string
	if m.BeforeTaxes.Present {
		parts = append(parts, m.BeforeTaxes.Value.Output()+" net")
	}
	if m.AfterTaxes.Present {
		parts = append(parts, m.AfterTaxes.Value.Output()+" gross")
	}
	if len(parts) == 0 {
		return "unknown"
	}
	return strings.Join(parts, ", ")
}
