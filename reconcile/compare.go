package reconcile

import (
	"fmt"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
)

// PriceVerdict is the outcome of comparing a CDR's own totals with the recomputed ones.
type PriceVerdict string

// The verdicts of Compare.
const (
	PriceMatch       PriceVerdict = "match"       // each total differs by at most half a unit of its own last decimal
	PriceRounding    PriceVerdict = "rounding"    // each difference is a named rounding
	PriceMismatch    PriceVerdict = "mismatch"    // some difference is neither
	PriceUnpriceable PriceVerdict = "unpriceable" // a block finding; nothing was computed
)

// Difference is a claimed total that is not the computed one.
type Difference struct {
	Member            string // total_cost.before_taxes, total_energy, …
	Claimed, Computed exact.Decimal
	ExplainedBy       string // the rounding that gives the claimed value, "" where there is none
	within            bool   // of half a unit of the claimed value's last decimal
}

// Delta is claimed − computed.
func (d Difference) Delta() exact.Decimal { return d.Claimed.Sub(d.Computed) }

// Comparison is the result of Compare.
type Comparison struct {
	Verdict     PriceVerdict
	Differences []Difference
}

// A measured total is compared to at least two decimals, and no decimal past the fourth is held against its sender: OCPI's
// numbers have four (2.2.1 types, number).
const (
	minQuantityPlaces = 2
	maxQuantityPlaces = 4
)

// Compare holds the totals that a CDR claims against the recomputed ones. A total that the CDR does not carry, or that cannot be
// known from tariff and periods, is not compared.
func Compare(c *ocpi.CDR, r *tariff.Result) Comparison {
	if r.Blocked != nil {
		return Comparison{Verdict: PriceUnpriceable}
	}
	var out Comparison
	for _, m := range moneyMembers(c, r) {
		out.money(m, MinorUnits(c.Currency))
	}
	if measures(c, ocpi.Energy) {
		out.quantity("total_energy", c.TotalEnergy, r.Totals.EnergyKWh)
	}
	out.quantity("total_time", c.TotalTime, r.Totals.TimeHours)
	out.quantity("total_parking_time", c.TotalParkingTime, r.Totals.ParkingTimeHours)
	out.Verdict = out.verdict()
	return out
}

// moneyMember is one claimed price beside its computed counterpart; parts are set for the total only.
type moneyMember struct {
	name     string
	claimed  ocpi.Price
	computed tariff.Money
	parts    []tariff.Money
}

func moneyMembers(c *ocpi.CDR, r *tariff.Result) []moneyMember {
	t := &r.Totals
	parts := []tariff.Money{t.FixedCost, t.EnergyCost, t.TimeCost, t.ParkingCost, t.ReservationCost}
	return []moneyMember{
		{"total_cost", c.TotalCost, t.Cost, parts},
		{"total_fixed_cost", c.TotalFixedCost, t.FixedCost, nil},
		{"total_energy_cost", c.TotalEnergyCost, t.EnergyCost, nil},
		{"total_time_cost", c.TotalTimeCost, t.TimeCost, nil},
		{"total_parking_cost", c.TotalParkingCost, t.ParkingCost, nil},
		{"total_reservation_cost", c.TotalReservationCost, t.ReservationCost, nil},
	}
}

// measures reports whether any period measures the dimension: spec examples state a total_energy without one.
func measures(c *ocpi.CDR, kind ocpi.Dimension) bool {
	for _, p := range c.ChargingPeriods {
		for _, d := range p.Dimensions {
			if d.Kind == kind {
				return true
			}
		}
	}
	return false
}

func (o *Comparison) money(m moneyMember, minor int32) {
	before := func(m tariff.Money) ocpi.Number { return m.BeforeTaxes }
	after := func(m tariff.Money) ocpi.Number { return m.AfterTaxes }
	o.amount(m.name+".before_taxes", m.claimed.BeforeTaxes, m.computed.BeforeTaxes, sideOf(m.parts, before), minor)
	o.amount(m.name+".after_taxes", m.claimed.AfterTaxes, m.computed.AfterTaxes, sideOf(m.parts, after), minor)
}

// sideOf picks one side of the parts; nil where one of them is not known.
func sideOf(parts []tariff.Money, side func(tariff.Money) ocpi.Number) []exact.Decimal {
	var out []exact.Decimal
	for _, p := range parts {
		n := side(p)
		if !n.Present {
			return nil
		}
		out = append(out, n.Value)
	}
	return out
}

func (o *Comparison) amount(member string, claimed, computed ocpi.Number, parts []exact.Decimal, minor int32) {
	if !claimed.Present || !computed.Present || claimed.Value.Equal(computed.Value) {
		return
	}
	d := Difference{Member: member, Claimed: claimed.Value, Computed: computed.Value}
	d.within = withinHalfUnit(d, max(claimed.Value.Scale(), minor))
	if !addsUp(parts, d.Computed) {
		parts = nil
	}
	d.ExplainedBy = explainRounding(d.Claimed, d.Computed, parts, minor)
	o.Differences = append(o.Differences, d)
}

// addsUp reports that a total is the sum of its parts: a price limit, or a credit's sign, leaves parts of which it is not. Each part of time
// is divided by 3600 on its own, so that the sum may be off by a hair.
func addsUp(parts []exact.Decimal, total exact.Decimal) bool {
	return !exact.New(1, 6).Less(sum(parts).Sub(total).Abs())
}

