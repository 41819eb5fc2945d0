package tariff

import (
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// The oracle is a second, slow and obvious implementation of the default readings of 2.2.1 for one tariff, on fractions. It shares
// nothing with the engine but the model.

type oracle struct {
	c     *ocpi.CDR
	loc   *time.Location
	ends  []time.Time
	order []ocpi.ChargingPeriod
	start time.Time // of charging
	used  bool      // charging took place
}

type oracleLine struct {
	volume, price *big.Rat
	vat           *big.Rat
	step          *big.Rat
	kind          ocpi.Dimension
	period        int
}

func rat(d exact.Decimal) *big.Rat {
	r, ok := new(big.Rat).SetString(d.String())
	if !ok {
		panic(d.String())
	}
	return r
}

func newOracle(c *ocpi.CDR, loc *time.Location) *oracle {
	o := &oracle{c: c, loc: loc, order: slices.Clone(c.ChargingPeriods), start: c.StartDateTime}
	slices.SortStableFunc(o.order, func(a, b ocpi.ChargingPeriod) int { return a.StartDateTime.Compare(b.StartDateTime) })
	for i := range o.order {
		end := c.EndDateTime
		if i+1 < len(o.order) {
			end = o.order[i+1].StartDateTime
		}
		o.ends = append(o.ends, end)
	}
	for i := range o.order {
		if o.charging(i) {
			o.used = true
			if i > 0 && o.reserving(0) {
				o.start = o.order[i].StartDateTime
			}
			break
		}
	}
	return o
}

func (o *oracle) sum(i int, kind ocpi.Dimension) (*big.Rat, bool) {
	total, found := new(big.Rat), false
	for _, d := range o.order[i].Dimensions {
		if d.Kind == kind {
			total.Add(total, rat(d.Volume.Value))
			found = true
		}
	}
	return total, found
}

func (o *oracle) reserving(i int) bool {
	_, ok := o.sum(i, ocpi.ReservationTime)
	return ok
}

func (o *oracle) charging(i int) bool {
	if !o.reserving(i) {
		return true
	}
	for _, k := range []ocpi.Dimension{ocpi.Energy, ocpi.Time, ocpi.ParkingTime} {
		if v, _ := o.sum(i, k); v.Sign() != 0 {
			return true
		}
	}
	return false
}

// seconds are the hours of a dimension, or the period's length where they are that to within 0.18 s (four decimals are sent).
func (o *oracle) seconds(i int, kind ocpi.Dimension) (*big.Rat, bool) {
	v, ok := o.sum(i, kind)
	v.Mul(v, big.NewRat(3600, 1))
	length := big.NewRat(int64(o.ends[i].Sub(o.order[i].StartDateTime)/time.Second), 1)
	off := new(big.Rat).Sub(v, length)
	if v.Sign() != 0 && length.Sign() > 0 && off.Abs(off).Cmp(big.NewRat(18, 100)) <= 0 {
		return length, ok
	}
	return v, ok
}

// applies tests all restrictions of an element but that on reservations.
func (o *oracle) applies(r *ocpi.Restrictions, i int, kwh *big.Rat) bool {
	at := o.order[i].StartDateTime
	local := at.In(o.loc)
	elapsed := big.NewRat(int64(at.Sub(o.start)/time.Second), 1)
	if !o.charging(i) {
		elapsed = big.NewRat(int64(at.Sub(o.c.StartDateTime)/time.Second), 1)
	}
	atLeast := func(v *big.Rat, n ocpi.Number) bool { return !n.Present || v.Cmp(rat(n.Value)) >= 0 }
	below := func(v *big.Rat, n ocpi.Number) bool { return !n.Present || v.Cmp(rat(n.Value)) < 0 }
	minutes := local.Hour()*60 + local.Minute()
	from, to := r.StartTime.Minutes, r.EndTime.Minutes
	window := true
	if r.StartTime.Present && r.EndTime.Present {
		switch {
		case from == to:
			window = from == 0
		case from < to:
			window = from <= minutes && minutes < to
		default:
			window = minutes >= from || minutes < to
		}
	}
	power := true
	for _, d := range o.order[i].Dimensions {
		if d.Kind == ocpi.MaxPower && r.MinPower.Present {
			power = rat(d.Volume.Value).Cmp(rat(r.MinPower.Value)) >= 0
		}
	}
	return window && power && atLeast(kwh, r.MinKWh) && below(kwh, r.MaxKWh) && atLeast(elapsed, r.MinDuration) &&
		below(elapsed, r.MaxDuration) && (r.DayOfWeek == 0 || r.DayOfWeek.Has(local.Weekday()))
}

// find is the component of a dimension that is active in a period, for one kind of element.
func (o *oracle) find(i int, kind ocpi.Dimension, reservation ocpi.ReservationKind, kwh *big.Rat) *ocpi.PriceComponent {
	for _, el := range o.c.Tariffs[0].Elements {
		r := el.Restrictions
		if r == nil {
			r = &ocpi.Restrictions{}
		}
		for j := range el.PriceComponents {
			if el.PriceComponents[j].Kind == kind && r.Reservation == reservation && o.applies(r, i, kwh) {
				return &el.PriceComponents[j]
			}
		}
	}
	return nil
}

func (o *oracle) lineOf(c *ocpi.PriceComponent, kind ocpi.Dimension, i int, volume *big.Rat) oracleLine {
	l := oracleLine{volume: volume, price: rat(c.Price.Value), vat: new(big.Rat), step: rat(c.StepSize.Value), kind: kind, period: i}
	if c.VAT.Present {
		l.vat = rat(c.VAT.Value)
	}
	if kind == ocpi.Energy {
		l.step.Quo(l.step, big.NewRat(1000, 1))
	}
	return l
}

// round brings the total of one kind to whole steps of its last line with volume.
func round(lines []oracleLine, kind ocpi.Dimension) {
	total, last := new(big.Rat), -1
	for n, l := range lines {
		if l.kind == kind {
			total.Add(total, l.volume)
			if l.volume.Sign() != 0 {
				last = n
			}
		}
	}
	if last < 0 || lines[last].step.Sign() == 0 || total.Sign() <= 0 {
		return
	}
	steps := new(big.Rat).Quo(total, lines[last].step)
	whole := new(big.Int).Div(steps.Num(), steps.Denom())
	if !steps.IsInt() {
		whole.Add(whole, big.NewInt(1))
	}
	billed := new(big.Rat).Mul(new(big.Rat).SetInt(whole), lines[last].step)
	lines[last].volume = new(big.Rat).Add(lines[last].volume, billed.Sub(billed, total))
}

func (o *oracle) price() (net, gross *big.Rat) {
	var lines []oracleLine
	kwh := new(big.Rat)
	flat, reservedFlat := false, false
	addFlat := func(done *bool, i int, kinds ...ocpi.ReservationKind) {
		var best *ocpi.PriceComponent
		for _, k := range kinds {
			if c := o.find(i, ocpi.Flat, k, kwh); c != nil && (best == nil || o.earlier(c, best)) {
				best = c
			}
		}
		if best != nil && !*done {
			*done = true
			lines = append(lines, o.lineOf(best, ocpi.Flat, i, big.NewRat(1, 1)))
		}
	}
	for i := range o.order {
		if v, ok := o.seconds(i, ocpi.ReservationTime); ok {
			c := o.find(i, ocpi.Time, ocpi.Reservation, kwh)
			if o.used {
				addFlat(&reservedFlat, i, ocpi.Reservation)
			} else {
				if x := o.find(i, ocpi.Time, ocpi.ReservationExpires, kwh); x != nil {
					c = x
				}
				addFlat(&reservedFlat, i, ocpi.Reservation, ocpi.ReservationExpires)
			}
			if c != nil {
				lines = append(lines, o.lineOf(c, ocpi.ReservationTime, i, v))
			}
		}
		if o.charging(i) {
			addFlat(&flat, i, ocpi.NoReservation)
			for _, k := range []ocpi.Dimension{ocpi.Energy, ocpi.Time, ocpi.ParkingTime} {
				v, ok := o.sum(i, k)
				if k != ocpi.Energy {
					v, ok = o.seconds(i, k)
				}
				if c := o.find(i, k, ocpi.NoReservation, kwh); ok && c != nil {
					lines = append(lines, o.lineOf(c, k, i, v))
				}
			}
		}
		v, _ := o.sum(i, ocpi.Energy)
		kwh = new(big.Rat).Add(kwh, v)
	}
	return o.total(lines)
}

// earlier reports that a stands before b in the tariff.
func (o *oracle) earlier(a, b *ocpi.PriceComponent) bool {
	for _, el := range o.c.Tariffs[0].Elements {
		for j := range el.PriceComponents {
			switch &el.PriceComponents[j] {
			case a:
				return true
			case b:
				return false
			}
		}
	}
	return false
}

func (o *oracle) total(lines []oracleLine) (net, gross *big.Rat) {
	round(lines, ocpi.Energy)
	round(lines, ocpi.ReservationTime)
	parking := slices.ContainsFunc(lines, func(l oracleLine) bool { return l.kind == ocpi.ParkingTime && l.volume.Sign() != 0 })
	if parking {
		round(lines, ocpi.ParkingTime)
	} else {
		round(lines, ocpi.Time)
	}
	net, gross = new(big.Rat), new(big.Rat)
	for _, l := range lines {
		cost := new(big.Rat).Mul(l.volume, l.price)
		if l.kind != ocpi.Energy && l.kind != ocpi.Flat {
			cost.Quo(cost, big.NewRat(3600, 1))
		}
		net.Add(net, cost)
		factor := new(big.Rat).Quo(l.vat, big.NewRat(100, 1))
		gross.Add(gross, cost.Add(cost, factor.Mul(factor, cost)))
	}
	return net, gross
}

func TestPropAgreesWithTheOracle(t *testing.T) {
	tolerance := big.NewRat(1, 1e15)
	rapid.Check(t, func(r *rapid.T) {
		d := genDraft(true).Draw(r, "cdr")
		d.version, d.tariffs[0].extra = "2.2.1", ""
		in := d.input(r)
		res := Price(in)
		require.Nil(r, res.Blocked)
		net, gross := newOracle(in.CDR, in.Zone.Location).price()
		for _, c := range []struct {
			name string
			want *big.Rat
			got  exact.Decimal
		}{{"before taxes", net, res.Totals.Cost.BeforeTaxes.Value}, {"after taxes", gross, res.Totals.Cost.AfterTaxes.Value}} {
			off := new(big.Rat).Sub(c.want, rat(c.got))
			require.LessOrEqual(r, off.Abs(off).Cmp(tolerance), 0, "%s: oracle %s, engine %s\n%s", c.name, c.want.FloatString(12), c.got, in.CDR.Record.Bytes)
		}
	})
}
