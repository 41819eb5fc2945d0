package reconcile

import (
	"cmp"
	"hash/fnv"
	"slices"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/ocpi/ocmf"
)

// Mark is what is kept of a CDR to find others that it cannot stand beside, whatever ids tie them: numbers only, so that a month of them fits
// into memory. Ids are hashed: what marks suspect, the records themselves must confirm.
type Mark struct {
	record             int32  // its index in Identities
	id                 uint64 // owner and id, so that the order of the input decides nothing
	evse, token, meter uint64 // 0 where not known
	start, end         int64  // milliseconds
	kWh                int64  // millionths
	from, to           int64  // of the meter, millionths of a kWh
	at                 spot
	placed             bool // at is known
}

// Marks are the marks of the CDRs of a group that still claim money, before Release. records are the indexes of the group's CDRs in Identities.
func (v *GroupVerdict) Marks(records []int32) []Mark {
	b := v.bench
	index := make(map[*ocpi.CDR]int32, len(records))
	for i := range b.group.CDRs {
		index[b.group.CDRs[i].CDR] = records[i]
	}
	var out []Mark
	for _, c := range b.cdrs {
		if c.isLive() && c.dead == "" && !c.cdr.EndDateTime.Before(c.cdr.StartDateTime) && c.cdr.StartDateTime.Year() != unknownYear {
			out = append(out, markOf(index[c.cdr], c))
		}
	}
	return out
}

func markOf(record int32, c *cdrEntry) Mark {
	cdr := c.cdr
	m := Mark{
		record: record, id: hashed(cdr.CountryCode, cdr.PartyID, cdr.ID), evse: hashed(evseKey(cdr)...), token: hashed(tokenKey(cdr)...),
		start: cdr.StartDateTime.UnixMilli(), end: cdr.EndDateTime.UnixMilli(),
	}
	m.kWh, _ = millionths(billedKWh(cdr))
	m.at, m.placed = spotOf(&cdr.Location)
	if r := c.course(); r != nil && r.Refusal == ocmf.NotRefused {
		from, ok := millionths(r.Energy.Begin.KWh())
		to, also := millionths(r.Energy.End.KWh())
		if ok && also {
			m.meter, m.from, m.to = hashed(meterKey(cdr, r)...), from, to
		}
	}
	return m
}

// evseKey is what the CDRs of one EVSE have in common: its uid, else its EVSE id; nothing where neither is known.
func evseKey(c *ocpi.CDR) []string {
	switch at := &c.Location; {
	case named(at.EVSEUID):
		return []string{foldID(c.CountryCode), foldID(c.PartyID), foldID(at.ID), foldID(at.EVSEUID)}
	case named(at.EVSEID):
		return []string{plainID(at.EVSEID)}
	}
	return nil
}

// tokenKey is what the CDRs of one token have in common: its uid, in 2.1.1 its auth_id.
func tokenKey(c *ocpi.CDR) []string {
	switch t := &c.Token; {
	case named(t.UID):
		return []string{foldID(t.CountryCode), foldID(t.PartyID), foldID(t.UID)}
	case named(t.AuthID):
		return []string{foldID(t.AuthID)}
	}
	return nil
}

// meterKey is what the readings of one register have in common.
func meterKey(c *ocpi.CDR, r *ocmf.Course) []string {
	return []string{foldID(c.CountryCode), foldID(c.PartyID), r.Meter, r.Energy.Begin.Register}
}

// hashed is a hash of texts, 0 of none.
func hashed(texts ...string) uint64 {
	if len(texts) == 0 {
		return 0
	}
	h := fnv.New64a()
	for _, text := range texts {
		_, _ = h.Write(append([]byte(text), 0)) // a hash takes everything
	}
	return max(h.Sum64(), 1)
}

// Pair is two CDRs that cannot both be right, as their marks say.
type Pair struct {
	First, Second int32 // indexes in Identities; the finding stands at the second
	code          ocpi.Code
}

