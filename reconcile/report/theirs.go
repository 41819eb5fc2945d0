package report

import (
	"fmt"

	"github.com/nexacollect/reconcile/reconcile"
)

// sidesView is how the two sides of one kind of record stand.
type sidesView struct {
	Text, What string // What heads the column of counts
	File       string // names each
	Currencies []sideView
}

// sideView is how the two sides stand in one currency.
type sideView struct {
	Currency string
	Rows     []sideRow
}

type sideRow struct{ Name, Records, Net, KWh string }

// addSides fills in how the debtor's own copy compares with ours, of CDRs and of sessions; nothing where it was not given.
func (v *view) addSides(s *reconcile.Summary) {
	for _, of := range []struct {
		what, file string
		sides      *reconcile.TwoSided
	}{{"CDRs", "theirs.ndjson", s.Theirs}, {"sessions", "their_sessions.ndjson", s.TheirSessions}} {
		if of.sides != nil {
			v.Sides = append(v.Sides, newSidesView(of.what, of.file, of.sides))
		}
	}
}

func newSidesView(what, file string, s *reconcile.TwoSided) sidesView {
	v := sidesView{What: capital(what), File: file, Text: fmt.Sprintf(
		"%s %s are the same on both sides, %s differ, %s are missing in the debtor’s copy, %s are there alone.",
		count(s.Same), what, count(s.Differ), count(s.OnlyOurs), count(s.OnlyTheirs))}
	for _, c := range s.ByCurrency() {
		side := sideView{Currency: visible(c.Currency)}
		for _, r := range []struct {
			name string
			sum  reconcile.SideSum
		}{
			{"Delivered by the creditor", c.Delivered}, {"Received by the debtor", c.Received}, {"The same on both sides", c.Same},
			{"Differing, as the creditor has them", c.DifferOurs}, {"Differing, as the debtor has them", c.DifferTheirs},
			{"Missing in the debtor’s copy", c.Missing}, {"In the debtor’s copy alone", c.Extra},
		} {
			side.Rows = append(side.Rows, sideRow{r.name, count(r.sum.Records), amount(r.sum.Net, c.Currency), digits(r.sum.KWh.Output(), 0)})
		}
		v.Currencies = append(v.Currencies, side)
	}
	return v
}
