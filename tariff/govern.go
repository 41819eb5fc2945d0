package tariff

import (
	"fmt"
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
)

// Which tariff governs a period: ChargingPeriod.tariff_id and CDR.tariffs of mod_cdrs, Tariff.start_date_time and end_date_time
// of mod_tariffs.

// tariffAtHand is a tariff that may govern; index is its place in the CDR, or supplied.
type tariffAtHand struct {
	t     *ocpi.Tariff
	index int32
}

// gather lists the tariffs at hand.
func (e *engine) gather() {
	list, given := e.cdr.Tariffs, e.in.Source == Given || len(e.cdr.Tariffs) == 0
	if given {
		list = e.ownersFirst(e.in.Supplied)
		e.res.Supplied = true
	}
	for i, t := range list {
		switch {
		case t == nil:
		case given:
			e.atHand = append(e.atHand, tariffAtHand{t, supplied})
		case !e.embeddedBefore(t):
			e.atHand = append(e.atHand, tariffAtHand{t, int32(i)})
		}
	}
}

// embeddedBefore reports a tariff that the CDR embeds a second time.
func (e *engine) embeddedBefore(t *ocpi.Tariff) bool {
	for _, h := range e.atHand {
		if sameTariff(h.t, t) {
			return true
		}
	}
	return false
}

func sameTariff(a, b *ocpi.Tariff) bool {
	return a == b || a.ID == b.ID && len(a.Record.Bytes) > 0 && ocpi.SameBody(a.Record.Bytes, b.Record.Bytes)
}

// ownersFirst leaves out the tariffs of other operators where the CDR's own operator has any.
func (e *engine) ownersFirst(list []*ocpi.Tariff) []*ocpi.Tariff {
	var own []*ocpi.Tariff
	for _, t := range list {
		if t != nil && strings.EqualFold(t.CountryCode, e.cdr.CountryCode) && strings.EqualFold(t.PartyID, e.cdr.PartyID) {
			own = append(own, t)
		}
	}
	if len(own) == 0 {
		return list
	}
	return own
}

// govern finds the tariff of each period. It reports false where the CDR cannot be priced.
func (e *engine) govern() bool {
	e.gather()
	if len(e.atHand) == 0 {
		e.block(CodeTariffNone, "/tariffs", "the CDR embeds no tariff and none was supplied, wanted the tariff that governs")
		return false
	}
	anyID, allID := false, true
	for i := range e.periods {
		has := e.periods[i].src.TariffID != ""
		anyID, allID = anyID || has, allID && has
	}
	for i := range e.periods {
		e.governPeriod(&e.periods[i], anyID && !allID)
		if e.blocked() {
			return false
		}
	}
	e.noteTariffs()
	return !e.blocked()
}

func (e *engine) governPeriod(p *period, mixed bool) {
	id := p.src.TariffID
	switch {
	case e.in.Source == Given && len(e.atHand) == 1:
		e.use(p, e.atHand[0], noteTariffGiven, p.start)
	case id != "" && e.honoursID(id):
		e.governByID(p, id)
	case len(e.atHand) == 1:
		e.use(p, e.atHand[0], noteTariffOnly, e.cdr.StartDateTime)
	case id == "" && mixed && e.rules.is(questionTariffID, tariffIDHonoured):
		e.asked.add(questionTariffID)
		e.unpriced(p)
	default:
		e.governByTime(p, id)
	}
}

// honoursID reports whether a period's tariff_id selects. With one tariff at hand that carries it there is nothing to choose.
func (e *engine) honoursID(id string) bool {
	if len(e.atHand) == 1 && strings.EqualFold(e.atHand[0].t.ID, id) {
		return true
	}
	return e.ask(questionTariffID) == tariffIDHonoured
}

func (e *engine) unpriced(p *period) {
	p.tariff, p.why = noTariff, noteUnpriced
	e.finding(CodeTariffNotRelevant, ocpi.SeverityInfo, pointerOf(mark{kind: atPeriod, a: int32(p.src.Index)}),
		"the period carries no tariff_id: no tariff is relevant and nothing is priced")
}

