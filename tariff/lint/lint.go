package lint

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
)

// Finding is an observation about a tariff with what to do about it.
type Finding struct {
	ocpi.Finding
	Cure      string   // one sentence, lower case, no full stop; "" where the message says all
	Questions []string // the open questions of tariff.Rules whose other readings change what the message says
	Edit      *Edit    // the edit that cures it; nil where only the author can

	claim claim
}

// claim is what a finding says of every session, in a form that tests can hold against the engine.
type claim struct {
	kind      claimKind
	element   int // in the decoded tariff
	component int // of claimUnreachable; -1 is all of the element
	members   []string
	dimension ocpi.Dimension
	at        moment
}

type claimKind uint8

const (
	claimNothing     claimKind = iota
	claimNever                 // the element never prices anything
	claimAlways                // without the members the element prices the same
	claimUnreachable           // the component prices nothing
	claimGap                   // at the moment nothing prices the dimension
)

// maxAlike bounds the findings of one code in one tariff: a hostile one could hold millions. What goes beyond is counted in the last.
const maxAlike = 1000

// Lint returns what is to be said of a tariff, in the order of its text. Its findings begin with those of decoding that bear on the
// price, which are t.Findings. t is not changed.
func Lint(t *ocpi.Tariff) []Finding {
	l := &linter{t: t, doc: newDocument(t.Record), count: map[ocpi.Code]int{}, budget: searchBudget}
	l.readElements()
	l.feedsBack = l.pricesFeedingBack()
	l.schema()
	l.validity()
	l.limits()
	for i := range l.elements {
		l.element(i)
	}
	l.reach()
	l.gaps()
	l.countMore()
	slices.SortStableFunc(l.out, func(a, b Finding) int { return cmp.Compare(a.Place.Offset, b.Place.Offset) })
	return l.out
}

// linter is one run of Lint.
type linter struct {
	t        *ocpi.Tariff
	doc      *document
	elements []element
	count    map[ocpi.Code]int
	budget   int // restrictions that may still be tried in searches
	out      []Finding
	// feedsBack says that the tariff treats energy fed back apart.
	feedsBack bool
}

// element is a tariff element with the places of its parts.
type element struct {
	node         node
	restrictions node // the object; no value where there is none
	components   []node
	r            ocpi.Restrictions // the zero value where there are none
	// doubtful says that a restriction may be meant that could not be read: its holding is not what the author meant.
	doubtful bool
	never    bool // it was found never to hold
}

// readElements finds the elements in the text.
func (l *linter) readElements() {
	nodes := l.doc.list(l.doc.path(l.doc.root(), "elements"))
	if len(nodes) != len(l.t.Elements) {
		return // the tariff was not decoded from this text
	}
	doubts := l.doubts()
	for i, n := range nodes {
		e := element{node: n, doubtful: doubts.concern(n.pointer)}
		e.components = l.doc.list(l.doc.path(n, "price_components"))
		if len(e.components) != len(l.t.Elements[i].PriceComponents) {
			e.components = make([]node, len(l.t.Elements[i].PriceComponents))
		}
		if r := l.t.Elements[i].Restrictions; r != nil {
			e.r = *r
			e.restrictions = l.doc.first(l.doc.path(n, "restrictions"))
		}
		l.elements = append(l.elements, e)
	}
}

// add appends a finding about a value. The rest of it is filled in by what add returns, until the next call.
func (l *linter) add(code ocpi.Code, severity ocpi.Severity, n node, cure, format string, args ...any) *Finding {
	l.count[code]++
	if l.count[code] > maxAlike {
		return new(Finding)
	}
	l.out = append(l.out, Finding{Cure: cure, Finding: ocpi.Finding{
		Code: code, Severity: severity, Place: l.doc.at(n.start), Pointer: n.pointer, Message: fmt.Sprintf(format, args...),
	}})
	return &l.out[len(l.out)-1]
}

// countMore says in the last finding of a code how many were left out.
func (l *linter) countMore() {
	for i := len(l.out) - 1; i >= 0; i-- {
		f := &l.out[i]
		if more := l.count[f.Code] - maxAlike; more > 0 {
			f.Message += fmt.Sprintf("; %d more like it in this tariff", more)
			l.count[f.Code] = 0
		}
	}
}

// element looks at one element by itself.
func (l *linter) element(i int) {
	e := &l.elements[i]
	l.restrictionsEmpty(e)
	l.bounds(i)
	l.dates(i)
	l.times(i)
	l.days(i)
	l.components(i)
}

// never records that an element never holds.
func (l *linter) never(i int, f *Finding) {
	l.elements[i].never = true
	f.claim = claim{kind: claimNever, element: i, component: -1}
}

// restriction is the value of a restriction of an element.
func (l *linter) restriction(e *element, name string) node {
	n, _ := l.doc.member(e.restrictions, name)
	if !n.there() {
		n = node{pointer: e.node.pointer + "/restrictions/" + name, start: e.node.start}
	}
	return n
}
