package job

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/source"
)

// masters are the master lines of a run and what they consist of. They are found after the tables are read and before lines are ranked
// and settled; from then on nothing changes.
type masters struct {
	of     map[int32]*reconcile.MasterLine // of each line that is a master or a member
	cdrs   map[int32]int32                 // of members that no row claims: index of the line → index of its CDR in ids
	all    []*reconcile.MasterLine
	closed int                   // how many of all are
	scopes *reconcile.Scopes     // of all, once they are closed
	byKey  map[[2]string][]int32 // lines that are no members, by invoice and number; made when first asked
}

// listed is a CDR that belongs to a master line, however that was found.
type listed struct {
	member reconcile.Member
	record int32      // of the CDR in ids, -1 where none is known
	place  ocpi.Place // where it is listed
}

// line reads a line again and shapes it by its part in a master line.
func (x *index) line(at int32, cells *[]string) *reconcile.Line {
	l := x.lines.value(at, cells)
	if a := x.unsettled[at]; a != nil {
		l.Unsettled, l.GivenUp = a.Unsettled()
	}
	l.Together = x.together[at]
	if x.masters != nil {
		if m := x.masters.of[at]; m != nil {
			m.Shape(l)
		}
	}
	return l
}

// findMasters finds the master lines: those that rows of an annex name, and those without any reference whose CDRs an Invoice Reconciliation
// record lists, or to which CDRs refer by invoice_reference_id.
func (x *index) findMasters(ctx context.Context, in *inputs, o RunOptions) error {
	if len(x.annex) == 0 && len(x.bare) == 0 && len(in.listFiles) == 0 {
		return nil
	}
	x.addAnnex(o.Case)
	if err := x.addLists(ctx, in, o); err != nil {
		return err
	}
	if err := x.addReferences(ctx, in, o); err != nil {
		return err
	}
	x.closeMasters()
	if x.masters != nil && len(x.masters.all) == 0 {
		x.masters = nil
	}
	return nil
}

// addMembers makes a line a master line of the CDRs that are listed, by a list or by a search; by says how, in a word that results show. Of
// several that are the same CDR the first issued counts. It adds a line for each, so that it comes before lines are ranked, and groups
// that were settled before are to be settled again. After the last call closeMasters says what each master line has left to claim.
func (x *index) addMembers(at int32, by string, list []listed, c *reconcile.Case) *reconcile.MasterLine {
	m := x.master(at, by, c)
	slices.SortFunc(list, func(a, b listed) int { return reconcile.CompareMembers(&a.member, &b.member) })
	for n := range list {
		if n == 0 || !reconcile.SameMember(&list[n-1].member, &list[n].member) {
			x.addMember(m, &list[n])
		}
	}
	x.closeBatch()
	return m
}

// addMember adds the line of a member that no row claims.
func (x *index) addMember(m *reconcile.MasterLine, member *listed) {
	at := int32(x.lines.len())
	rec := ocpi.Record{Place: member.place, Bytes: []byte(member.member.CDRID)}
	cells := m.Cells(&member.member)
	l, _ := reconcile.ReadMember(rec, cells)
	x.masters.of[at] = m
	if member.record >= 0 {
		x.masters.cdrs[at] = member.record
	}
	x.identifyLine(l)
	x.lines.add(rec, cells, reconcile.ReadMember)
	m.Shape(l)
	m.Add(l)
}

// master makes a line a master line, and with it every line that repeats it.
func (x *index) master(at int32, by string, c *reconcile.Case) *reconcile.MasterLine {
	l := x.lines.value(at, new([]string))
	m := reconcile.NewMasterLine(l, by, c.Creditor, c.Debtor)
	for _, other := range x.sameKey(x.lineKey(at)) {
		if reconcile.SameLine(l, x.lines.value(other, new([]string))) {
			x.masters.of[other] = m
		}
	}
	x.masters.of[at] = m
	x.masters.all = append(x.masters.all, m)
	return m
}

// closeMasters says what each master line that was found since has left to claim, and whether it is disputed.
func (x *index) closeMasters() {
	if x.masters == nil {
		return
	}
	open := map[*reconcile.MasterLine]bool{}
	for _, m := range x.masters.all[x.masters.closed:] {
		open[m] = true
	}
	for i := range int32(x.claims.len()) {
		claim := x.claims.value(i, new([]string))
		for _, at := range x.sameKey([2]string{strings.ToLower(claim.InvoiceID), strings.ToLower(claim.Line)}) {
			if m := x.masters.of[at]; open[m] {
				m.Dispute(claim)
			}
		}
	}
	for m := range open {
		m.Close()
	}
	x.masters.closed, x.masters.scopes = len(x.masters.all), reconcile.NewScopes(x.masters.all, x.terms)
}

