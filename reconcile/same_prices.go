package reconcile

import (
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
)

// samePrices reports whether two tariffs price every session alike: the same elements, limits and tax, read by the same version's text.
// What only describes a tariff, its texts and dates, does not count.
func samePrices(a, b *ocpi.Tariff) bool {
	return a.Version == b.Version && a.Currency == b.Currency && a.TaxIncluded == b.TaxIncluded && sameLimit(a.MinPrice, b.MinPrice) &&
		sameLimit(a.MaxPrice, b.MaxPrice) && slices.EqualFunc(a.Elements, b.Elements, sameElement)
}

func sameLimit(a, b ocpi.Price) bool {
	return sameNumber(a.BeforeTaxes, b.BeforeTaxes) && sameNumber(a.AfterTaxes, b.AfterTaxes)
}

func sameNumber(a, b ocpi.Number) bool { return compareNumbers(a, b) == 0 }

func sameElement(a, b ocpi.TariffElement) bool {
	return slices.EqualFunc(a.PriceComponents, b.PriceComponents, sameComponent) && sameRestrictions(a.Restrictions, b.Restrictions)
}

func sameComponent(a, b ocpi.PriceComponent) bool {
	return a.Kind == b.Kind && a.Type == b.Type && sameNumber(a.Price, b.Price) && sameNumber(a.VAT, b.VAT) && sameNumber(a.StepSize, b.StepSize)
}

func sameRestrictions(a, b *ocpi.Restrictions) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.StartTime == b.StartTime && a.EndTime == b.EndTime && a.StartDate == b.StartDate && a.EndDate == b.EndDate &&
		a.DayOfWeek == b.DayOfWeek && a.Reservation == b.Reservation &&
		sameNumber(a.MinKWh, b.MinKWh) && sameNumber(a.MaxKWh, b.MaxKWh) && sameNumber(a.MinCurrent, b.MinCurrent) && sameNumber(a.MaxCurrent, b.MaxCurrent) &&
		sameNumber(a.MinPower, b.MinPower) && sameNumber(a.MaxPower, b.MaxPower) &&
		sameNumber(a.MinDuration, b.MinDuration) && sameNumber(a.MaxDuration, b.MaxDuration)
}
