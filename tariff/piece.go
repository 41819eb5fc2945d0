package tariff

import "slices"

// A line through a field is known by the energy of the session at each of its columns' beginnings, and by when in a column it meets a
// bound of energy. The cost is linear in both while no order changes, so it is least and greatest at the ends: the energy at the
// beginning of a column is that of the period's beginning or end or a bound, met just then or just not yet; and all the time of a
// column is in one row. Where no more than a trace of energy or time is in a cell it still tells: the step of the last component that
// is relevant counts, and a FLAT that becomes active.

// piece is what a line spends in one cell.
type piece struct {
	column, row int
	from, to    int  // energy, by node: 0 is the period's beginning, n the bound of row n, the last the period's end
	timed       bool // all the time of the column is here
	under       bool // it begins as little below the bound at from as one likes, so in the row below
	little      bool // it has energy, as little as one likes
	brief       bool // it has time, as little as one likes
}

// limit says in bits, see limitWords, what of a piece is approached and not reached; 0 where all is.
func (p *piece) limit() int32 {
	var out int32
	for i, set := range [...]bool{p.little, p.brief, p.under, p.from < p.to && !p.timed} {
		if set {
			out |= 1 << i
		}
	}
	return out
}

// planner lists the lines through a field that may be extreme.
type planner struct {
	f      *field
	e      *engine
	p      *period
	most   int
	pieces []piece
	out    [][]piece
}

// plans lists the lines that may be extreme, nil where they are more than most.
func (e *engine) plans(f *field, most int) [][]piece {
	w := &planner{f: f, e: e, p: &e.periods[f.period], most: most}
	w.column(0, 0)
	if len(w.out) > most {
		return nil
	}
	return w.out
}

// Levels are the energies that a column can begin with, in order: the beginning of row 0, just below its end, the beginning of row 1
// and so on, and last the period's end.

// end is the level of the period's end.
func (w *planner) end() int {
	switch {
	case !w.f.energy:
		return 0
	case w.f.top:
		return 2 * len(w.f.rows)
	}
	return 2*len(w.f.rows) + 2
}

// row is the row in which a level lies.
func (w *planner) row(level int) int {
	if level == w.end() {
		return len(w.f.rows)
	}
	return level / 2
}

// node is the energy of a level, see piece.
func node(level int) int { return (level + 1) / 2 }

// column goes on from the beginning of a column.
func (w *planner) column(column, level int) {
	last := column == len(w.f.columns)
	for next := level; next <= w.end() && len(w.out) <= w.most; next++ {
		if last && next != w.end() || w.idle(next) {
			continue
		}
		for _, layout := range w.layouts(column, level, next) {
			n := len(w.pieces)
			w.pieces = append(w.pieces, layout...)
			if last {
				w.out = append(w.out, slices.Clone(w.pieces))
			} else {
				w.column(column+1, next)
			}
			w.pieces = w.pieces[:n]
		}
	}
}

// idle reports a level that adds nothing: just below the end, where neither the last trace of energy nor the row of the end tells.
func (w *planner) idle(level int) bool {
	return w.f.energy && level == w.end()-1 && !w.f.last && !w.f.top
}

// layouts are the ways in which a line can go through a column, between two levels: which row has its time, and which other a trace.
func (w *planner) layouts(column, from, to int) [][]piece {
	first, last, more := w.reach(from, to)
	rows := w.timeRows(column, first, last, more)
	var out [][]piece
	for _, main := range rows {
		out = append(out, w.layout(column, from, to, main, -1))
		for _, brief := range rows {
			if brief != main {
				out = append(out, w.layout(column, from, to, main, brief))
			}
		}
	}
	return out
}

// reach is the first and last row that a line meets between two levels, and the row that it may meet beyond, −1 where there is none.
func (w *planner) reach(from, to int) (first, last, more int) {
	first, last, more = w.row(from), w.row(to), -1
	if from == to || to%2 == 1 {
		return first, last, more
	}
	if to < w.end() || w.f.top {
		last, more = last-1, last
	}
	return first, last, more
}

// timeRows are the rows of a column between which its time makes a difference.
func (w *planner) timeRows(column, first, last, more int) []int {
	rows := []int{first}
	cells := w.f.cells[column]
	for row := first + 1; row <= last; row++ {
		if w.e.timesChange(w.p, &cells[row-1], &cells[row]) {
			rows = append(rows, row)
		}
	}
	if more >= 0 && (w.e.timesChange(w.p, &cells[last], &cells[more]) || flatsChange(&cells[last], &cells[more])) {
		rows = append(rows, more)
	}
	return rows
}

// layout is one way through a column.
func (w *planner) layout(column, from, to, main, brief int) []piece {
	first, last, more := w.reach(from, to)
	if more >= 0 && (main == more || brief == more) {
		last = more
	}
	var out []piece
	for row := first; row <= last; row++ {
		p := piece{column: column, row: row, timed: row == main, brief: row == brief}
		p.from = max(row, node(from))
		p.to = max(p.from, min(row+1, node(to)))
		if row == first && from%2 == 1 {
			p.under, p.little = true, to > from
		}
		out = append(out, p)
	}
	return out
}
