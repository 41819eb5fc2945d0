package generate

import "slices"

// visit is what truly happened: one vehicle at one charger. Records are made from it, and defects are what they say differently.
type visit struct {
	evse                       *evse
	tariff                     *tariff
	sessionID, token, contract string
	authorization              string
	start, end                 int64
	periods                    []period
	cost                       cost
	whole                      energy // of the session
	version                    version
	currency                   string
	countryCode, partyID       string
	debtorCountry, debtorParty string
	meter                      string
}

// need is what a defect asks of the visit that it is worked into.
type need uint8

const (
	anything     need = iota
	plainPrice        // a price that hangs on no open question of the spec
	byEnergy          // plain, and kWh move the price
	byTime            // plain, and time moves the price
	flatEnergy        // the flat tariff
	openQuestion      // idle time of which part is free, rounded so that it matters whether the free part counts
	acrossDay         // one period across the boundary of the day tariff, half of it on either side
)

// kindFor chooses a tariff that satisfies a need; offered is the one of the connector, byDay one that depends on the time of day
// where that is possible.
func kindFor(n need, offered, byDay kind, r *random) kind {
	switch n {
	case plainPrice:
		return pick(r, []kind{kindFlat, kindPlus, byDay, kindLimits, kindTime})
	case byEnergy:
		return pick(r, []kind{kindFlat, kindPlus, byDay})
	case byTime:
		return kindTime
	case flatEnergy:
		return kindFlat
	case acrossDay:
		return kindDayNight
	case openQuestion:
		return kindIdle
	default:
		return offered
	}
}

// dayKind is the tariff by time of day, except for OCPI 2.1.1, which does not say in whose time it is read.
func dayKind(v version) kind {
	if v == v211 {
		return kindFlat
	}
	return kindDayNight
}

// price sets what the visit costs.
func (v *visit) price() {
	v.whole = 0
	for i := range v.periods {
		v.whole += v.periods[i].energy
	}
	v.cost = v.tariff.priced(v.start, v.evse.country.offset, v.periods)
}

// net is the price as the operator bills it.
func (v *visit) net() cents { return v.cost.total.net.cents() }

// withEnergy is the price if the session had held so much more or less energy: it is taken from the dearest period first, or added
// to it.
func (v *visit) withEnergy(delta energy) cost {
	periods := slices.Clone(v.periods)
	for delta != 0 {
		i := v.tariff.dearest(true, v.start, v.evse.country.offset, periods)
		if i < 0 {
			break
		}
		step := max(delta, -periods[i].energy)
		periods[i].energy += step
		delta -= step
	}
	return v.tariff.priced(v.start, v.evse.country.offset, periods)
}

// withSeconds is the same for time.
func (v *visit) withSeconds(delta int64) cost {
	periods := slices.Clone(v.periods)
	for delta != 0 {
		i := v.tariff.dearest(false, v.start, v.evse.country.offset, periods)
		if i < 0 {
			break
		}
		step := max(delta, -periods[i].seconds)
		periods[i].seconds += step
		delta -= step
	}
	return v.tariff.priced(v.start, v.evse.country.offset, periods)
}

// phase is a stretch of charging or idling before it is cut into periods.
type phase struct {
	start, end int64
	energy     energy
	idle       bool
}

// cut makes charging periods out of phases. at are the instants of further cuts; the boundaries at which the price changes are
// always cut, as OCPI 2.2 demands (mod_cdrs, ChargingPeriod). Energy is spread evenly, in whole units, the last part of a phase
// taking the rest.
func cut(into []period, phases []phase, at []int64, unit energy) []period {
	slices.Sort(at)
	for _, p := range phases {
		from, left := p.start, p.energy
		for _, t := range at {
			if t <= from || t >= p.end {
				continue
			}
			share := energy(roundDiv(int64(p.energy/unit)*(t-from), p.end-p.start)) * unit
			share = min(share, left)
			into = append(into, period{start: from, seconds: t - from, energy: share, idle: p.idle})
			from, left = t, left-share
		}
		into = append(into, period{start: from, seconds: p.end - from, energy: left, idle: p.idle})
	}
	return into
}

// boundaries appends the instants inside a session at which another component of the tariff may become active.
func (t *tariff) boundaries(into []int64, start, end, offset int64) []int64 {
	for i := range t.elements {
		e := &t.elements[i]
		if e.after > 0 {
			into = append(into, start+e.after)
		}
		if e.from == e.to {
			continue
		}
		for _, m := range [...]int64{e.from, e.to} {
			first := start - timeOfDay(start, offset) + m*60
			for at := first; at < end; at += 86400 {
				if at > start {
					into = append(into, at)
				}
			}
		}
	}
	return into
}
