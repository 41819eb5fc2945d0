package reconcile

import (
	"fmt"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
)

// secondsPerHour turns OCPI's hours into seconds.
var secondsPerHour = exact.FromInt(3600)

// witnesses are what the records say of one quantity of a session: the CDR's periods, on which the price stands, its total, and the
// completed session. periods has more than one value where it is open what belongs to the total.
type witnesses struct {
	periods   [3]exact.Decimal // the first of them, as many as count says
	count     int
	total     ocpi.Number
	session   ocpi.Number
	beside    ocpi.Number // another value of the CDR that the session may agree with
	signed    bool        // the meter has signed the quantity: row 11 has decided, whatever the others say
	tolerance exact.Decimal
}

// testimony is what the witnesses of a quantity amount to.
type testimony uint8

// The testimonies; those after sessionDiffers say that the CDR does not agree with itself.
const (
	inAgreement    testimony = iota // nothing contradicts the periods
	sessionDiffers                  // row 9: the CDR agrees with itself, the session says otherwise
	periodsDecide                   // row 10: the total is wrong, periods and session agree
	totalDecides                    // row 10: the periods are wrong, total and session agree
	cdrDiffers                      // row 10: no two agree, or there is no third
)

func (w *witnesses) hear() testimony {
	if w.signed {
		return inAgreement
	}
	cdrAgrees := !w.total.Present || w.fitsPeriods(w.total.Value)
	if !w.session.Present {
		if cdrAgrees {
			return inAgreement
		}
		return cdrDiffers
	}
	s := w.session.Value
	withPeriods := w.fitsPeriods(s)
	withTotal := w.total.Present && agree(s, w.total.Value, w.tolerance) || w.beside.Present && agree(s, w.beside.Value, w.tolerance)
	switch {
	case cdrAgrees && (withPeriods || withTotal):
		return inAgreement
	case cdrAgrees:
		return sessionDiffers
	case withPeriods:
		return periodsDecide
	case withTotal:
		return totalDecides
	}
	return cdrDiffers
}

func (w *witnesses) addPeriods(v exact.Decimal) {
	w.periods[w.count] = v
	w.count++
}

func (w *witnesses) fitsPeriods(v exact.Decimal) bool {
	for _, p := range w.periods[:w.count] {
		if agree(p, v, w.tolerance) {
			return true
		}
	}
	return false
}

// rowQuantities is rows 9 and 10: kWh and time by the periods, the totals and the session. Where they differ and the price moves with
// them, the line is worth the price at the lesser quantities, and at most that at the greater.
func (t *trial) rowQuantities() {
	if !t.known {
		return
	}
	if t.unmeasured() {
		t.rule(ruling{row: 10, code: codePeriodSum, floor: t.base, wide: true,
			message: fmt.Sprintf("no period of CDR %s states energy, which its tariff prices and of which its total is %s kWh", t.cdr.cdr.ID, t.cdr.cdr.TotalEnergy.Value)})
		return
	}
	spread := ruling{row: 9, floor: t.base, ceiling: t.base}
	sessions := t.finalSessions()
	if len(sessions) == 0 {
		t.hear(nil, &spread)
	}
	for _, s := range sessions {
		t.hear(s, &spread)
	}
	if !spread.floor.Equal(t.base) || !spread.ceiling.Equal(t.base) {
		t.rule(spread)
	}
}

// unmeasured reports a CDR whose periods state no energy at all although its tariff prices it and its total holds some: no price can be
// made of the total.
func (t *trial) unmeasured() bool {
	return t.cdr.cdr.TotalEnergy.Value.Sign() > 0 && !t.cdr.periodEnergy().Present && t.governing.pricesEnergy()
}

// pricesEnergy reports whether a tariff of the calculation has a price for energy.
func (p *price) pricesEnergy() bool {
	for _, t := range p.res.Tariffs {
		for _, e := range t.Elements {
			for _, c := range e.PriceComponents {
				if c.Kind == ocpi.Energy && !c.Price.Value.IsZero() {
					return true
				}
			}
		}
	}
	return false
}

// finalSessions are the completed sessions beside the CDR: one, or several where snapshots contradict each other. CDRs that share a
// session between them have none that measures what they measure.
func (t *trial) finalSessions() []*ocpi.Session {
	if t.session == nil || t.cdr.splits {
		return nil
	}
	if s := t.session.session; len(t.session.also) == 0 && s.Status == statusCompleted { // as nearly always
		t.final[0] = s
		return t.final[:]
	}
	var out []*ocpi.Session
	for _, s := range append([]*ocpi.Session{t.session.session}, t.session.also...) {
		if s.Status == statusCompleted {
			out = append(out, s)
		}
	}
	return out
}

