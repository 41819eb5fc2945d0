package hypothesis_test

import (
	"math/rand/v2"
	"slices"
	"time"
)

// Sessions, tariffs and their random generator: what truly happened. It knows nothing of the package under test.

type component struct {
	kind  string
	price int64 // 1/10000 of the currency
	vat   int64 // 1/10 percent, −1 for none
	step  int64
}

type element struct {
	from, to       int // minutes of the local day, −1 for none
	days           []time.Weekday
	maxWh, maxSecs int64     // 0 for none
	until          time.Time // end_date, zero for none
	maxKW          int64     // 0 for none
	components     []component
}

type priceList struct {
	id          string
	updated     time.Time
	elements    []element
	min, max    int64 // cents before taxes, 0 for none; after taxes a fifth more
	taxesInside bool
}

type part struct {
	secs, wh, charging, parking int64
	kw                          int64    // stated as least and greatest power, 0 for not stated
	states                      []string // dimensions stated
	tariff                      int
}

type session struct {
	version  string
	zone     string
	location *time.Location
	start    time.Time
	parts    []part
	tariffs  []priceList // embedded
	older    priceList
	newer    priceList
	credit   bool
	updated  time.Time
	total    int64 // total_energy in Wh, −1 for none
	costs    bool  // the breakdown is claimed
}

func (s *session) end() time.Time {
	at := s.start
	for _, p := range s.parts {
		at = at.Add(time.Duration(p.secs) * time.Second)
	}
	return at
}

func (s *session) clone() *session {
	c := *s
	c.parts = slices.Clone(s.parts)
	for i := range c.parts {
		c.parts[i].states = slices.Clone(c.parts[i].states)
	}
	c.tariffs = slices.Clone(s.tariffs)
	for i := range c.tariffs {
		c.tariffs[i] = c.tariffs[i].clone()
	}
	c.older, c.newer = s.older.clone(), s.newer.clone()
	return &c
}

func (p priceList) clone() priceList {
	p.elements = slices.Clone(p.elements)
	for i := range p.elements {
		p.elements[i].components = slices.Clone(p.elements[i].components)
	}
	return p
}

// components calls f with every component of the tariff.
func (p *priceList) each(f func(*component)) {
	for i := range p.elements {
		for j := range p.elements[i].components {
			f(&p.elements[i].components[j])
		}
	}
}

var places = []string{"Europe/Berlin", "Europe/Berlin", "Europe/London", "America/New_York", "Asia/Tokyo"}

func random(r *rand.Rand) *session {
	s := &session{version: pick(r, "2.1.1", "2.2.1", "2.2.1", "2.3.0"), zone: pick(r, places...), total: -1, costs: r.IntN(2) == 0}
	s.location, _ = time.LoadLocation(s.zone)
	s.start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, r.IntN(360)).Add(time.Duration(r.IntN(9600)) * 9 * time.Second)
	s.tariffs = []priceList{randomTariff(r, s, "T1")}
	s.periods(r)
	s.updated = s.end().Add(30 * time.Minute)
	if r.IntN(3) > 0 {
		s.total = 0
		for _, p := range s.parts {
			s.total += p.wh
		}
	}
	if s.version != "2.1.1" && r.IntN(4) == 0 {
		s.tariffs = append(s.tariffs, randomTariff(r, s, "T2"))
		if s.version == "2.3.0" {
			s.tariffs[1].taxesInside = s.tariffs[0].taxesInside
		}
	}
	s.older, s.newer = repriced(r, s.tariffs[0], -200), repriced(r, s.tariffs[0], 20)
	s.credit = s.version != "2.1.1" && r.IntN(20) == 0
	return s
}

func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

// repriced is another version of a tariff, updated some days after it.
func repriced(r *rand.Rand, t priceList, days int) priceList {
	t = t.clone()
	t.updated = t.updated.AddDate(0, 0, days)
	f := int64(80 + r.IntN(35))
	if f >= 98 {
		f += 6
	}
	t.each(func(c *component) { c.price = c.price * f / 100 })
	return t
}

