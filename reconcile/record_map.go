package reconcile

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
)

// recordMap says in which cell of a row each of recordColumns stands; -1 is nowhere.
type recordMap struct {
	kind    ocpi.Kind
	at      []int
	unused  []string // headings that fit nothing
	natives int      // how many headings are native names
	own     int      // how many of these are of this kind alone
	periods bool     // there are columns of charging periods beside the tariff
}

// errNotThisKind is of a heading that is of another kind of table, columnsError of an entry of the case file that does not hold.
var errNotThisKind = errors.New("not of this kind")

type columnsError struct{ error }

// mapRecord finds the columns of a table of a kind as mapColumns does those of an invoice. Every error but errNotThisKind is about columns
// that cannot stand together.
func mapRecord(kind ocpi.Kind, header []string, mapping Columns) (*recordMap, error) {
	m := &recordMap{kind: kind, at: make([]int, len(recordColumns))}
	for i := range m.at {
		m.at[i] = -1
	}
	taken, folded := make([]bool, len(header)), make([]string, len(header))
	for i, heading := range header {
		folded[i] = foldHeading(heading)
	}
	if err := m.apply(header, mapping, taken); err != nil {
		return nil, err
	}
	for _, native := range []bool{true, false} {
		if err := m.find(header, folded, taken, native); err != nil {
			return nil, err
		}
	}
	for i, heading := range header {
		if !taken[i] && strings.TrimSpace(heading) != "" {
			m.unused = append(m.unused, heading)
		}
	}
	if err := m.clash(header); err != nil {
		return nil, err
	}
	if !m.has("id") || !m.has("start_date_time") {
		return nil, fmt.Errorf("%w: the heading names no id or no start_date_time (it has: %s); name them under columns in the case file",
			errNotThisKind, clipText(strings.Join(header, ", ")))
	}
	return m, nil
}

// apply takes the columns that the case maps by name.
func (m *recordMap) apply(header []string, mapping Columns, taken []bool) error {
	for i := range recordColumns {
		c := &recordColumns[i]
		want, mapped := mapping[c.name()]
		if !mapped || !c.of(m.kind) {
			continue
		}
		cell, err := findHeading(header, want)
		if err != nil {
			return columnsError{fmt.Errorf("columns: %s: %w", c.name(), err)}
		}
		m.at[i], taken[cell] = cell, true
	}
	return nil
}

// find takes for each column that is not found yet, and whose member no other column fills, the one heading that fits.
func (m *recordMap) find(header, folded []string, taken []bool, native bool) error {
	for i := range recordColumns {
		c := &recordColumns[i]
		if !c.of(m.kind) || m.at[i] >= 0 || !native && m.filled(c) {
			continue
		}
		names := strings.Fields(c.synonyms)
		if native {
			names = []string{foldHeading(c.name())}
		}
		for j, heading := range header {
			switch {
			case taken[j] || !slices.Contains(names, folded[j]):
			case m.at[i] >= 0:
				return fmt.Errorf("columns %q and %q both hold %s: say which under columns in the case file", header[m.at[i]], heading, c.name())
			default:
				m.at[i] = j
			}
		}
		if at := m.at[i]; at >= 0 {
			taken[at] = true
			if native {
				m.natives++
			}
			if native && c.in != 0 && c.path != "id" && c.path != "kwh" { // kwh is what everyone calls it
				m.own++
			}
		}
	}
	return nil
}

// filled reports a member that a column fills already, in another unit.
func (m *recordMap) filled(c *recordColumn) bool {
	for i := range recordColumns {
		if d := &recordColumns[i]; m.at[i] >= 0 && d.path == c.path && d.period == c.period {
			return true
		}
	}
	return false
}

// has reports a member of the record that a column fills.
func (m *recordMap) has(path string) bool { return m.filled(&recordColumn{path: path}) }

// clash reports two columns of which only one can fill its member.
func (m *recordMap) clash(header []string) error {
	for i := range recordColumns {
		for j := range i {
			a, b := &recordColumns[j], &recordColumns[i]
			if m.at[i] < 0 || m.at[j] < 0 || !sameColumn(a, b) {
				continue
			}
			return fmt.Errorf("columns %q and %q both hold %s: leave one out, or say which under columns in the case file", header[m.at[j]], header[m.at[i]], a.name())
		}
		m.periods = m.periods || m.at[i] >= 0 && recordColumns[i].period && recordColumns[i].path != "tariff_id"
	}
	return nil
}

// sameColumn reports columns that fill one member, or one a member of the other.
func sameColumn(a, b *recordColumn) bool {
	if a.period != b.period {
		return a.period && a.path != "tariff_id" && b.name() == "charging_periods" || b.period && b.path != "tariff_id" && a.name() == "charging_periods"
	}
	return a.path == b.path || strings.HasPrefix(a.path, b.path+".") || strings.HasPrefix(b.path, a.path+".")
}

// mapRecords finds the columns of a table of a kind; KindUnknown takes the one of CDRs and sessions that has more of its columns by native
// name, or else at all.
func mapRecords(kind ocpi.Kind, header []string, mapping map[ocpi.Kind]Columns) (*recordMap, error) {
	if kind != ocpi.KindUnknown {
		return mapWanted(kind, header, mapping)
	}
	c, err := mapRecord(ocpi.KindCDR, header, mapping[ocpi.KindCDR])
	s, errSession := mapRecord(ocpi.KindSession, header, mapping[ocpi.KindSession])
	switch {
	case errSession != nil:
		return c, err
	case err != nil, s.natives > c.natives, s.natives == c.natives && len(s.unused) < len(c.unused):
		return s, nil
	}
	return c, nil
}

// mapWanted finds the columns of a table of the kind that is wanted. One whose names are the other kind's is refused unless the case maps
// it: a session that is read as a CDR would prove what it cannot.
func mapWanted(kind ocpi.Kind, header []string, mapping map[ocpi.Kind]Columns) (*recordMap, error) {
	m, err := mapRecord(kind, header, mapping[kind])
	if err != nil || m.own > 0 || len(mapping[kind]) > 0 {
		return m, err
	}
	other := ocpi.KindCDR + ocpi.KindSession - kind
	if o, err := mapRecord(other, header, nil); err == nil && o.own > 0 {
		return nil, fmt.Errorf("%w: the heading is that of a table of %ss, want one of %ss; name the files of each kind apart", errNotThisKind, other, kind)
	}
	return m, nil
}

// invoice reports columns that only invoices have: their lines would be taken for what they are to be held against.
func (m *recordMap) invoice() error {
	for _, heading := range m.unused {
		switch InvoiceColumn(heading, nil) {
		case columnNames[colInvoiceID], columnNames[colLine], columnNames[colInvoiceDate]:
			return fmt.Errorf("%w: column %q is one of an invoice; if these are CDRs or sessions all the same, name their columns in the case file",
				errNotThisKind, heading)
		}
	}
	return nil
}

// OwnRecordHeading tells the kind of a table that names its columns natively, so that it is no invoice with headings of the kind.
func OwnRecordHeading(names []string) (ocpi.Kind, bool) {
	m, err := mapRecords(ocpi.KindUnknown, names, nil)
	if err != nil || m.natives < 3 || !slices.ContainsFunc(names, func(n string) bool { return foldHeading(n) == "startdatetime" }) {
		return ocpi.KindUnknown, false
	}
	return m.kind, true
}
