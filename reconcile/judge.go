package reconcile

import (
	"fmt"
	"sync"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/ocmf"
)

// Judge decides every line of a group. It is a pure function: the order of the group's records does not matter, and neither the group
// nor the agreement is changed. Lines come in order of invoice date, invoice and line number.
func Judge(g *Group, a *Agreement) *GroupVerdict {
	return JudgeAll([]*Group{g}, a)[0]
}

// JudgeAll is Judge of each group. Each step is taken for all groups before the next: a processor that does one thing many times does it
// faster than one that does everything once.
func JudgeAll(groups []*Group, a *Agreement) []*GroupVerdict {
	out := make([]*GroupVerdict, len(groups))
	compared := map[tariffPair]bool{}
	for i, g := range groups {
		b := benches.Get().(*bench)
		b.begin(g, a)
		b.compared, b.out.bench = compared, b
		out[i] = b.out
		b.matchAll()
		b.attachDecisions()
		b.attachClaims()
		b.attachAnswers()
		b.support()
		b.compareCDRsOfSessions()
	}
	for _, v := range out {
		v.bench.priceAll()
	}
	for _, v := range out {
		v.bench.decideAll()
	}
	for _, v := range out {
		v.bench.reportRest()
		v.bench.compareTheirs()
		v.bench.applyPolicy()
	}
	return out
}

// newBench is a bench on which a group is looked at beside its judgement.
func newBench(g *Group, a *Agreement) *bench {
	b := &bench{compared: map[tariffPair]bool{}}
	b.begin(g, a)
	return b
}

func (b *bench) begin(g *Group, a *Agreement) { b.group, b.terms, b.out = g, a, newGroupVerdict(g) }

// decideAll judges the lines in order.
func (b *bench) decideAll() {
	b.out.Lines = make([]LineVerdict, 0, len(b.lines))
	for _, l := range b.lines {
		b.out.Lines = append(b.out.Lines, b.decideLine(l))
		if l.talk != nil {
			l.conclude(&b.out.Lines[len(b.out.Lines)-1])
		}
	}
}

// matchAll makes entries of the records and finds the CDR of each line.
func (b *bench) matchAll() {
	b.identifyCDRs()
	b.identifySessions()
	b.identifyLines()
	b.chainCredits()
	b.pairSessions()
	for _, l := range b.lines {
		b.match(l)
	}
	b.matchTraces()
}

// newGroupVerdict is an empty verdict.
func newGroupVerdict(g *Group) *GroupVerdict {
	fates := make([]Use, len(g.CDRs)+len(g.Sessions)+len(g.Lines)+len(g.Claims)+len(g.Answers)+len(g.Decisions))
	take := func(n int) []Use {
		taken := fates[:n:n]
		fates = fates[n:]
		return taken
	}
	return &GroupVerdict{
		CDRFates: take(len(g.CDRs)), SessionFates: take(len(g.Sessions)), LineFates: take(len(g.Lines)), ClaimFates: take(len(g.Claims)),
		AnswerFates: take(len(g.Answers)), DecisionFates: take(len(g.Decisions)),
	}
}

var benches = sync.Pool{New: func() any { return new(bench) }}

// Release gives back the memory of judging and pricing, once. What the verdict says stays; its sheets, and what the judgement looked at,
// go. Calling it is never needed.
func (v *GroupVerdict) Release() {
	b := v.bench
	if b == nil {
		return
	}
	for _, p := range b.prices {
		if p.res != nil {
			p.res.Release()
		}
	}
	for i := range v.Lines {
		line := &v.Lines[i]
		line.Sheets, line.CDRs, line.Sessions, line.Match.CDR, line.Match.Session, line.Chain = nil, nil, nil, nil, nil, nil
	}
	v.Theirs, v.TheirSessions = nil, nil
	prices := b.prices
	clear(prices)
	room := b.trial.room()
	clear(room.rulings[:cap(room.rulings)])
	clear(room.used[:cap(room.used)])
	clear(room.looked[:cap(room.looked)])
	*b = bench{prices: prices[:0], trial: trial{rulings: room.rulings, used: room.used, looked: room.looked}}
	v.bench = nil
	benches.Put(b)
}

