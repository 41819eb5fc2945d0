package reconcile

import (
	"fmt"
	"slices"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
)

// MembersByCover says that the CDRs of a master line are those that come to its amount.
const MembersByCover = "covering-set"

// Aggregate is a line that stands for several CDRs and does not say which: for a contract, an EVSE, a location, a day or a month. Which they are
// is found among the CDRs of what it covers that no line claims.
type Aggregate struct {
	line  *Line
	scope Scope
	want  coverWant
	days  [2]aggregateParts // by days local to the CDR, and by days in UTC

	state  coverState
	closed bool    // another line wants the same CDRs
	whole  bool    // all CDRs of the scope
	utc    bool    // of days in UTC
	chosen []int32 // records
	size   int     // CDRs of the scope that were free when its state was found
	why    string  // why they are not known, where it is not the search for this line alone that says so
}

// aggregateParts are the CDRs of a scope that are free.
type aggregateParts struct {
	parts   []aggregatePart
	changed bool // since they were last searched
}

type aggregatePart struct {
	record int32
	member Member
	item   coverItem
}

// energyPlaces are the decimals of kWh that are added up, mostEnergy is as much as a CDR may have for that.
const (
	energyPlaces = 6
	mostEnergy   = 1 << 40
)

// NewAggregate makes an aggregate of a line; nil where its amount is not in minor units or its sessions are no count, so that no sum can be it. The case's parties bound the
// scope where they are named.
func NewAggregate(l *Line, creditor, debtor Party) *Aggregate {
	amount, rest, ok := l.Claimed.BeforeTaxes.Value.Units(MinorUnits(l.Currency))
	if !ok || rest != exact.NoRest || l.sign() <= 0 {
		return nil
	}
	a := &Aggregate{line: l, scope: scopeOf(l, creditor, debtor), want: coverWant{amount: amount, count: -1}}
	if l.Sessions.Present {
		count, rest, ok := l.Sessions.Value.Units(0)
		if !ok || rest != exact.NoRest || l.Sessions.Value.Sign() < 0 || count > maxUnits {
			return nil
		}
		a.want.count = int(count)
	}
	if kWh := l.ClaimedKWh; kWh.Present {
		shown := exact.New(5, kWh.Value.Scale()+1) // half of the last digit
		least, _, okLeast := kWh.Value.Sub(shown).Units(energyPlaces)
		most, _, okMost := kWh.Value.Add(shown).Units(energyPlaces)
		if kWh.Value.Less(shown) {
			least = 0
		}
		a.want.least, a.want.most, a.want.energy = least, most, okLeast && okMost
	}
	return a
}

// Keys are ids of which a CDR of the scope has one, in the form of CDRKeys; nil where the line names none, and any CDR may be of it.
func (a *Aggregate) Keys() []string {
	for _, k := range []struct {
		letter string
		ids    []string
	}{
		{"c", contractKeys(a.scope.ContractID)}, {"e", plainIDs(a.scope.EVSEID)}, {"t", plainIDs(a.scope.Token)}, {"l", plainIDs(a.scope.Location)},
	} {
		if len(k.ids) > 0 {
			return []string{k.letter + k.ids[0]}
		}
	}
	return nil
}

// CDRKeys are the keys by which aggregates find a CDR.
func CDRKeys(c *ocpi.CDR) []string {
	var out []string
	for _, f := range (&Scope{}).fields(c) {
		for _, id := range f.have {
			out = append(out, f.name[:1]+id)
		}
	}
	return out
}

// Offer takes a CDR that no line claims where it is one of the scope. Credits, and what is settled apart or costs less than nothing, are no part of
// a sum of charges.
func (a *Aggregate) Offer(record int32, c *ocpi.CDR, terms *Agreement) {
	cost := c.TotalCost.BeforeTaxes
	if c.IsCredit() || !cost.Present || cost.Value.Sign() < 0 || c.Currency != a.line.Currency || c.HomeChargingCompensation == ocpi.True {
		return
	}
	if !a.scope.names(c, terms) || c.StartDateTime.IsZero() && !(a.scope.From.IsZero() && a.scope.To.IsZero()) {
		return
	}
	amount, _, ok := cost.Value.Round(MinorUnits(c.Currency), exact.HalfUp).Units(MinorUnits(c.Currency))
	energy, _, okEnergy := billedKWh(c).Abs().Units(energyPlaces)
	if !ok || !okEnergy || amount > maxUnits || energy > mostEnergy {
		return
	}
	zone, _ := tariff.ResolveZone(c, terms.ZoneOf, terms.TimeZone)
	part := aggregatePart{record, MemberOf(c), coverItem{amount, energy}}
	for i, location := range []*time.Location{zone.Location, time.UTC} {
		if location != nil && a.scope.during(c.StartDateTime, location) {
			a.days[i].parts, a.days[i].changed = append(a.days[i].parts, part), true
		}
	}
}

