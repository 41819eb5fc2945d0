package reconcile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// lineSet is lines that only together are one CDR, as where energy, parking and a fee of one session are a line each, or several CDRs. It is judged
// as a whole, and each line has its share.
type lineSet struct {
	lines []*lineEntry // in order
	cdrs  []*cdrEntry
	says  string // how their sums agree
}

// Bounds of sets: subsets of the lines of one CDR that are tried, lines of one set, and CDRs of one.
const (
	maxLineSets = 1 << 12
	maxSetLines = 64
	maxSetCDRs  = 64
)

// seekSet looks whether lines that the CDR seems to support a second time are only together what it costs. Where that is open, it looks again among
// those that no decision gives up.
func (b *bench) seekSet(c *cdrEntry) {
	if set := c.lines[0].set; set != nil { // matched as one
		c.takeSet(set.lines, set.says)
		return
	}
	lines := b.setLines(c)
	if len(lines) < 2 {
		return
	}
	search := setSearch{worth: b.worthOf(c, lines)}
	contested, state := c.seekAmong(lines, &search)
	if contested == nil {
		return
	}
	left := slices.DeleteFunc(slices.Clone(lines), (*lineEntry).isGivenUp)
	if len(left) == len(lines) {
		c.contest(contested, state)
		return
	}
	switch {
	case len(left) == 0:
	case search.fits(left[:1]):
		c.takeFirst(left[0])
	default:
		if contested, state = c.seekAmong(left, &search); contested != nil {
			c.contest(contested, state)
		}
	}
}

// seekAmong looks for the set among lines: first those of the invoice that has the first line, then all. It returns those of which it is open. Where the
// first line alone is the CDR, or nothing adds up, row 24 stands.
func (c *cdrEntry) seekAmong(lines []*lineEntry, search *setSearch) (contested []*lineEntry, state coverState) {
	if search.fits(lines[:1]) {
		return nil, coverNone
	}
	invoice := slices.DeleteFunc(slices.Clone(lines), func(l *lineEntry) bool { return l.line.InvoiceID != lines[0].line.InvoiceID })
	for _, some := range [][]*lineEntry{invoice, lines} {
		found, state := search.find(some)
		switch {
		case state == coverNone:
			continue
		case state == coverFound && found[0] == lines[0]:
			c.takeSet(found, search.worth.says(found))
			return nil, state
		}
		return some, state
	}
	return nil, coverNone
}

// setLines are the lines that bill a CDR and can be added up; nil where one gives money back.
func (b *bench) setLines(c *cdrEntry) []*lineEntry {
	if c.cdr.IsCredit() || slices.ContainsFunc(c.lines, (*lineEntry).isCredit) {
		return nil
	}
	var out []*lineEntry
	for _, l := range c.lines {
		claimed := l.line.Claimed
		if l.sign() > 0 && l.basis() == BeforeTaxes && claimed.AfterTaxes.Value.Sign() >= 0 && l.line.Currency == c.cdr.Currency && l.line.Master == c.lines[0].line.Master {
			out = append(out, l)
		}
	}
	return out
}

// isGivenUp reports a line that a decision withdraws or calls a repeat: where it is open which lines are a CDR, it is none.
func (l *lineEntry) isGivenUp() bool {
	if l.talk == nil || l.talk.decision == nil {
		return false
	}
	kind := l.talk.decision.Kind
	return kind == DecideWithdraw || kind == DecideDuplicate
}

// takeSet makes lines a set of one CDR. Any other line of the CDR claims it a second time.
func (c *cdrEntry) takeSet(lines []*lineEntry, says string) {
	set := &lineSet{lines: slices.Clone(lines), cdrs: []*cdrEntry{c}, says: says}
	set.sort()
	for _, l := range c.lines {
		switch {
		case slices.Contains(lines, l):
			l.twice, l.set = nil, set
		case l.sign() > 0:
			l.twice = lines[0]
		}
	}
}

// takeFirst makes a line the one that the CDR supports.
func (c *cdrEntry) takeFirst(first *lineEntry) {
	for _, l := range c.lines {
		if l.sign() > 0 {
			l.twice = first
		}
	}
	first.twice = nil
}

// sort puts the lines in the order in which a pack has them, by which shares are given.
func (s *lineSet) sort() {
	slices.SortFunc(s.lines, func(x, y *lineEntry) int {
		a, b := x.line, y.line
		return cmp.Or(strings.Compare(a.InvoiceID, b.InvoiceID), CompareLineNumbers(a.Line, b.Line), cmp.Compare(x.at, y.at))
	})
}