// single is room for the entries of the usual group: one CDR, one session, one line.
type single struct {
	cdr       cdrEntry
	session   sessionEntry
	line      lineEntry
	price     price
	cdrs      [1]*cdrEntry
	sessions  [1]*sessionEntry
	lines     [1]*lineEntry
	priceUsed bool
}

// bench is a group while it is judged.
type bench struct {
	group    *Group
	terms    *Agreement
	cdrs     []*cdrEntry     // one for each CDR, duplicates and other bodies of the same id left out
	sessions []*sessionEntry // one for each session, older snapshots left out
	lines    []*lineEntry    // in order of invoice
	out      *GroupVerdict

	cdrsByID, cdrsBySession finder[*cdrEntry]
	sessionsByID            finder[*sessionEntry]
	orphans                 finder[*cdrEntry]      // credits of what is not there, by reference; not made where there are none
	searched                map[passKey]passResult // of many lines: what passes found

	sets map[*Together]*lineSet // of lines that stand for CDRs only with others

	trial trial // of the line at hand

	prices   []*price // all that were calculated
	one      single
	compared map[tariffPair]bool // of all groups judged together: whether two tariffs price alike
}

// cdrEntry is one CDR and what the group says about it.
type cdrEntry struct {
	cdr      *ocpi.CDR
	decoded  []ocpi.Finding // of decoding it
	findings []ocpi.Finding // of how it fits the other records
	rivals   []*cdrEntry    // other bodies of the same id (row 12)

	session   *sessionEntry // nil where there is none
	pairedBy  string        // how the session was found
	creditOf  *cdrEntry     // of a credit: what it credits
	credits   []*cdrEntry   // of an original: what credits it
	doubtful  []*cdrEntry   // credits that may mean it, or take back an amount that cannot be told
	chain     *creditChain  // nil for nearly all
	gathered  bool          // into its chain, with the CDRs of its session
	back      *givenBack    // by lines; nil where none gives anything back
	lines     []*lineEntry  // that quote it, in order
	only      [1]*lineEntry // room for the usual one
	claimed   bool          // some line claims it, perhaps among others
	reported  bool          // its findings stand with a line
	dead      ocpi.Code     // dup-content or two-cdrs-one-session: another CDR of its session stands before it (row 25)
	deadFor   *cdrEntry     // that other CDR
	signed    *ocmf.Signed  // its signed data, verified when first asked
	readings  *ocmf.Course  // what they tell, taken at their word; read when first asked
	splits    bool          // one of several CDRs that share a session between them
	energy    ocpi.Number   // of its periods, summed when first asked
	summed    bool          // it was
	prices    *price        // as declared; priced when first asked
	agreed    *price        // on the agreed tariff; likewise
	published *price        // on the published tariff; likewise
}

// sessionEntry is one session: its newest snapshot.
type sessionEntry struct {
	session  *ocpi.Session
	findings []ocpi.Finding
	also     []*ocpi.Session // snapshots as new as this one that say otherwise
	older    []*ocpi.Session
	cdrs     []*cdrEntry  // paired with it
	only     [1]*cdrEntry // room for the usual one
	reported bool
}

// lineEntry is one line and what the group says about it.
type lineEntry struct {
	line     *Line
	claims   []*Claim
	quantity Quantity
	disputed bool
	admitted ocpi.Number
	findings []ocpi.Finding

	state, rule string
	cdr         *cdrEntry
	session     *sessionEntry // of the CDR, or the one that the line names
	candidates  []*cdrEntry   // of an ambiguous match, no more than maxEvidence
	fitting     int           // how many there are in all
	at          int           // its place in the bench's order
	claimCount  int           // how many claims dispute it; claims holds no more than maxEvidence
	twice       *lineEntry    // the earlier line that the CDR supports (row 24)
	repeated    bool          // another line has the same invoice and number
	talk        *talk         // what was answered and decided; nil where nothing was
	margin      *int64        // by how much any other match would be worse; see Match
	set         *lineSet      // of lines that only together are one CDR, or several; nil of others
	contested   string        // why it is open whether it is one of a set
	stands      int           // for how many lines it stands while their set is judged; 0: for itself
}

