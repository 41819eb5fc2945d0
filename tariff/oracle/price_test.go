package oracle_test

import (
	"math/big"
	"slices"
)

// money is an amount before and after taxes, nil where that is not known.
type money struct{ net, gross *big.Rat }

// outcome is what a session should have cost.
type outcome struct {
	cost, fixed, energy, time, parking, reservation money
	kWh, hours, parkingHours, chargingHours         *big.Rat
}

// piece is a stretch of a span in which no component changes: as declared, the whole span.
type piece struct {
	moment
	share *big.Rat // of the span's volumes
}

// line is one amount of the bill.
type line struct {
	*active
	kind   string // ENERGY, TIME, PARKING_TIME, RESERVATION_TIME or FLAT
	part   string // the member of the CDR that holds its cost
	volume *big.Rat
	tariff *tariff
}

// declared are the pieces of the session as its periods were declared: what holds at the start of a period holds for all of it.
func (s *session) declared() []piece {
	var out []piece
	for _, p := range s.spans {
		out = append(out, piece{p.begin(), rat(1)})
	}
	return out
}

// price prices a session from its pieces.
func (s *session) price(pieces []piece) outcome {
	lines := s.bill(pieces)
	steps(lines)
	o := s.totals()
	parts := map[string]*money{"fixed": &o.fixed, "energy": &o.energy, "time": &o.time, "parking": &o.parking, "reservation": &o.reservation}
	for _, m := range parts {
		*m = s.nothing()
	}
	o.cost = s.nothing()
	for _, l := range lines {
		m := s.amount(l)
		parts[l.part].add(m)
		o.cost.add(m)
	}
	if first := s.firstTariff(); first != nil {
		untaxed := !slices.ContainsFunc(lines, s.taxed)
		o.cost.limit(first.MinPrice, 1, untaxed)
		o.cost.limit(first.MaxPrice, -1, untaxed)
	}
	if s.Credit { // mod_cdrs, Credit CDRs: the total is negative, all else is as it was
		o.cost = o.cost.negative()
	}
	if s.negated { // but where all that was sent is negative
		for _, m := range parts {
			*m = m.negative()
		}
		o.kWh, o.parkingHours = negative(o.kWh), negative(o.parkingHours)
	}
	return o
}

// bill lists what each piece costs. A flat fee is charged once for the session and once for its reservation, when it first applies.
func (s *session) bill(pieces []piece) []line {
	var lines []line
	var flat, reservedFlat bool
	for _, p := range pieces {
		if p.span.tariff == nil {
			continue
		}
		if p.span.has("RESERVATION_TIME") {
			lines = append(lines, p.flat(p.reservation("FLAT"), &reservedFlat)...)
			lines = append(lines, p.line(p.reservation("TIME"), "RESERVATION_TIME")...)
		}
		if p.span.charging() {
			lines = append(lines, p.flat(p.find("FLAT", ""), &flat)...)
			for _, kind := range []string{"ENERGY", "TIME", "PARKING_TIME"} {
				lines = append(lines, p.line(p.find(kind, ""), kind)...)
			}
		}
	}
	return lines
}

// reservation finds the component for reserved time. One that expired is priced by RESERVATION_EXPIRES where that has TIME, else by
// RESERVATION; of flat fees the first of either kind counts. One that was used is never priced by RESERVATION_EXPIRES (mod_tariffs,
// ReservationRestrictionType).
func (p piece) reservation(kind string) *active {
	held := p.find(kind, "RESERVATION")
	if !p.span.state.expired {
		return held
	}
	expired := p.find(kind, "RESERVATION_EXPIRES")
	if expired == nil || (kind == "FLAT" && held != nil && held.index < expired.index) {
		return held
	}
	return expired
}

func (p piece) line(c *active, kind string) []line {
	if c == nil || !p.span.has(kind) {
		return nil
	}
	part := map[string]string{"ENERGY": "energy", "TIME": "time", "PARKING_TIME": "parking", "RESERVATION_TIME": "reservation"}[kind]
	return []line{{c, kind, part, new(big.Rat).Mul(p.span.volume(kind), p.share), p.span.tariff}}
}

