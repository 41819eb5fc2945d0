package describe_test

import (
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff/anytariff"
	"github.com/nexacollect/reconcile/tariff/describe"
	"github.com/nexacollect/reconcile/tariff/simulate"
)

// The interpreter prices a session from a description alone, on fractions. It shares nothing with the engine but the numbers.
type interpreter struct {
	d     *describe.Description
	c     *ocpi.CDR
	loc   *time.Location
	lines []line
}

// line is what one rate prices: the volume in kWh, seconds or sessions.
type line struct {
	subject describe.Subject
	rate    describe.Rate
	volume  *big.Rat
}

func rat(d exact.Decimal) *big.Rat {
	r, ok := new(big.Rat).SetString(d.String())
	if !ok {
		panic(d.String())
	}
	return r
}

// state is a session at the start of one of its periods.
type state struct {
	local          time.Time
	elapsed        *big.Rat
	energy         *big.Rat
	power, current *ocpi.Number
}

func (s *state) holds(c describe.Condition) bool {
	between := func(v *big.Rat) bool {
		return (!c.From.Present || v.Cmp(rat(c.From.Value)) >= 0) && (!c.Until.Present || v.Cmp(rat(c.Until.Value)) < 0)
	}
	known := func(n *ocpi.Number) bool { return n == nil || between(rat(n.Value)) }
	date := func(d ocpi.Date) int { return d.Year*10000 + int(d.Month)*100 + d.Day }
	switch c.Kind {
	case describe.OnDays:
		return c.Days.Has(s.local.Weekday())
	case describe.OnDates:
		y, m, d := s.local.Date()
		today := y*10000 + int(m)*100 + d
		return (!c.FromDate.Present || today >= date(c.FromDate)) && (!c.UntilDate.Present || today < date(c.UntilDate))
	case describe.AtTimes:
		now := s.local.Hour()*60 + s.local.Minute()
		from := !c.FromTime.Present || now >= c.FromTime.Minutes
		until := !c.UntilTime.Present || now < c.UntilTime.Minutes
		if c.FromTime.Present && c.UntilTime.Present && c.UntilTime.Minutes < c.FromTime.Minutes {
			return from || until
		}
		return from && until
	case describe.AfterTime:
		return between(s.elapsed)
	case describe.AfterEnergy:
		return between(s.energy)
	case describe.WithPower:
		return known(s.power)
	case describe.WithCurrent:
		return known(s.current)
	}
	panic(c.Kind)
}

// add prices a volume of a subject at a state; the bool says whether a rate holds.
func (i *interpreter) add(subject describe.Subject, s *state, volume *big.Rat) bool {
	for _, section := range i.d.Sections {
		if section.Subject != subject {
			continue
		}
	next:
		for _, r := range section.Rates {
			for _, c := range r.Conditions {
				if !s.holds(c) {
					continue next
				}
			}
			i.lines = append(i.lines, line{subject, r, volume})
			return true
		}
	}
	return false
}

// walk goes through the periods.
func (i *interpreter) walk() {
	once := map[describe.Subject]bool{}
	flat := func(subject describe.Subject, s *state) {
		once[subject] = once[subject] || i.add(subject, s, big.NewRat(1, 1))
	}
	start, used := i.c.StartDateTime, false
	for n := range i.c.ChargingPeriods {
		if p := &i.c.ChargingPeriods[n]; volumeOf(p, ocpi.ReservationTime) == nil && !used {
			start, used = p.StartDateTime, true
		}
	}
	energy := new(big.Rat)
	for n := range i.c.ChargingPeriods {
		p := &i.c.ChargingPeriods[n]
		end := i.c.EndDateTime
		if n+1 < len(i.c.ChargingPeriods) {
			end = i.c.ChargingPeriods[n+1].StartDateTime
		}
		length := big.NewRat(int64(end.Sub(p.StartDateTime)), int64(time.Second))
		s := &state{local: p.StartDateTime.In(i.loc), energy: energy, power: volumeOf(p, ocpi.MinPower), current: volumeOf(p, ocpi.MinCurrent)}
		s.elapsed = big.NewRat(int64(p.StartDateTime.Sub(start)), int64(time.Second))
		if volumeOf(p, ocpi.ReservationTime) != nil {
			s.elapsed = big.NewRat(int64(p.StartDateTime.Sub(i.c.StartDateTime)), int64(time.Second))
			subject := describe.Reserved
			if !used {
				subject = describe.Expired
			}
			i.add(subject, s, timeOf(p, ocpi.ReservationTime, length))
			flat(subject+1, s)
			continue
		}
		flat(describe.Flat, s)
		if v := volumeOf(p, ocpi.Energy); v != nil {
			i.add(describe.Energy, s, rat(v.Value))
			i.add(describe.ChargingTime, s, timeOf(p, ocpi.Time, length))
			energy = new(big.Rat).Add(energy, rat(v.Value))
		} else {
			i.add(describe.Parking, s, timeOf(p, ocpi.ParkingTime, length))
		}
	}
}

