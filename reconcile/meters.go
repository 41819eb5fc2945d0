package reconcile

import (
	"fmt"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/ocpi/ocmf"
)

// Identity by the meter: registers only count up, so that a meter's number with its readings at begin and end names one session.

// metering is what a line or a CDR says of its meter: the numbers by which it goes, in the form of plainID, and the register at the begin
// and the end of the session in kWh.
type metering struct {
	ids        []string
	begin, end ocpi.Number
}

// complete reports a metering that names a session.
func (m *metering) complete() bool { return len(m.ids) > 0 && m.begin.Present && m.end.Present }

func meteringOfLine(l *Line) metering {
	return metering{ids: plainIDs(l.MeterID), begin: l.MeterStart, end: l.MeterStop}
}

// meteringOfCDR reads the readings in the signed data of a CDR, else those in its plain data. No signature is verified: what ties a line to
// its CDR is that both say the same.
func meteringOfCDR(c *ocpi.CDR) metering {
	m := metering{ids: plainIDs(c.MeterID)}
	if c.SignedData == nil {
		return m
	}
	if course := ocmf.CourseOf(c.SignedData); course.Refusal == ocmf.NotRefused {
		energy := &course.Energy
		meter, gateway := &energy.BeginRecord.Meter, &energy.BeginRecord.Gateway
		m.ids = append(m.ids, plainIDs(meter.Serial, gateway.Serial, gateway.Identification)...)
		m.begin, m.end = register(energy.Begin.Value, energy.Begin.Unit), register(energy.End.Value, energy.End.Unit)
		return m
	}
	for _, v := range c.SignedData.SignedValues {
		switch v.Nature { // mod_cdrs, SignedValue.nature
		case "Start":
			m.begin = plainReading(v.PlainData)
		case "End":
			m.end = plainReading(v.PlainData)
		}
	}
	return m
}

// register is a reading in kWh.
func register(v ocpi.Number, unit string) ocpi.Number {
	switch {
	case !v.Present || strings.EqualFold(unit, "kWh"):
		return v
	case strings.EqualFold(unit, "Wh"):
		return Known(v.Value.Shift(-3))
	}
	return ocpi.Number{}
}

// plainReading reads a reading in plain data: a number with its unit, "1234.5 kWh". A number alone might be anything.
func plainReading(text string) ocpi.Number {
	end := strings.LastIndexAny(text, "0123456789") + 1
	v, err := exact.Parse([]byte(strings.TrimSpace(text[:end])))
	if err != nil {
		return ocpi.Number{}
	}
	return register(Known(v), strings.TrimSpace(text[end:]))
}

// keys are what the meterings of one session share at least one of. Lines may round what the meter shows.
func (m *metering) keys(rounded bool) []string {
	if !m.complete() {
		return nil
	}
	var out []string
	whole := m.begin.Value.Round(0, exact.Down)
	for _, id := range m.ids {
		out = append(out, "m"+id+" "+whole.Plain())
		if !rounded {
			out = append(out, "m"+id+" "+whole.Add(exact.FromInt(1)).Plain())
		}
	}
	return out
}

// fitsMeter compares what line and CDR say of the meter: its number is the same, and both readings are, to the digits that the line shows.
func fitsMeter(_ *Matching, l *tracedLine, c *tracedCDR) (likeness, bool) {
	line, cdr := &l.metering, &c.metering
	if !line.complete() || !cdr.complete() || !share(line.ids, cdr.ids) {
		return likeness{}, false
	}
	same := func(shown, read exact.Decimal) bool {
		return shown.Equal(read) || shown.Scale() < read.Scale() && shown.Equal(read.Round(shown.Scale(), exact.HalfUp))
	}
	if !same(line.begin.Value, cdr.begin.Value) || !same(line.end.Value, cdr.end.Value) {
		return likeness{}, false
	}
	return likeness{cost: units(line.begin.Value.Sub(cdr.begin.Value), 3) + units(line.end.Value.Sub(cdr.end.Value), 3)}, true
}

func sayMeter(_ *Matching, l *tracedLine, c *tracedCDR, _ likeness) string {
	return fmt.Sprintf("no CDR has the ids that the line quotes; CDR %s is of the same meter, %s, which read %s kWh at the begin and %s at the end",
		c.cdr.ID, l.line.MeterID, c.metering.begin.Value, c.metering.end.Value)
}
