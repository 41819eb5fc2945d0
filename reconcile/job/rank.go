package job

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/nexacollect/reconcile/reconcile"
)

// rank orders the lines for output: by invoice, then line (as a number where both are all digits), then as they are judged.
func (x *index) rank() {
	keys := x.rankKeys()
	order := make([]int32, len(keys))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(i, j int32) int {
		if c := keys[i].compare(keys[j]); c != 0 {
			return c
		}
		return x.compareLines(i, j)
	})
	x.ranks = make([]int32, len(order))
	for rank, i := range order {
		x.ranks[i] = int32(rank)
	}
}

// rankKey decides the order of nearly all lines without their texts, which may lie in a file.
type rankKey struct {
	invoice int32  // place of the invoice in the order of all
	number  uint64 // of the line, from 1; 0 where it is not all digits or too long
}

func (k rankKey) compare(o rankKey) int {
	if k.invoice != o.invoice || k.number == 0 || o.number == 0 {
		return cmp.Compare(k.invoice, o.invoice)
	}
	return cmp.Compare(k.number, o.number)
}

func (x *index) rankKeys() []rankKey {
	keys := make([]rankKey, x.lines.len())
	seen := map[string]int32{}
	var names []string
	for i := range keys {
		invoice, line := x.ids.InvoiceLine(x.lineIDs[i])
		n, known := seen[invoice]
		if !known {
			n = int32(len(names))
			names = append(names, strings.Clone(invoice))
			seen[names[n]] = n
		}
		keys[i].invoice = n
		if number, err := strconv.ParseUint(line, 10, 63); err == nil {
			keys[i].number = number + 1
		}
	}
	places := make([]int32, len(names))
	slices.Sort(names)
	for place, name := range names {
		places[seen[name]] = int32(place)
	}
	for i := range keys {
		keys[i].invoice = places[keys[i].invoice]
	}
	return keys
}

func (x *index) compareLines(i, j int32) int {
	invoiceA, lineA := x.ids.InvoiceLine(x.lineIDs[i])
	invoiceB, lineB := x.ids.InvoiceLine(x.lineIDs[j])
	if c := cmp.Or(strings.Compare(invoiceA, invoiceB), reconcile.CompareLineNumbers(lineA, lineB)); c != 0 {
		return c
	}
	return reconcile.CompareLines(x.line(i, new([]string)), x.line(j, new([]string)))
}

// plan is the groups and the order in which they are judged.
type plan struct {
	groups reconcile.Groups
	order  []int32
}

func (p *plan) len() int            { return len(p.order) }
func (p *plan) group(n int) []int32 { return p.groups.At(int(p.order[n])) }

// plan orders the groups for judging: those with lines by their first line's rank, then the others by identity.
func (x *index) plan(groups reconcile.Groups) *plan {
	ranked := make([]int32, x.lines.len()) // by their first line: the group + 1
	var others []otherGroup
	for n, members := range groups.All() {
		first := x.lines.len()
		for _, i := range members {
			if x.ids.Kind(i) == reconcile.LineRecord {
				first = min(first, int(x.ranks[x.row(i)]))
			}
		}
		if first < len(ranked) {
			ranked[first] = int32(n + 1)
		} else {
			others = append(others, x.otherGroup(int32(n), slices.MinFunc(members, x.compareRecords)))
		}
	}
	slices.SortFunc(others, func(a, b otherGroup) int {
		if c := bytes.Compare(a.key[:], b.key[:]); c != 0 && a.telling && b.telling {
			return c
		}
		return x.compareRecords(a.leader, b.leader)
	})
	order := slices.DeleteFunc(ranked, func(n int32) bool { return n == 0 })
	for i := range order {
		order[i]--
	}
	for _, g := range others {
		order = append(order, g.number)
	}
	return &plan{groups, order}
}

// otherGroup is a group without lines and the least of its records. The first bytes of what orders that decide nearly always, without its texts,
// which may lie in a file.
type otherGroup struct {
	number, leader int32
	key            [26]byte
	telling        bool // the key holds the country and the party whole
}

func (x *index) otherGroup(number, leader int32) otherGroup {
	g := otherGroup{number: number, leader: leader}
	country, party := x.ids.Party(leader)
	cdr, session := x.ids.Names(leader)
	fits := func(id string) bool { return len(id) <= 4 && strings.IndexByte(id, 0) < 0 }
	g.telling = fits(country) && fits(party)
	g.key[0] = byte(x.ids.Kind(leader))
	copy(g.key[1:5], country)
	copy(g.key[5:9], party)
	if cdr != "" {
		g.key[9] = 1
		copy(g.key[10:], cdr)
	} else {
		copy(g.key[10:], session)
	}
	return g
}

// compareRecords orders records by what identifies them, whatever the order of the files.
func (x *index) compareRecords(i, j int32) int {
	if c := x.ids.Compare(i, j); c != 0 {
		return c
	}
	a, b := x.ref(i), x.ref(j)
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Offset, b.Offset), cmp.Compare(a.Record, b.Record), cmp.Compare(i, j))
}
