package tariff

import (
	"slices"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
)

// Splits of a period's energy. A period says how much energy flowed between two instants and nothing of when. Drawn over time, the
// energy of the session so far is a line that never falls, from where the period begins to where it ends, and any such line is possible.
// The boundaries of the tariff divide that picture into
// cells: columns, at the instants that a clock or a duration fixes, and rows, at the bounds of energy. In a cell nothing changes, so
// a split is what energy and what time the line spends in each. Time in proportion to the clock is not free: a column has its share.

// field is a period that boundaries divide.
type field struct {
	period  int        // index among the periods as declared
	columns []cut      // the beginnings of all columns but the first
	rows    []cut      // the beginnings of all rows but the first
	top     bool       // the last row begins where the energy of the period ends: time can be in it, energy cannot
	energy  bool       // the period has energy
	last    bool       // no later period has any, so that a step of energy may be the one of this period
	cells   [][]period // columns of rows: the period from the beginning of a cell on
}

// fields are the periods that have cuts, which are those of even energy: any other period is what an operator who splits where it must
// could have written, and stands as declared. Power that a period states is not looked at; it could only narrow what is possible. why says what keeps their splits from being known.
func (e *engine) fields(cuts []cut) (out []field, why string) {
	before := e.startProbe()
	defer e.endProbe(before)
	for i := range e.periods {
		p := &e.periods[i]
		if !slices.ContainsFunc(cuts, func(c cut) bool { return c.index == p.src.Index }) {
			continue
		}
		if e.s.sign(p.volume[slotEnergy]) < 0 {
			return nil, "energy flows back"
		}
		f := field{period: i, energy: e.s.sign(p.volume[slotEnergy]) > 0, last: e.lastEnergy(i)}
		f.columns, f.rows = e.columnsOf(p), e.rowsOf(p, &f)
		if (len(f.columns)+1)*(len(f.rows)+1) > maxMoments || len(e.moments) >= maxMoments {
			return nil, tooManySplits
		}
		e.fill(&f)
		if e.blocked() {
			return nil, "the time zone is not known"
		}
		out = append(out, f)
	}
	return out, ""
}

// lastEnergy reports that no later period has energy. Under several tariffs each may have a step of its own.
func (e *engine) lastEnergy(i int) bool {
	for j := i + 1; j < len(e.periods); j++ {
		if e.s.sign(e.periods[j].volume[slotEnergy]) != 0 {
			return len(e.tariffs) > 1
		}
	}
	return true
}

// columnsOf are the instants inside a period at which a clock or a duration may change a component.
func (e *engine) columnsOf(p *period) []cut {
	c := &e.tariffs[p.tariff]
	e.moments = e.moments[:0]
	for _, el := range c.bounded {
		e.durationMoments(c, el, p)
	}
	e.clockMoments(c, p)
	slices.SortStableFunc(e.moments, func(a, b moment) int { return a.at.Compare(b.at) })
	var out []cut
	last := p.start
	for _, m := range e.moments {
		if m.at.After(last) && m.at.Before(p.end) {
			out, last = append(out, m), m.at
		}
	}
	return out
}

// rowsOf are the bounds of energy that the session reaches in a period, its end included.
func (e *engine) rowsOf(p *period, f *field) []cut {
	c := &e.tariffs[p.tariff]
	end := e.s.value(e.s.add(RuleEnergyBefore, p.before, p.volume[slotEnergy]))
	var out []cut
	add := func(el, member int32, n ocpi.Number) {
		if n.Present && e.s.value(p.before).Less(n.Value) && !end.Less(n.Value) {
			out = append(out, cut{index: p.src.Index, place: c.leafAt(atRestriction, el, member), energy: true, limit: n})
		}
	}
	for _, el := range c.bounded {
		add(el, limitMinKWh, c.t.Elements[el].Restrictions.MinKWh)
		add(el, limitMaxKWh, c.t.Elements[el].Restrictions.MaxKWh)
	}
	slices.SortStableFunc(out, func(a, b cut) int { return a.limit.Value.Cmp(b.limit.Value) })
	out = slices.CompactFunc(out, func(a, b cut) bool { return a.limit.Value.Equal(b.limit.Value) })
	f.top = len(out) > 0 && out[len(out)-1].limit.Value.Equal(end)
	return out
}

