package tariff

import (
	"fmt"

	"github.com/nexacollect/reconcile/ocpi"
)

// Kinds of note: what a decision says. a, b and c are the numbers named with each; periods and elements are counted from 1
// in the words.
const (
	noteNone              uint8 = iota
	noteBoundary                // a boundary inside a period
	noteTariffOnly              // a, b periods from and to
	noteTariffByID              // likewise
	noteTariffAtStart           // likewise
	noteTariffAtPeriod          // likewise
	noteTariffGiven             // likewise
	noteTariffUnknownID         // likewise
	noteTariffIgnoredID         // likewise
	noteUnpriced                // likewise
	noteElement                 // a slot, b, c periods
	noteNoElement               // likewise
	noteFailed                  // a period, b last element of the run, c local seconds of the day or −1
	noteUnknownHolds            // a period, b dimension
	noteUnknownFails            // likewise
	noteSnapped                 // a period
	noteStepRounded             // a slot, b period whose price the surplus has
	noteStepNegative            // a slot
	noteStepParkingOnly         // –
	noteFlatFirst               // a period, b reservation
	noteFlatAgain               // a period
	noteLimitHit                // a 0 min 1 max, b 0 before 1 after taxes
	noteLimitOpen               // likewise: the other side of the limit is not stated
	noteExpired                 // a 1 the connector is #NA too
	noteReserved                // –
	noteCredit                  // –
	noteCreditNegated           // –
	noteNoVAT                   // –
	noteTaxUnknown              // –
	noteTaxFromCDR              // –
	noteNetUnknown              // –
	noteTaxNotApplicable        // –
	notePriceIsGross            // –
	noteTaxIncludedAbsent       // a 1 read as YES
	noteFallbackTime            // a period
	noteWallClock               // a period
	noteTakenFrom               // a slot, b period
	noteAddedTo                 // likewise
	noteNoRoom                  // a 0 energy 1 time
	noteOrigin                  // –
	noteQuestion                // a question, b choice
	notePeriodOrder             // –
	notePart                    // a period, b part from 0, c its limits, a bit each, see limitWords
)

var slotWords = [slotCount]string{
	slotEnergy: "ENERGY", slotTime: "TIME", slotParking: "PARKING_TIME", slotReserved: "RESERVATION_TIME", slotFlat: "FLAT",
	slotReservedFlat: "reservation FLAT", slotExpiredFlat: "expired reservation FLAT",
}

// periods words a run of periods.
func periods(from, to int32) string {
	if from == to {
		return fmt.Sprintf("period %d", from+1)
	}
	return fmt.Sprintf("periods %d to %d", from+1, to+1)
}

// noteOf words a decision.
func noteOf(at, what mark) string {
	switch what.kind {
	case noteTariffOnly, noteTariffByID, noteTariffAtStart, noteTariffAtPeriod, noteTariffGiven, noteTariffUnknownID,
		noteTariffIgnoredID, noteUnpriced:
		return periods(what.a, what.b) + ": " + tariffWords[what.kind]
	case noteElement:
		return fmt.Sprintf("%s: %s is priced by element %d, the first that has it and applies", periods(what.b, what.c), slotWords[what.a], at.b+1)
	case noteNoElement:
		return fmt.Sprintf("%s: no element prices %s, so it costs nothing", periods(what.b, what.c), slotWords[what.a])
	case noteFailed:
		return failedWords(at, what)
	case noteUnknownHolds:
		return fmt.Sprintf("period %d: element %d depends on %s, which the period does not settle; read as holding", what.a+1, at.b+1, restrictionMembers[at.c])
	case noteUnknownFails:
		return fmt.Sprintf("period %d: element %d depends on %s, which the period does not settle; read as not holding", what.a+1, at.b+1, restrictionMembers[at.c])
	case noteStepRounded:
		return fmt.Sprintf("%s is billed in steps: the total is brought to whole steps, the surplus at the price of period %d", slotWords[what.a], what.b+1)
	case noteStepNegative:
		return slotWords[what.a] + " is negative in total: step sizes say nothing of that, nothing is rounded"
	case noteQuestion:
		q := &register[what.a]
		return q.name + " is read as " + q.choices[what.b].Name
	}
	return noteOfPeriod(what)
}

var tariffWords = map[uint8]string{
	noteTariffOnly:      "no tariff_id; the only tariff at hand governs",
	noteTariffByID:      "the tariff that its tariff_id names governs",
	noteTariffAtStart:   "no tariff_id; the tariff valid at the start of the session governs",
	noteTariffAtPeriod:  "no tariff_id; the tariff valid at the start of the period governs",
	noteTariffGiven:     "the single given tariff prices every period",
	noteTariffUnknownID: "no tariff at hand carries its tariff_id; the only one at hand governs",
	noteTariffIgnoredID: "its tariff_id is not looked at; the tariff valid at the start of the session governs",
	noteUnpriced:        "no tariff_id where other periods carry one: no tariff is relevant, nothing is priced",
}

