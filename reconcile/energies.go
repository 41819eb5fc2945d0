package reconcile

import (
	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// PeriodEnergy is Σ ENERGY of a CDR's periods in kWh, on which its price stands; absent where no period measures energy.
func PeriodEnergy(c *ocpi.CDR) ocpi.Number { return periodEnergy(c) }

// EnergySource is a record that says how much energy a session took.
type EnergySource string

// The sources.
const (
	EnergyInvoiced EnergySource = "invoice"
	EnergyAdmitted EnergySource = "claim" // the debtor's own record, by the dispute list
	EnergyTotal    EnergySource = "cdr"
	EnergyPeriods  EnergySource = "periods" // of the CDR
	EnergySession  EnergySource = "session"
	EnergySigned   EnergySource = "signed" // valid signed readings of the meter
)

// Energy is what one record says that a session took.
type Energy struct {
	Source EnergySource
	KWh    exact.Decimal
}

// Energies are what the records of a line say of its kWh, in the order of the sources; those that say nothing are left out.
func (v *LineVerdict) Energies() []Energy {
	var out []Energy
	add := func(source EnergySource, n ocpi.Number) {
		if n.Present {
			out = append(out, Energy{source, n.Value})
		}
	}
	add(EnergyInvoiced, v.Line.ClaimedKWh)
	for _, c := range v.Claims {
		if c.ClaimedKWh.Present {
			add(EnergyAdmitted, c.ClaimedKWh)
			break
		}
	}
	if c := v.Match.CDR; c != nil {
		add(EnergyTotal, c.TotalEnergy)
		add(EnergyPeriods, periodEnergy(c))
	}
	if s := v.Match.Session; s != nil {
		add(EnergySession, s.KWh)
	}
	add(EnergySigned, v.Signed)
	return out
}