// hear compares the CDR with itself and with a session, which may be nil, and widens the spread by what the price would be.
func (t *trial) hear(s *ocpi.Session, spread *ruling) {
	energy, length := t.energyWitnesses(s), t.timeWitnesses(s)
	kwh, seconds := energy.hear(), length.hear()
	if kwh == inAgreement && seconds == inAgreement {
		return
	}
	if kwh != inAgreement {
		t.contradicted |= QuantityKWh
	}
	if seconds != inAgreement {
		t.contradicted |= QuantityTime
	}
	if kwh > sessionDiffers || seconds > sessionDiffers {
		t.mention(codePeriodSum)
	}
	t.hearTotals(&energy, &length, kwh, seconds, spread)
	if s != nil {
		t.hearSession(s, &energy, &length, kwh, seconds, spread)
	}
}

// hearTotals is row 10: what the CDR's own totals make of its price. Where the session agrees with them they decide.
func (t *trial) hearTotals(energy, length *witnesses, kwh, seconds testimony, spread *ruling) {
	q := tariff.Quantities{Doc: tariff.DocCDR}
	decided := true
	if kwh == totalDecides || kwh == cdrDiffers {
		q.EnergyKWh, q.Pointers[0] = energy.total, "/total_energy"
		decided = kwh == totalDecides
	}
	if seconds == totalDecides || seconds == cdrDiffers {
		q.TimeSeconds = length.total
		decided = decided && seconds == totalDecides
	}
	value, moves := t.atQuantities(sheetTotals, q)
	if !moves {
		return
	}
	message := fmt.Sprintf("the periods of CDR %s do not add up to its totals, by which it is worth %s", t.cdr.cdr.ID, value.Plain())
	if decided {
		t.rule(ruling{row: 10, code: codePeriodSum, floor: value, ceiling: value, message: message + "; the session agrees with the totals"})
		return
	}
	spread.widen(value)
	spread.row, spread.code, spread.message = 10, codePeriodSum, message
}

// hearSession is row 9: the price at the lesser of CDR's and session's quantities, and at the greater.
func (t *trial) hearSession(s *ocpi.Session, energy, length *witnesses, kwh, seconds testimony, spread *ruling) {
	var low, high tariff.Quantities
	if kwh == sessionDiffers || kwh == cdrDiffers {
		side := &high
		if energy.session.Value.Less(energy.periods[0]) {
			side = &low
		}
		side.EnergyKWh = energy.session
	}
	code := codeDurationSession
	if moves := t.vary(low, high, s, spread); moves {
		code = codeEnergySession
	}
	if (seconds == sessionDiffers || seconds == cdrDiffers) && length.session.Present {
		side := &high
		if length.shorter() {
			side = &low
		}
		side.TimeSeconds, side.Length = length.session, true
		t.vary(low, high, s, spread)
	}
	if spread.code == "" {
		spread.code = code
	}
	if spread.message != "" {
		spread.message += "; "
	}
	spread.message += fmt.Sprintf("session %s and CDR %s differ: %s", s.ID, t.cdr.cdr.ID, describe(energy, length, kwh, seconds))
}

// shorter reports whether the session is shorter than the CDR.
func (w *witnesses) shorter() bool { return w.session.Value.Less(w.cdrLength()) }

// cdrLength is how long the session was by the CDR's own times, else by its total.
func (w *witnesses) cdrLength() exact.Decimal {
	if w.beside.Present {
		return w.beside.Value
	}
	return w.total.Value
}

// vary widens the spread by the prices at a session's lesser and greater quantities, and reports whether they move.
func (t *trial) vary(low, high tariff.Quantities, s *ocpi.Session, spread *ruling) bool {
	moved := false
	for _, side := range [...]struct {
		name string
		q    tariff.Quantities
	}{{sheetFloor, low}, {sheetCeiling, high}} {
		q := side.q
		q.Doc = tariff.DocSession
		if q.EnergyKWh.Present {
			q.Pointers[0] = "/kwh"
		}
		if q.TimeSeconds.Present {
			q.Pointers[1] = pointerIn(s, "/start_date_time", "/start_datetime")
			q.TimeUntil = pointerIn(s, "/end_date_time", "/end_datetime")
		}
		if value, moves := t.atQuantities(side.name, q); moves {
			spread.widen(value)
			moved = true
		}
	}
	return moved
}

// widen makes room for a price.
func (r *ruling) widen(value exact.Decimal) {
	r.floor, r.ceiling = exact.Min(r.floor, value), exact.Max(r.ceiling, value)
}

// atQuantities prices the CDR at other quantities and reports whether they move its price. Only a calculation that does is shown.
func (t *trial) atQuantities(name string, q tariff.Quantities) (value exact.Decimal, moves bool) {
	if !q.EnergyKWh.Present && !q.TimeSeconds.Present {
		return t.base, false
	}
	p := t.b.calculate(t.cdr, t.withQuantities(q))
	value, ok := t.b.settled(p, t.basis)
	if !ok || value.Equal(t.base) {
		return t.base, false
	}
	t.show(name, t.cdr, p)
	return value, true
}

