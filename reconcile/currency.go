package reconcile

import "github.com/nexacollect/reconcile/ocpi"

// MinorUnits is the number of decimals of a currency's minor unit (ISO 4217), 2 for currencies it does not know.
func MinorUnits(currency string) int32 { return ocpi.MinorUnits(currency) }
