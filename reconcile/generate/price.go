package generate

// period is a charging period: a stretch of a session in which the vehicle either charges or idles. seconds is the length that
// is charged for, which is the length of the period unless other evidence says so.
type period struct {
	start   int64 // Unix seconds
	seconds int64
	energy  energy
	idle    bool
}

// cost is the exact price of a session.
type cost struct {
	part  [dimensions]money
	total money
}

// priced prices a session's periods under a tariff, on its own: the tests compare the engine's answer with this one.
// The tariffs of this package keep to what needs no interpretation; see the package documentation.
func (t *tariff) priced(sessionStart, offset int64, periods []period) cost {
	var c cost
	t.priceFee(&c, sessionStart, offset)
	t.priceVolumes(&c, perKWh, sessionStart, offset, periods, true)
	idled := t.priceVolumes(&c, perIdleHour, sessionStart, offset, periods, true)
	// Charging time is rounded up only where no idle time is priced (OCPI 2.2.1 mod_cdrs, step_size).
	t.priceVolumes(&c, perHour, sessionStart, offset, periods, !idled)
	for _, m := range c.part {
		c.total = c.total.plus(m)
	}
	t.limit(&c.total)
	return c
}

func (t *tariff) priceFee(c *cost, sessionStart, offset int64) {
	if fee := t.active(perSession, timeOfDay(sessionStart, offset), 0); fee != nil {
		c.part[perSession] = taxed(net(fee.price)*netPerFlat, fee.tax)
	}
}

// priceVolumes prices one dimension of all periods and reports whether it priced any. Where stepped, the priced total is rounded
// up once, to the step of the last priced period, and the surplus has that period's price.
func (t *tariff) priceVolumes(c *cost, of dimension, sessionStart, offset int64, periods []period, stepped bool) bool {
	var last *component
	total := int64(0)
	for i := range periods {
		p := &periods[i]
		volume := p.volume(of)
		if volume == 0 {
			continue
		}
		a := t.active(of, timeOfDay(p.start, offset), p.start-sessionStart)
		if a == nil {
			continue
		}
		last, total = a, total+volume
		c.part[of] = c.part[of].plus(of.times(a, volume))
	}
	if last == nil || !stepped {
		return last != nil
	}
	step := last.step
	if of == perKWh {
		step *= int64(wattHour)
	}
	c.part[of] = c.part[of].plus(of.times(last, ceilTo(total, step)-total))
	return true
}

// volume is what a period holds of a dimension, in mWh or seconds.
func (p *period) volume(of dimension) int64 {
	switch {
	case of == perKWh:
		return int64(p.energy)
	case of == perHour && !p.idle, of == perIdleHour && p.idle:
		return p.seconds
	}
	return 0
}

// times is the exact price of a volume.
func (of dimension) times(a *component, volume int64) money {
	unit := netPerSec
	if of == perKWh {
		unit = netPerMWh
	}
	return taxed(net(volume)*net(a.price)*unit, a.tax)
}

// limit applies min_price and max_price, net and gross each on its own (OCPI 2.2.1 mod_tariffs, Tariff Object).
func (t *tariff) limit(m *money) {
	if t.least > 0 {
		least := taxed(net(t.least)*netPerFlat, t.limitTax)
		m.net, m.gross = max(m.net, least.net), max(m.gross, least.gross)
	}
	if t.greatest > 0 {
		greatest := taxed(net(t.greatest)*netPerFlat, t.limitTax)
		m.net, m.gross = min(m.net, greatest.net), min(m.gross, greatest.gross)
	}
}

// dearest returns the index of the period with the highest price of energy (or of time) that still holds some, -1 where none does.
func (t *tariff) dearest(ofEnergy bool, sessionStart, offset int64, periods []period) int {
	best, price := -1, price4(-1)
	for i := range periods {
		p := &periods[i]
		of := perKWh
		switch {
		case ofEnergy:
		case p.idle:
			of = perIdleHour
		default:
			of = perHour
		}
		if p.volume(of) == 0 {
			continue
		}
		at := price4(0)
		if a := t.active(of, timeOfDay(p.start, offset), p.start-sessionStart); a != nil {
			at = a.price
		}
		if at > price {
			best, price = i, at
		}
	}
	return best
}

func timeOfDay(at, offset int64) int64 {
	return ((at+offset)%86400 + 86400) % 86400
}
