package ocmf

import (
	"bytes"
	"fmt"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
)

// Codes of what signed values are found to be; each has its entry in ocpi/codes.md.
const (
	SigEnergyUnusable    ocpi.Code = "sig-energy-unusable"
	SigInvalid           ocpi.Code = "sig-invalid"
	SigKeyMismatch       ocpi.Code = "sig-key-mismatch"
	SigKeyUnknown        ocpi.Code = "sig-key-unknown"
	SigMethodUnsupported ocpi.Code = "sig-method-unsupported"
	SigPlainMismatch     ocpi.Code = "sig-plain-mismatch"
	SigTimeMismatch      ocpi.Code = "sig-time-mismatch"
)

// Comparison is how a CDR differs from its signed readings.
type Comparison struct {
	Excess         ocpi.Number   // total_energy less the signed energy, kWh; absent where total_energy is
	TimesCompared  bool          // both times are usable and neither clock is unsynchronised
	Unsynchronised bool          // one of the clocks is, by the status of its reading
	Early, Late    time.Duration // how long the begin was read before start_date_time, the end after end_date_time; negative within
}

// Compare compares a CDR with the energy of its signed readings. Whether losses in the cable are taken off is Energy.LossCompensated: a
// CDR does not say which of the two its total_energy is.
func Compare(e Energy, cdr *ocpi.CDR) Comparison {
	var c Comparison
	if total := cdr.TotalEnergy; total.Present {
		c.Excess = ocpi.Number{Value: total.Value.Sub(e.KWh), Present: true}
	}
	c.Unsynchronised = e.Begin.TimeStatus == TimeUnsynchronised || e.End.TimeStatus == TimeUnsynchronised
	if e.TimesUsable && !c.Unsynchronised && !cdr.StartDateTime.IsZero() && !cdr.EndDateTime.IsZero() {
		c.TimesCompared = true
		c.Early = cdr.StartDateTime.Sub(e.Begin.Time)
		c.Late = e.End.Time.Sub(cdr.EndDateTime)
	}
	return c
}

// slack is how far the clock of a meter and that of a back office may be apart without notice.
const slack = time.Minute

// Check says what is to be noticed of the signed values of a CDR. That a CDR's energy is not the signed one is left to the judge of the
// line, who knows what may be ignored.
func Check(s *Signed, cdr *ocpi.CDR) []ocpi.Finding {
	if s == nil {
		return nil
	}
	n := notes{raw: cdr.Record.Bytes, place: cdr.Record.Place}
	valid := 0
	for i := range s.Values {
		if n.value(&s.Values[i]); s.Values[i].Result.State == Valid {
			valid++
		}
	}
	if s.OtherKey {
		n.add(SigKeyMismatch, ocpi.SeverityError, "/signed_data/public_key", "not the public key that the meter is known to have")
	}
	if valid > 0 && s.Refusal != NotRefused {
		n.add(SigEnergyUnusable, ocpi.SeverityWarn, "/signed_data", "the signed readings tell no energy: "+s.Refusal.String())
	}
	if valid > 0 && s.Refusal == NotRefused {
		n.times(Compare(s.Energy, cdr), cdr)
	}
	return n.found
}

// notes collects findings of one CDR.
type notes struct {
	raw   []byte
	place ocpi.Place
	found []ocpi.Finding
}

func (n *notes) add(code ocpi.Code, severity ocpi.Severity, pointer, message string) {
	place := n.place
	if _, at, ok := ocpi.Lookup(n.raw, pointer); ok {
		place.Line = max(place.Line, 1) + bytes.Count(n.raw[:at], []byte{'\n'})
		place.Offset += int64(at)
	}
	n.found = append(n.found, ocpi.Finding{Code: code, Severity: severity, Place: place, Pointer: pointer, Message: message})
}

// value notes what is wrong with one signed value.
func (n *notes) value(v *Value) {
	message := v.Result.Reason.String()
	if v.Error != nil {
		message += ": " + v.Error.Error()
	}
	switch v.Result.State {
	case Invalid:
		n.add(SigInvalid, ocpi.SeverityError, v.Pointer, message)
	case KeyUnknown:
		n.add(SigKeyUnknown, ocpi.SeverityInfo, v.Pointer, message)
	case MethodUnsupported, Unchecked:
		n.add(SigMethodUnsupported, ocpi.SeverityInfo, v.Pointer, message)
	}
	if v.PlainDiffers {
		n.add(SigPlainMismatch, ocpi.SeverityWarn, v.Pointer, "plain_data shows another record than the one that is signed")
	}
}

// times notes readings taken outside the time of the CDR.
func (n *notes) times(c Comparison, cdr *ocpi.CDR) {
	if c.Unsynchronised {
		n.add(SigTimeMismatch, ocpi.SeverityWarn, "/signed_data", "the meter calls its clock unsynchronised: its times are not compared with those of the CDR")
	}
	if !c.TimesCompared {
		return
	}
	const form = "the %s was read %s %s %s, tolerated are %s"
	if c.Early > slack {
		n.add(SigTimeMismatch, ocpi.SeverityWarn, "/start_date_time",
			fmt.Sprintf(form, "begin", c.Early, "before", cdr.StartDateTime.Format(time.RFC3339), slack))
	}
	if c.Late > slack {
		n.add(SigTimeMismatch, ocpi.SeverityWarn, "/end_date_time",
			fmt.Sprintf(form, "end", c.Late, "after", cdr.EndDateTime.Format(time.RFC3339), slack))
	}
}
