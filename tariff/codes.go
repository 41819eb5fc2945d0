package tariff

import "github.com/nexacollect/reconcile/ocpi"

// Codes of pricing's findings.
const (
	CodePeriodSpansBoundary = ocpi.Code("period-spans-boundary")
	CodeReading             = ocpi.Code("reading")
	CodeTariffNone          = ocpi.Code("tar-none")
	CodeTariffAmbiguous     = ocpi.Code("tar-ambiguous")
	CodeTariffIDUnknown     = ocpi.Code("tar-id-unknown")
	CodeTariffExpired       = ocpi.Code("tar-expired")
	CodeTariffNotRelevant   = ocpi.Code("tar-not-relevant")
	CodeTariffLimits        = ocpi.Code("tar-limits-several")
	CodeCurrencyMismatch    = ocpi.Code("cur-mismatch")
	CodeZoneUnknown         = ocpi.Code("tz-unknown")
	CodeZoneInvalid         = ocpi.Code("tz-invalid")
	CodeZoneConflict        = ocpi.Code("tz-conflict")
	CodeZoneFold            = ocpi.Code("tz-fold")
	CodeLastMinute          = ocpi.Code("tar-last-minute")
	CodeReservationExpired  = ocpi.Code("res-expired-inferred")
)