func (t *trial) withQuantities(q tariff.Quantities) func(*tariff.Input) {
	return func(in *tariff.Input) {
		in.Supplied, in.Source, in.Quantities = t.governing.in.Supplied, t.governing.in.Source, &q
	}
}

// energyWitnesses are the kWh. Periods that state no energy at all contradict nobody: no price stands on them.
func (t *trial) energyWitnesses(s *ocpi.Session) witnesses {
	c := t.cdr.cdr
	sum := t.cdr.periodEnergy()
	w := witnesses{periods: [...]exact.Decimal{sum.Value, {}, {}}, count: 1, tolerance: t.b.terms.Tolerance.KWh, signed: t.signed.Present}
	if !sum.Present {
		return w
	}
	if w.total = c.TotalEnergy; s != nil {
		w.session = s.KWh
	}
	w.dropThousandfold()
	return w
}

// timeWitnesses are the seconds. The periods state charging and parking; what a period states no time for is not contradicted by a
// total that holds it, nor is a reservation.
func (t *trial) timeWitnesses(s *ocpi.Session) witnesses {
	c := t.cdr.cdr
	stated, silent := periodSeconds(c)
	w := witnesses{periods: [...]exact.Decimal{stated, {}, {}}, count: 1, tolerance: t.b.terms.Tolerance.Seconds}
	if !silent.IsZero() {
		w.addPeriods(stated.Add(silent))
	}
	if c.TotalTime.Present {
		w.total = Known(c.TotalTime.Value.Mul(secondsPerHour))
	}
	if length, ok := secondsBetween(c.StartDateTime, c.EndDateTime); ok {
		w.beside = Known(length)
	}
	if !w.total.Present && w.beside.Present && !w.fitsPeriods(w.beside.Value) {
		w.addPeriods(w.beside.Value) // without a total, the CDR's own length contradicts nothing
	}
	if s != nil {
		if length, ok := secondsBetween(s.StartDateTime, s.EndDateTime); ok {
			w.session = Known(length)
		}
	}
	return w
}

// periodSeconds are Σ TIME + PARKING_TIME of the periods, and the length of those that state neither.
func periodSeconds(c *ocpi.CDR) (stated, silent exact.Decimal) {
	for i := range c.ChargingPeriods {
		p := &c.ChargingPeriods[i]
		states := false
		for _, d := range p.Dimensions {
			if (d.Kind == ocpi.Time || d.Kind == ocpi.ParkingTime) && d.Volume.Present {
				stated = stated.Add(d.Volume.Value)
				states = true
			}
		}
		if !states {
			if length, ok := secondsBetween(p.StartDateTime, periodEnd(c, p)); ok {
				silent = silent.Add(length)
			}
		}
	}
	return stated.Mul(secondsPerHour), silent
}

// periodEnd is where the next period begins, or the session ends. Periods may come in any order.
func periodEnd(c *ocpi.CDR, p *ocpi.ChargingPeriod) time.Time {
	end := c.EndDateTime
	for i := range c.ChargingPeriods {
		if next := c.ChargingPeriods[i].StartDateTime; next.After(p.StartDateTime) && next.Before(end) {
			end = next
		}
	}
	return end
}

// unknownYear is the year of the time that stands for "unknown by agreement" (2.2.1 mod_cdrs).
const unknownYear = 1970

// secondsBetween is the time between two instants, false where one is not known or they are the wrong way round.
func secondsBetween(from, to time.Time) (exact.Decimal, bool) {
	if from.IsZero() || to.IsZero() || from.Year() == unknownYear || to.Before(from) {
		return exact.Decimal{}, false
	}
	return exact.New(to.Sub(from).Nanoseconds(), 9).Trim(), true
}

// pointerIn is the first of some pointers that leads to a value in a session's record: versions spell its times differently.
func pointerIn(s *ocpi.Session, pointers ...string) string {
	for _, p := range pointers {
		if _, _, ok := ocpi.Lookup(s.Record.Bytes, p); ok {
			return p
		}
	}
	return ""
}

// describe says how the witnesses differ.
func describe(energy, length *witnesses, kwh, seconds testimony) string {
	var text string
	if kwh == sessionDiffers || kwh == cdrDiffers {
		text = fmt.Sprintf("%s kWh in the session, %s in the periods", energy.session.Value, energy.periods[0].Plain())
	}
	if seconds == sessionDiffers || seconds == cdrDiffers {
		if text != "" {
			text += "; "
		}
		text += fmt.Sprintf("%s s in the session, %s s in the CDR", length.session.Value.Plain(), length.cdrLength().Plain())
	}
	return text
}
