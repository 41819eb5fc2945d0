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
	ids    []reconcile.Identity
	refs   []source.Ref // of CDRs and sessions; for lines and claims, Record is the index into lines or claims
	lines  []*reconcile.Line
	claims []*reconcile.Claim
	ranks  []int32 // of each line: its place in the output

	findings []ocpi.Finding // of reading
	records  reconcile.Records
}

// scanned is what a worker made of a batch of CDRs or sessions.
type scanned struct {
	ids      []reconcile.Identity
	refs     []source.Ref
	findings []ocpi.Finding
	rejected int
}

// addRecords reads the identities of all CDRs or sessions of a set.
func (x *index) addRecords(ctx context.Context, s *records, kind reconcile.RecordKind, opts Options) error {
	count := &x.records.CDRs
	if kind == reconcile.SessionRecord {
		count = &x.records.Sessions
	}
	m := newMeter(opts.Progress, "reading "+s.kind)
	m.now.TotalBytes = s.set.TotalBytes()
	scan := func(_ int, b *source.Batch) (*scanned, error) { return s.scan(b, kind), nil }
	err := ordered(ctx, s.set.Batches(ctx), opts.workers(), scan, func(out *scanned) error {
		x.ids = append(x.ids, out.ids...)
		x.refs = append(x.refs, out.refs...)
		x.findings = append(x.findings, out.findings...)
		for range out.rejected {
			count.Count(reconcile.Rejected)
		}
		m.add(len(out.ids)+out.rejected, s.set.ReadBytes())
		return nil
	})
	m.end()
	return err
}

// scan reads the identities of a batch. A record without one is rejected here: no line can be tied to it.
func (s *records) scan(b *source.Batch, kind reconcile.RecordKind) *scanned {
	out := &scanned{}
	out.findings, out.rejected = s.said(b), len(b.Rejected)
	for i, rec := range b.Records {
		id, ok := ocpi.ScanIdentity(rec.Bytes)
		if !ok {
			out.findings = append(out.findings, s.unidentified(kind, rec)...)
			out.rejected++
			continue
		}
		out.ids = append(out.ids, identity(kind, id))
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
	if kind == reconcile.SessionRecord {
		_, findings := d.Session(rec)
		return findings
	}
	_, findings := d.CDR(rec)
	return findings
}

// identity clones the strings: they point into the batch.
func identity(kind reconcile.RecordKind, id ocpi.Identity) reconcile.Identity {
	out := reconcile.Identity{
		Kind: kind, CountryCode: strings.Clone(id.CountryCode), PartyID: strings.Clone(id.PartyID),
		AuthorizationReference: strings.Clone(id.AuthorizationReference),
		CreditReferenceID:      strings.Clone(id.CreditReferenceID),
	}
	if kind == reconcile.SessionRecord {
		out.SessionID = strings.Clone(id.ID)
		return out
	}
	out.CDRID, out.SessionID = strings.Clone(id.ID), strings.Clone(id.SessionID)
	return out
}

// addLine adds an invoice line; at refs its Record is the line's index.
func (x *index) addLine(l *reconcile.Line) {
	x.ids = append(x.ids, reconcile.Identity{
		Kind: reconcile.LineRecord, CountryCode: l.CountryCode, PartyID: l.PartyID, CDRID: l.CDRID, SessionID: l.SessionID,
		InvoiceID: l.InvoiceID, Line: l.Line,
	})
	x.refs = append(x.refs, source.Ref{Record: int32(len(x.lines))})
	x.lines = append(x.lines, l)
}

// addClaim adds an entry of a dispute list.
func (x *index) addClaim(c *reconcile.Claim) {
	x.ids = append(x.ids, reconcile.Identity{
		Kind: reconcile.ClaimRecord, CountryCode: c.CountryCode, PartyID: c.PartyID, CDRID: c.CDRID, SessionID: c.SessionID,
		InvoiceID: c.InvoiceID, Line: c.Line,
	})
	x.refs = append(x.refs, source.Ref{Record: int32(len(x.claims))})
	x.claims = append(x.claims, c)
}

// rank orders the lines for output: by invoice, then line (as a number where both are all digits), then place.
func (x *index) rank() {
	order := make([]int32, len(x.lines))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return compareLines(x.lines[a], x.lines[b]) })
	x.ranks = make([]int32, len(order))
	for rank, i := range order {
		x.ranks[i] = int32(rank)
	}
}

func compareLines(a, b *reconcile.Line) int {
	return cmp.Or(
		strings.Compare(a.InvoiceID, b.InvoiceID),
		reconcile.CompareLineNumbers(a.Line, b.Line),
		strings.Compare(a.Record.Place.File, b.Record.Place.File),
		cmp.Compare(a.Record.Place.Offset, b.Record.Place.Offset),
		cmp.Compare(a.Record.Place.Record, b.Record.Place.Record),
	)
}

// plan orders the groups for judging: those with lines by their first line's rank, then the others by identity.
func (x *index) plan() [][]int32 {
	groups := reconcile.Settle(x.ids)
	first := make([]int32, len(groups))
	for g, members := range groups {
		first[g] = int32(len(x.lines))
		for _, i := range members {
			if x.ids[i].Kind == reconcile.LineRecord {
				first[g] = min(first[g], x.ranks[x.refs[i].Record])
			}
		}
	}
	order := make([]int, len(groups))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(first[a], first[b]), x.compareGroups(groups[a], groups[b]))
	})
	out := make([][]int32, len(groups))
	for i, g := range order {
		out[i] = groups[g]
	}
	return out
}

// compareGroups orders groups without lines by what identifies their first record, whatever the order of the files.
func (x *index) compareGroups(a, b []int32) int {
	ia, ib := x.leader(a), x.leader(b)
	return cmp.Or(x.compareRecords(ia, ib), cmp.Compare(ia, ib))
}

// leader is the least record of a group.
func (x *index) leader(group []int32) int32 {
	return slices.MinFunc(group, x.compareRecords)
}

func (x *index) compareRecords(i, j int32) int {
	a, b := &x.ids[i], &x.ids[j]
	return cmp.Or(
		cmp.Compare(a.Kind, b.Kind),
		strings.Compare(a.CountryCode, b.CountryCode), strings.Compare(a.PartyID, b.PartyID),
		strings.Compare(a.CDRID, b.CDRID), strings.Compare(a.SessionID, b.SessionID),
		strings.Compare(a.InvoiceID, b.InvoiceID), strings.Compare(a.Line, b.Line),
		cmp.Compare(x.refs[i].File, x.refs[j].File), cmp.Compare(x.refs[i].Offset, x.refs[j].Offset),
		cmp.Compare(x.refs[i].Record, x.refs[j].Record),
	)
}
