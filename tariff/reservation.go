package tariff

import (
	"fmt"

	"github.com/nexacollect/reconcile/ocpi"
)

// Reservations: mod_tariffs, ReservationRestrictionType. Elements for reservations hold FLAT and TIME, where TIME is the reserved
// time. Those for expiry count only where the reservation led to no session, and price TIME before the others.

// unavailable stands for an id that the sender does not have (types, CiString).
const unavailable = "#NA"

// reservationOutcome decides whether the reservation expired. The CDR does not say: it did where no period shows charging.
func (e *engine) reservationOutcome(used bool) {
	e.expired = !used
	asks := false
	for i := range e.tariffs {
		asks = asks || e.tariffs[i].hasReservation(ocpi.ReservationExpires)
	}
	if asks {
		switch e.ask(questionReservationExpired) {
		case expiredYes:
			e.expired = true
		case expiredNo:
			e.expired = false
		}
	}
	if !e.expired {
		e.s.note(RuleReservation, leaf{doc: DocCDR}, mark{kind: noteReserved}, 0, 0)
		return
	}
	na := int32(0)
	if e.cdr.Location.EVSEUID == unavailable || e.cdr.Location.ConnectorID == unavailable {
		na = 1
	}
	e.s.note(RuleReservation, leaf{doc: DocCDR, at: mark{kind: atLocation}}, mark{kind: noteExpired, a: na}, 0, 0)
	if asks && !used {
		e.finding(CodeReservationExpired, ocpi.SeverityInfo, "/charging_periods",
			fmt.Sprintf("no period shows charging%s: the reservation is taken to have expired", [...]string{"", " and the connector is #NA"}[na]))
	}
}

// chooseReserved finds the components that price a reserved period.
func (e *engine) chooseReserved(c *compiled, p *period) {
	if !e.expired {
		p.pick[slotReserved] = e.find(c, p, slotReserved, ocpi.Reservation)
		p.pick[slotReservedFlat] = e.find(c, p, slotReservedFlat, ocpi.Reservation)
		return
	}
	p.pick[slotReserved] = e.find(c, p, slotReserved, ocpi.ReservationExpires)
	if !p.pick[slotReserved].ok {
		p.pick[slotReserved] = e.find(c, p, slotReserved, ocpi.Reservation)
	}
	own := e.find(c, p, slotReservedFlat, ocpi.Reservation)
	expiry := e.find(c, p, slotReservedFlat, ocpi.ReservationExpires)
	switch {
	case !own.ok:
		p.pick[slotReservedFlat] = expiry
	case !expiry.ok:
		p.pick[slotReservedFlat] = own
	case e.ask(questionReservationFlat) == expiredFlatBoth:
		p.pick[slotReservedFlat], p.pick[slotExpiredFlat] = own, expiry
	case own.element < expiry.element:
		p.pick[slotReservedFlat] = own
	default:
		p.pick[slotReservedFlat] = expiry
	}
}
