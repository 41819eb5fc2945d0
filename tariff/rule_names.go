package tariff

// Names of rules, Step.Rule.
const (
	RuleVolume            = "volume"
	RulePrice             = "price"
	RuleVAT               = "vat"
	RuleStepSize          = "step-size"
	RuleRestrictionValue  = "restriction-value"
	RulePeriodPower       = "period-power"
	RulePriceLimit        = "price-limit"
	RuleTaxRate           = "tax-rate"
	RuleEvidence          = "evidence"
	RulePeriodLength      = "period-length"
	RuleSessionLength     = "session-length"
	RuleElapsed           = "elapsed"
	RuleUnits             = "units"
	RuleHoursToSeconds    = "hours-to-seconds"
	RuleWhToKWh           = "wh-to-kwh"
	RuleVolumeSum         = "volume-sum"
	RuleEnergyBefore      = "energy-before"
	RuleTimeBefore        = "time-before"
	RuleHourSnap          = "hour-snap"
	RuleStepUp            = "step-up"
	RuleStepSurplus       = "step-surplus"
	RuleStepRounding      = "step-rounding"
	RuleCost              = "cost"
	RuleCostAfterTaxes    = "cost-after-taxes"
	RuleCostSum           = "cost-sum"
	RulePerHour           = "per-hour"
	RuleNetOfGross        = "net-of-gross"
	RuleMinPrice          = "min-price"
	RuleMaxPrice          = "max-price"
	RulePriceLimitHit     = "price-limit-hit"
	RuleCredit            = "credit"
	RuleTotalHours        = "total-hours"
	RulePeriodOrder       = "period-order"
	RuleTariffChosen      = "tariff-chosen"
	RuleElementChosen     = "element-chosen"
	RuleRestrictionFailed = "restriction-failed"
	RulePowerUnknown      = "power-unknown"
	RuleZone              = "zone"
	RuleFlat              = "flat"
	RuleReservation       = "reservation"
	RuleTax               = "tax"
	RuleReading           = "reading"
	RuleTimeSource        = "time-source"
	RuleDurationOrigin    = "duration-origin"
	RuleQuantity          = "quantity"
	RuleSplit             = "split"
	RuleSplitOffset       = "split-offset"
)

