// Package hypothesis says why a partner's total may differ from the recomputed one.
//
// Where a claimed total is neither the price of a CDR nor a named rounding of it, Explain tries the defects that senders are known to
// have, one at a time, on a copy of the CDR and its tariffs, and returns those that give the claimed total: "the partner billed
// wall-clock time". A hypothesis explains and nothing else: what is owed is the price of the CDR as declared, whatever is found here.
//
// # Two directions
//
// The direction says where the defect lies. [Calculation]: the CDR is right and its total was reckoned wrongly; the copy is given the
// defect. [Data]: the total is right and the CDR's volumes, times or rates carry the defect; the copy is repaired. Some defects look
// the same from both sides (a total a thousand times too small: kilowatt-hours taken for watt-hours, or watt-hours in the CDR and a
// right total). There the CDR decides: volumes or hours that no session can have are a defect of the data, others of the calculation.
// Where nothing in the CDR can decide, as with local time taken for UTC, the direction is [Either].
//
// # The single one
//
// [Best] are the hypotheses that count: where some give every cost that the CDR breaks its total down into, only these. Among them
// [Single] names one only if no other is left but such as do the same to this CDR (Hypothesis.SameAs): ignoring weekdays and ignoring
// all restrictions are one thing where a tariff has no others.
//
// One CDR is often not enough: two defects give the same cent. A [Population] counts over all mismatching CDRs of a counterparty. It
// names the hypothesis that explains all of them, or at least 95 in 100 of them, if there are five or more and no other hypothesis
// explains as many, or where it does not explain all, if no other explains 95 in 100 either. A hypothesis so named settles each CDR
// that it is among the best of; the others keep what they say for themselves.
//
// # Cost
//
// A CDR whose claim is its price is priced once. Else a hypothesis is tried only where the CDR has what it is about (no hours, no confusion
// of hours), and where it moves the total to the side of the claim: that is known where no price and no volume is negative and no element
// depends on the energy so far. A CDR is priced at most [MaxPricings] times in all, the commonest defects first.
//
// # What is not tried
//
// Two defects at once. Registers that a calculation took for volumes, which the CDR does not state. A tax of unknown rate in the prices of
// 2.1.1. Amounts rounded for each period before they were added.
package hypothesis
