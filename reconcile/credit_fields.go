package reconcile

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
)

// ownMembers are the members of a credit that may differ from those of its original (OCPI 2.2.1 mod_cdrs, Credit CDRs): its identity, the
// total that it negates, what is said of the credit itself, the rows of a table that it was read from, and of a redacted copy its commitment.
var ownMembers = []string{
	"id", "credit", "credit_reference_id", "total_cost", "last_updated", "remark", "invoice_reference_id", "source_rows",
	OriginalMember,
}

// checkFields reports members beside total_cost that a credit does not repeat. Senders that turn the sign of volumes and costs too are
// understood.
func (c *cdrEntry) checkFields() {
	original := c.creditOf.cdr
	if original.Version != c.cdr.Version {
		return // the same facts have other names
	}
	var have, want map[string]json.RawMessage
	if json.Unmarshal(c.cdr.Record.Bytes, &have) != nil || json.Unmarshal(original.Record.Bytes, &want) != nil {
		return // decoding it has said why
	}
	names := maps.Clone(want)
	maps.Copy(names, have)
	var turned, changed []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		switch {
		case slices.Contains(ownMembers, name) || sameMember(have[name], want[name]):
		case turns(c.cdr, original, name):
			turned = append(turned, name)
		default:
			changed = append(changed, name)
		}
	}
	if len(turned) > 0 {
		c.find("/"+turned[0], codeCreditNegated, ocpi.SeverityWarn, "the credit turns the sign of %s too; only that of total_cost is to be turned", listed(turned))
	}
	if len(changed) > 0 {
		c.find("/"+changed[0], codeCreditFields, ocpi.SeverityWarn, "the credit does not repeat %s of CDR %s", listed(changed), original.ID)
	}
}

// sameMember compares two members; null is as good as none.
func sameMember(a, b json.RawMessage) bool {
	absent := func(m json.RawMessage) bool { return len(m) == 0 || string(m) == "null" }
	return absent(a) && absent(b) || !absent(a) && !absent(b) && ocpi.SameBody(a, b)
}

// maxListed is how many names a message lists.
const maxListed = 6

func listed(names []string) string {
	if len(names) > maxListed {
		return strings.Join(names[:maxListed], ", ") + ", …"
	}
	return strings.Join(names, ", ")
}

// turns reports a member of two CDRs whose numbers differ by their sign alone.
func turns(a, b *ocpi.CDR, member string) bool {
	switch member {
	case "total_energy":
		return opposite(a.TotalEnergy, b.TotalEnergy)
	case "total_time":
		return opposite(a.TotalTime, b.TotalTime)
	case "total_parking_time":
		return opposite(a.TotalParkingTime, b.TotalParkingTime)
	case "charging_periods":
		return turnsPeriods(a.ChargingPeriods, b.ChargingPeriods)
	}
	prices := map[string][2]ocpi.Price{
		"total_fixed_cost": {a.TotalFixedCost, b.TotalFixedCost}, "total_energy_cost": {a.TotalEnergyCost, b.TotalEnergyCost},
		"total_time_cost": {a.TotalTimeCost, b.TotalTimeCost}, "total_parking_cost": {a.TotalParkingCost, b.TotalParkingCost},
		"total_reservation_cost": {a.TotalReservationCost, b.TotalReservationCost},
	}
	p, ok := prices[member]
	return ok && opposite(p[0].BeforeTaxes, p[1].BeforeTaxes) && opposite(p[0].AfterTaxes, p[1].AfterTaxes)
}

// opposite reports numbers of which one is the negative of the other, or none.
func opposite(a, b ocpi.Number) bool {
	return a.Present == b.Present && a.Value.Equal(b.Value.Neg())
}

// turnsPeriods reports periods that differ by the sign of volumes alone.
func turnsPeriods(a, b []ocpi.ChargingPeriod) bool {
	return slices.EqualFunc(a, b, func(x, y ocpi.ChargingPeriod) bool {
		return x.StartDateTime.Equal(y.StartDateTime) && x.TariffID == y.TariffID &&
			slices.EqualFunc(x.Dimensions, y.Dimensions, func(d, e ocpi.CDRDimension) bool {
				return d.Type == e.Type && (opposite(d.Volume, e.Volume) || d.Volume.Present == e.Volume.Present && d.Volume.Value.Equal(e.Volume.Value))
			})
	})
}