// ruleDocs says what each rule means and where it stands.
var ruleDocs = map[string]string{
	RuleVolume:            "A measured volume of a charging period. mod_cdrs, CdrDimension.volume.",
	RulePrice:             "The price of the active component, per kWh, per hour or per session, never per step. mod_tariffs, PriceComponent.price.",
	RuleVAT:               "The VAT of the active component, in percent. mod_tariffs, PriceComponent.vat.",
	RuleStepSize:          "The smallest billed amount of the component, in Wh or seconds. mod_tariffs, PriceComponent.step_size.",
	RuleRestrictionValue:  "The bound that a restriction sets. mod_tariffs, TariffRestrictions.",
	RulePeriodPower:       "Power or current that the period states. mod_cdrs, CdrDimensionType MIN_POWER, MAX_POWER, MIN_CURRENT, MAX_CURRENT.",
	RulePriceLimit:        "An amount that the total may not fall below or exceed. mod_tariffs, Tariff.min_price and max_price.",
	RuleTaxRate:           "A tax rate that the CDR lists, in percent. 2.3.0 types, TaxAmount.percentage.",
	RuleEvidence:          "A total that other evidence states, priced instead of the declared one.",
	RulePeriodLength:      "The time from a period's start to the next period's start, or to the end of the session. mod_cdrs, ChargingPeriod.",
	RuleSessionLength:     "The time from the start to the end of the CDR. mod_cdrs, CDR.total_time.",
	RuleElapsed:           "The time since the session began, for min_duration and max_duration. mod_tariffs, TariffRestrictions.",
	RuleUnits:             "A constant that converts units: 3600 seconds an hour, a thousandth of a kWh a Wh.",
	RuleHoursToSeconds:    "Hours as seconds, so that nothing is divided before the end.",
	RuleWhToKWh:           "A step of energy is stated in Wh, volumes in kWh. mod_tariffs, TariffDimensionType.",
	RuleVolumeSum:         "The sum of volumes.",
	RuleEnergyBefore:      "The energy of the session before a period, for min_kwh and max_kwh. mod_tariffs, TariffRestrictions.",
	RuleTimeBefore:        "The time of a dimension before a period, where durations are read so.",
	RuleHourSnap:          "Hours are sent with few decimals: within half a unit of the last one, the period's own length counts. types, number.",
	RuleStepUp:            "The total rounded up to whole steps. mod_cdrs, step_size; mod_tariffs, PriceComponent.step_size.",
	RuleStepSurplus:       "What rounding to steps adds, billed at the price of the last priced period. mod_cdrs, step_size.",
	RuleStepRounding:      "Which total is rounded to steps, if any: energy once, time and parking time once together. mod_cdrs, step_size.",
	RuleCost:              "Volume times price; for times in seconds, to be divided by 3600 last. mod_tariffs, PriceComponent.price.",
	RuleCostAfterTaxes:    "A cost with its tax, on the exact amount. mod_tariffs, PriceComponent.vat.",
	RuleCostSum:           "The sum of costs.",
	RulePerHour:           "Price times seconds, divided by 3600 once and last.",
	RuleNetOfGross:        "The amount before taxes of a price that includes them. 2.3.0 mod_tariffs, TaxIncluded.",
	RuleMinPrice:          "The total is at least min_price, before and after taxes each for itself. mod_tariffs, Tariff.min_price.",
	RuleMaxPrice:          "The total is at most max_price, before and after taxes each for itself. mod_tariffs, Tariff.max_price.",
	RulePriceLimitHit:     "The total is set to min_price or max_price. mod_tariffs, Tariff.min_price and max_price.",
	RuleCredit:            "A credit CDR carries the negative of the original's total cost; all else stays positive. mod_cdrs, Credit CDRs.",
	RuleTotalHours:        "A total of time in hours. mod_cdrs, CDR.total_time and total_parking_time.",
	RulePeriodOrder:       "Periods are priced in order of time; a CDR need not list them so. mod_cdrs, ChargingPeriod.",
	RuleTariffChosen:      "Which tariff governs a period. mod_cdrs, ChargingPeriod.tariff_id and CDR.tariffs.",
	RuleElementChosen:     "The first element that has the dimension and whose restrictions hold prices it. mod_tariffs, Tariff and TariffElement.",
	RuleRestrictionFailed: "An element does not apply where one of its restrictions does not hold. mod_tariffs, TariffRestrictions.",
	RulePowerUnknown:      "A power or current restriction on a period that does not settle the value. mod_tariffs, TariffRestrictions.",
	RuleZone:              "Times, dates and weekdays of restrictions are local to the location. mod_tariffs, TariffRestrictions.",
	RuleFlat:              "A flat fee is charged once for the session and once for its reservation. mod_tariffs, TariffDimensionType FLAT.",
	RuleReservation:       "A reservation is priced by its own elements, an expired one by those for expiry first. mod_tariffs, ReservationRestrictionType.",
	RuleTax:               "How amounts before and after taxes relate. 2.2.1 mod_tariffs, PriceComponent.vat; 2.3.0 mod_tariffs, TaxIncluded.",
	RuleReading:           "The choice for an open question of the spec; see the questions.",
	RuleTimeSource:        "Where billed time comes from if not from the stated TIME.",
	RuleDurationOrigin:    "From where min_duration and max_duration count. mod_tariffs, TariffRestrictions.",
	RuleQuantity:          "A total that other evidence supports: less is taken from the dearest period first, more is added to the dearest.",
	RuleSplit:             "A part of a period that a boundary of the tariff divides, in proportion to time; or its energy as it may have flowed. mod_cdrs, ChargingPeriod.",
	RuleSplitOffset:       "Where a boundary of the tariff lies inside a period. mod_tariffs, TariffRestrictions.",
}

// RuleDoc returns what a rule means and its clause, for Step.Rule.
func RuleDoc(rule string) (text string, ok bool) {
	text, ok = ruleDocs[rule]
	return text, ok
}
