package reconcile

import "math"

// Assignment of rows to columns at least cost: lines to CDRs. Which line means which CDR is decided for all of them together, since the
// nearest CDR of one line may be the only one of another.

// impossible is the cost of a pair that does not fit. Real costs stay below maxPairCost, so that sums of them do not reach it.
const (
	impossible  = math.MaxInt64 / 4
	maxPairCost = 1 << 32
	// alone is the cost of leaving a row without a column: more than any pair, so that as many rows as can be are assigned.
	alone = 1 << 40
)

// assignment is what assign found for a row.
type assignment struct {
	column int   // −1: none
	margin int64 // how much more all rows cost together where this row does not get this column; impossible: there is no other way
}

// assign gives each row a column of its own, or none, so that the cost of all is least. costs[i][j] is impossible, or from 0 to
// maxPairCost. A margin of zero says that another assignment is just as good: then which one is returned means nothing. The work grows
// with rows × rows × columns.
func assign(costs [][]int64) []assignment {
	if len(costs) == 0 {
		return nil
	}
	a := newAssigner(costs)
	for row := range a.rows {
		a.augment(row)
	}
	out := make([]assignment, a.rows)
	for row := range out {
		out[row] = assignment{column: a.columnOf[row], margin: a.marginOf(row)}
		if a.columnOf[row] >= a.columns {
			out[row].column = -1
		}
	}
	return out
}

// assigner solves by shortest augmenting paths with potentials. Beside the columns proper each row has one of its own, which stands for
// being left alone.
type assigner struct {
	costs           [][]int64
	rows, columns   int
	rowPrice, price []int64 // potentials: cost − rowPrice − price is never negative, and zero where assigned
	columnOf, rowOf []int   // −1: none
	forbidden       [2]int  // a pair that must not be taken
}

func newAssigner(costs [][]int64) *assigner {
	n, m := len(costs), len(costs[0])
	a := &assigner{costs: costs, rows: n, columns: m, rowPrice: make([]int64, n), price: make([]int64, n+m), forbidden: [2]int{-1, -1}}
	a.columnOf, a.rowOf = make([]int, n), make([]int, n+m)
	for i := range a.columnOf {
		a.columnOf[i] = -1
	}
	for j := range a.rowOf {
		a.rowOf[j] = -1
	}
	return a
}

// cost of a pair; the column of a row alone is its own.
func (a *assigner) cost(row, column int) int64 {
	switch {
	case a.forbidden == [2]int{row, column}:
		return impossible
	case column < a.columns:
		return a.costs[row][column]
	case column-a.columns == row:
		return alone
	}
	return impossible
}

// search is one search for a shortest augmenting path.
type search struct {
	distance []int64 // of each column from the row begun with
	before   []int   // the column before it on the way, −1 at the start
	done     []bool
}

// augment assigns a row, moving others where that is cheaper.
func (a *assigner) augment(row int) {
	s := newSearch(len(a.price))
	a.relax(s, row, -1, 0)
	j := s.nearest() // there always is one: the row's own
	for ; a.rowOf[j] >= 0; j = s.nearest() {
		s.done[j] = true
		a.relax(s, a.rowOf[j], j, s.distance[j])
	}
	a.reprice(s, row, j)
	a.take(s, row, j)
}

// detour is what it costs that a row loses its column: the row gets another one, its old one serves another row or none, and others move
// where that is cheaper. impossible where there is no way.
func (a *assigner) detour(row, lost int) int64 {
	s := newSearch(len(a.price))
	a.relax(s, row, -1, 0)
	for j := s.nearest(); j >= 0; j = s.nearest() {
		s.done[j] = true
		switch {
		case j == lost:
			return s.distance[j] + a.rowPrice[row] + a.price[j]
		case a.rowOf[j] >= 0:
			a.relax(s, a.rowOf[j], j, s.distance[j])
		default:
			a.leave(s, lost, s.distance[j])
		}
	}
	return impossible
}

// leave shortens the ways to columns that fall free: now that a free column is taken, any other may be left, and its row go on.
func (a *assigner) leave(s *search, lost int, so int64) {
	for j := range s.distance {
		if d := so - a.price[j]; !s.done[j] && (a.rowOf[j] >= 0 || j == lost) && d < s.distance[j] {
			s.distance[j] = d
		}
	}
}

func newSearch(columns int) *search {
	s := &search{make([]int64, columns), make([]int, columns), make([]bool, columns)}
	for j := range s.distance {
		s.distance[j], s.before[j] = impossible, -1
	}
	return s
}

// relax shortens the ways to all columns by going through a row, which is reached from a column.
func (a *assigner) relax(s *search, row, from int, so int64) {
	for j := range s.distance {
		cost := a.cost(row, j)
		if s.done[j] || cost >= impossible {
			continue
		}
		if d := so + cost - a.rowPrice[row] - a.price[j]; d < s.distance[j] {
			s.distance[j], s.before[j] = d, from
		}
	}
}

// nearest is the nearest column that is not done, −1 where none can be reached.
func (s *search) nearest() int {
	best := -1
	for j, d := range s.distance {
		if !s.done[j] && d < impossible && (best < 0 || d < s.distance[best]) {
			best = j
		}
	}
	return best
}

// reprice keeps the potentials true after a search that ended at a column.
func (a *assigner) reprice(s *search, row, end int) {
	reach := s.distance[end]
	a.rowPrice[row] += reach
	for j, done := range s.done {
		if !done {
			continue
		}
		a.price[j] -= reach - s.distance[j]
		a.rowPrice[a.rowOf[j]] += reach - s.distance[j]
	}
}

// take assigns along the way that was found.
func (a *assigner) take(s *search, row, end int) {
	for j := end; ; {
		from := s.before[j]
		if from < 0 {
			a.rowOf[j], a.columnOf[row] = row, j
			return
		}
		a.rowOf[j] = a.rowOf[from]
		a.columnOf[a.rowOf[j]] = j
		j = from
	}
}

// marginOf is what all rows cost more together where a row does not get its column. What was found stays as it is.
func (a *assigner) marginOf(row int) int64 {
	column := a.columnOf[row]
	a.columnOf[row], a.rowOf[column], a.forbidden = -1, -1, [2]int{row, column}
	least := a.detour(row, column)
	a.columnOf[row], a.rowOf[column], a.forbidden = column, row, [2]int{-1, -1}
	if least >= impossible {
		return impossible
	}
	return least - a.cost(row, column)
}