func volumeOf(p *ocpi.ChargingPeriod, kind ocpi.Dimension) *ocpi.Number {
	for n := range p.Dimensions {
		if p.Dimensions[n].Kind == kind {
			return &p.Dimensions[n].Volume
		}
	}
	return nil
}

// timeOf is the length of a period, of which its hours are a rendering; a period too short for four decimals of an hour has none.
func timeOf(p *ocpi.ChargingPeriod, kind ocpi.Dimension, length *big.Rat) *big.Rat {
	if volumeOf(p, kind).Value.IsZero() {
		return new(big.Rat)
	}
	return length
}

// round brings the total of a subject up to whole steps of its last rate.
func (i *interpreter) round(subject describe.Subject) {
	total, last := new(big.Rat), -1
	for n, l := range i.lines {
		if l.subject == subject {
			total.Add(total, l.volume)
			if l.volume.Sign() != 0 {
				last = n
			}
		}
	}
	if last < 0 || !i.lines[last].rate.Step.Present || i.lines[last].rate.Step.Value.Sign() <= 0 {
		return
	}
	step := rat(i.lines[last].rate.Step.Value)
	if subject == describe.Energy {
		step.Quo(step, big.NewRat(1000, 1))
	}
	steps := new(big.Rat).Quo(total, step)
	whole := new(big.Int).Div(steps.Num(), steps.Denom())
	if !steps.IsInt() {
		whole.Add(whole, big.NewInt(1))
	}
	surplus := new(big.Rat).Mul(new(big.Rat).SetInt(whole), step)
	i.lines[last].volume = new(big.Rat).Add(i.lines[last].volume, surplus.Sub(surplus, total))
}

// price is the total before and after taxes, nil where it is not known.
func (i *interpreter) price() (net, gross *big.Rat) {
	i.walk()
	parked := false
	for _, l := range i.lines {
		parked = parked || l.subject == describe.Parking && l.volume.Sign() != 0
	}
	i.round(describe.Energy)
	i.round(describe.Reserved)
	i.round(describe.Expired)
	if parked {
		i.round(describe.Parking)
	} else {
		i.round(describe.ChargingTime)
	}
	net, gross = new(big.Rat), new(big.Rat)
	taxed := false
	for _, l := range i.lines {
		cost := new(big.Rat).Mul(l.volume, rat(l.rate.Price))
		switch l.subject {
		case describe.ChargingTime, describe.Parking, describe.Reserved, describe.Expired:
			cost.Quo(cost, big.NewRat(3600, 1))
		}
		n, g := i.taxLine(l.rate, cost)
		net, gross = sum(net, n), sum(gross, g)
		taxed = taxed || i.taxed(l.rate)
	}
	if i.d.Taxes == describe.TaxesUnknown {
		gross = nil
	}
	net, gross = limit(net, gross, i.d.Min, 1, taxed)
	return limit(net, gross, i.d.Max, -1, taxed)
}

func sum(a, b *big.Rat) *big.Rat {
	if a == nil || b == nil {
		return nil
	}
	return new(big.Rat).Add(a, b)
}

func (i *interpreter) taxLine(r describe.Rate, cost *big.Rat) (net, gross *big.Rat) {
	if i.d.Taxes == describe.TaxesNone {
		return cost, cost
	}
	if i.d.Taxes == describe.TaxesUnknown {
		return cost, nil
	}
	factor := big.NewRat(1, 1)
	if r.VAT.Present {
		factor.Add(factor, new(big.Rat).Quo(rat(r.VAT.Value), big.NewRat(100, 1)))
	}
	switch {
	case i.d.Taxes == describe.TaxesIncluded && !r.VAT.Present:
		return nil, cost
	case i.d.Taxes == describe.TaxesIncluded:
		return new(big.Rat).Quo(cost, factor), cost
	case !r.VAT.Present && i.d.Taxes != describe.TaxesAdded:
		return cost, nil
	}
	return cost, new(big.Rat).Mul(cost, factor)
}

