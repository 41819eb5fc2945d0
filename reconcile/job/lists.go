package job

import (
	"context"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
)

// lists are the Invoice Reconciliation records of a run and the CDRs that their ids may mean.
type lists struct {
	of      []*reconcile.List
	found   map[string][]foundCDR // by folded id as listed
	choice  bool                  // some invoice has several lines that may be master lines
	credits map[string][]string   // folded ids of credits, by that of the CDR that they credit
}

// foundCDR is a CDR that an id may mean.
type foundCDR struct {
	cdr    reconcile.ListedCDR
	record int32     // in ids
	whole  *ocpi.CDR // kept where an invoice has several lines to choose from
}

// addLists makes members of the CDRs that Invoice Reconciliation records list, for lines of the invoice that name none.
func (x *index) addLists(ctx context.Context, in *inputs, o RunOptions) error {
	if len(in.listFiles) == 0 {
		return nil
	}
	var records []*ocpi.InvoiceReconciliation
	d := ocpi.NewDecoder(ocpi.Options{})
	findings, err := in.readAll(ctx, "invoice_reconciliation", ocpi.KindInvoiceReconciliation, in.listFiles, func(rec ocpi.Record) []ocpi.Finding {
		r, findings := d.InvoiceReconciliation(rec)
		if r != nil && ocpi.FirstBlock(findings) == nil {
			records = append(records, r)
		}
		return findings
	})
	if err != nil {
		return err
	}
	live, said := reconcile.LiveLists(records)
	x.findings = append(append(x.findings, findings...), said...)
	l := &lists{found: map[string][]foundCDR{}, credits: map[string][]string{}}
	lines, invoiced := x.openLines(o.Case), x.invoicedIDs()
	for _, i := range lines {
		l.choice = l.choice || len(i.at) > 1
	}
	if err := x.findListed(ctx, in, o, l, live); err != nil {
		return err
	}
	for _, list := range l.of {
		x.addList(list, l, lines, invoiced, o.Case)
	}
	x.addFound(lines, reconcile.MembersByRecord, o.Case)
	return nil
}

// findListed looks for the CDRs that live records list.
func (x *index) findListed(ctx context.Context, in *inputs, o RunOptions, l *lists, live []*ocpi.InvoiceReconciliation) error {
	wanted := map[string]bool{}
	for _, r := range live {
		for _, id := range r.CDRs {
			wanted[reconcile.FoldID(id)] = true
		}
	}
	var cdrs []int32
	for i := range int32(x.ids.Len()) {
		if x.ids.Kind(i) != reconcile.CDRRecord {
			continue
		}
		id, credits := x.ids.CDR(i)
		if folded := reconcile.FoldID(id); wanted[folded] || len(folded) > maxListedID && wanted[folded[:maxListedID]] {
			cdrs = append(cdrs, i)
		}
		if folded := reconcile.FoldID(credits); wanted[folded] {
			l.credits[folded] = append(l.credits[folded], reconcile.FoldID(id))
		}
	}
	err := x.eachCDR(ctx, in, cdrs, "matching listed CDRs", o.Options, func([]byte) bool { return true }, func(i int32, c *ocpi.CDR) {
		one, folded := foundCDR{cdr: reconcile.ListedOf(c), record: i}, reconcile.FoldID(c.ID)
		if l.choice {
			one.whole = c
		}
		l.found[folded] = append(l.found[folded], one)
		if len(folded) > maxListedID && wanted[folded[:maxListedID]] {
			l.found[folded[:maxListedID]] = append(l.found[folded[:maxListedID]], one)
		}
	})
	for _, r := range live {
		l.of = append(l.of, l.list(r))
	}
	return err
}

// maxListedID is the length of an id that a record may list; that of a CDR may be longer.
const maxListedID = 36

// list is a record with what its ids may mean.
func (l *lists) list(r *ocpi.InvoiceReconciliation) *reconcile.List {
	out := &reconcile.List{Record: r, Found: make([][]reconcile.ListedCDR, len(r.CDRs))}
	listed := map[string]bool{}
	for _, id := range r.CDRs {
		listed[reconcile.FoldID(id)] = true
	}
	for i, id := range r.CDRs {
		folded := reconcile.FoldID(id)
		for _, f := range l.found[folded] {
			out.Found[i] = append(out.Found[i], f.cdr)
		}
		if credits := l.credits[folded]; len(credits) > 0 && !slices.ContainsFunc(credits, func(id string) bool { return listed[id] }) {
			out.Credited = append(out.Credited, folded)
		}
	}
	return out
}

// invoicedIDs are the folded ids of CDRs and sessions that the lines of an invoice name, members or not.
type invoicedIDs struct{ cdrs, sessions map[string]bool }

// has reports that a line names a CDR, by its id or that of its session.
func (i *invoicedIDs) has(cdr, session string) bool {
	return i != nil && (i.cdrs[reconcile.FoldID(cdr)] || session != "" && i.sessions[reconcile.FoldID(session)])
}

// invoicedIDs are those of every invoice, by folded id.
func (x *index) invoicedIDs() map[string]*invoicedIDs {
	out := map[string]*invoicedIDs{}
	for at := range int32(x.lines.len()) {
		invoice := x.lineKey(at)[0]
		if out[invoice] == nil {
			out[invoice] = &invoicedIDs{map[string]bool{}, map[string]bool{}}
		}
		cdr, session := x.ids.Names(x.lineIDs[at])
		if cdr != "" {
			out[invoice].cdrs[reconcile.FoldID(cdr)] = true
		}
		if session != "" {
			out[invoice].sessions[reconcile.FoldID(session)] = true
		}
	}
	return out
}

// addList resolves and checks a list, and gives its CDRs to the lines of the invoice that name none. CDRs that a line names already are not
// members beside it.
func (x *index) addList(list *reconcile.List, l *lists, lines map[string]*invoiceLines, invoiced map[string]*invoicedIDs, c *reconcile.Case) {
	r := list.Record
	cdrs, findings := list.Resolve(c.Creditor)
	x.findings = append(append(x.findings, findings...), list.Check(cdrs)...)
	invoice := strings.ToLower(r.InvoiceID)
	own, open := invoiced[invoice], lines[invoice]
	switch {
	case own == nil:
		x.findings = append(x.findings, list.NoInvoice())
		return
	case open == nil:
		if f := list.Differs(own.cdrs); f != nil {
			x.findings = append(x.findings, *f)
		}
		return
	}
	seen := map[string]bool{}
	for i, id := range r.CDRs {
		one := listed{member: reconcile.Member{CDRID: id}, record: -1, place: r.Record.Place}
		var whole *ocpi.CDR
		if cdrs[i] != nil {
			f := l.foundOf(id, cdrs[i])
			one.member, one.record, whole = f.cdr.Member, f.record, f.whole
		}
		folded, session := reconcile.FoldID(one.member.CDRID), ""
		if cdrs[i] != nil {
			session = cdrs[i].SessionID
		}
		if own.has(folded, session) || seen[folded] {
			continue
		}
		seen[folded] = true
		open.add(whole, one)
	}
}

// foundOf is the CDR that an id was resolved to, as it was read.
func (l *lists) foundOf(id string, c *reconcile.ListedCDR) foundCDR {
	for _, f := range l.found[reconcile.FoldID(id)] {
		if reconcile.CompareMembers(&f.cdr.Member, &c.Member) == 0 {
			return f
		}
	}
	return foundCDR{cdr: *c, record: -1}
}
