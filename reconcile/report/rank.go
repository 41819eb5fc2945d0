package report

import (
	"container/heap"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
)

// rank is a line's place on the page: disputed and differing lines first, then by amount not proven, by amount, and in output
// order. Amounts of different currencies compare as numbers.
type rank struct {
	differs           bool
	notProven, amount exact.Decimal
	invoiceID, line   string
	seq               int
}

func rankOf(v *reconcile.LineVerdict, seq int) rank {
	return rank{
		differs:   v.Differs(),
		notProven: value(v.Conceded).Add(value(v.Unproven)).Abs(),
		amount:    value(v.Invoiced).Abs(),
		invoiceID: v.Line.InvoiceID,
		line:      v.Line.Line,
		seq:       seq,
	}
}

// value is the amount a line is decided on: net, or gross where only that is known.
func value(m reconcile.Money) exact.Decimal { return number(m).Value }

func number(m reconcile.Money) ocpi.Number {
	if m.BeforeTaxes.Present {
		return m.BeforeTaxes
	}
	return m.AfterTaxes
}

func (r *rank) before(o *rank) bool {
	if r.differs != o.differs {
		return r.differs
	}
	if c := r.notProven.Cmp(o.notProven); c != 0 {
		return c > 0
	}
	if c := r.amount.Cmp(o.amount); c != 0 {
		return c > 0
	}
	if c := strings.Compare(r.invoiceID, o.invoiceID); c != 0 {
		return c < 0
	}
	if c := reconcile.CompareLineNumbers(r.line, o.line); c != 0 {
		return c < 0
	}
	return r.seq < o.seq
}

// row is a line that the page shows.
type row struct {
	rank
	currency                             string
	invoiced, proven, conceded, unproven exact.Decimal
	outcome                              reconcile.Outcome
	json                                 []byte   // the row's array, left open for its last member: which detail is its own
	detail                               []byte   // nil where the line is shown as a row only
	records                              []byte   // what the engine makes its calculations from; nil as detail is
	sums                                 []string // the SHA-256 of its records
}

// rowHeap holds the first rows of many; its root is the last of those it holds.
type rowHeap []*row

func (h rowHeap) Len() int           { return len(h) }
func (h rowHeap) Less(i, j int) bool { return h[j].before(&h[i].rank) }
func (h rowHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }

// Push is heap.Interface's.
func (h *rowHeap) Push(x any) { *h = append(*h, x.(*row)) }

// Pop is heap.Interface's.
func (h *rowHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

func (h rowHeap) full(limit int) bool { return len(h) >= limit }

// keep takes a row in and returns the one it drove out, if any.
func (h *rowHeap) keep(r *row, limit int) *row {
	if !h.full(limit) {
		heap.Push(h, r)
		return nil
	}
	dropped := (*h)[0]
	(*h)[0] = r
	heap.Fix(h, 0)
	return dropped
}

// sorted lists the rows in page order; the heap stays as it is.
func (h rowHeap) sorted() []*row {
	out := slices.Clone(h)
	slices.SortFunc(out, func(a, b *row) int {
		if a.before(&b.rank) {
			return -1
		}
		return 1
	})
	return out
}