// taxed reports a rate that bears a tax; one of 0 % bears none.
func (i *interpreter) taxed(r describe.Rate) bool {
	if i.d.Taxes == describe.TaxesNone {
		return false
	}
	if r.VAT.Present {
		return !r.VAT.Value.IsZero()
	}
	return i.d.Taxes == describe.TaxesIncluded
}

// limit applies a least (side 1) or greatest (side -1) total.
func limit(net, gross *big.Rat, l describe.Limit, side int, taxed bool) (*big.Rat, *big.Rat) {
	clamp := func(v *big.Rat, n ocpi.Number) (*big.Rat, bool) {
		if v != nil && n.Present && rat(n.Value).Cmp(v) == side {
			return rat(n.Value), true
		}
		return v, false
	}
	net, hit := clamp(net, l.BeforeTaxes)
	switch {
	case l.AfterTaxes.Present:
		gross, _ = clamp(gross, l.AfterTaxes)
	case hit && gross != nil && !taxed:
		gross = net
	case hit && gross != nil && gross.Cmp(net) < 0:
		gross = nil
	}
	return net, gross
}

// agree holds the price of a session by the clauses against the engine's.
func agree(t require.TestingT, tr *ocpi.Tariff, lang string, in simulate.Input) {
	tolerance := big.NewRat(1, 1e12)
	d, err := describe.Describe(tr, lang)
	require.NoError(t, err)
	out, err := simulate.Price(tr, in)
	require.NoError(t, err)
	net, gross := (&interpreter{d: d, c: out.CDR, loc: out.Result.Zone.Location}).price()
	cost := out.Result.Totals.Cost
	for _, side := range []struct {
		name string
		want *big.Rat
		got  ocpi.Number
	}{{"before taxes", net, cost.BeforeTaxes}, {"after taxes", gross, cost.AfterTaxes}} {
		require.Equal(t, side.want != nil, side.got.Present, "%s\n%s\n%s", side.name, d.Text(), out.CDR.Record.Bytes)
		if side.want != nil {
			off := new(big.Rat).Sub(side.want, rat(side.got.Value))
			require.LessOrEqual(t, off.Abs(off).Cmp(tolerance), 0, "%s: clauses %s, engine %s\n%s\n%s", side.name,
				side.want.FloatString(8), side.got.Value, d.Text(), out.CDR.Record.Bytes)
		}
	}
}

// A description is complete and true: from its clauses alone every session costs what the engine says.
func TestPropTheClausesPriceAsTheEngine(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		tr := anytariff.Tariff().Draw(r, "tariff")
		agree(r, tr, rapid.SampledFrom(describe.Languages).Draw(r, "language"), anytariff.Visit(tr.Version).Draw(r, "visit"))
	})
}

// What is seldom drawn: an expired reservation under rates of both kinds, in either order.
func TestTheClausesPriceExpiredReservations(t *testing.T) {
	used := `{"price_components":[{"type":"TIME","price":3,"vat":20,"step_size":600},{"type":"FLAT","price":1,"vat":20}],"restrictions":{"reservation":"RESERVATION"}}`
	expired := `{"price_components":[{"type":"TIME","price":6,"vat":20,"step_size":600},{"type":"FLAT","price":4,"vat":20}],"restrictions":{"reservation":"RESERVATION_EXPIRES"}}`
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	for _, elements := range []string{used + "," + expired, expired + "," + used} {
		tr := anytariff.Parse(`{"country_code":"NL","party_id":"CPO","id":"T","currency":"EUR","elements":[`+elements+`]}`, "2.2.1")
		agree(t, tr, "en", simulate.Input{ReservedFrom: noon.Add(-85 * time.Minute), Start: noon, End: noon})
		agree(t, tr, "en", simulate.Input{ReservedFrom: noon.Add(-25 * time.Minute), Start: noon, End: noon.Add(time.Hour)})
	}
}
