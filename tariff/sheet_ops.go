package tariff

import (
	"time"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

// This file holds all arithmetic of the package: a number that is not a leaf is made here, together with the step that says how.

var (
	secondsPerHour = exact.FromInt(3600)
	kwhPerWh       = exact.New(1, 3)
	hundred        = exact.FromInt(100)
)

// sharePlaces is the number of decimals of OpShare.
const sharePlaces = 18

// next appends an empty step. What lies between length and capacity is always empty, see reset.
func (s *Sheet) next() (*Step, Ref) {
	n := len(s.steps)
	if n < cap(s.steps) {
		s.steps = s.steps[:n+1]
	} else {
		s.steps = append(s.steps, Step{})
	}
	return &s.steps[n], Ref(n + 1)
}

// reset empties a sheet for reuse.
func (s *Sheet) reset() {
	clear(s.steps)
	s.steps = s.steps[:0]
}

func (s *Sheet) push(st Step) Ref {
	p, r := s.next()
	*p = st
	return r
}

// apply is what an operation with arguments gives; ok is false where it is not defined.
func apply(op Op, a, b exact.Decimal, places int32, mode exact.Mode) (v exact.Decimal, ok bool) {
	switch op {
	case OpAdd:
		return a.Add(b), true
	case OpSub:
		return a.Sub(b), true
	case OpMul:
		return a.Mul(b), true
	case OpPercentOn:
		return a.Mul(b.Add(hundred)).Shift(-2), true
	case OpNeg:
		return a.Neg(), true
	case OpMin:
		return exact.Min(a, b), true
	case OpMax:
		return exact.Max(a, b), true
	case OpCeilStep:
		if b.Sign() <= 0 {
			return v, false
		}
		return a.CeilMultiple(b), true
	case OpRound:
		return a.Round(places, mode), true
	case OpPerHour:
		return a.DivRound(secondsPerHour, places, mode), true
	case OpNetOfGross:
		if b.Add(hundred).Sign() == 0 {
			return v, false
		}
		return a.Shift(2).DivRound(b.Add(hundred), places, mode), true
	case OpShare:
		if b.Sign() == 0 {
			return v, false
		}
		return a.DivRound(b, places, mode).Trim(), true
	default:
		return v, false
	}
}

// op appends an operation on one or two steps.
func (s *Sheet) op(op Op, rule, unit string, a, b Ref) Ref {
	v, ok := apply(op, s.value(a), s.value(b), 0, 0)
	if !ok {
		panic("tariff: " + op.String() + " is not defined on its arguments")
	}
	st, r := s.next()
	st.Op, st.Rule, st.Unit, st.Args, st.Value = op, rule, unit, [2]Ref{a, b}, v
	return r
}

// divide appends one of the rounding operations, half-even.
func (s *Sheet) divide(op Op, rule, unit string, a, b Ref, places int32) Ref {
	v, ok := apply(op, s.value(a), s.value(b), places, exact.HalfEven)
	if !ok {
		panic("tariff: " + op.String() + " is not defined on its arguments")
	}
	st, r := s.next()
	st.Op, st.Rule, st.Unit, st.Args, st.Value = op, rule, unit, [2]Ref{a, b}, v
	st.Places, st.Mode = places, exact.HalfEven
	return r
}

// add is a + b; no step counts as nothing.
func (s *Sheet) add(rule string, a, b Ref) Ref {
	switch {
	case a == 0:
		return b
	case b == 0:
		return a
	}
	return s.op(OpAdd, rule, s.Step(a).Unit, a, b)
}

func (s *Sheet) sub(rule string, a, b Ref) Ref { return s.op(OpSub, rule, s.Step(a).Unit, a, b) }

func (s *Sheet) mul(rule, unit string, a, b Ref) Ref { return s.op(OpMul, rule, unit, a, b) }

func (s *Sheet) percentOn(rule string, a, rate Ref) Ref {
	return s.op(OpPercentOn, rule, s.Step(a).Unit, a, rate)
}

func (s *Sheet) neg(a Ref) Ref { return s.op(OpNeg, RuleCredit, s.Step(a).Unit, a, 0) }

func (s *Sheet) least(rule string, a, b Ref) Ref { return s.op(OpMin, rule, s.Step(a).Unit, a, b) }

func (s *Sheet) greatest(rule string, a, b Ref) Ref { return s.op(OpMax, rule, s.Step(a).Unit, a, b) }

func (s *Sheet) ceilStep(rule string, a, step Ref) Ref {
	return s.op(OpCeilStep, rule, s.Step(a).Unit, a, step)
}

// Divisions keep at least leastPlaces decimals, and morePlaces more than any addend needs, so that later roundings come out right.
const (
	leastPlaces = 18
	morePlaces  = 10
	enoughScale = leastPlaces - morePlaces
)

// perHour is a ÷ 3600.
func (s *Sheet) perHour(unit string, a Ref, scale int32) Ref {
	return s.divide(OpPerHour, RulePerHour, unit, a, 0, divisionPlaces(scale))
}

func (s *Sheet) netOfGross(rule string, a, rate Ref, scale int32) Ref {
	return s.divide(OpNetOfGross, rule, s.Step(a).Unit, a, rate, divisionPlaces(scale))
}

// scaleOf is the number of decimals that a number needs: the zeros that it was sent with must not tell in a division. Below
// enoughScale nobody asks whether the last ones are zeros, since the division keeps the same decimals either way.
func scaleOf(v exact.Decimal) int32 {
	if v.Scale() <= enoughScale {
		return v.Scale()
	}
	return v.Trim().Scale()
}

func divisionPlaces(scale int32) int32 { return max(leastPlaces, morePlaces+scale) }

// share is a ÷ b, of interpolation.
func (s *Sheet) share(rule, unit string, a, b Ref) Ref {
	return s.divide(OpShare, rule, unit, a, b, sharePlaces)
}

// leaf says where an input stands.
type leaf struct {
	doc    Doc
	tariff int16
	at     mark
}

func (s *Sheet) input(rule, unit string, from leaf, v exact.Decimal) Ref {
	st, r := s.next()
	st.Op, st.Rule, st.Unit, st.Value = OpInput, rule, unit, v
	st.Doc, st.Tariff, st.src.at = from.doc, from.tariff, from.at
	return r
}

func (s *Sheet) constant(rule, unit string, v exact.Decimal) Ref {
	return s.push(Step{Op: OpConst, Rule: rule, Unit: unit, Value: v})
}

// offset is a constant of seconds, where a boundary lies inside a period.
func (s *Sheet) offset(from leaf, from0, to time.Time) Ref {
	return s.push(Step{Op: OpConst, Rule: RuleSplitOffset, Unit: "s", Doc: from.doc, Tariff: from.tariff, Value: secondsBetween(from0, to),
		src: source{at: from.at, aux: mark{kind: noteBoundary}}})
}

// seconds is the duration between two instants of the CDR.
func (s *Sheet) seconds(rule string, a, b time.Time, at, to mark) Ref {
	return s.push(Step{Op: OpSeconds, Rule: rule, Unit: "s", Doc: DocCDR, Value: secondsBetween(a, b), src: source{at: at, aux: to}})
}

// note appends a decision about up to two steps.
func (s *Sheet) note(rule string, from leaf, what mark, a, b Ref) Ref {
	st, r := s.next()
	st.Op, st.Rule, st.Args = OpNote, rule, [2]Ref{a, b}
	st.Doc, st.Tariff, st.src.at, st.src.aux = from.doc, from.tariff, from.at, what
	return r
}

// say appends a decision in free words.
func (s *Sheet) say(rule string, doc Doc, text string) Ref {
	return s.push(Step{Op: OpNote, Rule: rule, Doc: doc, src: source{words: &words{note: text}}})
}

// secondsBetween is b − a in seconds, exactly, however far apart.
func secondsBetween(a, b time.Time) exact.Decimal {
	whole := exact.FromInt(b.Unix() - a.Unix())
	nanos := b.Nanosecond() - a.Nanosecond()
	if nanos == 0 {
		return whole
	}
	return whole.Add(exact.New(int64(nanos), 9)).Trim()
}

// snapWindow is half a unit of the last decimal of an hour volume, in seconds: 0.18 s for four decimals.
func snapWindow(decimals int32) exact.Decimal { return exact.New(18, 1).Shift(3 - decimals) }

// withinSnap reports whether a stated duration and a period's length differ by no more than the window.
func withinSnap(stated, length exact.Decimal, decimals int32) bool {
	return !snapWindow(decimals).Less(stated.Sub(length).Abs())
}

// asDuration turns seconds into a duration, to the nanosecond; ok is false where it is out of reach.
func asDuration(v exact.Decimal) (time.Duration, bool) {
	const reach = 100 * 366 * 24 * 3600 // a century: no session lasts as long
	if v.Sign() < 0 || exact.FromInt(reach).Less(v) {
		return 0, false
	}
	d, err := time.ParseDuration(v.Round(9, exact.Down).Trim().String() + "s")
	return d, err == nil
}

// hoursAsSeconds is h × 3600, for leaves of documents that state hours.
func hoursAsSeconds(h exact.Decimal) exact.Decimal { return h.Mul(secondsPerHour) }

// refuted reports a rate of −100 %, from which no amount before taxes follows.
func refuted(rate exact.Decimal) bool { return rate.Add(hundred).Sign() == 0 }