// governByID takes the tariff that the period names, whatever its window.
func (e *engine) governByID(p *period, id string) {
	var found tariffAtHand
	n := 0
	for _, h := range e.atHand {
		if strings.EqualFold(h.t.ID, id) {
			found, n = h, n+1
		}
	}
	switch {
	case n == 1:
		e.use(p, found, noteTariffByID, p.start)
	case n > 1:
		e.governByVersion(p, id)
	case len(e.atHand) == 1:
		e.finding(CodeTariffIDUnknown, ocpi.SeverityError, tariffIDPointer(p),
			fmt.Sprintf("tariff_id %q, but the only tariff at hand is %q; it is used", id, e.atHand[0].t.ID))
		e.use(p, e.atHand[0], noteTariffUnknownID, p.start)
	default:
		e.block(CodeTariffNone, tariffIDPointer(p), fmt.Sprintf("no tariff at hand carries the tariff_id %q", id))
	}
}

func tariffIDPointer(p *period) string {
	return pointerOf(mark{kind: atPeriodTariff, a: int32(p.src.Index)})
}

// governByVersion chooses among several versions of one tariff: those valid at the period's start, of these the last that was
// updated before the session began.
func (e *engine) governByVersion(p *period, id string) {
	var found, valid []tariffAtHand
	for _, h := range e.atHand {
		if strings.EqualFold(h.t.ID, id) {
			found = append(found, h)
			if e.validity(h.t, p.start) == 0 {
				valid = append(valid, h)
			}
		}
	}
	if len(valid) == 0 {
		valid = found
	}
	if valid = e.latest(valid); len(valid) > 1 {
		e.block(CodeTariffAmbiguous, tariffIDPointer(p), fmt.Sprintf("%d tariffs at hand carry the tariff_id %q and none is the latest", len(valid), id))
		return
	}
	e.use(p, valid[0], noteTariffByID, p.start)
}

// latest leaves, of the versions of each tariff in a list, the last that was updated before the session began.
func (e *engine) latest(list []tariffAtHand) []tariffAtHand {
	var out []tariffAtHand
next:
	for _, h := range list {
		for i, o := range out {
			if !strings.EqualFold(h.t.ID, o.t.ID) {
				continue
			}
			c := better(h.t, o.t, e.cdr.StartDateTime)
			if c > 0 {
				out[i] = h
			}
			if c != 0 || sameTariff(h.t, o.t) {
				continue next
			}
		}
		out = append(out, h)
	}
	return out
}

// better compares two versions of a tariff: 1 where a is the one for a session that began at start, 0 where neither is.
func better(a, b *ocpi.Tariff, start time.Time) int {
	aLate, bLate := a.LastUpdated.After(start), b.LastUpdated.After(start)
	switch {
	case aLate != bLate && bLate:
		return 1
	case aLate != bLate:
		return -1
	case aLate:
		return -a.LastUpdated.Compare(b.LastUpdated)
	}
	return a.LastUpdated.Compare(b.LastUpdated)
}

// governByTime takes the tariff that is valid when the session starts.
func (e *engine) governByTime(p *period, id string) {
	at, why := e.cdr.StartDateTime, noteTariffAtStart
	if id == "" {
		switch e.ask(questionPeriodWithoutTariff) {
		case withoutAtPeriod:
			at, why = p.start, noteTariffAtPeriod
		case withoutUnpriced:
			e.unpriced(p)
			return
		}
	} else {
		why = noteTariffIgnoredID
	}
	var valid []tariffAtHand
	for _, h := range e.atHand {
		if e.validity(h.t, at) == 0 {
			valid = append(valid, h)
		}
	}
	valid = e.latest(valid)
	const pointer = "/tariffs"
	switch n := len(valid); n {
	case 1:
		e.use(p, valid[0], why, at)
	case 0:
		e.block(CodeTariffNone, pointer, fmt.Sprintf("none of %d tariffs at hand is valid at %s", len(e.atHand), stamp(at)))
	default:
		e.block(CodeTariffAmbiguous, pointer, fmt.Sprintf("%d tariffs at hand are valid at %s and the periods name none", n, stamp(at)))
	}
}

