package reconcile

import (
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// ChainState is what a chain of credits comes to.
type ChainState string

// The states of a chain; docs/credits.md shows how one leads to another.
const (
	ChainBilled     ChainState = "billed"                // one CDR claims money; credits, if any, take nothing
	ChainCredited   ChainState = "credited"              // taken back in full
	ChainInPart     ChainState = "credited-in-part"      // OCPI knows no such credit
	ChainTwice      ChainState = "credited-twice"        // credited in full, and again
	ChainRebilled   ChainState = "re-billed"             // credited in full, and another CDR of the session claims money
	ChainRebillPart ChainState = "re-billed-beside-part" // likewise, but a part of the original was left
	ChainBilledMore ChainState = "billed-twice"          // two CDRs of one session claim money
	ChainOrphan     ChainState = "orphan"                // nothing but credits of what is not there
)

// ChainStep is what one CDR does to its chain. Steps from StepNoReference on are refused: they take nothing.
type ChainStep string

// The steps.
const (
	StepBill          ChainStep = "bill"
	StepRebill        ChainStep = "re-bill"    // of a session whose CDRs were credited before
	StepBillAgain     ChainStep = "bill-again" // of a session of which another CDR claimed money then
	StepCredit        ChainStep = "credit"     // takes back all, or what was left
	StepCreditPart    ChainStep = "credit-in-part"
	StepCreditAgain   ChainStep = "credit-again" // of what was taken back in full before
	StepNoReference   ChainStep = "credit-without-reference"
	StepItself        ChainStep = "credit-of-itself"
	StepUnknown       ChainStep = "credit-of-unknown"
	StepSeveral       ChainStep = "credit-of-several" // the id is that of more than one CDR
	StepOtherOwner    ChainStep = "credit-of-other-owner"
	StepOfCredit      ChainStep = "credit-of-credit"
	StepCircle        ChainStep = "credit-in-circle" // credits that refer to one another
	StepOtherCurrency ChainStep = "credit-in-other-currency"
)

// bills reports a step that claims money, credits one that takes money back.
func (s ChainStep) bills() bool   { return s == StepBill || s == StepRebill || s == StepBillAgain }
func (s ChainStep) credits() bool { return s == StepCredit || s == StepCreditPart }

// Known reports a step that there is.
func (s ChainStep) Known() bool {
	return s.bills() || s.credits() || slices.Contains([]ChainStep{
		StepCreditAgain, StepNoReference, StepItself, StepUnknown, StepSeveral, StepOtherOwner, StepOfCredit, StepCircle, StepOtherCurrency,
	}, s)
}

// Chain is a CDR with all CDRs that credit it or bill its session again (OCPI 2.2.1 mod_cdrs, Credit CDRs), as they themselves state.
type Chain struct {
	State    ChainState
	Currency string     // of what is billed
	CDRs     []ChainCDR // in the order in which they were issued, a credit never before what it credits
	Net      Volumes    // the sum of what the CDRs add
}

// ChainCDR is one CDR of a chain.
type ChainCDR struct {
	CountryCode, PartyID, ID string
	Credits                  string // the id that it refers to, "" for none
	Step                     ChainStep
	Adds                     Volumes // to the chain; nothing where the step is refused

	cdr *ocpi.CDR
	of  int // the place in the chain of what it credits, -1 for none
}

// Volumes are what CDRs state that they bill. An absent number is not known.
type Volumes struct {
	KWh, Hours ocpi.Number
	Cost       Money
}

// add sums two volumes; what one of them does not know is not known.
func (v Volumes) add(o Volumes) Volumes {
	sum := func(a, b ocpi.Number) ocpi.Number {
		if !a.Present || !b.Present {
			return ocpi.Number{}
		}
		return Known(a.Value.Add(b.Value))
	}
	return Volumes{
		KWh: sum(v.KWh, o.KWh), Hours: sum(v.Hours, o.Hours),
		Cost: Money{sum(v.Cost.BeforeTaxes, o.Cost.BeforeTaxes), sum(v.Cost.AfterTaxes, o.Cost.AfterTaxes)},
	}
}

// none is nothing, known as such.
func none() Volumes {
	zero := Known(exact.Decimal{})
	return Volumes{zero, zero, Money{zero, zero}}
}

// Sum is what the steps come to.
func (c *Chain) Sum() Volumes {
	out := none()
	for i := range c.CDRs {
		out = out.add(c.CDRs[i].Adds)
	}
	return out
}

// Fold is the state that the steps lead to. It looks at steps, ids and references alone.
func (c *Chain) Fold() ChainState {
	bills, full, again, twice := 0, 0, false, false
	parts := map[string]bool{} // by reference: credited in part and no more
	for i := range c.CDRs {
		m := &c.CDRs[i]
		switch key := foldID(m.CountryCode) + "/" + foldID(m.PartyID) + "/" + foldID(m.Credits); m.Step {
		case StepBill, StepRebill, StepBillAgain:
			bills++
			twice = twice || m.Step == StepBillAgain
		case StepCredit:
			full++
			delete(parts, key)
		case StepCreditPart:
			parts[key] = true
		case StepCreditAgain:
			again = true
		}
	}
	live := bills - full - len(parts)
	switch {
	case bills == 0:
		return ChainOrphan
	case again:
		return ChainTwice
	case live > 1 && twice:
		return ChainBilledMore
	case len(parts) > 0 && live > 0:
		return ChainRebillPart
	case len(parts) > 0:
		return ChainInPart
	case live == 0:
		return ChainCredited
	case full > 0:
		return ChainRebilled
	}
	return ChainBilled
}

// ChainOf is the chain that CDRs make, in whatever order they are given; of several bodies of one CDR the first issued counts. The
// tolerance says how near a credit must come to what it credits.
func ChainOf(cdrs []*ocpi.CDR, tolerance Tolerance) *Chain {
	c := link(cdrs)
	c.walk(tolerance)
	if c.Currency == "" && len(c.CDRs) > 0 {
		c.Currency = c.CDRs[0].cdr.Currency
	}
	c.Net, c.State = c.Sum(), c.Fold()
	return c
}

// walk gives each CDR its step and says what it adds.
func (c *Chain) walk(tolerance Tolerance) {
	left := make([]Volumes, len(c.CDRs)) // of each CDR that bills: what is not taken back
	gone := make([]bool, len(c.CDRs))    // taken back in full
	touched := make([]bool, len(c.CDRs)) // taken back in full or in part
	bySession := map[string][]int{}      // CDRs that bill
	for i := range c.CDRs {
		m := &c.CDRs[i]
		if m.cdr.IsCredit() {
			c.credit(i, left, gone, touched, tolerance)
			continue
		}
		session := foldID(m.cdr.SessionID)
		m.Step = c.billing(m, bySession[session], touched)
		if named(m.cdr.SessionID) {
			bySession[session] = append(bySession[session], i)
		}
		m.Adds = c.stated(m.cdr)
		left[i] = m.Adds
	}
}

// maxSiblings bounds how many CDRs of one session are looked at for each further one.
const maxSiblings = 64

// billing tells a first bill from a further one of the session. CDRs that do not overlap may share a session between them.
func (c *Chain) billing(m *ChainCDR, before []int, touched []bool) ChainStep {
	step := StepBill
	for _, i := range before[:min(len(before), maxSiblings)] {
		o := &c.CDRs[i]
		if !partly(o.CountryCode, o.PartyID, m.CountryCode, m.PartyID) {
			continue
		}
		switch {
		case touched[i]:
			step = StepRebill
		case o.cdr.StartDateTime.Before(m.cdr.EndDateTime) && m.cdr.StartDateTime.Before(o.cdr.EndDateTime):
			return StepBillAgain
		}
	}
	if step == StepBill && m.of >= 0 && c.CDRs[m.of].Step != "" { // it refers to a CDR before it, and says that it is no credit
		step = StepBillAgain
		if touched[m.of] {
			step = StepRebill
		}
	}
	return step
}

// stated is what a CDR that bills adds. Money in another currency than the chain's is not added up.
func (c *Chain) stated(d *ocpi.CDR) Volumes {
	out := Volumes{KWh: d.TotalEnergy, Hours: d.TotalTime}
	if c.Currency == "" {
		c.Currency = d.Currency
	}
	if d.Currency == c.Currency {
		out.Cost = claimedCost(d)
	}
	return out
}

// credit is what a credit takes back: all that is left of what it credits, where it comes to that or states no amount; else what it
// states. A credit that repeats the volumes of its original and takes a part of the money takes none of the volumes.
func (c *Chain) credit(at int, left []Volumes, gone, touched []bool, tolerance Tolerance) {
	m := &c.CDRs[at]
	m.Adds = none()
	switch {
	case m.Step != "":
		return // refused
	case gone[m.of]:
		m.Step = StepCreditAgain
		return
	}
	original := c.CDRs[m.of].cdr
	rest, stated := left[m.of], claimedCost(m.cdr)
	touched[m.of] = true
	if taken := stated.BeforeTaxes.Value.Abs(); !stated.BeforeTaxes.Present || !rest.Cost.BeforeTaxes.Present ||
		!taken.Add(tolerance.amount(m.cdr.Currency, taken)).Less(rest.Cost.BeforeTaxes.Value) {
		m.Step, gone[m.of], m.Adds = StepCredit, true, rest.negated()
		left[m.of] = none()
		return
	}
	m.Step = StepCreditPart
	m.Adds = Volumes{
		KWh: takenOf(m.cdr.TotalEnergy, original.TotalEnergy), Hours: takenOf(m.cdr.TotalTime, original.TotalTime),
		Cost: Money{Known(stated.BeforeTaxes.Value.Abs().Neg()), stated.AfterTaxes},
	}
	if stated.AfterTaxes.Present {
		m.Adds.Cost.AfterTaxes = Known(stated.AfterTaxes.Value.Abs().Neg())
	}
	left[m.of] = rest.add(m.Adds)
}

// takenOf is the volume that a credit in part takes: its own where it is less than the original's, else none.
func takenOf(credit, original ocpi.Number) ocpi.Number {
	if !credit.Present || !original.Present || !credit.Value.Abs().Less(original.Value.Abs()) {
		return Known(exact.Decimal{})
	}
	if original.Value.Sign() < 0 {
		return Known(credit.Value.Abs())
	}
	return Known(credit.Value.Abs().Neg())
}

func (v Volumes) negated() Volumes {
	return Volumes{negated(v.KWh), negated(v.Hours), v.Cost.negated()}
}
