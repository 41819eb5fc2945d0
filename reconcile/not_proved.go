package reconcile

import (
	"fmt"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
)

// NotProved says in sentences what a run does not prove, whatever its totals say. A reader who relies on the result must know.
// found counts the findings of the run by code.
func NotProved(s *Summary, a *Agreement, found map[ocpi.Code]int) []string {
	out := []string{
		meterNotProved(found[codeSigVerified], a),
		tariffNotProved(a),
		"That nothing was left out before the files were handed over: the run accounts for every record it read, not for those it never saw.",
		independenceNotProved(a),
		"That the files given as invoices are the invoices as issued: lines were read from them alone.",
	}
	if !a.Corroboration {
		out = append(out, "That disputed quantities have a second record: the case asks for none (corroboration: none), so the CDR alone was believed.")
	}
	if copied := theirNouns(s); copied != "" {
		out = append(out, "That the debtor's copy of the "+copied+" is what the debtor received: it was compared as it was given, and decides nothing.")
	}
	if s.Disclosure != "" {
		out = append(out, fmt.Sprintf("What the originals of the records say beyond their copies: all records are redacted copies, at the level %s. "+
			"Each commits to its original; signed meter readings are withheld.", s.Disclosure))
	}
	if n := found[codeAcceptedByDebtor] + found[codeAcceptedLess]; n > 0 {
		out = append(out, fmt.Sprintf("That it was the debtor who accepted: %d lines stand on response sheets, whose sender was not verified.", n))
	}
	if n := s.Records.Rejected(); n > 0 {
		out = append(out, fmt.Sprintf("What %d records say that could not be used; each is listed with its reason.", n))
	}
	return out
}

// theirNouns is what the debtor gave a copy of, "" where it gave none.
func theirNouns(s *Summary) string {
	var nouns []string
	if s.Theirs != nil {
		nouns = append(nouns, "CDRs")
	}
	if s.TheirSessions != nil {
		nouns = append(nouns, "sessions")
	}
	return strings.Join(nouns, " and of the ")
}

func meterNotProved(verified int, a *Agreement) string {
	if verified == 0 {
		return "That the meters measured rightly: no signed meter reading was verified."
	}
	keys := "the keys that came with them; whose keys these are was not"
	if len(a.MeterKeys) > 0 {
		keys = "the keys that the case names for their meters, or where it names none with those that came with them"
	}
	return fmt.Sprintf("That the meters measured rightly: the signed readings of %d CDRs were verified, with %s.", verified, keys)
}

func tariffNotProved(a *Agreement) string {
	if len(a.Agreed) > 0 {
		return "That the tariffs supplied as agreed are those of the contract: they were taken as the case file names them."
	}
	return "That the tariffs were agreed: no agreed tariff was supplied, and each CDR was priced on the tariff that came with it."
}

func independenceNotProved(a *Agreement) string {
	if !a.SessionsGiven {
		return "That sessions took place other than by the word of their CDRs: no session records were supplied."
	}
	return "That CDRs and sessions are independent of each other: both are the creditor's own records."
}