// lineKey names a line of an invoice, without regard to case.
func (x *index) lineKey(at int32) [2]string {
	invoice, line := x.ids.InvoiceLine(x.lineIDs[at])
	return [2]string{strings.ToLower(invoice), strings.ToLower(line)}
}

// sameKey are the lines of an invoice with a number; members are none of them.
func (x *index) sameKey(key [2]string) []int32 {
	if x.masters == nil {
		x.masters = &masters{of: map[int32]*reconcile.MasterLine{}, cdrs: map[int32]int32{}}
	}
	if x.masters.byKey == nil {
		x.masters.byKey = map[[2]string][]int32{}
		for at := range int32(x.lines.len()) {
			if _, member := slices.BinarySearch(x.annex, at); !member && x.masters.of[at] == nil {
				x.masters.byKey[x.lineKey(at)] = append(x.masters.byKey[x.lineKey(at)], at)
			}
		}
	}
	return x.masters.byKey[key]
}

// addAnnex ties rows of an annex to the lines that they name.
func (x *index) addAnnex(c *reconcile.Case) {
	rows := map[[2]string][]int32{} // by the master that they name
	var order [][2]string
	for _, at := range x.annex {
		l := x.lines.value(at, new([]string))
		key := [2]string{strings.ToLower(l.InvoiceID), strings.ToLower(l.MasterLine)}
		if rows[key] == nil {
			order = append(order, key)
		}
		rows[key] = append(rows[key], at)
	}
	for _, key := range order {
		lines := x.sameKey(key)
		if len(lines) == 0 { // they are judged as lines of their own
			l := x.lines.value(rows[key][0], new([]string))
			x.findings = append(x.findings, l.NoMaster(len(rows[key])))
			continue
		}
		x.addRowsOf(x.master(slices.MinFunc(lines, x.compareLines), reconcile.MembersByAnnex, c), rows[key])
	}
}

// addRowsOf takes rows as members. A row that repeats another, as where a file is given twice, is carried once.
func (x *index) addRowsOf(m *reconcile.MasterLine, rows []int32) {
	seen := map[string][]*reconcile.Line{} // by number
	for _, at := range rows {
		x.masters.of[at] = m
		l := x.line(at, new([]string))
		if !slices.ContainsFunc(seen[l.Line], func(o *reconcile.Line) bool { return reconcile.SameLine(l, o) }) {
			seen[l.Line] = append(seen[l.Line], l)
			m.Add(l)
		}
	}
}

// invoiceLines are the lines of one invoice that may be master lines of CDRs that are listed for it, in order.
type invoiceLines struct {
	terms   *reconcile.Agreement
	at      []int32
	masters []*reconcile.MasterLine // as they would be
	found   [][]listed
}

// openLines are the lines without any reference that are no master lines yet, by invoice.
func (x *index) openLines(c *reconcile.Case) map[string]*invoiceLines {
	out := map[string]*invoiceLines{}
	slices.SortFunc(x.bare, x.compareLines)
	for _, at := range x.bare {
		key := x.lineKey(at)
		if same := x.sameKey(key); key[0] == "" || x.masters.of[at] != nil || slices.MinFunc(same, x.compareLines) != at {
			continue
		}
		i := out[key[0]]
		if i == nil {
			i = &invoiceLines{terms: x.terms}
			out[key[0]] = i
		}
		i.at = append(i.at, at)
		i.masters = append(i.masters, reconcile.NewMasterLine(x.lines.value(at, new([]string)), "", c.Creditor, c.Debtor))
		i.found = append(i.found, nil)
	}
	return out
}

// add takes a CDR for the first line whose currency and scope it does not contradict, else for the first of all. c is nil where it is not
// known, or there is one line.
func (i *invoiceLines) add(c *ocpi.CDR, one listed) {
	n := slices.IndexFunc(i.masters, func(m *reconcile.MasterLine) bool {
		return m.Currency == one.member.Currency && (c == nil || m.Scope.Contradicts(c, i.terms) == "")
	})
	i.found[max(n, 0)] = append(i.found[max(n, 0)], one)
}

