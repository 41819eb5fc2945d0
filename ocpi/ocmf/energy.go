package ocmf

import (
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// Energy is what a transaction drew by the readings at its begin and its end.
type Energy struct {
	Begin, End      Reading
	BeginRecord     *Record // where each of them stands
	EndRecord       *Record
	KWh             exact.Decimal // end less begin, exactly
	LossCompensated bool          // losses in the cable are taken off, by the register or by the meter's parameters
	TimesUsable     bool          // both times are there, and no error flag excludes them; the status of each is in the reading
}

// Refusal says why readings give no energy. The zero Refusal is none.
type Refusal uint8

// The refusals.
const (
	NotRefused Refusal = iota
	NoValidRecord
	RecordAmbiguous
	OtherMeter
	NoEnergyRegister
	SeveralBegins
	SeveralEnds
	ExceptionWhileCharging
	MeterNotGood
	EnergyFlagged
	NoBegin
	NoEnd
	OtherUnit
	UnitUnknown
	ValueMissing
	TimesReversed
	ValueFalls
	RegistersDisagree
)

var refusalTexts = [...]string{
	NotRefused:             "",
	NoValidRecord:          "no record has a valid signature",
	RecordAmbiguous:        "a record holds a member twice, with different values",
	OtherMeter:             "the records are of different meters",
	NoEnergyRegister:       "no reading is of a register of energy drawn",
	NoBegin:                "no reading is of the begin of the transaction",
	NoEnd:                  "no reading of the same register is of the end of the transaction",
	SeveralBegins:          "several readings are of the begin, and they differ",
	SeveralEnds:            "several readings are of the end, and they differ",
	ExceptionWhileCharging: "the meter reports an exception while charging, from which on the energy is not to be used",
	MeterNotGood:           "the status of the meter is not G, good",
	EnergyFlagged:          "an error flag excludes the energy from billing",
	OtherUnit:              "the readings are in different units",
	UnitUnknown:            "the unit is neither kWh nor Wh",
	ValueMissing:           "a reading has no value",
	TimesReversed:          "the end is before the begin",
	ValueFalls:             "the reading at the end is below that at the begin",
	RegistersDisagree:      "two registers of the same energy disagree",
}

// String says the refusal in a few words, "" for NotRefused.
func (r Refusal) String() string { return nameOf(refusalTexts[:], r) }

// Between returns the energy that the readings of the records of one transaction tell, whatever the state of their signatures; the
// caller takes only those with a valid one where it is to be evidence. Records that repeat a reading are usual. Of several registers
// those on the side of the vehicle decide, and all of that side must agree.
//
// Refused is whatever the specification has lead to an error in the check of a transaction (OCMF, Signing and Verification Process):
// another meter, an exception, an error flag on the energy, a meter that is not good, and readings that contradict each other.
func Between(records []*Record) (Energy, Refusal) {
	if len(records) == 0 {
		return Energy{}, NoValidRecord
	}
	var drawn spans
	for _, r := range records {
		if r.ambiguous {
			return Energy{}, RecordAmbiguous
		}
		if r.serial() != records[0].serial() {
			return Energy{}, OtherMeter
		}
		for i := range r.Readings {
			drawn.collect(r, &r.Readings[i])
		}
	}
	return drawn.decide()
}

// serial is what identifies the meter: its own serial number, or that of the gateway where the meter has none (OCMF, Meter
// Identification).
func (r *Record) serial() string {
	if r.Meter.Serial != "" {
		return "meter " + r.Meter.Serial
	}
	return "gateway " + r.Gateway.Serial
}

// span is what the readings of one register say.
type span struct {
	register register
	energy   Energy
	refusal  Refusal
	begins   int
	ends     int
}

// spans are those of all registers, in the order met.
type spans struct {
	list []*span
	of   map[register]*span
}

// at returns the span of a register.
func (all *spans) at(g register) *span {
	if s := all.of[g]; s != nil {
		return s
	}
	if all.of == nil {
		all.of = map[register]*span{}
	}
	s := &span{register: g}
	all.of[g], all.list = s, append(all.list, s)
	return s
}

// collect adds a reading to the span of its register.
func (all *spans) collect(rec *Record, r *Reading) {
	g, ok := parseRegister(r.Register)
	if !ok || g.side() == noEnergy {
		return
	}
	s := all.at(g)
	switch {
	case r.Begins():
		s.energy.Begin, s.energy.BeginRecord = s.take(&s.begins, s.energy.Begin, s.energy.BeginRecord, rec, r, SeveralBegins)
	case r.Ends():
		s.energy.End, s.energy.EndRecord = s.take(&s.ends, s.energy.End, s.energy.EndRecord, rec, r, SeveralEnds)
	case r.Transaction == "X":
		s.refuse(ExceptionWhileCharging)
	}
	s.refuse(r.fault())
}

// take keeps the first reading of a kind; a second one must say the same.
func (s *span) take(count *int, have Reading, of *Record, rec *Record, r *Reading, otherwise Refusal) (Reading, *Record) {
	if *count++; *count == 1 {
		return *r, rec
	}
	if !have.same(r) {
		s.refuse(otherwise)
	}
	return have, of
}

func (s *span) refuse(r Refusal) {
	if s.refusal == NotRefused {
		s.refusal = r
	}
}

// fault is what makes a reading unusable by itself, also one while charging.
func (r *Reading) fault() Refusal {
	switch {
	case r.Status != "G":
		return MeterNotGood
	case strings.Trim(r.ErrorFlags, "t") != "": // t is about the time alone
		return EnergyFlagged
	}
	return NotRefused
}

// same reports whether two readings say the same of the energy.
func (r *Reading) same(other *Reading) bool {
	return r.Time.Equal(other.Time) && r.Value.Present == other.Value.Present && r.Value.Value.Equal(other.Value.Value) &&
		r.Unit == other.Unit && r.Status == other.Status && r.ErrorFlags == other.ErrorFlags
}

// decide takes the registers on the side of the vehicle, else those on the side of the mains.
func (all *spans) decide() (Energy, Refusal) {
	best := noEnergy
	for _, s := range all.list {
		best = max(best, s.register.side())
	}
	var found *span
	for _, s := range all.list {
		if s.register.side() != best {
			continue
		}
		s.complete()
		if s.refusal != NotRefused {
			return Energy{}, s.refusal
		}
		if found != nil && !found.energy.KWh.Equal(s.energy.KWh) {
			return Energy{}, RegistersDisagree
		}
		if found == nil {
			found = s
		}
	}
	if found == nil {
		return Energy{}, NoEnergyRegister
	}
	return found.energy, NotRefused
}

// complete computes the energy of a span, or finds why it has none.
func (s *span) complete() {
	e := &s.energy
	begin, end := &e.Begin, &e.End
	kwh, known := inKWh(begin.Unit)
	switch {
	case s.refusal != NotRefused:
	case s.begins == 0:
		s.refuse(NoBegin)
	case s.ends == 0:
		s.refuse(NoEnd)
	case begin.Unit != end.Unit:
		s.refuse(OtherUnit)
	case !known:
		s.refuse(UnitUnknown)
	case !begin.Value.Present || !end.Value.Present:
		s.refuse(ValueMissing)
	case !begin.Time.IsZero() && !end.Time.IsZero() && end.Time.Before(begin.Time):
		s.refuse(TimesReversed)
	case end.Value.Value.Less(begin.Value.Value):
		s.refuse(ValueFalls)
	}
	if s.refusal != NotRefused {
		return
	}
	e.KWh = end.Value.Value.Sub(begin.Value.Value).Shift(kwh)
	e.LossCompensated = s.register.side() == deviceSide || e.BeginRecord.compensates(begin) || e.EndRecord.compensates(end)
	e.TimesUsable = begin.timeUsable() && end.timeUsable()
}

// inKWh is the power of ten that makes a unit kWh (OCMF, table 20).
func inKWh(unit string) (shift int32, known bool) {
	switch {
	case strings.EqualFold(unit, "kWh"):
		return 0, true
	case strings.EqualFold(unit, "Wh"):
		return -3, true
	}
	return 0, false
}

// KWh is the value of a reading in kWh; as it stands where its unit is neither kWh nor Wh.
func (r *Reading) KWh() exact.Decimal {
	shift, _ := inKWh(r.Unit)
	return r.Value.Value.Shift(shift)
}

func (r *Reading) timeUsable() bool { return !r.Time.IsZero() && !strings.Contains(r.ErrorFlags, "t") }

// compensates reports whether the meter takes losses off a reading.
func (r *Record) compensates(at *Reading) bool {
	return r.LossCompensation.applies() || at.Compensation.applies() || isPositive(at.CumulatedLoss)
}

func isPositive(n ocpi.Number) bool { return n.Present && n.Value.Sign() > 0 }
