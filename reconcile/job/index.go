package job

import (
	"context"
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/source"
	"github.com/nexacollect/reconcile/reconcile/spill"
)

// index is where every record stands and what identifies it. CDRs and sessions are kept as references and read again when their
// group is judged, so that memory holds identities and not records.
type index struct {
	store   *spill.Store         // of what the fields below hold as text
	ids     reconcile.Identities // whose places are refs; of lines, claims, answers and decisions, the Record of one is the index into those
	lines   rows[reconcile.Line]
	claims  rows[reconcile.Claim]
	answers rows[reconcile.Answer]
	ranks   []int32                 // of each line: its place in the output
	lineIDs []int32                 // of each line: its index in ids
	open    reconcile.IdentityBatch // of the table batch that is being read
	annex   []int32                 // lines that name a master line
	bare    []int32                 // lines that say nothing of which session they are about
	masters *masters                // nil where there are none
	terms   *reconcile.Agreement    // for what masters cover

	decisions []*reconcile.Decision

	leftCDRs  []int32                        // CDRs that no id ties to a line
	unsettled map[int32]*reconcile.Aggregate // lines that stand for several CDRs, which are not known
	together  map[int32]*reconcile.Together  // lines that stand for CDRs only with others

	findings []ocpi.Finding // of reading
	records  reconcile.Records
}

// newIndex returns an index of nothing, whose texts go to the store.
func newIndex(store *spill.Store) *index {
	x := &index{store: store, ids: reconcile.NewIdentities(store)}
	x.lines.store, x.claims.store, x.answers.store = store, store, store
	return x
}

// scanned is what a worker made of a batch of CDRs or sessions.
type scanned struct {
	ids      reconcile.IdentityBatch
	findings []ocpi.Finding
	rejected int
}

// addRecords reads the identities of all CDRs or sessions of a set.
func (x *index) addRecords(ctx context.Context, s *records, kind reconcile.RecordKind, opts Options) error {
	count := &x.records.CDRs
	switch kind {
	case reconcile.SessionRecord:
		count = &x.records.Sessions
	case reconcile.TheirRecord:
		count = &x.records.Theirs
	case reconcile.TheirSessionRecord:
		count = &x.records.TheirSessions
	}
	m := newMeter(opts.Progress, "reading "+s.kind)
	m.now.TotalBytes = s.set.TotalBytes()
	scanners := make([]ocpi.IdentityScanner, opts.workers())
	scan := func(worker int, b *source.Batch) (*scanned, error) { return s.scan(&scanners[worker], b, kind), nil }
	err := ordered(ctx, s.set.Batches(ctx), opts.workers(), scan, func(out *scanned) error {
		x.reserve(out.ids.Len(), m.now.Records, s.set)
		x.ids.Append(&out.ids)
		opts.expect(x.ids.Len())
		s.texts += out.ids.Bytes()
		x.findings = append(x.findings, out.findings...)
		for range out.rejected {
			count.Count(reconcile.Rejected)
		}
		m.add(out.ids.Len()+out.rejected, s.set.ReadBytes())
		return nil
	})
	m.end()
	return err
}

// join adds what another index, which holds no rows of tables, has found.
func (x *index) join(o *index) {
	x.ids.Join(&o.ids)
	x.findings = append(x.findings, o.findings...)
	x.records.Add(o.records)
}

// reserve makes room for n more records and, once, for as many as the rest of the files will likely hold: growing by and by copies
// everything several times over.
func (x *index) reserve(n int, read int64, set *source.Set) {
	if x.ids.HasRoom(n) {
		return
	}
	if done := set.ReadBytes(); done > 0 && read > 0 {
		n += int((set.TotalBytes() - done) * read / done * 21 / 20)
	}
	x.ids.Grow(n)
}

// ref is where the ith record stands.
func (x *index) ref(i int32) source.Ref { return refAt(x.ids.Place(i)) }

// row is the index of the ith record, a row of a table, among those of its kind.
func (x *index) row(i int32) int32 {
	if x.ids.Kind(i) == reconcile.LineRecord { // as mostly
		row, _ := slices.BinarySearch(x.lineIDs, i)
		return int32(row)
	}
	return x.ref(i).Record
}

// addRow identifies the nth row of its kind.
func (x *index) addRow(id *reconcile.Identity, n int) {
	id.Place = appendRef(id.Place[:0], source.Ref{Record: int32(n)})
	x.open.Add(id)
}

// scan reads the identities of a batch. A record without one is rejected here: no line can be tied to it.
func (s *records) scan(by *ocpi.IdentityScanner, b *source.Batch, kind reconcile.RecordKind) *scanned {
	out := &scanned{}
	out.ids.Grow(len(b.Records))
	out.findings, out.rejected = s.said(b), len(b.Rejected)
	var place []byte
	for i, rec := range b.Records {
		id, found, ok := by.Scan(rec.Bytes)
		if f := mistaken(rec, found, kindOf(kind)); f != nil {
			out.findings = append(out.findings, s.shown(*f))
			out.rejected++
			continue
		}
		if !ok {
			out.findings = append(out.findings, s.unidentified(kind, rec)...)
			out.rejected++
			continue
		}
		identity := identityOf(kind, id)
		place = appendRef(place[:0], b.Refs[i])
		identity.Place = place
		out.ids.Add(&identity)
	}
	b.Release()
	return out
}

// unidentified explains in full why a record cannot be used.
func (s *records) unidentified(kind reconcile.RecordKind, rec ocpi.Record) []ocpi.Finding {
	rec.Place.File = s.names.of(rec.Place.File)
	rec.Bytes = slices.Clone(rec.Bytes)
	d := ocpi.NewDecoder(ocpi.Options{})
	if kindOf(kind) == ocpi.KindSession {
		_, findings := d.Session(rec)
		return findings
	}
	_, findings := d.CDR(rec)
	return findings
}

// identityOf is what grouping needs of a CDR or session. Of the debtor's copy it is the key and the session: what the other side holds must not
// tie what is apart without it.
func identityOf(kind reconcile.RecordKind, id ocpi.Identity) reconcile.Identity {
	switch kind {
	case reconcile.TheirRecord:
		return reconcile.Identity{Kind: kind, CountryCode: id.CountryCode, PartyID: id.PartyID, CDRID: id.ID, SessionID: id.SessionID}
	case reconcile.TheirSessionRecord:
		return reconcile.Identity{Kind: kind, CountryCode: id.CountryCode, PartyID: id.PartyID, SessionID: id.ID}
	}
	out := reconcile.Identity{
		Kind: kind, CountryCode: id.CountryCode, PartyID: id.PartyID,
		AuthorizationReference: id.AuthorizationReference, CreditReferenceID: id.CreditReferenceID,
	}
	if kind == reconcile.SessionRecord {
		out.SessionID = id.ID
		return out
	}
	out.CDRID, out.SessionID = id.ID, id.SessionID
	return out
}