func (o *Comparison) quantity(member string, claimed ocpi.Number, computed exact.Decimal) {
	if !claimed.Present || claimed.Value.Equal(computed) {
		return
	}
	d := Difference{Member: member, Claimed: claimed.Value, Computed: computed}
	places := min(max(claimed.Value.Scale(), minQuantityPlaces), maxQuantityPlaces)
	d.within = withinHalfUnit(d, places)
	d.ExplainedBy = explainRounding(d.Claimed, d.Computed, nil, minQuantityPlaces)
	o.Differences = append(o.Differences, d)
}

// withinHalfUnit reports |claimed − computed| ≤ half a unit of the given decimal.
func withinHalfUnit(d Difference, places int32) bool {
	return !exact.New(5, places+1).Less(d.Delta().Abs())
}

func (o *Comparison) verdict() PriceVerdict {
	verdict := PriceMatch
	for _, d := range o.Differences {
		switch {
		case d.within:
		case d.ExplainedBy != "":
			verdict = PriceRounding
		default:
			return PriceMismatch
		}
	}
	return verdict
}

// roundingModes are the modes that senders use, the likeliest first.
var roundingModes = []struct {
	mode exact.Mode
	name string
}{
	{exact.HalfUp, "half-up"}, {exact.HalfEven, "half-even"}, {exact.Down, "down"}, {exact.Up, "up"},
}

// maxRoundingPlaces is the finest rounding that explains a difference; OCPI numbers have four decimals.
const maxRoundingPlaces = 4

// minRoundingPlaces is the coarsest rounding that explains a difference, but for currencies whose minor unit is coarser.
const minRoundingPlaces = 2

// explainRounding names the first rounding of computed, or sum of such roundings of its parts, that gives claimed; "" for none. minor is the
// decimals of the currency's minor unit.
func explainRounding(claimed, computed exact.Decimal, parts []exact.Decimal, minor int32) string {
	from := min(minor, minRoundingPlaces)
	for places := from; places <= maxRoundingPlaces; places++ {
		for _, m := range roundingModes {
			if computed.Round(places, m.mode).Equal(claimed) {
				return fmt.Sprintf("rounding %s to %d decimals", m.name, places)
			}
		}
	}
	for places := from; places <= maxRoundingPlaces && len(parts) > 0; places++ {
		for _, m := range roundingModes {
			if sumRounded(parts, places, m.mode).Equal(claimed) {
				return fmt.Sprintf("sum of parts, each rounding %s to %d decimals", m.name, places)
			}
		}
	}
	return ""
}

func sumRounded(parts []exact.Decimal, places int32, mode exact.Mode) exact.Decimal {
	var sum exact.Decimal
	for _, p := range parts {
		sum = sum.Add(p.Round(places, mode))
	}
	return sum
}

// Within reports that the difference is no more than the claimed value's own last decimal hides.
func (d Difference) Within() bool { return d.within }

// Reproduces reports whether a computed cost gives the total that a CDR claims, to the decimals it claims it with.
func Reproduces(c *ocpi.CDR, cost tariff.Money) bool {
	return reproduces(c.TotalCost.BeforeTaxes, cost.BeforeTaxes, MinorUnits(c.Currency)) &&
		(!c.TotalCost.AfterTaxes.Present || reproduces(c.TotalCost.AfterTaxes, cost.AfterTaxes, MinorUnits(c.Currency)))
}

func reproduces(claimed, computed ocpi.Number, minor int32) bool {
	if !claimed.Present || !computed.Present {
		return false
	}
	return withinHalfUnit(Difference{Claimed: claimed.Value, Computed: computed.Value}, max(claimed.Value.Scale(), minor))
}

// Pointer is the JSON pointer of the claimed value in the CDR's record, in the spelling of its shape of price.
func (d Difference) Pointer(c *ocpi.CDR) string {
	name, side, _ := strings.Cut(d.Member, ".")
	for _, m := range moneyMembers(c, &tariff.Result{}) {
		if m.name == name && side != "" {
			return "/" + name + sidePointer(m.claimed.Shape, side)
		}
	}
	return "/" + name
}

func sidePointer(shape ocpi.PriceShape, side string) string {
	switch {
	case shape == ocpi.ShapeNumber:
		return ""
	case shape == ocpi.ShapeExclIncl && side == "before_taxes":
		return "/excl_vat"
	case shape == ocpi.ShapeExclIncl:
		return "/incl_vat"
	case side == "after_taxes":
		return "/taxes"
	}
	return "/" + side
}

// Code is the code of a finding about the difference.
func (d Difference) Code() ocpi.Code {
	switch {
	case strings.HasPrefix(d.Member, "total_cost"):
		return CodeCostTotalMismatch
	case strings.Contains(d.Member, "_cost"):
		return CodeCostComponentMismatch
	case d.Member == "total_energy":
		return "en-period-sum"
	case d.Member == "total_parking_time":
		return "per-parking-sum"
	}
	return "ts-total-time-mismatch"
}

// Codes of comparing a CDR's own totals.
const (
	CodeCostTotalMismatch     = ocpi.Code("cost-total-mismatch")
	CodeCostComponentMismatch = ocpi.Code("cost-component-mismatch")
	CodeDiffersFromPublished  = codeTariffPublished
)
