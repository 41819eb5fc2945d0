package job

import (
	"context"
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
)

// addAggregates finds the CDRs of lines that stand for several and that no list names, among those that no line claims, and makes them members.
// Groups are settled anew where any were found. Where there is no such line it costs nothing.
func (j *judging) addAggregates(ctx context.Context, groups reconcile.Groups, o RunOptions) (reconcile.Groups, error) {
	x := j.x
	list := x.aggregates(o.Case)
	if len(list) == 0 {
		return groups, nil
	}
	free, err := j.unclaimed(groups, o)
	if err != nil {
		return groups, err
	}
	found := map[int32]listed{} // by record
	byKey := aggregatesByKey(list)
	every := func([]byte) bool { return true }
	err = x.eachCDR(ctx, j.in, free, "matching lines over many CDRs", o.Options, every, func(i int32, c *ocpi.CDR) {
		found[i] = listed{member: reconcile.MemberOf(c), record: i, place: c.Record.Place}
		for _, a := range byKey.of(c) {
			a.Offer(i, c, j.agreement)
		}
	})
	if err != nil {
		return groups, err
	}
	all := make([]*reconcile.Aggregate, len(list))
	for n := range list {
		all[n] = list[n].a
	}
	reconcile.FindAggregates(all)
	sets := reconcile.FindAggregateSets(all)
	if x.addCovers(list, found, o) {
		x.rank()
		if groups, err = x.rejoin(ctx, j.in, reconcile.Settle(&x.ids, together(o.workers())), &j.agreement.Matching, o.Options); err != nil {
			return groups, err
		}
	}
	return x.addSets(groups, list, sets, found), nil
}

// addSets ties lines that only together are what CDRs cost to these CDRs.
func (x *index) addSets(groups reconcile.Groups, list []aggregate, sets []*reconcile.AggregateSet, found map[int32]listed) reconcile.Groups {
	if len(sets) == 0 {
		return groups
	}
	x.together = map[int32]*reconcile.Together{}
	ties := make([][]int32, len(sets))
	for n, s := range sets {
		for _, i := range s.Records() {
			s.Together.CDRs = append(s.Together.CDRs, found[i].member)
			ties[n] = append(ties[n], i)
		}
		for _, a := range s.Lines {
			at := list[slices.IndexFunc(list, func(l aggregate) bool { return l.a == a })].at
			for _, same := range append(x.repeatsOf(at), at) {
				x.together[same] = s.Together
				ties[n] = append(ties[n], x.lineIDs[same])
			}
		}
	}
	return reconcile.JoinGroups(groups, ties)
}

// aggregate is a line that may stand for several CDRs.
type aggregate struct {
	at int32
	a  *reconcile.Aggregate
}

// aggregates are the lines that say nothing of which session they are about and have no members yet; of lines that repeat each other the first.
func (x *index) aggregates(c *reconcile.Case) []aggregate {
	var out []aggregate
	slices.SortFunc(x.bare, x.compareLines)
	var before *reconcile.Line
	for _, at := range x.bare {
		if x.masters != nil && x.masters.of[at] != nil {
			continue
		}
		l := x.lines.value(at, new([]string))
		if before != nil && reconcile.SameLine(before, l) {
			continue
		}
		before = l
		if a := reconcile.NewAggregate(l, c.Creditor, c.Debtor); a != nil {
			out = append(out, aggregate{at, a})
		}
	}
	return out
}

// aggregateKeys are aggregates by what a CDR of theirs must carry.
type aggregateKeys struct {
	byKey map[string][]*reconcile.Aggregate
	any   []*reconcile.Aggregate
}

func aggregatesByKey(list []aggregate) aggregateKeys {
	out := aggregateKeys{byKey: map[string][]*reconcile.Aggregate{}}
	for _, l := range list {
		keys := l.a.Keys()
		if keys == nil {
			out.any = append(out.any, l.a)
		}
		for _, key := range keys {
			out.byKey[key] = append(out.byKey[key], l.a)
		}
	}
	return out
}

// of are the aggregates that a CDR may be part of, each once.
func (k *aggregateKeys) of(c *ocpi.CDR) []*reconcile.Aggregate {
	out := slices.Clone(k.any)
	seen := map[string]bool{}
	for _, key := range reconcile.CDRKeys(c) {
		if !seen[key] { // an aggregate has one key
			seen[key] = true
			out = append(out, k.byKey[key]...)
		}
	}
	return out
}

// unclaimed are the CDRs that no line claims. Those of groups without lines are free; of groups that traces tie, it is matched which CDRs the
// lines claim.
func (j *judging) unclaimed(groups reconcile.Groups, o RunOptions) ([]int32, error) {
	x := j.x
	left := make(map[int32]bool, len(x.leftCDRs))
	for _, i := range x.leftCDRs {
		left[i] = true
	}
	var free []int32
	var tied [][]int32
	for _, members := range groups.All() {
		switch {
		case !slices.ContainsFunc(members, func(i int32) bool { return left[i] }):
		case slices.ContainsFunc(members, func(i int32) bool { return x.ids.Kind(i) == reconcile.LineRecord }):
			tied = append(tied, members)
		default:
			free = append(free, slices.DeleteFunc(slices.Clone(members), func(i int32) bool { return !left[i] })...)
		}
	}
	l := &loader{j: j, decoder: ocpi.NewDecoder(ocpi.Options{Version: o.Version})}
	for some := range batches(len(tied), func(n int) []int32 { return tied[n] }) {
		if err := l.fetch(some.groups); err != nil {
			return nil, err
		}
		for i, g := range l.load(some.groups) {
			free = append(free, x.freeOf(some.groups[i], reconcile.Unclaimed(g, j.agreement))...)
		}
	}
	slices.Sort(free)
	return free, nil
}

// freeOf are the CDRs of a group that are not claimed.
func (x *index) freeOf(members []int32, unclaimed []bool) (free []int32) {
	n := 0
	for _, i := range members {
		if x.ids.Kind(i) == reconcile.CDRRecord {
			if unclaimed[n] {
				free = append(free, i)
			}
			n++
		}
	}
	return free
}

// addCovers makes members of the CDRs that were found, and notes of which lines they are not known. It reports whether any line got members.
func (x *index) addCovers(list []aggregate, found map[int32]listed, o RunOptions) (added bool) {
	x.unsettled = map[int32]*reconcile.Aggregate{}
	for _, l := range list {
		if text, _ := l.a.Unsettled(); text != "" {
			for _, at := range x.repeatsOf(l.at) {
				x.unsettled[at] = l.a
			}
		}
		members := l.a.Members()
		if members == nil {
			continue
		}
		var cdrs []listed
		for _, i := range members {
			cdrs = append(cdrs, found[i])
		}
		x.addMembers(l.at, reconcile.MembersByCover, cdrs, o.Case).Found = l.a.Says()
		added = true
	}
	if added {
		x.closeMasters()
	}
	return added
}

// repeatsOf are a line and those that repeat it.
func (x *index) repeatsOf(at int32) []int32 {
	l := x.lines.value(at, new([]string))
	return slices.DeleteFunc(slices.Clone(x.sameKey(x.lineKey(at))), func(other int32) bool {
		return !reconcile.SameLine(l, x.lines.value(other, new([]string)))
	})
}