func (p piece) flat(c *active, charged *bool) []line {
	if c == nil || *charged {
		return nil
	}
	*charged = true
	return []line{{c, "FLAT", c.flatPart(), rat(1), p.span.tariff}}
}

// flatPart is the member that holds a flat fee: that of reservations or of parking where its element prices nothing else.
func (c *active) flatPart() string {
	if c.element.Restrictions != nil && c.element.Restrictions.Reservation != "" {
		return "reservation"
	}
	parking := false
	for _, other := range c.element.PriceComponents {
		parking = parking || other.Type == "PARKING_TIME"
		if other.Type != "PARKING_TIME" && other.Type != "FLAT" {
			return "fixed"
		}
	}
	if parking {
		return "parking"
	}
	return "fixed"
}

// steps brings totals to whole steps (mod_cdrs, step_size): energy once, time and parking once together, where parking, if any was
// billed, is what is rounded; and reserved time by itself. Where the tariff changes nothing is rounded, so that what the last tariff
// priced is what is left to round.
func steps(lines []line) {
	roundUp(underLastTariff(lines, "ENERGY"), "ENERGY")
	times := underLastTariff(lines, "TIME", "PARKING_TIME")
	if lastBilled(times, "PARKING_TIME") != nil {
		roundUp(times, "PARKING_TIME")
	} else {
		roundUp(times, "TIME")
	}
	roundUp(underLastTariff(lines, "RESERVATION_TIME"), "RESERVATION_TIME")
}

// underLastTariff are the last lines that bill a volume of any of the kinds, as far back as the tariff is the same.
func underLastTariff(lines []line, kinds ...string) []*line {
	var out []*line
	for i := range lines {
		l := &lines[i]
		if !slices.Contains(kinds, l.kind) || l.volume.Sign() == 0 {
			continue
		}
		if len(out) > 0 && out[len(out)-1].tariff != l.tariff {
			out = nil
		}
		out = append(out, l)
	}
	return out
}

// lastBilled is the last line of a kind.
func lastBilled(lines []*line, kind string) *line {
	var last *line
	for _, l := range lines {
		if l.kind == kind {
			last = l
		}
	}
	return last
}

// roundUp raises the total of a kind to a whole number of steps of its last line, which bears the surplus. A step is so many Wh or
// seconds, 0 is none. A total that was fed back is not rounded.
func roundUp(lines []*line, kind string) {
	last, total := lastBilled(lines, kind), new(big.Rat)
	for _, l := range lines {
		if l.kind == kind {
			total.Add(total, l.volume)
		}
	}
	if last == nil || !last.StepSize.given() || last.StepSize.Sign() <= 0 || total.Sign() <= 0 {
		return
	}
	step := new(big.Rat).Set(last.StepSize.Rat)
	if kind == "ENERGY" {
		step.Quo(step, rat(1000))
	}
	count := new(big.Rat).Quo(total, step)
	whole := new(big.Int).Div(count.Num(), count.Denom())
	if !count.IsInt() {
		whole.Add(whole, big.NewInt(1))
	}
	surplus := new(big.Rat).SetInt(whole)
	surplus.Mul(surplus, step).Sub(surplus, total)
	last.volume = new(big.Rat).Add(last.volume, surplus)
}

// totals are the quantities of the session.
func (s *session) totals() outcome {
	o := outcome{kWh: new(big.Rat), parkingHours: new(big.Rat)}
	for _, p := range s.spans {
		o.kWh.Add(o.kWh, p.stated("ENERGY"))
		o.parkingHours.Add(o.parkingHours, p.volume("PARKING_TIME"))
	}
	o.parkingHours.Quo(o.parkingHours, rat(3600))
	o.hours = seconds(s.StartDateTime.Time, s.end)
	o.hours.Quo(o.hours, rat(3600))
	o.chargingHours = seconds(s.chargingStart(), s.end)
	o.chargingHours.Quo(o.chargingHours, rat(3600))
	return o
}

func (s *session) firstTariff() *tariff {
	for _, p := range s.spans {
		if p.tariff != nil {
			return p.tariff
		}
	}
	return nil
}
