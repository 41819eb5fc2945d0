package console

import (
	"fmt"
	"strings"

	"github.com/nexacollect/reconcile/reconcile"
)

// writeTheirs says how the debtor's own copy of some records compares, where it was given; what names them.
func writeTheirs(b *strings.Builder, what string, s *reconcile.TwoSided) {
	if s == nil {
		return
	}
	fmt.Fprintf(b, "two sides  %d %s are the same in the debtor's copy, %d differ, %d are missing there, %d are there alone\n",
		s.Same, what, s.Differ, s.OnlyOurs, s.OnlyTheirs)
	for _, c := range s.ByCurrency() {
		places := reconcile.MinorUnits(c.Currency)
		sum := func(x reconcile.SideSum) string {
			return fmt.Sprintf("%d %s, %s net, %s kWh", x.Records, what, reconcile.Grouped(x.Net, places), reconcile.Grouped(x.KWh, 0))
		}
		currency := c.Currency
		if currency == "" {
			currency = "no currency"
		}
		fmt.Fprintf(b, "  %s as sent: delivered %s; received %s\n", currency, sum(c.Delivered), sum(c.Received))
		if c.Missing.Records > 0 {
			fmt.Fprintf(b, "      missing   %s\n", sum(c.Missing))
		}
		if c.Extra.Records > 0 {
			fmt.Fprintf(b, "      extra     %s\n", sum(c.Extra))
		}
		if c.DifferOurs.Records+c.DifferTheirs.Records > 0 {
			fmt.Fprintf(b, "      differ    ours %s; theirs %s\n", sum(c.DifferOurs), sum(c.DifferTheirs))
		}
	}
}
