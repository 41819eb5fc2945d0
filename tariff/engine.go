package tariff

import (
	"sync"

	"github.com/nexacollect/reconcile/ocpi"
)

// engine prices one CDR. Its slices are reused from CDR to CDR; what the Result holds is made anew.
type engine struct {
	in    Input
	cdr   *ocpi.CDR
	rules *Rules
	s     *Sheet
	res   *Result

	atHand     []tariffAtHand
	tariffs    []compiled // those that govern, in order of first use
	periods    []period
	portions   []portion
	lines      []line
	memo       []verdict
	failures   failedRun
	cuts       []cut
	allocation *allocation // instead of cuts
	probe      Sheet       // steps of looking for boundaries, thrown away
	moments    []moment
	hours      []hourStep
	group      []int // of portions
	times      []int // likewise
	parking    []int // likewise

	asked       questionSet
	noted       questionSet // of these, those that the sheet speaks of
	hourRef     Ref         // constant 3600
	whRef       Ref         // constant 0.001
	zoneNoted   bool
	originNoted bool
	foldNoted   bool
	minuteNoted bool
	reserved    bool // a reservation precedes or is all there is
	expired     bool
	negated     bool // a credit CDR that negates its volumes
	flatsDone   bool
	pastNoted   bool            // the elements that are past, in the context at hand
	flatSeen    [slotCount]bool // while boundaries are looked for: a FLAT was active before
	currency    string
	perHourUnit string // of price × seconds in that currency
	scales      scales
	named       [namedSets]namedSet
	span        span // of the clock read last
	shapes      map[shapeKey]*shape
}

// scales are the greatest numbers of decimals among the amounts before and after taxes.
type scales struct{ net, gross int32 }

// hourStep remembers the PerHour step of an amount.
type hourStep struct{ from, to Ref }

var (
	engines = sync.Pool{New: func() any { return new(engine) }}
	results = sync.Pool{New: func() any { return new(Result) }}
	sheets  = sync.Pool{New: func() any { return &Sheet{steps: make([]Step, 0, typicalSteps)} }}
)

// typicalSteps is the capacity a sheet starts with: that of a session of three periods.
const typicalSteps = 64

// mostSteps is the capacity beyond which memory is not kept for reuse.
const mostSteps = 4096

func newEngine(in Input) *engine {
	e := engines.Get().(*engine)
	rules := in.Rules
	if rules == nil {
		rules = defaultRules(in.CDR.Version)
	}
	e.in, e.cdr, e.rules = in, in.CDR, rules
	e.s = sheets.Get().(*Sheet)
	e.res = results.Get().(*Result)
	e.res.Sheet, e.res.Zone, e.res.Rules = e.s, in.Zone, rules
	if in.CDR.Currency != e.currency || e.perHourUnit == "" {
		e.currency = in.CDR.Currency
		e.perHourUnit = e.currency + "·s/h"
	}
	return e
}

// release gives the engine back; its result stays the caller's.
func (e *engine) release() {
	for i := range e.tariffs {
		e.tariffs[i].t = nil
	}
	if cap(e.probe.steps) > mostSteps {
		e.probe.steps = nil
	}
	clear(e.atHand)
	clear(e.periods)
	clear(e.cuts)
	*e = engine{
		atHand: e.atHand[:0], tariffs: e.tariffs[:0], periods: e.periods[:0], portions: e.portions[:0], lines: e.lines[:0],
		memo: e.memo[:0], probe: e.probe, moments: e.moments[:0], hours: e.hours[:0],
		group: e.group[:0], times: e.times[:0], parking: e.parking[:0], currency: e.currency, perHourUnit: e.perHourUnit,
		named: e.named, span: e.span, shapes: e.shapes,
	}
	engines.Put(e)
}

// run is the calculation from the periods to the total.
func (e *engine) run() {
	defer e.finish()
	if !e.arrange() || !e.govern() {
		return
	}
	e.contexts()
	e.volumes()
	e.cutPeriods()
	e.choose()
	if e.blocked() {
		return
	}
	e.replaceQuantities()
	e.charge()
	if e.blocked() {
		return
	}
	e.applySteps()
	e.price()
	e.noteQuestions()
	e.totals()
	e.noteQuestions()
}

// noteQuestions says how the open questions that were put so far are read; those that the text answers go without saying.
func (e *engine) noteQuestions() {
	fresh := e.asked &^ e.noted
	if fresh == 0 {
		return
	}
	e.noted |= fresh
	for _, q := range byName() {
		if fresh.has(q) && !e.res.answered(q) {
			e.s.note(RuleReading, leaf{}, mark{kind: noteQuestion, a: int32(q), b: int32(e.rules.choice[q])}, 0, 0)
		}
	}
}

func (e *engine) finish() {
	e.res.consulted = e.asked
	e.res.Consulted = e.named[e.asked.slot()].namesOf(e.asked)
	if e.res.Blocked != nil {
		e.res.Totals = Totals{}
	}
}

func (e *engine) blocked() bool { return e.res.Blocked != nil }

// ask reads the choice for a question and records that this CDR put it.
func (e *engine) ask(q question) choice {
	e.asked.add(q)
	return e.rules.choice[q]
}

// finding records one of pricing's own findings.
func (e *engine) finding(code ocpi.Code, severity ocpi.Severity, pointer, message string) {
	e.res.Findings = append(e.res.Findings, ocpi.Finding{
		Code: code, Severity: severity, Place: e.cdr.Record.Place, Pointer: pointer, Message: message,
	})
}

// block records what makes the CDR unpriceable; the first counts.
func (e *engine) block(code ocpi.Code, pointer, message string) {
	if e.res.Blocked != nil {
		return
	}
	e.finding(code, ocpi.SeverityBlock, pointer, message)
	f := e.res.Findings[len(e.res.Findings)-1]
	e.res.Blocked = &f
}