// names reports that a CDR carries every id that a scope states, and contradicts nothing of it.
func (s *Scope) names(c *ocpi.CDR, terms *Agreement) bool {
	if s.Contradicts(c, terms) != "" {
		return false
	}
	return !slices.ContainsFunc(s.fields(c), func(f scopeField) bool { return f.want != "" && len(f.have) == 0 })
}

// during reports a start within the period of a scope, its days those of a place.
func (s *Scope) during(start time.Time, at *time.Location) bool {
	bound := func(t time.Time, days int) time.Time {
		if !isDay(t) {
			return t
		}
		return time.Date(t.Year(), t.Month(), t.Day()+days, 0, 0, 0, 0, at)
	}
	from, to := bound(s.From, 0), bound(s.To, 1)
	return (from.IsZero() || !start.Before(from)) && (to.IsZero() || start.Before(to))
}

// settle orders the parts and leaves repeats of a CDR out: the first issued counts.
func (p *aggregateParts) settle() {
	slices.SortFunc(p.parts, func(x, y aggregatePart) int { return CompareMembers(&x.member, &y.member) })
	p.parts = slices.CompactFunc(p.parts, func(x, y aggregatePart) bool { return SameMember(&x.member, &y.member) })
}

// FindAggregates finds the CDRs of each line. A CDR is part of one line: what one takes is no longer there for others, and lines that want the same
// CDR at the same time are ambiguous. Lines over the whole of their scope come first. The order of the list decides nothing.
func FindAggregates(list []*Aggregate) {
	for _, a := range list {
		a.days[0].settle()
		a.days[1].settle()
	}
	for {
		for takeCovers(list, (*Aggregate).findWhole) {
		}
		if !takeCovers(list, (*Aggregate).findPart) {
			return
		}
	}
}

// takeCovers lets every open line look for its CDRs, all among the same ones, and gives them to those that no other line wants. It reports whether
// any got some.
func takeCovers(list []*Aggregate, find func(*Aggregate) bool) (took bool) {
	wants := map[int32]int{}
	var found []*Aggregate
	for _, a := range list {
		if a.state != coverFound && !a.closed && find(a) {
			found = append(found, a)
			for _, r := range a.chosen {
				wants[r]++
			}
		}
	}
	taken := map[int32]bool{}
	for _, a := range found {
		if slices.ContainsFunc(a.chosen, func(r int32) bool { return wants[r] > 1 }) {
			a.state, a.chosen, a.closed = coverSeveral, nil, true
			continue
		}
		a.state, took = coverFound, true
		for _, r := range a.chosen {
			taken[r] = true
		}
	}
	for _, a := range list {
		for i := range a.days {
			p := &a.days[i]
			before := len(p.parts)
			p.parts = slices.DeleteFunc(p.parts, func(part aggregatePart) bool { return a.state != coverFound && taken[part.record] })
			p.changed = p.changed || len(p.parts) < before
		}
	}
	return took
}

// findWhole reports that all CDRs of the scope come to what the line says: each rounded, or their exact sum. Amounts are not negative, so that no
// other set of them does but for CDRs that cost nothing.
func (a *Aggregate) findWhole() bool {
	if !a.scope.IsStated() && a.want.count < 0 && !a.want.energy {
		return false // an amount alone says nothing
	}
	var fits []int
	for i := range a.days {
		if p := &a.days[i]; p.changed && a.want.whole(p.parts, MinorUnits(a.line.Currency)) {
			fits = append(fits, i)
		}
	}
	switch {
	case len(fits) == 0:
		return false
	case len(fits) == 2 && !slices.EqualFunc(a.days[0].parts, a.days[1].parts, samePart):
		a.state, a.closed = coverSeveral, true
		return false
	case a.contested(fits[0]):
		return false
	}
	a.choose(fits[0], allOf(len(a.days[fits[0]].parts)))
	a.whole = true
	return true
}

// contested reports that by the other days some set fits that is not the whole by these: which is meant cannot be told.
func (a *Aggregate) contested(day int) bool {
	other := 1 - day
	if slices.EqualFunc(a.days[day].parts, a.days[other].parts, samePart) || !a.scope.IsStated() {
		return false
	}
	items := a.items(other)
	found, state := findCover(items, a.want)
	switch {
	case state == coverNone, state != coverLimit && a.want.byChance(items):
		return false
	case state == coverFound && slices.Equal(a.records(other, found), a.records(day, allOf(len(a.days[day].parts)))):
		return false
	case state == coverFound:
		state = coverSeveral
	}
	a.state, a.closed = state, true
	return true
}

func samePart(x, y aggregatePart) bool { return x.record == y.record }

