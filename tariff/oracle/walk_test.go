package oracle_test

import (
	"math/big"
	"slices"
	"time"
)

// walked are the pieces of the session if its periods were split wherever a component changes: each span is walked second by second,
// its energy taken as even, and is cut where what is active is not what was active a second before. A threshold of energy or of
// duration that falls inside a second is looked at too.
func (s *session) walked() []piece {
	var out []piece
	var f fees
	for _, l := range s.bill(s.declared()) {
		if l.kind == "FLAT" && l.part == "reservation" {
			f.reservation.declared = l.component
		} else if l.kind == "FLAT" {
			f.session.declared = l.component
		}
	}
	for _, p := range s.spans {
		out = append(out, p.walk(&f)...)
	}
	return out
}

// feedsBack reports a session with a period of negative energy.
func (s *session) feedsBack() bool {
	return slices.ContainsFunc(s.spans, func(p *span) bool { return p.energy.Sign() < 0 })
}

// fee is a flat fee: what is charged as the periods were declared, and what a walk came by first. Once it is charged it is of no
// matter when it ends, nor that it began earlier than was declared.
type fee struct{ declared, walked *component }

// fees are those of a session and of its reservation.
type fees struct{ session, reservation fee }

// come notes the fee of a moment and returns the one that the walk charges, nil where that is the one declared.
func (f *fee) come(a *active) *active {
	if f.walked == nil && a != nil {
		f.walked = a.component
	}
	if f.walked == nil || alike(f.walked, f.declared) {
		return nil
	}
	return &active{component: f.walked}
}

func (p *span) walk(f *fees) []piece {
	length := p.end.Sub(p.StartDateTime.Time)
	if p.tariff != nil {
		p.begin().all(f)
	}
	if p.tariff == nil || length <= 0 || !p.tariff.timeMatters() {
		return []piece{{p.begin(), rat(1)}}
	}
	var out []piece
	var before []*component
	for _, offset := range p.looks(length) {
		m := p.after(offset)
		if now := m.all(f); out == nil || !slices.EqualFunc(now, before, alike) {
			out, before = append(out, piece{moment: m}), now
		}
	}
	for i := range out {
		until := length
		if i+1 < len(out) {
			until = out[i+1].offset
		}
		out[i].share = big.NewRat(int64(until-out[i].offset), int64(length))
	}
	return out
}

// drift is how far a split price may lie from the exact one: a boundary is an instant, held to the nanosecond, and what is delivered
// in two of them may be priced by either side at the dearest price, with taxes again as much.
func (s *session) drift(pieces []piece) *big.Rat {
	dearest, total := new(big.Rat), new(big.Rat)
	for _, t := range s.Tariffs {
		for _, e := range t.Elements {
			for _, c := range e.PriceComponents {
				if c.Price.Cmp(dearest) > 0 {
					dearest = c.Price.Rat
				}
			}
		}
	}
	for _, p := range pieces {
		if p.offset == 0 {
			continue
		}
		volume := rat(3) // hours in an hour, of each kind of time
		volume.Add(volume, new(big.Rat).Abs(p.span.energy))
		volume.Mul(volume, big.NewRat(4, int64(p.span.end.Sub(p.span.StartDateTime.Time))))
		total.Add(total, volume)
	}
	return total.Mul(total, dearest)
}

// timeMatters reports whether any restriction of a tariff may change while a period lasts.
func (t *tariff) timeMatters() bool {
	return slices.ContainsFunc(t.Elements, func(e element) bool {
		r := e.Restrictions
		return r != nil && (r.StartTime+r.EndTime+r.StartDate+r.EndDate != "" || len(r.DayOfWeek) > 0 ||
			r.MinKWh.given() || r.MaxKWh.given() || r.MinDuration.given() || r.MaxDuration.given())
	})
}

// looks are the offsets at which a walk looks around: each whole second of the clock, and each threshold, at the nanosecond by which
// it is reached.
func (p *span) looks(length time.Duration) []time.Duration {
	var out []time.Duration
	begin := p.StartDateTime.Time
	for at := begin; at.Before(p.end); at = at.Truncate(time.Second).Add(time.Second) {
		out = append(out, at.Sub(begin))
	}
	for _, e := range p.tariff.Elements {
		if e.Restrictions == nil {
			continue
		}
		for _, d := range []number{e.Restrictions.MinDuration, e.Restrictions.MaxDuration} {
			if d.given() {
				out = append(out, nanos(new(big.Rat).Sub(d.Rat, seconds(p.origin, begin))))
			}
		}
		for _, kwh := range []number{e.Restrictions.MinKWh, e.Restrictions.MaxKWh} {
			if kwh.given() && p.energy.Sign() != 0 {
				part := new(big.Rat).Sub(kwh.Rat, p.kwh)
				out = append(out, nanos(part.Quo(part, p.energy).Mul(part, seconds(begin, p.end))))
			}
		}
	}
	out = slices.DeleteFunc(out, func(o time.Duration) bool { return o < 0 || o >= length })
	slices.Sort(out)
	return slices.Compact(out)
}

// nanos are seconds as a duration, brought up to a whole nanosecond.
func nanos(seconds *big.Rat) time.Duration {
	n := new(big.Rat).Mul(seconds, rat(int64(time.Second)))
	whole, rest := new(big.Int).DivMod(n.Num(), n.Denom(), new(big.Int))
	if rest.Sign() != 0 {
		whole.Add(whole, big.NewInt(1))
	}
	if !whole.IsInt64() {
		return -1
	}
	return time.Duration(whole.Int64())
}

// all are the components that price anything at a moment, nil where none does.
func (m moment) all(f *fees) []*component {
	var out []*component
	note := func(a *active) {
		if a == nil {
			out = append(out, nil)
		} else {
			out = append(out, a.component)
		}
	}
	p := piece{moment: m}
	if m.span.has("RESERVATION_TIME") {
		if m.span.holds("RESERVATION_TIME") {
			note(p.reservation("TIME"))
		}
		note(f.reservation.come(p.reservation("FLAT")))
	}
	if m.span.charging() {
		for _, kind := range []string{"ENERGY", "TIME", "PARKING_TIME"} {
			if m.span.holds(kind) {
				note(m.find(kind, ""))
			}
		}
		note(f.session.come(m.find("FLAT", "")))
	}
	return out
}

// alike reports that two components price the same.
func alike(a, b *component) bool {
	if a == nil || b == nil || a == b {
		return a == b
	}
	same := func(x, y number) bool {
		return x.given() == y.given() && (!x.given() || x.Cmp(y.Rat) == 0)
	}
	return same(a.Price, b.Price) && same(a.VAT, b.VAT) && same(a.StepSize, b.StepSize)
}
