package reconcile

import (
	"fmt"
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// AggregateSet is lines of one invoice over the same scope, none of which alone is the sum of CDRs of it, but which together are the sum of all of
// them: a contract's month in a line for each tax rate, or for energy, time and fees. Which line is which CDR's is not told, so that they are judged as
// one.
type AggregateSet struct {
	Lines    []*Aggregate
	Together *Together
	records  []int32
}

// Records are those of the CDRs, in order.
func (s *AggregateSet) Records() []int32 { return s.records }

// setKey is what lines of a set have in common.
type setKey struct {
	invoice, currency string
	scope             Scope
}

// FindAggregateSets looks, after FindAggregates, at the lines for which no CDRs come to their amount. All lines over a scope against all CDRs of it
// that are left, or nothing: among parts of both some always agree. Sets that want the same CDR are ambiguous. The order of the list decides nothing.
// The caller adds to each set which CDRs its records are.
func FindAggregateSets(list []*Aggregate) []*AggregateSet {
	byScope := map[setKey][]*Aggregate{}
	var order []setKey
	for _, a := range list {
		if !a.scope.IsStated() || !named(a.line.Line) { // what has no number cannot be told from a repeat of it
			continue
		}
		key := setKey{a.line.InvoiceID, a.line.Currency, a.scope}
		if byScope[key] == nil {
			order = append(order, key)
		}
		byScope[key] = append(byScope[key], a)
	}
	var sets []*AggregateSet
	var wholes []*Aggregate
	for _, key := range order {
		if lines := openAggregates(byScope[key]); len(lines) > 1 {
			if whole := wholeOf(lines); whole != nil {
				sets, wholes = append(sets, &AggregateSet{Lines: lines}), append(wholes, whole)
			}
		}
	}
	for takeCovers(wholes, (*Aggregate).findWhole) {
	}
	for i, s := range sets {
		s.settle(wholes[i])
	}
	return slices.DeleteFunc(sets, func(s *AggregateSet) bool { return s.records == nil })
}

// openAggregates are the lines for which nothing was found; none where one of them is ambiguous: it may have its CDRs alone.
func openAggregates(lines []*Aggregate) []*Aggregate {
	lines = slices.DeleteFunc(slices.Clone(lines), func(a *Aggregate) bool { return a.state == coverFound })
	if slices.ContainsFunc(lines, func(a *Aggregate) bool { return a.state != coverNone || a.closed }) {
		return nil
	}
	return lines
}

// wholeOf is one line for several, as far as their sums may be those of all CDRs; nil where they are not. Energy and sessions that each line states
// alike are those of the whole, others are added up.
func wholeOf(lines []*Aggregate) *Aggregate {
	first, stated := lines[0], lines[0].line
	for _, repeated := range []bool{true, false} {
		line := *stated
		line.Claimed = Money{BeforeTaxes: Known(exact.Decimal{})}
		var kWh, sessions []ocpi.Number
		for _, a := range lines {
			line.Claimed.BeforeTaxes.Value = line.Claimed.BeforeTaxes.Value.Add(a.line.Claimed.BeforeTaxes.Value)
			kWh, sessions = append(kWh, a.line.ClaimedKWh), append(sessions, a.line.Sessions)
		}
		line.ClaimedKWh, line.Sessions = statedTogether(kWh, repeated), statedTogether(sessions, repeated)
		whole := NewAggregate(&line, Party{}, Party{})
		if whole == nil {
			return nil
		}
		whole.scope = first.scope
		for day := range whole.days {
			parts := slices.Clone(first.days[day].parts)
			whole.days[day] = aggregateParts{parts: parts, changed: true}
			if len(parts) > 0 && whole.want.whole(parts, MinorUnits(line.Currency)) {
				for later := day + 1; later < len(whole.days); later++ {
					whole.days[later] = aggregateParts{parts: slices.Clone(first.days[later].parts), changed: true}
				}
				return whole
			}
		}
	}
	return nil
}

// statedTogether is what several state: their sum, or where it is the same number repeated, that. Absent where none states any.
func statedTogether(numbers []ocpi.Number, repeated bool) (out ocpi.Number) {
	for _, n := range numbers {
		switch {
		case !n.Present:
		case out.Present && repeated && n.Value.Equal(out.Value):
		case out.Present:
			out.Value = out.Value.Add(n.Value)
		default:
			out = n
		}
	}
	return out
}

// settle gives the lines what was found for the whole, or says why it is not known.
func (s *AggregateSet) settle(whole *Aggregate) {
	state, why := whole.state, ""
	switch records := whole.Members(); {
	case records == nil && state == coverNone:
		return
	case records == nil:
		why = fmt.Sprintf("this line and %d more over the same come together to the amount of all CDRs of what they cover, and so do others that want the same CDRs", len(s.Lines)-1)
	case len(records) > maxSetCDRs || len(s.Lines) > maxSetLines:
		state = coverLimit
		why = fmt.Sprintf("%d lines over the same come together to the amount of all %d CDRs of what they cover; more than %d lines over %d CDRs are not judged as one",
			len(s.Lines), len(records), maxSetLines, maxSetCDRs)
	default:
		s.records = records
		s.Together = &Together{Found: s.says(whole)}
		return
	}
	for _, a := range s.Lines {
		a.state, a.why = state, why
	}
}

// says tells how the CDRs were found.
func (s *AggregateSet) says(whole *Aggregate) string {
	text := fmt.Sprintf("no list says which CDRs the line stands for, and none come to its amount; with %d more lines over the same it comes to %s, which is "+
		"that of all %d CDRs of what they cover that no other line claims", len(s.Lines)-1, whole.line.Claimed.BeforeTaxes.Value, len(whole.chosen))
	if whole.want.energy {
		text += fmt.Sprintf(", as are their %s kWh", whole.line.ClaimedKWh.Value)
	}
	if whole.utc {
		text += "; its days are those of UTC"
	}
	return text
}

// JoinGroups joins the groups that hold records which belong together. Groups stay in the order of their first record.
func JoinGroups(groups Groups, together [][]int32) Groups {
	joined := newSets(groups.Len())
	groupOf := map[int32]int32{}
	for _, records := range together {
		for _, i := range records {
			groupOf[i] = -1
		}
	}
	for g, members := range groups.All() {
		for _, i := range members {
			if _, asked := groupOf[i]; asked {
				groupOf[i] = int32(g)
			}
		}
	}
	for _, records := range together {
		for _, i := range records {
			joined.tie(groupOf[records[0]], groupOf[i])
		}
	}
	return groups.join(joined)
}
