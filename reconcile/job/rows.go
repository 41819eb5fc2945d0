package job

import (
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/spill"
)

// rows are the usable rows of tables, lines or claims, in little memory: a batch is one piece of the store, and a row is read into a T again
// when its group is judged.
type rows[T any] struct {
	store   *spill.Store
	at      []rowPlace
	batches []rowBatch[T]
	text    []byte // of the batch that is being filled
	open    bool   // it is
}

// rowPlace is where a row stands: which batch, and where in its piece.
type rowPlace struct{ batch, from uint32 }

// rowBatch is what rows of one batch have in common.
type rowBatch[T any] struct {
	file  string
	piece uint32
	read  readRow[T]
}

// readRow reads a row of one table.
type readRow[T any] func(rec ocpi.Record, cells []string) (*T, []ocpi.Finding)

// cellBreak stands between cells, which never hold it.
const cellBreak = 0

func (r *rows[T]) len() int { return len(r.at) }

// add keeps a row of the batch at hand: its place, its text as it stands in the file, and its cells.
func (r *rows[T]) add(rec ocpi.Record, cells []string, read readRow[T]) {
	if !r.open {
		r.batches = append(r.batches, rowBatch[T]{file: rec.Place.File, read: read})
		r.open = true
	}
	r.at = append(r.at, rowPlace{batch: uint32(len(r.batches) - 1), from: uint32(len(r.text))})
	size := max(len(cells)-1, 0)
	for _, c := range cells {
		size += len(c)
	}
	p := rec.Place
	r.text = appendNumbers(r.text, int64(p.Record), int64(p.Line), p.Offset, int64(len(rec.Bytes)), int64(size))
	r.text = append(r.text, rec.Bytes...)
	for i, c := range cells {
		if i > 0 {
			r.text = append(r.text, cellBreak)
		}
		r.text = append(r.text, c...)
	}
}

// closeBatch ends the batch at hand, if any.
func (r *rows[T]) closeBatch() {
	if !r.open {
		return
	}
	r.batches[len(r.batches)-1].piece = r.store.Add(r.text)
	r.text, r.open = r.text[:0], false
}

// value reads the ith row again; its findings were reported when it was first read. cells is room for the row's cells.
func (r *rows[T]) value(i int32, cells *[]string) *T {
	at := r.at[i]
	b := &r.batches[at.batch]
	text := r.store.Piece(b.piece)[at.from:]
	record, text := takeNumber(text)
	line, text := takeNumber(text)
	offset, text := takeNumber(text)
	length, text := takeNumber(text)
	size, text := takeNumber(text)
	rec := ocpi.Record{
		Place: ocpi.Place{File: b.file, Record: int(record), Line: int(line), Offset: offset},
		Bytes: []byte(text[:length]),
	}
	list := (*cells)[:0]
	for rest, more := strings.Clone(text[length:length+size]), true; more; { // the row must not hold on to the piece
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

// addLine adds an invoice line.
func (x *index) addLine(l *reconcile.Line, rec ocpi.Record, cells []string, read readRow[reconcile.Line]) {
	switch {
	case l.MasterLine != "":
		x.annex = append(x.annex, int32(x.lines.len()))
	case l.IsBare():
		x.bare = append(x.bare, int32(x.lines.len()))
	}
	x.identifyLine(l)
	x.lines.add(rec, cells, read)
}

// identifyLine identifies the line that is added next.
func (x *index) identifyLine(l *reconcile.Line) {
	x.lineIDs = append(x.lineIDs, int32(x.ids.Len()+x.open.Len()))
	x.addRow(identityOfLine(l), x.lines.len())
}

// identityOfLine is what grouping needs of a line.
func identityOfLine(l *reconcile.Line) *reconcile.Identity {
	return &reconcile.Identity{
		Kind: reconcile.LineRecord, CountryCode: l.CountryCode, PartyID: l.PartyID, CDRID: l.CDRID, SessionID: l.SessionID,
		InvoiceID: l.InvoiceID, Line: l.Line,
	}
}

// addClaim adds an entry of a dispute list.
func (x *index) addClaim(c *reconcile.Claim, rec ocpi.Record, cells []string, read readRow[reconcile.Claim]) {
	x.addRow(&reconcile.Identity{
		Kind: reconcile.ClaimRecord, CountryCode: c.CountryCode, PartyID: c.PartyID, CDRID: c.CDRID, SessionID: c.SessionID,
		InvoiceID: c.InvoiceID, Line: c.Line,
	}, x.claims.len())
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
