package hypothesis

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
)

// Another tariff, another element of it, or parts of it that were not applied: mod_tariffs, Tariff and TariffElement.

// Of further tariffs, elements and counts only the first few are tried.
const fewTariffs, fewElements, fewCounts = 3, 4, 3

// versions are other versions of the governing tariffs: the same id and operator, of another content. Earlier ones come first, the latest
// of them first.
func (e *explainer) versions() []trial {
	var older, newer []trial
	for _, t := range e.res.Tariffs {
		for _, o := range e.versionsOf(t) {
			v := trial{direction: Calculation, parameters: versionParameters(o), alter: func(in *tariff.Input) { e.replace(in, t, o) }}
			switch c := compareAge(o, t); {
			case c < 0 && len(older) < fewTariffs:
				v.name = "old-tariff-version"
				older = append(older, v)
			case c > 0 && len(newer) < fewTariffs:
				v.name = "new-tariff-version"
				newer = append(newer, v)
			}
		}
	}
	return append(older, newer...)
}

// versionsOf lists the other versions of a tariff, the nearest in age first.
func (e *explainer) versionsOf(t *ocpi.Tariff) []*ocpi.Tariff {
	var out []*ocpi.Tariff
	for _, list := range [...][]*ocpi.Tariff{e.in.CDR.Tariffs, e.in.Supplied, e.others} {
		for _, o := range list {
			if o == nil || slices.Contains(e.res.Tariffs, o) || !sameTariffID(o, t) || ocpi.SameBody(o.Record.Bytes, t.Record.Bytes) {
				continue
			}
			out = append(out, o)
		}
	}
	slices.SortStableFunc(out, func(a, b *ocpi.Tariff) int { return compareAge(b, a) })
	return out
}

func sameTariffID(a, b *ocpi.Tariff) bool {
	same := func(x, y string) bool { return x == "" || y == "" || strings.EqualFold(x, y) }
	return strings.EqualFold(a.ID, b.ID) && same(a.CountryCode, b.CountryCode) && same(a.PartyID, b.PartyID)
}

// compareAge compares when two versions came to hold: by their windows, else by when they were updated.
func compareAge(a, b *ocpi.Tariff) int {
	if c := a.StartDateTime.Compare(b.StartDateTime); c != 0 && !a.StartDateTime.IsZero() && !b.StartDateTime.IsZero() {
		return c
	}
	return a.LastUpdated.Compare(b.LastUpdated)
}

func versionParameters(t *ocpi.Tariff) []Parameter {
	return []Parameter{{"tariff_id", t.ID}, {"last_updated", t.LastUpdated.UTC().Format(time.RFC3339)}}
}

// replace lets another tariff price what a governing one priced.
func (e *explainer) replace(in *tariff.Input, t, by *ocpi.Tariff) {
	if len(e.res.Tariffs) == 1 {
		in.Source, in.Supplied = tariff.Given, []*ocpi.Tariff{by}
		return
	}
	e.swap(in, func(o *ocpi.Tariff) *ocpi.Tariff {
		if o == t {
			return by
		}
		return nil
	})
}

// otherTariffs are tariffs of the CDR that govern no period, and where several govern each of them alone.
func (e *explainer) otherTariffs() []trial {
	var out []trial
	for _, t := range e.in.CDR.Tariffs {
		if t == nil || len(out) == fewTariffs || len(e.res.Tariffs) == 1 && t == e.res.Tariffs[0] {
			continue
		}
		if len(e.res.Tariffs) == 1 && sameTariffID(t, e.res.Tariffs[0]) {
			continue // a version
		}
		out = append(out, trial{name: "other-tariff", direction: Calculation, parameters: []Parameter{{"tariff_id", t.ID}}, alter: func(in *tariff.Input) {
			in.Source, in.Supplied = tariff.Given, []*ocpi.Tariff{t}
		}})
	}
	return out
}

// restriction is a kind of restriction that a partner may ignore.
type restriction struct {
	name   string
	stated func(*ocpi.Restrictions) bool
	ignore func(*ocpi.Restrictions)
}

var restrictionKinds = [...]restriction{
	{"time-window-ignored", func(r *ocpi.Restrictions) bool { return r.StartTime.Present || r.EndTime.Present },
		func(r *ocpi.Restrictions) { r.StartTime, r.EndTime = ocpi.TimeOfDay{}, ocpi.TimeOfDay{} }},
	{"weekday-ignored", func(r *ocpi.Restrictions) bool { return r.DayOfWeek != 0 }, func(r *ocpi.Restrictions) { r.DayOfWeek = 0 }},
	{"date-ignored", func(r *ocpi.Restrictions) bool { return r.StartDate.Present || r.EndDate.Present },
		func(r *ocpi.Restrictions) { r.StartDate, r.EndDate = ocpi.Date{}, ocpi.Date{} }},
	{"kwh-limit-ignored", func(r *ocpi.Restrictions) bool { return r.MinKWh.Present || r.MaxKWh.Present },
		func(r *ocpi.Restrictions) { r.MinKWh, r.MaxKWh = ocpi.Number{}, ocpi.Number{} }},
	{"duration-limit-ignored", func(r *ocpi.Restrictions) bool { return r.MinDuration.Present || r.MaxDuration.Present },
		func(r *ocpi.Restrictions) { r.MinDuration, r.MaxDuration = ocpi.Number{}, ocpi.Number{} }},
	{"power-limit-ignored", func(r *ocpi.Restrictions) bool {
		return r.MinPower.Present || r.MaxPower.Present || r.MinCurrent.Present || r.MaxCurrent.Present
	}, func(r *ocpi.Restrictions) {
		r.MinPower, r.MaxPower, r.MinCurrent, r.MaxCurrent = ocpi.Number{}, ocpi.Number{}, ocpi.Number{}, ocpi.Number{}
	}},
}

