package tariff

import (
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// Source says which tariffs price a CDR.
type Source uint8

// The sources of tariffs.
const (
	FromCDR Source = iota // embedded tariffs govern; supplied ones serve CDRs that embed none
	Given                 // supplied tariffs govern; embedded ones are not consulted
)

// Zone is the time zone in which local-time restrictions are read.
type Zone struct {
	Name     string // IANA; "" where none was found
	Source   string // location, cdr, country, flag, none
	Location *time.Location
}

// Input is what Price needs. The zero value of everything but CDR is useful.
type Input struct {
	CDR      *ocpi.CDR
	Supplied []*ocpi.Tariff
	Source   Source
	Zone     Zone   // as resolved by ResolveZone
	Rules    *Rules // nil: RulesFor(CDR.Version)
	// Quantities replaces measured totals, for judging what other evidence supports: a lesser total takes its kWh or time from
	// the dearest period first, a greater one adds to the dearest; steps and limits apply again. nil: as declared.
	Quantities *Quantities
	// Split prices the periods split at every tariff boundary inside them, energy and time interpolated linearly.
	Split bool
	// Extreme prices those periods by the split of their energy that makes the price least or greatest, see Result.Least; it goes
	// before Split. Where there is none, or it is not known, the price is that as declared.
	Extreme Extreme
}

// Quantities are totals that stand in for the declared ones.
type Quantities struct {
	EnergyKWh   ocpi.Number // Σ ENERGY
	TimeSeconds ocpi.Number // Σ TIME + PARKING_TIME, or with Length the session's length
	// Length says that TimeSeconds is the length of the session by other evidence: what it differs from the CDR's own length by is
	// taken from, or added to, the billed time.
	Length   bool
	Doc      Doc       // where the replacement was read
	Pointers [2]string // of energy and time inside that document; "" where the value does not stand there as a number
	// TimeUntil, where not "", makes TimeSeconds the duration from the instant at Pointers[1] to the instant here.
	TimeUntil string
}

// Money is a computed amount. AfterTaxes is absent where tax cannot be known; BeforeTaxes is absent only where a 2.3.0 price is
// gross and no rate is known. Refs name the steps of the values, 0 where the amount is a plain zero.
type Money struct {
	BeforeTaxes, AfterTaxes       ocpi.Number
	BeforeTaxesRef, AfterTaxesRef Ref
}

// Totals are the recomputed counterparts of a CDR's claims. A dimension that the tariff never priced has a zero amount.
type Totals struct {
	Cost, FixedCost, EnergyCost, TimeCost, ParkingCost, ReservationCost Money
	EnergyKWh                                                           exact.Decimal
	TimeHours, ParkingTimeHours                                         exact.Decimal // exact to 18 decimals, see PerHour
	// ChargingTimeHours is TimeHours without the time before the first period that is no reservation: whether total_time holds a
	// reservation that precedes is an open question, and a claim may be either.
	ChargingTimeHours exact.Decimal
}

// Result is what Price found. Where Blocked is not nil nothing was computed and Totals must not be read.
type Result struct {
	Totals   Totals
	Sheet    *Sheet
	Tariffs  []*ocpi.Tariff // that governed at least one period, in order of first use
	Supplied bool           // they were supplied, not embedded
	Zone     Zone
	Rules    *Rules         // read only: it may be shared
	Findings []ocpi.Finding // pricing's own: period-spans-boundary, tar-id-unknown, tar-expired, reading, …
	Blocked  *ocpi.Finding  // the finding that makes the CDR unpriceable
	// Boundaries is how many tariff boundaries lie inside unsplit periods and change the active component; Split then is the total
	// if the periods had been split there, and SplitSheet its calculation.
	Boundaries int
	Split      Money
	SplitSheet *Sheet
	// Least and Greatest are the ends of what the session costs over all splits of the energy of those periods: a period says how much
	// flowed between two instants, not when. Times stay in proportion to the clock. Where an end is approached and not reached, a note
	// of its sheet says so. The price as declared need not lie between them. All is as without boundaries where Unbounded says why
	// the ends are not known.
	Least, Greatest           Money
	LeastSheet, GreatestSheet *Sheet
	Unbounded                 string
	// Consulted are the open questions of Rules that a step of this calculation asked, sorted. Read only: results may share it.
	Consulted []string
	consulted questionSet
}

// Price recomputes a CDR. It reads no clock and no file and changes none of its input; block findings of decoding the CDR are the
// caller's to look at first.
func Price(in Input) *Result {
	res := total(in, true)
	taxIncludedReading(in, res)
	return res
}

// total prices a CDR, without readings of its own; splits says whether to look at how it could have been split, too.
func total(in Input, splits bool) *Result {
	if in.Extreme != NoExtreme {
		return priceExtreme(in)
	}
	e := newEngine(in)
	defer e.release()
	if in.Split || e.rules.is(questionMidPeriodChange, changeSplit) {
		return priceSplit(in)
	}
	e.run()
	if e.blocked() || in.Quantities != nil || !splits {
		return e.res
	}
	if cuts := e.boundaries(); len(cuts) > 0 {
		e.splitPrice(cuts)
	}
	return e.res
}

// priceSplit prices a CDR split at its boundaries, which are those of the volumes as declared.
func priceSplit(in Input) *Result {
	declared := in
	declared.Quantities = nil
	d := newEngine(declared)
	defer d.release()
	d.run()
	if d.blocked() {
		return d.res
	}
	e := newEngine(in)
	defer e.release()
	e.cuts = d.boundaries()
	n := len(e.cuts)
	e.run()
	if n > 0 && !e.blocked() {
		e.res.Boundaries, e.res.Split, e.res.SplitSheet = n, e.res.Totals.Cost, e.res.Sheet
	}
	return e.res
}

// Release gives the memory of a result back for reuse. The result, its sheets and all that came from them must not be used again.
// Calling it is never needed.
func (r *Result) Release() {
	if r.SplitSheet != nil && r.SplitSheet != r.Sheet {
		r.SplitSheet.Release()
	}
	for _, s := range [...]*Sheet{r.LeastSheet, r.GreatestSheet, r.Sheet} {
		if s != nil {
			s.Release()
		}
	}
	clear(r.Tariffs)
	*r = Result{Tariffs: r.Tariffs[:0]}
	results.Put(r)
}

// Release gives the memory of a sheet back for reuse, once. The sheet and its steps must not be used again. Calling it is never needed.
func (s *Sheet) Release() {
	if cap(s.steps) <= mostSteps {
		s.reset()
		sheets.Put(s)
	}
}