// validity is −1 before a tariff's window, 1 after it, else 0.
func (e *engine) validity(t *ocpi.Tariff, at time.Time) int {
	switch {
	case !t.StartDateTime.IsZero() && at.Before(t.StartDateTime):
		return -1
	case t.EndDateTime.IsZero() || at.Before(t.EndDateTime):
		return 0
	case at.Equal(t.EndDateTime) && e.ask(questionTariffWindowEnd) == windowEndInclusive:
		return 0
	}
	return 1
}

// use lets a tariff govern a period; at is when its window is tested.
func (e *engine) use(p *period, h tariffAtHand, why uint8, at time.Time) {
	p.why = why
	p.tariff = e.tariffIndex(h)
	if e.blocked() {
		return
	}
	if when := e.validity(h.t, at); when != 0 && !e.tariffs[p.tariff].expiryNoted {
		e.tariffs[p.tariff].expiryNoted = true
		e.tariffExpired(h, when, at)
	}
}

// tariffExpired reports a tariff used outside its window.
func (e *engine) tariffExpired(h tariffAtHand, when int, at time.Time) {
	pointer, words, bound := "", "ended at", h.t.EndDateTime
	side := int32(1)
	if when < 0 {
		words, bound, side = "begins at", h.t.StartDateTime, 0
	}
	if h.index != supplied {
		pointer = pointerOf(mark{kind: atTariffWindow, a: h.index, b: side})
	}
	e.finding(CodeTariffExpired, ocpi.SeverityError, pointer,
		fmt.Sprintf("tariff %q %s %s and is used at %s", h.t.ID, words, stamp(bound), stamp(at)))
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// tariffIndex finds or compiles a tariff that governs, and checks its currency.
func (e *engine) tariffIndex(h tariffAtHand) int32 {
	for i := range e.tariffs {
		if e.tariffs[i].t == h.t && e.tariffs[i].at.at.a == h.index {
			return int32(i)
		}
	}
	n := len(e.tariffs)
	if n < cap(e.tariffs) {
		e.tariffs = e.tariffs[:n+1]
	} else {
		e.tariffs = append(e.tariffs, compiled{})
	}
	at := leaf{doc: DocCDR, at: mark{a: h.index}}
	if h.index == supplied {
		at.doc, at.tariff = DocTariff, int16(n)
	}
	e.tariffs[n].compile(h.t, e.cdr.Version, at, e.shapeOf(h.t))
	e.res.Tariffs = append(e.res.Tariffs, h.t)
	if h.t.Currency != "" && e.cdr.Currency != "" && h.t.Currency != e.cdr.Currency {
		e.block(CodeCurrencyMismatch, "/currency",
			fmt.Sprintf("the CDR is in %s, its tariff %q in %s, wanted one currency", e.cdr.Currency, h.t.ID, h.t.Currency))
	}
	return int32(n)
}

// noteTariffs says which tariff governs, once for each run of periods with the same reason.
func (e *engine) noteTariffs() {
	for i := 0; i < len(e.periods); {
		j := i + 1
		for j < len(e.periods) && e.periods[j].tariff == e.periods[i].tariff && e.periods[j].why == e.periods[i].why {
			j++
		}
		p := &e.periods[i]
		from := leaf{doc: DocCDR, at: mark{kind: atPeriod, a: int32(p.src.Index)}}
		if p.tariff != noTariff {
			from = e.tariffs[p.tariff].leafAt(atTariff, 0, 0)
		}
		e.s.note(RuleTariffChosen, from, mark{kind: p.why, a: int32(p.src.Index), b: int32(e.periods[j-1].src.Index)}, 0, 0)
		i = j
	}
}
