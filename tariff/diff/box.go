package diff

import (
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff/describe"
)

// box is a set of cells that is a set of pieces on every axis, sorted.
type box [axisCount][]int

// boxes puts cells together: axis by axis, those that are equal on all others become one where it can be said in one breath.
func (g *grid) boxes(cells []cell) []box {
	out := make([]box, 0, len(cells))
	for _, c := range cells {
		var b box
		for i := range b {
			b[i] = []int{c[i]}
		}
		out = append(out, b)
	}
	for axis := axisCount - 1; axis >= 0; axis-- {
		out = g.merge(out, axis)
	}
	return out
}

// merge joins boxes along one axis, keeping their order.
func (g *grid) merge(list []box, axis int) []box {
	index := map[string]int{}
	var groups [][]box
	for _, b := range list {
		key := b.keyWithout(axis)
		n, ok := index[key]
		if !ok {
			n = len(groups)
			index[key] = n
			groups = append(groups, nil)
		}
		groups[n] = append(groups[n], b)
	}
	var out []box
	for _, same := range groups {
		var pieces []int
		for _, b := range same {
			pieces = append(pieces, b[axis]...)
		}
		slices.Sort(pieces)
		for _, run := range g.runs(axis, slices.Compact(pieces)) {
			b := same[0]
			b[axis] = run
			out = append(out, b)
		}
	}
	return out
}

// keyWithout names a box by its pieces on all axes but one.
func (b box) keyWithout(axis int) string {
	var key []byte
	for i, pieces := range b {
		for _, p := range pieces {
			if i != axis {
				key = append(key, byte(p), byte(p>>8), byte(p>>16))
			}
		}
		key = append(key, '/', byte(i))
	}
	return string(key)
}

// runs cuts pieces into what can be said as one: any set of weekdays, neighbours on any other axis; times also over midnight.
func (g *grid) runs(axis int, pieces []int) [][]int {
	if axis == axisDays {
		return [][]int{pieces}
	}
	var out [][]int
	for i, p := range pieces {
		if i > 0 && pieces[i-1] == p-1 && axis != axisContext {
			out[len(out)-1] = append(out[len(out)-1], p)
			continue
		}
		out = append(out, []int{p})
	}
	if last := len(out) - 1; axis == axisTimes && last > 0 && out[0][0] == 0 && out[last][len(out[last])-1] == len(g.minutes)-1 {
		out[0] = append(out[last], out[0]...)
		out = out[:last]
	}
	return out
}

// conditions say a box, nothing of the axes that it covers whole.
func (g *grid) conditions(b box) []describe.Condition {
	var out []describe.Condition
	if days := b[axisDays]; g.days == daysOfWeek && len(days) < daysOfWeek {
		var set ocpi.Weekdays
		for _, d := range days {
			set |= 1 << ((d + 1) % daysOfWeek)
		}
		out = append(out, describe.Condition{Kind: describe.OnDays, Days: set})
	}
	if dates := b[axisDates]; len(dates) <= len(g.dates) {
		c := describe.Condition{Kind: describe.OnDates}
		if first := dates[0]; first > 0 {
			c.FromDate = g.dates[first-1]
		}
		if last := dates[len(dates)-1]; last < len(g.dates) {
			c.UntilDate = g.dates[last]
		}
		out = append(out, c)
	}
	if times := b[axisTimes]; len(times) < len(g.minutes) {
		out = append(out, g.timesOf(times))
	}
	for _, a := range []struct {
		axis   int
		kind   describe.Kind
		bounds []exact.Decimal
	}{
		{axisDuration, describe.AfterTime, g.durations}, {axisEnergy, describe.AfterEnergy, g.energies},
		{axisPower, describe.WithPower, g.powers}, {axisCurrent, describe.WithCurrent, g.currents},
	} {
		if pieces := b[a.axis]; len(pieces) <= len(a.bounds) && !g.outside(b, a.axis) {
			from, _ := piece(a.bounds, pieces[0])
			_, until := piece(a.bounds, pieces[len(pieces)-1])
			out = append(out, describe.Condition{Kind: a.kind, From: from, Until: until})
		}
	}
	return out
}

// outside reports an axis that says nothing of a box: a reservation has no energy, power or current.
func (g *grid) outside(b box, axis int) bool {
	return b[axisContext][0] != inSession && axis >= axisEnergy
}

func (g *grid) timesOf(slots []int) describe.Condition {
	c := describe.Condition{Kind: describe.AtTimes}
	if from := g.minutes[slots[0]]; from > 0 {
		c.FromTime = ocpi.TimeOfDay{Minutes: from, Present: true}
	}
	if next := slots[len(slots)-1] + 1; next < len(g.minutes) {
		c.UntilTime = ocpi.TimeOfDay{Minutes: g.minutes[next], Present: true}
	}
	return c
}
