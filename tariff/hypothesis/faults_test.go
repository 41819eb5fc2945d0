package hypothesis_test

import (
	"math/big"
	"math/rand/v2"
	"time"

	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff/hypothesis"
)

// fault puts one defect into a session's claim, or into its records. Each field but the first two is optional.
type fault struct {
	name      string
	direction hypothesis.Direction
	prepare   func(*rand.Rand, *session)                // makes sessions that the defect can be in
	session   func(*session)                            // what the calculation took the session for
	mistakes  func(*session) mistakes                   // how it went wrong
	bill      func(*rand.Rand, bill) bill               // what it made of the result
	stated    func(r *rand.Rand, b bill, c claim) claim // what it made of the rounded claim
	data      func(*rand.Rand, *document)               // what is wrong with the records
}

const calculation, data, either = hypothesis.Calculation, hypothesis.Data, hypothesis.Either

func scale(kinds string, num, den int64) func(*session) {
	return func(s *session) {
		for i := range s.parts {
			p := &s.parts[i]
			if kinds == "ENERGY" {
				p.wh = p.wh * num / den
			} else {
				p.charging, p.parking = p.charging*num/den, p.parking*num/den
			}
		}
	}
}

func scaleData(num int64, kinds ...string) func(*rand.Rand, *document) {
	return func(_ *rand.Rand, d *document) {
		for _, kind := range kinds {
			d.each(kind, func(v *big.Rat) { v.Mul(v, big.NewRat(num, 1)) })
		}
	}
}

// shifted is the clock of restrictions moved by the zone's offset, n times.
func shifted(n int) func(*session) mistakes {
	return func(s *session) mistakes {
		_, offset := s.start.In(s.location).Zone()
		return mistakes{shift: time.Duration(n*offset) * time.Second}
	}
}

func makes(m mistakes) func(*session) mistakes { return func(*session) mistakes { return m } }

func ignores(f func(*element)) func(*session) mistakes { return makes(mistakes{ignore: f}) }

func everyComponent(change func(*component)) func(*session) {
	return func(s *session) {
		for i := range s.tariffs {
			s.tariffs[i].each(change)
		}
	}
}

func onlyEnergy(kept func(n int) int) func(*session) {
	return func(s *session) {
		var with []int
		for i, p := range s.parts {
			if len(p.states) == 2 {
				with = append(with, i)
			}
		}
		for _, i := range with {
			if i != with[kept(len(with))] {
				s.parts[i].wh = 0
			}
		}
	}
}

func totalOnly(change func(bill) cost) func(*rand.Rand, bill) bill {
	return func(_ *rand.Rand, b bill) bill { b.total = change(b); return b }
}

// allCosts changes the total and its breakdown.
func allCosts(change func(cost) cost) func(*rand.Rand, bill) bill {
	return func(_ *rand.Rand, b bill) bill {
		b.total, b.fixed, b.energy, b.time, b.parking = change(b.total), change(b.fixed), change(b.energy), change(b.time), change(b.parking)
		return b
	}
}

func coarse(mode exact.Mode) func(*rand.Rand, bill, claim) claim {
	return func(r *rand.Rand, b bill, c claim) claim {
		places := int32(r.IntN(2))
		return claim{rounded(b.total.net, places, mode), rounded(b.total.gross, places, mode)}
	}
}

func steps(s *session, size int64, kinds ...string) {
	for i := range s.tariffs {
		s.tariffs[i].each(func(c *component) {
			for _, kind := range kinds {
				if c.kind == kind {
					c.step = size
				}
			}
		})
	}
}

func drawn(of ...int64) func(*rand.Rand) int64 {
	return func(r *rand.Rand) int64 { return pick(r, of...) }
}

// coarseSteps gives a session steps that matter.
func coarseSteps(r *rand.Rand, s *session) {
	steps(s, drawn(300, 500, 900)(r), "ENERGY")
	steps(s, drawn(300, 600, 900)(r), "TIME", "PARKING_TIME")
}

func cheap(r *rand.Rand, s *session) {
	s.tariffs[0].min, s.tariffs[0].max = 3000+r.Int64N(500), 9000
}

func dear(r *rand.Rand, s *session) {
	s.tariffs[0].min, s.tariffs[0].max = 1, 30+r.Int64N(300)
}

func modern(_ *rand.Rand, s *session) {
	if s.version == "2.1.1" {
		s.version = "2.2.1"
		for i := range s.tariffs {
			s.tariffs[i].each(func(c *component) { c.vat = 190 })
		}
	}
}

func pricesBefore(r *rand.Rand, s *session) {
	modern(r, s)
	for i := range s.tariffs {
		s.tariffs[i].taxesInside = false
	}
}