// whole reports that parts come to what is wanted.
func (w *coverWant) whole(parts []aggregatePart, places int32) bool {
	var sum exact.Decimal
	var total coverItem
	for i := range parts {
		sum = sum.Add(parts[i].member.Cost.BeforeTaxes.Value)
		total.amount += parts[i].item.amount
		total.energy += parts[i].item.energy
	}
	if w.fits(total, len(parts)) {
		return true
	}
	amount, _, ok := sum.Round(places, exact.HalfUp).Units(places)
	total.amount = amount
	return ok && w.fits(total, len(parts))
}

// findPart reports that some CDRs of the scope, and no others, come to what the line says. A line that names no contract, token, location or EVSE is
// one over everything or nothing: among all CDRs of a case some set comes to any amount.
func (a *Aggregate) findPart() bool {
	if !a.scope.IsStated() || !a.days[0].changed && !a.days[1].changed {
		return false
	}
	a.state = coverNone
	var found [2][]int
	for i := range a.days {
		p := &a.days[i]
		p.changed = false
		if i == 1 && slices.EqualFunc(a.days[0].parts, p.parts, samePart) {
			break
		}
		var state coverState
		found[i], state = findCover(a.items(i), a.want)
		if state == coverFound && a.want.byChance(a.items(i)) {
			state = coverChance
		}
		if a.state = max(a.state, state); state != coverFound {
			found[i] = nil
		}
	}
	switch {
	case a.state != coverFound:
		a.size = len(a.days[0].parts)
		return false
	case found[0] != nil && found[1] != nil && !slices.Equal(a.records(0, found[0]), a.records(1, found[1])):
		a.state = coverSeveral
		return false
	case found[0] != nil:
		a.choose(0, found[0])
	default:
		a.choose(1, found[1])
	}
	a.state = coverNone // until no other line wants them
	return true
}

func (a *Aggregate) items(day int) []coverItem {
	out := make([]coverItem, len(a.days[day].parts))
	for i := range out {
		out[i] = a.days[day].parts[i].item
	}
	return out
}

func (a *Aggregate) records(day int, at []int) []int32 {
	out := make([]int32, len(at))
	for n, i := range at {
		out[n] = a.days[day].parts[i].record
	}
	slices.Sort(out)
	return out
}

func (a *Aggregate) choose(day int, at []int) {
	a.chosen, a.size, a.utc = a.records(day, at), len(a.days[day].parts), day == 1
}

// Members are the records that the line stands for, in order; nil where they are not known.
func (a *Aggregate) Members() []int32 {
	if a.state != coverFound {
		return nil
	}
	return a.chosen
}

// Says tells how the CDRs of the line were found.
func (a *Aggregate) Says() string {
	of := fmt.Sprintf("%d of the %d", len(a.chosen), a.size)
	if a.whole {
		of = fmt.Sprintf("all %d", len(a.chosen))
	}
	text := fmt.Sprintf("no list says which CDRs the line stands for; %s CDRs of what it covers that no other line claims come to its amount", of)
	if a.want.count >= 0 {
		text += fmt.Sprintf(", to its %d sessions", a.want.count)
	}
	if a.want.energy {
		text += fmt.Sprintf(", to its %s kWh", a.line.ClaimedKWh.Value)
	}
	if !a.whole {
		text += ", and no others do"
	}
	if a.utc {
		text += "; its days are those of UTC"
	}
	return text
}

// Unsettled says why the CDRs of the line are not known though some come to its amount; "" where none do, or they are known.
func (a *Aggregate) Unsettled() (text string, givenUp bool) {
	switch {
	case a.why != "":
		return a.why, a.state == coverLimit
	}
	switch a.state {
	case coverChance:
		return fmt.Sprintf("one set of the %d CDRs of what the line covers comes to its amount; of so many some may by chance, and neither their energy nor "+
			"their number tells", a.size), false
	case coverSeveral:
		return "several sets of CDRs of what the line covers come to its amount, or another line wants the same ones", false
	case coverLimit:
		return fmt.Sprintf("which of %d CDRs of what the line covers come to its amount is not told apart within %d steps", a.size, maxCoverSteps), true
	}
	return "", false
}

// Unclaimed says of each CDR of a group whether no line claims it, by any pass. Repeats and other bodies of a CDR are not free.
func Unclaimed(g *Group, a *Agreement) []bool {
	b := newBench(g, a)
	b.matchAll()
	at := make(map[*ocpi.CDR]int, len(g.CDRs))
	for i := range g.CDRs {
		at[g.CDRs[i].CDR] = i
	}
	out := make([]bool, len(g.CDRs))
	for _, c := range b.cdrs {
		out[at[c.cdr]] = !c.claimed
	}
	return out
}
