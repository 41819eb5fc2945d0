package tariff

import "strconv"

// Kinds of place: what a leaf's pointer points at. a, b and c are the indices named with each.
const (
	atNone         uint8 = iota
	atVolume             // a period, b dimension
	atPeriodStart        // a period
	atPeriodTariff       // a period
	atStart              // the CDR's start_date_time
	atEnd                // the CDR's end_date_time
	atStop               // its older name, stop_date_time
	atTariff             // a tariff
	atElement            // a tariff, b element
	atPrice              // a tariff, b element, c component
	atVAT                // likewise
	atStep               // likewise
	atRestriction        // a tariff, b element, c member
	atLimit              // a tariff, b 0 min_price or 1 max_price, c amountMember
	atTaxIncluded        // a tariff
	atTax                // a which cost (costMembers), b tax
	atTariffWindow       // a tariff, b 0 start or 1 end
	atPeriod             // a period
	atLocation           // the CDR's location
)

// supplied is the tariff index of pointers into a tariff's own document.
const supplied = -1

// amountMembers are the spellings of the amounts of a price.
var amountMembers = [...]string{"", "/excl_vat", "/incl_vat", "/before_taxes", "/after_taxes"}

// costMembers are the costs of a CDR that list taxes.
var costMembers = [...]string{
	"total_cost", "total_fixed_cost", "total_energy_cost", "total_time_cost", "total_parking_cost", "total_reservation_cost",
}

// Members of restrictions, for pointers and notes.
const (
	limitNone int32 = iota
	limitReservation
	limitMinKWh
	limitMaxKWh
	limitMinDuration
	limitMaxDuration
	limitMinPower
	limitMaxPower
	limitMinCurrent
	limitMaxCurrent
	limitStartDate
	limitEndDate
	limitDayOfWeek
	limitStartTime
	limitEndTime
)

var restrictionMembers = [...]string{
	"", "reservation", "min_kwh", "max_kwh", "min_duration", "max_duration", "min_power", "max_power", "min_current",
	"max_current", "start_date", "end_date", "day_of_week", "start_time", "end_time",
}

// pointerOf renders a place.
func pointerOf(m mark) string {
	switch m.kind {
	case atVolume:
		return path("/charging_periods/", m.a, "/dimensions/", m.b, "/volume")
	case atPeriodStart:
		return path("/charging_periods/", m.a, "/start_date_time")
	case atPeriodTariff:
		return path("/charging_periods/", m.a, "/tariff_id")
	case atPeriod:
		return path("/charging_periods/", m.a)
	case atStart:
		return "/start_date_time"
	case atEnd:
		return "/end_date_time"
	case atStop:
		return "/stop_date_time"
	case atTax:
		return "/" + costMembers[m.a] + path("/taxes/", m.b, "/percentage")
	case atLocation:
		return "/cdr_location"
	case atNone:
		return ""
	}
	return tariffPointer(m)
}

// tariffPointer renders a place inside a tariff: under /tariffs of the CDR, or in the tariff's own document.
func tariffPointer(m mark) string {
	prefix := ""
	if m.a != supplied {
		prefix = path("/tariffs/", m.a)
	}
	switch m.kind {
	case atElement:
		return prefix + path("/elements/", m.b)
	case atPrice:
		return prefix + path("/elements/", m.b, "/price_components/", m.c, "/price")
	case atVAT:
		return prefix + path("/elements/", m.b, "/price_components/", m.c, "/vat")
	case atStep:
		return prefix + path("/elements/", m.b, "/price_components/", m.c, "/step_size")
	case atRestriction:
		return prefix + path("/elements/", m.b, "/restrictions/"+restrictionMembers[m.c])
	case atLimit:
		return prefix + [...]string{"/min_price", "/max_price"}[m.b] + amountMembers[m.c]
	case atTaxIncluded:
		return prefix + "/tax_included"
	case atTariffWindow:
		return prefix + [...]string{"/start_date_time", "/end_date_time"}[m.b]
	}
	return prefix
}

// path joins texts and indices.
func path(parts ...any) string {
	b := make([]byte, 0, 64)
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			b = append(b, p...)
		case int32:
			b = strconv.AppendInt(b, int64(p), 10)
		}
	}
	return string(b)
}