func longer(r *rand.Rand, s *session) {
	for len(s.parts) < 4 {
		s.parts = append(s.parts[:len(s.parts):len(s.parts)], s.parts[len(s.parts)-1])
	}
}

func twoTariffs(r *rand.Rand, s *session) {
	modern(r, s)
	for len(s.tariffs) < 2 {
		t := randomTariff(r, s, "T2")
		t.taxesInside = s.tariffs[0].taxesInside
		s.tariffs = append(s.tariffs, t)
	}
}

func meter(atEnd bool) func(*rand.Rand, *document) {
	return func(r *rand.Rand, d *document) {
		register := big.NewRat(5_000_000+r.Int64N(900_000_000), 1000)
		sum := new(big.Rat)
		d.each("ENERGY", func(v *big.Rat) {
			sum.Add(sum, v)
			before := new(big.Rat).Set(register)
			register.Add(register, v)
			if atEnd {
				v.Set(register)
			} else {
				v.Set(before)
			}
		})
		d.total = sum
	}
}

var faults = []fault{
	{name: "wh-as-kwh", direction: calculation, session: scale("ENERGY", 1000, 1)},
	{name: "wh-as-kwh", direction: data, data: scaleData(1000, "ENERGY")},
	{name: "kwh-as-wh", direction: calculation, session: scale("ENERGY", 1, 1000), prepare: func(_ *rand.Rand, s *session) {
		for i := range s.parts { // whole thousands of Wh, of which no fraction is lost
			s.parts[i].wh = s.parts[i].wh / 1000 * 1000
		}
	}},
	{name: "minutes-as-hours", direction: calculation, session: scale("TIME", 60, 1)},
	{name: "minutes-as-hours", direction: data, data: scaleData(60, "TIME", "PARKING_TIME")},
	{name: "seconds-as-hours", direction: calculation, session: scale("TIME", 3600, 1)},
	{name: "seconds-as-hours", direction: data, data: scaleData(3600, "TIME", "PARKING_TIME")},
	{name: "hours-as-minutes", direction: calculation, session: scale("TIME", 1, 60), prepare: wholeHours},
	{name: "hours-as-seconds", direction: calculation, session: scale("TIME", 1, 3600), prepare: wholeHours},
	{name: "cumulative-volumes", direction: calculation, session: func(s *session) {
		for i := 1; i < len(s.parts); i++ {
			p, q := &s.parts[i], &s.parts[i-1]
			if len(p.states) == 2 {
				p.wh, p.charging = p.wh+q.wh, p.charging+q.charging
			} else {
				p.parking += q.parking
			}
		}
	}, prepare: longer},
	{name: "cumulative-volumes", direction: data, prepare: longer, data: func(_ *rand.Rand, d *document) {
		for _, kind := range []string{"ENERGY", "TIME", "PARKING_TIME"} {
			sum := new(big.Rat)
			d.each(kind, func(v *big.Rat) { sum.Add(sum, v); v.Set(sum) })
		}
	}},
	{name: "meter-readings", direction: data, data: meter(true)},
	{name: "meter-readings", direction: data, data: meter(false)},
	{name: "first-period-energy", direction: calculation, session: onlyEnergy(func(int) int { return 0 })},
	{name: "last-period-energy", direction: calculation, session: onlyEnergy(func(n int) int { return n - 1 })},
	{name: "total-energy-billed", direction: calculation, prepare: func(r *rand.Rand, s *session) {
		s.tariffs[0].elements = s.tariffs[0].elements[len(s.tariffs[0].elements)-1:]
		s.total = 0
		for _, p := range s.parts {
			s.total += p.wh
		}
		s.total += 100 + s.total*r.Int64N(70)/100
	}, session: func(s *session) {
		more := s.total
		for _, p := range s.parts {
			more -= p.wh
		}
		for i := len(s.parts) - 1; i >= 0; i-- {
			if len(s.parts[i].states) == 2 {
				s.parts[i].wh += more
				return
			}
		}
	}},
	{name: "wall-clock-time", direction: calculation, mistakes: makes(mistakes{wallClock: true})},
	{name: "wall-clock-time", direction: data, data: func(_ *rand.Rand, d *document) {
		for i := range d.periods {
			if p := &d.periods[i]; len(p.dims) == 1 {
				p.dims = append(p.dims, volume{"TIME", new(big.Rat).Set(p.dims[0].value)})
			}
		}
	}},
	{name: "parking-as-time", direction: calculation, session: func(s *session) {
		for i := range s.parts {
			if p := &s.parts[i]; len(p.states) == 1 {
				p.charging, p.parking, p.states = p.parking, 0, []string{"TIME"}
			}
		}
	}},
	{name: "idle-time-as-time", direction: data, data: func(_ *rand.Rand, d *document) {
		for i := range d.periods {
			if p := &d.periods[i]; len(p.dims) == 1 {
				p.dims[0] = volume{"TIME", big.NewRat(d.s.parts[i].secs, 3600)}
			}
		}
	}, prepare: func(_ *rand.Rand, s *session) { // idle time that nothing prices
		for i := range s.parts {
			s.parts[i].parking = 0
		}
	}},
	{name: "old-tariff-version", direction: calculation, session: func(s *session) { s.tariffs[0] = s.older }},
	{name: "new-tariff-version", direction: calculation, session: func(s *session) { s.tariffs[0] = s.newer }},
	{name: "other-tariff", direction: calculation, mistakes: makes(mistakes{allBy: 1}), prepare: twoTariffs},
	{name: "first-element-always", direction: calculation, mistakes: ignores(func(el *element) { *el = element{from: -1} })},
	{name: "other-element", direction: calculation, session: func(s *session) {
		t := &s.tariffs[0]
		n := len(t.elements)
		t.elements = append([]element{t.elements[n-1]}, t.elements[:n-1]...)
		for i := range t.elements {
			t.elements[i] = element{from: -1, components: t.elements[i].components}
		}
	}},
	{name: "time-window-ignored", direction: calculation, mistakes: ignores(func(el *element) { el.from = -1 }), prepare: func(r *rand.Rand, s *session) {
		s.tariffs[0].elements[0].days = []time.Weekday{time.Monday, time.Tuesday, time.Friday, time.Saturday}
	}},
	{name: "weekday-ignored", direction: calculation, mistakes: ignores(func(el *element) { el.days = nil })},
	{name: "kwh-limit-ignored", direction: calculation, mistakes: ignores(func(el *element) { el.maxWh = 0 })},
	{name: "duration-limit-ignored", direction: calculation, mistakes: ignores(func(el *element) { el.maxSecs = 0 })},
	{name: "date-ignored", direction: calculation, mistakes: ignores(func(el *element) { el.until = time.Time{} }), prepare: func(r *rand.Rand, s *session) {
		tiered(r, s, func(el *element) { el.until = s.start.AddDate(0, 0, r.IntN(3)) })
	}},
	{name: "power-limit-ignored", direction: calculation, mistakes: ignores(func(el *element) { el.maxKW = 0 }), prepare: func(r *rand.Rand, s *session) {
		modern(r, s)
		tiered(r, s, func(el *element) { el.maxKW = 20 })
		for i := range s.parts {
			s.parts[i].kw = 5 + r.Int64N(40)
		}
	}},
	{name: "min-price-ignored", direction: calculation, mistakes: makes(mistakes{noMin: true}), prepare: func(r *rand.Rand, s *session) { modern(r, s); cheap(r, s) }},
	{name: "max-price-ignored", direction: calculation, mistakes: makes(mistakes{noMax: true}), prepare: func(r *rand.Rand, s *session) { modern(r, s); dear(r, s) }},
	{name: "flat-per-period", direction: calculation, mistakes: makes(mistakes{flatEach: true})},
	{name: "step-ignored", direction: calculation, session: everyComponent(func(c *component) { c.step = 0 }), prepare: coarseSteps},
	{name: "step-scope-period", direction: calculation, mistakes: makes(mistakes{stepEach: true}), prepare: coarseSteps},
	{name: "step-volume-all", direction: calculation, mistakes: makes(mistakes{stepAll: true}), prepare: func(r *rand.Rand, s *session) {
		for len(s.tariffs[0].elements) < 3 || s.tariffs[0].elements[0].maxWh == 0 {
			s.tariffs[0] = randomTariff(r, s, "T1")
		}
		s.tariffs[0].elements = s.tariffs[0].elements[:1] // free above its limit
		coarseSteps(r, s)
		longer(r, s)
	}},
	{name: "step-in-minutes", direction: data, prepare: func(r *rand.Rand, s *session) { steps(s, 1+r.Int64N(15), "TIME", "PARKING_TIME") }, session: everyComponent(func(c *component) {
		if c.kind == "TIME" || c.kind == "PARKING_TIME" {
			c.step *= 60
		}
	})},
	{name: "step-in-kwh", direction: data, prepare: func(r *rand.Rand, s *session) { steps(s, 1+r.Int64N(3), "ENERGY") }, session: everyComponent(func(c *component) {
		if c.kind == "ENERGY" {
			c.step *= 1000
		}
	})},
	{name: "vat-twice", direction: calculation, prepare: pricesBefore, mistakes: makes(mistakes{vatTwice: true})},
	{name: "vat-left-out", direction: calculation, prepare: modern, bill: allCosts(func(c cost) cost { return cost{c.net, c.net} })},
	{name: "gross-as-net", direction: calculation, prepare: modern, bill: allCosts(func(c cost) cost { return cost{c.gross, c.gross} })},
	{name: "net-gross-swapped", direction: calculation, prepare: modern, bill: totalOnly(func(b bill) cost { return cost{b.total.gross, b.total.net} })},
	{name: "tax-included-misread", direction: calculation, prepare: modern, mistakes: makes(mistakes{flipTaxes: true})},
	{name: "vat-fraction", direction: data, prepare: modern, data: func(_ *rand.Rand, d *document) { d.vatDivisor = 100 }},
	{name: "vat-fraction", direction: calculation, prepare: func(_ *rand.Rand, s *session) { rates(s, 200) }, session: func(s *session) { rates(s, 2) }},
	{name: "vat-percent-as-factor", direction: calculation, prepare: modern, session: everyComponent(func(c *component) { c.vat *= 100 })},
	{name: "gross-of-rounded-net", direction: calculation, prepare: func(_ *rand.Rand, s *session) { rates(s, 210) }, stated: func(_ *rand.Rand, _ bill, c claim) claim {
		net := exact.MustParse(c.net)
		return claim{c.net, net.Mul(exact.MustParse("1.21")).Round(2, exact.HalfUp).Plain()}
	}},
	{name: "local-as-utc", direction: either, mistakes: shifted(-1)},
	{name: "local-as-utc", direction: data, data: func(_ *rand.Rand, d *document) {
		_, offset := d.start.In(d.s.location).Zone()
		by := time.Duration(offset) * time.Second
		d.start, d.end = d.start.Add(by), d.end.Add(by)
		for i := range d.periods {
			d.periods[i].start = d.periods[i].start.Add(by)
		}
	}, prepare: func(r *rand.Rand, s *session) {
		for s.zone = "Europe/London"; s.zone == "Europe/London" || s.zone == "America/New_York"; s.zone = pick(r, places...) {
		}
		s.location, _ = time.LoadLocation(s.zone)
	}},
	{name: "offset-twice", direction: either, mistakes: shifted(1)},
	{name: "energy-left-out", direction: calculation, mistakes: makes(mistakes{omit: "ENERGY"})},
	{name: "time-left-out", direction: calculation, mistakes: makes(mistakes{omit: "TIME"})},
	{name: "parking-left-out", direction: calculation, mistakes: makes(mistakes{omit: "PARKING_TIME"})},
	{name: "flat-left-out", direction: calculation, mistakes: makes(mistakes{omit: "FLAT"})},
	{name: "credit-sign", direction: calculation, prepare: func(r *rand.Rand, s *session) { modern(r, s); s.credit = true }, session: func(s *session) { s.credit = false }},
	{name: "credit-sign", direction: data, prepare: func(r *rand.Rand, s *session) { modern(r, s); s.credit = true }, data: func(_ *rand.Rand, d *document) { d.credit = false }},
	{name: "total-zero", direction: calculation, bill: totalOnly(func(bill) cost { return newCost() })},
	{name: "total-in-minor-units", direction: calculation, stated: func(_ *rand.Rand, _ bill, c claim) claim {
		return claim{exact.MustParse(c.net).Shift(2).Plain(), exact.MustParse(c.gross).Shift(2).Plain()}
	}},
	{name: "total-rounded-down", direction: calculation, stated: coarse(exact.Down)},
	{name: "total-rounded-off", direction: calculation, stated: coarse(exact.HalfUp)},
	{name: "total-rounded-up", direction: calculation, stated: coarse(exact.Up)},
}

// rates gives every component one rate.
func rates(s *session, vat int64) {
	modern(nil, s)
	everyComponent(func(c *component) { c.vat = vat })(s)
}

// tiered puts a restricted element before the others of a tariff, now and then under another restriction too.
func tiered(r *rand.Rand, s *session, restrict func(*element)) {
	t := &s.tariffs[0]
	el := element{from: -1, components: []component{{kind: "ENERGY", price: 1900 + r.Int64N(90)*100, vat: 190, step: 1}}}
	if s.version == "2.1.1" {
		el.components[0].vat = -1
	}
	restrict(&el)
	if r.IntN(2) == 0 {
		el.days = []time.Weekday{time.Monday, time.Wednesday, time.Thursday, time.Saturday, time.Sunday}
	}
	t.elements = append([]element{el}, t.elements...)
}

// wholeHours makes times of which no sixtieth is lost.
func wholeHours(_ *rand.Rand, s *session) {
	for i := range s.parts {
		p := &s.parts[i]
		p.secs = (p.secs/3600 + 1) * 3600
		p.charging, p.parking = min(p.charging, 1)*p.secs, min(p.parking, 1)*p.secs
	}
	steps(s, 0, "TIME", "PARKING_TIME")
}
