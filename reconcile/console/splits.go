package console

import (
	"fmt"
	"strings"

	"github.com/nexacollect/reconcile/reconcile"
)

// splitsJSON is what a CDR costs whose periods tariff boundaries divide, as declared and split there: with the energy of each period
// taken as even, and the least and the greatest of all ways in which it may have flowed. These are absent where Unbounded says why they
// are not known.
type splitsJSON struct {
	Boundaries int              `json:"boundaries"`
	Declared   *reconcile.Money `json:"declared"`
	Even       *reconcile.Money `json:"even"`
	Least      *reconcile.Money `json:"least,omitempty"`
	Greatest   *reconcile.Money `json:"greatest,omitempty"`
	Unbounded  string           `json:"unbounded,omitempty"`
}

// splits is nil where no boundary lies inside a period.
func (p *Priced) splits() *splitsJSON {
	r := p.Result
	if r.SplitSheet == nil {
		return nil
	}
	out := &splitsJSON{Boundaries: r.Boundaries, Declared: money(r.Totals.Cost), Even: money(r.Split), Unbounded: r.Unbounded}
	if r.LeastSheet != nil {
		out.Least, out.Greatest = money(r.Least), money(r.Greatest)
	}
	return out
}

// textSplits writes the prices of a CDR whose periods boundaries divide.
func (p *Priced) textSplits(b *strings.Builder) {
	s := p.splits()
	if s == nil {
		return
	}
	fmt.Fprintf(b, "  tariff boundaries inside unsplit periods: %d\n", s.Boundaries)
	fmt.Fprintf(b, "    as declared: %s\n    split there with even energy: %s\n", moneyText(*s.Declared), moneyText(*s.Even))
	if s.Least == nil {
		fmt.Fprintf(b, "    what other splits cost is not known: %s\n", s.Unbounded)
		return
	}
	fmt.Fprintf(b, "    however the energy flowed: at least %s; at most %s\n", moneyText(*s.Least), moneyText(*s.Greatest))
}
