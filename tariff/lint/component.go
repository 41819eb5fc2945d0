package lint

import (
	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// Price components: mod_tariffs, PriceComponent.

var one = exact.FromInt(1)

// components looks at the components of an element.
func (l *linter) components(i int) {
	for j := range l.t.Elements[i].PriceComponents {
		l.doubled(i, j)
		l.reserved(i, j)
		l.step(i, j)
		l.amounts(i, j)
	}
}

// value is a member of a component, or the component where it is not there.
func (l *linter) value(i, j int, name string) node {
	c := l.elements[i].components[j]
	if n, _ := l.doc.member(c, name); n.there() {
		return n
	}
	return c
}

// doubled reports a component whose dimension an earlier one of the element prices already: they are never added up.
func (l *linter) doubled(i, j int) {
	list := l.t.Elements[i].PriceComponents
	kind := list[j].Kind
	first, same := -1, true
	for k := range list {
		if list[k].Kind != kind {
			continue
		}
		if first < 0 {
			first = k
		}
		same = same && sameComponent(&list[first], &list[k])
	}
	if kind == ocpi.DimensionUnknown || first == j {
		return
	}
	f := l.add(CodeComponentDoubled, ocpi.SeverityWarn, l.elements[i].components[j], "leave one of them",
		"a second %s component in one element, wanted at most one: the first counts", kind)
	f.Questions = []string{questionDuplicate}
	f.claim = claim{kind: claimUnreachable, element: i, component: j}
	if f.Edit = l.drop(true, l.elements[i].components[j]); f.Edit != nil {
		f.Edit.Keeps = same
	}
}

// sameComponent reports that two components of a dimension price alike.
func sameComponent(a, b *ocpi.PriceComponent) bool {
	return sameNumber(a.Price, b.Price) && sameNumber(a.VAT, b.VAT) && sameNumber(a.StepSize, b.StepSize)
}

func sameNumber(a, b ocpi.Number) bool {
	return a.Present == b.Present && (!a.Present || a.Value.Equal(b.Value))
}

// reserved reports a component that no reservation asks for: elements for reservations hold FLAT and TIME.
func (l *linter) reserved(i, j int) {
	list := l.t.Elements[i].PriceComponents
	kind := list[j].Kind
	if l.elements[i].r.Reservation == ocpi.NoReservation || kind != ocpi.Energy && kind != ocpi.ParkingTime {
		return
	}
	f := l.add(CodeReservationUnused, ocpi.SeverityWarn, l.elements[i].components[j], "put it into an element without the restriction reservation",
		"%s in an element for reservations, where FLAT and TIME alone count: it prices nothing", kind)
	f.claim = claim{kind: claimUnreachable, element: i, component: j}
	for _, c := range list {
		if c.Kind == ocpi.Flat || c.Kind == ocpi.Time {
			f.Edit = keeping(l.drop(true, l.elements[i].components[j]))
		}
	}
}

// step reports a step_size that rounds nothing. FLAT has no steps.
func (l *linter) step(i, j int) {
	c := &l.t.Elements[i].PriceComponents[j]
	if c.Kind == ocpi.Flat || c.Kind == ocpi.DimensionUnknown || !c.StepSize.Present || c.StepSize.Value.Sign() > 0 {
		return
	}
	f := l.add(CodeStepSize, ocpi.SeverityWarn, l.value(i, j, "step_size"), "write the step in Wh or seconds, 1 for the finest",
		"step_size of %s is %s, wanted 1 or more: nothing is rounded", c.Kind, c.StepSize.Value.Plain())
	f.Questions = []string{questionStepZero}
}

// amounts reports prices and rates that are not likely to be meant.
func (l *linter) amounts(i, j int) {
	c := &l.t.Elements[i].PriceComponents[j]
	if c.Price.Present && c.Price.Value.Sign() < 0 {
		l.add(CodePriceNegative, ocpi.SeverityWarn, l.value(i, j, "price"), "write what the driver pays, unless the driver is to be paid",
			"the price of %s is %s, wanted it not below 0", c.Type, c.Price.Value.Plain())
	}
	if v := c.VAT.Value; c.VAT.Present && v.Sign() > 0 && v.Less(one) {
		percent := v.Shift(2).Plain()
		n := l.value(i, j, "vat")
		f := l.add(CodeVATFraction, ocpi.SeverityWarn, n, "write "+percent+" if that is the rate",
			"vat is %s, which is in percent: wanted %s, as it seems", v.Plain(), percent)
		f.Edit = replace(n, percent)
	}
}
