package diff

import (
	"fmt"
	"strconv"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
	"github.com/nexacollect/reconcile/tariff/describe"
	"github.com/nexacollect/reconcile/tariff/simulate"
)

// probe asks the engine which component of a tariff is active: each component of a dimension gets its number for a price, so that the
// price of one unit names the component. Steps, taxes and limits are left out, and what went before is put under no tariff.
type probe struct {
	t         *ocpi.Tariff
	d         *describe.Description
	numbered  map[ocpi.Dimension]*ocpi.Tariff
	component map[int][2]int // by number: element and component
}

// asked is the id of the tariff that is asked; periods under no tariff are told by a second one that prices nothing.
const asked = "asked"

func newProbe(t *ocpi.Tariff, d *describe.Description) *probe {
	p := &probe{t: t, d: d, numbered: map[ocpi.Dimension]*ocpi.Tariff{}, component: map[int][2]int{}}
	for _, kind := range []ocpi.Dimension{ocpi.Energy, ocpi.Time, ocpi.ParkingTime, ocpi.Flat} {
		p.numbered[kind] = p.number(kind)
	}
	return p
}

// number is a copy of the tariff in which only one dimension has prices, which are numbers from 1.
func (p *probe) number(kind ocpi.Dimension) *ocpi.Tariff {
	out := &ocpi.Tariff{Version: p.t.Version, ID: asked, Currency: p.t.Currency, TaxIncluded: ocpi.TaxNA}
	n := 0
	for i, el := range p.t.Elements {
		copied := ocpi.TariffElement{Restrictions: el.Restrictions}
		for j, c := range el.PriceComponents {
			n++
			p.component[n] = [2]int{i, j}
			price := ocpi.Number{Present: true}
			if c.Kind == kind {
				price.Value = exact.FromInt(int64(n))
			}
			copied.PriceComponents = append(copied.PriceComponents, ocpi.PriceComponent{Kind: c.Kind, Type: c.Type, Price: price})
		}
		out.Elements = append(out.Elements, copied)
	}
	return out
}

// dimensionOf is the dimension that a subject's components price.
func dimensionOf(s describe.Subject) ocpi.Dimension {
	switch s {
	case describe.Energy:
		return ocpi.Energy
	case describe.Parking:
		return ocpi.ParkingTime
	case describe.Flat, describe.ReservedFlat, describe.ExpiredFlat:
		return ocpi.Flat
	default:
		return ocpi.Time
	}
}

func flat(s describe.Subject) bool { return dimensionOf(s) == ocpi.Flat }

// state is what a session has met when it is asked about.
type state struct {
	context        int
	at             time.Time
	duration       exact.Decimal
	energy         exact.Decimal
	power, current exact.Decimal
}

// rate is the rate of a subject in a cell, nil where nothing is charged.
func (p *probe) rate(at state, s describe.Subject) (*describe.Rate, error) {
	res := tariff.Price(tariff.Input{CDR: p.question(at, s), Zone: tariff.Zone{Name: "UTC", Location: time.UTC}})
	defer res.Release()
	if res.Blocked != nil {
		return nil, fmt.Errorf("tariff %q cannot be priced: %s", p.t.ID, res.Blocked)
	}
	n, err := strconv.Atoi(res.Totals.Cost.BeforeTaxes.Value.Plain())
	if err != nil || n == 0 {
		return nil, nil
	}
	where := p.component[n]
	for _, section := range p.d.Sections {
		for i := range section.Rates {
			if r := &section.Rates[i]; section.Subject == s && r.Element == where[0] && r.Component == where[1] {
				return r, nil
			}
		}
	}
	return nil, fmt.Errorf("tariff %q: component %d of element %d is active and not described", p.t.ID, where[1]+1, where[0]+1)
}

// question is a CDR that measures one unit of everything at one moment.
func (p *probe) question(at state, s describe.Subject) *ocpi.CDR {
	c := &ocpi.CDR{
		Version: p.t.Version, ID: "question", Currency: p.t.Currency, EndDateTime: at.at,
		StartDateTime: at.at.Add(-simulate.Duration(at.duration)),
		Tariffs:       []*ocpi.Tariff{p.numbered[dimensionOf(s)], {ID: "none", Currency: p.t.Currency, Version: p.t.Version}},
	}
	add := func(from time.Time, id string, dimensions ...ocpi.CDRDimension) {
		c.ChargingPeriods = append(c.ChargingPeriods, ocpi.ChargingPeriod{
			Index: len(c.ChargingPeriods), StartDateTime: from, Dimensions: dimensions, TariffID: id,
		})
	}
	one := exact.FromInt(1)
	if at.context != inSession {
		add(at.at, asked, measured(ocpi.ReservationTime, one))
		if at.context == reserved {
			add(at.at, "", measured(ocpi.Energy, one))
		}
		return c
	}
	if at.energy.Sign() > 0 {
		add(c.StartDateTime, "", measured(ocpi.Energy, at.energy))
	}
	dimensions := []ocpi.CDRDimension{measured(ocpi.Energy, one), measured(ocpi.Time, one)}
	if s == describe.Parking {
		dimensions = []ocpi.CDRDimension{measured(ocpi.ParkingTime, one)}
		at.power, at.current = exact.Decimal{}, exact.Decimal{}
	}
	add(at.at, asked, append(dimensions, measured(ocpi.MinPower, at.power), measured(ocpi.MaxPower, at.power),
		measured(ocpi.MinCurrent, at.current), measured(ocpi.MaxCurrent, at.current))...)
	return c
}

func measured(d ocpi.Dimension, v exact.Decimal) ocpi.CDRDimension {
	return ocpi.CDRDimension{Kind: d, Type: d.String(), Volume: ocpi.Number{Value: v, Present: true}}
}
