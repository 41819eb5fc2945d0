package hypothesis_test

import (
	"math/big"
	"slices"
	"time"
)

// A second, obvious way of pricing a session, in fractions, with the mistakes that a partner may make.

// mistakes are the ways in which a calculation may be wrong; the zero value makes none.
type mistakes struct {
	shift                                  time.Duration // of the clock that restrictions look at
	wallClock, stepEach, stepAll, flatEach bool
	noMin, noMax                           bool
	ignore                                 func(*element)
	vatTwice, flipTaxes                    bool
	allBy                                  int // a tariff that prices all, −1 or 0 for none
	omit                                   string
}

// cost is an amount before and after taxes.
type cost struct{ net, gross *big.Rat }

func newCost() cost { return cost{new(big.Rat), new(big.Rat)} }

func (c cost) add(o cost) cost {
	return cost{new(big.Rat).Add(c.net, o.net), new(big.Rat).Add(c.gross, o.gross)}
}

// bill is what a session costs: the total and its breakdown.
type bill struct {
	total                        cost
	fixed, energy, time, parking cost
	taxed                        bool // the amount after taxes is known
}

type chunk struct {
	c      *component
	t      *priceList
	volume *big.Rat
}

func price(s *session, m mistakes) bill {
	var chunks []chunk
	unpriced := map[string]*big.Rat{"ENERGY": new(big.Rat), "TIME": new(big.Rat), "PARKING_TIME": new(big.Rat)}
	at, before, flats := s.start, int64(0), 0
	for i := range s.parts {
		p := &s.parts[i]
		t := &s.tariffs[p.tariff]
		if m.allBy > 0 {
			t = &s.tariffs[m.allBy]
		}
		for _, kind := range []string{"ENERGY", "TIME", "PARKING_TIME", "FLAT"} {
			volume, stated := volumeIn(p, kind, m)
			c := find(s, p, t, kind, at.Add(m.shift), at.Sub(s.start), before, m)
			switch {
			case kind == "FLAT" && c != nil && (flats == 0 || m.flatEach):
				flats++
				chunks = append(chunks, chunk{c: c, t: t, volume: big.NewRat(1, 1)})
			case kind == "FLAT" || !stated || kind == m.omit:
			case c != nil:
				chunks = append(chunks, chunk{c: c, t: t, volume: volume})
			default:
				unpriced[kind].Add(unpriced[kind], volume)
			}
		}
		before += p.wh
		at = at.Add(time.Duration(p.secs) * time.Second)
	}
	if m.omit == "FLAT" {
		chunks = slices.DeleteFunc(chunks, func(c chunk) bool { return c.c.kind == "FLAT" })
	}
	round(chunks, unpriced, m)
	return sum(s, chunks, m)
}

// volumeIn is in Wh or seconds.
func volumeIn(p *part, kind string, m mistakes) (*big.Rat, bool) {
	stated := slices.Contains(p.states, kind)
	switch kind {
	case "ENERGY":
		return big.NewRat(p.wh, 1), stated
	case "TIME":
		if m.wallClock {
			return big.NewRat(p.secs, 1), true
		}
		return big.NewRat(p.charging, 1), stated
	case "PARKING_TIME":
		return big.NewRat(p.parking, 1), stated
	}
	return nil, true
}

func find(s *session, p *part, t *priceList, kind string, clock time.Time, elapsed time.Duration, before int64, m mistakes) *component {
	local := clock.In(s.location)
	minute := local.Hour()*60 + local.Minute()
	for i := range t.elements {
		el := t.elements[i]
		if m.ignore != nil {
			m.ignore(&el)
		}
		switch {
		case el.from >= 0 && el.from < el.to && (minute < el.from || minute >= el.to):
			continue
		case el.from >= 0 && el.from > el.to && minute < el.from && (minute >= el.to && el.to != 0 || el.to == 0):
			continue
		case len(el.days) > 0 && !slices.Contains(el.days, local.Weekday()):
			continue
		case el.maxWh > 0 && before >= el.maxWh, el.maxSecs > 0 && int64(elapsed/time.Second) >= el.maxSecs:
			continue
		case !el.until.IsZero() && local.Format(time.DateOnly) >= el.until.Format(time.DateOnly), el.maxKW > 0 && p.kw >= el.maxKW:
			continue
		}
		for j := range t.elements[i].components {
			if c := &t.elements[i].components[j]; c.kind == kind {
				return c
			}
		}
	}
	return nil
}