// noteOfPeriod words the decisions that concern one period, or the whole session.
func noteOfPeriod(what mark) string {
	switch what.kind {
	case noteSnapped:
		return fmt.Sprintf("period %d: the stated hours are the period's length, cut to the decimals sent; the length counts", what.a+1)
	case noteFlatFirst:
		return fmt.Sprintf("period %d: the first active FLAT of %s, charged once", what.a+1, [...]string{"the session", "the reservation"}[what.b])
	case noteFlatAgain:
		return fmt.Sprintf("period %d: a FLAT that is charged under the reading chosen", what.a+1)
	case noteLimitHit:
		return fmt.Sprintf("%s %s holds: the total is set to it", [...]string{"min_price", "max_price"}[what.a], [...]string{"before taxes", "after taxes"}[what.b])
	case noteFallbackTime:
		return fmt.Sprintf("period %d states no time: its length is taken as TIME", what.a+1)
	case noteWallClock:
		return fmt.Sprintf("period %d: its length is taken as TIME", what.a+1)
	case noteTakenFrom:
		return fmt.Sprintf("%s of period %d is the dearest left: the lower quantity takes from it first", slotWords[what.a], what.b+1)
	case noteAddedTo:
		return fmt.Sprintf("%s of period %d is the dearest: the greater quantity adds to it", slotWords[what.a], what.b+1)
	case noteTaxIncludedAbsent:
		return "tax_included is missing: prices are read as " + [...]string{"before taxes", "including taxes"}[what.a]
	case notePart:
		return partWords(what)
	case noteExpired:
		return plainNotes[noteExpired] + [...]string{"", ", the connector is #NA"}[what.a]
	}
	return plainNotes[what.kind]
}

// limitWords are the limits of a part of a split.
var limitWords = [...]string{
	"; it has energy, as little as one likes", "; it has time, as little as one likes", "; the energy before it is as little below the bound as one likes",
	"; its energy takes as little time as one likes",
}

// partWords words a part of a split, with the limits that its price approaches.
func partWords(what mark) string {
	text := fmt.Sprintf("period %d split, part %d: its energy and its time", what.a+1, what.b+1)
	for i, words := range limitWords {
		if what.c&(1<<i) != 0 {
			text += words
		}
	}
	return text
}

// plainNotes are the decisions that need no numbers.
var plainNotes = map[uint8]string{
	noteBoundary:         "a boundary of the tariff inside the period, in seconds from the period's start",
	noteStepParkingOnly:  "TIME and PARKING_TIME are both priced: only the parking total is rounded to its steps",
	noteLimitOpen:        "the limit states no amount after taxes; the total after taxes is no longer known",
	noteExpired:          "no period shows charging: the reservation expired",
	noteReserved:         "charging followed the reservation: RESERVATION_EXPIRES elements do not apply",
	noteCredit:           "a credit CDR: the total cost is the negative of what the session costs",
	noteCreditNegated:    "a credit CDR with negative volumes: priced as the original was, then negated",
	noteNoVAT:            "no VAT is stated: none applies, the amount after taxes is the amount before",
	noteTaxUnknown:       "no tax rate is stated: the amount after taxes is not known",
	noteTaxFromCDR:       "the tariff states no rate: the percentages listed in the CDR's taxes are used",
	noteNetUnknown:       "the price includes taxes and no rate is stated: the amount before taxes is not known",
	noteTaxNotApplicable: "tax_included is N/A: no tax applies",
	notePriceIsGross:     "tax_included is YES: prices are amounts after taxes",
	noteNoRoom:           "no priced period is left to take from or add to",
	notePeriodOrder:      "the periods are not in order of time; they are sorted by start, equal starts as sent",
}

// failedWords words an element that does not apply, or a run of them that fails for the same reason.
func failedWords(at, what mark) string {
	elements := fmt.Sprintf("element %d does", at.b+1)
	if what.b != at.b {
		elements = fmt.Sprintf("elements %d to %d do", at.b+1, what.b+1)
	}
	text := fmt.Sprintf("period %d: %s not apply: %s", what.a+1, elements, restrictionMembers[at.c])
	if what.c >= 0 {
		text += fmt.Sprintf(" (local time %02d:%02d:%02d)", what.c/3600, what.c/60%60, what.c%60)
	}
	return text
}

// slot is a thing a tariff prices in one of its two contexts, the reservation and the session.
type slot = int32

// The slots.
const (
	slotEnergy slot = iota
	slotTime
	slotParking
	slotReserved
	slotFlat
	slotReservedFlat
	slotExpiredFlat // FLAT of RESERVATION_EXPIRES beside that of RESERVATION, under one reading
	slotCount
)

// dimensionOf is the price component that prices a slot.
var dimensionOf = [slotCount]ocpi.Dimension{
	slotEnergy: ocpi.Energy, slotTime: ocpi.Time, slotParking: ocpi.ParkingTime, slotReserved: ocpi.Time,
	slotFlat: ocpi.Flat, slotReservedFlat: ocpi.Flat, slotExpiredFlat: ocpi.Flat,
}