// addFound makes master lines of those for which CDRs were found.
func (x *index) addFound(lines map[string]*invoiceLines, by string, c *reconcile.Case) {
	for _, at := range slices.Clone(x.bare) {
		i := lines[x.lineKey(at)[0]]
		if i == nil {
			continue
		}
		if n := slices.Index(i.at, at); n >= 0 && len(i.found[n]) > 0 {
			x.addMembers(at, by, i.found[n], c)
		}
	}
}

// addReferences makes members of the CDRs that name an invoice whose lines name none.
func (x *index) addReferences(ctx context.Context, in *inputs, o RunOptions) error {
	lines := x.openLines(o.Case)
	for _, m := range x.allMasters() { // an invoice that has a list needs no other
		delete(lines, strings.ToLower(m.InvoiceID))
	}
	if len(lines) == 0 {
		return nil
	}
	invoiced := x.invoicedIDs()
	var cdrs []int32
	for i := range int32(x.ids.Len()) {
		if x.ids.Kind(i) == reconcile.CDRRecord {
			cdrs = append(cdrs, i)
		}
	}
	refers := func(raw []byte) bool { return bytes.Contains(raw, []byte(`"invoice_reference_id"`)) }
	err := x.eachCDR(ctx, in, cdrs, "matching master lines", o.Options, refers, func(i int32, c *ocpi.CDR) {
		name := strings.ToLower(c.InvoiceReferenceID)
		if invoice := lines[name]; invoice != nil && !invoiced[name].has(c.ID, c.SessionID) {
			invoice.add(c, listed{member: reconcile.MemberOf(c), record: i, place: c.Record.Place})
		}
	})
	if err != nil {
		return err
	}
	x.addFound(lines, reconcile.MembersByReference, o.Case)
	return nil
}

// giveRecords gives members that no row claims the record of the CDR that they claim the cost of.
func (s *masters) giveRecords(x *index, members []int32, g *reconcile.Group) {
	if len(s.cdrs) == 0 {
		return
	}
	at := map[int32]int{} // CDRs of the group
	line := 0
	for _, i := range members {
		if x.ids.Kind(i) == reconcile.CDRRecord {
			at[i] = len(at)
		}
	}
	for _, i := range members {
		if x.ids.Kind(i) != reconcile.LineRecord {
			continue
		}
		if cdr, ok := s.cdrs[x.row(i)]; ok {
			if n, here := at[cdr]; here && g.CDRs[n].CDR != nil {
				g.Lines[line].Record = g.CDRs[n].CDR.Record
			}
		}
		line++
	}
}

// eachCDR reads CDRs again, those whose bytes fit, and hands them on in order.
func (x *index) eachCDR(
	ctx context.Context, in *inputs, cdrs []int32, what string, opts Options, fits func(raw []byte) bool, each func(i int32, c *ocpi.CDR),
) error {
	m := newMeter(opts.Progress, what)
	m.now.Total = int64(len(cdrs))
	type read struct {
		records []int32
		cdrs    []*ocpi.CDR
		count   int
	}
	decode := func(_ int, records []int32) (*read, error) {
		refs := make([]source.Ref, len(records))
		for n, i := range records {
			refs[n] = x.ref(i)
		}
		_, raw, err := in.cdrs.again(nil, refs)
		if err != nil {
			return nil, err
		}
		out, d := &read{count: len(records)}, ocpi.NewDecoder(ocpi.Options{Version: opts.Version})
		for n, rec := range raw {
			if !fits(rec.Bytes) {
				continue
			}
			if c, _ := d.CDR(rec); c != nil {
				out.records, out.cdrs = append(out.records, records[n]), append(out.cdrs, c)
			}
		}
		return out, nil
	}
	err := ordered(ctx, inBatches(cdrs, leftoverBatch), opts.workers(), decode, func(r *read) error {
		for n, c := range r.cdrs {
			each(r.records[n], c)
		}
		m.add(r.count, 0)
		return nil
	})
	m.end()
	return err
}

// missing marks the CDRs that no line claims and that belong to a master line, with a finding for each.
func (s *masters) missing(v *reconcile.GroupVerdict) []ocpi.Finding {
	var out []ocpi.Finding
	if s.scopes == nil { // lines were looked up by number, and none of them is a master line
		return nil
	}
	for i := range v.NotInvoiced {
		n := &v.NotInvoiced[i]
		if n.MissingFrom = s.scopes.MissingFrom(n); n.MissingFrom != nil {
			out = append(out, n.Missing())
		}
	}
	return out
}

func (x *index) allMasters() []*reconcile.MasterLine {
	if x.masters == nil {
		return nil
	}
	return x.masters.all
}
