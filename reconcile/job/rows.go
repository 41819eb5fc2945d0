package job

import (
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/source"
)

// rows are the usable rows of tables, lines or claims, in little memory: the texts of a batch lie in one piece, and a row is read into
// a T again when its group is judged.
type rows[T any] struct {
	at      []rowPlace
	batches []rowBatch[T]
	raw     []byte // of the batch that is being filled
	cells   []byte // likewise
}

// rowPlace is where a row stands in its batch, as it stands in its file and as cells.
type rowPlace struct {
	batch                      uint32
	raw, rawEnd, cell, cellEnd uint32
	record, line               int32
	offset                     int64
}

// rowBatch is what rows of one batch have in common.
type rowBatch[T any] struct {
	file  string
	raw   []byte
	cells string
	read  readRow[T]
}

// readRow reads a row of one table.
type readRow[T any] func(rec ocpi.Record, cells []string) (*T, []ocpi.Finding)

// cellBreak stands between cells, which never hold it.
const cellBreak = 0

func (r *rows[T]) len() int { return len(r.at) }

// add keeps a row of the batch at hand.
func (r *rows[T]) add(rec ocpi.Record, cells []string, read readRow[T]) {
	if len(r.raw) == 0 {
		r.batches = append(r.batches, rowBatch[T]{file: rec.Place.File, read: read})
	}
	p := rowPlace{
		batch: uint32(len(r.batches) - 1), raw: uint32(len(r.raw)), cell: uint32(len(r.cells)),
		record: int32(rec.Place.Record), line: int32(rec.Place.Line), offset: rec.Place.Offset,
	}
	r.raw = append(r.raw, rec.Bytes...)
	for i, c := range cells {
		if i > 0 {
			r.cells = append(r.cells, cellBreak)
		}
		r.cells = append(r.cells, c...)
	}
	p.rawEnd, p.cellEnd = uint32(len(r.raw)), uint32(len(r.cells))
	r.at = append(r.at, p)
}

// closeBatch ends the batch at hand, if any.
func (r *rows[T]) closeBatch() {
	if len(r.raw) == 0 {
		return
	}
	b := &r.batches[len(r.batches)-1]
	b.raw, b.cells = slices.Clone(r.raw), string(r.cells)
	r.raw, r.cells = r.raw[:0], r.cells[:0]
}

// value reads the ith row again; its findings were reported when it was first read. cells is room for the row's cells.
func (r *rows[T]) value(i int32, cells *[]string) *T {
	p := &r.at[i]
	b := &r.batches[p.batch]
	rec := ocpi.Record{
		Place: ocpi.Place{File: b.file, Record: int(p.record), Line: int(p.line), Offset: p.offset},
		Bytes: b.raw[p.raw:p.rawEnd:p.rawEnd],
	}
	list := (*cells)[:0]
	for rest, more := b.cells[p.cell:p.cellEnd], true; more; {
		end := strings.IndexByte(rest, cellBreak)
		if more = end >= 0; !more {
			end = len(rest)
		}
		list = append(list, rest[:end])
		rest = rest[min(end+1, len(rest)):]
	}
	*cells = list
	v, _ := b.read(rec, list)
	return v
}

// addLine adds an invoice line; at refs its Record is the line's index.
func (x *index) addLine(l *reconcile.Line, rec ocpi.Record, cells []string, read readRow[reconcile.Line]) {
	switch {
	case l.MasterLine != "":
		x.annex = append(x.annex, int32(x.lines.len()))
	case l.IsBare():
		x.bare = append(x.bare, int32(x.lines.len()))
	}
	x.lineIDs = append(x.lineIDs, int32(len(x.refs)))
	x.refs = append(x.refs, source.Ref{Record: int32(x.lines.len())})
	x.open.Add(identityOfLine(l))
	x.lines.add(rec, cells, read)
}

// identityOfLine is what grouping needs of a line.
func identityOfLine(l *reconcile.Line) *reconcile.Identity {
	return &reconcile.Identity{
		Kind: reconcile.LineRecord, CountryCode: l.CountryCode, PartyID: l.PartyID, CDRID: l.CDRID, SessionID: l.SessionID,
		InvoiceID: l.InvoiceID, Line: l.Line,
	}
}

// addClaim adds an entry of a dispute list; at refs its Record is the claim's index.
func (x *index) addClaim(c *reconcile.Claim, rec ocpi.Record, cells []string, read readRow[reconcile.Claim]) {
	x.refs = append(x.refs, source.Ref{Record: int32(x.claims.len())})
	x.open.Add(&reconcile.Identity{
		Kind: reconcile.ClaimRecord, CountryCode: c.CountryCode, PartyID: c.PartyID, CDRID: c.CDRID, SessionID: c.SessionID,
		InvoiceID: c.InvoiceID, Line: c.Line,
	})
	x.claims.add(rec, cells, read)
}

// closeBatch ends a batch of lines or claims.
func (x *index) closeBatch() {
	x.ids.Append(&x.open)
	x.open.Reset()
	x.lines.closeBatch()
	x.claims.closeBatch()
	x.answers.closeBatch()
}