// round brings volumes to whole steps.
func round(chunks []chunk, unpriced map[string]*big.Rat, m mistakes) {
	groups := [][]string{{"ENERGY"}, {"PARKING_TIME"}}
	if !slices.ContainsFunc(chunks, func(c chunk) bool { return c.c.kind == "PARKING_TIME" && c.volume.Sign() > 0 }) || m.stepEach {
		groups = append(groups, []string{"TIME"})
	}
	for _, kinds := range groups {
		last, total := -1, new(big.Rat)
		for i, c := range chunks {
			if !slices.Contains(kinds, c.c.kind) || c.volume.Sign() == 0 {
				continue
			}
			if m.stepEach {
				c.volume.Add(c.volume, surplus(c.volume, c.c.step))
				continue
			}
			last = i
			total.Add(total, c.volume)
		}
		if last < 0 {
			continue
		}
		if m.stepAll {
			total.Add(total, unpriced[kinds[0]])
		}
		chunks[last].volume = new(big.Rat).Add(chunks[last].volume, surplus(total, chunks[last].c.step))
	}
}

func surplus(total *big.Rat, step int64) *big.Rat {
	if step == 0 {
		return new(big.Rat)
	}
	n := new(big.Rat).Quo(total, big.NewRat(step, 1))
	whole := new(big.Int).Quo(n.Num(), n.Denom())
	if !n.IsInt() {
		whole.Add(whole, big.NewInt(1))
	}
	billed := new(big.Rat).Mul(new(big.Rat).SetInt(whole), big.NewRat(step, 1))
	return billed.Sub(billed, total)
}

func sum(s *session, chunks []chunk, m mistakes) bill {
	b := bill{total: newCost(), fixed: newCost(), energy: newCost(), time: newCost(), parking: newCost(), taxed: s.version != "2.1.1"}
	for _, c := range chunks {
		amount := new(big.Rat).Mul(c.volume, big.NewRat(c.c.price, 10000))
		switch c.c.kind {
		case "ENERGY":
			amount.Quo(amount, big.NewRat(1000, 1))
			b.energy = b.energy.add(taxed(c, amount, m))
		case "TIME":
			amount.Quo(amount, big.NewRat(3600, 1))
			b.time = b.time.add(taxed(c, amount, m))
		case "PARKING_TIME":
			amount.Quo(amount, big.NewRat(3600, 1))
			b.parking = b.parking.add(taxed(c, amount, m))
		default:
			b.fixed = b.fixed.add(taxed(c, amount, m))
		}
	}
	b.total = b.fixed.add(b.energy).add(b.time).add(b.parking)
	t := &s.tariffs[s.parts[0].tariff]
	if m.allBy > 0 {
		t = &s.tariffs[m.allBy]
	}
	if t.max > 0 {
		b.total = clamp(b.total, t, m)
	}
	if s.credit {
		b.total = cost{new(big.Rat).Neg(b.total.net), new(big.Rat).Neg(b.total.gross)}
	}
	return b
}

func taxed(c chunk, amount *big.Rat, m mistakes) cost {
	rate := new(big.Rat).Add(big.NewRat(1, 1), big.NewRat(max(c.c.vat, 0), 1000))
	if c.t.taxesInside != m.flipTaxes {
		return cost{new(big.Rat).Quo(amount, rate), amount}
	}
	if m.vatTwice {
		rate = new(big.Rat).Mul(rate, rate)
	}
	return cost{amount, new(big.Rat).Mul(amount, rate)}
}

func clamp(c cost, t *priceList, m mistakes) cost {
	for i, v := range []*big.Rat{c.net, c.gross} {
		least, most := big.NewRat(t.min*int64(5+i), 500), big.NewRat(t.max*int64(5+i), 500)
		if !m.noMin && v.Cmp(least) < 0 {
			v = least
		}
		if !m.noMax && v.Cmp(most) > 0 {
			v = most
		}
		if i == 0 {
			c.net = v
		} else {
			c.gross = v
		}
	}
	return c
}