// basis is on which the line is judged: net, unless it has none.
func (l *lineEntry) basis() Basis {
	if !l.line.Claimed.BeforeTaxes.Present && l.line.Claimed.AfterTaxes.Present {
		return AfterTaxes
	}
	return BeforeTaxes
}

// sign is the sign of what the line claims.
func (l *lineEntry) sign() int { return l.line.Claimed.on(l.basis()).Value.Sign() }

// isCredit reports a line that gives money back.
func (l *lineEntry) isCredit() bool { return l.sign() < 0 }

func (l *lineEntry) find(code ocpi.Code, severity ocpi.Severity, format string, args ...any) {
	l.findings = append(l.findings, newFinding(l.line.Record.Place, "", code, severity, format, args...))
}

func (c *cdrEntry) find(pointer string, code ocpi.Code, severity ocpi.Severity, format string, args ...any) {
	c.findings = append(c.findings, newFinding(c.cdr.Record.Place, pointer, code, severity, format, args...))
}

func newFinding(place ocpi.Place, pointer string, code ocpi.Code, severity ocpi.Severity, format string, args ...any) ocpi.Finding {
	return ocpi.Finding{Code: code, Severity: severity, Place: place, Pointer: pointer, Message: fmt.Sprintf(format, args...)}
}

// applyPolicy gives findings the severities that the case names. It is the last step: what a line is worth never depends on it.
func (b *bench) applyPolicy() {
	if len(b.terms.Policy) == 0 {
		return
	}
	override := func(findings []ocpi.Finding) {
		for i := range findings {
			if s, ok := b.terms.Policy[findings[i].Code]; ok {
				findings[i].Severity = s
			}
		}
	}
	override(b.out.Findings)
	for i := range b.out.Lines {
		override(b.out.Lines[i].Findings)
	}
}

// finder finds entries by id, without regard to case. Few are searched one by one, many by a map.
type finder[T any] struct {
	entries []T
	id      func(T) string
	byID    map[string][]T
}

// fewEntries is how many entries are searched one by one.
const fewEntries = 8

func newFinder[T any](entries []T, id func(T) string) finder[T] {
	f := finder[T]{entries: entries, id: id}
	if len(entries) <= fewEntries {
		return f
	}
	f.byID = make(map[string][]T, len(entries))
	for _, e := range entries {
		if named(id(e)) {
			key := foldID(id(e))
			f.byID[key] = append(f.byID[key], e)
		}
	}
	return f
}

// find returns the entries whose id is the same, in their order, that keep accepts.
func (f *finder[T]) find(id string, keep func(T) bool) []T {
	if !named(id) {
		return nil
	}
	var out []T
	entries := f.entries
	if f.byID != nil {
		entries = f.byID[foldID(id)]
	}
	for i, e := range entries {
		switch {
		case !sameID(f.id(e), id) || !keep(e):
		case out == nil:
			out = entries[i : i+1 : i+1] // as mostly the only one
		default:
			out = append(out, e)
		}
	}
	return out
}

// exactly keeps the entries whose id is spelled the same, or all of them where none is.
func (f *finder[T]) exactly(found []T, id string) (kept []T, exact bool) {
	if len(found) == 1 {
		return found, f.id(found[0]) == id
	}
	for _, e := range found {
		if f.id(e) == id {
			kept = append(kept, e)
		}
	}
	if len(kept) > 0 {
		return kept, true
	}
	return found, false
}

// partly reports whether two owners may be the same: a part that one of them does not state fits any.
func partly(countryA, partyA, countryB, partyB string) bool {
	fits := func(a, b string) bool { return !named(a) || !named(b) || sameID(a, b) }
	return fits(countryA, countryB) && fits(partyA, partyB)
}