// fill finds the components of every cell, then forgets the boundaries at which nothing changes.
func (e *engine) fill(f *field) {
	p := &e.periods[f.period]
	f.cells = [][]period{e.columnAt(f, p, p.start)}
	for i := range f.columns {
		f.cells = append(f.cells, e.columnAt(f, p, f.columns[i].at))
	}
	for column := 1; column < len(f.cells); {
		if e.columnChanges(f, p, column) {
			column++
			continue
		}
		f.columns, f.cells = slices.Delete(f.columns, column-1, column), slices.Delete(f.cells, column, column+1)
	}
	for row := 1; row < len(f.cells[0]); {
		if e.rowChanges(f, p, row) {
			row++
			continue
		}
		f.top = f.top && row < len(f.rows)
		f.rows = slices.Delete(f.rows, row-1, row)
		for i := range f.cells {
			f.cells[i] = slices.Delete(f.cells[i], row, row+1)
		}
	}
}

// columnAt is a column of cells, that which begins at an instant.
func (e *engine) columnAt(f *field, p *period, at time.Time) []period {
	out := make([]period, len(f.rows)+1)
	for row := range out {
		out[row] = e.laterIn(p, at)
		if row > 0 {
			out[row].before = e.s.constant(RuleEnergyBefore, "kWh", f.rows[row-1].limit.Value)
		}
		e.probeFor(&out[row])
	}
	return out
}

// columnChanges reports whether a column differs from the one before it.
func (e *engine) columnChanges(f *field, p *period, column int) bool {
	for row := range f.cells[column] {
		a, b := &f.cells[column-1][row], &f.cells[column][row]
		if f.hasEnergy(row) && e.pricesChange(p, a, b, slotEnergy) || e.timesChange(p, a, b) || flatsChange(a, b) {
			return true
		}
	}
	return false
}

// rowChanges reports whether a row differs from the one below it.
func (e *engine) rowChanges(f *field, p *period, row int) bool {
	for column := range f.cells {
		a, b := &f.cells[column][row-1], &f.cells[column][row]
		if f.hasEnergy(row) && e.pricesChange(p, a, b, slotEnergy) || e.timesChange(p, a, b) || flatsChange(a, b) {
			return true
		}
	}
	return false
}

// hasEnergy reports whether energy can be in a row.
func (f *field) hasEnergy(row int) bool { return !f.top || row < len(f.rows) }

// pricesChange reports whether a slot that has volume is priced otherwise in another cell.
func (e *engine) pricesChange(p, a, b *period, sl slot) bool {
	return e.s.sign(p.volume[sl]) != 0 && !sameComponent(&e.tariffs[p.tariff], a.pick[sl], b.pick[sl])
}

func (e *engine) timesChange(p, a, b *period) bool {
	return e.pricesChange(p, a, b, slotTime) || e.pricesChange(p, a, b, slotParking) || e.pricesChange(p, a, b, slotReserved)
}

func flatsChange(a, b *period) bool {
	for sl := slotFlat; sl < slotCount; sl++ {
		if a.pick[sl] != b.pick[sl] {
			return true
		}
	}
	return false
}

// mixed reports a slot whose volume a split moves between cells that price it and cells that do not, so that how much of it is billed
// depends on the split. Energy moves between the columns of a row, time between the rows of a column.
func (e *engine) mixed(f *field, sl slot) bool {
	if e.s.sign(e.periods[f.period].volume[sl]) == 0 {
		return false
	}
	for column := range f.cells {
		for row := range f.cells[column] {
			other := &f.cells[column][0]
			if sl == slotEnergy {
				other = &f.cells[0][row]
			}
			if (sl != slotEnergy || f.hasEnergy(row)) && f.cells[column][row].pick[sl].ok != other.pick[sl].ok {
				return true
			}
		}
	}
	return false
}