// contest leaves lines open of which one set or another is the CDR.
func (c *cdrEntry) contest(lines []*lineEntry, state coverState) {
	for _, l := range lines {
		l.twice, l.state, l.contested = nil, matchAmbiguous, fmt.Sprintf(
			"%d lines quote CDR %s, and more than one set of them, or one without the first, comes to what it costs", len(lines), c.cdr.ID)
		if state == coverLimit {
			l.contested = fmt.Sprintf("which of %d lines that quote CDR %s come to what it costs is not told apart within %d sets", len(lines), c.cdr.ID, maxLineSets)
			l.find(codeSearchLimit, ocpi.SeverityWarn, "%s", l.contested)
		}
	}
}

// rowContested is row 8 of lines that quote one CDR.
func (t *trial) rowContested() {
	if t.line.contested != "" {
		t.rule(ruling{row: 8, code: codeAmbiguousMatch, open: true, message: t.line.contested})
	}
}

// cdrWorth is what lines that are a CDR come to: what it states as its cost, or its price on the tariffs that govern, as known roundings make them.
type cdrWorth struct {
	cdr    *ocpi.CDR
	basis  Basis
	minor  int32
	stated ocpi.Number
	prices []exact.Decimal
	parts  []exact.Decimal // of the first price, by dimension
	kWh    exact.Decimal
}

func (b *bench) worthOf(c *cdrEntry, lines []*lineEntry) *cdrWorth {
	w := &cdrWorth{cdr: c.cdr, basis: BeforeTaxes, minor: MinorUnits(c.cdr.Currency), kWh: billedKWh(c.cdr)}
	declared := b.price(c)
	noGross := func(l *lineEntry) bool { return !l.line.Claimed.AfterTaxes.Present }
	if cost := declared.cost(); !cost.BeforeTaxes.Present && cost.AfterTaxes.Present && !slices.ContainsFunc(lines, noGross) {
		w.basis = AfterTaxes // rule 5
	}
	w.stated = claimedCost(c.cdr).on(w.basis)
	for _, p := range []*price{declared, b.agreedPrice(c)} {
		if p == nil || p.blocked != nil {
			continue
		}
		if cost := p.cost().on(w.basis); cost.Present {
			w.prices = append(w.prices, cost.Value)
		}
		if value, ok := b.settled(p, w.basis); ok {
			w.prices = append(w.prices, value)
		}
	}
	if declared.blocked == nil {
		if parts, ok := dimensionCosts(declared.res, w.basis); ok && len(w.prices) > 0 && addsUp(parts, w.prices[0]) {
			w.parts = parts
		}
	}
	return w
}

// says names what a sum of lines agrees with exactly; "" where nothing does, or their kWh do not.
func (w *cdrWorth) says(lines []*lineEntry) string {
	claimed := claimedTogether(lines).on(w.basis).Value
	if !kWhFit(lines, w.kWh) {
		return ""
	}
	if stated := w.stated; stated.Present && (claimed.Equal(stated.Value) || claimed.Equal(stated.Value.Round(w.minor, exact.HalfUp))) {
		return fmt.Sprintf("the total_cost of CDR %s", w.cdr.ID)
	}
	for i, p := range w.prices {
		var parts []exact.Decimal
		if i == 0 {
			parts = w.parts
		}
		if claimed.Equal(p) || explainRounding(claimed, p, parts, w.minor) != "" {
			return fmt.Sprintf("the price of CDR %s", w.cdr.ID)
		}
	}
	return ""
}

// span is the least and the most that a set which fits may come to.
func (w *cdrWorth) span() (least, most exact.Decimal) {
	all := slices.Clone(w.prices)
	if w.stated.Present {
		all = append(all, w.stated.Value)
	}
	for i, v := range all {
		if i == 0 {
			least = v
		}
		least, most = exact.Min(least, v), exact.Max(most, v)
	}
	slack := exact.New(int64(len(w.parts)+1), min(w.minor, minRoundingPlaces))
	return least.Sub(slack), most.Add(slack)
}

// claimedTogether is what lines claim in sum; after taxes only where each tells it.
func claimedTogether(lines []*lineEntry) Money {
	out := Money{BeforeTaxes: Known(exact.Decimal{}), AfterTaxes: Known(exact.Decimal{})}
	for _, l := range lines {
		claimed := l.line.Claimed
		out.BeforeTaxes.Value = out.BeforeTaxes.Value.Add(claimed.BeforeTaxes.Value)
		out.AfterTaxes.Value = out.AfterTaxes.Value.Add(claimed.AfterTaxes.Value)
		out.AfterTaxes.Present = out.AfterTaxes.Present && claimed.AfterTaxes.Present
	}
	if !out.AfterTaxes.Present {
		out.AfterTaxes = ocpi.Number{}
	}
	return out
}

