package reconcile

import (
	"cmp"
	"slices"
	"sort"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
)

// Trace is a line or a CDR that Settle has left without the other, with what may tie them all the same.
type Trace struct {
	record int32 // its index in Identities
	line   bool
	ids    []string // cores of the ids of CDR and session, and keys of meters, told apart by a letter
	facts  facts
}

// TraceOfLine is the trace of an invoice line.
func TraceOfLine(record int32, l *Line) Trace {
	m := meteringOfLine(l)
	return Trace{record: record, line: true, ids: append(traceIDs(l.CDRID, l.SessionID), m.keys(true)...), facts: factsOfLine(l)}
}

// IsMetered reports a line that states the number and both readings of its meter: only then is the meter of CDRs looked at.
func (l *Line) IsMetered() bool {
	m := meteringOfLine(l)
	return m.complete()
}

// TraceOfCDR is the trace of a CDR; metered says whether its meter is looked at.
func TraceOfCDR(record int32, c *ocpi.CDR, metered bool) Trace {
	t := Trace{record: record, ids: traceIDs(c.ID, c.SessionID), facts: factsOfCDR(c)}
	if metered {
		m := meteringOfCDR(c)
		t.ids = append(t.ids, m.keys(false)...)
	}
	return t
}

func traceIDs(cdr, session string) []string {
	var out []string
	if id := plainID(cdr); id != "" {
		out = append(out, "c"+coreID(id))
	}
	if id := plainID(session); id != "" {
		out = append(out, "s"+coreID(id))
	}
	return out
}

// Leftovers are the lines of groups that hold no CDR, and the CDRs of groups that hold no line.
func Leftovers(ids *Identities, groups Groups) (lines, cdrs []int32) {
	for _, members := range groups.All() {
		own, theirs := len(lines), len(cdrs)
		for _, i := range members {
			switch ids.Kind(i) {
			case LineRecord:
				lines = append(lines, i)
			case CDRRecord:
				cdrs = append(cdrs, i)
			}
		}
		if len(lines) > own && len(cdrs) > theirs { // as nearly always
			lines, cdrs = lines[:own], cdrs[:theirs]
		}
	}
	return lines, cdrs
}

// Rejoin ties groups of records that may bear on each other by their traces: lines and CDRs whose ids have one core, or that share an EVSE
// or a contract at nearly the same time, whole hours aside, by the thresholds of the case. As in Settle the ties are wide, and groups are ordered by their first index.
func Rejoin(groups Groups, traces []Trace, m *Matching) Groups {
	if len(traces) == 0 {
		return groups
	}
	r := rejoining{matching: m, traces: traces, groupOf: map[int32]int32{}, sets: newSets(groups.Len())}
	for i := range traces {
		r.groupOf[traces[i].record] = -1
	}
	for g, members := range groups.All() {
		for _, i := range members {
			if _, left := r.groupOf[i]; left {
				r.groupOf[i] = int32(g)
			}
		}
	}
	r.tieIDs()
	r.tieTimes()
	return groups.join(r.sets)
}

type rejoining struct {
	matching *Matching
	traces   []Trace
	groupOf  map[int32]int32 // of a record
	sets     sets            // of groups
}

func (r *rejoining) tie(a, b int) {
	r.sets.tie(r.groupOf[r.traces[a].record], r.groupOf[r.traces[b].record])
}

// tieIDs ties what has one core.
func (r *rejoining) tieIDs() {
	first := map[string]int{}
	for i := range r.traces {
		for _, id := range r.traces[i].ids {
			if j, known := first[id]; known {
				r.tie(i, j)
			} else {
				first[id] = i
			}
		}
	}
}

// tieTimes ties each line to the CDRs that share a key with it and start near it, or whole hours apart.
func (r *rejoining) tieTimes() {
	byKey := map[string][]int{} // CDRs
	for i := range r.traces {
		if t := &r.traces[i]; !t.line && !t.facts.start.IsZero() {
			for _, key := range t.facts.keys() {
				byKey[key] = append(byKey[key], i)
			}
		}
	}
	for _, cdrs := range byKey {
		slices.SortStableFunc(cdrs, func(a, b int) int {
			return cmp.Or(r.traces[a].facts.start.Compare(r.traces[b].facts.start), cmp.Compare(r.traces[a].record, r.traces[b].record))
		})
	}
	chained := map[string][]bool{} // of the CDRs of a key: tied to the next
	for i := range r.traces {
		if t := &r.traces[i]; t.line && !t.facts.start.IsZero() {
			for _, key := range t.facts.keys() {
				r.tieNear(i, byKey[key], chained, key)
			}
		}
	}
}

// tieNear ties a line to CDRs in order of their start.
func (r *rejoining) tieNear(line int, cdrs []int, chained map[string][]bool, key string) {
	if len(cdrs) == 0 {
		return
	}
	if chained[key] == nil {
		chained[key] = make([]bool, len(cdrs))
	}
	startOf := func(n int) time.Time { return r.traces[cdrs[n]].facts.start }
	r.matching.eachNear(r.traces[line].facts.start, len(cdrs), startOf, func(from, to int) {
		r.tie(line, cdrs[from])
		for n := from; n+1 < to; n++ {
			if !chained[key][n] {
				chained[key][n] = true
				r.tie(cdrs[n], cdrs[n+1])
			}
		}
	})
}

// eachNear finds, among n starts in order, the stretches that are near a start or whole hours from it.
func (m *Matching) eachNear(start time.Time, n int, startOf func(int) time.Time, found func(from, to int)) {
	for hours := -m.HoursApart; hours <= m.HoursApart; hours++ {
		within := m.HoursSlip
		if hours == 0 {
			within = m.widest()
		}
		at := start.Add(time.Duration(hours) * time.Hour)
		from := sort.Search(n, func(i int) bool { return !startOf(i).Before(at.Add(-within)) })
		to := sort.Search(n, func(i int) bool { return startOf(i).After(at.Add(within)) })
		if from < to {
			found(from, to)
		}
	}
}
