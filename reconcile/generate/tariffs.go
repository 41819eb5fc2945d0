package generate

// version is an OCPI version. This package has its own, for it shares nothing with the engine that is tested with its output.
type version uint8

const (
	v211 version = iota
	v221
	v230
)

// dimension is what a price component prices.
type dimension uint8

const (
	perKWh dimension = iota
	perHour
	perIdleHour
	perSession
	dimensions
)

var dimensionNames = [dimensions]string{"ENERGY", "TIME", "PARKING_TIME", "FLAT"}

// component is the price of one dimension. step is in Wh or seconds; tax in thousandths.
type component struct {
	of    dimension
	price price4
	tax   int64
	step  int64
}

// element is a group of components under restrictions; the zero restrictions restrict nothing.
type element struct {
	components []component
	from, to   int64 // local time of day in minutes: from ≤ t < to, over midnight where to < from; both 0: always
	after      int64 // seconds of session before the element applies: a period of grace
}

// kind is a sort of tariff.
type kind uint8

const (
	kindFlat     kind = iota // energy at one price
	kindPlus                 // energy at another price: the tariff of another contract
	kindDayNight             // energy by the local time of day
	kindIdle                 // time, energy, and idling after a period of grace
	kindStart                // a fee a session, and energy
	kindLimits               // energy, not less than a least and not more than a greatest price
	kindTime                 // time alone
	kinds
)

var kindNames = [kinds]string{"FLAT", "PLUS", "DAY-NIGHT", "IDLE", "START", "LIMITS", "TIME"}

// tariff is a price list of one operator.
type tariff struct {
	id, countryCode, partyID string
	currency                 string
	kind                     kind
	version                  version
	noTax                    bool // the tariff states no tax at all
	elements                 []element
	least, greatest          price4 // limits of a session's price, 0: none
	limitTax                 int64
	updated                  int64
	json                     []byte
}

const (
	dayStarts, dayEnds = 7 * 60, 23 * 60 // local time of day, minutes
	graceSeconds       = 150 * 60
	idleStep           = 300
	timeStep           = 60
)

// active returns the component of a dimension that prices a period which starts at local time of day tod, elapsed seconds into
// the session: the first in the order of the elements whose restrictions hold (OCPI 2.2.1 mod_tariffs, Tariff Object).
func (t *tariff) active(of dimension, tod, elapsed int64) *component {
	for i := range t.elements {
		e := &t.elements[i]
		if !e.applies(tod, elapsed) {
			continue
		}
		for j := range e.components {
			if e.components[j].of == of {
				return &e.components[j]
			}
		}
	}
	return nil
}

func (e *element) applies(tod, elapsed int64) bool {
	if elapsed < e.after {
		return false
	}
	switch {
	case e.from == e.to:
		return true
	case e.from < e.to:
		return e.from*60 <= tod && tod < e.to*60
	default:
		return tod >= e.from*60 || tod < e.to*60
	}
}

// terms are the prices and taxes of one operator from which its tariffs are made.
type terms struct {
	version         version
	prefix          string // of the ids of the tariffs
	country, party  string
	currency        string
	tax, feeTax     int64 // thousandths
	noTax           bool
	energy, plus    price4
	day, night      price4
	hour, idle, fee price4
	mixed           price4 // energy beside a price of time or a fee
	timeAlone       price4
	least, greatest price4
	grace           int64 // seconds
	updated         int64
}

// standardTerms are the terms of the n-th operator; each differs a little.
func standardTerms(n int64) terms {
	d := price4(n * 37)
	return terms{
		energy: 4190 + d, plus: 5390 + d, day: 4720 + d, night: 2890 + d, hour: 9000 + 10*d, idle: 48000 + 100*d, fee: 3500 + d,
		mixed: 3125 + d, timeAlone: 126000 + 60*d, least: 25000, greatest: 280000, grace: graceSeconds,
	}
}

// tariffs makes one tariff of each kind.
func (m *terms) tariffs() []*tariff {
	out := make([]*tariff, kinds)
	for k := range kinds {
		out[k] = m.tariff(k)
	}
	return out
}

func (m *terms) tariff(k kind) *tariff {
	t := &tariff{
		id: m.prefix + kindNames[k], countryCode: m.country, partyID: m.party, currency: m.currency,
		kind: k, version: m.version, noTax: m.noTax, elements: m.elements(k), updated: m.updated,
	}
	if k == kindLimits && m.version != v211 {
		// OCPI 2.1.1 has no price limits.
		t.least, t.greatest, t.limitTax = m.least, m.greatest, m.tax
	}
	t.render()
	return t
}

func (m *terms) elements(k kind) []element {
	one := func(of dimension, p price4, step int64) component {
		tax := m.tax
		if of == perSession {
			tax = m.feeTax
		}
		return component{of, p, tax, step}
	}
	switch k {
	case kindPlus:
		return []element{{components: []component{one(perKWh, m.plus, 1)}}}
	case kindDayNight:
		night := element{components: []component{one(perKWh, m.night, 1)}, from: dayEnds, to: dayStarts}
		if m.version == v211 {
			night.from, night.to = 0, 0 // a window over midnight is not defined before 2.2
		}
		return []element{{components: []component{one(perKWh, m.day, 1)}, from: dayStarts, to: dayEnds}, night}
	case kindIdle:
		return []element{
			{components: []component{one(perHour, m.hour, timeStep), one(perKWh, m.mixed, 1)}},
			{components: []component{one(perIdleHour, m.idle, idleStep)}, after: m.grace},
		}
	case kindStart:
		return []element{{components: []component{one(perSession, m.fee, 1), one(perKWh, m.mixed, 1)}}}
	case kindTime:
		return []element{{components: []component{one(perHour, m.timeAlone, timeStep)}}}
	default:
		return []element{{components: []component{one(perKWh, m.energy, 1)}}}
	}
}