// kWhFit reports that what lines state of kWh is, in sum, that of their CDR, or each line repeats it: to the last digit shown. Lines without any
// say nothing.
func kWhFit(lines []*lineEntry, kWh exact.Decimal) bool {
	var total, slack exact.Decimal
	stated, repeated := false, true
	for _, l := range lines {
		if n := l.line.ClaimedKWh; n.Present {
			half := exact.New(5, n.Value.Scale()+1)
			stated, repeated = true, repeated && agree(n.Value, kWh, half)
			total, slack = total.Add(n.Value), slack.Add(half)
		}
	}
	return !stated || repeated || agree(total, kWh, slack)
}

// setSearch looks for lines that are a CDR.
type setSearch struct {
	worth *cdrWorth
	lines []*lineEntry    // among which it looks
	rest  []exact.Decimal // from each line on, what all of them claim
	least exact.Decimal
	most  exact.Decimal
	steps int
	found [][]*lineEntry // no more than two
}

func (s *setSearch) fits(lines []*lineEntry) bool { return s.worth.says(lines) != "" }

// find looks for the one set of several lines that is the CDR. Of lines that claim the same the earlier are taken. A single line that is the CDR is
// no set, but it makes another ambiguous.
func (s *setSearch) find(lines []*lineEntry) ([]*lineEntry, coverState) {
	s.lines, s.steps, s.found = lines, 0, nil
	s.least, s.most = s.worth.span()
	s.rest = make([]exact.Decimal, len(lines)+1)
	for i := len(lines) - 1; i >= 0; i-- {
		s.rest[i] = s.rest[i+1].Add(lines[i].line.Claimed.on(s.worth.basis).Value)
	}
	done := s.extend(nil, exact.Decimal{}, 0)
	switch {
	case s.isSettled():
		return nil, coverSeveral
	case !done:
		return nil, coverLimit
	case !slices.ContainsFunc(s.found, isSeveral):
		return nil, coverNone
	}
	return s.found[0], coverFound
}

func isSeveral(set []*lineEntry) bool { return len(set) > 1 }

// isSettled reports two sets, one of them of several lines: no third changes what is to be said.
func (s *setSearch) isSettled() bool {
	return len(s.found) > 1 && slices.ContainsFunc(s.found, isSeveral)
}

// extend tries the sets that add to one some of the lines from a place on; false where there are too many.
func (s *setSearch) extend(set []*lineEntry, total exact.Decimal, from int) bool {
	for i := from; i < len(s.lines) && !s.isSettled() && !total.Add(s.rest[i]).Less(s.least); i++ {
		l := s.lines[i]
		if s.steps++; s.steps > maxLineSets {
			return false
		}
		passedOver := func(o *lineEntry) bool { return l.claimsAs(o) && !slices.Contains(set, o) }
		more := total.Add(l.line.Claimed.on(s.worth.basis).Value)
		if s.most.Less(more) || slices.ContainsFunc(s.lines[:i], passedOver) {
			continue
		}
		with := append(slices.Clip(set), l)
		if s.fits(with) {
			s.add(with)
		}
		if !s.extend(with, more, i+1) {
			return false
		}
	}
	return true
}

// add notes a set that fits: of those of several lines two, for a single line may only stand beside them.
func (s *setSearch) add(set []*lineEntry) {
	if at := slices.IndexFunc(s.found, func(o []*lineEntry) bool { return len(o) == 1 }); len(s.found) == 2 && at >= 0 {
		s.found[at] = set
	} else if len(s.found) < 2 {
		s.found = append(s.found, set)
	}
}

// claimsAs reports lines that claim the same amount and energy.
func (l *lineEntry) claimsAs(o *lineEntry) bool {
	a, b := l.line, o.line
	return compareNumbers(a.Claimed.BeforeTaxes, b.Claimed.BeforeTaxes) == 0 && compareNumbers(a.Claimed.AfterTaxes, b.Claimed.AfterTaxes) == 0 &&
		compareNumbers(a.ClaimedKWh, b.ClaimedKWh) == 0
}

// lineNames names lines by invoice and number.
func lineNames(lines []*lineEntry) string {
	var names []string
	for i, l := range lines {
		if i == maxEvidence {
			names = append(names, fmt.Sprintf("… (%d in all)", len(lines)))
			break
		}
		names = append(names, strings.Trim(l.line.InvoiceID+"/"+l.line.Line, "/"))
	}
	return strings.Join(names, ", ")
}
