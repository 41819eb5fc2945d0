package hypothesis

import (
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
)

// Rates of tax: mod_tariffs PriceComponent.vat is a percentage; 2.3.0 says in Tariff.tax_included whether prices hold them.

func (e *explainer) taxes() []trial {
	if !e.base.total.AfterTaxes.Present {
		return nil
	}
	var out []trial
	gross := slices.ContainsFunc(e.res.Tariffs, pricesAreGross)
	switch least, most := e.rates(); {
	case !most.Present || most.Value.Sign() <= 0:
		return nil
	case most.Value.Cmp(exact.FromInt(1)) <= 0:
		out = append(out, trial{name: "vat-fraction", direction: Data, tax: !gross, alter: e.changeRates(hundredfold)})
	case exact.FromInt(1).Less(least.Value):
		out = append(out,
			trial{name: "vat-fraction", direction: Calculation, tax: !gross, alter: e.changeRates(func(r exact.Decimal) exact.Decimal { return r.Shift(-2) })},
			trial{name: "vat-percent-as-factor", direction: Calculation, tax: !gross, alter: e.changeRates(hundredfold)})
	}
	if !gross {
		out = append(out, trial{name: "vat-twice", direction: Calculation, way: up, tax: true, alter: e.changeRates(func(r exact.Decimal) exact.Decimal {
			return r.Add(r).Add(r.Mul(r).Shift(-2))
		})})
	}
	return append(out, trial{name: "tax-included-misread", direction: Calculation, alter: func(in *tariff.Input) { e.changeTariffs(in, flipTaxIncluded) }})
}

func hundredfold(r exact.Decimal) exact.Decimal { return r.Shift(2) }

func pricesAreGross(t *ocpi.Tariff) bool { return t.TaxIncluded == ocpi.TaxYes }

func flipTaxIncluded(t *ocpi.Tariff) {
	switch t.TaxIncluded {
	case ocpi.TaxYes:
		t.TaxIncluded = ocpi.TaxNo
	case ocpi.TaxNA:
	default:
		t.TaxIncluded = ocpi.TaxYes
	}
}

// costsOf are the costs of a CDR, whose taxes may state rates.
func costsOf(c *ocpi.CDR) []*ocpi.Price {
	return []*ocpi.Price{&c.TotalCost, &c.TotalFixedCost, &c.TotalEnergyCost, &c.TotalTimeCost, &c.TotalParkingCost, &c.TotalReservationCost}
}

// rates are the least rate above 0 and the greatest that the governing tariffs or the CDR's taxes state.
func (e *explainer) rates() (least, most ocpi.Number) {
	see := func(n ocpi.Number) {
		if !n.Present || n.Value.Sign() <= 0 {
			return
		}
		if !least.Present || n.Value.Less(least.Value) {
			least = n
		}
		if !most.Present || most.Value.Less(n.Value) {
			most = n
		}
	}
	for _, t := range e.res.Tariffs {
		for _, c := range componentsOf(t) {
			see(c.VAT)
		}
	}
	if most.Present {
		return least, most
	}
	for _, p := range costsOf(e.in.CDR) {
		for _, t := range p.Taxes {
			see(t.Percentage)
		}
	}
	return least, most
}

// changeRates changes every rate, of components and of the CDR's taxes.
func (e *explainer) changeRates(change func(exact.Decimal) exact.Decimal) func(*tariff.Input) {
	return func(in *tariff.Input) {
		e.changeComponents(func(c *ocpi.PriceComponent) {
			if c.VAT.Present {
				c.VAT.Value = change(c.VAT.Value)
			}
		})(in)
		for _, p := range costsOf(in.CDR) {
			p.Taxes = slices.Clone(p.Taxes)
			for i := range p.Taxes {
				if r := &p.Taxes[i].Percentage; r.Present {
					r.Value = change(r.Value)
				}
			}
		}
	}
}
