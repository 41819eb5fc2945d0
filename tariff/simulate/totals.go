package simulate

import (
	"encoding/json"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
)

type exclInclJSON struct {
	ExclVAT json.Number `json:"excl_vat"`
	InclVAT json.Number `json:"incl_vat,omitempty"`
}

type beforeTaxesJSON struct {
	BeforeTaxes json.Number `json:"before_taxes"`
	Taxes       []taxJSON   `json:"taxes,omitempty"`
}

type taxJSON struct {
	Name       string      `json:"name"`
	Percentage json.Number `json:"percentage,omitempty"`
	Amount     json.Number `json:"amount"`
}

// written is an amount as a CDR states it, to four decimals.
func written(n ocpi.Number) exact.Decimal { return n.Value.Round(numberPlaces, exact.HalfUp) }

func priceNumber(m tariff.Money, _ ocpi.Number) any { return number(written(m.BeforeTaxes)) }

func priceExclIncl(m tariff.Money, _ ocpi.Number) any {
	out := exclInclJSON{ExclVAT: number(written(m.BeforeTaxes))}
	if m.AfterTaxes.Present {
		out.InclVAT = number(written(m.AfterTaxes))
	}
	return out
}

// priceTaxes states the taxes as one amount, with the rate only where the caller gave it: a tariff may have several.
func priceTaxes(m tariff.Money, percent ocpi.Number) any {
	out := beforeTaxesJSON{BeforeTaxes: number(written(m.BeforeTaxes))}
	if !m.AfterTaxes.Present {
		return out
	}
	amount := written(m.AfterTaxes).Sub(written(m.BeforeTaxes))
	if percent.Present {
		out.Taxes = []taxJSON{{Name: "VAT", Percentage: number(percent.Value), Amount: number(amount)}}
	} else if !amount.IsZero() {
		out.Taxes = []taxJSON{{Name: "VAT", Amount: number(amount)}}
	}
	return out
}

// fillTotals writes the totals that tariff.Price computed.
func (o *Outcome) fillTotals() error {
	t, d := &o.Result.Totals, o.draft
	if !t.Cost.BeforeTaxes.Present {
		return ErrNeedsTax
	}
	d.TotalEnergy = number(t.EnergyKWh)
	d.TotalTime = number(t.TimeHours.Round(numberPlaces, exact.HalfUp))
	d.ParkingTime = number(t.ParkingTimeHours.Round(numberPlaces, exact.HalfUp))
	d.TotalCost = o.form.price(t.Cost, o.in.TaxPercent)
	if !o.form.parts {
		return nil
	}
	for _, part := range []struct {
		to   *any
		cost tariff.Money
	}{
		{&d.FixedCost, t.FixedCost}, {&d.EnergyCost, t.EnergyCost}, {&d.TimeCost, t.TimeCost}, {&d.ParkingCost, t.ParkingCost},
		{&d.ReservationCost, t.ReservationCost},
	} {
		if part.cost.BeforeTaxes.Present && !part.cost.BeforeTaxes.Value.IsZero() {
			*part.to = o.form.price(part.cost, o.in.TaxPercent)
		}
	}
	return nil
}
