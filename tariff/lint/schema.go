package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
)

// What decoding found is repeated here as far as it bears on the price, with its cure and, where there is one, its edit.

// schemaCures say what to do about what decoding finds.
var schemaCures = map[ocpi.Code]string{
	ocpi.SchemaDuplicateField: "leave one of them",
	ocpi.SchemaEnum:           "write one of the words that the message names",
	ocpi.SchemaFormat:         "write it in the form that the message names",
	ocpi.SchemaMisspelled:     "correct the name: what it says does not count as it is",
	ocpi.SchemaMissingField:   "state it",
	ocpi.SchemaOtherVersion:   "leave it out, or publish the tariff in the version that has it",
	ocpi.SchemaUnknownField:   "leave it out, or say in members of OCPI what it means",
	ocpi.SchemaWrongType:      "write it as the type that the message names",
	ocpi.NumberDecimalComma:   "write the number with a point",
	ocpi.TaxMismatch:          "state the rate of the tax, which is not negative",
}

// schema repeats the findings of decoding that bear on the price.
func (l *linter) schema() {
	for _, f := range l.t.Findings {
		if !bearsOnPrice(f) {
			continue
		}
		out := Finding{Finding: f, Cure: schemaCures[f.Code]}
		switch f.Code {
		case ocpi.SchemaMisspelled:
			l.misspelled(&out)
		case ocpi.SchemaFormat:
			if l.lastSeconds(&out) {
				l.out = append(l.out, out)
				continue
			}
			l.endOfDay(&out)
		}
		if out.Cure == "" {
			out.Cure = "see 'reconcile explain " + string(f.Code) + "'"
		}
		l.out = append(l.out, out)
	}
}

// bearsOnPrice reports a finding about a member that pricing looks at, or one that keeps the tariff from being read.
func bearsOnPrice(f ocpi.Finding) bool {
	if f.Severity == ocpi.SeverityBlock || f.Code == ocpi.SchemaMisspelled || f.Pointer == "" && f.Severity >= ocpi.SeverityError {
		return true
	}
	member, _, _ := strings.Cut(strings.TrimPrefix(f.Pointer, "/"), "/")
	return slices.Contains([]string{"elements", "min_price", "max_price", "tax_included", "start_date_time", "end_date_time", "currency"}, member)
}

// misspelled offers the right name where the object has that member and does not carry it yet.
func (l *linter) misspelled(f *Finding) {
	name, ok := ocpi.MeantMember(f.Pointer)
	if !ok {
		return
	}
	n, owner := l.lookup(f.Pointer)
	items := l.doc.items(owner)
	taken := slices.ContainsFunc(items, func(it ocpi.Item) bool { return it.Name == name }) // be it null
	if taken || !n.there() {
		return
	}
	it := items[n.index]
	key := strings.LastIndexByte(string(l.doc.raw[it.Start:it.Value]), '"')
	f.Cure = fmt.Sprintf("write %q", name)
	f.Edit = &Edit{Op: OpRename, Pointers: []string{f.Pointer}, Value: name, splices: []splice{{it.Start, it.Start + key + 1, `"` + name + `"`}}}
}

// lookup is the value at a pointer and the object or array that holds it.
func (l *linter) lookup(pointer string) (n, owner node) {
	parent := pointer[:max(strings.LastIndexByte(pointer, '/'), 0)]
	holds, from, ok := ocpi.Lookup(l.doc.raw, parent)
	value, at, there := ocpi.Lookup(l.doc.raw, pointer)
	if !ok || !there {
		return node{}, node{}
	}
	owner = node{pointer: parent, start: from, end: from + len(holds)}
	index := slices.IndexFunc(l.doc.items(owner), func(it ocpi.Item) bool { return it.Value == at })
	return node{pointer: pointer, start: at, end: at + len(value), in: from, index: index}, owner
}

// endOfDay offers 00:00 for 24:00, which is read so.
func (l *linter) endOfDay(f *Finding) {
	if !strings.HasSuffix(f.Pointer, "_time") || !strings.Contains(f.Pointer, "/restrictions") {
		return
	}
	n, _ := l.lookup(f.Pointer)
	if text := l.doc.plain(n); text != "24:00" && text != "24:00:00" {
		return
	}
	f.Cure = "write 00:00, which is the end of the day where it is an end_time"
	f.Edit = replace(n, `"00:00"`)
	f.Edit.Keeps = true
}

// doubts are the places where a restriction may be meant that was not read.
type doubts struct {
	pointers []string
	all      bool
}

// doubts collects them: members that OCPI does not have in an element or its restrictions, misspelt ones anywhere in it, and
// restrictions that cannot be read.
func (l *linter) doubts() doubts {
	var d doubts
	for _, m := range l.t.Unknown {
		owner := m.Pointer[:strings.LastIndexByte(m.Pointer, '/')]
		if strings.Contains(owner, "/restrictions") || !strings.Contains(owner, "/price_components") {
			d.pointers = append(d.pointers, m.Pointer)
		}
	}
	for _, f := range l.t.Findings {
		if f.Code == ocpi.SchemaMisspelled || f.Severity == ocpi.SeverityBlock {
			d.pointers = append(d.pointers, f.Pointer)
			d.all = d.all || strings.HasSuffix(f.Message, " more like it in this record")
		}
	}
	slices.Sort(d.pointers)
	return d
}

// concern reports whether any doubt is about an element.
func (d doubts) concern(element string) bool {
	i, _ := slices.BinarySearch(d.pointers, element+"/")
	return d.all || i < len(d.pointers) && strings.HasPrefix(d.pointers[i], element+"/")
}
