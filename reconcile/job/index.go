package job

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/source"
)

// index is where every record stands and what identifies it. CDRs and sessions are kept as references and read again when their
// group is judged, so that memory holds identities and not records.
type index struct {
	ids     reconcile.Identities
	refs    []source.Ref // of CDRs and sessions; for lines and claims, Record is the index into lines or claims
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

	decisions []*reconcile.Decision // at refs the Record of one is its index

	leftCDRs  []int32                        // CDRs that no id ties to a line
	unsettled map[int32]*reconcile.Aggregate // lines that stand for several CDRs, which are not known
	together  map[int32]*reconcile.Together  // lines that stand for CDRs only with others

	findings []ocpi.Finding // of reading
	records  reconcile.Records
}

// scanned is what a worker made of a batch of CDRs or sessions.
type scanned struct {
	ids      reconcile.IdentityBatch
	refs     []source.Ref
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
		x.refs = append(x.refs, out.refs...)
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
	x.refs = append(x.refs, o.refs...)
	x.findings = append(x.findings, o.findings...)
	x.records.Add(o.records)
}

// reserve makes room for n more records and, once, for as many as the rest of the files will likely hold: growing by and by copies
// everything several times over.
func (x *index) reserve(n int, read int64, set *source.Set) {
	if len(x.refs)+n <= cap(x.refs) {
		return
	}
	if done := set.ReadBytes(); done > 0 && read > 0 {
		n += int((set.TotalBytes() - done) * read / done * 21 / 20)
	}
	x.ids.Grow(n)
	x.refs = slices.Grow(x.refs, n)
}

// scan reads the identities of a batch. A record without one is rejected here: no line can be tied to it.
func (s *records) scan(by *ocpi.IdentityScanner, b *source.Batch, kind reconcile.RecordKind) *scanned {
	out := &scanned{refs: make([]source.Ref, 0, len(b.Records))}
	out.ids.Grow(len(b.Records))
	out.findings, out.rejected = s.said(b), len(b.Rejected)
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
		out.ids.Add(&identity)
		out.refs = append(out.refs, b.Refs[i])
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

// rank orders the lines for output: by invoice, then line (as a number where both are all digits), then as they are judged.
func (x *index) rank() {
	order := make([]int32, x.lines.len())
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, x.compareLines)
	x.ranks = make([]int32, len(order))
	for rank, i := range order {
		x.ranks[i] = int32(rank)
	}
}

func (x *index) compareLines(i, j int32) int {
	invoiceA, lineA := x.ids.InvoiceLine(x.lineIDs[i])
	invoiceB, lineB := x.ids.InvoiceLine(x.lineIDs[j])
	if c := cmp.Or(strings.Compare(invoiceA, invoiceB), reconcile.CompareLineNumbers(lineA, lineB)); c != 0 {
		return c
	}
	return reconcile.CompareLines(x.line(i, new([]string)), x.line(j, new([]string)))
}

// plan orders the groups for judging: those with lines by their first line's rank, then the others by identity.
func (x *index) plan(groups [][]int32) [][]int32 {
	ranked := make([][]int32, x.lines.len()) // by their first line
	var others []otherGroup
	for _, members := range groups {
		first := x.lines.len()
		for _, i := range members {
			if x.ids.Kind(i) == reconcile.LineRecord {
				first = min(first, int(x.ranks[x.refs[i].Record]))
			}
		}
		if first < len(ranked) {
			ranked[first] = members
		} else {
			others = append(others, otherGroup{members, slices.MinFunc(members, x.compareRecords)})
		}
	}
	ranked = slices.DeleteFunc(ranked, func(members []int32) bool { return members == nil })
	slices.SortFunc(others, func(a, b otherGroup) int { return x.compareRecords(a.leader, b.leader) })
	for _, g := range others {
		ranked = append(ranked, g.members)
	}
	return ranked
}

// otherGroup is a group without lines and the least of its records.
type otherGroup struct {
	members []int32
	leader  int32
}

// compareRecords orders records by what identifies them, whatever the order of the files.
func (x *index) compareRecords(i, j int32) int {
	if c := x.ids.Compare(i, j); c != 0 {
		return c
	}
	return cmp.Or(
		cmp.Compare(x.refs[i].File, x.refs[j].File), cmp.Compare(x.refs[i].Offset, x.refs[j].Offset),
		cmp.Compare(x.refs[i].Record, x.refs[j].Record), cmp.Compare(i, j),
	)
}