// randomTariff makes one of several kinds of tariff.
func randomTariff(r *rand.Rand, s *session, id string) priceList {
	t := priceList{id: id, updated: time.Date(2025, 12, 1, 0, 0, 0, 0, time.UTC), taxesInside: s.version == "2.3.0" && r.IntN(4) == 0}
	vat := pick[int64](r, 190, 200, 210, 250, 81)
	one := func(kind string, least, span int64) component {
		c := component{kind: kind, price: (least + r.Int64N(span)) * 100, vat: vat, step: 1}
		if !t.taxesInside && r.IntN(8) == 0 {
			c.vat = pick[int64](r, 70, 100, 120)
		}
		if r.IntN(3) == 0 {
			c.step = pick[int64](r, 300, 500, 900, 1000)
		}
		return c
	}
	energy := func() component { return one("ENERGY", 20, 60) }
	hour := func() component { return one("TIME", 100, 500) }
	idle := func() component { return one("PARKING_TIME", 200, 800) }
	flat := func() component { return one("FLAT", 20, 150) }
	free := element{from: -1, to: -1}
	with := func(el element, c ...component) element { el.components = c; return el }
	switch r.IntN(9) {
	case 0:
		t.elements = []element{with(free, energy())}
	case 1:
		t.elements = []element{with(free, energy(), hour())}
	case 2:
		t.elements = []element{with(window(r), energy()), with(free, energy())}
	case 3:
		t.elements = []element{with(free, energy(), idle())}
	case 4:
		t.elements = []element{with(free, flat(), hour(), idle())}
	case 5:
		t.elements = []element{with(free, flat(), energy())}
	case 6:
		el := free
		el.days = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday}
		if r.IntN(2) == 0 {
			w := window(r)
			el.from, el.to = w.from, w.to
		}
		t.elements = []element{with(el, energy()), with(window(r), energy(), flat()), with(free, energy())}
	case 7:
		el, el2 := free, free
		el.maxWh, el2.maxSecs = 3000+r.Int64N(9)*1000, 1800*(1+r.Int64N(3))
		t.elements = []element{with(el, energy()), with(el2, hour(), energy()), with(free, hour(), energy())}
	case 8:
		t.elements = []element{with(window(r), energy(), hour()), with(free, energy(), idle())}
	}
	if s.version != "2.1.1" && r.IntN(4) == 0 {
		t.min, t.max = r.Int64N(800)+1, 900+r.Int64N(2500)
	}
	if s.version == "2.1.1" {
		t.each(func(c *component) { c.vat = -1 })
	}
	return t
}

func window(r *rand.Rand) element {
	from := r.IntN(24)
	return element{from: from * 60, to: (from + 3 + r.IntN(14)) % 24 * 60}
}

// periods are charging and idle periods, cut where the tariff may change: at every hour that a window names.
func (s *session) periods(r *rand.Rand) {
	hours := map[int]bool{}
	for _, el := range s.tariffs[0].elements {
		hours[el.from/60], hours[el.to/60] = el.from >= 0, el.to >= 0
	}
	at := s.start
	add := func(secs, watts int64, idle bool) {
		for secs > 0 {
			step := secs
			for done := int64(9); done < secs && len(hours) > 0; done += 9 {
				local := at.Add(time.Duration(done) * time.Second).In(s.location)
				if local.Minute() == 0 && local.Second() == 0 && hours[local.Hour()] {
					step = done
					break
				}
			}
			p := part{secs: step}
			if idle {
				p.parking, p.states = step, []string{"PARKING_TIME"}
			} else {
				p.charging, p.wh, p.states = step, step*watts/3600, []string{"ENERGY", "TIME"}
			}
			s.parts = append(s.parts, p)
			at, secs = at.Add(time.Duration(step)*time.Second), secs-step
		}
	}
	for range 1 + r.IntN(3) {
		add(9*(60+r.Int64N(500)), 3500+r.Int64N(40000), false)
	}
	if r.IntN(2) == 0 {
		add(9*(40+r.Int64N(500)), 0, true)
	}
}
