// Package report renders results for people: report.html. It judges nothing: every figure is a verdict's, a summary's, or a sum
// of those.
//
// The page is one file without any outside resource. It opens from disk, says under a strict content security policy that it may
// load nothing, and is the same bytes for the same input. What records say is data: it is shown as text, never as markup, and
// characters that could disguise text (controls, direction overrides) are shown by their numbers.
package report

import (
	"io"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/pack"
)

// Caps of report.html.
const (
	FullLines   = 2000  // lines shown with their arithmetic
	RowLines    = 10000 // lines shown as rows
	staticLines = 200   // rows that stand in the page itself, for readers without JavaScript
)

// Page collects what report.html shows. The zero value is ready; one goroutine uses it.
type Page struct {
	// Creditor and Debtor are named under the title where they are known.
	Creditor, Debtor reconcile.Party
	// Proofs prove the records of the page to be of a commitment; nil where there is none. They are asked by Write.
	Proofs *pack.Prover

	lines    int
	currency map[string]int // lines of each currency
	reasons  map[reasonKey]*reasonSum
	rows     rowHeap // at most RowLines, the last of them on top
	full     rowHeap // at most FullLines of the same rows: those with a detail
	shared   table
	scratch  []byte
}

// Input is a source file as the page names it.
type Input struct {
	Kind, Name, SHA256 string
	Bytes              int64
	Records            int
}

// Add takes a line into account; Page keeps the largest of the disputed and differing ones (by amount not proven, then by amount,
// then in output order), fills what room is left with other lines as bare rows, and drops the rest, so that memory stays bounded.
// Nothing of the verdict or its records is held on to.
func (p *Page) Add(v *reconcile.LineVerdict, records Records) {
	p.tally(v)
	r := rankOf(v, p.lines)
	p.lines++
	if p.rows.full(RowLines) && !r.before(&p.rows[0].rank) {
		return
	}
	row := newRow(r, v, &p.scratch)
	p.rows.keep(row, RowLines)
	if !r.differs || p.full.full(FullLines) && !r.before(&p.full[0].rank) {
		return
	}
	p.scratch = appendDetail(p.scratch[:0], v, &p.shared)
	row.detail = append([]byte(nil), p.scratch...)
	p.scratch, row.sums = appendCalculations(p.scratch[:0], v, records, &p.shared)
	row.records = append([]byte(nil), p.scratch...)
	if dropped := p.full.keep(row, FullLines); dropped != nil {
		dropped.detail, dropped.records, dropped.sums = nil, nil, nil
	}
}

// Write renders the page: one file, no external resource, no link off the page, deterministic.
func (p *Page) Write(w io.Writer, s *reconcile.Summary, inputs []Input, findings map[ocpi.Code]int) error {
	rows := p.rows.sorted()
	proofs, err := p.proofs(rows)
	if err != nil {
		return err
	}
	return write(w, newView(p, rows, s, inputs, findings), rows, proofs)
}
