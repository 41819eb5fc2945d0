package reconcile

import "github.com/nexacollect/reconcile/ocpi"

// PeriodEnergy is Σ ENERGY of a CDR's periods in kWh, on which its price stands; absent where no period measures energy.
func PeriodEnergy(c *ocpi.CDR) ocpi.Number { return periodEnergy(c) }
