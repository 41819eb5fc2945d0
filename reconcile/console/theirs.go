package console

import (
	"fmt"
	"strings"

	"github.com/nexacollect/reconcile/reconcile"
)

// writeTheirs says how the debtor's own copy of the CDRs compares, where it was given.
func writeTheirs(b *strings.Builder, s *reconcile.TwoSided) {
	if s == nil {
		return
	}
	fmt.Fprintf(b, "two sides  %d CDRs are the same in the debtor's copy, %d differ, %d are missing there, %d are there alone\n",
		s.Same, s.Differ, s.OnlyOurs, s.OnlyTheirs)
	for _, c := range s.ByCurrency() {
		places := reconcile.MinorUnits(c.Currency)
		sum := func(x reconcile.SideSum) string {
			return fmt.Sprintf("%d CDRs, %s net, %s kWh", x.CDRs, Grouped(x.Net, places), Grouped(x.KWh, 0))
		}
		currency := c.Currency
		if currency == "" {
			currency = "no currency"
		}
		fmt.Fprintf(b, "  %s as sent: delivered %s; received %s\n", currency, sum(c.Delivered), sum(c.Received))
		if c.Missing.CDRs > 0 {
			fmt.Fprintf(b, "      missing   %s\n", sum(c.Missing))
		}
		if c.Extra.CDRs > 0 {
			fmt.Fprintf(b, "      extra     %s\n", sum(c.Extra))
		}
		if c.DifferOurs.CDRs+c.DifferTheirs.CDRs > 0 {
			fmt.Fprintf(b, "      differ    ours %s; theirs %s\n", sum(c.DifferOurs), sum(c.DifferTheirs))
		}
	}
}