// Pairs finds the CDRs that cannot stand beside another one: at one EVSE at a time, of one token at a time or too far apart, or of a meter that
// starts below where it ended. Each CDR is the second of at most one pair of each kind, so that there are never more than marks. The order of
// marks does not matter; pairs come in that of their second.
func Pairs(marks []Mark, a *Agreement) []Pair {
	p := pairing{limits: &a.Limits}
	p.near, _ = millionths(a.Tolerance.KWh)
	p.walk(marks, func(m *Mark) uint64 { return m.evse }, p.sameEVSE)
	p.walk(marks, func(m *Mark) uint64 { return m.token }, p.sameToken)
	p.walk(marks, func(m *Mark) uint64 { return m.meter }, p.sameMeter)
	slices.SortFunc(p.found, func(x, y Pair) int {
		return cmp.Or(cmp.Compare(x.Second, y.Second), cmp.Compare(x.First, y.First), cmp.Compare(x.code, y.code))
	})
	return p.found
}

type pairing struct {
	limits *Limits
	near   int64 // the tolerance of kWh, in millionths
	found  []Pair
}

func (p *pairing) add(code ocpi.Code, first, second *Mark) {
	p.found = append(p.found, Pair{first.record, second.record, code})
}

// walk goes through the marks of each key in the order of their start. before is the mark of the same key just before, last the one that ended
// last of all before; judge says whether m takes part in what follows.
func (p *pairing) walk(marks []Mark, key func(*Mark) uint64, judge func(before, last, m *Mark) bool) {
	slices.SortFunc(marks, func(x, y Mark) int {
		return cmp.Or(
			cmp.Compare(key(&x), key(&y)), cmp.Compare(x.start, y.start), cmp.Compare(x.evse, y.evse), cmp.Compare(x.token, y.token),
			cmp.Compare(x.kWh, y.kWh), cmp.Compare(x.end, y.end), cmp.Compare(x.id, y.id), cmp.Compare(x.record, y.record),
		)
	})
	var before, last *Mark
	for i := range marks {
		m := &marks[i]
		if key(m) == 0 {
			continue
		}
		if before != nil && key(before) != key(m) {
			before, last = nil, nil
		}
		if before != nil && !judge(before, last, m) {
			continue
		}
		before = m
		if last == nil || m.end >= last.end {
			last = m
		}
	}
}

// sameEVSE finds CDRs that bill the same, else those that overlap.
func (p *pairing) sameEVSE(before, last, m *Mark) bool {
	if before.start == m.start && before.token == m.token && m.token != 0 && m.kWh-before.kWh <= p.near {
		p.add(codeDupContent, before, m)
		return false
	}
	if p.overlap(last, m) {
		p.add(codeOverlapEVSE, last, m)
	}
	return true
}

// overlap reports that a mark starts before another one ends, by more than is tolerated.
func (p *pairing) overlap(last, m *Mark) bool {
	limit := p.limits.OverlapSeconds
	return limit.Present && limit.Value.Less(seconds(time.Duration(min(last.end, m.end)-m.start)*time.Millisecond))
}

// sameToken finds CDRs of one token at two places at once, or too soon one after the other.
func (p *pairing) sameToken(_, last, m *Mark) bool {
	switch {
	case last.evse == m.evse || last.evse == 0 || m.evse == 0:
	case p.overlap(last, m):
		p.add(codeOverlapToken, last, m)
	case last.placed && m.placed && p.limits.tooFast(metresApart(last.at, m.at), time.Duration(m.start-last.end)*time.Millisecond):
		p.add(codeTravel, last, m)
	}
	return true
}

// tooFast reports a way that nobody travels in the time; what is tolerated of overlaps is allowed here too.
func (l *Limits) tooFast(metres int64, within time.Duration) bool {
	if !l.TravelKmh.Present {
		return false
	}
	allowed := seconds(max(within, 0)).Add(l.OverlapSeconds.Value)
	return l.TravelKmh.Value.Shift(3).Mul(allowed).Less(secondsPerHour.Mul(exact.FromInt(metres)))
}

// sameMeter finds a meter that starts below where it ended. What overlaps is not looked at: there another thing is wrong.
func (p *pairing) sameMeter(_, last, m *Mark) bool {
	if limit := p.limits.RegisterKWh; limit.Present && m.start >= last.end && limit.Value.Less(exact.FromInt(last.to-m.from).Shift(-6)) {
		p.add(codeMeterContinuity, last, m)
	}
	return true
}