// restrictions are kinds of restriction that were ignored. Where a tariff has but one kind, that is the first element always.
func (e *explainer) restrictions() []trial {
	var out []trial
	for _, k := range restrictionKinds {
		if !slices.ContainsFunc(e.restrictionsOf(), k.stated) {
			continue
		}
		out = append(out, trial{name: k.name, direction: Calculation, alter: func(in *tariff.Input) {
			e.changeTariffs(in, func(t *ocpi.Tariff) {
				for i := range t.Elements {
					if r := t.Elements[i].Restrictions; r != nil {
						k.ignore(r)
					}
				}
			})
		}})
	}
	if len(out) == 1 {
		out[0].sameAs = "first-element-always"
	}
	return out
}

// elements are all restrictions ignored, so that the first element prices everything, or another element that does.
func (e *explainer) elements() []trial {
	most := 0
	for _, t := range e.res.Tariffs {
		most = max(most, len(t.Elements))
	}
	if most < 2 || len(e.restrictionsOf()) == 0 {
		return nil
	}
	var out []trial
	for n := range min(most, fewElements+1) {
		t := trial{name: "other-element", direction: Calculation, parameters: []Parameter{{"element", strconv.Itoa(n + 1)}}}
		if n == 0 {
			t = trial{name: "first-element-always", direction: Calculation}
		}
		t.alter = func(in *tariff.Input) { e.changeTariffs(in, func(t *ocpi.Tariff) { elementAlways(t, n) }) }
		out = append(out, t)
	}
	return out
}

// elementAlways puts an element first and lifts all restrictions, but those to reservations.
func elementAlways(t *ocpi.Tariff, n int) {
	for i := range t.Elements {
		if r := t.Elements[i].Restrictions; r != nil {
			*r = ocpi.Restrictions{Reservation: r.Reservation}
		}
	}
	if n < len(t.Elements) {
		el := t.Elements[n]
		t.Elements = slices.Insert(slices.Delete(t.Elements, n, n+1), 0, el)
	}
}

// limits are min_price and max_price that were not applied, where one of them holds.
func (e *explainer) limits() []trial {
	if !e.limited(beforeTaxes) && !e.limited(afterTaxes) {
		return nil
	}
	var out []trial
	if slices.ContainsFunc(e.res.Tariffs, func(t *ocpi.Tariff) bool { return t.MinPrice.Present() }) {
		out = append(out, trial{name: "min-price-ignored", direction: Calculation, way: down, alter: func(in *tariff.Input) {
			e.changeTariffs(in, func(t *ocpi.Tariff) { t.MinPrice = ocpi.Price{} })
		}})
	}
	if slices.ContainsFunc(e.res.Tariffs, func(t *ocpi.Tariff) bool { return t.MaxPrice.Present() }) {
		out = append(out, trial{name: "max-price-ignored", direction: Calculation, way: up, alter: func(in *tariff.Input) {
			e.changeTariffs(in, func(t *ocpi.Tariff) { t.MaxPrice = ocpi.Price{} })
		}})
	}
	return out
}

// limited reports a total that a limit of the price made: known, and not the sum of its costs.
func (e *explainer) limited(of side) bool {
	total := of(e.base.total)
	if e.in.CDR.IsCredit() {
		total.Value = total.Value.Neg()
	}
	o := e.base
	o.total = Amount{total, total}
	return total.Present && o.parts(of) == nil
}

// flats are FLAT components charged once for each period in the place of once. Where they are restricted, not every period need have them.
func (e *explainer) flats() []trial {
	n := len(e.in.CDR.ChargingPeriods)
	if !e.kinds.has(ocpi.Flat) || n < 2 {
		return nil
	}
	counts := []int{n}
	if len(e.restrictionsOf()) > 0 {
		for c := n - 1; c > 1 && len(counts) <= fewCounts; c-- {
			counts = append(counts, c)
		}
	}
	var out []trial
	for _, c := range counts {
		out = append(out, trial{
			name: "flat-per-period", direction: Calculation, parameters: []Parameter{{"times", strconv.Itoa(c)}}, way: up,
			alter: e.changeComponents(func(p *ocpi.PriceComponent) {
				if p.Kind == ocpi.Flat {
					p.Price.Value = p.Price.Value.Mul(exact.FromInt(int64(c)))
				}
			}),
		})
	}
	return out
}

// leftOut are dimensions that were not billed at all.
func (e *explainer) leftOut() []trial {
	var out []trial
	for _, d := range [...]struct {
		name string
		kind ocpi.Dimension
	}{{"parking-left-out", ocpi.ParkingTime}, {"flat-left-out", ocpi.Flat}, {"time-left-out", ocpi.Time}, {"energy-left-out", ocpi.Energy}} {
		if !e.kinds.has(d.kind) {
			continue
		}
		t := trial{name: d.name, direction: Calculation, way: down, alter: e.withoutPrice(d.kind)}
		if d.kind == ocpi.ParkingTime {
			t.way = anyWay // without it TIME is rounded to its steps
		}
		if e.kinds == 1<<d.kind {
			t.sameAs = "total-zero"
		}
		out = append(out, t)
	}
	return out
}
