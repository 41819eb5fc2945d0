package reconcile

import (
	"fmt"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// Thresholds of row 28: what no charge point can deliver.
var (
	// connectorMargin is how far above the rated power of its connector a session may lie on average.
	connectorMargin = exact.New(11, 1)
	// implausiblePowerKW is the average power above which kWh are taken for Wh where the connector is not known: 1 MW.
	implausiblePowerKW = exact.FromInt(1000)
	// thousandfoldLeast and thousandfoldMost are between which ratio of two witnesses one of them is taken for Wh.
	thousandfoldLeast, thousandfoldMost = exact.FromInt(999), exact.FromInt(1001)
)

// thousandfold reports whether a is about a thousand times b: Wh sent as kWh.
func thousandfold(a, b exact.Decimal) bool {
	return b.Sign() > 0 && !a.Less(b.Mul(thousandfoldLeast)) && !b.Mul(thousandfoldMost).Less(a)
}

// dropThousandfold leaves out a total or a session that is a thousand times what the periods say, or they of it: one of them is in Wh,
// which row 28 judges.
func (w *witnesses) dropThousandfold() {
	for _, n := range [...]*ocpi.Number{&w.total, &w.session} {
		if n.Present && (thousandfold(n.Value, w.periods[0]) || thousandfold(w.periods[0], n.Value)) {
			*n = ocpi.Number{}
		}
	}
}

// rowImpossible is row 28: what the CDR bills cannot have been delivered.
func (t *trial) rowImpossible() {
	kwh := t.cdr.billedKWh()
	if kwh.Sign() <= 0 {
		return
	}
	if code, message := t.impossible(kwh); code != "" {
		t.rule(ruling{row: 28, code: code, open: true, message: "CDR " + t.cdr.cdr.ID + ": " + message})
	}
}

func (t *trial) impossible(kwh exact.Decimal) (code ocpi.Code, message string) {
	c := t.cdr.cdr
	if small, ok := t.thousandth(kwh); ok {
		return codeWhAsKWh, fmt.Sprintf("%s kWh in the periods is a thousand times the %s kWh elsewhere: Wh sent as kWh", kwh.Plain(), small.Plain())
	}
	seconds, ok := secondsBetween(c.StartDateTime, c.EndDateTime)
	switch {
	case !ok:
		return "", ""
	case seconds.IsZero():
		return codeZeroDuration, fmt.Sprintf("%s kWh in no time: start and end are the same", kwh.Plain())
	}
	if c.TotalTime.Present {
		seconds = exact.Max(seconds, c.TotalTime.Value.Mul(secondsPerHour))
	}
	wattSeconds := kwh.Shift(3).Mul(secondsPerHour)
	if power := t.connectorPower(); power.Present {
		if power.Value.Mul(connectorMargin).Mul(seconds).Less(wattSeconds) {
			return codeExceedsConnector, fmt.Sprintf("%s kWh in %s s is more than a connector of %s W can deliver, %s times over",
				kwh.Plain(), seconds.Plain(), power.Value.Plain(), connectorMargin)
		}
		return "", ""
	}
	if implausiblePowerKW.Shift(3).Mul(seconds).Less(wattSeconds) {
		return codeWhAsKWh, fmt.Sprintf("%s kWh in %s s is more than %s kW: Wh sent as kWh", kwh.Plain(), seconds.Plain(), implausiblePowerKW)
	}
	return "", ""
}

// thousandth is a witness of which the periods are a thousand times.
func (t *trial) thousandth(kwh exact.Decimal) (exact.Decimal, bool) {
	if total := t.cdr.cdr.TotalEnergy; total.Present && thousandfold(kwh, total.Value) {
		return total.Value, true
	}
	for _, s := range t.finalSessions() {
		if s.KWh.Present && thousandfold(kwh, s.KWh.Value) {
			return s.KWh.Value, true
		}
	}
	return exact.Decimal{}, false
}

// connectorPower is the rated power of the connector in W: of the published location, else of the location inside a 2.1.1 CDR.
func (t *trial) connectorPower() ocpi.Number {
	c := t.cdr.cdr
	if lookup := t.b.terms.ConnectorPower; lookup != nil {
		if power := lookup(c.CountryCode, c.PartyID, c.Location.ID, c.Location.EVSEUID, c.Location.ConnectorID); power.Present && power.Value.Sign() > 0 {
			return power
		}
	}
	if power := c.Location.MaxPowerW; power.Present && power.Value.Sign() > 0 {
		return power
	}
	return ocpi.Number{}
}

// ConnectorPower is the rated power of a connector in W: as stated, else volts × amperes × phases (mod_locations,
// Connector). Absent where that cannot be told.
func ConnectorPower(c ocpi.Connector) ocpi.Number {
	switch {
	case c.MaxElectricPower.Present && c.MaxElectricPower.Value.Sign() > 0:
		return c.MaxElectricPower
	case !c.Voltage.Present || !c.Amperage.Present:
		return ocpi.Number{}
	}
	watts := c.Voltage.Value.Mul(c.Amperage.Value)
	switch c.PowerType {
	case "AC_3_PHASE":
		watts = watts.Mul(exact.FromInt(3))
	case "AC_2_PHASE", "AC_2_PHASE_SPLIT":
		watts = watts.Mul(exact.FromInt(2))
	}
	return Known(watts)
}
