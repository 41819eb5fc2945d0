package report

import "github.com/nexacollect/reconcile/ocpi"

// action says what each side can do about a reason.
type action struct{ creditor, debtor string }

// actions are for the reasons of the table of situations; other codes fall back to anyAction.
var actions = map[ocpi.Code]action{
	"line-exceeds-cdr":     {"Credit the excess.", "Pay the proven part; nothing else is asked."},
	"invoiced-twice":       {"Credit the later line.", "Check that only the first of the two lines is paid."},
	"dup-content":          {"Credit the later record.", "Check that the session was paid once."},
	"tar-not-agreed":       {"Credit the excess over the agreed price.", "Pay at the agreed price."},
	"cost-total-mismatch":  {"Credit the excess and correct the total in the record.", "Pay what the periods add up to."},
	"sig-energy-mismatch":  {"Credit the energy above the signed reading.", "Check the signed reading with the transparency software."},
	"credit-not-applied":   {"Put the credit on the next invoice.", "Deduct the credit that was already issued."},
	"credit-chain":         {"State which records the credit replaces.", "Name the credit on which the deduction rests."},
	"invoiced-unknown-cdr": {"Supply the charging record.", "Supply the record if it was received; else pay once it is shown."},
	"missing-cdr":          {"Supply the charging record; a session alone prices nothing.", "Say whether the record was received."},
	"ambiguous-match":      {"State which record the line bills: a record id on the invoice settles it.", "Name the record you hold for this line."},
	"session-id-conflict":  {"Correct the session id on the line, or supply the record of that session.", "Say which session you dispute."},
	"session-id-mismatch":  {"Correct the id on the line; the amount does not depend on it.", "Nothing: the record is found by its own id."},
	"en-session-mismatch":  {"Supply the signed meter reading.", "Supply your own reading, or accept the lower quantity as a minimum."},
	"dur-session-mismatch": {"Supply the station's start and stop log.", "Supply your own times, or accept the shorter time as a minimum."},
	"en-period-sum":        {"Supply the meter readings of the periods.", "Supply your own reading."},
	"dup-id":               {"State which of the two versions is valid and why.", "State which version was received, and when."},
	"cdr-without-session":  {"Supply the session record or the station's log.", "Say what your own record of the session shows."},
	"session-invalid":      {"Explain why the session was set invalid, or credit the line.", "Nothing until it is explained."},
	"cost-rounding":        {"Show the rounding that was agreed.", "Say which rounding you apply; the difference is cents."},
	"period-spans-boundary": {"Supply the readings at the change of price.",
		"Accept the lower price as a minimum, or supply your own readings."},
	"reading": {"Show which reading the parties agreed.", "Say which reading you apply; the lower result is owed under each."},
	"tar-differs-from-published": {"Show that the price in the record was announced before the session.",
		"Show the price you were given; the lower one is owed in any case."},
	"tariff-agreement-not-supplied": {"Supply the agreed price list.", "Supply the agreed price list if another one was agreed."},
	"cur-mismatch":                  {"Issue the line again in the currency of the record.", "Nothing until it is issued again."},
	"tax-mismatch":                  {"Correct the tax on the invoice.", "Pay the net part; have the tax corrected."},
	"tax-unverified":                {"State the tax rate that applies.", "Say which tax rate you expect."},
	"two-cdrs-one-session":          {"State why one session has two records.", "Say which of the two you received first."},
	"en-exceeds-connector":          {"Supply the signed meter reading: the station cannot deliver as much in that time.", "Nothing until it is explained."},
	"ts-zero-duration":              {"Supply the true times of the session.", "Nothing until they are supplied."},
	"en-wh-as-kwh":                  {"Correct the energy: it seems to be in Wh.", "Nothing until it is corrected."},
	"home-charging":                 {"Settle it by the agreement on home charging.", "Settle it by the agreement on home charging."},
	"claim-not-supported":           {"Ask for the debtor's own record.", "Supply your own record of the session, or withdraw the dispute."},
	"underbilled":                   {"May be invoiced separately; it is not claimed here.", "Nothing."},
	"dup-invoice-line":              {"Say which of the two lines is meant.", "Say which of the two lines you booked."},
	"tar-none":                      {"Supply the price list that applied.", "Supply the price list if you hold it."},
	"tar-ambiguous":                 {"State which price list applied.", "State which price list you were given."},
}

var anyAction = action{"Supply the record that settles it, or credit the amount.", "Say what your own record shows."}

func actionFor(code ocpi.Code) action {
	if a, ok := actions[code]; ok {
		return a
	}
	return anyAction
}
