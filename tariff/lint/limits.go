package lint

import (
	"time"

	"github.com/nexacollect/reconcile/ocpi"
)

// What is stated of the tariff as a whole: mod_tariffs, Tariff.min_price, max_price, start_date_time and end_date_time.

// limits looks at min_price and max_price.
func (l *linter) limits() {
	root := l.doc.root()
	least, single := l.doc.member(root, "min_price")
	greatest, _ := l.doc.member(root, "max_price")
	low, high := &l.t.MinPrice, &l.t.MaxPrice
	if zero(low) && !l.hasNegativePrice() {
		f := l.add(CodeLimitZero, ocpi.SeverityWarn, least, "leave it out", "min_price is 0: no session costs less, it limits nothing")
		if f.Edit = keeping(l.drop(single, least)); f.Edit != nil {
			f.Edit.Proviso = "the session has not fed back more energy than it drew"
		}
	}
	if zero(high) {
		l.add(CodeLimitZero, ocpi.SeverityWarn, greatest, "leave it out if there is no limit; write prices of 0 if sessions are free",
			"max_price is 0: no session costs anything, whatever the components say")
	}
	for _, p := range []struct {
		a, b ocpi.Number
		when string
	}{{low.BeforeTaxes, high.BeforeTaxes, "before"}, {low.AfterTaxes, high.AfterTaxes, "after"}} {
		if !p.a.Present || !p.b.Present || !p.b.Value.Less(p.a.Value) {
			continue
		}
		f := l.add(CodeLimitsReversed, ocpi.SeverityWarn, least, "exchange the two",
			"min_price is %s %s taxes and max_price %s, wanted the least not above the greatest: every session costs %s",
			p.a.Value.Plain(), p.when, p.b.Value.Plain(), p.b.Value.Plain())
		f.Edit = l.exchange(root, least, greatest)
		return
	}
}

// zero reports a limit of nothing.
func zero(p *ocpi.Price) bool {
	return (p.BeforeTaxes.Present || p.AfterTaxes.Present) && p.BeforeTaxes.Value.IsZero() && p.AfterTaxes.Value.IsZero()
}

// validity looks at the window of the tariff.
func (l *linter) validity() {
	from, to := l.t.StartDateTime, l.t.EndDateTime
	if from.IsZero() || to.IsZero() || from.Before(to) {
		return
	}
	root := l.doc.root()
	a, b := l.doc.path(root, "start_date_time"), l.doc.path(root, "end_date_time")
	f := l.add(CodeValidityReversed, ocpi.SeverityWarn, a, "exchange the two, or correct the year",
		"start_date_time is %s and end_date_time %s, wanted the start before the end: the tariff is never valid", stamp(from), stamp(to))
	if to.Before(from) {
		f.Edit = l.exchange(root, a, b)
	}
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
