package lint

import "github.com/nexacollect/reconcile/ocpi"

// Codes of the findings of this package; ocpi/codes.md explains them.
const (
	CodeBoundsReversed    ocpi.Code = "tariff-bounds-reversed"
	CodeComponentDoubled  ocpi.Code = "tariff-component-doubled"
	CodeDaysDuplicate     ocpi.Code = "tariff-days-duplicate"
	CodeDaysEmpty         ocpi.Code = "tariff-days-empty"
	CodeEndNearMidnight   ocpi.Code = "tariff-end-near-midnight"
	CodeGap               ocpi.Code = "tariff-gap"
	CodeLimitZero         ocpi.Code = "tariff-limit-zero"
	CodeLimitsReversed    ocpi.Code = "tariff-limits-reversed"
	CodePriceNegative     ocpi.Code = "tariff-price-negative"
	CodeReservationUnused ocpi.Code = "tariff-reservation-unused"
	CodeRestrictionAlways ocpi.Code = "tariff-restriction-always"
	CodeRestrictionNever  ocpi.Code = "tariff-restriction-never"
	CodeRestrictionZero   ocpi.Code = "tariff-restriction-zero"
	CodeRestrictionsEmpty ocpi.Code = "tariff-restrictions-empty"
	CodeStepSize          ocpi.Code = "tariff-step-size"
	CodeUnreachable       ocpi.Code = "tariff-unreachable"
	CodeValidityReversed  ocpi.Code = "tariff-validity-reversed"
	CodeVATFraction       ocpi.Code = "tariff-vat-fraction"
	CodeWeekdayWindow     ocpi.Code = "tariff-weekday-window"
)
