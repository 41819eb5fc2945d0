package report

import (
	"fmt"

	"github.com/nexacollect/reconcile/reconcile"
)

// sideView is how the two sides stand in one currency.
type sideView struct {
	Currency string
	Rows     []sideRow
}

type sideRow struct{ Name, CDRs, Net, KWh string }

// addSides fills in how the debtor's own copy of the CDRs compares with ours; nothing where it was not given.
func (v *view) addSides(s *reconcile.TwoSided) {
	if s == nil {
		return
	}
	v.SidesText = fmt.Sprintf("%s CDRs are the same on both sides, %s differ, %s are missing in the debtor’s copy, %s are there alone.",
		count(s.Same), count(s.Differ), count(s.OnlyOurs), count(s.OnlyTheirs))
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
			side.Rows = append(side.Rows, sideRow{r.name, count(r.sum.CDRs), amount(r.sum.Net, c.Currency), digits(r.sum.KWh.Output(), 0)})
		}
		v.Sides = append(v.Sides, side)
	}
}
